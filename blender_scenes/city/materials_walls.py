"""Surfaces of houses: walls, trim, glass, roofs."""

from __future__ import annotations

from blender_scenes.city.shader_graph import ShaderGraph, Value


def _weathered(graph: ShaderGraph, colour: Value, *, streaks: float = 0.22) -> Value:
    """Darken a wall by rain streaks, broad stains and splashes near the ground."""
    position = graph.object_position()
    streak = graph.noise(graph.stretched(position, (2.6, 2.6, 0.16)), 1.0, detail=3.0)
    broad = graph.noise(position, 0.28, detail=3.0)
    height = graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs["Z"]
    splash = graph.ramp(height, 0.0, 1.1, 0.68, 1.0)
    colour = graph.dim(colour, graph.ramp(streak, 0.42, 0.72, 1.0, 1.0 - streaks))
    colour = graph.dim(colour, graph.ramp(broad, 0.3, 0.7, 0.78, 1.12))
    return graph.dim(colour, splash)


def brick(graph: ShaderGraph) -> None:
    """Clay bricks 215 by 65 mm in pale mortar, each of its own shade."""
    position = graph.face_position()
    pattern, is_mortar = graph.bricks(
        position,
        (0.225, 0.075),
        0.006,
        colours=((1.25, 1.2, 1.15), (0.6, 0.6, 0.62)),
        bias=-0.1,
    )
    grain = graph.noise(position, 90.0, detail=2.0)
    clay = graph.multiply(graph.tint(), pattern)
    clay = graph.dim(clay, graph.ramp(grain, 0.3, 0.7, 0.75, 1.25))
    colour = graph.mix(is_mortar, clay, (0.3, 0.28, 0.25))
    relief = graph.math("SUBTRACT", 1.0, is_mortar)
    graph.surface(
        _weathered(graph, colour), 0.88, Normal=graph.bump(relief, 0.008, 0.6)
    )


def plaster(graph: ShaderGraph) -> None:
    """Rough-cast render with patches."""
    position = graph.object_position()
    grain = graph.noise(position, 45.0, detail=3.0)
    patch = graph.noise(position, 1.1, detail=4.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.25, 0.75, 0.72, 1.22))
    colour = graph.dim(colour, graph.ramp(patch, 0.35, 0.65, 0.86, 1.08))
    graph.surface(
        _weathered(graph, colour, streaks=0.28),
        0.9,
        Normal=graph.bump(grain, 0.01, 0.5),
    )


def concrete(graph: ShaderGraph) -> None:
    """Cast panels 3 by 1.5 m with joints, pores and stains."""
    position = graph.face_position()
    panels, _ = graph.bricks(
        position,
        (3.0, 1.5),
        0.012,
        colours=((1.08, 1.08, 1.08), (0.88, 0.88, 0.88)),
        mortar=(0.3, 0.3, 0.3),
        smooth=0.0,
        offset=0.0,
    )
    grain = graph.noise(position, 38.0, detail=3.0)
    pore, _ = graph.cells(position, 9.0, flat=True)
    colour = graph.multiply(graph.tint(), panels)
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.75, 1.2))
    colour = graph.dim(colour, graph.ramp(pore, 0.04, 0.09, 0.5, 1.0))
    graph.surface(
        _weathered(graph, colour, streaks=0.3),
        0.85,
        Normal=graph.bump(grain, 0.004, 0.4),
    )


def stone(graph: ShaderGraph) -> None:
    """Ashlar blocks 0.8 by 0.4 m with fine joints and veins."""
    position = graph.face_position()
    blocks, mortar = graph.bricks(
        position,
        (0.8, 0.4),
        0.008,
        colours=((1.15, 1.13, 1.08), (0.78, 0.78, 0.8)),
        mortar=(0.35, 0.34, 0.32),
        smooth=0.3,
    )
    # Untinted stone parts (steps, plinths) carry white: this is their colour.
    base = graph.multiply(graph.tint(), (0.62, 0.6, 0.57))
    grain = graph.noise(position, 50.0, detail=3.0)
    vein = graph.noise(position, 2.4, detail=4.0)
    colour = graph.multiply(base, blocks)
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.75, 1.22))
    colour = graph.dim(colour, graph.ramp(vein, 0.35, 0.65, 0.8, 1.1))
    relief = graph.math("SUBTRACT", 1.0, mortar)
    graph.surface(_weathered(graph, colour), 0.8, Normal=graph.bump(relief, 0.008, 0.5))


def trim(graph: ShaderGraph) -> None:
    """Painted stone of sills and cornices, dirty where rain does not reach."""
    position = graph.object_position()
    grain = graph.noise(position, 35.0, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.72, 1.12))
    colour = graph.dim(colour, 0.75)
    graph.surface(_weathered(graph, colour, streaks=0.4), 0.75)


def glass(graph: ShaderGraph) -> None:
    """Window pane seen from outside: a dark room behind a mirror."""
    position = graph.object_position()
    room = graph.noise(position, 1.6, detail=2.0)
    colour = graph.mix(
        graph.ramp(room, 0.4, 0.7), (0.012, 0.015, 0.018), (0.06, 0.06, 0.055)
    )
    wobble = graph.noise(position, 0.9, detail=1.0)
    graph.surface(
        graph.multiply(colour, graph.tint()),
        0.06,
        Specular_IOR_Level=0.8,
        Normal=graph.bump(wobble, 0.02, 0.15),
    )


def curtain(graph: ShaderGraph) -> None:
    """Cloth or blind behind the pane, with folds, under the pane's reflection."""
    position = graph.face_position()
    folds = graph.node(
        "ShaderNodeTexWave",
        {"Vector": position, "Scale": 3.2, "Distortion": 2.5, "Detail": 1.0},
        bands_direction="X",
    ).outputs["Fac"]
    colour = graph.dim(graph.tint(), graph.ramp(folds, 0.0, 1.0, 0.3, 0.72))
    graph.surface(colour, 0.9, Coat_Weight=1.0, Coat_Roughness=0.04)


def shop_display(graph: ShaderGraph) -> None:
    """Shelves and goods behind a shop window, dimly lit, under a reflection."""
    face = graph.face_position()
    # Uneven spacing, else goods look like books on shelves.
    shift = graph.dim((0.9, 0.35, 0.0), graph.noise(face, 1.7, detail=1.0))
    position = graph.shifted(face, shift)
    goods, _ = graph.bricks(
        position,
        (0.3, 0.55),
        0.022,
        colours=((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
        bias=-0.15,
    )
    _, hues = graph.cells(position, 4.6, flat=True)
    height = graph.node("ShaderNodeSeparateXYZ", {"Vector": face}).outputs["Y"]
    tone = graph.multiply(graph.mix(0.7, hues, (0.5, 0.42, 0.3)), graph.tint())
    colour = graph.multiply(tone, goods)
    colour = graph.dim(colour, graph.ramp(height, 0.4, 2.6, 0.55, 0.16))
    graph.surface(
        colour,
        0.7,
        Coat_Weight=1.0,
        Coat_Roughness=0.03,
        Emission_Color=colour,
        Emission_Strength=0.5,
    )


def poster(graph: ShaderGraph) -> None:
    """Make a printed sheet: a coarse picture with lines of text."""
    position = graph.face_position()
    _, hues = graph.cells(position, 7.0, flat=True)
    lines = graph.node(
        "ShaderNodeTexWave", {"Vector": position, "Scale": 6.0}, bands_direction="Y"
    ).outputs["Fac"]
    colour = graph.multiply(graph.mix(0.5, graph.tint(), hues), (0.9, 0.9, 0.9))
    graph.surface(graph.dim(colour, graph.ramp(lines, 0.2, 0.8, 0.4, 1.0)), 0.5)


def roof_tile(graph: ShaderGraph) -> None:
    """Rows of tiles, mossy in places."""
    position = graph.face_position()
    tiles, mortar = graph.bricks(
        position,
        (0.3, 0.22),
        0.015,
        colours=((1.3, 1.3, 1.3), (0.65, 0.65, 0.65)),
        mortar=(0.2, 0.2, 0.2),
    )
    moss = graph.noise(position, 1.4, detail=4.0)
    colour = graph.multiply(graph.tint(), tiles)
    colour = graph.mix(
        graph.ramp(moss, 0.55, 0.75, 0.0, 0.6), colour, (0.06, 0.07, 0.035)
    )
    relief = graph.math("SUBTRACT", 1.0, mortar)
    graph.surface(colour, 0.75, Normal=graph.bump(relief, 0.015, 0.7))


def roof_felt(graph: ShaderGraph) -> None:
    """Bitumen with grit."""
    grain = graph.noise(graph.object_position(), 30.0, detail=3.0)
    graph.surface(
        graph.dim((0.07, 0.07, 0.072), graph.ramp(grain, 0.3, 0.7, 0.6, 1.5)), 0.95
    )


RECIPES = {
    "brick": brick,
    "plaster": plaster,
    "concrete": concrete,
    "stone": stone,
    "trim": trim,
    "glass": glass,
    "curtain": curtain,
    "shop_display": shop_display,
    "poster": poster,
    "roof_tile": roof_tile,
    "roof_felt": roof_felt,
}
