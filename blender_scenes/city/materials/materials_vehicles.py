"""Surfaces of vehicles: paint, glass, tyres, trim, lamps, loads.

Lamps shine where the scene's ``lamps_lit`` and the vehicle's own ``lights_on`` say so;
radiances are in the units of the day's light, as `materials_windows` has them.
"""

from __future__ import annotations

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value

_ROAD_DUST_RGB = (0.13, 0.115, 0.095)
# Radiance at night; a white wall under street lamps has about 0.06.
_HEAD_RADIANCE = 5.0
_TAIL_RADIANCE = 1.3
_SIDE_RADIANCE = 0.5
_CABIN_RADIANCE = 0.14
_DISPLAY_RADIANCE = 1.1


def _under_way(graph: ShaderGraph) -> Value:
    """Return 1 on vehicles with their lights switched on, else 0."""
    node = graph.node(
        "ShaderNodeAttribute",
        {},
        attribute_name="lights_on",
        attribute_type="OBJECT",
    )
    return node.outputs["Fac"]


def _glow(graph: ShaderGraph, by_day: float, by_night: float) -> Value:
    """Return the strength of a light of a vehicle under way, by day and by night."""
    lit = graph.scene_value("lamps_lit")
    strength = graph.ramp(lit, 0.0, 1.0, by_day, by_night)
    return graph.math("MULTIPLY", strength, _under_way(graph))


def _height(graph: ShaderGraph, position: Value) -> Value:
    return graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs["Z"]


def _road_dust(graph: ShaderGraph, position: Value, thick: float) -> Value:
    """Return how much dust lies on a body: much at the sills, a film higher up."""
    cloud = graph.noise(position, 3.2, detail=5.0)
    splash = graph.noise(graph.stretched(position, (6.0, 6.0, 14.0)), 1.0, detail=3.0)
    low = graph.ramp(_height(graph, position), 0.2, 0.75, thick, 0.025)
    patchy = graph.math("ADD", cloud, graph.math("MULTIPLY", splash, 0.6))
    return graph.math("MULTIPLY", low, graph.ramp(patchy, 0.5, 1.1, 0.15, 1.3))


def car_paint(graph: ShaderGraph) -> None:
    """Lacquer in the object's colour: flakes, orange peel, a film of dirt."""
    position = graph.object_position()
    flakes, _ = graph.cells(position, 420.0)
    tone = graph.noise(position, 1.3, detail=2.0)
    colour = graph.dim(graph.object_colour(), graph.ramp(flakes, 0.1, 0.6, 1.12, 0.86))
    colour = graph.dim(colour, graph.ramp(tone, 0.3, 0.7, 0.93, 1.07))
    dusty = _road_dust(graph, position, 0.62)
    peel = graph.noise(position, 260.0, detail=0.0)
    graph.surface(
        graph.mix(dusty, colour, _ROAD_DUST_RGB),
        graph.ramp(dusty, 0.0, 0.6, 0.34, 0.75),
        Metallic=0.35,
        Coat_Weight=graph.ramp(dusty, 0.05, 0.5, 1.0, 0.15),
        Coat_Roughness=graph.ramp(dusty, 0.0, 0.4, 0.035, 0.3),
        Coat_Normal=graph.bump(peel, 0.0002, 0.06),
    )


def _interior(graph: ShaderGraph, position: Value) -> Value:
    """Return the colour of seats and trim behind a dark pane."""
    seats, _ = graph.cells(graph.stretched(position, (1.3, 1.15, 1.7)), 1.0)
    trim = graph.noise(position, 3.5, detail=2.0)
    colour = graph.mix(
        graph.ramp(seats, 0.32, 0.46), (0.05, 0.05, 0.052), (0.009, 0.01, 0.012)
    )
    return graph.dim(colour, graph.ramp(trim, 0.35, 0.65, 0.55, 1.4))


def _pane_dirt(graph: ShaderGraph, position: Value) -> Value:
    smear = graph.noise(graph.stretched(position, (2.5, 2.5, 1.2)), 2.0, detail=5.0)
    return graph.ramp(smear, 0.42, 0.75)


def car_glass(graph: ShaderGraph) -> None:
    """Car window: dark seats behind a mirror that is a little dusty."""
    position = graph.object_position()
    dirt = _pane_dirt(graph, position)
    film = graph.math("MULTIPLY", dirt, 0.12)
    graph.surface(
        graph.mix(film, _interior(graph, position), (0.2, 0.19, 0.17)),
        graph.ramp(dirt, 0.0, 1.0, 0.02, 0.12),
        Specular_IOR_Level=0.75,
    )


def bus_glass(graph: ShaderGraph) -> None:
    """Bus window: seats, poles and passengers, lit from the ceiling at night."""
    position = graph.object_position()
    face = graph.face_position()
    height = _height(graph, position)
    heads, hue = graph.cells(graph.stretched(face, (1.9, 1.25, 1.0)), 1.0, flat=True)
    is_body = graph.ramp(heads, 0.4, 0.46, 1.0, 0.0)
    is_low = graph.ramp(height, 1.5, 1.62, 1.0, 0.0)
    is_seated = graph.math("MULTIPLY", is_body, is_low)
    clutter = graph.noise(face, 2.2, detail=3.0)
    wall = graph.math(
        "MULTIPLY",
        graph.ramp(height, 1.0, 2.25, 0.12, 1.0),
        graph.ramp(clutter, 0.35, 0.65, 0.45, 1.15),
    )
    room = graph.dim((0.72, 0.7, 0.58), wall)
    poles, _ = graph.bricks(
        face, (0.9, 9.0), 0.02, colours=((0.0,) * 3, (0.0,) * 3),
        mortar=(1.0, 1.0, 1.0), offset=0.0,
    )  # fmt: skip
    room = graph.mix(graph.math("MULTIPLY", is_low, 0.5), room, (0.05, 0.09, 0.2))
    room = graph.mix(is_seated, room, graph.mix(0.8, hue, (0.02, 0.02, 0.025)))
    room = graph.mix(poles, room, (0.7, 0.5, 0.05))
    dirt = _pane_dirt(graph, position)
    graph.surface(
        graph.mix(graph.math("MULTIPLY", dirt, 0.1), graph.dim(room, 0.07), (0.2,) * 3),
        graph.ramp(dirt, 0.0, 1.0, 0.02, 0.12),
        Specular_IOR_Level=0.75,
        Emission_Color=room,
        Emission_Strength=_glow(graph, 0.0, _CABIN_RADIANCE),
    )


def tyre(graph: ShaderGraph) -> None:
    """Rubber with road dust in its grooves and faint rings on its wall."""
    position = graph.object_position()
    axes = graph.node("ShaderNodeSeparateXYZ", {"Vector": position}).outputs
    radius = graph.math(
        "SQRT",
        graph.math(
            "ADD",
            graph.math("MULTIPLY", axes["Y"], axes["Y"]),
            graph.math("MULTIPLY", axes["Z"], axes["Z"]),
        ),
    )
    rings = graph.math("SINE", graph.math("MULTIPLY", radius, 620.0))
    grain = graph.noise(position, 70.0, detail=3.0)
    patches = graph.noise(position, 7.0, detail=4.0)
    colour = graph.dim((0.021, 0.021, 0.022), graph.ramp(rings, -1.0, 1.0, 0.8, 1.2))
    colour = graph.dim(colour, graph.ramp(grain, 0.3, 0.7, 0.65, 1.5))
    dusty = graph.ramp(patches, 0.4, 0.75, 0.08, 0.5)
    graph.surface(
        graph.mix(dusty, colour, (0.085, 0.078, 0.068)),
        graph.ramp(grain, 0.3, 0.7, 0.62, 0.9),
        Normal=graph.bump(rings, 0.0006, 0.5),
    )


def alloy(graph: ShaderGraph) -> None:
    """Cast and lacquered aluminium with brake dust towards the hub."""
    position = graph.object_position()
    grain = graph.noise(position, 120.0, detail=2.0)
    dust = graph.noise(position, 9.0, detail=4.0)
    dusty = graph.ramp(dust, 0.4, 0.75, 0.05, 0.6)
    colour = graph.dim(
        graph.multiply((0.5, 0.51, 0.53), graph.tint()),
        graph.ramp(grain, 0.3, 0.7, 0.85, 1.12),
    )
    graph.surface(
        graph.mix(dusty, colour, (0.07, 0.06, 0.052)),
        graph.ramp(dusty, 0.0, 0.6, 0.24, 0.7),
        Metallic=graph.ramp(dusty, 0.0, 0.6, 0.85, 0.2),
    )


def trim_black(graph: ShaderGraph) -> None:
    """Grained black plastic and rubber seals, dusty near the road."""
    position = graph.object_position()
    grain = graph.noise(position, 150.0, detail=2.0)
    dusty = _road_dust(graph, position, 0.5)
    colour = graph.dim((0.014, 0.0142, 0.015), graph.ramp(grain, 0.3, 0.7, 0.6, 1.6))
    graph.surface(
        graph.mix(dusty, colour, (0.1, 0.09, 0.078)),
        graph.ramp(grain, 0.3, 0.7, 0.28, 0.5),
        Normal=graph.bump(grain, 0.0004, 0.5),
    )


def gap(graph: ShaderGraph) -> None:
    """Darkness in a gap between two panels."""
    graph.surface((0.004, 0.004, 0.0045), 1.0, Specular_IOR_Level=0.0)


def frame(graph: ShaderGraph) -> None:
    """Chassis steel: painted, oily and covered in road dirt."""
    position = graph.object_position()
    grain = graph.noise(position, 35.0, detail=4.0)
    oil = graph.noise(position, 2.5, detail=3.0)
    colour = graph.dim((0.035, 0.035, 0.037), graph.ramp(grain, 0.3, 0.7, 0.6, 1.5))
    colour = graph.mix(graph.ramp(oil, 0.5, 0.75, 0.0, 0.7), colour, _ROAD_DUST_RGB)
    graph.surface(colour, graph.ramp(oil, 0.35, 0.6, 0.45, 0.85))


def mirror_glass(graph: ShaderGraph) -> None:
    """Mirror with a few smears."""
    smear = graph.noise(graph.object_position(), 12.0, detail=4.0)
    graph.surface(
        (0.75, 0.77, 0.8), graph.ramp(smear, 0.4, 0.7, 0.02, 0.15), Metallic=1.0
    )


def box_panel(graph: ShaderGraph) -> None:
    """Painted panel of a lorry in the face's tint: rain streaks, dirt from below."""
    position = graph.object_position()
    streaks = graph.noise(graph.stretched(position, (7.0, 7.0, 0.5)), 1.0, detail=4.0)
    scratch = graph.noise(graph.stretched(position, (50.0, 2.0, 90.0)), 1.0, detail=2.0)
    dirt = graph.noise(position, 1.8, detail=5.0)
    low = graph.ramp(_height(graph, position), 0.8, 2.2, 0.5, 0.08)
    colour = graph.dim(graph.tint(), graph.ramp(streaks, 0.35, 0.7, 1.04, 0.8))
    colour = graph.dim(colour, graph.ramp(scratch, 0.62, 0.72, 1.0, 0.72))
    dusty = graph.math("MULTIPLY", low, graph.ramp(dirt, 0.35, 0.7, 0.2, 1.3))
    graph.surface(
        graph.mix(dusty, colour, _ROAD_DUST_RGB),
        graph.ramp(dirt, 0.3, 0.7, 0.3, 0.6),
    )


def planks(graph: ShaderGraph) -> None:
    """Sawn boards in the face's tint."""
    position = graph.object_position()
    fibre = graph.noise(graph.stretched(position, (60.0, 4.0, 60.0)), 1.0, detail=4.0)
    stain = graph.noise(position, 2.5, detail=3.0)
    colour = graph.dim(graph.tint(), graph.ramp(fibre, 0.3, 0.7, 0.5, 1.35))
    colour = graph.dim(colour, graph.ramp(stain, 0.3, 0.7, 0.75, 1.2))
    graph.surface(colour, 0.85, Normal=graph.bump(fibre, 0.003, 0.5))


def _lens(
    graph: ShaderGraph,
    colour: tuple[float, float, float],
    by_day: float,
    at_night: float,
) -> None:
    """Finish a lamp behind ribbed glass that glows in its colour."""
    position = graph.object_position()
    ribs, _ = graph.cells(position, 55.0)
    depth = graph.noise(position, 22.0, detail=1.0)
    shade = graph.dim(colour, graph.ramp(ribs, 0.1, 0.6, 1.45, 0.45))
    shade = graph.dim(shade, graph.ramp(depth, 0.35, 0.65, 0.65, 1.25))
    peak = max(colour)
    light = tuple(
        0.25 + 0.75 * c / peak if peak == min(colour) else c / peak for c in colour
    )
    graph.surface(
        shade,
        0.16,
        Coat_Weight=1.0,
        Coat_Roughness=0.03,
        Emission_Color=graph.dim(light, graph.ramp(ribs, 0.1, 0.6, 1.3, 0.25)),
        Emission_Strength=_glow(graph, by_day, at_night),
    )


def head_lamp(graph: ShaderGraph) -> None:
    """Head lamp: a day running light, dipped beam at night."""
    _lens(graph, (0.55, 0.56, 0.57), 0.5, _HEAD_RADIANCE)


def lamp_house(graph: ShaderGraph) -> None:
    """Clear cover over a dark reflector with facets."""
    position = graph.object_position()
    _, facets = graph.cells(graph.stretched(position, (60.0, 60.0, 35.0)), 1.0)
    grey = graph.node("ShaderNodeRGBToBW", {"Color": facets}).outputs[0]
    colour = graph.dim((0.32, 0.33, 0.34), graph.ramp(grey, 0.25, 0.75, 0.12, 1.3))
    graph.surface(
        colour,
        0.22,
        Metallic=0.6,
        Coat_Weight=1.0,
        Coat_Roughness=0.02,
        Emission_Color=(1.0, 0.95, 0.86),
        Emission_Strength=_glow(graph, 0.0, 0.25 * _TAIL_RADIANCE),
    )


def lamp_red(graph: ShaderGraph) -> None:
    """Tail lamp."""
    _lens(graph, (0.3, 0.006, 0.006), 0.0, _TAIL_RADIANCE)


def lamp_amber(graph: ShaderGraph) -> None:
    """Amber glass of an indicator or side lamp."""
    _lens(graph, (0.6, 0.2, 0.01), 0.0, _SIDE_RADIANCE)


def lamp_reverse(graph: ShaderGraph) -> None:
    """Reversing lamp, off while driving forwards."""
    _lens(graph, (0.5, 0.5, 0.5), 0.0, 0.0)


def reflector(graph: ShaderGraph) -> None:
    """Red reflector; shows no light of its own."""
    _lens(graph, (0.22, 0.008, 0.008), 0.0, 0.0)


def lit_sign(graph: ShaderGraph) -> None:
    """Sign or beacon on a roof, of plastic in the face's tint, lit from within."""
    grain = graph.noise(graph.object_position(), 18.0, detail=2.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.85, 1.1))
    graph.surface(
        colour,
        0.25,
        Coat_Weight=0.6,
        Emission_Color=colour,
        Emission_Strength=_glow(graph, 0.0, 1.2),
    )


def display(graph: ShaderGraph) -> None:
    """Dark matrix of a destination display."""
    dots, _ = graph.cells(graph.face_position(), 70.0, flat=True)
    graph.surface(
        graph.dim((0.012, 0.011, 0.009), graph.ramp(dots, 0.1, 0.5, 1.8, 0.3)),
        0.12,
        Coat_Weight=0.5,
    )


def lamp_display(graph: ShaderGraph) -> None:
    """Lit dots of a display, by day as by night."""
    dots, _ = graph.cells(graph.object_position(), 60.0)
    colour = graph.dim((1.0, 0.42, 0.04), graph.ramp(dots, 0.15, 0.55, 1.2, 0.35))
    graph.surface(
        graph.dim(colour, 0.4),
        0.5,
        Emission_Color=colour,
        Emission_Strength=_glow(graph, 0.6, _DISPLAY_RADIANCE),
    )


def plate(graph: ShaderGraph) -> None:
    """Enamel of plates and stickers in the face's tint, dusty and scratched."""
    position = graph.object_position()
    grain = graph.noise(position, 30.0, detail=3.0)
    dirt = graph.noise(position, 5.0, detail=4.0)
    colour = graph.dim(graph.tint(), graph.ramp(grain, 0.3, 0.7, 0.82, 1.05))
    colour = graph.mix(graph.ramp(dirt, 0.5, 0.8, 0.0, 0.35), colour, _ROAD_DUST_RGB)
    graph.surface(colour, graph.ramp(grain, 0.3, 0.7, 0.3, 0.5))


RECIPES = {
    "car_paint": car_paint,
    "car_glass": car_glass,
    "bus_glass": bus_glass,
    "tyre": tyre,
    "alloy": alloy,
    "trim_black": trim_black,
    "gap": gap,
    "frame": frame,
    "mirror_glass": mirror_glass,
    "box_panel": box_panel,
    "planks": planks,
    "head_lamp": head_lamp,
    "lamp_house": lamp_house,
    "lamp_red": lamp_red,
    "lamp_amber": lamp_amber,
    "lamp_reverse": lamp_reverse,
    "reflector": reflector,
    "lit_sign": lit_sign,
    "display": display,
    "lamp_display": lamp_display,
    "plate": plate,
}
