"""Draws the overlay in every 3D View while one of its two switches is on.

Drawing must never fail, whatever the scene has become: what can be missing is asked
for first, and what the camera lacks is written into the view.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any

import bpy

from blender_scenes.addon.camera_values import CameraProblem, metres_per_unit
from blender_scenes.addon.image.shapes import ui_scale
from blender_scenes.addon.preview.session import session
from blender_scenes.addon.state_properties import state_listeners
from blender_scenes.addon.viewport.draw_heat import (
    LEGEND_LINES,
    ColouredSurface,
    HeatDrawing,
    draw_heat_legend,
)
from blender_scenes.addon.viewport.draw_limits import (
    draw_limit_labels,
    draw_limits_in_space,
)
from blender_scenes.addon.viewport.scene_heat import heat_problem
from blender_scenes.addon.viewport.scene_limits import scene_limits
from blender_scenes.addon.viewport.screen import draw_notice, free_rectangle

LINE_WIDTH_PX = 1.5

_handles: list[Any] = []
_heat = HeatDrawing()


def is_drawing() -> bool:
    """Return whether Blender calls the overlay when it draws a 3D View."""
    return bool(_handles)


def follow_switches(context: Any) -> None:
    """Start or stop drawing, as the two switches say, and have 3D Views redrawn."""
    state = context.window_manager.dual_pixel
    if state.use_viewport_limits or state.use_viewport_heat:
        _start()
    else:
        _stop()
    redraw_views()


def redraw_views() -> None:
    """Have every 3D View drawn again."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def _start() -> None:
    if not _handles:
        add = bpy.types.SpaceView3D.draw_handler_add
        _handles.append(add(_draw_in_space, (), "WINDOW", "POST_VIEW"))
        _handles.append(add(_draw_on_screen, (), "WINDOW", "POST_PIXEL"))


def _stop() -> None:
    while _handles:
        bpy.types.SpaceView3D.draw_handler_remove(_handles.pop(), "WINDOW")
    _heat.clear()


def _shows_overlays(context: Any) -> bool:
    """Return whether the view that is being drawn shows overlays at all."""
    return context.region_data is not None and context.space_data.overlay.show_overlays


def _draw_in_space() -> None:
    context = bpy.context
    if not _shows_overlays(context):
        return
    state = context.window_manager.dual_pixel
    if state.use_viewport_heat and not heat_problem(context.scene):
        _heat.draw(_surface(), context.region_data, metres_per_unit(context.scene))
    if state.use_viewport_limits:
        try:
            limits = scene_limits(context.scene)
        except CameraProblem:
            return
        draw_limits_in_space(limits, LINE_WIDTH_PX * ui_scale())


def _draw_on_screen() -> None:
    context = bpy.context
    if not _shows_overlays(context):
        return
    state = context.window_manager.dual_pixel
    free = free_rectangle(context.area, context.region)
    notices: list[str] = []
    first_line = 0
    if state.use_viewport_limits:
        try:
            limits = scene_limits(context.scene)
        except CameraProblem as problem:
            notices.append(f"Depth of field: {problem}")
        else:
            draw_limit_labels(limits, context.region, context.region_data)
    if state.use_viewport_heat:
        problem = heat_problem(context.scene)
        if problem:
            notices.append(f"Blur heat: {problem}")
        else:
            draw_heat_legend(_surface().limit_px, free)
            first_line = LEGEND_LINES
    for line, text in enumerate(notices, first_line):
        draw_notice(text, free, line)


def _surface() -> ColouredSurface:
    """Return the coloured surfaces of the preview; there is one."""
    frame, values = session.frame, session.values
    assert frame is not None
    assert values is not None
    return _heat.surface(frame, values.camera)


@bpy.app.handlers.persistent
def _switch_off(*_: Any) -> None:
    """Draw nothing of the file before, and nothing that a file wants switched on."""
    _stop()
    window_manager = bpy.context.window_manager
    if window_manager is not None:
        for name in ("use_viewport_limits", "use_viewport_heat"):
            window_manager.dual_pixel.property_unset(name)


def register() -> None:
    """Follow the switches from now on."""
    state_listeners.append(follow_switches)
    bpy.app.handlers.load_pre.append(_switch_off)
    bpy.app.handlers.load_post.append(_switch_off)


def unregister() -> None:
    """Draw nothing more and follow nothing."""
    bpy.app.handlers.load_post.remove(_switch_off)
    bpy.app.handlers.load_pre.remove(_switch_off)
    state_listeners.remove(follow_switches)
    _switch_off()
    redraw_views()
