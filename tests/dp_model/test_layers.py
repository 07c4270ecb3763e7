"""Depth as layers of equal blur."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dp_model.layers import (
    LAYER_STEP_PX,
    MAX_LAYERS,
    known_up_to,
    layer_position,
    layer_radii,
    nearest_layer,
    share_behind,
    tent,
)

ends_px = st.tuples(st.floats(-400, 400), st.floats(-400, 400)).map(sorted)


@given(ends_px)
@example((0.0, 359.0))  # the end is a multiple of the step, but for rounding
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


@given(st.floats(-90, 90), st.floats(-90, 90))
def test_another_frame_has_the_same_layers_but_for_its_ends(one, other):
    first, second = (layer_radii(max(far, -far), -90.0) for far in (one, other))
    shared = min(first[0], second[0])
    between = [radii[(radii < shared - LAYER_STEP_PX)] for radii in (first, second)]
    np.testing.assert_array_equal(between[0], between[1])


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


def test_what_is_behind_counts_only_well_behind():
    # At CoC radius 8 a separation is 1 + 8/4 = 3 px.
    front = np.array([8.0, 5.0, 3.5, 2.0, -8.0])
    np.testing.assert_allclose(share_behind(front, 8.0), [0, 0, 0.5, 1, 1])
