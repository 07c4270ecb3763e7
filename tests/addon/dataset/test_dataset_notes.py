"""The notes of a finished data set are those of its manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blender_scenes.addon.dataset.dataset_notes import dataset_notes
from blender_scenes.addon.notes import Note as ShownNote
from blender_scenes.notes import Note, warning
from pipeline.notes import describe_notes


def manifest(folder: Path, content: Any) -> Path:
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "dataset.json").write_text(text, encoding="utf-8")
    return folder


def test_notes_are_read_as_the_pipeline_writes_them(tmp_path: Path) -> None:
    notes = describe_notes(
        {"a": [Note("lamps", "hidden: 'Ä'"), warning("clipped", "30 % clipped")]}
    )
    assert dataset_notes(manifest(tmp_path, {"notes": notes})) == (
        ShownNote("hidden: 'Ä'"),
        ShownNote("30 % clipped", is_warning=True),
    )


@pytest.mark.parametrize(
    "content",
    ["", "{", {}, [], {"notes": None}, {"notes": [{}]}, {"notes": ["text"]}],
)
def test_a_manifest_without_notes_says_nothing(tmp_path: Path, content: Any) -> None:
    assert dataset_notes(manifest(tmp_path, content)) == ()


def test_a_folder_without_a_manifest_says_nothing(tmp_path: Path) -> None:
    assert dataset_notes(tmp_path / "gone") == ()
