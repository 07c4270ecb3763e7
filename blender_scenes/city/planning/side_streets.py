"""Plans the houses of side streets and of the street's far end; no bpy."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.plan import Building, Junction
from blender_scenes.city.planning.neighbourhood import (
    LOT_WIDTHS_M,
    SIDE_STREET_LENGTH_M,
    Neighbourhood,
    building_random,
    house_rectangle,
)
from blender_scenes.city.planning.rectangles import Rectangle, rectangle

FAR_ROW_HALF_WIDTH_M = 62.0
_END_HOUSE_WIDTH_M = 15.0
_CENTRE_STEP_M = 3.0


def side_row(
    rng: np.random.Generator,
    around: Neighbourhood,
    side: int,
    junction: Junction,
    houses: list[Building],
) -> list[Building]:
    """Return the houses on the far side of a side street: the ones that are seen.

    They follow on the flank of the corner house.
    """
    y_m = junction.y_m + junction.half_gap_m
    corner = min(
        (house for house in houses if house.x_m * side > 0 and house.y_m > y_m),
        key=lambda house: house.y_m,
    )
    near_m = abs(corner.x_m) + corner.depth_m
    far_m = abs(around.profile.facade_x_m(side)) + SIDE_STREET_LENGTH_M
    ends = near_m + np.cumsum([0.0, *_lot_widths(rng, far_m - near_m)])
    row = [
        building_random(
            rng,
            around.city,
            x_m=float(side * (start + end) / 2),
            y_m=y_m,
            heading_rad=0.0,
            width_m=float(end - start),
            detail=min(1, around.detail_at(y_m)),
        )
        for start, end in pairwise(ends)
    ]
    # The corner house's neighbour on the main street may reach behind it.
    first_depth_m = min(row[0].depth_m, corner.width_m - 0.5)
    return [dataclasses.replace(row[0], depth_m=first_depth_m), *row[1:]]


def side_street_end(
    rng: np.random.Generator, around: Neighbourhood, side: int, junction: Junction
) -> list[Building]:
    """Close a side street by three houses that face the junction."""
    line = around.profile.facade_x_m(side) + side * SIDE_STREET_LENGTH_M
    return [
        building_random(
            rng,
            around.city,
            x_m=line,
            y_m=junction.y_m + _END_HOUSE_WIDTH_M * offset,
            heading_rad=-side * np.pi / 2,
            width_m=_END_HOUSE_WIDTH_M,
            detail=min(1, around.detail_at(junction.y_m)),
        )
        for offset in (-1, 0, 1)
    ]


def far_row(rng: np.random.Generator, around: Neighbourhood) -> list[Building]:
    """Close the street itself at its far end."""
    widths = _lot_widths(rng, 2 * FAR_ROW_HALF_WIDTH_M)
    ends = np.cumsum(widths) - FAR_ROW_HALF_WIDTH_M
    return [
        building_random(
            rng,
            around.city,
            x_m=float(end - width / 2),
            y_m=around.profile.end_y_m,
            heading_rad=0.0,
            width_m=float(width),
            extra_floors=around.extra_floors_at(around.profile.end_y_m),
            detail=around.detail_at(around.profile.end_y_m),
        )
        for width, end in zip(widths, ends, strict=True)
    ]


def _lot_widths(rng: np.random.Generator, length_m: float) -> NDArray[np.float64]:
    widths: list[float] = []
    while sum(widths) < length_m:
        widths.append(float(rng.uniform(*LOT_WIDTHS_M)))
    return np.array(widths) * length_m / sum(widths)


def clear_of_street(
    candidates: list[Building],
    standing: list[Building] | tuple[Building, ...],
    around: Neighbourhood,
) -> list[Building]:
    """Return the candidates that stand in no other house's place and in no street."""
    profile, road = around.profile, around.road
    half_m = max(abs(profile.facade_x_m(side)) for side in (-1, 1))
    # The far row stands across the street's end.
    last_m = profile.end_y_m - half_m - _CENTRE_STEP_M
    centre = road.world_xy(0.0, np.arange(profile.start_y_m, last_m, _CENTRE_STEP_M))
    taken = [house_rectangle(house, road) for house in standing]
    arms = _side_street_rectangles(around)
    kept = []
    for house in candidates:
        whole = house_rectangle(house, road)
        # Neighbours may touch.
        ground = whole._replace(half_m=whole.half_m - 0.1)
        if ground.distance_m(centre).min() < half_m:
            continue
        if any(ground.meets(other) for other in (*taken, *arms)):
            continue
        kept.append(house)
        taken.append(whole)
    return kept


def _side_street_rectangles(around: Neighbourhood) -> list[Rectangle]:
    half_m = SIDE_STREET_LENGTH_M / 2
    return [
        rectangle(
            around.road.world_xy(
                around.profile.facade_x_m(side) + side * half_m, junction.y_m
            ),
            float(around.road.heading_rad(junction.y_m)),
            (half_m - 0.2, junction.half_gap_m - 0.2),
        )
        for side in (-1, 1)
        for junction in around.junctions
    ]
