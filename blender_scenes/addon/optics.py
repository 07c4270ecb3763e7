"""What the add-on says about a lens: depth of field, hyperfocal distance, f-number."""

# SPDX-License-Identifier: GPL-3.0-or-later

import math

from dp_model.camera import ThinLensCamera
from dp_model.thin_lens import coc_radius_at_infinity


def depth_of_field_m(camera: ThinLensCamera, limit_px: float) -> tuple[float, float]:
    """Return the nearest and farthest depth that is still sharp, in metres.

    Parameters
    ----------
    camera : ThinLensCamera
    limit_px : float
        Radius of the circle of confusion that counts as sharp, pixels, > 0.

    Returns
    -------
    (float, float)
        Along the optical axis; the far limit may be +inf.

    Raises
    ------
    ValueError
        If ``limit_px`` is not > 0.

    Notes
    -----
    Eq. 1 is r = r_inf (1 - s/d), so |r| = c at d = s/(1 + c/r_inf) in front of the
    focus and at s/(1 - c/r_inf) behind it, or nowhere if c >= r_inf.

    References
    ----------
    Abuolaim et al. (2021), Eq. 1.

    Examples
    --------
    >>> from dp_model.camera import CAMERA_SETS
    >>> near_m, far_m = depth_of_field_m(CAMERA_SETS["1"], 0.4)
    >>> round(near_m, 9), round(far_m, 9)
    (4.0, 12.0)
    """
    if not limit_px > 0:
        raise ValueError(f"limit_px must be a radius > 0 in pixels; got {limit_px}")
    share = limit_px / float(camera.coc_radius_px(math.inf))
    near_m = camera.focus_distance_m / (1 + share)
    far_m = camera.focus_distance_m / (1 - share) if share < 1 else math.inf
    return near_m, far_m


def hyperfocal_distance_m(camera: ThinLensCamera, limit_px: float) -> float:
    """Return the nearest focus distance that leaves the sky sharp, in metres.

    Notes
    -----
    Eq. 1 at d = inf is c: f^2 / (2 N (H - f)) = c, so H = f + f^2 / (2 N c), with c the
    limit in metres on the sensor.

    Examples
    --------
    >>> camera = ThinLensCamera(0.05, 2.0, 3.0, 10e-6)
    >>> round(hyperfocal_distance_m(camera, 1.0), 9)
    62.55
    """
    f, limit_m = camera.focal_length_m, limit_px * camera.pixel_pitch_m
    return f + f**2 / (2 * camera.f_number * limit_m)


def f_number_for(
    coc_at_infinity_px: float,
    focal_length_m: float,
    focus_distance_m: float,
    pixel_pitch_m: float,
) -> float:
    """Return the f-number that gives the sky a circle of confusion of that radius.

    Raises
    ------
    ValueError
        If the lens cannot focus so near, or the radius is not > 0.

    Examples
    --------
    >>> round(f_number_for(0.8, 0.05, 6.0, 10e-6), 4)
    26.2605
    """
    if focus_distance_m <= focal_length_m:
        raise ValueError(
            f"focus_distance_m must exceed focal_length_m ({focal_length_m} m); "
            f"got {focus_distance_m}"
        )
    if not (coc_at_infinity_px > 0 and pixel_pitch_m > 0):
        raise ValueError(
            f"coc_at_infinity_px and pixel_pitch_m must be > 0; "
            f"got {coc_at_infinity_px} and {pixel_pitch_m}"
        )
    wide_open_m = coc_radius_at_infinity(focal_length_m, 1.0, focus_distance_m)
    return wide_open_m / (coc_at_infinity_px * pixel_pitch_m)
