"""Surfaces of trees, hedges, grass and flowers."""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value


def bark(graph: ShaderGraph) -> None:
    """Furrowed bark with plates of two shades, moss on one side, in the tint."""
    position = graph.object_position()
    furrow = graph.noise(graph.stretched(position, (26.0, 26.0, 4.5)), 1.0, detail=4.0)
    crack, _ = graph.cells(
        graph.stretched(position, (17.0, 17.0, 5.0)), 1.0, feature="DISTANCE_TO_EDGE"
    )
    plates = graph.noise(position, 5.0, detail=2.0)
    colour = graph.mix(
        graph.ramp(plates, 0.4, 0.6), (0.11, 0.088, 0.066), (0.19, 0.168, 0.14)
    )
    moss = graph.noise(graph.shifted(position, (7.0, 0.0, 0.0)), 2.3, detail=4.0)
    colour = graph.mix(
        graph.ramp(moss, 0.55, 0.75, 0.0, 0.5), colour, (0.07, 0.085, 0.035)
    )
    colour = graph.dim(colour, graph.ramp(furrow, 0.3, 0.7, 0.45, 1.3))
    colour = graph.dim(colour, graph.ramp(crack, 0.0, 0.14, 0.4, 1.1))
    relief = graph.math("ADD", graph.ramp(crack, 0.0, 0.2), furrow)
    graph.surface(
        graph.multiply(colour, graph.tint()), 0.9, Normal=graph.bump(relief, 0.02)
    )


def birch_bark(graph: ShaderGraph) -> None:
    """White bark with dark level scars, black and cracked at the foot."""
    position = graph.object_position()
    scar = graph.noise(graph.stretched(position, (5.0, 5.0, 42.0)), 1.0, detail=2.0)
    broad = graph.noise(graph.stretched(position, (4.0, 4.0, 7.0)), 1.0, detail=3.0)
    height = graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs["Z"]
    white = graph.mix(
        graph.ramp(broad, 0.35, 0.65), (0.62, 0.57, 0.49), (0.46, 0.42, 0.37)
    )
    threshold = graph.ramp(height, 0.1, 1.3, 0.47, 0.62)
    patch = graph.math("ADD", graph.math("MULTIPLY", broad, 0.35), scar)
    over = graph.math("SUBTRACT", patch, graph.math("ADD", threshold, 0.17))
    is_dark = graph.ramp(over, 0.0, 0.04)
    colour = graph.mix(is_dark, white, (0.045, 0.04, 0.036))
    graph.surface(
        graph.multiply(colour, graph.tint()), 0.75, Normal=graph.bump(over, 0.01)
    )


def _blade(graph: ShaderGraph, colour: Value, through: float) -> None:
    """Finish with a thin sheet: lit from both sides, no refraction to trace."""
    blade = graph.node("ShaderNodeBsdfDiffuse", {"Color": colour})
    behind = graph.node(
        "ShaderNodeBsdfTranslucent",
        {"Color": graph.multiply(colour, (1.15, 1.25, 0.6))},
    )
    both = graph.node("ShaderNodeMixShader", {"Fac": through})
    graph.tree.links.new(blade.outputs[0], both.inputs[1])
    graph.tree.links.new(behind.outputs[0], both.inputs[2])
    output = graph.node("ShaderNodeOutputMaterial", {})
    graph.tree.links.new(both.outputs[0], output.inputs["Surface"])


def leaf(graph: ShaderGraph) -> None:
    """Leaf blade in the object's colour, mottled, shaded per leaf by the tint."""
    colour = graph.multiply(graph.object_colour(), graph.tint())
    mottle = graph.noise(graph.object_position(), 55.0, detail=1.0)
    _blade(graph, graph.dim(colour, graph.ramp(mottle, 0.3, 0.7, 0.8, 1.2)), 0.35)


def foliage(graph: ShaderGraph) -> None:
    """Leaf or blade of grass in the tint alone."""
    mottle = graph.noise(graph.object_position(), 55.0, detail=1.0)
    _blade(graph, graph.dim(graph.tint(), graph.ramp(mottle, 0.3, 0.7, 0.8, 1.2)), 0.3)


def blossom(graph: ShaderGraph) -> None:
    """Petals in the tint, which let much light through."""
    veins = graph.noise(graph.object_position(), 90.0, detail=1.0)
    _blade(graph, graph.dim(graph.tint(), graph.ramp(veins, 0.3, 0.7, 0.85, 1.1)), 0.45)


def grass(graph: ShaderGraph) -> None:
    """Mown turf seen from above, in the tint: blades, clover, bare spots."""
    position = graph.object_position()
    tufts, shade = graph.cells(position, 26.0, flat=True)
    blade = graph.noise(graph.stretched(position, (60.0, 190.0, 1.0)), 1.0, detail=2.0)
    broad = graph.noise(position, 0.9, detail=4.0)
    colour = graph.mix(
        graph.ramp(broad, 0.35, 0.65), (0.055, 0.1, 0.025), (0.1, 0.12, 0.04)
    )
    grey = graph.node("ShaderNodeRGBToBW", {"Color": shade}).outputs[0]
    colour = graph.dim(colour, graph.ramp(grey, 0.2, 0.8, 0.55, 1.35))
    colour = graph.dim(colour, graph.ramp(blade, 0.3, 0.7, 0.45, 1.5))
    bare = graph.noise(graph.shifted(position, (3.0, 9.0, 0.0)), 2.1, detail=3.0)
    colour = graph.mix(
        graph.ramp(bare, 0.6, 0.72, 0.0, 0.85), colour, (0.1, 0.075, 0.05)
    )
    graph.surface(
        graph.multiply(colour, graph.tint()),
        0.95,
        Normal=graph.bump(graph.math("ADD", blade, tufts), 0.02),
    )


def hedge_core(graph: ShaderGraph) -> None:
    """Twigs and shade inside a hedge, in the tint."""
    position = graph.object_position()
    twigs = graph.noise(graph.stretched(position, (30.0, 30.0, 9.0)), 1.0, detail=3.0)
    leaves, _ = graph.cells(position, 28.0)
    colour = graph.dim(graph.tint(), graph.ramp(twigs, 0.35, 0.7, 0.15, 1.3))
    graph.surface(
        graph.dim(colour, graph.ramp(leaves, 0.1, 0.6, 1.2, 0.3)),
        0.95,
        Normal=graph.bump(leaves, 0.03),
    )


def timber(graph: ShaderGraph) -> None:
    """Raw weathered wood with grain along z, in the tint."""
    position = graph.object_position()
    grain = graph.noise(graph.stretched(position, (70.0, 70.0, 2.2)), 1.0, detail=3.0)
    broad = graph.noise(graph.stretched(position, (9.0, 9.0, 0.8)), 1.0, detail=3.0)
    colour = graph.mix(
        graph.ramp(broad, 0.35, 0.65), (0.2, 0.125, 0.07), (0.25, 0.21, 0.165)
    )
    graph.surface(
        graph.multiply(
            graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.45, 1.25)), graph.tint()
        ),
        0.8,
        Normal=graph.bump(grain, 0.006),
    )


RECIPES = {
    "bark": bark,
    "birch_bark": birch_bark,
    "leaf": leaf,
    "foliage": foliage,
    "blossom": blossom,
    "grass": grass,
    "hedge_core": hedge_core,
    "timber": timber,
}
