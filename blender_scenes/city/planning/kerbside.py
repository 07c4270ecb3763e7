"""Plans trees, furniture, gardens' edges, wires and roadworks; no bpy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.plan import (
    Building,
    Fixture,
    Junction,
    Profile,
    Tree,
    Wire,
)
from blender_scenes.city.planning.building_sites import add_building_sites
from blender_scenes.city.planning.gardens import add_gardens
from blender_scenes.city.planning.neighbourhood import Neighbourhood
from blender_scenes.city.planning.placing import (
    JOINT_M,
    Ground,
    fixture_at,
    half_length_m,
)
from blender_scenes.city.planning.poles_and_wires import add_poles, wires_random
from blender_scenes.city.plants.trees import TreeRow, tree_random, tree_row_random

LAMP_SPACING_M = 24.0
# Farther from the camera's whole path than these, trees have less detail.
_NEAR_M, _MIDDLE_M = 38.0, 85.0
_ROW_KINDS, _ROW_PIECES = ("grass_strip", "guard_rail", "motorcycle"), 3
# On the outside of sharper bends than this stand guard rails.
_GUARDED_PER_M = 1 / 50.0
_CORNER_CLEARANCE_M = 5.0
_SMALL_KINDS = (
    "sign", "bin", "bollards", "railing", "bicycle_rack", "bench", "order_sign",
    "scooters", "planter", "motorcycle",
)  # fmt: skip
_MORE_KINDS = (
    "cabinet", "meter", "post_box", "hydrant", "planter", "sign", "city_light",
    "advert_column", "recycling", "flower_bed", "clock",
)  # fmt: skip
_SUBURB_KINDS = ("sign", "order_sign", "bin", "post_box", "hydrant", "cabinet", "bench")
_SHOP_KINDS = ("flower_pot", "sandwich_board", "rubbish_bags", "wheelie_bins")
_HOME_KINDS = ("wheelie_bins", "flower_pot", "rubbish_bags")


class Kerbside(NamedTuple):
    """What stands along the street, and what hangs over it."""

    fixtures: tuple[Fixture, ...]
    trees: tuple[Tree, ...]
    wires: tuple[Wire, ...]


def kerbside_random(
    rng: np.random.Generator, around: Neighbourhood, houses: tuple[Building, ...]
) -> Kerbside:
    """Return furniture, trees and wires; street trees stand in pits, fixtures too."""
    city, profile = around.city, around.profile
    row = tree_row_random(rng, city.setting.season)
    ground = Ground()
    add_traffic_lights(rng, ground, around)
    poles = add_poles(rng, ground, around) if city.has_wires else []
    add_building_sites(rng, ground, around)
    for side in (-1, 1):
        for low, high in kerb_blocks(profile, around.junctions):
            _add_kerb_line(rng, ground, around, side, (low, high))
            _add_at_facades(rng, ground, around, side, (low, high))
    trees = [
        _tree_in_pit(rng, row, pit, around.travel_m)
        for pit in ground.fixtures
        if pit.kind == "tree"
    ]
    trees += add_gardens(rng, ground, around, row)
    return Kerbside(
        tuple(ground.fixtures),
        tuple(trees),
        wires_random(rng, around, houses, poles),
    )


def kerb_blocks(
    profile: Profile, junctions: tuple[Junction, ...]
) -> list[tuple[float, float]]:
    """Return the stretches of y between side streets, clear of the corners."""
    edges = [profile.start_y_m]
    for junction in junctions:
        reach = junction.half_road_m + _CORNER_CLEARANCE_M
        edges += [junction.y_m - reach, junction.y_m + reach]
    edges.append(profile.end_y_m - 16.0)
    return list(zip(edges[::2], edges[1::2], strict=True))


def tree_detail(y_m: float, travel_m: float) -> int:
    """Return how detailed a tree must be that the camera nears on its way."""
    distance_m = max(0.0, y_m - travel_m, -y_m)
    return 2 if distance_m < _NEAR_M else 1 if distance_m < _MIDDLE_M else 0


def _tree_in_pit(
    rng: np.random.Generator, row: TreeRow, pit: Fixture, travel_m: float
) -> Tree:
    place = pit.footprint
    detail = tree_detail(place.y_m, travel_m)
    return tree_random(rng, row, place.x_m, place.y_m, detail=detail)


def _add_kerb_line(
    rng: np.random.Generator,
    ground: Ground,
    around: Neighbourhood,
    side: int,
    block_m: tuple[float, float],
) -> None:
    """Add what stands along one kerb of a block, with lamps at even distances."""
    low, high = block_m
    road, kerb = around.road, around.profile.kerb_x_m(side)
    has_grass = rng.random() < around.city.grass_share
    y_m = low + 0.5
    next_lamp_m = low + float(rng.uniform(1.0, 9.0))
    while y_m < high:
        kind = _kerb_kind(rng, around.city.tree_share, has_grass)
        if y_m >= next_lamp_m:
            kind, next_lamp_m = "lamp", next_lamp_m + LAMP_SPACING_M
        x_m = kerb + side * (0.38 + max(HALF_SIZE_M[kind][0], 0.2))
        if around.road.curvature_per_m(y_m) * side > _GUARDED_PER_M:
            kind = "guard_rail"
        is_row = kind in _ROW_KINDS
        pieces = int(rng.integers(1, _ROW_PIECES + 1)) if is_row else 1
        for _ in range(pieces):
            half_m = half_length_m(road, kind, x_m, y_m)
            if y_m + 2 * half_m > high:
                return
            place = fixture_at(rng, road, kind, x_m, y_m + half_m)
            ground.try_place(place, margin_m=0.0)
            y_m += 2 * half_m + JOINT_M
        gap = rng.uniform(0.3, 0.8) if has_grass else rng.uniform(0.9, 4.5)
        y_m += float(gap) / float(road.stretch(x_m, y_m))


def _kerb_kind(rng: np.random.Generator, tree_share: float, has_grass: bool) -> str:
    draw = rng.random()
    if draw < tree_share:
        return "tree"
    if has_grass:
        return "grass_strip" if draw < 0.93 else str(rng.choice(_SUBURB_KINDS))
    if draw > 0.97:
        return str(rng.choice(["shelter", "bus_stop"]))
    return str(rng.choice(_SMALL_KINDS if rng.random() < 0.7 else _MORE_KINDS))


def _add_at_facades(
    rng: np.random.Generator,
    ground: Ground,
    around: Neighbourhood,
    side: int,
    block_m: tuple[float, float],
) -> None:
    """Add café tables, pots, boards and bins along the houses' fronts."""
    low, high = block_m
    if high - low < 12.0:
        return
    profile = around.profile
    facade = profile.facade_x_m(side)
    has_garden = any(
        garden.side == side and garden.low_y_m < (low + high) / 2 < garden.high_y_m
        for garden in around.gardens
    )
    pavement = abs(facade - profile.kerb_x_m(side))
    if not has_garden and pavement >= 4.1 and rng.random() > 0.3:
        first = float(rng.uniform(low, high - 9.0))
        for number in range(int(rng.integers(2, 5))):
            _add_front(rng, ground, around, side, "cafe_table", first + 2.1 * number)
    kinds = _HOME_KINDS if has_garden else _SHOP_KINDS
    y_m = low + float(rng.uniform(2.0, 12.0))
    while y_m < high - 2.0:
        _add_front(rng, ground, around, side, str(rng.choice(kinds)), y_m)
        y_m += float(rng.uniform(6.0, 20.0))


def _add_front(
    rng: np.random.Generator,
    ground: Ground,
    around: Neighbourhood,
    side: int,
    kind: str,
    y_m: float,
) -> None:
    # Fronts are straight pieces, which may come nearer than the line in bends.
    x_m = around.profile.facade_x_m(side) - side * (HALF_SIZE_M[kind][0] + 0.25)
    ground.try_place(fixture_at(rng, around.road, kind, x_m, y_m))


def add_traffic_lights(
    rng: np.random.Generator, ground: Ground, around: Neighbourhood
) -> None:
    """Add lights for both directions of the main street, and signs at crossings."""
    kind = "mast_light" if around.profile.lanes_each_way > 1 else "traffic_light"
    for number, junction in enumerate(around.junctions):
        for side in (-1, 1):
            x_m = around.profile.kerb_x_m(side) + side * 0.55
            before_m = junction.y_m - side * (junction.half_road_m + 3.9)
            behind_m = junction.y_m + side * (junction.half_road_m + 4.4)
            # Traffic never stops: no light along the street is red.
            variant = (1, 1, 2)[number % 3]
            light = fixture_at(rng, around.road, kind, x_m, before_m, variant=variant)
            ground.try_place(light)
            extra = str(rng.choice(["name_sign", "crossing_sign", "direction_sign"]))
            beside_m = x_m + side * max(0.0, HALF_SIZE_M[extra][0] - 0.3)
            ground.try_place(fixture_at(rng, around.road, extra, beside_m, behind_m))
