"""Starts the child Blender that renders a preview of the open scene."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from blender_scenes.addon.camera_values import camera_values, metres_per_unit
from blender_scenes.addon.preview.frame import (
    FACTS_NAME,
    PICTURE_NAME,
    PreviewFrame,
    read_frame,
)
from blender_scenes.addon.preview.job import JobStatus, RenderJob

FOLDER_PREFIX = "dual_pixel_"


@dataclass(frozen=True)
class PreviewRender:
    """A render under way, and the temporary folder that it works in.

    Parameters
    ----------
    job : RenderJob
    folder : Path
    metres_per_unit : float
        Length of a Blender unit in the scene.
    """

    job: RenderJob
    folder: Path
    metres_per_unit: float

    def poll(self) -> JobStatus:
        """Return how far it has come; never waits."""
        return self.job.poll()

    def frame(self) -> PreviewFrame:
        """Return what was rendered, once the job has finished without an error.

        Raises
        ------
        OSError, ValueError
            If the result is not there or not whole.
        """
        return read_frame(self.folder, self.metres_per_unit)

    def close(self) -> None:
        """End the child if it still runs, and remove the folder."""
        self.job.cancel()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_render(scene: Any) -> PreviewRender:
    """Start to render the current frame of a scene; the open file stays as it is.

    A copy of the file, with all that is not saved yet, goes into a temporary folder.

    Raises
    ------
    CameraProblem
        If the scene's camera is no dual-pixel camera.
    OSError, RuntimeError
        If the copy cannot be written, or Blender not be started.
    """
    own = scene.dual_pixel
    values = camera_values(scene, scene.camera).at_width(own.preview_width)
    folder = Path(tempfile.mkdtemp(prefix=FOLDER_PREFIX, dir=bpy.app.tempdir or None))
    render = PreviewRender(RenderJob(), folder, metres_per_unit(scene))
    try:
        copy = folder / "scene.blend"
        save_copy(copy)
        request = {
            "blend_file": str(copy),
            "scene": scene.name,
            "camera": scene.camera.name,
            "frame": scene.frame_current,
            "width": values.width_px,
            "height": values.height_px,
            "samples": own.preview_samples,
            "picture": str(folder / PICTURE_NAME),
            "facts": str(folder / FACTS_NAME),
        }
        request_file = folder / "request.json"
        request_file.write_text(json.dumps(request), encoding="utf-8")
        render.job.start(
            _command(request_file),
            # Nothing of the person's add-ons and start-up scripts is loaded there.
            environment={"BLENDER_USER_RESOURCES": str(folder / "user")},
        )
    except BaseException:
        render.close()
        raise
    return render


def save_copy(path: Path) -> None:
    """Save the open file, with all that is not saved yet, as a copy at that path.

    The open file keeps its name and stays as unsaved as it was.

    Raises
    ------
    RuntimeError
        If Blender cannot write it.
    """
    bpy.ops.wm.save_as_mainfile(
        filepath=str(path),
        copy=True,
        check_existing=False,
        compress=False,
        relative_remap=True,
    )


def _command(request_file: Path) -> list[str]:
    """Return the command of a Blender, or of a Python with bpy, like this one."""
    script = str(Path(__file__).with_name("render_child.py"))
    if not bpy.app.binary_path:  # bpy is a module of a plain Python
        return [sys.executable, script, str(request_file)]
    return [
        bpy.app.binary_path,
        "--background",
        "--factory-startup",
        "--disable-autoexec",
        "--offline-mode",
        "-noaudio",
        "--python",
        script,
        "--",
        str(request_file),
    ]
