"""The data card: Markdown that shows names as they are, and code that runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_scenes.frames import read_exr
from pipeline import layout
from pipeline.data_card import data_card, markdown

HOSTILE = "a|b `c` *d* _e_ <f> [g](h) $i$ é 日"


@pytest.fixture
def manifest(dataset: Path) -> dict[str, Any]:
    """The manifest of a finished dataset, to be changed."""
    return json.loads((dataset / layout.DATASET_MANIFEST).read_text(encoding="utf-8"))


def card_of(dataset: Path) -> str:
    return (dataset / layout.DATA_CARD).read_text(encoding="utf-8")


def code_blocks(card: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", card, flags=re.M | re.S)


def test_every_code_block_runs_in_the_folder_of_the_version(dataset: Path) -> None:
    blocks = code_blocks(card_of(dataset))
    assert len(blocks) == 4
    for block in blocks:
        subprocess.run([sys.executable, "-c", block], cwd=dataset, check=True)


@pytest.mark.parametrize("library", ["cv2", "OpenEXR"])
def test_the_card_reads_depth_as_it_is(
    dataset: Path, tmp_path: Path, library: str
) -> None:
    """In a child: OpenCV looks at the environment once, when it is imported."""
    (block,) = (
        one
        for one in code_blocks(card_of(dataset))
        if f"import {library}" in one and "depth_m" in one
    )
    saved = tmp_path / "depth.npy"
    code = f"{block}\nimport numpy\nnumpy.save({str(saved)!r}, depth_m)\n"
    subprocess.run([sys.executable, "-c", code], cwd=dataset, check=True)
    found = np.load(saved)
    path = dataset / "train_c/depth/seq_001/000001.exr"
    assert list(read_exr(path)) == ["Y"]
    np.testing.assert_array_equal(found, read_exr(path)["Y"])
    assert found.dtype == np.float32
    # The stand-in's walls, one near and one far.
    assert set(np.unique(found).tolist()) == {3.0, 40.0}


def test_sixteen_bits_come_from_the_code_of_the_card(dataset: Path) -> None:
    (block,) = (one for one in code_blocks(card_of(dataset)) if "left" in one)
    code = f"{block}\nassert (left * 65535 % 257).any() and left.max() <= 1\n"
    subprocess.run([sys.executable, "-c", code], cwd=dataset, check=True)


def test_names_are_shown_as_they_are(manifest: dict[str, Any]) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    first = manifest["sequences"][0]
    first["scene"] = HOSTILE
    first["settings"]["camera"]["name"] = HOSTILE
    note = {"scene": HOSTILE, "code": "x", "message": HOSTILE, "level": "warning"}
    manifest["notes"] = [note]
    manifest["name"] = HOSTILE
    card = data_card(manifest, {HOSTILE: 0.25, "street-2": 0.0})
    tokens = markdown_it.MarkdownIt().enable("table").parse(card.split("---\n", 2)[2])
    texts = [
        "".join(child.content for child in token.children or [])
        for token in tokens
        if token.type == "inline"
    ]
    assert f"{HOSTILE}, version {manifest['version']}" in texts  # the heading
    assert texts.count(HOSTILE) == 2  # cells of the scene and of the camera
    assert f"Warning, {HOSTILE}: {HOSTILE}" in texts
    shares = f"clipped: {HOSTILE} 25.0 %, street-2 0 %."
    assert any(text.endswith(shares) for text in texts)


def test_the_front_matter_is_yaml_whatever_the_name(manifest: dict[str, Any]) -> None:
    yaml = pytest.importorskip("yaml")
    manifest["name"] = 'a: "b" #c é'
    front = data_card(manifest, {}).split("---\n")[1]
    pretty = yaml.safe_load(front)["pretty_name"]
    assert pretty == f"{manifest['name']} {manifest['version']}"


def test_one_frame_is_not_frames(manifest: dict[str, Any]) -> None:
    assert "\n4 dual-pixel frames of 48 x 32" in data_card(manifest, {})
    del manifest["sequences"][1]
    del manifest["sequences"][0]["frames"][1]
    assert "\n1 dual-pixel frame of 48 x 32" in data_card(manifest, {})


def test_the_example_is_a_file_of_the_version(manifest: dict[str, Any]) -> None:
    manifest["sequences"] = manifest["sequences"][1:]
    manifest["sequences"][0]["frames"] = [7]
    card = data_card(manifest, {})
    assert '"test_l/source/seq_002/000007.png"' in card
    assert '"test_c/depth/seq_002/000007.exr"' in card


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"a": 0.0}, "No pixel is brighter than white."),
        ({"a": 0.031, "b": 1e-6}, "clipped: a 3.1 %, b < 0.1 %."),
    ],
)
def test_the_share_of_clipped_pixels_is_said(
    manifest: dict[str, Any], shares: dict[str, float], words: str
) -> None:
    assert words in data_card(manifest, shares)


def test_a_text_of_several_lines_becomes_one() -> None:
    assert markdown("a\nb\t c") == "a b c"
