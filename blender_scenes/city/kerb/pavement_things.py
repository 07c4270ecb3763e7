"""Meshes of small things on pavements: bins, benches, boxes, tables; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import (
    bars,
    box,
    boxes,
    prism,
    ring_bar,
    tube,
)

_GREEN, _GREY, _RED, _WOOD = (
    (0.03, 0.09, 0.05),
    (0.2, 0.21, 0.22),
    (0.4, 0.03, 0.02),
    (0.2, 0.1, 0.045),
)


def _bin(look: Look) -> list[Part]:
    builder = MeshBuilder()
    colour = (_GREEN, _GREY, (0.02, 0.02, 0.02))[look.variant]
    shell = tube(
        [(0, 0, 0.08), (0, 0, 0.12), (0, 0, 0.86)], (0.2, 0.21, 0.24), sides=20
    )
    builder.add(shell, "painted", colour, smooth=True)
    angle = 2 * np.pi * np.arange(20) / 20
    ring = np.column_stack(
        [0.25 * np.cos(angle), 0.25 * np.sin(angle), np.full(20, 0.5)]
    )
    builder.add(boxes(ring, (0.018, 0.018, 0.7)), "cast_iron")
    builder.add(ring_bar((0, 0, 0.86), 0.25, 0.02, axis="z"), "steel", smooth=True)
    for x in (-0.2, 0.2):
        builder.add(tube([(x, 0, 0.86), (x, 0, 1.05)], 0.014, sides=6), "steel")
    builder.add(
        tube([(0, 0, 1.04), (0, 0, 1.1)], (0.27, 0.2), sides=20), "painted", colour
    )
    builder.add(tube([(0, 0, 0), (0, 0, 0.1)], 0.1, sides=10), "cast_iron")
    return [part("Other", builder)]


def _bench(look: Look) -> list[Part]:
    builder = MeshBuilder()
    wood = _WOOD if look.variant else (0.1, 0.14, 0.08)
    for y in np.linspace(-0.2, 0.2, 5):
        builder.add(boxes((0, y, 0.45), (1.75, 0.075, 0.035)), "painted", wood)
    for n in range(4):
        place = (0, 0.26 + 0.03 * n, 0.56 + 0.1 * n)
        builder.add(boxes(place, (1.75, 0.03, 0.075)), "painted", wood)
    for x in (-0.75, 0.75):
        leg = [(x, -0.22, 0.0), (x, -0.18, 0.42), (x, 0.22, 0.43), (x, 0.35, 0.9)]
        builder.add(tube(leg, 0.022, sides=8), "cast_iron", smooth=True)
        builder.add(tube([(x, 0.2, 0.42), (x, 0.3, 0.0)], 0.022, sides=8), "cast_iron")
        arm = [(x, -0.2, 0.42), (x, -0.2, 0.66), (x, 0.28, 0.68)]
        builder.add(tube(arm, 0.018, sides=8), "cast_iron")
    return [part("Other", builder)]


def _cabinet(look: Look) -> list[Part]:
    builder = MeshBuilder()
    colour = (_GREY, _GREEN, (0.35, 0.33, 0.28))[look.variant]
    builder.add(
        box((-0.6, 0.6), (-0.2, 0.2), (0.0, 0.08)), "concrete", (0.4, 0.4, 0.38)
    )
    builder.add(box((-0.56, 0.56), (-0.18, 0.18), (0.08, 1.15)), "painted", colour)
    builder.add(box((-0.6, 0.6), (-0.22, 0.22), (1.15, 1.2)), "painted", colour)
    for x in (-0.28, 0.28):
        door = box((x - 0.26, x + 0.26), (-0.195, -0.18), (0.13, 1.1))
        builder.add(door, "painted", np.array(colour) * 0.92)
        slots = [(x, -0.2, 0.9 + 0.03 * n) for n in range(5)]
        builder.add(boxes(slots, (0.3, 0.012, 0.012)), "rubber")
    builder.add(boxes((-0.05, -0.2, 0.65), (0.03, 0.04, 0.12)), "steel")
    sticker = box((0.1, 0.42), (-0.199, -0.194), (0.35, 0.75))
    builder.add(sticker, "poster", (0.6, 0.5, 0.2))
    return [part("Other", builder)]


def _meter(look: Look) -> list[Part]:
    builder = MeshBuilder()
    builder.add(tube([(0, 0, 0), (0, 0, 1.1)], 0.035, sides=10), "steel", smooth=True)
    head = [
        (-0.1, 1.1),
        (0.1, 1.1),
        (0.12, 1.38),
        (0.06, 1.5),
        (-0.06, 1.5),
        (-0.12, 1.38),
    ]
    builder.add(prism(head, -0.08, 0.08, axis="y"), "painted", (0.12, 0.13, 0.15))
    builder.add(box((-0.07, 0.07), (-0.085, -0.08), (1.3, 1.42)), "car_glass")
    colour = (0.02, 0.1, 0.4) if look.variant else (0.45, 0.3, 0.02)
    builder.add(box((-0.08, 0.08), (-0.084, -0.08), (1.15, 1.26)), "plate", colour)
    return [part("Pole", builder)]


def _post_box(look: Look) -> list[Part]:
    builder = MeshBuilder()
    colour = (_RED, (0.6, 0.4, 0.02), (0.02, 0.07, 0.3))[look.variant]
    rings = [(0, 0, z) for z in (0, 0.1, 0.12, 1.35, 1.37, 1.44, 1.52)]
    radii = (0.27, 0.27, 0.23, 0.23, 0.26, 0.25, 0.08)
    builder.add(tube(rings, radii, sides=24), "painted", colour, smooth=True)
    builder.add(box((-0.13, 0.13), (-0.245, -0.2), (1.2, 1.24)), "rubber")
    builder.add(
        box((-0.09, 0.09), (-0.24, -0.2), (0.85, 1.08)), "plate", (0.7, 0.7, 0.66)
    )
    return [part("Other", builder)]


def _hydrant(look: Look) -> list[Part]:
    builder = MeshBuilder()
    colour = _RED if look.variant else (0.5, 0.33, 0.03)
    rings = [(0, 0, z) for z in (0, 0.05, 0.06, 0.52, 0.54, 0.58, 0.7)]
    radii = (0.16, 0.16, 0.1, 0.1, 0.14, 0.12, 0.03)
    builder.add(tube(rings, radii, sides=16), "painted", colour, smooth=True)
    builder.add(
        tube([(-0.19, 0, 0.4), (0.19, 0, 0.4)], 0.055, sides=12), "painted", colour
    )
    builder.add(
        tube([(0, -0.18, 0.36), (0, 0, 0.36)], 0.07, sides=12), "painted", colour
    )
    return [part("Other", builder)]


def _cafe_table(look: Look) -> list[Part]:
    del look
    builder = MeshBuilder()
    builder.add(tube([(0, 0, 0.72), (0, 0, 0.745)], 0.34, sides=24), "metal_sheet")
    builder.add(tube([(0, 0, 0), (0, 0, 0.72)], 0.025, sides=8), "cast_iron")
    builder.add(tube([(0, 0, 0), (0, 0, 0.03)], 0.2, sides=14), "cast_iron")
    for side in (-1, 1):
        _add_chair(builder, 0.62 * side, side)
    cup = tube([(0.1, 0.08, 0.745), (0.1, 0.08, 0.81)], (0.025, 0.038), sides=10)
    builder.add(cup, "plate", (0.7, 0.7, 0.68))
    return [part("Other", builder)]


def _add_chair(builder: MeshBuilder, x: float, side: int) -> None:
    corners = np.array([(x + a, b, 0.0) for a in (-0.17, 0.17) for b in (-0.17, 0.17)])
    builder.add(bars(corners, np.add(corners, (0, 0, 0.45)), 0.011), "steel")
    for y in np.linspace(-0.15, 0.15, 5):
        builder.add(boxes((x, y, 0.46), (0.38, 0.05, 0.018)), "painted", _WOOD)
    back = x + 0.19 * side
    for y in (-0.17, 0.17):
        builder.add(
            tube([(back, y, 0.42), (back + 0.05 * side, y, 0.88)], 0.011), "steel"
        )
    for z in (0.62, 0.72, 0.82):
        rung = (back + 0.1 * side * (z - 0.42), 0.0, z)
        builder.add(boxes(rung, (0.018, 0.36, 0.05)), "painted", _WOOD)


KINDS: dict[str, Maker] = {
    "bin": _bin,
    "bench": _bench,
    "cabinet": _cabinet,
    "meter": _meter,
    "post_box": _post_box,
    "hydrant": _hydrant,
    "cafe_table": _cafe_table,
}
