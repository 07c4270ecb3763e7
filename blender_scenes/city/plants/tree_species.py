"""Shapes of street trees: how each kind branches, and what leaves it has; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_CROWNS = {
    # Length of the limbs from the lowest (0) to the highest (1), as shares.
    "round": ((0.0, 0.75), (0.3, 1.0), (0.65, 0.85), (1.0, 0.42)),
    "column": ((0.0, 0.7), (0.35, 1.0), (0.7, 0.9), (1.0, 0.35)),
    "egg": ((0.0, 0.85), (0.25, 1.0), (0.6, 0.7), (1.0, 0.25)),
    "cone": ((0.0, 1.0), (0.5, 0.6), (1.0, 0.1)),
    "even": ((0.0, 1.0), (1.0, 0.75)),
}


@dataclass(frozen=True)
class Branching:
    """One order of branching.

    Parameters
    ----------
    count : int
        Limbs per parent.
    span : tuple of float
        Stretch of the parent that they leave from, as shares of its length.
    length_m : float
        Length of the longest.
    crown : str
        How the length changes along the parent.
    spread_rad : tuple of float
        Angle between limb and parent, from and to.
    rise : float
        How strongly limbs bend up; negative bends them down.
    radius_share : float
        Radius at the foot over the parent's radius there.
    """

    count: int
    span: tuple[float, float]
    length_m: float
    crown: str
    spread_rad: tuple[float, float]
    rise: float
    radius_share: float

    def envelope(self, within: ArrayLike) -> NDArray[np.float64]:
        """Return limb length over the longest, ``within`` 0 (low) to 1 (high)."""
        places, shares = zip(*_CROWNS[self.crown], strict=True)
        return np.interp(np.asarray(within, np.float64), places, shares)


@dataclass(frozen=True)
class LeafForm:
    """Size and share of a leaf's width, and how far it hangs (0 to 1)."""

    length_m: float
    width_share: float
    droop: float


@dataclass(frozen=True)
class TreeSpecies:
    """A kind of tree.

    ``orders`` are branches, boughs and twigs. ``leaf_share`` scales the number of
    leaves; ``blossoms`` says whether it flowers before it is green.
    """

    name: str
    stem_m: float
    stem_radius_m: float
    crookedness_m: float
    orders: tuple[Branching, Branching, Branching]
    leaf: LeafForm
    leaf_share: float = 1.0
    bark: str = "bark"
    bark_rgb: tuple[float, float, float] = (1.0, 1.0, 1.0)
    blossom_rgb: tuple[float, float, float] | None = None
    is_evergreen: bool = False
    is_staked: bool = False


_BOUGHS = Branching(6, (0.3, 1.0), 1.15, "even", (0.6, 1.1), 0.25, 0.55)
_TWIGS = Branching(6, (0.2, 1.0), 0.62, "even", (0.5, 1.1), 0.1, 0.55)

LIME = TreeSpecies(
    "lime",
    stem_m=6.2,
    stem_radius_m=0.16,
    crookedness_m=0.03,
    orders=(
        Branching(17, (0.43, 1.0), 2.7, "round", (0.75, 1.2), 0.5, 0.62),
        _BOUGHS,
        _TWIGS,
    ),
    leaf=LeafForm(0.125, 0.72, 0.35),
    leaf_share=1.35,
)
PLANE = TreeSpecies(
    "plane",
    stem_m=5.0,
    stem_radius_m=0.2,
    crookedness_m=0.05,
    orders=(
        Branching(12, (0.55, 1.0), 3.5, "egg", (0.5, 1.05), 0.9, 0.7),
        Branching(7, (0.25, 1.0), 1.5, "even", (0.5, 1.1), 0.2, 0.55),
        _TWIGS,
    ),
    leaf=LeafForm(0.15, 0.85, 0.3),
    leaf_share=1.35,
    bark_rgb=(1.7, 1.65, 1.4),
)
POPLAR = TreeSpecies(
    "poplar",
    stem_m=9.6,
    stem_radius_m=0.15,
    crookedness_m=0.025,
    orders=(
        Branching(26, (0.24, 1.0), 2.0, "column", (0.35, 0.6), 1.3, 0.5),
        Branching(5, (0.25, 1.0), 0.8, "even", (0.35, 0.7), 0.9, 0.55),
        Branching(5, (0.2, 1.0), 0.45, "even", (0.4, 0.9), 0.5, 0.55),
    ),
    leaf=LeafForm(0.1, 0.85, 0.2),
)
BIRCH = TreeSpecies(
    "birch",
    stem_m=8.0,
    stem_radius_m=0.105,
    crookedness_m=0.05,
    orders=(
        Branching(18, (0.33, 1.0), 2.0, "egg", (0.6, 0.95), 0.5, 0.42),
        Branching(6, (0.25, 1.0), 1.0, "even", (0.5, 0.9), -0.7, 0.5),
        Branching(6, (0.15, 1.0), 0.7, "even", (0.3, 0.8), -2.4, 0.5),
    ),
    leaf=LeafForm(0.085, 0.7, 0.7),
    bark="birch_bark",
)
CHERRY = TreeSpecies(
    "cherry",
    stem_m=3.9,
    stem_radius_m=0.12,
    crookedness_m=0.04,
    orders=(
        Branching(12, (0.55, 1.0), 2.3, "round", (0.6, 1.1), 0.8, 0.6),
        Branching(6, (0.2, 1.0), 1.0, "even", (0.5, 1.0), 0.5, 0.55),
        Branching(6, (0.15, 1.0), 0.5, "even", (0.5, 1.1), 0.3, 0.55),
    ),
    leaf=LeafForm(0.1, 0.5, 0.4),
    bark_rgb=(0.85, 0.62, 0.55),
    blossom_rgb=(0.78, 0.5, 0.56),
)
SPRUCE = TreeSpecies(
    "spruce",
    stem_m=8.6,
    stem_radius_m=0.13,
    crookedness_m=0.01,
    orders=(
        Branching(64, (0.3, 1.0), 2.0, "cone", (1.3, 1.65), -0.1, 0.35),
        Branching(11, (0.12, 1.0), 0.62, "even", (0.6, 0.95), -0.5, 0.4),
        Branching(2, (0.2, 1.0), 0.24, "even", (0.4, 0.8), -1.0, 0.5),
    ),
    leaf=LeafForm(0.13, 0.2, 0.55),
    leaf_share=1.7,
    bark_rgb=(0.8, 0.6, 0.48),
    is_evergreen=True,
)
SAPLING = TreeSpecies(
    "sapling",
    stem_m=4.3,
    stem_radius_m=0.042,
    crookedness_m=0.02,
    orders=(
        Branching(11, (0.55, 1.0), 1.0, "egg", (0.5, 0.85), 0.9, 0.5),
        Branching(5, (0.2, 1.0), 0.5, "even", (0.5, 0.9), 0.4, 0.5),
        Branching(3, (0.2, 1.0), 0.28, "even", (0.5, 0.9), 0.2, 0.5),
    ),
    leaf=LeafForm(0.09, 0.65, 0.3),
    leaf_share=0.16,
    is_staked=True,
)
# A street's tree has a variant; two variants of one species differ in their limbs.
SPECIES = (LIME, PLANE, POPLAR, BIRCH, CHERRY, SPRUCE, SAPLING, LIME)
TREE_VARIANTS = len(SPECIES)
