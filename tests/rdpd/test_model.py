"""The networks: size, any picture, state, what may see what."""

import pytest
import torch

from rdpd.config import ModelConfig
from rdpd.model import RDPD, DPDNet, build_model, parameter_count

FLOAT32_STEPS = 2e-5  # of outputs of order 1 after some twenty layers


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


@pytest.fixture(params=["paper", "released"])
def rdpd(request):
    model = RDPD(request.param, width=4)
    with torch.no_grad():
        # Random networks end near 0, where clamping would hide every difference.
        last = model.tail if request.param == "paper" else model.tail[-1]
        last.bias.fill_(0.5)
        last.weight.mul_(0.1)
        if request.param == "paper":
            model.lstm.peepholes.normal_(std=0.5)
    return model.eval()


def clip(batch=1, steps=3, size=(32, 48), channels=7):
    return torch.rand(batch, steps, channels, *size)


def test_published_parameter_counts():
    assert parameter_count(RDPD("released")) == 24_278_703
    assert parameter_count(DPDNet()) == 31_035_151
    # Three peephole weights per channel; one linear layer in place of two at the end.
    assert parameter_count(RDPD("paper")) == 24_278_703 + 3 * 512 - (867 + 12) + 99


@pytest.mark.parametrize("size", [(32, 48), (33, 50), (7, 90), (1, 1), (90, 40)])
@torch.inference_mode()
def test_any_picture_size_and_portrait_pictures(rdpd, size):
    y, _ = rdpd(clip(steps=1, size=size))
    assert y.shape == (1, 1, 3, *size)
    assert (y >= 0).all()
    assert (y <= 1).all()


@torch.inference_mode()
def test_chunks_with_the_state_carried_equal_the_whole(rdpd):
    x = clip(batch=2, steps=5)
    whole, last = rdpd(x)
    first, state = rdpd(x[:, :2])
    rest, state = rdpd(x[:, 2:], state)
    torch.testing.assert_close(torch.cat([first, rest], dim=1), whole)
    for ours, theirs in zip(state, last, strict=True):
        torch.testing.assert_close(ours, theirs)


@torch.inference_mode()
def test_a_frame_is_seen_by_later_frames_and_by_no_earlier_one(rdpd):
    x = clip(steps=4)
    changed = x.clone()
    changed[:, 2] = torch.rand_like(changed[:, 2])
    before, after = rdpd(x)[0], rdpd(changed)[0]
    assert torch.equal(before[:, :2], after[:, :2])
    assert not torch.allclose(before[:, 2], after[:, 2], atol=1e-4)
    assert (before[:, 3] - after[:, 3]).abs().max() > 1e-6


@torch.inference_mode()
def test_items_of_a_batch_do_not_see_each_other(rdpd):
    x = clip(batch=3)
    together = rdpd(x)[0]
    alone = torch.cat([rdpd(item[None])[0] for item in x])
    torch.testing.assert_close(together, alone, atol=FLOAT32_STEPS, rtol=0)


@torch.inference_mode()
def test_sizes_are_made_up_by_mirroring(rdpd):
    x = clip(steps=1, size=(30, 44))
    mirrored = torch.nn.functional.pad(x[0], (2, 2, 1, 1), mode="reflect")[None]
    torch.testing.assert_close(rdpd(x)[0], rdpd(mirrored)[0][..., 1:-1, 2:-2])


@torch.inference_mode()
def test_dpdnet_takes_the_same_calls():
    model = DPDNet(width=4).eval()
    x = clip(batch=2, steps=2, size=(20, 35), channels=6)
    y, state = model(x)
    assert y.shape == (2, 2, 3, 20, 35)
    assert state is None
    swapped = model(x.flip(1))[0]
    torch.testing.assert_close(swapped.flip(1), y)


@torch.inference_mode()
def test_without_recurrence_no_frame_knows_of_another():
    model = build_model(ModelConfig(width=4, recurrent=False)).eval()
    x = clip(steps=3)
    y, state = model(x)
    assert state is None
    torch.testing.assert_close(model(x.flip(1))[0].flip(1), y)


@torch.inference_mode()
def test_without_radial_distance_six_channels_are_taken():
    model = build_model(ModelConfig(width=4, radial=False)).eval()
    assert model.channels == 6
    assert model(clip(channels=6))[0].shape == (1, 3, 3, 32, 48)
    with pytest.raises(ValueError, match=r"expected \(B, T, 6, H, W\)"):
        model(clip(channels=7))


def test_dropout_acts_in_training_only():
    for model, channels in ((RDPD(width=4), 7), (DPDNet(width=4), 6)):
        x = clip(channels=channels)
        with torch.no_grad():
            model.train()
            assert not torch.equal(model(x)[0], model(x)[0]), type(model)
            model.eval()
            assert torch.equal(model(x)[0], model(x)[0]), type(model)


def test_every_weight_has_a_gradient():
    for config in (
        ModelConfig(width=4),
        ModelConfig(cell="released", width=4),
        ModelConfig(width=4, radial=False, recurrent=False),
        ModelConfig(name="dpdnet", width=4),
    ):
        model = build_model(config)
        with torch.no_grad():
            for name, weights in model.named_parameters():
                if name.startswith("tail") and name.endswith("bias"):
                    weights.fill_(0.5)
        x = clip(steps=2, channels=model.channels)
        model(x)[0].square().sum().backward()
        silent = [
            n for n, w in model.named_parameters() if w.grad is None or not w.grad.any()
        ]
        assert silent == [], config


@pytest.mark.parametrize("shape", [(1, 7, 16, 16), (1, 1, 6, 16, 16), (1, 0, 7, 8, 8)])
def test_another_shape_is_refused_by_name(shape):
    with pytest.raises(ValueError, match=r"x has shape .*expected \(B, T, 7, H, W\)"):
        RDPD(width=4)(torch.zeros(shape))


def test_a_clip_can_be_learnt_by_heart():
    model = RDPD(width=4)
    model.lstm.dropout.p = 0.0
    x = clip(steps=1, size=(16, 16))
    target = x[:, :, :3]
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    losses = []
    for _ in range(200):
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x)[0], target)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "unet"}, "name 'unet': expected one of rdpd, dpdnet"),
        ({"cell": "gru"}, "cell 'gru': expected one of paper, released"),
        ({"width": -1}, "width -1"),
        ({"width": 1.5}, "width 1.5"),
        ({"radial": 1}, "radial 1: expected true or false"),
        ({"recurrent": "no"}, "recurrent 'no': expected true or false"),
    ],
)
def test_an_unknown_network_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        ModelConfig(**values)
