"""How far apart two pictures are, and two views of one."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.metrics import structural_similarity

FloatArray: TypeAlias = NDArray[np.floating[Any]]
BoolArray: TypeAlias = NDArray[np.bool_]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
SILHOUETTE_PX = 1.0  # jump in CoC radius that no slope of the charts reaches
BORDER_PX = 12  # the widest blur of the charts moves each view by half of it
_LEAST_SLOPE = 1e-5  # per pixel, root-mean-square: below it is rounding
_ITERATIONS = 20
_CONVERGED_PX = 1e-5


def rms(difference: FloatArray) -> float:
    """Return the root-mean-square of an array."""
    return float(np.sqrt(np.mean(np.square(difference, dtype=np.float64))))


def decibels(error: float) -> float:
    """Return the PSNR of a root-mean-square error, full scale 1.

    Examples
    --------
    >>> round(decibels(0.01), 6)
    40.0
    """
    return float(-20 * np.log10(max(error, 1e-12)))


def ssim(encoded: FloatArray, truth: FloatArray) -> float:
    """Return the structural similarity of Wang et al. (2004), Gaussian windows."""
    similarity: Any = structural_similarity(
        encoded, truth, data_range=1.0, channel_axis=-1, gaussian_weights=True,
        sigma=1.5, use_sample_covariance=False,
    )  # fmt: skip
    return float(similarity)


def edge_band(coc_radius_px: FloatArray) -> BoolArray:
    """Return the pixels within one blur radius of a silhouette, (H, W).

    A silhouette is where the CoC radius jumps by more than `SILHOUETTE_PX` between
    neighbours, *and* by more than that beyond what its slope on either side makes; its
    blur radius is the larger of the two.
    """
    radius = np.zeros_like(coc_radius_px)
    for axis in (0, 1):
        coc = np.moveaxis(coc_radius_px, axis, 0)
        step = np.diff(coc, axis=0)
        around = np.pad(step, ((1, 1), (0, 0)), mode="edge")
        slope = np.minimum(abs(around[:-2]), abs(around[2:]))
        is_silhouette = abs(step) > SILHOUETTE_PX + slope
        larger = np.maximum(abs(coc[:-1]), abs(coc[1:])) * is_silhouette
        target = np.moveaxis(radius, axis, 0)
        np.maximum(target[:-1], larger, out=target[:-1])
        np.maximum(target[1:], larger, out=target[1:])
    band = np.zeros(radius.shape, np.bool_)
    for reach in np.unique(np.ceil(radius[radius > 0])):
        is_this = np.ceil(radius) == reach
        band |= ndimage.distance_transform_edt(~is_this) <= reach
    return band


def disparity_px(
    views: tuple[FloatArray, FloatArray], expected_px: float
) -> float | None:
    """Return how far a patch lies further right in the left view, in pixels.

    By least squares over a shift of both, half each way, from the expected one on.
    None where the patch has too little texture to tell.

    Parameters
    ----------
    views : two ndarrays (H, W)
        Left and right, with a border of `BORDER_PX` columns on either side, from which
        they may move in.
    expected_px : float
    """
    left, right = views
    inside = (slice(None), slice(BORDER_PX, -BORDER_PX))
    shift = expected_px
    for _ in range(_ITERATIONS):
        moved_left = _moved(left, -shift / 2)
        moved_right = _moved(right, shift / 2)
        slope = np.gradient((moved_left + moved_right) / 2, axis=1)[inside]
        error = (moved_left - moved_right)[inside]
        weight = np.sum(slope**2)
        if weight < _LEAST_SLOPE**2 * error.size:
            return None
        change = -float(np.sum(error * slope) / weight)
        shift += change
        if abs(change) < _CONVERGED_PX:
            return shift
        if abs(shift / 2) > BORDER_PX:
            return None
    return None


def _moved(picture: FloatArray, columns: float) -> FloatArray:
    """Return the picture moved to the right."""
    return ndimage.shift(picture, (0.0, columns), order=3, mode="nearest")


def centroid_separation_px(kernels: tuple[FloatArray, FloatArray]) -> float:
    """Return the column of the left kernel's centroid minus that of the right's."""
    left, right = kernels
    columns = np.arange(left.shape[1])
    return float((left.sum(axis=0) - right.sum(axis=0)) @ columns)
