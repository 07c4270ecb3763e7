"""What a city costs: building it, rendering a frame of it, keeping it in memory.

Every scene is measured in a child process of its own, so that its memory is its own
and caches start empty. Times are processor time (user and system, all threads), which
a shared machine disturbs least; over two cores a render takes about half of it in wall
time, a build, which runs on one core, all of it.

    python -m benchmarks.city_cost [--scenes LIST] [--frames N] [--samples N]
        [--steps N]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec

SIZE_PX = (576, 320)
"""With the margin of 32 on every side: 640 x 384 rendered."""
STEP_SIZE_PX = (32, 18)
MIDDLE_FRAME = 40
SETTLED_STEPS = 10
"""Memory grows until caches are full; from here on it should not."""


class ProcessorClock:
    """Adds up the processor time of every call of the functions it wraps."""

    def __init__(self) -> None:
        self.times_s: dict[str, float] = {}

    def wrap(self, owner: Any, name: str, part: str) -> None:
        """Replace a function of a module or class by itself, timed."""
        setattr(owner, name, self._timed(getattr(owner, name), part))

    def _timed(self, function: Callable[..., Any], part: str) -> Callable[..., Any]:
        def timed(*arguments: Any, **options: Any) -> Any:
            start_s = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                spent_s = time.process_time() - start_s
                self.times_s[part] = self.times_s.get(part, 0.0) + spent_s

        return timed


def memory_gb(kind: str = "VmRSS") -> float:
    """Return memory of this process, GB: resident now, or at most ("VmHWM"); Linux."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) / 1e6
    raise KeyError(kind)


def measure_build(scene: str, frames: int) -> dict[str, Any]:
    """Build the first frames of a scene; return seconds per part, memory and size."""
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    from blender_scenes.city import build

    clock = ProcessorClock()
    for owner, name, part in (
        (build, "plan_street", "plan"),
        (build, "_add_ground", "ground"),
        (build, "_add_buildings", "houses"),
        (build, "_add_trees", "trees"),
        (build, "_add_fixtures", "kerb"),
        (build, "_add_wires", "kerb"),
        (build.moving, "add_vehicles", "vehicles"),
        (build.moving, "add_people", "people"),
        (build.moving, "add_riders", "riders"),
        (build.metering, "meter", "meter"),
    ):
        clock.wrap(owner, name, part)
    whole = ProcessorClock()
    whole.wrap(build, "build_street", "all")
    start_s = time.perf_counter()
    spec = SceneSpec(scene, seed=_seed(scene), frame_range=(1, frames))
    build.build_street(bpy.context.scene, spec)
    return {
        **clock.times_s,
        **whole.times_s,
        "wall": time.perf_counter() - start_s,
        "peak GB": memory_gb("VmHWM"),
        "M faces": sum(len(mesh.polygons) for mesh in bpy.data.meshes) / 1e6,
        "objects": len(bpy.data.objects),
    }


def measure_frame(scene: str, samples: int) -> dict[str, Any]:
    """Render a default frame; return seconds of its three parts, and memory."""
    clock, whole = ProcessorClock(), ProcessorClock()
    from blender_scenes import render_sequence, second_surface

    clock.wrap(render_sequence, "render_still", "first surface")
    clock.wrap(second_surface, "render_still", "second surface")
    whole.wrap(render_sequence.SequenceRender, "frame", "frame")
    start_s = time.perf_counter()
    whole.wrap(render_sequence, "load_scene", "build")
    _render(scene, (MIDDLE_FRAME, MIDDLE_FRAME), RenderSpec(*SIZE_PX, samples=samples))
    return {
        **clock.times_s,
        **whole.times_s,
        "wall with build": time.perf_counter() - start_s,
        "peak GB": memory_gb("VmHWM"),
    }


def measure_steps(scene: str, steps: int) -> dict[str, Any]:
    """Render many tiny frames in a row; return how memory grew meanwhile."""
    from blender_scenes import render_sequence

    resident_gb: list[float] = []
    frame = render_sequence.SequenceRender.frame

    def recorded(render: Any, number: int) -> Any:
        made = frame(render, number)
        resident_gb.append(memory_gb())
        return made

    setattr(render_sequence.SequenceRender, "frame", recorded)  # noqa: B010
    render = RenderSpec(*STEP_SIZE_PX, margin_px=0, samples=1, second_surface=False)
    _render(scene, (1, steps), render)
    settled = resident_gb[min(SETTLED_STEPS, steps) - 1]
    return {
        "frames": steps,
        f"GB at {SETTLED_STEPS}": settled,
        "GB at end": resident_gb[-1],
        "largest GB": max(resident_gb),
        "growth %": 100 * (resident_gb[-1] / settled - 1),
        "peak GB": memory_gb("VmHWM"),
    }


def _render(scene: str, frames: tuple[int, int], render: RenderSpec) -> None:
    """Render frames into a folder that is deleted, as the command line does."""
    from blender_scenes import render_sequence
    from blender_scenes.events import claim_standard_output

    place = SceneSpec(scene, seed=_seed(scene), frame_range=frames)
    events = claim_standard_output()
    with tempfile.TemporaryDirectory() as folder:
        spec = SequenceSpec(scene=place, render=render)
        render_sequence.render_sequence(spec, Path(folder) / "frames", events)


def _seed(scene: str) -> int:
    """Return the seed that the pipeline gives a city or street."""
    return int(scene.rpartition("-")[2])


MEASURES: dict[str, Callable[[str, int], dict[str, Any]]] = {
    "build": measure_build,
    "frame": measure_frame,
    "steps": measure_steps,
}


def measured(measure: str, scene: str, number: int) -> dict[str, Any]:
    """Return what a child process measures."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        child = [sys.executable, "-m", "benchmarks.city_cost", "--child"]
        subprocess.run(
            [*child, measure, scene, str(number), str(answer)],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return json.loads(answer.read_text())


def print_table(title: str, measure: str, scenes: list[str], number: int) -> None:
    """Measure scene by scene and print a line for each as soon as it is known."""
    print(f"\n{title}\n")
    for place, scene in enumerate(scenes):
        row = measured(measure, scene, number)
        if place == 0:
            print(f"| scene | {' | '.join(row)} |\n|{'---|' * (len(row) + 1)}")
        cells = [f"{value:.4g}" for value in row.values()]
        print(f"| {scene} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Print the tables, or measure as a child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", default=",".join(f"city-{n}" for n in range(1, 7)))
    parser.add_argument("--frames", type=int, default=400, help="keyed by the build")
    parser.add_argument("--samples", type=int, default=16, help="of the frame; 0: none")
    parser.add_argument("--steps", type=int, default=100, help="tiny frames; 0: none")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child is not None:
        measure, scene, number, answer = options.child
        found = MEASURES[measure](scene, int(number))
        Path(answer).write_text(json.dumps(found))
        return
    scenes = options.scenes.split(",")
    for title, measure, number, chosen in (
        ("Building, processor seconds", "build", options.frames, scenes),
        ("One frame of 640 x 384, processor seconds", "frame", options.samples, scenes),
        ("Memory over many frames", "steps", options.steps, scenes[:1]),
    ):
        if number:
            print_table(title, measure, chosen, number)


if __name__ == "__main__":
    main()
