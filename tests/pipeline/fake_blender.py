"""Stands in for `blender_scenes.cli`: the same events, frames without a renderer.

What it does wrong is asked for by files beside the frame folder, each of which is
removed when it has done its work unless its text is ``always``:

``crash`` dies as by `kill -9` after the first frame; ``hang`` reports nothing after
the first frame; ``user-error`` reports an error; ``full-disk`` likewise. With
``warn`` there, a note and a warning are told, and kept with the frames;
``slow-walk`` looks at its frames for 2 s.

A .blend reads the files that the JSON file ``NAME.blend.files`` lists, as references;
every time that it is asked for them is a line in ``NAME.blend.asked``.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from blender_scenes import frames, view_pairs
from blender_scenes.notes import Note, warning
from blender_scenes.spec import SequenceSpec

NOTES = (
    Note("view-layers", "only view layer 'near' is rendered"),
    warning("missing-files", "street.blend: missing wall.png"),
)


def main() -> int:
    if sys.argv[1] == "--list-files":
        return _list_files(Path(sys.argv[2]))
    spec = SequenceSpec.from_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if spec.render.width is None:
        render = dataclasses.replace(spec.render, width=96, height=64)
        spec = dataclasses.replace(spec, render=render)
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if _asked(folder, "user-error"):
        _emit(event="error", message="scene.blend: no camera; expected one")
        return 2
    notes = NOTES if (folder.parent / "warn").exists() else ()
    for note in notes:
        _emit(event="note", **note.described())
    if _asked(folder, "slow-walk"):
        for number in range(1, 9):
            time.sleep(0.25)
            _emit(event="walk", number=number, total=8)
    first, last = spec.scene.own_frames(1, 2)
    numbers = list(range(first, last + 1))
    is_whole = _is_whole if spec.lens is None else _is_whole_pair
    missing = [n for n in numbers if not is_whole(folder / frames.frame_file(n))]
    _emit(event="start", frames=numbers, missing=missing)
    sys.stdout.write("Fra:1 noise on standard output\n")
    for number in missing:
        time.sleep(float(os.environ.get("FAKE_BLENDER_FRAME_S", "0")))
        _write(spec, folder / frames.frame_file(number), number)
        _emit(event="frame", number=number)
        sys.stderr.write(f"Saved frame {number}\n")
        if _asked(folder, "crash"):
            os.kill(os.getpid(), signal.SIGKILL)
        if _asked(folder, "hang"):
            time.sleep(60)
    name = frames.MANIFEST_NAME if spec.lens is None else view_pairs.PAIRS_MANIFEST
    _manifest(spec, folder, numbers, notes).save(folder, name)
    _emit(event="done")
    return 0


def _list_files(spec_file: Path) -> int:
    spec = SequenceSpec.from_json(spec_file.read_text(encoding="utf-8"))
    listed = Path(f"{spec.scene.blend_file}.files")
    references = json.loads(listed.read_text()) if listed.exists() else []
    with Path(f"{spec.scene.blend_file}.asked").open("a") as asked:
        asked.write("once\n")
    _emit(event="files", references=references)
    _emit(event="done")
    return 0


def _asked(folder: Path, wish: str) -> bool:
    path = folder.parent / wish
    if not path.exists():
        return False
    if path.read_text(encoding="utf-8") != "always":
        path.unlink()
    return True


def _emit(**event: object) -> None:
    sys.stdout.write(f"@event {json.dumps(event)}\n")
    sys.stdout.flush()


def _is_whole(path: Path) -> bool:
    try:
        frames.read_frame(path)
    except frames.FrameError:
        return False
    return True


def _is_whole_pair(path: Path) -> bool:
    try:
        view_pairs.read_view_pair(path)
    except frames.FrameError:
        return False
    return True


def _write(spec: SequenceSpec, path: Path, number: int) -> None:
    """Write a frame, or a pair of views: the frame's colours, one dark, one bright."""
    frame = _frame(spec, number)
    if spec.lens is None:
        frames.write_frame(path, frame)
    else:
        left, right = frame.linear_rgb * 0.25, frame.linear_rgb * 0.75
        view_pairs.write_view_pair(path, left, right)


def _frame(spec: SequenceSpec, number: int) -> frames.Frame:
    width, height = spec.render.full_size
    rng = np.random.default_rng([spec.scene.seed, number])
    rows, columns = np.mgrid[:height, :width]
    depth_m = np.where(columns < width // 2, 3.0, 40.0)
    depth_m[: height // 4] = np.inf
    return frames.Frame(
        linear_rgb=rng.random((height, width, 3), dtype=np.float32),
        depth_m=depth_m.astype(np.float32),
        label=np.where(np.isinf(depth_m), 11, 1).astype(np.uint32),
        instance=(rows > height // 2).astype(np.uint32),
        flow_px=np.zeros((height, width, 2), np.float32),
    )


def _manifest(
    spec: SequenceSpec, folder: Path, numbers: list[int], notes: tuple[Note, ...]
) -> frames.FrameSequence:
    identity = np.eye(4).tolist()
    return frames.FrameSequence(
        source={"scene": spec.scene.name},
        fps=24.0,
        size=spec.render.size,
        margin_px=spec.render.margin_px,
        encoded_source=False,
        versions={},
        frames=tuple(
            frames.FrameEntry(
                number=number,
                file=frames.frame_file(number),
                sha256=frames.sha256_of(folder / frames.frame_file(number)),
                bytes=(folder / frames.frame_file(number)).stat().st_size,
                intrinsics=np.eye(3).tolist(),
                world_from_camera=identity,
            )
            for number in numbers
        ),
        notes=notes,
    )


if __name__ == "__main__":
    sys.exit(main())
