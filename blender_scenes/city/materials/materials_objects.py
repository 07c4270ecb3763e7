"""Surfaces of street furniture: painted and bare metal, rubber, lanterns, signals."""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value

# Radiance of a lantern's glass at night; the road below has about 0.06.
_LANTERN_RADIANCE = 4.0


def _scratches(graph: ShaderGraph, position: Value) -> Value:
    """Return 1 in fine scratches of two directions, else 0."""
    along = graph.noise(graph.stretched(position, (90.0, 90.0, 4.0)), 1.0, detail=1.0)
    across = graph.noise(graph.stretched(position, (7.0, 11.0, 120.0)), 1.0, detail=1.0)
    return graph.ramp(graph.math("MAXIMUM", along, across), 0.68, 0.76)


def _grime(graph: ShaderGraph, position: Value) -> Value:
    """Return how dirty a thing is: splashed near the ground, blotched above."""
    height = graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs["Z"]
    blotch = graph.noise(position, 4.5, detail=5.0)
    low = graph.ramp(height, 0.0, 0.6, 0.75, 0.22)
    return graph.math("MULTIPLY", low, graph.ramp(blotch, 0.35, 0.75, 0.0, 1.0))


def painted(graph: ShaderGraph) -> None:
    """Painted wood or metal in the face's tint, scratched, faded and splashed."""
    position = graph.object_position()
    grain = graph.noise(position, 24.0, detail=3.0)
    fade = graph.noise(position, 1.5, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.78, 1.15))
    colour = graph.dim(colour, graph.ramp(fade, 0.3, 0.7, 0.75, 1.15))
    colour = graph.dim(
        colour, graph.ramp(_scratches(graph, position), 0.0, 1.0, 1.0, 0.6)
    )
    colour = graph.mix(
        graph.math("MULTIPLY", _grime(graph, position), 0.7), colour, (0.1, 0.09, 0.075)
    )
    graph.surface(colour, graph.ramp(grain, 0.3, 0.7, 0.35, 0.6))


def _metal(
    graph: ShaderGraph,
    colour: tuple[float, float, float],
    roughness: float,
    rust: float,
) -> None:
    position = graph.object_position()
    grain = graph.noise(position, 40.0, detail=3.0)
    spots = graph.noise(position, 5.0, detail=4.0)
    scratched = _scratches(graph, position)
    shade = graph.dim(
        graph.multiply(colour, graph.tint()), graph.ramp(grain, 0.3, 0.7, 0.7, 1.2)
    )
    shade = graph.dim(shade, graph.ramp(scratched, 0.0, 1.0, 1.0, 1.4))
    grime = graph.math("MULTIPLY", _grime(graph, position), 0.55)
    shade = graph.mix(grime, shade, (0.07, 0.062, 0.052))
    is_rusty = graph.ramp(spots, 0.6, 0.75, 0.0, rust)
    graph.surface(
        graph.mix(is_rusty, shade, (0.12, 0.05, 0.025)),
        graph.ramp(grain, 0.3, 0.7, roughness, roughness + 0.2),
        Metallic=graph.ramp(grime, 0.0, 0.5, 0.8, 0.3),
    )


def steel(graph: ShaderGraph) -> None:
    """Galvanised steel."""
    _metal(graph, (0.42, 0.43, 0.44), 0.35, 0.3)


def cast_iron(graph: ShaderGraph) -> None:
    """Dark painted iron of railings, lamps and covers."""
    _metal(graph, (0.075, 0.078, 0.08), 0.45, 0.5)


def metal_sheet(graph: ShaderGraph) -> None:
    """Weathered zinc of pipes, gutters and boxes."""
    _metal(graph, (0.3, 0.31, 0.32), 0.5, 0.4)


def chrome(graph: ShaderGraph) -> None:
    """Bright trim, with water spots."""
    position = graph.object_position()
    spots = graph.noise(position, 55.0, detail=2.0)
    haze = graph.noise(position, 8.0, detail=3.0)
    colour = graph.dim((0.62, 0.63, 0.64), graph.ramp(spots, 0.3, 0.7, 0.82, 1.1))
    graph.surface(colour, graph.ramp(haze, 0.35, 0.7, 0.08, 0.3), Metallic=0.95)


def rubber(graph: ShaderGraph) -> None:
    """Tyres, seals and black plastic, with dust in patches."""
    position = graph.object_position()
    grain = graph.noise(position, 60.0, detail=2.0)
    dust = graph.noise(position, 6.0, detail=4.0)
    colour = graph.dim((0.022, 0.022, 0.023), graph.ramp(grain, 0.3, 0.7, 0.7, 1.7))
    dusty = graph.ramp(dust, 0.45, 0.8, 0.05, 0.45)
    graph.surface(graph.mix(dusty, colour, (0.09, 0.082, 0.07)), 0.75)


def lamp_white(graph: ShaderGraph) -> None:
    """Glass of a street lantern, lit at night."""
    position = graph.object_position()
    ribs, _ = graph.cells(position, 30.0)
    shade = graph.dim((0.3, 0.31, 0.32), graph.ramp(ribs, 0.1, 0.6, 1.4, 0.4))
    lit = graph.scene_value("lamps_lit")
    graph.surface(
        shade,
        0.15,
        Coat_Weight=1.0,
        Emission_Color=(1.0, 0.86, 0.66),
        Emission_Strength=graph.math("MULTIPLY", lit, _LANTERN_RADIANCE),
    )


def signal(graph: ShaderGraph) -> None:
    """Lit lens of a traffic light in the face's tint."""
    graph.surface(graph.tint(), 0.3, Emission_Color=graph.tint(), Emission_Strength=2.5)


RECIPES = {
    "painted": painted,
    "steel": steel,
    "cast_iron": cast_iron,
    "metal_sheet": metal_sheet,
    "chrome": chrome,
    "rubber": rubber,
    "lamp_white": lamp_white,
    "signal": signal,
}
