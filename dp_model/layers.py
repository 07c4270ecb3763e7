"""A depth map as layers of equal blur, and what lies behind the first surface.

Layers are planes of constant signed CoC radius, which is monotone in depth: the largest
is the farthest.  A pixel between two planes belongs to both, in proportion (a tent), so
that a slope is a blend of layers and not a staircase.
"""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dp_model.arrays import Array, FloatArray, array_namespace, asarray_like, is_numpy
from dp_model.blur import Region

LAYER_STEP_PX = 0.5
"""Largest difference of CoC radius between neighbouring layers, pixels."""

MAX_LAYERS = 500
"""Abuolaim et al. (2021), section 3; the step grows where 0.5 px would take more."""


@dataclass(frozen=True)
class Surface:
    """One surface seen along each pixel's ray.

    Parameters
    ----------
    linear_rgb : float array (H, W, C)
    coc_radius_px : float array (H, W)
        Signed.
    coverage : float array (H, W)
        1 where the surface is, 0 where there is none.
    """

    linear_rgb: Array
    coc_radius_px: Array
    coverage: Array


def layer_radii(farthest_px: float, nearest_px: float) -> FloatArray:
    """Return the signed CoC radii of the layers, back to front (descending).

    The ends are layers, and so is 0 if it lies between them: a flat scene is a single
    layer, and what is in focus is not blended with its blurred neighbours.

    Examples
    --------
    >>> layer_radii(0.8, -0.5).tolist()
    [0.8, 0.4, 0.0, -0.5]
    >>> layer_radii(2.0, 2.0).tolist()
    [2.0]
    """
    # Two of the layers are the far end and the focus.
    step = max(LAYER_STEP_PX, (farthest_px - nearest_px) / (MAX_LAYERS - 3))
    knots = [farthest_px, nearest_px]
    if nearest_px < 0 < farthest_px:
        knots.insert(1, 0.0)
    radii = [np.array([farthest_px])]
    for start, stop in itertools.pairwise(knots):
        count = int(np.ceil((start - stop) / step))
        radii.append(np.linspace(start, stop, count + 1)[1:])
    return np.concatenate(radii)


def layer_position(coc_radius_px: Array, radii: FloatArray) -> Array:
    """Return each pixel's place among the layers: 0 is the farthest, 1.5 between two.

    Radii outside the layers' range count as the nearest end.

    Examples
    --------
    >>> layer_position(np.array([1.0, 0.75, -9.0]), np.array([1.0, 0.5, 0.0])).tolist()
    [0.0, 0.5, 2.0]
    """
    xp = array_namespace(coc_radius_px)
    if radii.size == 1:
        return xp.zeros_like(coc_radius_px)
    ascending = asarray_like(radii[::-1].copy(), coc_radius_px)
    last = radii.size - 1
    above = xp.searchsorted(ascending, coc_radius_px, side="right")
    lower = xp.clip(above - 1, 0, last - 1)
    start = ascending[lower]
    fraction = (coc_radius_px - start) / (ascending[lower + 1] - start)
    return last - (lower + xp.clip(fraction, 0.0, 1.0))


def tent(position: Array, layer: int) -> Array:
    """Return how much of each pixel belongs to a layer: 1 on it, 0 one layer away."""
    xp = array_namespace(position)
    return xp.clip(1 - xp.abs(position - layer), 0.0, None)


def known_up_to(position: Array, layer: int) -> Array:
    """Return how much of each pixel belongs to a layer or to those behind it.

    Examples
    --------
    >>> known_up_to(np.array([0.0, 1.0, 1.25, 2.0]), 1).tolist()
    [1.0, 1.0, 0.75, 0.0]
    """
    xp = array_namespace(position)
    return xp.clip(layer + 1 - position, 0.0, 1.0)


def nearest_layer(position: Array, layer: int) -> Array:
    """Return 1 where this is the pixel's nearest layer, else 0, as floats."""
    xp = array_namespace(position)
    return xp.asarray(xp.round(position) == layer, dtype=position.dtype)


def separation_px(coc_radius_px: Array) -> Array:
    """Return how much farther (in CoC radius) than a slope's next part is "behind".

    A slope may lose a quarter of its CoC radius within one blur radius and still count
    as one surface.

    Examples
    --------
    >>> separation_px(-8.0)
    3.0
    """
    return 1 + 0.25 * abs(coc_radius_px)


def second_surface_share(
    first: Surface,
    second: Surface,
    layer_radius_px: float,
    part: tuple[slice, slice],
) -> Array:
    """Return how much the second surface counts for a layer, 0..1, on a part.

    All of it where the first surface is two separations or more in front of the layer,
    nothing within one: a ray that misses the first surface at this pixel by little
    meets the same surface beside it, not what is behind.
    """
    xp = array_namespace(first.coc_radius_px)
    separation = separation_px(layer_radius_px)
    gap = layer_radius_px - first.coc_radius_px[part]
    return second.coverage[part] * xp.clip(gap / separation - 1, 0.0, 1.0)


def bounding_region(is_occupied: Array) -> Region | None:
    """Return the smallest rectangle that holds every true pixel; None if none is."""
    xp = array_namespace(is_occupied)
    rows = np.flatnonzero(_to_numpy(xp.any(is_occupied, axis=1)))
    if rows.size == 0:
        return None
    columns = np.flatnonzero(_to_numpy(xp.any(is_occupied, axis=0)))
    return Region(
        int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    )


def _to_numpy(flags: Any) -> npt.NDArray[np.bool_]:
    """Return a short row of flags on the CPU."""
    return np.asarray(flags if is_numpy(flags) else flags.cpu())
