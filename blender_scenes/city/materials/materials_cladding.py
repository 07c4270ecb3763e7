"""Surfaces that walls are clad with: tiles, sheets, timber."""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph
from blender_scenes.city.materials.wall_grime import places, weathered


def tiles(graph: ShaderGraph) -> None:
    """Glazed tiles 20 by 10 cm, some cracked or replaced."""
    place, face = places(graph)
    pattern, joint = graph.bricks(
        face,
        (0.2, 0.1),
        0.004,
        colours=((1.2, 1.2, 1.2), (0.78, 0.78, 0.78)),
        mortar=(0.3, 0.3, 0.3),
        offset=0.0,
    )
    grain = graph.noise(place, 70.0, detail=3.0)
    colour = graph.multiply(graph.tint(), pattern)
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.82, 1.12))
    relief = graph.math("SUBTRACT", 1.0, joint)
    graph.surface(
        weathered(graph, colour, place),
        graph.ramp(grain, 0.3, 0.7, 0.25, 0.5),
        Normal=graph.bump(relief, 0.004, 0.5),
    )


def painted_panel(graph: ShaderGraph) -> None:
    """Make fibre or enamel sheets of 1.2 m with joints, screws and faded paint."""
    place, face = places(graph)
    sheets, _ = graph.bricks(
        face,
        (1.2, 1.0),
        0.008,
        colours=((1.08, 1.08, 1.08), (0.88, 0.88, 0.88)),
        mortar=(0.1, 0.1, 0.1),
        smooth=0.0,
        offset=0.0,
    )
    grain = graph.noise(place, 60.0, detail=3.0)
    fade = graph.noise(place, 1.2, detail=5.0)
    colour = graph.multiply(graph.tint(), sheets)
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.8, 1.16))
    colour = graph.mix(graph.ramp(fade, 0.5, 0.8, 0.0, 0.3), colour, (0.45, 0.44, 0.4))
    graph.surface(weathered(graph, colour, place, streaks=0.3), 0.55)


def metal_panel(graph: ShaderGraph) -> None:
    """Brushed sheets between joints of 1.5 m, dusty and finger-marked."""
    place, face = places(graph)
    sheets, _ = graph.bricks(
        face,
        (1.5, 1.2),
        0.01,
        colours=((1.1, 1.1, 1.1), (0.85, 0.85, 0.85)),
        mortar=(0.1, 0.1, 0.1),
        smooth=0.0,
        offset=0.0,
    )
    brush = graph.noise(graph.stretched(face, (3.0, 160.0, 1.0)), 1.0, detail=3.0)
    dust = graph.noise(place, 3.0, detail=6.0)
    colour = graph.multiply(graph.tint(), sheets)
    colour = graph.dim(colour, graph.ramp(brush, 0.3, 0.7, 0.8, 1.18))
    colour = graph.mix(
        graph.ramp(dust, 0.45, 0.8, 0.0, 0.35), colour, (0.3, 0.28, 0.25)
    )
    graph.surface(
        weathered(graph, colour, place),
        graph.ramp(dust, 0.3, 0.7, 0.3, 0.6),
        Metallic=0.6,
    )


def beam(graph: ShaderGraph) -> None:
    """Beams with grain and checks along them, tarred and weathered grey."""
    place, face = places(graph)
    fibre = graph.noise(graph.stretched(face, (40.0, 40.0, 1.0)), 1.0, detail=4.0)
    long = graph.noise(graph.stretched(place, (18.0, 18.0, 18.0)), 1.0, detail=5.0)
    colour = graph.dim(graph.tint(), graph.ramp(fibre, 0.3, 0.7, 0.55, 1.5))
    colour = graph.mix(
        graph.ramp(long, 0.5, 0.75, 0.0, 0.35), colour, (0.16, 0.14, 0.12)
    )
    graph.surface(
        weathered(graph, colour, place), 0.85, Normal=graph.bump(fibre, 0.006, 0.6)
    )


def timber_slats(graph: ShaderGraph) -> None:
    """Upright boards 9 cm wide with open joints, each of its own shade."""
    place, face = places(graph)
    boards, joint = graph.bricks(
        face,
        (0.095, 4.0),
        0.007,
        colours=((1.35, 1.3, 1.2), (0.6, 0.6, 0.62)),
        mortar=(0.05, 0.05, 0.05),
        offset=0.37,
    )
    fibre = graph.noise(graph.stretched(face, (60.0, 2.5, 1.0)), 1.0, detail=5.0)
    wood = graph.mix(0.75, graph.tint(), (0.3, 0.17, 0.08))
    colour = graph.multiply(wood, boards)
    colour = graph.dim(colour, graph.ramp(fibre, 0.3, 0.7, 0.6, 1.35))
    relief = graph.math("SUBTRACT", 1.0, joint)
    graph.surface(
        weathered(graph, colour, place), 0.7, Normal=graph.bump(relief, 0.01, 0.7)
    )


RECIPES = {
    "tiles": tiles,
    "painted_panel": painted_panel,
    "metal_panel": metal_panel,
    "beam": beam,
    "timber_slats": timber_slats,
}
