"""The centreline of a street: from street axes to world axes and back; no bpy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

MIN_RADIUS_M = 25.0
# Between two nodes the direction turns by a few hundredths of a radian, so that
# five points of Gauss integrate it to rounding.
_NODE_SPACING_M = 1.0
_GAUSS_PLACES, _GAUSS_WEIGHTS = np.polynomial.legendre.leggauss(5)
_NEWTON_STEPS = 12


@dataclass(frozen=True)
class Bend:
    """A stretch of the centreline that turns, its curvature rising and falling.

    Parameters
    ----------
    start_m, length_m : float
        Where it begins, and its length, along the centreline.
    turn_rad : float
        Change of direction over the whole bend, positive to the left.
    """

    start_m: float
    length_m: float
    turn_rad: float

    def __post_init__(self) -> None:
        if not self.start_m >= 0.0:
            raise ValueError(
                f"start_m must be >= 0, ahead of the camera; got {self.start_m}"
            )
        if not self.length_m > 0.0:
            raise ValueError(f"length_m must be > 0 metres; got {self.length_m}")
        if self.radius_m < MIN_RADIUS_M * (1 - 1e-9):
            raise ValueError(
                f"turn_rad {self.turn_rad:g} over length_m {self.length_m:g} has a "
                f"radius of {self.radius_m:g} m; expected at least {MIN_RADIUS_M} m"
            )

    @property
    def end_m(self) -> float:
        """Where the bend ends, along the centreline, metres."""
        return self.start_m + self.length_m

    @property
    def radius_m(self) -> float:
        """Smallest radius of the bend, at its middle, metres."""
        return self.length_m / max(2.0 * abs(self.turn_rad), 1e-12)


class _Nodes(NamedTuple):
    """Places along the centreline between which its direction is integrated."""

    y_m: NDArray[np.float64]
    xy_m: NDArray[np.float64]


@dataclass(frozen=True)
class Road:
    """A smooth centreline of straight stretches and bends.

    Street axes are x to the right of the centreline and y along it; the world's
    axes are the same at y <= 0. Every method takes arrays that broadcast.

    Parameters
    ----------
    bends : tuple of Bend
        In their order, without overlap; straight before, between and after.
    """

    bends: tuple[Bend, ...] = ()

    def __post_init__(self) -> None:
        for bend, following in pairwise(self.bends):
            if following.start_m < bend.end_m - 1e-9:
                raise ValueError(
                    f"bends must not overlap; one ends at {bend.end_m:g} m, the next "
                    f"starts at {following.start_m:g} m"
                )

    def heading_rad(self, y_m: ArrayLike) -> NDArray[np.float64]:
        """Return the turn of the centreline at y, radians, positive to the left."""
        y = np.asarray(y_m, np.float64)
        heading = np.zeros_like(y)
        for bend in self.bends:
            share = np.clip((y - bend.start_m) / bend.length_m, 0.0, 1.0)
            turned = share - np.sin(2 * np.pi * share) / (2 * np.pi)
            heading = heading + bend.turn_rad * turned
        return heading

    def curvature_per_m(self, y_m: ArrayLike) -> NDArray[np.float64]:
        """Return the turn per metre of centreline at y, positive to the left."""
        y = np.asarray(y_m, np.float64)
        curvature = np.zeros_like(y)
        for bend in self.bends:
            share = np.clip((y - bend.start_m) / bend.length_m, 0.0, 1.0)
            rise = 1.0 - np.cos(2 * np.pi * share)
            curvature = curvature + bend.turn_rad / bend.length_m * rise
        return curvature

    def stretch(self, x_m: ArrayLike, y_m: ArrayLike) -> NDArray[np.float64]:
        """Return the metres of way at x per metre of centreline: 1 where straight."""
        return 1.0 + self.curvature_per_m(y_m) * np.asarray(x_m, np.float64)

    def world_xy(self, x_m: ArrayLike, y_m: ArrayLike) -> NDArray[np.float64]:
        """Return (..., 2) world coordinates of points in street axes, metres."""
        x, y = np.broadcast_arrays(
            np.asarray(x_m, np.float64), np.asarray(y_m, np.float64)
        )
        heading = self.heading_rad(y)
        right = np.stack([np.cos(heading), np.sin(heading)], axis=-1)
        return self._centre(y) + x[..., None] * right

    def street_xy(
        self, world_xy: ArrayLike, *, near_y_m: ArrayLike
    ) -> NDArray[np.float64]:
        """Return (..., 2) street axes of points of the world, metres.

        Points lie beside the stretch around ``near_y_m`` and nearer to the
        centreline than its bends' centres; others have no single place.
        """
        points = np.asarray(world_xy, np.float64)
        y = np.broadcast_to(np.asarray(near_y_m, np.float64), points.shape[:-1])
        x = np.zeros_like(y)
        for _ in range(_NEWTON_STEPS):
            heading = self.heading_rad(y)
            cosine, sine = np.cos(heading), np.sin(heading)
            offset = points - self._centre(y)
            x = offset[..., 0] * cosine + offset[..., 1] * sine
            ahead = offset[..., 1] * cosine - offset[..., 0] * sine
            y = y + ahead / np.maximum(self.stretch(x, y), 0.2)
        return np.stack([x, y], axis=-1)

    def placement(
        self,
        x_m: float,
        y_m: float,
        z_m: float = 0.0,
        *,
        heading_rad: float = 0.0,
        scale: float = 1.0,
    ) -> NDArray[np.float64]:
        """Return the 4x4 matrix that stands a thing upright at a place of the street.

        ``heading_rad`` is counted from the street's direction there.
        """
        turn = heading_rad + float(self.heading_rad(y_m))
        cosine, sine = np.cos(turn) * scale, np.sin(turn) * scale
        x, y = self.world_xy(x_m, y_m)
        return np.array(
            [
                [cosine, -sine, 0.0, x],
                [sine, cosine, 0.0, y],
                [0.0, 0.0, scale, z_m],
                [0.0, 0.0, 0.0, 1.0],
            ]
        )

    @cached_property
    def _nodes(self) -> _Nodes:
        end_m = self.bends[-1].end_m if self.bends else 0.0
        count = int(np.ceil(end_m / _NODE_SPACING_M)) + 1
        y = np.linspace(0.0, max(end_m, _NODE_SPACING_M), max(count, 2))
        steps = self._integral(y[:-1], y[1:])
        start = np.zeros((1, 2))
        return _Nodes(y, np.concatenate([start, np.cumsum(steps, axis=0)]))

    def _integral(
        self, low: NDArray[np.float64], high: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the way (..., 2) along the centreline between two near places."""
        half = (high - low)[..., None] / 2
        heading = self.heading_rad(low[..., None] + half * (1.0 + _GAUSS_PLACES))
        direction = np.stack([-np.sin(heading), np.cos(heading)], axis=-1)
        return ((half * _GAUSS_WEIGHTS)[..., None] * direction).sum(axis=-2)

    def _centre(self, y_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the world coordinates (..., 2) of the centreline, metres."""
        nodes = self._nodes
        inside = np.clip(y_m, nodes.y_m[0], nodes.y_m[-1])
        before = np.searchsorted(nodes.y_m, inside, side="right") - 1
        before = np.clip(before, 0, len(nodes.y_m) - 2)
        centre = nodes.xy_m[before] + self._integral(nodes.y_m[before], inside)
        # Straight ahead of the first node and beyond the last.
        heading = self.heading_rad(y_m)
        direction = np.stack([-np.sin(heading), np.cos(heading)], axis=-1)
        return centre + (y_m - inside)[..., None] * direction
