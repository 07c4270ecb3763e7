"""Colour that a picture's own antialiasing carries across the edges of its surfaces.

A pixel's depth belongs to one surface, its colour to all that fall into it.  The
foreground's share in a pixel of the background stays behind as a thin sharp line where
the foreground itself is blurred away.
"""

import itertools
from collections.abc import Callable

from dp_model.arrays import Array, array_namespace, clip
from dp_model.layers import Surface, separation_px
from dp_model.parallel import in_threads
from dp_model.tiles import TILE, Region, tiles

_LEAST_STEP_PX = 2.5  # smaller differences of radius are nowhere an edge
_SIDE = 3  # of the squares that are looked at, pixels
_REACH = 2  # a pixel looks at its neighbours, and those at theirs


def without_bleeding(surface: Surface, behind: Surface | None) -> Array:
    """Return a picture's colour without what bled from blurrier foregrounds.

    Such a pixel takes the mean of its neighbours on its own surface that touch no
    edge, and of what is known to go on behind the foreground.

    Parameters
    ----------
    surface : Surface
        The picture.
    behind : Surface, optional
        The second surface, if it is more than a guess.

    Returns
    -------
    array (C, H, W)
    """
    xp = array_namespace(surface.planes)
    coc = surface.coc_radius_px
    if float(xp.max(coc)) - float(xp.min(coc)) <= _LEAST_STEP_PX:
        return surface.planes
    mended = xp.zeros_like(surface.planes)

    def fill(tile: Region) -> None:
        region = tile.grown(_REACH)
        hidden = None if behind is None else behind.cut(region)
        part = _inner(_mended(surface.cut(region), hidden), _REACH)
        mended[(slice(None), *tile.slices)] = part

    in_threads(fill, list(tiles(surface.coc_radius_px.shape, TILE)))
    return mended


def _mended(surface: Surface, behind: Surface | None) -> Array:
    """Return colour without what bled into it, but for a border."""
    xp = array_namespace(surface.planes)
    planes, coc = surface.planes, surface.coc_radius_px
    own = _inner(coc, 1)
    nearest = _extreme(coc, xp.minimum)
    is_far_side = _is_well_behind(own, nearest)
    is_bled = is_far_side & (xp.abs(nearest) > xp.abs(own))
    if not bool(xp.any(is_bled)):
        return planes
    is_near_side = _is_well_behind(_extreme(coc, xp.maximum), own)
    sources = [
        (planes, coc, xp.asarray(~(is_far_side | is_near_side), dtype=coc.dtype))
    ]
    if behind is not None:
        hidden = _inner(behind.coverage, 1) * xp.asarray(is_near_side, dtype=coc.dtype)
        sources.append((behind.planes, behind.coc_radius_px, hidden))
    mean, weight = _mean_of_own_surface(_inner(coc, _REACH), sources)
    is_mended = _inner(is_bled, 1) & (weight > 0)
    mended = planes * 1
    mended[:, _REACH:-_REACH, _REACH:-_REACH] = xp.where(
        is_mended, mean, _inner(planes, _REACH)
    )
    return mended


def _mean_of_own_surface(
    own: Array, sources: list[tuple[Array, Array, Array]]
) -> tuple[Array, Array]:
    """Return the mean of the neighbours that lie on a pixel's surface, and their count.

    Sources are colour and radius on all pixels, and weights on all but the border.
    """
    xp = array_namespace(own)
    height, width = own.shape
    tolerance = separation_px(own)
    light, weight = 0.0, xp.zeros_like(own)
    for top, left in itertools.product(range(_SIDE), repeat=2):
        inside = slice(top, top + height), slice(left, left + width)
        wider = slice(top + 1, top + 1 + height), slice(left + 1, left + 1 + width)
        for planes, coc, weights in sources:
            is_own = xp.abs(coc[wider] - own) < tolerance
            share = xp.where(is_own, weights[inside], xp.zeros_like(own))
            weight = weight + share
            light = light + share * planes[(slice(None), *wider)]
    return light / clip(weight, 1.0, None), weight


def _is_well_behind(farther: Array, nearer: Array) -> Array:
    """Return where the step from one radius to another is an edge, not a slope."""
    return farther - nearer > 2 * separation_px(farther) + (_LEAST_STEP_PX - 2)


def _extreme(plane: Array, function: Callable[[Array, Array], Array]) -> Array:
    """Return the least or largest of each pixel's neighbourhood, without the border."""
    rows = function(function(plane[:-2, :], plane[1:-1, :]), plane[2:, :])
    return function(function(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])


def _inner(planes: Array, border: int) -> Array:
    """Return planes (..., H, W) without a border."""
    return planes[..., border:-border, border:-border]
