"""Closed skins of vehicles as grids of columns along them and rows around them; no bpy.

Vehicle axes: x to the right, y forwards, z up. Rows lead from the keel over floor and
wheel wells (`LIP` is the skin's lower edge) up the flank to the middle of the roof,
columns from the middle of the tail to the middle of the nose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, grid

LIP = 3
# Shares of the half width at which nose and tail have columns.
CAP_SHARES = np.array([0.95, 0.87, 0.75, 0.6, 0.4, 0.2, 0.0])


@dataclass(frozen=True)
class Skin:
    """Right half of a vehicle's skin; faces of its grid are closed by its mirror image.

    Parameters
    ----------
    points_m : ndarray (columns, rows, 3)
    stations_m : ndarray (columns,)
        y of each column before it was bent; nose and tail hold their station.
    plan_row : int
        Row along which ways are measured.
    """

    points_m: NDArray[np.float64]
    stations_m: NDArray[np.float64]
    plan_row: int

    def front(self, across_m: ArrayLike, z_m: ArrayLike) -> NDArray[np.float64]:
        """Return points by way along the nose from its middle and by height."""
        return self._at(self.points_m[::-1], across_m, z_m)

    def rear(self, across_m: ArrayLike, z_m: ArrayLike) -> NDArray[np.float64]:
        """Return points by way along the tail from its middle and by height."""
        return self._at(self.points_m, across_m, z_m)

    def side(self, y_m: ArrayLike, z_m: ArrayLike) -> NDArray[np.float64]:
        """Return points of the right flank by place along the car and by height."""
        places = self.points_m[:, self.plan_row, 1]
        column = np.interp(np.asarray(y_m, np.float64), places, np.arange(len(places)))
        return self._in_columns(self.points_m, column, np.asarray(z_m, np.float64))

    def above(self, x_m: float, y_m: float) -> NDArray[np.float64]:
        """Return the point of roof, bonnet or screen over a place."""
        column = int(np.abs(self.stations_m - y_m).argmin())
        line = self.points_m[column, self.plan_row :][::-1]
        return np.array(
            [
                x_m,
                np.interp(abs(x_m), line[:, 0], line[:, 1]),
                np.interp(abs(x_m), line[:, 0], line[:, 2]),
            ]
        )

    def _at(self, points, across_m: ArrayLike, z_m: ArrayLike) -> NDArray[np.float64]:
        across = np.asarray(across_m, np.float64)
        plan = points[:, self.plan_row, :2]
        way = np.append(0.0, np.hypot(*np.diff(plan, axis=0).T).cumsum())
        column = np.interp(np.abs(across), way, np.arange(len(way)))
        found = self._in_columns(points, column, np.asarray(z_m, np.float64))
        found[..., 0] *= np.where(across < 0, -1.0, 1.0)
        return found

    @staticmethod
    def _in_columns(points, column, z_m) -> NDArray[np.float64]:
        column, z_m = np.broadcast_arrays(column, z_m)
        first = np.minimum(column.astype(int), len(points) - 2)
        share = (column - first)[..., None]
        near, far = _at_height(points, np.stack([first, first + 1]), z_m)
        return near * (1 - share) + far * share


def _at_height(points, columns, z_m) -> NDArray[np.float64]:
    """Return the point of each column at a height, interpolated between its rows."""
    heights = points[columns, LIP:, 2]
    last = heights.shape[-1] - 1
    # Rows rise from the lip to the roof, or to the rail of a bed that lies lower.
    is_above = heights > z_m[..., None]
    below = np.where(is_above.any(axis=-1), is_above.argmax(axis=-1), last + 1) - 1
    row = LIP + np.clip(below, 0, last - 1)
    low, high = points[columns, row], points[columns, row + 1]
    run = high[..., 2:] - low[..., 2:]
    slope = (high - low) / np.where(run > 0.0, run, 1.0)
    found = slope * (z_m[..., None] - low[..., 2:]) + low
    found = np.where(below[..., None] < 0, low, found)
    found = np.where(below[..., None] >= last, high, found)
    found[..., 2] = z_m
    return found


def cap_columns(
    section: NDArray[np.float64], bulge_m: float, outwards: float
) -> NDArray[np.float64]:
    """Return columns from an end section (1, rows, 3) to the middle of that end."""
    rows = np.repeat(section, len(CAP_SHARES), axis=0)
    rows[..., 0] *= CAP_SHARES[:, None]
    rows[..., 1] += outwards * bulge_m * (1 - CAP_SHARES[:, None] ** 2.6)
    return rows


def wheel_arch_m(
    y_m: NDArray[np.float64], axle_m: float, radius_m: float, gap_m: float
) -> NDArray[np.float64]:
    """Return the height of an arch over a wheel, 0 beside it."""
    away, reach = np.abs(y_m - axle_m), radius_m + gap_m
    arch = np.sqrt(np.maximum(reach**2 - away**2, 0.0)) + radius_m
    return np.where(away <= reach + 1e-4, arch, 0.0)


def arch_stations_m(axle_m: float, radius_m: float, gap_m: float) -> list[float]:
    """Return places of columns that draw an arch, its upright ends included."""
    reach = radius_m + gap_m
    turn = [(a, 0.0) for a in np.linspace(0.0, np.pi, 13)]
    turn += [(0.0, 0.012), (np.pi, 0.012)]
    return [axle_m + (reach + rim) * np.cos(angle) for angle, rim in turn]


def spread_stations_m(features: ArrayLike, loose: ArrayLike) -> NDArray[np.float64]:
    """Return all features, and what is loose where it is clear of them.

    Slivers between a feature and its neighbour would shade as creases.
    """
    fixed = np.unique(np.round(np.asarray(features, np.float64), 4))
    fixed = fixed[np.append(True, np.diff(fixed) > 0.004)]
    free = np.unique(np.round(np.asarray(loose, np.float64), 4))
    apart = np.abs(free[:, None] - fixed[None]).min(axis=1) > 0.02
    return np.unique(np.concatenate([free[apart], fixed]))


def add_faces(
    builder: MeshBuilder,
    skin: Skin,
    right: NDArray[np.str_],
    left: NDArray[np.str_],
) -> None:
    """Add both halves; materials are (columns - 1, rows - 1), keel first."""
    upper = skin.points_m[:, ::-1]
    mirrored = skin.points_m[:, 1:-1] * (-1.0, 1.0, 1.0)
    # Down the right flank from the roof to the keel, then up the left one.
    shape = grid(np.concatenate([upper, mirrored], axis=1), wrap=True)
    surface = np.concatenate([right[:, ::-1], left], axis=1).ravel()
    for material in np.unique(surface):
        chosen = shape.faces[0][surface == material]
        builder.add(Shape(shape.vertices, (chosen,)), str(material), smooth=True)
