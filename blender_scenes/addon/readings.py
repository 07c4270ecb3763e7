"""What the camera panel says of blur and distance, in words and units."""

# SPDX-License-Identifier: GPL-3.0-or-later

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.addon.optics import depth_of_field_m, hyperfocal_distance_m
from dp_model.camera import ThinLensCamera

_IN_FOCUS_PX = 0.005  # shown as 0.00


def length_text(length_m: float) -> str:
    """Return a length with its unit, to three digits.

    Examples
    --------
    >>> length_text(2.34567), length_text(1234.5), length_text(math.inf)
    ('2.35 m', '1234 m', 'infinity')
    """
    if math.isinf(length_m):
        return "infinity"
    return f"{length_m:.3g} m" if length_m < 999.5 else f"{length_m:.0f} m"


def range_text(near_m: float, far_m: float) -> str:
    """Return two limits with as many digits as tell them apart.

    Examples
    --------
    >>> range_text(9.9823, 10.0177), range_text(4.5, math.inf)
    ('9.9823 to 10.0177 m', '4.5 m to infinity')
    """
    if math.isinf(far_m):
        return f"{length_text(near_m)} to infinity"
    depth_m = max(far_m - near_m, 1e-6)
    decimals = min(6, max(0, 2 - math.floor(math.log10(depth_m))))
    return f"{near_m:.{decimals}f} to {far_m:.{decimals}f} m"


def coc_text(camera: ThinLensCamera, depth_m: float) -> str:
    """Return the signed CoC radius at a depth in pixels, and on which side it is.

    Examples
    --------
    >>> camera = ThinLensCamera(0.05, 2.0, 1.0, 10e-6)
    >>> coc_text(camera, 2.0), coc_text(camera, 0.8), coc_text(camera, -1.0)
    ('+32.89 px behind', '-16.45 px in front', 'behind the camera')
    """
    if not depth_m > 0:
        return "behind the camera"
    radius_px = float(camera.coc_radius_px(depth_m))
    if abs(radius_px) < _IN_FOCUS_PX:
        return "0.00 px in focus"
    side = "behind" if radius_px > 0 else "in front"
    return f"{radius_px:+.2f} px {side}"


def largest_coc_text(camera: ThinLensCamera, depth_m: NDArray[Any]) -> str:
    """Return the largest CoC radius of a depth map, as `coc_text` does.

    Parameters
    ----------
    camera : ThinLensCamera
        With the pixel pitch of the rendered picture.
    depth_m : float array
        Metres, > 0; +inf for the sky.
    """
    # The radius rises with depth, so the extremes are those of depth.
    ends = (float(np.min(depth_m)), float(np.max(depth_m)))
    return coc_text(
        camera, max(ends, key=lambda depth: abs(float(camera.coc_radius_px(depth))))
    )


def depth_of_field_text(camera: ThinLensCamera, limit_px: float) -> str:
    """Return the limits between which the picture is sharp."""
    return range_text(*depth_of_field_m(camera, limit_px))


def hyperfocal_text(camera: ThinLensCamera, limit_px: float) -> str:
    """Return the nearest focus distance that leaves the sky sharp."""
    return length_text(hyperfocal_distance_m(camera, limit_px))


def pitch_text(pitch_m: float) -> str:
    """Return a pixel pitch in micrometres.

    Examples
    --------
    >>> pitch_text(18.75e-6)
    '18.75 µm'
    """
    return f"{pitch_m * 1e6:.4g} µm"


def sensor_note(own_pitch_m: float, sensor_pitch_m: float, sensor_mm: float) -> str:
    """Say how wide a sensor such pixels fill; "" if it is that of the camera.

    Parameters
    ----------
    own_pitch_m, sensor_pitch_m : float
        The pitch that was typed, and that of a picture that fills the sensor.
    sensor_mm : float
        The side of the camera's sensor that the picture fills.

    Examples
    --------
    >>> sensor_note(1.4e-6, 18.75e-6, 36.0)
    'Sensor of 2.69 mm, not 36 mm'
    """
    if math.isclose(own_pitch_m, sensor_pitch_m, rel_tol=5e-3):
        return ""
    filled_mm = sensor_mm * own_pitch_m / sensor_pitch_m
    return f"Sensor of {filled_mm:.3g} mm, not {sensor_mm:.4g} mm"
