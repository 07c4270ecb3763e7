"""The six named cities, and how any other is drawn; no bpy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from blender_scenes.city.buildings.facade_styles import STYLES
from blender_scenes.city.light.atmosphere import setting_random
from blender_scenes.city.plan import Setting

CITY_PREFIX = "city-"
_CITY = re.compile(CITY_PREFIX + r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class City:
    """What kind of street a city has, and when it is seen.

    Parameters
    ----------
    setting : Setting
    lanes_each_way : int
    parks_left, parks_right : bool
    bend_share : float
        Share of the blocks that bend, 0 to 1.
    sharp_turn_rad : float
        The one sharp turn late in the drive, positive to the left; 0 for none.
    speed_m_s : float
        How fast the camera drives.
    facade_shares : dict of str to float
        How common each of the façade styles is; their sum does not matter.
    garden_share : float
        Share of the blocks whose houses stand back behind gardens.
    tree_share : float
        Share of the places at the kerb that hold a tree.
    grass_share : float
        Share of the blocks with a strip of grass at the kerb.
    has_wires : bool
        Whether wires hang on poles along the street.
    roadworks : int
        Number of building sites in the parking strips and gutters.
    """

    setting: Setting
    lanes_each_way: int = 1
    parks_left: bool = True
    parks_right: bool = True
    bend_share: float = 0.0
    sharp_turn_rad: float = 0.0
    speed_m_s: float = 10.0
    facade_shares: Mapping[str, float] = field(
        default_factory=lambda: dict.fromkeys(STYLES, 1.0)
    )
    garden_share: float = 0.0
    tree_share: float = 0.3
    grass_share: float = 0.0
    has_wires: bool = False
    roadworks: int = 0


CITIES = {
    # An old town of brick and stone on a clear summer day.
    "city-1": City(
        Setting("summer", "clear", 10.5),
        bend_share=0.6,
        facade_shares={
            "brick": 3,
            "gabled": 2,
            "stone": 2,
            "half_timber": 1,
            "warehouse": 0.5,
        },
        tree_share=0.3,
        roadworks=1,
    ),
    # A tree-lined suburb with gardens in the low sun of an autumn afternoon.
    "city-2": City(
        Setting("autumn", "clear", 15.6),
        parks_left=False,
        bend_share=0.8,
        speed_m_s=8.6,
        facade_shares={"brick": 3, "plaster": 3, "half_timber": 1, "modern": 1},
        garden_share=0.8,
        tree_share=0.42,
        grass_share=0.6,
        has_wires=True,
    ),
    # Offices and slabs along a wide street in the rain.
    "city-3": City(
        Setting("autumn", "rain", 12.0),
        lanes_each_way=2,
        parks_left=False,
        bend_share=0.4,
        speed_m_s=11.0,
        facade_shares={"office": 3, "glass": 2, "panel": 2, "warehouse": 1, "stone": 1},
        tree_share=0.22,
        grass_share=0.4,
        roadworks=2,
    ),
    # A snowed-in quarter whose street turns a corner.
    "city-4": City(
        Setting("winter", "snow", 13.5),
        bend_share=0.4,
        sharp_turn_rad=1.2,
        speed_m_s=7.6,
        facade_shares={"plaster": 3, "brick": 2, "panel": 1.5, "stone": 1},
        garden_share=0.3,
        tree_share=0.3,
        has_wires=True,
    ),
    # A misty spring morning in a garden town.
    "city-5": City(
        Setting("spring", "fog", 8.5),
        parks_right=False,
        bend_share=0.7,
        speed_m_s=9.2,
        facade_shares={"plaster": 3, "stone": 2, "modern": 1.5, "gabled": 0.5},
        garden_share=0.5,
        tree_share=0.4,
        grass_share=0.5,
    ),
    # The lit centre of a large town at night.
    "city-6": City(
        Setting("summer", "cloudy", 22.5),
        lanes_each_way=2,
        parks_left=True,
        bend_share=0.5,
        speed_m_s=11.5,
        facade_shares={"stone": 2, "office": 2, "glass": 1, "brick": 1.5, "plaster": 1},
        tree_share=0.25,
        roadworks=1,
    ),
}
"""By name; any other ``city-N`` is drawn from its seed."""


def is_city(name: str) -> bool:
    """Return whether a scene of this name is a city rather than a plain street.

    Examples
    --------
    >>> is_city("city-7"), is_city("street-7"), is_city("city-")
    (True, False, False)
    """
    return _CITY.fullmatch(name) is not None


def city_of(name: str, rng: np.random.Generator) -> City:
    """Return the city of a scene's name: named, drawn, or a plain street's."""
    if name in CITIES:
        return CITIES[name]
    return city_random(rng) if is_city(name) else plain_street_random(rng)


def plain_street_random(rng: np.random.Generator) -> City:
    """Return a straight street on a clear summer day."""
    return City(
        Setting(),
        lanes_each_way=int(rng.choice([1, 1, 2])),
        parks_left=bool(rng.random() < 0.75),
        parks_right=bool(rng.random() < 0.75),
        speed_m_s=float(rng.uniform(8.0, 12.0)),
        facade_shares=_facade_shares_random(rng),
        tree_share=float(rng.uniform(0.18, 0.5)),
    )


def city_random(rng: np.random.Generator) -> City:
    """Return any city, at any time of the year and day, in any weather."""
    is_sharp = bool(rng.random() < 0.25)
    lanes = 1 if is_sharp else int(rng.choice([1, 1, 2]))
    is_suburb = lanes == 1 and bool(rng.random() < 0.4)
    return City(
        setting_random(rng),
        lanes_each_way=lanes,
        parks_left=bool(rng.random() < 0.6),
        parks_right=bool(rng.random() < 0.7),
        bend_share=float(rng.uniform(0.2, 0.9)),
        sharp_turn_rad=float(rng.choice([-1, 1]) * rng.uniform(0.8, 1.5)) * is_sharp,
        speed_m_s=float(rng.uniform(7.0, 8.0) if is_sharp else rng.uniform(8.0, 12.0)),
        facade_shares=_facade_shares_random(rng),
        garden_share=float(rng.uniform(0.3, 0.9)) if is_suburb else 0.0,
        tree_share=float(rng.uniform(0.18, 0.5)),
        grass_share=float(rng.uniform(0.2, 0.7)) if is_suburb else 0.1,
        has_wires=bool(rng.random() < (0.6 if is_suburb else 0.15)),
        roadworks=int(rng.choice([0, 0, 1, 2])),
    )


def _facade_shares_random(rng: np.random.Generator) -> dict[str, float]:
    """Return shares of which two or three make up most: a street has a character."""
    shares = rng.dirichlet(np.full(len(STYLES), 0.45)) + 0.02
    return dict(zip(STYLES, (float(share) for share in shares), strict=True))
