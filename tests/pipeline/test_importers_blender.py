"""EXR files as Blender itself writes them are read: no stand-ins."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.importers.file_notes import notes_of_files
from pipeline.importers.plain_folder import PlainFolder

pytestmark = pytest.mark.blender

SCRIPT = Path(__file__).parents[1] / "blender_scenes" / "make_exr_files.py"
WALL_M = 4.0  # as in the script
COLOUR = (0.5, 0.25, 0.125)
WORLD = 0.05  # a new one's grey


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    command = [sys.executable, str(SCRIPT), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize(
    ("colour", "depth"),
    [
        ("parts", "parts"),  # a part per pass
        ("names", "names"),  # all passes in one part
        ("plain", "parts"),
        ("fileImage", "fileDepth"),  # File Output: depth as R = G = B
        ("multi", "multi"),  # File Output: a part per socket
        ("plain", "fileDepth"),
        ("border", "border"),
    ],
)
def test_what_blender_writes_is_read(
    written: Path, tmp_path: Path, colour: str, depth: str
) -> None:
    for folder, name in (("images", colour), ("depth", depth)):
        (tmp_path / folder).mkdir()
        shutil.copy(written / f"{name}.exr", tmp_path / folder / "1.exr")
    source = PlainFolder()
    files = source.frames(tmp_path)
    frame = source.read(files[0])
    columns = 8 if colour == "border" else 16
    assert frame.depth_m.shape == (12, columns)
    left, right = np.split(frame.depth_m, 2, axis=1)
    assert left == pytest.approx(WALL_M, rel=1e-5)
    assert np.isinf(right).all()
    assert frame.linear_rgb[:, : columns // 2] == pytest.approx(
        np.broadcast_to(COLOUR, (12, columns // 2, 3)), rel=1e-3
    )
    assert frame.linear_rgb[:, columns // 2 :] == pytest.approx(WORLD, rel=1e-3)
    assert not notes_of_files(files, source)
