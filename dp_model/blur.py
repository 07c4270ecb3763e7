"""Convolution of a picture with point spread functions: the only code that convolves.

Which library does the work is decided here, and nowhere else.
"""

import contextlib
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dp_model.arrays import Array, FloatArray, array_namespace, asarray_like, is_numpy
from dp_model.psf import DualPixelPsf
from dp_model.tiles import Region

# Both are missing inside Blender.
cv2: Any = None
scipy_fft: Any = None
with contextlib.suppress(ImportError):
    import cv2
with contextlib.suppress(ImportError):
    from scipy import fft as scipy_fft  # pyright: ignore[reportMissingTypeStubs]

_Shape: TypeAlias = tuple[int, int]
_Transform: TypeAlias = Callable[[Array, _Shape], Array]

_DIRECT_SIZE = 9  # kernels up to this wide are summed directly, wider ones by FFT
_SINGLE_PRECISION_PEAK = 256.0  # an FFT in single leaves 1e-7 of it in every shadow


class PsfBank:
    """The kernels of a PSF and their spectra, kept while one picture is rendered.

    Parameters
    ----------
    psf : DualPixelPsf
    """

    def __init__(self, psf: DualPixelPsf) -> None:
        self.psf = psf
        self._kernels: dict[tuple[float, bool], FloatArray] = {}
        self._spectra: dict[tuple[float, bool, _Shape, Any], Array] = {}

    def blurred(
        self,
        planes: Array,
        coc_radius_px: float,
        target: Region,
        *,
        by_quadrant: bool = False,
    ) -> Array:
        """Return planes blurred for a signed CoC radius, for left and for right.

        Parameters
        ----------
        planes : float array (P, H, W)
            Zero beyond what is given.
        coc_radius_px : float
        target : Region
            What is asked for, counted from the planes' corner.
        by_quadrant : bool
            Blur through each quarter of the pupil by itself; see `quadrants`.

        Returns
        -------
        array (2 or 8, P, h, w)
            Left, then right (of each the four quarters), on the target.
        """
        kernels = self._kernels_of(coc_radius_px, by_quadrant)

        def spectra(transform: _Transform, shape: _Shape, like: Array) -> Array:
            key = coc_radius_px, by_quadrant, shape, like.dtype
            if key not in self._spectra:
                self._spectra[key] = transform(
                    asarray_like(kernels, like)[:, None, ...], shape
                )
            return self._spectra[key]

        return convolve(planes, kernels, target, spectra=spectra)

    def quadrant_weights(self, coc_radius_px: float) -> FloatArray:
        """Return the share (2, 4) of each view's light through quarters of the pupil.

        They do not depend on the radius but for the grid of pixels: ask a large one.
        """
        parts = quadrants(self._pair(coc_radius_px), coc_radius_px)
        return parts.sum((-2, -1)).reshape(2, 4)

    def _pair(self, coc_radius_px: float) -> FloatArray:
        return np.stack(self.psf.kernels(coc_radius_px))

    def _kernels_of(self, coc_radius_px: float, by_quadrant: bool) -> FloatArray:
        key = coc_radius_px, by_quadrant
        if key not in self._kernels:
            pair = self._pair(coc_radius_px)
            self._kernels[key] = (
                _normalised_quadrants(pair, coc_radius_px) if by_quadrant else pair
            )
        return self._kernels[key]


def _normalised_quadrants(pair: FloatArray, coc_radius_px: float) -> FloatArray:
    """Return the quarters of two kernels, each of sum 1."""
    if pair.shape[-1] == 1:
        return np.repeat(pair, 4, axis=0)
    parts = quadrants(pair, coc_radius_px)
    return parts / np.maximum(parts.sum((-2, -1), keepdims=True), 1e-12)


def quadrants(kernels: FloatArray, coc_radius_px: float) -> FloatArray:
    """Return the part of each kernel that comes through each quarter of the pupil.

    The image of the pupil is upright behind focus and upside down in front, so the
    quarters of a kernel change places with the sign of the radius.

    Parameters
    ----------
    kernels : array (K, size, size)
    coc_radius_px : float
        Signed.

    Returns
    -------
    array (4 K, size, size)
        The four quarters of each kernel, which add up to it.

    Examples
    --------
    >>> quadrants(np.ones((1, 3, 3)), 1.0)[0].tolist()
    [[1.0, 0.5, 0.0], [0.5, 0.25, 0.0], [0.0, 0.0, 0.0]]
    """
    size = kernels.shape[-1]
    half = np.clip(size / 2 - np.arange(size), 0.0, 1.0)
    halves = (half, half[::-1]) if coc_radius_px > 0 else (half[::-1], half)
    masks = np.stack([np.outer(down, across) for down in halves for across in halves])
    return (kernels[:, None] * masks).reshape(-1, size, size)


def convolve(
    planes: Array,
    kernels: FloatArray,
    target: Region,
    *,
    spectra: Callable[[_Transform, _Shape, Array], Array] | None = None,
) -> Array:
    """Return planes convolved with each kernel, on a rectangle.

    True convolution: the kernel, not its mirror image, is what a point becomes.

    Parameters
    ----------
    planes : float array (P, H, W)
        Zero beyond what is given.
    kernels : float64 NumPy array (K, size, size)
        Of odd size.
    target : Region
        What is asked for, counted from the planes' corner; it may leave them, by no
        more than the kernels' half-width.
    spectra : callable, optional
        Gives the kernels' spectra, (K, 1, ...), for a transform, its shape and an array
        of the right type, so that a caller may keep them.

    Returns
    -------
    array (K, P, h, w), of the dtype, library and device of planes

    Examples
    --------
    >>> point = np.ones((1, 1, 1))
    >>> kernels = np.arange(9.0).reshape(1, 3, 3)
    >>> whole = convolve(point, kernels, Region(-1, 2, -1, 2))
    >>> whole[0, 0].round(9).tolist() == kernels[0].tolist()
    True
    """
    size = kernels.shape[-1]
    whole = Region(0, planes.shape[-2], 0, planes.shape[-1])
    source = target.grown(size // 2)
    needed = source.within(whole)
    planes = planes[(..., *needed.slices)]
    target = target.relative_to(needed)
    if size == 1 and needed == source:
        scale = asarray_like(kernels.reshape(-1, 1, 1, 1), planes)
        return scale * planes[None, ...]
    if is_numpy(planes) and size <= _DIRECT_SIZE and cv2 is not None:
        return _convolve_opencv(_padded(planes, target.grown(size // 2)), kernels)
    return _convolve_by_fft(planes, kernels, target, spectra)


def _padded(planes: npt.NDArray[Any], region: Region) -> npt.NDArray[Any]:
    """Return a region of planes, zero where it leaves them."""
    height, width = planes.shape[-2:]
    whole = Region(0, height, 0, width)
    if region == whole:
        return planes
    shape = region.bottom - region.top, region.right - region.left
    padded = np.zeros((planes.shape[0], *shape), planes.dtype)
    padded[(..., *whole.relative_to(region).slices)] = planes
    return padded


def _convolve_opencv(planes: npt.NDArray[Any], kernels: FloatArray) -> Array:
    """Return what planes hold all the pixels for, by direct sums."""
    count, height, width = planes.shape
    margin = kernels.shape[-1] // 2
    # All planes as one tall picture: what runs from one into the next is cut off.
    tall = np.ascontiguousarray(planes).reshape(count * height, width)
    inner = (slice(None), slice(margin, height - margin), slice(margin, width - margin))
    views = np.empty(
        (len(kernels), count, height - 2 * margin, width - 2 * margin), planes.dtype
    )
    for view, kernel in zip(views, kernels, strict=True):
        # filter2D correlates.
        flipped = np.ascontiguousarray(kernel[::-1, ::-1])
        filtered = cv2.filter2D(tall, -1, flipped, borderType=cv2.BORDER_ISOLATED)
        view[...] = filtered.reshape(planes.shape)[inner]
    return views


def _convolve_by_fft(
    planes: Array, kernels: FloatArray, target: Region, spectra: Any
) -> Array:
    """Return the convolution by FFT, the planes transformed once for all kernels."""
    xp = array_namespace(planes)
    margin = kernels.shape[-1] // 2
    height, width = planes.shape[-2:]
    # Circular, and just large enough for nothing to wrap round into the target.
    shape = (
        _quick_size(max(height - target.top, target.bottom) + margin),
        _quick_size(max(width - target.left, target.right) + margin),
    )
    wide = _wide_enough(planes)
    forward, backward = _transforms(planes)
    if spectra is None:
        transfer = forward(asarray_like(kernels, wide)[:, None, ...], shape)
    else:
        transfer = spectra(forward, shape, wide)
    blurred = backward(forward(wide, shape)[None, ...] * transfer, shape)
    # A point of the planes is the kernel's corner, a margin up and left of its middle.
    part = target.relative_to(Region(-margin, 0, -margin, 0))
    return xp.asarray(blurred[(..., *part.slices)], dtype=planes.dtype)


def _transforms(planes: Array) -> tuple[_Transform, _Transform]:
    """Return the best FFT of the last two axes for an array, and its inverse."""
    if is_numpy(planes) and scipy_fft is not None:
        return scipy_fft.rfft2, scipy_fft.irfft2
    xp = array_namespace(planes)
    return (
        lambda array, shape: xp.fft.rfftn(array, s=shape, axes=(-2, -1)),
        lambda array, shape: xp.fft.irfftn(array, s=shape, axes=(-2, -1)),
    )


def _wide_enough(planes: Array) -> Array:
    """Return the planes, in double precision where highlights would ask too much."""
    xp = array_namespace(planes)
    if planes.dtype == xp.float64 or _peak(planes) <= _SINGLE_PRECISION_PEAK:
        return planes
    return xp.asarray(planes, dtype=xp.float64)


def _peak(planes: Array) -> float:
    xp = array_namespace(planes)
    return max(float(xp.max(planes)), -float(xp.min(planes)))


def _quick_size(size: int) -> int:
    """Return a size, at least the given one, that an FFT does quickly.

    One of few, so that spectra of kernels are found again.
    """
    step = max(2, 2 ** (size.bit_length() - 4))
    return -(-size // step) * step
