"""Meshes of bins on wheels, bottle banks, rubbish bags, skips, scooters; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.shapes.alphabet import flat_text, text_strokes
from blender_scenes.city.shapes.mesh import MeshBuilder, placement
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import (
    Shape,
    box,
    boxes,
    ellipsoid,
    joined,
    loft,
    prism,
    quads,
    ring_bar,
    tube,
)

_BIN_RGB = (
    (0.03, 0.035, 0.04),
    (0.03, 0.1, 0.25),
    (0.5, 0.34, 0.03),
    (0.12, 0.06, 0.03),
)
_BANK_RGB = ((0.03, 0.13, 0.06), (0.6, 0.58, 0.54), (0.22, 0.1, 0.04))


def _frustum(
    low: tuple[float, float, float], high: tuple[float, float, float]
) -> Shape:
    """Return a block with half sizes x, y at height z, below and above."""
    rings = [
        [(-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)] for x, y, z in (low, high)
    ]
    return loft(rings)


def _wheelie_bins(look: Look) -> list[Part]:
    """Return three bins on wheels, each of its colour, one with its lid open."""
    parts = []
    for number, x in enumerate((-0.68, 0.0, 0.68)):
        builder = MeshBuilder()
        rgb = np.array(
            _BIN_RGB[0 if look.variant == 0 else (number + look.variant) % 4]
        )
        one = MeshBuilder()
        body = _frustum((0.22, 0.23, 0.05), (0.29, 0.31, 0.98))
        one.add(body, "plastic", rgb)
        one.add(_frustum((0.31, 0.33, 0.96), (0.31, 0.33, 1.0)), "plastic", 0.9 * rgb)
        ribs = [(0.17 * s, -0.275, 0.5) for s in (-1, 0, 1)]
        one.add(boxes(ribs, (0.02, 0.06, 0.7)), "plastic", 0.85 * rgb)
        lid_rgb = np.array(_BIN_RGB[(number + 1 + look.variant) % 4])
        lid = _frustum((0.31, 0.34, 0.0), (0.27, 0.29, 0.07))
        is_open = look.variant == 2 and number == 1
        tilt = np.radians(-52.0) if is_open else 0.0
        turn = np.eye(4)
        turn[1:3, 1:3] = [[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]]
        turn = placement(0.0, 0.33, 1.0) @ turn @ placement(0.0, -0.33)
        cover = MeshBuilder()
        cover.add(lid, "plastic", lid_rgb)
        one.add_mesh(cover.mesh(), turn)
        handle = [
            (-0.2, 0.31, 0.93),
            (-0.2, 0.37, 0.95),
            (0.2, 0.37, 0.95),
            (0.2, 0.31, 0.93),
        ]
        one.add(tube(handle, 0.016, sides=8), "plastic", rgb)
        for side in (-1, 1):
            wheel = [(0.2 * side, 0.24, 0.1), (0.27 * side, 0.24, 0.1)]
            one.add(tube(wheel, 0.1, sides=18), "rubber")
        one.add(box((-0.19, 0.19), (-0.2, -0.1), (0.0, 0.06)), "plastic", 0.8 * rgb)
        sticker = box((-0.1, 0.1), (-0.312, -0.3), (0.8, 0.9))
        one.add(sticker, "print_sheet", (0.65, 0.62, 0.5))
        heading = look.rng.normal(0.0, 0.06)
        builder.add_mesh(
            one.mesh(), placement(x, look.rng.normal(0, 0.015), heading_rad=heading)
        )
        parts.append(part("Other", builder))
    return parts


def _recycling(look: Look) -> list[Part]:
    """Return three bottle banks with round holes and stickers."""
    parts = []
    for number, x in enumerate((-1.22, 0.0, 1.22)):
        builder = MeshBuilder()
        rgb = np.array(_BANK_RGB[(number + look.variant) % 3])
        rings = [(x, 0, z) for z in (0.04, 0.1, 1.1, 1.45, 1.62, 1.68)]
        dome = tube(rings, (0.5, 0.52, 0.56, 0.5, 0.25, 0.05), sides=24)
        builder.add(dome, "plastic", rgb, smooth=True)
        builder.add(box((x - 0.5, x + 0.5), (-0.34, 0.34), (-0.01, 0.08)), "cast_iron")
        for turn in (-0.45, 0.45, np.pi):
            hole = np.array((np.sin(turn), -np.cos(turn), 0.0))
            start = (x, 0.0, 1.22) + 0.44 * hole
            builder.add(tube([start, start + 0.13 * hole], 0.1, sides=16), "rubber")
        builder.add(tube([(x, 0, 1.66), (x, 0, 1.78)], 0.02, sides=8), "steel")
        builder.add(ring_bar((x, 0, 1.82), 0.06, 0.012, axis="x"), "steel", smooth=True)
        label = box((x - 0.2, x + 0.2), (-0.575, -0.52), (0.55, 0.85))
        builder.add(label, "print_sheet", (0.65, 0.64, 0.58))
        strokes = text_strokes("GLASS", 0.08, weight=0.16)
        builder.add(
            flat_text(strokes, (x - 0.175, 0.67), -0.578),
            "print_sheet",
            (0.05, 0.15, 0.08),
        )
        parts.append(part("Other", builder))
    return parts


def _rubbish_bags(look: Look) -> list[Part]:
    """Return tied bags and a flattened box waiting for the dustmen."""
    rng, builder = look.rng, MeshBuilder()
    rgb = ((0.02, 0.02, 0.022), (0.55, 0.4, 0.03), (0.08, 0.12, 0.25))[look.variant]
    for x, y in ((-0.38, 0.1), (0.05, -0.1), (0.42, 0.12), (0.02, 0.24)):
        half = np.array(
            (rng.uniform(0.2, 0.25), rng.uniform(0.18, 0.22), rng.uniform(0.22, 0.28))
        )
        ball = ellipsoid((0, 0, 0), half, segments=18, rings=14)
        lumps = 1.0 + 0.07 * np.sin(
            9 * ball.vertices[:, :1] / half[0] + rng.uniform(0, 6)
        )
        lumps = lumps + rng.normal(0.0, 0.025, (len(ball.vertices), 1))
        points = ball.vertices * lumps
        # Sagging: flat below, gathered at the top.
        points[:, 2] = np.maximum(points[:, 2], -0.75 * half[2]) + 0.75 * half[2]
        bag = ball._replace(vertices=np.add(points, (x, y, 0.0)))
        builder.add(
            bag, "plastic", np.multiply(rgb, rng.uniform(0.8, 1.3)), smooth=True
        )
        top = 1.65 * half[2]
        knot = tube(
            [(x, y, top), (x, y, top + 0.05), (x + 0.03, y, top + 0.11)],
            (0.03, 0.018, 0.05),
            sides=8,
        )
        builder.add(knot, "plastic", rgb)
    card = [
        (-0.6, 0.3, 0.0),
        (-0.15, 0.36, 0.0),
        (-0.17, 0.38, 0.5),
        (-0.58, 0.36, 0.52),
    ]
    sheet = prism([(p[0], p[2]) for p in card], 0.33, 0.34, axis="y")
    builder.add(sheet, "timber", (1.3, 1.05, 0.85))
    return [part("Other", builder)]


def _skip(look: Look) -> list[Part]:
    """Return a skip full of rubble and boards."""
    rng, shell = look.rng, MeshBuilder()
    rgb = np.array(
        ((0.5, 0.3, 0.02), (0.03, 0.12, 0.22), (0.3, 0.05, 0.03))[look.variant]
    )
    outside = [
        (-1.1, 0.06),
        (1.1, 0.06),
        (1.8, 0.95),
        (1.8, 1.15),
        (-1.8, 1.15),
        (-1.8, 0.95),
    ]
    inside = [
        (-1.05, 0.12),
        (1.05, 0.12),
        (1.72, 0.98),
        (1.72, 1.15),
        (-1.72, 1.15),
        (-1.72, 0.98),
    ]
    for y in (-0.88, 0.84):
        shell.add(prism(outside, y, y + 0.04, axis="y"), "painted", rgb)
    pairs = list(zip(inside, outside, strict=True))
    for (a, b), (c, d) in (
        (pairs[0], pairs[1]),
        (pairs[1], pairs[2]),
        (pairs[5], pairs[0]),
    ):
        # One sheet between two corners of the outline, from the outer to the inner.
        sheet = prism([b, d, c, a], -0.84, 0.84, axis="y")
        shell.add(sheet, "painted", 0.9 * rgb)
    ends = [
        box((x - 0.04, x + 0.04), (-0.84, 0.84), (0.95, 1.15)) for x in (-1.76, 1.76)
    ]
    shell.add(joined(ends), "painted", rgb)
    ribs = [(x, y, 0.62) for x in (-0.9, 0.0, 0.9) for y in (-0.9, 0.9)]
    shell.add(boxes(ribs, (0.09, 0.05, 1.0)), "painted", 0.85 * rgb)
    shell.add(box((-1.0, 1.0), (-0.7, 0.7), (-0.01, 0.06)), "painted", 0.7 * rgb)
    strokes = text_strokes("SKIPS 24", 0.2, weight=0.15)
    shell.add(flat_text(strokes, (-0.78, 0.62), -0.93), "enamel", (0.7, 0.7, 0.66))
    shell.add_mesh(_rubble(rng), None)
    return [part("Other", shell)]


def _rubble(rng: np.random.Generator):
    """Return broken bricks and boards on a heap that fills a skip."""
    builder = MeshBuilder()
    x, y = np.meshgrid(np.linspace(-1.7, 1.7, 19), np.linspace(-0.83, 0.83, 10))
    z = 1.0 + 0.18 * np.cos(x * 0.9) * np.cos(y * 1.5) + rng.normal(0.0, 0.03, x.shape)
    surface = np.stack([x, y, z], axis=-1)
    corners = np.stack(
        [surface[:-1, :-1], surface[:-1, 1:], surface[1:, 1:], surface[1:, :-1]],
        axis=-2,
    )
    builder.add(quads(corners.reshape(-1, 4, 3)), "gravel")
    for _ in range(45):
        x_m, y_m = rng.uniform((-1.5, -0.7), (1.5, 0.7))
        place = placement(x_m, y_m, 1.14, heading_rad=rng.uniform(0.0, 3.0))
        place[:3, :3] = place[:3, :3] @ _tilt(rng.normal(0.0, 0.5))
        brick = MeshBuilder()
        rgb = (0.3, 0.1, 0.06) if rng.random() < 0.6 else (0.4, 0.38, 0.35)
        brick.add(
            boxes((0, 0, 0), rng.uniform((0.1, 0.08, 0.05), (0.24, 0.13, 0.08))),
            "garden_concrete",
            rgb,
        )
        builder.add_mesh(brick.mesh(), place)
    for _ in range(6):
        start = rng.uniform((-1.4, -0.6, 1.1), (1.4, 0.6, 1.2))
        end = start + rng.normal(0.0, (0.5, 0.15, 0.16))
        end = np.clip(end, (-1.6, -0.75, 1.1), (1.6, 0.75, 1.5))
        builder.add(tube([start, end], 0.03, sides=4), "timber")
    return builder.mesh()


def _tilt(turn_rad: float) -> np.ndarray:
    cosine, sine = np.cos(turn_rad), np.sin(turn_rad)
    return np.array([(1, 0, 0), (0, cosine, -sine), (0, sine, cosine)])


def _scooters(look: Look) -> list[Part]:
    """Return three kick scooters parked side by side, one fallen askew."""
    parts = []
    rgb = ((0.05, 0.35, 0.2), (0.5, 0.5, 0.5), (0.6, 0.2, 0.03))[look.variant]
    for number, x in enumerate((-0.55, 0.0, 0.55)):
        builder = MeshBuilder()
        heading = np.pi / 2 + look.rng.normal(0.0, 0.1) + 0.25 * (number == 2)
        builder.add_mesh(
            _scooter(rgb), placement(x, 0.0, heading_rad=heading, scale=0.92)
        )
        parts.append(part("Other", builder))
    return parts


def _scooter(rgb: tuple[float, float, float]):
    """Return a kick scooter along x on its two wheels."""
    builder = MeshBuilder()
    for x in (-0.42, 0.46):
        wheel = ring_bar((x, 0, 0.11), 0.085, 0.025, axis="y")
        builder.add(wheel, "rubber", smooth=True)
        builder.add(
            tube([(x, -0.02, 0.11), (x, 0.02, 0.11)], 0.07, sides=14), "metal_sheet"
        )
    deck = box((-0.36, 0.28), (-0.08, 0.08), (0.11, 0.17))
    builder.add(deck, "painted", rgb)
    builder.add(box((-0.33, 0.25), (-0.07, 0.07), (0.17, 0.176)), "rubber")
    neck = [(0.28, 0, 0.15), (0.4, 0, 0.24), (0.3, 0, 1.1)]
    builder.add(tube(neck, (0.03, 0.028, 0.022), sides=10), "painted", rgb)
    builder.add(tube([(0.46, 0, 0.11), (0.4, 0, 0.26)], 0.02, sides=8), "steel")
    bar = [(0.27, -0.24, 1.11), (0.3, 0, 1.1), (0.27, 0.24, 1.11)]
    builder.add(tube(bar, 0.015, sides=8), "rubber")
    builder.add(boxes((0.31, 0, 1.13), (0.05, 0.09, 0.05)), "rubber")
    builder.add(boxes((0.405, 0, 0.9), (0.04, 0.05, 0.05)), "lamp_white")
    guard = [(-0.54, 0, 0.17), (-0.48, 0, 0.245), (-0.38, 0, 0.25), (-0.3, 0, 0.19)]
    builder.add(tube(guard, 0.02, sides=6), "plastic", rgb)
    builder.add(tube([(-0.1, 0.05, 0.12), (-0.14, 0.13, 0.0)], 0.009, sides=6), "steel")
    return builder.mesh()


KINDS: dict[str, Maker] = {
    "wheelie_bins": _wheelie_bins,
    "recycling": _recycling,
    "rubbish_bags": _rubbish_bags,
    "skip": _skip,
    "scooters": _scooters,
}
