"""Renders the current frame to the file that the scene names."""

from __future__ import annotations

from pathlib import Path

from blender_scenes.events import one_line


def render_still(path: Path) -> None:
    """Render the current frame to ``path``, which the scene was set up for.

    Raises
    ------
    OSError
        If Blender did not render or write it.
    """
    import bpy

    path.unlink(missing_ok=True)
    try:
        bpy.ops.render.render(write_still=True)
    except RuntimeError as error:
        reason = one_line(str(error))
        raise OSError(f"{path}: Blender did not render it ({reason})") from error
    if not path.is_file():
        raise OSError(f"{path}: Blender did not write it")
