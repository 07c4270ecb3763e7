"""Depth as layers of equal blur, and what is behind them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dp_model.blur import Region
from dp_model.disocclusion import estimate_second_surface
from dp_model.layers import (
    LAYER_STEP_PX,
    MAX_LAYERS,
    Surface,
    bounding_region,
    known_up_to,
    layer_position,
    layer_radii,
    nearest_layer,
    second_surface_share,
    tent,
)

ends_px = st.tuples(st.floats(-400, 400), st.floats(-400, 400)).map(sorted)
EVERYTHING = (slice(None), slice(None))


@given(ends_px)
def test_layers_run_from_far_to_near_in_small_steps(ends):
    near, far = ends
    radii = layer_radii(far, near)
    assert radii[0] == far
    assert radii[-1] == pytest.approx(near)
    steps = -np.diff(radii)
    assert (steps > 0).all()
    assert radii.size <= MAX_LAYERS
    finest_allowed = max(LAYER_STEP_PX, (far - near) / (MAX_LAYERS - 3))
    assert (steps <= finest_allowed * (1 + 1e-9)).all()


@given(ends_px)
def test_the_focus_is_a_layer_if_it_lies_between(ends):
    near, far = ends
    assert (0.0 in layer_radii(far, near)) == (near <= 0 <= far)


def test_one_depth_is_one_layer():
    assert layer_radii(-3.3, -3.3).tolist() == [-3.3]


@given(ends_px, st.integers(0, 2**32 - 1))
def test_tents_share_each_pixel_out_and_keep_its_radius(ends, seed):
    near, far = ends
    radii = layer_radii(far, near)
    coc = np.random.default_rng(seed).uniform(near, far, (4, 5))
    position = layer_position(coc, radii)
    shares = np.stack([tent(position, layer) for layer in range(radii.size)])
    np.testing.assert_allclose(shares.sum(0), 1, atol=1e-9)
    assert ((shares > 0).sum(0) <= 2).all()
    np.testing.assert_allclose(np.tensordot(radii, shares, 1), coc, atol=1e-6)


def test_known_content_is_the_running_sum_of_tents():
    position = np.linspace(0, 3, 13)[None]
    running = np.cumsum([tent(position, layer) for layer in range(4)], axis=0)
    for layer in range(4):
        np.testing.assert_allclose(known_up_to(position, layer), running[layer])


def test_every_pixel_has_one_nearest_layer(rng):
    position = rng.uniform(0, 4, (6, 7))
    masks = np.stack([nearest_layer(position, layer) for layer in range(5)])
    np.testing.assert_array_equal(masks.sum(0), 1)


def test_bounding_region_holds_all_and_no_more():
    flags = np.zeros((7, 9), dtype=bool)
    assert bounding_region(flags) is None
    flags[2, 5] = flags[4, 3] = True
    assert bounding_region(flags) == Region(2, 5, 3, 6)


def surface(coc: np.ndarray, coverage: float = 1.0) -> Surface:
    return Surface(np.zeros((*coc.shape, 3)), coc, np.full(coc.shape, coverage))


def test_what_is_behind_counts_only_well_behind():
    # At CoC radius 8 a separation is 1 + 8/4 = 3 px.
    first = surface(np.array([[8.0, 5.0, 3.5, 2.0, -8.0]]))
    second = surface(np.full((1, 5), 8.0))
    share = second_surface_share(first, second, 8.0, EVERYTHING)
    np.testing.assert_allclose(share, [[0, 0, 0.5, 1, 1]])
    absent = surface(np.full((1, 5), 8.0), coverage=0.0)
    assert not second_surface_share(first, absent, 8.0, EVERYTHING).any()


def test_a_blurred_foreground_continues_the_background_behind_it():
    coc = np.full((32, 48), 2.0)
    coc[:, 20:] = -12.0
    rgb = np.zeros((32, 48, 3))
    rgb[:, :20] = [0.1, 0.5, 0.9]
    guess = estimate_second_surface(rgb, coc, 17)
    beside = (slice(None), slice(20, 26))
    np.testing.assert_array_equal(guess.coverage[beside], 1)
    np.testing.assert_allclose(guess.coc_radius_px[beside], 2.0)
    np.testing.assert_allclose(guess.linear_rgb[5, 22], [0.1, 0.5, 0.9])
    assert not guess.coverage[:, :20].any()


def test_a_slope_has_nothing_behind_it():
    coc = np.linspace(4, -20, 200)[None, :].repeat(40, axis=0)
    guess = estimate_second_surface(np.ones((40, 200, 3)), coc, 2)
    assert not guess.coverage.any()


def test_a_sharp_foreground_needs_no_guess():
    coc = np.full((16, 16), 9.0)
    coc[:, 8:] = 0.0
    assert not estimate_second_surface(np.ones((16, 16, 3)), coc, 13).coverage.any()
