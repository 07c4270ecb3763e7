"""Puts a chart into a Blender scene, with a camera in front of it."""

from __future__ import annotations

import bpy
import numpy as np

from blender_scenes.charts.scenes import chart_surfaces
from blender_scenes.charts.surfaces import (
    CHART_LENS_MM,
    CHART_SENSOR_MM,
    FloatArray,
    Surface,
)
from blender_scenes.frames import LABEL_IDS

_CLIP_START_M, _CLIP_END_M = 0.01, 1000.0


def build_chart(scene: bpy.types.Scene, name: str) -> None:
    """Fill an empty scene with the chart of that name, still, with a camera.

    All light comes from the surfaces and none bounces. Samples, denoiser, resolution,
    device and seed of the render stay as they are.
    """
    scene.frame_start = scene.frame_end = 1
    scene.cycles.max_bounces = 0
    scene.world = bpy.data.worlds.new("black")
    scene.world.node_tree.nodes.clear()
    for number, surface in enumerate(chart_surfaces(name)):
        mesh = _mesh(f"surface_{number:03d}", surface)
        thing = bpy.data.objects.new(mesh.name, mesh)
        thing["label"] = LABEL_IDS["Other"]
        scene.collection.objects.link(thing)
    _add_camera(scene)


def _add_camera(scene: bpy.types.Scene) -> None:
    """Put a camera at the origin, upright, looking along -z."""
    data = bpy.data.cameras.new("chart_camera")
    data.type = "PERSP"
    data.sensor_fit = "HORIZONTAL"
    data.lens, data.sensor_width = CHART_LENS_MM, CHART_SENSOR_MM
    data.clip_start, data.clip_end = _CLIP_START_M, _CLIP_END_M
    thing = bpy.data.objects.new("chart_camera", data)
    scene.collection.objects.link(thing)
    scene.camera = thing


def _mesh(name: str, surface: Surface) -> bpy.types.Mesh:
    """Return a mesh with the colour of every vertex and its place in the texture."""
    mesh = bpy.data.meshes.new(name)
    # Blender's camera looks along -z with y up: a half turn about x.
    points = surface.points_m * (1, -1, -1)
    mesh.vertices.add(len(points))
    mesh.vertices.foreach_set("co", points.astype(np.float32).ravel())
    mesh.loops.add(surface.quads.size)
    mesh.loops.foreach_set("vertex_index", surface.quads.astype(np.int32).ravel())
    mesh.polygons.add(len(surface.quads))
    starts = np.arange(0, surface.quads.size, 4, dtype=np.int32)
    mesh.polygons.foreach_set("loop_start", starts)
    mesh.update(calc_edges=True)
    paint = mesh.attributes.new("paint", "FLOAT_COLOR", "POINT")
    opaque = np.hstack([surface.rgb, np.ones((len(points), 1))])
    paint.data.foreach_set("color", opaque.astype(np.float32).ravel())
    image = None
    if surface.texture is not None and surface.texture_uv is not None:
        image = _image(name, surface.texture)
        place = mesh.attributes.new("place", "FLOAT2", "POINT")
        uv = surface.texture_uv.astype(np.float32)
        place.data.foreach_set("vector", uv.ravel())
    mesh.materials.append(_light(name, image))
    return mesh


def _image(name: str, texture: FloatArray) -> bpy.types.Image:
    height, width = texture.shape[:2]
    image = bpy.data.images.new(name, width, height, float_buffer=True)
    image.colorspace_settings.name = "Non-Color"  # linear already
    pixels = np.ones((height, width, 4), np.float32)
    pixels[..., :3] = texture[::-1]  # Blender's lowest row is first
    image.pixels.foreach_set(pixels.ravel())
    image.pack()  # Cycles reads a picture that is in no file as one flat colour
    return image


def _light(name: str, image: bpy.types.Image | None) -> bpy.types.Material:
    """Return a material that emits the paint, times the image."""
    material = bpy.data.materials.new(name)
    tree = material.node_tree
    tree.nodes.clear()
    paint = tree.nodes.new("ShaderNodeAttribute")
    paint.attribute_name = "paint"
    emission = tree.nodes.new("ShaderNodeEmission")
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(emission.outputs[0], output.inputs["Surface"])
    if image is None:
        tree.links.new(paint.outputs["Color"], emission.inputs["Color"])
        return material
    place = tree.nodes.new("ShaderNodeAttribute")
    place.attribute_name = "place"
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image, texture.extension = image, "EXTEND"
    product = tree.nodes.new("ShaderNodeVectorMath")
    product.operation = "MULTIPLY"
    tree.links.new(place.outputs["Vector"], texture.inputs["Vector"])
    tree.links.new(texture.outputs["Color"], product.inputs[0])
    tree.links.new(paint.outputs["Color"], product.inputs[1])
    tree.links.new(product.outputs[0], emission.inputs["Color"])
    return material
