"""Eq. 2-4 and Punnappurath et al.'s kernel."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dp_model.psf import PAPER_BANK, ButterworthPsf, DualPixelPsf, RampDiskPsf
from dp_model.released import RELEASED_BANK
from tests.oracles import pupil_tracer

UNIT_SUM = 1e-12
SAMPLES = 400_000
# Five standard deviations of a bin that holds a share p of N samples, and the
# Gaussian's tail that the product cuts at three sigma.
MONTE_CARLO_SIGMAS = 5

radii_px = st.floats(-30.0, 30.0)
butterworths = st.builds(
    ButterworthPsf,
    st.integers(1, 9),
    st.floats(0.2, 1.3),
    st.floats(0.01, 1.0),
    st.sampled_from([0.0, 0.05, 0.14, 0.3]),
)
psfs = st.one_of(butterworths, st.just(RampDiskPsf()), st.sampled_from(RELEASED_BANK))


def centroid_px(kernel: np.ndarray) -> tuple[float, float]:
    half = kernel.shape[0] // 2
    index = np.arange(-half, half + 1)
    return float(kernel.sum(1) @ index), float(kernel.sum(0) @ index)


@given(psfs, radii_px)
def test_kernels_are_odd_non_negative_and_sum_to_one(psf: DualPixelPsf, radius: float):
    support = psf.support_px(radius)
    for kernel in psf.kernels(radius):
        assert kernel.shape == (2 * support + 1, 2 * support + 1)
        assert kernel.dtype == np.float64
        assert kernel.min() >= 0
        assert kernel.sum() == pytest.approx(1, abs=UNIT_SUM)


@given(psfs, radii_px)
def test_right_mirrors_left(psf: DualPixelPsf, radius: float):
    left, right = psf.kernels(radius)
    np.testing.assert_array_equal(right, left[:, ::-1])


@given(psfs, st.floats(0.6, 30.0))
def test_flipping_the_sign_swaps_the_views(psf: DualPixelPsf, radius: float):
    behind_left, behind_right = psf.kernels(radius)
    front_left, front_right = psf.kernels(-radius)
    np.testing.assert_array_equal(front_left, behind_right)
    np.testing.assert_array_equal(front_right, behind_left)


@given(psfs, st.floats(1.0, 30.0))
def test_behind_focus_the_left_view_moves_left(psf: DualPixelPsf, radius: float):
    left, right = psf.kernels(radius)
    assert centroid_px(left)[1] < 0 < centroid_px(right)[1]
    assert centroid_px(left)[0] == pytest.approx(0, abs=1e-9)


@given(butterworths, radii_px)
def test_left_and_right_average_to_a_round_kernel(psf: ButterworthPsf, radius: float):
    left, right = psf.kernels(radius)
    combined = (left + right) / 2
    np.testing.assert_allclose(combined, combined.T, atol=1e-12)
    np.testing.assert_allclose(combined, combined[::-1], atol=1e-12)


@pytest.mark.parametrize("psf", [PAPER_BANK[0], RampDiskPsf()])
def test_zero_radius_is_a_unit_impulse(psf: DualPixelPsf):
    for radius in (0.0, -0.0, 1e-300):
        for kernel in psf.kernels(radius):
            np.testing.assert_array_equal(kernel, [[1.0]])


def test_a_blur_within_one_pixel_is_an_impulse():
    # A disc of radius 1/2 touches its pixel's borders from inside.
    left, _ = RampDiskPsf().kernels(0.5)
    np.testing.assert_array_equal(left, [[1.0]])


@given(st.floats(0.05, 20.0), st.sampled_from([1e-3, 1e-5]))
def test_kernels_are_continuous_in_the_radius(radius: float, change: float):
    psf = ButterworthPsf(3, 0.8, 0.2, 0.0)  # the sharpest rim of all
    small, _ = psf.kernels(radius)
    large, _ = psf.kernels(radius + change)
    pad = (large.shape[0] - small.shape[0]) // 2
    moved = np.abs(large - np.pad(small, pad)).sum()
    # Light moves by at most `change` px; a pixel's border is crossed by at most the
    # light within that distance of it, on four sides and for rim and ring.
    assert moved < 20 * change / radius + 1e-12


def test_ramp_disk_centroid_by_hand():
    # Over the unit disc, with c = sqrt(1 - y^2): the ramp c - x has the sum
    # int 2 c^2 dy = 8/3 and the moment -int 2 c^3/3 dy = -pi/4: mean x = -3 pi/32.
    radius = 20.0
    left, _ = RampDiskPsf().kernels(radius)
    assert centroid_px(left)[1] == pytest.approx(-3 * math.pi / 32 * radius, rel=1e-4)


def test_flat_disc_under_the_ramp_has_its_centroid_a_quarter_radius_out():
    # beta = 1 is a flat disc: mean of x (1 - x) is -<x^2> = -1/4.
    left, _ = ButterworthPsf(3, 0.8, 1.0, 0.0).kernels(20.0)
    assert centroid_px(left)[1] == pytest.approx(-20 / 4, rel=1e-4)


def test_flat_disc_covers_its_area():
    radius = 7.3
    left, right = ButterworthPsf(3, 0.8, 1.0, 0.0).kernels(radius)
    combined = (left + right) / 2
    # The middle pixel is fully covered: its share is one over the disc's area.
    assert combined[7, 7] == pytest.approx(1 / (math.pi * radius**2), rel=2e-3)


def test_the_centre_of_the_ring_has_the_fraction_beta_of_the_rim():
    # Order 9 with alpha 0.4: flat at 1 from radius 0.6 on, at beta below 0.2.
    left, right = ButterworthPsf(9, 0.4, 0.3, 0.0).kernels(40.0)
    combined = left + right
    assert combined[40, 40] / combined[40, 40 + 36] == pytest.approx(0.3, rel=1e-3)


def test_alpha_is_the_radius_of_half_value():
    # b(alpha) = 1/2, and b(1) = 1/(1 + alpha^2n) is 1 to 1e-4 here.
    beta = 0.2
    left, right = ButterworthPsf(9, 0.6, beta, 0.0).kernels(60.0)
    combined = left + right
    middle = (1 + beta) / 2
    assert combined[60, 60 + 36] / combined[60, 60 + 55] == pytest.approx(
        middle, abs=0.02
    )


def test_the_ramp_is_linear_from_rim_to_rim():
    left, right = ButterworthPsf(3, 0.8, 0.2, 0.0).kernels(20.0)
    share = left[20, 1:40] / (left[20, 1:40] + right[20, 1:40])
    expected = 0.5 - np.arange(-19, 20) / 40
    np.testing.assert_allclose(share, expected, atol=5e-3)


def test_kappa_is_the_standard_deviation_over_the_radius():
    # Variances add under convolution; the cut at 3 sigma keeps 97.3 % of kappa^2 r^2.
    def column_variance(psf: ButterworthPsf) -> float:
        left, right = psf.kernels(20.0)
        half = left.shape[0] // 2
        return float(((left + right) / 2).sum(0) @ np.arange(-half, half + 1) ** 2)

    added = column_variance(ButterworthPsf(3, 0.8, 0.2, 0.2)) - column_variance(
        ButterworthPsf(3, 0.8, 0.2, 0.0)
    )
    assert added == pytest.approx(0.973 * (0.2 * 20) ** 2, rel=5e-3)


@pytest.mark.parametrize("radius", [0.8, 3.3, -6.7])
@pytest.mark.parametrize("kappa", [0.0, 0.14])
def test_butterworth_matches_rays_traced_through_the_pupil(
    radius: float, kappa: float, rng: np.random.Generator
):
    order, alpha, beta = 3, 0.8, 0.2
    psf = ButterworthPsf(order, alpha, beta, kappa)
    half = psf.support_px(radius)
    x, y = pupil_tracer.random_pupil(rng, SAMPLES)
    weights = pupil_tracer.ring(x, y, order, alpha, beta)
    x = x + kappa * rng.standard_normal(SAMPLES)
    y = y + kappa * rng.standard_normal(SAMPLES)
    traced = pupil_tracer.histogram(
        radius * y, radius * x, weights * pupil_tracer.left_ramp(x), half
    )
    left, _ = psf.kernels(radius)
    noise = np.sqrt(np.maximum(left, 1e-6) / SAMPLES)
    tail = 0.003 * left.max() if kappa else 0.0
    assert np.all(np.abs(traced - left) < MONTE_CARLO_SIGMAS * noise * 1.5 + tail)


@pytest.mark.parametrize("depth_m", [1.5, 4.0])
def test_the_left_kernel_is_the_light_through_the_left_of_a_real_lens(
    depth_m: float, camera, rng: np.random.Generator
):
    # Signs end to end: a 3-D ray trace of a lens, from either side of the focus.
    lens = pupil_tracer.Lens(0.05, 2.0, 2.0, camera.pixel_pitch_m)
    x, y = pupil_tracer.random_pupil(rng, SAMPLES)
    weights = pupil_tracer.ring(x, y, 3, 0.8, 0.2) * pupil_tracer.left_ramp(x)
    psf = ButterworthPsf(3, 0.8, 0.2, 0.0)
    radius = camera.coc_radius_px(depth_m)
    traced = pupil_tracer.histogram(
        pupil_tracer.landing_px(lens, depth_m, y * lens.pupil_radius_m),
        pupil_tracer.landing_px(lens, depth_m, x * lens.pupil_radius_m),
        weights,
        psf.support_px(radius),
    )
    left, _ = psf.kernels(radius)
    noise = np.sqrt(np.maximum(left, 1e-6) / SAMPLES)
    assert np.all(np.abs(traced - left) < MONTE_CARLO_SIGMAS * noise * 1.5)


def test_the_bank_is_the_papers_grid():
    assert len(set(PAPER_BANK)) == 48
    assert {psf.order for psf in PAPER_BANK} == {3, 6, 9}
    assert {psf.alpha for psf in PAPER_BANK} == {0.4, 0.6, 0.8, 1.0}
    assert {psf.beta for psf in PAPER_BANK} == {0.1, 0.2, 0.3, 0.4}
    assert {psf.kappa for psf in PAPER_BANK} == {0.14}


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ((0, 0.8, 0.1, 0.14), "order"),
        ((3, 0.0, 0.1, 0.14), "alpha"),
        ((3, math.nan, 0.1, 0.14), "alpha"),
        ((3, 0.8, 0.0, 0.14), "beta"),
        ((3, 0.8, 1.1, 0.14), "beta"),
        ((3, 0.8, 0.1, -0.1), "kappa"),
        ((3, 0.8, 0.1, 1.0), "kappa"),
    ],
)
def test_parameters_outside_their_range_are_refused(values: tuple, name: str):
    with pytest.raises(ValueError, match=f"{name} must be"):
        ButterworthPsf(*values)


@pytest.mark.parametrize("psf", [PAPER_BANK[0], RampDiskPsf(), RELEASED_BANK[0]])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_radius_must_be_finite(psf: DualPixelPsf, bad: float):
    with pytest.raises(ValueError, match="coc_radius_px must be finite"):
        psf.kernels(bad)


@pytest.mark.parametrize("kappa", [0.0, 0.14, 0.9])
@pytest.mark.parametrize("alpha", [1e-8, 0.4, 1.0, 5.0, 1e100])
def test_a_butterworth_filter_is_refused_where_it_would_overflow(alpha, kappa):
    def kernel_of(order):
        with np.errstate(over="raise", invalid="raise"):
            return ButterworthPsf(order, alpha, 0.2, kappa).kernels(3.0)[0]

    # The highest order that is taken, by bisection.
    taken, refused = 1, 10**6
    while refused - taken > 1:
        order = (taken + refused) // 2
        try:
            ButterworthPsf(order, alpha, 0.2, kappa)
            taken = order
        except ValueError:
            refused = order
    with pytest.raises(ValueError, match="overflow"):
        ButterworthPsf(refused, alpha, 0.2, kappa)
    assert kernel_of(taken).sum() == pytest.approx(1)
    # No more is refused than overflows: (rho/alpha)^2n or alpha^2n beyond 1e308/e.
    growth = max(alpha, math.sqrt(2) * (1 + 3 * kappa) / alpha)
    assert (taken + 1) * 2 * math.log10(growth) > 307


def test_an_alpha_that_overflows_at_any_order_is_refused():
    for alpha in (1e-300, 1e200):
        with pytest.raises(ValueError, match=r"alpha .* overflow"):
            ButterworthPsf(1, alpha, 0.2, 0.1)


def test_a_gaussian_narrower_than_a_cell_is_none():
    plain, narrow = (
        ButterworthPsf(3, 0.8, 0.2, kappa).kernels(4.0)[0] for kappa in (0.0, 1e-300)
    )
    assert (plain == narrow).all()
