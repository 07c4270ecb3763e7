"""Upright rectangles on the ground, turned any way, and whether they meet; no bpy."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Rectangle(NamedTuple):
    """A rectangle of the world: centre (2,), unit axes (2, 2) as rows, half sizes."""

    centre_m: NDArray[np.float64]
    axes: NDArray[np.float64]
    half_m: NDArray[np.float64]

    @property
    def corners_m(self) -> NDArray[np.float64]:
        """World coordinates (4, 2) of the corners, in turn."""
        signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
        return self.centre_m + (signs * self.half_m) @ self.axes

    def meets(self, other: Rectangle) -> bool:
        """Return whether the two share more than an edge.

        Examples
        --------
        >>> a = rectangle((0, 0), 0.0, (1, 1))
        >>> a.meets(rectangle((1.9, 0), 0.0, (1, 1)))
        True
        >>> a.meets(rectangle((2.3, 0), 0.5, (1, 1)))
        True
        >>> a.meets(rectangle((2.4, 0), 0.5, (1, 1)))
        False
        """
        reach_m = math.hypot(*self.half_m) + math.hypot(*other.half_m)
        if math.dist(self.centre_m, other.centre_m) >= reach_m:
            return False
        # Two convex shapes are apart where some edge's normal separates them.
        normals = np.concatenate([self.axes, other.axes])
        mine, theirs = normals @ self.corners_m.T, normals @ other.corners_m.T
        return bool(
            (
                (mine.max(axis=1) > theirs.min(axis=1) + 1e-9)
                & (theirs.max(axis=1) > mine.min(axis=1) + 1e-9)
            ).all()
        )

    def distance_m(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return how far points (..., 2) lie outside, 0 within, metres."""
        offset = np.abs((np.asarray(points, np.float64) - self.centre_m) @ self.axes.T)
        beyond = np.maximum(offset - self.half_m, 0.0)
        return np.hypot(beyond[..., 0], beyond[..., 1])


def rectangle(centre_m: ArrayLike, heading_rad: float, half_m: ArrayLike) -> Rectangle:
    """Return the rectangle whose own axes are turned by a heading."""
    cosine, sine = np.cos(heading_rad), np.sin(heading_rad)
    return Rectangle(
        np.asarray(centre_m, np.float64),
        np.array([(cosine, sine), (-sine, cosine)]),
        np.asarray(half_m, np.float64),
    )
