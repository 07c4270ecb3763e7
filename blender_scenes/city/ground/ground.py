"""Meshes of the road, its repairs and covers, pavements, kerbs, gardens; no bpy.

Everything is laid out in street axes and bent at the end.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import GARDEN_HEIGHT_M, KERB_HEIGHT_M, Profile, StreetPlan
from blender_scenes.city.planning.neighbourhood import (
    HOUSE_DEPTHS_M,
    SIDE_STREET_LENGTH_M,
)
from blender_scenes.city.road import Road
from blender_scenes.city.shapes.bending import bent, cuts
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import Shape, boxes, grid, level_quads, prism

CORNER_RADIUS_M = 1.0
KERB_WIDTH_M = 0.16
# A coat of tar is thin, but must clear the rounding of 32-bit depths at 200 m.
PATCH_HEIGHT_M = 0.003
_TERRAIN_HALF_M = 900.0
_BEYOND_SIDE_STREET_M = 18.0
# Pavement that goes on into the side street, deeper than the widest of them.
_CAP_M = 4.0
_PATCHES_PER_M = 0.13


def road_mesh(plan: StreetPlan) -> MeshData:
    """Return the carriageways with repaired patches, manholes and gullies."""
    builder = MeshBuilder()
    profile = plan.profile
    low, high = profile.start_y_m - 30.0, profile.end_y_m - 10.0
    y = cuts(low, high)
    left, right = profile.kerb_x_m(-1), profile.kerb_x_m(1)
    builder.add(level_quads(left, right, y[:-1], y[1:], 0.0), "asphalt")
    _add_side_streets(builder, plan)
    rng = np.random.default_rng([plan.seed, 11])
    _add_patches(builder, rng, profile)
    _add_manholes(builder, rng, profile)
    _add_gullies(builder, profile)
    return bent(builder.mesh(), plan.road)


def _add_side_streets(builder: MeshBuilder, plan: StreetPlan) -> None:
    """Add the side streets, and the cross street that ends the main one."""
    profile = plan.profile
    for side in (-1, 1):
        kerb = profile.kerb_x_m(side)
        beyond = SIDE_STREET_LENGTH_M + _BEYOND_SIDE_STREET_M
        x0, x1 = sorted((kerb, profile.facade_x_m(side) + side * beyond))
        for junction in plan.junctions:
            half = junction.half_road_m
            y = (junction.y_m - half, junction.y_m + half)
            builder.add(level_quads(x0, x1, *y, 0.0), "asphalt")
    reach = (
        max(abs(profile.facade_x_m(side)) for side in (-1, 1)) + SIDE_STREET_LENGTH_M
    )
    end = profile.end_y_m
    builder.add(level_quads(-reach, reach, end - 10.0, end + 2.0, 0.0), "asphalt")


def _add_patches(
    builder: MeshBuilder, rng: np.random.Generator, profile: Profile
) -> None:
    """Add rectangles of newer or older tar, and long trenches."""
    for _ in range(int(_PATCHES_PER_M * profile.end_y_m)):
        is_trench = rng.random() < 0.4
        half_x, half_y = (
            (0.35, rng.uniform(3, 9)) if is_trench else rng.uniform(0.4, 1.3, 2)
        )
        x = rng.uniform(profile.kerb_x_m(-1) + 1.4, profile.kerb_x_m(1) - 1.4)
        y = rng.uniform(0.0, profile.end_y_m - 20.0)
        shade = (
            rng.uniform(0.55, 0.85) if rng.random() < 0.7 else rng.uniform(1.15, 1.4)
        )
        # Overlapping patches lie at their own heights, else they would flicker.
        height = PATCH_HEIGHT_M * rng.uniform(0.4, 1.0)
        places = cuts(y - half_y, y + half_y)
        shape = level_quads(x - half_x, x + half_x, places[:-1], places[1:], height)
        builder.add(shape, "asphalt", (shade, shade, shade))


def _disc(x: float, y: float, radius: float, low: float, high: float) -> Shape:
    angle = np.linspace(0.0, 2 * np.pi, 33)[:-1]
    outline = np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)
    return prism(outline, low, high)


def _add_manholes(
    builder: MeshBuilder, rng: np.random.Generator, profile: Profile
) -> None:
    y = rng.uniform(5.0, 9.0)
    while y < profile.end_y_m - 30.0:
        x = rng.uniform(profile.kerb_x_m(-1) + 1.0, profile.kerb_x_m(1) - 1.0)
        builder.add(_disc(x, y, 0.42, 0.0, 0.005), "asphalt", (0.6, 0.6, 0.6))
        builder.add(_disc(x, y, 0.33, 0.0, 0.008), "cast_iron")
        places = np.arange(-2, 3) * 0.11
        ribs = np.stack(np.meshgrid(x + places, y + places), -1).reshape(-1, 2)
        tops = np.column_stack([ribs, np.full(len(ribs), 0.009)])
        builder.add(boxes(tops, (0.07, 0.07, 0.006)), "cast_iron", (0.6, 0.6, 0.6))
        y += rng.uniform(9.0, 22.0)


def _add_gullies(builder: MeshBuilder, profile: Profile) -> None:
    """Add slotted drains in the gutters, one every 18 m."""
    ys = np.arange(4.0, profile.end_y_m - 20.0, 18.0)
    for side in (-1, 1):
        x = profile.kerb_x_m(side) - side * 0.25
        for y in ys:
            builder.add(
                boxes((x, y, 0.002), (0.36, 0.5, 0.008)), "cast_iron", (0.3,) * 3
            )
            slots = [(x, y + 0.07 * n, 0.008) for n in range(-3, 4)]
            builder.add(boxes(slots, (0.34, 0.03, 0.008)), "cast_iron")


def pavement_meshes(plan: StreetPlan) -> list[MeshData]:
    """Return one mesh of slabs and kerb stones per block of houses."""
    return [
        bent(_block_mesh(plan.road, plan.profile, side, low, high), plan.road)
        for side in (-1, 1)
        for low, high in _pavement_blocks(plan)
    ]


def _pavement_blocks(plan: StreetPlan) -> list[tuple[float, float]]:
    edges = [plan.profile.start_y_m - 10.0]
    for junction in plan.junctions:
        edges += [
            junction.y_m - junction.half_road_m,
            junction.y_m + junction.half_road_m,
        ]
    edges.append(plan.profile.end_y_m - 10.0)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _block_mesh(
    road: Road, profile: Profile, side: int, low: float, high: float
) -> MeshData:
    """Return a block's slabs and kerb stones in street axes."""
    builder = MeshBuilder()
    kerb, facade = abs(profile.kerb_x_m(side)), abs(profile.facade_x_m(side))
    far = facade + SIDE_STREET_LENGTH_M
    outer = _edge(kerb, far, low, high)
    inner = _edge(kerb, far, low, high, KERB_WIDTH_M)
    # Kerb stones: bottom edge, bevelled shoulder, top, and down to the slabs.
    shoulder = outer + 0.12 * (inner - outer)
    rings = np.stack(
        [
            np.column_stack([points, np.full(len(points), z)])
            for points, z in (
                (outer, 0.0),
                (outer, KERB_HEIGHT_M - 0.02),
                (shoulder, KERB_HEIGHT_M + 0.004),
                (inner, KERB_HEIGHT_M + 0.004),
                (inner, KERB_HEIGHT_M),
            )
        ]
    )
    builder.add(_sided(grid(rings[::-1]), side), "kerb")
    for shape in _slabs(inner, road, side, facade, (low + _CAP_M, high - _CAP_M)):
        builder.add(_sided(shape, side), "paving")
    return builder.mesh()


def _sided(shape: Shape, side: int) -> Shape:
    """Return a shape of the right side, or its mirror image on the left."""
    if side > 0:
        return shape
    faces = tuple(block[:, ::-1] for block in shape.faces)
    return Shape(shape.vertices * (-1, 1, 1), faces)


def _edge(
    kerb: float, far: float, low: float, high: float, inset_m: float = 0.0
) -> np.ndarray:
    """Return (K, 2): a right block's edge from one side street along the kerb.

    It runs from the far end of the low side street, around the rounded corner, up
    the main street and into the high side street.
    """
    near, low, high = kerb + inset_m, low + inset_m, high - inset_m
    radius = CORNER_RADIUS_M - inset_m
    turn = np.linspace(0.0, np.pi / 2, 9)
    across, along = radius * (1 - np.sin(turn)), radius * (1 - np.cos(turn))
    lower = np.stack([near + across, low + along], axis=1)
    upper = np.stack([near + across, high - along], axis=1)[::-1]
    y = cuts(low + radius, high - radius)[1:-1]
    middle = np.column_stack([np.full(len(y), near), y])
    return np.concatenate([[[far, low]], lower, middle, upper, [[far, high]]])


def _slabs(
    inner: np.ndarray,
    road: Road,
    side: int,
    facade: float,
    body_y_m: tuple[float, float],
) -> list[Shape]:
    """Return the slabs of a right block: two ends, and the strip under the houses."""
    low, high = body_y_m
    ends = []
    for is_end, cut in ((inner[:, 1] < low, low), (inner[:, 1] > high, high)):
        part = inner[is_end]
        far, near = part[:, 0].max(), part[:, 0].min()
        closing = [(near, cut), (far, cut)] if cut == low else [(far, cut), (near, cut)]
        outline = np.concatenate([part, closing])
        level = np.column_stack([outline, np.full(len(outline), KERB_HEIGHT_M)])
        # The edge runs clockwise around the block.
        ends.append(Shape(level, (np.arange(len(level))[None, ::-1],)))
    y = cuts(low, high)
    near = np.full(len(y), inner[:, 0].min())
    depth = facade + HOUSE_DEPTHS_M[1] + 2.0
    # On the inside of a bend the strip ends before the bend's centre.
    bend = np.maximum(-side * road.curvature_per_m(y), 1e-9)
    reach = np.minimum(depth, np.maximum(0.85 / bend, facade + 1.0))
    rows = [
        np.column_stack([x, y, np.full(len(y), KERB_HEIGHT_M)]) for x in (near, reach)
    ]
    return [*ends, grid(np.stack(rows)[::-1])]


def garden_mesh(plan: StreetPlan) -> MeshData | None:
    """Return the soil of all front gardens, or None if there are none."""
    builder = MeshBuilder()
    for garden in plan.gardens:
        line = plan.profile.facade_x_m(garden.side)
        x0, x1 = sorted((line, line + garden.side * garden.depth_m))
        y = cuts(garden.low_y_m, garden.high_y_m)
        shape = level_quads(x0, x1, y[:-1], y[1:], GARDEN_HEIGHT_M)
        builder.add(shape, "soil")
    return bent(builder.mesh(), plan.road) if plan.gardens else None


def terrain_mesh(plan: StreetPlan) -> MeshData:
    """Return the land below and beyond the city."""
    builder = MeshBuilder()
    reach = _TERRAIN_HALF_M
    x, y = plan.road.world_xy(0.0, plan.profile.end_y_m / 2)
    shape = level_quads(x - reach, x + reach, y - reach, y + reach, -0.06)
    builder.add(shape, "soil")
    return builder.mesh()
