"""How people stand, and where busy arms reach; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.people.skeleton import ARMS, LEGS, Body, limb_rotations, turned

Array = NDArray[np.float64]

# Wrists of the left and right arm while standing, from the waist: to the side,
# forwards and up for a model adult, metres.
_WRISTS_M = {
    "waiting": ((0.25, 0.03, -0.19), (0.25, 0.05, -0.19)),
    "phone": ((0.25, 0.02, -0.19), (0.1, 0.27, 0.2)),
    "pockets": ((0.21, 0.05, -0.12), (0.21, 0.05, -0.12)),
    "folded_arms": ((-0.07, 0.18, 0.13), (-0.07, 0.22, 0.17)),
    "hand_on_hip": ((0.25, 0.03, -0.19), (0.25, 0.02, 0.0)),
    "umbrella": ((0.25, 0.02, -0.19), (0.19, 0.1, 0.2)),
}
_HEAD_DOWN_DEG = {"phone": 24.0}


def standing_posture(
    body: Body, idle: str, seed: int
) -> tuple[Array, dict[int, Array]]:
    """Return the pelvis (3,), metres, and the rotations of somebody who stands.

    The weight rests on one leg, whose hip is out to its side; the other foot is a
    little ahead.
    """
    rng = np.random.default_rng([seed, 6])
    s, out = body.scale, float(rng.choice((-1.0, 1.0)))
    gap_m = rng.uniform(0.075, 0.12) * s
    ahead_m = rng.uniform(0.02, 0.09) * s
    pelvis_m = np.array([0.025 * s * out, 0.0, body.hip_m - 0.012 * s])
    pelvis = turned("y", np.deg2rad(-2.5 * out))
    torso = turned("y", np.deg2rad(2.0 * out)) @ turned("x", np.deg2rad(-2.0))
    head = turned("z", rng.uniform(-0.5, 0.5)) @ turned(
        "x", np.deg2rad(-_HEAD_DOWN_DEG.get(idle, rng.uniform(-3.0, 8.0)))
    )
    ankles, feet = [], []
    for side in (-1.0, 1.0):
        y = 0.0 if side == out else ahead_m
        ankles.append((side * gap_m, y - 0.01 * s, body.ankle_m))
        feet.append(turned("z", -side * rng.uniform(0.08, 0.3)))
    waist = pelvis_m + pelvis @ body.joints_m[1]
    wrists = np.array(_WRISTS_M[idle]) * s * ((-1, 1, 1), (1, 1, 1))
    rotations = {0: pelvis, 1: torso, 2: head}
    rotations |= limb_rotations(
        body,
        pelvis_m,
        (pelvis, torso),
        ankles_m=np.array(ankles),
        wrists_m=waist + wrists @ torso.T,
    )
    for (_, _, foot), turn in zip(LEGS, feet, strict=True):
        rotations[foot] = turn
    return pelvis_m, rotations


def reaching_arm(
    body: Body, pelvis_m: Array, trunk: tuple[Array, Array], task: str
) -> dict[int, Array]:
    """Return rotations of the right arm that holds something beside the trunk."""
    place = {"pocket": "pockets"}.get(task, task)
    pelvis, torso = trunk
    waist = pelvis_m + pelvis @ body.joints_m[1]
    left, right = np.array(_WRISTS_M[place]) * body.scale
    wrists = np.stack([waist + torso @ left, waist + torso @ right], axis=-2)
    found = limb_rotations(body, pelvis_m, trunk, wrists_m=wrists)
    return {bone: found[bone] for bone in ARMS[1]}
