"""What the published generator does, quirks included, for comparison.

From a reading of Abuolaim et al.'s ``synthetic_dp_defocus_blur_code``; nothing here is
its code.  Where it differs from the paper:

- camera set 1 is {4, 6, 5} (`camera.RELEASED_CAMERA_SETS`);
- the *diameter* of Eq. 1 serves as radius, is rounded to whole pixels, 0 becomes 1, and
  anything beyond 40 is 40;
- B is rescaled to [beta, 1] over the square around the disc, corners included;
- the Gaussian's kernel is a seventh of the disc's, not sigma = 0.14 r;
- the ramp goes by pixel index over the padded kernel, so that in focus it is [1, .5, 0]
  and the views are a pixel apart;
- half of the range of alpha and of beta;
- 8-bit encoded colour is blurred, clipped at white (here: encoded, but not rounded);
- each pixel takes its colour from the whole picture blurred for that pixel's depth (a
  gather under hard masks): silhouettes stay sharp and foreground colour bleeds out;
- the picture is continued by its mirror image without the border pixel repeated.

The release correlates with mirrored kernels; convolution with the kernels below is the
same.  It blurs the combined view apart; the mean of the encoded views equals that.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from dp_model.arrays import Array, FloatArray, array_namespace
from dp_model.blur import convolve
from dp_model.psf import DualPixelPsf
from dp_model.tiles import bounding_region, extended

MAX_RADIUS_PX = 40
"""The largest blur of the release."""


def released_coc_radius_px(coc_radius_px: Array) -> Array:
    """Return the release's whole-numbered CoC "radius" from the radius of Eq. 1.

    Examples
    --------
    >>> released_coc_radius_px(np.array([-50.0, -0.9, 0.0, 0.1, 0.8])).tolist()
    [-40.0, -2.0, 1.0, 1.0, 2.0]
    """
    xp = array_namespace(coc_radius_px)
    diameter = xp.clip(
        xp.round(2 * coc_radius_px), float(-MAX_RADIUS_PX), float(MAX_RADIUS_PX)
    )
    return xp.where(diameter == 0, xp.ones_like(diameter), diameter)


@dataclass(frozen=True)
class ReleasedPsf:
    """The release's PSF, drawn at whole-numbered radii.

    Parameters
    ----------
    order : int
        n of the Butterworth filter, >= 1.
    alpha : float
        Cut-off radius over the disc's, > 0; the release's own factor is 2/alpha.
    beta : float
        Value at the centre, in (0, 1].

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> left, _ = ReleasedPsf(3, 0.8, 0.1).kernels(1)
    >>> left.round(2).tolist()
    [[0.0, 0.24, 0.0], [0.49, 0.03, 0.0], [0.0, 0.24, 0.0]]
    """

    order: int
    alpha: float
    beta: float

    def __post_init__(self) -> None:
        if self.order < 1 or not self.alpha > 0 or not 0 < self.beta <= 1:
            raise ValueError(
                f"order must be >= 1, alpha > 0 and beta in (0, 1]; got {self}"
            )

    def kernels(self, coc_radius_px: float) -> tuple[FloatArray, FloatArray]:
        """Return the left and right PSF for a radius, rounded as the release does."""
        radius = _whole_radius(coc_radius_px)
        disc = self._disc(abs(radius))
        smooth = _smoothed(disc)
        ramp = np.linspace(1.0, 0.0, smooth.shape[1])
        near_left = smooth * ramp
        near_left = near_left / near_left.sum()
        mirrored = np.ascontiguousarray(near_left[:, ::-1])
        return (near_left, mirrored) if radius > 0 else (mirrored, near_left)

    def support_px(self, coc_radius_px: float) -> int:
        """Return the half-width of the kernels."""
        radius = abs(_whole_radius(coc_radius_px))
        return radius + _gaussian_size(2 * radius + 1) // 2

    def _disc(self, radius: int) -> FloatArray:
        """Return the depleted disc, rescaled over its square."""
        offset = np.arange(-radius, radius + 1)
        squared = offset[None, :] ** 2 + offset[:, None] ** 2
        power = (squared / (self.alpha * radius) ** 2) ** self.order
        butterworth = power / (1 + power)
        ring = self.beta + (1 - self.beta) * butterworth / butterworth.max()
        return ring * (squared <= radius**2)


RELEASED_BANK: tuple[ReleasedPsf, ...] = tuple(
    ReleasedPsf(order, alpha, beta)
    for order, alpha, beta in itertools.product((3, 6, 9), (0.8, 1.0), (0.1, 0.2))
)
"""The release's 12 shapes."""


def gather(
    encoded_planes: Array, coc_radius_px: Array, psf: DualPixelPsf
) -> tuple[Array, Array]:
    """Return left and right: at each pixel, the picture blurred for that pixel's depth.

    Parameters
    ----------
    encoded_planes : float array (C, H, W)
        In [0, 1].
    coc_radius_px : float array (H, W)
        From `released_coc_radius_px`.
    psf : DualPixelPsf

    Returns
    -------
    left, right : arrays (H, W, C)
        Encoded, as the input.
    """
    xp = array_namespace(encoded_planes)
    views = xp.stack([xp.zeros_like(encoded_planes)] * 2)
    for radius in range(-MAX_RADIUS_PX, MAX_RADIUS_PX + 1):
        mask = coc_radius_px == radius
        region = bounding_region(mask)
        if region is None:
            continue
        source = region.grown(psf.support_px(radius))
        blurred = convolve(
            extended(encoded_planes, source, "reflect"),
            np.stack(psf.kernels(radius)),
            region.relative_to(source),
        )
        part = (..., *region.slices)
        views[part] = xp.where(mask[region.slices], blurred, views[part])
    views = xp.moveaxis(views, 1, -1)
    return views[0, ...], views[1, ...]


def _whole_radius(coc_radius_px: float) -> int:
    """Return a radius as the release has it: whole, and never 0."""
    if not math.isfinite(coc_radius_px):
        raise ValueError(f"coc_radius_px must be finite; got {coc_radius_px}")
    return round(coc_radius_px) or 1


def _gaussian_size(disc_size: int) -> int:
    """Return the size of the Gaussian kernel: an odd number, about a seventh."""
    size = round(disc_size / 7) + 1
    return size + (size + 1) % 2


def _smoothed(disc: FloatArray) -> FloatArray:
    """Return the disc, padded by half a Gaussian kernel and smoothed with it."""
    size = _gaussian_size(disc.shape[0])
    half = size // 2
    sigma = 0.3 * ((size - 1) / 2 - 1) + 0.8
    weights = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    weights = weights / weights.sum()
    # Band matrix: column i holds the weights around row i of the padded disc.
    spread = np.zeros((disc.shape[0] + 2 * half, disc.shape[0]))
    for column in range(disc.shape[0]):
        spread[column : column + size, column] = weights
    return spread @ disc @ spread.T
