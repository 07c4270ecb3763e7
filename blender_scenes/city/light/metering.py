"""Measures how bright a scene is, and exposes it as a camera's automatic would.

One exposure per drive, from one tiny render of what the camera sees at time 0, traffic
and people left out. It follows from the plan alone: neither from the frames that are
asked for, nor from resolution, samples, denoiser, seed, device or engine of the render
to come.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import bpy
import numpy as np

from blender_scenes.city.light.exposure import exposure, target_mean
from blender_scenes.city.light.night import add_own_lamps
from blender_scenes.city.motion.paths import camera_pose
from blender_scenes.city.plan import StreetPlan
from blender_scenes.frames import LABEL_IDS
from blender_scenes.passes import read_colour, read_depth
from blender_scenes.render_settings import blender_path

SIZE_PX = (64, 36)
SAMPLES = 4
_SEED = 1
# What drives or walks, or might.
_MOVING = frozenset(
    LABEL_IDS[name]
    for name in ("Person", "Rider", "Car", "Truck", "Bus", "Motorcycle", "Bicycle")
)
_LIGHT_PATHS = (
    "max_bounces", "diffuse_bounces", "glossy_bounces", "transmission_bounces",
    "transparent_max_bounces", "caustics_reflective", "caustics_refractive",
    "sample_clamp_indirect", "blur_glossy", "use_light_tree",
)  # fmt: skip


def meter(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Set the exposure of a finished scene by the looks of the drive's beginning."""
    metered = _still_scene(scene, plan)
    try:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "metered.exr"
            metered.render.filepath = blender_path(path)
            bpy.ops.render.render(write_still=True, scene=metered.name)
            linear_rgb, depth = read_colour(path), read_depth(path)
    finally:
        lens = metered.camera.data
        for thing in (*metered.camera.children, metered.camera):
            bpy.data.objects.remove(thing)
        bpy.data.cameras.remove(lens)
        bpy.data.scenes.remove(metered)
    scene.cycles.film_exposure = exposure(
        linear_rgb, np.isinf(depth), target_mean(plan.atmosphere)
    )


def _still_scene(scene: bpy.types.Scene, plan: StreetPlan) -> bpy.types.Scene:
    """Return a second scene: what stands still, seen from the drive's beginning.

    Things that move have keys in the frames asked for only.
    """
    metered = bpy.data.scenes.new("metering")
    metered.world = scene.world
    for name in ("lamps_lit", "wetness", "snow_cover"):
        metered[name] = scene.get(name, 0.0)
    for thing in scene.objects:
        label = thing.get("label", 0)
        if (
            thing.type in ("MESH", "LIGHT")
            and not thing.parent
            and label not in _MOVING
        ):
            metered.collection.objects.link(thing)
    camera = bpy.data.objects.new("metering", scene.camera.data.copy())
    location, rotation = camera_pose(plan.camera, plan.road, np.zeros(1))
    camera.location, camera.rotation_euler = location[0], rotation[0]
    metered.collection.objects.link(camera)
    metered.camera = camera
    add_own_lamps(metered, plan)
    _set_up(metered, scene)
    return metered


def _set_up(metered: bpy.types.Scene, scene: bpy.types.Scene) -> None:
    """Give the scene a render of its own kind, with the light paths of the other."""
    settings = metered.render
    settings.engine = "CYCLES"
    settings.resolution_x, settings.resolution_y = SIZE_PX
    settings.resolution_percentage = 100
    settings.image_settings.media_type = "MULTI_LAYER_IMAGE"
    settings.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.image_settings.color_depth = "32"
    metered.view_layers[0].use_pass_z = True
    cycles = metered.cycles
    for name in _LIGHT_PATHS:
        setattr(cycles, name, getattr(scene.cycles, name))
    cycles.device, cycles.samples, cycles.seed = "CPU", SAMPLES, _SEED
    cycles.sampling_pattern = "TABULATED_SOBOL"
    cycles.use_adaptive_sampling = cycles.use_denoising = False
