"""Cost of the pipeline around the renderer and the camera model.

Runs `BuildDataset` once in empty folders, with a stopwatch on the Blender processes
and on the view synthesis, and prints its whole wall time over theirs. Everything is
timed in one run, because these machines drift by more than the pipeline costs.

    python benchmarks/pipeline_overhead.py [--scene LIST] [--frames N] [--size WxH]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Stopwatch:
    """Adds up the wall time of every call of the functions it wraps."""

    def __init__(self) -> None:
        self.times_s: dict[str, float] = {}

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, timed under a name."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            start_s = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent_s = time.perf_counter() - start_s
                self.times_s[name] = self.times_s.get(name, 0.0) + spent_s

        return timed


def build(options: dict[str, str], folder: Path, stopwatch: Stopwatch) -> bool:
    """Import Luigi and the pipeline and build a dataset, as the command does."""
    import luigi

    from pipeline import BuildDataset
    from pipeline.tasks import render, views

    render.render_sequence = stopwatch.wrapped("Blender", render.render_sequence)
    views.synthesise_views = stopwatch.wrapped("synthesis", views.synthesise_views)
    places = {"work_dir": str(folder / "work"), "datasets_dir": str(folder / "data")}
    return luigi.build([BuildDataset(**options, **places)], local_scheduler=True)


def main() -> None:
    """Print the parts, the whole, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="street-1,street-2,street-3")
    parser.add_argument("--frames", default="4")
    parser.add_argument("--size", default="512x288")
    parser.add_argument("--camera-set", default="all")
    options = vars(parser.parse_args())
    stopwatch = Stopwatch()
    with tempfile.TemporaryDirectory() as scratch:
        whole = stopwatch.wrapped("BuildDataset", build)
        if not whole(options, Path(scratch), stopwatch):
            raise SystemExit("the build failed")
    for name, seconds in stopwatch.times_s.items():
        print(f"{name:<14} {seconds:8.1f} s")
    times_s = stopwatch.times_s
    ratio = times_s["BuildDataset"] / (times_s["Blender"] + times_s["synthesis"])
    print(f"ratio BuildDataset / (Blender + synthesis) = {ratio:.3f}")


if __name__ == "__main__":
    main()
