"""A network on pictures of any size, whole or in tiles that overlap."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from rdpd.model import RDPD, SIZE_MULTIPLE, DPDNet
from rdpd.radial import relative_radial_distance

Picture = NDArray[np.float32]

DEFAULT_OVERLAP_PX = 64


def network_input(left: Tensor, right: Tensor, channels: int) -> Tensor:
    """Return (..., channels, H, W) from views (..., 3, H, W) in [0, 1].

    Left, right, and for seven channels the relative radial distance.
    """
    views = torch.cat([left, right], dim=-3)
    if channels == views.shape[-3]:
        return views
    height, width = left.shape[-2:]
    radial = relative_radial_distance(height, width).to(views)
    return torch.cat([views, radial.expand(*views.shape[:-3], 1, -1, -1)], dim=-3)


def deblur(
    model: RDPD | DPDNet,
    left: Picture,
    right: Picture,
    *,
    tile_px: int | None = None,
    overlap_px: int = DEFAULT_OVERLAP_PX,
) -> Picture:
    """Return the deblurred picture or sequence.

    Parameters
    ----------
    model : RDPD or DPDNet
        Computes on its own device, in its own precision.
    left, right : float array (H, W, 3) or (T, H, W, 3)
        Encoded colour in [0, 1].
    tile_px : int, optional
        Side of square tiles, a multiple of 16, for less memory; None: no tiles.
    overlap_px : int
        Pixels that neighbouring tiles share, blended across.

    Returns
    -------
    float32 array of the shape of ``left``

    Raises
    ------
    ValueError
        If the shapes differ, or tile and overlap don't fit.
    """
    if left.shape != right.shape or left.ndim not in (3, 4) or left.shape[-1] != 3:
        raise ValueError(
            f"left has shape {left.shape}, right {right.shape}; expected equal ones, "
            "(H, W, 3) or (T, H, W, 3)"
        )
    weight = next(model.parameters())
    views = [
        torch.from_numpy(np.ascontiguousarray(np.moveaxis(view, -1, -3)))
        .to(weight)
        .reshape(1, -1, 3, *left.shape[-3:-1])
        for view in (left, right)
    ]
    x = network_input(*views, channels=model.channels)
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            y = _tiled(model, x, tile_px, overlap_px) if tile_px else model(x)[0]
    finally:
        model.train(was_training)
    picture = np.moveaxis(y[0].float().cpu().numpy(), -3, -1)
    return np.ascontiguousarray(picture.reshape(left.shape))


def _tiled(model: RDPD | DPDNet, x: Tensor, tile_px: int, overlap_px: int) -> Tensor:
    """Return the output, put together from tiles; each has a state of its own."""
    if tile_px < SIZE_MULTIPLE or tile_px % SIZE_MULTIPLE:
        raise ValueError(f"tile_px {tile_px}: expected a multiple of {SIZE_MULTIPLE}")
    if not 0 <= overlap_px < tile_px:
        raise ValueError(f"overlap_px {overlap_px}: expected 0 to {tile_px - 1}")
    height, width = x.shape[-2:]
    total = x.new_zeros((*x.shape[:2], 3, height, width))
    weights = x.new_zeros((height, width))
    for top in _starts(height, tile_px, overlap_px):
        for left in _starts(width, tile_px, overlap_px):
            rows, columns = slice(top, top + tile_px), slice(left, left + tile_px)
            y = model(x[..., rows, columns])[0]
            weight = torch.outer(
                _blend(y.shape[-2], overlap_px), _blend(y.shape[-1], overlap_px)
            ).to(y)
            total[..., rows, columns] += y * weight
            weights[rows, columns] += weight
    return total / weights


def _starts(size: int, tile_px: int, overlap_px: int) -> list[int]:
    """Return where tiles start so that they cover a side, the last one flush.

    Examples
    --------
    >>> _starts(100, 64, 16), _starts(50, 64, 16)
    ([0, 36], [0])
    """
    last = max(size - tile_px, 0)
    return sorted({*range(0, last, tile_px - overlap_px), last})


def _blend(size: int, overlap_px: int) -> Tensor:
    """Return weights that rise from both ends over the overlap, never 0."""
    ends = torch.arange(1, size + 1, dtype=torch.float64)
    return torch.minimum(ends, ends.flip(0)).clamp(max=max(overlap_px, 1))
