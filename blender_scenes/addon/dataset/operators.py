"""Build a data set from the open scene, cancel that, show what was built."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import bpy

from blender_scenes.addon.camera_values import CameraProblem
from blender_scenes.addon.dataset import running
from blender_scenes.addon.dataset.command import request_problem
from blender_scenes.addon.dataset.contact_sheet import show_dataset
from blender_scenes.addon.dataset.job import BuildJob
from blender_scenes.addon.dataset.launch import scene_request, start_build
from blender_scenes.addon.preferences import pipeline_python
from blender_scenes.addon.preview.render_child import has_something_to_see

POLL_S = 0.2
WAIT_S = 60.0


def build_problem(context: Any) -> str:
    """Return why no data set can be built now; "" if one can."""
    if running.is_building():
        return "A data set is being built: press Esc to cancel it"
    environment = running.check.ask(pipeline_python(context))
    if environment.problem:
        return f"{environment.problem}. {environment.hint}"
    if not environment.is_known and not bpy.app.background:
        return "The pipeline is being looked for: wait a moment"
    try:
        return request_problem(scene_request(context.scene))
    except CameraProblem as problem:
        return str(problem)


class DUAL_PIXEL_OT_build_dataset(bpy.types.Operator):  # noqa: N801 - Blender's own form
    """Build a data set from the open scene with the pipeline."""

    bl_idname = "dual_pixel.build_dataset"
    bl_label = "Build Dataset"
    bl_options = {"REGISTER"}  # noqa: RUF012 - Blender's own form
    __annotations__ = {
        "use_last_copy": bpy.props.BoolProperty(
            name="Use Last Copy",
            description="Take the scene as it was at the last build of this name",
            options={"HIDDEN", "SKIP_SAVE"},
        )
    }

    @classmethod
    def description(cls, _context: Any, properties: Any) -> str:
        """Return the tooltip of either button."""
        if properties.use_last_copy:
            return (
                "Go on from the last build of this name: take the scene as it was "
                "then, and render only the frames that are missing. Cameras, lens, "
                "PSF and noise are taken as they are now"
            )
        return (
            "Render the frames of the scene as it is now, in the background, and put "
            "them through the chosen cameras. Esc cancels; finished frames are kept"
        )

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Return whether a data set can be built; say why if not."""
        problem = build_problem(context)
        if problem:
            cls.poll_message_set(problem)
        return not problem

    def invoke(self, context: Any, _event: Any) -> set[str]:
        """Start the pipeline and hand control back at once."""
        if not self._start(context):
            return {"CANCELLED"}
        self._workspaces: set[str] = set()
        manager = context.window_manager
        self._timer = manager.event_timer_add(POLL_S, window=context.window)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """Follow the pipeline; everything but Esc goes on to Blender."""
        if event.type == "ESC" and event.value == "PRESS":
            self._job.cancel()
        elif event.type != "TIMER":
            return {"PASS_THROUGH"}
        if self._job.poll():
            self._tidy(context)
            return self._end(context)
        self._show(context)
        return {"RUNNING_MODAL"} if event.type == "ESC" else {"PASS_THROUGH"}

    def execute(self, context: Any) -> set[str]:
        """Build it and wait for it, as scripts need."""
        if not self._start(context):
            return {"CANCELLED"}
        while not self._job.wait(WAIT_S):
            pass
        return self._end(context)

    def cancel(self, context: Any) -> None:
        """End the pipeline when Blender ends the operator, as for a new file."""
        self._job.close()
        self._tidy(context)

    def _start(self, context: Any) -> bool:
        """Start the pipeline; report why if that is not possible."""
        if not has_something_to_see(context.scene):
            self.report({"ERROR"}, "The scene has nothing to render: add an object")
            return False
        environment = running.check.wait(pipeline_python(context))
        if not environment.is_ready:
            self.report({"ERROR"}, f"{environment.problem}. {environment.hint}")
            return False
        try:
            self._job: BuildJob = start_build(
                context.scene, environment, use_last_copy=self.use_last_copy
            )
        except (CameraProblem, OSError, RuntimeError) as error:
            self.report({"ERROR"}, " ".join(str(error).split()))
            return False
        running.follow(self._job)
        return True

    def _show(self, context: Any) -> None:
        """Show how far the pipeline has come: status bar and panel."""
        progress = self._job.progress
        text = "Stopping" if self._job.is_cancelled else progress.text
        self._workspaces.add(context.workspace.name)
        context.workspace.status_text_set(
            f"Dual Pixel data set {progress.share:4.0%}   {text}   (Esc: cancel)"
        )
        redraw_panels(context)

    def _tidy(self, context: Any) -> None:
        """Take away what `_show` shows, and the timer."""
        context.window_manager.event_timer_remove(self._timer)
        for name in self._workspaces:
            workspace = bpy.data.workspaces.get(name)
            if workspace is not None:
                workspace.status_text_set(None)
        redraw_panels(context)

    def _end(self, context: Any) -> set[str]:
        """Report how it went, and show what was made."""
        job = self._job
        for note in job.progress.notes:
            self.report({"INFO"}, note)
        if job.is_cancelled:
            self.report({"INFO"}, "Data set cancelled: Continue goes on from here")
            return {"CANCELLED"}
        if job.error:
            self.report({"ERROR"}, job.error)
            return {"CANCELLED"}
        assert job.progress.folder is not None
        for remark in job.progress.remarks:
            kind = "WARNING" if remark.is_warning else "INFO"
            self.report({kind}, remark.message)
        self.report({"INFO"}, f"Data set: {job.progress.folder}")
        try:
            show_dataset(context, job.progress.folder)
        except RuntimeError as error:
            self.report({"WARNING"}, " ".join(str(error).split()))
        return {"FINISHED"}


class DUAL_PIXEL_OT_cancel_dataset(bpy.types.Operator):  # noqa: N801 - Blender's own form
    """Cancel the data set that is being built."""

    bl_idname = "dual_pixel.cancel_dataset"
    bl_label = "Cancel Dataset"
    bl_description = "Stop building the data set; finished frames are kept"
    bl_options = {"INTERNAL"}  # noqa: RUF012 - Blender's own form

    @classmethod
    def poll(cls, _context: Any) -> bool:
        """Return whether there is anything to cancel."""
        if not running.is_building():
            cls.poll_message_set("No data set is being built")
        return running.is_building()

    def execute(self, _context: Any) -> set[str]:
        """Ask the pipeline to end; the operator that started it notices."""
        job = running.last_job()
        assert job is not None
        job.cancel()
        return {"FINISHED"}


class DUAL_PIXEL_OT_show_dataset(bpy.types.Operator):  # noqa: N801 - Blender's own form
    """Show the data set that was built last."""

    bl_idname = "dual_pixel.show_dataset"
    bl_label = "Show Dataset"
    bl_description = (
        "Show the last data set's contact sheet in an Image Editor, or, where none is "
        "open, its folder in the system's file browser"
    )
    bl_options = {"INTERNAL"}  # noqa: RUF012 - Blender's own form

    @classmethod
    def poll(cls, _context: Any) -> bool:
        """Return whether there is one."""
        if running.finished_folder() is None:
            cls.poll_message_set("No data set was built since Blender started")
        return running.finished_folder() is not None

    def execute(self, context: Any) -> set[str]:
        """Show it."""
        folder = running.finished_folder()
        assert folder is not None
        try:
            show_dataset(context, folder)
        except RuntimeError as error:
            self.report({"ERROR"}, " ".join(str(error).split()))
            return {"CANCELLED"}
        return {"FINISHED"}


class DUAL_PIXEL_OT_check_pipeline(bpy.types.Operator):  # noqa: N801 - Blender's own form
    """Look for the pipeline again."""

    bl_idname = "dual_pixel.check_pipeline"
    bl_label = "Look Again"
    bl_description = "Ask the Python of the preferences once more what it has"
    bl_options = {"INTERNAL"}  # noqa: RUF012 - Blender's own form

    def execute(self, _context: Any) -> set[str]:
        """Forget the answer; the panel asks again."""
        running.check.forget()
        return {"FINISHED"}


def redraw_panels(context: Any) -> None:
    """Redraw every Properties editor."""
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "PROPERTIES":
                area.tag_redraw()


@bpy.app.handlers.persistent
def _end_on_load(*_: Any) -> None:
    running.end_build()


CLASSES = (
    DUAL_PIXEL_OT_build_dataset,
    DUAL_PIXEL_OT_cancel_dataset,
    DUAL_PIXEL_OT_show_dataset,
    DUAL_PIXEL_OT_check_pipeline,
)


def register() -> None:
    """Register the operators."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.app.handlers.load_pre.append(_end_on_load)


def unregister() -> None:
    """End what is running, and unregister the operators."""
    bpy.app.handlers.load_pre.remove(_end_on_load)
    running.forget()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
