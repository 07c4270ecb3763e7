"""The whole job on a real Blender, disturbed in every way, ends with the same bytes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.frames import LABEL_IDS, FrameSequence, read_frame
from pipeline.images import read_map, read_png
from tests.pipeline.conftest import contents

pytestmark = [pytest.mark.blender, pytest.mark.slow]

ROOT = Path(__file__).parents[1]
FRAMES = 6
PATIENCE_S = 120.0


def command(folder: Path) -> list[str]:
    luigi = Path(sys.executable).with_name("luigi")
    options = {
        "scene": "street-1",
        "frames": str(FRAMES),
        "size": "96x54",
        "samples": "1",
        "denoiser": "none",
        "camera-set": "3,5",
        "noise": "none",
        "nearest": "6",
        "work-dir": str(folder / "work"),
        "datasets-dir": str(folder / "datasets"),
    }
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    return [str(luigi), "--module", "pipeline", "BuildDataset", *flags]


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command(folder), cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def finish(folder: Path) -> Path:
    """Run to the end; return the dataset's folder."""
    subprocess.run(command(folder), cwd=ROOT, check=True, capture_output=True)
    (manifest,) = (folder / "datasets").rglob("dataset.json")
    return manifest.parent


def frames_done(folder: Path) -> int:
    return len(list((folder / "work").glob("frames/*/[0-9]*.exr")))


def wait_until(is_true: Callable[[], bool], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline_s, f"no sign of: {what}"
        time.sleep(0.02)


def blender_processes(folder: Path) -> list[int]:
    """Return the process numbers of the Blender children that write to a folder."""
    found: list[int] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if b"blender_scenes.cli" in words and str(folder).encode() in b" ".join(
                words
            ):
                found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finish(tmp_path_factory.mktemp("undisturbed"))


def test_a_run_interrupted_three_ways_ends_with_the_same_bytes(
    undisturbed: Path, tmp_path: Path
) -> None:
    # Ctrl-C once the first frame is there.
    run = start(tmp_path)
    wait_until(lambda: frames_done(tmp_path) >= 1, "a first frame")
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=PATIENCE_S)
    assert run.returncode != 0
    assert "Traceback" not in told
    assert "run the same command again" in told
    wait_until(lambda: not blender_processes(tmp_path), "the end of Blender")

    # The parent killed while it renders: Blender goes with it.
    before = frames_done(tmp_path)
    assert 1 <= before < FRAMES
    run = start(tmp_path)
    wait_until(lambda: frames_done(tmp_path) > before, "one frame more")
    run.kill()
    run.communicate(timeout=PATIENCE_S)
    wait_until(lambda: not blender_processes(tmp_path), "the end of Blender")
    assert frames_done(tmp_path) < FRAMES

    # Blender killed: the parent starts it again and goes on.
    run = start(tmp_path)
    wait_until(lambda: bool(blender_processes(tmp_path)), "a Blender process")
    os.kill(blender_processes(tmp_path)[0], signal.SIGKILL)
    _, told = run.communicate(timeout=PATIENCE_S)
    assert run.returncode == 0, told
    assert "Starting Blender again" in told

    (manifest,) = (tmp_path / "datasets").rglob("dataset.json")
    assert manifest.parent.name == undisturbed.name
    assert contents(manifest.parent) == contents(undisturbed)


def test_a_rendered_street_has_what_a_street_has(undisturbed: Path) -> None:
    work = undisturbed.parents[2] / "work"
    (manifest,) = work.glob("frames/*/frames.json")
    sequence = FrameSequence.load(manifest.parent)
    frame = read_frame(manifest.parent / sequence.frames[0].file)
    names = {"Road", "Sidewalk", "Building", "Sky", "Car", "Vegetation", "RoadLines"}
    seen = set(np.unique(frame.label))
    assert {LABEL_IDS[name] for name in names} <= seen
    assert np.array_equal(np.isinf(frame.depth_m), frame.label == LABEL_IDS["Sky"])
    height, width = frame.depth_m.shape
    margin = sequence.margin_px
    assert (width, height) == (96 + 2 * margin, 54 + 2 * margin)
    # Things move: the camera drives, so the flow of what is near is not zero.
    assert frame.flow_px is not None
    near = frame.depth_m < 10
    assert np.median(np.hypot(*frame.flow_px[near].T)) > 0.1


def shift_of_left(left: np.ndarray, right: np.ndarray, mask: np.ndarray) -> int:
    """Return by how many columns the right view must move to match the left."""
    shifts = range(-6, 7)
    errors = [
        np.abs(left - np.roll(right, shift, axis=1)).mean(axis=-1)[mask].mean()
        for shift in shifts
    ]
    return shifts[int(np.argmin(errors))]


def test_views_part_to_the_left_behind_focus_and_to_the_right_in_front(
    undisturbed: Path,
) -> None:
    """Camera 5 focuses at 30 m."""
    left, right, coc = (
        read(undisturbed / path / "seq_002" / f"000001{suffix}").astype(float)
        for read, path, suffix in (
            (read_png, "train_l/source", ".png"),
            (read_png, "train_r/source", ".png"),
            (read_map, "train_c/coc", ".exr"),
        )
    )
    inner = np.zeros(coc.shape, bool)
    inner[:, 8:-8] = True  # clear of what `roll` brings round
    assert shift_of_left(left, right, inner & (coc > 2)) < 0
    assert shift_of_left(left, right, inner & (coc < -5)) > 0
