"""Who takes which room of the street at which time, so that nothing touches; no bpy.

Rooms are boxes in street axes. Two places of the street never share a place of the
world, so what is apart in street axes is apart in the world, bends included; a
rigid thing's box only has to be large enough for its own straight shape.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from blender_scenes.city.motion.paths import is_within_street, street_xy
from blender_scenes.city.plan import Camera, Footprint, Junction, Profile
from blender_scenes.city.road import Road

# The camera's own car, and the room that it keeps before and behind it.
CAMERA_HALF_WIDTH_M = 0.95
CAMERA_HALF_LENGTH_M = 6.0
# What passes the camera is no nearer in its view, widened as a defocused lens does.
NEAREST_IN_VIEW_M = 2.5
_WIDENED_HALF_SENSOR_MM = 1.3 * 18.0
_CURVATURE_STEP_M = 1.0
_LEAVING_STEPS = 200


@dataclass(frozen=True)
class Stage:
    """The street, the time in which things move there, and whether it rains."""

    road: Road
    profile: Profile
    junctions: tuple[Junction, ...]
    camera: Camera
    start_s: float
    end_s: float
    is_raining: bool = False


@dataclass(frozen=True)
class CameraRoom:
    """The room around the camera as it drives: one box between any two knots."""

    boxes: tuple[tuple[float, float, Footprint], ...]

    def overlaps(self, other: Footprint, start_s: float, end_s: float) -> bool:
        """Return whether a thing is ever in the room between two times."""
        return any(
            box.overlaps(other, max(low, start_s), min(high, end_s))
            for low, high, box in self.boxes
            if low < end_s and high > start_s
        )


def camera_room(
    camera: Camera, *, half_width_m: float = CAMERA_HALF_WIDTH_M
) -> CameraRoom:
    """Return the room that the camera's car keeps for itself while it drives."""
    knots = camera.drive.knots_s()
    places = camera.drive.y_m(knots)
    half_length_m = CAMERA_HALF_LENGTH_M + camera.drive.chord_error_m()
    boxes = []
    for low, high, start, end in zip(
        knots[:-1], knots[1:], places[:-1], places[1:], strict=True
    ):
        speed = (end - start) / (high - low)
        box = Footprint(
            camera.x_m,
            float(start - speed * low),
            half_width_m,
            half_length_m,
            velocity_y_m_s=float(speed),
        )
        boxes.append((float(low), float(high), box))
    return CameraRoom(tuple(boxes))


def seen_room(camera: Camera) -> CameraRoom:
    """Return the room that keeps passing things `NEAREST_IN_VIEW_M` away."""
    slope = _WIDENED_HALF_SENSOR_MM / camera.lens_mm
    return camera_room(camera, half_width_m=NEAREST_IN_VIEW_M * slope)


def room_on_road(stage: Stage, box: Footprint) -> Footprint:
    """Return a room for a rigid box wherever the road takes it.

    Parameters
    ----------
    stage : Stage
    box : Footprint
        Its half sizes are the thing's own, its velocity is along one axis.

    Notes
    -----
    On a road of radius R, a point at v along and u across a box that stands at x is
    at sqrt((R + x + u)^2 + v^2) from the centre of the bend: at most
    v^2 / 2(R + x + u) farther out than u, and v R / (R + x + u) along the street.
    """
    reach = reach_of(box, stage.start_s, stage.end_s)
    low = max(reach.low_y_m, stage.profile.start_y_m) - box.half_y_m
    high = min(reach.high_y_m, stage.profile.end_y_m) + box.half_y_m
    places = np.arange(low, max(high, low) + _CURVATURE_STEP_M, _CURVATURE_STEP_M)
    curvature = float(np.abs(stage.road.curvature_per_m(places)).max())
    farthest = max(abs(reach.low_x_m), abs(reach.high_x_m))
    stretch = 1.0 / max(1.0 - curvature * farthest, 0.2)
    return replace(
        box,
        half_x_m=box.half_x_m + curvature * stretch * box.half_y_m**2 / 2,
        half_y_m=box.half_y_m * stretch,
    )


class Reach(NamedTuple):
    """Street axes between which a footprint ever lies, metres."""

    low_x_m: float
    high_x_m: float
    low_y_m: float
    high_y_m: float


def reach_of(footprint: Footprint, start_s: float, end_s: float) -> Reach:
    """Return where a footprint ever is between two times."""
    xs = [footprint.x_m + footprint.velocity_x_m_s * t for t in (start_s, end_s)]
    ys = [footprint.y_m + footprint.velocity_y_m_s * t for t in (start_s, end_s)]
    return Reach(
        min(xs) - footprint.half_x_m,
        max(xs) + footprint.half_x_m,
        min(ys) - footprint.half_y_m,
        max(ys) + footprint.half_y_m,
    )


def leaves_unseen(stage: Stage, footprint: Footprint) -> bool:
    """Return whether a thing is ever there, and gone only behind the camera."""
    times = np.linspace(stage.start_s, stage.end_s, _LEAVING_STEPS)
    x, y = street_xy(footprint, times)
    is_here = is_within_street(stage.profile, x, y)
    leaves = is_here[:-1] & ~is_here[1:]
    is_behind = (y < stage.camera.drive.y_m(times))[1:]
    return bool(is_here.any() and is_behind[leaves].all())


class Rooms:
    """The rooms taken so far."""

    def __init__(self, stage: Stage, obstacles: tuple[Footprint, ...]) -> None:
        self._stage = stage
        self._times_s = (stage.start_s, stage.end_s)
        self._camera = seen_room(stage.camera)
        self._taken = [(reach_of(o, *self._times_s), o) for o in obstacles]

    def take(self, footprint: Footprint, margin_m: float) -> bool:
        """Reserve a room if it is free at all times, with a margin around it.

        Nor does anything vanish before the camera's eyes: at the ends of streets
        things may come into being, which takes no frame's truth away, but the flow
        to a frame in which a thing is gone would be wrong.
        """
        if not leaves_unseen(self._stage, footprint):
            return False
        padded = replace(
            footprint,
            half_x_m=footprint.half_x_m + margin_m,
            half_y_m=footprint.half_y_m + margin_m,
        )
        reach = reach_of(padded, *self._times_s)
        for other_reach, other in self._taken:
            if (
                reach.low_y_m < other_reach.high_y_m
                and other_reach.low_y_m < reach.high_y_m
                and reach.low_x_m < other_reach.high_x_m
                and other_reach.low_x_m < reach.high_x_m
                and padded.overlaps(other, *self._times_s)
            ):
                return False
        if self._camera.overlaps(footprint, *self._times_s):
            return False
        self._taken.append((reach_of(footprint, *self._times_s), footprint))
        return True
