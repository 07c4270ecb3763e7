"""Meshes of street trees: branching limbs and many small leaves; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes import Shape, quads, tube

LEAF_COUNT = 11000
_LEAF_LENGTH_M = 0.12
_CHILDREN_PER_LEVEL = (6, 5, 4)
_LENGTH_PER_LEVEL_M = (2.0, 1.25, 0.75)
_TO_THE_LIGHT = np.array((0.0, 0.0, 0.12))


@dataclass(frozen=True)
class _Limb:
    path: NDArray[np.float64]
    radius_m: float


def tree_mesh(seed: int, variant: int) -> MeshData:
    """Return a tree about 6.5 m high whose trunk stands at the origin."""
    rng = np.random.default_rng([seed, 23, variant])
    trunk = _trunk(rng)
    levels = [[trunk]]
    for count, length in zip(_CHILDREN_PER_LEVEL, _LENGTH_PER_LEVEL_M, strict=True):
        levels.append(
            [
                child
                for limb in levels[-1]
                for child in _children(rng, limb, count, length)
            ]
        )
    builder = MeshBuilder()
    for level, limbs in enumerate(levels):
        sides = (10, 7, 5, 3)[level]
        for limb in limbs:
            radii = limb.radius_m * np.linspace(1.0, 0.35, len(limb.path))
            if level == 0:
                radii[0] *= 1.45
            builder.add(tube(limb.path, radii, sides=sides), "bark", smooth=True)
    leaves, shades = _leaves(rng, levels[2] + levels[3])
    builder.add(leaves, "leaf", shades)
    return builder.mesh()


def _trunk(rng: np.random.Generator) -> _Limb:
    heights = np.linspace(0.0, rng.uniform(3.9, 4.7), 9)
    lean = np.cumsum(rng.normal(0.0, 0.035, (9, 2)), axis=0)
    lean[0] = 0.0
    return _Limb(np.column_stack([lean, heights]), float(rng.uniform(0.11, 0.16)))


def _children(
    rng: np.random.Generator, limb: _Limb, count: int, length_m: float
) -> list[_Limb]:
    """Return side branches that leave a limb along its outer part and its end."""
    shares = np.append(rng.uniform(0.55, 0.97, count - 1), 1.0)
    turn = rng.uniform(0.0, 2 * np.pi) + 2.4 * np.arange(count)
    along = np.diff(limb.path, axis=0)[-1]
    along /= np.linalg.norm(along)
    helper = np.eye(3)[np.argmin(np.abs(along))]
    side = np.cross(along, helper)
    side /= np.linalg.norm(side)
    other = np.cross(along, side)
    children = []
    for share, angle in zip(shares, turn, strict=True):
        position = share * (len(limb.path) - 1)
        low = min(int(position), len(limb.path) - 2)
        part = position - low
        start = limb.path[low] * (1 - part) + limb.path[low + 1] * part
        spread = rng.uniform(0.7, 1.25) if share < 1.0 else rng.uniform(0.1, 0.4)
        outwards = np.cos(angle) * side + np.sin(angle) * other
        direction = np.cos(spread) * along + np.sin(spread) * outwards
        path = _bent_path(rng, start, direction, length_m * rng.uniform(0.7, 1.15))
        children.append(_Limb(path, limb.radius_m * float(rng.uniform(0.38, 0.52))))
    return children


def _bent_path(
    rng: np.random.Generator,
    start: NDArray[np.float64],
    direction: NDArray[np.float64],
    length_m: float,
) -> NDArray[np.float64]:
    """Return a path of six points that bends towards the light."""
    points = [start]
    heading = direction
    for _ in range(5):
        heading = heading + _TO_THE_LIGHT + rng.normal(0.0, 0.12, 3)
        heading /= np.linalg.norm(heading)
        points.append(points[-1] + heading * length_m / 5)
    return np.array(points)


def _leaves(rng: np.random.Generator, twigs: list[_Limb]) -> tuple[Shape, NDArray]:
    """Return leaf blades around the twigs and their shades."""
    paths = np.stack([twig.path for twig in twigs])
    twig = rng.integers(len(twigs), size=LEAF_COUNT)
    share = rng.beta(2.2, 1.2, LEAF_COUNT) * 4.999
    low = share.astype(int)
    part = (share - low)[:, None]
    foot = paths[twig, low] * (1 - part) + paths[twig, low + 1] * part
    foot = foot + rng.normal(0.0, 0.07, foot.shape)
    # Blades hang and face the sky more than not.
    along = rng.normal(0.0, 1.0, foot.shape) + np.array((0.0, 0.0, -0.35))
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    facing = rng.normal(0.0, 0.7, foot.shape) + np.array((0.0, 0.0, 1.0))
    across = np.cross(along, facing)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    length = _LEAF_LENGTH_M * rng.uniform(0.7, 1.3, (LEAF_COUNT, 1))
    half = 0.32 * length
    middle = foot + 0.45 * length * along
    corners = [
        foot,
        middle + half * across,
        foot + length * along,
        middle - half * across,
    ]
    branch_shade = rng.uniform(0.75, 1.25, len(twigs))[twig]
    shades = branch_shade[:, None] * rng.uniform(0.7, 1.3, (LEAF_COUNT, 1))
    warmth = rng.normal(0.0, 0.12, LEAF_COUNT)
    shades = shades * np.stack([1 + warmth, np.ones(LEAF_COUNT), 1 - warmth], axis=1)
    return quads(np.stack(corners, axis=1)), shades
