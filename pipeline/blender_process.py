"""Start Blender as a child process; its exit status becomes an exception.

The child (`blender_scenes.cli`) reports on its standard output with lines that
start with ``@event``; all else that it prints goes to a log file.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blender_scenes.spec import SequenceSpec
from pipeline.errors import UserError

CHILD = (sys.executable, "-m", "blender_scenes.cli")
EVENT_MARK = "@event "
LOG_LINES_SHOWN = 15
USER_ERROR_STATUS = 2
ATTEMPTS = 2

Event = dict[str, Any]


class BlenderCrashError(Exception):
    """Blender died or hung; the message says how and shows the end of its log."""


def render_sequence(
    spec: SequenceSpec,
    folder: Path,
    log: Path,
    *,
    frame_time_limit_s: float,
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
    frame_time_limit_s : float
        Longest silence between two frames, and of start-up, seconds.
    on_event : callable
        Called with every event of the child, in order.

    Raises
    ------
    UserError
        For what the user can mend, and when Blender fails twice.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _run_once(spec, folder, log, frame_time_limit_s, on_event)
            return
        except UserError as error:
            raise UserError(f"{spec.scene.name}: {error}") from None
        except BlenderCrashError as crash:
            if attempt == ATTEMPTS:
                raise UserError(f"{spec.scene.name}: {crash}") from None
            on_event({"event": "note", "message": f"{crash}\nStarting Blender again."})


def _run_once(
    spec: SequenceSpec,
    folder: Path,
    log: Path,
    time_limit_s: float,
    on_event: Callable[[Event], None],
) -> None:
    log.write_text("", encoding="utf-8")
    with (
        tempfile.TemporaryDirectory(prefix="blender-") as scratch,
        log.open("a", buffering=1, encoding="utf-8") as out,
    ):
        spec_file = Path(scratch, "spec.json")
        spec_file.write_text(spec.to_json(), encoding="utf-8")
        # Its own session, so that Ctrl-C reaches the parent alone, which then ends
        # it; its standard input closes when the parent dies, and so does the child.
        with subprocess.Popen(
            [*CHILD, str(spec_file), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
            errors="replace",
            start_new_session=True,
            env=os.environ | {"TMPDIR": scratch},  # Blender's own go there
        ) as child:
            lines: queue.Queue[str | None] = queue.Queue()
            reader = threading.Thread(target=_read_lines, args=(child, lines))
            reader.start()
            try:
                _follow(child, lines, out.write, time_limit_s, on_event, log)
            finally:
                child.kill()
                reader.join()


def _follow(
    child: subprocess.Popen[str],
    lines: queue.Queue[str | None],
    write_log: Callable[[str], Any],
    time_limit_s: float,
    on_event: Callable[[Event], None],
    log: Path,
) -> None:
    message = None
    while True:
        event = _next_event(lines, write_log, time_limit_s)
        if event is _HUNG:
            raise BlenderCrashError(
                f"Blender reported nothing for {time_limit_s:g} s "
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
    lines: queue.Queue[str | None], write_log: Callable[[str], Any], time_limit_s: float
) -> Event | None:
    """Return the next event, None at the end, `_HUNG` after the time limit."""
    deadline = time.monotonic() + time_limit_s
    while True:
        try:
            line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return _HUNG
        if line is None:
            return None
        if line.startswith(EVENT_MARK):
            return json.loads(line.removeprefix(EVENT_MARK))
        write_log(line)


def _read_lines(child: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    if child.stdout is not None:
        for line in child.stdout:
            lines.put(line)
    lines.put(None)


def _end_of(log: Path) -> str:
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = "\n  ".join(text[-LOG_LINES_SHOWN:]) or "(empty)"
    return f" End of {log}:\n  {shown}"
