"""How bright a picture should be, and the factor that makes it so; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.light.atmosphere import night_share
from blender_scenes.city.plan import Atmosphere

# Mean linear value of a picture, clipped at 1: by day, by night, and by day where
# white snow or fog fills the picture.
DAY_MEAN, NIGHT_MEAN, WHITE_MEAN = 0.2, 0.085, 0.26
# Fog between the camera and most of what a street shows.
_FOG_DEPTH_M = 60.0
# Share of what is no sky that may come near the top of the scale: lamps, glints.
HIGHLIGHT_SHARE = 0.02
HIGHLIGHT_TOP = 0.9


def exposure(
    linear_rgb: NDArray[np.float32], is_sky: NDArray[np.bool_], target_mean: float
) -> float:
    """Return the factor that exposes a picture well.

    Parameters
    ----------
    linear_rgb : ndarray (H, W, 3)
        Radiance at an exposure of 1.
    is_sky : ndarray (H, W) bool
    target_mean : float
        What the mean of the exposed picture, clipped at 1, becomes; less if more than
        `HIGHLIGHT_SHARE` of what is no sky would exceed `HIGHLIGHT_TOP` then.

    Examples
    --------
    >>> grey = np.full((4, 4, 3), 0.5, np.float32)
    >>> round(exposure(grey, np.zeros((4, 4), bool), 0.2), 3)
    0.4
    """
    low, high = 1e-3, 1e3
    for _ in range(60):
        middle = np.sqrt(low * high)
        is_dark = np.minimum(linear_rgb * middle, 1.0).mean() < target_mean
        low, high = (middle, high) if is_dark else (low, middle)
    ground = linear_rgb.max(axis=-1)[~is_sky]
    if ground.size:
        bright = float(np.quantile(ground, 1.0 - HIGHLIGHT_SHARE))
        low = min(low, HIGHLIGHT_TOP / max(bright, 1e-6))
    return float(low)


def target_mean(air: Atmosphere) -> float:
    """Return the mean that a picture in this light should have."""
    white = max(air.snow_cover, 1.0 - float(np.exp(-air.fog_per_m * _FOG_DEPTH_M)))
    by_day = DAY_MEAN + white * (WHITE_MEAN - DAY_MEAN)
    # By the sun, not the lamps, which are lit under a heavy sky at noon, too.
    night = night_share(float(np.degrees(air.sun_elevation_rad)))
    return by_day + night * (NIGHT_MEAN - by_day)
