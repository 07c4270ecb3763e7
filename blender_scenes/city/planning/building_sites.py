"""Plans roadworks in parking strips: signs, cones, pits, heaps, skips; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.planning.neighbourhood import Neighbourhood
from blender_scenes.city.planning.placing import Ground, fixture_at

_FIRST_SITE_M = 14.0
_SITE_LENGTH_M = 16.0
_FREE_OF_JUNCTION_M = 10.0
_TRIES = 12


def add_building_sites(
    rng: np.random.Generator, ground: Ground, around: Neighbourhood
) -> None:
    """Add the city's sites where cars would park, along the camera's way."""
    sides = [side for side in (-1, 1) if around.profile.has_parking(side)]
    if not sides:
        return
    last_m = max(around.travel_m, _FIRST_SITE_M + 20.0)
    for _ in range(around.city.roadworks):
        side = int(rng.choice(sides))
        for y_m in rng.uniform(_FIRST_SITE_M, last_m, _TRIES):
            if _is_free(around, float(y_m)):
                _add_site(rng, ground, around, side, float(y_m))
                break


def _is_free(around: Neighbourhood, y_m: float) -> bool:
    return all(
        abs(y_m - junction.y_m)
        > junction.half_gap_m + _FREE_OF_JUNCTION_M + _SITE_LENGTH_M / 2
        for junction in around.junctions
    )


def _add_site(
    rng: np.random.Generator,
    ground: Ground,
    around: Neighbourhood,
    side: int,
    y_m: float,
) -> None:
    """Add a pit with its sign and cones, and what was dug out or is brought away."""
    kerb = around.profile.kerb_x_m(side)
    heap = str(rng.choice(["gravel_heap", "skip"]))
    row = [("works_sign", 1.2), ("cone", 1.4), ("cone", 1.4), ("roadworks", 0.4)]
    row += [(heap, 0.5), ("barrier", 0.4), ("cone", 1.0)]
    # Traffic comes from -y on the right side, from +y on the left.
    ahead = side
    place_m = y_m - ahead * _SITE_LENGTH_M / 2
    for number, (kind, gap_m) in enumerate(row):
        half_x, half_y = HALF_SIZE_M[kind]
        # The cones lead from the kerb out to the edge of the site.
        inset = max(half_x, 0.35 + 0.55 * number) if number < 3 else 1.15
        place_m += ahead * half_y
        x_m = kerb - side * (inset + 0.03)
        ground.try_place(
            fixture_at(rng, around.road, kind, x_m, place_m, ground_z_m=0.0)
        )
        place_m += ahead * (half_y + gap_m)
