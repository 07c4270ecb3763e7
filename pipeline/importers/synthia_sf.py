"""SYNTHIA-SF: six stereo sequences of a city, 1920 x 1080; the paper's source."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import LABEL_IDS, LABELS, Frame
from pipeline.importers.listing import (
    matched_frames,
    numbered_files,
    optional_files,
    sequence_folders,
)
from pipeline.importers.picture_files import read_colour, read_rgb_png
from pipeline.importers.source import (
    LEFT_RIGHT,
    KnownCamera,
    SourceFrame,
    build_frame,
    check_option,
    check_positive,
    mapped_ids,
)

MAX_CODE = 2**24 - 1
MAX_DEPTH_M = 1000.0
TEST_SEQUENCE = "SEQ3"  # of the paper; all others are for training

_PICTURE = r"(\d+)\.png"
_LAYOUT = "SYNTHIA-SF: SEQ1 ... SEQ6 with RGBLeft, DepthLeft and GTLeft in each"


@dataclass(frozen=True)
class SynthiaSf:
    """Reader of SYNTHIA-SF.

    Parameters
    ----------
    camera : {"left", "right"}
    clip_m : float or None
        Depth at which everything farther is put, the sky too; the published
        generator's is 250. None leaves depth as it is and the sky at infinity.
    """

    camera: str = "left"
    clip_m: float | None = None

    fps: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_option("camera", self.camera, LEFT_RIGHT)
        check_positive("clip_m", self.clip_m)

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the folders SEQ1 ... by name."""
        return sequence_folders(root, f"RGB{self._side()}", 1, _LAYOUT)

    def place(self, folder: Path) -> str:
        """Return the sequence itself, as the paper divides them."""
        return folder.resolve().name

    def split(self, folder: Path) -> str | None:
        """Return ``test`` for SEQ3, ``train`` for the rest, as the paper."""
        return "test" if folder.resolve().name == TEST_SEQUENCE else "train"

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one sequence."""
        side = self._side()
        return matched_frames(
            folder,
            numbered_files(folder / f"RGB{side}", _PICTURE),
            numbered_files(folder / f"Depth{side}", _PICTURE),
            label=optional_files(folder / f"GT{side}", _PICTURE),
        )

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame; which object is which is not read."""
        depth_m = depth_from_code(read_rgb_png(files.depth, bits=8))
        label = None
        is_sky = depth_m >= MAX_DEPTH_M
        if files.label is not None:
            ids = read_rgb_png(files.label)[..., 0]
            label = mapped_ids(files.label, ids, {number: number for number in LABELS})
            if label.shape == is_sky.shape:  # else it is refused below
                is_sky |= label == LABEL_IDS["Sky"]
        depth_m[is_sky] = np.inf
        if self.clip_m is not None:
            depth_m = np.minimum(depth_m, self.clip_m)
        colour = read_colour(files.colour)
        return build_frame(files, colour, depth_m, label=label)

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return nothing: intrinsics and pose are not published."""
        return KnownCamera()

    def _side(self) -> str:
        return self.camera.capitalize()


def depth_from_code(rgb: NDArray[Any]) -> NDArray[np.float64]:
    """Return metres for the 24-bit codes of depth pictures, red the lowest byte.

    Examples
    --------
    >>> depth_from_code(np.array([[[255, 255, 255], [0, 0, 0]]], np.uint8))
    array([[1000.,    0.]])
    """
    codes = rgb.astype(np.float64) @ np.array([1.0, 256.0, 65536.0])
    return MAX_DEPTH_M * codes / MAX_CODE
