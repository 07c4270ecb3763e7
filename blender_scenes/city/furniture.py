"""Meshes of what stands on pavements: benches, bins, railings and so on; no bpy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from blender_scenes.city.bicycles import bicycle_rack_parts
from blender_scenes.city.mesh import MeshBuilder
from blender_scenes.city.parts import Part, part
from blender_scenes.city.poles import lamp_parts, sign_parts, traffic_light_parts
from blender_scenes.city.shapes import (
    bars,
    box,
    boxes,
    ellipsoid,
    joined,
    prism,
    quads,
    ring_bar,
    tube,
)

_GREEN, _GREY, _RED, _WOOD = (
    (0.03, 0.09, 0.05),
    (0.2, 0.21, 0.22),
    (0.4, 0.03, 0.02),
    (0.2, 0.1, 0.045),
)


def fixture_parts(kind: str, variant: int, seed: int) -> list[Part]:
    """Return the labelled parts of one kind of furniture.

    Raises
    ------
    KeyError
        If the kind is unknown.
    """
    rng = np.random.default_rng([seed, 31, variant])
    if kind == "bicycle_rack":
        return bicycle_rack_parts(variant, rng)
    if kind in ("planter", "tree"):
        return _PLANTED[kind](rng)
    return _KINDS[kind](variant)


def _bin(variant: int) -> list[Part]:
    builder = MeshBuilder()
    colour = (_GREEN, _GREY, (0.02, 0.02, 0.02))[variant]
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


def _bollards(variant: int) -> list[Part]:
    parts = []
    for x in (-2.1, -0.7, 0.7, 2.1):
        builder = MeshBuilder()
        rings = [
            (x, 0, 0),
            (x, 0, 0.05),
            (x, 0, 0.7),
            (x, 0, 0.74),
            (x, 0, 0.8),
            (x, 0, 0.92),
        ]
        radii = (0.085, 0.06, 0.052, 0.07, 0.06, 0.03)
        builder.add(tube(rings, radii, sides=14), "cast_iron", smooth=True)
        band = tube([(x, 0, 0.6), (x, 0, 0.68)], 0.058, sides=14)
        builder.add(band, "plate", (0.7, 0.7, 0.68) if variant else (0.5, 0.03, 0.02))
        parts.append(part("Pole", builder))
    return parts


def _railing(variant: int) -> list[Part]:
    builder = MeshBuilder()
    posts = np.array([(x, 0.0, 0.0) for x in (-2.0, 0.0, 2.0)])
    surface = "cast_iron" if variant else "steel"
    builder.add(
        bars(posts, np.add(posts, (0, 0, 1.1)), 0.032, sides=10), surface, smooth=True
    )
    for z in (0.15, 1.02):
        builder.add(
            tube([(-2.0, 0, z), (2.0, 0, z)], 0.022, sides=8), surface, smooth=True
        )
    if variant == 1:
        feet = np.array(
            [(-1.2, 0, 0.15), (0.8, 0, 0.15), (1.2, 0, 0.15), (-0.8, 0, 0.15)]
        )
        tops = np.array(
            [(-0.8, 0, 1.02), (1.2, 0, 1.02), (0.8, 0, 1.02), (-1.2, 0, 1.02)]
        )
        builder.add(bars(feet, tops, 0.012, sides=6), surface)
    xs = np.arange(-1.88, 1.9, 0.125)
    feet = np.column_stack([xs, 0 * xs, np.full_like(xs, 0.15)])
    builder.add(bars(feet, np.add(feet, (0, 0, 0.87)), 0.008, sides=5), surface)
    return [part("Fence", builder)]


def _bench(variant: int) -> list[Part]:
    builder = MeshBuilder()
    wood = _WOOD if variant else (0.1, 0.14, 0.08)
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


def _cabinet(variant: int) -> list[Part]:
    builder = MeshBuilder()
    colour = (_GREY, _GREEN, (0.35, 0.33, 0.28))[variant]
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


def _meter(variant: int) -> list[Part]:
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
    colour = (0.02, 0.1, 0.4) if variant else (0.45, 0.3, 0.02)
    builder.add(box((-0.08, 0.08), (-0.084, -0.08), (1.15, 1.26)), "plate", colour)
    return [part("Pole", builder)]


def _post_box(variant: int) -> list[Part]:
    builder = MeshBuilder()
    colour = (_RED, (0.6, 0.4, 0.02), (0.02, 0.07, 0.3))[variant]
    rings = [(0, 0, z) for z in (0, 0.1, 0.12, 1.35, 1.37, 1.44, 1.52)]
    radii = (0.27, 0.27, 0.23, 0.23, 0.26, 0.25, 0.08)
    builder.add(tube(rings, radii, sides=24), "painted", colour, smooth=True)
    builder.add(box((-0.13, 0.13), (-0.245, -0.2), (1.2, 1.24)), "rubber")
    builder.add(
        box((-0.09, 0.09), (-0.24, -0.2), (0.85, 1.08)), "plate", (0.7, 0.7, 0.66)
    )
    return [part("Other", builder)]


def _hydrant(variant: int) -> list[Part]:
    builder = MeshBuilder()
    colour = _RED if variant else (0.5, 0.33, 0.03)
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


def _shelter(variant: int) -> list[Part]:
    """Return a bus shelter: thin posts, barred back wall, roof, bench, poster."""
    builder = MeshBuilder()
    posts = np.array([(x, 0.6, 0.0) for x in (-2.0, -0.7, 0.7, 2.0)])
    builder.add(
        bars(posts, np.add(posts, (0, 0, 2.4)), 0.035, sides=10),
        "cast_iron",
        smooth=True,
    )
    builder.add(box((-2.1, 2.1), (-0.75, 0.72), (2.4, 2.48)), "metal_sheet")
    builder.add(
        box((-2.12, 2.12), (-0.78, -0.74), (2.34, 2.52)), "painted", (0.03, 0.09, 0.2)
    )
    levels = np.arange(0.4, 2.3, 0.16)
    slats = [(0.0, 0.6, level) for level in levels]
    builder.add(boxes(slats, (4.0, 0.02, 0.03)), "steel")
    builder.add(boxes((0.2, 0.38, 0.48), (2.6, 0.34, 0.05)), "painted", _WOOD)
    legs = np.array([(x, 0.38, 0.0) for x in (-0.9, 1.3)])
    builder.add(bars(legs, np.add(legs, (0, 0, 0.46)), 0.03), "cast_iron")
    builder.add(
        box((-2.06, -1.96), (-0.55, 0.55), (0.25, 2.2)), "painted", (0.06, 0.06, 0.07)
    )
    hue = ((0.5, 0.2, 0.1), (0.1, 0.3, 0.5), (0.5, 0.45, 0.1))[variant]
    for x in (-2.065, -1.955):
        sheet = [(x, -0.45, 0.4), (x, 0.45, 0.4), (x, 0.45, 2.05), (x, -0.45, 2.05)]
        builder.add(quads([sheet]), "poster", hue)
    return [part("Other", builder)]


def _cafe_table(variant: int) -> list[Part]:
    del variant
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


def _leaves(rng: np.random.Generator, count: int, size: tuple[float, float, float]):
    """Return leaf blades that fill an ellipsoid of half axes ``size`` above z = 0."""
    direction = rng.normal(0.0, 1.0, (count, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    foot = direction * np.asarray(size) * rng.uniform(0.6, 1.0, (count, 1))
    along = direction + rng.normal(0.0, 0.5, (count, 3))
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(along, rng.normal(0.0, 1.0, (count, 3)))
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    middle, tip = foot + 0.035 * along, foot + 0.08 * along
    corners = [foot, middle + 0.022 * across, tip, middle - 0.022 * across]
    return quads(np.stack(corners, axis=1))


def _planter(rng: np.random.Generator) -> list[Part]:
    trough = MeshBuilder()
    outline = [(-0.8, 0.0), (0.8, 0.0), (0.85, 0.55), (-0.85, 0.55)]
    trough.add(prism(outline, -0.3, 0.3, axis="y"), "concrete", (0.36, 0.35, 0.33))
    rim = [box((-0.87, 0.87), (y - 0.03, y + 0.03), (0.52, 0.6)) for y in (-0.3, 0.3)]
    trough.add(joined(rim), "concrete", (0.4, 0.39, 0.37))
    shrub = MeshBuilder()
    for x in (-0.5, 0.0, 0.5):
        leaves = _leaves(rng, 700, (0.33, 0.26, rng.uniform(0.25, 0.45)))
        shape = leaves._replace(vertices=np.add(leaves.vertices, (x, 0.0, 0.68)))
        shade = rng.uniform(0.6, 1.4, (700, 1)) * np.array((0.06, 0.12, 0.03))
        shrub.add(shape, "leaf", shade)
        blossoms = [(x + a, b, 0.9 + c) for a, b, c in rng.uniform(-0.2, 0.2, (9, 3))]
        heads = [ellipsoid(p, (0.025,) * 3, segments=6, rings=4) for p in blossoms]
        shrub.add(joined(heads), "cloth", rng.uniform(0.2, 0.7, 3))
    return [part("Other", trough), part("Vegetation", shrub)]


def _tree_pit(rng: np.random.Generator) -> list[Part]:
    """Return bare earth with an iron grating and grass, flush with the pavement."""
    builder = MeshBuilder()
    builder.add(box((-0.5, 0.5), (-0.5, 0.5), (-0.02, 0.012)), "soil")
    for side in (-1, 1):
        builder.add(
            box((-0.53, 0.53), (0.5 * side - 0.03, 0.5 * side + 0.03), (0, 0.025)),
            "cast_iron",
        )
        builder.add(
            box((0.5 * side - 0.03, 0.5 * side + 0.03), (-0.47, 0.47), (0, 0.025)),
            "cast_iron",
        )
    foot = np.column_stack([rng.uniform(-0.44, 0.44, (260, 2)), np.full(260, 0.01)])
    lean = rng.normal(0.0, 0.03, (260, 2))
    tip = foot + np.column_stack([lean, rng.uniform(0.05, 0.14, 260)])
    half = np.column_stack([rng.normal(0.0, 0.005, (260, 2)), np.zeros(260)])
    blades = quads(
        np.stack([foot - half, foot + half, tip + 0.2 * half, tip - 0.2 * half], 1)
    )
    builder.add(
        blades, "leaf", rng.uniform(0.6, 1.4, (260, 1)) * np.array((0.07, 0.13, 0.03))
    )
    return [part("Terrain", builder)]


_KINDS: dict[str, Callable[[int], list[Part]]] = {
    "lamp": lamp_parts,
    "sign": sign_parts,
    "traffic_light": traffic_light_parts,
    "bin": _bin,
    "bollards": _bollards,
    "railing": _railing,
    "bench": _bench,
    "cabinet": _cabinet,
    "meter": _meter,
    "post_box": _post_box,
    "hydrant": _hydrant,
    "shelter": _shelter,
    "cafe_table": _cafe_table,
}
_PLANTED: dict[str, Callable[[np.random.Generator], list[Part]]] = {
    "planter": _planter,
    "tree": _tree_pit,
}
