"""Meshes of cars: the skin and everything that sits on it; no bpy."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import boxes, ellipsoid, tube
from blender_scenes.city.vehicles.car_body import add_skin, car_skin, top_height_m
from blender_scenes.city.vehicles.car_extras import add_extras
from blender_scenes.city.vehicles.car_models import CarModel
from blender_scenes.city.vehicles.patches import Patches, add_plate, rectangle

_DARK = (0.012, 0.012, 0.013)
# Lower edge of the lower intake above the clearance.
_MOUTH_M = 0.1


def car_body(model: CarModel, livery: int = 0) -> MeshData:
    """Return a car without its wheels; what is painted has no tint."""
    builder = MeshBuilder()
    builder.add_mesh(_plain_body(model))
    for middle, outwards in (
        (_front_plate_m(model), 1.0),
        (_rear_plate_m(model), -1.0),
    ):
        add_plate(builder, middle, outwards, livery)
    add_extras(builder, model, livery)
    return builder.mesh()


@cache
def _plain_body(model: CarModel) -> MeshData:
    """Return what all liveries of a model share."""
    builder = MeshBuilder()
    add_skin(builder, model)
    _add_nose(builder, model)
    _add_tail(builder, model)
    _add_flanks(builder, model)
    _add_mirrors(builder, model)
    _add_wipers_and_seams(builder, model)
    return builder.mesh()


def car_lamps_m(
    model: CarModel,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middles of head and tail lamps, (2, 3) each, left then right."""
    skin, half = car_skin(model), model.width_m / 2
    low, high = _lamp_heights(model)
    sides = np.array([-1.0, 1.0])
    head = skin.front(sides * 0.78 * half, (low + high) / 2)
    low, high = _tail_heights(model)
    return head, skin.rear(sides * 0.84 * half, (low + high) / 2)


def _lamp_heights(model: CarModel) -> tuple[float, float]:
    nose = float(top_height_m(model, np.array([model.length_m / 2 - 0.12]))[0])
    return nose - 0.165, nose - 0.045


def _tail_heights(model: CarModel) -> tuple[float, float]:
    tail = float(top_height_m(model, np.array([-model.length_m / 2 + 0.08]))[0])
    tall = 0.3 if model.height_m > 1.7 else 0.18
    return tail - 0.05 - tall, tail - 0.05


def _front_plate_m(model: CarModel) -> tuple[float, float, float]:
    """Return the middle of the number plate between grille and lower intake."""
    low, _ = _lamp_heights(model)
    z = (model.clearance_m + _MOUTH_M + 0.12 + low) / 2
    return 0.0, float(car_skin(model).front(0.0, z)[1]) + 0.012, z


def _rear_plate_m(model: CarModel) -> tuple[float, float, float]:
    """Return the middle of the number plate on the lid."""
    low, _ = _tail_heights(model)
    z = (low + _lid_foot_m(model)) / 2 + 0.03
    return 0.0, float(car_skin(model).rear(0.0, z)[1]) - 0.012, z


def _lid_foot_m(model: CarModel) -> float:
    low, _ = _tail_heights(model)
    return max(model.clearance_m + 0.32, low - 0.26)


def _add_nose(builder: MeshBuilder, model: CarModel) -> None:
    """Add the nose's lamps and openings, and the bumper's upper seam."""
    skin, half = car_skin(model), model.width_m / 2
    put = Patches(builder, skin.front)
    low, high = _lamp_heights(model)
    for side in (-1, 1):
        _add_head_lamp(put, half, (low, high), side)
        _add_fog_lamp(put, half, model.clearance_m + 0.17, side)
    mouth = model.clearance_m + _MOUTH_M
    _add_grille(put, half, (low, high), mouth)
    ways = np.linspace(-1.3 * half, 1.3 * half, 21)
    seam = [(way, low - 0.02 + 0.05 * (abs(way) / half) ** 4) for way in ways]
    put.line(seam, 0.004, "gap")


def _add_head_lamp(
    put: Patches, half: float, span_m: tuple[float, float], side: int
) -> None:
    """Add a lamp that reaches around the corner: house, reflectors, light strip."""
    low, high = span_m
    inner, outer = 0.56 * half, 1.24 * half
    lamp = [
        (inner, low + 0.015),
        (outer, low + 0.05),
        (outer + 0.06, high + 0.03),
        (inner + 0.03, high - 0.005),
    ]
    put.add(lamp, "trim_black", side, lift_m=0.004, grow_m=0.012)
    put.add(lamp, "lamp_house", side, lift_m=0.009, steps=(8, 3))
    strip = [
        (inner + 0.02, low + 0.022),
        (outer - 0.06, low + 0.052),
        (outer - 0.06, low + 0.064),
        (inner + 0.02, low + 0.036),
    ]
    put.add(strip, "head_lamp", side, lift_m=0.013, steps=(6, 1))
    z = (low + high) / 2 + 0.018
    for place, size in ((0.7 * half, 0.033), (0.86 * half, 0.038)):
        put.disc(side * place, z, size, "chrome", 0.012)
        put.disc(side * place, z, 0.8 * size, "head_lamp", 0.016)
    amber = [
        (outer - 0.05, low + 0.06),
        (outer, low + 0.06),
        (outer + 0.03, high + 0.01),
        (outer - 0.03, high),
    ]
    put.add(amber, "lamp_amber", side, lift_m=0.013)


def _add_fog_lamp(put: Patches, half: float, z: float, side: int) -> None:
    hole = [
        (0.62 * half, z - 0.05),
        (0.95 * half, z - 0.035),
        (0.98 * half, z + 0.05),
        (0.66 * half, z + 0.04),
    ]
    put.add(hole, "trim_black", side, lift_m=0.005)
    put.disc(side * 0.76 * half, z, 0.034, "lamp_house", 0.012)


def _add_grille(
    put: Patches, half: float, span_m: tuple[float, float], mouth_m: float
) -> None:
    """Add the grille with its badge, and the lower intake."""
    low, high = span_m
    wide = 0.5 * half
    opening = rectangle(-wide, wide, low + 0.01, high - 0.015, -0.02)
    put.add(opening, "trim_black", lift_m=0.004, steps=(8, 2))
    for z in np.linspace(low + 0.025, high - 0.03, 5):
        put.line([(-wide, z), (0.0, z), (wide, z)], 0.0045, "chrome", 0.005)
    put.disc(0.0, (low + high) / 2, 0.046, "chrome", 0.014)
    put.disc(0.0, (low + high) / 2, 0.034, "trim_black", 0.018)
    wide = 0.55 * half
    intake = rectangle(-wide, wide, mouth_m, mouth_m + 0.12, 0.05 * half)
    put.add(intake, "trim_black", lift_m=0.005, steps=(8, 2))
    for z in (mouth_m + 0.03, mouth_m + 0.06, mouth_m + 0.09):
        put.line([(-wide, z), (0.0, z), (wide, z)], 0.004, "rubber", 0.006)


def _add_tail(builder: MeshBuilder, model: CarModel) -> None:
    """Add the tail's lamps, lid, bumper and exhaust."""
    skin, half = car_skin(model), model.width_m / 2
    put = Patches(builder, skin.rear)
    low, high = _tail_heights(model)
    for side in (-1, 1):
        _add_tail_lamp(put, half, (low, high), side)
        z = model.clearance_m + 0.16
        mark = rectangle(0.66 * half, 0.92 * half, z, z + 0.035)
        put.add(mark, "reflector", side)
    lid = 0.58 * half
    bottom = _lid_foot_m(model)
    right = [(lid * 0.92, bottom), (lid, low), (lid, high + 0.02)]
    left = [(-way, z) for way, z in reversed(right)]
    put.line([*left, (0.0, bottom - 0.01), *right], 0.0045, "gap")
    ways = np.linspace(-1.25 * half, 1.25 * half, 17)
    put.line([(way, bottom - 0.03) for way in ways], 0.004, "gap")
    step = model.clearance_m + 0.08
    lip = rectangle(-0.7 * half, 0.7 * half, step, step + 0.1, 0.06 * half)
    put.add(lip, "trim_black", lift_m=0.005, steps=(8, 2))
    z = _rear_plate_m(model)[2]
    recess = rectangle(-0.32, 0.32, z - 0.085, z + 0.085, 0.02)
    put.add(recess, "trim_black", lift_m=0.003)
    handle = [(-0.3, z + 0.095), (0.0, z + 0.1), (0.3, z + 0.095)]
    put.line(handle, 0.012, "chrome", 0.004)
    put.disc(0.0, z + 0.16, 0.04, "chrome", 0.008)
    _add_exhaust(builder, model)


def _add_tail_lamp(
    put: Patches, half: float, span_m: tuple[float, float], side: int
) -> None:
    low, high = span_m
    lamp = [
        (0.6 * half, low + 0.02),
        (1.2 * half, low),
        (1.2 * half + 0.03, high + 0.01),
        (0.6 * half + 0.02, high - 0.01),
    ]
    put.add(lamp, "trim_black", side, lift_m=0.004, grow_m=0.01)
    put.add(lamp, "lamp_red", side, lift_m=0.011, steps=(8, 3))
    z = (low + high) / 2
    for start, end, material in (
        (0.66, 0.8, "lamp_reverse"),
        (0.84, 1.0, "lamp_amber"),
    ):
        strip = rectangle(start * half, end * half, z - 0.03, z + 0.012)
        put.add(strip, material, side, lift_m=0.015)


def _add_exhaust(builder: MeshBuilder, model: CarModel) -> None:
    tail, z = -model.length_m / 2, model.clearance_m + 0.06
    for x in (-0.275 * model.width_m, -0.275 * model.width_m - 0.07):
        pipe = [(x, tail + 0.4, z), (x, tail + 0.035, z)]
        builder.add(tube(pipe, 0.03, sides=14), "chrome", smooth=True)
        dark = [(x, tail + 0.06, z), (x, tail + 0.033, z)]
        builder.add(tube(dark, 0.024, sides=14), "rubber")


def _add_flanks(builder: MeshBuilder, model: CarModel) -> None:
    """Add doors, the sill, side indicators and the fuel flap."""
    put = Patches(builder, car_skin(model).side)
    low = model.clearance_m + 0.13
    first, last = model.door_seams_m[0], model.door_seams_m[-1]
    for side in (-1, 1):
        for y in model.door_seams_m:
            _add_door_edge(put, model, y, side)
        sill = [(y, low) for y in np.linspace(first, last - 0.06, 9)]
        put.line(sill, 0.0042, "gap", 0.0, side)
        strip = [(y, low + 0.12) for y in np.linspace(first + 0.03, last - 0.05, 8)]
        surface = "rubber" if model.has_cladding else "car_paint"
        put.line(strip, 0.014, surface, 0.002, side)
        y, z = last + 0.12, model.belt_front_m - 0.22
        put.add(
            rectangle(y, y + 0.07, z, z + 0.025, 0.01), "lamp_amber", side, lift_m=0.006
        )
    if model.extra != "panels":
        y, z = model.rear_axle_m - 0.12, model.belt_rear_m - 0.15
        turn = np.linspace(0, 2 * np.pi, 17)
        flap = [(y + 0.075 * np.cos(a), z + 0.075 * np.sin(a)) for a in turn]
        put.line(flap, 0.0035, "gap")


def _add_door_edge(put: Patches, model: CarModel, y: float, side: int) -> None:
    """Add a door's gap and, behind all but the last one, its handle."""
    low = model.clearance_m + 0.13
    is_last = y == model.door_seams_m[-1]
    ends = (model.glass_rear_m, model.glass_front_m)
    belt = float(np.interp(y, ends, (model.belt_rear_m, model.belt_front_m)))
    bend = 0.06 if is_last else 0.0
    seam = [(y - bend, low), (y, low + 0.2), (y, belt - 0.08), (y, belt + 0.01)]
    put.line(seam, 0.0042, "gap", 0.0, side)
    if is_last:
        return
    z = belt - 0.115
    recess = rectangle(y + 0.05, y + 0.26, z - 0.035, z + 0.025)
    put.add(recess, "gap", side, lift_m=0.001)
    handle = [
        (y + 0.05, z),
        (y + 0.09, z + 0.004),
        (y + 0.22, z + 0.004),
        (y + 0.26, z),
    ]
    put.line(handle, 0.0125, "car_paint", 0.018, side)


def _add_mirrors(builder: MeshBuilder, model: CarModel) -> None:
    skin = car_skin(model)
    y, z = model.glass_front_m - 0.4, model.belt_front_m + 0.1
    foot = skin.side(y, model.belt_front_m)
    for side in (-1, 1):
        x = side * (float(foot[0]) + 0.13)
        shell = ellipsoid((x, y + 0.02, z), (0.115, 0.075, 0.078), segments=14, rings=8)
        builder.add(shell, "car_paint", smooth=True)
        lower = ellipsoid(
            (x, y + 0.022, z - 0.012), (0.112, 0.074, 0.073), segments=12, rings=6
        )
        builder.add(lower, "trim_black", smooth=True)
        builder.add(boxes((x, y - 0.048, z), (0.17, 0.012, 0.105)), "mirror_glass")
        builder.add(boxes((x, y - 0.045, z), (0.185, 0.012, 0.12)), "trim_black")
        arm = [
            (side * (float(foot[0]) - 0.04), y + 0.03, z - 0.1),
            (x - side * 0.04, y + 0.02, z - 0.05),
        ]
        builder.add(tube(arm, (0.03, 0.022), sides=8), "trim_black", smooth=True)
        blink = boxes((x + side * 0.06, y + 0.085, z + 0.01), (0.08, 0.012, 0.014))
        builder.add(blink, "lamp_amber")


def _add_wipers_and_seams(builder: MeshBuilder, model: CarModel) -> None:
    """Add wipers, the shut lines of the bonnet and the aerial."""
    skin, half = car_skin(model), model.width_m / 2
    foot = model.glass_front_m - 0.02
    for x in (0.5, -0.12):
        path = [
            np.add(skin.above(x - 0.55 * t, foot - 0.2 * t), (0, 0.01, 0.016))
            for t in np.linspace(0, 1, 6)
        ]
        builder.add(
            tube(path, (0.011, 0.008, 0.008, 0.008, 0.008, 0.006), sides=6),
            "trim_black",
        )
        arm = [
            np.add(skin.above(x, foot + 0.04), (0, 0, 0.02)),
            path[2] + (0, 0, 0.012),
        ]
        builder.add(tube(arm, 0.007, sides=6), "trim_black")
    nose = model.length_m / 2 - 0.22
    for side in (-1, 1):
        ys = np.linspace(nose, model.glass_front_m + 0.05, 12)
        seam = [
            skin.above(side * 0.8 * half * (1 - 0.06 * t), y)
            for t, y in zip(np.linspace(1, 0, 12), ys, strict=True)
        ]
        builder.add(tube(seam, 0.0042, sides=4), "gap")
    front = [skin.above(x, nose) for x in np.linspace(-0.75 * half, 0.75 * half, 13)]
    builder.add(tube(front, 0.0042, sides=4), "gap")
    y = model.roof_rear_m + 0.22
    fin = skin.above(0.0, y)
    shape = ellipsoid(
        np.add(fin, (0, 0, 0.01)), (0.022, 0.085, 0.055), segments=14, rings=8
    )
    builder.add(shape, "trim_black", smooth=True)
    if model.has_rails:
        for side in (-1, 1):
            x = side * 0.66 * half * model.roof_share
            ys = np.linspace(model.roof_rear_m + 0.15, model.roof_front_m - 0.2, 9)
            lift = 0.05 * np.minimum(1, 3 * np.sin(np.linspace(0, np.pi, 9)))
            rail = [
                np.add(skin.above(x, y), (0, 0, h))
                for y, h in zip(ys, lift, strict=True)
            ]
            builder.add(tube(rail, 0.014, sides=8), "chrome", smooth=True)
