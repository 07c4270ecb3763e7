"""Meshes of low walls along gardens, three metres each; no bpy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.plants.hedges import ivy_part
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import box, boxes, joined, prism

_HALF_THICKNESS_M = 0.12
_STYLES = (
    ("garden_brick", (1.0, 1.0, 1.0), 1.05),
    ("rubble_stone", (1.0, 1.0, 1.0), 0.85),
    ("garden_concrete", (0.46, 0.43, 0.37), 0.75),
)


def _garden_wall(look: Look) -> list[Part]:
    """Return a wall of brick, field stones or concrete with its coping."""
    material, tint, height = _STYLES[look.variant]
    half = HALF_SIZE_M["garden_wall"][1]
    builder = MeshBuilder()
    wall_y = (-_HALF_THICKNESS_M, _HALF_THICKNESS_M)
    builder.add(box((-half, half), wall_y, (-0.02, height)), material, tint)
    plinth_y = (wall_y[0] - 0.025, wall_y[1] + 0.025)
    plinth = box((-half, half), plinth_y, (-0.02, 0.16))
    builder.add(plinth, "garden_concrete", (0.3, 0.29, 0.27))
    if look.variant == 1:
        _add_upright_stones(builder, look.rng, half, height)
    else:
        _add_coping(builder, look.rng, half, height)
    parts = [part("Wall", builder)]
    if look.variant == 0:
        parts.append(ivy_part(look.rng, (-1.1, 0.5), height, wall_y[0], look.season))
    return parts


def _add_coping(
    builder: MeshBuilder, rng: np.random.Generator, half: float, height: float
) -> None:
    """Cover the wall with sloping stones, half a metre each, a joint between."""
    reach = _HALF_THICKNESS_M + 0.055
    outline = [
        (-reach, height),
        (reach, height),
        (reach, height + 0.04),
        (0.0, height + 0.085),
        (-reach, height + 0.04),
    ]
    edges = np.linspace(-half, half, 7)
    stones, tints = [], []
    for left, right in pairwise(edges):
        stones.append(prism(outline, left + 0.004, right - 0.004, axis="x"))
        tints += [rng.uniform(0.8, 1.15)] * sum(len(f) for f in stones[-1].faces)
    # Faces of `joined` come stone after stone, so the tints may do so too.
    shades = np.array(tints)[:, None] * np.array((0.4, 0.38, 0.34))
    builder.add(joined(stones), "garden_concrete", shades)


def _add_upright_stones(
    builder: MeshBuilder, rng: np.random.Generator, half: float, height: float
) -> None:
    """Set rough stones on edge along the top."""
    widths = rng.uniform(0.09, 0.2, 20)
    edges = np.concatenate([[0.0], np.cumsum(widths)])
    edges = -half + edges * (2 * half / edges[-1])
    middle = 0.5 * (edges[:-1] + edges[1:])
    rise = rng.uniform(0.08, 0.2, 20)
    depth = rng.uniform(0.2, 0.27, 20)
    centers = np.column_stack(
        [middle, rng.uniform(-0.015, 0.015, 20), height + rise / 2]
    )
    sizes = np.column_stack([np.diff(edges) - 0.012, depth, rise])
    stones = boxes(centers, sizes)
    # Knocked corners: no stone of a field wall is square.
    knocked = stones.vertices + rng.normal(0.0, 0.012, stones.vertices.shape)
    knocked[:, 2] = np.maximum(knocked[:, 2], height - 0.01)
    knocked[:, 0] = np.clip(knocked[:, 0], -half, half)
    tint = np.repeat(rng.uniform(0.7, 1.25, (20, 1)) * np.ones(3), 6, axis=0)
    builder.add(stones._replace(vertices=knocked), "rubble_stone", tint)


KINDS: dict[str, Maker] = {"garden_wall": _garden_wall}
