"""The seventh input channel: how far each pixel is from the middle of the picture."""

from __future__ import annotations

import torch
from torch import Tensor


def relative_radial_distance(height: int, width: int) -> Tensor:
    """Return the distance from the picture's middle over that of its corners.

    A patch is told where it comes from: cut it from this as from the picture.

    Parameters
    ----------
    height, width : int
        Of the whole picture, pixels.

    Returns
    -------
    Tensor (H, W) float32
        0 in the middle, 1 in the middles of the corner pixels.

    References
    ----------
    Abuolaim et al. (2021), section 4.

    Examples
    --------
    >>> relative_radial_distance(3, 3)[0].tolist()
    [1.0, 0.7071067690849304, 1.0]
    """
    down = torch.arange(height, dtype=torch.float64) - (height - 1) / 2
    across = torch.arange(width, dtype=torch.float64) - (width - 1) / 2
    distance = torch.hypot(down[:, None], across[None, :])
    farthest = distance.max()
    return (distance / farthest if farthest > 0 else distance).to(torch.float32)
