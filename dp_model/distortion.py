"""Radial lens distortion of pictures and of points, and its inverse.

Radii are in units of half the shorter side of the picture, from the picture's centre.
A pixel's position is that of its centre: row 0 is the middle of the first row.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias, get_args

import numpy as np

from dp_model.arrays import Array, FloatArray, is_real_floating
from dp_model.resampling import sample_cubic, sample_nearest

Interpolation: TypeAlias = Literal["cubic", "nearest"]

_NEWTON_STEPS = 50
_NEWTON_TOLERANCE = 1e-13  # of a radius near 1: far below a thousandth of a pixel
_MONOTONE_SAMPLES = 2049


class RadialDistortion(Protocol):
    """A one-to-one map between undistorted and distorted radii."""

    def distorted_radius(self, undistorted_radius: FloatArray) -> FloatArray:
        """Return where the lens puts what belongs at each radius."""
        ...

    def undistorted_radius(self, distorted_radius: FloatArray) -> FloatArray:
        """Return where what the lens puts at each radius belongs."""
        ...


@dataclass(frozen=True)
class DivisionDistortion:
    """Eq. 5 of the paper: r_d = r_u / (1 + c1 r_u^2 + c2 r_u^4 + ...).

    Parameters
    ----------
    coefficients : tuple of float
        c1, c2, ...; positive values make a barrel, negative ones a pincushion.

    Notes
    -----
    R in Eq. 5 is read as the *undistorted* radius, since the equation divides the
    undistorted point.  Fitzgibbon's own model has the distorted radius there.

    References
    ----------
    Abuolaim et al. (2021), Eq. 5; Fitzgibbon (2001).

    Examples
    --------
    >>> DivisionDistortion((0.25,)).distorted_radius(np.array([0.0, 1.0])).tolist()
    [0.0, 0.8]
    """

    coefficients: tuple[float, ...]

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for value in self.coefficients):
            raise ValueError(f"coefficients must be finite; got {self.coefficients}")

    def distorted_radius(self, undistorted_radius: FloatArray) -> FloatArray:
        """Return the radius in the distorted picture."""
        return undistorted_radius / self._divisor(undistorted_radius)

    def undistorted_radius(self, distorted_radius: FloatArray) -> FloatArray:
        """Return the radius in the undistorted picture, by Newton's method.

        Raises
        ------
        ValueError
            If a radius is beyond what the model reaches.
        """
        # r - r_d (1 + c1 r^2 + ...) = 0
        return _newton_root(
            lambda r: r - distorted_radius * self._divisor(r),
            lambda r: 1 - distorted_radius * self._divisor_slope(r),
            start=distorted_radius,
        )

    def _divisor(self, radius: FloatArray) -> FloatArray:
        """Return 1 + c1 r^2 + c2 r^4 + ..."""
        squared = radius**2
        divisor = np.zeros_like(squared)
        for coefficient in reversed(self.coefficients):
            divisor = (divisor + coefficient) * squared
        return 1 + divisor

    def _divisor_slope(self, radius: FloatArray) -> FloatArray:
        """Return the derivative of the divisor by the radius."""
        slope = np.zeros_like(radius)
        for power, coefficient in enumerate(self.coefficients, start=1):
            slope = slope + 2 * power * coefficient * radius ** (2 * power - 1)
        return slope


@dataclass(frozen=True)
class BarrelDistortion:
    """The release's polynomial: r_u = r_d (a r_d^3 + b r_d^2 + c r_d + d).

    ImageMagick's ``barrel``.  The release leaves black where the picture ends;
    `distort` crops to the valid region instead, for this model as for the other.

    Parameters
    ----------
    a, b, c, d : float
        d is the scale at the centre, > 0.

    Examples
    --------
    >>> lens = BarrelDistortion(0.1, 0.0, 0.0, 0.9)
    >>> lens.undistorted_radius(np.array([1.0])).tolist()
    [1.0]
    """

    a: float
    b: float
    c: float
    d: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for value in (self.a, self.b, self.c, self.d)):
            raise ValueError(f"coefficients must be finite; got {self}")
        if self.d <= 0:
            raise ValueError(f"d, the scale at the centre, must be > 0; got {self.d}")

    def undistorted_radius(self, distorted_radius: FloatArray) -> FloatArray:
        """Return the radius in the undistorted picture."""
        r = distorted_radius
        return (((self.a * r + self.b) * r + self.c) * r + self.d) * r

    def distorted_radius(self, undistorted_radius: FloatArray) -> FloatArray:
        """Return the radius in the distorted picture, by Newton's method.

        Raises
        ------
        ValueError
            If a radius is beyond what the model reaches.
        """
        return _newton_root(
            lambda r: self.undistorted_radius(r) - undistorted_radius,
            lambda r: ((4 * self.a * r + 3 * self.b) * r + 2 * self.c) * r + self.d,
            start=undistorted_radius / self.d,
        )


CAMERA_SET_DISTORTIONS: dict[str, DivisionDistortion] = {
    "1": DivisionDistortion((0.02153, 0.001537)),
    "2": DivisionDistortion((0.01528, 0.001509)),
    "3": DivisionDistortion((-0.00562, -0.002272)),
    "4": DivisionDistortion((-0.00962, -0.003338)),
    "5": DivisionDistortion((-0.01184, -0.004349)),
}
"""Eq. 5 for the five camera sets, fitted to `RELEASED_DISTORTIONS` up to a zoom.

The paper gives no coefficients.  The fits are within 2.4 px at 1920 x 1080.
"""

RELEASED_DISTORTIONS: dict[str, BarrelDistortion] = {
    "1": BarrelDistortion(0.01, 0.0028, 0.0028, 0.9),
    "2": BarrelDistortion(0.008, 0.002, 0.002, 0.92),
    "3": BarrelDistortion(-0.0055, -0.0013, -0.0013, 1.009),
    "4": BarrelDistortion(-0.007, -0.0036, -0.0036, 1.015),
    "5": BarrelDistortion(-0.008, -0.005, -0.005, 1.015),
}
"""The polynomials of the published code, for the same camera sets."""


def distort(
    image: Array,
    distortion: RadialDistortion | None,
    *,
    interpolation: Interpolation = "cubic",
) -> Array:
    """Return the picture as the lens distorts it, cropped to the valid region.

    Same size, zoomed by `valid_zoom` so that nothing outside the picture is needed.

    Parameters
    ----------
    image : array (H, W) or (H, W, C)
        Any dtype for ``"nearest"``; float32 or float64 for ``"cubic"``.
    distortion : RadialDistortion or None
        None leaves the picture untouched.
    interpolation : {"cubic", "nearest"}
        ``cubic`` (Keys, a = -1/2; never below 0) for colour; ``nearest`` for depth, CoC
        and labels, which must not be averaged across an edge and may be infinite.

    Returns
    -------
    array, same shape, dtype, library and device

    Raises
    ------
    TypeError
        If ``"cubic"`` is asked of anything but float32 or float64.
    ValueError
        If the map is not one-to-one within the picture.

    References
    ----------
    Keys (1981) for the interpolation.

    Examples
    --------
    >>> depth_m = np.full((4, 5), np.inf)
    >>> lens = CAMERA_SET_DISTORTIONS["1"]
    >>> bool(np.isinf(distort(depth_m, lens, interpolation="nearest")).all())
    True
    """
    if interpolation not in get_args(Interpolation):
        raise ValueError(
            f"interpolation must be one of {get_args(Interpolation)}; "
            f"got {interpolation!r}"
        )
    if interpolation == "cubic" and not is_real_floating(image):
        raise TypeError(
            f"cubic interpolation needs float32 or float64; got {image.dtype}. "
            'Labels? Use "nearest"'
        )
    height, width = image.shape[:2]
    if distortion is None:
        return image[...]
    rows, columns = np.meshgrid(
        np.arange(height, dtype=float), np.arange(width, dtype=float), indexing="ij"
    )
    points = np.stack([rows, columns], axis=-1)
    source = undistort_points(points, distortion, height, width)
    # Rounding must not push a border pixel's source out of the picture.
    source = np.clip(source, 0.0, [height - 1.0, width - 1.0])
    if interpolation == "nearest":
        return sample_nearest(image, source)
    return sample_cubic(image, source)


def distort_points(
    points: FloatArray, distortion: RadialDistortion, height: int, width: int
) -> FloatArray:
    """Return where points of the picture are in the output of `distort`.

    Parameters
    ----------
    points : float64 array (..., 2)
        Row, column.
    distortion : RadialDistortion
    height, width : int
        Of the picture.

    Returns
    -------
    float64 array (..., 2)
        Row, column; outside the picture for what the crop cuts off.

    Examples
    --------
    >>> lens = CAMERA_SET_DISTORTIONS["1"]
    >>> distort_points(np.array([[10.0, 15.0]]), lens, 21, 31).tolist()
    [[10.0, 15.0]]
    """
    zoom = valid_zoom(distortion, height, width)
    return _moved_radially(
        points, lambda radius: zoom * distortion.distorted_radius(radius), height, width
    )


def undistort_points(
    points: FloatArray, distortion: RadialDistortion, height: int, width: int
) -> FloatArray:
    """Return where points of the output of `distort` were in the picture.

    The inverse of `distort_points`, with the same parameters.
    """
    zoom = valid_zoom(distortion, height, width)
    return _moved_radially(
        points,
        lambda radius: distortion.undistorted_radius(radius / zoom),
        height,
        width,
    )


def valid_zoom(distortion: RadialDistortion, height: int, width: int) -> float:
    """Return the least magnification that leaves no output pixel without a source.

    Distortion moves a point along its ray through the centre, so it is enough that no
    border pixel moves inwards: zoom = max over the border of r / r_d(r), which for
    Eq. 5 is the largest 1 + c1 r^2 + c2 r^4 + ....

    Raises
    ------
    ValueError
        If the map is not one-to-one within the picture; see `check_one_to_one`.

    Examples
    --------
    >>> valid_zoom(DivisionDistortion((-0.01,)), 9, 9) < 1
    True
    """
    rows, columns = np.arange(height, dtype=float), np.arange(width, dtype=float)
    check_one_to_one(distortion, height, width)
    centre_row, centre_column, unit = _geometry(height, width)
    border = np.concatenate(
        [
            np.hypot(rows - centre_row, centre_column),
            np.hypot(columns - centre_column, centre_row),
        ]
    )
    border = border[border > 0] / unit
    if border.size == 0:  # a picture of one pixel
        return 1.0
    return float((border / distortion.distorted_radius(border)).max())


def _geometry(height: int, width: int) -> tuple[float, float, float]:
    """Return the centre's row and column, and the unit of radius in pixels."""
    return (height - 1) / 2, (width - 1) / 2, min(height, width) / 2


def check_one_to_one(distortion: RadialDistortion, height: int, width: int) -> None:
    """Refuse a lens that folds the picture over itself before its corner.

    Raises
    ------
    ValueError
        If the distorted radius does not rise all the way to the corner.

    Examples
    --------
    >>> check_one_to_one(DivisionDistortion((0.1,)), 480, 640)
    """
    centre_row, centre_column, unit = _geometry(height, width)
    corner_radius = math.hypot(centre_row, centre_column) / unit
    if corner_radius == 0:  # a picture of one pixel
        return
    radius = np.linspace(0, corner_radius, _MONOTONE_SAMPLES)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        is_rising = np.diff(distortion.distorted_radius(radius)) > 0
    if not is_rising.all():
        raise ValueError(
            "the distortion folds the picture: the distorted radius must rise with the "
            f"radius up to the corner, {corner_radius:.3f} times half the shorter side"
        )


def _moved_radially(
    points: FloatArray,
    new_radius: Callable[[FloatArray], FloatArray],
    height: int,
    width: int,
) -> FloatArray:
    """Return points moved along their rays through the centre."""
    centre_row, centre_column, unit = _geometry(height, width)
    centre = np.array([centre_row, centre_column])
    offset = (points - centre) / unit
    radius = np.hypot(offset[..., 0], offset[..., 1])
    is_off_centre = radius > 0
    safe = np.where(is_off_centre, radius, 1.0)
    scale = np.where(is_off_centre, new_radius(radius) / safe, 1.0)
    return centre + offset * scale[..., None] * unit


def _newton_root(
    function: Callable[[FloatArray], FloatArray],
    slope: Callable[[FloatArray], FloatArray],
    start: FloatArray,
) -> FloatArray:
    """Return the root near the start, for all elements at once."""
    root = start
    for _ in range(_NEWTON_STEPS):
        with np.errstate(all="ignore"):
            step = function(root) / slope(root)
            root = root - step
        if not np.isfinite(root).all():
            break
        if (np.abs(step) <= _NEWTON_TOLERANCE * (1 + np.abs(root))).all():
            return root
    raise ValueError(
        f"no radius maps to one of the given ones, up to {start.max():.3f} in units of "
        "half the shorter side: the distortion model does not reach so far"
    )
