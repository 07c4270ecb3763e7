"""Where the camera's depth of field lies in space, as rectangles of its frustum.

Pure arithmetic.  World coordinates are Blender units; the camera looks along its own
-Z with Y up, as Blender's does.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LensWindow:
    """The picture of a perspective camera, on the plane at distance 1.

    Parameters
    ----------
    left, right, bottom, top : float
        Its edges relative to the optical axis, as shares of the distance; right and
        top count positive.
    """

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class PictureShape:
    """Size of the rendered picture in pixels, and of a pixel in any unit."""

    width_px: int
    height_px: int
    pixel_aspect_x: float = 1.0
    pixel_aspect_y: float = 1.0


def lens_window(
    focal_length_mm: float,
    sensor_width_mm: float,
    sensor_height_mm: float,
    sensor_fit: str,
    shift: tuple[float, float],
    picture: PictureShape,
) -> LensWindow:
    """Return what a perspective camera sees, from the fields of Blender's panel.

    Parameters
    ----------
    sensor_fit : str
        ``AUTO``, ``HORIZONTAL`` or ``VERTICAL``: the side of the picture that spans
        the sensor.  AUTO takes the longer one, and always the sensor's width.
    shift : (float, float)
        Lens shift to the right and upwards, in units of that side.

    Examples
    --------
    >>> lens_window(50, 36, 24, "AUTO", (0, 0), PictureShape(300, 200))
    LensWindow(left=-0.36, right=0.36, bottom=-0.24, top=0.24)
    """
    width = picture.width_px * picture.pixel_aspect_x
    height = picture.height_px * picture.pixel_aspect_y
    is_vertical = sensor_fit == "VERTICAL" or (sensor_fit == "AUTO" and height > width)
    sensor_mm = sensor_height_mm if sensor_fit == "VERTICAL" else sensor_width_mm
    side = sensor_mm / focal_length_mm
    scale = side / (height if is_vertical else width)
    half_width, half_height = scale * width / 2, scale * height / 2
    x, y = shift[0] * side, shift[1] * side
    return LensWindow(x - half_width, x + half_width, y - half_height, y + half_height)


def rigid_pose(matrix_world: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (4, 4) matrix of an object without its scale.

    Renderers ignore the scale of a camera and of its parents.  An axis that is scaled
    to nothing stays nothing.
    """
    pose = np.array(matrix_world, dtype=float)
    lengths = np.linalg.norm(pose[:3, :3], axis=0)
    pose[:3, :3] /= np.where(lengths > 0, lengths, 1.0)
    return pose


def frustum_rectangle(
    window: LensWindow, pose: NDArray[np.float64], distance: float
) -> NDArray[np.float64]:
    """Return the corners of the picture at a distance, in world coordinates.

    Parameters
    ----------
    pose : ndarray (4, 4)
        World from camera, without scale.
    distance : float
        Along the optical axis, Blender units.

    Returns
    -------
    ndarray (4, 3)
        Lower left, lower right, upper right, upper left, as the camera sees them.
    """
    columns = np.array([window.left, window.right, window.right, window.left])
    rows = np.array([window.bottom, window.bottom, window.top, window.top])
    corners = np.stack([columns, rows, np.full(4, -1.0)], axis=1) * distance
    return corners @ pose[:3, :3].T + pose[:3, 3]
