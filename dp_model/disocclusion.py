"""A guess at what is behind a foreground, from what is seen beside it."""

import math
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dp_model.arrays import Array, array_namespace, asarray_like
from dp_model.layers import Surface, separation_px

_Candidate: TypeAlias = tuple[Array, Array]  # colour and signed CoC radius
_Indices: TypeAlias = npt.NDArray[np.int64]


def estimate_second_surface(
    linear_rgb: Array, coc_radius_px: Array, reach_px: int
) -> Surface:
    """Return a second surface continued from the farther surfaces nearby.

    A blurred foreground is transparent near its edge and shows what no picture of the
    first surface holds.  Each blurred pixel is given the mean of the farthest surface
    in its neighbourhood, the neighbourhood doubling until something distinctly farther
    is in it, up to about twice the pixel's own CoC radius.

    Parameters
    ----------
    linear_rgb : float array (H, W, C)
    coc_radius_px : float array (H, W)
        Signed.
    reach_px : int
        The largest half-width of a kernel, >= 0; no pixel looks farther.

    Returns
    -------
    Surface
        Coverage is 1 where something farther was found, else 0.

    Notes
    -----
    A pyramid of 2 x 2 means that keep the farthest surface only, asked over 3 x 3 cells
    per level.  Colours become smoother with the distance from the edge, as the
    foreground becomes more opaque.
    """
    xp = array_namespace(linear_rgb)
    second_rgb = xp.zeros_like(linear_rgb)
    second_coc = xp.zeros_like(coc_radius_px)
    is_found = coc_radius_px != coc_radius_px
    level_rgb, level_coc = linear_rgb, coc_radius_px
    for level in range(math.ceil(math.log2(reach_px)) + 1 if reach_px else 0):
        around = _farthest(list(_neighbours(level_rgb, level_coc)))
        around_rgb, around_coc = (
            _magnified(plane, 2**level, coc_radius_px.shape) for plane in around
        )
        is_behind = around_coc - coc_radius_px > separation_px(around_coc)
        is_near = abs(coc_radius_px) > 2**level / 2
        is_new = is_behind & is_near & ~is_found
        second_rgb = xp.where(is_new[..., None], around_rgb, second_rgb)
        second_coc = xp.where(is_new, around_coc, second_coc)
        is_found = is_found | is_new
        level_rgb, level_coc = _farthest(list(_quarters(level_rgb, level_coc)))
    coverage = xp.asarray(is_found, dtype=coc_radius_px.dtype)
    return Surface(second_rgb, second_coc, coverage)


def _farthest(candidates: Sequence[_Candidate]) -> _Candidate:
    """Return the mean of the candidates that are as far as the farthest, per pixel."""
    xp = array_namespace(candidates[0][1])
    limit = candidates[0][1]
    for _, coc in candidates[1:]:
        limit = xp.where(coc > limit, coc, limit)
    separation = separation_px(limit)
    weights = [
        xp.clip(1 - (limit - coc) / separation, 0.0, 1.0) for _, coc in candidates
    ]
    total = sum(weights)
    shares = [weight / total for weight in weights]
    rgb = sum(
        share[..., None] * rgb
        for share, (rgb, _) in zip(shares, candidates, strict=True)
    )
    coc = sum(share * coc for share, (_, coc) in zip(shares, candidates, strict=True))
    return rgb, coc


def _neighbours(rgb: Array, coc: Array) -> Iterator[_Candidate]:
    """Yield the planes shifted over 3 x 3 cells, the border repeated."""
    height, width = coc.shape
    for down in (-1, 0, 1):
        rows = _shifted(height, down)
        for right in (-1, 0, 1):
            columns = _shifted(width, right)
            yield _taken(rgb, rows, columns), _taken(coc, rows, columns)


def _quarters(rgb: Array, coc: Array) -> Iterator[_Candidate]:
    """Yield the four pixels of every 2 x 2 block, the last row or column repeated."""
    height, width = coc.shape
    for down in (0, 1):
        rows = _shifted(height, down, step=2)
        for right in (0, 1):
            columns = _shifted(width, right, step=2)
            yield _taken(rgb, rows, columns), _taken(coc, rows, columns)


def _magnified(plane: Array, factor: int, shape: tuple[int, ...]) -> Array:
    """Return each cell repeated over the pixels that it stands for."""
    height, width = shape
    return _taken(plane, np.arange(height) // factor, np.arange(width) // factor)


def _shifted(size: int, offset: int, step: int = 1) -> _Indices:
    """Return every step-th index moved by an offset, held inside 0..size."""
    return np.clip(np.arange(0, size, step) + offset, 0, size - 1)


def _taken(plane: Array, rows: _Indices, columns: _Indices) -> Array:
    """Return the given rows and columns of a plane."""
    xp = array_namespace(plane)
    part = xp.take(plane, asarray_like(rows, plane, dtype=xp.int64), axis=0)
    return xp.take(part, asarray_like(columns, plane, dtype=xp.int64), axis=1)
