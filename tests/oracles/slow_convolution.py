"""Convolution as the sum that defines it, a pixel at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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


def convolved(image: Floats, kernel: Floats, *, repeat_border: bool = True) -> Floats:
    """What each pixel gets from every pixel that spreads to it."""
    height, width = image.shape[:2]
    half = kernel.shape[0] // 2
    result = np.zeros_like(image, dtype=np.float64)
    for row in range(height):
        for column in range(width):
            for i in range(-half, half + 1):
                for j in range(-half, half + 1):
                    source_row = mirrored(row - i, height, repeat_border=repeat_border)
                    source_column = mirrored(
                        column - j, width, repeat_border=repeat_border
                    )
                    share = kernel[half + i, half + j]
                    result[row, column] += share * image[source_row, source_column]
    return result
