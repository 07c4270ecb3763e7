"""Hypersim: photorealistic rooms in linear light, 1024 x 768."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import Frame
from pipeline.errors import UserError
from pipeline.importers.array_files import read_hdf5
from pipeline.importers.listing import (
    matched_frames,
    numbered_files,
    sequence_folders,
)
from pipeline.importers.source import (
    KnownCamera,
    SourceFrame,
    build_frame,
    centred_camera,
    check_positive,
    sky_codes,
)

FOCAL_PX = 886.81  # at a width of 1024
WIDTH_PX = 1024

_COLOUR_SUFFIX = "_final_hdf5"
_LUMA = np.array([0.3, 0.59, 0.11])  # CCIR 601, as the data set's own tone mapping
_PERCENTILE = 90
_SHOWN_VALUE = 0.8**2.2  # linear light of the value that it puts there
_LAYOUT = (
    "Hypersim: ai_001_001 and so on, with images/scene_cam_00_final_hdf5 and "
    "images/scene_cam_00_geometry_hdf5 in each"
)


@dataclass(frozen=True)
class Hypersim:
    """Reader of Hypersim.

    Parameters
    ----------
    exposure : float or None
        Factor of the linear colour. None exposes each frame as the data set's
        preview pictures: nine tenths of the pixels stay below an encoded 0.8.
    """

    exposure: float | None = None

    fps: ClassVar[float | None] = None

    def __post_init__(self) -> None:
        check_positive("exposure", self.exposure)

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the picture folders by scene and camera, ``ai_001_001/cam_00``."""
        found: dict[str, Path] = {}
        for name, scene in sequence_folders(root, "images", 1, _LAYOUT).items():
            for folder in sorted((scene / "images").glob(f"scene_*{_COLOUR_SUFFIX}")):
                camera = folder.name.removeprefix("scene_").removesuffix(_COLOUR_SUFFIX)
                found[f"{name}/{camera}"] = folder
        if not found:
            raise UserError(f"{root}: no linear pictures; expected {_LAYOUT}")
        return found

    def place(self, folder: Path) -> str:
        """Return the scene."""
        return folder.resolve().parent.parent.name

    def split(self, folder: Path) -> str | None:
        """Return None: the published split is a table of frames, not of scenes."""

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one camera."""
        name = folder.name.removesuffix(_COLOUR_SUFFIX) + "_geometry_hdf5"
        return matched_frames(
            folder,
            numbered_files(folder, r"frame\.(\d+)\.color\.hdf5"),
            numbered_files(folder.with_name(name), r"frame\.(\d+)\.depth_meters\.hdf5"),
        )

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame; its classes are those of rooms and not taken over."""
        numbers = read_hdf5(files.depth)
        has_no_geometry = np.isnan(numbers) | sky_codes(numbers)
        ray_length_m = numbers.astype(np.float64)
        depth_m = planar_depth(ray_length_m)
        depth_m[has_no_geometry] = np.inf
        colour = read_hdf5(files.colour, channels=3).astype(np.float32)
        if self.exposure is not None:
            colour *= np.float32(self.exposure)
        elif np.isfinite(colour).all():
            colour *= preview_exposure(colour)
        return build_frame(files, colour, depth_m)

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return the intrinsics that `planar_depth` uses; the pose is not read."""
        return centred_camera(FOCAL_PX * size[0] / WIDTH_PX, size)


def planar_depth(ray_length_m: NDArray[Any]) -> NDArray[np.float64]:
    """Return depth along the axis for lengths along the rays, (H, W) metres.

    The camera is that of nearly all scenes: square pixels, not shifted or tilted,
    FOCAL_PX in proportion to the width.
    """
    height, width = ray_length_m.shape
    focal_px = FOCAL_PX * width / WIDTH_PX
    x_px = np.arange(width) + 0.5 - width / 2
    y_px = np.arange(height)[:, None] + 0.5 - height / 2
    return ray_length_m * focal_px / np.sqrt(x_px**2 + y_px**2 + focal_px**2)


def preview_exposure(linear_rgb: NDArray[np.float32]) -> np.float32:
    """Return the factor that puts the 90th percentile of brightness at 0.8 encoded."""
    brightness = float(np.percentile(linear_rgb @ _LUMA, _PERCENTILE))
    return np.float32(_SHOWN_VALUE / max(brightness, 1e-4))
