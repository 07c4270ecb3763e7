"""The pupil behind each PSF: how much light passes where, for rays to be weighted by.

Defocus draws the pupil's transmission, scaled by the CoC radius, around every point; so
the density here, over the pupil in units of its radius, *is* the PSF before pixels.
"""

from __future__ import annotations

import functools
import itertools
import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from dp_model.arrays import FloatArray
from dp_model.psf import ButterworthPsf, RampDiskPsf

PROFILE_RINGS = 256
"""Rings of equal width in the table of a radial transmission."""

_GAUSSIAN_REACH = 3.0  # standard deviations along each axis, as in `psf`
_DISTANCE_NODES = 96  # of Gauss-Legendre quadrature over the smoothed disc
_ANGLE_NODES = 32
_SAMPLES_ACROSS = 1024  # of a rasterised shape, along each axis


@dataclass(frozen=True)
class RadialTransmission:
    """A PSF from a table: any radial transmission under the linear ramp.

    Parameters
    ----------
    radii : tuple of float
        Rising from 0, in radii of the circle of confusion; the last is the rim, beyond
        which nothing passes. The ramp falls from -1 to 1 and is flat beyond.
    values : tuple of float
        Transmission at the radii, >= 0, in any unit; straight lines in between.

    Raises
    ------
    ValueError
        If the table is not one of rising radii and values >= 0, not all of them 0.

    Examples
    --------
    >>> disc = RadialTransmission((0.0, 1.0), (1.0, 1.0))
    >>> left, right = disc.kernels(3.0)
    >>> left.shape, bool(left[3, 1] > left[3, 5]), bool((right == left[:, ::-1]).all())
    ((7, 7), True, True)
    """

    radii: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.radii) < 2 or len(self.radii) != len(self.values):
            raise ValueError(
                "radii and values must be two or more, as many of the one as of the "
                f"other; got {len(self.radii)} and {len(self.values)}"
            )
        is_rising = all(a < b for a, b in itertools.pairwise(self.radii))
        if self.radii[0] != 0 or not is_rising or not math.isfinite(self.radii[-1]):
            raise ValueError(f"radii must rise from 0, in CoC radii; got {self.radii}")
        is_possible = all(math.isfinite(v) and v >= 0 for v in self.values)
        if not is_possible or not any(self.values):
            raise ValueError(
                f"values must be finite, >= 0 and not all 0; got {self.values}"
            )

    def kernels(self, coc_radius_px: float) -> tuple[FloatArray, FloatArray]:
        """Return the left and right PSF; see `psf.DualPixelPsf.kernels`."""
        return rasterised_pupil(self, coc_radius_px)

    def support_px(self, coc_radius_px: float) -> int:
        """Return the half-width of the kernels."""
        return _support_px(self, coc_radius_px)


PupilPsf: TypeAlias = ButterworthPsf | RampDiskPsf | RadialTransmission
"""A PSF whose shape is that of a pupil at every radius."""


def pupil_reach(psf: PupilPsf) -> float:
    """Return the half-width of the pupil, in CoC radii: 1, or more if smoothed.

    Examples
    --------
    >>> pupil_reach(RampDiskPsf()), pupil_reach(ButterworthPsf(3, 0.8, 0.1, 0.25))
    (1.0, 1.75)
    """
    if isinstance(psf, RampDiskPsf):
        return 1.0
    if isinstance(psf, ButterworthPsf):
        return 1 + _GAUSSIAN_REACH * psf.kappa
    return psf.radii[-1]


def left_transmission(psf: PupilPsf, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return what the left view sees through points of the pupil, at full exposure.

    Parameters
    ----------
    psf : PupilPsf
    x, y : arrays
        Points of the pupil in CoC radii, x to the right as seen from behind the camera.

    Returns
    -------
    array
        Light per unit of area: its integral over the pupil is 1. The right view sees
        the mirror image, the combined picture the mean of both.
    """
    if isinstance(psf, RampDiskPsf):
        half_chord = np.sqrt(np.clip(1 - y**2, 0, None))
        is_open = x**2 + y**2 <= 1
        # A ramp of height 2h over a chord of length 2h, h^2 = 1 - y^2: the integral
        # of 2 h^2 over y is 8/3.
        return np.clip(half_chord - x, 0, None) * is_open / (8 / 3)
    profile = radial_profile(psf)
    value = np.interp(np.hypot(x, y), profile.radii, profile.values, right=0.0)
    return value * np.clip(1 - x, 0, 2) / _light_within(profile)[-1]


def radial_profile(psf: ButterworthPsf | RadialTransmission) -> RadialTransmission:
    """Return the transmission without its ramp, over the distance from the centre.

    Examples
    --------
    >>> ring = radial_profile(ButterworthPsf(3, 0.8, 0.1, 0.0))
    >>> ring.values[0], round(ring.values[-1], 12)
    (0.1, 1.0)
    """
    return psf if isinstance(psf, RadialTransmission) else _butterworth_profile(psf)


def light_by_ring(psf: ButterworthPsf | RadialTransmission) -> FloatArray:
    """Return the share of the combined light inside each of equal steps of radius.

    Returns
    -------
    array (PROFILE_RINGS + 1,)
        Rising from 0 at the centre to 1 at `pupil_reach`: the table from which rays are
        spread over the pupil as the light is.
    """
    profile = radial_profile(psf)
    edges = np.linspace(0, pupil_reach(psf), PROFILE_RINGS + 1)
    radii = np.union1d(profile.radii, edges)
    values = np.interp(radii, profile.radii, profile.values)
    light = _light_within(RadialTransmission(tuple(radii), tuple(values)))
    return light[np.searchsorted(radii, edges)] / light[-1]


def rasterised_pupil(
    psf: PupilPsf, coc_radius_px: float
) -> tuple[FloatArray, FloatArray]:
    """Return the left and right PSF as the mean transmission over every pixel.

    See `psf.DualPixelPsf.kernels` for shape and sign.
    """
    support_px = _support_px(psf, coc_radius_px)
    if support_px == 0:
        return np.ones((1, 1)), np.ones((1, 1))
    size = 2 * support_px + 1
    per_pixel = math.ceil(_SAMPLES_ACROSS / size)
    centres_px = (np.arange(size * per_pixel) + 0.5) / per_pixel - size / 2
    unit = centres_px / abs(coc_radius_px)
    samples = left_transmission(psf, unit[None, :], unit[:, None])
    light = samples.reshape(size, per_pixel, size, per_pixel).sum(axis=(1, 3))
    kernel = light / light.sum()
    mirrored = np.ascontiguousarray(kernel[:, ::-1])
    return (kernel, mirrored) if coc_radius_px > 0 else (mirrored, kernel)


def _support_px(psf: PupilPsf, coc_radius_px: float) -> int:
    """Return the half-width of a kernel whose pixels hold all of the pupil."""
    if not math.isfinite(coc_radius_px):
        raise ValueError(f"coc_radius_px must be finite; got {coc_radius_px}")
    return max(0, math.ceil(pupil_reach(psf) * abs(coc_radius_px) - 0.5))


def _light_within(profile: RadialTransmission) -> FloatArray:
    """Return the integral of the transmission over the disc inside each radius."""
    a, b = np.array(profile.radii[:-1]), np.array(profile.radii[1:])
    at_a, at_b = np.array(profile.values[:-1]), np.array(profile.values[1:])
    # Exact for straight lines: the integral of 2 pi rho T over a ring.
    rings = np.pi / 3 * (b - a) * (at_a * (2 * a + b) + at_b * (a + 2 * b))
    return np.concatenate([[0.0], np.cumsum(rings)])


@functools.lru_cache(maxsize=64)
def _butterworth_profile(psf: ButterworthPsf) -> RadialTransmission:
    """Return the ring of `ButterworthPsf`, smoothed, at equal steps of radius.

    The Gaussian of `psf` is cut to a square of 3 standard deviations either way. As
    the ring is radial, the mean of its blur over all directions is the blur by the mean
    of the kernel over all directions: full up to 3, and beyond, up to the corners,
    the share of directions that lie inside the square.
    """
    radii = np.linspace(0, pupil_reach(psf), PROFILE_RINGS + 1)
    if psf.kappa == 0:
        values = _ring(psf, radii)
    else:
        values = np.array([_smoothed_ring(psf, radius) for radius in radii])
    return RadialTransmission(tuple(radii.tolist()), tuple(values.tolist()))


def _ring(psf: ButterworthPsf, rho: FloatArray) -> FloatArray:
    """Return the transmission before smoothing, for rho <= 1."""
    power = (rho / psf.alpha) ** (2 * psf.order)
    ring = power / (1 + power) * (1 + psf.alpha ** (2 * psf.order))
    return psf.beta + (1 - psf.beta) * ring


def _smoothed_ring(psf: ButterworthPsf, radius: float) -> float:
    """Return the ring, blurred by the Gaussian, at one radius; up to a factor."""
    reach = _GAUSSIAN_REACH * psf.kappa
    corner = math.sqrt(2) * reach
    # Gauss-Legendre over the part of the disc that the kernel covers: distance rho
    # from the centre, then the angle between 0 and where the kernel ends.
    nodes, weights = _gauss_legendre(_DISTANCE_NODES)
    low, high = max(0.0, radius - corner), min(1.0, radius + corner)
    if low >= high:
        return 0.0
    rho = (low + high) / 2 + (high - low) / 2 * nodes
    cosine = (radius**2 + rho**2 - corner**2) / np.maximum(2 * radius * rho, 1e-300)
    widest = np.arccos(np.clip(cosine, -1, 1))
    angle_nodes, angle_weights = _gauss_legendre(_ANGLE_NODES)
    angle = widest[:, None] * (1 + angle_nodes) / 2
    squared = radius**2 + rho[:, None] ** 2
    squared = squared - 2 * radius * rho[:, None] * np.cos(angle)
    distance = np.sqrt(np.clip(squared, 0, None))
    inside = np.minimum(1.0, reach / np.maximum(distance, reach))
    share = np.clip(1 - 4 / np.pi * np.arccos(inside), 0, None)
    kernel = np.exp(-0.5 * (distance / psf.kappa) ** 2) * share
    around = kernel @ angle_weights * widest  # both halves: twice [0, widest]
    return float((weights * rho * _ring(psf, rho) * around).sum() * (high - low) / 2)


@functools.lru_cache(maxsize=2)
def _gauss_legendre(count: int) -> tuple[FloatArray, FloatArray]:
    """Return the nodes in [-1, 1] and weights of Gauss-Legendre quadrature."""
    # NumPy has no types for it.
    nodes, weights = np.polynomial.legendre.leggauss(count)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return np.asarray(nodes, np.float64), np.asarray(weights, np.float64)
