"""The cameras that are simulated: a thin lens, a stop and a pixel pitch."""

import math
from dataclasses import dataclass, fields
from typing import TypeVar

from dp_model import thin_lens

DepthT = TypeVar("DepthT")


@dataclass(frozen=True)
class ThinLensCamera:
    """A thin lens focused on a fronto-parallel plane, with square pixels behind it.

    Parameters
    ----------
    focal_length_m : float
        Focal length f.
    f_number : float
        N, focal length over the diameter of the entrance pupil.
    focus_distance_m : float
        Distance s from the lens to the plane in focus, > f.
    pixel_pitch_m : float
        Width of a pixel on the sensor; of the *rendered* pixel, if the picture is
        smaller than the sensor.

    Raises
    ------
    ValueError
        If a value is not finite and positive, or the lens cannot focus so near.

    Examples
    --------
    >>> camera = ThinLensCamera(0.05, 2.0, 1.0, 10e-6)
    >>> round(camera.coc_radius_px(2.0), 1)
    32.9
    """

    focal_length_m: float
    f_number: float
    focus_distance_m: float
    pixel_pitch_m: float

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value > 0):
                raise ValueError(
                    f"{field.name} must be finite and > 0; got {value!r}. Lengths are "
                    "in metres"
                )
        if self.focus_distance_m <= self.focal_length_m:
            raise ValueError(
                f"focus_distance_m must exceed focal_length_m ({self.focal_length_m} m)"
                f"; got {self.focus_distance_m}. Millimetres?"
            )
        if not math.isfinite(self.coc_radius_px(math.inf)):
            raise ValueError(
                f"the CoC radius of the sky overflows for {self}; expected lengths in "
                "metres of a camera that can be built"
            )

    def coc_radius_m(self, depth_m: DepthT) -> DepthT:
        """Return the signed CoC radius (Eq. 1) in metres on the sensor.

        Parameters
        ----------
        depth_m : float or array
            Metres along the optical axis, > 0; +inf is legal.

        Returns
        -------
        same type and shape as ``depth_m``
            > 0 behind the focus plane.
        """
        return thin_lens.coc_radius(
            depth_m, self.focal_length_m, self.f_number, self.focus_distance_m
        )

    def coc_radius_px(self, depth_m: DepthT) -> DepthT:
        """Return the signed CoC radius (Eq. 1) in pixels; see `coc_radius_m`.

        Examples
        --------
        >>> camera = CAMERA_SETS["1"]
        >>> camera.coc_radius_px(6.0), round(camera.coc_radius_px(math.inf), 6)
        (0.0, 0.8)
        """
        return self.coc_radius_m(depth_m) / self.pixel_pitch_m  # type: ignore[operator]


def _unitless(focal_length: float, f_number: float, focus: float) -> ThinLensCamera:
    """Return a camera of the paper, whose unit of CoC is one pixel."""
    return ThinLensCamera(focal_length, f_number, focus, pixel_pitch_m=1.0)


CAMERA_SETS: dict[str, ThinLensCamera] = {
    "1": _unitless(4.0, 5.0, 6.0),
    "2": _unitless(5.0, 8.0, 6.0),
    "3": _unitless(7.0, 5.0, 8.0),
    "4": _unitless(10.0, 13.0, 12.0),
    "5": _unitless(22.0, 10.0, 30.0),
}
"""The five sets of Abuolaim et al. (2021), section 5: f, N and s in one unstated unit.

The paper subtracts them from depths in metres and reads the result as pixels.  A pixel
pitch of one metre says the same in units.
"""

RELEASED_CAMERA_SETS: dict[str, ThinLensCamera] = {
    **CAMERA_SETS,
    "1": _unitless(4.0, 6.0, 5.0),
}
"""As the published code has them: its set 1 trades f-number and focus distance."""
