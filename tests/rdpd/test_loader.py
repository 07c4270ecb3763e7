"""Mini-batches: sources take turns, processes share a step's batch out."""

from __future__ import annotations

import pytest
import torch

from rdpd.config import ModelConfig, TrainConfig
from rdpd.loader import Process, TrainingBatches, batches
from rdpd.sources import open_data
from tests.rdpd.data_files import write_canon, write_dataset

CONFIG = TrainConfig(
    model=ModelConfig(width=2),
    epochs=1,
    steps_per_epoch=6,
    image_batch=3,
    clip_batch=2,
    clip_frames=2,
    patch_px=16,
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    data = open_data(write_dataset(folder / "set"), write_canon(folder / "canon"))
    return data.train


def test_real_images_and_synthetic_clips_alternate(sources):
    found = list(batches(TrainingBatches(sources, CONFIG), 0, workers=0, pin=False))
    shapes = [tuple(batch.tensors["target"].shape) for batch in found]
    assert shapes == [(3, 1, 3, 16, 16), (2, 2, 3, 16, 16)] * 3


def test_patches_are_recoloured_where_that_is_asked_for(sources):
    plain = TrainingBatches(sources, CONFIG)
    changed = TrainingBatches(sources, TrainConfig(**vars(CONFIG) | {"recolour": True}))
    before, after = plain[1], changed[1]
    assert before.words == after.words
    items = zip(before.tensors["target"], after.tensors["target"], strict=True)
    assert all(not torch.equal(one, other) for one, other in items)
    assert torch.equal(before.tensors["radial"], after.tensors["radial"])
    torch.testing.assert_close(changed[1].tensors["left"], after.tensors["left"])


def test_turns_of_one_source_differ(sources):
    dataset = TrainingBatches(sources, CONFIG)
    assert len({dataset.cuts(step) for step in (0, 2, 4)}) == 3


@pytest.mark.parametrize("workers", [1, 2])
def test_readers_in_other_processes_give_the_same_batches_in_order(sources, workers):
    dataset = TrainingBatches(sources, CONFIG)
    mine = batches(dataset, 2, workers=0, pin=False)
    theirs = batches(dataset, 2, workers=workers, pin=False)
    for one, other in zip(mine, theirs, strict=True):
        assert one.words == other.words
        for name, tensor in one.tensors.items():
            assert torch.equal(tensor, other.tensors[name])


def test_two_processes_share_out_what_one_would_take_with_the_double_batch(sources):
    halves = [TrainingBatches(sources, CONFIG, Process(n, 2)) for n in (0, 1)]
    double = TrainConfig(**vars(CONFIG) | {"image_batch": 6, "clip_batch": 4})
    whole = TrainingBatches(sources, double)
    for step in range(4):
        assert halves[0].cuts(step) + halves[1].cuts(step) == whole.cuts(step)


def test_a_batch_says_where_it_is_from(sources):
    words = TrainingBatches(sources, CONFIG)[1].words
    assert "seq_00" in words
    assert "patch at row" in words
