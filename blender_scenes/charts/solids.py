"""Closed solids of the charts, placed as everything else in them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.charts.surfaces import (
    CHART_FOCAL_PX,
    Surface,
    curved,
    points_m,
)

_CUBE_CELLS = 16
_NOD_RAD = 0.5


def ball(
    rng: np.random.Generator, place: tuple[float, float, float], radius_px: float
) -> Surface:
    """Return a ball with a wavy chequered skin.

    Parameters
    ----------
    rng : numpy.random.Generator
    place : tuple of float
        Column, row and defocus of its centre.
    radius_px : float
        In the picture.
    """
    centre = points_m(*place)
    radius_m = radius_px * centre[2] / CHART_FOCAL_PX
    around, down = np.meshgrid(np.linspace(0, 1, 129), np.linspace(0, 1, 65))
    longitude, latitude = 2 * np.pi * around, np.pi * down
    normal = np.stack(
        [
            np.sin(latitude) * np.cos(longitude),
            -np.cos(latitude),
            np.sin(latitude) * np.sin(longitude),
        ],
        axis=-1,
    )
    count = int(rng.integers(3, 9))
    wave = np.sin(2 * np.pi * count * around) * np.sin(np.pi * count * down)
    share = (0.5 + 0.5 * np.clip(3 * wave, -1, 1))[..., None]
    first, second = rng.uniform(0.03, 0.95, (2, 3))
    return curved(centre + radius_m * normal, share * first + (1 - share) * second)


def cube(
    rng: np.random.Generator, place: tuple[float, float, float], half_side_px: float
) -> list[Surface]:
    """Return the six sides of a chequered cube, turned at random; see `ball`."""
    centre = points_m(*place)
    half_side_m = half_side_px * centre[2] / CHART_FOCAL_PX
    rotation = _turned(rng.uniform(0, np.pi)) * half_side_m
    steps = np.linspace(-1, 1, _CUBE_CELLS + 1)
    x, y = np.meshgrid(steps, steps)
    square = (np.floor(4 * (x + 1)) + np.floor(4 * (y + 1))) % 2
    sides: list[Surface] = []
    for axis in range(3):
        for facing in (-1, 1):
            # Looked at from outside, x runs to the right on either side.
            side = np.stack([-facing * x, y, np.full_like(x, facing)], axis=-1)
            first, second = rng.uniform(0.05, 0.9, (2, 3))
            rgb = np.where(square[..., None] > 0, first, second)
            points = centre + np.roll(side, axis, axis=-1) @ rotation.T
            sides.append(curved(points, rgb))
    return sides


def _turned(heading_rad: float) -> NDArray[Any]:
    """Return the rotation about the vertical axis, after a nod towards the camera."""
    cosine, sine = np.cos(heading_rad), np.sin(heading_rad)
    heading = np.array([[cosine, 0, sine], [0, 1, 0], [-sine, 0, cosine]])
    cosine, sine = np.cos(_NOD_RAD), np.sin(_NOD_RAD)
    return heading @ np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
