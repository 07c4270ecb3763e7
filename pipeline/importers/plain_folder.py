"""A folder of pictures and a folder of depth, from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from blender_scenes.frames import Frame
from pipeline.errors import shown
from pipeline.importers.depth_files import (
    DEPTH_SUFFIXES,
    DepthCoding,
    read_depth_numbers,
)
from pipeline.importers.listing import matched_frames, sequence_folders
from pipeline.importers.pairing import files_of_kind, paired_by_number
from pipeline.importers.picture_files import COLOUR_SUFFIXES, read_placed_colour
from pipeline.importers.placement import Placed, shared_window
from pipeline.importers.source import KnownCamera, SourceFrame, build_frame


@dataclass(frozen=True)
class PlainFolder:
    """Reader of pictures and depth that a number in their names pairs.

    Parameters
    ----------
    images, depth : str
        The two folders, below the root or below each sequence's folder in it.
    depth_scale_m : float or None
        Metres of one unit of depth, whatever the kind of file; None takes floats for
        metres, and whole numbers need it.
    sky_from_m : float or None
        Depth from which on a surface counts as sky.
    depth_kind : {"depth", "inverse"}
        Inverse: depth is depth_scale_m (1 if there is none) divided by the number. For
        disparity that is the focal length in pixels times the baseline in metres.
    """

    images: str = "images"
    depth: str = "depth"
    depth_scale_m: float | None = None
    sky_from_m: float | None = None
    depth_kind: str = "depth"

    fps: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        for name in ("images", "depth"):
            value: Any = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise ValueError(
                    f"{name} = {shown(value)}; expected the name of a folder"
                )
        self._coding()

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
        pictures, depths = paired_by_number(
            files_of_kind(folder / self.images, COLOUR_SUFFIXES),
            files_of_kind(folder / self.depth, DEPTH_SUFFIXES),
        )
        return matched_frames(folder, pictures, depths)

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame, of the pixels that picture and depth share."""
        numbers = read_depth_numbers(files.depth)
        colour = read_placed_colour(files.colour)
        window = shared_window(files, colour.place, numbers.place)
        depth_m = self._coding().metres(files.depth, numbers.values)
        if window is None:
            return build_frame(files, colour.values, depth_m)
        placed = Placed(depth_m, numbers.place)
        return build_frame(files, colour.part(window), placed.part(window))

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return nothing: it is not known."""
        return KnownCamera()

    def _coding(self) -> DepthCoding:
        return DepthCoding(self.depth_kind, self.depth_scale_m, self.sky_from_m)
