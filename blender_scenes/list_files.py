"""Tells which files a .blend reads, without rendering it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from blender_scenes.blender_session import start_blender
from blender_scenes.events import EventWriter
from blender_scenes.spec import SceneSpec
from blender_scenes.user_scene import open_blend


def list_scene_files(spec: SceneSpec, events: EventWriter) -> None:
    """Open a .blend exactly as it is opened to be rendered; say what it reads.

    Raises
    ------
    SceneError
        If the file is missing, changed or not readable.
    """
    with tempfile.TemporaryDirectory(prefix="list-files-") as scratch:
        start_blender(Path(scratch))
        events.files(() if spec.blend_file is None else open_blend(spec))
    events.done()
