"""The lofted skin of a car: cross-sections along its length; no bpy.

Car axes: x forwards, y to the left, z up, the road at z = 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.car_models import CarModel
from blender_scenes.city.mesh import MeshBuilder
from blender_scenes.city.shapes import Shape, grid

PAINT, GLASS, BLACK = "car_paint", "car_glass", "rubber"
_STATION_STEP_M = 0.055
_ARCH_GAP_M = 0.055
_HALF_PILLAR_M = 0.045
# Rows of a cross-section, from the sill up to the middle of the roof.
_SILL, _DOOR, _WAIST, _BELT, _GLASS_FOOT, _GLASS_TOP, _ROOF_EDGE = range(7)
_ROWS = 10
_CAP_COLUMNS = 16


def add_body(builder: MeshBuilder, model: CarModel) -> None:
    """Add painted skin, windows, and both ends with their lamps and grilles."""
    stations = _stations(model)
    half = _half_sections(model, stations)
    # Left half from the sill up, then the right half from the roof down.
    right = half[:, ::-1][:, 1:] * (1.0, -1.0, 1.0)
    skin = grid(np.concatenate([half, right], axis=1))
    surface = _surfaces(model, stations)
    for material in np.unique(surface):
        chosen = skin.faces[0][surface.ravel() == material]
        builder.add(Shape(skin.vertices, (chosen,)), str(material), smooth=True)
    _add_cap(builder, half[0], is_front=False)
    _add_cap(builder, half[-1], is_front=True)


def top_height_m(model: CarModel, x_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of the silhouette at positions along the car."""
    return _softened(model, np.array(model.top), x_m)


def half_width_m(model: CarModel, x_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the half width at the waist; the ends are rounded in plan."""
    share = np.abs(x_m) / (model.length_m / 2)
    return (
        model.width_m / 2 * (1.0 - 0.16 * np.clip(share, 0, 1) ** 7 - 0.02 * share**2)
    )


def _stations(model: CarModel) -> NDArray[np.float64]:
    """Return positions of the cross-sections, with one on each feature."""
    half = model.length_m / 2
    even = np.arange(-half, half, _STATION_STEP_M)
    arches = [
        axle + (model.wheel_radius_m + _ARCH_GAP_M) * np.cos(angle)
        for axle in (model.front_axle_m, model.rear_axle_m)
        for angle in np.linspace(0.0, np.pi, 13)
    ]
    pillars = [
        x + offset
        for x in model.pillars_m
        for offset in (-_HALF_PILLAR_M, _HALF_PILLAR_M)
    ]
    marks = [
        model.glass_rear_m,
        model.glass_front_m,
        model.roof_rear_m,
        model.roof_front_m,
    ]
    stations = np.unique(np.round([*even, *arches, *pillars, *marks, half], 3))
    # Slivers between a feature and its neighbour would shade as creases.
    keep = np.append(np.diff(stations) > 0.008, True)
    return stations[keep]


def _softened(
    model: CarModel, points: NDArray[np.float64], x_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a polyline's height with its corners rounded over 0.16 m."""
    offsets = np.linspace(-0.08, 0.08, 9)
    half = model.length_m / 2
    reached = np.clip(np.asarray(x_m)[:, None] + offsets, -half, half)
    return np.interp(reached, points[:, 0], points[:, 1]).mean(axis=1)


def _belt_m(model: CarModel, x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.interp(
        x,
        (model.glass_rear_m, model.glass_front_m),
        (model.belt_rear_m, model.belt_front_m),
    )


def _half_sections(model: CarModel, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (stations, rows, 3): the left half of every cross-section."""
    top = top_height_m(model, x)
    width = half_width_m(model, x)
    belt = np.minimum(_belt_m(model, x), top - 0.045)
    sill = np.full_like(x, model.clearance_m)
    for axle in (model.front_axle_m, model.rear_axle_m):
        reach = model.wheel_radius_m + _ARCH_GAP_M
        arch = (
            np.sqrt(np.maximum(reach**2 - (x - axle) ** 2, 0.0)) + model.wheel_radius_m
        )
        sill = np.maximum(sill, np.where(np.abs(x - axle) < reach, arch, 0.0))
    sill = np.minimum(sill, belt - 0.12)
    cabin = np.clip((top - belt) / 0.4, 0.0, 1.0)
    roof_edge = belt + (top - belt) * (0.86 - 0.06 * (1 - cabin))
    # The cabin leans in towards the roof; a bonnet curves over much less.
    lean = 0.72 + 0.16 * (1 - cabin)
    height = {
        _SILL: sill,
        _DOOR: sill + 0.35 * (belt - sill),
        _WAIST: sill + 0.74 * (belt - sill),
        _BELT: belt - 0.015,
        _GLASS_FOOT: belt + 0.02 * cabin,
        _GLASS_TOP: roof_edge,
        _ROOF_EDGE: belt + (top - belt) * 0.95,
        7: belt + (top - belt) * 0.985,
        8: belt + (top - belt) * 0.997,
        9: top,
    }
    reach = {
        _SILL: 0.955,
        _DOOR: 0.995,
        _WAIST: 1.0,
        _BELT: 0.965,
        _GLASS_FOOT: 0.94,
        _GLASS_TOP: lean + 0.02,
        _ROOF_EDGE: lean - 0.05,
        7: lean - 0.14,
        8: lean * 0.45,
        9: 0.0,
    }
    rows = [
        np.stack([x, width * reach[row], height[row]], axis=-1) for row in range(_ROWS)
    ]
    return np.stack(rows, axis=1)


def _surfaces(model: CarModel, stations: NDArray[np.float64]) -> NDArray[np.str_]:
    """Return the material of every face of the skin, (stations - 1, 2 rows - 2)."""
    x = (stations[:-1] + stations[1:]) / 2
    half = np.full((len(x), _ROWS - 1), PAINT, dtype="U16")
    is_cabin = (x > model.glass_rear_m + 0.12) & (x < model.glass_front_m - 0.14)
    is_pillar = np.zeros(len(x), bool)
    for pillar in model.pillars_m:
        is_pillar |= np.abs(x - pillar) < _HALF_PILLAR_M
    half[is_cabin & ~is_pillar, _GLASS_FOOT] = GLASS
    half[is_cabin & is_pillar, _GLASS_FOOT] = BLACK
    half[is_cabin, _BELT] = BLACK
    screen = (x > model.roof_front_m) & (x < model.glass_front_m - 0.03)
    rear = (x < model.roof_rear_m) & (x > model.glass_rear_m + 0.03)
    for row in (_ROOF_EDGE, 7, 8):
        half[screen | rear, row] = GLASS
    # Lamps reach around both corners; bumpers have a dark lower lip.
    end = model.length_m / 2
    half[x > end - 0.27, _WAIST : _ROOF_EDGE + 1] = "lamp_white"
    half[x < -end + 0.16, _WAIST] = "lamp_red"
    half[np.abs(x) > end - 0.34, _SILL] = BLACK
    return np.concatenate([half, half[:, ::-1]], axis=1)


def _add_cap(
    builder: MeshBuilder, section: NDArray[np.float64], *, is_front: bool
) -> None:
    """Close one end of the skin: bumper, grille, lamps, in a bulging grid."""
    across = np.linspace(1.0, -1.0, _CAP_COLUMNS + 1)
    rows = section[:, None, :] * np.stack(
        [np.ones_like(across), across, np.ones_like(across)], axis=-1
    )
    outwards = 1.0 if is_front else -1.0
    bulge = 0.05 * (1 - across**2)[None, :] * np.linspace(1.0, 0.3, _ROWS)[:, None]
    rows = rows + np.stack([outwards * bulge, 0 * bulge, 0 * bulge], axis=-1)
    cap = grid(rows)
    columns = np.abs((across[:-1] + across[1:]) / 2)
    surface = np.full((_ROWS - 1, _CAP_COLUMNS), PAINT, dtype="U16")
    surface[_SILL, columns < 0.75] = BLACK
    is_lamp = columns > 0.66
    if is_front:
        surface[_WAIST : _ROOF_EDGE + 1, is_lamp] = "lamp_white"
        surface[_WAIST, columns < 0.42] = BLACK
        surface[_DOOR, columns < 0.3] = BLACK
        surface[_DOOR, columns > 0.9] = "lamp_amber"
    else:
        surface[_WAIST, is_lamp] = "lamp_red"
        surface[_WAIST, (columns > 0.66) & (columns < 0.75)] = "lamp_white"
    for material in np.unique(surface):
        chosen = cap.faces[0][surface.ravel() == material]
        builder.add(Shape(cap.vertices, (chosen,)), str(material), smooth=True)
