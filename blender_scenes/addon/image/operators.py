"""Operators of the Image Editor: show a view, drag the line of the wipe."""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any

import bpy

from blender_scenes.addon.image.editors import (
    WIPE,
    areas_showing,
    image_editor_in,
    picture_place,
    put,
    state,
    switch_off,
    view_in,
)
from blender_scenes.addon.image.flip import PAIR
from blender_scenes.addon.image.picture_place import PicturePlace
from blender_scenes.addon.image.wipe import line_column
from blender_scenes.addon.preview.session import session
from blender_scenes.addon.state_properties import VIEW_ITEMS

GRIP_PX = 10
"""How near the line a press takes hold of it, at an interface scale of 1."""

# From Blender 5 on the tool's own keys come first, and it takes every press.
_KEYMAPS = (("Image", False), ("Image Editor Tool: Sample", True))

_keys: list[tuple[Any, Any]] = []


class DUAL_PIXEL_OT_show_view(bpy.types.Operator):  # noqa: N801 -- Blender's convention
    """Show this picture in this Image Editor."""

    bl_idname = "dual_pixel.show_view"
    bl_label = "Show View"
    bl_options = {"INTERNAL"}  # noqa: RUF012 -- Blender's convention
    __annotations__ = {
        "view": bpy.props.EnumProperty(
            name="View", description="Picture", items=VIEW_ITEMS
        )
    }

    @classmethod
    def description(cls, _context: Any, properties: Any) -> str:
        """Return the tooltip of the view's own button."""
        return next(text for name, _, text in VIEW_ITEMS if name == properties.view)

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Allow it in an Image Editor once there is a preview."""
        if image_editor_in(context) is None:
            cls.poll_message_set("Only in an Image Editor")
        elif session.pictures is None:
            cls.poll_message_set("No preview yet: press Preview first")
        else:
            return True
        return False

    def execute(self, context: Any) -> set[str]:
        """Show it, and end a flip or wipe that this editor took part in."""
        if not put(context.space_data, self.view):
            self.report({"ERROR"}, "The picture is gone: press Preview again")
            return {"CANCELLED"}
        state().view = self.view
        if self.view in PAIR or not areas_showing(PAIR):
            switch_off("use_flip")
        if not areas_showing({WIPE}):
            switch_off("use_wipe")
        context.area.tag_redraw()
        return {"FINISHED"}


class DUAL_PIXEL_OT_drag_wipe(bpy.types.Operator):  # noqa: N801
    """Move the line with the mouse. Click to leave it there, Esc to put it back."""

    bl_idname = "dual_pixel.drag_wipe"
    bl_label = "Move Line"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Allow it where the composed picture is shown."""
        if view_in(context.space_data) == WIPE and session.pictures is not None:
            return True
        cls.poll_message_set("Only where the wipe is shown")
        return False

    def invoke(self, context: Any, event: Any) -> set[str]:
        """Take hold of the line if it was pressed, or follow the mouse if a button."""
        place, x = _place_and_x(context, event)
        self._is_held = (event.type, event.value) == ("LEFTMOUSE", "PRESS")
        if place is None or (self._is_held and not _is_on_line(context, place, x)):
            return {"PASS_THROUGH"}
        self._start = state().wipe_position
        context.workspace.status_text_set(
            "Wipe: release to leave the line here, Esc or right mouse to put it back"
            if self._is_held
            else "Wipe: click to leave the line here, Esc or right mouse to put it back"
        )
        context.window.cursor_modal_set("MOVE_X")
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """Follow the mouse until it is let go."""
        if event.type in {"ESC", "RIGHTMOUSE"} and event.value == "PRESS":
            self.cancel(context)
            return {"CANCELLED"}
        place, x = _place_and_x(context, event)
        ending = "RELEASE" if self._is_held else "PRESS"
        is_done = event.type in {"LEFTMOUSE", "RET"} and event.value == ending
        if is_done or place is None:
            _end(context)
            return {"FINISHED"}
        if event.type == "MOUSEMOVE":
            state().wipe_position = place.position_at(x)
        return {"RUNNING_MODAL"}

    def cancel(self, context: Any) -> None:
        """Put the line back where it was."""
        state().wipe_position = self._start
        _end(context)


def _end(context: Any) -> None:
    context.workspace.status_text_set(None)
    context.window.cursor_modal_restore()


def _place_and_x(context: Any, event: Any) -> tuple[PicturePlace | None, float]:
    """Return where the picture lies and the mouse's column in the main region."""
    area = context.area
    if area is None or view_in(area.spaces.active) != WIPE:
        return None, 0.0
    region = next(r for r in area.regions if r.type == "WINDOW")
    place = picture_place(region, area.spaces.active.image)
    return place, event.mouse_x - region.x


def _is_on_line(context: Any, place: PicturePlace, x: float) -> bool:
    column = line_column(state().wipe_position, place.width_px)
    reach = GRIP_PX * context.preferences.system.ui_scale
    return abs(x - place.x_of_line(column)) <= reach


_CLASSES = (DUAL_PIXEL_OT_show_view, DUAL_PIXEL_OT_drag_wipe)


def register() -> None:
    """Add the operators, and the press on the line to the Image Editor's keys."""
    for operator in _CLASSES:
        bpy.utils.register_class(operator)
    configuration = bpy.context.window_manager.keyconfigs.addon
    if configuration is None:
        return
    for name, is_tool in _KEYMAPS:
        keymap = configuration.keymaps.new(
            name, space_type="IMAGE_EDITOR", tool=is_tool
        )
        bl_idname = DUAL_PIXEL_OT_drag_wipe.bl_idname
        key = keymap.keymap_items.new(bl_idname, "LEFTMOUSE", "PRESS")
        _keys.append((keymap, key))


def unregister() -> None:
    """Take them back."""
    while _keys:
        keymap, key = _keys.pop()
        keymap.keymap_items.remove(key)
    for operator in reversed(_CLASSES):
        bpy.utils.unregister_class(operator)
