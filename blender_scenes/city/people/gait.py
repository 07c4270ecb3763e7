"""The walking cycle of a person as a function of the distance walked; no bpy.

The feet come first: a foot on the ground rolls over its sole without slipping, a
foot in the air swings to where it lands next. The pelvis bobs, sways and turns as
high as the legs allow, and the knees bend as the distance from hip to ankle asks.

Phase 0 is the heel strike of the left foot, phase 1 the next one. Phases of
contact, of foot pitch and the sizes of the pelvis's motion follow the normal gait
described by Perry & Burnfield (2010), ch. 3-5; the curves are our own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.people.skeleton import LEGS, Body, limb_rotations, turned

Array = NDArray[np.float64]

TOE_OFF = 0.62
# The pelvis passes over the ankle of the standing leg.
_MID_STANCE = 0.225
_HIGHEST = 0.27
_PITCH_PHASES = np.array([0.0, 0.1, 0.34, 0.52, 0.66, 0.8, 0.94, 1.0])
_PITCH_DEG = np.array([20.0, 0.0, 0.0, -25.0, -64.0, -12.0, 22.0, 20.0])
_CLEARANCE_PHASES = np.array([0.0, TOE_OFF, 0.7, 0.82, 0.92, 1.0])
_CLEARANCE_SHARE = np.array([0.0, 0.0, 0.022, 0.014, 0.02, 0.0])
_MAX_STRETCH = 0.996
_TOE_OUT_RAD = np.deg2rad(6.0)
# Between the ankles, of the distance between the hips.
_STEP_WIDTH = 0.85


@dataclass(frozen=True)
class Walk:
    """How one person walks.

    Parameters
    ----------
    body : Body
    stride_m : float
        Distance from one heel strike to the next of the same foot.
    first_phase : float
        Phase at distance 0.
    pelvis_z_m : float
        Mean height of the hips.
    bob_m, sway_m : float
        Amplitudes of the pelvis, upwards and sideways.
    """

    body: Body
    stride_m: float
    first_phase: float
    pelvis_z_m: float
    bob_m: float
    sway_m: float

    def phase(self, distance_m: ArrayLike) -> Array:
        """Return the phase after a distance, not wrapped."""
        return self.first_phase + np.asarray(distance_m, np.float64) / self.stride_m


def stride_m(body: Body, speed_m_s: float) -> float:
    """Return the length of a stride, two steps, metres.

    Notes
    -----
    Adults at 1.3 m/s make about 112 steps a minute, 0.79 of the height per stride;
    it grows with the 0.42th power of the speed (Grieve 1968), compared at equal
    Froude number for other heights.
    """
    usual = 1.3 * np.sqrt(body.scale)
    return float(0.79 * body.height_m * (max(speed_m_s, 0.3) / usual) ** 0.42)


def walk_of(
    body: Body, speed_m_s: float, first_phase: float, *, reach_share: float = 1.0
) -> Walk:
    """Return the walk of a body at a speed; its hips are as high as the legs allow.

    ``reach_share`` shortens the strides of those whose clothes are narrow.
    """
    bob_m, sway_m = 0.016 * body.scale, 0.018 * body.scale
    length_m = reach_share * stride_m(body, speed_m_s)
    walk = Walk(body, length_m, first_phase, 0.0, bob_m, sway_m)
    phase = np.linspace(0.0, 1.0, 65)[:-1]
    low = _pelvis_m(walk, phase)
    turn = _pelvis_rotation(phase)
    longest = _MAX_STRETCH * (body.thigh_m + body.shin_m)
    room = []
    for side in (0, 1):
        hip = low + turn @ body.joints_m[LEGS[side][0]]
        gap = ankle_m(walk, phase, side)[0] - hip
        room.append(gap[:, 2] + np.sqrt(longest**2 - (gap[:, :2] ** 2).sum(axis=1)))
    return Walk(body, length_m, first_phase, float(np.min(room)), bob_m, sway_m)


def walking_posture(
    walk: Walk, distance_m: ArrayLike
) -> tuple[Array, dict[int, Array]]:
    """Return the pelvis (..., 3), metres, and the rotations by bone (..., 3, 3).

    In axes that travel with the person: y = 0 is where the distance leads. The arms
    swing freely.
    """
    phase = walk.phase(distance_m)
    pelvis_m = _pelvis_m(walk, phase)
    pelvis = _pelvis_rotation(phase)
    torso = _torso_rotation(phase)
    ankles, feet = zip(*(ankle_m(walk, phase, side) for side in (0, 1)), strict=True)
    rotations = {0: pelvis, 1: torso, 2: np.broadcast_to(np.eye(3), torso.shape)}
    rotations |= limb_rotations(
        walk.body, pelvis_m, (pelvis, torso), ankles_m=np.stack(ankles, axis=-2)
    )
    for side, (_, _, foot) in enumerate(LEGS):
        rotations[foot] = feet[side]
        rotations |= swinging_arm(phase, torso, side)
    return pelvis_m, rotations


def swinging_arm(
    phase: Array, torso: Array, side: int, *, share: float = 1.0
) -> dict[int, Array]:
    """Return rotations of one arm, which swings against the leg of its side."""
    swing = np.cos(2 * np.pi * (phase + 0.5 * side))
    upper_rad = share * np.deg2rad(-24.0 * swing) + np.deg2rad(2.0)
    elbow_rad = np.deg2rad(22.0) - share * np.deg2rad(12.0 * swing)
    out = turned("y", np.deg2rad(7.0) * (1 if side == 0 else -1))
    upper = torso @ out @ turned("x", upper_rad)
    return {3 + 2 * side: upper, 4 + 2 * side: upper @ turned("x", elbow_rad)}


def _pelvis_m(walk: Walk, phase: Array) -> Array:
    bob = walk.bob_m * np.cos(4 * np.pi * (phase - _HIGHEST))
    sway = -walk.sway_m * np.sin(2 * np.pi * (phase - 0.03))
    return np.stack([sway, np.zeros_like(phase), walk.pelvis_z_m + bob], axis=-1)


def _pelvis_rotation(phase: Array) -> Array:
    # The hip of the leg in front comes forward, that of the swinging leg sinks.
    yaw = turned("z", np.deg2rad(-5.0) * np.cos(2 * np.pi * phase))
    return yaw @ turned("y", np.deg2rad(2.5) * np.sin(2 * np.pi * phase))


def _torso_rotation(phase: Array) -> Array:
    yaw = turned("z", np.deg2rad(5.0) * np.cos(2 * np.pi * phase))
    lean = turned("x", np.deg2rad(-3.0 + np.cos(4 * np.pi * phase)))
    return yaw @ lean @ turned("y", np.deg2rad(-1.0) * np.sin(2 * np.pi * phase))


def _smooth(phase: Array, knots: Array, values: Array) -> Array:
    """Interpolate with level tangents at the knots."""
    right = np.clip(np.searchsorted(knots, phase, side="right"), 1, len(knots) - 1)
    start, end = knots[right - 1], knots[right]
    share = np.clip((phase - start) / (end - start), 0.0, 1.0)
    blend = share * share * (3 - 2 * share)
    return values[right - 1] + blend * (values[right] - values[right - 1])


def foot_pitch_rad(phase: Array) -> Array:
    """Return how far the toes point up at a phase in 0..1 of the foot's own cycle."""
    return np.deg2rad(_smooth(phase, _PITCH_PHASES, _PITCH_DEG))


def rolled_ankle_m(body: Body, pitch_rad: Array) -> tuple[Array, Array]:
    """Return y and z of the ankle of a foot that rolls over its sole.

    The sole is a polygon that touches the ground with its lowest corner; y is
    counted from the ankle of the flat foot. Rolling, no corner slips.
    """
    sole = body.sole_m
    steps = np.linalg.norm(np.diff(sole, axis=0), axis=1)
    ground = np.concatenate([[0.0], np.cumsum(steps)])
    ground += sole[1, 0] - ground[1]
    cosine, sine = np.cos(pitch_rad)[..., None], np.sin(pitch_rad)[..., None]
    y = sole[:, 0] * cosine - sole[:, 1] * sine
    z = sole[:, 0] * sine + sole[:, 1] * cosine
    lowest = np.argmin(z, axis=-1)[..., None]
    ahead = ground[lowest] - np.take_along_axis(y, lowest, axis=-1)
    return ahead[..., 0], -np.take_along_axis(z, lowest, axis=-1)[..., 0]


def ankle_m(walk: Walk, phase: Array, side: int) -> tuple[Array, Array]:
    """Return the ankle (..., 3), metres, and the rotation of one foot.

    ``side`` is 0 for the left and 1 for the right foot; in axes that travel with the
    person.
    """
    body = walk.body
    cycle = (phase + 0.5 * side) % 1.0
    pitch = foot_pitch_rad(cycle)
    roll, height = rolled_ankle_m(body, pitch)
    in_air = np.clip((cycle - TOE_OFF) / (1.0 - TOE_OFF), 0.0, 1.0)
    along_foot = np.where(in_air > 0.0, _swing_m(body, in_air), roll)
    lift = body.height_m * _smooth(cycle, _CLEARANCE_PHASES, _CLEARANCE_SHARE)
    out = -1.0 if side == 0 else 1.0
    heading = turned("z", -_TOE_OUT_RAD * out)
    in_foot = np.stack([np.zeros_like(roll), along_foot, height + lift], axis=-1)
    ankle = (heading @ in_foot[..., None])[..., 0]
    # On the ground the foot falls back as the person goes on; in the air it catches up.
    step = in_air * in_air * (3 - 2 * in_air)
    ankle[..., 0] += out * _STEP_WIDTH * body.hip_x_m
    ankle[..., 1] += (_MID_STANCE - cycle + step) * walk.stride_m
    return ankle, heading @ turned("x", pitch)


def _swing_m(body: Body, t: Array) -> Array:
    """Return how far the ankle in the air is along the foot, t from 0 to 1.

    A cubic between the rolled foot that leaves the ground and the one that lands,
    which it meets with their speeds.
    """
    edge = np.array([TOE_OFF - 1e-4, TOE_OFF, 0.0, 1e-4])
    roll, _ = rolled_ankle_m(body, foot_pitch_rad(edge))
    per_t = (1.0 - TOE_OFF) / 1e-4
    leave, land = (roll[1] - roll[0]) * per_t, (roll[3] - roll[2]) * per_t
    return (
        roll[1] * (1 + 2 * t) * (1 - t) ** 2
        + leave * t * (1 - t) ** 2
        + roll[2] * t * t * (3 - 2 * t)
        + land * t * t * (t - 1)
    )
