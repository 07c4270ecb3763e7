"""Keyframes of everything that moves: one per frame, linear between."""

from __future__ import annotations

import bpy
import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.motion.paths import camera_pose, quaternions
from blender_scenes.city.plan import StreetPlan, frame_time_s

FloatArray = NDArray[np.float64]
_CLIP_END_M = 2000.0
_LINEAR = 1
"""Blender's number for the interpolation LINEAR."""


def keyed_frames(plan: StreetPlan) -> NDArray[np.int64]:
    """Return the frames asked for and one more at both ends."""
    return np.arange(plan.first_frame - 1, plan.last_frame + 2)


def times_s(frames: NDArray[np.int64]) -> FloatArray:
    """Return the times of frames, seconds."""
    return np.array([frame_time_s(int(frame)) for frame in frames])


def add_camera(scene: bpy.types.Scene, plan: StreetPlan) -> bpy.types.Object:
    """Add the dash camera and let it drive along its lane."""
    data = bpy.data.cameras.new("street_camera")
    data.type = "PERSP"
    data.sensor_width = 36.0
    data.lens = plan.camera.lens_mm
    data.clip_start = 0.1
    data.clip_end = _CLIP_END_M
    thing = bpy.data.objects.new("street_camera", data)
    thing["label"] = 0
    frames = keyed_frames(plan)
    location, rotation = camera_pose(plan.camera, plan.road, times_s(frames))
    key_channels(thing, frames, {"location": location, "rotation_euler": rotation})
    scene.collection.objects.link(thing)
    scene.camera = thing
    return thing


def key_matrices(
    thing: bpy.types.Object, frames: NDArray[np.int64], matrices: FloatArray
) -> None:
    """Key a rigid thing's world matrices (T, 4, 4), one per frame."""
    thing.rotation_mode = "QUATERNION"
    key_channels(
        thing,
        frames,
        {
            "location": matrices[:, :3, 3],
            "rotation_quaternion": quaternions(matrices[:, :3, :3]),
        },
    )


def key_visibility(
    thing: bpy.types.Object, frames: NDArray[np.int64], is_visible: NDArray[np.bool_]
) -> None:
    """Key whether a thing is rendered at each frame."""
    key_channels(thing, frames, {"hide_render": ~is_visible[:, None]})


def key_channels(
    thing: bpy.types.Object,
    frames: NDArray[np.int64],
    channels: dict[str, NDArray],
) -> None:
    """Key properties: values (T, width) per name; what stays constant is only set."""
    bag = None
    for name, values in channels.items():
        if values.shape[1] == 1:
            setattr(thing, name, values[0, 0].item())
        else:
            setattr(thing, name, values[0].tolist())
        for index, column in enumerate(values.T.astype(np.float32)):
            if np.ptp(column) > 0:
                bag = bag or _channelbag(thing)
                curve = bag.fcurves.new(name, index=index)
                _fill(curve, frames, column)


def _channelbag(thing: bpy.types.Object):
    """Return what holds a thing's curves, made at the first call."""
    animation = thing.animation_data or thing.animation_data_create()
    if animation.action is None:
        action = bpy.data.actions.new(thing.name)
        action.layers.new("keys").strips.new(type="KEYFRAME")
        animation.action = action
        animation.action_slot = action.slots.new("OBJECT", thing.name)
    strip = animation.action.layers[0].strips[0]
    return strip.channelbag(animation.action_slot, ensure=True)


def _fill(
    curve: bpy.types.FCurve, frames: NDArray[np.int64], values: NDArray[np.float32]
) -> None:
    keys = curve.keyframe_points
    keys.add(len(frames))
    points = np.column_stack([frames, values]).astype(np.float32)
    keys.foreach_set("co", points.ravel())
    keys.foreach_set("interpolation", np.full(len(frames), _LINEAR, np.int32))
    curve.update()
