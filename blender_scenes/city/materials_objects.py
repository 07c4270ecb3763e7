"""Surfaces of cars, people, plants and street furniture."""

from __future__ import annotations

from blender_scenes.city.shader_graph import ShaderGraph


def painted(graph: ShaderGraph) -> None:
    """Painted wood or metal in the face's tint, scratched and faded."""
    position = graph.object_position()
    grain = graph.noise(position, 24.0, detail=3.0)
    fade = graph.noise(position, 1.5, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.78, 1.15))
    colour = graph.dim(colour, graph.ramp(fade, 0.3, 0.7, 0.75, 1.15))
    graph.surface(colour, graph.ramp(grain, 0.3, 0.7, 0.35, 0.6))


def _metal(graph: ShaderGraph, colour, roughness: float, rust: float) -> None:
    position = graph.object_position()
    grain = graph.noise(position, 40.0, detail=3.0)
    spots = graph.noise(position, 5.0, detail=4.0)
    shade = graph.dim(
        graph.multiply(colour, graph.tint()), graph.ramp(grain, 0.3, 0.7, 0.7, 1.2)
    )
    is_rusty = graph.ramp(spots, 0.6, 0.75, 0.0, rust)
    graph.surface(
        graph.mix(is_rusty, shade, (0.12, 0.05, 0.025)),
        graph.ramp(grain, 0.3, 0.7, roughness, roughness + 0.2),
        Metallic=0.8,
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
    """Bright trim and rims."""
    _metal(graph, (0.6, 0.61, 0.62), 0.2, 0.0)


def car_paint(graph: ShaderGraph) -> None:
    """Lacquer in the object's colour with flakes, dusty towards the sills."""
    position = graph.object_position()
    height = graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs["Z"]
    flakes = graph.noise(position, 220.0, detail=1.0)
    dust = graph.noise(position, 6.0, detail=4.0)
    low = graph.ramp(height, 0.2, 0.6, 0.4, 0.02)
    dusty = graph.math("MULTIPLY", low, graph.ramp(dust, 0.3, 0.7, 0.3, 1.2))
    colour = graph.dim(graph.object_colour(), graph.ramp(flakes, 0.3, 0.7, 0.85, 1.15))
    graph.surface(
        graph.mix(dusty, colour, (0.14, 0.12, 0.1)),
        0.38,
        Metallic=0.25,
        Coat_Weight=1.0,
        Coat_Roughness=0.05,
    )


def car_glass(graph: ShaderGraph) -> None:
    """Car window: dark seats behind a mirror."""
    position = graph.object_position()
    seats, _ = graph.cells(graph.stretched(position, (1.2, 1.6, 1.5)), 1.0)
    colour = graph.mix(
        graph.ramp(seats, 0.3, 0.5), (0.035, 0.036, 0.038), (0.01, 0.011, 0.013)
    )
    graph.surface(colour, 0.04, Specular_IOR_Level=0.7)


def rubber(graph: ShaderGraph) -> None:
    """Tyres and black plastic."""
    grain = graph.noise(graph.object_position(), 60.0, detail=2.0)
    graph.surface(
        graph.dim((0.025, 0.025, 0.026), graph.ramp(grain, 0.3, 0.7, 0.7, 1.7)), 0.75
    )


def _lamp(graph: ShaderGraph, colour: tuple[float, float, float], glow: float) -> None:
    position = graph.object_position()
    ribs, _ = graph.cells(position, 30.0)
    shade = graph.dim(colour, graph.ramp(ribs, 0.1, 0.6, 1.4, 0.4))
    graph.surface(
        shade,
        0.15,
        Coat_Weight=1.0,
        Emission_Color=shade,
        Emission_Strength=glow,
    )


def lamp_white(graph: ShaderGraph) -> None:
    """Head lamps and lanterns."""
    _lamp(graph, (0.3, 0.31, 0.32), 0.15)


def lamp_red(graph: ShaderGraph) -> None:
    """Tail lamps."""
    _lamp(graph, (0.26, 0.008, 0.008), 0.15)


def lamp_amber(graph: ShaderGraph) -> None:
    """Make indicators of amber glass."""
    _lamp(graph, (0.6, 0.2, 0.01), 0.1)


def signal(graph: ShaderGraph) -> None:
    """Lit lens of a traffic light in the face's tint."""
    graph.surface(graph.tint(), 0.3, Emission_Color=graph.tint(), Emission_Strength=2.5)


def plate(graph: ShaderGraph) -> None:
    """Make a number plate in the face's tint."""
    grain = graph.noise(graph.object_position(), 30.0)
    graph.surface(graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.85, 1.05)), 0.4)


def cloth(graph: ShaderGraph) -> None:
    """Woven cloth with folds, in the face's tint."""
    position = graph.object_position()
    weave = graph.noise(position, 130.0, detail=2.0)
    folds = graph.noise(graph.stretched(position, (1.0, 1.0, 0.45)), 11.0, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(weave, 0.3, 0.7, 0.7, 1.3))
    colour = graph.dim(colour, graph.ramp(folds, 0.3, 0.7, 0.62, 1.2))
    graph.surface(colour, 0.95, Normal=graph.bump(folds, 0.02, 0.8))


def skin(graph: ShaderGraph) -> None:
    """Skin in the face's tint."""
    spots = graph.noise(graph.object_position(), 25.0, detail=3.0)
    graph.surface(graph.dim(graph.tint(), graph.ramp(spots, 0.3, 0.7, 0.8, 1.12)), 0.55)


def bark(graph: ShaderGraph) -> None:
    """Furrowed bark with plates of two shades."""
    position = graph.object_position()
    furrow = graph.noise(graph.stretched(position, (16.0, 16.0, 3.0)), 1.0, detail=4.0)
    plates = graph.noise(position, 5.0, detail=2.0)
    colour = graph.mix(
        graph.ramp(plates, 0.4, 0.6), (0.11, 0.085, 0.06), (0.19, 0.165, 0.13)
    )
    graph.surface(
        graph.dim(colour, graph.ramp(furrow, 0.3, 0.7, 0.35, 1.35)),
        0.9,
        Normal=graph.bump(furrow, 0.03),
    )


def leaf(graph: ShaderGraph) -> None:
    """Leaf blade in the object's colour, shaded per leaf by the tint."""
    colour = graph.multiply(graph.object_colour(), graph.tint())
    blade = graph.node("ShaderNodeBsdfDiffuse", {"Color": colour})
    through = graph.node(
        "ShaderNodeBsdfTranslucent", {"Color": graph.multiply(colour, (1.1, 1.2, 0.6))}
    )
    both = graph.node("ShaderNodeMixShader", {"Fac": 0.35})
    graph.tree.links.new(blade.outputs[0], both.inputs[1])
    graph.tree.links.new(through.outputs[0], both.inputs[2])
    output = graph.node("ShaderNodeOutputMaterial", {})
    graph.tree.links.new(both.outputs[0], output.inputs["Surface"])


RECIPES = {
    "painted": painted,
    "steel": steel,
    "cast_iron": cast_iron,
    "metal_sheet": metal_sheet,
    "chrome": chrome,
    "car_paint": car_paint,
    "car_glass": car_glass,
    "rubber": rubber,
    "lamp_white": lamp_white,
    "lamp_red": lamp_red,
    "lamp_amber": lamp_amber,
    "signal": signal,
    "plate": plate,
    "cloth": cloth,
    "skin": skin,
    "bark": bark,
    "leaf": leaf,
}
