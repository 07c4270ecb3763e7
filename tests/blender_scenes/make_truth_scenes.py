"""Makes .blend files whose colour, depth and flow are easily taken for another's.

Runs in a child with bpy. Usage: ``python make_truth_scenes.py FOLDER``. A camera at the
origin looks along +Y; the world is (0.1, 0.2, 0.3).
"""

import math
import sys
from pathlib import Path

import bpy

FOLDER = Path(sys.argv[1])
FORWARD = (math.pi / 2, 0.0, 0.0)
RED = (0.8, 0.1, 0.1)
GREY = (0.5, 0.5, 0.5)


def new_scene(last=1):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    # As they are rendered, so that there is nothing to say of the field of view.
    scene.render.resolution_x, scene.render.resolution_y = 40, 24
    scene.frame_start, scene.frame_end = 1, last
    scene.view_settings.view_transform = "Standard"
    scene.camera = camera(scene, "camera")
    scene.world = bpy.data.worlds.new("world")
    colour = scene.world.node_tree.nodes["Background"].inputs["Color"]
    colour.default_value = (0.1, 0.2, 0.3, 1.0)
    return scene


def camera(scene, name):
    thing = bpy.data.objects.new(name, bpy.data.cameras.new(name))
    thing.rotation_euler = FORWARD
    scene.collection.objects.link(thing)
    return thing


def material(name, kind, **inputs):
    """Return a material of one shader node, and the node and the output."""
    made = bpy.data.materials.new(name)
    nodes = made.node_tree.nodes
    nodes.clear()
    shader = nodes.new(kind)
    for key, value in inputs.items():
        shader.inputs[key].default_value = value
    output = nodes.new("ShaderNodeOutputMaterial")
    made.node_tree.links.new(shader.outputs[0], output.inputs["Surface"])
    return made, shader, output


def emission(rgb):
    return material("light", "ShaderNodeEmission", Color=(*rgb, 1.0))[0]


def square(scene, name, y, half, surface=None):
    mesh = bpy.data.meshes.new(name)
    corners = [(-half, y, -half), (half, y, -half), (half, y, half), (-half, y, half)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    mesh.materials.append(surface or emission(RED))
    thing = bpy.data.objects.new(name, mesh)
    scene.collection.objects.link(thing)
    return thing


def before_a_wall(last=1):
    """Return a scene with a red square of 2 m at 5 m, a grey wall at 20 m behind."""
    scene = new_scene(last)
    square(scene, "wall", 20, 40, emission(GREY))
    return scene, square(scene, "near", 5, 1)


def key(owner, path, values):
    for frame, value in values.items():
        setattr(owner, path, value)
        owner.keyframe_insert(path, frame=frame)


def save(name):
    path = FOLDER / f"{name}.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path), compress=False)


def make_colour():
    for name, space in (("acescg", "ACEScg"), ("rec2020", "Linear Rec.2020")):
        square(new_scene(), "wall", 5, 20)
        bpy.ops.wm.set_working_color_space(working_space=space, convert_colors=True)
        save(name)
    scene = new_scene()
    square(scene, "wall", 5, 20)
    settings = scene.render.image_settings
    settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.color_management = "OVERRIDE"
    settings.linear_colorspace_settings.name = "ACEScg"
    save("override")


def make_exposures():
    scene, _ = before_a_wall(last=2)
    scene.view_settings.exposure = 1.0
    key(scene.view_settings, "exposure", {1: 1.0, 3: -1.0})
    scene.view_settings.view_transform = "AgX"
    save("exposed")
    scene, _ = before_a_wall()
    scene.view_settings.gamma = 2.0
    save("gamma")


def make_lamps():
    scene, _ = before_a_wall(last=2)
    for name, kind in (("area", "AREA"), ("point", "POINT")):
        lamp = bpy.data.objects.new(name, bpy.data.lights.new(name, kind))
        lamp.location, lamp.rotation_euler = (0, 3, 0), (-math.pi / 2, 0, 0)
        lamp.data.energy = 100.0
        scene.collection.objects.link(lamp)
        lamp.visible_camera = True
        # A value that is set anew would not outlive the animation.
        key(lamp, "visible_camera", {1: True, 9: False})
    save("lamps")


def make_cut_outs():
    _, near = before_a_wall()
    near.is_shadow_catcher = True
    save("catcher")
    scene, near = before_a_wall()
    group = bpy.data.collections.new("group")
    scene.collection.objects.unlink(near)
    group.objects.link(near)
    empty = bpy.data.objects.new("instancer", None)
    empty.instance_type, empty.instance_collection = "COLLECTION", group
    empty.is_shadow_catcher = True  # handed to what it instances
    scene.collection.objects.link(empty)
    save("instanced_catcher")
    scene, near = before_a_wall()
    near.pass_index = 7
    tree = near.data.materials[0].node_tree
    index = tree.nodes.new("ShaderNodeAttribute")
    index.attribute_type, index.attribute_name = "OBJECT", "pass_index"
    light = next(node for node in tree.nodes if node.type == "EMISSION")
    tree.links.new(index.outputs["Fac"], light.inputs["Strength"])
    save("index_by_name")
    _, near = before_a_wall(last=3)
    tree = near.data.materials[0].node_tree
    light = next(node for node in tree.nodes if node.type == "EMISSION")
    end = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    both, clear = (
        tree.nodes.new(name)
        for name in ("ShaderNodeAddShader", "ShaderNodeBsdfTransparent")
    )
    tree.links.new(light.outputs[0], both.inputs[0])
    tree.links.new(clear.outputs[0], both.inputs[1])
    tree.links.new(both.outputs[0], end.inputs["Surface"])
    save("glow")
    _, near = before_a_wall(last=2)
    key(near, "is_holdout", {1: True, 9: False})
    save("holdout")
    scene, near = before_a_wall()
    outer, inner = (bpy.data.collections.new(name) for name in ("outer", "inner"))
    scene.collection.children.link(outer)
    outer.children.link(inner)
    scene.collection.objects.unlink(near)
    inner.objects.link(near)
    layer = bpy.context.view_layer.layer_collection
    layer.children["outer"].children["inner"].holdout = True
    save("holdout_collection")
    scene = new_scene()
    square(scene, "wall", 20, 40, emission(GREY))
    square(scene, "near", 5, 1, material("cut", "ShaderNodeHoldout")[0])
    save("holdout_shader")


def make_layers():
    scene = new_scene()
    square(scene, "near", 5, 1)
    scene.view_layers[0].use_sky = False
    save("no_sky")
    scene, _ = before_a_wall()
    background = bpy.data.collections.new("background")
    scene.collection.children.link(background)
    wall = bpy.data.objects["wall"]
    scene.collection.objects.unlink(wall)
    background.objects.link(wall)
    scene.view_layers.new("all")
    scene.view_layers[0].name = "foreground"
    scene.view_layers[0].layer_collection.children[0].exclude = True
    save("layers")


def make_panes():
    """Three panes at 5 m, of 0.4, 0.5 and 0.6 opacity, of three kinds of shader."""
    scene = new_scene()
    square(scene, "wall", 20, 40, emission(GREY))
    for place, percent in enumerate((40, 50, 60)):
        for row, make in enumerate((mixed_pane, principled_pane, grouped_pane)):
            name = f"{make.__name__} {percent}"
            pane = square(scene, name, 0, 0.25, make(percent / 100))
            pane.location = (0.55 * (place - 1), 5.0, 0.55 * (row - 1))
    save("panes")


def mixed_pane(opacity):
    made, shader, output = material("mixed", "ShaderNodeBsdfDiffuse")
    nodes, links = made.node_tree.nodes, made.node_tree.links
    mix, clear = (
        nodes.new("ShaderNodeMixShader"),
        nodes.new("ShaderNodeBsdfTransparent"),
    )
    mix.inputs[0].default_value = opacity
    links.new(clear.outputs[0], mix.inputs[1])
    links.new(shader.outputs[0], mix.inputs[2])
    links.new(mix.outputs[0], output.inputs["Surface"])
    return made


def principled_pane(opacity):
    return material("principled", "ShaderNodeBsdfPrincipled", Alpha=opacity)[0]


def grouped_pane(opacity):
    """Return a pane whose shader is in a group, its alpha from a node."""
    group = bpy.data.node_groups.new("pane", "ShaderNodeTree")
    group.interface.new_socket("Out", in_out="OUTPUT", socket_type="NodeSocketShader")
    shader = group.nodes.new("ShaderNodeBsdfPrincipled")
    value = group.nodes.new("ShaderNodeValue").outputs[0]
    value.default_value = opacity
    group.links.new(value, shader.inputs["Alpha"])
    group.links.new(shader.outputs[0], group.nodes.new("NodeGroupOutput").inputs[0])
    made, _, output = material("grouped", "ShaderNodeEmission")
    node = made.node_tree.nodes.new("ShaderNodeGroup")
    node.node_tree = group
    made.node_tree.links.new(node.outputs[0], output.inputs["Surface"])
    return made


def make_volumes():
    """A cube of fog that covers the right half of the picture."""
    scene = new_scene()
    square(scene, "wall", 20, 40, emission(GREY))
    fog, _, output = material("fog", "ShaderNodeVolumeAbsorption")
    tree = fog.node_tree
    tree.links.new(tree.nodes[0].outputs[0], output.inputs["Volume"])
    tree.links.remove(output.inputs["Surface"].links[0])
    bpy.ops.mesh.primitive_cube_add(size=20, location=(10.0, 11.0, 0.0))
    bpy.context.object.data.materials.append(fog)
    save("volume")


def grid(scene):
    bpy.ops.mesh.primitive_grid_add(
        x_subdivisions=9, y_subdivisions=9, size=3, location=(0, 5, 0), rotation=FORWARD
    )
    return bpy.context.object


def make_flow():
    scene, near = before_a_wall(last=3)
    key(near, "hide_render", {1: False, 3: True})
    other = camera(scene, "other")
    for frame, thing in ((1, scene.camera), (4, other)):
        scene.timeline_markers.new(f"m{frame}", frame=frame).camera = thing
    save("vanishing")

    scene, near = before_a_wall(last=2)
    group = bpy.data.collections.new("group")
    group.objects.link(near)
    scene.collection.objects.unlink(near)
    instancer = bpy.data.objects.new("instancer", None)
    instancer.instance_type, instancer.instance_collection = "COLLECTION", group
    scene.collection.objects.link(instancer)
    key(instancer, "hide_render", {1: False, 3: True})
    save("instancer")

    # 0.3 m to the left between frames 2 and 3, and back between 3 and 4.
    for name, is_hidden in (("sleeper", False), ("unseen_sleeper", True)):
        thing = grid(new_scene(last=3))
        push = thing.modifiers.new("push", "DISPLACE")
        push.direction, push.mid_level = "X", 0.0
        key(push, "strength", {2: 0.0, 3: 0.3, 4: 0.0})
        thing.hide_viewport = is_hidden
        save(name)

    thing = grid(new_scene(last=3))
    copies = thing.modifiers.new("copies", "ARRAY")
    key(copies, "count", {1: 1, 2: 1, 3: 2})
    save("growing")

    scene = new_scene(last=2)
    data = bpy.data.metaballs.new("ball")
    element = data.elements.new()
    key(element, "co", {1: (0, 0, 0), 3: (0.5, 0, 0)})
    ball = bpy.data.objects.new("ball", data)
    ball.location = (0, 5, 0)
    scene.collection.objects.link(ball)
    save("ball")


if __name__ == "__main__":
    make_colour()
    make_exposures()
    make_lamps()
    make_cut_outs()
    make_layers()
    make_panes()
    make_volumes()
    make_flow()
