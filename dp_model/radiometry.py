"""Linear light, encoded (sRGB) values and whole numbers."""

from dp_model.arrays import Array, array_namespace

# IEC 61966-2-1.
_LINEAR_KNEE = 0.0031308
_ENCODED_KNEE = 0.04045
_KNEE_SLOPE = 12.92
_OFFSET = 0.055
_EXPONENT = 2.4


def encode_srgb(linear_rgb: Array) -> Array:
    """Return the sRGB-encoded values of linear light, without clipping.

    Parameters
    ----------
    linear_rgb : floating array of any shape
        1 is white.  The straight segment goes on below 0 and the power above 1, so
        that `decode_srgb` undoes this for every value.

    Returns
    -------
    array, same shape and dtype

    References
    ----------
    IEC 61966-2-1 (1999).

    Examples
    --------
    >>> import numpy as np
    >>> encode_srgb(np.array([0.0, 0.214041, 1.0])).round(4)
    array([0. , 0.5, 1. ])
    """
    xp = array_namespace(linear_rgb)
    is_bright = linear_rgb > _LINEAR_KNEE
    # A negative base has no real power: it must not be met even where it is not used.
    base = xp.where(is_bright, linear_rgb, xp.ones_like(linear_rgb))
    bright = (1 + _OFFSET) * base ** (1 / _EXPONENT) - _OFFSET
    return xp.where(is_bright, bright, _KNEE_SLOPE * linear_rgb)


def decode_srgb(encoded_rgb: Array) -> Array:
    """Return the linear light of sRGB-encoded values; undoes `encode_srgb`.

    Examples
    --------
    >>> import numpy as np
    >>> decode_srgb(np.array([0.0, 0.5, 1.0])).round(4)
    array([0.   , 0.214, 1.   ])
    """
    xp = array_namespace(encoded_rgb)
    is_bright = encoded_rgb > _ENCODED_KNEE
    base = xp.where(is_bright, encoded_rgb, xp.ones_like(encoded_rgb))
    bright = ((base + _OFFSET) / (1 + _OFFSET)) ** _EXPONENT
    return xp.where(is_bright, bright, encoded_rgb / _KNEE_SLOPE)


def quantise(encoded: Array, bits: int = 16) -> Array:
    """Return whole numbers 0..2^bits - 1: clipped to [0, 1], scaled and rounded.

    Parameters
    ----------
    encoded : floating array of any shape
    bits : {8, 16}
        The result is uint8 or uint16.

    Raises
    ------
    ValueError
        If a value is NaN, or ``bits`` is neither 8 nor 16.

    Examples
    --------
    >>> import numpy as np
    >>> quantise(np.array([-0.1, 0.5, 2.0]), bits=8)
    array([  0, 128, 255], dtype=uint8)
    """
    xp = array_namespace(encoded)
    if bits not in (8, 16):
        raise ValueError(f"bits must be 8 or 16; got {bits}")
    if bool(xp.any(xp.isnan(encoded))):
        raise ValueError("encoded holds NaN, which no whole number stands for")
    levels = xp.round(xp.clip(encoded, 0.0, 1.0) * (2**bits - 1))
    return xp.asarray(levels, dtype=xp.uint8 if bits == 8 else xp.uint16)
