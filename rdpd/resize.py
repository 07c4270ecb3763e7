"""Pictures at another size, as MATLAB's imresize makes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SUPPORT = 2.0  # half width of the cubic kernel, pixels of the finer grid


def resize_cubic(plane: NDArray[Any], scale: float) -> NDArray[np.float64]:
    """Return a plane at ``scale`` times its size, bicubic, with antialiasing.

    Cubic convolution with a = -1/2; for a reduction the kernel is widened by 1 / scale.
    Borders are mirrored, the border pixel repeated.

    Parameters
    ----------
    plane : array (H, W)
    scale : float
        > 0; sides become ceil(scale * side).

    References
    ----------
    Keys (1981).

    Examples
    --------
    >>> resize_cubic(np.ones((5, 6)), 0.5).round(12).tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    down = _weights(plane.shape[0], scale) @ np.asarray(plane, np.float64)
    return down @ _weights(plane.shape[1], scale).T


def _weights(size: int, scale: float) -> NDArray[np.float64]:
    """Return the matrix (new size, size) that resamples one axis."""
    new_size = int(np.ceil(size * scale))
    narrowing = min(scale, 1.0)
    reach = _SUPPORT / narrowing
    # Centre of each new pixel on the old grid, pixel centres at whole numbers.
    centre = (np.arange(new_size) + 0.5) / scale - 0.5
    first = np.floor(centre - reach).astype(int)
    taps = first[:, None] + np.arange(int(np.ceil(2 * reach)) + 2)
    weight = _cubic(narrowing * (centre[:, None] - taps))
    weight /= weight.sum(axis=1, keepdims=True)
    folded = taps % (2 * size)
    column = np.minimum(folded, 2 * size - 1 - folded)
    matrix = np.zeros((new_size, size))
    np.add.at(matrix, (np.arange(new_size)[:, None], column), weight)
    return matrix


def _cubic(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Keys's kernel, a = -1/2."""
    x = np.abs(distance)
    near = (1.5 * x - 2.5) * x**2 + 1.0
    far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    return np.where(x <= 1.0, near, np.where(x < _SUPPORT, far, 0.0))
