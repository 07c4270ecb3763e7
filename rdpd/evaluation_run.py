"""A whole evaluation: from checkpoints and a data set to a folder of tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rdpd.checkpoint import CheckpointError
from rdpd.config import Compiler
from rdpd.device import DeviceError, chosen_device
from rdpd.evaluate import (
    BitDepth,
    EvaluationError,
    Output,
    Scoring,
    device_name,
    evaluate,
    niqe_reference,
)
from rdpd.evaluation_files import (
    check_names,
    picture_numbers,
    write_evaluation,
    write_pictures,
)
from rdpd.evaluation_set import EvaluationSet, open_evaluation_set
from rdpd.lpips import Lpips
from rdpd.methods import BLURRED, EvaluationPrecision, Method, load_method
from rdpd.niqe import SHARPNESS_THRESHOLD, NiqeModel
from rdpd.pictures import DataError

USER_ERRORS = (CheckpointError, DataError, DeviceError, EvaluationError)
"""Whatever a user can have got wrong; each message is one line."""


@dataclass(frozen=True)
class Candidate:
    """A network to evaluate.

    Parameters
    ----------
    path : Path
        Its checkpoint.
    name : str
        Empty: after its architecture.
    single_frames : bool
        Forget the state after each frame, however it was trained.
    """

    path: Path
    name: str = ""
    single_frames: bool = False


@dataclass(frozen=True)
class EvaluationConfig:
    """What is evaluated, on what, and how.

    Parameters
    ----------
    candidates : sequence of Candidate
        In the order of the tables; before them comes the blurred input.
    data : Path
        A dataset version, or the Canon data set.
    split : {"train", "val", "test"}
    places : dict of Path
        See `evaluation_set.open_evaluation_set`.
    bit_depth : {"float", "8", "16"}
        See `evaluate.Scoring`.
    precision : {"float32", "bfloat16"}
    compiler : {"off", "inductor", "aot_eager", "eager"}
        See `methods.load_method`.
    device : {"auto", "cpu", "cuda"}
    niqe_model : Path, optional
        Reference model of NIQE; None fits one to the targets.
    niqe_sharpness : float
        Then `niqe.fit`'s threshold.
    lpips_weights : Path, optional
        Folder with the weights of LPIPS (see `lpips`); None: there is no LPIPS.
    pictures : int
        Frames of which pictures are kept, evenly spread.
    seed : int
        Of the bootstrap.
    """

    candidates: Sequence[Candidate]
    data: Path
    split: str = "test"
    places: Mapping[str, Path] = field(default_factory=dict[str, Path])
    bit_depth: BitDepth = "float"
    precision: EvaluationPrecision = "float32"
    compiler: Compiler = "off"
    device: str = "auto"
    niqe_model: Path | None = None
    niqe_sharpness: float = SHARPNESS_THRESHOLD
    lpips_weights: Path | None = None
    pictures: int = 8
    seed: int = 0


def run_evaluation(
    config: EvaluationConfig,
    folder: Path,
    start: Callable[[int], None],
    advance: Callable[[], None],
) -> dict[str, Any]:
    """Write tables and pictures, and return what belongs into ``results.json``.

    Parameters
    ----------
    config : EvaluationConfig
    folder : Path
        Is there, and empty.
    start, advance : callable
        Are told of how many outputs there will be, and of each one.

    Raises
    ------
    DataError
        For data that cannot be used.
    CheckpointError
        For a network that cannot be.
    DeviceError
        For a device that is not there.
    EvaluationError
        For names that are there twice, and as `evaluate.evaluate`.
    """
    data = open_evaluation_set(config.data, config.split, config.places)
    methods = _methods(config)
    lpips = Lpips(config.lpips_weights) if config.lpips_weights else None
    model, niqe_words = _niqe_model(config, data)
    settings = {
        "dataset": data.dataset.identity.rpartition("/")[0],
        "split": config.split,
        "frames": data.frame_count,
        "bit depth of outputs": config.bit_depth,
        "precision": config.precision,
        "compiler": config.compiler,
        "device": device_name(chosen_device(config.device)),
        "NIQE": niqe_words,
        "LPIPS": "AlexNet" if lpips else "left out: no weights given",
    }
    start(len(methods) * data.frame_count)
    chosen = picture_numbers(data.frame_count, config.pictures)
    seen: Counter[str] = Counter()

    def watch(method: Method, output: Output) -> None:
        if seen[method.name] in chosen:
            write_pictures(folder, method, output)
        seen[method.name] += 1
        advance()

    scoring = Scoring(config.bit_depth, model, lpips)
    scores = evaluate(methods, data, scoring, watch)
    described = [method.described(*data.most_common_size) for method in methods]
    results = write_evaluation(folder, scores, described, settings, config.seed)
    return {**results, "contents": data.dataset.contents}


def _methods(config: EvaluationConfig) -> list[Method]:
    device = chosen_device(config.device)
    networks = [
        load_method(
            one.path,
            one.name,
            device=device,
            precision=config.precision,
            single_frames=one.single_frames,
            compiler=config.compiler,
        )
        for one in config.candidates
    ]
    check_names(method.name for method in networks)
    return [Method(BLURRED), *networks]


def _niqe_model(
    config: EvaluationConfig, data: EvaluationSet
) -> tuple[NiqeModel | None, str]:
    """Return the reference model, and words for where it comes from."""
    if config.niqe_model is not None:
        try:
            model = NiqeModel.load(config.niqe_model)
        except (OSError, ValueError) as error:
            raise DataError(str(error)) from None
        return model, f"model {config.niqe_model.name} of {model.rows} blocks"
    try:
        model = niqe_reference(data, config.niqe_sharpness)
    except EvaluationError as error:
        return None, f"left out: {error}"
    words = f"{model.rows} blocks of the targets, sharpness {config.niqe_sharpness:g}"
    return model, f"model fitted to {words}"
