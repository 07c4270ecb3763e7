"""Two runs of one command at once: one dataset, two successes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pipeline import layout
from tests.pipeline.conftest import build, contents, small

ROOT = Path(__file__).parents[2]
LUIGI = Path(__file__).with_name("luigi_with_fake_blender.py")


Starts = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starts]:
    """Starts the command that `conftest.finished` has run, with a slow Blender."""
    runs: list[subprocess.Popen[str]] = []

    def started(*more: str, frame_s: float = 0.5) -> subprocess.Popen[str]:
        options = small(tmp_path).items()
        flags = [(f"--{name.replace('_', '-')}", str(value)) for name, value in options]
        runs.append(
            subprocess.Popen(
                [sys.executable, str(LUIGI), "BuildDataset", *sum(flags, ()), *more],
                cwd=ROOT,
                env=os.environ
                | {"FAKE_BLENDER_FRAME_S": str(frame_s), "PYTHONPATH": str(ROOT)},
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return runs[-1]

    yield started
    for run in runs:
        if run.poll() is None:
            run.kill()
            run.communicate()


def said(run: subprocess.Popen[str]) -> list[str]:
    """Wait for a run; return the lines that it has said, without progress bars."""
    _, text = run.communicate(timeout=200)
    assert run.returncode == 0, text
    lines = text.replace("\r", "\n").splitlines()
    return [line for line in lines if line.strip() and "so far" not in line]


def frames_begun(folder: Path) -> Path:
    """Wait until a run has a frame in hand; return the frame folder."""
    deadline_s = time.monotonic() + 100
    while time.monotonic() < deadline_s:
        for partial in folder.glob("work/frames/street-1-*/.blender.*.part"):
            return partial.parent
        time.sleep(0.02)
    raise AssertionError("no run has begun")


def test_the_second_of_two_runs_waits_and_says_for_whom(
    dataset: Path, tmp_path: Path, start: Starts
) -> None:
    first = start(frame_s=1.5)
    frames = frames_begun(tmp_path)
    second = start()
    assert [line for line in said(first) if "waiting" in line] == []
    (told,) = [line for line in said(second) if "waiting" in line]
    expected = rf"\w+ of street-\d.*: process {first.pid} on \S+, since 20"
    assert re.match(expected, told)
    built = tmp_path / "datasets" / dataset.parent.name / dataset.name
    assert contents(built) == contents(dataset)
    for folder in (frames.parent, built.parent, tmp_path / "work" / "views"):
        assert [path.name for path in folder.glob(".*")] == []


def test_what_a_killed_run_left_is_gone_after_the_next(
    dataset: Path, tmp_path: Path, start: Starts
) -> None:
    first = start(frame_s=5.0)
    frames = frames_begun(tmp_path)
    first.kill()
    first.communicate()
    assert list(frames.glob(".*.part"))
    said(start(frame_s=0.0))
    assert not list(frames.glob(".*.part"))
    assert [path.name for path in frames.parent.glob(".*")] == []
    built = tmp_path / "datasets" / dataset.parent.name / dataset.name
    assert contents(built) == contents(dataset)


def test_the_processes_of_a_killed_run_end_with_it(
    tmp_path: Path, start: Starts
) -> None:
    run = start("--workers", "2", frame_s=5.0)
    frames_begun(tmp_path)
    deadline_s = time.monotonic() + 60
    while len(children := psutil.Process(run.pid).children(recursive=True)) < 4:
        assert time.monotonic() < deadline_s  # two workers, two of Blender
        time.sleep(0.05)
    run.kill()
    run.communicate()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_a_dataset_that_another_run_has_built_meanwhile_is_not_built_again(
    dataset: Path, finished: Path
) -> None:
    from pipeline import BuildDataset

    task = BuildDataset(**small(finished))
    before = (dataset / layout.DATASET_MANIFEST).stat().st_mtime_ns
    task.run()
    for needed in task.view_tasks():
        needed.run()
        needed.frames_task().run()
    assert (dataset / layout.DATASET_MANIFEST).stat().st_mtime_ns == before


def test_an_interrupted_build_leaves_no_half_dataset(
    small_dataset: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.tasks import dataset as module

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_previews", full)
    done, task = build(small_dataset)
    assert not done
    assert list(task.folder().parent.iterdir()) == []
