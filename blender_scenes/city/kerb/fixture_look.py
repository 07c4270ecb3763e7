"""What a maker of street furniture is told; no bpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from blender_scenes.city.shapes.parts import Part


class Look(NamedTuple):
    """How one piece of furniture is to look.

    Parameters
    ----------
    variant : int
        0 to `FIXTURE_VARIANTS` - 1: which design.
    rng : numpy.random.Generator
        For what differs between streets, such as leaves and scratches.
    season : str
        One of `plan.SEASONS`.
    """

    variant: int
    rng: np.random.Generator
    season: str


# Makes the labelled parts of one kind: standing on z = 0, front towards -y.
Maker = Callable[[Look], list[Part]]
