"""What a person sees while the pipeline runs: bars, messages, errors in one line."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from types import TracebackType
from typing import Any

import luigi
from luigi.parameter import ParameterException
from luigi.task_register import TaskClassException
from tqdm import tqdm

from blender_scenes.frames import FrameError
from pipeline.errors import UserError

SAID = "said"
BAR_FORMAT = (
    "{desc} {n_fmt:>3}/{total_fmt:<3} {bar:24} {elapsed} so far, {remaining} left"
)
WALK_SHOWN_AFTER_S = 2.0
USER_ERRORS = (UserError, FrameError, ParameterException, TaskClassException)


class ConsoleHandler(logging.Handler):
    """Write log records above the progress bars instead of through them."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record to standard error."""
        say(self.format(record))


class PlainFormatter(logging.Formatter):
    """Show a user's error as one line; keep the traceback of our own bugs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of one record."""
        error = record.exc_info[1] if record.exc_info else None
        while error is not None:  # Luigi wraps what a value in luigi.cfg raises
            if isinstance(error, USER_ERRORS):
                return f"error: {error}"
            error = error.__cause__
        return f"{record.levelname.lower()}: {super().format(record)}"


def say(message: str) -> None:
    """Write one message to standard error, above any progress bar."""
    tqdm.write(message, file=sys.stderr)


class FrameBar:
    """Progress of one task in frames: a bar here, status on Luigi's web page."""

    def __init__(self, task: luigi.Task, title: str) -> None:
        self._task = task
        self._title = title
        self._bar: tqdm[Any] | None = None
        self._walk_began_s = 0.0

    def start(self, total: int, done: int = 0) -> None:
        """Show ``total`` frames, ``done`` of which exist already."""
        self.close()
        self._bar = tqdm(
            total=total,
            initial=done,
            desc=f"{self._title:<34}",
            unit="frame",
            bar_format=BAR_FORMAT,
            file=sys.stderr,
        )
        self._report()

    def walk(self, number: int, total: int) -> None:
        """Show that ``number`` frames of ``total`` are evaluated, if it takes long."""
        now_s = time.monotonic()
        if number == 1:
            self.close()
            self._bar, self._walk_began_s = None, now_s
        elif self._bar is None and now_s - self._walk_began_s > WALK_SHOWN_AFTER_S:
            self._bar = tqdm(
                total=total,
                initial=number - 1,
                desc=f"{'evaluate ' + self._title.partition(' ')[2]:<34}",
                bar_format=BAR_FORMAT,
                file=sys.stderr,
                leave=False,
            )
        if self._bar is not None:
            self._bar.update()

    def advance(self) -> None:
        """Count one more finished frame."""
        if self._bar is not None:
            self._bar.update()
            self._report()

    def close(self) -> None:
        """Leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()

    def _report(self) -> None:
        bar = self._bar
        if bar is None or not bar.total:
            return
        say_status, say_percentage = (
            self._task.set_status_message,
            self._task.set_progress_percentage,
        )
        # Luigi sets these two when the task runs under a worker.
        if say_status is not None and say_percentage is not None:
            say_status(f"{self._title}: frame {bar.n} of {bar.total}{_time_left(bar)}")
            say_percentage(round(100 * bar.n / bar.total))


def _time_left(bar: tqdm[Any]) -> str:
    rate = bar.format_dict["rate"]
    if not rate:
        return ""
    return f", {tqdm.format_interval((bar.total - bar.n) / rate)} left"


@contextlib.contextmanager
def frame_bar(task: luigi.Task, title: str) -> Generator[FrameBar]:
    """Show a bar while a task works; close it whatever happens."""
    bar = FrameBar(task, title)
    try:
        yield bar
    finally:
        bar.close()


@contextlib.contextmanager
def plain_failures(place: Path | None = None) -> Generator[None]:
    """Turn a full disk or a forbidden folder into one line, and Ctrl-C into another.

    Parameters
    ----------
    place : Path, optional
        What is written: to be named where an error names no file.

    Raises
    ------
    UserError
        In place of any OSError, naming the file and the cause.
    """
    try:
        yield
    except OSError as error:
        where = (
            error.filename2 or error.filename or place or "a file"
        )  # a copy's target
        raise UserError(
            f"{where}: {error.strerror or error}; expected a writable folder with "
            "room. Finished frames are kept: run the same command again"
        ) from error
    except KeyboardInterrupt as stop:
        if stop.args != (SAID,):  # a task's own block may have said so
            sys.excepthook = _without_traceback(sys.excepthook)
            say("interrupted; finished frames are kept: run the same command again")
            stop.args = (SAID,)
        raise


ExceptHook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def _without_traceback(hook: ExceptHook) -> ExceptHook:
    """Python ends with status 130 on Ctrl-C; only its traceback is unwanted."""

    def quiet(
        kind: type[BaseException],
        error: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            hook(kind, error, traceback)

    return quiet
