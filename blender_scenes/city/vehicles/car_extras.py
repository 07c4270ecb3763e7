"""What marks some cars: a taxi's sign, a patrol's light bar, a van's panels; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import boxes, ellipsoid, loft, quads
from blender_scenes.city.vehicles.car_body import car_skin
from blender_scenes.city.vehicles.car_models import CarModel
from blender_scenes.city.vehicles.lettering import add_letters, letter_rectangles
from blender_scenes.city.vehicles.patches import Patches
from blender_scenes.city.vehicles.skins import Skin


def add_extras(builder: MeshBuilder, model: CarModel, livery: int) -> None:
    """Add what ``model.extra`` names."""
    if model.extra == "taxi":
        _add_taxi_sign(builder, model)
    elif model.extra == "patrol":
        _add_patrol(builder, model)
    elif model.extra == "panels":
        _add_cargo_hold(builder, model, livery)


def _add_taxi_sign(builder: MeshBuilder, model: CarModel) -> None:
    foot = car_skin(model).above(0.0, -0.05)
    rings = [
        [
            np.add(foot, (sx * half_x, sy * half_y, z))
            for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ]
        for half_x, half_y, z in (
            (0.3, 0.11, -0.02),
            (0.3, 0.11, 0.03),
            (0.26, 0.06, 0.15),
        )
    ]
    builder.add(loft(np.array(rings)), "lit_sign", (0.75, 0.62, 0.2))
    for facing in (-1.0, 1.0):
        place = np.add(foot, (0.0, facing * 0.094, 0.045))
        add_letters(
            builder,
            "TAXI",
            place,
            0.09,
            facing,
            "plate",
            (0.02, 0.02, 0.02),
            thickness_m=0.036,
        )


def _add_patrol(builder: MeshBuilder, model: CarModel) -> None:
    skin = car_skin(model)
    foot = skin.above(0.0, -0.1)
    builder.add(boxes(np.add(foot, (0, 0, 0.04)), (1.05, 0.26, 0.05)), "trim_black")
    for side in (-1, 1):
        dome = ellipsoid(
            np.add(foot, (side * 0.33, 0, 0.07)), (0.21, 0.13, 0.085), segments=18
        )
        builder.add(dome, "lit_sign", (0.01, 0.05, 0.5), smooth=True)
    put = Patches(builder, skin.side)
    low, high = model.clearance_m + 0.3, model.clearance_m + 0.47
    edges = np.linspace(model.rear_axle_m + 0.45, model.front_axle_m - 0.45, 13)
    for side in (-1, 1):
        for number in range(12):
            row = number % 2
            for level, tint in (
                (row, (0.01, 0.06, 0.35)),
                (1 - row, (0.6, 0.55, 0.03)),
            ):
                z = low + level * (high - low) / 2
                top = z + (high - low) / 2
                corners = [
                    (edges[number], z),
                    (edges[number + 1], z),
                    (edges[number + 1], top),
                    (edges[number], top),
                ]
                put.add(corners, "plate", side, lift_m=0.002, tint=tint, steps=(2, 2))


def _add_cargo_hold(builder: MeshBuilder, model: CarModel, livery: int) -> None:
    """Add pressed panels, rub rails, the sliding door's rail and a name."""
    skin = car_skin(model)
    put = Patches(builder, skin.side)
    belt = model.belt_rear_m
    spans = ((-2.3, -1.3), (-1.12, 0.02))
    for side in (-1, 1):
        for start, end in spans:
            low, high = belt + 0.08, model.height_m - 0.42
            panel = [(start, low), (end, low), (end, high), (start, high)]
            put.line([*panel, panel[0]], 0.012, "car_paint", -0.002, side)
        rail = [(y, belt - 0.02) for y in np.linspace(-2.35, -1.2, 8)]
        put.line(rail, 0.012, "trim_black", 0.0, side)
        rub = [
            (y, 0.62)
            for y in np.linspace(
                model.rear_axle_m + 0.45, model.front_axle_m - 0.45, 12
            )
        ]
        put.line(rub, 0.03, "rubber", 0.0, side)
    name = ("LIEFERIT", "PAKO", "FLORETTA")[livery]
    ink = ((0.02, 0.05, 0.3), (0.35, 0.02, 0.02), (0.02, 0.18, 0.06))[livery]
    _print_on_flanks(builder, skin, name, (-1.2, belt + 0.14), ink)
    tail = Patches(builder, skin.rear)
    tail.line(
        [(0.0, model.clearance_m + 0.3), (0.0, model.belt_rear_m - 0.1)], 0.005, "gap"
    )


def _print_on_flanks(
    builder: MeshBuilder,
    skin: Skin,
    text: str,
    middle_m: tuple[float, float],
    ink: tuple[float, float, float],
) -> None:
    """Print a word on both curved flanks; ``middle_m`` is (y, z) of its foot."""
    height_m = min(0.26, 7 * 1.9 / (6 * len(text)))
    rows = letter_rectangles(text, height_m)
    for side in (-1, 1):
        # Who looks at the right flank sees the front on the right.
        y = middle_m[0] + side * rows[:, [0, 1, 1, 0]]
        z = middle_m[1] + rows[:, [2, 2, 3, 3]]
        corners = np.add(skin.side(y, z), (0.003, 0.0, 0.0))
        builder.add(quads(corners * (side, 1.0, 1.0)), "plate", ink)
