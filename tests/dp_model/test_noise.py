"""Signal-dependent noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dp_model.noise import READ_TO_SHOT, SIGMA_GRID, add_noise

SIDE = 400  # a sample of 160 000 values
SIGMAS = 5  # standard errors that an estimate may be off

MODELS = ("paper", "variance", "shot-read")
levels = st.floats(0.01, 4.0)
strengths = st.sampled_from(SIGMA_GRID)
seeds = st.integers(0, 2**32 - 1)


def predicted_deviation(model: str, level: float, sigma: float) -> float:
    return {
        "paper": sigma * level,
        "variance": sigma * math.sqrt(level),
        "shot-read": sigma * math.sqrt(level + 0.01),
    }[model]


@pytest.mark.parametrize("model", MODELS)
@given(level=levels, sigma=strengths, seed=seeds)
def test_noise_is_unbiased_with_the_predicted_deviation(model, level, sigma, seed):
    flat = np.full((SIDE, SIDE), level)
    noisy = add_noise(flat, sigma, np.random.default_rng(seed), model=model)
    deviation = predicted_deviation(model, level, sigma)
    assert noisy.mean() == pytest.approx(level, abs=SIGMAS * deviation / SIDE)
    assert noisy.std() == pytest.approx(
        deviation, abs=SIGMAS * deviation / (SIDE * math.sqrt(2))
    )


def test_views_drawn_one_after_the_other_are_independent(rng):
    flat = np.ones((SIDE, SIDE))
    left, right = (add_noise(flat, 0.2, rng) - 1 for _ in range(2))
    correlation = (left * right).mean() / (left.std() * right.std())
    assert abs(correlation) < SIGMAS / SIDE


def test_channels_are_independent(rng):
    noise = add_noise(np.ones((SIDE, SIDE, 3)), 0.2, rng) - 1
    correlation = np.corrcoef(noise.reshape(-1, 3).T) - np.eye(3)
    assert np.abs(correlation).max() < SIGMAS / SIDE


def test_black_stays_black_but_for_the_read_noise(rng):
    black = np.zeros((50, 50))
    assert not add_noise(black, 0.5, rng).any()
    assert not add_noise(black, 0.5, rng, model="variance").any()
    read = add_noise(black, 0.5, rng, model="shot-read")
    assert read.std() == pytest.approx(0.5 * READ_TO_SHOT, rel=0.1)


def test_nothing_is_clipped(rng):
    noisy = add_noise(np.ones((SIDE, SIDE)), 0.5, rng)
    assert noisy.min() < 0
    assert noisy.max() > 1


def test_a_seed_means_the_same_noise_in_every_library():
    flat = np.full((6, 7, 3), 0.5, dtype=np.float32)
    on_numpy = add_noise(flat, 0.3, np.random.default_rng(4))
    on_torch = add_noise(torch.asarray(flat), 0.3, np.random.default_rng(4))
    assert on_numpy.dtype == np.float32
    assert isinstance(on_torch, torch.Tensor)
    np.testing.assert_allclose(on_torch.numpy(), on_numpy, rtol=1e-6)


def test_values_below_zero_give_no_nan(rng):
    undershoot = np.full((4, 4), -0.01)
    assert np.isfinite(add_noise(undershoot, 0.5, rng, model="variance")).all()


def test_without_noise_the_picture_is_copied(rng):
    picture = rng.random((4, 5))
    same = add_noise(picture, 0.5, rng, model="none")
    np.testing.assert_array_equal(same, picture)
    assert not np.shares_memory(same, picture)


def test_the_grid_is_the_papers():
    assert len(SIGMA_GRID) == 91
    assert SIGMA_GRID[0] == 0.05
    assert SIGMA_GRID[-1] == 0.5
    np.testing.assert_allclose(np.diff(SIGMA_GRID), 0.005)


@pytest.mark.parametrize("sigma", [-0.1, math.nan, math.inf])
def test_strength_must_be_finite_and_not_negative(sigma, rng):
    with pytest.raises(ValueError, match="sigma must be finite and >= 0"):
        add_noise(np.ones((2, 2)), sigma, rng)


def test_whole_numbers_are_refused(rng):
    with pytest.raises(TypeError, match="linear_rgb must be float32 or float64"):
        add_noise(np.ones((2, 2), dtype=np.uint8), 0.1, rng)


def test_unknown_models_are_refused(rng):
    with pytest.raises(ValueError, match="model must be one of"):
        add_noise(np.ones((2, 2)), 0.1, rng, model="magic")  # type: ignore[arg-type]
