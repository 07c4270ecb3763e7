"""Where a chart's surfaces stand: laid out in the picture, then moved to their depth.

A surface is drawn in columns and rows of the picture, in `CHART_WIDTH_PX` pixels
across, from its centre to the right and down. Its depth is given as *defocus*: the CoC
radius, in those pixels, of a lens that is focused at `CHART_FOCUS_M` and blurs the sky
by `SKY_DEFOCUS_PX`. Both are linear on every plane, so textures never alias, however
much a plane recedes. Points are in the camera's axes, metres: x to the right, y down, z
along the optical axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

CHART_WIDTH_PX = 480
CHART_HEIGHT_PX = 270
CHART_LENS_MM = 50.0
CHART_SENSOR_MM = 36.0
CHART_FOCAL_PX = CHART_WIDTH_PX * CHART_LENS_MM / CHART_SENSOR_MM
CHART_FOCUS_M = 6.0
SKY_DEFOCUS_PX = 30.0

FloatArray: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Surface:
    """Quadrilaterals that emit light to both sides.

    Parameters
    ----------
    points_m : ndarray (V, 3)
        Camera axes.
    quads : ndarray (Q, 4) of int
        Top left, bottom left, bottom right, top right, as seen from the front.
    rgb : ndarray (V, 3)
        Scene-linear radiance; multiplied by the texture, if there is one.
    texture : ndarray (h, w, 3) or None
        Row 0 is the top.
    texture_uv : ndarray (V, 2) or None
        Place in the texture: (0, 0) is the bottom left corner, (1, 1) the top right.
    """

    points_m: FloatArray
    quads: NDArray[np.int64]
    rgb: FloatArray
    texture: FloatArray | None = None
    texture_uv: FloatArray | None = None


@dataclass(frozen=True)
class Box:
    """A rectangle in the picture, pixels from its centre to the right and down."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def texels(self) -> tuple[int, int]:
        """Width and height of a texture with one texel per pixel."""
        return round(self.right - self.left) + 1, round(self.bottom - self.top) + 1


@dataclass(frozen=True)
class Tilt:
    """Defocus on a plane: in the middle, and its change across the box and down it."""

    middle: float
    across: float = 0.0
    down: float = 0.0


def depth_m(defocus_px: ArrayLike) -> FloatArray:
    """Return the depth at which the charts' lens has a CoC radius, metres.

    Examples
    --------
    >>> [round(float(depth_m(radius)), 3) for radius in (0.0, -20.0, 20.0)]
    [6.0, 3.6, 18.0]
    """
    return CHART_FOCUS_M / (1 - np.asarray(defocus_px, np.float64) / SKY_DEFOCUS_PX)


def points_m(column: ArrayLike, row: ArrayLike, defocus_px: ArrayLike) -> FloatArray:
    """Return the points (..., 3) at places in the picture, pixels from its centre."""
    x, y, z = np.broadcast_arrays(
        np.asarray(column, np.float64), np.asarray(row, np.float64), depth_m(defocus_px)
    )
    return np.stack([x * z / CHART_FOCAL_PX, y * z / CHART_FOCAL_PX, z], axis=-1)


def sheet(box: Box, tilt: Tilt, texture: FloatArray, *, cells: int = 16) -> Surface:
    """Return a plane that fills a box of the picture, its texture level with it.

    Parameters
    ----------
    box : Box
    tilt : Tilt
    texture : ndarray (h, w, 3)
        Stretched over the box in the *picture*, not on the plane.
    cells : int
        Quadrilaterals along each side: inside one of them the texture lies on the
        plane, and departs from the picture by what perspective does within a cell.
    """
    steps = np.linspace(0, 1, cells + 1)
    across, down = np.meshgrid(steps, steps)
    points = points_m(
        box.left + (box.right - box.left) * across,
        box.top + (box.bottom - box.top) * down,
        tilt.middle + tilt.across * (across - 0.5) + tilt.down * (down - 0.5),
    )
    uv = np.stack([across, 1.0 - down], axis=-1).reshape(-1, 2)
    return Surface(
        points.reshape(-1, 3), grid_quads(cells, cells), np.ones((len(uv), 3)),
        texture, uv,
    )  # fmt: skip


def ribbon(
    path_px: FloatArray, width_px: float, defocus_px: ArrayLike, rgb: ArrayLike
) -> Surface:
    """Return a band along a path in the picture, facing the camera.

    Parameters
    ----------
    path_px : ndarray (N, 2)
        Columns and rows from the picture's centre.
    width_px : float
    defocus_px : float or ndarray (N,)
    rgb : (3,) or (N, 3)
        One colour, or one for each point of the path.
    """
    along = np.gradient(path_px, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    aside = np.stack([along[:, 1], -along[:, 0]], axis=1) * width_px / 2
    edges = [
        points_m(edge[:, 0], edge[:, 1], defocus_px)
        for edge in (path_px - aside, path_px + aside)
    ]  # walking down the picture: its left, then its right
    colours = np.broadcast_to(np.asarray(rgb, np.float64), (len(path_px), 3))
    return _joined([edges[0][:-1], edges[0][1:], edges[1][1:], edges[1][:-1]],
                   [colours[:-1], colours[1:], colours[1:], colours[:-1]])  # fmt: skip


def patches(
    centre_px: FloatArray,
    half_sides_px: FloatArray,
    defocus_px: FloatArray,
    rgb: FloatArray,
    *,
    turn_rad: ArrayLike = 0.0,
    lean_px: FloatArray | None = None,
) -> Surface:
    """Return many small rectangles that face the camera, more or less.

    Parameters
    ----------
    centre_px, half_sides_px : ndarray (N, 2)
        Columns and rows; half of width and height.
    defocus_px : ndarray (N,)
        In the middle.
    rgb : ndarray (N, 4, 3)
        At the corners: top left, bottom left, bottom right, top right.
    turn_rad : float or ndarray (N,)
        Rotation in the picture, clockwise.
    lean_px : ndarray (N, 2) or None
        Change of defocus from the middle to the right and to the bottom side.
    """
    cosine, sine = np.cos(turn_rad), np.sin(turn_rad)
    lean = np.zeros_like(centre_px) if lean_px is None else lean_px
    corners = []
    for right, down in ((-1, -1), (-1, 1), (1, 1), (1, -1)):
        x, y = half_sides_px[:, 0] * right, half_sides_px[:, 1] * down
        corners.append(
            points_m(
                centre_px[:, 0] + x * cosine - y * sine,
                centre_px[:, 1] + x * sine + y * cosine,
                defocus_px + lean[:, 0] * right + lean[:, 1] * down,
            )
        )
    return _joined(corners, list(np.moveaxis(rgb, 1, 0)))


def curved(points: FloatArray, rgb: FloatArray) -> Surface:
    """Return the surface through a grid of points (R, C, 3), with colours (R, C, 3).

    Rows run down and columns to the right where it faces the camera.
    """
    rows, columns = points.shape[:2]
    return Surface(
        points.reshape(-1, 3), grid_quads(rows - 1, columns - 1), rgb.reshape(-1, 3)
    )


def grid_quads(rows: int, columns: int) -> NDArray[np.int64]:
    """Return the quadrilaterals (rows * columns, 4) of a grid with one vertex more."""
    index = np.arange((rows + 1) * (columns + 1)).reshape(rows + 1, columns + 1)
    corners = [index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]]
    return np.stack(corners, axis=-1).reshape(-1, 4)


def _joined(corners: list[FloatArray], colours: list[FloatArray]) -> Surface:
    """Return separate quadrilaterals from the N first corners, N second ones, ..."""
    points = np.stack(corners, axis=1).reshape(-1, 3)
    rgb = np.stack(colours, axis=1).reshape(-1, 3)
    return Surface(points, np.arange(len(points)).reshape(-1, 4), rgb)
