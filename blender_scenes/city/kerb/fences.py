"""Meshes of fences, gates and guard rails, a few metres each; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import (
    Shape,
    bars,
    box,
    joined,
    prism,
    ring_bar,
    tube,
)
from blender_scenes.city.shapes.strands import rods, strands

_HALF_M = 1.5
# Inside the segment, so that two neighbours share none.
_POSTS_M = (-0.75, 0.75)
_PALES = 25
_MESH_M = 0.06
_IRON_RGB = ((1.0, 1.0, 1.0), (0.45, 0.9, 0.6), (0.9, 0.9, 1.0))


def _row(count: int, half_m: float = _HALF_M) -> np.ndarray:
    """Return x of ``count`` things at even distances over a segment, metres."""
    return half_m * (2 * np.arange(count) + 1 - count) / count


def _at(x: np.ndarray, y: float, z: float) -> np.ndarray:
    return np.column_stack([x, np.full_like(x, y), np.full_like(x, z)])


def _rail(z: float, thickness_m: float, *, half_m: float = _HALF_M) -> Shape:
    reach = thickness_m / 2
    return box((-half_m, half_m), (-reach, reach), (z - reach, z + reach))


def _iron_fence(look: Look) -> list[Part]:
    """Return pales with spear heads or rings, in the third design on a plinth."""
    builder = MeshBuilder()
    tint = _IRON_RGB[look.variant]
    foot = 0.42 if look.variant == 2 else 0.1
    top = (1.3, 1.12, 1.25)[look.variant]
    x = _row(_PALES)
    reach = 0.13 if look.variant != 1 else -0.03
    builder.add(
        rods(_at(x, 0, foot), _at(x, 0, top + reach), 0.008, sides=6), "cast_iron", tint
    )
    if look.variant != 1:
        heads = np.stack(
            [_at(x, 0, top + reach + h) for h in (-0.01, 0.03, 0.035, 0.11)], axis=1
        )
        radii = np.array((0.008, 0.012, 0.019, 0.001))
        builder.add(strands(heads, radii, sides=6), "cast_iron", tint)
    for z in (foot + 0.1, top - 0.14, top):
        builder.add(_rail(z, 0.026), "cast_iron", tint)
    rings = [ring_bar((r, 0, top - 0.07), 0.042, 0.005, axis="y") for r in x[::2]]
    if look.variant == 0:
        builder.add(joined(rings[:12]), "cast_iron", tint, smooth=True)
    for post in _POSTS_M:
        stem = tube([(post, 0, -0.01), (post, 0, top + 0.12)], 0.024, sides=10)
        builder.add(stem, "cast_iron", tint, smooth=True)
        ball = tube(
            [(post, 0, top + h) for h in (0.11, 0.13, 0.16, 0.19)],
            (0.02, 0.038, 0.042, 0.012),
            sides=10,
        )
        builder.add(ball, "cast_iron", tint, smooth=True)
    parts = [part("Fence", builder)]
    if look.variant == 2:
        plinth = MeshBuilder()
        plinth.add(
            box((-_HALF_M, _HALF_M), (-0.11, 0.11), (-0.02, 0.36)), "garden_brick"
        )
        cap = box((-_HALF_M, _HALF_M), (-0.14, 0.14), (0.36, 0.43))
        plinth.add(cap, "garden_concrete", (0.4, 0.38, 0.34))
        parts.append(part("Wall", plinth))
    return parts


def _picket_fence(look: Look) -> list[Part]:
    """Return pointed boards on two rails; one board hangs askew."""
    rng = look.rng
    builder = MeshBuilder()
    material = ("painted", "timber", "painted")[look.variant]
    rgb = np.array(
        ((0.66, 0.66, 0.62), (1.0, 1.0, 1.0), (0.06, 0.12, 0.09))[look.variant]
    )
    for z in (0.28, 0.8):
        builder.add(
            box((-_HALF_M, _HALF_M), (0.0, 0.035), (z - 0.04, z + 0.04)), material, rgb
        )
    askew = rng.integers(24)
    for number, x in enumerate(_row(24)):
        top = 1.02 + rng.normal(0.0, 0.006)
        low = 0.06 + rng.uniform(-0.015, 0.015)
        lean = rng.normal(0.0, 0.003) + (0.05 if number == askew else 0.0)
        outline = [
            (x - 0.038, low),
            (x + 0.038, low),
            (x + 0.038 + lean, top - 0.05),
            (x + lean, top),
            (x - 0.038 + lean, top - 0.05),
        ]
        board = prism(outline, -0.02, 0.0, axis="y")
        builder.add(board, material, rgb * rng.uniform(0.78, 1.12))
    for post in _POSTS_M:
        builder.add(
            box((post - 0.045, post + 0.045), (0.035, 0.1), (-0.01, 1.0)), material, rgb
        )
    return [part("Fence", builder)]


def _chain_link_fence(look: Look) -> list[Part]:
    """Return woven wire between posts; the third design has barbed wire above."""
    builder = MeshBuilder()
    tint = ((1.0, 1.0, 1.0), (0.12, 0.45, 0.2), (0.8, 0.8, 0.8))[look.variant]
    height = 1.5
    steps = round((height - 0.06) / (_MESH_M / 2)) + 1
    up = np.arange(steps)
    number = np.arange(round(2 * _HALF_M / _MESH_M))
    # Each wire zigzags and hooks behind its neighbour, whose turns are opposite.
    swing = np.where(up % 2 == 0, -0.52, 0.52) * _MESH_M
    turn = np.where(number % 2 == 0, 1.0, -1.0)[:, None]
    x = (_row(len(number))[:, None] + swing * turn).clip(-_HALF_M, _HALF_M)
    y = 0.0028 * turn * np.where(up % 2 == 0, 1.0, -1.0)
    z = np.broadcast_to(0.05 + up * _MESH_M / 2, x.shape)
    # A little slack between the posts.
    sag = 0.012 * np.sin(2 * np.pi * x / (2 * _HALF_M)) * np.sin(np.pi * z / height)
    mesh = strands(np.stack([x, y + sag, z], axis=-1), 0.0019, sides=3, capped=False)
    builder.add(mesh, "steel", tint)
    for level in (0.06, 0.75, height - 0.01):
        line = [(-_HALF_M, 0.0, level), (_HALF_M, 0.0, level)]
        builder.add(tube(line, 0.0025, sides=4), "steel", tint)
    reach = 0.36 if look.variant == 2 else 0.05
    for post in _POSTS_M:
        stem = [(post, 0.03, -0.01), (post, 0.03, height + reach)]
        builder.add(tube(stem, 0.028, sides=10), "steel", tint, smooth=True)
    if look.variant == 2:
        _add_barbed_wire(builder, look.rng, height)
    return [part("Fence", builder)]


def _add_barbed_wire(
    builder: MeshBuilder, rng: np.random.Generator, height_m: float
) -> None:
    for rise in (0.1, 0.2, 0.3):
        x = np.linspace(-_HALF_M, _HALF_M, 31)
        sag = 0.012 * np.cos(2 * np.pi * x / 1.5)
        path = np.column_stack([x, 0.0 * x, height_m + rise + sag])
        builder.add(tube(path, 0.0022, sides=4), "steel")
        barb = 0.02 * rng.normal(0.0, 1.0, (31, 3)) * (0.3, 1.0, 1.0)
        builder.add(rods(path - barb, path + barb, 0.0012, sides=3), "steel")


def _railing(look: Look) -> list[Part]:
    """Return a pedestrian railing at the kerb, four metres between its ends."""
    builder = MeshBuilder()
    posts = np.array([(x, 0.0, 0.0) for x in (-2.0, 0.0, 2.0)])
    surface = ("steel", "cast_iron", "painted")[look.variant]
    tint = ((1, 1, 1), (1, 1, 1), (0.35, 0.03, 0.025))[look.variant]
    shape = bars(posts, np.add(posts, (0, 0, 1.1)), 0.032, sides=10)
    builder.add(shape, surface, tint, smooth=True)
    for z in (0.15, 1.02):
        rail = tube([(-2.0, 0, z), (2.0, 0, z)], 0.022, sides=8)
        builder.add(rail, surface, tint, smooth=True)
    if look.variant == 1:
        feet = _at(np.array((-1.2, 0.8, 1.2, -0.8)), 0.0, 0.15)
        tops = _at(np.array((-0.8, 1.2, 0.8, -1.2)), 0.0, 1.02)
        builder.add(rods(feet, tops, 0.012), surface)
    x = np.arange(-1.88, 1.9, 0.125)
    builder.add(rods(_at(x, 0, 0.15), _at(x, 0, 1.02), 0.008, sides=5), surface, tint)
    return [part("Fence", builder)]


def _guard_rail(look: Look) -> list[Part]:
    """Return four metres of crash barrier: a folded sheet on posts."""
    half = HALF_SIZE_M["guard_rail"][1]
    builder = MeshBuilder()
    wave = np.array(
        [(0.0, 0.0), (-0.02, 0.03), (-0.075, 0.06), (-0.075, 0.1), (0.0, 0.14)]
    )
    fold = np.concatenate([wave, [(0.0, 0.17)], (wave * (1, -1) + (0, 0.31))[::-1]])
    front = np.add(fold, (-0.02, 0.44))
    outline = np.concatenate([front[::-1], np.add(front, (0.006, 0.0))])
    builder.add(prism(outline, -half, half, axis="x"), "steel")
    for x in (-1.0, 1.0):
        post = box((x - 0.03, x + 0.03), (0.0, 0.1), (-0.01, 0.74))
        builder.add(post, "steel", (0.8, 0.8, 0.8))
        bolt = box((x - 0.012, x + 0.012), (-0.035, 0.0), (0.585, 0.61))
        builder.add(bolt, "steel")
    amber = ((0.8, 0.3, 0.02), (0.7, 0.7, 0.68), (0.6, 0.02, 0.02))[look.variant]
    builder.add(box((-0.05, 0.05), (-0.05, -0.02), (0.57, 0.62)), "enamel", amber)
    return [part("Fence", builder)]


def _gate(look: Look) -> list[Part]:
    """Return two piers and a gate of iron, boards or woven wire between them."""
    piers, leaf = MeshBuilder(), MeshBuilder()
    material = ("garden_brick", "garden_concrete", "rubble_stone")[look.variant]
    tint = ((1, 1, 1), (0.46, 0.43, 0.37), (1, 1, 1))[look.variant]
    for x in (-1.3, 1.3):
        piers.add(
            box((x - 0.19, x + 0.19), (-0.19, 0.19), (-0.02, 1.5)), material, tint
        )
        cap = [
            (x - 0.24, 1.5),
            (x + 0.24, 1.5),
            (x + 0.24, 1.56),
            (x, 1.68),
            (x - 0.24, 1.56),
        ]
        piers.add(
            prism(cap, -0.23, 0.23, axis="y"), "garden_concrete", (0.4, 0.38, 0.34)
        )
    for side in (-1, 1):
        _add_gate_leaf(leaf, side, look)
    return [part("Wall", piers), part("Fence", leaf)]


def _add_gate_leaf(builder: MeshBuilder, side: int, look: Look) -> None:
    inner, outer = 0.02 * side, 1.09 * side
    low, high = sorted((inner, outer))
    x = np.linspace(low, high, 10)
    # The top swings down to the middle.
    top = 1.1 + 0.3 * (np.abs(x) / 1.1) ** 2
    if look.variant == 1:
        for left, right, rise in zip(x[:-1], x[1:], top[:-1], strict=True):
            board = box((left + 0.004, right - 0.004), (-0.015, 0.015), (0.08, rise))
            builder.add(board, "timber", look.rng.uniform(0.7, 1.1) * np.ones(3))
        for z in (0.25, 0.95):
            builder.add(
                box((low, high), (0.015, 0.045), (z - 0.05, z + 0.05)), "timber"
            )
        return
    feet = _at(x, 0, 0.08)
    tops = np.column_stack([x, 0 * x, top])
    builder.add(rods(feet, tops, 0.009, sides=6), "cast_iron")
    builder.add(tube(tops, 0.014, sides=6), "cast_iron", smooth=True)
    for z in (0.09, 0.75):
        builder.add(tube([(low, 0, z), (high, 0, z)], 0.014, sides=6), "cast_iron")
    middles = 0.5 * (x[:-1] + x[1:])
    rings = [ring_bar((m, 0, 0.84), 0.05, 0.006, axis="y") for m in middles]
    builder.add(joined(rings), "cast_iron", smooth=True)


KINDS: dict[str, Maker] = {
    "iron_fence": _iron_fence,
    "picket_fence": _picket_fence,
    "chain_link_fence": _chain_link_fence,
    "railing": _railing,
    "guard_rail": _guard_rail,
    "gate": _gate,
}
