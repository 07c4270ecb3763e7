"""Surfaces of roofs: tiles, slates, metal, felt."""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value


def _mossy(graph: ShaderGraph, colour: Value, share: float) -> Value:
    """Grow moss and lichen in patches."""
    position = graph.object_position()
    moss = graph.noise(position, 1.4, detail=6.0)
    lichen, _ = graph.cells(position, 7.0)
    colour = graph.mix(
        graph.ramp(moss, 0.55, 0.75, 0.0, share), colour, (0.06, 0.07, 0.035)
    )
    return graph.mix(
        graph.ramp(lichen, 0.05, 0.12, 0.5 * share, 0.0), colour, (0.35, 0.34, 0.25)
    )


def _tiles(graph: ShaderGraph, size_m: tuple[float, float], relief_m: float) -> None:
    position = graph.face_position()
    tiles, mortar = graph.bricks(
        position,
        size_m,
        0.015,
        colours=((1.4, 1.35, 1.3), (0.55, 0.56, 0.58)),
        mortar=(0.2, 0.2, 0.2),
    )
    grain = graph.noise(position, 60.0, detail=3.0)
    run = graph.noise(graph.object_position(), 0.5, detail=4.0)
    colour = graph.multiply(graph.tint(), tiles)
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.75, 1.25))
    colour = graph.dim(colour, graph.ramp(run, 0.3, 0.7, 0.75, 1.2))
    relief = graph.math("SUBTRACT", 1.0, mortar)
    graph.surface(
        _mossy(graph, colour, 0.6), 0.75, Normal=graph.bump(relief, relief_m, 0.7)
    )


def roof_tile(graph: ShaderGraph) -> None:
    """Rows of clay tiles, mossy in places."""
    _tiles(graph, (0.3, 0.22), 0.02)


def roof_slate(graph: ShaderGraph) -> None:
    """Thin slates, some slipped or replaced."""
    _tiles(graph, (0.22, 0.16), 0.008)


def roof_metal(graph: ShaderGraph) -> None:
    """Zinc in strips of 60 cm with standing seams and runs of dirt."""
    position = graph.face_position()
    strips, seam = graph.bricks(
        position,
        (0.6, 3.5),
        0.02,
        colours=((1.1, 1.1, 1.1), (0.82, 0.82, 0.83)),
        mortar=(0.6, 0.6, 0.6),
        offset=0.31,
    )
    cloud = graph.noise(graph.object_position(), 4.0, detail=6.0)
    grain = graph.noise(position, 50.0, detail=3.0)
    colour = graph.multiply(graph.tint(), strips)
    colour = graph.dim(colour, graph.ramp(cloud, 0.3, 0.7, 0.7, 1.3))
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.85, 1.12))
    graph.surface(
        colour,
        graph.ramp(cloud, 0.3, 0.7, 0.35, 0.6),
        Metallic=0.5,
        Normal=graph.bump(seam, 0.03, 0.8),
    )


def roof_felt(graph: ShaderGraph) -> None:
    """Bitumen with grit."""
    position = graph.object_position()
    grain = graph.noise(position, 30.0, detail=3.0)
    puddle = graph.noise(position, 0.7, detail=4.0)
    colour = graph.dim((0.07, 0.07, 0.072), graph.ramp(grain, 0.3, 0.7, 0.6, 1.5))
    graph.surface(graph.dim(colour, graph.ramp(puddle, 0.3, 0.7, 0.7, 1.4)), 0.95)


RECIPES = {
    "roof_tile": roof_tile,
    "roof_slate": roof_slate,
    "roof_metal": roof_metal,
    "roof_felt": roof_felt,
}
