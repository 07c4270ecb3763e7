"""Utility poles along one side of the street and the wires between them; no bpy."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np

from blender_scenes.city.kerb.poles import utility_pole_wires_m
from blender_scenes.city.kerb.wires import house_wire_random, span_wires_random
from blender_scenes.city.plan import Building, Fixture, Wire
from blender_scenes.city.planning.neighbourhood import Neighbourhood
from blender_scenes.city.planning.placing import Ground, fixture_at
from blender_scenes.city.road import Road

_SPACING_M = (24.0, 31.0)
_FREE_OF_JUNCTION_M = 7.0
_FROM_KERB_M = 0.6
_SAG_SHARE = (0.012, 0.022)
_RADIUS_M = 0.009
_SPAN_SHARE = 0.5
_SPAN_SPACING_M, _SPAN_STEP_M = 25.0, 2.0
_FREE_OF_CORNER_M = 3.0
# Wires end at the second floor's height, which lower houses do not have.
_FEWEST_FLOORS = 3
_FROM_LINE_M = 0.6
_SPAN_STRAY_M, _HOUSE_STRAY_M = 0.6, 2.5


def add_poles(
    rng: np.random.Generator, ground: Ground, around: Neighbourhood
) -> list[Fixture]:
    """Add poles along one kerb and return them in their order."""
    profile, road = around.profile, around.road
    side = int(rng.choice([-1, 1]))
    variant = int(rng.integers(3))
    x_m = profile.kerb_x_m(side) + side * _FROM_KERB_M
    poles = []
    y_m = profile.start_y_m + float(rng.uniform(0.0, 10.0))
    while y_m < profile.end_y_m - 18.0:
        pole = fixture_at(rng, road, "utility_pole", x_m, y_m, variant=variant)
        # Its arm lies across the street.
        pole = dataclasses.replace(pole, heading_rad=0.0)
        is_free = all(
            abs(y_m - junction.y_m) > junction.half_road_m + _FREE_OF_JUNCTION_M
            for junction in around.junctions
        )
        if is_free and ground.try_place(pole):
            poles.append(pole)
            y_m += float(rng.uniform(*_SPACING_M))
        else:
            y_m += 2.0
    return poles


def wires_random(
    rng: np.random.Generator,
    around: Neighbourhood,
    houses: tuple[Building, ...],
    poles: list[Fixture],
) -> tuple[Wire, ...]:
    """Return wires along the poles and to houses, or across a street without poles."""
    wires: list[Wire] = []
    for first, second in pairwise(poles):
        wires += _between(rng, around.road, first, second)
    for pole in poles[::2]:
        place = pole.footprint
        side = 1 if place.x_m > 0 else -1
        if _holds_wires(around, houses, side, place.y_m, _HOUSE_STRAY_M):
            wires.append(house_wire_random(rng, around.profile, _ends_m(pole)[-1]))
    if not poles and rng.random() < _SPAN_SHARE:
        wires += span_wires_random(rng, around.profile, _spans_y_m(rng, around, houses))
    return tuple(wires)


def _ends_m(pole: Fixture) -> list[tuple[float, float, float]]:
    """Return where a pole holds its wires, the one nearest to its houses last."""
    place = pole.footprint
    outwards = 1.0 if place.x_m > 0 else -1.0
    return [
        (place.x_m + outwards * across, place.y_m, pole.ground_z_m + up)
        for across, _, up in utility_pole_wires_m()
    ]


def _between(
    rng: np.random.Generator, road: Road, first: Fixture, second: Fixture
) -> list[Wire]:
    start, end = first.footprint, second.footprint
    gap = road.world_xy(start.x_m, start.y_m) - road.world_xy(end.x_m, end.y_m)
    sag_m = float(np.linalg.norm(gap)) * float(rng.uniform(*_SAG_SHARE))
    return [
        Wire(low, high, sag_m * float(rng.uniform(0.9, 1.15)), _RADIUS_M)
        for low, high in zip(_ends_m(first), _ends_m(second), strict=True)
    ]


def _spans_y_m(
    rng: np.random.Generator, around: Neighbourhood, houses: tuple[Building, ...]
) -> list[float]:
    """Return places with high houses on both sides, about evenly spaced."""
    first_m, last_m = around.profile.start_y_m, around.profile.end_y_m - 18.0
    spans: list[float] = []
    for y_m in np.arange(first_m + rng.uniform(0.0, 6.0), last_m, _SPAN_STEP_M):
        if spans and y_m - spans[-1] < _SPAN_SPACING_M:
            continue
        is_free = all(
            abs(y_m - junction.y_m) > junction.half_gap_m + _FREE_OF_CORNER_M
            for junction in around.junctions
        )
        if is_free and all(
            _holds_wires(around, houses, side, float(y_m), _SPAN_STRAY_M)
            for side in (-1, 1)
        ):
            spans.append(float(y_m))
    return spans


def _holds_wires(
    around: Neighbourhood,
    houses: tuple[Building, ...],
    side: int,
    y_m: float,
    stray_m: float,
) -> bool:
    """Return whether every house at the building line near y is high enough."""
    line_m = around.profile.facade_x_m(side)
    beside = [
        house
        for house in houses
        if abs(house.x_m - line_m) < _FROM_LINE_M
        and abs(np.sin(house.heading_rad)) > 0.5
        and abs(house.y_m - y_m) < house.width_m / 2 + stray_m
    ]
    return bool(beside) and all(house.floors >= _FEWEST_FLOORS for house in beside)
