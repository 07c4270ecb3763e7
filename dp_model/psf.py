"""Left and right point spread functions of a dual-pixel sensor.

Both shapes here scale with the radius of the circle of confusion, so each is drawn once
on the unit disc, finely, and then rasterised at any radius: every cell's share of the
light goes to the pixels that the cell overlaps.  That is exact for the drawn shape,
conserves its sum, and is continuous in the radius.
"""

import functools
import itertools
import math
import sys
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dp_model.arrays import FloatArray

_CELLS = 320  # across the drawn shape; 0.25 to 0.36 px per cell at a radius of 40 px
_SUPERSAMPLING = 4  # of a cell, for the rim of the disc
_GAUSSIAN_REACH = 3.0  # standard deviations kept; 0.1 % of a rim's light lies beyond


class DualPixelPsf(Protocol):
    """What a renderer asks of a point spread function."""

    def kernels(self, coc_radius_px: float) -> tuple[FloatArray, FloatArray]:
        """Return the left and right PSF for a signed CoC radius in pixels.

        Square float64 arrays of one odd size, non-negative, each summing to 1, for true
        convolution: the picture of a point is the kernel itself, rows down and columns
        to the right.
        """
        ...

    def support_px(self, coc_radius_px: float) -> int:
        """Return the half-width of the kernels: their size is 2*support + 1."""
        ...


@dataclass(frozen=True)
class ButterworthPsf:
    """The dual-pixel PSF of Abuolaim et al. (2021): a ring under a ramp.

    A disc with a depleted centre (Butterworth), smoothed by a Gaussian, times a linear
    ramp that falls from full at one rim to zero at the other.  Behind focus the left
    view's ramp is full at the left rim.

    Parameters
    ----------
    order : int
        n of the Butterworth filter, >= 1: how steep the ring's inner edge is.
    alpha : float
        Radius D_o of the filter's half-value over that of the disc, > 0.
    beta : float
        Value at the disc's centre, in (0, 1]; the rim has 1.
    kappa : float
        Standard deviation of the Gaussian over the radius of the disc, in [0, 1).

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Notes
    -----
    With rho = distance from the centre over the CoC radius, b = 1/(1 + (alpha/rho)^2n):
    H = (beta + (1 - beta) b(rho)/b(1)) on rho <= 1, convolved with a Gaussian cut at 3
    standard deviations; left = 2 H M, M = clip((1 - x/r)/2, 0, 1).  The paper's halves
    sum to 1/2 (Eq. 4); these are at full exposure, twice that.

    References
    ----------
    Abuolaim et al. (2021), Eq. 2-4.

    Examples
    --------
    >>> left, right = ButterworthPsf(3, 0.8, 0.1, 0.14).kernels(2.0)
    >>> left.shape, bool(left[3, 1] > left[3, 5]), bool((right == left[:, ::-1]).all())
    ((7, 7), True, True)
    """

    order: int
    alpha: float
    beta: float
    kappa: float

    def __post_init__(self) -> None:
        if not self.order >= 1:
            raise ValueError(f"order must be >= 1; got {self.order}")
        if not (math.isfinite(self.alpha) and self.alpha > 0):
            raise ValueError(f"alpha must be finite and > 0; got {self.alpha}")
        if not 0 < self.beta <= 1:
            raise ValueError(f"beta must be in (0, 1]; got {self.beta}")
        if not 0 <= self.kappa < 1:
            raise ValueError(
                f"kappa must be in [0, 1), a fraction of the CoC radius; "
                f"got {self.kappa}"
            )
        highest = self._highest_order
        if self.order > highest:
            raise ValueError(
                f"order must be at most {highest} with alpha {self.alpha:g}, beyond "
                f"which the Butterworth filter overflows; got {self.order}"
                if highest >= 1
                else f"alpha {self.alpha:g} makes the Butterworth filter overflow; "
                "expected a radius in CoC radii, such as 0.8"
            )

    def kernels(self, coc_radius_px: float) -> tuple[FloatArray, FloatArray]:
        """Return the left and right PSF; see `DualPixelPsf.kernels`."""
        support_px = self.support_px(coc_radius_px)
        return _rasterise(
            _butterworth_left(self), self._reach, coc_radius_px, support_px
        )

    def support_px(self, coc_radius_px: float) -> int:
        """Return the half-width of the kernels, the Gaussian's tail included."""
        return _support_px(self._reach, coc_radius_px)

    @property
    def _reach(self) -> float:
        """Half-width of the drawn shape, in CoC radii."""
        return 1 + _GAUSSIAN_REACH * self.kappa

    @property
    def _highest_order(self) -> int:
        """The largest n for which alpha^2n and (rho/alpha)^2n are finite numbers."""
        farthest = math.sqrt(2) * self._reach  # rho at the corner of what is drawn
        growth = max(math.log(self.alpha), math.log(farthest) - math.log(self.alpha))
        # A product of two powers and a sum with 1 follow: a factor e is left for them.
        return int((math.log(sys.float_info.max) - 1) / (2 * growth))


@dataclass(frozen=True)
class RampDiskPsf:
    """The dual-pixel PSF of Punnappurath et al. (2020): a disc dragged across itself.

    Each row is a ramp from that row's own chord end, so that the left view's PSF behind
    focus is proportional to sqrt(r^2 - y^2) - x on the disc.  The CoC radius is the
    only parameter.  Left and right add to the disc's chord lengths, not to a flat disc.

    References
    ----------
    Punnappurath et al. (2020).

    Examples
    --------
    >>> left, right = RampDiskPsf().kernels(-5.0)
    >>> bool(left[5, 10] > left[5, 0])
    True
    """

    def kernels(self, coc_radius_px: float) -> tuple[FloatArray, FloatArray]:
        """Return the left and right PSF; see `DualPixelPsf.kernels`."""
        support_px = self.support_px(coc_radius_px)
        return _rasterise(_ramp_disk_left(), 1.0, coc_radius_px, support_px)

    def support_px(self, coc_radius_px: float) -> int:
        """Return the half-width of the kernels."""
        return _support_px(1.0, coc_radius_px)


PAPER_BANK: tuple[ButterworthPsf, ...] = tuple(
    ButterworthPsf(order, alpha, beta, 0.14)
    for order, alpha, beta in itertools.product(
        (3, 6, 9), (0.4, 0.6, 0.8, 1.0), (0.1, 0.2, 0.3, 0.4)
    )
)
"""The 48 shapes of Abuolaim et al. (2021), section 5."""


@functools.lru_cache(maxsize=16)
def _butterworth_left(psf: ButterworthPsf) -> FloatArray:
    """Return the integral of the light: left, behind focus, unit radius."""
    reach = 1 + _GAUSSIAN_REACH * psf.kappa
    x, y = _subcell_centres(reach)
    rho = np.hypot(x, y)
    # power/(1 + power) is b(rho) without the division by rho = 0.
    power = (rho / psf.alpha) ** (2 * psf.order)
    ring = power / (1 + power) * (1 + psf.alpha ** (2 * psf.order))
    combined = _cell_means((psf.beta + (1 - psf.beta) * ring) * (rho <= 1))
    if psf.kappa > 0:
        gaussian = _gaussian_matrix(psf.kappa * _CELLS / (2 * reach))
        combined = gaussian @ combined @ gaussian.T
    ramp = np.clip((1 - _cell_centres(reach)) / 2, 0, 1)
    return _frozen_integral(combined * ramp)


@functools.lru_cache(maxsize=1)
def _ramp_disk_left() -> FloatArray:
    """Return the integral of the light: left, behind focus, unit radius."""
    x, y = _subcell_centres(1.0)
    half_chord = np.sqrt(np.clip(1 - y**2, 0, None))
    return _frozen_integral(
        _cell_means(np.clip(half_chord - x, 0, None) * (x**2 + y**2 <= 1))
    )


def _frozen_integral(light: FloatArray) -> FloatArray:
    """Return the share of the light above and left of each cell's corner.

    Read-only, because it is kept.
    """
    light_up_to = np.zeros((_CELLS + 1, _CELLS + 1))
    light_up_to[1:, 1:] = (light / light.sum()).cumsum(axis=0).cumsum(axis=1)
    light_up_to.flags.writeable = False
    return light_up_to


def _cell_centres(reach: float, cells: int = _CELLS) -> FloatArray:
    """Return the centres of equal cells over [-reach, reach]."""
    return ((np.arange(cells) + 0.5) / cells * 2 - 1) * reach


def _subcell_centres(reach: float) -> tuple[FloatArray, FloatArray]:
    """Return x as a row and y as a column, for the samples inside all cells."""
    centres = _cell_centres(reach, _CELLS * _SUPERSAMPLING)
    return centres[None, :], centres[:, None]


def _cell_means(samples: FloatArray) -> FloatArray:
    """Return the mean of the samples in each cell."""
    blocks = samples.reshape(_CELLS, _SUPERSAMPLING, _CELLS, _SUPERSAMPLING)
    return blocks.mean(axis=(1, 3))


def _gaussian_matrix(sigma_cells: float) -> FloatArray:
    """Return the matrix that smooths a column of cells by a cut Gaussian."""
    sigma_cells = max(sigma_cells, 1e-3)  # as narrow as none, and no overflow below
    offset = np.arange(_CELLS)[:, None] - np.arange(_CELLS)[None, :]
    is_kept = np.abs(offset) <= max(1.0, _GAUSSIAN_REACH * sigma_cells)
    return np.where(is_kept, np.exp(-0.5 * (offset / sigma_cells) ** 2), 0.0)


def _support_px(reach: float, coc_radius_px: float) -> int:
    """Return the half-width of a kernel whose pixels hold all of the shape."""
    if not math.isfinite(coc_radius_px):
        raise ValueError(f"coc_radius_px must be finite; got {coc_radius_px}")
    return max(0, math.ceil(reach * abs(coc_radius_px) - 0.5))


def _rasterise(
    light_up_to: FloatArray, reach: float, coc_radius_px: float, support_px: int
) -> tuple[FloatArray, FloatArray]:
    """Return the left and right kernels of a shape drawn for left, behind focus."""
    if support_px == 0:
        return np.ones((1, 1)), np.ones((1, 1))
    half_width_px = reach * abs(coc_radius_px)
    pixel_edges = np.arange(-support_px, support_px + 2) - 0.5
    cells = light_up_to.shape[0] - 1
    cell = np.clip((pixel_edges / half_width_px + 1) / 2 * cells, 0, cells)
    # Light is even within a cell, so its integral is a straight line there.
    whole = np.minimum(cell.astype(np.intp), cells - 1)
    rest = (cell - whole)[:, None]
    down = light_up_to[whole] * (1 - rest) + light_up_to[whole + 1] * rest
    across = down[:, whole] * (1 - rest.T) + down[:, whole + 1] * rest.T
    kernel = np.maximum(np.diff(np.diff(across, axis=0), axis=1), 0)
    mirrored = np.ascontiguousarray(kernel[:, ::-1])
    return (kernel, mirrored) if coc_radius_px > 0 else (mirrored, kernel)
