"""A still life for the tests and the pictures: things with texture from near to far."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import bpy

LENS_MM = 50.0
F_NUMBER = 1.8
FOCUS_M = 2.6  # the monkey
SENSOR_WIDTH_MM = 36.0
SIZE_PX = (960, 540)

Colour = tuple[float, float, float]


def build(width_px: int = SIZE_PX[0], height_px: int = SIZE_PX[1]) -> Any:
    """Put the still life into the open, empty scene; return its camera."""
    for thing in list(bpy.data.objects):
        bpy.data.objects.remove(thing)
    for camera in list(bpy.data.cameras):  # or ours could not have its name
        bpy.data.cameras.remove(camera)
    _room()
    _things()
    _lights()
    bpy.context.scene.render.resolution_x = width_px
    bpy.context.scene.render.resolution_y = height_px
    bpy.context.scene.render.resolution_percentage = 100
    return _camera()


def _camera() -> Any:
    camera = bpy.data.cameras.new("Camera")
    camera.lens, camera.sensor_width = LENS_MM, SENSOR_WIDTH_MM
    camera.dof.aperture_fstop, camera.dof.focus_distance = F_NUMBER, FOCUS_M
    thing = bpy.data.objects.new("Camera", camera)
    thing.location, thing.rotation_euler = (0, 0, 0.8), (math.radians(80), 0, 0)
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.scene.camera = thing
    return thing


def _room() -> None:
    floor, wall = bpy.ops.mesh.primitive_plane_add, bpy.ops.mesh.primitive_cube_add
    floor(size=14, location=(0, 6, 0))
    _paint(_checks((0.55, 0.42, 0.30), (0.30, 0.20, 0.13), 28))
    wall(size=1, location=(0, 7.2, 1.5), scale=(14, 0.2, 3))
    _paint(_bricks)


def _things() -> None:
    add = bpy.ops.mesh
    add.primitive_uv_sphere_add(
        radius=0.13, location=(-0.40, 1.85, 0.13), segments=48, ring_count=24
    )
    _smooth(_checks((0.80, 0.12, 0.08), (0.95, 0.85, 0.70), 8))
    add.primitive_monkey_add(
        size=0.55, location=(0.02, 2.75, 0.33), rotation=(math.radians(-8), 0, 0.25)
    )
    _smooth(_speckles((0.85, 0.62, 0.10), (0.30, 0.14, 0.03), 30))
    add.primitive_torus_add(
        location=(0.75, 3.5, 0.30), rotation=(math.radians(80), 0.2, 0.5),
        major_radius=0.27, minor_radius=0.09,
    )  # fmt: skip
    _smooth(_checks((0.05, 0.35, 0.40), (0.75, 0.85, 0.80), 14))
    add.primitive_cube_add(
        size=0.55, location=(-0.95, 4.4, 0.275), rotation=(0, 0, 0.5)
    )
    _paint(_checks((0.12, 0.20, 0.55), (0.80, 0.80, 0.85), 9))
    add.primitive_cone_add(radius1=0.4, depth=1.1, location=(0.35, 5.4, 0.55))
    _smooth(_speckles((0.15, 0.45, 0.12), (0.75, 0.80, 0.30), 18))
    add.primitive_cylinder_add(radius=0.012, depth=0.62, location=(0.42, 1.35, 0.31))
    _paint(_checks((0.90, 0.85, 0.75), (0.10, 0.10, 0.10), 40))


def _lights() -> None:
    bpy.ops.object.light_add(type="AREA", location=(-2.5, 0.5, 3.2))
    key = bpy.context.object
    key.rotation_euler = (math.radians(48), math.radians(-18), math.radians(-35))
    key.data.energy, key.data.size, key.data.color = 150, 1.5, (1.0, 0.93, 0.82)
    bpy.ops.object.light_add(type="POINT", location=(1.8, 5.2, 1.9))
    bpy.context.object.data.energy = 60
    world = bpy.data.worlds.new("World")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (
        0.45, 0.58, 0.80, 1,
    )  # fmt: skip
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.35
    bpy.context.scene.world = world


Texture = Callable[[Any], Any]


def _paint(texture: Texture) -> None:
    """Give the active object a material; the texture adds nodes, returns a colour."""
    material = bpy.data.materials.new("Paint")
    material.use_nodes = True
    surface = material.node_tree.nodes["Principled BSDF"]
    surface.inputs["Roughness"].default_value = 0.45
    colour = texture(material.node_tree)
    material.node_tree.links.new(colour, surface.inputs["Base Color"])
    bpy.context.object.data.materials.append(material)


def _smooth(texture: Texture) -> None:
    for polygon in bpy.context.object.data.polygons:
        polygon.use_smooth = True
    _paint(texture)


def _checks(first: Colour, second: Colour, scale: float) -> Texture:
    def texture(tree: Any) -> Any:
        node = _mapped(tree, "ShaderNodeTexChecker")
        node.inputs["Color1"].default_value = (*first, 1)
        node.inputs["Color2"].default_value = (*second, 1)
        node.inputs["Scale"].default_value = scale
        return node.outputs["Color"]

    return texture


def _speckles(first: Colour, second: Colour, scale: float) -> Texture:
    def texture(tree: Any) -> Any:
        node = _mapped(tree, "ShaderNodeTexVoronoi")
        node.inputs["Scale"].default_value = scale
        ramp = tree.nodes.new("ShaderNodeValToRGB")
        ramp.color_ramp.elements[0].color = (*second, 1)
        ramp.color_ramp.elements[1].color = (*first, 1)
        ramp.color_ramp.elements[1].position = 0.45
        tree.links.new(node.outputs["Distance"], ramp.inputs["Fac"])
        return ramp.outputs["Color"]

    return texture


def _bricks(tree: Any) -> Any:
    node = tree.nodes.new("ShaderNodeTexBrick")
    turn = tree.nodes.new("ShaderNodeMapping")
    turn.inputs["Rotation"].default_value = (math.radians(90), 0, 0)
    turn.inputs["Scale"].default_value = (6, 1, 1.2)
    place = tree.nodes.new("ShaderNodeTexCoord")
    tree.links.new(place.outputs["Object"], turn.inputs["Vector"])
    tree.links.new(turn.outputs["Vector"], node.inputs["Vector"])
    node.inputs["Color1"].default_value = (0.52, 0.24, 0.17, 1)
    node.inputs["Color2"].default_value = (0.35, 0.13, 0.09, 1)
    node.inputs["Mortar"].default_value = (0.60, 0.57, 0.52, 1)
    node.inputs["Scale"].default_value = 2.2
    return node.outputs["Color"]


def _mapped(tree: Any, kind: str) -> Any:
    """Return a new texture node that follows the object's bounding box."""
    node = tree.nodes.new(kind)
    place = tree.nodes.new("ShaderNodeTexCoord")
    tree.links.new(place.outputs["Generated"], node.inputs["Vector"])
    return node
