"""Rooms and shop displays behind openings, as shells that look inwards; no bpy.

Façade axes as in `openings.py`: y points into the house.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import (
    Shape,
    box,
    boxes,
    ellipsoid,
    joined,
    loft,
    quads,
    tube,
)

Rgb = tuple[float, float, float]
Box = tuple[float, float, float, float, float, float]

# Lamps of homes at night: warm ones most of the time, some cold, a television.
_LAMP_RGB = np.array(
    [(1.0, 0.58, 0.25), (1.0, 0.7, 0.4), (1.0, 0.84, 0.62), (0.8, 0.92, 1.0),
     (0.35, 0.5, 1.0)]
)  # fmt: skip
_LAMP_SHARES = (0.36, 0.3, 0.2, 0.1, 0.04)
_WALLPAPER_RGB = (
    (0.6, 0.55, 0.45), (0.5, 0.52, 0.5), (0.62, 0.6, 0.56), (0.45, 0.3, 0.22),
    (0.35, 0.42, 0.46), (0.55, 0.42, 0.2), (0.4, 0.44, 0.3),
)  # fmt: skip
_WOOD_RGB = ((0.2, 0.11, 0.06), (0.3, 0.19, 0.1), (0.08, 0.05, 0.035))


def lamp_colours(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Return the light of ``count`` rooms at night (count, 3), linear, at most 1."""
    chosen = _LAMP_RGB[rng.choice(len(_LAMP_RGB), count, p=_LAMP_SHARES)]
    return chosen * rng.uniform(0.35, 1.0, (count, 1))


def dyed(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Return colours (count, 3) as of cloth, bindings and cartons: none glaring."""
    hue = rng.uniform(0.35, 1.0, (count, 3))
    hue /= hue.max(axis=1, keepdims=True)
    return hue * rng.uniform(0.06, 0.6, (count, 1))


def shell(bounds: Box) -> Shape:
    """Return back, left, right, floor and ceiling of a room, seen from its front.

    ``bounds`` is (x0, x1, y0, y1, z0, z1); the side y = y0 is open.
    """
    x0, x1, y0, y1, z0, z1 = bounds
    return quads(
        [
            [(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)],
            [(x0, y0, z0), (x0, y1, z0), (x0, y1, z1), (x0, y0, z1)],
            [(x1, y1, z0), (x1, y0, z0), (x1, y0, z1), (x1, y1, z1)],
            [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)],
            [(x0, y1, z1), (x1, y1, z1), (x1, y0, z1), (x0, y0, z1)],
        ]
    )


def add_room(
    builder: MeshBuilder,
    hole: NDArray[np.float64],
    front_m: float,
    lamp_rgb: Rgb | None,
    rng: np.random.Generator,
) -> None:
    """Add a furnished room behind a window (x0, x1, z0, z1).

    ``lamp_rgb`` lights it at night; None leaves it dark.
    """
    x0, x1, z0, z1 = hole
    depth = rng.uniform(1.8, 3.0)
    floor = z0 - min(0.85, max(z0 - 0.3, 0.0))
    bounds = (x0 - 0.3, x1 + 0.3, front_m, front_m + depth, floor, z1 + 0.22)
    light = np.ones(3) if lamp_rgb is None else np.asarray(lamp_rgb)
    surface = "room" if lamp_rgb is None else "room_lit"
    paper = np.array(_WALLPAPER_RGB[rng.integers(len(_WALLPAPER_RGB))])
    wood = np.array(_WOOD_RGB[rng.integers(len(_WOOD_RGB))])
    sides = np.stack([paper, paper * 0.85, paper * 0.9, wood, (0.7, 0.7, 0.68)])
    builder.add(shell(bounds), surface, sides * light)
    for solid, colour in _furniture(bounds, wood, rng):
        builder.add(solid, surface, np.asarray(colour) * light)
    middle, deep = (x0 + x1) / 2 + rng.uniform(-0.2, 0.2), front_m + 0.5 * depth
    drop = z1 + 0.22 - rng.uniform(0.3, 0.55)
    shade = ellipsoid((middle, deep, drop), (0.2, 0.2, 0.14), segments=10, rings=5)
    builder.add(tube([(middle, deep, drop), (middle, deep, z1 + 0.22)], 0.01), "steel")
    glow = "sign_lit" if lamp_rgb is not None else "room"
    builder.add(shade, glow, light * 0.9, smooth=True)
    if rng.random() < 0.5:
        _add_plant(builder, (x0 + rng.uniform(0.2, 0.8) * (x1 - x0)), front_m, z0, rng)


def _furniture(
    bounds: Box, wood: NDArray[np.float64], rng: np.random.Generator
) -> list[tuple[Shape, NDArray[np.float64]]]:
    """Return cupboard, books, pictures, a door and a sofa with their colours."""
    x0, x1, _, back, floor, top = bounds
    width = x1 - x0
    things = []
    left = x0 + rng.uniform(0.0, 0.4) * width
    tall = floor + rng.uniform(1.2, 2.1)
    things.append((box((left, left + 0.9), (back - 0.4, back), (floor, tall)), wood))
    for shelf in np.arange(floor + 0.5, tall - 0.25, 0.34):
        things.append(_spines(left + 0.04, back - 0.41, shelf, rng))
    for _ in range(int(rng.integers(1, 4))):
        size = rng.uniform(0.25, 0.6)
        x, z = rng.uniform(x0 + 0.1, x1 - size), rng.uniform(floor + 1.3, top - 0.6)
        frame = box((x, x + size), (back - 0.03, back), (z, z + 0.8 * size))
        inner = box(
            (x + 0.05, x + size - 0.05),
            (back - 0.04, back),
            (z + 0.05, z + 0.8 * size - 0.05),
        )
        things += [(frame, wood * 0.6), (inner, dyed(rng, 1)[0])]
    seat = rng.uniform(x0, x1 - 0.7)
    cloth = dyed(rng, 1)[0]
    things.append(
        (
            box((seat, seat + 1.1), (back - 1.1, back - 0.9), (floor, floor + 0.95)),
            cloth,
        )
    )
    return things


def _spines(
    left: float, y: float, shelf: float, rng: np.random.Generator
) -> tuple[Shape, NDArray[np.float64]]:
    """Return the backs of a row of books 0.8 m long, and their colours."""
    edges = np.cumsum(np.concatenate([[left], rng.uniform(0.03, 0.08, 15)]))
    x0, x1 = edges[:-1], edges[1:] - 0.004
    top = shelf + rng.uniform(0.16, 0.27, len(x0))
    low, depth = np.full_like(x0, shelf), np.full_like(x0, y)
    corners = [(x0, low), (x1, low), (x1, top), (x0, top)]
    faces = np.stack([np.stack([x, depth, z], -1) for x, z in corners], axis=1)
    return quads(faces), dyed(rng, len(x0))


def _add_plant(builder, x, front_m, z, rng) -> None:
    """Put a pot with upright leaves on the window board."""
    y = front_m + 0.14
    pot = tube([(x, y, z), (x, y, z + 0.14)], (0.06, 0.08), sides=8)
    builder.add(pot, "roof_tile", (0.3, 0.12, 0.06), smooth=True)
    builder.add(
        leaf_tuft((x, y, z + 0.12), 0.26, 14, rng), "house_plant", (0.1, 0.2, 0.05)
    )


def leaf_tuft(
    base: tuple[float, float, float], height_m: float, count: int, rng
) -> Shape:
    """Return narrow leaves that fan out upwards from a point."""
    turn = rng.uniform(0.0, 2 * np.pi, count)
    lean = rng.uniform(0.1, 0.8, count)
    out = np.stack([np.cos(turn) * lean, np.sin(turn) * lean, np.ones(count)], 1)
    out *= height_m * rng.uniform(0.6, 1.0, (count, 1))
    side = 0.13 * height_m * np.stack([-np.sin(turn), np.cos(turn), 0 * turn], 1)
    root = np.asarray(base) + np.zeros((count, 3))
    middle = root + 0.55 * out
    return quads(np.stack([root, middle + side, root + out, middle - side], axis=1))


def goods(
    kind: str, bounds: Box, rng: np.random.Generator
) -> tuple[Shape, NDArray[np.float64]]:
    """Return what stands on one shelf, with a colour per face.

    Parameters
    ----------
    kind : str
        "boxes", "books", "bottles", "fruit" or "pots".
    bounds : tuple of float
        (x0, x1, y0, y1, z0, z1); z0 is the shelf, z1 the room above it.
    """
    x0, x1, y0, y1, z0, z1 = bounds
    shapes, colours = [], []
    width = {"boxes": 0.24, "books": 0.05, "bottles": 0.1, "fruit": 0.13, "pots": 0.3}
    hue = 1.3 * dyed(rng, 3)
    x = x0 + rng.uniform(0.0, 0.1)
    while x < x1 - width[kind]:
        w = width[kind] * rng.uniform(0.7, 1.2)
        y = rng.uniform(y0 + 0.1, max(y1 - 0.15, y0 + 0.11))
        high = min(z1 - z0 - 0.03, rng.uniform(0.14, 0.38))
        colour = hue[rng.integers(3)] * rng.uniform(0.6, 1.1, 3)
        shape = _good(kind, (x + w / 2, y, z0), w, high)
        count = sum(len(block) for block in shape.faces)
        shade = np.broadcast_to(colour, (count, 3)) * rng.uniform(0.8, 1.1, (count, 1))
        shapes.append(shape)
        colours.append(np.clip(shade, 0.01, 0.85))
        x += w + rng.uniform(0.005, 0.06 if kind != "pots" else 0.2)
    return joined(shapes), np.concatenate(colours)


def _good(kind: str, foot: tuple[float, float, float], w: float, high: float) -> Shape:
    x, y, z = foot
    if kind == "bottles":
        levels = [(0.0, 0.45), (0.55, 0.45), (0.72, 0.16), (1.0, 0.15)]
        return tube(
            [(x, y, z + share * high) for share, _ in levels],
            [w * radius for _, radius in levels],
            sides=5,
        )
    if kind == "fruit":
        return ellipsoid((x, y, z + w / 2), (w / 2,) * 3, segments=6, rings=5)
    if kind == "pots":
        return tube([(x, y, z), (x, y, z + high)], (0.3 * w, 0.45 * w), sides=8)
    return boxes((x, y, z + high / 2), (w, min(0.2, 3 * w), high))


def mannequin(foot: tuple[float, float, float], scale: float) -> Shape:
    """Return a headless dressmaker's dummy in a coat on a stand."""
    profile = [
        (0.55, 0.26, 0.2), (0.85, 0.2, 0.15), (1.05, 0.14, 0.1), (1.3, 0.2, 0.13),
        (1.42, 0.21, 0.1), (1.48, 0.09, 0.07), (1.56, 0.05, 0.05),
    ]  # fmt: skip
    turn = np.linspace(0.0, 2 * np.pi, 11)[:-1]
    rings = [
        np.stack([a * np.cos(turn), b * np.sin(turn), np.full(10, z)], 1)
        for z, a, b in profile
    ]
    body = loft(np.stack(rings) * scale + np.asarray(foot))
    x, y, z = foot
    pole = tube([(x, y, z), (x, y, z + 0.6 * scale)], 0.02, sides=6)
    return joined([body, pole])
