"""All kinds of street furniture by name; no bpy."""

from __future__ import annotations

import zlib

import numpy as np

from blender_scenes.city.kerb import (
    advertising,
    fences,
    garden_walls,
    information_signs,
    pavement_things,
    poles,
    roadworks,
    signs,
    traffic_lights,
    waste,
)
from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.people.bicycles import bicycle_rack_parts
from blender_scenes.city.people.motorcycles import motorcycle_parts
from blender_scenes.city.plants import hedges, planting
from blender_scenes.city.shapes.parts import Part

_KINDS: dict[str, Maker] = {
    **poles.KINDS,
    **signs.KINDS,
    **information_signs.KINDS,
    **traffic_lights.KINDS,
    **pavement_things.KINDS,
    **advertising.KINDS,
    **waste.KINDS,
    **planting.KINDS,
    **hedges.KINDS,
    **garden_walls.KINDS,
    **fences.KINDS,
    **roadworks.KINDS,
    "bicycle_rack": lambda look: bicycle_rack_parts(look.variant, look.rng),
    "motorcycle": lambda look: list(motorcycle_parts(int(look.rng.integers(2**31)))),
}


def fixture_parts(
    kind: str, variant: int, seed: int, season: str = "summer"
) -> list[Part]:
    """Return the labelled parts of one kind of furniture.

    It stands on z = 0 with its front towards -y. `HALF_SIZE_M` lists the kinds.

    Raises
    ------
    KeyError
        If the kind is unknown.
    """
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode()), variant])
    return _KINDS[kind](Look(variant, rng, season))
