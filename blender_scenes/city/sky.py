"""Sun, sky with clouds, exposure, and how much light transport they need."""

from __future__ import annotations

import bpy
import numpy as np

from blender_scenes.city.plan import Atmosphere
from blender_scenes.city.shader_graph import ShaderGraph, Value

SUN_ANGLE_RAD = float(np.radians(0.53))
# Irradiance of a clear sun on a plane that faces it, in the sky texture's units
# after SKY_STRENGTH; chosen for a ratio of about 4 to 1 of sun to sky light.
SUN_STRENGTH = 4.4
SKY_STRENGTH = 0.085
# Radiance that a street should have on average once exposed.
TARGET_MEAN = 0.2
_DIFFUSE_RADIANCE = 0.052
_CLOUD_RADIANCE = 0.6
# What the camera sees of the sky, as behind a graduated filter: a street between
# houses is several stops darker than its sky, which would be all white.
_SEEN_SKY = 0.5
# The automatic map of where the sky is bright is computed anew for every frame, which
# is half of its time. The sun is a lamp, so a coarse map adds no noise.
_SKY_MAP_PX = 512


def add_light(scene: bpy.types.Scene, light: Atmosphere) -> None:
    """Add world and sun, and set bounces and exposure."""
    scene.world = _world(light)
    scene.world.cycles.sampling_method = "MANUAL"
    scene.world.cycles.sample_map_resolution = _SKY_MAP_PX
    scene.collection.objects.link(_sun(light))
    _set_light_paths(scene)
    scene.cycles.film_exposure = exposure(light)


def exposure(light: Atmosphere) -> float:
    """Return the factor that brings the street to about `TARGET_MEAN`.

    The mean radiance was fitted to renders of twelve seeds: diffuse light, sunlit
    ground and walls, and the glow of the sky around a sun ahead.
    """
    sunlit = 0.12 * light.sun_strength * np.sin(light.sun_elevation_rad)
    glow = 0.05 * light.sun_strength * max(0.0, np.cos(light.sun_azimuth_rad))
    return float(TARGET_MEAN / (_DIFFUSE_RADIANCE + sunlit + glow))


def _sun(light: Atmosphere) -> bpy.types.Object:
    lamp = bpy.data.lights.new("street_sun", "SUN")
    lamp.energy = SUN_STRENGTH * light.sun_strength
    lamp.angle = SUN_ANGLE_RAD * (1.0 + 6.0 * (1.0 - light.sun_strength))
    # The lower the sun, the longer its way through air that scatters blue away.
    low = 1.0 - light.sun_elevation_rad / np.radians(60.0)
    lamp.color = (1.0, 0.93 - 0.12 * low, 0.84 - 0.3 * low)
    thing = bpy.data.objects.new("street_sun", lamp)
    thing["label"] = 0
    azimuth, elevation = light.sun_azimuth_rad, light.sun_elevation_rad
    # A sun lamp shines along its own -z.
    thing.rotation_euler = (np.pi / 2 - elevation, 0.0, np.pi - azimuth)
    return thing


def _world(light: Atmosphere) -> bpy.types.World:
    world = bpy.data.worlds.new("street_sky")
    # Without the sun's disc the sky is smooth: a coarse map finds its bright
    # parts as well as the default one, which takes seconds per frame to make.
    world.cycles.sampling_method = "MANUAL"
    world.cycles.sample_map_resolution = 256
    graph = ShaderGraph(world.node_tree)
    air = graph.node(
        "ShaderNodeTexSky",
        {},
        sky_type="MULTIPLE_SCATTERING",
        sun_disc=False,
        sun_elevation=light.sun_elevation_rad,
        sun_rotation=light.sun_azimuth_rad,
        aerosol_density=light.haze,
    )
    sky = graph.dim(air.outputs["Color"], SKY_STRENGTH)
    colour = _with_clouds(graph, sky, light)
    is_seen = graph.node("ShaderNodeLightPath", {}).outputs["Is Camera Ray"]
    strength = graph.ramp(is_seen, 0.0, 1.0, 1.0, _SEEN_SKY)
    background = graph.node(
        "ShaderNodeBackground", {"Color": colour, "Strength": strength}
    )
    output = graph.node("ShaderNodeOutputWorld", {})
    graph.tree.links.new(background.outputs[0], output.inputs["Surface"])
    return world


def _with_clouds(graph: ShaderGraph, sky: Value, light: Atmosphere) -> Value:
    """Mix a flat layer of clouds over the clear sky."""
    direction = graph.node("ShaderNodeTexCoord", {}).outputs["Generated"]
    axes = graph.node("ShaderNodeSeparateXYZ", {"Vector": direction})
    height = graph.math("ADD", graph.math("MAXIMUM", axes.outputs["Z"], 0.0), 0.16)
    layer = graph.node(
        "ShaderNodeCombineXYZ",
        {
            "X": graph.math("DIVIDE", axes.outputs["X"], height),
            "Y": graph.math("DIVIDE", axes.outputs["Y"], height),
            # Each sky cuts another slice of the same endless noise.
            "Z": light.haze * 37.0,
        },
    ).outputs["Vector"]
    puffs = graph.noise(layer, 1.1, detail=5.0)
    edge = 0.62 - 0.24 * light.cloud_cover
    density = graph.ramp(puffs, edge, edge + 0.16, 0.0, 0.94)
    shade = graph.ramp(puffs, edge, edge + 0.3, 1.0, 0.75)
    bright = _CLOUD_RADIANCE * (0.7 + 0.3 * light.sun_strength)
    white = graph.dim((1.0, 0.985, 0.965), graph.math("MULTIPLY", shade, bright))
    return graph.mix(density, sky, white)


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
    # Sun and sky are the only lamps: a tree of two costs more than it saves.
    cycles.use_light_tree = False
