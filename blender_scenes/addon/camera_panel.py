"""Panel *Dual Pixel* in the properties of a camera, and the panels inside it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any, ClassVar

import bpy

from blender_scenes.addon import psf_icons
from blender_scenes.addon.camera_values import (
    CameraProblem,
    CameraValues,
    camera_values,
    depth_along_axis_m,
    psf_of,
    sensor_pitch_m,
)
from blender_scenes.addon.preview.session import session
from blender_scenes.addon.psf_thumbnail import VIEWS
from blender_scenes.addon.readings import (
    coc_text,
    depth_of_field_text,
    hyperfocal_text,
    largest_coc_text,
    pitch_text,
    sensor_note,
)
from blender_scenes.addon.text_lines import draw_lines

_LABELS = 0.4  # share of the width, as Blender's own panels have it


class _CameraPanel:
    """Where the panels are; Blender wants no panel to inherit from another."""

    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    bl_context = "data"

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Show the panels for every camera, whatever renders it."""
        return context.camera is not None


class DUAL_PIXEL_PT_camera(_CameraPanel, bpy.types.Panel):  # noqa: N801
    """Lens, focus and sensor, of which Blender's own values are shared."""

    bl_label = "Dual Pixel"

    def draw(self, context: Any) -> None:
        """Draw Blender's values and ours in the order of the light's way."""
        layout, camera = _split(self.layout), context.camera
        _, problem = _values_of(context)
        if problem:
            draw_lines(layout, context, problem, "ERROR")
        layout.prop(camera.dual_pixel, "preset")
        _draw_lens(layout.column(), camera)
        _draw_pitch(layout.column(), context)


class DUAL_PIXEL_PT_blur(_CameraPanel, bpy.types.Panel):  # noqa: N801
    """How large the blur is, and where the picture is sharp."""

    bl_label = "Blur"
    bl_parent_id = "DUAL_PIXEL_PT_camera"

    def draw(self, context: Any) -> None:
        """Draw read-outs of blur in pixels of the rendered picture and of metres."""
        layout, own = _split(self.layout), context.camera.dual_pixel
        layout.prop(own, "sharp_coc_px")
        values, _ = _values_of(context)
        if values is None:
            return
        lens, limit_px = values.camera, own.sharp_coc_px
        column = layout.column(align=True)
        _reading(column, "Depth of Field", depth_of_field_text(lens, limit_px))
        _reading(column, "Hyperfocal", hyperfocal_text(lens, limit_px))
        column = layout.column(align=True)
        _reading(column, "3D Cursor", _cursor_text(context, values))
        _reading(column, "Selected", _selected_text(context, values))
        _reading(column, "Largest in View", _largest_text(context, values))


class DUAL_PIXEL_PT_psf(_CameraPanel, bpy.types.Panel):  # noqa: N801
    """Shape of the blur."""

    bl_label = "Point Spread Function"
    bl_parent_id = "DUAL_PIXEL_PT_camera"

    def draw(self, context: Any) -> None:
        """Draw the blur of a point behind the focus, and what shapes it."""
        layout, own = _split(self.layout), context.camera.dual_pixel
        icons = psf_icons.icons(psf_of(own))
        row = layout.row()
        for view in VIEWS:
            column = row.column(align=True)
            column.template_icon(icon_value=icons[view], scale=4.0)
            label = column.row()
            label.alignment = "CENTER"
            label.label(text=view.title())
        layout.prop(own, "psf_shape")
        if own.psf_shape == "BUTTERWORTH":
            column = layout.column(align=True)
            for name in ("order", "alpha", "beta", "kappa"):
                column.prop(own, name)


class DUAL_PIXEL_PT_distortion(_CameraPanel, bpy.types.Panel):  # noqa: N801
    """Radial distortion of the views."""

    bl_label = "Distortion"
    bl_parent_id = "DUAL_PIXEL_PT_camera"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw_header(self, context: Any) -> None:
        """Draw the switch."""
        self.layout.prop(context.camera.dual_pixel, "use_distortion", text="")

    def draw(self, context: Any) -> None:
        """Draw the coefficients."""
        layout, own = _split(self.layout), context.camera.dual_pixel
        layout.active = own.use_distortion
        column = layout.column(align=True)
        for index in range(3):
            column.prop(own, "distortion", index=index, text=f"c{index + 1}")


class DUAL_PIXEL_PT_noise(_CameraPanel, bpy.types.Panel):  # noqa: N801
    """Noise of the views."""

    bl_label = "Noise"
    bl_parent_id = "DUAL_PIXEL_PT_camera"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw the kind of noise and its strength."""
        layout, own = _split(self.layout), context.camera.dual_pixel
        layout.prop(own, "noise_model", text="Model")
        column = layout.column()
        column.active = own.noise_model != "NONE"
        column.prop(own, "noise_sigma")


def _split(layout: Any) -> Any:
    """Return a layout with labels left of the values, as in Blender's own panels."""
    layout.use_property_split = True
    layout.use_property_decorate = False
    return layout


def _draw_lens(column: Any, camera: Any) -> None:
    """Draw what Blender's camera has already."""
    focus = camera.dof
    column.prop(camera, "lens")
    column.prop(focus, "aperture_fstop", text="F-Number")
    column.prop(focus, "focus_object", text="Focus on Object")
    target = focus.focus_object
    if target is not None and target.type == "ARMATURE":
        column.prop_search(focus, "focus_subtarget", target.data, "bones", text="Bone")
    distance = column.row()
    distance.active = target is None
    distance.prop(focus, "focus_distance")


def _draw_pitch(column: Any, context: Any) -> None:
    """Draw the pixel pitch, and what it says about the size of the sensor."""
    camera = context.camera
    own = camera.dual_pixel
    sensor_m = sensor_pitch_m(context.scene, camera)
    column.prop(own, "use_sensor_pitch")
    if own.use_sensor_pitch:
        _reading(column, "Pixel Pitch", pitch_text(sensor_m))
        return
    column.prop(own, "pixel_pitch_um")
    is_tall = camera.sensor_fit == "VERTICAL"
    sensor_mm = camera.sensor_height if is_tall else camera.sensor_width
    note = sensor_note(own.pixel_pitch_um * 1e-6, sensor_m, sensor_mm)
    if note:
        draw_lines(column, context, note, "INFO")


def _reading(column: Any, label: str, text: str) -> None:
    """Draw a label and a text beside it, where a property would have its value."""
    split = column.split(factor=_LABELS)
    left = split.row()
    left.alignment = "RIGHT"
    left.label(text=label)
    split.label(text=text)


def _values_of(context: Any) -> tuple[CameraValues | None, str]:
    """Return the values of the camera shown, or None and why there are none."""
    camera_object = _object_of(context)
    if camera_object is None:
        return None, "No object of this scene uses the camera"
    try:
        return camera_values(context.scene, camera_object), ""
    except CameraProblem as problem:
        return None, str(problem)


def _object_of(context: Any) -> Any:
    """Return the object of the camera shown, None if the scene has none.

    The active object, unless the panel is pinned to another camera.
    """
    camera = context.camera
    candidates = (context.object, context.scene.camera)
    for candidate in candidates:
        if candidate is not None and candidate.data == camera:
            return candidate
    return next((x for x in context.scene.objects if x.data == camera), None)


def _cursor_text(context: Any, values: CameraValues) -> str:
    place = context.scene.cursor.location
    depth_m = depth_along_axis_m(context.scene, _object_of(context), place)
    return coc_text(values.camera, depth_m)


def _selected_text(context: Any, values: CameraValues) -> str:
    """Return the blur at the origin of the first selected object but the camera."""
    camera_object = _object_of(context)
    selected = [x for x in context.view_layer.objects.selected if x != camera_object]
    if not selected:
        return "only the camera"
    place = selected[0].matrix_world.translation
    depth_m = depth_along_axis_m(context.scene, camera_object, place)
    return coc_text(values.camera, depth_m)


def _largest_text(context: Any, values: CameraValues) -> str:
    frame = session.frame
    if frame is None or frame.camera_name != _object_of(context).name:
        return "after a preview"
    return largest_coc_text(values.camera, frame.depth_m)


_CLASSES = (
    DUAL_PIXEL_PT_camera,
    DUAL_PIXEL_PT_blur,
    DUAL_PIXEL_PT_psf,
    DUAL_PIXEL_PT_distortion,
    DUAL_PIXEL_PT_noise,
)


def register() -> None:
    """Add the panels."""
    psf_icons.register()
    for panel in _CLASSES:
        bpy.utils.register_class(panel)


def unregister() -> None:
    """Take the panels away."""
    for panel in reversed(_CLASSES):
        bpy.utils.unregister_class(panel)
    psf_icons.unregister()
