"""Hands and eyes of a test inside a Blender with a window.

A driver script has one generator function, ``steps()``.  It yields the seconds to wait
before it goes on; Blender's own loop runs meanwhile.  Positions are in pixels of the
window, from its bottom left corner.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import bpy
import numpy as np

Steps = Generator[float, None, Any]
Point = tuple[float, float]

SHARED = Path(os.environ["UI_SHARED"])
HOVER_S = 0.01
PRESS_S = 0.05
DRAWN_S = 0.4  # after which a redraw asked for has surely happened
_KEYS = {
    "0": "ZERO", "1": "ONE", "2": "TWO", "3": "THREE", "4": "FOUR",
    "5": "FIVE", "6": "SIX", "7": "SEVEN", "8": "EIGHT", "9": "NINE",
    ".": "PERIOD", "-": "MINUS", "_": "MINUS", "/": "SLASH",
}  # fmt: skip

facts: dict[str, Any] = {}
"""What the script found; `test_ui` reads it."""

_mouse = (0, 0)


def run(script: str) -> None:
    """Start the steps of a script; Blender exits with 0 if they end without error."""
    preferences = bpy.context.preferences
    preferences.view.show_splash = False
    preferences.use_preferences_save = False
    steps = importlib.import_module(script).steps()

    def step() -> float | None:
        try:
            return next(steps)
        except StopIteration:
            _finish(0)
        except BaseException:
            traceback.print_exc()
            screenshot("failed")
            _finish(1)

    bpy.app.timers.register(step, first_interval=0.3, persistent=True)


def _finish(status: int) -> None:
    """Leave Blender; quitting it could not carry an exit status."""
    (SHARED / "facts.json").write_text(json.dumps(facts))
    sys.stdout.flush()
    os._exit(status)


def save_arrays(name: str, **arrays: Any) -> None:
    """Hand arrays to `test_ui`."""
    np.savez(SHARED / f"{name}.npz", **arrays)


def screenshot(name: str, part: Any = None) -> None:
    """Save a picture of the window, or of an area or region of it.

    Blender's own operator draws black on a virtual screen.
    """
    command = ["import", "-window", "root"]
    if part is not None:
        top = window().height - part.y - part.height
        command += ["-crop", f"{part.width}x{part.height}+{part.x}+{top}", "+repage"]
    subprocess.run([*command, str(SHARED / f"{name}.png")], check=True)


def window() -> Any:
    return bpy.context.window_manager.windows[0]


def mouse() -> tuple[int, int]:
    """Return where the mouse was moved last."""
    return _mouse


def move(x: float, y: float) -> Steps:
    """Move the mouse there, and let Blender see what is under it."""
    global _mouse
    _mouse = (int(x), int(y))
    yield from event("MOUSEMOVE", "NOTHING", HOVER_S)
    yield HOVER_S  # first the old button is left, then the new one entered


def click(x: float, y: float, times: int = 1) -> Steps:
    """Click with the left button; twice within a double click's time if asked to."""
    yield from move(x - 3, y)
    yield from move(x, y)
    for _ in range(times):
        yield from press("LEFTMOUSE")


def drag(start: Point, end: Point, parts: int = 8) -> Steps:
    """Hold the left button down on the way from one point to another."""
    yield from move(*start)
    yield from event("LEFTMOUSE", "PRESS", PRESS_S)
    for part in range(1, parts + 1):
        share = part / parts
        yield from move(*(a + (b - a) * share for a, b in zip(start, end, strict=True)))
    yield from event("LEFTMOUSE", "RELEASE", PRESS_S)


def press(key: str, **options: Any) -> Steps:
    """Press and release a key or button, named as Blender names it, at the mouse."""
    yield from event(key, "PRESS", PRESS_S, **options)
    options.pop("unicode", None)
    yield from event(key, "RELEASE", PRESS_S, **options)


def write(text: str) -> Steps:
    """Type a text."""
    for letter in text:
        yield from press(_KEYS.get(letter, letter.upper()), unicode=letter)


def event(kind: str, value: str, pause_s: float, **options: Any) -> Steps:
    """Send an event of the mouse or keyboard, then wait."""
    x, y = _mouse
    window().event_simulate(type=kind, value=value, x=x, y=y, **options)
    yield pause_s


def wait_until(claim: Callable[[], object], what: str, limit_s: float = 60) -> Steps:
    """Wait until a claim holds; fail with its name after the time limit."""
    deadline = time.monotonic() + limit_s
    while not claim():
        assert time.monotonic() < deadline, f"not within {limit_s} s: {what}"
        yield 0.05


class Pulse:
    """A timer that beats while Blender's main loop runs."""

    BEAT_S = 0.02

    def __init__(self) -> None:
        self.longest_gap_s = 0.0
        self.beats = 0
        self._last_s = time.monotonic()
        self._is_over = False
        bpy.app.timers.register(self._beat, persistent=True)

    def stop(self) -> None:
        self._is_over = True

    def _beat(self) -> float | None:
        if self._is_over:
            return None
        now_s = time.monotonic()
        self.longest_gap_s = max(self.longest_gap_s, now_s - self._last_s)
        self._last_s = now_s
        self.beats += 1
        return self.BEAT_S
