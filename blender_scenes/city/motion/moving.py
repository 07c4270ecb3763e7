"""Adds vehicles, people and riders, with one keyframe per frame while they are near."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.motion import motion
from blender_scenes.city.motion.paths import (
    distance_m,
    is_within_street,
    placements,
    street_xy,
    walking_height_m,
)
from blender_scenes.city.people.people import person_parts, person_pose
from blender_scenes.city.people.riders import rider_parts, rider_pose
from blender_scenes.city.plan import Person, Rider, StreetPlan, Vehicle
from blender_scenes.city.shapes.blender_data import add_object, blender_mesh
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part
from blender_scenes.city.vehicles.vehicles import LIVERIES, vehicle_parts, vehicle_pose
from blender_scenes.instances import INSTANCE_OF

_WHITE = (1.0, 1.0, 1.0)
# What is farther behind the camera is neither seen nor does its shadow show.
_BEHIND_M = 45.0
# Farther than this, the swing of a limb is less than a pixel.
_LIMBS_SEEN_M = 80.0
_DETAIL_SEEN_M = 35.0

_Pose = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Distances (T,), metres, to (T, parts, 4, 4) in the thing's own axes."""
_Shapes = Sequence[tuple[str, bpy.types.Mesh]]


@dataclass(frozen=True)
class _Path:
    """Frames in which a thing is near the camera, and where it is then.

    Parameters
    ----------
    frames : ndarray (T,)
    matrices : ndarray (T, 4, 4)
        Of the whole thing in the world.
    distances_m : ndarray (T,)
        Way over ground since time 0.
    is_visible : ndarray (T,) of bool
        Whether the thing has come out of the end of its street.
    nearest_m : float
        Smallest distance from the camera along the street.
    """

    frames: NDArray[np.int64]
    matrices: NDArray[np.float64]
    distances_m: NDArray[np.float64]
    is_visible: NDArray[np.bool_]
    nearest_m: float


@dataclass
class _VehicleShapes:
    """Meshes of vehicles, shared by all of one model and livery."""

    made: dict[tuple[str, int], _Shapes] = field(default_factory=dict)

    def of(self, vehicle: Vehicle) -> _Shapes:
        """Return label and mesh of every part."""
        key = (vehicle.model, vehicle.seed % LIVERIES)
        if key not in self.made:
            self.made[key] = _blender_parts(vehicle.model, vehicle_parts(*key))
        return self.made[key]


def add_vehicles(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add parked, waiting and driving vehicles; wheels turn as they roll."""
    shapes = _VehicleShapes()
    for number, vehicle in enumerate(plan.vehicles):
        path = _path(plan, vehicle, 0.0)
        if path is None:
            continue
        # Whoever waits at a side street has its engine running; who parks has not.
        is_parked = not vehicle.is_moving and abs(np.sin(vehicle.heading_rad)) < 0.5
        things = _add(
            scene,
            f"vehicle_{number:03d}",
            shapes.of(vehicle),
            path,
            partial(vehicle_pose, vehicle.model),
            colour=vehicle.paint_rgb,
        )
        for thing in things:
            thing["lights_on"] = 0.0 if is_parked else 1.0


def add_people(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add people on foot; limbs swing as they walk."""
    for number, person in enumerate(plan.people):
        x, y = street_xy(person.footprint, motion.times_s(motion.keyed_frames(plan)))
        height = walking_height_m(plan.profile, plan.junctions, x, y)
        path = _path(plan, person, height if person.is_walking else person.ground_z_m)
        if path is not None:
            parts = person_parts(person, detail=_detail(path))
            pose = partial(person_pose, person)
            _add_body(scene, f"person_{number:03d}", parts, path, pose)


def add_riders(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add cyclists and motorcyclists; legs pedal and wheels turn as they roll."""
    for number, rider in enumerate(plan.riders):
        path = _path(plan, rider, rider.ground_z_m)
        if path is not None:
            pose = partial(rider_pose, rider)
            name = f"rider_{number:03d}"
            for thing in _add_body(scene, name, rider_parts(rider), path, pose):
                thing["lights_on"] = 1.0


def _detail(path: _Path) -> int:
    return 2 if path.nearest_m < _DETAIL_SEEN_M else 1


def _path(
    plan: StreetPlan, thing: Vehicle | Person | Rider, ground_z_m: ArrayLike
) -> _Path | None:
    """Return where a thing is while it matters, or None if it never does."""
    frames = motion.keyed_frames(plan)
    times = motion.times_s(frames)
    footprint = thing.footprint
    x, y = street_xy(footprint, times)
    ahead = y - plan.camera.drive.y_m(times)
    is_visible = is_within_street(plan.profile, x, y)
    near = np.flatnonzero(is_visible & (ahead > -_BEHIND_M))
    if len(near) == 0:
        return None
    # One more on both ends: motion to the next frame needs that one too.
    kept = slice(max(near[0] - 1, 0), near[-1] + 2)
    height = np.broadcast_to(ground_z_m, times.shape)[kept]
    heading = thing.heading_rad
    return _Path(
        frames[kept],
        placements(plan.road, footprint, heading, height, times[kept]),
        distance_m(plan.road, footprint, times[kept]),
        is_visible[kept],
        float(np.abs(ahead[near]).min()),
    )


def _add_body(
    scene: bpy.types.Scene,
    name: str,
    parts: Sequence[Part],
    path: _Path,
    pose: _Pose,
) -> list[bpy.types.Object]:
    """Add somebody, in mid-step and of one piece per label if always far away."""
    if path.nearest_m > _LIMBS_SEEN_M:
        middle = path.distances_m[len(path.distances_m) // 2]
        parts = _merged(parts, pose(np.array([middle]))[0])
        pose = partial(_unmoved, len(parts))
    return _add(scene, name, _blender_parts(name, parts), path, pose)


def _unmoved(parts: int, distances_m: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.tile(np.eye(4), (len(distances_m), parts, 1, 1))


def _merged(parts: Sequence[Part], pose: NDArray[np.float64]) -> list[Part]:
    """Return one part per label, the limbs fixed in a pose."""
    builders: dict[str, MeshBuilder] = {}
    for part, matrix in zip(parts, pose, strict=True):
        builders.setdefault(part.label, MeshBuilder()).add_mesh(part.mesh, matrix)
    return [Part(label, builder.mesh()) for label, builder in builders.items()]


def _blender_parts(name: str, parts: Sequence[Part]) -> _Shapes:
    """Return label and Blender mesh per part; equal meshes become one."""
    made: dict[int, bpy.types.Mesh] = {}
    for part in parts:
        if id(part.mesh) not in made:
            made[id(part.mesh)] = blender_mesh(name, part.mesh)
    return [(part.label, made[id(part.mesh)]) for part in parts]


def _add(
    scene: bpy.types.Scene,
    name: str,
    shapes: _Shapes,
    path: _Path,
    pose: _Pose,
    *,
    colour: tuple[float, float, float] = _WHITE,
) -> list[bpy.types.Object]:
    """Add the parts of a thing as objects of one instance and key their motion."""
    is_still = not np.ptp(path.distances_m) > 0.0
    distances = path.distances_m[:1] if is_still else path.distances_m
    frames = path.frames[: len(distances)]
    poses = path.matrices[: len(distances), None] @ pose(distances)
    things = []
    for number, (label, mesh) in enumerate(shapes):
        thing = add_object(scene, mesh, label, colour=colour)
        thing.name = f"{name}_{number:02d}"
        thing[INSTANCE_OF] = name
        motion.key_matrices(thing, frames, poses[:, number])
        if not is_still:
            motion.key_visibility(thing, frames, path.is_visible)
        things.append(thing)
    return things
