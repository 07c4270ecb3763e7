"""Cost of `render_dual_pixel(mode="occlusion")` at 1920 x 1080, left and right.

Times are in U, the time of one `cv2.filter2D` of a float32 picture of 1080 x 1920 x 4
with a 41 x 41 kernel. U is taken anew before each measurement, because these machines
drift; of both the best of three calls counts. "first" is the first of the three, when
no kernel is known yet. U depends on OpenCV: 4.12 and later take some eight times as
long for it as 4.11, the last that bpy's NumPy allows (benchmarks/README.md). "CPU" is
the processor time of all threads, twice the wall time if two cores have work; if it is
less than the wall time, the machine was busy with something else. Memory is what a
child process held at most, beyond its inputs; the views are part of it (Linux only).

The picture is a rendered street. It is rendered once, into ``work/benchmark``.

    python -m benchmarks.view_synthesis [--quick] [--work DIR]
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.synthesis_cases import (
    PSF,
    SIZE,
    Picture,
    Situation,
    camera_sets,
    plain_loop,
    radii,
    sizes,
    street_frame,
    wide_blurs,
)
from dp_model.camera import CAMERA_SETS
from dp_model.render import render_dual_pixel

REPEATS = 3
PATIENCE_S = 40.0  # what has taken this long is not repeated
CUDA_REPEATS = 20


@dataclass(frozen=True)
class Cost:
    """Best wall time, its processor time and the first wall time, in U; and U."""

    wall: float
    cpu: float
    first: float
    unit_s: float


def main() -> None:
    """Print what render_dual_pixel costs at 1080p, in U."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="only the camera sets")
    parser.add_argument("--work", type=Path, default=Path("work/benchmark"))
    options = parser.parse_args()
    street = Situation("street", **street_frame(options.work), camera=CAMERA_SETS["5"])
    print(f"OpenCV {cv2.__version__}, {cv2.getNumThreads()} threads; {PSF}")
    print_camera_sets(street)
    if not options.quick:
        print_table("target: 30 U", wide_blurs(street))
        print_table("same radii at every size; scale: pixels over 1080p", sizes(street))
        print_table("scale: largest radius over 10 px", radii(street))
        print_memory([*camera_sets(street), *wide_blurs(street)])
    print_cuda(street)


def print_camera_sets(street: Situation) -> None:
    """Print the five camera sets: one surface, two, and the plain loop."""
    print("\nstreet; targets: mean 3 U, worst 6 U, two surfaces at most twice one")
    print(f"{'':19}{'one surface':^18} {'two surfaces':^18} {'':6}  loop")
    print(f"{'':19}{'  wall   CPU first ' * 2} ratio  wall U, ms")
    rows: list[tuple[float, ...]] = []
    for case in camera_sets(street):
        one = measured(replace(case, hidden=None).render)
        two = measured(case.render)
        loop = measured(
            partial(plain_loop, case.all_in_focus, case.depth_m, case.camera)
        )
        times = (one.wall, one.cpu, one.first, two.wall, two.cpu, two.first)
        rows.append((*times, two.wall / one.wall, loop.wall, loop.unit_s * 1e3))
        coc = case.camera.coc_radius_px(case.depth_m)
        print_row(f"{case.name} {coc.min():6.2f}..{coc.max():4.2f}", rows[-1])
    print_row("mean", [statistics.mean(column) for column in zip(*rows, strict=True)])
    print_row("worst", [max(column) for column in zip(*rows, strict=True)])


def print_row(name: str, values: Sequence[float]) -> None:
    """Print a row of the table of camera sets."""
    cells = [f"{value:6.2f}" for value in values[:-1]]
    parts = (*cells[:3], " ", *cells[3:6], " ", *cells[6:], f"{values[-1]:6.0f}")
    print(f"{name:19}{''.join(parts)}", flush=True)


def print_table(title: str, situations: Iterator[Situation]) -> None:
    """Print the cost of each situation, and that cost over its scale."""
    print(f"\n{title}\n{'':24}  wall    CPU  first  wall/scale   U, ms")
    for case in situations:
        cost = measured(case.render)
        print(
            f"{case.name:24}{cost.wall:6.2f} {cost.cpu:6.2f} {cost.first:6.2f}", end=""
        )
        print(f"{cost.wall / case.scale:12.2f} {cost.unit_s * 1e3:7.0f}", flush=True)


def print_memory(situations: list[Situation]) -> None:
    """Print the peak of extra memory of each situation; target: 1 GB."""
    print("\npeak of extra memory; target: 1000 MB")
    for case in situations:
        # A process for each, since a peak never falls.
        with multiprocessing.get_context("spawn").Pool(1) as child:
            print(f"{case.name:24}{child.apply(extra_memory_mb, (case,)):6.0f} MB")


def print_cuda(street: Situation) -> None:
    """Print milliseconds with all arrays on a CUDA device, if there is one."""
    try:
        import torch
    except ImportError:
        print("\nno torch, so no CUDA device")
        return
    if not torch.cuda.is_available():
        print("\nno CUDA device")
        return
    print(f"\n{torch.cuda.get_device_name()}; target: 15 ms, no host sync")
    for two in camera_sets(street):
        for case in (replace(two, hidden=None), two):
            times_ms, syncs = on_cuda(case)
            surfaces = 1 if case.hidden is None else 2
            print(
                f"{case.name}, surfaces: {surfaces}   median "
                f"{statistics.median(times_ms):7.2f}, best {min(times_ms):7.2f} ms; "
                f"host syncs: {syncs}"
            )


def on_cuda(case: Situation) -> tuple[list[float], int]:
    """Return milliseconds per call, and how often one call waits for the device."""
    import torch

    def moved(array: Picture) -> Any:
        return torch.from_numpy(array).cuda()

    there: Any = replace(
        case,
        all_in_focus=moved(case.all_in_focus),
        depth_m=moved(case.depth_m),
        hidden=case.hidden and tuple(moved(array) for array in case.hidden),
    )
    for _ in range(REPEATS):
        there.render()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.cuda.set_sync_debug_mode("warn")
        there.render()
        torch.cuda.set_sync_debug_mode("default")
    times_ms: list[float] = []
    for _ in range(CUDA_REPEATS):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        there.render()
        end.record()
        torch.cuda.synchronize()
        times_ms.append(start.elapsed_time(end))
    return times_ms, sum("synchroniz" in str(warning.message) for warning in caught)


def unit_of_work() -> object:
    """Do what takes one U."""
    return cv2.filter2D(_unit_picture(), -1, np.full((41, 41), 1 / 41**2, np.float32))


@functools.cache
def _unit_picture() -> Picture:
    return np.random.default_rng(0).random((*SIZE, 4), np.float32)


def timed(call: Callable[[], object]) -> tuple[float, float, float]:
    """Return wall and processor time of the best call, and wall time of the first."""
    runs: list[tuple[float, float]] = []
    while len(runs) < REPEATS and sum(wall_s for wall_s, _ in runs) < PATIENCE_S:
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        call()
        runs.append((time.perf_counter() - wall_s, time.process_time() - cpu_s))
    return *min(runs), runs[0][0]


def measured(call: Callable[[], object]) -> Cost:
    """Return the cost of a call, in the U of this moment."""
    unit_s = timed(unit_of_work)[0]
    wall_s, cpu_s, first_s = timed(call)
    return Cost(wall_s / unit_s, cpu_s / unit_s, first_s / unit_s, unit_s)


def extra_memory_mb(case: Situation) -> float:
    """Return by how much rendering raises this process's memory at most, MB."""
    corner = np.ascontiguousarray(case.all_in_focus[:64, :64])
    depth_m = np.ascontiguousarray(case.depth_m[:64, :64])
    render_dual_pixel(corner, depth_m, case.camera, PSF)  # loads its libraries
    before_kb = process_status_kb("VmRSS")
    case.render()
    return (process_status_kb("VmHWM") - before_kb) * 1024 / 1e6


def process_status_kb(name: str) -> int:
    """Return a number of kB from Linux's account of this process."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return int(value.split()[0])
    raise RuntimeError(f"no {name} in /proc/self/status")


if __name__ == "__main__":
    main()
