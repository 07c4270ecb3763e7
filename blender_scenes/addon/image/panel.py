"""The Image Editor's sidebar tab: Preview, its views, and what the preview is of."""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any

import bpy

from blender_scenes.addon.image.editors import view_in
from blender_scenes.addon.image.swatches import (
    free_swatches,
    make_swatches,
    swatch,
)
from blender_scenes.addon.image.texts import coc_text, legend_lines
from blender_scenes.addon.image.views import VIEW_LABELS, largest_coc_px
from blender_scenes.addon.notes import draw_notes
from blender_scenes.addon.preview.colours import heat_limit_px
from blender_scenes.addon.preview.operators import is_rendering, preview_problem
from blender_scenes.addon.preview.session import session
from blender_scenes.addon.scene_notes import brightness_notes, notes_for_panel
from blender_scenes.addon.text_lines import draw_lines


class _InImageEditor:
    """Where the panels are; not for UV maps, which the same editor edits."""

    bl_space_type = "IMAGE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Dual Pixel"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Show it beside pictures."""
        return context.space_data is None or context.space_data.mode != "UV"


class DUAL_PIXEL_PT_image_preview(_InImageEditor, bpy.types.Panel):  # noqa: N801 -- Blender's convention
    """Renders the preview."""

    bl_label = "Preview"

    def draw(self, context: Any) -> None:
        """Draw the button, or the progress, and what the preview is of."""
        layout = self.layout
        settings = context.scene.dual_pixel
        if is_rendering():
            _draw_progress(layout, context.window_manager.dual_pixel)
        else:
            button = layout.column()
            button.scale_y = 1.6
            button.operator("dual_pixel.preview", text="Preview", icon="RENDER_STILL")
        problem = "" if is_rendering() else preview_problem(context.scene)
        for reason in filter(None, (problem, session.error)):
            draw_lines(layout, context, reason, "ERROR")
        row = layout.row(align=True)
        row.prop(settings, "preview_width", text="Width")
        row.prop(settings, "preview_samples", text="Samples")
        _draw_facts(layout, context.scene)
        _draw_notes(layout, context)


def _draw_progress(layout: Any, state: Any) -> None:
    row = layout.row(align=True)
    row.scale_y = 1.6
    row.progress(factor=state.progress, text=state.message or "Rendering")
    row.operator("dual_pixel.cancel", text="", icon="X")


def _draw_facts(layout: Any, scene: Any) -> None:
    """Say which frame and camera the preview is of, and how blurred it is."""
    frame, pictures = session.frame, session.pictures
    if frame is None or pictures is None:
        layout.label(text="No preview yet", icon="INFO")
        return
    facts = layout.box().column(align=True)
    facts.label(text=f"Frame {frame.frame_number}", icon="TIME")
    if (frame.scene_name, frame.frame_number) != (scene.name, scene.frame_current):
        facts.label(text="Not the current frame", icon="INFO")
    facts.label(text=frame.camera_name, icon="CAMERA_DATA")
    facts.label(text="Largest blur radius:", icon="PROP_OFF")
    largest = largest_coc_px(pictures.coc_radius_px)
    facts.label(text=coc_text(largest), icon="BLANK1")


def _draw_notes(layout: Any, context: Any) -> None:
    """Say what the preview, as a data set would, shows otherwise than Blender."""
    pictures = session.pictures
    notes = notes_for_panel(context)
    if pictures is not None:
        notes = [
            *brightness_notes(pictures.clipped_share, pictures.black_share),
            *notes,
        ]
    draw_notes(layout, context, notes, rest="")


class DUAL_PIXEL_PT_image_views(_InImageEditor, bpy.types.Panel):  # noqa: N801
    """Chooses what is shown."""

    bl_label = "View"

    def draw(self, context: Any) -> None:
        """Draw the views, the flip and the wipe."""
        layout = self.layout
        state = context.window_manager.dual_pixel
        shown = view_in(context.space_data)
        _draw_views(layout, shown)
        column = layout.column()
        column.enabled = session.pictures is not None
        row = column.row(align=True)
        row.prop(state, "use_flip", text="Flip", toggle=True, icon="ARROW_LEFTRIGHT")
        row.prop(state, "flip_rate", text="Hz")
        column.prop(state, "use_wipe", text="Wipe", toggle=True, icon="SPLIT_VERTICAL")
        if state.use_wipe:
            _draw_wipe(column, state)


def _draw_views(layout: Any, shown: str) -> None:
    """Draw a row of buttons, that of the picture in this editor pressed."""
    rows = layout.column(align=True)
    for views in (("LEFT", "COMBINED", "RIGHT"), ("COC", "ANAGLYPH")):
        row = rows.row(align=True)
        for view in views:
            button = row.operator(
                "dual_pixel.show_view", text=VIEW_LABELS[view], depress=view == shown
            )
            button.view = view


def _draw_wipe(column: Any, state: Any) -> None:
    row = column.row(align=True)
    row.prop(state, "wipe_first", text="")
    row.prop(state, "wipe_second", text="")
    row = column.row(align=True)
    row.prop(state, "wipe_position", text="Line", slider=True)
    row.operator("dual_pixel.drag_wipe", text="", icon="ARROW_LEFTRIGHT")


class DUAL_PIXEL_PT_image_legend(_InImageEditor, bpy.types.Panel):  # noqa: N801
    """Says what the colours of the CoC mean."""

    bl_label = "CoC Radius"

    def draw(self, _context: Any) -> None:
        """Draw a line for either end of the colours and for their middle."""
        pictures = session.pictures
        if pictures is None:
            self.layout.label(text="No preview yet", icon="INFO")
            return
        column = self.layout.column(align=True)
        lines = legend_lines(heat_limit_px(pictures.coc_radius_px))
        for share, line in zip((-1.0, 0.0, 1.0), lines, strict=True):
            column.label(text=line, icon_value=swatch(share))
        column.label(text="Pixels of the rendered picture")


_PANELS = (
    DUAL_PIXEL_PT_image_preview,
    DUAL_PIXEL_PT_image_views,
    DUAL_PIXEL_PT_image_legend,
)


def register() -> None:
    """Add the panels and the icons that they use."""
    make_swatches()
    for panel in _PANELS:
        bpy.utils.register_class(panel)


def unregister() -> None:
    """Take them back."""
    for panel in reversed(_PANELS):
        bpy.utils.unregister_class(panel)
    free_swatches()
