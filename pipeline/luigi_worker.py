"""Luigi workers that end when the work is done, whoever does it.

Luigi's own leaves as soon as all that is left runs elsewhere, with a status that calls
that a failure, and never takes up what a lost host had in hand. Luigi has no setting
for either, so this extends `luigi.worker.Worker`, which Luigi calls private: pyproject
names the versions that this is for (docs/decisions/0009-locks-and-waiting.md).
"""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import threading
import time
from typing import Any

import luigi
from luigi import interface
from luigi.scheduler import Scheduler
from luigi.task_status import DONE, FAILED
from luigi.worker import TaskProcess, Worker

from pipeline.console import USER_ERRORS, plain_failures, say
from pipeline.luigid import Luigid

POLL_S = 2.0
ASK_ANEW_S = 10.0
GIVE_UP_S = 30.0  # so long nothing is done anywhere before a run ends unfinished


class PlainWorker(Worker):
    """Luigi's own, which says in one line why a task cannot be scheduled."""

    def _log_complete_error(self, task: luigi.Task, tb: str) -> None:
        """Say what was wrong when a task was asked whether it is complete."""
        if not _say_user_error(tb):
            super()._log_complete_error(task, tb)

    def _log_dependency_error(self, task: luigi.Task, tb: str) -> None:
        """Say what was wrong when a task was asked what it needs."""
        if not _say_user_error(tb):
            super()._log_dependency_error(task, tb)


def _say_user_error(traceback: str) -> bool:
    """Say the last line of a traceback if it is a user's error; return whether it is.

    Luigi hands on nothing but the text.
    """
    last = traceback.strip().rpartition("\n")[2]
    names = (f"{kind.__module__}.{kind.__qualname__}: " for kind in USER_ERRORS)
    for name in names:
        if last.startswith(name):
            say(f"error: {last.removeprefix(name)}")
            return True
    return False


class PatientWorker(PlainWorker):
    """Works under luigid, beside other runs, until all that it was asked for is there.

    What another run has in hand is waited for. What that run failed at, or was killed
    at, is then tried here.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._roots: list[luigi.Task] = []
        self._has_begun = False
        self._told: set[str] = set()

    def add(
        self, task: luigi.Task, multiprocess: bool = False, processes: int = 0
    ) -> bool:
        """Schedule a task and all that it needs; return whether that went well."""
        if not self._has_begun:
            self._roots.append(task)
        return super().add(task, multiprocess, processes)

    def run(self) -> bool:
        """Work until all is there; return whether it is.

        If a task has failed here, end when nothing more can be done, as Luigi does.
        """
        self._has_begun = True
        with plain_failures():
            succeeded = super().run()
            if self._assistant or self._stop_requesting_work:
                return succeeded  # it has no work of its own, or was told to stop
            if succeeded:
                succeeded = self._wait_and_work()
            if self._is_all_there():
                self._forget_how()
                return True
            return succeeded

    def _is_all_there(self) -> bool:
        return all(root.complete() for root in self._roots)

    def _wait_and_work(self) -> bool:
        """Do what becomes possible while others work; return whether all went well."""
        seen: Any = None
        active_s = asked_s = time.monotonic()
        while not (self._stop_requesting_work or self._is_all_there()):
            time.sleep(POLL_S)
            now_s = time.monotonic()
            has_revived = self._revive_failed()
            state = self._scheduler.count_pending(worker=self._id)
            others = state["running_tasks"]
            if others or has_revived:
                active_s = now_s
            elif now_s - active_s > GIVE_UP_S:
                say(
                    "unfinished: luigid holds back what is left, and no other run "
                    "works on it. Its web page says why; run the same command again"
                )
                return True
            elif now_s - asked_s > ASK_ANEW_S or seen is None:
                # Luigid was started again, and knows nothing of it.
                asked_s = now_s
                if not all(self.add(root) for root in self._roots):
                    return False
            self._tell(others)
            if state != seen or has_revived or not others:
                done = len(self._get_work_response_history)
                if not super().run():
                    return False
                if len(self._get_work_response_history) > done + 1:
                    active_s = time.monotonic()
            seen = state
        return True

    def _revive_failed(self) -> bool:
        """Have what failed elsewhere given out again; return whether anything was.

        Luigid looks for lost workers when it is asked for this list.
        """
        failed = set(self._scheduler.task_list(FAILED, "")) & set(self._scheduled_tasks)
        for task_id in failed:
            self._scheduler.forgive_failures(task_id)
        return bool(failed)

    def _tell(self, running: list[dict[str, Any]]) -> None:
        """Say once of each other run what it works on."""
        for row in running:
            if row["worker"] in self._told:
                continue
            self._told.add(row["worker"])
            who = f"process {row.get('pid', '?')} on {row.get('host', '?')}"
            say(
                f"{self._words(row['task_id'])}: {who} works on this, says luigid; "
                "waiting. If that has died it is taken up here, about a minute after "
                "its last sign of life"
            )

    def _words(self, task_id: str) -> str:
        """Return what a task is, for a person."""
        task = self._scheduled_tasks.get(task_id)
        folder = getattr(task, "folder", None)
        if task is None or folder is None:
            return task_id
        return f"{task.task_family} {folder().name}"

    def _forget_how(self) -> None:
        """Leave nothing but success in what Luigi makes its exit status from."""
        done = {task for task, status, _ in self._add_task_history if status == DONE}
        for root in self._roots:
            if root not in done:
                self.add(root)  # and it says where it lies
        self._add_task_history = [(root, DONE, False) for root in self._roots]
        self._get_work_response_history = []


class WorkerSchedulerFactory(interface._WorkerSchedulerFactory):
    """Makes the workers and schedulers of ``luigi`` and `luigi.build`."""

    def create_remote_scheduler(self, url: str) -> Luigid:
        """Return luigid.

        Raises
        ------
        UserError
            If it does not answer.
        """
        return Luigid(url)

    def create_worker(
        self,
        scheduler: Scheduler | Luigid,
        worker_processes: int,
        assistant: bool = False,
    ) -> Worker:
        """Return a worker: one that waits where others can be at work."""
        kind = PatientWorker if isinstance(scheduler, Luigid) else PlainWorker
        return kind(
            scheduler=scheduler, worker_processes=worker_processes, assistant=assistant
        )


class EndsWithParent:
    """Ends a worker process when the run that started it is killed.

    Luigi enters it around every task (``task_process_context`` in `luigi.cfg`). A
    Blender that the worker has started ends with it.
    """

    def __init__(self, process: TaskProcess) -> None:
        """Take what Luigi gives; there is nothing to know of it."""

    def __enter__(self) -> None:
        """Begin to watch, unless the task runs in the process of the run itself."""
        parent = multiprocessing.parent_process()
        if parent is not None:
            threading.Thread(
                target=_end_with, args=(parent.sentinel,), daemon=True
            ).start()

    def __exit__(self, *_: object) -> None:
        """Leave it at that: the process ends with its task."""


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


@luigi.Task.event_handler(luigi.Event.PROCESS_FAILURE)
def say_killed(task: luigi.Task, message: str) -> None:
    """Say that a worker process was killed; Luigi does not."""
    folder = getattr(task, "folder", None)
    name = folder().name if folder else task.task_id
    status = message.rpartition(" ")[2]
    say(  # on a line of its own: another process may draw a progress bar there
        f"\nerror: {task.task_family} {name}: its process ended with status {status}; "
        "killed, perhaps for want of memory? What is finished is kept: run the same "
        "command again"
    )


def install() -> None:
    """Have ``luigi`` use these; it has no option for it, only an argument of `run`."""
    interface._WorkerSchedulerFactory = WorkerSchedulerFactory
