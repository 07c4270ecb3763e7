"""Surfaces of people: cloth, leather, skin and hair."""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value


def _own_position(graph: ShaderGraph) -> Value:
    """Return the position in the object's axes, moved so that no two look alike."""
    chance = graph.node("ShaderNodeObjectInfo", {}).outputs["Random"]
    return graph.shifted(graph.object_position(), graph.dim((40.0, 70.0, 90.0), chance))


def cloth(graph: ShaderGraph) -> None:
    """Woven cloth with folds, in the face's tint."""
    position = _own_position(graph)
    weave = graph.noise(position, 130.0, detail=2.0)
    folds = graph.noise(graph.stretched(position, (1.0, 1.0, 0.45)), 11.0, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(weave, 0.3, 0.7, 0.7, 1.3))
    colour = graph.dim(colour, graph.ramp(folds, 0.3, 0.7, 0.62, 1.2))
    graph.surface(colour, 0.95, Normal=graph.bump(folds, 0.02, 0.8))


def denim(graph: ShaderGraph) -> None:
    """Trouser cloth: a steep twill, worn pale in patches, creased across."""
    position = _own_position(graph)
    twill = graph.noise(graph.stretched(position, (260.0, 260.0, 60.0)), 1.0)
    worn = graph.noise(position, 7.0, detail=3.0)
    folds = graph.noise(graph.stretched(position, (0.7, 0.7, 1.3)), 14.0, detail=2.0)
    colour = graph.dim(graph.tint(), graph.ramp(twill, 0.3, 0.7, 0.65, 1.4))
    colour = graph.dim(colour, graph.ramp(worn, 0.35, 0.72, 0.75, 1.7))
    colour = graph.dim(colour, graph.ramp(folds, 0.3, 0.7, 0.7, 1.15))
    graph.surface(colour, 0.9, Normal=graph.bump(folds, 0.02, 0.8))


def leather(graph: ShaderGraph) -> None:
    """Shoes and bags in the face's tint, scuffed."""
    position = _own_position(graph)
    scuffs = graph.noise(position, 60.0, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(scuffs, 0.35, 0.7, 0.8, 1.6))
    graph.surface(
        colour,
        graph.ramp(scuffs, 0.3, 0.7, 0.4, 0.65),
        Normal=graph.bump(scuffs, 0.003, 0.5),
    )


def skin(graph: ShaderGraph) -> None:
    """Skin in the face's tint."""
    spots = graph.noise(_own_position(graph), 25.0, detail=3.0)
    graph.surface(graph.dim(graph.tint(), graph.ramp(spots, 0.3, 0.7, 0.8, 1.12)), 0.55)


def hair(graph: ShaderGraph) -> None:
    """Strands that run downwards, in the face's tint."""
    position = _own_position(graph)
    strands = graph.noise(graph.stretched(position, (170.0, 170.0, 22.0)), 1.0)
    locks = graph.noise(graph.stretched(position, (38.0, 38.0, 9.0)), 1.0, detail=2.0)
    colour = graph.dim(graph.tint(), graph.ramp(strands, 0.3, 0.7, 0.55, 1.6))
    colour = graph.dim(colour, graph.ramp(locks, 0.3, 0.7, 0.6, 1.3))
    graph.surface(colour, 0.5, Normal=graph.bump(locks, 0.01, 0.8))


RECIPES = {
    "cloth": cloth,
    "denim": denim,
    "leather": leather,
    "skin": skin,
    "hair": hair,
}
