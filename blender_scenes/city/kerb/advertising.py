"""Meshes of posters and what carries them: columns, boards, shelters; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.signs import circle
from blender_scenes.city.shapes.alphabet import flat_text, text_strokes, text_width_m
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData, placement
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import (
    Shape,
    bars,
    box,
    boxes,
    joined,
    quads,
    tube,
)

# Background, ink and figures that go together.
_PALETTES = (
    ((0.6, 0.55, 0.42), (0.05, 0.04, 0.06), (0.5, 0.08, 0.05), (0.1, 0.25, 0.35)),
    ((0.04, 0.09, 0.2), (0.7, 0.68, 0.6), (0.7, 0.35, 0.04), (0.25, 0.4, 0.5)),
    ((0.55, 0.06, 0.05), (0.7, 0.67, 0.6), (0.75, 0.5, 0.08), (0.1, 0.02, 0.03)),
    ((0.65, 0.48, 0.06), (0.05, 0.05, 0.05), (0.6, 0.12, 0.04), (0.75, 0.72, 0.62)),
    ((0.05, 0.2, 0.13), (0.72, 0.7, 0.6), (0.5, 0.55, 0.12), (0.02, 0.06, 0.05)),
    ((0.7, 0.69, 0.66), (0.1, 0.1, 0.12), (0.05, 0.2, 0.45), (0.65, 0.15, 0.3)),
)
_HEADLINES = (
    "JAZZ", "CIRCUS", "SUMMER", "OPERA", "SALE", "FESTIVAL", "CINEMA", "MARATHON",
    "COFFEE", "VOTE", "ROBOTS", "BALLET", "BOOK FAIR", "ICE CREAM", "ZOO", "TRAVEL",
)  # fmt: skip
_SPECIALS = ("COFFEE", "SOUP", "CAKE", "TEA", "LUNCH", "BOOKS")
_NOTES = (
    "TONIGHT",
    "FREE ENTRY",
    "CITY HALL",
    "FROM MAY 12",
    "NEW",
    "8 PM",
    "BOOK NOW",
)
_WOOD_RGB = (0.2, 0.1, 0.045)


def poster_mesh(rng: np.random.Generator, width_m: float, height_m: float) -> MeshData:
    """Return a printed sheet that faces -y, lower left corner at the origin.

    A headline, a picture of overlapping figures, and lines of small print.
    """
    back, ink, first, second = _PALETTES[rng.integers(len(_PALETTES))]
    builder = MeshBuilder()
    builder.add(_flat(_rectangle(0, width_m, 0, height_m), 0.0), "print_sheet", back)
    unit = min(width_m, height_m)
    picture = (0.22 * height_m, 0.76 * height_m)
    for layer in range(7):
        rgb = np.array((first, second, ink)[rng.integers(3)]) * rng.uniform(0.7, 1.2)
        middle = (rng.uniform(0.25, 0.75) * width_m, rng.uniform(*picture))
        figure = np.add(_figure(rng, unit), middle)
        figure = np.clip(figure, (0.0, 0.2 * height_m), (width_m, 0.8 * height_m))
        builder.add(_flat(figure, -0.0012 * (layer + 1)), "print_sheet", rgb)
    words = (str(rng.choice(_HEADLINES)), str(rng.choice(_NOTES)))
    for text, middle, limit in ((words[0], 0.88, 0.13), (words[1], 0.12, 0.06)):
        size = min(limit * height_m, 0.86 * width_m / text_width_m(text, 1.0))
        corner = (
            0.5 * (width_m - text_width_m(text, size)),
            middle * height_m - 0.5 * size,
        )
        strokes = text_strokes(text, size, weight=0.16)
        builder.add(flat_text(strokes, corner, -0.012), "print_sheet", ink)
    builder.add(_small_print(rng, width_m, height_m), "print_sheet", ink)
    return builder.mesh()


def _rectangle(x0: float, x1: float, z0: float, z1: float) -> np.ndarray:
    return np.array([(x0, z0), (x1, z0), (x1, z1), (x0, z1)])


def _flat(outline: np.ndarray, y: float) -> Shape:
    """Return a flat polygon (K, 2) in the plane at y, seen from -y."""
    points = np.insert(np.asarray(outline, np.float64), 1, y, axis=1)
    return Shape(points, (np.arange(len(points))[None],))


def _figure(rng: np.random.Generator, unit: float) -> np.ndarray:
    """Return a disc, stripe, wedge or star around the origin."""
    kind = rng.integers(4)
    size = unit * rng.uniform(0.12, 0.34)
    turn = rng.uniform(0.0, 2 * np.pi)
    if kind == 0:
        return circle(size, 24)
    if kind == 1:
        stripe = np.array([(-2, -0.12), (2, -0.12), (2, 0.12), (-2, 0.12)]) * size
        cosine, sine = np.cos(turn), np.sin(turn)
        return stripe @ np.array([[cosine, sine], [-sine, cosine]])
    if kind == 2:
        return circle(1.3 * size, 3, turn)
    reach = np.where(np.arange(16) % 2 == 0, 1.1, 0.62)[:, None]
    return circle(size, 16, turn) * reach


def _small_print(rng: np.random.Generator, width_m: float, height_m: float) -> Shape:
    lines = []
    for z in np.linspace(0.03, 0.075, 4) * height_m:
        ends = np.sort(rng.uniform(0.1, 0.9, 7)) * width_m
        thick = 0.006 * height_m
        for left, right in zip(ends[:-1:2], ends[1::2], strict=True):
            lines.append(
                [
                    (left, -0.012, z),
                    (right, -0.012, z),
                    (right, -0.012, z + thick),
                    (left, -0.012, z + thick),
                ]
            )
    return quads(lines)


def _city_light(look: Look) -> list[Part]:
    """Return an upright case with a poster on each side."""
    builder = MeshBuilder()
    rgb = ((0.06, 0.06, 0.07), (0.3, 0.31, 0.32), (0.04, 0.1, 0.07))[look.variant]
    builder.add(box((-0.25, 0.25), (-0.09, 0.09), (-0.01, 0.42)), "painted", rgb)
    builder.add(box((-0.68, 0.68), (-0.09, 0.09), (0.4, 2.36)), "painted", rgb)
    builder.add(box((-0.7, 0.7), (-0.12, 0.12), (2.36, 2.44)), "metal_sheet")
    for heading in (0.0, np.pi):
        turn = placement(heading_rad=heading) @ placement(-0.6, -0.094, 0.5)
        builder.add_mesh(poster_mesh(look.rng, 1.2, 1.76), turn)
        rim = [
            box((-0.64, 0.64), (-0.112, -0.09), (z, z + 0.04)) for z in (0.46, 2.26)
        ] + [
            box((x - 0.02, x + 0.02), (-0.112, -0.09), (0.46, 2.3))
            for x in (-0.62, 0.62)
        ]
        frame = MeshBuilder()
        frame.add(joined(rim), "steel")
        builder.add_mesh(frame.mesh(), placement(heading_rad=heading))
    return [part("Other", builder)]


def _advert_column(look: Look) -> list[Part]:
    """Return an eight-sided column pasted with posters under a domed roof."""
    builder = MeshBuilder()
    rng = look.rng
    builder.add(
        _octagon((-0.01, 0.32), (0.64, 0.62)), "garden_concrete", (0.3, 0.29, 0.27)
    )
    builder.add(
        _octagon((0.32, 2.9), (0.58, 0.58)), "garden_concrete", (0.42, 0.4, 0.33)
    )
    width = 2 * 0.58 * np.tan(np.pi / 8)
    for side in range(8):
        z = 0.36 + 0.05 * rng.random()
        while z < 2.1:
            height = min(float(rng.uniform(0.55, 1.25)), 2.84 - z)
            turn = placement(heading_rad=side * np.pi / 4)
            # Pasted over one another, a little askew.
            place = placement(-0.48 * width, -0.584 - 0.004 * rng.random(), z)
            builder.add_mesh(poster_mesh(rng, 0.96 * width, height), turn @ place)
            z += height + float(rng.uniform(0.02, 0.08))
    rgb = ((0.04, 0.1, 0.07), (0.08, 0.08, 0.09), (0.2, 0.03, 0.03))[look.variant]
    builder.add(_octagon((2.9, 3.06), (0.7, 0.72)), "painted", rgb)
    builder.add(
        _octagon((3.06, 3.3, 3.46, 3.5), (0.66, 0.52, 0.25, 0.05)), "metal_sheet"
    )
    return [part("Other", builder)]


def _octagon(heights: tuple[float, ...], radii: tuple[float, ...]) -> Shape:
    """Return a stack of eight-sided rings; radii reach to the middle of a side."""
    turned = tube(
        [(0, 0, z) for z in heights], np.array(radii) / np.cos(np.pi / 8), sides=8
    )
    spin = placement(heading_rad=np.pi / 8)[:3, :3]
    return turned._replace(vertices=turned.vertices @ spin.T)


def _sandwich_board(look: Look) -> list[Part]:
    """Return a chalk board that stands before a shop."""
    builder = MeshBuilder()
    lean = np.arctan2(0.22, 0.95)
    for heading in (0.0, np.pi):
        side = MeshBuilder()
        side.add(box((-0.3, 0.3), (0.0, 0.02), (0.0, 1.0)), "timber", (0.9, 0.75, 0.6))
        board = box((-0.25, 0.25), (-0.006, 0.0), (0.14, 0.95))
        side.add(board, "painted", (0.02, 0.024, 0.022))
        lines = (str(look.rng.choice(_SPECIALS)), "OPEN", str(look.rng.integers(2, 20)))
        for text, z in zip(lines, (0.75, 0.5, 0.26), strict=True):
            size = min(0.13, 0.42 / text_width_m(text, 1.0))
            strokes = text_strokes(text, size, weight=0.12)
            corner = (-0.5 * text_width_m(text, size), z)
            chalk = (0.65, 0.64, 0.6) if z > 0.3 else (0.7, 0.45, 0.08)
            side.add(flat_text(strokes, corner, -0.008), "print_sheet", chalk)
        tilt = np.eye(4)
        tilt[1:3, 1:3] = [[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]]
        turn = placement(heading_rad=heading) @ placement(0.0, -0.24, 0.006) @ tilt
        builder.add_mesh(side.mesh(), turn)
    return [part("Other", builder)]


def _shelter(look: Look) -> list[Part]:
    """Return a bus shelter: thin posts, barred back wall, roof, bench, posters."""
    builder = MeshBuilder()
    posts = np.array([(x, 0.6, -0.01) for x in (-2.0, -0.7, 0.7, 2.0)])
    stems = bars(posts, np.add(posts, (0, 0, 2.41)), 0.035, sides=10)
    builder.add(stems, "cast_iron", smooth=True)
    builder.add(box((-2.1, 2.1), (-0.75, 0.72), (2.4, 2.48)), "metal_sheet")
    fascia = box((-2.12, 2.12), (-0.78, -0.74), (2.34, 2.52))
    rgb = ((0.03, 0.09, 0.2), (0.05, 0.12, 0.08), (0.3, 0.04, 0.03))[look.variant]
    builder.add(fascia, "painted", rgb)
    strokes = text_strokes("BUS STOP", 0.11, weight=0.16)
    builder.add(flat_text(strokes, (-0.42, 2.375), -0.782), "enamel", (0.7, 0.7, 0.66))
    slats = [(0.0, 0.6, level) for level in np.arange(0.4, 2.3, 0.16)]
    builder.add(boxes(slats, (4.0, 0.02, 0.03)), "steel")
    builder.add(boxes((0.2, 0.38, 0.48), (2.6, 0.34, 0.05)), "painted", _WOOD_RGB)
    legs = np.array([(x, 0.38, -0.01) for x in (-0.9, 1.3)])
    builder.add(bars(legs, np.add(legs, (0, 0, 0.47)), 0.03), "cast_iron")
    case = box((-2.06, -1.96), (-0.55, 0.55), (-0.01, 2.2))
    builder.add(case, "painted", (0.06, 0.06, 0.07))
    for heading, x in ((-np.pi / 2, -2.064), (np.pi / 2, -1.956)):
        # The sheet's own x runs along the case.
        turn = placement(x, 0.0, 0.4, heading_rad=heading) @ placement(-0.47)
        builder.add_mesh(poster_mesh(look.rng, 0.94, 1.65), turn)
    return [part("Other", builder)]


KINDS: dict[str, Maker] = {
    "city_light": _city_light,
    "advert_column": _advert_column,
    "sandwich_board": _sandwich_board,
    "shelter": _shelter,
}
