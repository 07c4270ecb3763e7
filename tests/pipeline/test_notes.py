"""What might surprise reaches a person once, and a program too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UserError
from pipeline.notes import read_notes

from .conftest import build

NOTE = "note: street-1: only view layer 'near' is rendered"
WARNING = "warning: street-1: street.blend: missing wall.png"


@pytest.fixture
def doubtful(small_dataset: dict[str, Any]) -> dict[str, Any]:
    """Parameters of a dataset whose Blender has a note and a warning to tell."""
    folder = Path(small_dataset["work_dir"], "frames")
    folder.mkdir(parents=True)
    (folder / "warn").touch()
    return small_dataset | {"scene": "street-1"}


def test_notes_are_printed_once_when_the_build_ends(
    doubtful: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    done, task = build(doubtful)
    assert done
    said = capfd.readouterr().err.splitlines()
    assert [line for line in said if "street-1: " in line][-2:] == [NOTE, WARNING]
    assert said.count(NOTE) == said.count(WARNING) == 1
    assert said.index(WARNING) < said.index(f"dataset: {task.folder()}")


def test_a_dataset_built_before_says_its_notes_again(
    doubtful: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    build(doubtful)
    capfd.readouterr()
    build(doubtful)
    assert capfd.readouterr().err.splitlines()[:2] == [NOTE, WARNING]


def test_notes_are_in_the_manifest_and_in_the_data_card(
    doubtful: dict[str, Any],
) -> None:
    _, task = build(doubtful)
    manifest = json.loads((task.folder() / "dataset.json").read_text())
    assert [row["code"] for row in manifest["notes"]] == [
        "view-layers",
        "missing-files",
    ]
    assert all(row["scene"] == "street-1" for row in manifest["notes"])
    card = (task.folder() / "README.md").read_text()
    assert "**Warning**, street-1: street.blend: missing wall.png" in card


def test_strict_refuses_a_warning_before_anything_is_rendered(
    doubtful: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    done, task = build(doubtful | {"strict": True})
    assert not done
    assert not task.folder().exists()
    # The stand-in may have written one frame before it was ended.
    assert len(list(Path(doubtful["work_dir"]).rglob("*.exr"))) < 2
    assert not list(Path(doubtful["work_dir"]).rglob("frames.json"))
    said = capfd.readouterr().err
    assert "error: street-1: street.blend: missing wall.png (refused by --s" in said


def test_strict_refuses_frames_and_versions_that_are_there(
    doubtful: dict[str, Any],
) -> None:
    done, task = build(doubtful)
    assert done
    assert task.complete()
    done, strict = build(doubtful | {"strict": True})
    assert not done
    assert strict.folder() == task.folder()
    assert task.complete()  # what was built stays


def test_strict_builds_what_has_no_warning(small_dataset: dict[str, Any]) -> None:
    done, task = build(small_dataset | {"strict": True})
    assert done
    assert json.loads((task.folder() / "dataset.json").read_text())["notes"] == []


def test_notes_are_said_if_the_render_fails(
    doubtful: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    Path(doubtful["work_dir"], "frames", "crash").write_text("always")
    done, _ = build(doubtful)
    assert not done
    assert WARNING in capfd.readouterr().err.splitlines()


@pytest.mark.parametrize("described", [3, [3], [{"scene": "a"}], [{"code": "a"}]])
def test_notes_that_are_none_are_refused(described: Any) -> None:
    with pytest.raises(UserError, match="notes of a dataset"):
        read_notes(described)
