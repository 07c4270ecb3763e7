"""People on bicycles and motorcycles as moving parts; no bpy.

A rider looks along +y; the wheels stand on z = 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.people import bicycles, motorcycles
from blender_scenes.city.people.belongings import add_rucksack
from blender_scenes.city.people.bicycles import Bicycle
from blender_scenes.city.people.figure import bone_builders
from blender_scenes.city.people.figure_shapes import Figure
from blender_scenes.city.people.motorcycle_body import Motorcycle
from blender_scenes.city.people.outfits import Outfit, outfit_random
from blender_scenes.city.people.skeleton import (
    ARMS,
    LEGS,
    Body,
    bent_limb,
    bone_matrices,
    limb_rotations,
    turned,
)
from blender_scenes.city.plan import Footprint, Rider
from blender_scenes.city.shapes.parts import Part, part

Array = NDArray[np.float64]

RIDER_KINDS = ("bicycle", "motorcycle")
_SIZE_M = {"bicycle": (0.7, 1.8), "motorcycle": (0.84, 2.06)}
_PELVIS_LEAN_RAD = {"bicycle": 0.2, "motorcycle": 0.12}
# Of the reach of arms and legs: nearly straight, never quite.
_ARM_STRETCH, _LEG_STRETCH = 0.9, 0.95


def rider_size_m(kind: str) -> tuple[float, float]:
    """Return width across and length along the path, metres."""
    return _SIZE_M[kind]


def rider_random(
    rng: np.random.Generator,
    kind: str,
    footprint: Footprint,
    heading_rad: float,
    ground_z_m: float = 0.0,
) -> Rider:
    """Return an adult of a random height and look on one of `RIDER_KINDS`."""
    return Rider(
        kind=kind,
        footprint=footprint,
        heading_rad=heading_rad,
        ground_z_m=ground_z_m,
        height_m=float(np.clip(rng.normal(1.73, 0.08), 1.55, 1.92)),
        seed=int(rng.integers(2**31)),
    )


def rider_parts(rider: Rider, *, detail: int = 2) -> tuple[Part, ...]:
    """Return the bones of a rider and the parts of what is ridden, in their axes.

    The bones come first, in the order of `BONES`, with the label Rider.
    """
    seat = _seat(rider)
    outfit = _riding_outfit(rider)
    figure = Figure(seat.body, outfit, rider.seed, detail, is_seated=True)
    builders = bone_builders(figure)
    if outfit.bag == "rucksack":
        add_rucksack(builders[1], figure)
    person = tuple(part("Rider", builder) for builder in builders)
    if isinstance(seat.machine, Bicycle):
        return person + bicycles.bicycle_parts(seat.machine)
    return person + motorcycles.riding_parts(seat.machine)


def rider_pose(rider: Rider, distance_m: ArrayLike) -> Array:
    """Return where each part is after a distance ridden.

    Parameters
    ----------
    rider : Rider
    distance_m : array of any shape
        Metres along the path.

    Returns
    -------
    ndarray, shape of ``distance_m`` + (parts, 4, 4)
    """
    distance = np.asarray(distance_m, np.float64)
    seat = _seat(rider)
    first = seat.first_turn_rad
    if isinstance(seat.machine, Bicycle):
        machine = bicycles.bicycle_pose(distance, first_turn_rad=first)
        rests = bicycles.pedals_m(distance, first_turn_rad=first)
        rests = np.add(rests, (0.0, 0.0, bicycles.PEDAL_HALF_M + 0.002))
        turn = bicycles.crank_rad(distance, first)
        push = 0.12 * np.stack([np.sin(turn), -np.sin(turn)], axis=-1)
        pitch = -0.16 - push
    else:
        machine = motorcycles.riding_pose(seat.machine, distance)
        rests = np.broadcast_to(seat.machine.feet_m, (*distance.shape, 2, 3))
        pitch = np.full((*distance.shape, 2), 0.0)
    feet = turned("x", pitch)
    ankles = rests - (feet @ _ball_m(seat.body)[:, None])[..., 0]
    rotations = {0: turned("x", -seat.pelvis_rad), 1: turned("x", -seat.torso_rad)}
    rotations[2] = turned("x", -0.35 * seat.torso_rad)
    rotations |= limb_rotations(
        seat.body, seat.pelvis_m, (rotations[0], rotations[1]), ankles_m=ankles
    )
    for side, (_, _, foot) in enumerate(LEGS):
        rotations[foot] = feet[..., side, :, :]
    rotations |= _arms(seat.body, seat.pelvis_m, rotations, seat.machine.grips_m)
    bones = bone_matrices(seat.body, seat.pelvis_m, rotations, distance.shape)
    return np.concatenate([bones, machine], axis=-3)


@dataclass(frozen=True)
class _Seat:
    """How a rider fits what is ridden; leaning forward counts positive."""

    body: Body
    machine: Bicycle | Motorcycle
    pelvis_m: Array
    pelvis_rad: float
    torso_rad: float
    first_turn_rad: float


def _ball_m(body: Body) -> Array:
    """Return the ball of the foot from the ankle."""
    return np.array([0.0, *(body.sole_m[2] - (0.012 * body.height_m, 0.0))])


@lru_cache(maxsize=256)
def _seat(rider: Rider) -> _Seat:
    body = Body(rider.height_m, _riding_outfit(rider).girth)
    rng = np.random.default_rng([rider.seed, 5])
    # The bones of the pelvis and the flesh under the hips.
    above_m = 0.085 * body.scale
    if rider.kind == "bicycle":
        saddle_m = _saddle_m(body) - above_m
        machine = bicycles.bicycle_random(rng, saddle_m=saddle_m)
        hips = np.array([0.0, machine.saddle_y_m - 0.02, saddle_m + above_m])
    else:
        machine = motorcycles.motorcycle_random(rng)
        y, z = machine.seat_m
        hips = np.array([0.0, y, z + above_m])
    pelvis_rad = _PELVIS_LEAN_RAD[rider.kind]
    torso_rad = _torso_lean_rad(body, hips, pelvis_rad, machine.grips_m)
    first = float(rng.uniform(0.0, 2 * np.pi))
    return _Seat(body, machine, hips, pelvis_rad, torso_rad, first)


def _saddle_m(body: Body) -> float:
    """Return the height of the hips at which the legs just reach the low pedal."""
    low = bicycles.CRANK_M[2] - bicycles.CRANK_LENGTH_M
    ankle = low - _ball_m(body)[2]
    # The pelvis sits this far behind the low pedal's ankle.
    behind = 0.12
    reach = _LEG_STRETCH * (body.thigh_m + body.shin_m)
    return float(ankle + np.sqrt(reach**2 - behind**2))


def _torso_lean_rad(
    body: Body, hips_m: Array, pelvis_rad: float, grips_m: Array
) -> float:
    """Return how far the torso leans for the arms to be nearly straight."""
    lean = np.deg2rad(np.linspace(0.0, 65.0, 66))
    waist = hips_m + turned("x", -pelvis_rad) @ body.joints_m[1]
    shoulder = waist + turned("x", -lean) @ body.joints_m[ARMS[1][0]]
    gap = np.linalg.norm(grips_m[1] - shoulder, axis=1)
    wanted = _ARM_STRETCH * (body.upper_arm_m + body.forearm_m + _palm_m(body))
    return float(lean[np.argmin(np.abs(gap - wanted))])


def _palm_m(body: Body) -> float:
    """Return the distance from the wrist to the middle of a gripping hand."""
    return 0.07 * body.scale


def _arms(
    body: Body, pelvis_m: Array, rotations: dict[int, Array], grips_m: Array
) -> dict[int, Array]:
    """Return rotations of the arms whose hands hold the grips."""
    torso = rotations[1]
    waist = pelvis_m + rotations[0] @ body.joints_m[1]
    found: dict[int, Array] = {}
    for (upper, fore), grip, out in zip(ARMS, grips_m, (-1.0, 1.0), strict=True):
        found[upper], found[fore] = bent_limb(
            waist + torso @ body.joints_m[upper],
            grip,
            (body.upper_arm_m, body.forearm_m + _palm_m(body)),
            (0.8 * out, -0.3, -0.8),
            is_knee=False,
        )
    return found


def _riding_outfit(rider: Rider) -> Outfit:
    """Return the outfit of a seed without what would catch in the wheels."""
    outfit = outfit_random(rider.seed, is_child=False)
    rng = np.random.default_rng([rider.seed, 8])
    is_motorised = rider.kind == "motorcycle"
    helmet = "helmet" if rng.random() < 0.55 else "none"
    return replace(
        outfit,
        top="jacket" if is_motorised or outfit.top in ("coat", "dress") else outfit.top,
        bottom="trousers"
        if is_motorised or outfit.bottom == "skirt"
        else outfit.bottom,
        bag=outfit.bag if outfit.bag == "rucksack" else "none",
        hat="full_helmet" if is_motorised else helmet,
        hair="short" if is_motorised else outfit.hair,
        has_bare_arms=outfit.has_bare_arms and not is_motorised,
        girth=min(outfit.girth, 1.15),
    )
