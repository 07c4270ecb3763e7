"""Start a preview, and cancel it."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any, ClassVar

import bpy

from blender_scenes.addon.camera_values import CameraProblem, camera_problem
from blender_scenes.addon.preview.job import JobStatus
from blender_scenes.addon.preview.launch import PreviewRender, start_render
from blender_scenes.addon.preview.render_child import has_something_to_see
from blender_scenes.addon.preview.update import redraw, say, take_frame

ENGINES = ("CYCLES", "BLENDER_EEVEE", "BLENDER_EEVEE_NEXT")
POLL_S = 0.1


@dataclass
class _Run:
    """A render under way, and what Blender shows of it.

    Parameters
    ----------
    render : PreviewRender
    started_at_s : float
        By the clock `time.monotonic`.
    timer : bpy.types.Timer or None
        Wakes the operator; None where it waits instead.
    workspaces : set of str
        Names of those whose status bar tells of it.
    """

    render: PreviewRender
    started_at_s: float
    timer: Any = None
    workspaces: set[str] = field(default_factory=lambda: set())


_running: list[_Run] = []
"""The one render under way, if there is one."""


def is_rendering() -> bool:
    """Return whether a preview is being rendered."""
    return bool(_running)


def preview_problem(scene: Any) -> str:
    """Return why a scene cannot be previewed now; "" if it can."""
    if is_rendering():
        return "A preview is being rendered: press Esc to cancel it"
    if bpy.app.is_job_running("RENDER"):
        return "Blender is rendering: wait until it has finished"
    if scene.render.engine not in ENGINES:
        return "The scene's render engine is neither Cycles nor EEVEE: choose one"
    if not hasattr(scene, "cycles"):
        return "The add-on Cycles Render Engine is disabled: the preview needs it"
    return camera_problem(scene)


class DUAL_PIXEL_OT_preview(bpy.types.Operator):  # noqa: N801 - Blender's own form
    """Render the current frame in the background and show its dual-pixel views."""

    bl_idname = "dual_pixel.preview"
    bl_label = "Preview"
    bl_description = (
        "Render the current frame small, in the background, and show what a "
        "dual-pixel sensor sees of it. Esc cancels"
    )
    # Not for Repeat Last, which would wait for the render.
    bl_options: ClassVar[set[str]] = set()

    @classmethod
    def poll(cls, context: Any) -> bool:
        """Return whether the scene can be previewed; say why if not."""
        problem = preview_problem(context.scene)
        if problem:
            cls.poll_message_set(problem)
        return not problem

    def invoke(self, context: Any, _event: Any) -> set[str]:
        """Start to render and hand control back at once."""
        if not self._start(context):
            return {"CANCELLED"}
        manager = context.window_manager
        self._run.timer = manager.event_timer_add(POLL_S, window=context.window)
        manager.progress_begin(0, 100)
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Any, event: Any) -> set[str]:
        """Follow the render; everything but Esc goes on to Blender."""
        if self._run not in _running:  # cancelled by a button
            self.report({"INFO"}, "Preview: Cancelled")
            return {"CANCELLED"}
        if event.type == "ESC" and event.value == "PRESS":
            self._run.render.job.cancel()
        elif event.type != "TIMER":
            return {"PASS_THROUGH"}
        status = self._run.render.poll()
        if status.finished:
            return self._take(status)
        self._show(context, status)
        return {"PASS_THROUGH"}

    def execute(self, context: Any) -> set[str]:
        """Render and wait for it, as scripts need."""
        if not self._start(context):
            return {"CANCELLED"}
        while not (status := self._run.render.poll()).finished:
            time.sleep(POLL_S)
        return self._take(status)

    def cancel(self, _context: Any) -> None:
        """End the render when Blender ends the operator, as for a new file."""
        end_render()

    def _start(self, context: Any) -> bool:
        """Start the child; report why if that is not possible."""
        if not has_something_to_see(context.scene):
            self.report({"ERROR"}, "The scene has nothing to render: add an object")
            return False
        try:
            self._run = _Run(start_render(context.scene), time.monotonic())
        except (CameraProblem, OSError, RuntimeError) as error:
            self.report({"ERROR"}, " ".join(str(error).split()))
            return False
        _running.append(self._run)
        return True

    def _show(self, context: Any, status: JobStatus) -> None:
        """Show how far the render has come: status bar, pointer, panels."""
        say(status.text, max(status.progress, 0.01))
        context.window_manager.progress_update(100 * status.progress)
        workspace = context.workspace
        self._run.workspaces.add(workspace.name)
        workspace.status_text_set(
            f"Dual Pixel preview {status.progress:4.0%}   {status.text}   (Esc: cancel)"
        )

    def _take(self, status: JobStatus) -> set[str]:
        """Hand a finished frame on; remove what the render has left."""
        try:
            if status.error:
                kind = "INFO" if status.error == "Cancelled" else "ERROR"
                self.report({kind}, f"Preview: {status.error}")
                return {"CANCELLED"}
            frame = self._run.render.frame()
        except (OSError, ValueError) as error:
            self.report({"ERROR"}, f"Preview: {error}")
            return {"CANCELLED"}
        finally:
            end_render()
        take_frame(frame)
        height, width = frame.depth_m.shape
        self.report(
            {"INFO"},
            f"Preview of frame {frame.frame_number}: {width} x {height} px in "
            f"{time.monotonic() - self._run.started_at_s:.1f} s",
        )
        return {"FINISHED"}


class DUAL_PIXEL_OT_cancel(bpy.types.Operator):  # noqa: N801 - Blender's own form
    """Cancel the preview that is being rendered."""

    bl_idname = "dual_pixel.cancel"
    bl_label = "Cancel Preview"
    bl_description = "End the render of the preview; the last one stays"
    bl_options: ClassVar[set[str]] = {"INTERNAL"}

    @classmethod
    def poll(cls, _context: Any) -> bool:
        """Return whether there is anything to cancel."""
        if not is_rendering():
            cls.poll_message_set("No preview is being rendered")
        return is_rendering()

    def execute(self, _context: Any) -> set[str]:
        """End the render; its operator notices."""
        end_render()
        return {"FINISHED"}


def end_render() -> None:
    """End the render under way, if there is one, and remove its files."""
    while _running:
        run = _running.pop()
        run.render.close()
        if run.timer is not None:
            manager = bpy.context.window_manager
            manager.event_timer_remove(run.timer)
            manager.progress_end()
        for name in run.workspaces & set(bpy.data.workspaces.keys()):
            bpy.data.workspaces[name].status_text_set(None)
        say("")
    redraw()


@bpy.app.handlers.persistent
def _end_on_load(*_: Any) -> None:
    end_render()


CLASSES = (DUAL_PIXEL_OT_preview, DUAL_PIXEL_OT_cancel)


def register() -> None:
    """Register the operators."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.app.handlers.load_pre.append(_end_on_load)


def unregister() -> None:
    """End what is running, and unregister the operators."""
    bpy.app.handlers.load_pre.remove(_end_on_load)
    end_render()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
