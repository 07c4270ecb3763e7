"""Meshes of grass, flower beds, pots and the ground under trees; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.plants.foliage import blades, cards, grass_blades, shades
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import box, joined, level_quads, prism, tube
from blender_scenes.city.shapes.strands import rods

FloatArray = NDArray[np.float64]
_GRASS_RGB = {
    "spring": (0.085, 0.16, 0.03),
    "summer": (0.085, 0.13, 0.032),
    "autumn": (0.11, 0.12, 0.035),
    "winter": (0.13, 0.12, 0.05),
}
_TURF_RGB = {
    "spring": (0.9, 1.1, 0.8),
    "summer": (1.0, 1.0, 1.0),
    "autumn": (1.2, 1.0, 0.9),
    "winter": (1.45, 1.1, 1.1),
}
_FLOWER_RGB = {
    "spring": ((0.75, 0.5, 0.03), (0.6, 0.05, 0.05), (0.75, 0.7, 0.6)),
    "summer": ((0.55, 0.06, 0.2), (0.75, 0.35, 0.03), (0.22, 0.1, 0.45)),
    "autumn": ((0.5, 0.2, 0.03), (0.35, 0.05, 0.15), (0.6, 0.45, 0.05)),
}
_LITTER_RGB = ((0.4, 0.26, 0.04), (0.35, 0.12, 0.03), (0.22, 0.12, 0.05))


def _scattered(
    rng: np.random.Generator, count: int, half_x: float, half_y: float, z: float
) -> FloatArray:
    across = rng.uniform(-1.0, 1.0, (count, 2)) * (half_x, half_y)
    return np.column_stack([across, np.full(count, z)])


def _add_grass(
    builder: MeshBuilder,
    rng: np.random.Generator,
    foot: FloatArray,
    height_m: tuple[float, float],
    season: str,
) -> None:
    height = rng.uniform(*height_m, len(foot))
    tint = np.asarray(_GRASS_RGB[season]) * shades(
        rng, len(foot), spread=0.45, warmth=0.2
    )
    shape = grass_blades(rng, foot, height, 0.009)
    builder.add(shape, "foliage", np.repeat(tint, 2, axis=0))


def _add_litter(
    builder: MeshBuilder, rng: np.random.Generator, foot: FloatArray
) -> None:
    """Lay fallen leaves on the ground."""
    count = len(foot)
    along = rng.normal(0.0, 1.0, (count, 3)) * (1.0, 1.0, 0.0)
    facing = rng.normal((0.0, 0.0, 1.0), 0.12, (count, 3))
    rgb = np.array(_LITTER_RGB)[rng.integers(len(_LITTER_RGB), size=count)]
    leaves = blades(foot, along, facing, rng.uniform(0.06, 0.12, count), 0.7)
    builder.add(leaves, "foliage", np.repeat(rgb * shades(rng, count), 2, axis=0))


def _add_flowers(
    builder: MeshBuilder,
    rng: np.random.Generator,
    foot: FloatArray,
    height_m: tuple[float, float],
    rgb: tuple[float, float, float],
) -> None:
    """Add stalks with leaves and heads of six petals."""
    count = len(foot)
    height = rng.uniform(*height_m, count)
    top = foot + np.column_stack([rng.normal(0.0, 0.02, (count, 2)), height])
    builder.add(rods(foot, top, 0.0025, sides=3), "foliage", (0.06, 0.12, 0.03))
    low = 0.4 * height_m[0], 0.8 * height_m[0]
    _add_grass(builder, rng, np.repeat(foot, 3, axis=0), low, "summer")
    around = np.tile(np.arange(6) * np.pi / 3, count) + rng.uniform(0, 6, 6 * count)
    along = np.column_stack([np.cos(around), np.sin(around), np.full(6 * count, 0.7)])
    heads = np.repeat(top, 6, axis=0)
    length = np.repeat(rng.uniform(0.025, 0.042, count), 6)
    petals = cards(heads, along, np.tile((0.0, 0.0, 1.0), (6 * count, 1)), length, 0.8)
    tint = np.repeat(rgb * rng.uniform(0.7, 1.25, (count, 1)), 6, axis=0)
    builder.add(petals, "blossom", tint)


def _add_shrub(
    builder: MeshBuilder,
    rng: np.random.Generator,
    center: tuple[float, float, float],
    radii: tuple[float, float, float],
    rgb: tuple[float, float, float],
    *,
    leaves: int = 500,
) -> None:
    """Add leaves that fill an ellipsoid, on stems from its lowest point."""
    outwards = rng.normal(0.0, 1.0, (leaves, 3))
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True)
    reach = rng.uniform(0.45, 1.0, (leaves, 1)) ** 0.5
    points = np.asarray(center) + outwards * reach * np.asarray(radii)
    along = outwards + rng.normal(0.0, 0.5, (leaves, 3))
    facing = rng.normal((0.0, 0.0, 1.0), 0.6, (leaves, 3))
    shape = blades(points, along, facing, rng.uniform(0.05, 0.09, leaves), 0.5)
    tint = rgb * shades(rng, leaves, spread=0.4)
    builder.add(shape, "foliage", np.repeat(tint, 2, axis=0))
    low = np.asarray(center) - (0.0, 0.0, radii[2])
    builder.add(rods(low, points[::25], 0.004, sides=3), "bark", (0.8, 0.7, 0.6))


def _grass_strip(look: Look) -> list[Part]:
    """Return three metres of verge: mown, long, or with flowers in it."""
    rng = look.rng
    half_y, half_x = HALF_SIZE_M["grass_strip"]
    builder = MeshBuilder()
    turf = box((-half_x, half_x), (-half_y, half_y), (-0.02, 0.015))
    builder.add(turf, "grass", _TURF_RGB[look.season])
    height = ((0.03, 0.09), (0.06, 0.24), (0.04, 0.12))[look.variant]
    if look.season == "winter":
        height = (0.02, 0.6 * height[1])
    # Blades lean out by half their height at most.
    inner = half_x - 0.3 * height[1], half_y - 0.5 * height[1]
    _add_grass(builder, rng, _scattered(rng, 3000, *inner, 0.012), height, look.season)
    if look.variant == 2 and look.season in ("spring", "summer"):
        rgb = _FLOWER_RGB["spring"][2 * (look.season == "summer")]
        foot = _scattered(rng, 60, *inner, 0.012)
        _add_flowers(builder, rng, foot, (0.06, 0.14), rgb)
    if look.season in ("autumn", "winter"):
        count = 420 if look.season == "autumn" else 60
        _add_litter(builder, rng, _scattered(rng, count, *inner, 0.03))
    return [part("Terrain", builder)]


def _flower_bed(look: Look) -> list[Part]:
    rng, (half_y, half_x) = look.rng, HALF_SIZE_M["flower_bed"]
    ground = MeshBuilder()
    ground.add(
        box(
            (0.07 - half_x, half_x - 0.07),
            (0.07 - half_y, half_y - 0.07),
            (-0.02, 0.06),
        ),
        "soil",
    )
    edging = []
    for side in (-1, 1):
        edging.append(
            box(
                (-half_x, half_x),
                (side * half_y - 0.04, side * half_y + 0.04),
                (-0.01, 0.11),
            )
        )
        edging.append(
            box(
                (side * half_x - 0.04, side * half_x + 0.04),
                (-half_y, half_y),
                (-0.01, 0.11),
            )
        )
    ground.add(joined(edging), "garden_concrete", (0.36, 0.34, 0.31))
    plants = MeshBuilder()
    for x in np.linspace(0.3 - half_x, half_x - 0.3, 4):
        place = (float(x), rng.uniform(-0.1, 0.1), 0.2)
        rgb = (0.12, 0.09, 0.05) if look.season == "winter" else (0.055, 0.11, 0.03)
        _add_shrub(plants, rng, place, (0.17, 0.17, 0.14), rgb, leaves=240)
    if look.season in _FLOWER_RGB:
        colours = np.roll(np.array(_FLOWER_RGB[look.season]), look.variant, axis=0)
        for rgb in colours:
            foot = _scattered(rng, 55, half_x - 0.14, half_y - 0.14, 0.06)
            _add_flowers(plants, rng, foot, (0.16, 0.4), tuple(rgb))
    return [part("Terrain", ground), part("Vegetation", plants)]


def _planter(look: Look) -> list[Part]:
    rng = look.rng
    trough = MeshBuilder()
    outline = [(-0.8, 0.0), (0.8, 0.0), (0.85, 0.55), (-0.85, 0.55)]
    material = ("garden_concrete", "timber", "metal_sheet")[look.variant]
    tint = ((0.36, 0.35, 0.33), (0.8, 0.8, 0.8), (0.7, 0.6, 0.5))[look.variant]
    trough.add(prism(outline, -0.3, 0.3, axis="y"), material, tint)
    rim = [box((-0.87, 0.87), (y - 0.03, y + 0.03), (0.52, 0.6)) for y in (-0.3, 0.3)]
    trough.add(joined(rim), material, np.multiply(tint, 1.15))
    trough.add(level_quads([-0.84], [0.84], [-0.27], [0.27], 0.556), "soil")
    plants = MeshBuilder()
    rgb = (0.1, 0.09, 0.045) if look.season == "winter" else (0.06, 0.12, 0.03)
    for x in (-0.52, 0.0, 0.52):
        rise = rng.uniform(0.22, 0.4)
        _add_shrub(plants, rng, (x, 0.0, 0.57 + rise), (0.3, 0.25, rise), rgb)
    if look.season in _FLOWER_RGB:
        rgb = _FLOWER_RGB[look.season][look.variant]
        foot = _scattered(rng, 60, 0.75, 0.22, 0.56)
        _add_flowers(plants, rng, foot, (0.3, 0.6), rgb)
    return [part("Other", trough), part("Vegetation", plants)]


def _flower_pot(look: Look) -> list[Part]:
    rng = look.rng
    pot = MeshBuilder()
    if look.variant == 1:
        pot.add(box((-0.22, 0.22), (-0.22, 0.22), (0.0, 0.42)), "timber")
        pot.add(box((-0.2, 0.2), (-0.2, 0.2), (0.4, 0.425)), "soil")
    else:
        rgb = (0.4, 0.15, 0.07) if look.variant == 0 else (0.12, 0.13, 0.14)
        rings = [(0, 0, z) for z in (0.0, 0.36, 0.36, 0.42, 0.42, 0.39)]
        radii = (0.15, 0.2, 0.225, 0.23, 0.2, 0.2)
        pot.add(tube(rings, radii, sides=24), "garden_concrete", rgb)
    plant = MeshBuilder()
    # A bay tree on a stem, a box ball, a bush with flowers.
    center = (0.0, 0.0, (1.35, 0.68, 0.64)[look.variant])
    radius = (0.27, 0.27, 0.24)[look.variant]
    if look.variant == 0:
        plant.add(tube([(0, 0, 0.38), (0, 0, 1.2)], 0.018, sides=8), "bark")
    rgb = (0.04, 0.085, 0.025)
    _add_shrub(plant, rng, center, (radius, radius, radius), rgb, leaves=1100)
    if look.variant == 2 and look.season in _FLOWER_RGB:
        foot = _scattered(rng, 36, 0.14, 0.14, 0.42)
        _add_flowers(plant, rng, foot, (0.35, 0.5), _FLOWER_RGB[look.season][1])
    return [part("Other", pot), part("Vegetation", plant)]


def _tree_pit(look: Look) -> list[Part]:
    """Return bare earth with an iron grating and grass, flush with the pavement."""
    rng = look.rng
    builder = MeshBuilder()
    builder.add(box((-0.5, 0.5), (-0.5, 0.5), (-0.02, 0.012)), "soil")
    frame = []
    for side in (-0.5, 0.5):
        rim = (side - 0.03, side + 0.03)
        frame.append(box((-0.53, 0.53), rim, (0.0, 0.025)))
        frame.append(box(rim, (-0.47, 0.47), (0.0, 0.025)))
    if look.variant == 1:
        slots = np.arange(-0.44, 0.45, 0.08)
        for x in slots[np.abs(slots) > 0.18]:
            frame.append(box((x - 0.022, x + 0.022), (-0.47, 0.47), (0.006, 0.022)))
    builder.add(joined(frame), "cast_iron")
    foot = _scattered(rng, 320, 0.45, 0.45, 0.01)
    _add_grass(builder, rng, foot, (0.04, 0.14), look.season)
    if look.season == "autumn":
        # Leaves lie beyond the pit too: too flat to stand in anybody's way.
        foot = rng.normal(0.0, (0.42, 0.75), (380, 2))
        foot = np.clip(foot, (-1.6, -0.8), (1.6, 0.8))
        lying = rng.uniform(0.026, 0.034, 380)
        _add_litter(builder, rng, np.column_stack([foot, lying]))
    return [part("Terrain", builder)]


KINDS: dict[str, Maker] = {
    "grass_strip": _grass_strip,
    "flower_bed": _flower_bed,
    "planter": _planter,
    "flower_pot": _flower_pot,
    "tree": _tree_pit,
}
