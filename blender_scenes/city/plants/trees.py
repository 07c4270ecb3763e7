"""Meshes of street trees in every season, near and far; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.plan import Tree
from blender_scenes.city.plants.foliage import blades, cards, shades
from blender_scenes.city.plants.limbs import Limbs, branches, trunk, trunk_shape
from blender_scenes.city.plants.tree_species import (
    SPECIES,
    TREE_VARIANTS,
    Branching,
    TreeSpecies,
)
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import box, tube
from blender_scenes.city.shapes.strands import strands

FloatArray = NDArray[np.float64]

LEAF_COUNT = 11000
# Leaves and their length, as factors, by detail; fewer leaves are larger, so that
# the crown lets as much light through.
_LEAVES_BY_DETAIL = {2: (1.0, 1.0), 1: (0.26, 1.9), 0: (0.055, 4.0)}
# Nothing hangs lower, so that people and the camera pass below.
CLEARANCE_M = 2.3
_FINE_TWIGS = Branching(5, (0.15, 1.0), 0.34, "even", (0.4, 0.9), 0.2, 0.6)
_THINNEST_M = 0.0022

_MOODS = {
    "spring": (
        ((0.13, 0.22, 0.03), (0.19, 0.28, 0.05)),
        ((0.1, 0.2, 0.04), (0.15, 0.24, 0.04)),
    ),
    "summer": (
        ((0.075, 0.14, 0.03), (0.11, 0.17, 0.035)),
        ((0.05, 0.11, 0.03), (0.085, 0.15, 0.045)),
    ),
    "autumn": (
        ((0.36, 0.24, 0.03), (0.5, 0.34, 0.04)),
        ((0.33, 0.12, 0.03), (0.45, 0.22, 0.03)),
        ((0.3, 0.06, 0.025), (0.4, 0.12, 0.03)),
        ((0.17, 0.16, 0.035), (0.4, 0.26, 0.04)),
    ),
    "winter": (((0.16, 0.1, 0.05), (0.2, 0.13, 0.06)),),
}
_EVERGREEN_RGB = ((0.03, 0.065, 0.03), (0.045, 0.085, 0.045))
_BLOSSOM_SHARE = 0.9


@dataclass(frozen=True)
class _Leafing:
    """What a season does to leaves, as factors and spreads of their shades."""

    share: float
    size: float
    spread: float
    warmth: float


_LEAFING = {
    "spring": _Leafing(0.72, 0.8, 0.3, 0.1),
    "summer": _Leafing(1.0, 1.0, 0.3, 0.12),
    "autumn": _Leafing(0.5, 0.95, 0.4, 0.3),
    "winter": _Leafing(0.0, 1.0, 0.3, 0.1),
}


@dataclass(frozen=True)
class TreeRow:
    """What the trees of one street have in common.

    ``leaf_rgb`` are the two colours between which each tree's leaves lie.
    """

    variants: tuple[int, ...]
    leaf_rgb: tuple[tuple[float, float, float], tuple[float, float, float]]


def tree_row_random(rng: np.random.Generator, season: str) -> TreeRow:
    """Return one to three kinds of trees and the season's colour for a street."""
    moods = _MOODS[season]
    variants = rng.choice(TREE_VARIANTS, size=int(rng.integers(1, 4)), replace=False)
    return TreeRow(
        variants=tuple(int(variant) for variant in variants),
        leaf_rgb=moods[int(rng.integers(len(moods)))],
    )


def tree_random(
    rng: np.random.Generator, row: TreeRow, x_m: float, y_m: float, *, detail: int = 2
) -> Tree:
    """Return a tree of the row at a place in street axes."""
    variant = int(rng.choice(row.variants))
    evergreen = SPECIES[variant].is_evergreen
    first, second = np.array(_EVERGREEN_RGB if evergreen else row.leaf_rgb)
    leaf = first + rng.random() * (second - first)
    return Tree(
        variant=variant,
        x_m=x_m,
        y_m=y_m,
        heading_rad=float(rng.uniform(0.0, 2 * np.pi)),
        scale=float(rng.uniform(0.85, 1.15)),
        leaf_rgb=(float(leaf[0]), float(leaf[1]), float(leaf[2])),
        detail=detail,
    )


def tree_mesh(
    seed: int, variant: int, season: str = "summer", detail: int = 2
) -> MeshData:
    """Return a tree whose trunk stands at the origin.

    Parameters
    ----------
    seed : int
        Of the street.
    variant : int
        Index into `SPECIES`.
    season : str
        One of `plan.SEASONS`; changes leaves only, not limbs.
    detail : int
        2 (near: every leaf), 1 (fewer, larger), 0 (far: some hundred cards).

    Raises
    ------
    KeyError
        If season or detail is unknown.
    """
    species = SPECIES[variant]
    limb_rng, leaf_rng = np.random.default_rng([seed, 23, variant]).spawn(2)
    leafing = _LEAFING["summer" if species.is_evergreen else season]
    stem = trunk(limb_rng, species)
    orders = _orders(limb_rng, stem, species)
    builder = MeshBuilder()
    sides = {2: 18, 1: 9, 0: 5}[detail]
    bark = np.asarray(species.bark_rgb)
    shape = trunk_shape(limb_rng, stem, sides=sides)
    builder.add(shape, species.bark, bark, smooth=True)
    _add_wood(builder, limb_rng, species, orders, detail, is_bare=leafing.share == 0)
    if leafing.share > 0:
        is_flowering = season == "spring" and species.blossom_rgb is not None
        _add_leaves(builder, leaf_rng, species, orders[-1], leafing, detail)
        if is_flowering:
            _add_blossoms(builder, leaf_rng, species, orders[-1], detail)
    if species.is_staked:
        _add_stakes(builder)
    return builder.mesh()


def _orders(
    rng: np.random.Generator, stem: Limbs, species: TreeSpecies
) -> tuple[Limbs, Limbs, Limbs]:
    """Return branches, boughs and twigs, without those that hang too low."""
    orders = []
    parents = stem
    for branching, points in zip(species.orders, (7, 5, 4), strict=True):
        limbs = branches(rng, parents, branching, points)
        parents = limbs.kept(limbs.paths[:, :, 2].min(axis=1) > CLEARANCE_M)
        orders.append(parents)
    return orders[0], orders[1], orders[2]


def _add_wood(
    builder: MeshBuilder,
    rng: np.random.Generator,
    species: TreeSpecies,
    orders: tuple[Limbs, Limbs, Limbs],
    detail: int,
    *,
    is_bare: bool,
) -> None:
    """Add the limbs that are seen at this detail."""
    every = {2: (1, 1, 1), 1: (1, 1, 1), 0: (2, 2, 3)}[detail]
    sides = {2: (8, 5, 3), 1: (5, 3, 3), 0: (3, 3, 3)}[detail]
    shown = 3 if detail == 2 or (detail == 1 and is_bare) else 2
    if detail == 0 and not is_bare:
        shown = 1
    # Seen from afar, only the crook of a limb matters.
    points = {2: slice(None), 1: slice(None, None, 3), 0: slice(None, None, 3)}[detail]
    levels = list(orders[:shown])
    if is_bare and detail == 2:
        fine = branches(rng, orders[-1], _FINE_TWIGS, 3)
        levels.append(fine.kept(fine.paths[:, :, 2].min(axis=1) > CLEARANCE_M))
    for level, limbs in enumerate(levels):
        step = every[min(level, 2)]
        paths = limbs.paths[::step, points]
        taper = np.linspace(1.0, 0.32, paths.shape[1])
        radii = np.maximum(limbs.radius_m[::step, None] * taper, _THINNEST_M)
        shape = strands(paths, radii, sides=sides[min(level, 2)], capped=False)
        # Young wood is darker and redder than the trunk.
        young = np.array((1.0, 0.9, 0.8)) * (1.0 - 0.12 * level)
        bark = "bark" if level > 0 else species.bark
        builder.add(shape, bark, young * np.asarray(species.bark_rgb), smooth=True)


def _leaf_frames(
    rng: np.random.Generator, twigs: Limbs, count: int, droop: float
) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.int64]]:
    """Return foot, direction and facing of leaves, and the twig each sits on."""
    twig = rng.integers(len(twigs.paths), size=count)
    share = rng.beta(1.8, 1.1, count)
    foot = twigs.points(twig, share) + rng.normal(0.0, 0.025, (count, 3))
    along = 0.6 * twigs.directions(twig, share) + rng.normal(0.0, 0.6, (count, 3))
    along = along - np.array((0.0, 0.0, droop))
    facing = rng.normal(0.0, 0.55, (count, 3)) + np.array((0.0, 0.0, 1.0))
    return foot, along, facing, twig


def _add_leaves(
    builder: MeshBuilder,
    rng: np.random.Generator,
    species: TreeSpecies,
    twigs: Limbs,
    leafing: _Leafing,
    detail: int,
) -> None:
    number, size = _LEAVES_BY_DETAIL[detail]
    count = int(LEAF_COUNT * leafing.share * species.leaf_share * number)
    form = species.leaf
    foot, along, facing, twig = _leaf_frames(rng, twigs, count, form.droop)
    length = form.length_m * leafing.size * size * rng.uniform(0.65, 1.25, count)
    is_clear = foot[:, 2] > CLEARANCE_M + length
    draw = blades if detail == 2 and not species.is_evergreen else cards
    shape = draw(
        foot[is_clear],
        along[is_clear],
        facing[is_clear],
        length[is_clear],
        form.width_share,
    )
    by_twig = shades(rng, len(twigs.paths), spread=0.22, warmth=0.7 * leafing.warmth)
    tint = by_twig[twig] * shades(
        rng, count, spread=leafing.spread, warmth=0.7 * leafing.warmth
    )
    tint = np.repeat(tint[is_clear], len(shape.faces[0]) // is_clear.sum(), axis=0)
    builder.add(shape, "leaf", tint)


def _add_blossoms(
    builder: MeshBuilder,
    rng: np.random.Generator,
    species: TreeSpecies,
    twigs: Limbs,
    detail: int,
) -> None:
    number, size = _LEAVES_BY_DETAIL[detail]
    count = int(LEAF_COUNT * _BLOSSOM_SHARE * number)
    foot, along, facing, _ = _leaf_frames(rng, twigs, count, -0.2)
    length = 0.075 * size * rng.uniform(0.7, 1.2, count)
    above = foot[:, 2] > CLEARANCE_M + length
    shape = cards(foot[above], along[above], facing[above], length[above], 0.9)
    petals = np.asarray(species.blossom_rgb) * rng.uniform(0.75, 1.2, (count, 1))
    builder.add(shape, "blossom", petals[above])


def _add_stakes(builder: MeshBuilder) -> None:
    """Hold a young tree between two posts."""
    for x in (-0.36, 0.36):
        post = [(x, 0.0, 0.0), (x, 0.0, 1.85), (x, 0.0, 1.9)]
        builder.add(tube(post, (0.038, 0.036, 0.03), sides=10), "timber", smooth=True)
    for z in (0.55, 1.6):
        builder.add(box((-0.42, 0.42), (0.03, 0.052), (z - 0.045, z + 0.045)), "timber")
    tie = [(-0.36, 0.0, 1.72), (0.0, 0.05, 1.7), (0.36, 0.0, 1.72)]
    builder.add(tube(tie, 0.012, sides=6), "rubber")
    builder.add(tube([(0, 0, 1.65), (0, 0, 1.75)], 0.05, sides=10), "rubber")
