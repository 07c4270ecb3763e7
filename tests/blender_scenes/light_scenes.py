"""Renders what `test_city_atmosphere` measures; runs in a child process with bpy.

Small scenes of one road and a few cards, and two whole streets.
"""

import dataclasses
import json
import sys
import tempfile
from pathlib import Path

import bpy
import numpy as np

from blender_scenes.city import build, layout
from blender_scenes.city.light import sky, weathering
from blender_scenes.city.plan import Atmosphere
from blender_scenes.city.shapes.blender_data import add_object, blender_mesh
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import box, level_quads, quads
from blender_scenes.flat_shaders import FlatShaders
from blender_scenes.instances import label_from_property, number_objects
from blender_scenes.passes import read_colour, read_geometry
from blender_scenes.peel_shader import PeelShader
from blender_scenes.render_settings import (
    prepare_scene,
    select_colour_render,
    select_geometry_render,
)
from blender_scenes.second_surface import SecondSurfaceRender
from blender_scenes.spec import RenderSpec, SceneSpec
from blender_scenes.still import render_still

RENDER = RenderSpec(
    width=64, height=36, margin_px=0, samples=4, device="cpu", denoiser="none"
)
GREY = Atmosphere(0.6, 0.0, 0.0, 1.0, 1.0)
NIGHT = Atmosphere(-0.5, 0.0, 0.0, 0.2, 1.0, lamps_lit=1.0)
SNOW = Atmosphere(0.35, 0.5, 0.8, 0.45, 1.0, snow_cover=1.0)
FOG_PER_M = 0.05
WALL_M = 20.0
SCRATCH = Path(tempfile.mkdtemp())


def empty_scene():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.location, camera.rotation_euler = (0.0, 0.0, 1.4), (np.pi / 2, 0.0, 0.0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return scene


def add_card(scene, y, half_x=30.0, top=30.0):
    """Add an upright wall of asphalt that faces the camera."""
    builder = MeshBuilder()
    corners = [(-half_x, y, 0), (half_x, y, 0), (half_x, y, top), (-half_x, y, top)]
    builder.add(quads(corners), "asphalt")
    return add_object(scene, blender_mesh("card", builder.mesh()), "Wall")


def add_road(scene, near=0.5):
    builder = MeshBuilder()
    builder.add(level_quads(-30.0, 30.0, near, 200.0, 0.0), "asphalt")
    return add_object(scene, blender_mesh("road", builder.mesh()), "Road")


def finish(scene, air):
    sky.add_light(scene, air)
    weathering.apply(air)
    prepare_scene(scene, RENDER, "CPU", 1)


def colour(scene):
    path = SCRATCH / "colour.exr"
    select_colour_render(scene, RENDER, path)
    render_still(path)
    return read_colour(path)


def geometry(scene):
    path = SCRATCH / "geometry.exr"
    select_geometry_render(scene, path)
    render_still(path)
    return read_geometry(path)


def fog():
    """Return two walls seen through clear air and through fog."""
    found = {}
    for name, per_m in (("clear", 0.0), ("fog", FOG_PER_M)):
        air = dataclasses.replace(GREY, fog_per_m=per_m)
        scene = empty_scene()
        add_card(scene, 8.0, half_x=2.0)
        add_card(scene, WALL_M)
        finish(scene, air)
        found[name] = colour(scene).tolist()
    found["depth_m"] = geometry(scene).depth.tolist()
    found["horizon"] = sky.horizon_rgb(air).tolist()
    found["focal_px"] = 64 * scene.camera.data.lens / scene.camera.data.sensor_width
    return found


def reflection():
    """Return the mirror image of a lamp on a dry and on a wet road."""
    found = {}
    for name, wetness in (("dry", 0.0), ("wet", 1.0)):
        scene = empty_scene()
        add_road(scene)
        lamp = bpy.data.lights.new("lamp", "AREA")
        lamp.energy, lamp.size = 2000.0, 3.0
        thing = bpy.data.objects.new("lamp", lamp)
        # Faces back along the road, towards the camera.
        thing.location, thing.rotation_euler = (0.0, 40.0, 4.0), (-np.pi / 2, 0.0, 0.0)
        scene.collection.objects.link(thing)
        finish(scene, dataclasses.replace(NIGHT, wetness=wetness))
        found[name] = colour(scene).tolist()
    return found


def peeled(**weather):
    """Return a wall behind a card, as second surface and with the card away."""
    air = dataclasses.replace(GREY, **weather)
    scene = empty_scene()
    builder = MeshBuilder()
    builder.add(box((-1.0, 1.0), (6.0, 6.5), (0.5, 2.5)), "asphalt")
    card = add_object(scene, blender_mesh("box", builder.mesh()), "Car")
    add_card(scene, WALL_M)
    add_road(scene)
    finish(scene, air)
    number_objects(label_from_property)
    render = dataclasses.replace(RENDER, margin_px=16, samples=32)
    render_spec = dataclasses.replace(render, width=32, height=4)
    shader = PeelShader(scene, render_spec.full_size)
    prepare_scene(scene, render_spec, "CPU", 1)
    first = geometry(scene)
    opaque = FlatShaders(())
    peel = SecondSurfaceRender(scene, render_spec, shader, opaque, SCRATCH)
    hidden = peel.surface(first)
    card.hide_render = True
    away, behind = colour(scene), geometry(scene).depth
    is_there = np.isfinite(hidden.depth) & (first.depth < 7.0)
    return {
        "count": int(is_there.sum()),
        "depth_m": hidden.depth[is_there].tolist(),
        "true_depth_m": behind[is_there].tolist(),
        "mean": hidden.linear_rgb[is_there].mean(axis=0).tolist(),
        "true_mean": away[is_there].mean(axis=0).tolist(),
    }


def street(air, frame_range):
    """Return the looks of a street in the given air."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    spec = SceneSpec("street-2", seed=2, frame_range=frame_range)
    plan = dataclasses.replace(layout.plan_street(spec), atmosphere=air)
    build.build_plan(scene, plan)
    prepare_scene(scene, RENDER, "CPU", 1)
    scene.frame_set(frame_range[0])
    rgb, depth = colour(scene), geometry(scene).depth
    return {
        "mean": float(rgb.mean()),
        "deciles": np.quantile(rgb.max(axis=-1), np.arange(0.1, 1.0, 0.1)).tolist(),
        "clipped": float((rgb.max(axis=-1) > 1.0)[np.isfinite(depth)].mean()),
        "exposure": scene.cycles.film_exposure,
        "scenes": len(bpy.data.scenes),
        "loose": len([t for t in bpy.data.objects if not t.users_scene]),
    }


FOUND = {
    "fog": fog(),
    "reflection": reflection(),
    "peeled": {
        "fog": peeled(fog_per_m=FOG_PER_M),
        "snow": peeled(snow_cover=1.0),
    },
    "night": street(NIGHT, (1, 2)),
    "later": street(NIGHT, (31, 31)),
    "snow": street(SNOW, (1, 2)),
}
Path(sys.argv[1]).write_text(json.dumps(FOUND))
