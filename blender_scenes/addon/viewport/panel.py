"""The overlay's two switches, in the 3D View's sidebar, tab Dual Pixel.

In the sidebar and not in the Overlays popover: there the switches would stand below a
long list, without room for the distances, for what the camera lacks and for Preview.
A 3D View that shows no overlays shows none of ours either.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any

import bpy

from blender_scenes.addon.camera_values import CameraProblem
from blender_scenes.addon.preview.operators import is_rendering, preview_problem
from blender_scenes.addon.preview.session import session
from blender_scenes.addon.readings import length_text
from blender_scenes.addon.text_lines import draw_lines
from blender_scenes.addon.viewport.scene_limits import scene_limits


class DUAL_PIXEL_PT_viewport(bpy.types.Panel):  # noqa: N801 -- Blender's convention
    """What the 3D View shows of the camera of the scene."""

    bl_label = "Camera Focus"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Dual Pixel"

    def draw(self, context: Any) -> None:
        """Draw the switches and, below each, what belongs to it."""
        layout = self.layout
        state = context.window_manager.dual_pixel
        layout.prop(state, "use_viewport_limits")
        if state.use_viewport_limits:
            _draw_limits(layout.box().column(), context)
        layout.prop(state, "use_viewport_heat")
        if state.use_viewport_heat:
            _draw_heat(layout.box().column(), context)
        space = context.space_data
        if space is not None and not space.overlay.show_overlays:
            layout.label(text="Overlays are off in this view", icon="INFO")


def _draw_limits(column: Any, context: Any) -> None:
    """List the distances, or say what the camera lacks."""
    scene = context.scene
    try:
        limits = scene_limits(scene)
    except CameraProblem as problem:
        draw_lines(column, context, str(problem), "ERROR")
        return
    column.prop(scene.camera.data.dual_pixel, "sharp_coc_px", text="Sharp up to (px)")
    for name, distance_m in (
        ("Near", limits.near_m),
        ("In focus", limits.focus_m),
        ("Far", limits.far_m),
    ):
        row = column.row()
        row.label(text=name)
        row.label(text=length_text(distance_m))


def _draw_heat(column: Any, context: Any) -> None:
    """Name the preview that the colours are of, and offer to render one."""
    state, frame = context.window_manager.dual_pixel, session.frame
    scene = context.scene
    if frame is None:
        column.label(text="No preview yet", icon="INFO")
    else:
        column.label(text=f"{frame.camera_name}, frame {frame.frame_number}")
        if (frame.scene_name, frame.frame_number) != (scene.name, scene.frame_current):
            column.label(text="Not the current frame", icon="INFO")
    if is_rendering():
        column.progress(factor=state.progress, text=state.message or "Rendering")
        return
    column.operator("dual_pixel.preview", text="Preview", icon="RENDER_STILL")
    problem = preview_problem(scene)
    if problem:
        draw_lines(column, context, problem, "ERROR")


def register() -> None:
    """Add the panel."""
    bpy.utils.register_class(DUAL_PIXEL_PT_viewport)


def unregister() -> None:
    """Remove the panel."""
    bpy.utils.unregister_class(DUAL_PIXEL_PT_viewport)
