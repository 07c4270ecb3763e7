"""A child process that is followed without ever waiting for it.

Standard library only: what runs is somebody else's concern.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PROGRESS_MARK = "@progress "
ERROR_MARK = "@error "

LINES_KEPT = 40
END_S = 5.0  # a killed process that takes longer is the system's concern


class ChildProcess:
    """A process whose output is read line by line in a thread.

    Its standard input stays open as long as this process lives, and nothing is
    written to it: a child that reads it learns by its end that its parent has died.
    It leads a process group of its own, and `stop` ends the whole group.

    Parameters
    ----------
    command : sequence of str
    environment : mapping, optional
        Added to this process's own.
    folder : Path, optional
        Working folder.

    Raises
    ------
    OSError
        If the program cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._last_lines: deque[str] = deque(maxlen=LINES_KEPT)
        self._has_all_output = False
        self._heard_at_s = time.monotonic()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, **(environment or {})},
            cwd=folder,
            **_own_group(),
        )
        self._reader = threading.Thread(
            target=self._read, name="dual_pixel child output", daemon=True
        )
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def new_lines(self) -> list[str]:
        """Return the lines of output and errors since the last call; never waits."""
        lines: list[str] = []
        while not self._lines.empty():
            line = self._lines.get()
            if line is None:
                self._has_all_output = True
                break
            lines.append(line)
        if lines:
            self._heard_at_s = time.monotonic()
            self._last_lines.extend(lines)
        return lines

    @property
    def exit_status(self) -> int | None:
        """The exit status once all output has been taken; None before.

        Negative where a signal ended the process.
        """
        return self._process.poll() if self._has_all_output else None

    @property
    def silence_s(self) -> float:
        """Seconds since the last line was taken, or since the start."""
        return time.monotonic() - self._heard_at_s

    @property
    def last_lines(self) -> tuple[str, ...]:
        """The end of the output, `LINES_KEPT` lines at most."""
        return tuple(self._last_lines)

    def interrupt(self) -> None:
        """Ask the group to end, as Ctrl-C in a terminal does; returns at once."""
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            _signal_group(self._process.pid, signal.SIGINT)

    def stop(self) -> None:
        """End the process and its group now, if they still run, and free its pipes."""
        if sys.platform == "win32":
            if self._process.poll() is None:
                subprocess.run(
                    ["taskkill", "/F", "/T", "/PID", str(self._process.pid)],
                    capture_output=True,
                    check=False,
                )
        else:
            _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait(END_S)
        self._reader.join(END_S)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


def _own_group() -> dict[str, Any]:
    """Return the options of Popen that start a process group, without a console."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags}
    return {"start_new_session": True}


def _signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # all of it has ended


@dataclass(frozen=True)
class JobStatus:
    """How far a job has come.

    Parameters
    ----------
    progress : float
        0 to 1.
    text : str
        What it is doing, a few words.
    finished : bool
        Whether it has ended, well or not.
    error : str
        One line for the person; "" if nothing went wrong.
    """

    progress: float = 0.0
    text: str = ""
    finished: bool = False
    error: str = ""


class RenderJob:
    """A child Blender that renders, and says how far it has come.

    It tells by lines ``@progress SHARE TEXT`` and ``@error TEXT``; all else that it
    prints is kept for the case that it dies.

    Parameters
    ----------
    silence_limit_s : float
        A child that prints nothing for so long is ended.
    """

    def __init__(self, silence_limit_s: float = 600.0) -> None:
        self._silence_limit_s = silence_limit_s
        self._child: ChildProcess | None = None
        self._status = JobStatus(text="Starting Blender")

    def start(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start the child.

        Raises
        ------
        OSError
            If it cannot be started.
        """
        self._child = ChildProcess(command, environment=environment)

    def poll(self) -> JobStatus:
        """Return how far the job has come; never waits."""
        child = self._child
        if child is None or self._status.finished:
            return self._status
        for line in child.new_lines():
            self._status = _followed(self._status, line)
        if child.exit_status is not None:
            self._end(_reason(self._status, child))
        elif child.silence_s > self._silence_limit_s:
            self._end(f"Blender said nothing for {self._silence_limit_s:g} s: ended")
        return self._status

    def cancel(self) -> None:
        """End the child, if it still runs; the job has then finished."""
        if self._child is not None and not self._status.finished:
            self._end("Cancelled")

    def _end(self, error: str) -> None:
        assert self._child is not None
        self._child.stop()
        progress = self._status.progress if error else 1.0
        self._status = replace(
            self._status, progress=progress, finished=True, error=error
        )


def _followed(status: JobStatus, line: str) -> JobStatus:
    """Return the status after a line of output."""
    if line.startswith(PROGRESS_MARK):
        share, _, text = line.removeprefix(PROGRESS_MARK).partition(" ")
        progress = min(max(float(share), status.progress), 1.0)
        return replace(status, progress=progress, text=text)
    if line.startswith(ERROR_MARK):
        return replace(status, error=line.removeprefix(ERROR_MARK))
    return status


def _reason(status: JobStatus, child: ChildProcess) -> str:
    """Return why a child that has ended did not do its work; "" if it did."""
    if child.exit_status == 0:
        return ""
    if status.error:
        return status.error
    said = [line for line in child.last_lines if line.strip()]
    last = f": {' '.join(said[-1].split())}" if said else ""
    return f"Blender ended with status {child.exit_status}{last}"
