"""Cost of the pipeline around the renderer and the camera model.

Runs the Blender processes and the view synthesis by themselves, then the same work
through `luigi --module pipeline BuildDataset`, and prints the ratio of wall times.
Both run in this one process tree on the same machine; nothing is reused.

    python benchmarks/pipeline_overhead.py [--scene LIST] [--frames N] [--size WxH]
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blender_scenes.frames import FrameSequence, read_frame
from pipeline import BuildDataset
from pipeline.blender_process import render_sequence
from pipeline.synthesis import synthesise_views

ROOT = Path(__file__).parents[1]


@contextlib.contextmanager
def stopwatch(times_s: dict[str, float], name: str) -> Iterator[None]:
    """Add the wall time of a block to ``times_s[name]``."""
    start_s = time.perf_counter()
    yield
    times_s[name] = times_s.get(name, 0.0) + time.perf_counter() - start_s


def parts_alone(task: Any, folder: Path, times_s: dict[str, float]) -> None:
    """Time Blender and the synthesis with nothing around them."""
    rendered: set[str] = set()
    for views in task.view_tasks():
        render = views.requires()
        spec = render.spec()
        frames_folder = folder / spec.scene.name
        if spec.scene.name not in rendered:
            rendered.add(spec.scene.name)
            with stopwatch(times_s, "Blender"):
                render_sequence(
                    spec,
                    frames_folder,
                    folder / "log",
                    frame_time_limit_s=600.0,
                    on_event=lambda event: None,
                )
        settings = views.settings()
        source = FrameSequence.load(frames_folder)
        for row in source.frames:
            frame = read_frame(frames_folder / row.file)
            with stopwatch(times_s, "view synthesis"):
                synthesise_views(frame, source.margin_px, row.number, settings)


def whole_pipeline(
    options: dict[str, str], folder: Path, times_s: dict[str, float]
) -> None:
    """Time the command that a user types."""
    command = [str(Path(sys.executable).with_name("luigi")), "--module", "pipeline"]
    command += ["BuildDataset", "--work-dir", str(folder / "work")]
    command += ["--datasets-dir", str(folder / "datasets")]
    for name, value in options.items():
        command += [f"--{name.replace('_', '-')}", value]
    with stopwatch(times_s, "BuildDataset"):
        subprocess.run(command, check=True, cwd=ROOT)


def main() -> None:
    """Print the parts, the whole, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", default="street-1,street-2,street-3")
    parser.add_argument("--frames", default="4")
    parser.add_argument("--size", default="512x288")
    parser.add_argument("--camera-set", default="all")
    options = vars(parser.parse_args())
    times_s: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as scratch:
        parts_alone(BuildDataset(**options), Path(scratch, "alone"), times_s)
        whole_pipeline(options, Path(scratch, "pipeline"), times_s)
    parts_s = times_s["Blender"] + times_s["view synthesis"]
    for name, seconds in times_s.items():
        print(f"{name:<16} {seconds:8.1f} s")
    ratio = times_s["BuildDataset"] / parts_s
    print(f"ratio BuildDataset / (Blender + synthesis) = {ratio:.3f}")


if __name__ == "__main__":
    main()
