"""The open Image Editors and which of our pictures each one shows."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import bpy

from blender_scenes.addon.image.picture_place import (
    Bounds,
    PicturePlace,
    free_bounds,
    place_of,
)
from blender_scenes.addon.preview.frame import PreviewFrame
from blender_scenes.addon.preview.images import find_image, show, view_of
from blender_scenes.addon.preview.session import session
from blender_scenes.addon.preview.update import listeners

WIPE = "WIPE"
"""Identifier of the composed picture, beside those of the views."""


@dataclass
class _Filling:
    """The frame whose view went into empty editors, and what Undo may empty.

    Parameters
    ----------
    frame : PreviewFrame or None
        Filled in once: who empties an editor afterwards wants it empty.
    views : dict
        Address of an area -> the view that it showed before the last Undo.
    """

    frame: PreviewFrame | None = None
    views: dict[int, str] = field(default_factory=dict)


_filling = _Filling()


def state() -> Any:
    """Return what is shown at the moment, `DualPixelState`."""
    return bpy.context.window_manager.dual_pixel


def switch_off(switch: str) -> None:
    """Set `use_flip` or `use_wipe` to False; once, for listeners hear every write."""
    if getattr(state(), switch):
        setattr(state(), switch, False)


def image_areas() -> Iterator[Any]:
    """Yield the areas of all windows that show pictures rather than UV maps."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "IMAGE_EDITOR" and area.spaces.active.mode != "UV":
                yield area


def view_in(space: Any) -> str:
    """Return the view that an Image Editor shows, WIPE, or "" for none of ours."""
    image = getattr(space, "image", None)
    return "" if image is None else view_of(image)


def areas_showing(views: AbstractSet[str]) -> list[Any]:
    """Return the areas whose Image Editor shows one of the views."""
    return [area for area in image_areas() if view_in(area.spaces.active) in views]


def image_editor_in(context: Any) -> Any | None:
    """Return the Image Editor that something was pressed in, or None."""
    space = context.space_data
    is_editor = space is not None and space.type == "IMAGE_EDITOR"
    return space if is_editor else None


def put(space: Any, view: str) -> bool:
    """Let an Image Editor show a view; return whether there is such a picture.

    Undo may have taken the pictures away; then they are written once more.
    """
    image = find_image(view)
    if image is None and session.pictures is not None and view != WIPE:
        show(session.pictures)
        image = find_image(view)
    if image is None:
        return False
    if space.image != image:
        space.image = image
    return True


def fill_empty_editors() -> None:
    """Put a view into Image Editors that show nothing.

    The combined view of a new frame, or the view that Undo took away.
    """
    default = "" if session.frame is _filling.frame else "COMBINED"
    _filling.frame = session.frame
    for area in image_areas():
        view = _filling.views.get(area.as_pointer(), default)
        is_empty = area.spaces.active.image is None
        if view and is_empty and put(area.spaces.active, view):
            area.tag_redraw()
    _filling.views.clear()


@bpy.app.handlers.persistent
def _note_views(*_arguments: Any) -> None:
    """Note what is shown before Undo removes images that were made after its step."""
    shown = {a.as_pointer(): view_in(a.spaces.active) for a in image_areas()}
    _filling.views = {
        area: state().view if view == WIPE else view
        for area, view in shown.items()
        if view
    }


def redraw(views: AbstractSet[str]) -> None:
    """Have the Image Editors that show one of the views drawn again."""
    for area in areas_showing(views):
        area.tag_redraw()


def picture_place(region: Any, image: Any) -> PicturePlace | None:
    """Return where an image lies in an Image Editor's main region, or None."""
    if not (image.size[0] and image.size[1] and region.width and region.height):
        return None
    to_picture = region.view2d.region_to_view
    corners = to_picture(0, 0), to_picture(region.width, region.height)
    (u_0, v_0), (u_1, v_1) = corners
    if u_0 == u_1 or v_0 == v_1:
        return None
    return place_of(
        ((u_0, v_0), (u_1, v_1)),
        (region.width, region.height),
        (image.size[0], image.size[1]),
    )


def free_region(area: Any, region: Any) -> Bounds:
    """Return the part of a main region that no header or sidebar lies over."""
    others = [
        (other.x - region.x, other.y - region.y, other.width, other.height)
        for other in area.regions
        if other.type != "WINDOW" and other.width > 1 and other.height > 1
    ]
    return free_bounds((region.width, region.height), others)


def register() -> None:
    """Watch for new previews and for Undo."""
    listeners.append(fill_empty_editors)
    bpy.app.handlers.undo_pre.append(_note_views)
    bpy.app.handlers.redo_pre.append(_note_views)


def unregister() -> None:
    """Watch no longer."""
    bpy.app.handlers.redo_pre.remove(_note_views)
    bpy.app.handlers.undo_pre.remove(_note_views)
    listeners.remove(fill_empty_editors)
    _filling.frame = None
    _filling.views.clear()
