"""What the pipeline prints is read as progress."""

from __future__ import annotations

from pathlib import Path

import pytest

from blender_scenes import notes as pipeline_notes
from blender_scenes.addon.dataset.progress import BuildProgress, failure
from blender_scenes.addon.notes import Note
from pipeline.console import FrameBar
from pipeline.notes import say_notes

# Of a real run with two cameras and two frames: its folder was shortened.
CAPTURED = Path(__file__).with_name("captured.txt").read_text(encoding="utf-8")


def read(text: str, cameras: int = 2) -> list[BuildProgress]:
    """Return the progress after every line."""
    steps = [BuildProgress(cameras)]
    for line in text.splitlines():
        steps.append(steps[-1].after(line))
    return steps


def test_progress_rises_from_nothing_to_all() -> None:
    shares = [step.share for step in read(CAPTURED)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert len(set(shares)) > 5


def test_what_runs_is_said_in_words() -> None:
    texts = [step.text for step in read(CAPTURED)]
    assert list(dict.fromkeys(texts)) == [
        "Starting the pipeline",
        "Rendering: 0 of 2 frames",
        "Rendering: 1 of 2 frames",
        "Rendering: 2 of 2 frames",
        "Camera 1 of 2: 0 of 2 views",
        "Camera 1 of 2: 1 of 2 views",
        "Camera 1 of 2: 2 of 2 views",
        "Camera 2 of 2: 0 of 2 views",
        "Camera 2 of 2: 1 of 2 views",
        "Camera 2 of 2: 2 of 2 views",
        "Putting together: 0 of 4",
        "Putting together: 4 of 4",
    ]


def test_the_finished_folder_is_found() -> None:
    last = read(CAPTURED)[-1]
    assert last.folder == Path("/data/cube/v2-b23717cdd6")
    assert failure(last, 0) == ""


def test_rendering_is_most_of_the_work() -> None:
    (rendered,) = {s.share for s in read(CAPTURED) if s.text.startswith("Rendering: 2")}
    assert 0.7 < rendered < 0.95
    many = read(CAPTURED, cameras=6)
    (rendered,) = {s.share for s in many if s.text.startswith("Rendering: 2")}
    assert 0.4 < rendered < 0.7


def test_notes_are_kept() -> None:
    assert read(CAPTURED)[-1].notes == ("cube: Cycles renders on CPU",)


NOTED = """\
note: cube: left out the view transform AgX: frames hold linear light
warning: cube: error: 30.0% of the pixels are clipped
dataset: /data/cube/v3-b23717cdd6
"""


def test_notes_on_frames_are_no_errors() -> None:
    last = read(NOTED)[-1]
    assert failure(last, 0) == ""
    assert last.folder == Path("/data/cube/v3-b23717cdd6")
    assert last.notes == ()
    assert last.remarks == (
        Note("cube: left out the view transform AgX: frames hold linear light"),
        Note("cube: error: 30.0% of the pixels are clipped", is_warning=True),
    )


def test_notes_on_frames_are_no_reason_for_a_failure() -> None:
    assert failure(read(NOTED[:70])[-1], 1) == "The pipeline ended with status 1"
    refused = "error: cube: 30.0% of the pixels are clipped (refused by --strict)"
    last = read(f"{NOTED[:70]}\n{refused}\n")[-1]
    assert failure(last, 30) == (
        "cube: 30.0% of the pixels are clipped (refused by Strict)"
    )


def test_notes_of_the_pipeline_as_it_is_are_understood(
    capsys: pytest.CaptureFixture[str],
) -> None:
    noted, warned = pipeline_notes.Note("a", "hidden"), pipeline_notes.warning("b", "y")
    say_notes({"cube": [noted, warned]})
    assert read(capsys.readouterr().err)[-1].remarks == (
        Note("cube: hidden"),
        Note("cube: y", is_warning=True),
    )


def test_the_first_error_is_the_one_that_is_shown() -> None:
    text = "error: a.blend: there is no camera 'B'\nerror: another\n"
    last = read(CAPTURED[:200] + "\n" + text)[-1]
    assert failure(last, 30) == "a.blend: there is no camera 'B'"


def test_a_death_without_a_word_names_the_last_line() -> None:
    last = read("Traceback (most recent call last):\nKeyError: 'x'\n")[-1]
    assert failure(last, 1) == "The pipeline ended with status 1: KeyError: 'x'"
    assert failure(BuildProgress(1), -9) == "The pipeline ended with status -9"


def test_an_end_without_a_dataset_is_a_failure() -> None:
    assert failure(BuildProgress(1), 0) == "The pipeline ended with status 0"


class NoTask:
    """What stands in for a Luigi task that runs under no worker."""

    set_status_message = None
    set_progress_percentage = None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("render 1/1 a_scene_with_quite_a_long_name_indeed", "Rendering: 3 of 120"),
        ("views 2/6 street camera Camera.001", "Camera 2 of 6: 3 of 120 views"),
        ("dataset", "Putting together: 3 of 120"),
    ],
)
def test_bars_of_the_pipeline_as_it_is_are_understood(
    title: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = FrameBar(NoTask(), title)  # type: ignore[arg-type]
    bar.start(total=120, done=3)
    bar.close()
    lines = capsys.readouterr().err.replace("\r", "\n")
    assert read(lines)[-1].text.startswith(text)
