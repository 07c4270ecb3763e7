"""Motorcycles and scooters as moving parts, riding or parked; no bpy.

They look along +y and stand on z = 0; the middle lies between the axles.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.people.motorcycle_body import Motorcycle, body_builder
from blender_scenes.city.people.skeleton import turned
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import bars, ring_bar, tube

Array = NDArray[np.float64]

_PAINTS = (
    (0.35, 0.02, 0.02), (0.02, 0.02, 0.022), (0.03, 0.08, 0.25), (0.5, 0.5, 0.48),
    (0.04, 0.16, 0.1), (0.45, 0.4, 0.28), (0.3, 0.32, 0.34),
)  # fmt: skip
# How far a parked one leans onto its stand.
_LEAN_RAD = 0.13


def motorcycle_random(rng: np.random.Generator) -> Motorcycle:
    """Return a motorcycle or scooter of random colour."""
    red, green, blue = _PAINTS[rng.integers(len(_PAINTS))]
    return Motorcycle(
        paint_rgb=(red, green, blue),
        is_scooter=bool(rng.random() < 0.5),
        has_top_case=bool(rng.random() < 0.35),
    )


def motorcycle_parts(seed: int) -> tuple[Part, ...]:
    """Return the parked motorcycle of a seed, leaning on its stand, in one part."""
    motorcycle = motorcycle_random(np.random.default_rng([seed, 7]))
    whole = MeshBuilder()
    poses = riding_pose(motorcycle, np.array(0.0))
    for piece, pose in zip(riding_parts(motorcycle), poses, strict=True):
        whole.add_mesh(piece.mesh, pose)
    stand = tube([(-0.1, -0.05, 0.32), (-0.24, -0.1, 0.04)], 0.013, sides=6)
    whole.add(stand, "steel")
    leaning = np.eye(4)
    leaning[:3, :3] = turned("y", -_LEAN_RAD)
    parked = MeshBuilder()
    parked.add_mesh(whole.mesh(), leaning)
    # The tyres' lower edge, not their middle, touches the ground.
    leaning[2, 3] = -float(parked.mesh().vertices[:, 2].min())
    standing = MeshBuilder()
    standing.add_mesh(whole.mesh(), leaning)
    return (part("Motorcycle", standing),)


def riding_parts(motorcycle: Motorcycle) -> tuple[Part, ...]:
    """Return the body, the front wheel and the rear wheel."""
    body = body_builder(motorcycle)
    wheels = (_wheel(motorcycle, 0.05), _wheel(motorcycle, 0.065))
    return tuple(part("Motorcycle", builder) for builder in (body, *wheels))


def riding_pose(motorcycle: Motorcycle, distance_m: ArrayLike) -> Array:
    """Return where the parts are after a distance, (..., 3, 4, 4)."""
    distance = np.asarray(distance_m, np.float64)
    radius = motorcycle.wheel_radius_m
    matrices = np.tile(np.eye(4), (*distance.shape, 3, 1, 1))
    for index, out in ((1, 1.0), (2, -1.0)):
        matrices[..., index, :3, :3] = turned("x", -distance / radius)
        matrices[..., index, :3, 3] = (0.0, out * motorcycle.axle_y_m, radius)
    return matrices


def _wheel(motorcycle: Motorcycle, tyre_m: float) -> MeshBuilder:
    builder = MeshBuilder()
    radius = motorcycle.wheel_radius_m
    builder.add(ring_bar((0, 0, 0), radius - tyre_m, tyre_m), "rubber", smooth=True)
    rim = ring_bar((0, 0, 0), radius - 1.9 * tyre_m, 0.014)
    builder.add(rim, "chrome", smooth=True)
    turn = 2 * np.pi * np.arange(5) / 5
    tips = (radius - 1.9 * tyre_m) * np.stack([0 * turn, np.cos(turn), np.sin(turn)], 1)
    builder.add(bars(np.zeros((5, 3)), tips, 0.013), "steel", (0.4, 0.4, 0.4))
    builder.add(tube([(-0.07, 0, 0), (0.07, 0, 0)], 0.028), "steel")
    disc = ring_bar((0.055, 0, 0), 0.55 * radius - 0.02, 0.012)
    builder.add(disc, "steel", (0.6, 0.6, 0.6))
    return builder
