"""Rays through a thin lens, one by one: the truth for PSFs and occlusion.

Written from the lens equation alone and sharing no code with `dp_model`.  World
coordinates have the lens at the origin, x to the right and y down as seen from behind
the camera, z along the axis.  A picture is the sensor's image turned upright, so that
its x and y point like the world's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lens:
    focal_length_m: float
    f_number: float
    focus_distance_m: float
    pixel_pitch_m: float

    @property
    def pupil_radius_m(self) -> float:
        return self.focal_length_m / self.f_number / 2

    @property
    def sensor_distance_m(self) -> float:
        return 1 / (1 / self.focal_length_m - 1 / self.focus_distance_m)


def landing_px(lens: Lens, depth_m: float, pupil_m: Floats) -> Floats:
    """Where rays from an axial point through points of the pupil land."""
    image_m = 1 / (1 / lens.focal_length_m - 1 / depth_m)
    on_sensor_m = pupil_m * (1 - lens.sensor_distance_m / image_m)
    return -on_sensor_m / lens.pixel_pitch_m  # the sensor's image is upside down


def seen_at_px(lens: Lens, depth_m: float, pixel: Floats, pupil: Floats) -> Floats:
    """Where, in a pinhole's picture, a ray meets a plane.

    The ray goes from a point of the pupil (unit disc) to a pixel, counted from the
    centre of the picture; traced backwards, it passes the pixel's point of the focus
    plane and then meets the plane at ``depth_m``.
    """
    pupil_m = pupil * lens.pupil_radius_m
    scale = lens.pixel_pitch_m / lens.sensor_distance_m
    focus_m = pixel * scale * lens.focus_distance_m
    hit_m = pupil_m + (focus_m - pupil_m) * depth_m / lens.focus_distance_m
    return hit_m / depth_m / scale


def ring(x: Floats, y: Floats, order: int, alpha: float, beta: float) -> Floats:
    """The paper's transmission: beta in the middle, 1 at the rim."""
    radius = np.maximum(np.sqrt(x * x + y * y), 1e-9)
    level = 1 / (1 + (alpha / radius) ** (2 * order))
    at_rim = 1 / (1 + alpha ** (2 * order))
    return beta + (1 - beta) * level / at_rim


def left_ramp(x: Floats) -> Floats:
    """The left photodiode's share of the light through x of the unit pupil."""
    return np.clip(0.5 - 0.5 * x, 0, 1)


def random_pupil(rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """Points spread evenly over the unit disc."""
    radius = np.sqrt(rng.random(count))
    angle = 2 * np.pi * rng.random(count)
    return radius * np.cos(angle), radius * np.sin(angle)


def grid_pupil(across: int) -> tuple[Floats, Floats]:
    """A square grid of points over the unit disc."""
    ticks = (np.arange(across) + 0.5) / across * 2 - 1
    x, y = np.meshgrid(ticks, ticks)
    inside = x**2 + y**2 <= 1
    return x[inside], y[inside]


def histogram(rows: Floats, columns: Floats, weights: Floats, half: int) -> Floats:
    """The light that falls on each pixel of a small picture, as shares of all."""
    edges = np.arange(-half, half + 2) - 0.5
    counts, _, _ = np.histogram2d(rows, columns, bins=(edges, edges), weights=weights)
    return counts / weights.sum()


@dataclass(frozen=True)
class Card:
    """A fronto-parallel picture: colour and mask as functions of row and column."""

    depth_m: float
    colour: Callable[[Floats, Floats], Floats]
    mask: Callable[[Floats, Floats], NDArray[np.bool_]]


def trace_cards(
    lens: Lens,
    cards: list[Card],
    size: tuple[int, int],
    pupil: tuple[Floats, Floats],
    weights: Floats,
) -> Floats:
    """The picture of opaque cards through weighted points of the pupil."""
    height, width = size
    rows, columns = np.mgrid[:height, :width].astype(float)
    middle_row, middle_column = (height - 1) / 2, (width - 1) / 2
    total = np.zeros((height, width, 3))
    for pupil_x, pupil_y, weight in zip(*pupil, weights, strict=True):
        seen = np.zeros((height, width, 3))
        is_open = np.ones((height, width), dtype=bool)
        for card in sorted(cards, key=lambda card: card.depth_m):
            depth = card.depth_m
            row = seen_at_px(lens, depth, rows - middle_row, pupil_y) + middle_row
            column = (
                seen_at_px(lens, depth, columns - middle_column, pupil_x)
                + middle_column
            )
            is_hit = is_open & card.mask(row, column)
            seen[is_hit] = card.colour(row, column)[is_hit]
            is_open &= ~is_hit
        total += weight * seen
    return total / weights.sum()
