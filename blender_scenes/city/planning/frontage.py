"""Plans the rows of houses and front gardens along the street; no bpy."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.cities import City
from blender_scenes.city.plan import Building, Garden, Junction, Profile
from blender_scenes.city.planning.neighbourhood import (
    LOT_WIDTHS_M,
    Neighbourhood,
    building_random,
)
from blender_scenes.city.planning.side_streets import (
    clear_of_street,
    far_row,
    side_row,
    side_street_end,
)
from blender_scenes.city.road import Road

# How far a straight front may leave the bent building line.
FRONT_SAGITTA_M = 0.15
_GARDEN_DEPTHS_M = (2.8, 4.6)
_SAMPLE_M = 0.5
_NARROWEST_LOT_M = 5.0


def gardens_random(
    rng: np.random.Generator,
    city: City,
    profile: Profile,
    junctions: tuple[Junction, ...],
) -> tuple[Garden, ...]:
    """Return the front gardens: whole blocks on one side of the street each."""
    blocks = [
        (side, block) for side in (-1, 1) for block in house_blocks(profile, junctions)
    ]
    count = round(city.garden_share * len(blocks))
    chosen = [blocks[number] for number in sorted(rng.permutation(len(blocks))[:count])]
    return tuple(
        Garden(side, low, high, float(rng.uniform(*_GARDEN_DEPTHS_M)))
        for side, (low, high) in chosen
    )


def house_blocks(
    profile: Profile, junctions: tuple[Junction, ...]
) -> list[tuple[float, float]]:
    """Return the stretches of y between side streets that houses line."""
    edges = [profile.start_y_m]
    for junction in junctions:
        edges += [
            junction.y_m - junction.half_gap_m,
            junction.y_m + junction.half_gap_m,
        ]
    edges.append(profile.end_y_m - 14.0)
    return list(zip(edges[::2], edges[1::2], strict=True))


def buildings_random(
    rng: np.random.Generator, around: Neighbourhood
) -> tuple[Building, ...]:
    """Return the houses that line the street, its side streets and its end.

    Those along the street come first and touch their neighbours; of the others,
    those that a bend leaves no room for are dropped.
    """
    rows = [
        _row(rng, around, side, low, high)
        for side in (-1, 1)
        for low, high in house_blocks(around.profile, around.junctions)
    ]
    houses = [house for row in rows for house in row]
    others = [
        house
        for side in (-1, 1)
        for junction in around.junctions
        for house in (
            *side_row(rng, around, side, junction, houses),
            *side_street_end(rng, around, side, junction),
        )
    ]
    others += far_row(rng, around)
    return (*houses, *clear_of_street(others, houses, around))


def _row(
    rng: np.random.Generator,
    around: Neighbourhood,
    side: int,
    low_m: float,
    high_m: float,
) -> list[Building]:
    """Return a block's houses, whose fronts join corner to corner on its line."""
    road, x_m = around.road, around.front_x_m(side, low_m)
    ends_m = _lot_ends(rng, road, x_m, low_m, high_m)
    corners = road.world_xy(x_m, ends_m)
    row = []
    for number in range(len(ends_m) - 1):
        is_first, is_last = number == 0, number == len(ends_m) - 2
        start, end = corners[number : number + 2]
        # Looking at the front from the street, +x of the house is to the right:
        # down the street on its right side, up the street on its left.
        along = side * (start - end)
        middle_y_m = float(ends_m[number] + ends_m[number + 1]) / 2
        place = road.street_xy((start + end) / 2, near_y_m=middle_y_m)
        house = building_random(
            rng,
            around.city,
            x_m=float(place[0]),
            y_m=float(place[1]),
            heading_rad=_heading_between(
                float(np.arctan2(along[1], along[0])), road, float(place[1])
            ),
            width_m=float(np.linalg.norm(along)),
            has_garden=x_m != around.profile.facade_x_m(side),
            extra_floors=around.extra_floors_at(middle_y_m),
            detail=around.detail_at(middle_y_m),
            open_left=is_first if side < 0 else is_last,
            open_right=is_last if side < 0 else is_first,
        )
        row.append(_shallow_in_bend(house, road, side))
    return row


def _heading_between(world_rad: float, road: Road, y_m: float) -> float:
    """Return a heading of the world as one counted from the street's, in ±π."""
    difference = world_rad - float(road.heading_rad(y_m))
    return float((difference + np.pi) % (2 * np.pi) - np.pi)


def _lot_ends(
    rng: np.random.Generator, road: Road, x_m: float, low_m: float, high_m: float
) -> NDArray[np.float64]:
    """Return where lots of 8 to 19 m of front end, narrower ones in bends."""
    y = np.linspace(low_m, high_m, max(2, int((high_m - low_m) / _SAMPLE_M)))
    stretch = road.stretch(x_m, y)
    way = np.concatenate([[0.0], np.cumsum((stretch[1:] + stretch[:-1]) / 2)])
    way *= y[1] - y[0]
    radius = stretch / np.maximum(np.abs(road.curvature_per_m(y)), 1e-6)
    widest = np.maximum(np.sqrt(8.0 * FRONT_SAGITTA_M * radius), _NARROWEST_LOT_M)
    ends = [0.0]
    while ends[-1] < way[-1]:
        ahead = (way >= ends[-1]) & (way <= ends[-1] + LOT_WIDTHS_M[0])
        widths = np.minimum(LOT_WIDTHS_M, widest[ahead].min())
        ends.append(ends[-1] + float(rng.uniform(*widths)))
    return np.interp(np.array(ends) * way[-1] / ends[-1], way, y)


def _shallow_in_bend(house: Building, road: Road, side: int) -> Building:
    """Return the house, less deep where it would reach the centre of a bend."""
    towards = -side * float(road.curvature_per_m(house.y_m))
    if towards <= 0.0:
        return house
    room_m = 0.8 * (1.0 / towards - abs(house.x_m))
    return dataclasses.replace(house, depth_m=min(house.depth_m, max(room_m, 4.0)))
