"""What the Image Editor says in words: the read-out and the lines of the panel."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import math

from blender_scenes.addon.readings import length_text


def coc_text(coc_radius_px: float) -> str:
    """Return a signed CoC radius with its unit and its side of the focus.

    Examples
    --------
    >>> coc_text(3.24), coc_text(-0.4), coc_text(0.01)
    ('+3.2 px behind focus', '-0.4 px in front of focus', '0.0 px in focus')
    """
    rounded = round(coc_radius_px, 1)
    if rounded == 0:
        return "0.0 px in focus"
    side = "behind focus" if rounded > 0 else "in front of focus"
    return f"{rounded:+.1f} px {side}"


def depth_text(depth_m: float) -> str:
    """Return a depth with its unit; +inf is the sky.

    Examples
    --------
    >>> depth_text(4.5678), depth_text(math.inf)
    ('4.57 m', 'sky')
    """
    return "sky" if math.isinf(depth_m) else length_text(depth_m)


def readout_lines(coc_radius_px: float, depth_m: float) -> tuple[str, str]:
    """Return the two lines that are drawn near the mouse.

    Examples
    --------
    >>> readout_lines(-2.0, 1.5)
    ('CoC radius  -2.0 px in front of focus', 'Depth  1.5 m')
    """
    return f"CoC radius  {coc_text(coc_radius_px)}", f"Depth  {depth_text(depth_m)}"


def legend_lines(limit_px: float) -> tuple[str, str, str]:
    """Return what the blue, white and red end of the CoC colours mean.

    Examples
    --------
    >>> legend_lines(12.0)
    ('-12.0 px: in front of focus', '0 px: in focus', '+12.0 px: behind focus')
    """
    return (
        f"-{limit_px:.1f} px: in front of focus",
        "0 px: in focus",
        f"+{limit_px:.1f} px: behind focus",
    )
