"""Image files of a dataset, read by us and by others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.frames import write_exr
from pipeline.errors import UserError
from pipeline.images import read_map, write_map
from pipeline.tasks.views import EXR_CHANNELS

VALUES = np.array([[0.25, 1.5, np.inf], [250.0, 65504.0, 1e10]], np.float32)

READ_BY_OPENCV = """
import sys
import cv2, numpy
numpy.save(sys.argv[2], cv2.imread(sys.argv[1], cv2.IMREAD_UNCHANGED))
"""


@pytest.mark.parametrize("kind", ["depth", "coc"])
def test_opencv_reads_our_maps_as_they_are(tmp_path: Path, kind: str) -> None:
    path, saved = tmp_path / "map.exr", tmp_path / "read.npy"
    write_map(path, VALUES, EXR_CHANNELS[kind])
    subprocess.run(
        [sys.executable, "-c", READ_BY_OPENCV, str(path), str(saved)],
        env=os.environ | {"OPENCV_IO_ENABLE_OPENEXR": "1"},
        check=True,
    )
    np.testing.assert_array_equal(np.load(saved), VALUES)


@pytest.mark.parametrize("channel", ["Y", "Z"])
def test_maps_of_both_schemas_are_read(tmp_path: Path, channel: str) -> None:
    write_map(tmp_path / "map.exr", VALUES, channel)
    np.testing.assert_array_equal(read_map(tmp_path / "map.exr"), VALUES)


def test_a_file_of_other_channels_is_no_map(tmp_path: Path) -> None:
    write_exr(tmp_path / "a.exr", {"R": VALUES, "Y": VALUES})
    with pytest.raises(UserError, match=r"a\.exr: channels R, Y; expected one"):
        read_map(tmp_path / "a.exr")
