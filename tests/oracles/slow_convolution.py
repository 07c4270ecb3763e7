"""Convolution as the sum that defines it, a pixel at a time."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Border = Literal["symmetric", "reflect", "zero"]
"""Beyond the picture: cba|abc, cb|abc, or nothing."""


def mirrored(index: int, size: int, *, repeat_border: bool) -> int:
    """The pixel that a mirror at each border shows at an index outside."""
    while not 0 <= index < size:
        if size == 1:
            return 0
        if index < 0:
            index = -index - 1 if repeat_border else -index
        else:
            index = 2 * size - 1 - index - (0 if repeat_border else 1)
    return index


def pixel_at(image: Floats, row: int, column: int, border: Border) -> Floats:
    """The colour at a place that may be outside the picture."""
    height, width = image.shape[:2]
    if border != "zero":
        repeat_border = border == "symmetric"
        row = mirrored(row, height, repeat_border=repeat_border)
        column = mirrored(column, width, repeat_border=repeat_border)
    if 0 <= row < height and 0 <= column < width:
        return image[row, column].astype(np.float64)
    return np.zeros(image.shape[2])


def convolved(image: Floats, kernel: Floats, *, border: Border = "symmetric") -> Floats:
    """What each pixel of (H, W, C) gets from every pixel that spreads to it."""
    height, width = image.shape[:2]
    half = kernel.shape[0] // 2
    result = np.zeros(image.shape, dtype=np.float64)
    for row in range(height):
        for column in range(width):
            for i in range(-half, half + 1):
                for j in range(-half, half + 1):
                    share = kernel[half + i, half + j]
                    source = pixel_at(image, row - i, column - j, border)
                    result[row, column] += share * source
    return result
