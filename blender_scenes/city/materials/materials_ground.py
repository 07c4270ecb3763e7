"""Surfaces of road, paint, pavement, kerb and soil.

They are laid out in street axes, so that tracks and seams follow the road's bends.
"""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value
from blender_scenes.city.plan import LANE_WIDTH_M

# Distance of a car's wheels from the middle of its lane.
_WHEEL_M = 0.75
_LAST_LANE_M = (2.0 * LANE_WIDTH_M, 2.0 * LANE_WIDTH_M + 1.0)


def wheel_tracks(graph: ShaderGraph, position: Value) -> Value:
    """Return 1 where wheels roll in lanes side by side, 0 elsewhere."""
    off = graph.math("SUBTRACT", _from_lane_middle(graph, position), _WHEEL_M)
    track = graph.ramp(graph.math("ABSOLUTE", off), 0.14, 0.42, 1.0, 0.0)
    across = graph.math("ABSOLUTE", graph.component(position, "X"))
    # Farther out, side streets run the other way.
    return graph.math("MULTIPLY", track, graph.ramp(across, *_LAST_LANE_M, 1.0, 0.0))


def _from_lane_middle(graph: ShaderGraph, position: Value) -> Value:
    half = LANE_WIDTH_M / 2
    across = graph.component(position, "X")
    # Ping-pong counts up from a lane's edge to its middle, half a width away.
    return graph.math("SUBTRACT", half, graph.math("PINGPONG", across, half))


def asphalt(graph: ShaderGraph) -> None:
    """Stones in bitumen, polished by wheels, stained, cracked and mended with tar."""
    colour, height, roughness = _asphalt(graph)
    graph.surface(
        graph.multiply(colour, graph.tint()),
        roughness,
        Normal=graph.bump(height, 0.006, 0.7),
        Specular_IOR_Level=0.35,
    )


def _asphalt(graph: ShaderGraph) -> tuple[Value, Value, Value]:
    """Return colour, height and roughness."""
    position = graph.street_position()
    broad = graph.noise(position, 0.35, detail=2.0)
    coarse = graph.noise(position, 9.0, detail=1.0)
    aggregate, stones = _aggregate(graph, position, broad)
    worn = graph.math(
        "MULTIPLY",
        wheel_tracks(graph, position),
        graph.ramp(broad, 0.3, 0.7, 0.35, 1.0),
    )
    # Wheels rub the bitumen off the stones and polish them.
    colour = graph.dim(aggregate, graph.ramp(worn, 0.0, 1.0, 0.84, 1.14))
    colour = graph.dim(colour, graph.ramp(coarse, 0.3, 0.7, 0.78, 1.22))
    oil = _oil(graph, position)
    colour = graph.dim(colour, graph.ramp(oil, 0.0, 1.0, 1.0, 0.5))
    crack, tar = _cracks_and_tar(graph, position, broad, coarse)
    colour = graph.mix(crack, colour, (0.012, 0.012, 0.012))
    colour = graph.mix(tar, colour, (0.017, 0.017, 0.018))
    height = graph.math("MULTIPLY", stones, graph.math("SUBTRACT", 1.0, tar))
    roughness = graph.ramp(stones, 0.0, 1.0, 0.95, 0.72)
    smooth = graph.math("MAXIMUM", oil, graph.math("MULTIPLY", worn, 0.45))
    smooth = graph.math("MAXIMUM", smooth, tar)
    roughness = graph.math("SUBTRACT", roughness, graph.math("MULTIPLY", smooth, 0.28))
    return colour, height, roughness


def _aggregate(
    graph: ShaderGraph, position: Value, broad: Value
) -> tuple[Value, Value]:
    """Return the colour of chippings of two sizes in bitumen, and their height."""
    distance, hue = graph.cells(position, 42.0, flat=True)
    stones = graph.math("POWER", graph.math("SUBTRACT", 1.0, distance), 1.5)
    pick = graph.node("ShaderNodeSeparateColor", {"Color": hue})
    shade = graph.ramp(pick.outputs[0], 0.1, 0.9, 0.3, 1.75)
    # One chipping in twelve is pale quartz or reddish.
    pale = graph.math("GREATER_THAN", pick.outputs[1], 0.92)
    sand = graph.ramp(graph.noise(position, 150.0, detail=1.0), 0.3, 0.7, 0.72, 1.3)
    base = graph.mix(
        graph.ramp(broad, 0.35, 0.65), (0.063, 0.063, 0.066), (0.108, 0.106, 0.102)
    )
    colour = graph.dim(base, graph.math("MULTIPLY", shade, sand))
    chip = graph.mix(pick.outputs[2], (0.27, 0.26, 0.25), (0.2, 0.15, 0.12))
    is_chip = graph.math("MULTIPLY", pale, graph.ramp(distance, 0.25, 0.45, 0.8, 0.0))
    return graph.mix(is_chip, colour, chip), stones


def _oil(graph: ShaderGraph, position: Value) -> Value:
    """Return where engines dripped: spots along the middle of the lanes."""
    drips = graph.noise(graph.stretched(position, (2.2, 1.1, 1.0)), 1.0, detail=3.0)
    middle = graph.ramp(_from_lane_middle(graph, position), 0.1, 0.6, 1.0, 0.25)
    return graph.math("MULTIPLY", graph.ramp(drips, 0.52, 0.72), middle)


def _cracks_and_tar(
    graph: ShaderGraph, position: Value, broad: Value, coarse: Value
) -> tuple[Value, Value]:
    """Return open cracks, and cracks and a seam that were sealed with tar."""
    bend = graph.dim((0.3, 0.25, 0.0), graph.noise(position, 1.6, detail=1.0))
    plates = graph.shifted(graph.stretched(position, (0.35, 0.22, 1.0)), bend)
    edge, _ = graph.cells(plates, 1.0, feature="DISTANCE_TO_EDGE", flat=True)
    wavy = graph.math("ADD", edge, graph.ramp(coarse, 0.3, 0.7, -0.002, 0.004))
    is_old = graph.ramp(broad, 0.45, 0.55)
    crack = graph.math("MULTIPLY", graph.ramp(wavy, 0.0, 0.006, 1.0, 0.0), is_old)
    is_mended = graph.ramp(broad, 0.47, 0.43)
    tar = graph.math("MULTIPLY", graph.ramp(wavy, 0.007, 0.012, 1.0, 0.0), is_mended)
    # The seam between two passes of the paver, just off the centreline.
    across = graph.component(graph.shifted(position, bend), "X")
    seam = graph.math("ABSOLUTE", graph.math("SUBTRACT", across, 0.45))
    seam = graph.math("ADD", seam, graph.ramp(coarse, 0.3, 0.7, -0.01, 0.015))
    return crack, graph.math("MAXIMUM", tar, graph.ramp(seam, 0.02, 0.03, 1.0, 0.0))


def lane_paint(graph: ShaderGraph) -> None:
    """White paint, worn down to the asphalt in spots, cracks and wheel tracks."""
    position = graph.street_position()
    asphalt_colour, height, roughness = _asphalt(graph)
    grain = graph.noise(position, 28.0, detail=3.0)
    wear = graph.noise(position, 1.3, detail=3.0)
    bare = graph.math("ADD", grain, graph.math("MULTIPLY", wear, 0.9))
    tracks = graph.math("MULTIPLY", wheel_tracks(graph, position), 0.1)
    # Chippings that stand up lose their paint first.
    bare = graph.math("ADD", bare, graph.math("MULTIPLY", height, 0.12))
    bare = graph.ramp(graph.math("ADD", bare, tracks), 1.02, 1.15)
    dirt = graph.ramp(wear, 0.3, 0.7, 0.62, 0.4)
    paint = graph.dim((1.0, 0.99, 0.94), dirt)
    paint = graph.dim(paint, graph.ramp(grain, 0.3, 0.7, 1.1, 0.86))
    graph.surface(
        graph.mix(bare, paint, asphalt_colour),
        graph.math("MULTIPLY", roughness, 0.75),
        Normal=graph.bump(height, 0.003, 0.5),
    )


def paving(graph: ShaderGraph) -> None:
    """Concrete slabs 0.6 by 0.4 m, each of its own shade, stained and mossy."""
    position = graph.street_position()
    slab, mortar = graph.bricks(
        position,
        (0.6, 0.4),
        0.008,
        colours=((0.32, 0.31, 0.29), (0.19, 0.186, 0.177)),
        mortar=(0.06, 0.058, 0.05),
        smooth=0.2,
    )
    fine = graph.noise(position, 55.0, detail=2.0)
    stain = graph.noise(position, 0.9, detail=4.0)
    grit, hue = graph.cells(position, 130.0, flat=True)
    colour = graph.dim(slab, graph.ramp(fine, 0.3, 0.7, 0.7, 1.3))
    colour = graph.dim(colour, graph.ramp(stain, 0.3, 0.7, 0.64, 1.22))
    grey = graph.node("ShaderNodeRGBToBW", {"Color": hue}).outputs[0]
    colour = graph.dim(colour, graph.ramp(grey, 0.2, 0.8, 0.78, 1.2))
    # Moss keeps to the joints of the damp places.
    moss = graph.math("MULTIPLY", mortar, graph.ramp(stain, 0.5, 0.4))
    colour = graph.mix(moss, colour, (0.045, 0.06, 0.022))
    # Chewing gum: the dark dots of every city pavement.
    spot, _ = graph.cells(position, 2.2, flat=True)
    colour = graph.mix(
        graph.ramp(spot, 0.03, 0.05, 0.7, 0.0), colour, (0.05, 0.05, 0.05)
    )
    spill = graph.ramp(graph.noise(position, 2.6, detail=2.0), 0.62, 0.74, 1.0, 0.62)
    height = graph.math("SUBTRACT", 1.0, mortar)
    height = graph.math("ADD", height, graph.math("MULTIPLY", grit, 0.12))
    graph.surface(
        graph.multiply(graph.dim(colour, spill), graph.tint()),
        graph.ramp(stain, 0.3, 0.7, 0.72, 0.9),
        Normal=graph.bump(height, 0.006, 0.6),
    )


def kerb(graph: ShaderGraph) -> None:
    """Granite kerb stones about a metre long with dark joints, scuffed by tyres."""
    position = graph.street_position()
    speckle, shade = graph.cells(position, 70.0)
    joint = graph.math(
        "MINIMUM",
        graph.math("PINGPONG", graph.component(position, "Y"), 0.5),
        graph.math("PINGPONG", graph.component(position, "X"), 0.5),
    )
    grey = graph.node("ShaderNodeRGBToBW", {"Color": shade}).outputs[0]
    colour = graph.dim((0.36, 0.35, 0.34), graph.ramp(grey, 0.2, 0.8, 0.6, 1.35))
    dirt = graph.noise(position, 1.7, detail=4.0)
    colour = graph.dim(colour, graph.ramp(dirt, 0.3, 0.7, 0.55, 1.15))
    scuff = graph.noise(graph.stretched(position, (3.0, 0.8, 22.0)), 1.0, detail=3.0)
    colour = graph.mix(
        graph.ramp(scuff, 0.58, 0.72, 0.0, 0.75), colour, (0.035, 0.034, 0.033)
    )
    along = graph.ramp(joint, 0.006, 0.012, 0.3, 1.0)
    graph.surface(graph.dim(colour, along), 0.8, Normal=graph.bump(speckle, 0.002, 0.3))


def soil(graph: ShaderGraph) -> None:
    """Trodden earth with pebbles and worn grass."""
    position = graph.street_position()
    grass = graph.noise(position, 3.0, detail=4.0)
    fine = graph.noise(position, 60.0, detail=2.0)
    blades = graph.noise(graph.stretched(position, (90.0, 35.0, 35.0)), 1.0, detail=1.0)
    pebble, hue = graph.cells(position, 24.0, flat=True)
    earth = graph.dim((0.09, 0.065, 0.045), graph.ramp(fine, 0.3, 0.7, 0.45, 1.6))
    grey = graph.node("ShaderNodeRGBToBW", {"Color": hue}).outputs[0]
    is_pebble = graph.math(
        "MULTIPLY",
        graph.math("GREATER_THAN", grey, 0.68),
        graph.ramp(pebble, 0.25, 0.35, 1.0, 0.0),
    )
    earth = graph.mix(is_pebble, earth, (0.2, 0.185, 0.165))
    green = graph.dim((0.065, 0.095, 0.026), graph.ramp(blades, 0.3, 0.7, 0.4, 1.7))
    is_green = graph.math("ADD", grass, graph.ramp(blades, 0.3, 0.7, -0.06, 0.06))
    colour = graph.mix(graph.ramp(is_green, 0.44, 0.54), earth, green)
    colour = graph.dim(
        colour, graph.ramp(graph.noise(position, 0.25), 0.3, 0.7, 0.7, 1.2)
    )
    graph.surface(
        colour, 0.95, Normal=graph.bump(graph.math("ADD", fine, blades), 0.015)
    )


RECIPES = {
    "asphalt": asphalt,
    "lane_paint": lane_paint,
    "paving": paving,
    "kerb": kerb,
    "soil": soil,
}
