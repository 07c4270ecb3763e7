"""The centreline of a street: from street axes to world axes; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Road:
    """A straight centreline.

    Street axes are x to the right of the centreline and y along it; the world's
    axes are the same at y = 0.
    """

    def world_xy(self, x_m: ArrayLike, y_m: ArrayLike) -> NDArray[np.float64]:
        """Return (..., 2) world coordinates of points in street axes, metres."""
        return np.stack(np.broadcast_arrays(x_m, y_m), axis=-1).astype(np.float64)

    def heading_rad(self, y_m: ArrayLike) -> NDArray[np.float64]:
        """Return the turn of the centreline at y, radians, positive to the left."""
        return np.zeros_like(y_m, dtype=np.float64)

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
