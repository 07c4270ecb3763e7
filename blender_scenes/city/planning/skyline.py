"""Plans the towers that look over the roofs, far from the street; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import Building
from blender_scenes.city.planning.neighbourhood import Neighbourhood
from blender_scenes.city.planning.side_streets import clear_of_street

_TURN_WITH_TOWERS_RAD = 0.35


def skyline_random(
    rng: np.random.Generator, around: Neighbourhood, houses: tuple[Building, ...]
) -> tuple[Building, ...]:
    """Return towers behind the end of the street and ahead of its strong bends."""
    end_m = around.profile.end_y_m
    towers = [
        tower_random(
            rng,
            float(x_m + rng.uniform(-4.0, 4.0)),
            float(end_m + rng.uniform(30.0, 90.0)),
        )
        for x_m in np.arange(-96.0, 97.0, 32.0)
        if rng.random() < 0.75
    ]
    for bend in around.road.bends:
        if abs(bend.turn_rad) < _TURN_WITH_TOWERS_RAD:
            continue
        # Straight on, where the street does not go: on the outside of the bend.
        middle_m = (bend.start_m + bend.end_m) / 2
        side = float(np.sign(bend.turn_rad))
        towers += [
            tower_random(rng, side * float(rng.uniform(60.0, 130.0)), y_m)
            for y_m in (middle_m - 12.0, middle_m + 4.0, middle_m + 20.0)
        ]
    return tuple(clear_of_street(towers, houses, around))


def tower_random(rng: np.random.Generator, x_m: float, y_m: float) -> Building:
    """Return a tower of offices or flats."""
    return Building(
        x_m=x_m,
        y_m=y_m,
        heading_rad=0.0,
        width_m=float(rng.uniform(16.0, 24.0)),
        depth_m=16.0,
        floors=int(rng.integers(7, 17)),
        style=str(rng.choice(["office", "panel", "glass"])),
        ground_floor="home",
        roof=str(rng.choice(["parapet", "setback"])),
        open_left=True,
        open_right=True,
        detail=0,
        seed=int(rng.integers(2**31)),
    )
