"""A guess at what is behind a foreground, from what is seen beside it."""

import itertools
import math
from collections.abc import Iterator, Sequence
from types import EllipsisType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dp_model.arrays import Array, array_namespace, asarray_like, clip
from dp_model.layers import Surface, separation_px
from dp_model.parallel import core_count, in_threads

_LEAST_RADIUS_PX = 0.35  # of a foreground, over the side of the cells that it looks at

_Candidate: TypeAlias = tuple[Array, Array]  # colour (C, H, W) and signed CoC radius


def surfaces_behind(first: Surface, given: Surface | None) -> list[Surface]:
    """Return the second surface, as given or guessed, and a guessed third.

    Parameters
    ----------
    first : Surface
        What the picture shows.
    given : Surface, optional
        What is known to be behind it, where its coverage is 1; elsewhere its radius is
        that of the first.

    Returns
    -------
    list of Surface
        Front to back, without those that cover nothing.
    """
    xp = array_namespace(first.planes)
    if given is None:
        return _covering([estimate_surface_behind(first)])
    is_given = given.coverage > 0
    seen = Surface(
        xp.where(is_given, given.planes, first.planes),
        given.coc_radius_px,
        first.coverage,
    )
    guess = estimate_surface_behind(seen)
    second = Surface(
        xp.where(is_given, given.planes, guess.planes),
        xp.where(is_given, given.coc_radius_px, guess.coc_radius_px),
        xp.where(is_given, given.coverage, guess.coverage),
    )
    third = Surface(guess.planes, guess.coc_radius_px, guess.coverage * given.coverage)
    return _covering([second, third])


def _covering(surfaces: Sequence[Surface]) -> list[Surface]:
    """Return the surfaces that are anywhere."""
    xp = array_namespace(surfaces[0].planes)
    return [surface for surface in surfaces if bool(xp.any(surface.coverage > 0))]


def estimate_surface_behind(front: Surface) -> Surface:
    """Return a surface continued from the farther surfaces nearby.

    A blurred foreground is transparent near its edge and shows what no picture of the
    first surface holds.  Each blurred pixel is given the mean of the farthest surface
    in its neighbourhood, the neighbourhood doubling until something distinctly farther
    is in it, up to about three times the pixel's own CoC radius.

    Parameters
    ----------
    front : Surface
        Seen everywhere; its coverage is not looked at.

    Returns
    -------
    Surface
        Coverage is 1 where something farther was found, else 0.

    Notes
    -----
    A pyramid of 2 x 2 means that keep the farthest surface only, asked over 3 x 3 cells
    per level, from coarse to fine.  Colours become smoother with the distance from the
    edge, as the foreground becomes more opaque.
    """
    xp = array_namespace(front.planes)
    coc = front.coc_radius_px
    levels = _level_count(float(xp.max(coc)), float(xp.min(coc)))
    if levels == 0:
        return Surface(front.planes, coc, xp.zeros_like(coc))
    found = xp.zeros_like(front.planes), xp.zeros_like(coc)

    def fill(strip: tuple[int, int]) -> None:
        around = _estimate_strip(front, levels, *strip)
        for whole, part in zip(found, around, strict=True):
            whole[..., slice(*strip), :] = part

    in_threads(fill, list(_strips(coc.shape[0], 2**levels)))
    planes, coc = found
    is_behind = coc - front.coc_radius_px > separation_px(coc)
    return Surface(
        planes,
        xp.where(is_behind, coc, front.coc_radius_px),
        xp.asarray(is_behind, dtype=coc.dtype),
    )


def _strips(height: int, cell: int) -> Iterator[tuple[int, int]]:
    """Yield first and last row of strips, one for each core.

    They start on the coarsest cells; how many there are makes no difference.
    """
    rows = -(-height // (cell * core_count())) * cell
    for top in range(0, height, rows):
        yield top, min(top + rows, height)


def _estimate_strip(front: Surface, levels: int, top: int, bottom: int) -> _Candidate:
    """Return the farthest colour and radius around each pixel of some rows."""
    xp = array_namespace(front.planes)
    # One of the coarsest cells more on either side is as far as any pixel looks.
    start = max(0, top - 2**levels)
    rows = slice(start, bottom + 2**levels)
    planes, coc = front.planes[:, rows, :], front.coc_radius_px[rows, :]
    pyramid = [(planes, coc, coc)]
    for _ in range(levels):
        pyramid.append(_coarser(*pyramid[-1]))
    coarsest, coarsest_coc, _ = pyramid[-1]
    found = coarsest, xp.full_like(coarsest_coc, -math.inf)  # nothing yet
    for level in range(levels, 0, -1):
        planes, coc, nearest = pyramid[level]
        around, around_coc = _farthest_around(planes, coc)
        is_behind = around_coc - nearest > separation_px(around_coc)
        is_behind = is_behind & (xp.abs(nearest) >= _LEAST_RADIUS_PX * 2**level)
        found = (
            xp.where(is_behind, around, found[0]),
            xp.where(is_behind, around_coc, found[1]),
        )
        finer = pyramid[level - 1][1].shape
        found = _doubled(found[0], finer), _doubled(found[1], finer)
    inside = slice(top - start, bottom - start)
    return found[0][:, inside, :], found[1][inside, :]


def _level_count(farthest_px: float, nearest_px: float) -> int:
    """Return the levels that the most blurred foreground asks for; 0 if there is none.

    Examples
    --------
    >>> _level_count(0.8, -0.5), _level_count(0.0, -20.0), _level_count(9.0, 0.0)
    (0, 5, 4)
    """
    # Behind focus, something can stand in front of the farthest only if there is room.
    behind_focus_px = farthest_px - separation_px(farthest_px)
    blurred_px = max(-nearest_px, behind_focus_px, _LEAST_RADIUS_PX)
    return math.floor(math.log2(blurred_px / _LEAST_RADIUS_PX))


def _coarser(planes: Array, coc: Array, nearest: Array) -> tuple[Array, Array, Array]:
    """Return cells of 2 x 2: their farthest surface, and their nearest radius."""
    xp = array_namespace(planes)
    planes, coc, nearest = (_even(plane) for plane in (planes, coc, nearest))
    quarters = list(itertools.product((slice(0, None, 2), slice(1, None, 2)), repeat=2))
    least = nearest[quarters[0]]
    for quarter in quarters[1:]:
        least = xp.minimum(least, nearest[quarter])
    farthest = _farthest([(planes[:, *quarter], coc[quarter]) for quarter in quarters])
    return *farthest, least


def _farthest_around(planes: Array, coc: Array) -> _Candidate:
    """Return the farthest surface in 3 x 3 cells, the border repeated."""
    for axis in (-1, -2):
        wide_planes, wide_coc = (_bordered(plane, axis) for plane in (planes, coc))
        size = coc.shape[axis]
        shifts = [_along(axis, slice(start, start + size)) for start in range(3)]
        planes, coc = _farthest(
            [(wide_planes[shift], wide_coc[shift]) for shift in shifts]
        )
    return planes, coc


def _farthest(candidates: Sequence[_Candidate]) -> _Candidate:
    """Return the mean of the candidates that are as far as the farthest, per cell."""
    xp = array_namespace(candidates[0][1])
    limit = candidates[0][1]
    for _, coc in candidates[1:]:
        limit = xp.maximum(limit, coc)
    steepness = 1 / separation_px(limit)
    weights = [clip(1 - (limit - coc) * steepness, 0.0, 1.0) for _, coc in candidates]
    scale = 1 / sum(weights)
    weighted = list(zip(weights, candidates, strict=True))
    planes = sum(weight * planes for weight, (planes, _) in weighted)
    coc = sum(weight * coc for weight, (_, coc) in weighted)
    return planes * scale, coc * scale


def _doubled(cells: Array, size: tuple[int, int]) -> Array:
    """Return each cell repeated over the 2 x 2 finer ones that it stands for."""
    xp = array_namespace(cells)
    rows = xp.repeat(cells, 2, axis=-2)[..., : size[0], :]
    return xp.repeat(rows, 2, axis=-1)[..., : size[1]]


def _even(plane: Array) -> Array:
    """Return a plane of even size, its last row or column repeated where need be."""
    for axis in (-2, -1):
        size = plane.shape[axis]
        if size % 2:
            plane = _taken(plane, np.minimum(np.arange(size + 1), size - 1), axis)
    return plane


def _bordered(plane: Array, axis: int) -> Array:
    """Return a plane with its first and last row (or column) repeated."""
    size: int = plane.shape[axis]
    return _taken(plane, np.clip(np.arange(-1, size + 1), 0, size - 1), axis)


def _taken(plane: Array, indices: npt.NDArray[np.int64], axis: int) -> Array:
    """Return the given rows or columns of a plane."""
    xp = array_namespace(plane)
    return xp.take(plane, asarray_like(indices, plane, dtype=xp.int64), axis=axis)


def _along(axis: int, part: slice) -> tuple[slice | EllipsisType, ...]:
    """Return the index that takes a part of the last axis, or of the one before."""
    return (..., part) if axis == -1 else (..., part, slice(None))
