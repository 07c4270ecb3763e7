"""The composed picture of the wipe: arrays in, array out."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def line_column(position: float, width_px: int) -> int:
    """Return the first column right of the line.

    Parameters
    ----------
    position : float
        Share of the picture's width that lies left of the line, 0 to 1.

    Examples
    --------
    >>> line_column(0.0, 5), line_column(0.5, 5), line_column(1.0, 5)
    (0, 2, 5)
    """
    return round(min(max(position, 0.0), 1.0) * width_px)


def wiped(
    first: NDArray[np.floating], second: NDArray[np.floating], column: int
) -> NDArray[np.floating]:
    """Return a picture (H, W, C): ``first`` before the column, ``second`` from it on.

    Raises
    ------
    ValueError
        If the views differ in shape.
    """
    if first.shape != second.shape:
        raise ValueError(
            f"the views must have one shape; got {first.shape} and {second.shape}"
        )
    picture = second.copy()
    picture[:, :column] = first[:, :column]
    return picture
