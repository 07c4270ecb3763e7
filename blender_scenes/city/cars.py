"""Meshes of cars: body, wheels and fittings; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.car_body import add_body, half_width_m, top_height_m
from blender_scenes.city.car_models import MIRROR_REACH_M, CarModel
from blender_scenes.city.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes import (
    Shape,
    box,
    boxes,
    ellipsoid,
    joined,
    ring_bar,
    tube,
)

_SPOKES = 10
_PLATE_M = (0.02, 0.5, 0.115)
_PLATE_RGB = (0.75, 0.75, 0.7)


def car_mesh(model: CarModel) -> MeshData:
    """Return a car that looks along +x and stands on z = 0; paint has no tint."""
    builder = MeshBuilder()
    add_body(builder, model)
    _add_underbody(builder, model)
    for axle in (model.front_axle_m, model.rear_axle_m):
        for side in (-1, 1):
            _add_wheel(builder, model, axle, side)
    _add_mirrors(builder, model)
    _add_plates(builder, model)
    _add_side_details(builder, model)
    _add_front_and_rear(builder, model)
    return builder.mesh()


def _add_underbody(builder: MeshBuilder, model: CarModel) -> None:
    """Fill the body between the wheels, dark, so that nobody looks through it."""
    half = model.width_m / 2 - 0.24
    reach = model.length_m / 2 - 0.14
    floor = box(
        (-reach, reach), (-half, half), (model.clearance_m, model.belt_rear_m - 0.25)
    )
    builder.add(floor, "rubber")
    between = model.wheel_radius_m + 0.08
    wide = model.width_m / 2 - 0.06
    middle = box(
        (model.rear_axle_m + between, model.front_axle_m - between),
        (-wide, wide),
        (model.clearance_m + 0.01, model.clearance_m + 0.12),
    )
    builder.add(middle, "rubber")


def _add_wheel(builder: MeshBuilder, model: CarModel, axle: float, side: int) -> None:
    radius = model.wheel_radius_m
    outer = model.width_m / 2 - 0.015
    y = np.array([outer - 0.2, outer - 0.19, outer - 0.02, outer - 0.004, outer - 0.03])
    r = np.array([radius * 0.6, radius * 0.97, radius, radius * 0.93, radius * 0.66])
    tyre = tube(
        np.column_stack([np.full(5, axle), side * y, np.full(5, radius)]), r, sides=28
    )
    builder.add(_faded_caps(tyre), "rubber", smooth=True)
    face = side * (outer - 0.035)
    rim = ring_bar((axle, face, radius), radius * 0.65, 0.018, axis="y")
    builder.add(rim, "chrome", smooth=True)
    hub = tube(
        [(axle, face - side * 0.06, radius), (axle, face + side * 0.012, radius)],
        0.062,
        sides=14,
    )
    builder.add(hub, "chrome")
    disc = tube(
        [(axle, face - side * 0.1, radius), (axle, face - side * 0.06, radius)],
        radius * 0.5,
        sides=20,
    )
    builder.add(disc, "steel", (0.5, 0.5, 0.5))
    for angle in 2 * np.pi * np.arange(_SPOKES) / _SPOKES:
        tip = np.array([np.cos(angle), 0.0, np.sin(angle)]) * radius * 0.65
        spoke = tube(
            [(axle, face, radius), (axle + tip[0], face, radius + tip[2])],
            (0.028, 0.018),
            sides=5,
        )
        builder.add(spoke, "chrome")


def _faded_caps(shape: Shape) -> Shape:
    """Return a tube without its end discs."""
    return Shape(shape.vertices, shape.faces[:1])


def _add_mirrors(builder: MeshBuilder, model: CarModel) -> None:
    x = model.glass_front_m - 0.34
    z = model.belt_front_m + 0.1
    for side in (-1, 1):
        y = side * (model.width_m / 2 + 0.05)
        builder.add(
            ellipsoid((x, y, z), (0.07, MIRROR_REACH_M - 0.05, 0.075), segments=14),
            "car_paint",
            smooth=True,
        )
        glass = boxes((x - 0.06, y, z), (0.03, 0.13, 0.095))
        builder.add(glass, "chrome", (0.7, 0.75, 0.8))
        arm = [(x, side * (model.width_m / 2 - 0.1), z - 0.06), (x, y, z - 0.03)]
        builder.add(tube(arm, 0.02, sides=6), "rubber")


def _add_plates(builder: MeshBuilder, model: CarModel) -> None:
    half = model.length_m / 2
    for end, z in ((1, model.clearance_m + 0.2), (-1, model.clearance_m + 0.42)):
        x = end * (half + 0.055)
        builder.add(boxes((x, 0.0, z), _PLATE_M), "plate", _PLATE_RGB)
        strokes = np.linspace(-0.19, 0.2, 8)
        ink = [(x + end * 0.008, y, z) for y in strokes]
        sizes = np.array([(0.012, 0.032 if n % 3 else 0.018, 0.07) for n in range(8)])
        builder.add(boxes(ink, sizes), "plate", (0.02, 0.02, 0.03))
        band = (x + end * 0.006, -0.23 * end, z)
        builder.add(boxes(band, (0.012, 0.04, 0.11)), "plate", (0.02, 0.05, 0.3))


def _add_side_details(builder: MeshBuilder, model: CarModel) -> None:
    """Add door seams, handles, the rubbing strip and the sill."""
    wide = half_width_m(model, np.array(model.door_seams_m))
    low, high = model.clearance_m + 0.1, model.belt_front_m - 0.05
    for side in (-1, 1):
        for x, half in zip(model.door_seams_m, wide, strict=True):
            path = [
                (x, side * (half * 0.975), low),
                (x, side * (half + 0.001), low + 0.22),
                (x, side * (half + 0.001), high - 0.12),
                (x, side * (half * 0.972), high),
            ]
            builder.add(tube(path, 0.006, sides=5), "rubber")
        for x, half in list(zip(model.door_seams_m, wide, strict=True))[:2]:
            place = (x + 0.16, side * (half - 0.001), high - 0.1)
            builder.add(boxes(place, (0.17, 0.035, 0.025)), "car_paint")
        first, last = model.rear_axle_m + 0.46, model.front_axle_m - 0.46
        xs = np.linspace(first, last, 6)
        half = half_width_m(model, xs)
        strip = np.column_stack([xs, side * (half + 0.002), np.full(6, low + 0.24)])
        builder.add(tube(strip, 0.018, sides=6), "rubber")


def _add_front_and_rear(builder: MeshBuilder, model: CarModel) -> None:
    """Add grille bars, a badge, wipers, exhaust and the aerial."""
    front = model.length_m / 2 + 0.03
    level = model.top[-1][1]
    bars = [
        boxes((front, 0.0, level - 0.03 * n - 0.06), (0.05, 0.56, 0.009))
        for n in range(4)
    ]
    builder.add(joined(bars), "chrome")
    badge = tube([(front, 0.0, level), (front + 0.03, 0.0, level)], 0.045, sides=12)
    builder.add(badge, "chrome")
    foot = np.array([model.glass_front_m - 0.02, model.glass_front_m - 0.22])
    rise = top_height_m(model, foot) + 0.012
    for y in (0.42, -0.16):
        arm = [(foot[0], y, rise[0]), (foot[1], y - 0.4, rise[1])]
        builder.add(tube(arm, 0.009, sides=5), "rubber")
    tail = -model.length_m / 2
    # The gap around the boot lid.
    edge_z, reach = model.clearance_m + 0.34, 0.6 * model.width_m / 2
    gap = [
        (tail - 0.02, reach, model.belt_rear_m - 0.16),
        (tail - 0.035, reach * 0.94, edge_z),
        (tail - 0.052, 0.0, edge_z),
        (tail - 0.035, -reach * 0.94, edge_z),
        (tail - 0.02, -reach, model.belt_rear_m - 0.16),
    ]
    builder.add(tube(gap, 0.007, sides=5), "rubber")
    trim = boxes((tail - 0.045, 0.0, model.clearance_m + 0.53), (0.02, 0.7, 0.02))
    builder.add(trim, "chrome")
    pipe = tube([(tail + 0.3, -0.5, 0.24), (tail - 0.02, -0.5, 0.24)], 0.032, sides=10)
    builder.add(pipe, "steel", smooth=True)
    edge = model.roof_rear_m + 0.02
    rear_roof = float(top_height_m(model, np.array([edge]))[0])
    builder.add(boxes((edge, 0.0, rear_roof - 0.01), (0.035, 0.4, 0.02)), "lamp_red")
    roof = float(top_height_m(model, np.array([model.roof_rear_m + 0.1]))[0])
    root = (model.roof_rear_m + 0.12, 0.0, roof - 0.01)
    tip = (model.roof_rear_m - 0.22, 0.0, roof + 0.24)
    builder.add(tube([root, tip], 0.005, sides=5), "rubber")
