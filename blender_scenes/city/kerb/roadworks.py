"""Meshes of cones, barriers, gravel and whole road works; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.signs import circle
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData, placement
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import Shape, box, boxes, grid, prism, tube
from blender_scenes.city.shapes.strands import rods

_ORANGE, _WHITE, _RED, _YELLOW, _BLACK = (
    (0.75, 0.11, 0.015),
    (0.75, 0.75, 0.73),
    (0.55, 0.02, 0.02),
    (0.75, 0.42, 0.02),
    (0.02, 0.02, 0.02),
)


def _works(builder: MeshBuilder) -> Part:
    return part("RoadWorks", builder)


def _cone_mesh(height_m: float) -> MeshData:
    builder = MeshBuilder()
    wide = 0.19 * height_m / 0.5 if height_m < 0.5 else 0.19
    builder.add(
        box((-wide, wide), (-wide, wide), (-0.005, 0.035)), "rubber", (1.6, 1.6, 1.6)
    )
    levels = np.array((0.03, 0.3, 0.3, 0.5, 0.5, 0.62, 0.62, 0.8, 0.8, 1.0))
    radii = 0.75 * wide * (1 - levels) + 0.028
    bands = (_ORANGE, _WHITE, _ORANGE, _WHITE, _ORANGE)
    for number, rgb in enumerate(bands):
        pair = slice(2 * number, 2 * number + 2)
        ring = [(0, 0, z * height_m) for z in levels[pair]]
        builder.add(tube(ring, radii[pair], sides=20), "plastic", rgb, smooth=True)
    return builder.mesh()


def _cone(look: Look) -> list[Part]:
    """Return a traffic cone of 50, 75 or 100 cm."""
    builder = MeshBuilder()
    builder.add_mesh(_cone_mesh((0.5, 0.75, 1.0)[look.variant]))
    return [_works(builder)]


def _striped(
    x: tuple[float, float], z: tuple[float, float], y: float, rgb=(_RED, _WHITE)
) -> list[tuple[Shape, tuple[float, float, float]]]:
    """Return slanting stripes that fill a board's front at y."""
    low, high = z
    slant = high - low
    step = 1.25 * slant
    stripes = []
    for number, start in enumerate(np.arange(x[0] - slant, x[1], step)):
        outline = np.array(
            [
                (start, low),
                (start + step, low),
                (start + step + slant, high),
                (start + slant, high),
            ]
        )
        # Cut at the board's ends, keeping the slant by cutting each edge by itself.
        cut = _clipped(outline, x)
        if len(cut) > 2:
            points = np.insert(cut, 1, y, axis=1)
            shape = Shape(points, (np.arange(len(points))[None],))
            stripes.append((shape, rgb[number % 2]))
    return stripes


def _clipped(outline: np.ndarray, x: tuple[float, float]) -> np.ndarray:
    """Return a convex polygon (K, 2) cut to an interval of its first coordinate."""
    points = [tuple(p) for p in outline]
    for limit, sign in ((x[0], 1.0), (x[1], -1.0)):
        kept = []
        for a, b in zip(points, points[1:] + points[:1], strict=True):
            inside_a, inside_b = sign * (a[0] - limit) >= 0, sign * (b[0] - limit) >= 0
            if inside_a:
                kept.append(a)
            if inside_a != inside_b:
                share = (limit - a[0]) / (b[0] - a[0])
                kept.append((limit, a[1] + share * (b[1] - a[1])))
        points = kept
    return np.array(points)


def _barrier_mesh(width_m: float, lamps: tuple[float, ...]) -> MeshData:
    """Return a red and white board on feet, with flashing lamps on top."""
    builder = MeshBuilder()
    half = width_m / 2
    for low, high in ((0.75, 1.0), (0.22, 0.34)):
        builder.add(box((-half, half), (-0.016, 0.016), (low, high)), "plastic", _WHITE)
        for front, heading in ((-0.018, 0.0), (-0.018, np.pi)):
            side = MeshBuilder()
            for shape, rgb in _striped((-half, half), (low, high), front):
                side.add(shape, "enamel", rgb)
            builder.add_mesh(side.mesh(), placement(heading_rad=heading))
    for x in (-0.86 * half, 0.86 * half):
        builder.add(box((x - 0.02, x + 0.02), (-0.02, 0.02), (0.05, 1.0)), "steel")
        builder.add(
            box((x - 0.09, x + 0.09), (-0.29, 0.29), (-0.005, 0.1)),
            "rubber",
            (1.5, 1.5, 1.5),
        )
    for x in lamps:
        builder.add(
            box((x - 0.06, x + 0.06), (-0.04, 0.04), (1.0, 1.12)), "plastic", _YELLOW
        )
        lens = prism(np.add(circle(0.085, 18), (x, 1.2)), -0.045, 0.045, axis="y")
        builder.add(lens, "lamp_amber")
    return builder.mesh()


def _barrier(look: Look) -> list[Part]:
    """Return a striped board with no, one or two warning lamps."""
    builder = MeshBuilder()
    lamps = ((), (0.0,), (-0.5, 0.5))[look.variant]
    builder.add_mesh(_barrier_mesh(1.5, lamps))
    return [_works(builder)]


def _works_sign(look: Look) -> list[Part]:
    """Return a triangle with a digger, an arrow, or a narrowing road, on a stand."""
    builder = MeshBuilder()
    builder.add(
        box((-0.36, 0.36), (-0.2, 0.3), (-0.005, 0.08)), "rubber", (1.5, 1.5, 1.5)
    )
    builder.add(tube([(0, 0.0, 0.05), (0, 0.0, 1.75)], 0.024, sides=10), "steel")
    builder.add_mesh(_works_triangle(look.variant), placement(0.0, 0.0, 1.35))
    return [_works(builder)]


def _works_triangle(variant: int) -> MeshData:
    builder = MeshBuilder()
    layers = (
        (0.5, -0.03, "metal_sheet", _WHITE),
        (0.5, -0.036, "enamel", _RED),
        (0.36, -0.04, "enamel", _YELLOW),
    )
    for radius, y, material, rgb in layers:
        outline = circle(radius, 3, np.pi / 2)
        builder.add(prism(outline, y, y + 0.005, axis="y"), material, rgb)
    figures = (
        # Somebody who digs: legs, back, arms, spade, heap.
        (
            ((-0.1, -0.14), (-0.06, -0.14), (-0.03, 0.0), (-0.07, 0.0)),
            ((-0.02, -0.14), (0.02, -0.14), (-0.02, 0.01), (-0.06, 0.0)),
            ((-0.07, 0.0), (-0.02, 0.0), (0.04, 0.11), (0.0, 0.13)),
            ((0.02, 0.11), (0.0, 0.08), (0.1, 0.0), (0.11, 0.03)),
            ((0.06, 0.07), (0.04, 0.06), (0.13, -0.13), (0.16, -0.12)),
            ((0.08, -0.14), (0.24, -0.14), (0.16, -0.07), (0.12, -0.08)),
        ),
        (
            ((-0.03, -0.14), (0.03, -0.14), (0.03, 0.08), (-0.03, 0.08)),
            ((-0.09, 0.06), (0.09, 0.06), (0.02, 0.18), (-0.02, 0.18)),
        ),
        (
            ((-0.1, -0.14), (-0.07, -0.14), (-0.02, 0.15), (-0.05, 0.15)),
            ((0.07, -0.14), (0.1, -0.14), (0.05, 0.15), (0.02, 0.15)),
        ),
    )[variant]
    for figure in figures:
        builder.add(prism(figure, -0.044, -0.04, axis="y"), "enamel", _BLACK)
    if variant == 0:
        builder.add(
            prism(np.add(circle(0.033, 12), (0.055, 0.155)), -0.044, -0.04, axis="y"),
            "enamel",
            _BLACK,
        )
    return builder.mesh()


def _heap(
    rng: np.random.Generator, half_x: float, half_y: float, height_m: float
) -> Shape:
    """Return a heap with its foot on the ground."""
    radius = np.linspace(0.0, 1.0, 12)
    turn = np.linspace(0.0, 2 * np.pi, 33)[:-1]
    ragged = 1.0 + 0.09 * np.sin(3 * turn + rng.uniform(0, 6)) * radius[:, None]
    ragged = np.minimum(ragged + rng.normal(0, 0.015, ragged.shape), 1.0)
    x = half_x * radius[:, None] * np.cos(turn) * ragged
    y = half_y * radius[:, None] * np.sin(turn) * ragged
    z = height_m * (1.0 - radius[:, None]) ** 0.85 * (1.0 + 0.12 * np.cos(2 * turn + 1))
    z = z + rng.normal(0.0, 0.015, z.shape) * (radius[:, None] < 0.99)
    z[0], z[-1] = height_m, -0.005
    return grid(np.stack([x, y, np.maximum(z, -0.005)], axis=-1), wrap=True)


def _add_stones(
    builder: MeshBuilder, rng: np.random.Generator, heap: Shape, count: int
) -> None:
    """Lay loose stones on a heap and around its foot."""
    place = heap.vertices[rng.integers(len(heap.vertices), size=count)]
    place = place + rng.normal(0.0, (0.03, 0.03, 0.0), (count, 3))
    size = rng.uniform(0.02, 0.07, (count, 3))
    stones = boxes(np.add(place, (0.0, 0.0, 0.01)), size)
    rough = stones.vertices + rng.normal(0.0, 0.006, stones.vertices.shape)
    rough[:, 2] = np.maximum(rough[:, 2], 0.0)
    tint = np.repeat(rng.uniform(0.6, 1.5, (count, 1)) * np.ones(3), 6, axis=0)
    builder.add(stones._replace(vertices=rough), "gravel", tint)


def _gravel_heap(look: Look) -> list[Part]:
    """Return gravel, sand or broken asphalt with a shovel in it."""
    builder = MeshBuilder()
    tint = ((0.9, 0.9, 0.9), (1.3, 1.05, 0.7), (0.32, 0.32, 0.33))[look.variant]
    heap = _heap(look.rng, 0.98, 0.72, 0.75)
    builder.add(heap, "gravel", tint, smooth=True)
    _add_stones(builder, look.rng, heap, 220)
    shaft = [(0.2, -0.2, 0.35), (0.34, -0.42, 1.35)]
    builder.add(tube(shaft, 0.018, sides=8), "timber")
    grip = tube([(0.28, -0.42, 1.36), (0.4, -0.42, 1.34)], 0.016, sides=8)
    builder.add(grip, "timber")
    return [_works(builder)]


def _roadworks(look: Look) -> list[Part]:
    """Return a trench in the making: barriers around, heaps, cones and a sign.

    It fills a parking place; its long side lies along x.
    """
    rng = look.rng
    builder = MeshBuilder()
    # The dug strip: wet earth between broken edges of asphalt.
    pit = np.column_stack([np.linspace(-2.1, 2.1, 22), rng.normal(-0.62, 0.04, 22)])
    far = np.column_stack([np.linspace(2.1, -2.1, 22), rng.normal(0.05, 0.04, 22)])
    outline = np.concatenate([pit, far])
    points = np.insert(outline, 2, 0.006, axis=1)
    builder.add(
        Shape(points, (np.arange(len(points))[None],)), "soil", (0.55, 0.5, 0.45)
    )
    edges = boxes(
        np.insert(outline, 2, 0.012, axis=1),
        np.column_stack(
            [rng.uniform(0.08, 0.26, (44, 2)), rng.uniform(0.02, 0.09, 44)]
        ),
    )
    rough = edges.vertices + rng.normal(0.0, 0.012, edges.vertices.shape)
    rough[:, 2] = np.maximum(rough[:, 2], 0.0)
    builder.add(edges._replace(vertices=rough), "gravel", (0.35, 0.35, 0.36))
    for x, half, height, tint in (
        (-1.15, 0.85, 0.55, (0.9, 0.85, 0.8)),
        (1.0, 0.75, 0.42, (0.35, 0.35, 0.36)),
    ):
        heap = _heap(rng, half, 0.42, height)
        heap = heap._replace(vertices=np.add(heap.vertices, (x, 0.5, 0.0)))
        builder.add(heap, "gravel", tint, smooth=True)
        _add_stones(builder, rng, heap, 110)
    pipes = rods(
        [(-0.9, -0.2, 0.1), (-0.9, -0.42, 0.1)],
        [(1.5, -0.2, 0.1), (1.5, -0.42, 0.1)],
        0.09,
        sides=14,
    )
    builder.add(
        pipes, "plastic", (0.45, 0.12, 0.03) if look.variant else (0.06, 0.06, 0.065)
    )
    builder.add(tube([(0.6, 0.35, 0.3), (0.75, -0.05, 1.2)], 0.018, sides=8), "timber")
    for x, y, heading, width in (
        (-1.25, -0.85, 0.0, 2.3),
        (1.25, -0.85, 0.0, 2.3),
        (-2.38, -0.02, np.pi / 2, 1.5),
        (2.38, -0.02, np.pi / 2, 1.5),
    ):
        lamps = (0.0,) if width < 2.0 else ((-0.9,) if x < 0 else (0.9,))
        turn = placement(x, y, heading_rad=heading + rng.normal(0.0, 0.03))
        builder.add_mesh(_barrier_mesh(width, lamps), turn)
    for x, y in ((-2.5, -0.92), (0.0, -0.98), (2.5, -0.95)):
        cone = placement(x, y, heading_rad=rng.uniform(0, 3))
        builder.add_mesh(_cone_mesh(0.75), cone)
    builder.add(
        tube([(-0.05, 0.95, 0.0), (-0.05, 0.95, 1.75)], 0.024, sides=10), "steel"
    )
    builder.add(
        box((-0.3, 0.2), (0.75, 1.12), (-0.005, 0.08)), "rubber", (1.5, 1.5, 1.5)
    )
    builder.add_mesh(_works_triangle(0), placement(-0.05, 0.95, 1.35))
    return [_works(builder)]


KINDS: dict[str, Maker] = {
    "cone": _cone,
    "barrier": _barrier,
    "works_sign": _works_sign,
    "gravel_heap": _gravel_heap,
    "roadworks": _roadworks,
}
