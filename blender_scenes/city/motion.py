"""Keyframes of everything that moves; linear between keys."""

from __future__ import annotations

import bpy
import numpy as np

from blender_scenes.city.plan import (
    FRAMES_PER_SECOND,
    Camera,
    Footprint,
    StreetPlan,
)

SWAY_M = 0.02
SWAY_YAW_RAD = 0.006
SWAY_PITCH_RAD = 0.0025
_SWAY_HZ = 0.9
_CLIP_END_M = 2000.0


def drive(thing: bpy.types.Object, footprint: Footprint, plan: StreetPlan) -> None:
    """Move a thing along its footprint's velocity, one frame beyond both ends."""
    base = np.array(thing.location)
    velocity = np.array([footprint.velocity_x_m_s, footprint.velocity_y_m_s, 0.0])
    for frame, time_s in (
        (plan.first_frame - 1, plan.start_s),
        (plan.last_frame + 1, plan.end_s),
    ):
        thing.location = base + velocity * time_s
        thing.keyframe_insert("location", frame=frame)
    _make_linear(thing)


def add_camera(scene: bpy.types.Scene, plan: StreetPlan) -> bpy.types.Object:
    """Add the dash camera and let it drive; one key per frame for its sway."""
    data = bpy.data.cameras.new("street_camera")
    data.type = "PERSP"
    data.sensor_width = 36.0
    data.lens = plan.camera.lens_mm
    data.clip_start = 0.1
    data.clip_end = _CLIP_END_M
    thing = bpy.data.objects.new("street_camera", data)
    thing["label"] = 0
    for frame in range(plan.first_frame - 1, plan.last_frame + 2):
        time_s = (frame - plan.first_frame) / FRAMES_PER_SECOND
        thing.location, thing.rotation_euler = camera_pose(plan.camera, time_s)
        thing.keyframe_insert("location", frame=frame)
        thing.keyframe_insert("rotation_euler", frame=frame)
    _make_linear(thing)
    scene.collection.objects.link(thing)
    scene.camera = thing
    return thing


def camera_pose(
    camera: Camera, time_s: float
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return position, metres, and XYZ Euler angles, radians, at a time."""
    phase = 2 * np.pi * _SWAY_HZ * time_s + camera.sway_phase_rad
    location = (
        camera.x_m + SWAY_M * np.sin(0.6 * phase),
        camera.speed_m_s * time_s,
        camera.height_m + 0.5 * SWAY_M * np.sin(1.7 * phase),
    )
    rotation = (
        np.pi / 2 + camera.pitch_rad + SWAY_PITCH_RAD * np.sin(1.3 * phase),
        SWAY_PITCH_RAD * np.cos(phase),
        SWAY_YAW_RAD * np.cos(0.6 * phase),
    )
    return location, rotation


def _make_linear(thing: bpy.types.Object) -> None:
    action = thing.animation_data.action
    for bag in action.layers[0].strips[0].channelbags:
        for curve in bag.fcurves:
            for key in curve.keyframe_points:
                key.interpolation = "LINEAR"
