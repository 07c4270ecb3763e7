"""Leaf blades: where they sit, how they are turned, and their shades; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.plants.limbs import unit
from blender_scenes.city.shapes.shapes import Shape, quads

FloatArray = NDArray[np.float64]
# Of a leaf's length: where its two pairs of side corners lie; of its width: how
# far out they lie and how far the blade folds up along the midrib.
_CORNER_PLACES = (0.22, 0.62)
_CORNER_WIDTHS = (1.0, 0.72)
_FOLD = 0.3


def blades(
    foot: ArrayLike,
    along: ArrayLike,
    facing: ArrayLike,
    length_m: ArrayLike,
    width_share: float,
) -> Shape:
    """Return leaves folded along the midrib, two faces each.

    Parameters
    ----------
    foot, along, facing : array_like (N, 3)
        Where each leaf is fixed, where it points, what its upper face looks at
        (``along`` and ``facing`` need not be unit vectors, nor at right angles).
    length_m : array_like (N,)
        Length of every leaf.
    width_share : float
        Width over length.
    """
    base = np.asarray(foot, np.float64)
    forward = unit(np.asarray(along, np.float64))
    across = unit(np.cross(forward, np.asarray(facing, np.float64)))
    upwards = np.cross(across, forward)
    length = np.broadcast_to(np.asarray(length_m, np.float64), len(base))[:, None]
    half = 0.5 * width_share * length
    sides = [
        base
        + place * length * forward
        + side * width * half * across
        + _FOLD * width * half * upwards
        for side in (-1, 1)
        for place, width in zip(_CORNER_PLACES, _CORNER_WIDTHS, strict=True)
    ]
    tip = base + length * forward
    vertices = np.stack([base, *sides, tip], axis=1)
    first = 6 * np.arange(len(base))[:, None]
    halves = first[:, None] + np.array([(0, 3, 4, 5), (0, 5, 2, 1)])
    return Shape(vertices.reshape(-1, 3), (halves.reshape(-1, 4),))


def cards(
    foot: ArrayLike,
    along: ArrayLike,
    facing: ArrayLike,
    length_m: ArrayLike,
    width_share: float,
) -> Shape:
    """Return flat leaves of one face each; the arguments are those of `blades`."""
    base = np.asarray(foot, np.float64)
    forward = unit(np.asarray(along, np.float64))
    across = unit(np.cross(forward, np.asarray(facing, np.float64)))
    length = np.broadcast_to(np.asarray(length_m, np.float64), len(base))[:, None]
    middle, half = base + 0.45 * length * forward, 0.5 * width_share * length
    tip = base + length * forward
    corners = [base, middle + half * across, tip, middle - half * across]
    return quads(np.stack(corners, axis=1))


def grass_blades(
    rng: np.random.Generator, foot: FloatArray, height_m: ArrayLike, width_m: float
) -> Shape:
    """Return one bent blade of two faces per foot (N, 3)."""
    N = len(foot)
    height = np.broadcast_to(np.asarray(height_m, np.float64), N)[:, None]
    lean = rng.normal(0.0, 0.35, (N, 2)) * height
    turn = rng.uniform(0.0, 2 * np.pi, N)
    half = 0.5 * width_m * np.column_stack([np.cos(turn), np.sin(turn), 0 * turn])
    waist = foot + np.column_stack([0.35 * lean, 0.6 * height])
    tip = foot + np.column_stack([lean, height])
    vertices = np.stack(
        [
            foot - half,
            foot + half,
            waist - 0.7 * half,
            waist + 0.7 * half,
            tip - 0.1 * half,
            tip + 0.1 * half,
        ],
        axis=1,
    )
    first = 6 * np.arange(N)[:, None]
    faces = first[:, None] + np.array([(0, 1, 3, 2), (2, 3, 5, 4)])
    return Shape(vertices.reshape(-1, 3), (faces.reshape(-1, 4),))


def shades(
    rng: np.random.Generator,
    count: int,
    *,
    spread: float = 0.3,
    warmth: float = 0.12,
) -> FloatArray:
    """Return factors (N, 3) on a leaf colour: lightness, and red against blue."""
    light = rng.uniform(1.0 - spread, 1.0 + spread, (count, 1))
    warm = np.clip(rng.normal(0.0, warmth, count), -0.6, 0.6)
    return light * np.stack([1 + warm, np.ones(count), 1 - warm], axis=1)


def filling(
    rng: np.random.Generator, count: int, low: ArrayLike, high: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return points just inside a box's sides and top, and their outward normals."""
    floor, ceiling = np.asarray(low, np.float64), np.asarray(high, np.float64)
    size = ceiling - floor
    # Sides -x, +x, -y, +y and top, each as often as it is large.
    areas = np.array([size[1] * size[2]] * 2 + [size[0] * size[2]] * 2)
    areas = np.append(areas, size[0] * size[1])
    side = rng.choice(5, size=count, p=areas / areas.sum())
    points = floor + size * rng.uniform(0.0, 1.0, (count, 3))
    depth = np.abs(rng.normal(0.0, 0.05, count))
    axis = np.array([0, 0, 1, 1, 2])[side]
    sign = np.array([-1, 1, -1, 1, 1])[side]
    rows = np.arange(count)
    edge = np.where(sign > 0, ceiling[axis], floor[axis])
    points[rows, axis] = edge - sign * depth
    normals = np.zeros((count, 3))
    normals[rows, axis] = sign
    return points, normals
