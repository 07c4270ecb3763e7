"""The array library in use: the one place that knows there is more than NumPy."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

try:
    import array_api_compat
except ImportError:  # Blender's own Python brings NumPy and nothing else
    array_api_compat = None

Array: TypeAlias = Any
"""An array of whichever library the caller uses: NumPy, torch, ..."""

Namespace: TypeAlias = Any
"""That library's functions, under the names of the array API standard."""

FloatArray: TypeAlias = npt.NDArray[np.float64]


def array_namespace(*arrays: Array) -> Namespace:
    """Return the namespace that all the arrays share.

    Without array-api-compat only NumPy arrays are accepted; ``dp_model`` keeps to names
    that NumPy 1.26 and the standard have in common.

    Raises
    ------
    TypeError
        If an argument is not an array, or if two come from different libraries.

    Examples
    --------
    >>> array_namespace(np.zeros(3)).asarray([1.0, 2.0])
    array([1., 2.])
    """
    if array_api_compat is not None:
        return array_api_compat.array_namespace(*arrays)
    for array in arrays:
        if not isinstance(array, np.ndarray | np.generic):
            raise TypeError(
                f"expected NumPy arrays, got {type(array).__name__}; "
                "other array libraries need array-api-compat installed"
            )
    return np


def is_numpy(array: Array) -> bool:
    """Return whether the array is NumPy's own."""
    return isinstance(array, np.ndarray)


def on_host(array: Array) -> npt.NDArray[Any] | None:
    """Return the array's own memory as NumPy; None if it is on an accelerator.

    Examples
    --------
    >>> on_host(np.ones(2))
    array([1., 1.])
    """
    if is_numpy(array):
        return array
    try:
        return np.from_dlpack(array)
    except (BufferError, RuntimeError, TypeError):
        return None


def clip(array: Array, low: float | None, high: float | None) -> Array:
    """Return the array held between two numbers.

    The name of the standard, without what array-api-compat adds to it for NumPy: 0.1 ms
    a call.

    Examples
    --------
    >>> clip(np.array([-1.0, 0.5, 3.0]), 0.0, 1.0)
    array([0. , 0.5, 1. ])
    """
    if is_numpy(array):
        return np.clip(array, low, high)
    return array_namespace(array).clip(array, low, high)


def zeros(shape: Sequence[int], like: Array) -> Array:
    """Return zeros of the library, device and dtype of another array.

    Examples
    --------
    >>> zeros((1, 2), np.ones(3, dtype=np.float32))
    array([[0., 0.]], dtype=float32)
    """
    if is_numpy(like):
        return np.zeros(shape, like.dtype)
    xp = array_namespace(like)
    return xp.zeros(tuple(shape), dtype=like.dtype, device=like.device)


def is_real_floating(array: Array) -> bool:
    """Return whether the array holds float32 or float64 values."""
    xp = array_namespace(array)
    return array.dtype in (xp.float32, xp.float64)


def asarray_like(
    values: npt.NDArray[Any] | Sequence[float], reference: Array, dtype: Any = None
) -> Array:
    """Return NumPy values in the library, device and (unless given) dtype of another.

    Examples
    --------
    >>> asarray_like([1, 2], np.zeros(1, dtype=np.float32)).dtype
    dtype('float32')
    """
    dtype = reference.dtype if dtype is None else dtype
    if is_numpy(reference):
        return np.asarray(values, dtype=dtype)
    xp = array_namespace(reference)
    return xp.asarray(values, dtype=dtype, device=reference.device)
