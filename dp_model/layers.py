"""A depth map as layers of equal blur, and what lies behind the first surface.

Layers are planes of constant signed CoC radius, which is monotone in depth: the largest
is the farthest.  A pixel between two planes belongs to both, in proportion (a tent), so
that a slope is a blend of layers and not a staircase.
"""

import math
from dataclasses import dataclass

import numpy as np

from dp_model.arrays import Array, FloatArray, array_namespace, clip
from dp_model.tiles import Region, extended

LAYER_STEP_PX = 0.5
"""Largest difference of CoC radius between neighbouring layers, pixels."""

MAX_LAYERS = 500
"""Abuolaim et al. (2021), section 3; the step grows where 0.5 px would take more."""


@dataclass(frozen=True)
class Surface:
    """One surface seen along each pixel's ray.

    Parameters
    ----------
    planes : float array (C, H, W)
        Scene-linear colour, of which a constant may have been subtracted.
    coc_radius_px : float array (H, W)
        Signed.
    coverage : float array (H, W)
        1 where the surface is, 0 where there is none.
    """

    planes: Array
    coc_radius_px: Array
    coverage: Array

    def cut(self, region: Region) -> "Surface":
        """Return a rectangle of it, mirrored where it leaves the picture."""
        return Surface(
            extended(self.planes, region),
            extended(self.coc_radius_px, region),
            extended(self.coverage, region),
        )


def layer_radii(farthest_px: float, nearest_px: float) -> FloatArray:
    """Return the signed CoC radii of the layers, back to front (descending).

    The ends are layers, so that a flat scene is a single one, and between them every
    multiple of the step: 0 is a layer, what is in focus is not blended with its blurred
    neighbours, and the next frame has the same layers and kernels.

    Examples
    --------
    >>> layer_radii(0.8, -0.6).tolist()
    [0.8, 0.5, 0.0, -0.5, -0.6]
    >>> layer_radii(2.0, 2.0).tolist()
    [2.0]
    """
    if farthest_px == nearest_px:
        return np.array([farthest_px])
    step = max(LAYER_STEP_PX, (farthest_px - nearest_px) / (MAX_LAYERS - 3))
    farthest, nearest = math.ceil(farthest_px / step), math.floor(nearest_px / step)
    between = np.arange(farthest - 1, nearest, -1) * step
    # A quotient may have been rounded past a whole number.
    between = between[(between < farthest_px) & (between > nearest_px)]
    return np.concatenate([[farthest_px], between, [nearest_px]])


def layer_position(coc_radius_px: Array, radii: FloatArray) -> Array:
    """Return each pixel's place among the layers: 0 is the farthest, 1.5 between two.

    Radii outside the layers' range count as the nearest end.

    Examples
    --------
    >>> layer_position(np.array([1.2, 0.75, -9.0]), layer_radii(1.2, 0.0)).tolist()
    [0.0, 1.5, 3.0]
    """
    xp = array_namespace(coc_radius_px)
    # All layers but the two ends are equally far apart: three straight pieces.
    pieces = [(0, 1), (1, radii.size - 2), (radii.size - 2, radii.size - 1)]
    position = xp.zeros_like(coc_radius_px)
    for first, last in pieces if radii.size > 2 else [(0, radii.size - 1)]:
        if first < last:
            span = float(radii[first] - radii[last])
            passed = (float(radii[first]) - coc_radius_px) * ((last - first) / span)
            position = position + clip(passed, 0.0, float(last - first))
    return position


def tent(position: Array, layer: int) -> Array:
    """Return how much of each pixel belongs to a layer: 1 on it, 0 one layer away."""
    xp = array_namespace(position)
    return clip(1 - xp.abs(position - layer), 0.0, 1.0)


def known_up_to(position: Array, layer: int) -> Array:
    """Return how much of each pixel belongs to a layer or to those behind it.

    Examples
    --------
    >>> known_up_to(np.array([0.0, 1.0, 1.25, 2.0]), 1).tolist()
    [1.0, 1.0, 0.75, 0.0]
    """
    return clip(layer + 1 - position, 0.0, 1.0)


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


def share_behind(front_coc_px: Array, layer_radius_px: float) -> Array:
    """Return how much a surface counts for a layer, 0..1, given what is in front of it.

    All of it where the front is two separations or more nearer than the layer, nothing
    within one: a ray that misses the front at this pixel by little meets the same
    surface beside it, not what is behind.
    """
    separation = separation_px(layer_radius_px)
    # (layer_radius - front)/separation - 1, in one multiplication.
    offset = layer_radius_px / separation - 1
    return clip(offset - front_coc_px * (1 / separation), 0.0, 1.0)
