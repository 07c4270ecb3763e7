"""Puts weather on every surface: rain, snow, fallen leaves, and fog before it.

A node group before each material's output, so that the materials themselves know
nothing of it. What looks up gets wet or white; what moves carries its pattern along.
Surfaces are taken to be opaque: fog would close a hole that a shader leaves.
"""

from __future__ import annotations

from dataclasses import dataclass

import bpy

from blender_scenes.city.light.sky import horizon_rgb
from blender_scenes.city.materials.materials_ground import wheel_tracks
from blender_scenes.city.materials.shader_graph import ShaderGraph, Value
from blender_scenes.city.plan import Atmosphere

# Surfaces that people tread on or drive over.
_ROAD = frozenset({"asphalt", "lane_paint"})
_GROUND = _ROAD | {"paving", "kerb", "soil", "grass", "gravel"}
# Covers in the road are cast iron; on railings the tracks do no harm.
_DRIVEN_OVER = _ROAD | {"cast_iron"}
# What is indoors, or warm, or worn by somebody, or rolls.
_SHELTERED = frozenset(
    {
        "skin", "hair", "cloth", "denim", "leather", "signal", "neon", "head_lamp",
        "lamp_white", "lamp_red", "lamp_amber", "lamp_reverse", "lamp_display",
        "reflector", "display", "sign_lit", "lit_sign", "room", "room_lit", "shop_room",
        "shop_display", "curtain", "curtain_lit", "blind", "blind_lit", "glass_lit",
        "shop_glass", "house_plant", "tyre", "rubber", "alloy",
    }
)  # fmt: skip
# Blades too thin for a film of water to show.
_LEAVES = frozenset({"leaf", "foliage", "blossom"})
# What water does not soak and snow slides off.
_SMOOTH = frozenset(
    {
        "car_paint", "car_glass", "bus_glass", "mirror_glass", "glass", "glass_panel",
        "chrome", "plate", "trim_black", "enamel", "plastic",
        "box_panel", "painted_panel", "metal_panel",
    }
)  # fmt: skip
_SNOW_RGB = (0.74, 0.77, 0.82)
_SLUSH_RGB = (0.3, 0.29, 0.28)
_WATER_IOR = 1.33


@dataclass(frozen=True)
class _Kind:
    """How weather treats a surface; two materials of one kind share a group."""

    is_road: bool
    is_ground: bool
    is_sheltered: bool
    is_leaf: bool
    is_smooth: bool


def apply(air: Atmosphere, *, is_autumn: bool = False) -> None:
    """Change every material of the city once; call it when all of them exist.

    In autumn leaves lie on the ground, unless there is snow.
    """
    has_leaves = is_autumn and air.snow_cover == 0.0
    groups: dict[_Kind, bpy.types.NodeTree] = {}
    for material in bpy.data.materials:
        if not material.name.startswith("street_"):
            continue
        kind = _kind(material.name.removeprefix("street_"))
        if kind not in groups:
            groups[kind] = _group(kind, air, has_leaves)
        _insert(material.node_tree, groups[kind])


def _kind(name: str) -> _Kind:
    return _Kind(
        is_road=name in _DRIVEN_OVER,
        is_ground=name in _GROUND,
        is_sheltered=name in _SHELTERED,
        is_leaf=name in _LEAVES,
        is_smooth=name in _SMOOTH,
    )


def _insert(tree: bpy.types.NodeTree, group: bpy.types.NodeTree) -> None:
    """Put the group between a material's surface and its output."""
    surface = tree.get_output_node("CYCLES").inputs["Surface"]
    node = tree.nodes.new("ShaderNodeGroup")
    node.node_tree = group
    tree.links.new(surface.links[0].from_socket, node.inputs[0])
    tree.links.new(node.outputs[0], surface)


def _group(kind: _Kind, air: Atmosphere, has_leaves: bool) -> bpy.types.NodeTree:
    """Return the node group: a shader in, the weathered one out."""
    group = bpy.data.node_groups.new("weather", "ShaderNodeTree")
    for direction in ("INPUT", "OUTPUT"):
        group.interface.new_socket(
            "Surface", in_out=direction, socket_type="NodeSocketShader"
        )
    graph = ShaderGraph(group)
    shader = graph.node("NodeGroupInput", {}).outputs[0]
    up = _upwardness(graph)
    if has_leaves and kind.is_ground:
        shader = _with_leaves(graph, shader, up, kind)
    if air.wetness > 0.0 and not (kind.is_sheltered or kind.is_leaf):
        shader = _wet(graph, shader, up, kind, air.wetness)
    if air.snow_cover > 0.0 and not kind.is_sheltered:
        shader = _snowy(graph, shader, up, kind, air.snow_cover)
    if air.fog_per_m > 0.0:
        shader = _fogged(graph, shader, air)
    output = graph.node("NodeGroupOutput", {})
    graph.tree.links.new(shader, output.inputs[0])
    return group


def _upwardness(graph: ShaderGraph) -> Value:
    """Return 1 where a surface faces up, 0 where it is a wall, below 0 under it."""
    normal = graph.node("ShaderNodeNewGeometry", {}).outputs["Normal"]
    return graph.component(normal, "Z")


def _with_leaves(graph: ShaderGraph, shader: Value, up: Value, kind: _Kind) -> Value:
    """Scatter leaves on the ground, fewer where wheels blow them aside."""
    position = graph.object_position()
    bend = graph.dim((0.05, 0.05, 0.0), graph.noise(position, 26.0, detail=1.0))
    blade, hue = graph.cells(graph.shifted(position, bend), 8.0, flat=True)
    pick = graph.node("ShaderNodeSeparateColor", {"Color": hue})
    drift = graph.noise(position, 0.45, detail=3.0)
    presence = graph.ramp(drift, 0.35, 0.7, 0.05, 0.7)
    if kind.is_road:
        kept = graph.ramp(
            wheel_tracks(graph, graph.street_position()), 0.0, 1.0, 0.45, 0.12
        )
        presence = graph.math("MULTIPLY", presence, kept)
    is_there = graph.math("LESS_THAN", pick.outputs[0], presence)
    outline = graph.math(
        "LESS_THAN", blade, graph.ramp(pick.outputs[1], 0, 1, 0.28, 0.45)
    )
    mask = graph.math("MULTIPLY", graph.math("MULTIPLY", is_there, outline), up)
    colour = graph.mix(pick.outputs[2], (0.3, 0.1, 0.02), (0.5, 0.3, 0.05))
    colour = graph.dim(colour, graph.ramp(blade, 0.0, 0.4, 0.75, 1.15))
    leaf = graph.node("ShaderNodeBsdfDiffuse", {"Color": colour}).outputs[0]
    return graph.mixed_shader(mask, shader, leaf)


def _wet(
    graph: ShaderGraph, shader: Value, up: Value, kind: _Kind, wetness: float
) -> Value:
    """Darken what soaks, and put a film of water on what faces up, with puddles."""
    position = graph.object_position()
    level = graph.ramp(up, 0.35, 0.85)
    patches = graph.noise(position, 0.55, detail=3.0)
    dry = 0.62 - 0.5 * wetness
    film = graph.math("MULTIPLY", level, graph.ramp(patches, dry, dry + 0.12))
    puddle: Value = 0.0
    if kind.is_ground:
        edge = 0.665 - 0.11 * wetness
        pools = graph.noise(graph.stretched(position, (0.5, 0.2, 1.0)), 1.0, detail=3.0)
        puddle = graph.math("MULTIPLY", level, graph.ramp(pools, edge, edge + 0.03))
    if not kind.is_smooth:
        soaked = graph.math("MULTIPLY", graph.ramp(up, -0.2, 0.6, 0.25, 0.5), wetness)
        soaked = graph.math("MAXIMUM", soaked, graph.math("MULTIPLY", puddle, 0.7))
        shader = graph.mixed_shader(soaked, shader, None)
    grain = graph.noise(position, 55.0, detail=2.0)
    ripples = graph.math(
        "MULTIPLY",
        grain,
        graph.math("SUBTRACT", 1.0, graph.math("MULTIPLY", puddle, 0.93)),
    )
    normal = graph.bump(ripples, 0.006, 0.45)
    fresnel = graph.node(
        "ShaderNodeFresnel", {"IOR": _WATER_IOR, "Normal": normal}
    ).outputs[0]
    rough = 0.1 if kind.is_smooth else 0.2
    mirror = graph.node(
        "ShaderNodeBsdfAnisotropic",
        {
            "Color": (1.0, 1.0, 1.0),
            "Roughness": graph.ramp(puddle, 0.0, 1.0, rough, 0.03),
            "Normal": normal,
        },
    ).outputs[0]
    cover = graph.math("MAXIMUM", film, puddle)
    return graph.mixed_shader(graph.math("MULTIPLY", fresnel, cover), shader, mirror)


def _snowy(
    graph: ShaderGraph, shader: Value, up: Value, kind: _Kind, cover: float
) -> Value:
    """Cover what faces up, with broken edges; wheels leave slush on the road."""
    position = graph.object_position()
    broad = graph.noise(position, 1.3, detail=4.0)
    fine = graph.noise(position, 22.0, detail=2.0)
    amount = graph.math("ADD", up, graph.ramp(broad, 0.25, 0.75, -0.3, 0.3))
    amount = graph.math("ADD", amount, graph.ramp(fine, 0.3, 0.7, -0.12, 0.12))
    edge = 1.0 - 0.55 * cover + (0.22 if kind.is_smooth else 0.0)
    colour: Value = graph.dim(_SNOW_RGB, graph.ramp(fine, 0.3, 0.7, 0.84, 1.06))
    softness = 0.16
    if kind.is_road:
        driven = _driven(graph)
        amount = graph.math("SUBTRACT", amount, graph.ramp(driven, 0.1, 0.9, 0.0, 0.8))
        slush = graph.dim(_SLUSH_RGB, graph.ramp(fine, 0.3, 0.7, 0.6, 1.4))
        colour = graph.mix(graph.ramp(driven, -0.1, 0.55), colour, slush)
        softness = 0.34
    lying = graph.ramp(amount, edge, edge + softness)
    # What stands upright keeps none, whatever the noise adds.
    lying = graph.math("MULTIPLY", lying, graph.ramp(up, 0.12, 0.4))
    relief = graph.math("ADD", lying, graph.math("MULTIPLY", fine, 0.5))
    relief = graph.math("ADD", relief, graph.math("MULTIPLY", broad, 1.4))
    snow = graph.node(
        "ShaderNodeBsdfDiffuse",
        {"Color": colour, "Roughness": 0.6, "Normal": graph.bump(relief, 0.02, 0.9)},
    ).outputs[0]
    return graph.mixed_shader(lying, shader, snow)


def _driven(graph: ShaderGraph) -> Value:
    """Return how much traffic took the snow away: most in tracks, of uneven width."""
    position = graph.street_position()
    drift = graph.noise(graph.stretched(position, (0.9, 0.16, 1.0)), 1.0, detail=4.0)
    sway = graph.noise(graph.stretched(position, (0.0, 0.07, 0.0)), 1.0, detail=1.0)
    shift = graph.node(
        "ShaderNodeCombineXYZ", {"X": graph.ramp(sway, 0.2, 0.8, -0.5, 0.5)}
    ).outputs[0]
    tracks = wheel_tracks(graph, graph.shifted(position, shift))
    tracks = graph.math("MULTIPLY", tracks, 0.65)
    return graph.math("ADD", tracks, graph.ramp(drift, 0.3, 0.7, -0.5, 0.7))


def _fogged(graph: ShaderGraph, shader: Value, air: Atmosphere) -> Value:
    """Mix in the air's own light, by Beer and Lambert, for the camera alone.

    1 - exp(-extinction * distance) of what the camera sees is fog; light and shadow
    on surfaces are left as they are.
    """
    distance = graph.node("ShaderNodeCameraData", {}).outputs["View Distance"]
    passed = graph.math("EXPONENT", graph.math("MULTIPLY", distance, -air.fog_per_m))
    is_seen = graph.node("ShaderNodeLightPath", {}).outputs["Is Camera Ray"]
    share = graph.math("MULTIPLY", graph.math("SUBTRACT", 1.0, passed), is_seen)
    glow = graph.node("ShaderNodeEmission", {"Color": tuple(horizon_rgb(air))})
    return graph.mixed_shader(share, shader, glow.outputs[0])
