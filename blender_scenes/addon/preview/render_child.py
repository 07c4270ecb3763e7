"""Runs in a child Blender: renders one frame of a saved copy, with its depth.

``blender --background --python render_child.py -- REQUEST.json``, or the same by a
Python that has bpy.  Stands alone: the child's Blender knows nothing of the add-on.
It tells how it gets on by the lines that `job` reads, writes the picture and, last,
the facts about it, and ends when its standard input is closed.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import importlib
import json
import os
import re
import runpy
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

USER_ERROR = 2
ORPHANED = 3
NICENESS = 5

# Shares of the work that are done when a phase starts.
OPENING, RENDERING, DENOISING = 0.05, 0.15, 0.9

TILES_ACROSS = 4
LEAST_TILE_PX = 64

_TILE = re.compile(r"Rendered (\d+)/(\d+) Tiles")
_SAMPLE = re.compile(r"Sample (\d+)/(\d+)")


class RenderError(Exception):
    """The frame cannot be rendered: one line for the person."""


def main(request_file: Path) -> int:
    """Return the exit status: 0 done, 2 a problem that was told."""
    request = json.loads(request_file.read_text(encoding="utf-8"))
    try:
        render(request)
    except (RenderError, OSError, RuntimeError) as error:
        tell(f"@error {one_line(str(error)).removeprefix('Error: ')}")
        return USER_ERROR
    return 0


def render(request: dict[str, Any]) -> None:
    """Render what is asked for.

    Parameters
    ----------
    request : dict
        ``blend_file``; ``scene`` and ``camera`` by name; ``frame``; ``width``,
        ``height``; ``samples``; ``picture`` and ``facts``, paths to write to.
    """
    import bpy

    tell_progress(OPENING, "Opening the scene")
    open_copy(request["blend_file"])
    scene = bpy.data.scenes[request["scene"]]
    camera = scene.objects.get(request["camera"])
    if camera is None or camera.type != "CAMERA" or camera.data.type != "PERSP":
        raise RenderError(f"{request['camera']} is not a perspective camera")
    if not has_something_to_see(scene):
        raise RenderError("The scene has nothing to render: add an object")
    disarm()
    go_to_frame(scene, camera, request["frame"])
    set_up(scene, camera, request)
    tell_progress(RENDERING, "Preparing the scene")
    bpy.app.handlers.render_stats.append(follow)
    bpy.ops.render.render(write_still=True, scene=scene.name)
    picture = Path(request["picture"])
    if not picture.is_file():
        raise RenderError("Blender wrote no picture; is the disk full?")
    write_facts(scene, camera, request)


def open_copy(blend_file: str) -> None:
    """Open the file without its window layout, scripts and Python drivers."""
    import bpy

    preferences = bpy.context.preferences
    preferences.use_preferences_save = False
    preferences.filepaths.use_scripts_auto_execute = False
    preferences.filepaths.use_auto_save_temporary_files = False
    try:
        bpy.ops.wm.open_mainfile(filepath=blend_file, load_ui=False, use_scripts=False)
    except RuntimeError as error:
        # Blender raises for every reported problem, also where the file did open.
        if Path(bpy.data.filepath) != Path(blend_file):
            raise RenderError(f"The scene cannot be opened: {error}") from None


def has_something_to_see(scene: Any) -> bool:
    """Return whether a scene has an object that may give the picture depth."""
    visible = {"MESH", "CURVE", "CURVES", "SURFACE", "META", "FONT", "POINTCLOUD"}
    visible |= {"VOLUME", "EMPTY"}  # an empty may show instances of a collection
    return any(
        thing.type in visible
        and not thing.hide_render
        and (thing.type != "EMPTY" or thing.instance_type != "NONE")
        for thing in scene.objects
    )


def disarm() -> None:
    """Switch off what could run code or write files in any scene.

    Freestyle runs Python at render time even with scripts disabled (bpy 5.0.1),
    compositor nodes write files anywhere, OSL is compiled code, simulations write
    caches.
    """
    import bpy

    for scene in bpy.data.scenes:
        for name in ("use_freestyle", "use_compositing", "use_sequencer"):
            setattr(scene.render, name, False)
        if hasattr(scene, "cycles"):
            scene.cycles.shading_system = False
        for layer in scene.view_layers:
            layer.use_freestyle = False
    for cache in point_caches():
        if cache.use_disk_cache and not cache.is_baked:
            cache.use_disk_cache = False


def point_caches() -> Iterator[Any]:
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


def go_to_frame(scene: Any, camera: Any, frame: int) -> None:
    """Go to a frame, then stop the animation of what is set up for the preview.

    A key on a render setting, or on the depth of field, would undo `disarm` and
    `set_up` at render time.  The values of the frame stay.
    """
    import bpy

    window = bpy.context.window_manager.windows[0:1]
    if window:
        window[0].scene = scene
    # Frames of a data set are the scene's own, not those that play at another speed.
    set_known(scene.render, frame_map_old=100, frame_map_new=100)
    scene.frame_set(frame)
    for marker in scene.timeline_markers:
        marker.camera = None
    for animated in (*bpy.data.scenes, camera.data):
        animated.animation_data_clear()
    disarm()


def set_up(scene: Any, camera: Any, request: dict[str, Any]) -> None:
    """Set a scene up for one sharp picture with depth, rendered by Cycles."""
    scene.camera = camera
    camera.data.dof.use_dof = False  # depth would be one random sample of the lens
    settings = scene.render
    settings.engine = "CYCLES"
    settings.resolution_x, settings.resolution_y = request["width"], request["height"]
    settings.resolution_percentage = 100
    settings.pixel_aspect_x = settings.pixel_aspect_y = 1.0
    switched_off = (
        "use_border", "use_crop_to_border", "use_motion_blur", "use_multiview",
        "use_persistent_data", "use_stamp", "use_placeholder", "film_transparent",
        "use_render_cache",
    )  # fmt: skip
    set_known(settings, **dict.fromkeys(switched_off, False), use_overwrite=True)
    use_exr(settings.image_settings)
    # Braces mark templates in Blender 5.
    path = request["picture"]
    has_templates = hasattr(settings.image_settings, "media_type")
    settings.filepath = (
        path.replace("{", "{{").replace("}", "}}") if has_templates else path
    )
    settings.use_file_extension = False
    set_up_cycles(scene.cycles, request["samples"], request["width"])
    set_up_layers(scene)


def use_exr(settings: Any) -> None:
    """Choose uncompressed EXR with all passes, in the words of this version.

    In linear Rec.709, as the data set's frames: the file's working space, or what it
    is saved in, may be another.
    """
    if hasattr(settings, "media_type"):  # Blender 5
        settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.color_depth = "32"
    settings.exr_codec = "NONE"
    if hasattr(settings, "linear_colorspace_settings"):
        settings.color_management = "OVERRIDE"
        settings.linear_colorspace_settings.name = "Linear Rec.709"


def set_up_cycles(cycles: Any, samples: int, width: int) -> None:
    """Let Cycles take so many samples, denoised where this Blender can.

    In tiles, because without a window it tells of no progress inside one.
    """
    set_known(
        cycles,
        samples=samples,
        use_adaptive_sampling=False,
        time_limit=0.0,
        device="CPU",
        use_auto_tile=True,
        tile_size=max(LEAST_TILE_PX, -(-width // TILES_ACROSS)),
        pixel_filter_type="BLACKMAN_HARRIS",
        filter_width=1.5,
        use_layer_samples="USE",
        use_denoising=False,
    )
    if has_denoiser():
        set_known(
            cycles,
            use_denoising=True,
            denoiser="OPENIMAGEDENOISE",
            denoising_use_gpu=False,
            denoising_input_passes="RGB_ALBEDO_NORMAL",
            denoising_prefilter="FAST",
        )


def set_known(owner: Any, **values: Any) -> None:
    """Set those of the values that this version of Blender knows."""
    for name, value in values.items():
        if hasattr(owner, name):
            setattr(owner, name, value)


def has_denoiser() -> bool:
    """Return whether this Blender has OpenImageDenoise; Debian's has not."""
    return bool(importlib.import_module("_cycles").with_openimagedenoise)


def set_up_layers(scene: Any) -> None:
    """Render the first view layer that is in use, colour and depth alone.

    What would have one without the other is made ordinary.

    Depth comes from the first sample, through the middle of the pixel, however many
    there are.
    """
    # By its path: this process knows no package of ours.
    kinds = runpy.run_path(str(Path(__file__).with_name("one_surface.py")))
    layer = kinds["rendered_layer"](scene)
    for other in scene.view_layers:
        other.use = other == layer
    kinds["settle"](layer)
    for settings in (layer, layer.cycles):
        for name in settings.bl_rna.properties.keys():  # noqa: SIM118 - bpy yields properties
            if name.startswith(("use_pass_", "pass_debug_", "denoising_store_")):
                setattr(settings, name, False)
    layer.use_pass_combined = layer.use_pass_z = True
    layer.samples = 0  # as many as the scene
    layer.cycles.use_denoising = True
    layer.pass_alpha_threshold = 0.5
    # Drawn over the picture, colour without depth.
    set_known(layer, use_grease_pencil=False)


def write_facts(scene: Any, camera: Any, request: dict[str, Any]) -> None:
    """Write where the camera stood, as a file that is there whole or not at all."""
    import bpy

    projection = camera.calc_matrix_camera(
        bpy.context.evaluated_depsgraph_get(),
        x=request["width"],
        y=request["height"],
    )
    facts = {
        "scene": scene.name,
        "camera": camera.name,
        "frame": request["frame"],
        "projection": [list(row) for row in projection],
        "matrix_world": [list(row) for row in camera.matrix_world],
    }
    path = Path(request["facts"])
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(facts), encoding="utf-8")
    partial.replace(path)


def follow(statistics: str, *_: Any) -> None:
    """Tell which share of the picture is done; Blender calls it with its statistics."""
    share = share_done(statistics)
    if share is not None:
        tell_progress(RENDERING + (DENOISING - RENDERING) * share, "Rendering")
    elif statistics.endswith("Denoising"):
        tell_progress(DENOISING, "Denoising")


def share_done(statistics: str) -> float | None:
    """Return which share of all samples is done; None if the text tells nothing of it.

    Examples
    --------
    >>> share_done("Mem: 2M | Rendered 1/4 Tiles, Sample 8/16")
    0.375
    >>> share_done("Mem: 2M | Updating Lights") is None
    True
    """
    sample, tile = _SAMPLE.search(statistics), _TILE.search(statistics)
    if sample is None:
        return None
    share = int(sample[1]) / max(1, int(sample[2]))
    if tile is not None:
        # A tile is counted just after its last sample is told, and that told again.
        share = (int(tile[1]) + share % 1.0) / max(1, int(tile[2]))
    return min(share, 1.0)


def tell_progress(share: float, text: str) -> None:
    """Tell the parent what is being done, and which share of all is done."""
    tell(f"@progress {share:.3f} {text}")


def tell(line: str) -> None:
    """Write a line that the parent waits for, past what Blender still buffers."""
    sys.stdout.flush()
    os.write(1, f"\n{line}\n".encode())


def one_line(message: str) -> str:
    """Return the message with every run of white space made one blank."""
    return " ".join(message.split())


def end_with_parent() -> None:
    """End as soon as standard input is closed; nothing is ever written to it."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        os._exit(ORPHANED)

    threading.Thread(target=wait, daemon=True).start()


def run() -> None:
    """Do what the command line asks for, and end without Blender's own clean-up."""
    end_with_parent()
    if hasattr(os, "nice"):
        os.nice(NICENESS)  # the person goes on working meanwhile
    status = 1
    try:
        if "bpy" not in sys.modules:
            import bpy

            bpy.ops.wm.read_factory_settings(use_empty=True)
        status = main(Path(sys.argv[-1]))
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    run()
