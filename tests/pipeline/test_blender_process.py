from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from blender_scenes import frames
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec
from pipeline.blender_process import BlenderLimits, render_sequence
from pipeline.errors import UserError

pytestmark = pytest.mark.usefixtures("fake_blender")

SPEC = SequenceSpec(
    SceneSpec("street-1", seed=1, frame_range=(1, 3)),
    RenderSpec(width=24, height=16, margin_px=4),
)


def render(
    folder: Path, limit_s: float = 30.0, memory_gb: float | None = None
) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    render_sequence(
        SPEC,
        folder,
        folder.parent / "blender.log",
        limits=BlenderLimits(limit_s, memory_gb),
        on_event=events.append,
    )
    return events


def ask(folder: Path, wish: str, text: str = "once") -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    (folder.parent / wish).write_text(text, encoding="utf-8")


def rendered_numbers(events: list[dict[str, Any]]) -> list[int]:
    return [event["number"] for event in events if event["event"] == "frame"]


def test_events_arrive_in_order_and_noise_goes_to_the_log(tmp_path: Path) -> None:
    events = render(tmp_path / "frames")
    assert [e["event"] for e in events] == ["start", "frame", "frame", "frame", "done"]
    log = (tmp_path / "blender.log").read_text(encoding="utf-8")
    assert "noise on standard output" in log
    assert "Saved frame 3" in log


def test_a_crashed_blender_is_started_once_more_at_the_missing_frame(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "frames"
    ask(folder, "crash")
    events = render(folder)
    assert rendered_numbers(events) == [1, 2, 3]
    (note,) = [e["message"] for e in events if e["event"] == "message"]
    assert "status -9" in note
    assert "Saved frame 1" in note  # the end of the log
    assert len(frames.FrameSequence.load(folder).frames) == 3


def test_a_blender_that_keeps_crashing_is_reported_after_two_attempts(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "frames"
    ask(folder, "crash", "always")
    with pytest.raises(UserError, match=r"(?s)street-1: Blender ended.*Saved frame 2"):
        render(folder)
    # Each attempt finished one frame, and both are kept.
    kept = sorted(path.name for path in folder.glob("*.exr"))
    assert kept == ["000001.exr", "000002.exr"]
    assert not (folder / frames.MANIFEST_NAME).exists()


def test_a_blender_that_is_slow_to_look_at_its_frames_is_not_hung(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "frames"
    ask(folder, "slow-walk")
    events = render(folder, limit_s=1.5)
    assert [e["number"] for e in events if e["event"] == "walk"] == [*range(1, 9)]
    assert rendered_numbers(events) == [1, 2, 3]


def test_a_hung_blender_is_ended_and_started_once_more(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    ask(folder, "hang")
    events = render(folder, limit_s=5.0)
    (note,) = [e["message"] for e in events if e["event"] == "message"]
    assert "reported nothing for 5 s (--frame-time-limit)" in note
    assert rendered_numbers(events) == [1, 2, 3]


def test_a_blender_that_holds_too_much_memory_is_ended_and_not_started_again(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "frames"
    ask(folder, "hang", "always")
    # Python itself holds more than 5 MB.
    expected = r"Blender holds \d+(\.\d+)? MB, expected at most 5 MB \(--memory-limit"
    with pytest.raises(UserError, match=expected):
        render(folder, memory_gb=0.005)


def test_a_users_mistake_is_told_and_not_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    ask(folder, "user-error", "always")
    with pytest.raises(
        UserError, match=r"^street-1: scene\.blend: no camera; expected one$"
    ):
        render(folder)


def test_a_truncated_frame_is_rendered_again_to_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    render(folder)
    second = folder / frames.frame_file(2)
    whole = second.read_bytes()
    second.write_bytes(whole[: len(whole) // 2])
    assert rendered_numbers(render(folder)) == [2]
    assert second.read_bytes() == whole
