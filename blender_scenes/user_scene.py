"""Opens a stranger's .blend without running anything that it brings along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blender_scenes.events import one_line
from blender_scenes.external_files import FileReference, is_plain_file, missing
from blender_scenes.file_references import (
    file_references,
    missing_numbers,
    point_caches,
    unknown_file_notes,
)
from blender_scenes.frames import sha256_of
from blender_scenes.notes import Note, warning
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import SceneSpec

MISSING_NAMED = 30


@dataclass(frozen=True)
class UserScene:
    """The active scene of a .blend, made harmless.

    Parameters
    ----------
    scene : bpy.types.Scene
    notes : tuple of Note
    references : tuple of FileReference
        What the .blend reads from elsewhere.
    """

    scene: Any
    notes: tuple[Note, ...]
    references: tuple[FileReference, ...]


def open_user_scene(spec: SceneSpec) -> UserScene:
    """Return the active scene of a .blend, made harmless, and notes for the user.

    Parameters
    ----------
    spec : SceneSpec
        Its ``blend_file``; a checksum of None accepts any file.

    Raises
    ------
    SceneError
        If the file is missing, changed, not readable or has no usable camera.
    """
    references = open_blend(spec)
    import bpy

    name = Path(str(spec.blend_file)).name
    scene = bpy.context.scene
    if spec.camera is not None:
        _choose_camera(scene, spec.camera, str(spec.blend_file))
    notes = [*_newer_file_notes(name), *_disabled_by_blender()]
    if spec.trust_scripts:
        text = f"{name}: its scripts, drivers and OSL shaders run, trusted"
        notes.append(Note("trusted", text))
    switched_off = disarm(
        list(bpy.data.scenes), scene, trust_scripts=spec.trust_scripts
    )
    if not spec.trust_scripts:
        switched_off += _keep_caches_in_memory()
    if switched_off:
        text = f"{name}: switched off {', '.join(switched_off)}"
        notes.append(Note("switched-off", text))
    frames = spec.own_frames(scene.frame_start, scene.frame_end)
    lost = [*missing(references), *missing_numbers(*frames)]
    notes += [*_missing_files(name, lost), *unknown_file_notes()]
    return UserScene(scene, tuple(notes), references)


def open_blend(spec: SceneSpec) -> tuple[FileReference, ...]:
    """Open a .blend, running only what is trusted; return what it reads.

    Raises
    ------
    SceneError
        If the file is missing, changed or not readable.
    """
    blend_file = str(spec.blend_file)
    path = Path(blend_file).absolute()
    if not is_plain_file(path):
        raise SceneError(f"{blend_file}: no such file; expected a .blend file")
    check_sha256(path, spec.blend_sha256)
    _open(path, blend_file, trust_scripts=spec.trust_scripts)
    return tuple(file_references(trust_scripts=spec.trust_scripts))


def check_sha256(path: Path, expected: str | None) -> None:
    """Refuse a file whose checksum is not the expected one; None accepts any."""
    if expected is None:
        return
    actual = sha256_of(path)
    if actual != expected.lower():
        raise SceneError(
            f"{path}: SHA-256 is {actual}; expected {expected} (was the file edited?)"
        )


def _open(path: Path, shown_name: str, *, trust_scripts: bool) -> None:
    import bpy

    try:
        bpy.ops.wm.open_mainfile(
            filepath=str(path), load_ui=False, use_scripts=trust_scripts
        )
    except RuntimeError as error:
        # Blender raises for every reported problem, also where the file did open.
        if Path(bpy.data.filepath) != path:
            reason = one_line(str(error)).removeprefix("Error: ")
            raise SceneError(
                f"{shown_name}: not a readable .blend file ({reason})"
            ) from None
    if Path(bpy.data.filepath) != path or bpy.context.scene is None:
        raise SceneError(f"{shown_name}: not a readable .blend file")


def _choose_camera(scene: Any, name: str, shown_name: str) -> None:
    """Make a camera the active one, for all frames."""
    cameras = {thing.name: thing for thing in scene.objects if thing.type == "CAMERA"}
    if name not in cameras:
        raise SceneError(
            f"{shown_name}: there is no camera {name!r}; expected one of "
            f"{', '.join(sorted(cameras)) or '(the scene has none)'}"
        )
    for marker in scene.timeline_markers:
        marker.camera = None
    scene.camera = cameras[name]


def disarm(scenes: list[Any], rendered: Any, *, trust_scripts: bool) -> list[str]:
    """Switch off what could run code or write files; return what was on.

    Freestyle runs Python at render time even with scripts disabled (bpy 5.0.1),
    compositor nodes write files anywhere, OSL is compiled code. The sequencer
    would show other pictures than the camera's. Freestyle and the compositor stay off
    in a trusted file as well: what they draw has no depth.
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
    if getattr(rendered.cycles, "shading_system", False) and not trust_scripts:
        was_on.append("OSL shaders")
    for scene in scenes:
        scene.render.use_freestyle = False
        scene.render.use_compositing = False
        scene.render.use_sequencer = False
        scene.render.use_render_cache = False
        if not trust_scripts:
            scene.cycles.shading_system = False
        for view_layer in scene.view_layers:
            view_layer.use_freestyle = False
    return was_on


def _keep_caches_in_memory() -> list[str]:
    """Let no simulation write files where the .blend says; return what would have.

    What is not baked is then simulated in memory.
    """
    was_on: list[str] = []
    for _, cache in point_caches():
        if cache.use_disk_cache and not cache.is_baked:
            cache.use_disk_cache = False
            was_on.append("disk caches of simulations")
    return list(dict.fromkeys(was_on))


def _disabled_by_blender() -> list[Note]:
    """Return a note on scripts and drivers that Blender refused to run."""
    import bpy

    if not bpy.app.autoexec_fail:
        return []
    reason = one_line(bpy.app.autoexec_fail_message)
    text = f"scripts of the .blend were not run, its looks may differ: {reason}"
    return [Note("scripts-not-run", text)]


def _newer_file_notes(blend_file: str) -> list[Note]:
    """Return a warning on files that a newer Blender has saved than this one."""
    import bpy

    newer = {
        name: version
        for name, version in (
            (blend_file, bpy.data.version),
            *((library.filepath, library.version) for library in bpy.data.libraries),
        )
        if tuple(version) > tuple(bpy.app.version_file)
    }
    return [
        warning(
            "newer-file",
            f"{name}: saved by Blender {version[0]}.{version[1]}, newer than "
            f"{bpy.app.version_string}, which leaves out what it does not know; save "
            "it with that Blender or render it with the newer one",
        )
        for name, version in newer.items()
    ]


def _missing_files(blend_file: str, lost: list[str]) -> list[Note]:
    """Return a warning on what the .blend refers to in vain."""
    names = sorted(lost)
    if not names:
        return []
    shown = ", ".join(names[:MISSING_NAMED])
    more = len(names) - MISSING_NAMED
    text = f"{blend_file}: missing {shown}{f' and {more} more' if more > 0 else ''}"
    return [warning("missing-files", text)]
