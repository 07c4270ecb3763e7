"""The left/right flip: a timer that changes the view of the Image Editors in turn."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import bpy

from blender_scenes.addon.image.editors import (
    areas_showing,
    image_editor_in,
    put,
    state,
    switch_off,
    view_in,
)
from blender_scenes.addon.image.views import next_in_flip
from blender_scenes.addon.state_properties import state_listeners

PAIR = frozenset({"LEFT", "RIGHT"})
"""The views that take turns."""


def tick() -> float | None:
    """Show the other view; return the seconds until the next change, None to stop."""
    areas = areas_showing(PAIR)
    if not areas:
        switch_off("use_flip")
    if not state().use_flip:
        return None
    view = next_in_flip(view_in(areas[0].spaces.active))
    for area in areas:
        put(area.spaces.active, view)
        area.tag_redraw()
    return 1.0 / state().flip_rate


def follow(context: Any) -> None:
    """Start or stop the timer as `use_flip` says."""
    is_running = bpy.app.timers.is_registered(tick)
    if state().use_flip and not is_running:
        _start(context)
    elif is_running and not state().use_flip:
        bpy.app.timers.unregister(tick)


def _start(context: Any) -> None:
    """Begin with the left view, in the editor where it was switched on."""
    bpy.app.timers.register(tick, first_interval=1.0 / state().flip_rate)
    editor = image_editor_in(context)
    if editor is not None:
        put(editor, "LEFT")
    switch_off("use_flip" if not areas_showing(PAIR) else "use_wipe")


@bpy.app.handlers.persistent
def _stop_before_load(*_arguments: Any) -> None:
    switch_off("use_flip")


def register() -> None:
    """Listen to the switch."""
    state_listeners.append(follow)
    bpy.app.handlers.load_pre.append(_stop_before_load)


def unregister() -> None:
    """Stop flipping and listening."""
    switch_off("use_flip")
    bpy.app.handlers.load_pre.remove(_stop_before_load)
    state_listeners.remove(follow)
