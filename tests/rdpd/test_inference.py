"""Pictures in, pictures out: whole, in tiles, in sequences."""

import numpy as np
import pytest
import torch

from rdpd.inference import deblur, network_input
from rdpd.model import RDPD, DPDNet
from rdpd.radial import relative_radial_distance


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = RDPD("paper", width=2)
    with torch.no_grad():
        model.tail.bias.fill_(0.5)
        model.tail.weight.mul_(0.2)
    return model


def views(shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.random(shape, np.float32), rng.random(shape, np.float32)


@pytest.mark.parametrize("shape", [(40, 52, 3), (3, 40, 52, 3)])
def test_the_shape_is_that_of_the_views(model, shape):
    assert deblur(model, *views(shape)).shape == shape


def test_dpdnet_gets_six_channels():
    assert deblur(DPDNet(width=2), *views((20, 30, 3))).shape == (20, 30, 3)


def test_channels_are_left_right_and_radial_distance():
    left, right = torch.rand(2, 1, 1, 3, 6, 8)
    x = network_input(left, right, 7)
    assert torch.equal(x[0, 0, :3], left[0, 0])
    assert torch.equal(x[0, 0, 3:6], right[0, 0])
    assert torch.equal(x[0, 0, 6], relative_radial_distance(6, 8))
    assert torch.equal(network_input(left, right, 6), x[:, :, :6])


def test_one_tile_that_holds_the_picture_is_the_whole(model):
    left, right = views((40, 52, 3))
    whole = deblur(model, left, right)
    np.testing.assert_allclose(
        deblur(model, left, right, tile_px=64, overlap_px=8), whole, atol=1e-6
    )


def test_tiles_agree_with_the_whole_but_for_what_lies_beyond_their_borders(model):
    left, right = views((160, 160, 3))
    whole = deblur(model, left, right)
    tiled = deblur(model, left, right, tile_px=96, overlap_px=64)
    spread = whole.std()
    assert np.sqrt(np.mean((tiled - whole) ** 2)) < 0.1 * spread
    # A corner sees the same border in both.
    np.testing.assert_allclose(tiled[:8, :8], whole[:8, :8], atol=0.05 * spread)


def test_a_constant_network_leaves_no_seams(model):
    with torch.no_grad():
        model.tail.weight.zero_()
    tiled = deblur(model, *views((100, 70, 3)), tile_px=48, overlap_px=16)
    np.testing.assert_allclose(tiled, 0.5, atol=1e-6)


def test_the_mode_of_the_network_is_left_as_it_was(model):
    model.train()
    first = deblur(model, *views((32, 32, 3)))
    assert model.training
    assert np.array_equal(first, deblur(model, *views((32, 32, 3))))


def test_half_precision_networks_are_served(model):
    left, right = views((32, 32, 3))
    exact = deblur(model, left, right)
    coarse = deblur(model.to(torch.bfloat16), left, right)
    assert coarse.dtype == np.float32
    np.testing.assert_allclose(coarse, exact, atol=0.05)


@pytest.mark.parametrize(
    ("left", "right", "options", "message"),
    [
        ((4, 4, 3), (4, 5, 3), {}, "left has shape"),
        ((4, 4), (4, 4), {}, "left has shape"),
        ((4, 4, 1), (4, 4, 1), {}, "left has shape"),
        ((64, 64, 3), (64, 64, 3), {"tile_px": 20}, "multiple of 16"),
        ((64, 64, 3), (64, 64, 3), {"tile_px": 32, "overlap_px": 32}, "0 to 31"),
    ],
)
def test_what_does_not_fit_is_refused(model, left, right, options, message):
    pair = np.zeros(left, np.float32), np.zeros(right, np.float32)
    with pytest.raises(ValueError, match=message):
        deblur(model, *pair, **options)
