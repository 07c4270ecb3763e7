"""Opens a stranger's .blend without running anything that it brings along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blender_scenes.events import one_line
from blender_scenes.frames import sha256_of
from blender_scenes.notes import Note, warning
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import SceneSpec


def open_user_scene(spec: SceneSpec) -> tuple[Any, list[Note]]:
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
    blend_file = str(spec.blend_file)
    path = Path(blend_file).absolute()
    if not path.is_file():
        raise SceneError(f"{blend_file}: no such file; expected a .blend file")
    check_sha256(path, spec.blend_sha256)
    _open(path, blend_file, trust_scripts=spec.trust_scripts)
    import bpy

    scene = bpy.context.scene
    if spec.camera is not None:
        _choose_camera(scene, spec.camera, blend_file)
    notes = _disabled_by_blender()
    if spec.trust_scripts:
        text = f"{blend_file}: its scripts, drivers and OSL shaders run, trusted"
        notes.append(Note("trusted", text))
    switched_off = disarm(
        list(bpy.data.scenes), scene, trust_scripts=spec.trust_scripts
    )
    if not spec.trust_scripts:
        switched_off += _keep_caches_in_memory()
    if switched_off:
        text = f"{blend_file}: switched off {', '.join(switched_off)}"
        notes.append(Note("switched-off", text))
    notes += _missing_files(blend_file)
    return scene, notes


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
    for cache in _point_caches():
        if cache.use_disk_cache and not cache.is_baked:
            cache.use_disk_cache = False
            was_on.append("disk caches of simulations")
    return list(dict.fromkeys(was_on))


def _point_caches() -> Iterator[Any]:
    """Yield the caches of cloth, soft bodies, particles and rigid bodies."""
    import bpy

    for thing in bpy.data.objects:
        for holder in (*thing.modifiers, *thing.particle_systems):
            cache = getattr(holder, "point_cache", None)
            if cache is not None:
                yield cache
    for scene in bpy.data.scenes:
        if scene.rigidbody_world is not None:
            yield scene.rigidbody_world.point_cache


def _disabled_by_blender() -> list[Note]:
    """Return a note on scripts and drivers that Blender refused to run."""
    import bpy

    if not bpy.app.autoexec_fail:
        return []
    reason = one_line(bpy.app.autoexec_fail_message)
    text = f"scripts of the .blend were not run, its looks may differ: {reason}"
    return [Note("scripts-not-run", text)]


def _missing_files(blend_file: str) -> list[Note]:
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
    text = f"{blend_file}: missing {', '.join(sorted(paths))}"
    return [warning("missing-files", text)]
