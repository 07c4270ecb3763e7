"""Events for the parent process: lines of JSON on standard output."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from blender_scenes.external_files import FileReference
from blender_scenes.notes import Note

PREFIX = "@event "


@dataclass(frozen=True)
class EventWriter:
    """Writes events to a file descriptor that nothing else writes to."""

    descriptor: int

    def start(self, frames: list[int], missing: list[int]) -> None:
        """Say which frames make up the sequence and which will be rendered."""
        self._write({"event": "start", "frames": frames, "missing": missing})

    def walk(self, number: int, total: int) -> None:
        """Say how many of the frames to be walked through are evaluated."""
        self._write({"event": "walk", "number": number, "total": total})

    def frame(self, number: int) -> None:
        """Say that a frame is on disk."""
        self._write({"event": "frame", "number": number})

    def message(self, message: str) -> None:
        """Tell the user something about this run, which the frames do not keep."""
        self._write({"event": "message", "message": one_line(message)})

    def note(self, note: Note) -> None:
        """Tell something about the frames, which ``frames.json`` keeps."""
        self._write({"event": "note", **note.described()})

    def files(self, references: Iterable[FileReference]) -> None:
        """Say which files a .blend reads."""
        rows = [dataclasses.asdict(reference) for reference in references]
        self._write({"event": "files", "references": rows})

    def done(self) -> None:
        """Say that ``frames.json`` is on disk."""
        self._write({"event": "done"})

    def error(self, message: str) -> None:
        """Report a user's mistake."""
        self._write({"event": "error", "message": one_line(message)})

    def _write(self, event: dict[str, object]) -> None:
        line = (PREFIX + json.dumps(event) + "\n").encode()
        while line:
            line = line[os.write(self.descriptor, line) :]


def one_line(message: str) -> str:
    r"""Return the message with every run of white space made one blank.

    Examples
    --------
    >>> one_line("Error: cannot read\n  file ")
    'Error: cannot read file'
    """
    return " ".join(message.split())


def claim_standard_output() -> EventWriter:
    """Return a writer on standard output and send all other output to the log.

    Blender prints from C through a buffer that may be flushed in the middle of
    a line, so its output gets another descriptor: standard error.
    """
    sys.stdout.flush()
    descriptor = os.dup(1)
    os.dup2(2, 1)
    return EventWriter(descriptor)
