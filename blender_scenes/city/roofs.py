"""Roofs of houses: parapets, slopes, mansards, chimneys and aerials; no bpy.

The house stands over x in [-width/2, width/2] and y in [0, depth]; its façade is
y = 0; walls end at ``eaves_m``.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.mesh import MeshBuilder
from blender_scenes.city.shapes import (
    Shape,
    bars,
    box,
    boxes,
    joined,
    prism,
    quads,
    tube,
)

_TILE_RGB = ((0.16, 0.05, 0.03), (0.06, 0.06, 0.07), (0.11, 0.07, 0.05))
_SLATE_RGB = (0.055, 0.06, 0.07)


def add_roof(
    builder: MeshBuilder,
    kind: str,
    size_m: tuple[float, float, float],
    wall: tuple[str, tuple[float, float, float]],
    rng: np.random.Generator,
) -> None:
    """Add a roof of the kind over (width, depth, eaves) of a house."""
    width, depth, eaves = size_m
    if kind == "parapet":
        _add_parapet(builder, width, depth, eaves, wall, rng)
    elif kind == "pitched":
        _add_slopes(builder, width, depth, eaves, wall, rng)
    else:
        _add_mansard(builder, width, depth, eaves, wall, rng)
    if kind != "parapet" or rng.random() < 0.5:
        _add_chimneys(builder, width, depth, eaves, wall, rng)
    for _ in range(int(rng.integers(0, 3))):
        x = rng.uniform(-0.4, 0.4) * width
        ridge = eaves if kind == "parapet" else eaves + 2.2
        _add_aerial(builder, x, depth * 0.45, ridge, rng)


def _add_parapet(builder, width, depth, eaves, wall, rng) -> None:
    half, thick, rise = width / 2, 0.28, float(rng.uniform(0.6, 1.0))
    builder.add(box((-half, half), (0, depth), (eaves - 0.1, eaves)), "roof_felt")
    parts = [
        box((-half, half), (0, thick), (eaves, eaves + rise)),
        box((-half, half), (depth - thick, depth), (eaves, eaves + rise)),
        box((-half, -half + thick), (thick, depth - thick), (eaves, eaves + rise)),
        box((half - thick, half), (thick, depth - thick), (eaves, eaves + rise)),
    ]
    builder.add(joined(parts), *wall)
    coping = box(
        (-half, half), (-0.07, thick + 0.04), (eaves + rise, eaves + rise + 0.08)
    )
    builder.add(coping, "stone")
    for _ in range(int(rng.integers(1, 4))):
        x, y = rng.uniform(-0.35, 0.35) * width, rng.uniform(0.3, 0.7) * depth
        size = rng.uniform((1.0, 1.0, 1.1), (2.6, 2.2, 2.4))
        builder.add(boxes((x, y, eaves + size[2] / 2), size), "metal_sheet")


def _add_slopes(builder, width, depth, eaves, wall, rng) -> None:
    half, rise, over = width / 2, depth * rng.uniform(0.28, 0.4), 0.35
    ridge = eaves + rise
    tile = _TILE_RGB[rng.integers(len(_TILE_RGB))]
    drop = rise * over / (depth / 2)
    for y, z in ((-over, eaves - drop), (depth + over, eaves - drop)):
        edge = [
            (-half, y, z),
            (half, y, z),
            (half, depth / 2, ridge),
            (-half, depth / 2, ridge),
        ]
        corners = edge if y < 0 else edge[::-1]
        builder.add(quads([corners]), "roof_tile", tile)
    gable = np.array(
        [
            [(x, 0.0, eaves), (x, depth, eaves), (x, depth / 2, ridge)]
            for x in (-half, half)
        ]
    )
    faces = np.array([[0, 2, 1], [3, 4, 5]])
    builder.add(Shape(gable.reshape(-1, 3), (faces,)), *wall)
    gutter = [(-half, -over, eaves - drop), (half, -over, eaves - drop)]
    builder.add(tube(gutter, 0.07, sides=8), "metal_sheet")
    for x in np.arange(-half + 2.0, half - 1.5, 3.4):
        if rng.random() < 0.6:
            _add_dormer(builder, x, depth * 0.2, eaves + rise * 0.4, tile)


def _add_mansard(builder, width, depth, eaves, wall, rng) -> None:
    half, rise, back = width / 2, float(rng.uniform(2.3, 2.9)), 0.9
    top = eaves + rise
    outline = [(0.0, eaves), (depth, eaves), (depth - back, top), (back, top)]
    builder.add(prism(outline, -half, half, axis="x"), "roof_tile", _SLATE_RGB)
    for x in np.arange(-half + 1.4, half - 1.0, 2.6):
        _add_dormer(builder, x, 0.55, eaves + 0.4, _SLATE_RGB)


def _add_dormer(builder, x, y, z, tile) -> None:
    """Add a small house for one window that stands out of the slope."""
    builder.add(
        box((x - 0.65, x + 0.65), (y, y + 1.9), (z, z + 1.5)),
        "painted",
        (0.4, 0.4, 0.38),
    )
    cap = [(x - 0.8, z + 1.5), (x + 0.8, z + 1.5), (x, z + 1.95)]
    builder.add(prism(cap, y - 0.15, y + 2.2, axis="y"), "roof_tile", tile)
    pane = [
        (x - 0.45, y - 0.005, z + 0.2),
        (x + 0.45, y - 0.005, z + 0.2),
        (x + 0.45, y - 0.005, z + 1.35),
        (x - 0.45, y - 0.005, z + 1.35),
    ]
    builder.add(quads([pane]), "glass")
    frame = [
        box((x - 0.5, x - 0.43), (y - 0.05, y), (z + 0.15, z + 1.4)),
        box((x + 0.43, x + 0.5), (y - 0.05, y), (z + 0.15, z + 1.4)),
        box((x - 0.03, x + 0.03), (y - 0.05, y), (z + 0.15, z + 1.4)),
        box((x - 0.5, x + 0.5), (y - 0.09, y), (z + 0.1, z + 0.17)),
    ]
    builder.add(joined(frame), "painted", (0.7, 0.7, 0.68))


def _add_chimneys(builder, width, depth, eaves, wall, rng) -> None:
    for side in (-1, 1):
        if rng.random() < 0.35:
            continue
        x, y = side * (width / 2 - 0.5), depth * rng.uniform(0.4, 0.6)
        top = eaves + rng.uniform(3.6, 5.0)
        builder.add(box((x - 0.32, x + 0.32), (y - 0.6, y + 0.6), (eaves, top)), *wall)
        builder.add(
            box((x - 0.4, x + 0.4), (y - 0.68, y + 0.68), (top, top + 0.12)), "stone"
        )
        pots = [
            tube([(x, y + o, top + 0.1), (x, y + o, top + 0.6)], (0.13, 0.1), sides=9)
            for o in (-0.35, 0.0, 0.35)
        ]
        builder.add(joined(pots), "roof_tile", _TILE_RGB[0], smooth=True)


def _add_aerial(builder, x, y, z, rng) -> None:
    height = float(rng.uniform(1.6, 3.2))
    builder.add(tube([(x, y, z), (x, y, z + height)], 0.025, sides=6), "steel")
    rungs = np.linspace(-0.7, 0.7, 7)
    starts = np.column_stack([x + rungs, np.full(7, y - 0.35), np.full(7, z + height)])
    builder.add(bars(starts, np.add(starts, (0.0, 0.7, 0.0)), 0.008, sides=4), "steel")
    boom = [(x - 0.75, y, z + height), (x + 0.75, y, z + height)]
    builder.add(tube(boom, 0.014, sides=5), "steel")
