"""How near networks come to the sharp target, frame by frame, and in what time."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from rdpd import metrics
from rdpd.blocks import State
from rdpd.evaluation_set import EvaluationSet, Frame, Picture, picture_of
from rdpd.methods import Method
from rdpd.model import RDPD, DPDNet
from rdpd.niqe import NiqeModel, fit, niqe
from rdpd.results import FrameScores

WARM_UP_CALLS = 2
"""Untimed calls before the first frame of each size: buffers, kernels, caches."""

BitDepth = Literal["float", "8", "16"]
Clock = Callable[[], float]
PictureScore = Callable[[Picture, Picture], float]


class EvaluationError(Exception):
    """An evaluation that would say nothing; the message says why."""


@dataclass(frozen=True)
class Output:
    """What a method made of a frame.

    Parameters
    ----------
    frame : Frame
    picture : float array (H, W, 3)
    seconds : float or None
        That the network took; None for the blurred input.
    """

    frame: Frame
    picture: Picture
    seconds: float | None


@dataclass(frozen=True)
class Scoring:
    """How outputs are scored.

    Parameters
    ----------
    bit_depth : {"float", "8", "16"}
        Outputs are rounded to so many bits first, or left as they are. Targets are as
        they are stored.
    niqe_model : NiqeModel, optional
        Without, there is no NIQE.
    lpips : callable of output and target, optional
    """

    bit_depth: BitDepth = "float"
    niqe_model: NiqeModel | None = None
    lpips: PictureScore | None = None


def outputs(
    method: Method, frames: Iterable[Frame], clock: Clock = time.perf_counter
) -> Iterator[Output]:
    """Yield what a method makes of frames that come in order.

    The state is carried from frame to frame of a sequence. The time is that of the
    network alone, from a tensor on its device to one there.

    Raises
    ------
    EvaluationError
        If a network gives something that is not a number.
    """
    if method.model is None:
        for frame in frames:
            yield Output(frame, frame.picture("combined"), None)
        return
    model = method.model.eval()
    state: State | None = None
    sequence = ""
    warm: set[torch.Size] = set()
    for frame in frames:
        if method.single_frames or frame.labels["sequence"] != sequence:
            state, sequence = None, frame.labels["sequence"]
        x = _network_input(model, frame)
        if x.shape not in warm:
            warm.add(x.shape)
            for _ in range(WARM_UP_CALLS):
                _timed(model, x, state, clock)
        y, state, seconds = _timed(model, x, state, clock)
        if not torch.isfinite(y).all():
            raise EvaluationError(
                f"{method.name}: its output for {_words(frame)} is not a number; a "
                "training that diverged?"
            )
        yield Output(frame, picture_of(y[0, 0].float().cpu()), seconds)


def evaluate(
    methods: Sequence[Method],
    data: EvaluationSet,
    scoring: Scoring,
    watch: Callable[[Method, Output], None],
) -> list[FrameScores]:
    """Return the scores of every method for every frame, method by method.

    Parameters
    ----------
    methods : sequence of Method
    data : EvaluationSet
    scoring : Scoring
    watch : callable
        Is shown every output.

    Raises
    ------
    DataError
        For a picture that cannot be used.
    EvaluationError
        If the GPU's memory or a picture is too small, or a network gives something
        that is not a number.
    """
    scores: list[FrameScores] = []
    height, width = data.most_common_size
    for method in methods:
        try:
            for output in outputs(method, data.frames()):
                try:
                    scores.append(scores_of(output, method, scoring))
                except ValueError as error:
                    raise EvaluationError(f"{_words(output.frame)}: {error}") from None
                watch(method, output)
        except torch.OutOfMemoryError:
            raise EvaluationError(
                f"{method.name}: the GPU has too little memory for a frame of "
                f"{width} x {height}; try precision bfloat16, or the CPU"
            ) from None
    return scores


def scores_of(output: Output, method: Method, scoring: Scoring) -> FrameScores:
    """Return the scores of one output."""
    picture = rounded(output.picture, scoring.bit_depth)
    target = output.frame.picture("target")
    values = {
        "psnr_db": metrics.psnr(picture, target),
        "ssim": metrics.ssim(picture, target),
        "mae": metrics.mae(picture, target),
    }
    if scoring.niqe_model is not None:
        values["niqe"] = niqe(picture, scoring.niqe_model)
    if scoring.lpips is not None:
        values["lpips"] = scoring.lpips(picture, target)
    if output.seconds is not None:
        values["seconds"] = output.seconds
    return FrameScores(method.name, output.frame.labels, values)


def rounded(picture: Picture, bit_depth: BitDepth) -> Picture:
    """Return a picture as it is after a file of so many bits.

    Examples
    --------
    >>> rounded(np.array([0.5001, 1.0]), "8") * 255
    array([128., 255.])
    """
    if bit_depth == "float":
        return picture
    highest = 2 ** int(bit_depth) - 1
    return np.floor(np.asarray(picture, np.float64) * highest + 0.5) / highest


def niqe_reference(data: EvaluationSet, sharpness: float) -> NiqeModel:
    """Return the NIQE model of the targets themselves.

    Parameters
    ----------
    data : EvaluationSet
    sharpness : float
        As `niqe.fit`'s threshold.

    Raises
    ------
    EvaluationError
        If they are too small or too few.
    """
    targets = (frame.picture("target") for frame in data.frames(("target",)))
    try:
        return fit(targets, sharpness)
    except ValueError as error:
        raise EvaluationError(str(error)) from None


def device_name(device: torch.device) -> str:
    """Return what its makers call a device, and how many threads of a CPU are used."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"{_cpu_name()}, {torch.get_num_threads()} threads"


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.processor() or platform.machine()


def _network_input(model: RDPD | DPDNet, frame: Frame) -> Tensor:
    """Return (1, 1, channels, H, W) on the network's device."""
    kinds = ("left", "right", "radial")
    x = torch.cat([frame.item[kind] for kind in kinds], dim=1)
    if model.channels not in (6, 7):
        raise EvaluationError(
            f"the network takes {model.channels} channels; expected 6 (left and right "
            "RGB) or 7 (and the radial distance)"
        )
    return x[None, :, : model.channels].to(next(model.parameters()))


def _words(frame: Frame) -> str:
    return f"{frame.labels['sequence']}, frame {frame.labels['frame']}"


def _timed(
    model: RDPD | DPDNet, x: Tensor, state: State | None, clock: Clock
) -> tuple[Tensor, State | None, float]:
    _synchronise(x.device)
    start = clock()
    with torch.inference_mode():
        # Of DPDNet the state is None.
        y, after = model(x, state)
    _synchronise(x.device)
    return y, after, clock() - start


def _synchronise(device: torch.device) -> None:
    """Wait until a GPU has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
