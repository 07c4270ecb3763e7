"""A run under luigid ends when all is there, whoever has made it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import luigi
import pytest
from luigi.scheduler import Scheduler
from luigi.worker import Worker

import pipeline
from pipeline import luigi_worker
from pipeline.luigi_worker import PatientWorker, say_killed

assert pipeline  # registers what is tested


class Made(luigi.Task):
    """Makes a file, unless there is one that says that it fails."""

    path: luigi.Parameter[str] = luigi.Parameter()

    def output(self) -> luigi.LocalTarget:
        return luigi.LocalTarget(self.path)

    def folder(self) -> Path:
        return Path(self.path)

    def run(self) -> None:
        if Path(f"{self.path}.fails").exists():
            raise ValueError("asked to fail")
        Path(self.path).write_text("here", encoding="utf-8")


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(luigi_worker, "POLL_S", 0.05)
    monkeypatch.setattr(luigi_worker, "ASK_ANEW_S", 0.1)
    monkeypatch.setattr(luigi_worker, "GIVE_UP_S", 0.5)


@pytest.fixture
def task(tmp_path: Path) -> Made:
    return Made(path=str(tmp_path / "made"))


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler(worker_disconnect_delay=1.5, retry_delay=-1)


@pytest.fixture
def other(scheduler: Scheduler, task: Made) -> Worker:
    """A worker of another run, which has the task in hand."""
    other = Worker(scheduler=scheduler, worker_id="other")
    other._worker_info = [("host", "elsewhere"), ("pid", 4711)]
    other.add(task)
    other._add_worker()
    assert other._get_work().task_id == task.task_id
    return other


@pytest.fixture
def worker(scheduler: Scheduler) -> Iterator[PatientWorker]:
    with PatientWorker(scheduler=scheduler, worker_id="ours") as worker:
        yield worker


def statuses(worker: Worker) -> set[str]:
    """Return what Luigi makes the exit status from."""
    return {status for _, status, _ in worker._add_task_history}


def report(other: Worker, task: Made, status: str) -> None:
    """Tell luigid how the other run's task ended."""
    other._add_task(worker="other", task_id=task.task_id, status=status, runnable=None)


def test_alone_it_does_the_work(worker: PatientWorker, task: Made) -> None:
    worker.add(task)
    assert worker.run()
    assert task.complete()
    assert statuses(worker) == {"DONE"}


def test_it_waits_for_what_another_run_has_in_hand(
    worker: PatientWorker,
    other: Worker,
    task: Made,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def finish() -> None:
        task.run()
        report(other, task, "DONE")

    threading.Timer(0.5, finish).start()
    worker.add(task)
    assert worker.run()
    assert task.complete()
    assert statuses(worker) == {"DONE"}
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Made made: process 4711 on elsewhere works on this")


@pytest.mark.usefixtures("other")
def test_it_takes_up_what_a_lost_run_had_in_hand(
    worker: PatientWorker, task: Made
) -> None:
    worker.add(task)
    assert worker.run()
    assert task.complete()
    assert statuses(worker) == {"DONE"}


def test_what_failed_elsewhere_is_tried_here(
    worker: PatientWorker, other: Worker, task: Made
) -> None:
    worker.add(task)
    report(other, task, "FAILED")
    assert worker.run()
    assert task.complete()


@pytest.mark.parametrize("is_elsewhere_first", [True, False])
def test_what_fails_here_ends_the_run_as_a_failure(
    worker: PatientWorker,
    scheduler: Scheduler,
    task: Made,
    is_elsewhere_first: bool,
    request: pytest.FixtureRequest,
) -> None:
    Path(f"{task.path}.fails").touch()
    if is_elsewhere_first:
        report(request.getfixturevalue("other"), task, "FAILED")
    worker.add(task)
    assert not worker.run()
    assert "FAILED" in statuses(worker)


def test_a_luigid_that_was_started_again_is_told_anew(
    worker: PatientWorker, task: Made
) -> None:
    worker.add(task)
    worker._scheduler = Scheduler()  # knows nothing
    assert worker.run()
    assert task.complete()


def test_it_says_that_it_ends_unfinished_where_luigid_holds_the_work_back(
    task: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    strict = Scheduler(retry_count=1)  # disables what has failed once
    other = Worker(scheduler=strict, worker_id="other")
    other.add(task)
    other._get_work()
    report(other, task, "FAILED")
    with PatientWorker(scheduler=strict, worker_id="ours") as worker:
        worker.add(task)
        worker.run()
    assert "PENDING" in statuses(worker)  # which Luigi ends with `not_run` for
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("unfinished: luigid holds back what is left")


def test_a_killed_worker_process_is_said(
    task: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    say_killed(task, f"Task {task.task_id} died unexpectedly with exit code -9")
    _, line = capsys.readouterr().err.splitlines()
    assert line.startswith("error: Made made: its process ended with status -9")
