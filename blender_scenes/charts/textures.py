"""Textures (h, w, 3), scene-linear in 0.02..1, with detail down to 2 or 3 texels."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray: TypeAlias = NDArray[np.float64]

DARKEST, BRIGHTEST = 0.02, 1.0
_NOISE_SCALES_PX = (1.1, 2.5, 6.0, 16.0)
_EDGE_PX = 1.5  # half-width of the soft edges of drawn patterns, which must not alias


def blurred(values: FloatArray, sigma_px: float) -> FloatArray:
    """Return (H, W) smoothed by a Gaussian, as if it tiled the plane."""
    spread = [
        np.exp(-2 * (np.pi * sigma_px * np.fft.fftfreq(size)) ** 2)
        for size in values.shape
    ]
    spectrum = np.fft.fft2(values) * spread[0][:, None] * spread[1][None, :]
    return np.fft.ifft2(spectrum).real


def noise(rng: np.random.Generator, size: tuple[int, int]) -> FloatArray:
    """Return coloured noise with as much contrast at every scale; size is (w, h)."""
    width, height = size
    scales = [
        blurred(rng.standard_normal((height, width)), sigma) * sigma
        for sigma in _NOISE_SCALES_PX
    ]
    grey = sum(scales[1:], scales[0])
    tint = [blurred(rng.standard_normal((height, width)), 8.0) for _ in range(3)]
    colour = 0.55 * (grey / grey.std())[..., None] + 5.0 * np.stack(tint, axis=-1)
    return 0.05 + 0.85 / (1 + np.exp(-1.6 * colour))


def stripes(
    size: tuple[int, int], period_px: float, angle_rad: float, pair: ArrayLike
) -> FloatArray:
    """Return stripes of two colours (2, 3)."""
    x, y = _texels(size)
    phase = 2 * np.pi * (x * np.cos(angle_rad) + y * np.sin(angle_rad)) / period_px
    return _between(pair, _squared(np.sin(phase), period_px / (2 * np.pi)))


def checker(size: tuple[int, int], side_px: float, pair: ArrayLike) -> FloatArray:
    """Return a checkerboard of two colours (2, 3)."""
    waves = [
        _squared(np.sin(np.pi * t / side_px), side_px / np.pi) for t in _texels(size)
    ]
    return _between(pair, waves[0] * waves[1])


def bricks(rng: np.random.Generator, size: tuple[int, int]) -> FloatArray:
    """Return a wall of bricks of 22 x 10 texels, each of its own tone."""
    brick_width, brick_height = 22, 10
    x, y = (t.astype(np.int64) for t in _texels(size))
    row = y // brick_height
    x = x + row % 2 * (brick_width // 2)
    tone = rng.random((row.max() + 1, x.max() // brick_width + 1))[
        row, x // brick_width
    ]
    joint_px = np.minimum.reduce(
        [x % brick_width, -x % brick_width, y % brick_height, -y % brick_height]
    )
    is_brick = np.clip(joint_px / _EDGE_PX, 0, 1)[..., None]
    clay = np.array([0.55, 0.2, 0.12]) * (0.4 + 0.9 * tone[..., None])
    wall = is_brick * clay + (1 - is_brick) * np.array([0.45, 0.43, 0.4])
    return np.clip(wall * (1.2 - 0.5 * noise(rng, size)), DARKEST, BRIGHTEST)


def patchwork(rng: np.random.Generator, size: tuple[int, int]) -> FloatArray:
    """Return squares of noise, stripes, checks and flat colours."""
    texture = noise(rng, size)
    side = 64
    for top in range(0, size[1], side):
        for left in range(0, size[0], side):
            block = texture[top : top + side, left : left + side]
            kind = rng.integers(0, 5)
            pair = rng.uniform(0.03, 0.95, (2, 3))
            block_size = block.shape[1], block.shape[0]
            if kind == 1:
                angle_rad = rng.uniform(0, np.pi)
                block[:] = stripes(block_size, rng.uniform(4.5, 14), angle_rad, pair)
            elif kind == 2:
                block[:] = checker(block_size, rng.uniform(4, 12), pair)
            elif kind == 3:
                block[:] = pair[0]
    return texture


def _texels(size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Return the column and the row of every texel, (h, w) each."""
    y, x = np.mgrid[: size[1], : size[0]].astype(np.float64)
    return x, y


def _squared(wave: FloatArray, texels_per_radian: float) -> FloatArray:
    """Return a sine as a wave of -1 and 1 with soft edges."""
    return np.clip(wave * texels_per_radian / _EDGE_PX, -1, 1)


def _between(pair: ArrayLike, wave: FloatArray) -> FloatArray:
    """Return the first colour where the wave is 1, the second where it is -1."""
    first, second = np.asarray(pair, np.float64)
    share = (wave[..., None] + 1) / 2
    return share * first + (1 - share) * second
