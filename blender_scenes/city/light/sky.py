"""Sun, sky with clouds, night, and how much light transport they need."""

from __future__ import annotations

import bpy
import numpy as np

from blender_scenes.city.materials.shader_graph import ShaderGraph, Value
from blender_scenes.city.plan import Atmosphere

SUN_ANGLE_RAD = float(np.radians(0.53))
# Irradiance of a clear sun high above on a plane that faces it, in the sky texture's
# units after SKY_STRENGTH; chosen for a ratio of about 4 to 1 of sun to sky light.
SUN_STRENGTH = 4.4
SKY_STRENGTH = 0.085
# Optical depth of clear air above, at about 610, 550 and 470 nm.
_AIR_OPTICAL_DEPTH = np.array([0.09, 0.14, 0.26])
# The sky texture's mean radiance after SKY_STRENGTH, and what is made of it: by
# twilight far more than nature does, as eyes and cameras adapt.
_ELEVATION_DEG = (-8.0, -6.0, -4.0, -2.0, 0.0, 4.0, 8.0, 15.0, 30.0, 60.0)
_SKY_MEAN = (0.0006, 0.0012, 0.003, 0.012, 0.041, 0.145, 0.233, 0.315, 0.384, 0.465)
_SEEN_MEAN = (0.004, 0.011, 0.025, 0.05, 0.085, 0.16, 0.233, 0.315, 0.384, 0.465)
_CLOUD_RADIANCE = 1.5
_GREY = np.array([0.93, 0.975, 1.03])
_EVENING_CLOUD = np.array([1.12, 0.78, 0.66])
# What the camera sees of a clear sky and of a closed grey one, as behind a graduated
# filter: a street between houses is several stops darker than its sky, which would be
# all white.
_SEEN_CLEAR, _SEEN_GREY = 0.5, 0.72
# Radiance of the night sky: overhead, and where the city lights the air.
_NIGHT_ZENITH = np.array([0.006, 0.009, 0.016])
_NIGHT_GLOW = np.array([0.034, 0.028, 0.026])
# How high fog reaches, metres.
_FOG_TOP_M = 60.0
# The automatic map of where the sky is bright is computed anew for every frame, which
# is half of its time. The sun is a lamp, so a coarse map adds no noise.
_SKY_MAP_PX = 512


def add_light(scene: bpy.types.Scene, air: Atmosphere) -> None:
    """Add world and sun, and set bounces."""
    scene.world = _world(air)
    if air.sun_strength > 0.0 and air.sun_elevation_rad > 0.0:
        scene.collection.objects.link(_sun(air))
    _set_light_paths(scene)


def daylight(air: Atmosphere) -> float:
    """Return the mean radiance of the sky above, without clouds and without night."""
    elevation_deg = np.degrees(air.sun_elevation_rad)
    if elevation_deg < _ELEVATION_DEG[0]:
        return 0.0
    return float(np.interp(elevation_deg, _ELEVATION_DEG, _SEEN_MEAN))


def night(air: Atmosphere) -> float:
    """Return 0 by day to 1 once the sun is 8 degrees below the horizon."""
    return float(np.clip(-np.degrees(air.sun_elevation_rad) / 8.0, 0.0, 1.0))


def horizon_rgb(air: Atmosphere) -> np.ndarray:
    """Return the radiance (3,) of thick air, which the camera sees far away."""
    grey = air.cloud_cover * _GREY + (1.0 - air.cloud_cover) * np.array([0.9, 1.0, 1.2])
    dusk = _low_sun(air) * (1.0 - air.cloud_cover)
    grey = grey * (1.0 - dusk) + dusk * np.array([1.2, 0.95, 0.85])
    by_day = 0.95 * _seen_share(air) * daylight(air) * grey
    return by_day + night(air) * (_NIGHT_ZENITH + 0.6 * _NIGHT_GLOW)


def _seen_share(air: Atmosphere) -> float:
    """Return the share of the sky's radiance that the camera is shown by day."""
    return _SEEN_CLEAR + air.cloud_cover**4 * (_SEEN_GREY - _SEEN_CLEAR)


def _low_sun(air: Atmosphere) -> float:
    """Return 1 while the sun is near the horizon, 0 once above 12 degrees."""
    return float(np.clip(1.0 - np.degrees(air.sun_elevation_rad) / 12.0, 0.0, 1.0))


def air_mass(elevation_rad: float) -> float:
    """Return the air on the way to the sun, in units of that straight up.

    References
    ----------
    Kasten & Young (1989), Eq. 3.
    """
    degrees = max(float(np.degrees(elevation_rad)), 0.0)
    return float(
        1.0 / (np.sin(np.radians(degrees)) + 0.50572 * (degrees + 6.07995) ** -1.6364)
    )


def _sun(air: Atmosphere) -> bpy.types.Object:
    lamp = bpy.data.lights.new("street_sun", "SUN")
    through = np.exp(-_AIR_OPTICAL_DEPTH * (air_mass(air.sun_elevation_rad) - 1.0))
    lamp.energy = SUN_STRENGTH * air.sun_strength
    lamp.color = tuple(np.array([1.0, 0.95, 0.87]) * through)
    # A weak sun stands behind clouds, which widen it.
    lamp.angle = SUN_ANGLE_RAD * (1.0 + 6.0 * (1.0 - air.sun_strength))
    thing = bpy.data.objects.new("street_sun", lamp)
    thing["label"] = 0
    azimuth, elevation = air.sun_azimuth_rad, air.sun_elevation_rad
    # A sun lamp shines along its own -z.
    thing.rotation_euler = (np.pi / 2 - elevation, 0.0, np.pi - azimuth)
    return thing


def _world(air: Atmosphere) -> bpy.types.World:
    world = bpy.data.worlds.new("street_sky")
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = _SKY_MAP_PX
    graph = ShaderGraph(world.node_tree)
    direction = graph.node("ShaderNodeTexCoord", {}).outputs["Generated"]
    axes = graph.node("ShaderNodeSeparateXYZ", {"Vector": direction})
    height = axes.outputs["Z"]
    colour = _clear_sky(graph, air)
    if night(air) > 0.0:
        colour = graph.add(colour, _night_sky(graph, direction, height, air))
    colour = _with_clouds(graph, colour, axes, air)
    is_seen = graph.node("ShaderNodeLightPath", {}).outputs["Is Camera Ray"]
    seen = _seen_share(air)
    filtered = seen + (1.0 - seen) * night(air)
    colour = graph.dim(colour, graph.ramp(is_seen, 0.0, 1.0, 1.0, filtered))
    if air.fog_per_m > 0.0:
        colour = _behind_fog(graph, colour, height, is_seen, air)
    background = graph.node("ShaderNodeBackground", {"Color": colour})
    output = graph.node("ShaderNodeOutputWorld", {})
    graph.tree.links.new(background.outputs[0], output.inputs["Surface"])
    return world


def _clear_sky(graph: ShaderGraph, air: Atmosphere) -> Value:
    """Return the blue sky, or that of dawn and dusk; black by night."""
    if daylight(air) == 0.0:
        return graph.constant((0.0, 0.0, 0.0))
    texture = graph.node(
        "ShaderNodeTexSky",
        {},
        sky_type="MULTIPLE_SCATTERING",
        sun_disc=False,
        sun_elevation=air.sun_elevation_rad,
        sun_rotation=air.sun_azimuth_rad,
        aerosol_density=air.haze,
    )
    elevation_deg = np.degrees(air.sun_elevation_rad)
    gain = daylight(air) / np.interp(elevation_deg, _ELEVATION_DEG, _SKY_MEAN)
    return graph.dim(texture.outputs["Color"], float(SKY_STRENGTH * gain))


def _night_sky(
    graph: ShaderGraph, direction: Value, height: Value, air: Atmosphere
) -> Value:
    """Return the dark sky over a lit city, with stars and a moon."""
    low = graph.math("POWER", graph.ramp(height, 0.0, 0.8, 1.0, 0.0), 3.0)
    colour = graph.mix(low, tuple(_NIGHT_ZENITH), tuple(_NIGHT_ZENITH + _NIGHT_GLOW))
    spot, hue = graph.cells(direction, 90.0)
    brightness = graph.node("ShaderNodeRGBToBW", {"Color": hue}).outputs[0]
    is_star = graph.ramp(spot, 0.03, 0.09, 1.0, 0.0)
    magnitude = graph.math("POWER", brightness, 6.0)
    starlight = graph.math("MULTIPLY", is_star, magnitude)
    starlight = graph.math("MULTIPLY", starlight, graph.ramp(height, 0.05, 0.4))
    colour = graph.add(colour, graph.dim((1.6, 1.7, 1.9), starlight))
    # Opposite the sun, as a full moon.
    turn, rise = air.sun_azimuth_rad + np.pi, min(0.6, -air.sun_elevation_rad)
    moon = (np.sin(turn) * np.cos(rise), np.cos(turn) * np.cos(rise), np.sin(rise))
    aligned = graph.node(
        "ShaderNodeVectorMath",
        {"Vector": direction, "Vector_001": moon},
        operation="DOT_PRODUCT",
    ).outputs["Value"]
    disc = graph.ramp(aligned, float(np.cos(0.0056)), float(np.cos(0.0046)))
    halo = graph.math("POWER", graph.ramp(aligned, 0.7, 1.0), 24.0)
    colour = graph.add(colour, graph.dim((0.9, 0.92, 0.85), disc))
    colour = graph.add(colour, graph.dim((0.03, 0.032, 0.036), halo))
    return graph.dim(colour, night(air))


def _with_clouds(
    graph: ShaderGraph, sky: Value, axes: bpy.types.Node, air: Atmosphere
) -> Value:
    """Mix a flat layer of clouds over the clear sky, closed if the cover is 1."""
    height = graph.math("ADD", graph.math("MAXIMUM", axes.outputs["Z"], 0.0), 0.16)
    layer = graph.node(
        "ShaderNodeCombineXYZ",
        {
            "X": graph.math("DIVIDE", axes.outputs["X"], height),
            "Y": graph.math("DIVIDE", axes.outputs["Y"], height),
            # Each sky cuts another slice of the same endless noise.
            "Z": air.haze * 37.0,
        },
    ).outputs["Vector"]
    puffs = graph.noise(layer, 1.1, detail=5.0)
    low = _low_sun(air)
    tint = (1.0 - low) * np.array([1.0, 0.985, 0.965]) + low * _EVENING_CLOUD
    by_night = night(air) * (0.35 * _NIGHT_ZENITH + 0.75 * _NIGHT_GLOW)
    if air.cloud_cover >= 1.0:
        return _overcast(graph, layer, puffs, axes.outputs["Z"], by_night, air)
    edge = 0.62 - 0.24 * air.cloud_cover
    density = graph.ramp(puffs, edge, edge + 0.16, 0.0, 0.94)
    shade = graph.ramp(puffs, edge, edge + 0.3, 1.0, 0.75)
    bright = _CLOUD_RADIANCE * daylight(air) * (0.7 + 0.3 * air.sun_strength)
    white = graph.dim(tuple(bright * tint + by_night), shade)
    return graph.mix(density, sky, white)


def _overcast(
    graph: ShaderGraph,
    layer: Value,
    puffs: Value,
    height: Value,
    by_night: np.ndarray,
    air: Atmosphere,
) -> Value:
    """Return a closed grey layer, three times as bright overhead as at the horizon.

    References
    ----------
    Moon & Spencer (1942), the luminance of an overcast sky.
    """
    low = _low_sun(air)
    grey = (1.0 - 0.3 * low) * _GREY + 0.3 * low * _EVENING_CLOUD
    bright = 1.25 * daylight(air) * grey
    gradient = graph.ramp(graph.math("MAXIMUM", height, 0.0), 0.0, 1.0, 0.75, 1.35)
    banks = graph.noise(graph.stretched(layer, (0.28, 0.7, 1.0)), 1.0, detail=4.0)
    shade = graph.math(
        "MULTIPLY",
        graph.ramp(puffs, 0.3, 0.7, 0.84, 1.12),
        graph.ramp(banks, 0.3, 0.7, 0.68, 1.22),
    )
    return graph.dim(tuple(bright + by_night), graph.math("MULTIPLY", gradient, shade))


def _behind_fog(
    graph: ShaderGraph, sky: Value, height: Value, is_seen: Value, air: Atmosphere
) -> Value:
    """Hide the low sky from the camera as the fog does what stands there."""
    slant = graph.math("MAXIMUM", height, 1e-3)
    depth = graph.math("DIVIDE", -air.fog_per_m * _FOG_TOP_M, slant)
    share = graph.math("SUBTRACT", 1.0, graph.math("EXPONENT", depth))
    share = graph.math("MULTIPLY", share, is_seen)
    return graph.mix(share, sky, tuple(horizon_rgb(air)))


def _set_light_paths(scene: bpy.types.Scene) -> None:
    """Keep light paths as short as an open street allows."""
    cycles = scene.cycles
    cycles.max_bounces = 4
    cycles.diffuse_bounces = 2
    cycles.glossy_bounces = 2
    cycles.transmission_bounces = 1
    cycles.transparent_max_bounces = 1
    cycles.volume_bounces = 0
    cycles.caustics_reflective = False
    cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4.0
    cycles.blur_glossy = 1.0
    # Sun and sky are the only lamps by day: a tree of two costs more than it saves.
    cycles.use_light_tree = False
