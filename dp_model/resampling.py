"""A picture's values between its pixels."""

from typing import Any

import numpy as np
import numpy.typing as npt

from dp_model.arrays import Array, FloatArray, array_namespace, asarray_like


def sample_nearest(image: Array, positions: FloatArray) -> Array:
    """Return the pixel nearest to each position, of any dtype.

    Parameters
    ----------
    image : array (H, W) or (H, W, C)
    positions : float64 array (h, w, 2)
        Row and column, inside 0..H-1 and 0..W-1.

    Returns
    -------
    array (h, w) or (h, w, C)

    Examples
    --------
    >>> sample_nearest(np.array([[1, 2]]), np.array([[[0.0, 0.6]]])).tolist()
    [[2]]
    """
    nearest = np.floor(positions + 0.5).astype(np.int64)
    return _pixels(image, nearest[..., 0], nearest[..., 1])


def sample_cubic(image: Array, positions: FloatArray) -> Array:
    """Return the picture at fractional positions, not below zero.

    Cubic convolution with a = -1/2; the border pixels are repeated outwards.
    Parameters and result as in `sample_nearest`, for floats.

    References
    ----------
    Keys (1981).

    Examples
    --------
    >>> ramp = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> sample_cubic(ramp, np.array([[[0.0, 1.5]]])).tolist()
    [[2.5]]
    """
    xp = array_namespace(image)
    limits = np.array(image.shape[:2]) - 1
    base = np.floor(positions)
    row_weights, column_weights = (
        _cubic_weights((positions - base)[..., axis]) for axis in (0, 1)
    )
    base = base.astype(np.int64)
    total: Array = 0.0
    for i, row_weight in enumerate(row_weights, start=-1):
        rows = np.clip(base[..., 0] + i, 0, limits[0])
        for j, column_weight in enumerate(column_weights, start=-1):
            columns = np.clip(base[..., 1] + j, 0, limits[1])
            weight = asarray_like(row_weight * column_weight, image)
            if image.ndim == 3:
                weight = weight[..., None]
            total = total + weight * _pixels(image, rows, columns)
    return xp.clip(total, 0.0, None)


def _pixels(image: Array, rows: npt.NDArray[Any], columns: npt.NDArray[Any]) -> Array:
    """Return the pixels at whole rows and columns, as a picture."""
    xp = array_namespace(image)
    height, width = image.shape[:2]
    flat = xp.reshape(image, (height * width, *image.shape[2:]))
    index = asarray_like((rows * width + columns).ravel(), image, dtype=xp.int64)
    return xp.reshape(
        xp.take(flat, index, axis=0), (*rows.shape, *tuple(image.shape[2:]))
    )


def _cubic_weights(fraction: FloatArray) -> tuple[FloatArray, ...]:
    """Return Keys's weights of the pixels at -1, 0, 1 and 2 from the one below."""
    t = fraction
    return (
        ((-0.5 * t + 1) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1,
        ((-1.5 * t + 2) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    )


def pooled(planes: Array, step: int) -> Array:
    """Return the means of squares of pixels.

    Parameters
    ----------
    planes : float array (P, H, W)
        Sides are multiples of ``step``.
    step : int
        A power of two.

    Examples
    --------
    >>> pooled(np.array([[[1.0, 3.0], [1.0, 3.0]]]), 2).tolist()
    [[[2.0]]]
    """
    while step > 1:
        planes = planes[..., ::2] + planes[..., 1::2]
        planes = (planes[..., ::2, :] + planes[..., 1::2, :]) * 0.25
        step //= 2
    return planes


def doubled(cells: Array) -> Array:
    """Return planes on a grid twice as fine, by linear interpolation.

    Parameters
    ----------
    cells : float array (..., h, w)

    Returns
    -------
    array (..., 2 h - 4, 2 w - 4)
        Without the outermost cells.

    Examples
    --------
    >>> doubled(np.array([[0.0, 0.0, 4.0, 4.0]] * 3)).tolist()
    [[0.0, 1.0, 3.0, 4.0], [0.0, 1.0, 3.0, 4.0]]
    """
    xp = array_namespace(cells)
    for axis in (-2, -1):
        size: int = cells.shape[axis]
        after = [slice(None)] * (-1 - axis)
        before, middle, behind = (
            cells[(..., slice(start, start + size - 2), *after)] for start in range(3)
        )
        middle = 0.75 * middle
        halves = xp.stack([middle + 0.25 * before, middle + 0.25 * behind], axis=axis)
        shape = list(cells.shape)
        shape[axis] = 2 * (size - 2)
        cells = xp.reshape(halves, tuple(shape))
    return cells
