"""The surfaces that the preview saw, as a coarse mesh in space to colour by blur.

Pure arrays.  Pixels are indexed row, then column; the camera of the pose looks along
+Z with Y down (OpenCV), as the preview's frame has it.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A depth that differs by less than this from its neighbour's is the same surface.
SMOOTH_RATIO = 1.04
# One that differs by more never is, however steadily it grows.
STEP_RATIO = 2.0
# On a plane the inverse depth grows evenly along rows and columns.
EVEN_RATIO = 1.25


@dataclass(frozen=True)
class SurfaceMesh:
    """Triangles over the pixels of a depth map.

    Parameters
    ----------
    points_m : ndarray (N, 3)
        World coordinates in metres.
    depth_m : ndarray (N,)
        Depth of each point along the optical axis.
    triangles : ndarray (T, 3) of int32
        Rows of ``points_m``.
    """

    points_m: NDArray[np.float32]
    depth_m: NDArray[np.float32]
    triangles: NDArray[np.int32]


def unproject(
    depth_m: NDArray[np.floating],
    columns: NDArray[np.floating],
    rows: NDArray[np.floating],
    K: NDArray[np.float64],
    world_from_camera: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the world coordinates (..., 3) of pixels, in the unit of the pose.

    Parameters
    ----------
    depth_m : ndarray (...)
        Along the optical axis.
    columns, rows : ndarray (...)
        Places in the picture: the centre of the upper left pixel is (0.5, 0.5).
    K : ndarray (3, 3)
        Intrinsic matrix in pixels.
    world_from_camera : ndarray (4, 4)
    """
    pixels = np.stack([columns, rows, np.ones_like(rows)], axis=-1)
    directions = pixels @ np.linalg.inv(K).T
    points = directions * np.asarray(depth_m, dtype=float)[..., None]
    return points @ world_from_camera[:3, :3].T + world_from_camera[:3, 3]


def surface_mesh(
    depth_m: NDArray[np.floating],
    K: NDArray[np.float64],
    world_from_camera: NDArray[np.float64],
    *,
    max_columns: int = 240,
) -> SurfaceMesh:
    """Return the mesh of a depth map, open at depth steps and without the sky.

    Parameters
    ----------
    depth_m : ndarray (H, W)
        Metres; not finite in the sky.
    K : ndarray (3, 3)
        Intrinsic matrix of that picture.
    world_from_camera : ndarray (4, 4)
        Metres.
    max_columns : int
        Pixels are skipped until no row has more points than this.
    """
    stride = max(1, -(-depth_m.shape[1] // max_columns))
    first = stride // 2
    coarse = depth_m[first::stride, first::stride]
    height, width = coarse.shape
    rows, columns = np.mgrid[:height, :width] * stride + (first + 0.5)
    is_solid = np.isfinite(coarse) & (coarse > 0)
    points = unproject(
        np.where(is_solid, coarse, 1.0), columns, rows, K, world_from_camera
    )
    triangles = grid_triangles(np.where(is_solid, coarse, np.inf))
    used, renumbered = np.unique(triangles, return_inverse=True)
    return SurfaceMesh(
        points_m=points.reshape(-1, 3)[used].astype(np.float32),
        depth_m=coarse.ravel()[used].astype(np.float32),
        triangles=renumbered.reshape(-1, 3).astype(np.int32),
    )


def grid_triangles(depth: NDArray[np.floating]) -> NDArray[np.int32]:
    """Return the triangles (T, 3) between neighbours on one surface.

    Parameters
    ----------
    depth : ndarray (H, W)
        > 0; +inf where there is nothing.

    Returns
    -------
    ndarray of int32
        Indices into ``depth.ravel()``.
    """
    height, width = depth.shape
    index = np.arange(height * width, dtype=np.int32).reshape(height, width)
    upper_left, upper_right = index[:-1, :-1], index[:-1, 1:]
    lower_left, lower_right = index[1:, :-1], index[1:, 1:]
    along_row = is_continuous(depth)
    along_column = is_continuous(depth.T).T
    lower = along_column[:, :-1] & along_row[1:]
    upper = along_row[:-1] & along_column[:, 1:]
    return np.concatenate(
        [
            np.stack([upper_left, lower_left, lower_right], axis=-1)[lower],
            np.stack([upper_left, lower_right, upper_right], axis=-1)[upper],
        ]
    )


def is_continuous(depth: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return, (H, W - 1), whether neighbours in a row lie on one surface.

    They do if their depths are nearly equal, or if the inverse depth goes on growing
    as evenly as on a slanted plane: a road is not torn where it nears the horizon.
    """
    inverse = 1.0 / np.asarray(depth, dtype=float)
    near = np.maximum(inverse[:, :-1], inverse[:, 1:])
    far = np.minimum(inverse[:, :-1], inverse[:, 1:])
    step = np.diff(inverse, axis=1)
    is_smooth = near <= SMOOTH_RATIO * far
    return (far > 0) & (is_smooth | (_is_even(step) & (near <= STEP_RATIO * far)))


def _is_even(step: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return, for every step along a row, whether it is one of three alike in a row.

    Two alike can be the corners of three things.
    """
    ratio = np.divide(
        step[:, 1:],
        step[:, :-1],
        out=np.zeros_like(step[:, 1:]),
        where=step[:, :-1] != 0,
    )
    is_like_next = (ratio >= 1 / EVEN_RATIO) & (ratio <= EVEN_RATIO)
    is_run = is_like_next[:, :-1] & is_like_next[:, 1:]
    is_even = np.zeros(step.shape, dtype=bool)
    for offset in range(3):
        is_even[:, offset : offset + is_run.shape[1]] |= is_run
    return is_even
