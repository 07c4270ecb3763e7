"""Sensor noise that depends on the signal, from an explicit generator."""

import math
from typing import Literal, TypeAlias, get_args

import numpy as np

from dp_model.arrays import Array, array_namespace, asarray_like, is_real_floating

NoiseModel: TypeAlias = Literal["paper", "variance", "shot-read", "none"]

SIGMA_GRID: tuple[float, ...] = tuple(round(0.05 + 0.005 * i, 3) for i in range(91))
"""Noise strengths 0.05, 0.055, ... 0.5 of Abuolaim et al. (2021), section 5."""

READ_TO_SHOT = 0.1
"""Standard deviation of the read noise over that of the shot noise at white."""


def add_noise(
    linear_rgb: Array,
    sigma: float,
    rng: np.random.Generator,
    *,
    model: NoiseModel = "paper",
) -> Array:
    """Return the picture with independent Gaussian noise on every value.

    Nothing is clipped: the result may be negative or above 1, so that its mean is the
    picture.  `radiometry.quantise` clips.  Call it once per view with one generator,
    and the views' noise is independent.

    Parameters
    ----------
    linear_rgb : float32 or float64 array of any shape, >= 0
    sigma : float
        Standard deviation at white (linear value 1), >= 0.
    rng : numpy.random.Generator
        The samples are drawn with NumPy whatever the array library, so that a seed
        means the same noise everywhere.
    model : {"paper", "variance", "shot-read", "none"}
        The standard deviation at value I: sigma*I; sigma*sqrt(I);
        sigma*sqrt(I + READ_TO_SHOT^2); zero.

    Returns
    -------
    array, same shape, dtype, library and device

    Raises
    ------
    TypeError
        If the picture is not float32 or float64.
    ValueError
        If ``sigma`` is negative or not finite, or ``model`` is unknown.

    Notes
    -----
    The paper's words say that the *variance* is proportional to the signal, its formula
    I + I*N that the *standard deviation* is.  ``"paper"`` is the formula and
    ``"variance"`` the words; ``"shot-read"`` adds a floor independent of the signal.

    References
    ----------
    Abuolaim et al. (2021), section 2.3; Foi et al. (2008) for shot and read noise.

    Examples
    --------
    >>> grey = np.full((2, 2), 0.5)
    >>> add_noise(grey, 0.0, np.random.default_rng(1)).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    if not is_real_floating(linear_rgb):
        raise TypeError(
            f"linear_rgb must be float32 or float64; got {linear_rgb.dtype}. "
            "Encoded whole numbers?"
        )
    if not (math.isfinite(sigma) and sigma >= 0):
        raise ValueError(f"sigma must be finite and >= 0; got {sigma}")
    if model not in get_args(NoiseModel):
        raise ValueError(f"model must be one of {get_args(NoiseModel)}; got {model!r}")
    if model == "none":
        return linear_rgb + 0
    shape: tuple[int, ...] = tuple(linear_rgb.shape)
    standard_normal = asarray_like(rng.standard_normal(shape), linear_rgb)
    return linear_rgb + sigma * _relative_deviation(linear_rgb, model) * standard_normal


def _relative_deviation(linear_rgb: Array, model: NoiseModel) -> Array:
    """Return the standard deviation of the noise in units of sigma."""
    if model == "paper":
        return linear_rgb
    xp = array_namespace(linear_rgb)
    floor = READ_TO_SHOT**2 if model == "shot-read" else 0.0
    # Ringing of a cubic interpolation may leave a value below zero.
    return xp.sqrt(xp.clip(linear_rgb, 0.0, None) + floor)
