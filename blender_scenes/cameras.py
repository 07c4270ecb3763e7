"""Pinhole cameras: Blender's lens, a margin around the picture, poses, sky flow.

Pure arithmetic without bpy. The intrinsic matrix K has its origin at the top
left corner of the picture, pixel centres at half-integers, rows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Blender's camera looks along -Z with Y up; OpenCV's along +Z with Y down.
BLENDER_FROM_OPENCV = np.diag([1.0, -1.0, -1.0, 1.0])


@dataclass(frozen=True)
class BlenderLens:
    """A perspective lens in Blender's own terms.

    Parameters
    ----------
    focal_length_mm, sensor_width_mm, sensor_height_mm : float
        As in Blender's camera panel, millimetres.
    sensor_fit : str
        ``AUTO``, ``HORIZONTAL`` or ``VERTICAL``: the picture side that spans
        the sensor; AUTO takes the longer one, and always the sensor's width.
    shift_x, shift_y : float
        Lens shift in units of that side, to the right and upwards.
    """

    focal_length_mm: float
    sensor_width_mm: float = 36.0
    sensor_height_mm: float = 24.0
    sensor_fit: str = "AUTO"
    shift_x: float = 0.0
    shift_y: float = 0.0

    def intrinsics(self, width: int, height: int) -> NDArray[np.float64]:
        """Return K of a picture with square pixels and this lens."""
        is_vertical = self.sensor_fit == "VERTICAL" or (
            self.sensor_fit == "AUTO" and height > width
        )
        side_px = height if is_vertical else width
        uses_sensor_height = self.sensor_fit == "VERTICAL"
        sensor_mm = (
            self.sensor_height_mm if uses_sensor_height else self.sensor_width_mm
        )
        focal_px = self.focal_length_mm / sensor_mm * side_px
        # A lens shift to the right moves the optical axis left in the picture.
        column = width / 2 - self.shift_x * side_px
        row = height / 2 + self.shift_y * side_px
        return np.array([[focal_px, 0, column], [0, focal_px, row], [0, 0, 1]])


def with_margin(K: NDArray[np.float64], margin_px: int) -> NDArray[np.float64]:
    """Return K of the picture enlarged by a margin on every side."""
    enlarged = K.copy()
    enlarged[:2, 2] += margin_px
    return enlarged


def lens_of(
    K: NDArray[np.float64], width: int, height: int, focal_length_mm: float
) -> BlenderLens:
    """Return the lens, fitted horizontally, that gives K in a picture of that size."""
    return BlenderLens(
        focal_length_mm=focal_length_mm,
        sensor_width_mm=focal_length_mm * width / float(K[0, 0]),
        sensor_fit="HORIZONTAL",
        shift_x=(width / 2 - float(K[0, 2])) / width,
        shift_y=(float(K[1, 2]) - height / 2) / width,
    )


def opencv_pose(
    matrix_world: NDArray[np.float64], metres_per_unit: float
) -> NDArray[np.float64]:
    """Return the 4x4 world-from-camera matrix with OpenCV axes, metres.

    Parameters
    ----------
    matrix_world : ndarray (4, 4)
        The camera object's matrix in Blender, its scale ignored.
    metres_per_unit : float
        Length of a Blender unit.

    Raises
    ------
    ValueError
        If the camera is mirrored or sheared, which no rigid pose can express.
    """
    rotation = matrix_world[:3, :3] / np.linalg.norm(matrix_world[:3, :3], axis=0)
    if not np.allclose(rotation.T @ rotation, np.eye(3), atol=1e-4):
        raise ValueError("sheared; expected a rotation and a uniform scale")
    if np.linalg.det(rotation) < 0:
        raise ValueError("mirrored (negative scale); expected positive scales")
    pose = np.eye(4)
    pose[:3, :3] = rotation
    pose[:3, 3] = matrix_world[:3, 3] * metres_per_unit
    return pose @ BLENDER_FROM_OPENCV


@dataclass(frozen=True)
class CameraPose:
    """K of the stored picture (margin included) and the pose, at one frame."""

    intrinsics: NDArray[np.float64]
    world_from_camera: NDArray[np.float64]


def infinity_flow(
    now: CameraPose, later: CameraPose, width: int, height: int
) -> NDArray[np.float64]:
    """Return the flow (H, W, 2) of points at infinity, columns then rows, pixels.

    Only the rotation and a change of lens move the sky. Directions that end up
    behind the camera get flow 0.
    """
    rotation = later.world_from_camera[:3, :3].T @ now.world_from_camera[:3, :3]
    homography = later.intrinsics @ rotation @ np.linalg.inv(now.intrinsics)
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    points = np.stack([columns, rows, np.ones_like(rows)], axis=-1)
    mapped = points @ homography.T
    in_front = mapped[..., 2:] > 0
    scale = np.where(in_front, mapped[..., 2:], 1.0)
    return np.where(in_front, mapped[..., :2] / scale - points[..., :2], 0.0)


def full_flow(
    surface_flow_px: NDArray[np.float32],
    is_sky: NDArray[np.bool_],
    now: CameraPose,
    later: CameraPose,
) -> NDArray[np.float64]:
    """Return the flow (H, W, 2) of surfaces and sky, columns then rows, pixels.

    Parameters
    ----------
    surface_flow_px : ndarray (H, W, 2)
        Flow as Cycles gives it: without the sky, and blind to a change of the
        lens shift.
    is_sky : ndarray (H, W) of bool
    now, later : CameraPose
        At this frame and the next.
    """
    shift_px = later.intrinsics[:2, 2] - now.intrinsics[:2, 2]
    height, width = is_sky.shape
    sky_flow = infinity_flow(now, later, width, height)
    return np.where(is_sky[..., None], sky_flow, surface_flow_px + shift_px)
