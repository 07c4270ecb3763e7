"""Trunk, branches and twigs of trees as arrays of paths; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.plants.tree_species import Branching, TreeSpecies
from blender_scenes.city.shapes.shapes import Shape, loft

FloatArray = NDArray[np.float64]
_GOLDEN_ANGLE_RAD = 2.39996
_TRUNK_SIDES, _TRUNK_RINGS = 18, 22
_ROOTS = 5


@dataclass(frozen=True)
class Limbs:
    """Branches of one order.

    Parameters
    ----------
    paths : ndarray (B, P, 3)
        From where each leaves its parent to its tip, metres.
    radius_m : ndarray (B,)
        Radius at the foot.
    """

    paths: FloatArray
    radius_m: FloatArray

    def kept(self, which: NDArray[np.bool_]) -> Limbs:
        """Return the chosen limbs only."""
        return Limbs(self.paths[which], self.radius_m[which])

    def points(self, limb: NDArray[np.int64], share: FloatArray) -> FloatArray:
        """Return (N, 3) points at a share (0 to 1) of each chosen limb's length."""
        position = share * (self.paths.shape[1] - 1.001)
        low = position.astype(int)
        part = (position - low)[:, None]
        return self.paths[limb, low] * (1 - part) + self.paths[limb, low + 1] * part

    def directions(self, limb: NDArray[np.int64], share: FloatArray) -> FloatArray:
        """Return (N, 3) unit vectors along each chosen limb there."""
        low = (share * (self.paths.shape[1] - 1.001)).astype(int)
        return unit(self.paths[limb, low + 1] - self.paths[limb, low])


def unit(vectors: FloatArray) -> FloatArray:
    """Return vectors (..., 3) at length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def trunk(rng: np.random.Generator, species: TreeSpecies) -> Limbs:
    """Return the stem: nearly straight, leaning a little."""
    count = 13
    heights = np.linspace(0.0, species.stem_m, count)
    lean = np.cumsum(rng.normal(0.0, species.crookedness_m, (count, 2)), axis=0)
    lean -= lean[0]
    path = np.column_stack([lean, heights])
    return Limbs(path[None], np.array([species.stem_radius_m]))


def branches(
    rng: np.random.Generator, parents: Limbs, branching: Branching, points: int
) -> Limbs:
    """Return the limbs that leave all ``parents``, in one order of branching."""
    B, count = len(parents.paths), branching.count
    parent = np.repeat(np.arange(B), count)
    number = np.tile(np.arange(count), B)
    low, high = branching.span
    share = low + (high - low) * (number + rng.uniform(0.1, 0.9, B * count)) / count
    start = parents.points(parent, share)
    along = parents.directions(parent, share)
    helper = np.eye(3)[np.argmin(np.abs(along), axis=1)]
    side = unit(np.cross(along, helper))
    other = np.cross(along, side)
    turn = np.repeat(rng.uniform(0.0, 2 * np.pi, B), count)
    turn = turn + _GOLDEN_ANGLE_RAD * number + rng.normal(0.0, 0.25, B * count)
    outwards = np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other
    # The last shoots carry on where their parent ends.
    spread = np.where(number == count - 1, 0.35, 1.0) * rng.uniform(
        *branching.spread_rad, B * count
    )
    heading = np.cos(spread)[:, None] * along + np.sin(spread)[:, None] * outwards
    within = (share - low) / (high - low)
    length = branching.length_m * branching.envelope(within)
    length = length * rng.uniform(0.75, 1.15, B * count)
    paths = _bent(rng, start, heading, length, branching.rise, points)
    radius = parents.radius_m[parent] * (1.0 - 0.6 * share) * branching.radius_share
    return Limbs(paths, radius * rng.uniform(0.8, 1.1, B * count))


def _bent(
    rng: np.random.Generator,
    start: FloatArray,
    heading: FloatArray,
    length_m: FloatArray,
    rise: float,
    points: int,
) -> FloatArray:
    """Return paths (B, points, 3) that wander, and bend up (down if rise < 0)."""
    places = [start]
    step_m = (length_m / (points - 1))[:, None]
    for _ in range(points - 1):
        heading = heading + rng.normal(0.0, 0.5 / points, start.shape)
        heading = unit(heading + np.array((0.0, 0.0, rise / points)))
        places.append(places[-1] + heading * step_m)
    return np.stack(places, axis=1)


def trunk_shape(
    rng: np.random.Generator, stem: Limbs, *, sides: int = _TRUNK_SIDES
) -> Shape:
    """Return the stem's skin: furrowed, flaring into roots at the ground."""
    rings = _TRUNK_RINGS if sides == _TRUNK_SIDES else 6
    # More rings near the ground, where the roots are.
    share = np.linspace(0.0, 1.0, rings) ** 1.6
    axis = stem.points(np.zeros(rings, int), share)
    radius = stem.radius_m[0] * (1.0 - 0.78 * share)
    angle = 2 * np.pi * np.arange(sides) / sides
    roots = 0.5 + 0.5 * np.cos(_ROOTS * angle + rng.uniform(0.0, 6.0))
    flare = np.exp(-axis[:, 2] / (1.6 * stem.radius_m[0]))
    reach = 1.0 + flare[:, None] * (0.25 + 0.75 * roots**2)
    # A furrow runs along the stem, so each corner keeps its own depth upwards.
    furrow = rng.normal(0.0, 0.05, sides) + rng.normal(0.0, 0.022, (rings, sides))
    reach = radius[:, None] * reach * (1.0 + furrow)
    ring = np.stack([np.cos(angle), np.sin(angle), np.zeros(sides)], axis=-1)
    return loft(axis[:, None] + ring * reach[:, :, None])
