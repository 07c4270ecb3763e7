"""Which pixels are foreground that blur can uncover something behind."""

import numpy as np
import pytest

from blender_scenes.peel_limits import (
    APRON_PX,
    colour_limits,
    depth_limits,
    foreground_depth,
    is_behind,
)

SIZE = (40, 60)
ROWS, COLUMNS = np.indices(SIZE)
ONE_OBJECT = np.ones(SIZE, np.uint32)
REACH_PX = 6
CARD = (abs(ROWS - 20) < 10) & (abs(COLUMNS - 30) < 10)


def picture(near, near_m=2.0, far_m=10.0):
    """Return depth and instances of something before a wall."""
    depth = np.where(near, near_m, far_m).astype(np.float32)
    return depth, near.astype(np.uint32)


@pytest.mark.parametrize("slope", [(0.0, 0.0), (2e-3, 1e-3), (0.0, 9e-3)])
def test_a_plane_has_no_foreground_however_steep(slope):
    nearness = 0.01 + slope[0] * ROWS + slope[1] * COLUMNS
    depth = (1 / nearness).astype(np.float32)
    assert not foreground_depth(depth, ONE_OBJECT, REACH_PX).any()


def test_the_ground_below_the_horizon_has_none_but_at_the_horizon():
    with np.errstate(divide="ignore"):
        depth = np.where(ROWS > 10, 40 / (ROWS - 10.5), np.inf).astype(np.float32)
    assert not foreground_depth(depth, ONE_OBJECT, REACH_PX)[12:].any()


@pytest.mark.parametrize("far_m", [10.0, np.inf])
def test_a_card_is_foreground_as_far_as_blur_reaches(far_m):
    depth, instance = picture(CARD, far_m=far_m)
    foreground = foreground_depth(depth, instance, REACH_PX)
    to_edge = 10 - np.maximum(abs(ROWS - 20), abs(COLUMNS - 30))
    np.testing.assert_array_equal(foreground > 0, CARD & (to_edge <= REACH_PX))


def test_foreground_ends_between_the_surfaces():
    depth, instance = picture(CARD)
    foreground = foreground_depth(depth, instance, REACH_PX)
    inside = foreground[foreground > 0]
    # The harmonic mean of 2 m and 10 m.
    np.testing.assert_allclose(inside, 10 / 3, rtol=1e-6)


def test_a_small_thing_before_the_sky_is_foreground():
    speck = (ROWS == 20) & (COLUMNS == 30)
    depth, instance = picture(speck, far_m=np.inf)
    foreground = foreground_depth(depth, instance, REACH_PX)
    np.testing.assert_array_equal(foreground, np.where(speck, 4.0, 0.0))


def test_without_a_margin_nothing_blurs():
    depth, instance = picture(CARD)
    assert not foreground_depth(depth, instance, 0).any()


def test_a_low_step_far_away_reaches_less_than_a_high_one():
    depth, instance = picture(CARD, near_m=20.0, far_m=25.0)
    depth[-8:] = 1.0  # something near, so that 20 m and 25 m blur nearly alike
    foreground = foreground_depth(depth, instance, REACH_PX) > 0
    assert not foreground[CARD].any()
    assert foreground[-8].all()


def test_the_edge_that_needs_the_least_lens_says_what_is_uncovered():
    depth, instance = picture(CARD)
    depth[:, 41:] = np.inf
    depth[CARD & (COLUMNS == 30)] = 2.5  # a groove, shallow but close by
    foreground = foreground_depth(depth, instance, REACH_PX)
    half_way_to_groove = 2 / (1 / 2.0 + 1 / 2.5)
    np.testing.assert_allclose(foreground[20, 29], half_way_to_groove, rtol=1e-6)
    np.testing.assert_allclose(foreground[20, 22], 10 / 3, rtol=1e-6)


def test_another_object_is_not_foreground_by_an_edge_that_is_not_its_own():
    depth, instance = picture(CARD)
    touching = (ROWS >= 30) & (ROWS < 34)  # the ground that the card stands on
    depth[ROWS >= 30], instance[ROWS >= 30] = 2.0, 7
    foreground = foreground_depth(depth, instance, 2)
    assert not foreground[touching & (abs(COLUMNS - 30) < 5)].any()
    assert foreground[CARD].any()


def test_the_picture_may_be_a_single_pixel():
    one = np.ones((1, 1), np.float32)
    assert foreground_depth(one, one.astype(np.uint32), 5).tolist() == [[0.0]]


def test_only_what_is_clearly_farther_is_behind():
    depth = np.array([2.0, 2.0, 2.0, np.inf, 2.0], np.float32)
    hidden = np.array([2.001, 3.0, np.inf, np.inf, np.nan], np.float32)
    np.testing.assert_array_equal(
        is_behind(depth, hidden), [False, True, True, False, False]
    )


def test_depth_is_peeled_in_the_foreground_only():
    foreground = np.where(CARD, 3.0, 0.0).astype(np.float32)
    limits = depth_limits(foreground)
    np.testing.assert_array_equal(limits.front, foreground)
    np.testing.assert_array_equal(limits.back > 0, CARD)


def test_colour_is_peeled_from_the_far_side_of_an_edge_too():
    depth, instance = picture(CARD)
    foreground = foreground_depth(depth, instance, 20)
    limits = colour_limits(depth, foreground, np.full(SIZE, 10.0, np.float32), CARD)
    beside = (20, 30 + 10)
    assert 2.0 < limits.front[beside] < 10.0
    assert 10 / 3 < limits.front[20, 30] < 10.0
    assert limits.front[20, 50] == 0
    assert limits.is_wanted[20, 39 + APRON_PX]
    assert not limits.is_wanted[20, 40 + APRON_PX]
