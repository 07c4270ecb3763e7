"""Small pictures of the PSF for the camera panel: left, right and their sum."""

# SPDX-License-Identifier: GPL-3.0-or-later

import numpy as np
from numpy.typing import NDArray

from dp_model.psf import DualPixelPsf
from dp_model.radiometry import encode_srgb

VIEWS = ("LEFT", "RIGHT", "SUM")
SIDE_PX = 65
_COC_RADIUS_PX = 22.0  # leaves room for the Gaussian's tail at the paper's kappa


def thumbnails(psf: DualPixelPsf) -> dict[str, NDArray[np.float32]]:
    """Return pictures of a point behind the focus, by view.

    Returns
    -------
    dict of float32 arrays (SIDE_PX, SIDE_PX, 4)
        Display-referred RGBA in [0, 1], the first row lowest, as Blender's icons have
        it.  One scale for all three: the brightest pixel of the sum is 1.

    Examples
    --------
    >>> from dp_model.psf import ButterworthPsf
    >>> pictures = thumbnails(ButterworthPsf(3, 0.8, 0.2, 0.14))
    >>> float(pictures["SUM"][..., 0].max()), pictures["LEFT"].shape
    (1.0, (65, 65, 4))
    """
    left, right = (_centre(kernel) for kernel in psf.kernels(_COC_RADIUS_PX))
    total = left + right
    lights = dict(zip(VIEWS, (left, right, total), strict=True))
    return {view: _picture(light / total.max()) for view, light in lights.items()}


def _centre(kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the middle of an odd-sized kernel, padded or cut to the icon's size."""
    missing = max(0, (SIDE_PX - kernel.shape[0]) // 2)
    padded = np.pad(kernel, missing)
    start = (padded.shape[0] - SIDE_PX) // 2
    return padded[start : start + SIDE_PX, start : start + SIDE_PX]


def _picture(light: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return light in [0, 1] as a grey opaque picture, bottom row first."""
    picture = np.ones((SIDE_PX, SIDE_PX, 4), np.float32)
    picture[..., :3] = encode_srgb(light[::-1, :, None])
    return picture
