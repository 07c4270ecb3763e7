"""Skirts, bags, phones and umbrellas of people; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.people.figure_shapes import (
    Figure,
    creased,
    limb,
    oval_rings,
    scaled,
)
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, box, grid, joined, loft, tube

Array = NDArray[np.float64]

_UMBRELLA_RIBS = 8
_UMBRELLA_M = 0.52


def skirt_panel(figure: Figure, *, is_front: bool) -> MeshBuilder:
    """Return half a skirt or coat below the waist, hung from the waist.

    A shell of more than half an oval, thick enough to be seen from both sides; the
    front one is wider and overlaps the other at the hips.
    """
    body, outfit, scale = figure.body, figure.outfit, figure.scale
    hem = outfit.skirt_hem
    assert hem is not None
    length = body.hip_m + body.waist_m - hem * body.height_m
    wide = 1.0 if is_front else 0.965
    g = body.girth * wide * scale
    is_coat = outfit.top == "coat"
    rows = np.array(
        [
            (-length, 0.245 * g, 0.185 * g, 0.0),
            (-0.6 * length, 0.23 * g, 0.175 * g, 0.0),
            (-0.3 * length, 0.214 * g, 0.16 * g, 0.0),
            (-0.12 * length, 0.196 * g, 0.143 * g, 0.0),
            (0.03 * scale, 0.162 * g, 0.12 * g, 0.0),
        ]
    )
    sides = 32 if figure.detail == 2 else 16
    rings = oval_rings(rows, sides=sides, count=6 if figure.detail == 2 else 0)
    reach = sides // 16
    first = (0 if is_front else sides // 2) - reach
    around = np.arange(first, first + sides // 2 + 2 * reach + 1) % sides
    outer = creased(rings, 0.013 * scale, figure.phase(20 + is_front))[:, around]
    inner = outer * (0.95, 0.95, 1.0)
    closed = np.concatenate([outer, inner[:, ::-1]], axis=1)
    builder = MeshBuilder()
    colour = outfit.leg_rgb if outfit.top == "shirt" else outfit.top_rgb
    tint = np.array(colour) * (1.5 if outfit.top in ("shirt", "jacket") else 1.0)
    builder.add(loft(closed), "cloth", np.minimum(tint, 0.6), smooth=True)
    if is_coat and is_front and figure.detail == 2:
        column = rings[:, sides // 4] * (1.0, 1.0, 1.0)
        edge = tube(
            np.add(column, (0.01 * scale, 0.006 * scale, 0.0)), 0.006 * scale, sides=5
        )
        builder.add(edge, "cloth", tint * 0.4)
    return builder


def add_rucksack(builder: MeshBuilder, figure: Figure) -> None:
    """Add a rucksack with straps to the torso."""
    colour, scale = np.array(figure.outfit.bag_rgb), figure.scale
    rows = (
        (-0.04, 0.12, 0.05, -0.165), (0.02, 0.15, 0.085, -0.185),
        (0.14, 0.155, 0.095, -0.19), (0.28, 0.14, 0.08, -0.175),
        (0.37, 0.1, 0.045, -0.15), (0.385, 0.05, 0.02, -0.145),
    )  # fmt: skip
    body = oval_rings(scaled(rows, scale), sides=18, count=12)
    builder.add(
        loft(creased(body, 0.008, figure.phase(3))), "cloth", colour, smooth=True
    )
    pocket = (
        (0.0, 0.1, 0.03, -0.265),
        (0.06, 0.11, 0.035, -0.27),
        (0.15, 0.1, 0.025, -0.27),
    )
    rings = oval_rings(scaled(pocket, scale), sides=14)
    builder.add(loft(rings), "cloth", colour * 0.7, smooth=True)
    for out in (-1, 1):
        strap = scale * np.array(
            [
                (0.08 * out, -0.12, 0.36), (0.1 * out, -0.07, 0.4),
                (0.11 * out, 0.02, 0.415), (0.115 * out, 0.1, 0.35),
                (0.125 * out, 0.128, 0.22), (0.15 * out, 0.1, 0.08),
                (0.16 * out, -0.05, 0.02), (0.12 * out, -0.13, 0.02),
            ]
        )  # fmt: skip
        builder.add(
            tube(strap, 0.019 * scale, sides=6), "cloth", colour * 0.5, smooth=True
        )


def add_handbag(builder: MeshBuilder, figure: Figure) -> None:
    """Add a bag at the left hip whose strap crosses the chest."""
    colour, s, g = np.array(figure.outfit.bag_rgb), figure.scale, figure.body.girth
    x = -0.215 * g * s
    rows = np.array(
        [
            (-0.26, 0.045, 0.13, 0.0),
            (-0.2, 0.055, 0.14, 0.0),
            (-0.05, 0.045, 0.13, 0.0),
            (-0.02, 0.03, 0.12, 0.0),
        ]
    )
    rings = oval_rings(rows * s, sides=16)
    builder.add(
        loft(np.add(rings, (x, -0.04 * s, 0.0))), "leather", colour, smooth=True
    )
    strap = np.array(
        [
            (x / s, -0.1, -0.04), (-0.16, -0.14, 0.1), (-0.02, -0.145, 0.26),
            (0.1, -0.09, 0.385), (0.13, 0.0, 0.41), (0.1, 0.1, 0.36),
            (-0.02, 0.14 * g, 0.2), (-0.14, 0.12 * g, 0.05), (x / s, 0.06, -0.04),
        ]
    )  # fmt: skip
    builder.add(
        tube(strap * s, 0.012 * s, sides=5), "leather", colour * 0.6, smooth=True
    )


def shopping_bag(figure: Figure) -> MeshBuilder:
    """Return a paper or cloth bag that hangs below a hand at the origin."""
    s = figure.scale
    builder = MeshBuilder()
    rows = np.array(
        [
            (-0.5, 0.055, 0.14, 0.0),
            (-0.48, 0.075, 0.17, 0.0),
            (-0.32, 0.08, 0.175, 0.0),
            (-0.19, 0.05, 0.18, 0.0),
        ]
    )
    rings = creased(oval_rings(rows * s, sides=16, count=8), 0.01, figure.phase(9))
    colour = 0.5 * np.array(figure.outfit.bag_rgb) + 0.15
    tint = np.tile(colour, (16 * (len(rings) - 1) + 2, 1))
    tint[16 * 3 : 16 * 5] = np.array(figure.outfit.trim_rgb)
    builder.add(loft(rings), "cloth", tint, smooth=True)
    for x in (-0.03, 0.03):
        handle = np.array(
            [
                (x, -0.08, -0.2),
                (0.2 * x, -0.025, 0.0),
                (0.2 * x, 0.025, 0.0),
                (x, 0.08, -0.2),
            ]
        )
        builder.add(tube(handle * s, 0.006, sides=5), "cloth", colour * 0.6)
    return builder


def add_phone(builder: MeshBuilder, figure: Figure, out: float) -> None:
    """Add a phone to a hand, in the axes of the forearm."""
    s = figure.scale
    slab = box(
        (-0.035 * out - 0.006, -0.035 * out + 0.004),
        (0.0, 0.075),
        (-0.44 * s, -0.3 * s),
    )
    builder.add(slab, "painted", (0.01, 0.01, 0.012))


def umbrella(figure: Figure) -> MeshBuilder:
    """Return an open umbrella held at the origin."""
    s, height = figure.scale, 0.75 * figure.scale
    radius = _UMBRELLA_M * max(s, 0.8)
    builder = MeshBuilder()
    builder.add(
        tube([(0, 0, -0.12 * s), (0, 0, height + 0.06)], 0.007, sides=6), "steel"
    )
    builder.add(
        limb([(-0.2 * s, 0.016, 0.016, 0), (-0.08 * s, 0.016, 0.016, 0)], sides=8),
        "rubber",
    )
    turn = np.linspace(0.0, 2 * np.pi, 4 * _UMBRELLA_RIBS + 1)[:-1]
    share = np.linspace(0.03, 1.0, 8)[:, None]
    # Between the ribs the cloth is drawn inwards and sags.
    taut = np.abs(np.cos(turn * _UMBRELLA_RIBS / 2))
    reach = radius * share * (0.93 + 0.07 * taut)
    drop = radius * (0.5 * share**2 + 0.05 * share * (1 - taut))
    outer = np.stack(
        [reach * np.cos(turn), reach * np.sin(turn), height - drop], axis=-1
    )
    canopy = grid(outer[::-1], wrap=True)
    lining = Shape(
        canopy.vertices - (0.0, 0.0, 0.006), tuple(f[:, ::-1] for f in canopy.faces)
    )
    gore = np.arange(len(canopy.faces[0])) % len(turn) // 4
    colour = np.where(
        (gore % 2 == 0)[:, None], figure.outfit.bag_rgb, figure.outfit.trim_rgb
    )
    if figure.seed % 3:
        colour = np.tile(figure.outfit.bag_rgb, (len(gore), 1))
    builder.add(canopy, "cloth", colour, smooth=True)
    builder.add(lining, "cloth", 0.7 * colour, smooth=True)
    ribs = [
        tube(outer[:, 4 * k] - (0.0, 0.0, 0.012), 0.003, sides=4)
        for k in range(_UMBRELLA_RIBS)
    ]
    builder.add(joined(ribs), "steel")
    return builder


def panel_angles_rad(thigh_rad: ArrayLike) -> tuple[Array, Array]:
    """Return how far the front and the back of a skirt swing, from both thighs.

    ``thigh_rad`` (..., 2) is how far the thighs are swung forward; each half of the
    skirt follows the thigh that pushes it, less what the skirt is wide.
    """
    angle = np.asarray(thigh_rad, np.float64)
    slack = np.deg2rad(9.0)
    ahead = np.maximum(angle.max(axis=-1) - slack, 0.0)
    behind = np.minimum(angle.min(axis=-1) + slack, 0.0)
    return 0.85 * ahead, 0.85 * behind
