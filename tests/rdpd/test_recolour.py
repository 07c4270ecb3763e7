"""Recoloured patches: other colours, the same optics."""

from __future__ import annotations

import pytest
import torch

from rdpd.data import Item
from rdpd.recolour import DARKEST, recoloured


@pytest.fixture
def item() -> Item:
    generator = torch.Generator().manual_seed(3)
    return {
        name: torch.rand(2, 3, 4, 5, generator=generator)
        for name in ("left", "right", "target")
    } | {"radial": torch.rand(2, 1, 4, 5, generator=generator)}


def test_every_picture_of_a_patch_is_recoloured_alike(item: Item) -> None:
    same = dict.fromkeys(("left", "right", "target"), item["target"])
    new = recoloured(same, (1, 2))
    assert torch.equal(new["left"], new["target"])
    assert torch.equal(new["right"], new["target"])
    assert not torch.equal(new["target"], item["target"])


def test_channels_are_exchanged_and_dimmed_but_not_mixed(item: Item) -> None:
    new = recoloured(item, (4,))["target"]
    used = set()
    for channel in range(3):
        ratios = new[:, channel, None] / item["target"]
        spread = ratios.amax((0, 2, 3)) - ratios.amin((0, 2, 3))
        source = int(spread.argmin())
        assert spread[source] < 1e-5
        assert DARKEST <= float(ratios[:, source].mean()) <= 1
        used.add(source)
    assert used == {0, 1, 2}


def test_the_same_seed_gives_the_same_colours_and_another_gives_others(
    item: Item,
) -> None:
    first, again, other = (
        recoloured(item, seed)["left"] for seed in ((1,), (1,), (2,))
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_the_radial_distance_and_the_item_itself_stay_as_they_were(item: Item) -> None:
    before = {name: tensor.clone() for name, tensor in item.items()}
    new = recoloured(item, (5,))
    assert torch.equal(new["radial"], item["radial"])
    assert all(torch.equal(item[name], before[name]) for name in item)
