"""What people are made of: the figure, ovals, limbs and creases; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.people.outfits import Outfit
from blender_scenes.city.people.skeleton import Body
from blender_scenes.city.shapes.shapes import Shape, loft

Array = NDArray[np.float64]

_DOME_RAD = np.deg2rad([80.0, 42.0])


@dataclass(frozen=True)
class Figure:
    """A body in its dress; ``detail`` is 2 near, 1 in the distance.

    The top of somebody seated ends at the seat.
    """

    body: Body
    outfit: Outfit
    seed: int
    detail: int = 2
    is_seated: bool = False

    @property
    def sides(self) -> int:
        """Corners of a limb's cross-section."""
        return 12 if self.detail == 2 else 8

    @property
    def scale(self) -> float:
        """Size relative to the model adult."""
        return self.body.scale

    def crease_m(self, depth_m: float) -> float:
        """Return the depth of folds, none in the distance."""
        return depth_m * self.scale if self.detail == 2 else 0.0

    def phase(self, bone: int) -> float:
        """Return a number that makes the folds of every bone differ."""
        return 1.7 * bone + 0.61 * (self.seed % 97)


def oval_rings(rows: ArrayLike, *, sides: int, count: int = 0) -> Array:
    """Return level rings (R, sides, 3) from rows of z, half width, half depth, y.

    Rows may come in either direction of z and are interpolated to ``count`` rings if
    that is more than there are rows.
    """
    table = np.asarray(rows, np.float64)
    table = table[np.argsort(table[:, 0])]
    if count > len(table):
        z = np.union1d(table[:, 0], np.linspace(table[0, 0], table[-1, 0], count))
        table = np.stack([np.interp(z, table[:, 0], c) for c in table.T], axis=1)
    angle = 2 * np.pi * np.arange(sides) / sides
    # A slightly square oval looks like a chest, an ellipse like a barrel.
    across = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.85
    along = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.85
    z, width, depth, y = table.T[:, :, None]
    points = np.broadcast_arrays(width * across, y + depth * along, z)
    return np.stack(points, axis=-1)


def domed(rows: ArrayLike, *, low: bool = True, high: bool = True) -> Array:
    """Return rows of a limb with half a ball added around its end joints."""
    table = np.asarray(rows, np.float64)
    table = table[np.argsort(table[:, 0])]
    parts = [table]
    for is_wanted, row, out in ((low, table[0], -1.0), (high, table[-1], 1.0)):
        if is_wanted:
            shrink, rise = np.cos(_DOME_RAD), np.sin(_DOME_RAD)
            radius = 0.5 * (row[1] + row[2])
            dome = np.stack(
                [
                    row[0] + out * radius * rise,
                    row[1] * shrink,
                    row[2] * shrink,
                    np.full(len(shrink), row[3]),
                ],
                axis=1,
            )
            parts.append(dome)
    return np.concatenate(parts)


def creased(rings: Array, depth_m: float, phase: float) -> Array:
    """Return rings pushed in and out by slanting folds of cloth."""
    middle = rings.mean(axis=1, keepdims=True)
    out = rings - middle
    angle = np.arctan2(out[..., 1], out[..., 0])
    z = rings[..., 2]
    fold = np.sin(2 * angle + 34.0 * z + phase) + np.sin(
        3 * angle - 57.0 * z + 2.1 * phase
    )
    fold += 0.7 * np.sin(5 * angle + 21.0 * z + 3.7 * phase)
    radius = np.maximum(np.linalg.norm(out[..., :2], axis=-1), 1e-6)
    # Tight ends such as domes keep their shape.
    push = 0.4 * depth_m * fold * np.minimum(radius / 0.05, 1.0)
    moved = rings.copy()
    moved[..., :2] += out[..., :2] * (push / radius)[..., None]
    return moved


def limb(
    rows: ArrayLike,
    *,
    sides: int,
    crease_m: float = 0.0,
    phase: float = 0.0,
    low: bool = True,
    high: bool = True,
) -> Shape:
    """Return a limb along z with rounded ends, creased if it is of cloth."""
    count = 9 if crease_m and sides > 10 else 0
    rings = oval_rings(domed(rows, low=low, high=high), sides=sides, count=count)
    return loft(creased(rings, crease_m, phase) if crease_m else rings)


def scaled(rows: ArrayLike, scale: float, girth: float = 1.0) -> Array:
    """Return rows in another size, their widths also times the girth."""
    return np.asarray(rows, np.float64) * (scale, scale * girth, scale * girth, scale)
