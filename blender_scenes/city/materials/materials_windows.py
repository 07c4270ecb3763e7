"""Surfaces in and behind windows: glass, curtains, rooms, goods, signs.

What is lit at night reads the scene's ``lamps_lit``. Its radiance is in the units of
the day's light; the exposure of a night makes it bright.
"""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value

# Radiance at night of a white wall in a lit room and in a shop, of lit letters and of
# neon tubes.
ROOM_RADIANCE = 1.0
SHOP_RADIANCE = 0.65
SIGN_RADIANCE = 1.2
NEON_RADIANCE = 2.0


def _glow(graph: ShaderGraph, by_day: float, by_night: float) -> Value:
    """Return the strength of a light that goes on at night."""
    lit = graph.math("MULTIPLY", graph.scene_value("lamps_lit"), by_night - by_day)
    return graph.math("ADD", lit, by_day)


def _dark_room(graph: ShaderGraph) -> tuple[Value, Value]:
    """Return the colour of an unlit room behind glass, and the pane's normal."""
    position = graph.object_position()
    room = graph.noise(position, 1.6, detail=3.0)
    colour = graph.mix(
        graph.ramp(room, 0.4, 0.7), (0.01, 0.012, 0.014), (0.06, 0.06, 0.055)
    )
    wobble = graph.noise(position, 0.9, detail=1.0)
    return colour, graph.bump(wobble, 0.02, 0.15)


def _smears(graph: ShaderGraph) -> Value:
    """Return the roughness of a pane that nobody has cleaned for a while."""
    smear = graph.noise(
        graph.stretched(graph.object_position(), (3.0, 3.0, 0.9)), 1.0, detail=5.0
    )
    return graph.ramp(smear, 0.45, 0.75, 0.03, 0.16)


def glass(graph: ShaderGraph) -> None:
    """Window pane seen from outside: a dark room behind a mirror."""
    colour, normal = _dark_room(graph)
    graph.surface(
        graph.multiply(colour, graph.tint()),
        _smears(graph),
        Specular_IOR_Level=0.8,
        Normal=normal,
    )


def _lit_glass(graph: ShaderGraph, light: Value, radiance: float, day: float) -> None:
    """Finish a pane with a room behind it that is lit at night."""
    colour, normal = _dark_room(graph)
    face = graph.face_position()
    # Lamps, furniture and shadows, out of focus behind the pane.
    broad = graph.noise(face, 0.7, detail=1.0)
    upright = graph.noise(graph.stretched(face, (1.9, 0.3, 1.0)), 1.0, detail=1.0)
    shade = graph.math(
        "MULTIPLY",
        graph.ramp(broad, 0.25, 0.75, 0.35, 1.1),
        graph.ramp(upright, 0.4, 0.6, 0.6, 1.0),
    )
    seen = graph.dim(light, shade)
    graph.surface(
        colour,
        _smears(graph),
        Specular_IOR_Level=0.8,
        Normal=normal,
        Emission_Color=seen,
        Emission_Strength=_glow(graph, day, radiance),
    )


def glass_lit(graph: ShaderGraph) -> None:
    """Pane before a room that is lit at night in the face's tint."""
    _lit_glass(graph, graph.tint(), ROOM_RADIANCE, 0.0)


def shop_glass(graph: ShaderGraph) -> None:
    """Pane of a shop's or a house's door, lit from inside."""
    _lit_glass(graph, (1.0, 0.78, 0.5), ROOM_RADIANCE, 0.03)


def glass_panel(graph: ShaderGraph) -> None:
    """Coloured glass before insulation or round a balcony."""
    position = graph.object_position()
    cloud = graph.noise(position, 2.0, detail=5.0)
    colour = graph.dim(graph.tint(), graph.ramp(cloud, 0.3, 0.7, 0.7, 0.95))
    wobble = graph.noise(position, 0.9, detail=1.0)
    graph.surface(
        colour,
        _smears(graph),
        Specular_IOR_Level=0.7,
        Normal=graph.bump(wobble, 0.02, 0.15),
    )


def _cloth_colour(graph: ShaderGraph, *, is_blind: bool) -> Value:
    face = graph.face_position()
    weave = graph.noise(face, 120.0, detail=2.0)
    if is_blind:
        height = graph.component(face, "Y")
        lath = graph.math("FRACT", graph.math("MULTIPLY", height, 18.0))
        shade = graph.ramp(lath, 0.0, 1.0, 0.3, 0.8)
    else:
        drape = graph.noise(graph.stretched(face, (9.0, 0.7, 1.0)), 1.0, detail=3.0)
        shade = graph.ramp(drape, 0.3, 0.7, 0.25, 0.85)
    colour = graph.dim(graph.tint(), shade)
    return graph.dim(colour, graph.ramp(weave, 0.3, 0.7, 0.85, 1.1))


def curtain(graph: ShaderGraph) -> None:
    """Cloth behind the pane, with folds, under the pane's reflection."""
    colour = _cloth_colour(graph, is_blind=False)
    graph.surface(colour, 0.9, Coat_Weight=1.0, Coat_Roughness=0.04)


def blind(graph: ShaderGraph) -> None:
    """Laths or a roller blind behind the pane."""
    colour = _cloth_colour(graph, is_blind=True)
    graph.surface(colour, 0.9, Coat_Weight=1.0, Coat_Roughness=0.04)


def _lit_cloth(graph: ShaderGraph, *, is_blind: bool) -> None:
    colour = _cloth_colour(graph, is_blind=is_blind)
    graph.surface(
        colour,
        0.9,
        Coat_Weight=1.0,
        Coat_Roughness=0.04,
        Emission_Color=colour,
        Emission_Strength=_glow(graph, 0.0, 0.8 * ROOM_RADIANCE),
    )


def curtain_lit(graph: ShaderGraph) -> None:
    """Cloth that glows at night with the light behind it."""
    _lit_cloth(graph, is_blind=False)


def blind_lit(graph: ShaderGraph) -> None:
    """Blind that glows at night with the light behind it."""
    _lit_cloth(graph, is_blind=True)


def _interior(graph: ShaderGraph, by_day: float, by_night: float) -> None:
    """Finish walls and things indoors, which hardly any light path reaches."""
    face = graph.face_position()
    grain = graph.noise(face, 45.0, detail=3.0)
    mottle = graph.noise(graph.object_position(), 3.0, detail=4.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.75, 1.2))
    colour = graph.dim(colour, graph.ramp(mottle, 0.3, 0.7, 0.7, 1.15))
    # Corners and shelves stay darker, as if the glow were the light of lamps.
    corner = graph.node(
        "ShaderNodeAmbientOcclusion", {"Distance": 0.7}, samples=1, only_local=True
    ).outputs["AO"]
    graph.surface(
        colour,
        0.8,
        Emission_Color=graph.dim(colour, graph.ramp(corner, 0.1, 1.0, 0.15, 1.0)),
        Emission_Strength=_glow(graph, by_day, by_night),
    )


def room(graph: ShaderGraph) -> None:
    """Walls and furniture of a room that stays dark."""
    _interior(graph, 0.05, 0.004)


def room_lit(graph: ShaderGraph) -> None:
    """Walls and furniture of a room that is lit at night."""
    _interior(graph, 0.05, ROOM_RADIANCE)


def shop_room(graph: ShaderGraph) -> None:
    """Walls and goods of a shop, lit by day and brighter by night."""
    _interior(graph, 0.2, SHOP_RADIANCE)


def shop_display(graph: ShaderGraph) -> None:
    """Shelves and goods of a far shop, drawn on its pane, under a reflection."""
    face = graph.face_position()
    # Uneven spacing, else goods look like books on shelves.
    shift = graph.dim((0.9, 0.35, 0.0), graph.noise(face, 1.7, detail=1.0))
    position = graph.shifted(face, shift)
    shelves, _ = graph.bricks(
        position,
        (0.3, 0.55),
        0.022,
        colours=((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
        bias=-0.15,
    )
    _, hues = graph.cells(position, 4.6, flat=True)
    height = graph.component(face, "Y")
    tone = graph.multiply(graph.mix(0.7, hues, (0.5, 0.42, 0.3)), graph.tint())
    colour = graph.multiply(tone, shelves)
    colour = graph.dim(colour, graph.ramp(height, 0.4, 2.6, 0.55, 0.2))
    graph.surface(
        colour,
        0.7,
        Coat_Weight=1.0,
        Coat_Roughness=0.03,
        Emission_Color=colour,
        Emission_Strength=_glow(graph, 0.5, 2.0 * SHOP_RADIANCE),
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


def _sign(graph: ShaderGraph, by_day: float, by_night: float) -> None:
    grime = graph.noise(graph.object_position(), 12.0, detail=5.0)
    colour = graph.dim(graph.tint(), graph.ramp(grime, 0.3, 0.7, 0.7, 1.05))
    graph.surface(
        colour,
        0.35,
        Emission_Color=colour,
        Emission_Strength=_glow(graph, by_day, by_night),
    )


def sign_lit(graph: ShaderGraph) -> None:
    """Letters, boxes and lamps that shine at night in the face's tint."""
    _sign(graph, 0.12, SIGN_RADIANCE)


def neon(graph: ShaderGraph) -> None:
    """Gas tubes in the face's tint, on by day too."""
    _sign(graph, 0.5, NEON_RADIANCE)


def house_plant(graph: ShaderGraph) -> None:
    """Leaves in window boxes and pots."""
    blotch = graph.noise(graph.object_position(), 25.0, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(blotch, 0.3, 0.7, 0.6, 1.5))
    graph.surface(colour, 0.6)


RECIPES = {
    "glass": glass,
    "glass_lit": glass_lit,
    "shop_glass": shop_glass,
    "glass_panel": glass_panel,
    "curtain": curtain,
    "blind": blind,
    "curtain_lit": curtain_lit,
    "blind_lit": blind_lit,
    "room": room,
    "room_lit": room_lit,
    "shop_room": shop_room,
    "shop_display": shop_display,
    "poster": poster,
    "sign_lit": sign_lit,
    "neon": neon,
    "house_plant": house_plant,
}
