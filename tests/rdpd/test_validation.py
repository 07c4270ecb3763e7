"""Validation: whole sequences frame by frame, means by scene, nothing changed."""

from __future__ import annotations

import pytest
import torch

from rdpd.config import ModelConfig
from rdpd.data import DualPixelDataset
from rdpd.inference import network_input
from rdpd.model import build_model
from rdpd.training_state import RunningMean
from rdpd.validation import Validation, psnr_db, validate
from tests.rdpd.data_files import HEIGHT, WIDTH, write_dataset


def seeded_model():
    torch.manual_seed(0)
    return build_model(ModelConfig(width=2))


@pytest.mark.parametrize("carries_state", [True, False])
def test_frames_are_scored_with_the_state_carried_on_or_not(tmp_path, carries_state):
    source = DualPixelDataset(write_dataset(tmp_path), "val")
    model = seeded_model()
    found = validate(model, [source], carries_state=carries_state)
    item = source[0]
    x = network_input(item["left"][None], item["right"][None], model.channels)
    if not carries_state:
        x = x.transpose(0, 1)  # a batch of single frames
    with torch.no_grad():
        y = model.eval()(x)[0].flatten(0, 1)
    expected = [psnr_db(y[t], item["target"][t]) for t in range(3)]
    (scores,) = found.sequences
    torch.testing.assert_close(scores.output_db, expected, rtol=0, atol=1e-4)


def test_dropout_sleeps_while_validating_and_wakes_up_after(tmp_path):
    source = DualPixelDataset(write_dataset(tmp_path), "val")
    model = seeded_model().train()
    first, second = (validate(model, [source]).psnr_db for _ in range(2))
    assert first == second
    assert model.training


def test_means_are_over_frames_and_by_scene(tmp_path):
    splits = {"a": "val", "b": "val"}
    source = DualPixelDataset(write_dataset(tmp_path, splits), "val")
    found = validate(seeded_model(), [source])
    described = found.described()
    both = [described["scenes"][scene]["psnr_db"] for scene in "ab"]
    assert described["frames"] == 6
    assert abs(described["psnr_db"] - sum(both) / 2) < 1e-3
    assert set(found.strips) == {"a", "b"}
    assert found.strips["a"].shape == (3, HEIGHT, 3 * WIDTH)


def test_equal_pictures_have_a_finite_psnr():
    picture = torch.full((3, 4, 4), 0.5)
    assert psnr_db(picture, picture) == 100.0
    assert Validation([], {}).strips == {}


def test_a_running_mean_follows_the_weights_slowly():
    model = seeded_model()
    mean = RunningMean(model, decay=0.9)
    before = {name: t.clone() for name, t in model.state_dict().items()}
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(1.0)
    mean.update(model)
    for name, tensor in mean.weights.items():
        torch.testing.assert_close(tensor, before[name] + 0.1)


def test_without_decay_the_mean_is_the_network_itself():
    model = seeded_model()
    mean = RunningMean(model, decay=0.0)
    assert not mean.is_apart
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
    mean.update(model)
    assert all(not tensor.any() for tensor in mean.weights.values())
