"""People on foot as jointed parts that walk or stand; no bpy.

A person looks along +y and stands on z = 0.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.people import belongings, gait
from blender_scenes.city.people.figure import bone_builders
from blender_scenes.city.people.figure_shapes import Figure
from blender_scenes.city.people.outfits import outfit_random
from blender_scenes.city.people.postures import reaching_arm, standing_posture
from blender_scenes.city.people.skeleton import Body, bone_matrices, turned
from blender_scenes.city.plan import Footprint, Person
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.parts import Part, part

Array = NDArray[np.float64]

_CHILD_SHARE = 0.12
# Of strides in a long skirt, which the legs can't open any further.
_SKIRT_REACH = 0.85


def person_random(
    rng: np.random.Generator,
    footprint: Footprint,
    heading_rad: float,
    ground_z_m: float,
    *,
    has_umbrella: bool = False,
) -> Person:
    """Return somebody of a random height and look at a place."""
    if rng.random() < _CHILD_SHARE:
        height_m = rng.uniform(1.1, 1.4)
    else:
        height_m = np.clip(rng.normal(1.71, 0.085), 1.5, 1.96)
    return Person(
        footprint=footprint,
        heading_rad=heading_rad,
        ground_z_m=ground_z_m,
        height_m=float(height_m),
        seed=int(rng.integers(2**31)),
        has_umbrella=has_umbrella,
    )


def person_parts(person: Person, *, detail: int = 2) -> tuple[Part, ...]:
    """Return the limbs of a person and what swings beside them, in their own axes.

    First the bones in the order of `BONES`, then halves of a skirt, a bag, an
    umbrella. ``detail`` is 2 near, 1 in the distance; the parts are the same ones.
    """
    figure = _figure(person, detail)
    outfit = figure.outfit
    builders = bone_builders(figure)
    if outfit.bag == "rucksack":
        belongings.add_rucksack(builders[1], figure)
    elif outfit.bag == "handbag":
        belongings.add_handbag(builders[1], figure)
    if _right_hand(person, figure) == "phone":
        belongings.add_phone(builders[6], figure, 1.0)
    extras: list[MeshBuilder] = []
    if outfit.skirt_hem is not None:
        extras += [
            belongings.skirt_panel(figure, is_front=is_front)
            for is_front in (True, False)
        ]
    if outfit.bag == "shopping":
        extras.append(belongings.shopping_bag(figure))
    if person.has_umbrella:
        extras.append(belongings.umbrella(figure))
    return tuple(part("Person", builder) for builder in (*builders, *extras))


def person_pose(person: Person, distance_m: ArrayLike) -> Array:
    """Return where each part is after a distance walked.

    Parameters
    ----------
    person : Person
        Who does not walk stands in the same pose at every distance.
    distance_m : array of any shape
        Metres along the path.

    Returns
    -------
    ndarray, shape of ``distance_m`` + (parts, 4, 4)
        In axes that move with the person.
    """
    figure = _figure(person, 2)
    distance = np.asarray(distance_m, np.float64)
    if person.is_walking:
        walk = _walk(person)
        pelvis_m, rotations = gait.walking_posture(walk, distance)
        swing = 0.06 * np.cos(2 * np.pi * walk.phase(distance))
        if figure.outfit.bag == "shopping":
            phase = walk.phase(distance)
            rotations |= gait.swinging_arm(phase, rotations[1], 0, share=0.3)
    else:
        pelvis_m, rotations = standing_posture(
            figure.body, figure.outfit.idle, person.seed
        )
        swing = np.zeros(distance.shape)
    busy = _right_hand(person, figure)
    if person.has_umbrella or (person.is_walking and busy != "none"):
        rotations |= reaching_arm(
            figure.body, pelvis_m, (rotations[0], rotations[1]), busy
        )
        if busy == "phone":
            rotations[2] = rotations[2] @ turned("x", np.deg2rad(-14.0))
    bones = bone_matrices(figure.body, pelvis_m, rotations, distance.shape)
    return np.concatenate([bones, *_extra_poses(person, figure, bones, swing)], axis=-3)


def person_mesh(
    person: Person, *, distance_m: float = 0.0, detail: int = 2
) -> MeshData:
    """Return a whole person as one mesh in the pose after a distance walked."""
    whole = MeshBuilder()
    poses = person_pose(person, distance_m)
    for limb, matrix in zip(person_parts(person, detail=detail), poses, strict=True):
        whole.add_mesh(limb.mesh, matrix)
    return whole.mesh()


@lru_cache(maxsize=1024)
def _figure(person: Person, detail: int) -> Figure:
    is_child = Body(person.height_m).is_child
    outfit = outfit_random(person.seed, is_child=is_child)
    return Figure(Body(person.height_m, outfit.girth), outfit, person.seed, detail)


@lru_cache(maxsize=1024)
def _walk(person: Person) -> gait.Walk:
    figure = _figure(person, 2)
    speed = np.hypot(person.footprint.velocity_x_m_s, person.footprint.velocity_y_m_s)
    share = 1.0 if figure.outfit.skirt_hem is None else _SKIRT_REACH
    first_phase = np.random.default_rng([person.seed, 4]).random()
    return gait.walk_of(
        figure.body, float(speed), float(first_phase), reach_share=share
    )


def _right_hand(person: Person, figure: Figure) -> str:
    """Return what the right hand does: "umbrella", "phone", "pocket" or "none"."""
    if person.has_umbrella:
        return "umbrella"
    if person.is_walking:
        return figure.outfit.busy_hand
    return "phone" if figure.outfit.idle == "phone" else "none"


def _extra_poses(
    person: Person, figure: Figure, bones: Array, swing: Array
) -> list[Array]:
    """Return the poses (..., 1, 4, 4) of what `person_parts` lists after the bones."""
    body, outfit = figure.body, figure.outfit
    found: list[Array] = []
    if outfit.skirt_hem is not None:
        thighs = bones[..., (7, 10), :, :][..., :3, 2]
        upright = bones[..., :1, :3, :3].swapaxes(-1, -2)
        local = (upright @ thighs[..., None])[..., 0]
        angles = belongings.panel_angles_rad(np.arctan2(-local[..., 1], local[..., 2]))
        for angle in angles:
            matrix = bones[..., 0, :, :].copy()
            matrix[..., :3, 3] += bones[..., 0, :3, 2] * body.waist_m
            matrix[..., :3, :3] = matrix[..., :3, :3] @ turned("x", angle)
            found.append(matrix[..., None, :, :])
    for bone, is_carried, turn in (
        (4, outfit.bag == "shopping", swing),
        (6, person.has_umbrella, np.zeros(swing.shape)),
    ):
        if is_carried:
            matrix = bones[..., bone, :, :].copy()
            palm = np.array([0.0, 0.01, -0.36 * body.scale])
            matrix[..., :3, 3] += matrix[..., :3, :3] @ palm
            matrix[..., :3, :3] = turned("x", turn)
            found.append(matrix[..., None, :, :])
    return found
