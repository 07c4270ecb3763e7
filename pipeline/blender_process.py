"""Start Blender as a child process; its exit status becomes an exception.

The child (`blender_scenes.cli`) reports on its standard output with lines that
start with ``@event``; all else that it prints goes to a log file.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from blender_scenes.own_names import partial_folder, remove_partials_in
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec
from pipeline.errors import UserError

CHILD = (sys.executable, "-m", "blender_scenes.cli")
EVENT_MARK = "@event "
LOG_LINES_SHOWN = 15
USER_ERROR_STATUS = 2
ATTEMPTS = 2
MEMORY_CHECK_S = 0.5

Event = dict[str, Any]


@dataclass(frozen=True)
class BlenderLimits:
    """What a Blender process may take.

    Parameters
    ----------
    silence_s : float
        Longest time between two frames, and of start-up, seconds.
    memory_gb : float or None
        Resident memory, 1e9 bytes; None allows nine tenths of the machine's.
    """

    silence_s: float
    memory_gb: float | None = None

    @property
    def memory_limit_gb(self) -> float:
        """The memory that it may hold, 1e9 bytes."""
        return self.memory_gb or 0.9e-9 * psutil.virtual_memory().total


class BlenderCrashError(Exception):
    """Blender died or hung; the message says how and shows the end of its log."""


def render_sequence(
    spec: SequenceSpec,
    folder: Path,
    log: Path,
    *,
    limits: BlenderLimits,
    on_event: Callable[[Event], None],
) -> None:
    """Render what is missing of a sequence into its frame folder.

    Parameters
    ----------
    spec : SequenceSpec
    folder : Path
        Frame folder; finished frames in it are kept.
    log : Path
        Receives what Blender prints.
    limits : BlenderLimits
    on_event : callable
        Called with every event of the child, in order.

    Raises
    ------
    UserError
        For what the user can mend, and when Blender fails twice.
    """
    _run(spec, folder, log, limits, on_event)


def list_files(
    scene: SceneSpec, folder: Path, log: Path, *, limits: BlenderLimits
) -> list[dict[str, Any]]:
    """Return which files a scene reads, as Blender's child says it.

    Parameters
    ----------
    scene : SceneSpec
    folder : Path
        For what is needed meanwhile; nothing stays in it.
    log : Path
        Receives what Blender prints.
    limits : BlenderLimits

    Raises
    ------
    UserError
        If the scene can't be opened.
    """
    found: list[Event] = []
    spec = SequenceSpec(scene, RenderSpec())
    _run(spec, folder, log, limits, found.append, ("--list-files",))
    listings = [one["references"] for one in found if one["event"] == "files"]
    return listings[-1]  # a Blender that crashed may have said it before


def _run(
    spec: SequenceSpec,
    folder: Path,
    log: Path,
    limits: BlenderLimits,
    on_event: Callable[[Event], None],
    flags: tuple[str, ...] = (),
) -> None:
    """Run Blender; once more if it crashes."""
    log.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _run_once(spec, folder, log, limits, on_event, flags)
            return
        except UserError as error:
            raise UserError(f"{spec.scene.name}: {error}") from None
        except BlenderCrashError as crash:
            if attempt == ATTEMPTS:
                raise UserError(f"{spec.scene.name}: {crash}") from None
            text = f"{crash}\nStarting Blender again."
            on_event({"event": "message", "message": text})


def _run_once(
    spec: SequenceSpec,
    folder: Path,
    log: Path,
    limits: BlenderLimits,
    on_event: Callable[[Event], None],
    flags: tuple[str, ...] = (),
) -> None:
    log.write_text("", encoding="utf-8")
    with (
        _scratch(folder) as scratch,
        log.open("a", buffering=1, encoding="utf-8") as out,
    ):
        spec_file = scratch / "spec.json"
        spec_file.write_text(spec.to_json(), encoding="utf-8")
        # Its own session, so that Ctrl-C reaches the parent alone, which then ends
        # it; its standard input closes when the parent dies, and so does the child.
        with subprocess.Popen(
            [*CHILD, *flags, str(spec_file), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
            errors="replace",
            start_new_session=True,
            # Blender's own files go there, and nothing of the user's is read.
            env=os.environ | {"TMPDIR": str(scratch), "HOME": str(scratch)},
        ) as child:
            lines: queue.Queue[str | None] = queue.Queue()
            reader = threading.Thread(target=_read_lines, args=(child, lines))
            reader.start()
            try:
                _follow(child, lines, out.write, limits, on_event, log)
            finally:
                child.kill()
                reader.join()


@contextlib.contextmanager
def _scratch(folder: Path) -> Generator[Path]:
    """Give an empty folder of this run's own, inside the frame folder.

    There the next run finds it if this one is killed, and the child removes it before
    it writes the manifest.
    """
    try:
        with partial_folder(folder.absolute() / "blender") as scratch:
            yield scratch
    finally:
        remove_partials_in(folder)  # what a child that was ended has left


def _follow(
    child: subprocess.Popen[str],
    lines: queue.Queue[str | None],
    write_log: Callable[[str], Any],
    limits: BlenderLimits,
    on_event: Callable[[Event], None],
    log: Path,
) -> None:
    message = None
    while True:
        event = _next_event(child, lines, write_log, limits)
        if event is _HUNG:
            raise BlenderCrashError(
                f"Blender reported nothing for {limits.silence_s:g} s "
                f"(--frame-time-limit) and was ended.{_end_of(log)}"
            )
        if event is None:
            break
        if event["event"] == "error":
            message = str(event["message"])
        else:
            on_event(event)
    status = child.wait()
    if status == USER_ERROR_STATUS and message is not None:
        raise UserError(message)
    if status != 0:
        raise BlenderCrashError(f"Blender ended with status {status}.{_end_of(log)}")


_HUNG: Event = {}


def _next_event(
    child: subprocess.Popen[str],
    lines: queue.Queue[str | None],
    write_log: Callable[[str], Any],
    limits: BlenderLimits,
) -> Event | None:
    """Return the next event, None at the end, `_HUNG` after the time limit.

    Raises
    ------
    UserError
        If the child holds more memory than it may.
    """
    deadline = time.monotonic() + limits.silence_s
    while (left_s := deadline - time.monotonic()) > 0:
        _check_memory(child.pid, limits)
        try:
            line = lines.get(timeout=min(left_s, MEMORY_CHECK_S))
        except queue.Empty:
            continue
        if line is None:
            return None
        if line.startswith(EVENT_MARK):
            return json.loads(line.removeprefix(EVENT_MARK))
        write_log(line)
    return _HUNG


def _check_memory(pid: int, limits: BlenderLimits) -> None:
    """Raise UserError if a process holds more memory than it may."""
    try:
        held_gb = psutil.Process(pid).memory_info().rss / 1e9
    except psutil.Error:
        return  # it has just ended
    if held_gb > limits.memory_limit_gb:
        raise UserError(
            f"Blender holds {_size_in_words(held_gb)}, expected at most "
            f"{_size_in_words(limits.memory_limit_gb)} (--memory-limit, in GB) and was "
            "ended; a smaller --size or a simpler scene needs less"
        )


def _size_in_words(size_gb: float) -> str:
    """Return a size in a unit that shows it.

    Examples
    --------
    >>> _size_in_words(12.34), _size_in_words(0.0123)
    ('12.3 GB', '12.3 MB')
    """
    return f"{size_gb:.3g} GB" if size_gb >= 1 else f"{1000 * size_gb:.3g} MB"


def _read_lines(child: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    if child.stdout is not None:
        for line in child.stdout:
            lines.put(line)
    lines.put(None)


def _end_of(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = "\n  ".join(text[-LOG_LINES_SHOWN:]) or "(empty)"
    return f" End of {log}:\n  {shown}"
