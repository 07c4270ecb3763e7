"""Plans what edges and fills front gardens; no bpy."""

from __future__ import annotations

import dataclasses

import numpy as np

from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.plan import GARDEN_HEIGHT_M, Garden, Tree
from blender_scenes.city.planning.neighbourhood import Neighbourhood
from blender_scenes.city.planning.placing import (
    JOINT_M,
    Ground,
    fixture_at,
    half_length_m,
)
from blender_scenes.city.plants.trees import TreeRow, tree_random

_EDGES = (
    "hedge",
    "hedge",
    "garden_wall",
    "iron_fence",
    "picket_fence",
    "chain_link_fence",
)
_PIECES_PER_GATE = (3, 6)
_EDGE_GAP_M = 0.06
_SMALL_TREE = 0.5
# Crowns keep clear of the houses behind.
_TREE_FROM_EDGE_M = 0.9


def add_gardens(
    rng: np.random.Generator,
    ground: Ground,
    around: Neighbourhood,
    row: TreeRow,
) -> list[Tree]:
    """Add hedges, walls, fences with gates, and beds; return the gardens' trees."""
    trees: list[Tree] = []
    for garden in around.gardens:
        _add_edge(rng, ground, around, garden)
        trees += _plants(rng, ground, around, row, garden)
    return trees


def _add_edge(
    rng: np.random.Generator, ground: Ground, around: Neighbourhood, garden: Garden
) -> None:
    """Add one kind of edge along the building line, with a gate now and then."""
    kind = str(rng.choice(_EDGES))
    line = around.profile.facade_x_m(garden.side)
    y_m, until_gate = garden.low_y_m, int(rng.integers(*_PIECES_PER_GATE))
    while True:
        piece = "gate" if until_gate == 0 else kind
        x_m = line + garden.side * (HALF_SIZE_M[piece][0] + _EDGE_GAP_M)
        length_m = 2 * half_length_m(around.road, piece, x_m, y_m)
        if y_m + length_m > garden.high_y_m:
            return
        edge = fixture_at(rng, around.road, piece, x_m, y_m + length_m / 2, variant=0)
        ground.try_place(edge, margin_m=0.0)
        y_m += length_m + JOINT_M
        until_gate = (
            int(rng.integers(*_PIECES_PER_GATE))
            if piece == "gate"
            else (until_gate - 1)
        )


def _plants(
    rng: np.random.Generator,
    ground: Ground,
    around: Neighbourhood,
    row: TreeRow,
    garden: Garden,
) -> list[Tree]:
    """Add beds in front of the houses; return small trees behind the edge."""
    line = around.profile.facade_x_m(garden.side)
    trees: list[Tree] = []
    y_m = garden.low_y_m + float(rng.uniform(1.5, 4.0))
    while y_m < garden.high_y_m - 2.0:
        inside_m = float(rng.uniform(1.35, garden.depth_m - 0.8))
        x_m = line + garden.side * inside_m
        if rng.random() < 0.35:
            tree = tree_random(
                rng, row, line + garden.side * (0.9 + _TREE_FROM_EDGE_M), y_m, detail=1
            )
            trees.append(dataclasses.replace(tree, scale=tree.scale * _SMALL_TREE))
        else:
            kind = str(rng.choice(["flower_bed", "flower_bed", "flower_pot", "bench"]))
            thing = fixture_at(
                rng, around.road, kind, x_m, y_m, ground_z_m=GARDEN_HEIGHT_M
            )
            ground.try_place(thing)
        y_m += float(rng.uniform(2.4, 5.0))
    return trees
