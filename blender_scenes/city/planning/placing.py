"""Puts fixtures at places of the street; no bpy."""

from __future__ import annotations

import dataclasses

import numpy as np

from blender_scenes.city.kerb.fixture_sizes import (
    FACES_TRAFFIC,
    FIXTURE_VARIANTS,
    HALF_SIZE_M,
)
from blender_scenes.city.plan import KERB_HEIGHT_M, Fixture, Footprint
from blender_scenes.city.road import Road

# Between pieces of one row: nothing to see, but more than rounding.
JOINT_M = 1e-6
_FIXED_POINT_STEPS = 8


def fixture_at(
    rng: np.random.Generator,
    road: Road,
    kind: str,
    x_m: float,
    y_m: float,
    *,
    ground_z_m: float = KERB_HEIGHT_M,
    variant: int | None = None,
) -> Fixture:
    """Return a fixture that looks at the road, or at the traffic of its side.

    On the inside of a bend a metre of ground is more than a metre of the street's
    y, so that the footprint is longer there.
    """
    side = 1 if x_m > 0 else -1
    half_x_m, half_y_m = HALF_SIZE_M[kind]
    heading = -side * np.pi / 2
    if kind in FACES_TRAFFIC:
        heading = 0.0 if side > 0 else np.pi
    drawn = int(rng.integers(FIXTURE_VARIANTS))
    return Fixture(
        kind=kind,
        footprint=Footprint(
            x_m, y_m, half_x_m, half_y_m / float(road.stretch(x_m, y_m))
        ),
        heading_rad=float(heading),
        ground_z_m=ground_z_m,
        variant=drawn if variant is None else variant,
    )


def half_length_m(road: Road, kind: str, x_m: float, low_y_m: float) -> float:
    """Return half the length along y of a fixture that starts at ``low_y_m``.

    It is that of the footprint that `fixture_at` gives it, so that pieces of a row
    neither overlap nor leave gaps.
    """
    half_m = HALF_SIZE_M[kind][1]
    for _ in range(_FIXED_POINT_STEPS):
        middle_m = low_y_m + half_m
        half_m = HALF_SIZE_M[kind][1] / float(road.stretch(x_m, middle_m))
    return half_m


class Ground:
    """Places that are taken already; `try_place` keeps what still fits."""

    def __init__(self) -> None:
        self.fixtures: list[Fixture] = []

    def try_place(self, fixture: Fixture, margin_m: float = 0.05) -> bool:
        """Keep a fixture if it touches nothing; return whether it was kept."""
        place = fixture.footprint
        padded = dataclasses.replace(
            place,
            half_x_m=place.half_x_m + margin_m,
            half_y_m=place.half_y_m + margin_m,
        )
        if any(padded.overlaps(other.footprint, 0.0, 1.0) for other in self.fixtures):
            return False
        self.fixtures.append(fixture)
        return True
