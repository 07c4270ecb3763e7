"""A run of the pipeline: started, followed without waiting, ended in good order."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from blender_scenes.addon.dataset.progress import BuildProgress, failure
from blender_scenes.addon.preview.job import ChildProcess

GRACE_S = 10.0
POLL_S = 0.1
ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8",
    "COLUMNS": "200",  # or bars are cut to a terminal's width
}


class BuildJob:
    """One run of ``BuildDataset``.

    Parameters
    ----------
    command : sequence of str
    folder : Path
        The pipeline's folder.
    cameras : int
        Cameras that the scene is seen through.

    Raises
    ------
    OSError
        If it cannot be started.
    """

    def __init__(self, command: Sequence[str], folder: Path, cameras: int) -> None:
        self.progress = BuildProgress(cameras)
        self.error = ""
        self.is_finished = False
        self.is_cancelled = False
        self._kill_at_s = 0.0
        self._child = ChildProcess(command, environment=ENVIRONMENT, folder=folder)

    def poll(self) -> bool:
        """Take in what the pipeline said; tell whether it has ended. Never waits."""
        if self.is_finished:
            return True
        for line in self._child.new_lines():
            self.progress = self.progress.after(line)
        status = self._child.exit_status
        if status is not None:
            self._finish(failure(self.progress, status))
        elif self.is_cancelled and time.monotonic() > self._kill_at_s:
            self._finish("")
        return self.is_finished

    def cancel(self) -> None:
        """Ask the pipeline to end, as Ctrl-C does; `poll` ends it if it does not."""
        if self.is_finished or self.is_cancelled:
            return
        self.is_cancelled = True
        self._kill_at_s = time.monotonic() + GRACE_S
        self._child.interrupt()

    def wait(self, timeout_s: float) -> bool:
        """Wait until the pipeline has ended, for so long at most; tell whether."""
        end_s = time.monotonic() + timeout_s
        while not self.poll() and time.monotonic() < end_s:
            time.sleep(POLL_S)
        return self.is_finished

    def close(self) -> None:
        """End it now, with a moment for its good order."""
        self.cancel()
        if not self.wait(timeout_s=2.0):
            self._finish("")

    def _finish(self, error: str) -> None:
        self._child.stop()
        self.is_finished = True
        self.error = "" if self.is_cancelled else error
