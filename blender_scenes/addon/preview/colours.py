"""Colours for the blur radius, and the anaglyph of two views."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]

LEAST_LIMIT_PX = 1.0
"""Smallest radius at full colour: noise of a hundredth of a pixel is no blur."""

_SHARES = (-1.0, -0.5, 0.0, 0.5, 1.0)
_COLOURS = np.array(
    [
        (0.08, 0.25, 0.60),
        (0.42, 0.66, 0.90),
        (1.00, 1.00, 1.00),
        (0.96, 0.58, 0.46),
        (0.66, 0.06, 0.12),
    ]
)


def heat_limit_px(coc_radius_px: FloatArray) -> float:
    """Return the radius that gets full colour in a picture: its largest, in pixels."""
    return max(LEAST_LIMIT_PX, float(np.abs(coc_radius_px).max(initial=0.0)))


def coc_heat(coc_radius_px: FloatArray, limit: float) -> NDArray[np.float32]:
    """Return colours for signed radii: blue in front of focus, white in it, red behind.

    Parameters
    ----------
    coc_radius_px : ndarray of any shape
        > 0 behind focus.
    limit : float
        Radius in pixels, > 0, from which on the colour is full.

    Returns
    -------
    ndarray (..., 3) float32
        Display-referred, 0 to 1.

    Examples
    --------
    >>> coc_heat(np.array(0.0), 3.0).tolist()
    [1.0, 1.0, 1.0]
    """
    share = np.clip(coc_radius_px / limit, -1.0, 1.0)
    planes = [np.interp(share, _SHARES, _COLOURS[:, band]) for band in range(3)]
    return np.stack(planes, axis=-1).astype(np.float32)


def anaglyph(left: FloatArray, right: FloatArray) -> FloatArray:
    """Return one picture for red-cyan glasses, the red glass on the left eye.

    Parameters
    ----------
    left, right : ndarray (H, W, 3)
        Scene-linear.

    Returns
    -------
    ndarray (H, W, 3)
        Scene-linear: red of the left view, green and blue of the right one.
    """
    return np.concatenate([left[..., :1], right[..., 1:]], axis=-1)
