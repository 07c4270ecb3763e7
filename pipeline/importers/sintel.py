"""MPI-Sintel with its depth: an animated film, 1024 x 436."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from blender_scenes.frames import Frame
from pipeline.errors import UserError
from pipeline.importers.array_files import FLOAT_TAG, read_tagged_floats
from pipeline.importers.listing import (
    matched_frames,
    numbered_files,
    optional_files,
)
from pipeline.importers.picture_files import read_bytes, read_colour
from pipeline.importers.source import (
    KnownCamera,
    SourceFrame,
    build_frame,
    check_option,
    check_positive,
    with_sky,
)

RENDERINGS = ("clean", "final")

_PICTURE = r"frame_(\d+)\.png"
_CAMERA = struct.Struct("<4s21d")
_LAYOUT = "MPI-Sintel: training/clean/alley_1 and so on, and training/depth/alley_1"


@dataclass(frozen=True)
class Sintel:
    """Reader of the training half of MPI-Sintel.

    Parameters
    ----------
    rendering : {"clean", "final"}
        Final has motion blur and defocus blur, so it is not all in focus.
    sky_from_m : float or None
        Depth from which on a surface counts as sky; the files mark none.
    """

    rendering: str = "clean"
    sky_from_m: float | None = None

    fps: ClassVar[float | None] = 24.0

    def __post_init__(self) -> None:
        check_option("rendering", self.rendering, RENDERINGS)
        check_positive("sky_from_m", self.sky_from_m)

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the picture folders of the shots by name."""
        training = root / "training" if (root / "training").is_dir() else root
        pictures = training / self.rendering
        if not pictures.is_dir():
            raise UserError(f"{pictures}: no such folder; expected {_LAYOUT}")
        shots = [path for path in sorted(pictures.iterdir()) if path.is_dir()]
        return {path.name: path for path in shots if not path.name.startswith(".")}

    def place(self, folder: Path) -> str:
        """Return the set: alley_1 and alley_2 are one alley."""
        return re.sub(r"_\d+$", "", folder.resolve().name)

    def split(self, folder: Path) -> str | None:
        """Return None: the film's own test half has no depth."""

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one shot."""
        training, shot = folder.parent.parent, folder.name
        return matched_frames(
            folder,
            numbered_files(folder, _PICTURE),
            numbered_files(training / "depth" / shot, r"frame_(\d+)\.dpt"),
            flow=optional_files(training / "flow" / shot, r"frame_(\d+)\.flo"),
            camera=optional_files(
                training / "camdata_left" / shot, r"frame_(\d+)\.cam"
            ),
        )

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame; there are no classes."""
        depth_m = with_sky(read_tagged_floats(files.depth, 1)[..., 0], self.sky_from_m)
        flow_px = None if files.flow is None else read_tagged_floats(files.flow, 2)
        return build_frame(files, read_colour(files.colour), depth_m, flow_px=flow_px)

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return intrinsics and pose, where there is a camera file."""
        return KnownCamera() if files.camera is None else read_camera(files.camera)


def read_camera(path: Path) -> KnownCamera:
    """Return intrinsics and world_from_camera of a ``.cam`` file.

    The file holds the float 202021.25, K (3 x 3) and camera_from_world (3 x 4) as
    doubles, row by row. Its pixel centres are whole numbers, ours half-integers.

    Raises
    ------
    UserError
        If it is not such a file.
    """
    data = read_bytes(path)
    if len(data) != _CAMERA.size or not data.startswith(FLOAT_TAG):
        raise UserError(
            f"{path}: not a camera file; expected {_CAMERA.size} bytes that begin with "
            "the number 202021.25"
        )
    numbers = np.array(_CAMERA.unpack(data)[1:])
    intrinsics = numbers[:9].reshape(3, 3)
    intrinsics[:2, 2] += 0.5
    camera_from_world = np.vstack([numbers[9:].reshape(3, 4), [0, 0, 0, 1]])
    try:
        world_from_camera = np.linalg.inv(camera_from_world)
    except np.linalg.LinAlgError:
        raise UserError(f"{path}: the pose has no inverse") from None
    return KnownCamera(intrinsics.tolist(), world_from_camera.tolist())
