"""Writes the .blend files of the lens tests; runs in a child with bpy.

Usage: ``python make_lens_scenes.py FOLDER``.
"""

import math
import sys
from pathlib import Path

import bpy

FOLDER = Path(sys.argv[1])
FORWARD = (math.pi / 2, 0.0, 0.0)  # camera along +Y, up +Z
FOCAL_PX = 96  # at 96 pixels of width
CARD_PX = 8
# name -> depth in metres, columns to the right and rows up from the axis
CARDS = {"front": (2.0, -30, 4), "focus": (4.0, 0, -6), "behind": (8.0, 30, 2)}
SCRIPT_SAYS = "the OSL of a material ran"
SHIFT = (0.02, -0.05)  # of frame 2


def new_scene():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.frame_start, scene.frame_end = 1, 2
    return scene


def add(scene, name, data, location=(0, 0, 0), rotation=(0, 0, 0)):
    thing = bpy.data.objects.new(name, data)
    thing.location, thing.rotation_euler = location, rotation
    scene.collection.objects.link(thing)
    return thing


def add_camera(scene):
    data = bpy.data.cameras.new("camera")
    data.sensor_fit, data.lens, data.sensor_width = "HORIZONTAL", 50.0, 50.0
    scene.camera = add(scene, "camera", data, rotation=FORWARD)
    for frame, shift in ((1, (0.0, 0.0)), (2, SHIFT)):
        data.shift_x, data.shift_y = shift
        data.keyframe_insert("shift_x", frame=frame)
        data.keyframe_insert("shift_y", frame=frame)
    return data


def upright_quad(name, half_m):
    """Return a mesh in the XZ plane, facing a camera that looks along +Y."""
    mesh = bpy.data.meshes.new(name)
    corners = [(-1, 0, -1), (1, 0, -1), (1, 0, 1), (-1, 0, 1)]
    scaled = [tuple(half_m * c for c in corner) for corner in corners]
    mesh.from_pydata(scaled, [], [(0, 1, 2, 3)])
    return mesh


def emission(strength=1.0):
    material = bpy.data.materials.new("emission")
    nodes = material.node_tree.nodes
    nodes.clear()
    shader = nodes.new("ShaderNodeEmission")
    shader.inputs["Strength"].default_value = strength
    output = nodes.new("ShaderNodeOutputMaterial")
    material.node_tree.links.new(shader.outputs[0], output.inputs["Surface"])
    return material


def save(name):
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / f"{name}.blend"))


def make_cards(name, units_per_metre, card_px=CARD_PX):
    """Small white cards before black: in front of focus, in it and behind."""
    scene = new_scene()
    scene.unit_settings.scale_length = 1 / units_per_metre
    add_camera(scene).clip_end = 100 * units_per_metre
    for card, (depth_m, right_px, up_px) in CARDS.items():
        unit = units_per_metre * depth_m / FOCAL_PX
        where = (right_px * unit, depth_m * units_per_metre, up_px * unit)
        quad = add(scene, card, upright_quad(card, card_px / 2 * unit), where)
        quad.data.materials.append(emission())
    save(name)


def make_lit():
    """Glossy and white blocks under a sun and a small bright lamp."""
    scene = new_scene()
    add_camera(scene)
    ground = add(scene, "ground", upright_quad("ground", 30), (0, 10, -1))
    ground.rotation_euler = (-math.pi / 2, 0, 0)
    wall = add(scene, "wall", upright_quad("wall", 0.6), (-0.6, 3, 0))
    glossy = bpy.data.materials.new("glossy")
    shader = glossy.node_tree.nodes["Principled BSDF"]
    shader.inputs["Metallic"].default_value = 1.0
    shader.inputs["Roughness"].default_value = 0.15
    wall.data.materials.append(glossy)
    wall.rotation_euler = (0, 0, 0.6)
    add(scene, "back", upright_quad("back", 0.8), (0.9, 6, 0))
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy = 3.0
    add(scene, "sun", sun, rotation=(0.6, 0.3, 0))
    lamp = bpy.data.lights.new("lamp", "POINT")
    lamp.energy, lamp.shadow_soft_size = 300.0, 0.05
    add(scene, "lamp", lamp, (0.2, 2.5, 0.8))
    save("lit")


def make_scripted():
    """A wall whose light comes from OSL that talks, compiled, with OSL switched on."""
    scene = new_scene()
    add_camera(scene)
    scene.render.engine = "CYCLES"
    scene.cycles.shading_system = True
    bundled = Path(bpy.utils.resource_path("LOCAL"), "python", "lib")
    sys.path += [str(path) for path in bundled.glob("python3*/site-packages")]
    text = bpy.data.texts.new("talker.osl")
    text.write(
        "shader talker(output closure color light = 0)\n"
        f'{{ printf("{SCRIPT_SAYS}"); light = emission(); }}\n'
    )
    quad = add(scene, "wall", upright_quad("wall", 5), (0, 10, 0))
    material = emission()
    tree = material.node_tree
    script = tree.nodes.new("ShaderNodeScript")
    script.mode, script.script = "INTERNAL", text
    output = next(n for n in tree.nodes if n.type == "OUTPUT_MATERIAL")
    tree.links.new(script.outputs["light"], output.inputs["Surface"])
    quad.data.materials.append(material)
    save("scripted")


if __name__ == "__main__":
    make_cards("cards", 1.0)
    make_cards("cards_in_centimetres", 100.0)
    make_lit()
    make_scripted()
