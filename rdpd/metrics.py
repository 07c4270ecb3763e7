"""How near a picture is to its target. Pictures are (H, W, 3) in [0, 1], encoded."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[Any]

SSIM_WINDOW = 7
_C1, _C2 = 0.01**2, 0.03**2


def psnr(output: Picture, target: Picture) -> float:
    """Return the peak signal-to-noise ratio in dB; +inf for equal pictures.

    Examples
    --------
    >>> psnr(np.full((8, 8, 3), 0.6), np.full((8, 8, 3), 0.5))
    20.0
    """
    error = mse(output, target)
    return round(-10.0 * math.log10(error), 10) if error > 0 else math.inf


def mse(output: Picture, target: Picture) -> float:
    """Return the mean squared error."""
    first, second = _pair(output, target)
    return float(np.mean(np.square(first - second)))


def mae(output: Picture, target: Picture) -> float:
    """Return the mean absolute error."""
    first, second = _pair(output, target)
    return float(np.mean(np.abs(first - second)))


def ssim(output: Picture, target: Picture) -> float:
    """Return the structural similarity, mean of the channels.

    Windows of 7 x 7 equal weights that lie inside the picture, sample (co)variances,
    K1 = 0.01, K2 = 0.03, peak 1: as scikit-image's default, which the authors use.

    Raises
    ------
    ValueError
        If a side is shorter than the window.

    References
    ----------
    Wang et al. (2004).
    """
    x, y = _pair(output, target)
    if min(x.shape[:2]) < SSIM_WINDOW:
        raise ValueError(
            f"pictures of {x.shape[1]} x {x.shape[0]} pixels are smaller than the SSIM "
            f"window of {SSIM_WINDOW}"
        )
    mean_x, mean_y = _window_mean(x), _window_mean(y)
    # Sample covariance: n / (n - 1) of the mean of products less product of means.
    sample = SSIM_WINDOW**2 / (SSIM_WINDOW**2 - 1)
    var_x = sample * (_window_mean(x * x) - mean_x**2)
    var_y = sample * (_window_mean(y * y) - mean_y**2)
    cov = sample * (_window_mean(x * y) - mean_x * mean_y)
    luminance = (2 * mean_x * mean_y + _C1) / (mean_x**2 + mean_y**2 + _C1)
    structure = (2 * cov + _C2) / (var_x + var_y + _C2)
    return float(np.mean(luminance * structure))


def _window_mean(picture: Picture) -> Picture:
    """Return the mean of every window that lies inside the picture."""
    margin = SSIM_WINDOW // 2
    means = cv2.blur(picture, (SSIM_WINDOW, SSIM_WINDOW))
    return means[margin:-margin, margin:-margin]


def _pair(output: Picture, target: Picture) -> tuple[Picture, Picture]:
    if output.shape != target.shape or output.ndim != 3:
        raise ValueError(
            f"output has shape {output.shape}, target {target.shape}; expected equal "
            "ones, (H, W, 3)"
        )
    for name, picture in (("output", output), ("target", target)):
        if not np.issubdtype(picture.dtype, np.floating):
            raise TypeError(
                f"{name} is {picture.dtype}; expected floats in [0, 1]: divide by the "
                "largest code"
            )
        if not np.isfinite(picture).all():
            raise ValueError(f"{name} holds NaN or infinity; expected values in [0, 1]")
    return output.astype(np.float64), target.astype(np.float64)
