"""Sets up a scene's two renders so that the same frame always gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blender_scenes.colour import write_frame_space
from blender_scenes.notes import Note, warning
from blender_scenes.passes import (
    COLOUR_PASSES,
    GEOMETRY_PASSES,
    select_passes,
    switch_all_passes_off,
)
from blender_scenes.spec import RenderSpec

ENGINE_IDS = {"cycles": "CYCLES", "eevee": "BLENDER_EEVEE"}


def sampling_seed(scene_seed: int) -> int:
    """Return Cycles' seed for a scene; Cycles mixes the frame number into it."""
    digest = hashlib.sha256(str(scene_seed).encode()).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def prepare_scene(scene: Any, render: RenderSpec, device: str, seed: int) -> list[Note]:
    """Apply what all renders share; return notes on what changes the looks.

    Everything of Cycles is set here, once: writing its settings later would empty
    the cache of rigid bodies (bpy 5.0.1).
    """
    notes = _render_one_view_layer(scene)
    settings = scene.render
    if settings.frame_map_old != settings.frame_map_new:
        text = "time remapping is switched off; frames are the scene's own"
        notes.append(Note("time-remapping", text))
    settings.frame_map_old = settings.frame_map_new = 100
    if render.engine == "eevee":
        text = "engine eevee needs OpenGL; without it Blender aborts"
        notes.append(Note("eevee", text))
    if settings.film_transparent:
        text = "the film is transparent in the file; frames show the world behind"
        notes.append(Note("sky", text))
    settings.resolution_x, settings.resolution_y = render.full_size
    settings.resolution_percentage = 100
    settings.pixel_aspect_x = settings.pixel_aspect_y = 1.0
    settings.threads_mode = "FIXED" if render.threads else "AUTO"
    if render.threads:
        settings.threads = render.threads
    for name in (
        "use_border", "use_crop_to_border", "use_motion_blur", "use_multiview",
        "use_compositing", "use_sequencer", "use_freestyle", "use_stamp",
        "use_placeholder", "film_transparent",
        # Persistent data gains little here and crashes bpy 5.0.1 when passes change.
        "use_persistent_data",
    ):  # fmt: skip
        setattr(settings, name, False)
    settings.use_overwrite = True
    settings.image_settings.media_type = "MULTI_LAYER_IMAGE"
    settings.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.image_settings.color_depth = "32"
    settings.image_settings.exr_codec = "NONE"  # read back at once and deleted
    write_frame_space(scene)
    _make_cycles_reproducible(scene.cycles)
    scene.cycles.device = device
    scene.cycles.seed = seed
    scene.cycles.samples = scene.eevee.taa_render_samples = render.samples
    scene.cycles.use_denoising = render.denoiser != "none"
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    return notes


def _render_one_view_layer(scene: Any) -> list[Note]:
    """Leave on the first view layer that is rendered; note it where others were."""
    used = [layer for layer in scene.view_layers if layer.use] or [scene.view_layers[0]]
    for layer in scene.view_layers:
        layer.use = layer == used[0]
    switch_all_passes_off(used[0])
    used[0].cycles.use_denoising = True
    used[0].pass_alpha_threshold = 0.5
    # Drawn over the finished picture: colour without depth.
    used[0].use_grease_pencil = False
    if len(used) == 1:
        return []
    text = f"only view layer {used[0].name!r} is rendered, of {len(used)}"
    left_out = _left_out(used)
    if not left_out:
        return [Note("view-layers", text)]
    names = ", ".join(repr(name) for name in left_out)
    return [warning("view-layers", f"{text}; it leaves out {names}")]


def _left_out(layers: list[Any]) -> list[str]:
    """Return the collections of later layers that the first does not render."""
    shown = set[str]()
    for layer in layers[1:]:
        shown |= _collections_shown(layer.layer_collection)
    return sorted(shown - _collections_shown(layers[0].layer_collection))


def _collections_shown(outer: Any) -> set[str]:
    """Return the names of the collections with objects that a view layer renders."""
    if outer.exclude or outer.collection.hide_render:
        return set()
    found = {outer.name} if outer.collection.objects else set[str]()
    return found.union(*(_collections_shown(inner) for inner in outer.children))


def rendered_layer(scene: Any) -> Any:
    """Return the one view layer that is rendered."""
    return next(layer for layer in scene.view_layers if layer.use)


def _make_cycles_reproducible(cycles: Any) -> None:
    cycles.use_animated_seed = True  # a fixed function of seed and frame number
    cycles.sampling_pattern = "TABULATED_SOBOL"
    cycles.use_adaptive_sampling = False
    cycles.use_layer_samples = "USE"
    cycles.use_sample_subset = False
    cycles.sample_offset = 0
    cycles.time_limit = 0.0
    cycles.use_guiding = False  # learns from samples in the order they come
    cycles.auto_scrambling_distance = False
    cycles.scrambling_distance = 1.0
    cycles.pixel_filter_type = "BLACKMAN_HARRIS"
    cycles.filter_width = 1.5
    cycles.denoising_use_gpu = False
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter = "ACCURATE"
    cycles.denoising_quality = "HIGH"


def make_cycles_linear(scene: Any) -> None:
    """Make a picture proportional to the throughput of the camera's rays.

    Otherwise Cycles clamps what a ray brings in, and ends paths at random, by how much
    the ray weighs: left and right would not add up to the combined picture, and the
    side that sees more would be clamped more.
    """
    cycles = scene.cycles
    cycles.sample_clamp_direct = cycles.sample_clamp_indirect = 0.0
    cycles.min_light_bounces = cycles.max_bounces
    cycles.min_transparent_bounces = cycles.transparent_max_bounces


def select_colour_render(scene: Any, render: RenderSpec, path: Path) -> None:
    """Set the scene up for the colour of one frame, written to ``path``."""
    scene.render.engine = ENGINE_IDS[render.engine]
    scene.render.filepath = blender_path(path)
    layer = rendered_layer(scene)
    layer.samples = 0  # as many as the scene
    select_passes(layer, COLOUR_PASSES)
    _denoise(scene, render.denoiser != "none")


def select_geometry_render(scene: Any, path: Path) -> None:
    """Set the scene up for depth, object index and flow, written to ``path``.

    Always Cycles with one sample, so that the geometry depends on neither engine
    nor sample count.
    """
    scene.render.engine = "CYCLES"
    scene.render.filepath = blender_path(path)
    layer = rendered_layer(scene)
    layer.samples = 1
    select_passes(layer, GEOMETRY_PASSES)
    _denoise(scene, False)


def _denoise(scene: Any, is_on: bool) -> None:
    """Switch the denoiser, except where that would empty the rigid bodies' cache.

    Left on it changes no geometry and only costs time.
    """
    if scene.rigidbody_world is None:
        scene.cycles.use_denoising = is_on


@contextmanager
def without_world(scene: Any) -> Iterator[None]:
    """Take the world away for the length of a block.

    Geometry does not need it, and preparing a sky for sampling took 2.4 s of the
    2.8 s of a geometry render of the street, at 288x176 on two cores.
    """
    layer = rendered_layer(scene)
    worlds = scene.world, layer.world_override
    scene.world = layer.world_override = None
    try:
        yield
    finally:
        scene.world, layer.world_override = worlds


def blender_path(path: Path) -> str:
    """Return a path as Blender wants it: braces doubled, since they mark templates.

    Examples
    --------
    >>> blender_path(Path("/out {1}/a.exr"))
    '/out {{1}}/a.exr'
    """
    return str(path).replace("{", "{{").replace("}", "}}")
