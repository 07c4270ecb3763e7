"""Measures every mode of `dp_model` on a rendered case."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.signal import fftconvolve

from benchmarks.fidelity_suite.cases import PLANE_M
from benchmarks.fidelity_suite.measures import (
    BORDER_PX,
    LUMINANCE,
    centroid_separation_px,
    decibels,
    disparity_px,
    edge_band,
    rms,
    ssim,
)
from benchmarks.fidelity_suite.references import Reference
from dp_model.radiometry import encode_srgb
from dp_model.render import Mode, render_dual_pixel

Picture: TypeAlias = NDArray[np.float32]
Views: TypeAlias = tuple[Picture, Picture]

MODES = ("occlusion", "occlusion, second surface", "paper", "released", "no blur")
"""Ours from one surface, from two; what is published; and the target as it is."""

_PATCH_PX = 31
_STRIDE_PX = 16
_SMALLEST_BLUR_PX = 3.0  # below it a per cent of the separation drowns in the noise
_MOST_SLOPE = 0.1  # of the CoC radius, over a patch
# Disparity is the distance of the centroids only for detail that is large beside the
# blur: with a Gaussian of 1.5 CoC radii it is 2 % more, and the excess falls with the
# square.
_SMOOTHING = 3.0  # CoC radii
_CUT_SIGMAS = 2.0  # of the border, which the Gaussian fills with mirror images


@dataclass(frozen=True)
class Score:
    """One mode on one case.

    Parameters
    ----------
    psnr_db, edge_psnr_db : float
        Mean of both views, sRGB-encoded and clipped to [0, 1]; everywhere, and within
        `edge_band`. NaN where there is no edge.
    ssim : float
        Mean of both views.
    disparity_error : float
        Median over the flat patches of the disparity's distance from the true one,
        over that of the PSF's centroids there. NaN where there is no such patch,
        infinite where no shift of one view matches the other.
    seconds : float
        To make both views.
    """

    psnr_db: float
    edge_psnr_db: float
    ssim: float
    disparity_error: float
    seconds: float


@dataclass(frozen=True)
class Patch:
    """A part of the picture with no silhouette near, and hardly any slope."""

    rows: slice
    columns: slice
    coc_radius_px: float
    expected_px: float
    true_px: float


def views_of(reference: Reference, mode: str) -> Views:
    """Return left and right of a mode, without the margin."""
    case, frame = reference.case, reference.frame
    if mode == "no blur":
        return reference.sharp, reference.sharp
    if mode == "occlusion, second surface":
        rendered = render_dual_pixel(
            frame.linear_rgb, frame.depth_m, case.camera, case.psf, hidden=frame.hidden
        )
    else:
        rendered = render_dual_pixel(
            frame.linear_rgb,
            frame.depth_m,
            case.camera,
            case.psf,
            mode=cast(Mode, mode),
        )
    return rendered.left[reference.inner], rendered.right[reference.inner]


def compare(reference: Reference) -> dict[str, Score]:
    """Return the score of every mode."""
    coc = coc_radius_px(reference)
    band = edge_band(coc)
    flat = flat_patches(reference, coc, band)
    scores: dict[str, Score] = {}
    for mode in MODES:
        start_s = time.perf_counter()
        views = views_of(reference, mode)
        seconds = time.perf_counter() - start_s
        scores[mode] = _score(reference, views, band, flat, seconds)
    return scores


def coc_radius_px(reference: Reference) -> NDArray[np.float64]:
    """Return the CoC radius of the picture without its margin."""
    depth_m = reference.frame.depth_m[reference.inner].astype(np.float64)
    return reference.case.camera.coc_radius_px(depth_m)


def _score(
    reference: Reference,
    views: Views,
    band: NDArray[np.bool_],
    flat: list[Patch],
    seconds: float,
) -> Score:
    encoded = [_encoded(view) for view in views]
    truth = [_encoded(view) for view in (reference.left, reference.right)]
    pairs = list(zip(encoded, truth, strict=True))
    blurred = [p for p in flat if abs(p.coc_radius_px) >= _SMALLEST_BLUR_PX]
    return Score(
        psnr_db=_mean([decibels(rms(ours - true)) for ours, true in pairs]),
        edge_psnr_db=_mean([decibels(rms((a - b)[band])) for a, b in pairs])
        if band.any()
        else math.nan,
        ssim=_mean([ssim(ours, true) for ours, true in pairs]),
        disparity_error=_median(
            [abs(_measured(views, p) - p.true_px) / abs(p.expected_px) for p in blurred]
        ),
        seconds=seconds,
    )


def flat_patches(
    reference: Reference, coc: NDArray[np.float64], band: NDArray[np.bool_]
) -> list[Patch]:
    """Return the patches in which a disparity can be measured, and that of the truth.

    They lie on a grid; neither in them nor in their border is it near a silhouette.
    """
    case = reference.case
    patches: list[Patch] = []
    half = _PATCH_PX // 2
    height, width = coc.shape
    for row in range(half, height - half, _STRIDE_PX):
        for column in range(half + BORDER_PX, width - half - BORDER_PX, _STRIDE_PX):
            rows = slice(row - half, row + half + 1)
            columns = slice(column - half - BORDER_PX, column + half + BORDER_PX + 1)
            around = coc[rows, columns]
            middle = float(around.mean())
            if band[rows, columns].any() or np.ptp(around) > max(
                _MOST_SLOPE * abs(middle), _MOST_SLOPE
            ):
                continue
            expected = centroid_separation_px(case.psf.kernels(middle))
            truth = reference.left, reference.right
            true = disparity_px(_grey(truth, rows, columns), expected)
            if true is not None:
                patches.append(Patch(rows, columns, middle, expected, true))
    return patches


def _measured(views: Views, patch: Patch) -> float:
    """Return the disparity of a patch; infinite where there is none to be found."""
    measured = disparity_px(_grey(views, patch.rows, patch.columns), patch.expected_px)
    return math.inf if measured is None else measured


@dataclass(frozen=True)
class ControlScore:
    """What a plane tells: of the reference, and of our disparity.

    Parameters
    ----------
    convolution_db : float
        PSNR of the target, convolved once with the PSF, against the reference.
    noise_db : float
        Noise of the reference, as a PSNR is counted.
    psnr_db : float
        Of mode ``occlusion``.
    disparity_px, true_disparity_px, separation_px : float
        Of mode ``occlusion``, of the reference, and of the centroids of the PSF.
    """

    convolution_db: float
    noise_db: float
    psnr_db: float
    disparity_px: float
    true_disparity_px: float
    separation_px: float


def compare_control(reference: Reference) -> ControlScore:
    """Return what a fronto-parallel plane tells."""
    case = reference.case
    radius_px = float(case.camera.coc_radius_px(PLANE_M))
    kernels = case.psf.kernels(radius_px)
    convolved = [
        fftconvolve(reference.frame.linear_rgb, kernel[..., None], "same", axes=(0, 1))
        for kernel in kernels
    ]
    views = views_of(reference, "occlusion")
    sigma = max(1.0, _SMOOTHING * abs(radius_px))
    separation = centroid_separation_px(kernels)
    ours, true = (
        disparity_px(_smoothed(pair, sigma), separation)
        for pair in (views, (reference.left, reference.right))
    )
    return ControlScore(
        convolution_db=_psnr([view[reference.inner] for view in convolved], reference),
        noise_db=decibels(reference.noise),
        psnr_db=_psnr(list(views), reference),
        disparity_px=math.nan if ours is None else ours,
        true_disparity_px=math.nan if true is None else true,
        separation_px=separation,
    )


def _psnr(views: list[Picture], reference: Reference) -> float:
    truth = reference.left, reference.right
    return _mean(
        [
            decibels(rms(_encoded(ours) - _encoded(true)))
            for ours, true in zip(views, truth, strict=True)
        ]
    )


def _grey(
    views: Views, rows: slice, columns: slice
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    left, right = (view[rows, columns].astype(np.float64) @ LUMINANCE for view in views)
    return left, right


def _smoothed(
    views: Views, sigma: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both views in grey, smoothed, without the border that suffers from it."""
    left, right = _grey(views, slice(None), slice(None))
    cut = max(1, round(_CUT_SIGMAS * sigma))
    inside = slice(cut, -cut), slice(cut, -cut)
    return gaussian_filter(left, sigma)[inside], gaussian_filter(right, sigma)[inside]


def _encoded(view: Picture) -> NDArray[np.float64]:
    return np.asarray(encode_srgb(np.clip(view, 0.0, 1.0)), np.float64)


def _mean(values: list[float]) -> float:
    return float(np.mean(values))


def _median(values: list[float]) -> float:
    return float(np.median(values)) if values else math.nan
