"""NIQE: how far a picture's local statistics are from those of good pictures.

The score is a distance between two multivariate Gaussians of 36 features per block:
of the picture, and of a reference model that `fit` makes from pictures that are good.

References
----------
Mittal, Soundararajan & Bovik (2013).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import gamma
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rdpd.resize import resize_cubic

Array = NDArray[np.float64]

BLOCK_PX = 96
SHARPNESS_THRESHOLD = 0.75
"""Blocks at least this sharp, over the sharpest of their picture, make the model."""

FEATURES = 36
_SCALES = (1, 2)
_SHIFTS = ((0, 1), (1, 0), (1, 1), (1, -1))
_WINDOW_PX, _WINDOW_SIGMA_PX = 7, 7 / 6
_FORMAT = 1


@dataclass(frozen=True)
class NiqeModel:
    """Statistics of good pictures.

    Parameters
    ----------
    mean : float64 array (36,)
    covariance : float64 array (36, 36)
    sharpness_threshold : float
        That it was fitted with.
    rows : int
        Blocks that it was fitted to.
    """

    mean: Array
    covariance: Array
    sharpness_threshold: float
    rows: int

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        described = {
            "format": _FORMAT,
            "mean": self.mean.tolist(),
            "covariance": self.covariance.tolist(),
            "sharpness_threshold": self.sharpness_threshold,
            "rows": self.rows,
        }
        path.write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> NiqeModel:
        """Return the model that `save` wrote.

        Raises
        ------
        ValueError
            If the file is none.
        """
        try:
            described: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            model = cls(
                np.array(described["mean"], np.float64),
                np.array(described["covariance"], np.float64),
                float(described["sharpness_threshold"]),
                int(described["rows"]),
            )
        except (
            KeyError,
            TypeError,
            ValueError,
            OverflowError,
            RecursionError,
        ) as error:
            raise ValueError(f"{path}: not a NIQE model of ours ({error})") from None
        shapes = model.mean.shape, model.covariance.shape
        if shapes != ((FEATURES,), (FEATURES, FEATURES)):
            raise ValueError(
                f"{path}: shapes {shapes}; expected (36,) and (36, 36), mean and "
                "covariance"
            )
        if not (np.isfinite(model.mean).all() and np.isfinite(model.covariance).all()):
            raise ValueError(f"{path}: mean or covariance holds what is no number")
        return model


def niqe(picture: NDArray[Any], model: NiqeModel) -> float:
    """Return the score of a picture; lower is more natural.

    Parameters
    ----------
    picture : array (H, W, 3)
        Encoded colour in [0, 1], RGB; each side at least 96 pixels.
    model : NiqeModel

    Raises
    ------
    ValueError
        If the picture has no whole block.
    """
    rows, _ = block_features(luminance(picture))
    mean, covariance = _moments(rows)
    difference = model.mean - mean
    inverse = np.linalg.pinv((model.covariance + covariance) / 2)
    return float(np.sqrt(difference @ inverse @ difference))


def fit(
    pictures: Iterable[NDArray[Any]], sharpness_threshold: float = SHARPNESS_THRESHOLD
) -> NiqeModel:
    """Return the model of good pictures.

    Of each picture the blocks count whose mean local deviation exceeds the threshold
    times that of its sharpest block; 0 takes all.

    Raises
    ------
    ValueError
        If there are too few blocks for a covariance of 36 features.
    """
    chosen: list[Array] = []
    for picture in pictures:
        rows, sharpness = block_features(luminance(picture))
        chosen.append(rows[sharpness > sharpness_threshold * sharpness.max()])
    stacked = np.concatenate(chosen) if chosen else np.zeros((0, FEATURES))
    count = int(np.isfinite(stacked).all(axis=1).sum())
    if count <= FEATURES:
        raise ValueError(
            f"{count} blocks of {BLOCK_PX} pixels are too few to fit {FEATURES} "
            "features to; give more or larger pictures, or a lower sharpness_threshold"
        )
    return NiqeModel(*_moments(stacked), sharpness_threshold, count)


def luminance(picture: NDArray[Any]) -> Array:
    """Return MATLAB's rgb2gray of a picture in [0, 1], as whole codes 0..255."""
    weights = np.array([0.298936021293775, 0.587043074451121, 0.114020904255103])
    return np.floor(np.asarray(picture, np.float64) @ weights * 255.0 + 0.5)


def block_features(codes: Array) -> tuple[Array, Array]:
    """Return the features (blocks, 36) of a luminance in codes, and their sharpness.

    Raises
    ------
    ValueError
        If a side is shorter than a block.
    """
    down, across = (side // BLOCK_PX for side in codes.shape)
    if not down or not across:
        raise ValueError(
            f"a picture of {codes.shape[1]} x {codes.shape[0]} pixels has no block of "
            f"{BLOCK_PX} x {BLOCK_PX}"
        )
    codes = codes[: down * BLOCK_PX, : across * BLOCK_PX]
    features: list[Array] = []
    sharpness = np.zeros(0)
    for scale in _SCALES:
        normalised, deviation = _normalised(codes)
        side = BLOCK_PX // scale
        features.append(
            np.array([_features_of(b) for b in _blocks(normalised, down, across, side)])
        )
        if scale == 1:
            means = [b.mean() for b in _blocks(deviation, down, across, side)]
            sharpness = np.array(means)
            codes = resize_cubic(codes, 0.5)
    return np.concatenate(features, axis=1), sharpness


def _normalised(codes: Array) -> tuple[Array, Array]:
    """Return codes less their local mean, over their local deviation plus 1; and it."""
    window = cv2.getGaussianKernel(_WINDOW_PX, _WINDOW_SIGMA_PX, cv2.CV_64F)

    def mean(values: Array) -> Array:
        border = cv2.BORDER_REPLICATE
        blurred = cv2.sepFilter2D(values, -1, window, window, borderType=border)
        return np.asarray(blurred, np.float64)

    local = mean(codes)
    deviation = np.sqrt(np.abs(mean(codes**2) - local**2))
    return (codes - local) / (deviation + 1.0), deviation


def _blocks(plane: Array, down: int, across: int, side: int) -> list[Array]:
    """Return blocks column by column, as MATLAB goes through them."""
    return [
        plane[row * side : (row + 1) * side, column * side : (column + 1) * side]
        for column in range(across)
        for row in range(down)
    ]


def _features_of(block: Array) -> Array:
    """Return the 18 features of one block."""
    alpha, left, right = _fit_aggd(block)
    features = [alpha, (left + right) / 2]
    for shift in _SHIFTS:
        product = block * np.roll(block, shift, axis=(0, 1))
        alpha, left, right = _fit_aggd(product)
        mean = (right - left) * gamma(2 / alpha) / gamma(1 / alpha)
        features += [alpha, mean, left, right]
    return np.array(features)


def _fit_aggd(values: Array) -> tuple[float, float, float]:
    """Return shape and scales of an asymmetric generalised Gaussian, by moments."""
    flat = values.ravel()
    below, above = flat[flat < 0], flat[flat > 0]
    if not below.size or not above.size:
        return float("nan"), float("nan"), float("nan")
    left, right = np.sqrt(np.mean(below**2)), np.sqrt(np.mean(above**2))
    ratio = left / right
    flatness = np.mean(np.abs(flat)) ** 2 / np.mean(flat**2)
    wanted = flatness * (ratio**3 + 1) * (ratio + 1) / (ratio**2 + 1) ** 2
    shapes, curve = _shape_table()
    alpha = float(shapes[np.argmin(np.square(curve - wanted))])
    scale = np.sqrt(gamma(1 / alpha) / gamma(3 / alpha))
    return alpha, float(left * scale), float(right * scale)


@functools.cache
def _shape_table() -> tuple[Array, Array]:
    """Return shapes 0.2..10 and the ratio of squared mean to mean square of each."""
    shapes = np.arange(0.2, 10.0005, 0.001)
    first, second, third = (np.vectorize(gamma)(n / shapes) for n in (1, 2, 3))
    return shapes, second**2 / (first * third)


def _moments(rows: Array) -> tuple[Array, Array]:
    """Return the mean, and the covariance of the rows without NaN."""
    whole = rows[np.isfinite(rows).all(axis=1)]
    if len(whole) < 2:
        return np.nanmean(rows, axis=0), np.zeros((FEATURES, FEATURES))
    return np.nanmean(rows, axis=0), np.cov(whole, rowvar=False)
