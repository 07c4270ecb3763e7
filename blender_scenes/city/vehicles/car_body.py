"""The closed skin of a car: cross-sections along its length; no bpy.

Vehicle axes: x to the right, y forwards, z up, the road at z = 0. The skin is a grid:
columns run along the car from the middle of its tail to the middle of its nose, rows
from the keel up to the middle of the roof. It has wheel wells and a floor, so that a
ray that enters it meets no face from the front before it leaves.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.vehicles.car_models import CarModel
from blender_scenes.city.vehicles.skins import (
    LIP,
    Skin,
    add_faces,
    arch_stations_m,
    cap_columns,
    spread_stations_m,
    wheel_arch_m,
)

PAINT, GLASS, BLACK, FRIT = "car_paint", "car_glass", "rubber", "trim_black"
ARCH_GAP_M = 0.05
_STATION_STEP_M = 0.11
_HALF_PILLAR_M = 0.045
_FRIT_M = 0.045
_WELL_SHARE = 0.66
# How far the middle of nose and tail stands out before their corners.
_NOSE_M, _TAIL_M = 0.12, 0.08
_CORNER_M = 0.5
# Rows of a cross-section, from the keel up to the middle of the roof.
_SILL, _ROCKER, _DOOR, _CREASE, _WAIST, _SHOULDER, _BELT = range(4, 11)
_GASKET, _GLASS_LOW, _GLASS_HIGH, _GLASS_TOP, _FRAME, _RAIL = range(11, 17)
_ROWS = 22
_LOWER_REACH = (0.0, _WELL_SHARE, _WELL_SHARE, 0.95, 0.972, 0.988, 0.998, 1.0, 0.994)
_UPPER_REACH_CABIN = (0.95, 0.895, 0.835, 0.765, 0.755, 0.715, 0.66, 0.56, 0.4, 0.2, 0)
_UPPER_REACH_BONNET = (0.95, 0.92, 0.89, 0.86, 0.84, 0.8, 0.72, 0.6, 0.42, 0.22, 0.0)
_UPPER_RISE_CABIN = (0.03, 0.31, 0.58, 0.84, 0.87, 0.93, 0.963, 0.985, 0.995, 0.999, 1)
_UPPER_RISE_BONNET = (0.12, 0.25, 0.38, 0.5, 0.56, 0.66, 0.78, 0.88, 0.95, 0.99, 1)


@cache
def car_skin(model: CarModel) -> Skin:
    """Return the skin of a model."""
    y = _stations(model)
    points = _sections(model, y)
    tail = cap_columns(points[:1], _TAIL_M, -1.0)[::-1]
    nose = cap_columns(points[-1:], _NOSE_M, 1.0)
    stations = np.concatenate([np.full(len(tail), y[0]), y, np.full(len(nose), y[-1])])
    points = np.concatenate([tail, points, nose])
    return Skin(_bent(model, points, stations), stations, _CREASE)


def add_skin(builder: MeshBuilder, model: CarModel) -> None:
    """Add painted skin, windows, wheel wells and floor."""
    skin = car_skin(model)
    surface = _surfaces(model, skin)
    add_faces(builder, skin, surface, surface)


def top_height_m(model: CarModel, y_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the height of the silhouette, its corners rounded over 0.16 m."""
    points = np.array(model.top)
    offsets = np.linspace(-0.08, 0.08, 9)
    reached = np.asarray(y_m)[:, None] + offsets
    return np.interp(reached, points[:, 0], points[:, 1]).mean(axis=1)


def _stations(model: CarModel) -> NDArray[np.float64]:
    """Return places of the cross-sections, with one on each feature."""
    rear, front = -model.length_m / 2 + _TAIL_M, model.length_m / 2 - _NOSE_M
    even = np.linspace(rear, front, round((front - rear) / _STATION_STEP_M))
    corners = np.concatenate(
        [
            rear + _CORNER_M * np.linspace(0, 1, 9) ** 1.5,
            front - _CORNER_M * np.linspace(0, 1, 8) ** 1.5,
        ]
    )
    arches = [
        y
        for axle in (model.front_axle_m, model.rear_axle_m)
        for y in arch_stations_m(axle, model.wheel_radius_m, ARCH_GAP_M)
    ]
    marks = [
        *(
            y + off
            for y in model.pillars_m
            for off in (-_HALF_PILLAR_M, _HALF_PILLAR_M)
        ),
        *(y + off for y in model.bed_m or () for off in (-0.008, 0.008)),
        *_screen(model),
        *_screen(model, _FRIT_M),
        *_side_window(model),
    ]
    return spread_stations_m(
        [*arches, *marks, rear, front], np.concatenate([even, corners])
    )


def _screen(model: CarModel, inset_m: float = 0.0) -> tuple[float, ...]:
    """Return the ends of rear window and windscreen, from the tail on."""
    return (
        model.glass_rear_m + 0.03 + inset_m,
        model.roof_rear_m - inset_m,
        model.roof_front_m + inset_m,
        model.glass_front_m - 0.03 - inset_m,
    )


def _side_window(model: CarModel) -> tuple[float, float]:
    return (model.window_rear_m, model.glass_front_m - 0.16)


def _sections(model: CarModel, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (stations, rows, 3): the right half of every cross-section."""
    top = top_height_m(model, y)
    width = _half_width_m(model, y)
    belt_line = np.interp(
        y,
        (model.glass_rear_m, model.glass_front_m),
        (model.belt_rear_m, model.belt_front_m),
    )
    belt = np.minimum(belt_line, top - 0.05)
    floor = np.full_like(y, model.clearance_m + 0.02)
    lip, flare = _wheel_arches(model, y)
    lip = np.minimum(lip, belt - 0.16)
    cabin = np.clip((top - belt - 0.1) / 0.3, 0.0, 1.0)
    cabin = cabin * cabin * (3 - 2 * cabin)
    low = model.clearance_m
    height = [floor, floor, np.maximum(floor + 0.01, lip + 0.01), lip, lip + 0.022]
    # Creases run level along the flank, and over a wheel arch that is in their way.
    for row, share in enumerate((0.14, 0.32, 0.56, 0.76, 0.92)):
        over = lip + 0.05 + 0.024 * row
        height.append(np.maximum(low + share * (belt - low), over))
    height.append(np.maximum(belt, height[-1] + 0.012))
    reach = [np.full_like(y, share) for share in (*_LOWER_REACH, 0.984, 0.968)]
    rise = top - belt
    narrow = 1 + (model.roof_share - 1) * np.minimum(np.arange(11) / 3, 1.0)
    for share, steep, level, flat in zip(
        np.array(_UPPER_REACH_CABIN) * narrow,
        _UPPER_RISE_CABIN,
        _UPPER_REACH_BONNET,
        _UPPER_RISE_BONNET,
        strict=True,
    ):
        reach.append(level + (share - level) * cabin)
        risen = belt + rise * (flat + (steep - flat) * cabin)
        height.append(np.maximum(risen, height[-1] + 0.0012))
    if model.bed_m is not None:
        is_bed = (y > model.bed_m[0]) & (y < model.bed_m[1])
        reach[_RAIL + 1] = np.where(is_bed, reach[_RAIL] - 0.012, reach[_RAIL + 1])
        for row in range(_RAIL + 1, _ROWS):
            height[row] = np.where(is_bed, model.bed_floor_m, height[row])
    x = width * np.array(reach)
    x[LIP : _CREASE + 1] += flare * np.array([1.0, 1.0, 0.9, 0.6, 0.25])[:, None]
    rows = [np.stack([x[row], y, height[row]], axis=-1) for row in range(_ROWS)]
    return np.stack(rows, axis=1)


def _half_width_m(model: CarModel, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the half width at the waist; the ends are rounded in plan."""
    half = model.length_m / 2
    to_nose = np.clip(1 - (half - _NOSE_M - y) / _CORNER_M, 0, 1)
    to_tail = np.clip(1 - (half - _TAIL_M + y) / _CORNER_M, 0, 1)
    barrel = 1.0 - 0.035 * (y / half) ** 2
    return model.width_m / 2 * barrel * (1 - 0.17 * to_nose**2.2 - 0.1 * to_tail**2.4)


def _wheel_arches(
    model: CarModel, y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the height of the skin's lower edge, and how far it flares out."""
    lip, flare = np.full_like(y, model.clearance_m), np.zeros_like(y)
    reach = model.wheel_radius_m + ARCH_GAP_M
    for axle in (model.front_axle_m, model.rear_axle_m):
        away = np.abs(y - axle)
        lip = np.maximum(lip, wheel_arch_m(y, axle, model.wheel_radius_m, ARCH_GAP_M))
        flare += 0.02 * np.clip(1.45 - away / reach, 0.0, 0.45) / 0.45
    # Lower edges of nose and tail rise towards their ends.
    half = model.length_m / 2
    lip += 0.05 * np.clip((np.abs(y) - half + 0.4) / 0.4, 0, 1) ** 2
    return lip, flare


def _bent(model: CarModel, points, stations) -> NDArray[np.float64]:
    """Return points with nose and tail leaning in, and screens bowed outwards."""
    bent = points.copy()
    z, half = points[..., 2], model.length_m / 2
    to_nose = np.clip(1 - (half - _NOSE_M - stations) / 0.7, 0, 1)[:, None] ** 2
    to_tail = np.clip(1 - (half - _TAIL_M + stations) / 0.7, 0, 1)[:, None] ** 2
    bumper = model.clearance_m + 0.36 * (model.belt_front_m - model.clearance_m)
    above, below = np.maximum(z - bumper, 0), np.maximum(bumper - 0.12 - z, 0)
    bent[..., 1] -= to_nose * (1.1 * above**1.6 + 0.35 * below)
    bent[..., 1] += to_tail * (0.35 * np.maximum(above - 0.06, 0) ** 1.3 + 0.4 * below)
    is_upper = np.arange(_ROWS) >= _BELT
    bow = 1 - (points[..., 0] / (model.width_m / 2)) ** 2
    screen, window = _screen(model)[2:], _screen(model)[:2]
    bend = 0.09 * _bump(stations, sum(screen) / 2, 0.9)
    bend -= 0.07 * _bump(stations, sum(window) / 2, 0.7)
    bent[..., 1] += is_upper * bow * bend[:, None]
    # The rear edge of the side window leans forward, as its pillar does.
    lean = model.pillar_lean * _bump(stations, model.window_rear_m, 0.55)
    height = np.clip(z - z[:, [_BELT]], 0, None)
    side = np.clip((points[..., 0] / np.maximum(points[:, [_GASKET], 0], 1e-3)), 0, 1)
    bent[..., 1] += is_upper * height * lean[:, None] * side**2
    return bent


def _bump(y, middle: float, half_m: float) -> NDArray[np.float64]:
    away = np.clip(np.abs(y - middle) / half_m, 0, 1)
    return (1 - away**2) ** 2


def _surfaces(model: CarModel, skin: Skin) -> NDArray[np.str_]:
    """Return the material of every face of the half skin, keel first."""
    y = (skin.stations_m[:-1] + skin.stations_m[1:]) / 2
    is_end = skin.stations_m[:-1] == skin.stations_m[1:]
    surface = np.full((len(y), _ROWS - 1), PAINT, dtype="U16")
    surface[:, :LIP] = BLACK
    cladding = _SILL + 1 if model.has_cladding else LIP
    surface[:, LIP : cladding + 1] = BLACK
    surface[is_end, LIP : _SILL + 1] = BLACK
    low, high = _side_window(model)
    is_cabin = (y > low) & (y < high) & ~is_end
    is_pillar = np.zeros(len(y), bool)
    for pillar in model.pillars_m:
        is_pillar |= np.abs(y - pillar) < _HALF_PILLAR_M
    surface[is_cabin & ~is_pillar, _GASKET:_GLASS_TOP] = GLASS
    surface[is_cabin & is_pillar, _GASKET:_GLASS_TOP] = FRIT
    surface[is_cabin, _BELT] = FRIT
    surface[is_cabin, _GLASS_TOP] = FRIT
    rear_foot, rear_top, front_top, front_foot = _screen(model)
    for foot, top in ((rear_foot, rear_top), (front_top, front_foot)):
        is_screen = (y > foot) & (y < top) & ~is_end
        is_rim = is_screen & ((y < foot + _FRIT_M) | (y > top - _FRIT_M))
        surface[is_screen, _RAIL + 1 :] = GLASS
        surface[is_screen, _RAIL] = FRIT
        surface[is_rim, _RAIL:] = FRIT
    return surface
