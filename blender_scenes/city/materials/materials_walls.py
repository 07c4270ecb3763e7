"""Surfaces of walls: bricks, plaster, stone, concrete, blind walls."""

from __future__ import annotations

from blender_scenes.city.materials import (
    materials_cladding,
    materials_roofs,
    materials_windows,
)
from blender_scenes.city.materials.shader_graph import ShaderGraph, Value
from blender_scenes.city.materials.wall_grime import places, weathered


def _bricks(graph: ShaderGraph, clay: Value, face: Value) -> tuple[Value, Value]:
    """Return colour of, and relief over, bricks of a tint, each of its own shade."""
    pattern, is_mortar = graph.bricks(
        face,
        (0.225, 0.075),
        0.006,
        colours=((1.35, 1.26, 1.18), (0.5, 0.5, 0.53)),
        bias=-0.1,
    )
    grain = graph.noise(face, 90.0, detail=3.0)
    # Here and there a course was laid from another kiln, or repaired.
    batch = graph.noise(graph.stretched(face, (0.5, 1.6, 1.0)), 1.0, detail=3.0)
    clay = graph.multiply(clay, pattern)
    clay = graph.dim(clay, graph.ramp(grain, 0.3, 0.7, 0.7, 1.3))
    clay = graph.dim(clay, graph.ramp(batch, 0.35, 0.65, 0.75, 1.2))
    soot = graph.ramp(graph.noise(face, 0.9, detail=3.0), 0.3, 0.7, 0.55, 1.1)
    mortar = graph.dim((0.32, 0.3, 0.27), soot)
    relief = graph.math("SUBTRACT", 1.0, is_mortar)
    rough = graph.math("ADD", relief, graph.math("MULTIPLY", grain, 0.4))
    return graph.mix(is_mortar, clay, mortar), rough


def brick(graph: ShaderGraph) -> None:
    """Clay bricks 215 by 65 mm in pale mortar."""
    place, face = places(graph)
    colour, relief = _bricks(graph, graph.tint(), face)
    # Salt blooms pale where damp dries.
    bloom = graph.noise(place, 0.8, detail=6.0)
    colour = graph.mix(
        graph.ramp(bloom, 0.6, 0.75, 0.0, 0.3), colour, (0.5, 0.48, 0.45)
    )
    colour = weathered(graph, colour, place)
    graph.surface(colour, 0.88, Normal=graph.bump(relief, 0.008, 0.6))


def plaster(graph: ShaderGraph) -> None:
    """Rough-cast render with cracks, repairs, and bricks where it fell off."""
    place, face = places(graph)
    grain = graph.noise(place, 55.0, detail=4.0)
    trowel = graph.noise(place, 6.0, detail=4.0)
    repair = graph.noise(place, 0.55, detail=2.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.25, 0.75, 0.72, 1.24))
    colour = graph.dim(colour, graph.ramp(trowel, 0.3, 0.7, 0.85, 1.12))
    mended = graph.dim(colour, 0.82)
    colour = graph.mix(graph.ramp(repair, 0.62, 0.635), colour, mended)
    crack, _ = graph.cells(
        graph.shifted(place, graph.dim((0.6, 0.6, 0.6), trowel)),
        0.45,
        feature="DISTANCE_TO_EDGE",
    )
    is_crack = graph.ramp(crack, 0.0, 0.006, 0.55, 0.0)
    colour = graph.mix(is_crack, colour, (0.06, 0.055, 0.05))
    bricks, relief = _bricks(graph, (0.28, 0.12, 0.08), face)
    height = graph.component(graph.object_position(), "Z")
    fallen = graph.noise(place, 0.9, detail=6.0)
    # Near the damp foot of the wall it falls off first.
    limit = graph.ramp(height, 0.0, 3.0, 0.64, 0.72)
    is_bare = graph.ramp(graph.math("SUBTRACT", fallen, limit), 0.0, 0.012)
    colour = graph.mix(is_bare, colour, bricks)
    surface = graph.math("ADD", graph.math("MULTIPLY", grain, 0.5), 1.0)
    lower = graph.math("MULTIPLY", relief, 0.6)
    bumps = graph.node(
        "ShaderNodeMix", {"Factor_Float": is_bare, "A_Float": surface, "B_Float": lower}
    ).outputs[0]
    graph.surface(
        weathered(graph, colour, place, streaks=0.32),
        0.9,
        Normal=graph.bump(bumps, 0.012, 0.5),
    )


def concrete(graph: ShaderGraph) -> None:
    """Cast panels 3 by 1.5 m with joints, pores, rust runs and stains."""
    place, face = places(graph)
    panels, _ = graph.bricks(
        face,
        (3.0, 1.5),
        0.012,
        colours=((1.1, 1.1, 1.1), (0.84, 0.84, 0.85)),
        mortar=(0.3, 0.3, 0.3),
        smooth=0.0,
        offset=0.0,
    )
    grain = graph.noise(place, 45.0, detail=4.0)
    pore, _ = graph.cells(face, 16.0, flat=True)
    boards = graph.noise(graph.stretched(face, (0.4, 9.0, 1.0)), 1.0, detail=2.0)
    colour = graph.multiply(graph.tint(), panels)
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.74, 1.22))
    colour = graph.dim(colour, graph.ramp(boards, 0.3, 0.7, 0.93, 1.05))
    colour = graph.dim(colour, graph.ramp(pore, 0.04, 0.1, 0.45, 1.0))
    rust = graph.noise(graph.stretched(place, (3.0, 3.0, 0.35)), 1.0, detail=5.0)
    colour = graph.mix(
        graph.ramp(rust, 0.64, 0.78, 0.0, 0.55), colour, (0.16, 0.075, 0.035)
    )
    graph.surface(
        weathered(graph, colour, place, streaks=0.36),
        0.85,
        Normal=graph.bump(grain, 0.004, 0.4),
    )


def _ashlar(
    graph: ShaderGraph, size_m: tuple[float, float], joint_m: float, relief_m: float
) -> None:
    """Finish blocks of stone with joints and veins."""
    place, face = places(graph)
    blocks, mortar = graph.bricks(
        face,
        size_m,
        joint_m,
        colours=((1.18, 1.15, 1.08), (0.74, 0.74, 0.77)),
        mortar=(0.35, 0.34, 0.32),
        smooth=0.3,
    )
    # Untinted stone parts (steps, plinths) carry white: this is their colour.
    base = graph.multiply(graph.tint(), (0.62, 0.6, 0.57))
    grain = graph.noise(place, 60.0, detail=4.0)
    vein = graph.noise(place, 2.4, detail=6.0)
    bed = graph.noise(graph.stretched(place, (5.0, 5.0, 14.0)), 1.0, detail=8.0)
    pit = graph.noise(place, 26.0, detail=6.0)
    colour = graph.multiply(base, blocks)
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.72, 1.25))
    colour = graph.dim(colour, graph.ramp(vein, 0.35, 0.65, 0.78, 1.12))
    colour = graph.dim(colour, graph.ramp(bed, 0.35, 0.65, 0.82, 1.14))
    colour = graph.dim(colour, graph.ramp(pit, 0.3, 0.38, 0.55, 1.0))
    relief = graph.math("SUBTRACT", graph.math("MULTIPLY", pit, 0.4), mortar)
    graph.surface(
        weathered(graph, colour, place), 0.8, Normal=graph.bump(relief, relief_m, 0.6)
    )


def stone(graph: ShaderGraph) -> None:
    """Ashlar blocks 0.8 by 0.4 m with fine joints."""
    _ashlar(graph, (0.8, 0.4), 0.008, 0.008)


def rustic_stone(graph: ShaderGraph) -> None:
    """Ground-floor blocks 1.1 by 0.45 m with deep joints."""
    _ashlar(graph, (1.1, 0.45), 0.03, 0.04)


def trim(graph: ShaderGraph) -> None:
    """Painted stone of sills and cornices, dirty where rain does not reach."""
    place, _ = places(graph)
    grain = graph.noise(place, 40.0, detail=4.0)
    chips = graph.noise(place, 9.0, detail=5.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.6, 0.88))
    colour = graph.mix(
        graph.ramp(chips, 0.66, 0.7, 0.0, 0.7), colour, (0.22, 0.2, 0.17)
    )
    graph.surface(weathered(graph, colour, place, streaks=0.42), 0.75)


def fire_wall(graph: ShaderGraph) -> None:
    """Blind wall with the traces of a house that stood there, in patches."""
    place, face = places(graph)
    rough, relief = _bricks(graph, (0.3, 0.17, 0.12), face)
    grain = graph.noise(place, 35.0, detail=4.0)
    coat = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.65, 1.1))
    left = graph.noise(graph.stretched(place, (1.0, 1.0, 0.7)), 0.35, detail=7.0)
    is_bare = graph.ramp(left, 0.5, 0.53)
    graph.surface(
        weathered(graph, graph.mix(is_bare, coat, rough), place, streaks=0.45),
        0.92,
        Normal=graph.bump(relief, 0.008, 0.5),
    )


def faded_paint(graph: ShaderGraph) -> None:
    """Old advert on a wall: the bricks show where its paint has gone."""
    place, face = places(graph)
    rough, relief = _bricks(graph, (0.3, 0.17, 0.12), face)
    worn = graph.noise(place, 1.1, detail=8.0)
    fine = graph.noise(face, 25.0, detail=4.0)
    share = graph.math("ADD", worn, graph.math("MULTIPLY", fine, 0.35))
    paint = graph.dim(graph.tint(), graph.ramp(fine, 0.3, 0.7, 0.6, 1.05))
    colour = graph.mix(graph.ramp(share, 0.56, 0.74, 0.12, 0.95), paint, rough)
    graph.surface(
        weathered(graph, colour, place, streaks=0.4),
        0.9,
        Normal=graph.bump(relief, 0.008, 0.5),
    )


RECIPES = {
    "brick": brick,
    "plaster": plaster,
    "concrete": concrete,
    "stone": stone,
    "rustic_stone": rustic_stone,
    "trim": trim,
    "fire_wall": fire_wall,
    "faded_paint": faded_paint,
    **materials_cladding.RECIPES,
    **materials_windows.RECIPES,
    **materials_roofs.RECIPES,
}
