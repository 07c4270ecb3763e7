"""Plans the towers that look over the roofs, far from the street; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.cities import City
from blender_scenes.city.plan import Building
from blender_scenes.city.planning.neighbourhood import (
    TOWER_ROOFS,
    Neighbourhood,
    tower_style_random,
)
from blender_scenes.city.planning.side_streets import clear_of_street

# How far ahead of the camera towers are planned, from places along its drive, and
# how far beside its way: within the narrow gap that the rows of houses leave.
_AHEAD_M = (156.0, 225.0)
_BESIDE = 0.3
_PLACES, _TRIES, _TOWERS_PER_PLACE = 9, 30, 3
_STRAY_M = 0.5
_FLOORS = (15, 28)
_WIDTHS_M, _DEPTHS_M = (15.0, 26.0), (14.0, 20.0)


def skyline_random(
    rng: np.random.Generator, around: Neighbourhood, houses: tuple[Building, ...]
) -> tuple[Building, ...]:
    """Return towers that are seen over the roofs from somewhere along the drive."""
    towers: list[Building] = []
    for y_m in np.linspace(0.0, around.travel_m, _PLACES):
        drawn = [_seen_tower_random(rng, around, float(y_m)) for _ in range(_TRIES)]
        candidates = [tower for tower in drawn if tower is not None]
        clear = clear_of_street(candidates, [*houses, *towers], around)
        towers += clear[:_TOWERS_PER_PLACE]
    return tuple(towers)


def _seen_tower_random(
    rng: np.random.Generator, around: Neighbourhood, from_y_m: float
) -> Building | None:
    """Return a tower ahead of a place of the street, or None if off its axes."""
    road = around.road
    ahead_m = float(rng.uniform(*_AHEAD_M))
    beside_m = ahead_m * float(rng.uniform(-_BESIDE, _BESIDE))
    heading = float(road.heading_rad(from_y_m))
    right = np.array([np.cos(heading), np.sin(heading)])
    forward = np.array([-np.sin(heading), np.cos(heading)])
    place = road.world_xy(0.0, from_y_m) + ahead_m * forward + beside_m * right
    x_m, y_m = road.street_xy(place, near_y_m=from_y_m + ahead_m)
    turn_rad = heading - float(road.heading_rad(y_m))
    tower = tower_random(rng, around.city, float(x_m), float(y_m), turn_rad)
    # Beyond the centre of a bend, places have no axes of the street.
    is_found = np.linalg.norm(road.world_xy(x_m, y_m) - place) < _STRAY_M
    return tower if is_found else None


def tower_random(
    rng: np.random.Generator, city: City, x_m: float, y_m: float, heading_rad: float
) -> Building:
    """Return a tower of offices or flats."""
    return Building(
        x_m=x_m,
        y_m=y_m,
        heading_rad=heading_rad,
        width_m=float(rng.uniform(*_WIDTHS_M)),
        depth_m=float(rng.uniform(*_DEPTHS_M)),
        floors=int(rng.integers(*_FLOORS)),
        style=tower_style_random(rng, city),
        ground_floor="home",
        roof=str(rng.choice(TOWER_ROOFS)),
        open_left=True,
        open_right=True,
        detail=0,
        seed=int(rng.integers(2**31)),
    )
