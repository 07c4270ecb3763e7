"""Keeps the shown pictures in step with the camera, without rendering again.

A timer compares the camera's values with those that the pictures were made with; a
worker thread makes new pictures; the timer shows them.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from blender_scenes.addon.camera_values import CameraProblem, camera_values
from blender_scenes.addon.preview import images
from blender_scenes.addon.preview.frame import PreviewFrame
from blender_scenes.addon.preview.session import session

TICK_S = 0.1
END_S = 10.0  # for pictures that are being made when the add-on is disabled

listeners: list[Callable[[], None]] = []
"""Called in the main thread after the shown pictures have changed or gone."""


def take_frame(frame: PreviewFrame) -> None:
    """Make and show the pictures of a new frame, from now on.

    Where Blender has no window they are there when this returns.
    """
    session.set_frame(frame)
    if bpy.app.background:
        update_now()
    elif not bpy.app.timers.is_registered(_tick):
        bpy.app.timers.register(_tick)


def update_now() -> None:
    """Show pictures for the camera's values as they are, waiting for them."""
    frame = session.frame
    if frame is not None and _follow(frame):
        session.wait()
        _follow(frame)


def clear() -> None:
    """Forget the frame and remove its pictures."""
    session.clear()
    if bpy.app.timers.is_registered(_tick):
        bpy.app.timers.unregister(_tick)
    images.remove_images()
    say("")
    _tell_listeners()


def say(message: str, progress: float = 0.0) -> None:
    """Write what is being done, and the share that is done, where panels read it."""
    state = bpy.context.window_manager.dual_pixel
    if (state.message, round(state.progress, 3)) != (message, round(progress, 3)):
        state.message, state.progress = message, progress
        redraw()


def redraw() -> None:
    """Draw every area that shows something of the preview."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in {"IMAGE_EDITOR", "VIEW_3D", "PROPERTIES"}:
                area.tag_redraw()


def _tick() -> float | None:
    """Follow the camera; Blender calls it again after the seconds returned."""
    frame = session.frame
    if frame is None:
        return None
    if not _follow(frame):
        clear()
        say("The camera of the preview is gone: render a new preview")
        return None
    return TICK_S


def _follow(frame: PreviewFrame) -> bool:
    """Have new pictures made if values changed, and show those that are ready.

    Returns
    -------
    bool
        Whether the camera is still there.
    """
    scene = bpy.data.scenes.get(frame.scene_name)
    camera = scene.objects.get(frame.camera_name) if scene else None
    if camera is None:
        return False
    problem = ""
    try:
        values = camera_values(scene, camera)
        if values != session.values:
            session.submit(values)
    except CameraProblem as reason:
        problem = str(reason)
    _show_what_is_ready()
    state = bpy.context.window_manager.dual_pixel
    if state.progress == 0.0:  # else a render writes there
        is_first = session.is_busy and session.pictures is None
        say(problem or session.error or ("Making the views" if is_first else ""))
    return True


def _show_what_is_ready() -> None:
    """Show new pictures, and again those that Undo took away."""
    pictures = session.collect()
    if pictures is None and _is_any_image_missing():
        pictures = session.pictures
    if pictures is not None:
        images.show(pictures)
        redraw()
        _tell_listeners()


def _is_any_image_missing() -> bool:
    views = {images.view_of(image) for image in bpy.data.images}
    return not views.issuperset(images.SHOWN_VIEWS)


def _tell_listeners() -> None:
    for listener in tuple(listeners):
        listener()


@bpy.app.handlers.persistent
def _clear_on_load(*_: Any) -> None:
    clear()


def register() -> None:
    """Watch for files being opened."""
    images.register()
    bpy.app.handlers.load_pre.append(_clear_on_load)
    bpy.app.handlers.load_post.append(_clear_on_load)


def unregister() -> None:
    """Forget everything, and wait for the worker thread to end."""
    bpy.app.handlers.load_pre.remove(_clear_on_load)
    bpy.app.handlers.load_post.remove(_clear_on_load)
    clear()
    session.wait(END_S)
    images.unregister()
