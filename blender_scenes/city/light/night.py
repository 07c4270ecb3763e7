"""Lamps that light the street: on masts, on vehicles, on the camera's own car.

What glows (lanterns, windows, tail lamps) is a surface that reads `lamps_lit`, and is
not sampled as a light; here are the few lights that make the street visible.
"""

from __future__ import annotations

from collections.abc import Iterator

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from blender_scenes.city.kerb.poles import lamp_head_m
from blender_scenes.city.kerb.wires import span_lamps_m
from blender_scenes.city.materials.shader_graph import ShaderGraph
from blender_scenes.city.motion import motion
from blender_scenes.city.motion.paths import camera_pose, street_xy
from blender_scenes.city.plan import StreetPlan
from blender_scenes.city.vehicles.vehicles import lamp_positions

# Colours of sodium, warm and neutral white lanterns; a street has one of them.
_LANTERN_RGB = ((1.0, 0.58, 0.26), (1.0, 0.78, 0.52), (1.0, 0.9, 0.76))
_HEAD_LAMP_RGB = (1.0, 0.94, 0.84)
# Chosen so that the road below a lantern has a radiance of about 0.1.
_LANTERN_W = 2200.0
_LANTERN_HEIGHT_M = 7.4
# Towards the road and below the lens, which would shade the light.
_BESIDE_LENS_M = (0.0, -0.3, -0.15)
_HEAD_LAMP_W = 1300.0
# Lamps on wires: their "design", their height, and the light below the bulb.
_SPAN_LAMP, _SPAN_HEIGHT_M, _BELOW_BULB_M = -1, 5.7, 0.15
MAX_LANTERNS = 60
_REACH_M = 130.0
_TRAFFIC_REACH_M = 60.0
# The camera looks out of a car: where its lamps are from the camera, metres.
_OWN_LAMPS_M = ((-0.65, 0.9, -0.7), (0.65, 0.9, -0.7))
_DIPPED_WITHIN_M = 7.0
_DIPPED_RAD = float(np.radians(2.5))


def add_lamps(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add lights for as far as the plan's lamps are lit; none by day."""
    if plan.atmosphere.lamps_lit == 0.0:
        return
    _add_lanterns(scene, plan)
    _add_traffic_lamps(scene, plan)
    add_own_lamps(scene, plan)
    scene.cycles.use_light_tree = True


def add_own_lamps(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add the head lamps of the car that the scene's camera looks out of."""
    for x, y, z in _OWN_LAMPS_M if plan.atmosphere.lamps_lit > 0.0 else ():
        lamp = _head_lamp(scene, plan)
        lamp.parent = scene.camera
        # A camera looks along its own -z, as a spot does, with y up.
        lamp.matrix_local = Matrix.Translation((x, z, -y)) @ Matrix.Rotation(
            -_DIPPED_RAD, 4, "X"
        )


def _add_traffic_lamps(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add one light before every vehicle under way, while it is near the camera."""
    frames = motion.keyed_frames(plan)
    times_s = motion.times_s(frames)
    camera_y = plan.camera.drive.y_m(times_s)
    for number, vehicle in enumerate(plan.vehicles):
        body = scene.objects.get(f"vehicle_{number:03d}_00")
        if body is None or not body["lights_on"]:
            continue
        _, y = street_xy(vehicle.footprint, times_s)
        is_near = np.abs(y - camera_y) < _TRAFFIC_REACH_M
        if not is_near.any():
            continue
        lamp = _head_lamp(scene, plan)
        lamp.parent = body
        lenses = lamp_positions(vehicle.model).head_m
        # A vehicle looks along its +y; before its lenses, which would shade the light.
        middle = np.add(lenses.mean(axis=0), (0.0, 0.2, 0.0))
        lamp.matrix_local = Matrix.Translation(middle) @ Matrix.Rotation(
            np.pi / 2 - _DIPPED_RAD, 4, "X"
        )
        motion.key_visibility(lamp, frames, is_near)


def _add_lanterns(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Hang a spot at the lanterns along the drive; equal lamps share their data."""
    for variant, place in _lanterns_near_drive(plan):
        lamp = bpy.data.objects.new("street_lantern", _lantern(plan, variant))
        lamp["label"] = 0
        lamp.location = place
        scene.collection.objects.link(lamp)


def _lantern(plan: StreetPlan, variant: int) -> bpy.types.SpotLight:
    name = f"street_lantern_{variant}"
    data = bpy.data.lights.get(name)
    if data is None:
        data = bpy.data.lights.new(name, "SPOT")
        # The same light on the road below from any height.
        height_m = _SPAN_HEIGHT_M if variant == _SPAN_LAMP else lamp_head_m(variant)[2]
        relative_height = height_m / _LANTERN_HEIGHT_M
        data.energy = _LANTERN_W * plan.atmosphere.lamps_lit * relative_height**2
        data.color = _LANTERN_RGB[plan.seed % len(_LANTERN_RGB)]
        data.spot_size, data.spot_blend = float(np.radians(155.0)), 0.7
        data.shadow_soft_size = 0.12
    return data


def _lanterns_near_drive(
    plan: StreetPlan,
) -> list[tuple[int, NDArray[np.float64]]]:
    """Return design and light (3,) of the lanterns nearest to the whole drive."""
    times_s = np.linspace(plan.start_s, plan.end_s, 60)
    drive, _ = camera_pose(plan.camera, plan.road, times_s)
    lights = [*_mast_lights(plan), *_span_lights(plan)]
    found = [
        (float(np.linalg.norm(drive - place, axis=1).min()), variant, place)
        for variant, place in lights
    ]
    found.sort(key=lambda lantern: lantern[0])
    return [
        (variant, place)
        for gap_m, variant, place in found[:MAX_LANTERNS]
        if gap_m < _REACH_M
    ]


def _mast_lights(plan: StreetPlan) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield design and light (3,) of the lanterns on masts."""
    for fixture in plan.fixtures:
        if fixture.kind != "lamp":
            continue
        stand = plan.road.placement(
            fixture.footprint.x_m,
            fixture.footprint.y_m,
            fixture.ground_z_m,
            heading_rad=fixture.heading_rad,
        )
        head = np.add(lamp_head_m(fixture.variant), _BESIDE_LENS_M)
        yield fixture.variant, stand[:3, :3] @ head + stand[:3, 3]


def _span_lights(plan: StreetPlan) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Yield design and light (3,) of the lamps that hang from wires."""
    for x_m, y_m, z_m in span_lamps_m(plan.wires):
        x, y = plan.road.world_xy(x_m, y_m)
        yield _SPAN_LAMP, np.array([x, y, z_m - _BELOW_BULB_M])


def _head_lamp(scene: bpy.types.Scene, plan: StreetPlan) -> bpy.types.Object:
    data = bpy.data.lights.get("street_head_lamp")
    if data is None:
        data = bpy.data.lights.new("street_head_lamp", "SPOT")
        data.energy = _HEAD_LAMP_W * plan.atmosphere.lamps_lit
        data.color = _HEAD_LAMP_RGB
        data.spot_size, data.spot_blend = float(np.radians(70.0)), 0.9
        data.shadow_soft_size = 0.08
        _dip(data)
    lamp = bpy.data.objects.new("street_head_lamp", data)
    lamp["label"] = 0
    # Wet roads mirror the lenses themselves.
    lamp.visible_glossy = False
    scene.collection.objects.link(lamp)
    return lamp


def _dip(data: bpy.types.SpotLight) -> None:
    """Weaken a light nearby, as a dipped beam leaves the road before the car dark."""
    data.use_nodes = True
    graph = ShaderGraph(data.node_tree)
    inputs = {"Strength": 1.0, "Smooth": _DIPPED_WITHIN_M**2}
    falloff = graph.node("ShaderNodeLightFalloff", inputs).outputs["Quadratic"]
    beam = graph.node("ShaderNodeEmission", {"Strength": falloff})
    output = graph.node("ShaderNodeOutputLight", {})
    graph.tree.links.new(beam.outputs[0], output.inputs["Surface"])
