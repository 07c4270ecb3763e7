"""Wheels of every vehicle: tyre, rim and brake, and where they sit; no bpy.

A wheel turns about x; its outer face looks towards +x and its centre is the origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import Shape, boxes, grid, joined, tube

_TURN_STEPS = 28
_LUGS = 18


@dataclass(frozen=True)
class Axle:
    """A pair of equal wheels, metres.

    Parameters
    ----------
    y_m : float
        Place along the vehicle, +y is the front.
    radius_m, tyre_m : float
        Outer radius and width of the tyre.
    track_m : float
        Distance between the outer faces of both wheels.
    rim : str
        "alloy", "steel" or "truck".
    is_twin : bool
        Two tyres on each side.
    """

    y_m: float
    radius_m: float
    tyre_m: float
    track_m: float
    rim: str = "alloy"
    is_twin: bool = False

    def places(self) -> tuple[NDArray[np.float64], ...]:
        """Return the 4x4 matrices of the left and the right wheel at rest."""
        matrices = []
        for side in (-1.0, 1.0):
            matrix = np.diag([side, side, 1.0, 1.0])
            matrix[:3, 3] = (side * self.track_m / 2, self.y_m, self.radius_m)
            matrices.append(matrix)
        return tuple(matrices)


def rolled(axle: Axle, distance_m: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Return the matrices (..., 4, 4) of both wheels after driving along +y.

    The top of a rolling wheel moves forwards: a turn by -distance / radius about +x.
    """
    angle = -np.asarray(distance_m, np.float64) / axle.radius_m
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.zeros((*angle.shape, 4, 4))
    turn[..., 0, 0] = turn[..., 3, 3] = 1.0
    turn[..., 1, 1] = turn[..., 2, 2] = cosine
    turn[..., 1, 2], turn[..., 2, 1] = -sine, sine
    moved = []
    for place in axle.places():
        facing = place.copy()
        facing[:3, 3] = 0.0
        wheel = turn @ facing
        wheel[..., :3, 3] = place[:3, 3]
        moved.append(wheel)
    return tuple(moved)


@cache
def wheel_mesh(radius_m: float, tyre_m: float, rim: str, is_twin: bool) -> MeshData:
    """Return one wheel, the outer face of its tyre at x = 0."""
    builder = MeshBuilder()
    _add_tyre(builder, radius_m, 0.0, tyre_m)
    depth = tyre_m
    if is_twin:
        _add_tyre(builder, radius_m, -tyre_m - 0.04, tyre_m)
        depth = 2 * tyre_m + 0.04
    {"alloy": _add_alloy, "steel": _add_steel, "truck": _add_truck}[rim](
        builder, radius_m
    )
    # The dark drum closes the wheel from behind.
    drum = tube([(-depth, 0, 0), (-0.11, 0, 0)], 0.6 * radius_m, sides=16)
    builder.add(drum, "rubber")
    return builder.mesh()


def _revolved(profile: list[tuple[float, float]], steps: int = _TURN_STEPS) -> Shape:
    """Return the surface of a profile (x, radius) about x; outermost face first."""
    turn = 2 * np.pi * np.arange(steps + 1) / steps
    x, radius = np.array(profile, np.float64).T
    points = np.stack(
        [
            np.broadcast_to(x[:, None], (len(x), steps + 1)),
            radius[:, None] * np.cos(turn),
            radius[:, None] * np.sin(turn),
        ],
        axis=-1,
    )
    return grid(points[:, ::-1])


def _add_tyre(
    builder: MeshBuilder, radius: float, outer_x: float, width: float
) -> None:
    wall = 0.67 * radius
    profile = [
        (outer_x - 0.03, wall),
        (outer_x - 0.008, wall + 0.012),
        (outer_x, 0.84 * radius),
        (outer_x - 0.006, 0.93 * radius),
        (outer_x - 0.03, 0.985 * radius),
        (outer_x - 0.3 * width, radius - 0.004),
        (outer_x - 0.33 * width, radius - 0.014),
        (outer_x - 0.38 * width, radius - 0.003),
        (outer_x - 0.62 * width, radius - 0.003),
        (outer_x - 0.67 * width, radius - 0.014),
        (outer_x - 0.7 * width, radius - 0.004),
        (outer_x - width + 0.03, 0.985 * radius),
        (outer_x - width, 0.86 * radius),
        (outer_x - width + 0.02, 0.6 * radius),
    ]
    builder.add(_revolved(profile), "tyre", smooth=True)
    # Blocks of the shoulder tread; their edges catch the light.
    angle = 2 * np.pi * np.arange(_LUGS) / _LUGS
    for x in (outer_x - 0.17 * width, outer_x - 0.83 * width):
        blocks = boxes(np.zeros((1, 3)), (0.2 * width, 0.72, 0.012)).vertices
        blocks = blocks * (1.0, 2 * np.pi * radius / _LUGS, 1.0)
        blocks += np.array([x, 0.0, radius - 0.006])
        # Their undersides are in the tyre.
        faces = boxes((0, 0, 0), 1.0).faces[0][1:]
        shapes = [Shape(_turned(blocks, a), (faces,)) for a in angle]
        builder.add(joined(shapes), "tyre")


def _turned(points: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    cosine, sine = np.cos(angle), np.sin(angle)
    x, y, z = points.T
    return np.stack([x, cosine * y - sine * z, sine * y + cosine * z], axis=1)


def _add_well(builder: MeshBuilder, radius: float, depth: float, paint: str) -> None:
    """Add the rim's lip and the barrel behind it, with the brake disc."""
    lip = 0.69 * radius
    profile = [
        (-depth, 0.6 * radius),
        (-0.025, 0.62 * radius),
        (-0.012, 0.645 * radius),
        (-0.008, lip - 0.012),
        (-0.014, lip),
        (-0.034, lip),
    ]
    builder.add(_revolved(profile[::-1]), paint, (0.85, 0.86, 0.88), smooth=True)
    disc = tube([(-depth - 0.01, 0, 0), (-depth + 0.02, 0, 0)], 0.5 * radius, sides=24)
    builder.add(disc, "steel", (0.55, 0.53, 0.5))


def _add_nuts(builder: MeshBuilder, x: float, circle: float, count: int, size: float):
    angle = 2 * np.pi * (np.arange(count) + 0.5) / count
    nuts = [
        tube(
            [
                (x, circle * np.cos(a), circle * np.sin(a)),
                (x + 0.8 * size, circle * np.cos(a), circle * np.sin(a)),
            ],
            size,
            sides=6,
        )
        for a in angle
    ]
    builder.add(joined(nuts), "steel", (0.5, 0.5, 0.5))


def _add_alloy(builder: MeshBuilder, radius: float) -> None:
    """Add a cast rim with five pairs of spokes."""
    _add_well(builder, radius, 0.1, "alloy")
    spokes = []
    for number in range(5):
        for split in (-0.17, 0.17):
            angle = 2 * np.pi * number / 5
            inner = np.array([[-0.035, 0.0, 0.1 * radius]])
            outer = np.array([[-0.016, 0.0, 0.64 * radius]])
            path = np.concatenate(
                [
                    _turned(inner, angle),
                    _turned((inner + outer) / 2 + (0.006, 0, 0), angle + 0.6 * split),
                    _turned(outer, angle + split),
                ]
            )
            spokes.append(tube(path, (0.034, 0.02, 0.024), sides=6))
    builder.add(joined(spokes), "alloy", smooth=True)
    hub = [(-0.06, 0.2 * radius), (-0.028, 0.19 * radius), (-0.02, 0.15 * radius)]
    builder.add(_capped(hub[::-1]), "alloy", smooth=True)
    cap = [(-0.03, 0.085 * radius), (-0.01, 0.08 * radius), (-0.008, 0.06 * radius)]
    builder.add(_capped(cap[::-1]), "chrome", smooth=True)
    _add_nuts(builder, -0.027, 0.145 * radius, 5, 0.01)


def _capped(profile: list[tuple[float, float]]) -> Shape:
    """Return a turned profile, outermost point first, with its face closed."""
    first = profile[0]
    return _revolved([(first[0], 0.004), *profile], 16)


def _add_steel(builder: MeshBuilder, radius: float) -> None:
    """Add a pressed steel rim with holes around its rim and a hub cap."""
    _add_well(builder, radius, 0.1, "steel")
    dish = [(-0.02, 0.2), (-0.012, 0.32), (-0.03, 0.42), (-0.05, 0.56), (-0.04, 0.63)]
    face = [(x, share * radius) for x, share in dish]
    builder.add(_capped(face), "alloy", (0.75, 0.75, 0.76), smooth=True)
    angle = 2 * np.pi * np.arange(12) / 12
    holes = [
        tube(
            [
                (-0.05, 0.5 * radius * np.cos(a), 0.5 * radius * np.sin(a)),
                (-0.036, 0.5 * radius * np.cos(a), 0.5 * radius * np.sin(a)),
            ],
            0.075 * radius,
            sides=10,
        )
        for a in angle
    ]
    builder.add(joined(holes), "rubber")
    _add_nuts(builder, -0.02, 0.22 * radius, 4, 0.011)


def _add_truck(builder: MeshBuilder, radius: float) -> None:
    """Add a deep commercial rim with a hub, ten nuts and hand holes."""
    _add_well(builder, radius, 0.13, "steel")
    dish = [(-0.06, 0.26), (-0.09, 0.3), (-0.1, 0.46), (-0.08, 0.56), (-0.05, 0.63)]
    face = [(x, share * radius) for x, share in dish]
    builder.add(_revolved(face, 32), "steel", (0.8, 0.8, 0.8), smooth=True)
    hub = [(0.02, 0.14), (0.01, 0.17), (-0.05, 0.19), (-0.09, 0.28)]
    builder.add(
        _capped([(x, share * radius) for x, share in hub]), "steel", smooth=True
    )
    angle = 2 * np.pi * np.arange(10) / 10
    holes = [
        tube(
            [
                (-0.1, 0.5 * radius * np.cos(a), 0.5 * radius * np.sin(a)),
                (-0.078, 0.5 * radius * np.cos(a), 0.5 * radius * np.sin(a)),
            ],
            0.06 * radius,
            sides=10,
        )
        for a in angle
    ]
    builder.add(joined(holes), "rubber")
    _add_nuts(builder, -0.09, 0.36 * radius, 10, 0.016)
