"""Surfaces of road, paint, pavement, kerb and soil."""

from __future__ import annotations

from blender_scenes.city.shader_graph import ShaderGraph, Value


def asphalt(graph: ShaderGraph) -> None:
    """Tar with stones of two sizes, wheel tracks, stains and cracks."""
    colour, height = _asphalt_colour(graph)
    graph.surface(
        graph.multiply(colour, graph.tint()),
        graph.ramp(height, 0.0, 1.0, 0.95, 0.7),
        Normal=graph.bump(height, 0.006, 0.7),
        Specular_IOR_Level=0.3,
    )


def _asphalt_colour(graph: ShaderGraph) -> tuple[Value, Value]:
    position = graph.object_position()
    distance, shade = graph.cells(position, 42.0, flat=True)
    stones = graph.math("POWER", graph.math("SUBTRACT", 1.0, distance), 1.5)
    stone_shade = graph.ramp(
        graph.node("ShaderNodeRGBToBW", {"Color": shade}).outputs[0],
        0.2,
        0.8,
        0.25,
        1.9,
    )
    coarse = graph.noise(position, 9.0, detail=1.0)
    broad = graph.noise(position, 0.35, detail=2.0)
    colour = graph.mix(
        graph.ramp(broad, 0.35, 0.65), (0.068, 0.068, 0.071), (0.12, 0.118, 0.112)
    )
    colour = graph.dim(colour, stone_shade)
    colour = graph.dim(colour, graph.ramp(coarse, 0.3, 0.7, 0.75, 1.25))
    # Oil drips along the lanes, tyres polish long tracks.
    tracks = graph.noise(graph.stretched(position, (1.1, 0.03, 1.0)), 1.0, detail=0.0)
    colour = graph.dim(colour, graph.ramp(tracks, 0.35, 0.65, 0.72, 1.15))
    bend = graph.dim((0.3, 0.25, 0.0), graph.noise(position, 1.6, detail=1.0))
    plates = graph.shifted(graph.stretched(position, (0.35, 0.22, 1.0)), bend)
    edge, _ = graph.cells(plates, 1.0, feature="DISTANCE_TO_EDGE", flat=True)
    wavy = graph.math("ADD", edge, graph.ramp(coarse, 0.3, 0.7, -0.002, 0.004))
    is_cracked = graph.ramp(broad, 0.45, 0.55)
    crack = graph.math("MULTIPLY", graph.ramp(wavy, 0.0, 0.006, 1.0, 0.0), is_cracked)
    return graph.mix(crack, colour, (0.012, 0.012, 0.012)), stones


def lane_paint(graph: ShaderGraph) -> None:
    """White paint, worn down to the asphalt in spots and tracks."""
    position = graph.object_position()
    asphalt_colour, height = _asphalt_colour(graph)
    grain = graph.noise(position, 28.0, detail=3.0)
    wear = graph.noise(position, 1.3, detail=3.0)
    bare = graph.ramp(
        graph.math("ADD", grain, graph.math("MULTIPLY", wear, 0.9)), 0.98, 1.1
    )
    dirt = graph.ramp(wear, 0.3, 0.7, 0.62, 0.4)
    paint = graph.dim((1.0, 0.99, 0.94), dirt)
    graph.surface(
        graph.mix(bare, paint, asphalt_colour),
        0.6,
        Normal=graph.bump(height, 0.003, 0.5),
    )


def paving(graph: ShaderGraph) -> None:
    """Concrete slabs 0.6 by 0.4 m with joints, each of its own shade."""
    position = graph.object_position()
    brick, mortar = graph.bricks(
        position,
        (0.6, 0.4),
        0.008,
        colours=((0.3, 0.29, 0.27), (0.2, 0.195, 0.185)),
        mortar=(0.06, 0.058, 0.05),
        smooth=0.2,
    )
    fine = graph.noise(position, 55.0, detail=2.0)
    stain = graph.noise(position, 0.9, detail=4.0)
    colour = graph.dim(brick, graph.ramp(fine, 0.3, 0.7, 0.7, 1.3))
    colour = graph.dim(colour, graph.ramp(stain, 0.3, 0.7, 0.68, 1.2))
    # Chewing gum: the dark dots of every city pavement.
    spot, _ = graph.cells(position, 2.2, flat=True)
    colour = graph.mix(
        graph.ramp(spot, 0.03, 0.05, 0.7, 0.0), colour, (0.05, 0.05, 0.05)
    )
    joint = graph.math("SUBTRACT", 1.0, mortar)
    graph.surface(
        graph.multiply(colour, graph.tint()), 0.85, Normal=graph.bump(joint, 0.006, 0.6)
    )


def kerb(graph: ShaderGraph) -> None:
    """Granite kerb stones about a metre long with dark joints."""
    position = graph.object_position()
    speckle, shade = graph.cells(position, 70.0)
    axis = graph.node("ShaderNodeSeparateXYZ", {"Vector": position})
    joint = graph.math(
        "MINIMUM",
        graph.math("PINGPONG", axis.outputs["Y"], 0.5),
        graph.math("PINGPONG", axis.outputs["X"], 0.5),
    )
    grey = graph.node("ShaderNodeRGBToBW", {"Color": shade}).outputs[0]
    colour = graph.dim((0.36, 0.35, 0.34), graph.ramp(grey, 0.2, 0.8, 0.65, 1.3))
    dirt = graph.noise(position, 1.7, detail=4.0)
    colour = graph.dim(colour, graph.ramp(dirt, 0.3, 0.7, 0.6, 1.15))
    along = graph.ramp(joint, 0.006, 0.012, 0.3, 1.0)
    graph.surface(graph.dim(colour, along), 0.8, Normal=graph.bump(speckle, 0.002, 0.3))


def soil(graph: ShaderGraph) -> None:
    """Trodden earth with grass."""
    position = graph.object_position()
    grass = graph.noise(position, 3.0, detail=3.0)
    fine = graph.noise(position, 60.0, detail=2.0)
    colour = graph.mix(
        graph.ramp(grass, 0.42, 0.58), (0.09, 0.065, 0.045), (0.07, 0.09, 0.03)
    )
    graph.surface(
        graph.dim(colour, graph.ramp(fine, 0.3, 0.7, 0.5, 1.6)),
        0.95,
        Normal=graph.bump(fine, 0.02),
    )


RECIPES = {
    "asphalt": asphalt,
    "lane_paint": lane_paint,
    "paving": paving,
    "kerb": kerb,
    "soil": soil,
}
