"""Writes what Blender does of one view: EXR of several kinds; in a child with bpy.

Usage: ``python make_exr_files.py FOLDER``. On the left is a lit wall at 4 m, on the
right nothing.
"""

import math
import sys
from pathlib import Path

import bpy

FOLDER = Path(sys.argv[1])
WALL_M = 4.0
COLOUR = (0.5, 0.25, 0.125, 1.0)

bpy.ops.wm.read_factory_settings(use_empty=True)
scene = bpy.context.scene
scene.render.engine = "CYCLES"
scene.cycles.samples, scene.cycles.use_denoising = 1, False
scene.render.filter_size = 0.01
scene.render.resolution_x, scene.render.resolution_y = 16, 12
scene.render.resolution_percentage = 100
scene.world = bpy.data.worlds.new("grey")
passes = scene.view_layers[0]
passes.use_pass_z = passes.use_pass_mist = passes.use_pass_normal = True

camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
camera.rotation_euler = (math.pi / 2, 0, 0)  # along +Y, up +Z
mesh = bpy.data.meshes.new("wall")
corners = [(-9, WALL_M, -9), (0, WALL_M, -9), (0, WALL_M, 9), (-9, WALL_M, 9)]
mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
material = bpy.data.materials.new("light")
nodes = material.node_tree.nodes
nodes.clear()
light, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
light.inputs["Color"].default_value = COLOUR
material.node_tree.links.new(light.outputs[0], output.inputs["Surface"])
mesh.materials.append(material)
for thing in (camera, bpy.data.objects.new("wall", mesh)):
    scene.collection.objects.link(thing)
scene.camera = camera


def save(name):
    scene.render.filepath = str(FOLDER / name)
    bpy.ops.render.render(write_still=True)


settings = scene.render.image_settings
settings.media_type, settings.file_format = "MULTI_LAYER_IMAGE", "OPEN_EXR_MULTILAYER"
for name, interleaved in (("parts", False), ("names", True)):
    settings.use_exr_interleave = interleaved
    save(f"{name}.exr")
scene.render.use_border = scene.render.use_crop_to_border = True
scene.render.border_min_x, scene.render.border_max_x = 0.25, 0.75
scene.render.border_min_y, scene.render.border_max_y = 0.0, 1.0
save("border.exr")
scene.render.use_border = False

settings.media_type, settings.file_format = "IMAGE", "OPEN_EXR"
group = bpy.data.node_groups.new("compositor", "CompositorNodeTree")
scene.compositing_node_group = group
layers = group.nodes.new("CompositorNodeRLayers")
for kind, media, file_format in (
    ("file", "IMAGE", "OPEN_EXR"),
    ("multi", "MULTI_LAYER_IMAGE", "OPEN_EXR_MULTILAYER"),
):
    writer = group.nodes.new("CompositorNodeOutputFile")
    writer.directory, writer.file_name = str(FOLDER), kind
    writer.format.media_type, writer.format.file_format = media, file_format
    writer.format.color_depth = "32"
    for socket, name in (("RGBA", "Image"), ("FLOAT", "Depth")):
        writer.file_output_items.new(socket, name)
        group.links.new(layers.outputs[name], writer.inputs[name])
save("plain.exr")
