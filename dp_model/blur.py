"""Convolution of a picture with point spread functions: the only code that convolves.

Which library does the work is decided in `_backend`, and nowhere else.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dp_model.arrays import Array, FloatArray, array_namespace, asarray_like, is_numpy

# Both are missing inside Blender.
cv2: Any = None
scipy_fft: Any = None
with contextlib.suppress(ImportError):
    import cv2
with contextlib.suppress(ImportError):
    from scipy import fft as scipy_fft  # pyright: ignore[reportMissingTypeStubs]

Border: TypeAlias = Literal["symmetric", "reflect"]
"""What lies beyond the picture: its mirror image, with (``symmetric``: cba|abc) or
without (``reflect``: cb|abc) the border pixel repeated."""

_Backend: TypeAlias = Callable[[Array, FloatArray], Array]

_DIRECT_SIZE = 9  # kernels up to this wide are summed directly, wider ones by FFT


class Region(NamedTuple):
    """A rectangle of pixels: rows top..bottom, columns left..right, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    def grown(self, margin: int, height: int, width: int) -> "Region":
        """Return the rectangle with a margin, as far as the picture goes."""
        return Region(
            max(0, self.top - margin),
            min(height, self.bottom + margin),
            max(0, self.left - margin),
            min(width, self.right + margin),
        )

    def relative_to(self, other: "Region") -> "Region":
        """Return the same rectangle counted from another one's corner."""
        return Region(
            self.top - other.top,
            self.bottom - other.top,
            self.left - other.left,
            self.right - other.left,
        )

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rectangle as an index of rows and columns."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def convolve(
    image: Array,
    kernels: Sequence[FloatArray],
    *,
    region: Region | None = None,
    border: Border = "symmetric",
) -> list[Array]:
    """Return the picture convolved with each kernel, on a region of it.

    True convolution: the kernel, not its mirror image, is what a point becomes.

    Parameters
    ----------
    image : float array (H, W, C)
    kernels : sequence of float64 NumPy arrays, all of one odd and square size
        May be larger than the picture.
    region : Region, optional
        The part to return; all of the picture by default.  Pixels within a kernel's
        half-width of it are read.
    border : {"symmetric", "reflect"}

    Returns
    -------
    list of arrays (h, w, C), the dtype, library and device of ``image``
        One for each kernel.

    Examples
    --------
    >>> point = np.zeros((3, 3, 1))
    >>> point[1, 1] = 1
    >>> kernel = np.arange(9.0).reshape(3, 3)
    >>> convolve(point, [kernel])[0][..., 0].round(9).tolist() == kernel.tolist()
    True
    """
    height, width = image.shape[:2]
    region = Region(0, height, 0, width) if region is None else region
    size = kernels[0].shape[0]
    if size == 1:
        part = image[region.slices]
        return [part * float(kernel[0, 0]) for kernel in kernels]
    extended = _take_extended(image, region, size // 2, border)
    return _backend(extended, size)(extended, kernels)


def _backend(image: Array, size: int) -> Callable[..., list[Array]]:
    """Return the function that convolves this kind of array with kernels of a size."""
    if not is_numpy(image):
        return _convolve_array_api
    if size <= _DIRECT_SIZE and cv2 is not None:
        return _convolve_opencv
    return _convolve_array_api if scipy_fft is None else _convolve_scipy


def _convolve_opencv(
    image: npt.NDArray[Any], kernels: Sequence[FloatArray]
) -> list[Array]:
    """Return the convolution by direct sums, for small kernels."""
    half = kernels[0].shape[0] // 2
    image = np.ascontiguousarray(image)
    views: list[Array] = []
    for kernel in kernels:
        # filter2D correlates, and drops a trailing axis of one channel.
        flipped = np.ascontiguousarray(kernel[::-1, ::-1])
        filtered = cv2.filter2D(image, -1, flipped, borderType=cv2.BORDER_ISOLATED)
        views.append(filtered.reshape(image.shape)[half:-half, half:-half])
    return views


def _convolve_scipy(
    image: npt.NDArray[Any], kernels: Sequence[FloatArray]
) -> list[Array]:
    """Return the convolution by FFT, the picture transformed once for all kernels."""
    height, width = image.shape[:2]
    first = kernels[0].shape[0] - 1
    shape = [scipy_fft.next_fast_len(n, real=True) for n in (height, width)]
    # In double precision whatever the input: single leaves 1e-7 of the brightest
    # highlight in every shadow.  One plane per channel, since strided FFTs are slow.
    planes = np.ascontiguousarray(np.moveaxis(image, -1, 0), dtype=np.float64)
    spectrum = scipy_fft.rfft2(planes, shape)
    views: list[Array] = []
    for kernel in kernels:
        blurred = scipy_fft.irfft2(spectrum * scipy_fft.rfft2(kernel, shape), shape)
        valid = blurred[:, first:height, first:width]
        views.append(np.moveaxis(valid, 0, -1).astype(image.dtype))
    return views


def _convolve_array_api(image: Array, kernels: Sequence[FloatArray]) -> list[Array]:
    """Return the convolution by FFT for any array library, in double precision."""
    xp = array_namespace(image)
    height, width = image.shape[:2]
    first = kernels[0].shape[0] - 1
    shape = (_quick_size(height), _quick_size(width))
    planes = xp.moveaxis(xp.asarray(image, dtype=xp.float64), -1, 0)
    spectrum = xp.fft.rfftn(planes, s=shape, axes=(-2, -1))
    views: list[Array] = []
    for kernel in kernels:
        kernel_like = asarray_like(kernel, image, dtype=xp.float64)
        transfer = xp.fft.rfftn(kernel_like, s=shape, axes=(-2, -1))
        blurred = xp.fft.irfftn(spectrum * transfer, s=shape, axes=(-2, -1))
        valid = xp.moveaxis(blurred[:, first:height, first:width], 0, -1)
        views.append(xp.asarray(valid, dtype=image.dtype))
    return views


def _quick_size(size: int) -> int:
    """Return a size, at least the given one, that an FFT does quickly."""
    step = max(2, 2 ** (size.bit_length() - 4))
    return -(-size // step) * step


def _take_extended(image: Array, region: Region, margin: int, border: Border) -> Array:
    """Return a region with a margin all around, mirrored where the picture ends."""
    height, width = image.shape[:2]
    grown = region.grown(margin, height, width)
    part = image[grown.slices]
    ends = Region(
        region.top - margin,
        region.bottom + margin,
        region.left - margin,
        region.right + margin,
    )
    if grown == ends:
        return part
    xp = array_namespace(image)
    rows = _mirrored(ends.top, ends.bottom, height, border)
    columns = _mirrored(ends.left, ends.right, width, border)
    part = xp.take(image, asarray_like(rows, image, dtype=xp.int64), axis=0)
    return xp.take(part, asarray_like(columns, image, dtype=xp.int64), axis=1)


def _mirrored(
    start: int, stop: int, size: int, border: Border
) -> npt.NDArray[np.int64]:
    """Return indices start..stop, folded back into 0..size as often as needed."""
    index = np.arange(start, stop)
    if border == "symmetric":
        folded = index % (2 * size)
        return np.minimum(folded, 2 * size - 1 - folded)
    if size == 1:
        return np.zeros_like(index)
    folded = index % (2 * size - 2)
    return np.minimum(folded, 2 * size - 2 - folded)
