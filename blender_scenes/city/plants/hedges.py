"""Meshes of clipped hedges and of ivy on walls; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.plan import SEASONS
from blender_scenes.city.plants.foliage import blades, cards, filling, shades
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import box
from blender_scenes.city.shapes.strands import strands

_LEAVES = 5600
_CORE_DEPTH_M = 0.07
_HEIGHT_M = (1.15, 1.6, 0.9)
# Privet stays green; beech keeps brown leaves all winter; the third drops them.
_LEAF_RGB: tuple[dict[str, tuple[float, float, float]], ...] = (
    dict.fromkeys(SEASONS, (0.045, 0.085, 0.025)),
    {
        "spring": (0.12, 0.2, 0.035),
        "summer": (0.065, 0.13, 0.03),
        "autumn": (0.27, 0.13, 0.03),
        "winter": (0.2, 0.1, 0.045),
    },
    {
        "spring": (0.1, 0.18, 0.035),
        "summer": (0.08, 0.13, 0.035),
        "autumn": (0.3, 0.09, 0.03),
        "winter": (0.09, 0.065, 0.045),
    },
)
_LEAF_SHARE: tuple[dict[str, float], ...] = (
    dict.fromkeys(SEASONS, 1.0),
    {"spring": 0.9, "summer": 1.0, "autumn": 0.85, "winter": 0.6},
    {"spring": 0.8, "summer": 1.0, "autumn": 0.6, "winter": 0.0},
)
_BLOSSOM_RGB = (0.8, 0.72, 0.5)


def _hedge(look: Look) -> list[Part]:
    """Return three metres of hedge: shade and stems inside, leaves outside."""
    rng = look.rng
    half_y, half_x = HALF_SIZE_M["hedge"]
    high = np.array((half_x, half_y - 0.08, _HEIGHT_M[look.variant]))
    low = np.array((-half_x, 0.08 - half_y, 0.04))
    builder = MeshBuilder()
    rgb = np.asarray(_LEAF_RGB[look.variant][look.season])
    share = _LEAF_SHARE[look.variant][look.season]
    depth = _CORE_DEPTH_M + 0.12 * (share == 0.0)
    core = np.stack([np.add(low, (0.0, depth, 0.0)), high - (0.0, depth, depth)])
    core[0, 2] = 0.0
    builder.add(box(*core.T), "hedge_core", 0.45 * rgb)
    _add_stems(builder, rng, low, high, is_bare=share < 0.7)
    count = int(_LEAVES * share)
    if count:
        points, normals = filling(rng, count, low, high)
        # Clipped, but not with a ruler.
        bulge = 0.035 * np.sin(3.1 * points[:, :1] + rng.uniform(0, 6)) * normals
        along = 0.7 * normals + rng.normal(0.0, 0.6, (count, 3))
        facing = normals + rng.normal(0.0, 0.5, (count, 3)) + (0.0, 0.0, 0.6)
        length = rng.uniform(0.035, 0.065, count)
        leaves = blades(points + bulge, along, facing, length, 0.6)
        warmth = 0.25 if look.season == "autumn" else 0.12
        tint = rgb * shades(rng, count, spread=0.4, warmth=warmth)
        builder.add(leaves, "foliage", np.repeat(tint, 2, axis=0))
    if look.variant == 2 and look.season == "spring":
        _add_blossoms(builder, rng, low, high)
    return [part("Vegetation", builder)]


def _add_stems(
    builder: MeshBuilder,
    rng: np.random.Generator,
    low: np.ndarray,
    high: np.ndarray,
    *,
    is_bare: bool,
) -> None:
    """Add what shows at the foot, and everywhere in winter."""
    count = 900 if is_bare else 160
    points, normals = filling(rng, count, low, high - (0.0, 0.0, 0.1))
    foot = points - 0.16 * normals - (0.0, 0.0, 0.14)
    foot[:, 2] = np.maximum(foot[:, 2], 0.0)
    middle = 0.5 * (foot + points) + rng.normal(0.0, 0.012, (count, 3))
    middle[:, 2] = np.maximum(middle[:, 2], 0.0)
    tip = points + 0.03 * normals + rng.normal(0.0, 0.03, (count, 3))
    tip[:, 2] = np.maximum(tip[:, 2], 0.0)
    paths = np.stack([foot, middle, tip], axis=1)
    shape = strands(paths, np.array((0.006, 0.004, 0.0015)), sides=3, capped=False)
    builder.add(shape, "bark", (0.9, 0.8, 0.7))


def _add_blossoms(
    builder: MeshBuilder, rng: np.random.Generator, low: np.ndarray, high: np.ndarray
) -> None:
    points, normals = filling(rng, 1500, low, high)
    along = normals + rng.normal(0.0, 0.8, points.shape)
    facing = rng.normal(0.0, 1.0, points.shape)
    shape = cards(points + 0.03 * normals, along, facing, 0.035, 0.9)
    builder.add(
        shape, "blossom", _BLOSSOM_RGB * rng.uniform(0.7, 1.15, (len(points), 1))
    )


def ivy_part(
    rng: np.random.Generator,
    x_m: tuple[float, float],
    height_m: float,
    front_m: float,
    season: str,
) -> Part:
    """Return ivy that climbs the front (y = ``front_m``) of a wall."""
    builder = MeshBuilder()
    left, right = x_m
    roots = np.column_stack(
        [rng.uniform(left, right, 9), np.full(9, front_m - 0.012), np.zeros(9)]
    )
    steps = rng.normal((0.0, 0.0, 0.1), (0.05, 0.0, 0.05), (9, 14, 3))
    paths = roots[:, None] + np.cumsum(steps, axis=1)
    paths = np.clip(
        paths, (left, front_m - 0.02, 0.0), (right, front_m - 0.005, height_m)
    )
    builder.add(strands(paths, 0.004, sides=3, capped=False), "bark")
    count = 1300
    stem, point = rng.integers(9, size=count), rng.integers(14, size=count)
    foot = paths[stem, point] + rng.normal(0.0, (0.07, 0.012, 0.07), (count, 3))
    foot[:, 1] = np.minimum(foot[:, 1], front_m - 0.008)
    foot[:, 2] = np.clip(foot[:, 2], 0.09, height_m)
    along = rng.normal((0.0, -0.25, -0.7), 0.5, (count, 3))
    along[:, 1] = -np.abs(along[:, 1])
    facing = rng.normal((0.0, -1.0, 0.3), 0.3, (count, 3))
    length = rng.uniform(0.04, 0.085, count)
    rgb = (0.16, 0.06, 0.03) if season == "autumn" else (0.035, 0.075, 0.025)
    tint = rgb * shades(rng, count, spread=0.45, warmth=0.15)
    leaves = blades(foot, along, facing, length, 0.85)
    builder.add(leaves, "foliage", np.repeat(tint, 2, axis=0))
    return part("Vegetation", builder)


KINDS: dict[str, Maker] = {"hedge": _hedge}
