"""Other colours for the same optics: few scenes have few, and a network learns them."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from rdpd.data import Item

DARKEST = 0.2
"""Smallest factor that encoded colour is multiplied by: grey gets a strong colour."""

_COLOURS = ("left", "right", "target", "combined")
_STREAM = 1  # apart from whatever else is drawn for the same cut


def recoloured(item: Item, entropy: tuple[int, ...]) -> Item:
    """Return an item with its colour channels exchanged, and two of them dimmed.

    Blur and the paper's noise are linear and the same in every channel, so a blurred
    picture still belongs to its sharp one; nothing gets brighter than it was, so what
    was clipped stays clipped alike.

    Parameters
    ----------
    item : dict of Tensor (T, C, H, W)
        Colour (C = 3) and anything else, which stays.
    entropy : tuple of int
        Seed: the same for the same patch.

    Examples
    --------
    >>> import torch
    >>> item = {"left": torch.ones(1, 3, 1, 1), "radial": torch.ones(1, 1, 1, 1)}
    >>> new = recoloured(item, (7,))
    >>> sorted(new["left"].flatten().tolist())[-1], float(new["radial"])
    (1.0, 1.0)
    """
    rng = np.random.default_rng([*entropy, _STREAM])
    order = rng.permutation(3).tolist()
    factors = rng.uniform(DARKEST, 1.0, 3)
    factors /= factors.max()

    def changed(colour: Tensor) -> Tensor:
        return colour[:, order] * colour.new_tensor(factors)[:, None, None]

    return {name: changed(t) if name in _COLOURS else t for name, t in item.items()}
