"""What a network and its training are, as values that are saved beside every result."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from rdpd.blocks import Cell
from rdpd.words import shortly

Architecture = Literal["rdpd", "dpdnet"]
Precision = Literal["auto", "float32", "bfloat16"]
Compiler = Literal["off", "inductor", "aot_eager", "eager"]
DEFAULT_WIDTHS = {"rdpd": 32, "dpdnet": 64}
PATCH_MULTIPLE = 16
MOST = 10**9
"""More steps, images or pixels are a slip of the hand."""
MOST_SEED = 2**63 - 1
MOST_CHANNELS = 256
MOST_EDGE_PX = 255


class ConfigError(ValueError):
    """A configuration file that cannot be used; the message names it and says why."""


@dataclass(frozen=True)
class ModelConfig:
    """Which network.

    Parameters
    ----------
    name : {"rdpd", "dpdnet"}
    cell : {"paper", "released"}
        Of the ConvLSTM; DPDNet has none.
    width : int
        Channels of the first block; 0 takes the published 32 (RDPD) or 64 (DPDNet).
    radial : bool
        Of RDPD: the relative radial distance is a seventh input channel.
    recurrent : bool
        Of RDPD: a ConvLSTM between encoder and decoder; without, a second convolution.
    """

    name: Architecture = "rdpd"
    cell: Cell = "paper"
    width: int = 0
    radial: bool = True
    recurrent: bool = True

    def __post_init__(self) -> None:
        for name, known in (("name", Architecture), ("cell", Cell)):
            _check_word(name, getattr(self, name), get_args(known))
        for name in ("radial", "recurrent"):
            _check_truth(name, getattr(self, name))
        _check_whole("width", self.width, 0, MOST_CHANNELS)

    @property
    def channels_of_first_block(self) -> int:
        """The width, published where none is given."""
        return self.width or DEFAULT_WIDTHS[self.name]


@dataclass(frozen=True)
class TrainConfig:
    """How a network is trained; the defaults are the paper's.

    Parameters
    ----------
    model : ModelConfig
    epochs, steps_per_epoch : int
        A step is one mini-batch. The released code takes 350 of real and 350 of
        synthetic data per epoch.
    learning_rate : float
        Of Adam.
    halve_every_epochs : int
        Epochs after which the learning rate is halved, again and again; 0: never.
    image_batch : int
        Real single images per mini-batch and process.
    clip_batch, clip_frames : int
        Synthetic clips per mini-batch and process, and their frames. With one frame
        per clip the network is the paper's single-frame variant.
    patch_px : int
        Side of the square patches, a multiple of 16.
    flip : bool
        Mirror half of the patches; left and right then change places.
    recolour : bool
        Exchange and dim the colour channels of every item (`rdpd.recolour`).
    dropout : float
        Share of zeroed inputs of the ConvLSTM (DPDNet: of the bottleneck).
    lambda_x, lambda_y : float
        Weights of the edge losses.
    edge_sizes : tuple of int
        Sizes of the Sobel kernels, odd.
    clip_gradient_norm : float
        Largest norm of the gradient; 0: any.
    ema_decay : float
        Decay per step of the running mean of the weights that is validated and kept as
        the best network; 0: the weights themselves.
    precision : {"auto", "float32", "bfloat16"}
        Of the computation; weights and optimiser are float32. ``auto``: bfloat16 on a
        GPU, float32 elsewhere.
    compile : {"off", "inductor", "aot_eager", "eager"}
        Backend of `torch.compile` for the training steps. ``inductor`` is for speed, on
        a GPU; the other two are for finding faults.
    validate_every_epochs : int
    seed : int
        Of the first weights, patches, flips and dropout.

    References
    ----------
    Abuolaim et al. (2021), section 5.
    """

    model: ModelConfig = field(default_factory=ModelConfig)
    epochs: int = 140
    steps_per_epoch: int = 700
    learning_rate: float = 5e-5
    halve_every_epochs: int = 40
    image_batch: int = 8
    clip_batch: int = 2
    clip_frames: int = 4
    patch_px: int = 512
    flip: bool = True
    recolour: bool = False
    dropout: float = 0.4
    lambda_x: float = 0.03
    lambda_y: float = 0.02
    edge_sizes: tuple[int, ...] = (3, 7, 11)
    clip_gradient_norm: float = 0.0
    ema_decay: float = 0.0
    precision: Precision = "auto"
    compile: Compiler = "off"
    validate_every_epochs: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        counts = ("epochs", "steps_per_epoch", "image_batch", "clip_batch")
        for name in (*counts, "clip_frames", "validate_every_epochs"):
            _check_whole(name, getattr(self, name), 1)
        _check_whole("halve_every_epochs", self.halve_every_epochs, 0)
        _check_whole("seed", self.seed, 0, MOST_SEED)
        _check_whole("patch_px", self.patch_px, PATCH_MULTIPLE)
        if self.patch_px % PATCH_MULTIPLE:
            raise ValueError(
                f"patch_px {self.patch_px}: expected a multiple of {PATCH_MULTIPLE}"
            )
        for name in ("lambda_x", "lambda_y", "clip_gradient_norm"):
            _check_number(name, getattr(self, name), 0.0, float("inf"))
        for name in ("dropout", "ema_decay"):
            _check_number(name, getattr(self, name), 0.0, 1.0)
        _check_number("learning_rate", self.learning_rate, 0.0, 1.0)
        if not self.learning_rate > 0:
            raise ValueError("learning_rate 0: expected more than 0")
        for name in ("flip", "recolour"):
            _check_truth(name, getattr(self, name))
        _check_word("precision", self.precision, get_args(Precision))
        _check_word("compile", self.compile, get_args(Compiler))
        for size in self.edge_sizes:
            _check_whole("edge_sizes", size, 3, MOST_EDGE_PX)
            if size % 2 == 0:
                raise ValueError(f"edge_sizes {size}: expected odd sizes")
            if size > self.patch_px:
                raise ValueError(
                    f"edge_sizes {size}: expected no more than patch_px, "
                    f"{self.patch_px}"
                )

    @property
    def steps(self) -> int:
        """Steps of the whole training."""
        return self.epochs * self.steps_per_epoch

    def epoch_of(self, step: int) -> int:
        """Return the epoch of a step, both from 0."""
        return step // self.steps_per_epoch

    def learning_rate_of(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0.

        Examples
        --------
        >>> TrainConfig().learning_rate_of(39), TrainConfig().learning_rate_of(80)
        (5e-05, 1.25e-05)
        """
        halvings = epoch // self.halve_every_epochs if self.halve_every_epochs else 0
        return self.learning_rate * 0.5**halvings

    def described(self) -> dict[str, Any]:
        """Return every value as JSON can hold it; `train_config` reads it back."""
        return {**dataclasses.asdict(self), "edge_sizes": list(self.edge_sizes)}


def train_config(described: dict[str, Any]) -> TrainConfig:
    """Return a configuration from its values, the paper's where one is missing.

    Raises
    ------
    ValueError
        For an unknown name or an impossible value.
    """
    values = dict(described)
    model = model_config(values.pop("model", {}))
    _check_names("", values, TrainConfig)
    if "edge_sizes" in values:
        values["edge_sizes"] = _tuple_of(values["edge_sizes"])
    return TrainConfig(model=model, **values)


def model_config(described: Any) -> ModelConfig:
    """Return a network's configuration from its values.

    Raises
    ------
    ValueError
        For an unknown name or an impossible value.
    """
    if not isinstance(described, dict):
        raise ValueError(f"model {shortly(described)}: expected a table [model]")
    _check_names("[model] ", described, ModelConfig)
    return ModelConfig(**described)


def changed_config(config: TrainConfig, changes: str) -> TrainConfig:
    """Return a configuration in which some values are others.

    Parameters
    ----------
    config : TrainConfig
    changes : str
        Lines of TOML, with semicolons between them; a later one counts.

    Raises
    ------
    ConfigError
        For what is not TOML, an unknown name or an impossible value.

    Examples
    --------
    >>> changed_config(TrainConfig(), "clip_frames = 1; model.radial = false").model
    ModelConfig(name='rdpd', cell='paper', width=0, radial=False, recurrent=True)
    """
    values = config.described()
    try:
        for line in changes.split(";"):
            new = tomllib.loads(line)
            model = new.pop("model", {})
            if not isinstance(model, dict):
                raise ValueError(
                    f"model = {shortly(model)}: expected model.NAME = VALUE"
                )
            values = {**values, **new, "model": {**values["model"], **model}}
        return train_config(values)
    except (ValueError, RecursionError) as error:  # TOML's own among them
        raise ConfigError(f"{changes!r}: {error}") from None


def load_config(path: str | Path) -> TrainConfig:
    """Return the configuration of a TOML file: `TrainConfig`'s names, and [model].

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    ConfigError
        If the file is missing, not TOML, or has a name or value that can't be.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            return train_config(tomllib.load(file))
    except OSError as error:
        raise ConfigError(
            f"{path}: {error.strerror}; expected a TOML file such as configs/quick.toml"
        ) from None
    except (ValueError, RecursionError) as error:  # TOML's own among them
        raise ConfigError(f"{path}: {error}") from None


def _check_names(where: str, values: dict[str, Any], kind: type) -> None:
    known = [entry.name for entry in dataclasses.fields(kind) if entry.name != "model"]
    for name in values:
        if name not in known:
            word = name if name.isprintable() else shortly(name)
            raise ValueError(
                f"{where}{word}: unknown; expected some of {', '.join(known)}"
            )


def _check_word(name: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{name} {shortly(value)}: expected one of {', '.join(known)}")


def _check_truth(name: str, value: Any) -> None:
    if not isinstance(value, bool):
        raise ValueError(f"{name} {shortly(value)}: expected true or false")


def _check_whole(name: str, value: Any, lowest: int, highest: int = MOST) -> None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if not is_number or not lowest <= value <= highest:
        limit = f" and <= {highest}" if is_number and value > highest else ""
        raise ValueError(
            f"{name} {shortly(value)}: expected a whole number >= {lowest}{limit}"
        )


def _check_number(name: str, value: Any, low: float, below: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value < below:
        raise ValueError(
            f"{name} {shortly(value)}: expected a number from {low:g} to below "
            f"{below:g}"
        )


def _tuple_of(value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(
            f"edge_sizes {shortly(value)}: expected a list such as [3, 7, 11]"
        )
    return tuple(value)
