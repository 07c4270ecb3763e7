"""Closed skins of buses and lorry cabs: upright walls with rounded edges; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.vehicles.skins import (
    LIP,
    Skin,
    arch_stations_m,
    cap_columns,
    spread_stations_m,
    wheel_arch_m,
)

_ARCH_GAP_M = 0.06
_WELL_SHARE = 0.58
_EDGE_TURNS = np.radians([15.0, 40.0, 65.0, 90.0])
_ROOF_SHARES = (0.6, 0.3, 0.0)


@dataclass(frozen=True)
class Hull:
    """Measures of a hull, metres.

    Parameters
    ----------
    width_m : float
    rear_m, front_m : float
        y of both ends.
    floor_m, roof_m : float
        Lower edge and roof.
    rows_m : tuple of float
        Heights of edges between materials, rising, below the rounded roof edge.
    stations_m : tuple of float
        Places of edges between materials, between the rounded corners.
    wheels : tuple of (y, radius)
        Wheels that the hull makes room for.
    nose_corner_m, tail_corner_m, edge_m : float
        Radii of upright corners and of the roof's edge.
    nose_bulge_m : float
        How far the nose's middle stands out.
    nose_lean : float
        Run over rise of the nose above ``lean_from_m``.
    lean_from_m : float
    """

    width_m: float
    rear_m: float
    front_m: float
    floor_m: float
    roof_m: float
    rows_m: tuple[float, ...]
    stations_m: tuple[float, ...]
    wheels: tuple[tuple[float, float], ...]
    nose_corner_m: float = 0.3
    tail_corner_m: float = 0.14
    edge_m: float = 0.16
    nose_bulge_m: float = 0.07
    nose_lean: float = 0.06
    lean_from_m: float = 1.0

    def row(self, height_m: float) -> int:
        """Return the row at one of ``rows_m``."""
        return LIP + 2 + self.rows_m.index(height_m)


def hull_skin(hull: Hull) -> Skin:
    """Return the skin; its last rows round the roof's edge and cross the roof."""
    rear, front = hull.rear_m + 0.02, hull.front_m - hull.nose_bulge_m
    turn = np.linspace(0, np.pi / 2, 7)
    corners = [
        *(rear + hull.tail_corner_m * (1 - np.cos(turn))),
        *(front - hull.nose_corner_m * (1 - np.cos(turn))),
    ]
    arches = [
        y
        for axle, size in hull.wheels
        for y in arch_stations_m(axle, size, _ARCH_GAP_M)
    ]
    inside = [y for y in arches if rear + 0.03 < y < front - 0.03]
    even = np.linspace(rear, front, max(3, round((front - rear) / 0.25)))
    y = spread_stations_m([*corners, *inside, *hull.stations_m, rear, front], even)
    points = _sections(hull, y, rear, front)
    tail = cap_columns(points[:1], 0.02, -1.0)[::-1]
    nose = cap_columns(points[-1:], hull.nose_bulge_m, 1.0)
    stations = np.concatenate([np.full(len(tail), y[0]), y, np.full(len(nose), y[-1])])
    points = np.concatenate([tail, points, nose])
    reach = max(1.2 * hull.nose_corner_m, 0.3)
    weight = np.clip(1 - (front - stations) / reach, 0, 1)[:, None] ** 1.5
    lean = hull.nose_lean * np.maximum(points[..., 2] - hull.lean_from_m, 0)
    lean += 0.12 * np.maximum(hull.floor_m + 0.25 - points[..., 2], 0)
    # The roof's edge curves back over the nose.
    back = np.maximum(points[..., 2] - hull.roof_m + hull.edge_m, 0) / hull.edge_m
    points[..., 1] -= weight * (lean + 0.5 * hull.edge_m * back**2)
    return Skin(points, stations, LIP + 2)


def _sections(hull: Hull, y, rear: float, front: float) -> NDArray[np.float64]:
    half = hull.width_m / 2 - _inset(y - rear, hull.tail_corner_m)
    half = half - _inset(front - y, hull.nose_corner_m)
    lip = np.full_like(y, hull.floor_m)
    for axle, radius in hull.wheels:
        lip = np.maximum(lip, wheel_arch_m(y, axle, radius, _ARCH_GAP_M))
    floor = np.full_like(y, hull.floor_m + 0.02)
    height = [floor, floor, np.maximum(floor, lip) + 0.01, lip, lip + 0.03]
    reach = [0 * y, _WELL_SHARE * half, _WELL_SHARE * half, half - 0.015, half]
    for number, level in enumerate(hull.rows_m):
        height.append(np.maximum(np.full_like(y, level), lip + 0.045 + 0.006 * number))
        lean = 0.02 * max(0.0, level - hull.lean_from_m)
        reach.append(half - lean)
    top = reach[-1]
    for turn in _EDGE_TURNS:
        level = hull.roof_m - 0.035 - hull.edge_m * (1 - np.sin(turn))
        height.append(np.maximum(level, height[-1] + 0.004))
        reach.append(top - hull.edge_m * (1 - np.cos(turn)))
    for share in _ROOF_SHARES:
        crown = 0.035 * (1 - share**2)
        height.append(np.maximum(hull.roof_m - 0.035 + crown, height[-1] + 0.001))
        reach.append(share * (top - hull.edge_m))
    rows = [np.stack([x, y, z], axis=-1) for x, z in zip(reach, height, strict=True)]
    return np.stack(rows, axis=1)


def _inset(from_end_m, radius_m: float):
    """Return how far a rounded corner stands back at a distance from its end."""
    missing = np.clip(radius_m - from_end_m, 0, radius_m)
    return radius_m - np.sqrt(np.maximum(radius_m**2 - missing**2, 0.0))
