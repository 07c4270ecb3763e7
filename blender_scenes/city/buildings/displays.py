"""What shop windows show: niches with shelves, dummies, counters; no bpy.

Façade axes as in `openings.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.buildings.interiors import (
    Box,
    dyed,
    goods,
    leaf_tuft,
    mannequin,
    shell,
)
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import box, boxes, ellipsoid, joined, tube

_SHOP_LIGHT = np.array([1.0, 0.86, 0.66])
_WALLS_RGB = (
    (0.6, 0.56, 0.48), (0.3, 0.16, 0.1), (0.12, 0.13, 0.14), (0.5, 0.52, 0.5),
    (0.45, 0.12, 0.08), (0.16, 0.24, 0.22), (0.66, 0.62, 0.55),
)  # fmt: skip
_WOOD = np.array((0.26, 0.15, 0.08))
_GOODS = {
    "grocery": ("boxes", "bottles", "fruit"),
    "books": ("books", "books", "boxes"),
    "wine": ("bottles",),
    "household": ("pots", "boxes"),
}


def display_kinds() -> tuple[str, ...]:
    """Return the names that `add_display` knows."""
    return (*_GOODS, "clothes", "cafe", "flowers")


def add_display(
    builder: MeshBuilder,
    hole: NDArray[np.float64],
    front_m: float,
    kind: str,
    rng: np.random.Generator,
) -> None:
    """Add the niche behind a shop window (x0, x1, z0, z1) and what stands in it."""
    x0, x1, z0, z1 = hole
    is_room = kind in ("cafe", "clothes")
    depth = float(rng.uniform(2.4, 3.4) if is_room else rng.uniform(0.8, 1.3))
    floor = 0.05 if is_room else z0 - 0.02
    bounds = (x0 - 0.15, x1 + 0.15, front_m, front_m + depth, floor, z1 + 0.1)
    paper = np.array(_WALLS_RGB[rng.integers(len(_WALLS_RGB))])
    sides = np.stack([paper, paper * 0.85, paper * 0.9, _WOOD, (0.7, 0.69, 0.66)])
    light = _SHOP_LIGHT * rng.uniform(0.7, 1.0)
    builder.add(shell(bounds), "shop_room", sides * light)
    add = {"clothes": _add_clothes, "cafe": _add_cafe, "flowers": _add_flowers}.get(
        kind
    )
    if add is not None:
        add(builder, bounds, light, rng)
    else:
        _add_shelves(builder, bounds, _GOODS[kind], light, rng)
    _add_lamps(builder, bounds, light)


def _add_lamps(builder: MeshBuilder, bounds: Box, light: NDArray[np.float64]) -> None:
    """Hang round lamps in a row behind the pane."""
    x0, x1, y0, y1, _, top = bounds
    y = (y0 + min(y1, y0 + 1.0)) / 2
    for x in np.arange(x0 + 0.5, x1 - 0.2, 1.0):
        cord = tube([(x, y, top - 0.25), (x, y, top)], 0.008, sides=4)
        builder.add(cord, "steel")
        ball = ellipsoid((x, y, top - 0.3), (0.1, 0.1, 0.08), segments=8, rings=5)
        builder.add(ball, "sign_lit", light, smooth=True)


def _add_shelves(builder: MeshBuilder, bounds: Box, kinds, light, rng: Any) -> None:
    x0, x1, y0, y1, floor, top = bounds
    rise = rng.uniform(0.38, 0.5)
    # The lowest goods stand in front, the others on shelves at the back.
    boards = [(y0 + 0.05, y0 + 0.5, floor)]
    boards += [
        (y1 - 0.42, y1, level) for level in np.arange(floor + 0.3, top - 0.35, rise)
    ]
    for number, (front, back, level) in enumerate(boards):
        if number:
            board = box((x0, x1), (front, back), (level - 0.03, level))
            builder.add(board, "shop_room", _WOOD * light)
        x = x0 + 0.05
        while x < x1 - 0.5:
            end = min(x1 - 0.02, x + rng.uniform(0.6, 1.4))
            kind = str(kinds[rng.integers(len(kinds))])
            space = (x, end, front, back, level, level + rise - 0.03)
            shape, colour = goods(kind, space, rng)
            builder.add(shape, "shop_room", colour * light)
            x = end + 0.03


def _add_clothes(builder: MeshBuilder, bounds: Box, light, rng: Any) -> None:
    """Add dummies in coats near the pane and rails of clothes at the back."""
    x0, x1, y0, y1, floor, _ = bounds
    for x in np.arange(x0 + 0.5, x1 - 0.3, rng.uniform(0.7, 1.0)):
        foot = (x + rng.uniform(-0.1, 0.1), y0 + rng.uniform(0.35, 0.7), floor + 0.25)
        cloth = dyed(rng, 1)[0]
        dummy = mannequin(foot, rng.uniform(0.95, 1.1))
        builder.add(dummy, "shop_room", cloth * light, smooth=True)
    stage = box((x0, x1), (y0, y0 + 1.0), (floor, floor + 0.25))
    builder.add(stage, "shop_room", np.array((0.5, 0.48, 0.44)) * light)
    rail = [(x0 + 0.2, y1 - 0.5, floor + 1.6), (x1 - 0.2, y1 - 0.5, floor + 1.6)]
    builder.add(tube(rail, 0.015, sides=6), "steel")
    x = np.arange(x0 + 0.3, x1 - 0.3, 0.07)
    drop = rng.uniform(0.5, 1.0, len(x))
    middle = np.stack([x, np.full_like(x, y1 - 0.5), floor + 1.58 - drop / 2], axis=1)
    size = np.stack([np.full_like(x, 0.05), np.full_like(x, 0.42), drop], axis=1)
    colours = np.repeat(dyed(rng, len(x)), 6, axis=0)
    builder.add(boxes(middle, size), "shop_room", colours * light)


def _add_cafe(builder: MeshBuilder, bounds: Box, light, rng: Any) -> None:
    """Add tables with stools at the pane and a counter with bottles at the back."""
    x0, x1, y0, y1, floor, top = bounds
    for x in np.arange(x0 + 0.6, x1 - 0.4, 1.3):
        y = y0 + rng.uniform(0.4, 0.7)
        parts = [
            tube([(x, y, floor + 0.72), (x, y, floor + 0.75)], 0.34, sides=14),
            tube([(x, y, floor), (x, y, floor + 0.72)], 0.03, sides=6),
            boxes((x, y, floor + 0.02), (0.4, 0.4, 0.04)),
        ]
        for side in (-0.5, 0.5):
            parts.append(boxes((x + side, y, floor + 0.45), (0.36, 0.36, 0.04)))
            parts.append(boxes((x + 1.3 * side, y, floor + 0.7), (0.03, 0.36, 0.5)))
            legs = [
                (x + side + a, y + b, floor + 0.22)
                for a in (-0.15, 0.15)
                for b in (-0.15, 0.15)
            ]
            parts.append(boxes(legs, (0.03, 0.03, 0.44)))
        builder.add(joined(parts), "shop_room", _WOOD * rng.uniform(0.6, 1.6) * light)
        cups = [
            tube([(x + o, y, floor + 0.75), (x + o, y, floor + 0.84)], 0.04, sides=7)
            for o in (-0.15, 0.12)
        ]
        builder.add(joined(cups), "shop_room", np.array((0.8, 0.8, 0.76)) * light)
    counter = box((x0 + 0.3, x1 - 0.3), (y1 - 1.1, y1 - 0.6), (floor, floor + 1.1))
    builder.add(counter, "shop_room", _WOOD * light)
    for level in (1.3, 1.75):
        space = (x0 + 0.2, x1 - 0.2, y1 - 0.3, y1, floor + level, floor + level + 0.4)
        shape, colour = goods("bottles", space, rng)
        builder.add(shape, "shop_room", colour * light)
    menu = box((x0 + 0.4, x0 + 1.6), (y1 - 0.02, y1), (top - 0.75, top - 0.2))
    builder.add(menu, "shop_room", (0.02, 0.02, 0.02))


def _add_flowers(builder: MeshBuilder, bounds: Box, light, rng: Any) -> None:
    """Add steps of buckets with leaves and blossoms."""
    x0, x1, y0, _, floor, _ = bounds
    hues = rng.uniform(0.15, 0.85, (4, 3))
    for step in range(3):
        y, z = y0 + 0.2 + 0.27 * step, floor + 0.22 * step
        board = box((x0, x1), (y - 0.13, y + 0.14), (z - 0.03, z))
        builder.add(board, "shop_room", _WOOD * light)
        for x in np.arange(x0 + 0.25, x1 - 0.1, 0.34):
            pot = tube([(x, y, z), (x, y, z + 0.22)], (0.08, 0.11), sides=8)
            builder.add(pot, "shop_room", np.array((0.35, 0.36, 0.36)) * light)
            tuft = leaf_tuft((x, y, z + 0.18), 0.36, 9, rng)
            builder.add(tuft, "house_plant", (0.09, 0.2, 0.05))
            spots = rng.normal((x, y, z + 0.5), (0.09, 0.06, 0.06), (7, 3))
            hue = hues[rng.integers(4)] * light
            builder.add(boxes(spots, (0.06, 0.06, 0.05)), "shop_room", hue)
