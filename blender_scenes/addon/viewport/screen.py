"""Texts in pixels of a 3D View, clear of its toolbar and sidebar."""

# SPDX-License-Identifier: GPL-3.0-or-later

from dataclasses import dataclass
from typing import Any

from blender_scenes.addon.image.shapes import (
    DARK,
    WHITE,
    Colour,
    rectangle,
    text,
    text_width,
    ui_scale,
)

LABEL_HEIGHT = 18.0
_PADDING = 5.0
_LETTER_HEIGHT = 8.0


@dataclass(frozen=True)
class FreeRectangle:
    """Part of a region that no other region lies over, in its pixels."""

    left: float
    right: float
    bottom: float

    @property
    def centre(self) -> float:
        """Column in the middle."""
        return (self.left + self.right) / 2


def free_rectangle(area: Any, region: Any) -> FreeRectangle:
    """Return what toolbar, sidebar and asset shelf leave of a 3D View's window."""
    left, right, bottom = 0, region.width, 0
    for other in area.regions:
        # Where regions do not overlap, Blender has made the window smaller.
        is_over = other.x < region.x + region.width and other.x + other.width > region.x
        if other.width <= 1 or other.height <= 1 or not is_over:
            continue
        if other.type == "TOOLS":
            left = max(left, other.x + other.width - region.x)
        elif other.type == "UI":
            right = min(right, other.x - region.x)
        elif other.type == "ASSET_SHELF":
            bottom = max(bottom, other.y + other.height - region.y)
    return FreeRectangle(left, right, bottom)


def label_width(line: str) -> float:
    """Return how wide `draw_label` makes a text, in pixels."""
    return text_width(line) + 2 * _PADDING * ui_scale()


def draw_label(left: float, bottom: float, line: str, colour: Colour = WHITE) -> None:
    """Write a text on a dark box whose lower left corner is given."""
    scale = ui_scale()
    height = (LABEL_HEIGHT - 2) * scale
    rectangle(left, bottom, label_width(line), height, DARK)
    baseline = bottom + (height - _LETTER_HEIGHT * scale) / 2
    text(left + _PADDING * scale, baseline, line, colour)


def draw_notice(line: str, free: FreeRectangle, place: int) -> None:
    """Write a line at the foot of the view, in the middle; place 0 is the lowest."""
    bottom = free.bottom + (10 + LABEL_HEIGHT * place) * ui_scale()
    draw_label(free.centre - label_width(line) / 2, bottom, line)
