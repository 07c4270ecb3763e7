"""Meshes of people in mid-step or standing; no bpy.

A person looks along +y, stands on z = 0 and is modelled 1.75 m high.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.mesh import MeshBuilder, MeshData
from blender_scenes.city.parts import Part
from blender_scenes.city.plan import Person
from blender_scenes.city.shapes import Shape, box, ellipsoid, loft, tube

MODEL_HEIGHT_M = 1.75
_HIP_M, _KNEE_M, _SHOULDER_M = 0.92, 0.49, 1.42
_SKIN_RGB = ((0.55, 0.34, 0.24), (0.42, 0.24, 0.15), (0.2, 0.1, 0.06), (0.6, 0.4, 0.3))
_HAIR_RGB = (
    (0.015, 0.012, 0.01),
    (0.07, 0.035, 0.015),
    (0.25, 0.16, 0.07),
    (0.3, 0.3, 0.3),
)
_TOP_RGB = (
    (0.03, 0.04, 0.09),
    (0.3, 0.03, 0.03),
    (0.5, 0.48, 0.42),
    (0.03, 0.03, 0.03),
    (0.05, 0.13, 0.09),
    (0.2, 0.14, 0.07),
    (0.12, 0.17, 0.28),
    (0.25, 0.24, 0.22),
    (0.35, 0.12, 0.18),
    (0.16, 0.05, 0.1),
)
_LEG_RGB = (
    (0.03, 0.045, 0.1),
    (0.02, 0.02, 0.022),
    (0.18, 0.14, 0.09),
    (0.08, 0.08, 0.09),
    (0.11, 0.12, 0.08),
)


@dataclass(frozen=True)
class _Dress:
    """Colours and habits of one person."""

    skin_rgb: NDArray[np.float64]
    hair_rgb: NDArray[np.float64]
    top_rgb: NDArray[np.float64]
    leg_rgb: NDArray[np.float64]
    shoe_rgb: NDArray[np.float64]
    has_long_hair: bool
    has_coat: bool
    has_skirt: bool
    bag: str
    girth: float


def person_parts(person: Person) -> tuple[Part, ...]:
    """Return the limbs of a planned person."""
    return (Part("Person", person_mesh(person)),)


def person_pose(person: Person, distance_m: float) -> NDArray[np.float64]:
    """Return (parts, 4, 4): where each limb is after a distance walked."""
    del person, distance_m
    return np.eye(4)[None]


def person_mesh(person: Person) -> MeshData:
    """Return the figure of a planned person, scaled to its height."""
    rng = np.random.default_rng([person.seed, 3])
    dress = _dress(rng)
    stride_rad = float(rng.uniform(0.24, 0.42)) if person.is_walking else 0.05
    if rng.random() < 0.5:
        stride_rad = -stride_rad
    builder = MeshBuilder()
    _add_leg(builder, dress, -1, stride_rad)
    _add_leg(builder, dress, 1, -stride_rad)
    _add_torso(builder, dress)
    swing = 0.9 * stride_rad
    elbow_rad = float(rng.uniform(0.2, 0.7))
    _add_arm(builder, dress, -1, -swing, elbow_rad)
    _add_arm(builder, dress, 1, swing, elbow_rad if person.is_walking else 1.6)
    _add_head(builder, dress)
    _add_bag(builder, dress)
    mesh = builder.mesh()
    scale = np.eye(4) * person.height_m / MODEL_HEIGHT_M
    # The rear foot may reach lower than the front one: stand on the lower.
    scale[2, 3] = -float(mesh.vertices[:, 2].min()) * scale[0, 0]
    whole = MeshBuilder()
    whole.add_mesh(mesh, scale)
    return whole.mesh()


def _dress(rng: np.random.Generator) -> _Dress:
    def pick(palette: ArrayLike) -> NDArray[np.float64]:
        colours = np.asarray(palette)
        return colours[rng.integers(len(colours))] * rng.uniform(0.8, 1.2)

    return _Dress(
        skin_rgb=pick(_SKIN_RGB),
        hair_rgb=pick(_HAIR_RGB),
        top_rgb=pick(_TOP_RGB),
        leg_rgb=pick(_LEG_RGB),
        shoe_rgb=pick(((0.02, 0.02, 0.02), (0.1, 0.05, 0.025), (0.5, 0.5, 0.48))),
        has_long_hair=bool(rng.random() < 0.4),
        has_coat=bool(rng.random() < 0.4),
        has_skirt=bool(rng.random() < 0.2),
        bag=str(rng.choice(["none", "rucksack", "handbag"])),
        girth=float(rng.uniform(0.9, 1.2)),
    )


def _swung(length_m: float, angle_rad: float) -> NDArray[np.float64]:
    """Return the step from a joint down a limb that swings forwards."""
    return np.array([0.0, np.sin(angle_rad) * length_m, -np.cos(angle_rad) * length_m])


def _limb(path: ArrayLike, radii: ArrayLike, *, sides: int = 10) -> Shape:
    """Return a limb with rounded ends: a tube with extra, narrow end rings."""
    points, radius = np.asarray(path, float), np.asarray(radii, float)
    start, end = points[0] - points[1], points[-1] - points[-2]
    start /= np.linalg.norm(start)
    end /= np.linalg.norm(end)
    points = np.vstack(
        [
            points[0] + start * radius[0] * 0.5,
            points,
            points[-1] + end * radius[-1] * 0.5,
        ]
    )
    return tube(
        points,
        np.concatenate([[0.4 * radius[0]], radius, [0.4 * radius[-1]]]),
        sides=sides,
    )


def _add_leg(builder: MeshBuilder, dress: _Dress, side: int, swing_rad: float) -> None:
    hip = np.array([0.095 * side, 0.0, _HIP_M])
    knee = hip + _swung(_HIP_M - _KNEE_M, swing_rad)
    # The rear leg bends at the knee, the front leg is nearly straight.
    shin_rad = swing_rad - (0.45 if swing_rad < -0.1 else 0.06)
    ankle = knee + _swung(_KNEE_M - 0.08, shin_rad)
    thigh = (hip + knee) / 2
    shin = knee + 0.35 * (ankle - knee)
    path = [hip, thigh, knee, shin, ankle]
    radii = np.array([0.092, 0.085, 0.062, 0.062, 0.045]) * dress.girth**0.5
    builder.add(_limb(path, radii), "cloth", dress.leg_rgb, smooth=True)
    foot_rad = (
        min(0.0, swing_rad * 1.2) if swing_rad < -0.1 else max(0.0, 0.5 * swing_rad)
    )
    toe = np.array([0.0, np.cos(foot_rad), np.sin(foot_rad)])
    sole = np.add(ankle, (0.0, 0.0, -0.045))
    shoe = [sole - 0.06 * toe, sole + 0.06 * toe, sole + 0.17 * toe - (0.0, 0.0, 0.012)]
    builder.add(
        _limb(shoe, (0.045, 0.048, 0.032)), "painted", dress.shoe_rgb, smooth=True
    )


def _oval_rings(rows: ArrayLike) -> NDArray[np.float64]:
    """Return rings (R, 20, 3) from rows of (z, half width, half depth, y)."""
    angle = np.linspace(0.0, 2 * np.pi, 21)[:-1]
    # A slightly square oval looks like a chest, an ellipse like a barrel.
    across = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.8
    along = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.8
    return np.stack(
        [
            np.stack([w * across, y + d * along, np.full_like(angle, z)], axis=-1)
            for z, w, d, y in np.asarray(rows, float)
        ]
    )


def _add_torso(builder: MeshBuilder, dress: _Dress) -> None:
    g = dress.girth
    hem = 0.62 if dress.has_coat else 0.86
    flare = 0.03 if dress.has_coat else 0.0
    rows = [
        (hem, 0.15 * g + flare, 0.115 * g + flare, 0.0),
        (0.98, 0.165 * g, 0.12 * g, 0.0),
        (1.1, 0.145 * g, 0.105 * g, 0.005),
        (1.25, 0.165 * g, 0.115 * g, 0.01),
        (1.37, 0.185, 0.105, 0.0),
        (1.44, 0.165, 0.085, -0.01),
        (1.49, 0.08, 0.065, -0.005),
        (1.515, 0.058, 0.056, 0.0),
    ]
    builder.add(loft(_oval_rings(rows)), "cloth", dress.top_rgb, smooth=True)
    hips = [(0.8, 0.13 * g, 0.1 * g, 0.0), (0.99, 0.16 * g, 0.115 * g, 0.0)]
    builder.add(loft(_oval_rings(hips)), "cloth", dress.leg_rgb, smooth=True)
    if dress.has_skirt and not dress.has_coat:
        skirt = [
            (0.5, 0.24, 0.23, 0.0),
            (0.75, 0.2, 0.17, 0.0),
            (1.0, 0.165 * g, 0.12 * g, 0.0),
        ]
        builder.add(loft(_oval_rings(skirt)), "cloth", dress.leg_rgb * 1.4, smooth=True)
    # A zip or a row of buttons.
    strip = box((-0.008, 0.008), (0.105 * g, 0.128 * g), (max(hem, 0.9), 1.4))
    builder.add(strip, "cloth", dress.top_rgb * 0.4)


def _add_arm(
    builder: MeshBuilder, dress: _Dress, side: int, swing_rad: float, elbow_rad: float
) -> None:
    shoulder = np.array([0.195 * side, -0.01, _SHOULDER_M - 0.02])
    elbow = shoulder + _swung(0.29, swing_rad) + (0.035 * side, 0.0, 0.0)
    wrist = elbow + _swung(0.25, swing_rad + elbow_rad)
    path = [shoulder, (shoulder + elbow) / 2, elbow, (elbow + wrist) / 2, wrist]
    radii = (0.062, 0.052, 0.045, 0.042, 0.034)
    builder.add(_limb(path, radii), "cloth", dress.top_rgb, smooth=True)
    hand = wrist + _swung(0.09, swing_rad + elbow_rad)
    grip = _limb([wrist, (wrist + hand) / 2, hand], (0.026, 0.038, 0.024), sides=8)
    builder.add(grip, "skin", dress.skin_rgb, smooth=True)


def _add_head(builder: MeshBuilder, dress: _Dress) -> None:
    neck = _limb(
        [(0.0, -0.01, 1.46), (0.0, 0.0, 1.5), (0.0, 0.01, 1.56)], (0.055, 0.052, 0.05)
    )
    builder.add(neck, "skin", dress.skin_rgb, smooth=True)
    builder.add(
        ellipsoid((0, 0.015, 1.635), (0.075, 0.095, 0.115)),
        "skin",
        dress.skin_rgb,
        smooth=True,
    )
    nose = ellipsoid((0, 0.112, 1.625), (0.013, 0.02, 0.024), segments=8, rings=6)
    builder.add(nose, "skin", dress.skin_rgb * 0.95, smooth=True)
    for side in (-1, 1):
        ear = ellipsoid(
            (0.076 * side, 0.0, 1.63), (0.012, 0.022, 0.032), segments=8, rings=6
        )
        builder.add(ear, "skin", dress.skin_rgb, smooth=True)
        eye = ellipsoid(
            (0.03 * side, 0.1, 1.65), (0.012, 0.01, 0.008), segments=8, rings=5
        )
        builder.add(eye, "painted", (0.03, 0.025, 0.02))
    hair = ellipsoid((0, -0.012, 1.668), (0.084, 0.098, 0.092))
    builder.add(hair, "cloth", dress.hair_rgb, smooth=True)
    if dress.has_long_hair:
        rows = [
            (1.42, 0.075, 0.035, -0.085),
            (1.55, 0.085, 0.05, -0.06),
            (1.68, 0.08, 0.06, -0.03),
        ]
        builder.add(loft(_oval_rings(rows)), "cloth", dress.hair_rgb, smooth=True)


def _add_bag(builder: MeshBuilder, dress: _Dress) -> None:
    colour = dress.leg_rgb * 0.8 + 0.01
    if dress.bag == "rucksack":
        rows = [
            (1.0, 0.12, 0.06, -0.17),
            (1.08, 0.145, 0.085, -0.18),
            (1.32, 0.135, 0.075, -0.17),
            (1.42, 0.09, 0.04, -0.14),
        ]
        builder.add(loft(_oval_rings(rows)), "cloth", colour, smooth=True)
        for side in (-1, 1):
            strap = [
                (0.09 * side, -0.11, 1.42),
                (0.1 * side, -0.02, 1.475),
                (0.11 * side, 0.1, 1.36),
                (0.12 * side, 0.11, 1.2),
            ]
            builder.add(tube(strap, 0.018, sides=6), "cloth", colour * 0.6)
    elif dress.bag == "handbag":
        builder.add(
            box((0.215, 0.305), (-0.14, 0.14), (0.78, 1.0)), "painted", colour * 1.5
        )
        strap = [
            (0.26, -0.1, 1.0),
            (0.22, -0.05, 1.3),
            (0.15, 0.0, 1.475),
            (0.22, 0.05, 1.3),
            (0.26, 0.1, 1.0),
        ]
        builder.add(tube(strap, 0.01, sides=6), "painted", colour)
