"""Meshes of the road, its repairs and covers, the pavements and the kerbs; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.frontage import SIDE_STREET_LENGTH_M
from blender_scenes.city.mesh import MeshBuilder, MeshData
from blender_scenes.city.plan import KERB_HEIGHT_M, Junction, Profile, StreetPlan
from blender_scenes.city.shapes import Shape, boxes, level_quads, prism

CORNER_RADIUS_M = 1.0
KERB_WIDTH_M = 0.16
BEYOND_FACADE_M = SIDE_STREET_LENGTH_M + 18.0
# A coat of tar is thin, but must clear the rounding of 32-bit depths at 200 m.
PATCH_HEIGHT_M = 0.003
_TERRAIN_HALF_M = 900.0


def road_mesh(plan: StreetPlan) -> MeshData:
    """Return the carriageway with repaired patches, manholes and gullies."""
    builder = MeshBuilder()
    profile = plan.profile
    reach = max(abs(profile.facade_x_m(side)) for side in (-1, 1)) + BEYOND_FACADE_M
    low, high = profile.start_y_m - 30.0, profile.end_y_m + 2.0
    builder.add(level_quads(-reach, reach, low, high, 0.0), "asphalt")
    rng = np.random.default_rng([plan.seed, 11])
    _add_patches(builder, rng, profile)
    _add_manholes(builder, rng, profile)
    _add_gullies(builder, profile)
    return builder.mesh()


def _add_patches(
    builder: MeshBuilder, rng: np.random.Generator, profile: Profile
) -> None:
    """Add rectangles of newer or older tar, and long trenches."""
    for _ in range(26):
        is_trench = rng.random() < 0.4
        half_x, half_y = (
            (0.35, rng.uniform(3, 9)) if is_trench else rng.uniform(0.4, 1.3, 2)
        )
        x = rng.uniform(profile.kerb_x_m(-1) + 1.4, profile.kerb_x_m(1) - 1.4)
        y = rng.uniform(0.0, 0.6 * profile.end_y_m)
        shade = (
            rng.uniform(0.55, 0.85) if rng.random() < 0.7 else rng.uniform(1.15, 1.4)
        )
        # Overlapping patches lie at their own heights, else they would flicker.
        height = PATCH_HEIGHT_M * rng.uniform(0.4, 1.0)
        shape = level_quads(x - half_x, x + half_x, y - half_y, y + half_y, height)
        builder.add(shape, "asphalt", (shade, shade, shade))


def _disc(x: float, y: float, radius: float, low: float, high: float) -> Shape:
    angle = np.linspace(0.0, 2 * np.pi, 33)[:-1]
    outline = np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)
    return prism(outline, low, high)


def _add_manholes(
    builder: MeshBuilder, rng: np.random.Generator, profile: Profile
) -> None:
    y = rng.uniform(5.0, 9.0)
    while y < 0.7 * profile.end_y_m:
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
    profile = plan.profile
    return [
        _block_mesh(profile, side, low, high)
        for side in (-1, 1)
        for low, high in _pavement_blocks(profile, plan.junctions)
    ]


def _pavement_blocks(
    profile: Profile, junctions: tuple[Junction, ...]
) -> list[tuple[float, float]]:
    edges = [profile.start_y_m - 10.0]
    for junction in junctions:
        edges += [
            junction.y_m - junction.half_road_m,
            junction.y_m + junction.half_road_m,
        ]
    edges.append(profile.end_y_m - 10.0)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _outline(
    profile: Profile, side: int, low: float, high: float, inset_m: float
) -> np.ndarray:
    """Return the counter-clockwise edge of a block, rounded at the kerb corners."""
    kerb = abs(profile.kerb_x_m(side)) + inset_m
    far = abs(profile.facade_x_m(side)) + SIDE_STREET_LENGTH_M
    low, high, radius = low + inset_m, high - inset_m, CORNER_RADIUS_M - inset_m
    turn = np.linspace(0.0, np.pi / 2, 9)
    upper = np.stack(
        [
            kerb + radius - radius * np.sin(turn),
            high - radius + radius * np.cos(turn),
        ],
        axis=1,
    )
    lower = np.stack(
        [
            kerb + radius - radius * np.cos(turn),
            low + radius - radius * np.sin(turn),
        ],
        axis=1,
    )
    outline = np.concatenate([[[far, low], [far, high]], upper, lower])
    return outline if side > 0 else outline[::-1] * (-1, 1)


def _block_mesh(profile: Profile, side: int, low: float, high: float) -> MeshData:
    builder = MeshBuilder()
    inner = _outline(profile, side, low, high, KERB_WIDTH_M)
    outer = _outline(profile, side, low, high, 0.0)
    slabs = np.column_stack([inner, np.full(len(inner), KERB_HEIGHT_M)])
    builder.add(Shape(slabs, (np.arange(len(slabs))[None],)), "paving")
    # Kerb stones: bottom edge, bevelled shoulder, top, and down to the slabs.
    shoulder = outer + 0.12 * (inner - outer)
    layers = [
        (outer, 0.0),
        (outer, KERB_HEIGHT_M - 0.02),
        (shoulder, KERB_HEIGHT_M + 0.004),
        (inner, KERB_HEIGHT_M + 0.004),
        (inner, KERB_HEIGHT_M),
    ]
    rings = np.stack([np.column_stack([o, np.full(len(o), z)]) for o, z in layers])
    count = len(outer)
    index = np.arange(len(layers) * count).reshape(len(layers), count)
    ahead = np.roll(index, -1, axis=1)
    faces = np.stack([index[:-1], ahead[:-1], ahead[1:], index[1:]], axis=-1)
    builder.add(Shape(rings.reshape(-1, 3), (faces.reshape(-1, 4),)), "kerb")
    return builder.mesh()


def terrain_mesh(plan: StreetPlan) -> MeshData:
    """Return the land below and beyond the city."""
    builder = MeshBuilder()
    reach = _TERRAIN_HALF_M
    centre = plan.profile.end_y_m / 2
    shape = level_quads(-reach, reach, centre - reach, centre + reach, -0.06)
    builder.add(shape, "soil")
    return builder.mesh()
