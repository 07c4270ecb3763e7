"""What is drawn over our pictures: the wipe's line and names, the CoC's colours."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from blender_scenes.addon.image.editors import (
    WIPE,
    free_region,
    picture_place,
    state,
    view_in,
)
from blender_scenes.addon.image.picture_place import Bounds, PicturePlace
from blender_scenes.addon.image.shapes import (
    DARK,
    WHITE,
    colour_bar,
    polygon,
    rectangle,
    text,
    text_box,
    text_box_size,
    text_width,
    ui_scale,
)
from blender_scenes.addon.image.views import VIEW_LABELS
from blender_scenes.addon.image.wipe import line_column
from blender_scenes.addon.preview.colours import coc_heat, heat_limit_px
from blender_scenes.addon.preview.session import session

_MARGIN = 8
_BAR_WIDTH = 180
_BAR_HEIGHT = 10
_BAR_COLOURS = 33

_handles: list[Any] = []


def _draw() -> None:
    """Draw over the region that is drawn at the moment."""
    context = bpy.context
    view = view_in(context.space_data)
    place = picture_place(context.region, context.space_data.image) if view else None
    if session.pictures is None or place is None:
        return
    free = free_region(context.area, context.region)
    shown = {view}
    if view == WIPE:
        shown = {state().wipe_first, state().wipe_second}
        _draw_line(place, free)
    if "COC" in shown:
        _draw_legend(free, heat_limit_px(session.pictures.coc_radius_px))


def _draw_line(place: PicturePlace, free: Bounds) -> None:
    """Draw the line on the border of two columns, a grip and the names beside it."""
    scale = ui_scale()
    margin = _MARGIN * scale
    x = round(place.x_of_line(line_column(state().wipe_position, place.width_px)))
    bottom, top = max(place.bottom, free.bottom), min(place.top, free.top)
    if top <= bottom:
        return
    half = max(1, round(scale))
    rectangle(x - 2 * half, bottom, 4 * half, top - bottom, DARK)
    rectangle(x - half, bottom, 2 * half, top - bottom, WHITE)
    _draw_grip(x, (bottom + top) / 2, scale)
    first = VIEW_LABELS[state().wipe_first]
    second = VIEW_LABELS[state().wipe_second]
    width, height = text_box_size([first])
    text_box(x - margin - width, top - margin - height, [first])
    text_box(x + margin, top - margin - height, [second])


def _draw_grip(x: float, y: float, scale: float) -> None:
    """Draw an arrow to the left and one to the right of the line."""
    for side in (-scale, scale):
        for size, colour in ((1.5, DARK), (0.0, WHITE)):
            near, far, half = 4 - size, 12 + 2 * size, 6 + 1.5 * size
            corners = [(near, -half), (far, 0.0), (near, half)]
            polygon([(x + side * u, y + scale * v) for u, v in corners], colour)


def _draw_legend(free: Bounds, limit_px: float) -> None:
    """Draw the colours of the CoC with the radii they stand for."""
    scale = ui_scale()
    x, y = free.left + 2 * _MARGIN * scale, free.bottom + 2 * _MARGIN * scale
    width, line = _BAR_WIDTH * scale, 16 * scale
    rectangle(
        x - _MARGIN * scale,
        y - _MARGIN * scale,
        width + 2 * _MARGIN * scale,
        2 * line + (_BAR_HEIGHT + 2 * _MARGIN) * scale,
        DARK,
    )
    _spread(("in front", "CoC radius", "behind"), x, y + line + 14 * scale, width)
    heat = coc_heat(np.linspace(-1.0, 1.0, _BAR_COLOURS), 1.0)
    colours = [(float(r), float(g), float(b), 1.0) for r, g, b in heat]
    colour_bar(x, y + line, width, _BAR_HEIGHT * scale, colours)
    ends = f"{-limit_px:.1f} px", "0", f"{limit_px:+.1f} px"
    _spread(ends, x, y + 2 * scale, width)


def _spread(words: tuple[str, str, str], x: float, y: float, width: float) -> None:
    """Draw three words: at the left end, in the middle and at the right end."""
    for share, word in zip((0.0, 0.5, 1.0), words, strict=True):
        text(x + share * (width - text_width(word)), y, word)


def register() -> None:
    """Draw in every Image Editor."""
    _handles.append(
        bpy.types.SpaceImageEditor.draw_handler_add(_draw, (), "WINDOW", "POST_PIXEL")
    )


def unregister() -> None:
    """Draw no longer."""
    while _handles:
        bpy.types.SpaceImageEditor.draw_handler_remove(_handles.pop(), "WINDOW")
