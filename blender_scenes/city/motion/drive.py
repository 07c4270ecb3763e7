"""How far the camera has driven at any time: smooth speed, slower in bends; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.road import Road

MIN_SPEED_M_S, MAX_SPEED_M_S = 6.0, 14.0
# What passengers take for a calm ride.
SIDEWAYS_M_S2 = 2.4
SPEED_UP_M_S2, SLOW_DOWN_M_S2 = 1.2, 1.7
CONTROL_STEP_S = 0.5
_GRID_M = 0.5
_MARCH_S = 0.02
# Drivers let the speed sag by some percent, for a hundred metres or so.
_SAG, _SAG_LENGTH_M = 0.1, (70.0, 150.0)


@dataclass(frozen=True)
class Drive:
    """Way along the centreline as a uniform cubic B-spline of time.

    Its speed and acceleration lie within those of the control values, and its
    acceleration has no jumps.

    Parameters
    ----------
    start_s : float
        First time that the spline covers.
    step_s : float
        Between two control values.
    controls_m : tuple of float
        Control values y; the first belongs to one step before ``start_s``.
    """

    start_s: float
    step_s: float
    controls_m: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.step_s > 0.0:
            raise ValueError(f"step_s must be > 0 seconds; got {self.step_s}")
        if len(self.controls_m) < 4:
            raise ValueError(
                f"controls_m has {len(self.controls_m)} values; a cubic needs four"
            )

    @property
    def end_s(self) -> float:
        """Last time that the spline covers, seconds."""
        return self.start_s + self.step_s * (len(self.controls_m) - 3)

    def y_m(self, time_s: ArrayLike) -> NDArray[np.float64]:
        """Return y at any times; beyond both ends the speed stays as it is there."""
        share, near = self._near(time_s)
        a, b, c, d = near
        inside = np.clip(share, 0.0, 1.0)
        whole = (a + 4 * b + c) + 3 * (c - a) * inside
        whole += 3 * (a - 2 * b + c) * inside**2 + (d - 3 * c + 3 * b - a) * inside**3
        return whole / 6 + (share - inside) * self.step_s * self.speed_m_s(time_s)

    def speed_m_s(self, time_s: ArrayLike) -> NDArray[np.float64]:
        """Return the speed along the centreline."""
        share, (a, b, c, d) = self._near(time_s)
        inside = np.clip(share, 0.0, 1.0)
        slope = (c - a) / 2 + (a - 2 * b + c) * inside
        slope += (d - 3 * c + 3 * b - a) * inside**2 / 2
        return slope / self.step_s

    def knots_s(self) -> NDArray[np.float64]:
        """Return the times between which y is one cubic."""
        return self.start_s + self.step_s * np.arange(len(self.controls_m) - 2)

    def chord_error_m(self) -> float:
        """Return how far y is from a straight line between two knots at most."""
        return float(np.abs(np.diff(self.controls_m, 2)).max()) / 8

    def _near(
        self, time_s: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the place within a step and the four (4, ...) controls around it."""
        steps = (np.asarray(time_s, np.float64) - self.start_s) / self.step_s
        index = np.clip(np.floor(steps), 0, len(self.controls_m) - 4).astype(int)
        controls = np.asarray(self.controls_m)
        return steps - index, np.stack([controls[index + n] for n in range(4)])


def drive_random(
    rng: np.random.Generator,
    road: Road,
    x_m: float,
    cruise_m_s: float,
    start_s: float,
    end_s: float,
) -> Drive:
    """Return a drive that is at y = 0 at time 0 and never faster than ``cruise_m_s``.

    Parameters
    ----------
    rng : Generator
    road : Road
    x_m : float
        The lane, which has its own radius in a bend.
    cruise_m_s : float
        `MIN_SPEED_M_S` to `MAX_SPEED_M_S`.
    start_s, end_s : float
        Times that the drive covers at least; ``start_s`` <= 0 < ``end_s``.
    """
    if not MIN_SPEED_M_S <= cruise_m_s <= MAX_SPEED_M_S:
        raise ValueError(
            f"cruise_m_s must be {MIN_SPEED_M_S} to {MAX_SPEED_M_S}; got {cruise_m_s}"
        )
    before = int(np.ceil(-start_s / CONTROL_STEP_S)) + 1
    after = int(np.ceil(end_s / CONTROL_STEP_S)) + 3
    places = np.arange(0.0, cruise_m_s * CONTROL_STEP_S * after + 60.0, _GRID_M)
    speeds = _speeds(rng, road, x_m, cruise_m_s, places)
    ahead = [0.0]
    steps = round(CONTROL_STEP_S / _MARCH_S)
    for _ in range(after):
        y_m = ahead[-1]
        for _ in range(steps):
            y_m += float(np.interp(y_m, places, speeds)) * CONTROL_STEP_S / steps
        ahead.append(y_m)
    # The street is straight before y = 0: the speed there was the first one.
    behind = -speeds[0] * CONTROL_STEP_S * np.arange(before, 0, -1)
    controls = np.concatenate([behind, ahead])
    drive = Drive(-CONTROL_STEP_S * (before - 1), CONTROL_STEP_S, tuple(controls))
    shifted = controls - float(drive.y_m(0.0))
    return Drive(drive.start_s, CONTROL_STEP_S, tuple(float(y) for y in shifted))


def _speeds(
    rng: np.random.Generator,
    road: Road,
    x_m: float,
    cruise_m_s: float,
    places: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the speed at places `_GRID_M` apart, reachable from one to the next."""
    phase = 2 * np.pi * (places / rng.uniform(*_SAG_LENGTH_M) + rng.uniform())
    speeds = cruise_m_s * (1.0 - _SAG * (0.5 - 0.5 * np.cos(phase)))
    curvature = road.curvature_per_m(places)
    lane = np.abs(curvature) / (1.0 + curvature * x_m)
    speeds = np.minimum(speeds, np.sqrt(SIDEWAYS_M_S2 / np.maximum(lane, 1e-6)))
    squares = np.maximum(speeds, MIN_SPEED_M_S) ** 2
    for n in range(1, len(squares)):
        squares[n] = min(squares[n], squares[n - 1] + 2 * SPEED_UP_M_S2 * _GRID_M)
    for n in range(len(squares) - 2, -1, -1):
        squares[n] = min(squares[n], squares[n + 1] + 2 * SLOW_DOWN_M_S2 * _GRID_M)
    return np.sqrt(squares)
