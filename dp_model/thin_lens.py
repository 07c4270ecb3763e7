"""First-order formulas of a thin lens; they work on floats and on any arrays."""

from typing import Any, TypeVar

DepthT = TypeVar("DepthT")


def image_distance(focal_length_m: float, focus_distance_m: float) -> float:
    """Return the distance s' from the lens to the sensor, in metres.

    Notes
    -----
    s' = f*s/(s - f), the thin lens in air focused at distance s.

    References
    ----------
    Abuolaim et al. (2021), section 2.1.

    Examples
    --------
    >>> round(image_distance(0.05, 1.0), 6)
    0.052632
    """
    return focal_length_m * focus_distance_m / (focus_distance_m - focal_length_m)


def coc_radius_at_infinity(
    focal_length_m: float, f_number: float, focus_distance_m: float
) -> float:
    """Return the radius of the circle of confusion of the sky, metres on the sensor.

    Notes
    -----
    q/2 * s'/s with q = f/N: the limit of Eq. 1 for d towards infinity, and the factor
    in front of (d - s)/d at every depth.

    Examples
    --------
    >>> round(coc_radius_at_infinity(4.0, 5.0, 6.0), 12)
    0.8
    """
    pupil_radius_m = focal_length_m / f_number / 2
    magnification = image_distance(focal_length_m, focus_distance_m) / focus_distance_m
    return pupil_radius_m * magnification


def coc_radius(
    depth_m: DepthT, focal_length_m: float, f_number: float, focus_distance_m: float
) -> DepthT:
    """Return the signed radius of the circle of confusion, in metres on the sensor.

    Positive behind the focus plane, negative in front, zero on it.

    Parameters
    ----------
    depth_m : float, or array of any shape and library
        Distance d from the lens along the optical axis, metres, > 0; +inf is the sky.
    focal_length_m, f_number, focus_distance_m : float
        The camera's f, N and s.

    Returns
    -------
    same type and shape as ``depth_m``

    Raises
    ------
    ValueError
        If a depth is zero, negative or NaN.

    Notes
    -----
    r = q/2 * s'/s * (d - s)/d with q = f/N, s' = f*s/(s - f).  Thin lens in air, no
    diffraction.

    References
    ----------
    Abuolaim et al. (2021), Eq. 1; Potmesil & Chakravarty (1981).

    Examples
    --------
    >>> round(coc_radius(2.0, 0.05, 2.0, 1.0) * 1e3, 3)
    0.329
    >>> coc_radius(1.0, 0.05, 2.0, 1.0)
    0.0
    """
    _require_positive_depth(depth_m)
    at_infinity = coc_radius_at_infinity(focal_length_m, f_number, focus_distance_m)
    depth: Any = depth_m
    # (d - s)/d written so that the sky, d = inf, is not inf/inf.
    return at_infinity * (1 - focus_distance_m / depth)


def _require_positive_depth(depth_m: Any) -> None:
    """Refuse what Eq. 1 has no meaning for, NaN included."""
    is_positive = depth_m > 0
    if is_positive if isinstance(is_positive, bool) else bool(is_positive.all()):
        return
    count = 1 if isinstance(is_positive, bool) else int((~is_positive).sum())
    raise ValueError(
        f"depth_m must be > 0 metres along the optical axis (+inf for the sky); "
        f"{count} value(s) are zero, negative or NaN. Holes in the depth map?"
    )
