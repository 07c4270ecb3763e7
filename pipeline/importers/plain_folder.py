"""A folder of pictures and a folder of depth, from anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import Frame
from pipeline.errors import UserError
from pipeline.importers.array_files import read_npy
from pipeline.importers.listing import (
    matched_frames,
    numbered_files,
    sequence_folders,
)
from pipeline.importers.picture_files import (
    COLOUR_SUFFIXES,
    read_checked_exr,
    read_colour,
    read_grey_png,
)
from pipeline.importers.source import (
    KnownCamera,
    SourceFrame,
    build_frame,
    check_positive,
    with_sky,
)

DEPTH_SUFFIXES = (".exr", ".npy", ".png")


@dataclass(frozen=True)
class PlainFolder:
    """Reader of pictures and depth whose names have the frame number as last digits.

    Parameters
    ----------
    images, depth : str
        The two folders, below the root or below each sequence's folder in it.
    depth_scale_m : float or None
        Metres of one step of 16-bit PNG depth, which needs it; others are metres.
    sky_from_m : float or None
        Depth from which on a surface counts as sky.
    """

    images: str = "images"
    depth: str = "depth"
    depth_scale_m: float | None = None
    sky_from_m: float | None = None

    fps: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        for name in ("images", "depth"):
            value: Any = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise ValueError(f"{name} = {value!r}; expected the name of a folder")
        check_positive("depth_scale_m", self.depth_scale_m)
        check_positive("sky_from_m", self.sky_from_m)

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the root, or the folders in it that hold pictures, by name."""
        layout = f"{self.images}/ with pictures and {self.depth}/ with depth"
        return sequence_folders(root, self.images, 1, layout)

    def place(self, folder: Path) -> str:
        """Return the sequence itself."""
        return folder.resolve().name

    def split(self, folder: Path) -> str | None:
        """Return None."""

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one sequence."""
        return matched_frames(
            folder,
            numbered_files(folder / self.images, _last_number(COLOUR_SUFFIXES)),
            numbered_files(folder / self.depth, _last_number(DEPTH_SUFFIXES)),
        )

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame."""
        depth_m = with_sky(self._depth_m(files.depth), self.sky_from_m)
        return build_frame(files, read_colour(files.colour), depth_m)

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return nothing: it is not known."""
        return KnownCamera()

    def _depth_m(self, path: Path) -> NDArray[Any]:
        suffix = path.suffix.lower()
        if suffix == ".npy":
            return read_npy(path)
        if suffix == ".exr":
            return _exr_depth(path)
        codes = read_grey_png(path)
        if self.depth_scale_m is None:
            raise UserError(
                f"{path}: whole numbers; expected depth_scale_m, the metres of one "
                "step, in a .toml file of the source"
            )
        return codes.astype(np.float64) * self.depth_scale_m


def _last_number(suffixes: tuple[str, ...]) -> str:
    endings = "|".join(re.escape(suffix) for suffix in suffixes)
    return rf"(?i:(?:.*\D)?(\d+)\D*(?:{endings}))"


def _exr_depth(path: Path) -> NDArray[Any]:
    """Return the channel Z, or else the only channel."""
    channels = read_checked_exr(path)
    if "Z" in channels:
        return channels["Z"]
    if len(channels) == 1:
        return next(iter(channels.values()))
    raise UserError(
        f"{path}: channels {', '.join(channels)}; expected Z, or one channel alone"
    )
