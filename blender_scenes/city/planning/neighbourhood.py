"""What all houses of a street have to go by, and what one house is drawn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_scenes.city.cities import City
from blender_scenes.city.plan import Building, Garden, Junction, Profile
from blender_scenes.city.planning.rectangles import Rectangle, rectangle
from blender_scenes.city.road import Road

SIDE_STREET_LENGTH_M = 58.0
HOUSE_DEPTHS_M = (10.0, 14.0)
LOT_WIDTHS_M = (8.0, 19.0)
TOWER_ROOFS = ("parapet", "setback")
# Farther than these from the camera's whole path, houses have less detail.
_NEAR_M, _MIDDLE_M = 62.0, 135.0

# Houses rise towards the street's end, from this far ahead of the whole drive.
_CENTRE_AHEAD_M, _CENTRE_FLOORS = 80.0, 14.0
_RISE = (0.5, 1.2)
# Mostly low, so that the sun reaches the road over the roofs.
_STOREYS = {
    "low": (2, 2, 3),
    "old": (2, 2, 3, 3, 4),
    "tall": (3, 3, 4, 5, 6),
}
_SIZES = {
    "panel": "tall",
    "office": "tall",
    "glass": "tall",
    "half_timber": "low",
}
_ROOFS = {
    "brick": ("pitched", "pitched", "hip", "parapet", "gable"),
    "plaster": ("pitched", "pitched", "hip", "mansard", "parapet"),
    "stone": ("mansard", "mansard", "hip", "parapet"),
    "panel": ("parapet",),
    "office": ("parapet", "setback"),
    "glass": ("parapet", "setback"),
    "half_timber": ("pitched", "gable"),
    "gabled": ("gable", "stepped"),
    "modern": ("parapet", "setback"),
    "warehouse": ("parapet", "pitched"),
}
# Higher houses are towers: of flats or offices, with flat roofs.
_HIGHEST_HOUSE = 7
_TOWER_STYLES = ("office", "panel", "glass", "brick", "stone")
_LEAST_SHARE = 0.25


@dataclass(frozen=True)
class Neighbourhood:
    """What all houses of a street have to go by.

    ``travel_m`` is how far the camera drives.
    """

    city: City
    road: Road
    profile: Profile
    junctions: tuple[Junction, ...]
    gardens: tuple[Garden, ...]
    travel_m: float

    def detail_at(self, y_m: float) -> int:
        """Return how detailed a house at y must be that the camera nears so far."""
        distance_m = y_m - self.travel_m
        return 2 if distance_m < _NEAR_M else 1 if distance_m < _MIDDLE_M else 0

    def extra_floors_at(self, y_m: float) -> float:
        """Return by how many floors houses at y are higher: a centre lies ahead.

        By none along the drive, so that what is far shows above what is near.
        """
        first_m = self.travel_m + _CENTRE_AHEAD_M
        end_m = self.profile.end_y_m
        share = np.clip((y_m - first_m) / (end_m - first_m), 0.0, 1.0)
        return float(share) * _CENTRE_FLOORS

    def front_x_m(self, side: int, low_m: float) -> float:
        """Return x of the houses' fronts in the block that starts at ``low_m``."""
        depth_m = sum(
            garden.depth_m
            for garden in self.gardens
            if (garden.side, garden.low_y_m) == (side, low_m)
        )
        return self.profile.facade_x_m(side) + side * depth_m


def building_random(
    rng: np.random.Generator,
    city: City,
    *,
    x_m: float,
    y_m: float,
    heading_rad: float,
    width_m: float,
    has_garden: bool = False,
    extra_floors: float = 0.0,
    detail: int = 2,
    open_left: bool = False,
    open_right: bool = False,
) -> Building:
    """Return a house of one of the city's styles on a given lot."""
    shares = np.array(list(city.facade_shares.values()), np.float64)
    style = str(rng.choice(list(city.facade_shares), p=shares / shares.sum()))
    size = "low" if has_garden else _SIZES.get(style, "old")
    floors = int(rng.choice(_STOREYS[size]))
    floors += round(extra_floors * float(rng.uniform(*_RISE)))
    roofs = _ROOFS[style]
    if floors > _HIGHEST_HOUSE:
        style, roofs = tower_style_random(rng, city), TOWER_ROOFS
    ground_floor = str(rng.choice(["shop", "shop", "home"]))
    return Building(
        x_m=x_m,
        y_m=y_m,
        heading_rad=float(heading_rad),
        width_m=width_m,
        depth_m=float(rng.uniform(*HOUSE_DEPTHS_M)),
        floors=floors,
        style=style,
        ground_floor="home" if has_garden else ground_floor,
        roof=str(rng.choice(roofs)),
        open_left=open_left,
        open_right=open_right,
        detail=detail,
        seed=int(rng.integers(2**31)),
    )


def tower_style_random(rng: np.random.Generator, city: City) -> str:
    """Return the style of a high house: one of the city's, or of any city's centre."""
    shares = np.array([city.facade_shares.get(style, 0.0) for style in _TOWER_STYLES])
    shares = shares + _LEAST_SHARE * max(shares.max(), 0.1)
    return str(rng.choice(_TOWER_STYLES, p=shares / shares.sum()))


def house_rectangle(house: Building, road: Road) -> Rectangle:
    """Return the ground that a house covers, in the world."""
    heading = house.heading_rad + float(road.heading_rad(house.y_m))
    front = road.world_xy(house.x_m, house.y_m)
    inwards = np.array([-np.sin(heading), np.cos(heading)])
    half = (house.width_m / 2, house.depth_m / 2)
    return rectangle(front + inwards * half[1], heading, half)
