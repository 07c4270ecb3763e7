"""Panel *Build Dataset from This Scene* in the Output properties."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any, ClassVar

import bpy

from blender_scenes.addon.camera_values import CameraProblem
from blender_scenes.addon.dataset import running
from blender_scenes.addon.dataset.command import THIS, DatasetRequest, request_problem
from blender_scenes.addon.dataset.dataset_notes import dataset_notes
from blender_scenes.addon.dataset.job import BuildJob
from blender_scenes.addon.dataset.launch import scene_request
from blender_scenes.addon.dataset.operators import redraw_panels
from blender_scenes.addon.notes import Note, draw_notes
from blender_scenes.addon.preferences import pipeline_python, preferences_module
from blender_scenes.addon.scene_notes import notes_for_panel
from blender_scenes.addon.text_lines import draw_lines
from dp_model.camera import CAMERA_SETS

ASK_AGAIN_S = 0.3
LABELS = 0.4  # share of the width, as Blender's own panels have it


class DUAL_PIXEL_PT_dataset(bpy.types.Panel):  # noqa: N801 - Blender's own form
    """What a data set is made of, and the button that makes it."""

    bl_label = "Build Dataset from This Scene"
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    bl_context = "output"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Any) -> None:
        """Draw the settings, what they amount to, and the button or the progress."""
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        settings = layout.column()
        settings.enabled = not running.is_building()
        _draw_cameras(settings, context.scene)
        _draw_frames(settings, context.scene)
        _draw_place(settings, context.scene.dual_pixel)
        layout.use_property_split = False
        job = running.last_job()
        if job is not None and not job.is_finished:
            _draw_progress(layout, job)
            return
        _draw_start(layout, context)
        if job is not None:
            _draw_result(layout, context, job)


def _draw_cameras(layout: Any, scene: Any) -> None:
    split = layout.split(factor=LABELS)
    split.use_property_split = False  # it would give each button a label
    label = split.column()
    label.alignment = "RIGHT"
    label.label(text="Camera Sets")
    buttons = split.column(align=True)
    row = buttons.row(align=True)
    for number in CAMERA_SETS:
        row.prop_enum(scene.dual_pixel, "sets", number)
    buttons.prop_enum(scene.dual_pixel, "sets", THIS)


def _draw_frames(layout: Any, scene: Any) -> None:
    own = scene.dual_pixel
    layout.prop(own, "use_scene_range")
    if not own.use_scene_range:
        frames = layout.column(align=True)
        frames.prop(own, "frame_start")
        frames.prop(own, "frame_end", text="Last")
    pictures = layout.column(align=True)
    pictures.prop(own, "dataset_width")
    pictures.prop(own, "dataset_samples")
    layout.prop(own, "dataset_nearest")


def _draw_place(layout: Any, own: Any) -> None:
    column = layout.column()
    column.prop(own, "folder")
    column.prop(own, "dataset_name")


def _draw_progress(layout: Any, job: BuildJob) -> None:
    row = layout.row(align=True)
    row.scale_y = 1.6
    text = "Stopping" if job.is_cancelled else job.progress.text
    row.progress(factor=job.progress.share, text=text)
    row.operator("dual_pixel.cancel_dataset", text="", icon="X")


def _draw_start(layout: Any, context: Any) -> None:
    """Draw the buttons, and under them what they will make or what is in the way."""
    request, problem = _request_of(context.scene)
    told = _notes_of_result()
    expected = [note for note in notes_for_panel(context) if note not in told]
    draw_notes(layout, context, expected, rest="")
    layout.prop(context.scene.dual_pixel, "use_strict")
    row = layout.row(align=True)
    row.scale_y = 1.6
    row.operator(
        "dual_pixel.build_dataset", text="Build Dataset", icon="RENDER_ANIMATION"
    )
    if request is not None and request.scene_path.is_file():
        again = row.operator("dual_pixel.build_dataset", text="Continue", icon="PLAY")
        again.use_last_copy = True
    if problem:
        draw_lines(layout, context, problem, "ERROR")
    elif request is not None:
        layout.label(text=summary(request), icon="INFO")
    _draw_pipeline(layout, context)


def _request_of(scene: Any) -> tuple[DatasetRequest | None, str]:
    try:
        request = scene_request(scene)
    except CameraProblem as problem:
        return None, str(problem)
    return request, request_problem(request)


def summary(request: DatasetRequest) -> str:
    """Return in a few words how much will be made."""
    cameras = len(request.camera_sets)
    return (
        f"{request.frames} {'frame' if request.frames == 1 else 'frames'} x "
        f"{cameras} {'camera' if cameras == 1 else 'cameras'}, "
        f"{request.width_px} x {request.height_px} px"
    )


def _draw_pipeline(layout: Any, context: Any) -> None:
    """Draw what the pipeline's environment lacks; nothing if it lacks nothing."""
    environment = running.check.ask(pipeline_python(context))
    if not environment.is_known:
        layout.label(text="Looking for the pipeline ...", icon="TIME")
        _ask_again_soon()
        return
    if not environment.problem:
        return
    box = layout.box()
    draw_lines(box, context, environment.problem, "ERROR")
    draw_lines(box, context, environment.hint, "BLANK1")
    row = box.row(align=True)
    row.operator(
        "preferences.addon_show", text="Preferences", icon="PREFERENCES"
    ).module = preferences_module()
    row.operator("dual_pixel.check_pipeline", icon="FILE_REFRESH")


def _draw_result(layout: Any, context: Any, job: BuildJob) -> None:
    if job.error:
        draw_lines(layout, context, job.error, "ERROR")
    elif job.is_cancelled:
        layout.label(text="Cancelled; finished frames are kept", icon="INFO")
    elif running.finished_folder() is not None:
        row = layout.row()
        row.operator("dual_pixel.show_dataset", icon="IMAGE_DATA")
        draw_notes(layout, context, _notes_of_result(), rest="in its README.md")


def _notes_of_result() -> tuple[Note, ...]:
    """Return the notes of the data set that was built last."""
    folder = running.finished_folder()
    return () if folder is None else dataset_notes(folder)


def _ask_again_soon() -> None:
    """Redraw once the environment has answered."""
    if not bpy.app.timers.is_registered(_redraw_when_known):
        bpy.app.timers.register(_redraw_when_known, first_interval=ASK_AGAIN_S)


def _redraw_when_known() -> float | None:
    python = pipeline_python(bpy.context)
    if not running.check.ask(python).is_known:
        return ASK_AGAIN_S
    redraw_panels(bpy.context)
    return None


def register() -> None:
    """Register the panel."""
    bpy.utils.register_class(DUAL_PIXEL_PT_dataset)


def unregister() -> None:
    """Unregister the panel, and stop waiting for the environment."""
    if bpy.app.timers.is_registered(_redraw_when_known):
        bpy.app.timers.unregister(_redraw_when_known)
    bpy.utils.unregister_class(DUAL_PIXEL_PT_dataset)
