"""Roofs of houses: parapets, slopes, gables, mansards, set-back floors; no bpy.

The house stands over x in [-width/2, width/2] and y in [0, depth]; its façade is
y = 0; walls end at ``eaves_m``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from blender_scenes.city.buildings.balconies import add_railing
from blender_scenes.city.buildings.facade_styles import FacadeStyle, Surface
from blender_scenes.city.buildings.openings import add_windows, reveals, slabs, upright
from blender_scenes.city.buildings.rooftops import add_aerials, add_chimneys, add_plant
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, box, joined, prism, quads, tube

ROOFS = ("parapet", "pitched", "mansard", "gable", "stepped", "hip", "setback")
_COVERS: tuple[Surface, ...] = (
    ("roof_tile", (0.16, 0.05, 0.03)),
    ("roof_tile", (0.06, 0.06, 0.07)),
    ("roof_tile", (0.11, 0.07, 0.05)),
    ("roof_tile", (0.22, 0.09, 0.045)),
    ("roof_slate", (0.055, 0.06, 0.07)),
    ("roof_metal", (0.2, 0.22, 0.22)),
)
_SLATES: tuple[Surface, ...] = (_COVERS[4], ("roof_metal", (0.16, 0.2, 0.21)))
_EAVES_REACH_M = 0.35


@dataclass(frozen=True)
class RoofBase:
    """What a roof stands on: the walls' size and looks, and the detail asked for."""

    width_m: float
    depth_m: float
    eaves_m: float
    style: FacadeStyle
    detail: int


def add_roof(
    builder: MeshBuilder, kind: str, base: RoofBase, rng: np.random.Generator
) -> None:
    """Add a roof of one of `ROOFS` with all that stands on it.

    Raises
    ------
    KeyError
        If the kind is none of `ROOFS`.
    """
    add = {
        "parapet": _add_parapet,
        "pitched": _add_slopes,
        "mansard": _add_mansard,
        "gable": _add_gable,
        "stepped": partial(_add_gable, is_stepped=True),
        "hip": _add_hip,
        "setback": _add_setback,
    }[kind]
    add(builder, base, rng)
    is_flat = kind in ("parapet", "setback")
    if base.detail and (not is_flat or rng.random() < 0.4):
        size = (base.width_m, base.depth_m, base.eaves_m)
        add_chimneys(builder, size, base.style.wall, rng, base.detail)
    if base.detail == 2:
        rise = {"parapet": 0.0, "setback": 2.8}.get(kind, 2.2)
        add_aerials(
            builder, base.width_m, base.depth_m * 0.45, base.eaves_m + rise, rng
        )


def _add_parapet(builder, base: RoofBase, rng) -> None:
    half, depth, eaves = base.width_m / 2, base.depth_m, base.eaves_m
    thick, rise = 0.28, float(rng.uniform(0.6, 1.0))
    top = eaves + rise
    builder.add(box((-half, half), (0, depth), (eaves - 0.1, eaves)), "roof_felt")
    parts = [
        box((-half, half), (0, thick), (eaves, top)),
        box((-half, half), (depth - thick, depth), (eaves, top)),
        box((-half, -half + thick), (thick, depth - thick), (eaves, top)),
        box((half - thick, half), (thick, depth - thick), (eaves, top)),
    ]
    builder.add(joined(parts), *base.style.wall)
    if base.detail:
        rims = [
            box((-half, half), (-0.07, thick + 0.04), (top, top + 0.08)),
            box((-half, -half + thick), (thick, depth), (top, top + 0.06)),
            box((half - thick, half), (thick, depth), (top, top + 0.06)),
        ]
        builder.add(joined(rims), "stone", (0.8, 0.8, 0.8))
    add_plant(builder, (base.width_m, depth, eaves), rng, base.detail)


def _add_setback(builder, base: RoofBase, rng) -> None:
    """Add one more storey behind a terrace with a railing."""
    half, depth, eaves = base.width_m / 2, base.depth_m, base.eaves_m
    back, side, high = rng.uniform(1.4, 2.4), rng.uniform(0.0, 1.2), 2.8
    builder.add(
        box((-half, half), (0, depth), (eaves - 0.1, eaves + 0.02)), "roof_felt"
    )
    walls = box((-half + side, half - side), (back, depth - 0.3), (eaves, eaves + high))
    surface = ("metal_panel", (0.16, 0.17, 0.18)) if rng.random() < 0.5 else (
        "plaster", (0.55, 0.54, 0.5))  # fmt: skip
    builder.add(walls, *surface)
    roof = box(
        (-half + side - 0.2, half - side + 0.2),
        (back - 0.5, depth),
        (eaves + high, eaves + high + 0.18),
    )
    builder.add(roof, "roof_felt")
    count = max(2, round((base.width_m - 2 * side) / 2.2))
    middle = np.linspace(-half + side, half - side, 2 * count + 1)[1::2]
    ones = np.ones(count)
    holes = np.stack(
        [middle - 0.7, middle + 0.7, ones * (eaves + 0.15), ones * (eaves + 2.3)], 1
    )
    glazing = MeshBuilder()
    add_windows(glazing, holes, base.style.window, rng, 0)
    forward = np.eye(4)
    forward[1, 3] = back
    builder.add_mesh(glazing.mesh(), forward)
    rail = MeshBuilder()
    kind = base.style.railing
    add_railing(
        rail, (-half + 0.05, half - 0.05), eaves, back - 0.1, kind, (0.3, 0.3, 0.3),
        min(base.detail, 1),
    )  # fmt: skip
    builder.add_mesh(rail.mesh(), forward)


def _add_slopes(builder, base: RoofBase, rng) -> None:
    """Add two slopes with the ridge along the street."""
    half, depth, eaves = base.width_m / 2, base.depth_m, base.eaves_m
    rise, over = depth * rng.uniform(0.28, 0.42), _EAVES_REACH_M
    ridge, drop = eaves + rise, rise * over / (depth / 2)
    cover = _COVERS[rng.integers(len(_COVERS))]
    edges = [
        [(-half, y, eaves - drop), (half, y, eaves - drop),
         (half, depth / 2, ridge), (-half, depth / 2, ridge)]
        for y in (-over, depth + over)
    ]  # fmt: skip
    builder.add(quads([edges[0], edges[1][::-1]]), *cover)
    gable = [(0.0, eaves), (depth, eaves), (depth / 2, ridge - 0.05)]
    builder.add(prism(gable, -half, half, axis="x"), *base.style.wall)
    if base.detail:
        gutter = [(-half, -over, eaves - drop), (half, -over, eaves - drop)]
        builder.add(tube(gutter, 0.07, sides=8), "metal_sheet")
        cap = [(-half, depth / 2, ridge + 0.01), (half, depth / 2, ridge + 0.01)]
        builder.add(tube(cap, 0.1, sides=6), *cover)
        for x in np.arange(-half + 2.0, half - 1.5, 3.4):
            if rng.random() < 0.6:
                _add_dormer(builder, x, depth * 0.2, eaves + rise * 0.4, cover, rng)


def _add_hip(builder, base: RoofBase, rng) -> None:
    """Add four slopes that meet in a short ridge."""
    half, depth, eaves = base.width_m / 2, base.depth_m, base.eaves_m
    over, rise = _EAVES_REACH_M, depth * rng.uniform(0.25, 0.36)
    inset = min(depth / 2, half * 0.8)
    x0, x1, y0, y1 = -half - over, half + over, -over, depth + over
    low, top, middle = eaves - 0.05, eaves + rise, depth / 2
    a, b = (-half + inset, middle, top), (half - inset, middle, top)
    cover = _COVERS[rng.integers(len(_COVERS))]
    long_sides = quads(
        [
            [(x0, y0, low), (x1, y0, low), b, a],
            [(x1, y1, low), (x0, y1, low), a, b],
        ]
    )
    ends = np.array([(x0, y1, low), (x0, y0, low), a, (x1, y0, low), (x1, y1, low), b])
    hips = Shape(ends, (np.array([[0, 1, 2], [3, 4, 5]]),))
    builder.add(joined([long_sides, hips]), *cover)
    soffit = box((x0, x1), (y0, y1), (low - 0.12, low))
    builder.add(soffit, "trim", base.style.window.trim_rgb)
    if base.detail and rng.random() < 0.6:
        _add_dormer(builder, 0.0, depth * 0.18, eaves + rise * 0.36, cover, rng)


def _add_gable(builder, base: RoofBase, rng, *, is_stepped: bool = False) -> None:
    """Add a gable towards the street, the ridge at right angles to it."""
    half, depth, eaves = base.width_m / 2, base.depth_m, base.eaves_m
    rise = min(half * rng.uniform(0.9, 1.3), 6.5)
    ridge, over = eaves + rise, 0.0 if is_stepped else 0.3
    cover = _COVERS[rng.integers(len(_COVERS))]
    slopes = [
        [(0.0, -over, ridge), (0.0, depth, ridge), (x, depth, eaves), (x, -over, eaves)]
        for x in (-half, half)
    ]
    builder.add(quads([slopes[0], slopes[1][::-1]]), *cover)
    _add_gable_wall(builder, base, rise, rng)
    back = np.array([(half, depth, eaves), (-half, depth, eaves), (0, depth, ridge)])
    builder.add(Shape(back, (np.array([[0, 1, 2]]),)), *base.style.wall)
    if is_stepped:
        _add_steps(builder, base, rise)
    elif base.detail:
        for side in (-1, 1):
            board = [
                (side * half, -over, eaves), (0.0, -over, ridge),
            ]  # fmt: skip
            builder.add(tube(board, 0.09, sides=4), "painted", (0.5, 0.47, 0.4))


def _add_gable_wall(builder, base: RoofBase, rise: float, rng) -> None:
    """Add the triangle above the eaves with one window in its middle."""
    half, low = base.width_m / 2, base.eaves_m
    side = min(0.55, 0.15 * half)
    sill, head = 0.5, min(1.9, rise * (1.0 - side / half) - 0.25)

    def slope(x: float) -> float:
        return low + rise * (1.0 - abs(x) / half)

    pieces = [
        [(-half, low), (-side, low), (-side, slope(side))],
        [(side, low), (half, low), (side, slope(side))],
        [(-side, low), (side, low), (side, low + sill), (-side, low + sill)],
        [(-side, low + head), (side, low + head), (side, slope(side)), (0, low + rise),
         (-side, slope(side))],
    ]  # fmt: skip
    for piece in pieces:
        points = np.insert(np.array(piece, float), 1, 0.0, axis=1)
        builder.add(Shape(points, (np.arange(len(piece))[None],)), *base.style.wall)
    hole = np.array([[-side, side, low + sill, low + head]])
    if base.detail == 0:
        builder.add(upright(hole, 0.0), "glass")
        return
    builder.add(reveals(hole, base.style.window.reveal_m), *base.style.wall)
    add_windows(builder, hole, base.style.window, rng, 1)


def _add_steps(builder, base: RoofBase, rise: float) -> None:
    """Add the stairs of a Dutch gable, a coping on each."""
    half, eaves = base.width_m / 2, base.eaves_m
    count = max(4, round(half / 0.8))
    x = np.linspace(half, 0.0, count + 1)
    z = eaves + rise * (1.0 - x[1:] / half) + 0.35
    blocks = np.array(
        [
            (sign * a, sign * b, eaves - 0.05, top)
            for a, b, top in zip(x[:-1], x[1:], z, strict=True)
            for sign in (-1, 1)
        ]
    )
    blocks[:, :2] = np.sort(blocks[:, :2], axis=1)
    # Each stands on the slope, a little proud of the gable's face.
    outer = np.abs(blocks[:, :2]).max(axis=1)
    low = eaves + rise * (1.0 - outer / half) - 0.02
    solid = np.column_stack([blocks[:, :2], low, blocks[:, 3]])
    builder.add(slabs(solid, -0.015, 0.3), *base.style.wall)
    cap = np.column_stack([blocks[:, :2], blocks[:, 3], blocks[:, 3] + 0.1])
    builder.add(slabs(cap, -0.06, 0.34), "stone", (0.8, 0.8, 0.8))


def _add_mansard(builder, base: RoofBase, rng) -> None:
    half, depth, eaves = base.width_m / 2, base.depth_m, base.eaves_m
    rise, back = float(rng.uniform(2.3, 2.9)), 0.9
    top = eaves + rise
    outline = [(0.0, eaves), (depth, eaves), (depth - back, top), (back, top)]
    cover = _SLATES[rng.integers(len(_SLATES))]
    builder.add(prism(outline, -half, half, axis="x"), *cover)
    if base.detail == 0:
        return
    gutter = [(-half, -0.05, eaves + 0.05), (half, -0.05, eaves + 0.05)]
    builder.add(tube(gutter, 0.08, sides=6), "metal_sheet")
    rim = [(-half, back, top), (half, back, top)]
    builder.add(tube(rim, 0.09, sides=6), "metal_sheet")
    for x in np.arange(-half + 1.4, half - 1.0, base.style.bay_m):
        _add_dormer(builder, x, 0.55, eaves + 0.4, cover, rng)


def _add_dormer(builder, x, y, z, cover, rng) -> None:
    """Add a small house for one window that stands out of the slope."""
    cheeks = box((x - 0.65, x + 0.65), (y, y + 1.9), (z, z + 1.5))
    builder.add(cheeks, "painted", (0.4, 0.4, 0.38))
    cap = [(x - 0.8, z + 1.5), (x + 0.8, z + 1.5), (x, z + 1.95)]
    builder.add(prism(cap, y - 0.15, y + 2.2, axis="y"), *cover)
    pane = upright(np.array([[x - 0.45, x + 0.45, z + 0.2, z + 1.35]]), y - 0.005)
    is_lit = rng.random() < 0.35
    builder.add(pane, "glass_lit" if is_lit else "glass", (0.9, 0.62, 0.35))
    frame = [
        box((x - 0.5, x - 0.43), (y - 0.05, y), (z + 0.15, z + 1.4)),
        box((x + 0.43, x + 0.5), (y - 0.05, y), (z + 0.15, z + 1.4)),
        box((x - 0.03, x + 0.03), (y - 0.05, y), (z + 0.15, z + 1.4)),
        box((x - 0.43, x + 0.43), (y - 0.04, y), (z + 0.95, z + 1.0)),
        box((x - 0.5, x + 0.5), (y - 0.09, y), (z + 0.1, z + 0.17)),
    ]
    builder.add(joined(frame), "painted", (0.7, 0.7, 0.68))
