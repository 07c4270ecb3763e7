"""Makes .blend files that are opened with notes; runs in a child with bpy.

Also writes ``facts.json``: what Blender itself says about them, as an oracle.
Usage: ``python make_opened_scenes.py FOLDER``.
"""

import json
import math
import sys
from pathlib import Path

import bpy
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

FOLDER = Path(sys.argv[1])
POINTS = [(0, 10, 0), (1, 8, 1), (-0.5, 9, 0.5), (0.7, 15, -1)]


def new_scene(first=1, last=2):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = first, last
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.rotation_euler = (math.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return scene


def emission(tree):
    shader = tree.nodes.new("ShaderNodeEmission")
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(shader.outputs[0], output.inputs["Surface"])
    return shader


def wall(scene, name="wall", half=2.0, location=(0, 5, 0)):
    mesh = bpy.data.meshes.new(name)
    corners = [(-half, 0, -half), (half, 0, -half), (half, 0, half), (-half, 0, half)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    thing = bpy.data.objects.new(name, mesh)
    thing.location = location
    scene.collection.objects.link(thing)
    material = bpy.data.materials.new(name)
    material.node_tree.nodes.clear()
    emission(material.node_tree)
    mesh.materials.append(material)
    return thing


def save(name):
    path = str(FOLDER / f"{name}.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path, compress=False)


def make_late():
    """A wall that is there in the scene's own range alone."""
    scene = new_scene(1001, 1003)
    scene.frame_step = 2
    thing = wall(scene)
    for frame, is_hidden in ((1000, True), (1001, False), (1004, True)):
        thing.hide_render = is_hidden
        thing.keyframe_insert("hide_render", frame=frame)
    save("late")


def make_newer():
    """The late scene as the Blender after this one would save it."""
    data = (FOLDER / "late.blend").read_bytes()
    # A header such as BLENDER17-01v0500.
    now = b"v%04d" % (100 * bpy.app.version[0] + bpy.app.version[1])
    assert data[:24].count(now) == 1, data[:24]
    later = b"v%04d" % (int(now[1:]) + 1)
    (FOLDER / "newer.blend").write_bytes(data.replace(now, later, 1))


def make_shape():
    """An upright picture of oblong pixels, of which a region is rendered."""
    scene = new_scene()
    render = scene.render
    render.resolution_x, render.resolution_y = 1000, 800
    render.resolution_percentage = 50
    render.pixel_aspect_x, render.pixel_aspect_y = 1.0, 2.0
    render.use_border = True
    render.border_max_x = 0.5
    scene.camera.data.shift_x = 0.1
    wall(scene)
    bpy.context.view_layer.update()
    save("shape")
    return [list(world_to_camera_view(scene, scene.camera, Vector(p))) for p in POINTS]


def make_window():
    """A wall, a world and a group that show where in the picture they are seen."""
    scene = new_scene()
    thing = wall(scene, half=0.4)
    tree = thing.data.materials[0].node_tree
    inner = bpy.data.node_groups.new("place", "ShaderNodeTree")
    inner.interface.new_socket("Place", in_out="OUTPUT", socket_type="NodeSocketVector")
    place = inner.nodes.new("ShaderNodeTexCoord").outputs["Window"]
    inner.links.new(place, inner.nodes.new("NodeGroupOutput").inputs[0])
    group = tree.nodes.new("ShaderNodeGroup")
    group.node_tree = inner
    shader = next(node for node in tree.nodes if node.type == "EMISSION")
    tree.links.new(group.outputs[0], shader.inputs["Color"])
    second = wall(scene, "second", half=0.4, location=(1, 5, 0))
    tree = second.data.materials[0].node_tree
    shader = next(node for node in tree.nodes if node.type == "EMISSION")
    place = tree.nodes.new("ShaderNodeTexCoord").outputs["Window"]
    tree.links.new(place, shader.inputs["Color"])
    scene.world = bpy.data.worlds.new("world")
    tree = scene.world.node_tree
    place = tree.nodes.new("ShaderNodeTexCoord").outputs["Window"]
    tree.links.new(place, tree.nodes["Background"].inputs["Color"])
    save("window")


def make_impossible():
    scene = new_scene()
    wall(scene)
    wall(scene, "lost", location=(math.nan, 5, 0))
    wall(scene, "torn").data.vertices[0].co.x = math.inf
    moving = wall(scene, "leaving")
    for frame, x in ((1, 0.0), (2, math.inf)):
        moving.location.x = x
        moving.keyframe_insert("location", index=0, frame=frame)
    save("impossible")
    scene = new_scene()
    wall(scene)
    for frame, x in ((1, 0.0), (2, math.nan)):
        scene.camera.location.x = x
        scene.camera.keyframe_insert("location", index=0, frame=frame)
    save("no_view")


def make_away():
    scene = new_scene()
    wall(scene, location=(0, -5, 0))
    save("away")


make_late()
make_newer()
make_window()
make_impossible()
make_away()
(FOLDER / "facts.json").write_text(json.dumps({"shape": make_shape()}))
