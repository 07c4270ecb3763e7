"""Previews: pictures for people, whatever their scenes are called."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline import layout
from pipeline.plot_text import UNKNOWN, plot_text
from pipeline.preview import write_previews


@pytest.mark.parametrize(
    "name", ["$x^$", "_a", "日本 é", "a|b<c>", r"\frac{", "a" * 90]
)
def test_any_name_of_a_scene_is_drawn(dataset: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(dataset, tmp_path / "copy"))
    shutil.rmtree(folder / layout.PREVIEW)
    manifest = json.loads((folder / layout.DATASET_MANIFEST).read_text("utf-8"))
    for sequence in manifest["sequences"]:
        sequence["scene"] = f"{name}{sequence['name']}"
    write_previews(folder, manifest)  # a warning would be an error
    assert (folder / layout.PREVIEW / "overview.png").is_file()


def test_what_the_font_lacks_is_replaced() -> None:
    assert plot_text("日é") == f"{UNKNOWN}é"
