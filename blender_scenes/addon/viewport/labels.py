"""Texts of the overlay and where they go; pure."""

# SPDX-License-Identifier: GPL-3.0-or-later

import math
from collections.abc import Sequence


def radius_text(radius_px: float) -> str:
    """Return a blur radius in pixels without the unit; + is behind the focus.

    Examples
    --------
    >>> [radius_text(r) for r in (-12.0, -0.5, 0.0, 2.25)]
    ['-12', '-0.5', '0', '+2.2']
    """
    if radius_px == 0:
        return "0"
    text = f"{radius_px:+.1f}" if abs(radius_px) < 10 else f"{radius_px:+.0f}"
    return text.removesuffix(".0")


def spread_down(
    places: Sequence[tuple[float, float]], width: float, height: float
) -> list[tuple[float, float]]:
    """Return the places with those moved down that would overlap an earlier one.

    Parameters
    ----------
    places : sequence of (x, y)
        Lower left corners of texts, y upwards.
    width, height : float
        Size that every text is given.
    """
    spread: list[tuple[float, float]] = []
    for x, y in places:
        for other_x, other_y in sorted(spread, key=lambda place: -place[1]):
            if abs(x - other_x) < width and abs(y - other_y) < height:
                y = other_y - height
        spread.append((x, y))
    return spread


def legend_marks(limit_px: float) -> list[float]:
    """Return the radii to mark on a legend, from -limit to +limit: 3 to 7 round ones.

    Examples
    --------
    >>> legend_marks(2.4), legend_marks(30.0)
    ([-2.0, -1.0, 0.0, 1.0, 2.0], [-30.0, -20.0, -10.0, 0.0, 10.0, 20.0, 30.0])
    """
    power = 10.0 ** math.floor(math.log10(limit_px / 3))
    least = limit_px / 3 * (1 - 1e-9)
    step = next(power * digit for digit in (1, 2, 5, 10) if power * digit >= least)
    count = math.floor(limit_px / step * (1 + 1e-9))
    return [number * step for number in range(-count, count + 1)]
