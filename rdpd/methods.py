"""What is compared: networks from checkpoints, and the blurred input as it is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from rdpd.checkpoint import CheckpointError, load
from rdpd.complexity import complexity
from rdpd.config import Compiler, ModelConfig
from rdpd.keras_weights import load_keras_weights
from rdpd.model import RDPD, DPDNet
from rdpd.words import shortly

BLURRED = "blurred input"
KERAS_SUFFIXES = (".hdf5", ".h5")

EvaluationPrecision = Literal["float32", "bfloat16"]


@dataclass(frozen=True)
class Method:
    """What is evaluated.

    Parameters
    ----------
    name : str
    model : RDPD or DPDNet, optional
        Computes on its own device, in its own precision. None stands for the blurred
        input: the combined view as it is.
    config : ModelConfig, optional
        Of the network.
    single_frames : bool
        Forget the state after each frame.
    details : dict
        What the checkpoint says of its training.
    """

    name: str
    model: RDPD | DPDNet | None = None
    config: ModelConfig | None = None
    single_frames: bool = False
    details: dict[str, Any] = dataclasses.field(default_factory=dict[str, Any])

    def described(self, height: int, width: int) -> dict[str, Any]:
        """Return it as JSON can hold it, with its cost for frames of a size."""
        described: dict[str, Any] = {"name": self.name}
        if self.config is not None:
            cost = complexity(self.config, height, width)
            described |= {
                "model": dataclasses.asdict(self.config),
                "single_frames": self.single_frames,
                "steps": self.details.get("steps"),
                "data": self.details.get("data"),
                "parameters": cost.parameters,
                "macs_per_frame": cost.macs,
                "frame_size": [width, height],
            }
        return described


def load_method(
    path: str | Path,
    name: str = "",
    *,
    device: torch.device | None = None,
    precision: EvaluationPrecision = "float32",
    single_frames: bool = False,
    compiler: Compiler = "off",
) -> Method:
    """Return the network of a checkpoint, ready to be evaluated.

    Parameters
    ----------
    path : str or Path
        A checkpoint, or a weight file of the authors' Keras network (``.hdf5``).
    name : str
        What it is called in tables; empty: after its architecture.
    device : torch.device, optional
        The CPU if it is not given.
    precision : {"float32", "bfloat16"}
        Of weights and computation.
    single_frames : bool
        Forget the state after each frame. So does every network that was trained on
        clips of one frame.
    compiler : {"off", "inductor", "aot_eager", "eager"}
        Backend of `torch.compile`.

    Raises
    ------
    CheckpointError
        If the checkpoint cannot be used.
    """
    path = Path(path)
    if path.suffix in KERAS_SUFFIXES:
        config = ModelConfig(cell="released")
        model, details = load_keras_weights(path), dict[str, Any]()
    else:
        found = load(path)
        config, model, details = found.config, found.model, found.details
    training = details.get("training", {})
    if not isinstance(training, dict):
        raise CheckpointError(
            f"{path}: training is {shortly(training)}; expected an object, how the "
            "network was trained"
        )
    if training.get("clip_frames") == 1:
        single_frames = True
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    model = model.to(device=device, dtype=dtype).eval()
    if device is not None and device.type == "cuda":
        model = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    if compiler != "off":
        model.compile(backend=compiler)  # in place: it stays what it is
    has_memory = config.name == "rdpd" and config.recurrent
    return Method(
        name=name or _usual_name(config, has_memory and single_frames),
        model=model,
        config=config,
        single_frames=single_frames,
        details=details,
    )


def _usual_name(config: ModelConfig, single_frames: bool) -> str:
    """Return what the paper calls a network."""
    if config.name == "dpdnet":
        return "DPDNet"
    return "sRDPD" if single_frames else "RDPD"
