"""The jointed skeleton of a person: sizes, chains of joints, bent limbs; no bpy.

Every bone's own axes are those of the person standing upright with hanging arms:
x to the right, y forwards, z up; its origin is the joint nearest to the pelvis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

ADULT_HEIGHT_M = 1.75
_CHILD_BELOW_M = 1.45

BONES = (
    "pelvis", "torso", "head",
    "left_upper_arm", "left_forearm", "right_upper_arm", "right_forearm",
    "left_thigh", "left_shin", "left_foot", "right_thigh", "right_shin", "right_foot",
)  # fmt: skip
PARENTS = (-1, 0, 1, 1, 3, 1, 5, 0, 7, 8, 0, 10, 11)
# Bones of the left and right side, from the trunk outwards.
ARMS = ((3, 4), (5, 6))
LEGS = ((7, 8, 9), (10, 11, 12))


@dataclass(frozen=True)
class Body:
    """Sizes of a person, metres, from the height and the girth.

    Parameters
    ----------
    height_m : float
        Standing height in shoes.
    girth : float
        Width relative to a slim adult, about 0.9 to 1.3.

    Notes
    -----
    Segment lengths are shares of the height close to those of Winter (2009), table
    4.1: thigh 0.245, shin 0.246, upper arm 0.186, forearm 0.146. Children have
    shorter legs and larger heads.
    """

    height_m: float
    girth: float = 1.0

    @property
    def is_child(self) -> bool:
        """Whether the proportions are a child's."""
        return self.height_m < _CHILD_BELOW_M

    @property
    def scale(self) -> float:
        """Height over that of the model adult."""
        return self.height_m / ADULT_HEIGHT_M

    @property
    def ankle_m(self) -> float:
        """Height of the ankle above the sole."""
        return 0.047 * self.height_m

    @property
    def thigh_m(self) -> float:
        """Hip to knee."""
        return (0.228 if self.is_child else 0.24) * self.height_m

    @property
    def shin_m(self) -> float:
        """Knee to ankle."""
        return (0.225 if self.is_child else 0.238) * self.height_m

    @property
    def hip_m(self) -> float:
        """Height of the hips of somebody who stands straight."""
        return self.ankle_m + self.thigh_m + self.shin_m

    @property
    def hip_x_m(self) -> float:
        """Half the distance between the hips."""
        return 0.052 * self.height_m

    @property
    def waist_m(self) -> float:
        """Hips to waist."""
        return 0.075 * self.height_m

    @property
    def head_m(self) -> float:
        """Chin to crown."""
        return 0.135 + 0.05 * self.height_m

    @property
    def neck_m(self) -> float:
        """Waist to the base of the neck."""
        # What the legs, the neck and the head leave of the height.
        return self.height_m - self.hip_m - self.waist_m - 1.23 * self.head_m

    @property
    def shoulder_m(self) -> float:
        """Waist to the shoulder joints."""
        return self.neck_m - 0.056 * self.height_m

    @property
    def shoulder_x_m(self) -> float:
        """Half the distance between the shoulder joints."""
        return 0.092 * self.height_m * (0.7 + 0.3 * self.girth)

    @property
    def upper_arm_m(self) -> float:
        """Shoulder to elbow."""
        return 0.172 * self.height_m

    @property
    def forearm_m(self) -> float:
        """Elbow to wrist."""
        return 0.15 * self.height_m

    @property
    def sole_m(self) -> Array:
        """Outline (5, 2) of the sole from heel to toe: y and z from the ankle."""
        y = np.array([-0.04, -0.026, 0.06, 0.09, 0.112]) * self.height_m
        lift = np.array([0.009, 0.0, 0.0, 0.007, 0.02]) * self.height_m
        return np.stack([y, lift - self.ankle_m], axis=-1)

    @property
    def joints_m(self) -> Array:
        """Where each bone begins (13, 3) in the axes of its parent."""
        h, s = self.hip_x_m, self.shoulder_x_m
        back = -0.006 * self.height_m
        arm, thigh, shin = -self.upper_arm_m, -self.thigh_m, -self.shin_m
        return np.array(
            [
                (0, 0, 0), (0, 0, self.waist_m), (0, 0, self.neck_m),
                (-s, back, self.shoulder_m), (0, 0, arm),
                (s, back, self.shoulder_m), (0, 0, arm),
                (-h, 0, 0), (0, 0, thigh), (0, 0, shin),
                (h, 0, 0), (0, 0, thigh), (0, 0, shin),
            ]
        )  # fmt: skip


def turned(axis: str, angle_rad: ArrayLike) -> Array:
    """Return rotations (..., 3, 3) about a named axis, counter-clockwise.

    Examples
    --------
    >>> (turned("x", np.pi / 2) @ [0.0, 1.0, 0.0]).round(6).tolist()
    [0.0, 0.0, 1.0]
    """
    angle = np.asarray(angle_rad, np.float64)
    rotation = np.zeros((*angle.shape, 3, 3))
    fixed = "xyz".index(axis)
    first, second = (fixed + 1) % 3, (fixed + 2) % 3
    rotation[..., fixed, fixed] = 1.0
    rotation[..., first, first] = rotation[..., second, second] = np.cos(angle)
    rotation[..., first, second] = -np.sin(angle)
    rotation[..., second, first] = np.sin(angle)
    return rotation


def bone_matrices(
    body: Body,
    pelvis_m: ArrayLike,
    rotations: dict[int, Array],
    shape: tuple[int, ...] = (),
) -> Array:
    """Return where the bones are, ``shape`` + (13, 4, 4).

    Parameters
    ----------
    body : Body
    pelvis_m : array (..., 3)
        Middle between the hips.
    rotations : dict of ndarray (..., 3, 3)
        Of every bone, in the axes of the person.
    shape : tuple of int
        Leading shape that all of them broadcast to.
    """
    turns = [np.broadcast_to(rotations[k], (*shape, 3, 3)) for k in range(len(BONES))]
    matrices = np.zeros((*shape, len(BONES), 4, 4))
    matrices[..., :3, :3] = np.stack(turns, axis=-3)
    matrices[..., 3, 3] = 1.0
    matrices[..., 0, :3, 3] = pelvis_m
    for bone, parent in enumerate(PARENTS[1:], start=1):
        step = turns[parent] @ body.joints_m[bone]
        matrices[..., bone, :3, 3] = matrices[..., parent, :3, 3] + step
    return matrices


def bent_limb(
    root: Array,
    end: Array,
    lengths_m: tuple[float, float],
    hint: ArrayLike,
    *,
    is_knee: bool,
) -> tuple[Array, Array]:
    """Return the rotations of two bones that lead from a root to an end.

    Parameters
    ----------
    root, end : ndarray (..., 3)
        An end out of reach is approached as far as the bones allow.
    lengths_m : tuple
        Of the upper and the lower bone.
    hint : array (..., 3)
        Towards which side the middle joint goes.
    is_knee : bool
        Knees bend forwards, elbows backwards.

    Returns
    -------
    tuple of two ndarrays (..., 3, 3)
    """
    upper_m, lower_m = lengths_m
    reach = end - root
    far = upper_m + lower_m
    distance = np.linalg.norm(reach, axis=-1)
    axis = reach / distance[..., None]
    distance = np.clip(distance, abs(upper_m - lower_m) + 1e-4, far * (1 - 1e-6))
    side = np.asarray(hint, np.float64)
    side = side - (side * axis).sum(axis=-1)[..., None] * axis
    side /= np.linalg.norm(side, axis=-1, keepdims=True)
    # The law of cosines in the triangle root, middle joint, end.
    along = (upper_m**2 - lower_m**2 + distance**2) / (2 * distance)
    out = np.sqrt(np.maximum(upper_m**2 - along**2, 0.0))
    upper = along[..., None] * axis + out[..., None] * side
    lower = distance[..., None] * axis - upper
    hinge = np.cross(side, -axis) * (1.0 if is_knee else -1.0)
    return _bone_axes(upper, hinge), _bone_axes(lower, hinge)


def _bone_axes(direction: Array, hinge: Array) -> Array:
    """Return the rotation that hangs a bone along a direction, x along its hinge."""
    z = -direction / np.linalg.norm(direction, axis=-1, keepdims=True)
    return np.stack([hinge, np.cross(z, hinge), z], axis=-1)


def limb_rotations(
    body: Body,
    pelvis_m: Array,
    trunk: tuple[Array, Array],
    *,
    ankles_m: Array | None = None,
    wrists_m: Array | None = None,
) -> dict[int, Array]:
    """Return rotations by bone of the legs and arms that reach given points.

    Parameters
    ----------
    pelvis_m : ndarray (..., 3)
    trunk : tuple of two ndarrays (..., 3, 3)
        Rotations of the pelvis and the torso.
    ankles_m, wrists_m : ndarray (..., 2, 3), optional
        Left and right, in the axes of the person.
    """
    pelvis, torso = trunk
    joints = body.joints_m
    waist = pelvis_m + pelvis @ joints[1]
    found: dict[int, Array] = {}
    for side in (0, 1):
        out = -1.0 if side == 0 else 1.0
        if ankles_m is not None:
            thigh, shin, _ = LEGS[side]
            found[thigh], found[shin] = bent_limb(
                pelvis_m + pelvis @ joints[thigh],
                ankles_m[..., side, :],
                (body.thigh_m, body.shin_m),
                pelvis @ np.array([0.12 * out, 1.0, 0.0]),
                is_knee=True,
            )
        if wrists_m is not None:
            upper, fore = ARMS[side]
            found[upper], found[fore] = bent_limb(
                waist + torso @ joints[upper],
                wrists_m[..., side, :],
                (body.upper_arm_m, body.forearm_m),
                torso @ np.array([0.45 * out, -1.0, -0.6]),
                is_knee=False,
            )
    return found
