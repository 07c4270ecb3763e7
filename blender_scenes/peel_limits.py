"""Where blur uncovers a second surface, and up to which depth its render peels.

Works in nearness, the inverse of depth. It is linear in pixels on every plane, so what
departs from the slope on both sides is a silhouette, however steeply the ground runs
away; a lens shifts points against each other in proportion to it; the sky's is 0.
NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

# Surfaces nearer to each other, as a share of their depth, are one: at 1 % their
# radii of blur differ by a hundredth of the difference between the nearer's and the
# sky's.
SEPARATION = 0.01
# Further than this share behind the first, a hit is not the same hit again.
SAME_HIT = 1e-3
# What counts as near in a picture: not the one twig before the lens.
NEAR_SHARE = 0.99
# The pixel filter reaches one pixel, and the denoiser's seams some more.
APRON_PX = 2
NEVER = np.float32(1e30)  # depth that nothing reaches, and images can hold

_NEIGHBOURS = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]


@dataclass(frozen=True)
class PeelLimits:
    """What camera rays pass through, per pixel; depths in Blender units.

    Parameters
    ----------
    front : ndarray (H, W) float32
        Every surface nearer than this is passed.
    back : ndarray (H, W) float32
        Back faces nearer than this are passed too.
    is_wanted : ndarray (H, W) bool
        Elsewhere rays end black at the first surface that is not passed, unlit.
    """

    front: FloatArray
    back: FloatArray
    is_wanted: BoolArray


@dataclass(frozen=True)
class _Silhouettes:
    """Pixels on one side of silhouettes; where several meet, the highest step.

    Parameters
    ----------
    half_way : ndarray (H, W) float32
        Mean nearness of both sides.
    height : ndarray (H, W) float32
        Nearness of the near side minus that of the far side; 0 where there is none.
    """

    half_way: FloatArray
    height: FloatArray


def foreground_depth(
    depth: FloatArray, instance: NDArray[np.uint32], reach_px: int
) -> FloatArray:
    """Return how deep the foreground is that blur makes transparent, (H, W).

    0 where there is none. Foreground is what has a silhouette of its own, that is of
    the same object, at most ``reach_px`` columns and rows away; it ends half-way to
    what is seen beyond the silhouette. So the inside of a car is passed, and what is
    uncovered is the street behind it.

    Parameters
    ----------
    depth : ndarray (H, W) float32
        Planar, > 0; the sky is +inf.
    instance : ndarray (H, W) uint32
        Object of each pixel.
    reach_px : int
        Largest reach of a blur, >= 0.

    Notes
    -----
    A lens shifts the two sides of a silhouette against each other by A times its height
    in nearness, and nothing farther behind the edge is ever seen. A itself is not
    known, but a lens whose blur stays within the reach for all from the nearest surface
    to the sky has an A of at most twice the reach by the greatest nearness. Of several
    silhouettes that one is taken which needs the smallest A.
    """
    nearness = 1 / depth
    silhouettes = _silhouettes(nearness, near_side=True)
    if reach_px == 0 or not silhouettes.height.any():
        return np.zeros_like(depth)
    greatest = np.quantile(nearness[nearness > 0], NEAR_SHARE)
    most_lens = float(2 * reach_px / greatest)
    with np.errstate(divide="ignore"):
        lens_per_px = 1 / silhouettes.height
    half_way = _spread(
        silhouettes.half_way, lens_per_px, instance, most_lens, steps=reach_px - 1
    )
    is_foreground = half_way < nearness
    limit = np.minimum(half_way, nearness * np.float32(1 - SAME_HIT))
    return np.where(is_foreground, 1 / np.where(is_foreground, limit, 1), 0)


def is_behind(depth: FloatArray, hidden_depth: FloatArray) -> BoolArray:
    """Return where the second depth is clearly larger; false for sky behind sky."""
    return depth < hidden_depth * np.float32(1 - SEPARATION)


def depth_limits(foreground: FloatArray) -> PeelLimits:
    """Return the limits of the render that finds the second surface's depth.

    One ray per pixel, through its centre. It passes the foreground, and all back faces:
    they belong to what it went into.
    """
    back = np.where(foreground > 0, NEVER, np.float32(0.0))
    return PeelLimits(foreground, back, np.ones(foreground.shape, bool))


def colour_limits(
    depth: FloatArray,
    foreground: FloatArray,
    hidden_depth: FloatArray,
    is_hidden: BoolArray,
) -> PeelLimits:
    """Return the limits of the render of the second surface's colour.

    A pixel's samples lie all over it and its neighbours, and hit the surfaces at other
    depths than its centre does. So rays pass what is nearer than half-way, in nearness,
    between the end of the foreground and the second surface; and on the far side of a
    silhouette, what is nearer than half-way to the near side.

    Parameters
    ----------
    depth, hidden_depth : ndarray (H, W) float32
        First and second surface; the sky is +inf.
    foreground : ndarray (H, W) float32
        What `foreground_depth` gave.
    is_hidden : ndarray (H, W) bool
        Where the second surface is wanted, and clearly behind.
    """
    far_side = _silhouettes(1 / depth, near_side=False)
    front = np.zeros_like(depth)
    is_far_side = far_side.height > 0
    front[is_far_side] = 1 / far_side.half_way[is_far_side]
    front[is_hidden] = 2 / (1 / foreground[is_hidden] + 1 / hidden_depth[is_hidden])
    target = np.where(is_hidden, hidden_depth, depth) * np.float32(1 - SAME_HIT)
    back = np.where(front > 0, np.minimum(target, NEVER), np.float32(0.0))
    return PeelLimits(front, back, _dilated(is_hidden, APRON_PX))


def _silhouettes(nearness: FloatArray, *, near_side: bool) -> _Silhouettes:
    """Return the silhouettes of a picture, on their near or their far side."""
    padded = np.pad(nearness, 2, mode="edge")
    half_way = np.zeros_like(nearness)
    highest = np.zeros_like(nearness)
    for direction in _NEIGHBOURS:
        behind, _, other, beyond = (
            _stepped(padded, direction, steps, nearness.shape) for steps in range(-1, 3)
        )
        rise = nearness - other
        least = SEPARATION * np.maximum(nearness, other)
        is_edge = (rise if near_side else -rise) > least
        for slope in (behind - nearness, other - beyond):
            is_edge &= abs(rise - slope) > least
        is_highest = is_edge & (abs(rise) > highest)
        half_way = np.where(is_highest, (nearness + other) / 2, half_way)
        highest = np.where(is_highest, abs(rise), highest)
    return _Silhouettes(half_way, highest)


def _stepped(
    padded: FloatArray, direction: tuple[int, int], steps: int, shape: tuple[int, ...]
) -> FloatArray:
    """Return the values some steps away from each pixel; padded by 2 on each side."""
    top, left = (2 + steps * component for component in direction)
    return padded[top : top + shape[0], left : left + shape[1]]


def _spread(
    values: FloatArray,
    price: FloatArray,
    instance: NDArray[np.uint32],
    budget: float,
    *,
    steps: int,
) -> FloatArray:
    """Return values spread step by step over their object, the cheapest one winning.

    A value pays its own price for its first pixel and for every step, as far as the
    budget goes; +inf where none comes.
    """
    width = values.shape[1] + 2
    moves = [rows * width + columns for rows, columns in _NEIGHBOURS]
    owner = np.pad(instance.astype(np.int64), 1, constant_values=-1).ravel()
    price = np.pad(price, 1, constant_values=np.inf).ravel()
    values = np.pad(values, 1).ravel()
    cost = np.where(price <= budget, price, np.float32(np.inf))
    frontier = np.flatnonzero(np.isfinite(cost))
    for _ in range(steps):
        reached: list[NDArray[np.intp]] = []
        for move in moves:
            target = frontier + move
            offer = cost[frontier] + price[frontier]
            is_better = (offer < cost[target]) & (offer <= budget)
            is_better &= owner[target] == owner[frontier]
            source, target = frontier[is_better], target[is_better]
            values[target], price[target] = values[source], price[source]
            cost[target] = offer[is_better]
            reached.append(target)
        frontier = np.unique(np.concatenate(reached))
    spread = np.where(np.isfinite(cost), values, np.float32(np.inf))
    return spread.reshape(-1, width)[1:-1, 1:-1]


def _dilated(mask: BoolArray, reach_px: int) -> BoolArray:
    """Return the mask grown by some pixels in every direction."""
    for _ in range(reach_px):
        padded = np.pad(mask, 1)
        mask = padded[1:-1, 1:-1].copy()
        for rows, columns in _NEIGHBOURS:
            mask |= padded[1 + rows :, 1 + columns :][: mask.shape[0], : mask.shape[1]]
    return mask
