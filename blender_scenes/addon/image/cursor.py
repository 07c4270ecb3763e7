"""CoC and depth of the pixel under the mouse, beside the pointer."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import bpy
import gpu

from blender_scenes.addon.image.editors import free_region, picture_place, view_in
from blender_scenes.addon.image.picture_place import box_beside
from blender_scenes.addon.image.shapes import text_box, text_box_size, ui_scale
from blender_scenes.addon.image.texts import readout_lines
from blender_scenes.addon.preview.session import session

_GAP = 18
_PIXEL_OFFSET = 0.375

_handles: list[Any] = []


def readout_at(context: Any, x: float, y: float) -> tuple[str, str] | None:
    """Return the lines for a point of an Image Editor's region, or None.

    Parameters
    ----------
    x, y : float
        Pixels of the region from its bottom left corner.
    """
    pictures = session.pictures
    if pictures is None or not view_in(context.space_data):
        return None
    place = picture_place(context.region, context.space_data.image)
    pixel = None if place is None else place.pixel_under(x, y)
    if pixel is None or place is None:
        return None
    # The image may still be that of a preview of another size.
    height, width = pictures.depth_m.shape
    at = pixel[0] * height // place.height_px, pixel[1] * width // place.width_px
    return readout_lines(float(pictures.coc_radius_px[at]), float(pictures.depth_m[at]))


def _draw(pointer: tuple[int, int]) -> None:
    region = bpy.context.region
    x, y = pointer[0] - region.x, pointer[1] - region.y
    lines = readout_at(bpy.context, x, y)
    if lines is None:
        return
    free = free_region(bpy.context.area, region)
    x, y = box_beside((x, y), text_box_size(lines), free, _GAP * ui_scale())
    with gpu.matrix.push_pop():
        # Along with the pointer Blender draws in pixels of the window, a bit off them.
        gpu.matrix.translate((region.x - _PIXEL_OFFSET, region.y - _PIXEL_OFFSET))
        text_box(round(x), round(y), lines)


def register() -> None:
    """Draw along with the pointer; there is no pointer without a window."""
    if not bpy.app.background:
        _handles.append(
            bpy.types.WindowManager.draw_cursor_add(_draw, (), "IMAGE_EDITOR", "WINDOW")
        )


def unregister() -> None:
    """Leave the pointer alone."""
    while _handles:
        bpy.types.WindowManager.draw_cursor_remove(_handles.pop())
