"""Opens a stranger's .blend without running anything that it brings along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from blender_scenes.events import one_line
from blender_scenes.frames import sha256_of
from blender_scenes.scene_error import SceneError


def open_user_scene(blend_file: str, blend_sha256: str | None) -> tuple[Any, list[str]]:
    """Return the active scene of a .blend, made harmless, and notes for the user.

    Parameters
    ----------
    blend_file : str
        Path of the file.
    blend_sha256 : str or None
        Expected checksum; None accepts any.

    Raises
    ------
    SceneError
        If the file is missing, changed, not readable or has no usable camera.
    """
    path = Path(blend_file).absolute()
    if not path.is_file():
        raise SceneError(f"{blend_file}: no such file; expected a .blend file")
    _check_sha256(path, blend_sha256)
    _open(path, blend_file)
    import bpy

    scene = bpy.context.scene
    notes = _disabled_by_blender()
    switched_off = disarm(list(bpy.data.scenes), scene)
    if switched_off:
        notes.append(f"{blend_file}: switched off {', '.join(switched_off)}")
    notes += _missing_files(blend_file)
    return scene, notes


def _check_sha256(path: Path, expected: str | None) -> None:
    if expected is None:
        return
    actual = sha256_of(path)
    if actual != expected.lower():
        raise SceneError(
            f"{path}: SHA-256 is {actual}; expected {expected} (was the file edited?)"
        )


def _open(path: Path, shown_name: str) -> None:
    import bpy

    try:
        bpy.ops.wm.open_mainfile(filepath=str(path), load_ui=False, use_scripts=False)
    except RuntimeError as error:
        # Blender raises for every reported problem, also where the file did open.
        if Path(bpy.data.filepath) != path:
            reason = one_line(str(error)).removeprefix("Error: ")
            raise SceneError(
                f"{shown_name}: not a readable .blend file ({reason})"
            ) from None
    if Path(bpy.data.filepath) != path or bpy.context.scene is None:
        raise SceneError(f"{shown_name}: not a readable .blend file")


def disarm(scenes: list[Any], rendered: Any) -> list[str]:
    """Switch off what could run code or write files; return what was on.

    Freestyle runs Python at render time even with scripts disabled (bpy 5.0.1),
    compositor nodes write files anywhere, OSL is compiled code. The sequencer
    would show other pictures than the camera's.
    """
    was_on: list[str] = []
    render = rendered.render
    if render.use_freestyle:
        was_on.append("Freestyle")
    if render.use_compositing and rendered.compositing_node_group is not None:
        was_on.append("the compositor")
    editor = rendered.sequence_editor
    if render.use_sequencer and editor is not None and len(editor.strips):
        was_on.append("the sequencer")
    if getattr(rendered.cycles, "shading_system", False):
        was_on.append("OSL shaders")
    for scene in scenes:
        scene.render.use_freestyle = False
        scene.render.use_compositing = False
        scene.render.use_sequencer = False
        scene.cycles.shading_system = False
        for view_layer in scene.view_layers:
            view_layer.use_freestyle = False
    return was_on


def _disabled_by_blender() -> list[str]:
    """Return a note on scripts and drivers that Blender refused to run."""
    import bpy

    if not bpy.app.autoexec_fail:
        return []
    reason = one_line(bpy.app.autoexec_fail_message)
    return [f"scripts of the .blend were not run, its looks may differ: {reason}"]


def _missing_files(blend_file: str) -> list[str]:
    """Return a note on pictures and libraries that the .blend refers to in vain."""
    import bpy

    things = [
        *(i for i in bpy.data.images if i.source == "FILE" and not i.packed_file),
        *bpy.data.libraries,
    ]
    paths = {
        thing.filepath
        for thing in things
        if thing.filepath
        and not Path(
            bpy.path.abspath(thing.filepath, library=thing.library)
            if hasattr(thing, "library")
            else bpy.path.abspath(thing.filepath)
        ).is_file()
    }
    if not paths:
        return []
    return [f"{blend_file}: missing {', '.join(sorted(paths))}"]
