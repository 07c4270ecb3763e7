"""What a device makes of a training step, of a frame, and of the synthesis of views."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import cv2
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from benchmarks.synthesis_cases import Situation, camera_sets
from benchmarks.training_loader import WARM_UP, step_time_s
from benchmarks.view_synthesis import on_cuda
from blender_scenes.frames import Frame
from dp_model.camera import CAMERA_SETS
from rdpd.complexity import complexity
from rdpd.config import TrainConfig
from rdpd.data import ClipSource
from rdpd.inference import network_input
from rdpd.loader import TrainingBatches, batches
from rdpd.model import RDPD, DPDNet
from rdpd.sources import TrainingData

STEPS = 10
CALLS = 10
FLOPS_PER_MAC = 2
TRAINING_OVER_FORWARD = 3
"""A backward pass takes the work of two forward ones: for inputs and for weights."""


@dataclass(frozen=True)
class Peak:
    """What a device can do, by its data sheet: dense bfloat16, memory both ways."""

    tflops: float
    gb_per_s: float


PEAKS = {
    "H200": Peak(989.0, 4800.0),
    "H100 PCIe": Peak(756.0, 2000.0),
    "H100": Peak(989.0, 3350.0),
    "A100": Peak(312.0, 1555.0),
    "L40S": Peak(362.0, 864.0),
    "L4": Peak(121.0, 300.0),
    "RTX 4090": Peak(165.0, 1008.0),
}


def peak_of(name: str) -> Peak | None:
    """Return the peak of a device by the name that its driver gives.

    Examples
    --------
    >>> peak_of("NVIDIA H200").gb_per_s, peak_of("some CPU")
    (4800.0, None)
    """
    return next((peak for known, peak in PEAKS.items() if known in name), None)


def synchronise(device: torch.device) -> None:
    """Wait until a GPU has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def training_speed(
    config: TrainConfig, source: ClipSource, device: torch.device
) -> dict[str, float]:
    """Return what a step costs: seconds of computing and of reading, work, memory.

    ``compute_share`` is the time of computing over that of both, one after the other.
    """
    short = replace(config, epochs=1, steps_per_epoch=STEPS + WARM_UP)
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    step_s = step_time_s(short, TrainingData((source,), ()), device)
    read_s = reading_time_s(short, source, device)
    samples = config.clip_batch * config.clip_frames
    macs = complexity(config.model, config.patch_px, config.patch_px).macs
    found = {
        "samples_per_step": float(samples),
        "step_s": step_s,
        "reading_s": read_s,
        "samples_per_s": samples / (step_s + read_s),
        "compute_share": step_s / (step_s + read_s),
        "tflop_per_step": samples * macs * FLOPS_PER_MAC * TRAINING_OVER_FORWARD / 1e12,
    }
    if device.type == "cuda":
        found["peak_memory_gb"] = torch.cuda.max_memory_allocated(device) / 1e9
    return found


def reading_time_s(
    config: TrainConfig, source: ClipSource, device: torch.device
) -> float:
    """Return the median time until a batch is on the device."""
    upcoming = batches(TrainingBatches([source], config), 0, workers=0, pin=False)
    times_s: list[float] = []
    for _ in range(config.steps):
        start_s = time.perf_counter()
        next(upcoming)
        synchronise(device)
        times_s.append(time.perf_counter() - start_s)
    return statistics.median(times_s[WARM_UP:])


@contextmanager
def exact_float32() -> Iterator[None]:
    """Keep convolutions of float32 from rounding their factors to TF32."""
    settings: Any = torch.backends.cudnn.conv  # pyright: ignore[reportAttributeAccessIssue]
    before = settings.fp32_precision
    settings.fp32_precision = "ieee"
    try:
        yield
    finally:
        settings.fp32_precision = before


def inference_ms(
    model: RDPD | DPDNet, size: tuple[int, int], device: torch.device
) -> dict[str, float]:
    """Return milliseconds per frame of width x height, by precision.

    The median of calls that are waited for, after others that warm up; frame by frame,
    the state carried on. ``float32`` is exact, ``tf32`` what PyTorch takes for it.
    """
    width, height = size
    views = torch.rand(2, 1, 1, 3, height, width, device=device)
    x = network_input(views[0], views[1], model.channels)
    found: dict[str, float] = {}
    for precision in ("bfloat16", "tf32", "float32"):
        dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
        network = model.to(device=device, dtype=dtype).eval()
        if device.type == "cuda":
            network = network.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        if precision == "float32":
            with exact_float32():
                found[precision] = _call_ms(network, x, device)
        else:
            found[precision] = _call_ms(network, x.to(dtype), device)
    return found


def _call_ms(model: RDPD | DPDNet, x: Tensor, device: torch.device) -> float:
    times_ms: list[float] = []
    state: Any = None
    with torch.inference_mode():
        for _ in range(WARM_UP + CALLS):
            synchronise(device)
            start_s = time.perf_counter()
            _, state = model(x, state)
            synchronise(device)
            times_ms.append(1e3 * (time.perf_counter() - start_s))
    return statistics.median(times_ms[WARM_UP:])


class Traffic(TorchDispatchMode):
    """Counts what operations on tensors would move if none were fused.

    Attributes
    ----------
    operations, ffts, host_waits : int
        Views are no operations. A host wait fetches a value from the device.
    bytes : int
        Every input read once, every output written once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.operations = self.ffts = self.host_waits = self.bytes = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        """Count one operation, and do it."""
        result = func(*args, **(kwargs or {}))
        returns = func._schema.returns
        if any(one.alias_info and not one.alias_info.is_write for one in returns):
            return result  # a view
        self.operations += 1
        self.ffts += "_fft_" in func.name()
        self.host_waits += "_local_scalar_dense" in func.name()
        leaves = tree_leaves((args, kwargs, result))
        self.bytes += sum(x.nbytes for x in leaves if isinstance(x, Tensor))
        return result


def synthesis_cost(
    frame: Frame, size: tuple[int, int], device: torch.device
) -> list[dict[str, Any]]:
    """Return milliseconds, traffic and host waits of the views of one picture.

    Of width x height pixels, through the paper's cameras, with one surface and two.
    Milliseconds on a CUDA device only.
    """
    return [
        _cost(case, device)
        for two in camera_sets(resized(frame, size))
        for case in ([replace(two, hidden=None), two] if two.hidden else [two])
    ]


def _cost(case: Situation, device: torch.device) -> dict[str, Any]:
    row: dict[str, Any] = {
        "camera": case.name,
        "surfaces": 1 if case.hidden is None else 2,
    }
    if device.type == "cuda":
        times_ms, waits = on_cuda(case)
        row |= {"ms": statistics.median(times_ms), "host_waits": waits}

    def moved(array: Any) -> Any:
        return torch.from_numpy(array).to(device)

    there: Any = replace(
        case,
        all_in_focus=moved(case.all_in_focus),
        depth_m=moved(case.depth_m),
        hidden=case.hidden and (moved(case.hidden[0]), moved(case.hidden[1])),
    )
    with Traffic() as traffic:
        there.render()
    return {
        "host_waits": traffic.host_waits,
        **row,
        "operations": traffic.operations,
        "ffts": traffic.ffts,
        "gb_moved": traffic.bytes / 1e9,
    }


def resized(frame: Frame, size: tuple[int, int]) -> Situation:
    """Return a frame as a picture of width x height, nearest pixels."""

    def nearest(array: Any) -> Any:
        return cv2.resize(array, size, interpolation=cv2.INTER_NEAREST)

    hidden = frame.hidden and (nearest(frame.hidden[0]), nearest(frame.hidden[1]))
    return Situation(
        "frame",
        nearest(frame.linear_rgb),
        nearest(frame.depth_m),
        CAMERA_SETS["5"],
        hidden,
    )
