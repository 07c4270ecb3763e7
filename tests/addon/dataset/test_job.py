"""A run of the pipeline is followed and ended; a stand-in runs in its place."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from blender_scenes.addon.dataset import job as job_module
from blender_scenes.addon.dataset.job import BuildJob

FAKE = Path(__file__).with_name("fake_pipeline.py")
LONG_S = 30.0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., BuildJob]]:
    jobs: list[BuildJob] = []

    def start(*arguments: str) -> BuildJob:
        command = [sys.executable, str(FAKE), *arguments]
        jobs.append(BuildJob(command, tmp_path, cameras=1))
        return jobs[-1]

    yield start
    for job in jobs:
        job.close()


def wait_until_it_renders(job: BuildJob) -> None:
    end_s = time.monotonic() + LONG_S
    while "2 of 3" not in job.progress.text:
        assert not job.poll()
        assert time.monotonic() < end_s
        time.sleep(0.02)


def test_a_run_is_followed_to_its_end(
    start: Callable[..., BuildJob], tmp_path: Path
) -> None:
    job = start("finish", str(tmp_path))
    assert job.wait(LONG_S)
    assert job.error == ""
    assert job.progress.folder == tmp_path
    assert job.progress.share == 1


def test_an_error_is_the_pipelines_own_line(start: Callable[..., BuildJob]) -> None:
    job = start("fail")
    assert job.wait(LONG_S)
    assert job.error == "a.blend: no such file"


def test_a_cancelled_run_ends_as_ctrl_c_does(start: Callable[..., BuildJob]) -> None:
    job = start("wait")
    wait_until_it_renders(job)
    job.cancel()
    assert job.is_cancelled
    assert job.wait(LONG_S)
    assert job.error == ""
    assert "interrupted" in job.progress.notes


def test_a_run_that_does_not_hear_is_ended_after_the_grace(
    start: Callable[..., BuildJob], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_module, "GRACE_S", 0.5)
    job = start("deaf")
    wait_until_it_renders(job)
    job.cancel()
    assert not job.poll()
    assert job.wait(LONG_S)
    assert job.error == ""


def test_polling_does_not_wait(start: Callable[..., BuildJob]) -> None:
    job = start("wait")
    before_s = time.monotonic()
    assert not job.poll()
    assert time.monotonic() - before_s < 0.2  # seconds; a person does not notice


def test_a_program_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        BuildJob([str(tmp_path / "gone")], tmp_path, cameras=1)
