"""Replaces a scene's camera by one with a margin, fixed frame by frame.

Whatever drives the scene's camera (parents, constraints, drivers, an animated
lens, markers that switch cameras) is evaluated once per frame and written as
key frames of a plain camera, to which the margin can then be added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from blender_scenes.cameras import (
    BlenderLens,
    CameraPose,
    lens_of,
    opencv_pose,
    with_margin,
)
from blender_scenes.impossible_places import is_somewhere
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import RenderSpec

KEYED_LENS = ("lens", "sensor_width", "shift_x", "shift_y", "clip_start", "clip_end")


def metres_per_unit(scene: Any) -> float:
    """Return the length of a Blender unit of the scene, in metres."""
    settings = scene.unit_settings
    return 1.0 if settings.system == "NONE" else settings.scale_length


@dataclass(frozen=True)
class CameraTrack:
    """Where the camera is at every frame, and what else was seen on the walk.

    Parameters
    ----------
    poses : dict
        Frame number -> camera; the frame after the last is included.
    cuts : frozenset of int
        Frames whose next is seen by another camera.
    """

    poses: dict[int, CameraPose]
    cuts: frozenset[int]


def bake_camera(
    scene: Any,
    frames: tuple[int, int],
    render: RenderSpec,
    look: Callable[[int], None] = lambda number: None,
) -> CameraTrack:
    """Give the scene a camera with the margin; return its pose at every frame.

    Frame ``last + 1`` is included, for the flow of the last frame. Walking
    through the frames in order also fills the caches of simulations, so that a
    frame does not depend on which frames were rendered before it. ``look`` is called
    at every frame, with its number.

    Parameters
    ----------
    scene : bpy.types.Scene
    frames : tuple of int
        The first and the last.
    render : RenderSpec
    look : callable
        Called at every frame, with its number.

    Raises
    ------
    SceneError
        If a frame has no camera, or one that is not a plain perspective camera, or
        that is nowhere (NaN or infinity).
    """
    import bpy

    data = bpy.data.cameras.new("overscan")
    data.sensor_fit = "HORIZONTAL"
    baked = bpy.data.objects.new("overscan", data)
    baked.rotation_mode = "QUATERNION"
    first, last = frames
    poses: dict[int, CameraPose] = {}
    sources: dict[int, Any] = {}
    for number in range(first, last + 2):
        scene.frame_set(number)
        source = _camera_of(scene, number)
        poses[number] = _key_camera(scene, source, baked, number, render)
        sources[number] = scene.camera
        look(number)
    for marker in scene.timeline_markers:
        marker.camera = None
    scene.collection.objects.link(baked)
    scene.camera = baked
    cuts = (n for n in range(first, last + 1) if sources[n] != sources[n + 1])
    return CameraTrack(poses, frozenset(cuts))


def _camera_of(scene: Any, number: int) -> Any:
    """Return the evaluated camera object at the current frame."""
    import bpy

    camera = scene.camera
    if camera is None or camera.type != "CAMERA":
        raise SceneError(
            f"scene {scene.name!r} has no camera at frame {number}; expected an "
            "active camera (Scene properties > Scene > Camera)"
        )
    if camera.data.type != "PERSP":
        raise SceneError(
            f"camera {camera.name!r} is of type {camera.data.type}; expected PERSP, "
            "a perspective camera"
        )
    return camera.evaluated_get(bpy.context.evaluated_depsgraph_get())


def _key_camera(
    scene: Any, source: Any, baked: Any, number: int, render: RenderSpec
) -> CameraPose:
    """Write one frame of the source camera, enlarged, as key frames of the other."""
    data = source.data
    _check_finite(source, number)
    lens = BlenderLens(
        focal_length_mm=data.lens,
        sensor_width_mm=data.sensor_width,
        sensor_height_mm=data.sensor_height,
        sensor_fit=data.sensor_fit,
        shift_x=data.shift_x,
        shift_y=data.shift_y,
    )
    inner = lens.intrinsics(*render.size)
    K = with_margin(inner, render.margin_px)
    full = lens_of(K, *render.full_size, focal_length_mm=data.lens)
    try:
        pose = opencv_pose(np.array(source.matrix_world), metres_per_unit(scene))
    except ValueError as error:
        raise SceneError(f"camera {source.name!r} at frame {number}: {error}") from None

    baked.location, baked.rotation_quaternion, _ = source.matrix_world.decompose()
    for path in ("location", "rotation_quaternion"):
        baked.keyframe_insert(path, frame=number)
    baked.data.lens = full.focal_length_mm
    baked.data.sensor_width = full.sensor_width_mm
    baked.data.shift_x, baked.data.shift_y = full.shift_x, full.shift_y
    baked.data.clip_start, baked.data.clip_end = data.clip_start, data.clip_end
    for path in KEYED_LENS:
        baked.data.keyframe_insert(path, frame=number)
    return CameraPose(K, pose)


def _check_finite(camera: Any, number: int) -> None:
    """Refuse a camera at NaN or infinity, or with such a lens."""
    data = camera.data
    names = ("lens", "sensor_width", "sensor_height", "shift_x", "shift_y")
    lens = [getattr(data, name) for name in names]
    if not is_somewhere([*np.ravel(camera.matrix_world), *lens]).all():
        raise SceneError(
            f"camera {camera.name!r} at frame {number}: its place or its lens is NaN "
            "or infinite; expected numbers (an expression or a constraint that "
            "divides by zero?)"
        )
