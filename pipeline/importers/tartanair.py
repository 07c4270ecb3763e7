"""TartanAir: flights through environments of a game engine, 640 x 480."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from blender_scenes.frames import Frame
from pipeline.importers.array_files import read_npy
from pipeline.importers.listing import (
    matched_frames,
    numbered_files,
    optional_files,
    sequence_folders,
)
from pipeline.importers.picture_files import read_colour
from pipeline.importers.source import (
    LEFT_RIGHT,
    KnownCamera,
    SourceFrame,
    build_frame,
    centred_camera,
    check_option,
    check_positive,
    with_sky,
)

FOCAL_PX = 320.0
SIZE = (640, 480)

_LAYOUT = (
    "TartanAir: ENVIRONMENT/Easy/P000 and so on, with image_left and depth_left in each"
)


@dataclass(frozen=True)
class TartanAir:
    """Reader of TartanAir (the first, with ``.npy`` depth).

    Parameters
    ----------
    camera : {"left", "right"}
        Flow is of the left one only.
    sky_from_m : float or None
        Depth from which on a surface counts as sky: there it is a sphere some 10 km
        wide, not infinity.
    """

    camera: str = "left"
    sky_from_m: float | None = 1000.0

    fps: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_option("camera", self.camera, LEFT_RIGHT)
        check_positive("sky_from_m", self.sky_from_m)

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the folders of the flights by name."""
        return sequence_folders(root, f"image_{self.camera}", 4, _LAYOUT)

    def place(self, folder: Path) -> str:
        """Return the environment."""
        return folder.resolve().parent.parent.name

    def split(self, folder: Path) -> str | None:
        """Return None: there is no usual split."""

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one flight."""
        side = self.camera
        flow = optional_files(folder / "flow", r"(\d+)_\d+_flow\.npy")
        return matched_frames(
            folder,
            numbered_files(folder / f"image_{side}", rf"(\d+)_{side}\.png"),
            numbered_files(folder / f"depth_{side}", rf"(\d+)_{side}_depth\.npy"),
            flow=flow if side == "left" else None,
        )

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame; its classes have no names."""
        depth_m = with_sky(read_npy(files.depth), self.sky_from_m)
        flow_px = None if files.flow is None else read_npy(files.flow, channels=2)
        return build_frame(files, read_colour(files.colour), depth_m, flow_px=flow_px)

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return the intrinsics, known for pictures of the original size."""
        return centred_camera(FOCAL_PX, size) if size == SIZE else KnownCamera()
