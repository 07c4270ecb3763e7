"""What is checked of the pixels of a stranger's file before they are believed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import UserError

MAX_SIDE_PX = 16384


def check_side(path: Path, *sides: int) -> None:
    """Refuse pictures too large to be meant.

    Raises
    ------
    UserError
        If a side is not 1 to 16384 pixels.
    """
    if not all(1 <= side <= MAX_SIDE_PX for side in sides):
        shown = " x ".join(str(side) for side in sides)
        raise UserError(f"{path}: {shown} pixels; expected sides of 1 to {MAX_SIDE_PX}")


def same_in_all(
    path: Path,
    channels: Mapping[str, NDArray[Any]],
    alpha: NDArray[Any] | None = None,
    opaque: float = 1.0,
) -> NDArray[Any]:
    """Return the numbers that channels hold alike, (H, W).

    Parameters
    ----------
    path : Path
    channels : dict
        Name -> (H, W).
    alpha : ndarray, optional
        Depth may be multiplied by it, so it must be 0 or ``opaque``.
    opaque : float

    Raises
    ------
    UserError
        If channels differ, or alpha is neither.
    """
    first, *others = channels.values()
    if not all(equal(first, other) for other in others):
        raise UserError(
            f"{path}: {', '.join(channels)} differ; expected depth, the same in each. "
            "A picture, or another coding?"
        )
    thin = np.zeros(0, bool) if alpha is None else (alpha > 0) & (alpha < opaque)
    if alpha is not None and thin.any():
        row, column = np.argwhere(thin)[0]
        raise UserError(
            f"{path}: alpha {alpha[row, column] / opaque:.3g} at row {row}, column "
            f"{column} of depth; expected 1, or 0 in the sky. Smoothed edges?"
        )
    return first


def equal(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Tell whether two arrays hold the same, NaN where there is NaN."""
    are_floats = one.dtype.kind == other.dtype.kind == "f"
    return np.array_equal(one, other, equal_nan=are_floats)
