"""What stands on roofs: chimneys, aerials, machines, tanks; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import bars, box, boxes, joined, tube

Size = tuple[float, float, float]
_POT_RGB = (0.16, 0.05, 0.03)


def add_plant(
    builder: MeshBuilder, size_m: Size, rng: np.random.Generator, detail: int
) -> None:
    """Add machines, a lift house, ducts or a tank to the flat roof of a house.

    ``size_m`` is (width, depth, height of the roof).
    """
    width, depth, roof = size_m
    for _ in range(int(rng.integers(1, 4))):
        x, y = rng.uniform(-0.35, 0.35) * width, rng.uniform(0.3, 0.7) * depth
        size = rng.uniform((1.0, 1.0, 1.1), (2.6, 2.2, 2.4))
        builder.add(boxes((x, y, roof + size[2] / 2), size), "metal_sheet")
    if rng.random() < 0.5:
        x = rng.uniform(-0.25, 0.25) * width
        lift = box((x - 1.3, x + 1.3), (0.5 * depth, 0.8 * depth), (roof, roof + 2.9))
        builder.add(lift, "concrete", (0.38, 0.37, 0.35))
    if detail and rng.random() < 0.25:
        _add_tank(builder, rng.uniform(-0.3, 0.3) * width, 0.4 * depth, roof)
    if detail == 2:
        x = np.arange(-0.42 * width, 0.42 * width, rng.uniform(1.4, 3.0))
        vents = [tube([(a, 1.2, roof), (a, 1.2, roof + 0.9)], 0.08) for a in x]
        builder.add(joined(vents), "metal_sheet")


def _add_tank(builder: MeshBuilder, x: float, y: float, roof: float) -> None:
    """Add a wooden water tank on legs."""
    legs = [(x + a, y + b, roof + 0.7) for a in (-0.8, 0.8) for b in (-0.8, 0.8)]
    builder.add(boxes(legs, (0.12, 0.12, 1.4)), "steel")
    body = tube([(x, y, roof + 1.4), (x, y, roof + 3.6)], 1.2, sides=16)
    builder.add(body, "beam", (0.16, 0.09, 0.05))
    lid = tube([(x, y, roof + 3.6), (x, y, roof + 4.4)], (1.3, 0.05), sides=16)
    builder.add(lid, "roof_metal", (0.2, 0.22, 0.22))


def add_chimneys(
    builder: MeshBuilder,
    size_m: Size,
    wall: tuple[str, tuple[float, float, float]],
    rng: np.random.Generator,
    detail: int,
) -> None:
    """Add up to two stacks with pots at the party walls."""
    width, depth, eaves = size_m
    for side in (-1, 1):
        if rng.random() < 0.35:
            continue
        x, y = side * (width / 2 - 0.5), depth * rng.uniform(0.4, 0.6)
        top = eaves + rng.uniform(3.6, 5.0)
        stack = box((x - 0.32, x + 0.32), (y - 0.6, y + 0.6), (eaves, top))
        material = wall[0] if wall[0] in ("brick", "plaster", "stone") else "brick"
        builder.add(stack, material, wall[1])
        rim = box((x - 0.4, x + 0.4), (y - 0.68, y + 0.68), (top, top + 0.12))
        builder.add(rim, "stone", (0.8, 0.8, 0.8))
        pots = [
            tube([(x, y + o, top + 0.1), (x, y + o, top + 0.6)], (0.13, 0.1), sides=9)
            for o in (-0.35, 0.0, 0.35)
        ]
        if detail:
            builder.add(joined(pots), "roof_tile", _POT_RGB, smooth=True)


def add_aerials(
    builder: MeshBuilder,
    width_m: float,
    y_m: float,
    foot_m: float,
    rng: np.random.Generator,
) -> None:
    """Add up to two television aerials at height ``foot_m``."""
    for _ in range(int(rng.integers(0, 3))):
        x, top = rng.uniform(-0.4, 0.4) * width_m, foot_m + rng.uniform(1.6, 3.2)
        mast = tube([(x, y_m, foot_m - 1.0), (x, y_m, top)], 0.025, sides=6)
        builder.add(mast, "steel")
        rungs = x + np.linspace(-0.7, 0.7, 7)
        starts = np.column_stack([rungs, np.full(7, y_m - 0.35), np.full(7, top)])
        cross = bars(starts, np.add(starts, (0.0, 0.7, 0.0)), 0.008, sides=4)
        builder.add(cross, "steel")
        boom = tube([(x - 0.75, y_m, top), (x + 0.75, y_m, top)], 0.014, sides=5)
        builder.add(boom, "steel")
