"""The measures of the fidelity suite on pictures whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, shift

from benchmarks.fidelity_suite.cases import CASES
from benchmarks.fidelity_suite.measures import (
    centroid_separation_px,
    decibels,
    disparity_px,
    edge_band,
    ssim,
)


@pytest.mark.parametrize("moved_px", [-6.3, 0.0, 2.25])
def test_disparity_is_the_column_in_left_minus_that_in_right(
    rng: np.random.Generator, moved_px: float
) -> None:
    scene = gaussian_filter(rng.random((41, 121)), 3.0)
    views = tuple(shift(scene, (0, side * moved_px / 2)) for side in (1, -1))
    found = disparity_px((views[0], views[1]), expected_px=moved_px + 0.7)
    assert found == pytest.approx(moved_px, abs=1e-3)


def test_a_flat_patch_has_no_disparity_to_measure() -> None:
    flat = np.full((41, 121), 0.5)
    assert disparity_px((flat, flat), 0.0) is None


def test_the_centroids_of_shifted_impulses_are_as_far_apart_as_they() -> None:
    left, right = np.zeros((2, 7, 7))
    left[3, 1] = right[2, 6] = 1.0
    assert centroid_separation_px((left, right)) == -5.0


def test_the_band_reaches_one_blur_radius_from_a_silhouette() -> None:
    coc = np.zeros((40, 60))
    coc[:, 30:] = -7.0
    band = edge_band(coc)
    assert np.flatnonzero(band[20]).tolist() == list(range(29 - 7, 30 + 7 + 1))


def test_a_slope_is_no_silhouette() -> None:
    coc = np.add.outer(np.linspace(-30, 30, 40), np.zeros(20))
    assert not edge_band(coc).any()


def test_equal_pictures_are_alike_and_others_less(rng: np.random.Generator) -> None:
    picture = rng.random((32, 32, 3))
    assert ssim(picture, picture) == pytest.approx(1.0)
    assert ssim(picture[::-1], picture) < 0.5


def test_a_tenth_of_the_scale_is_twenty_decibels() -> None:
    assert decibels(0.1) == pytest.approx(20.0)


def test_the_lens_of_a_case_is_its_camera() -> None:
    for case in CASES:
        assert case.camera.coc_radius_px(np.inf) == pytest.approx(case.sky_coc_px)
        assert case.lens.sky_coc_radius_px == pytest.approx(case.sky_coc_px)
        assert case.lens.focus_distance_m == case.camera.focus_distance_m


def test_the_suite_has_what_it_should() -> None:
    emission = [case for case in CASES if case.kind == "emission"]
    assert len(emission) >= 8
    assert len([case for case in CASES if case.kind == "lit"]) == 2
    assert len({case.psf for case in emission}) == 3
    assert len({case.name for case in CASES}) == len(CASES)
