"""Where a picture lies in the region of an Image Editor, whatever zoom and pan."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class PicturePlace:
    """The edges of a picture in a region, and its size.

    Parameters
    ----------
    left, bottom, right, top : float
        Edges in pixels of the region, from its bottom left corner; they may lie
        outside of it.
    width_px, height_px : int
        Size of the picture in its own pixels.
    """

    left: float
    bottom: float
    right: float
    top: float
    width_px: int
    height_px: int

    def pixel_under(self, x: float, y: float) -> tuple[int, int] | None:
        """Return (row, column) of the pixel under a point of the region, or None.

        Row 0 is the top of the picture.

        Examples
        --------
        >>> place = PicturePlace(10, 10, 50, 30, width_px=20, height_px=10)
        >>> place.pixel_under(10, 29), place.pixel_under(9, 29)
        ((0, 0), None)
        """
        column = self._column_at(x)
        row = math.floor((self.top - y) / (self.top - self.bottom) * self.height_px)
        is_inside = 0 <= column < self.width_px and 0 <= row < self.height_px
        return (row, column) if is_inside else None

    def _column_at(self, x: float) -> int:
        return math.floor((x - self.left) / (self.right - self.left) * self.width_px)

    def x_of_line(self, column: int) -> float:
        """Return where the left edge of a column lies, in pixels of the region."""
        return self.left + column / self.width_px * (self.right - self.left)

    def position_at(self, x: float) -> float:
        """Return the share of the width that lies left of x, from 0 to 1."""
        share = (x - self.left) / (self.right - self.left)
        return min(max(share, 0.0), 1.0)


def place_of(
    corners: tuple[tuple[float, float], tuple[float, float]],
    region_size: tuple[int, int],
    picture_size: tuple[int, int],
) -> PicturePlace:
    """Return the place of a picture from what the region's corners show.

    Parameters
    ----------
    corners : ((u, v), (u, v))
        What lies under the region's bottom left and top right corner, in widths and
        heights of the picture from its bottom left corner.
    region_size, picture_size : (width, height)
        In pixels of the region and of the picture.

    Examples
    --------
    >>> place_of(((-0.5, 0.0), (1.5, 1.0)), (200, 50), (40, 20)).left
    50.0
    """
    (u_0, v_0), (u_1, v_1) = corners
    width, height = region_size
    scale_x = width / (u_1 - u_0)
    scale_y = height / (v_1 - v_0)
    return PicturePlace(
        left=-u_0 * scale_x,
        bottom=-v_0 * scale_y,
        right=(1 - u_0) * scale_x,
        top=(1 - v_0) * scale_y,
        width_px=picture_size[0],
        height_px=picture_size[1],
    )


@dataclass(frozen=True)
class Bounds:
    """Edges of a part of a region, in its pixels."""

    left: float
    bottom: float
    right: float
    top: float


def free_bounds(
    region_size: tuple[int, int], others: list[tuple[int, int, int, int]]
) -> Bounds:
    """Return the part of a region that headers and sidebars over it leave free.

    Parameters
    ----------
    region_size : (width, height)
        Pixels.
    others : list of (x, y, width, height)
        Of the other regions, from this one's bottom left corner.

    Examples
    --------
    >>> free_bounds((100, 80), [(0, 70, 100, 10), (75, 0, 25, 80), (0, 80, 100, 20)])
    Bounds(left=0, bottom=0, right=75, top=70)
    """
    width, height = region_size
    left, bottom, right, top = 0, 0, width, height
    for x, y, other_width, other_height in others:
        is_column = other_height / height > other_width / width
        if is_column and x + other_width / 2 < width / 2:
            left = max(left, x + other_width)
        elif is_column:
            right = min(right, x)
        elif y + other_height / 2 < height / 2:
            bottom = max(bottom, y + other_height)
        else:
            top = min(top, y)
    return Bounds(left, bottom, right, top)


def box_beside(
    pointer: tuple[float, float],
    box_size: tuple[float, float],
    free: Bounds,
    gap: float,
) -> tuple[float, float]:
    """Return the bottom left corner of a box near a pointer and inside the bounds.

    It lies right of the pointer and below it, or on the other side where it would be
    cut off.  All in pixels of the region.

    Examples
    --------
    >>> box_beside((50, 50), (20, 10), Bounds(0, 0, 100, 100), gap=5)
    (55, 35)
    >>> box_beside((90, 10), (20, 10), Bounds(0, 0, 100, 100), gap=5)
    (65, 15)
    """
    x = pointer[0] + gap
    if x + box_size[0] > free.right:
        x = pointer[0] - gap - box_size[0]
    y = pointer[1] - gap - box_size[1]
    if y < free.bottom:
        y = pointer[1] + gap
    return max(x, free.left), y
