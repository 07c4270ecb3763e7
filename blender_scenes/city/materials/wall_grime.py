"""What time does to a wall: runs, stains, splashes and dirt under ledges.

Noise is taken at a place of its own for every house, so that no two carry the same
stains.
"""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value


def _house_offset(graph: ShaderGraph) -> Value:
    """Return a vector that differs from object to object, metres."""
    chance = graph.node("ShaderNodeObjectInfo", {}).outputs["Random"]
    return graph.dim((173.0, 91.0, 0.0), chance)


def places(graph: ShaderGraph) -> tuple[Value, Value]:
    """Return positions for noise in space and for patterns on the face."""
    offset = _house_offset(graph)
    return (
        graph.shifted(graph.object_position(), offset),
        graph.shifted(graph.face_position(), offset),
    )


def weathered(
    graph: ShaderGraph, colour: Value, place: Value, *, streaks: float = 0.25
) -> Value:
    """Darken a wall where rain runs, under ledges, in corners and near the ground."""
    streak = graph.noise(graph.stretched(place, (5.0, 5.0, 0.22)), 1.0, detail=5.0)
    broad = graph.noise(place, 0.25, detail=5.0)
    blotch = graph.noise(place, 1.7, detail=5.0)
    height = graph.component(graph.object_position(), "Z")
    # Splashes reach to knee or hip height, in an uneven line.
    wavy = graph.math("SUBTRACT", height, graph.math("MULTIPLY", blotch, 1.4))
    splash = graph.ramp(wavy, -0.6, 0.5, 0.55, 1.0)
    colour = graph.dim(colour, graph.ramp(streak, 0.45, 0.75, 1.0, 1.0 - streaks))
    colour = graph.dim(colour, graph.ramp(broad, 0.3, 0.7, 0.8, 1.12))
    colour = graph.dim(colour, graph.ramp(blotch, 0.3, 0.7, 0.88, 1.08))
    dirt = graph.math("MULTIPLY", _sheltered(graph), graph.ramp(streak, 0.3, 0.6))
    colour = graph.mix(
        graph.ramp(dirt, 0.1, 0.75, 0.0, 0.62), colour, (0.035, 0.032, 0.026)
    )
    return graph.dim(colour, splash)


def _sheltered(graph: ShaderGraph) -> Value:
    """Return 0 where a wall lies free to 1 under its ledges and in its corners."""
    normal = graph.node("ShaderNodeNewGeometry", {}).outputs["Normal"]
    leaning = graph.shifted(normal, (0.0, 0.0, 0.8))
    node = graph.node(
        "ShaderNodeAmbientOcclusion",
        {"Distance": 0.8, "Normal": leaning},
        samples=1,
        only_local=True,
    )
    return graph.math("SUBTRACT", 1.0, node.outputs["AO"])
