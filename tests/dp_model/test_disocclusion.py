"""What is guessed to be behind a blurred foreground."""

from __future__ import annotations

import numpy as np
import pytest

from dp_model.disocclusion import estimate_surface_behind, surfaces_behind
from dp_model.layers import Surface

BLUE = np.array([0.1, 0.5, 0.9])


def surface(coc: np.ndarray, colour=(0.0, 0.0, 0.0), coverage: float = 1.0) -> Surface:
    planes = np.broadcast_to(np.reshape(colour, (3, 1, 1)), (3, *coc.shape)).copy()
    return Surface(planes, coc, np.full(coc.shape, coverage))


def card_before_a_wall(height: int = 32, width: int = 48) -> Surface:
    coc = np.full((height, width), 2.0)
    coc[:, 20:] = -12.0
    first = surface(coc)
    first.planes[:, :, :20] = BLUE[:, None, None]
    return first


@pytest.mark.parametrize("size", [(32, 48), (31, 47), (5, 33)])
def test_a_blurred_foreground_continues_the_background_behind_it(size):
    guess = estimate_surface_behind(card_before_a_wall(*size))
    beside = (slice(None), slice(20, 26))
    np.testing.assert_array_equal(guess.coverage[beside], 1)
    np.testing.assert_allclose(guess.coc_radius_px[beside], 2.0)
    np.testing.assert_allclose(guess.planes[:, 4, 22], BLUE)
    assert not guess.coverage[:, :20].any()


def test_a_slope_has_nothing_behind_it():
    coc = np.linspace(2, -10, 200)[None, :].repeat(40, axis=0)
    assert not estimate_surface_behind(surface(coc)).coverage.any()


def test_a_sharp_foreground_needs_no_guess():
    coc = np.full((16, 16), 9.0)
    coc[:, 8:] = 0.0
    assert not estimate_surface_behind(surface(coc)).coverage.any()


def test_of_two_surfaces_beside_a_foreground_the_farther_goes_on_behind_it():
    first = card_before_a_wall()
    first.coc_radius_px[16:, :20] = -5.0  # a second card below the wall
    first.planes[:, 16:, :20] = 1.0
    guess = estimate_surface_behind(first)
    np.testing.assert_allclose(guess.coc_radius_px[15:18, 21], 2.0)
    np.testing.assert_allclose(guess.planes[:, 17, 21], BLUE, atol=1e-6)


def test_what_is_given_stands_where_it_is_known_and_a_guess_elsewhere():
    first = card_before_a_wall()
    given = surface(first.coc_radius_px.copy(), colour=(1.0, 0.0, 0.0), coverage=0.0)
    given.coverage[:16, 20:] = 1.0
    given.coc_radius_px[:16, 20:] = 0.0
    second, *_ = surfaces_behind(first, given)
    np.testing.assert_array_equal(second.planes[:, 4, 22], [1, 0, 0])
    np.testing.assert_array_equal(second.coc_radius_px[:16, 20:], 0.0)
    np.testing.assert_array_equal(second.coc_radius_px[20:, 20:24], 2.0)
    np.testing.assert_allclose(second.planes[:, 30, 22], BLUE)


def test_a_third_surface_is_guessed_behind_a_given_one():
    # A card before a second card, both blurred, and a wall beside both.
    first = card_before_a_wall()
    given = surface(first.coc_radius_px.copy(), coverage=0.0)
    given.coverage[:, 20:] = 1.0
    given.coc_radius_px[:, 20:] = -6.0
    second, third = surfaces_behind(first, given)
    np.testing.assert_array_equal(second.coc_radius_px[:, 20:], -6.0)
    np.testing.assert_array_equal(third.coverage[:, 20:23], 1)
    np.testing.assert_allclose(third.coc_radius_px[:, 20:23], 2.0)
    assert not third.coverage[:, :20].any()


def test_where_nothing_can_be_behind_there_is_no_second_surface():
    flat = surface(np.full((9, 9), 5.0))
    assert surfaces_behind(flat, None) == []
    assert surfaces_behind(card_before_a_wall(), None) != []
