"""Surfaces of wires, plastic, rubble, garden walls and prints along the street."""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value


def wire(graph: ShaderGraph) -> None:
    """Dull black cable, greyed by weather."""
    grain = graph.noise(graph.object_position(), 3.0, detail=4.0)
    graph.surface(
        graph.dim((0.035, 0.035, 0.037), graph.ramp(grain, 0.3, 0.7, 0.5, 1.7)), 0.6
    )


def plastic(graph: ShaderGraph) -> None:
    """Coloured plastic in the tint, scuffed and dirty towards the ground."""
    position = graph.object_position()
    scuffs = graph.noise(graph.stretched(position, (30.0, 30.0, 9.0)), 1.0, detail=4.0)
    fade = graph.noise(position, 4.0, detail=2.0)
    colour = graph.dim(graph.tint(), graph.ramp(fade, 0.3, 0.7, 0.82, 1.12))
    colour = graph.mix(
        graph.ramp(scuffs, 0.58, 0.72, 0.0, 0.65), colour, (0.13, 0.12, 0.11)
    )
    height = graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs["Z"]
    splash = graph.math(
        "MULTIPLY", graph.ramp(height, 0.0, 0.35, 0.8, 0.0), graph.ramp(fade, 0.3, 0.6)
    )
    graph.surface(
        graph.mix(splash, colour, (0.1, 0.088, 0.075)),
        graph.ramp(scuffs, 0.3, 0.7, 0.32, 0.7),
    )


def gravel(graph: ShaderGraph) -> None:
    """Broken stone and sand in the tint."""
    position = graph.object_position()
    distance, shade = graph.cells(position, 34.0)
    coarse, _ = graph.cells(position, 11.0)
    grey = graph.node("ShaderNodeRGBToBW", {"Color": shade}).outputs[0]
    colour = graph.mix(
        graph.ramp(grey, 0.2, 0.8), (0.13, 0.115, 0.1), (0.42, 0.39, 0.35)
    )
    colour = graph.dim(colour, graph.ramp(distance, 0.2, 0.75, 1.15, 0.3))
    colour = graph.dim(colour, graph.ramp(coarse, 0.2, 0.8, 1.1, 0.6))
    graph.surface(
        graph.multiply(colour, graph.tint()),
        0.95,
        Normal=graph.bump(graph.math("SUBTRACT", 1.0, distance), 0.02),
    )


def _mossy(graph: ShaderGraph, colour: Value) -> Value:
    """Return a wall's colour with algae at its foot and streaks from its cap."""
    position = graph.object_position()
    height = graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs["Z"]
    broad = graph.noise(position, 2.1, detail=4.0)
    low = graph.math("MULTIPLY", graph.ramp(height, 0.0, 0.45), -0.6)
    damp = graph.ramp(graph.math("ADD", broad, low), 0.35, 0.6, 0.0, 0.7)
    colour = graph.mix(damp, colour, (0.06, 0.065, 0.035))
    streak = graph.noise(graph.stretched(position, (9.0, 9.0, 0.5)), 1.0, detail=2.0)
    return graph.dim(colour, graph.ramp(streak, 0.3, 0.7, 0.65, 1.12))


def garden_brick(graph: ShaderGraph) -> None:
    """Old bricks in the tint, each its own, with chipped mortar and moss."""
    face = graph.face_position()
    wobble = graph.dim((0.006, 0.004, 0.0), graph.noise(face, 14.0, detail=2.0))
    bricks, mortar = graph.bricks(
        graph.shifted(face, wobble),
        (0.25, 0.0765),
        0.006,
        colours=((0.33, 0.1, 0.055), (0.12, 0.045, 0.032)),
        mortar=(0.3, 0.28, 0.25),
        smooth=0.3,
    )
    grain = graph.noise(face, 90.0, detail=2.0)
    colour = graph.dim(
        graph.multiply(bricks, graph.tint()), graph.ramp(grain, 0.3, 0.7, 0.6, 1.35)
    )
    relief = graph.math("ADD", graph.math("SUBTRACT", 1.0, mortar), grain)
    graph.surface(_mossy(graph, colour), 0.9, Normal=graph.bump(relief, 0.008))


def rubble_stone(graph: ShaderGraph) -> None:
    """Field stones in the tint, set in mortar."""
    face = graph.face_position()
    bend = graph.dim((0.07, 0.04, 0.0), graph.noise(face, 5.0, detail=2.0))
    stones = graph.stretched(graph.shifted(face, bend), (4.2, 6.5, 1.0))
    edge, _ = graph.cells(stones, 1.0, feature="DISTANCE_TO_EDGE", flat=True)
    _, hue = graph.cells(stones, 1.0, flat=True)
    grain = graph.noise(face, 45.0, detail=4.0)
    grey = graph.node("ShaderNodeRGBToBW", {"Color": hue}).outputs[0]
    colour = graph.mix(
        graph.ramp(grey, 0.25, 0.75), (0.17, 0.155, 0.14), (0.4, 0.36, 0.29)
    )
    colour = graph.multiply(colour, graph.tint())
    is_joint = graph.ramp(edge, 0.03, 0.07, 1.0, 0.0)
    colour = graph.mix(is_joint, colour, (0.22, 0.21, 0.19))
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.6, 1.3))
    relief = graph.math("ADD", graph.ramp(edge, 0.0, 0.2), grain)
    graph.surface(_mossy(graph, colour), 0.9, Normal=graph.bump(relief, 0.02))


def garden_concrete(graph: ShaderGraph) -> None:
    """Render or cast concrete in the tint, with pits and moss."""
    position = graph.object_position()
    grain = graph.noise(position, 70.0, detail=3.0)
    pits, _ = graph.cells(position, 55.0)
    broad = graph.noise(position, 1.4, detail=4.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.7, 1.2))
    colour = graph.dim(colour, graph.ramp(pits, 0.05, 0.16, 0.5, 1.0))
    colour = graph.dim(colour, graph.ramp(broad, 0.3, 0.7, 0.75, 1.12))
    graph.surface(_mossy(graph, colour), 0.9, Normal=graph.bump(grain, 0.006))


def enamel(graph: ShaderGraph) -> None:
    """Enamelled or retroreflective sign in the tint, dusty and scratched."""
    position = graph.object_position()
    dust = graph.noise(position, 6.0, detail=4.0)
    scratch = graph.noise(graph.stretched(position, (60.0, 60.0, 9.0)), 1.0, detail=2.0)
    colour = graph.dim(graph.tint(), graph.ramp(dust, 0.3, 0.7, 0.72, 1.08))
    colour = graph.dim(colour, graph.ramp(scratch, 0.3, 0.75, 0.85, 1.1))
    graph.surface(colour, graph.ramp(dust, 0.3, 0.7, 0.28, 0.55))


def print_sheet(graph: ShaderGraph) -> None:
    """Poster paper in the tint behind glass or on a board, faded and wrinkled."""
    position = graph.object_position()
    fade = graph.noise(position, 1.6, detail=3.0)
    dots, _ = graph.cells(position, 60.0)
    colour = graph.dim(graph.tint(), graph.ramp(fade, 0.3, 0.7, 0.72, 1.15))
    colour = graph.dim(colour, graph.ramp(dots, 0.1, 0.7, 1.1, 0.82))
    graph.surface(colour, 0.5, Normal=graph.bump(fade, 0.01, 0.4))


RECIPES = {
    "wire": wire,
    "plastic": plastic,
    "gravel": gravel,
    "garden_brick": garden_brick,
    "rubble_stone": rubble_stone,
    "garden_concrete": garden_concrete,
    "enamel": enamel,
    "print_sheet": print_sheet,
}
