from __future__ import annotations

import logging
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from blender_scenes.frames import FrameError
from pipeline.console import FrameBar, PlainFormatter, plain_failures
from pipeline.errors import UserError


class WatchedTask:
    """What a Luigi worker gives a task: two places to report to."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.percentages: list[int] = []

    def set_status_message(self, text: str) -> None:
        self.messages.append(text)

    def set_progress_percentage(self, value: int) -> None:
        self.percentages.append(value)


def formatted(error: Exception) -> str:
    try:
        raise error
    except Exception:
        record = logging.LogRecord(
            "luigi-interface", logging.ERROR, "", 0, "failed", None, sys.exc_info()
        )
    return PlainFormatter().format(record)


@pytest.mark.parametrize("kind", [UserError, FrameError])
def test_an_error_of_the_user_is_one_line(kind: type[Exception]) -> None:
    assert formatted(kind("a.exr: truncated")) == "error: a.exr: truncated"


def test_an_error_of_ours_keeps_its_traceback() -> None:
    text = formatted(KeyError("bug"))
    assert "Traceback" in text
    assert "KeyError" in text


def test_progress_reaches_luigis_page_in_frames_and_percent() -> None:
    task: Any = WatchedTask()
    bar = FrameBar(task, "render 1/2 street-1")
    bar.start(total=4, done=1)
    bar.advance()
    bar.close()
    assert task.percentages == [25, 50]
    assert task.messages[0].startswith("render 1/2 street-1: frame 1 of 4")
    assert task.messages[1].startswith("render 1/2 street-1: frame 2 of 4")


def test_the_bar_says_frames_done_and_to_go(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bar = FrameBar(WatchedTask(), "dataset")  # type: ignore[arg-type]
    bar.start(total=8, done=3)
    bar.close()
    assert "3/8" in capsys.readouterr().err


def test_a_walk_that_takes_long_is_shown_and_a_short_one_is_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bar = FrameBar(WatchedTask(), "render 1/2 street-1")  # type: ignore[arg-type]
    bar.walk(1, 9)
    bar.walk(2, 9)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("pipeline.console.WALK_SHOWN_AFTER_S", -1.0)
    bar.walk(3, 9)
    shown = capsys.readouterr().err
    assert "evaluate 1/2 street-1" in shown
    assert "2/9" in shown
    bar.start(total=8)
    assert "render 1/2 street-1" in capsys.readouterr().err
    bar.close()


def test_a_full_disk_names_the_file_that_could_not_be_written() -> None:
    error = OSError(28, "No space left on device", "from.png", None, "to.png")
    expected = r"^to\.png: No space left on device"
    with pytest.raises(UserError, match=expected), plain_failures():
        raise error


def test_an_error_without_a_file_names_what_was_being_written(tmp_path: Path) -> None:
    error = OSError(28, "No space left on device")  # as from a write
    expected = rf"^{re.escape(str(tmp_path))}: No space left on device; expected"
    with pytest.raises(UserError, match=expected), plain_failures(tmp_path):
        raise error


def test_an_interruption_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), plain_failures(), plain_failures():
        raise KeyboardInterrupt
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("interrupted; finished frames are kept")
