"""Transmissions of the pupil against the kernels that are drawn another way."""

from __future__ import annotations

import numpy as np
import pytest

from dp_model.psf import PAPER_BANK, ButterworthPsf, RampDiskPsf
from dp_model.pupil import (
    PROFILE_RINGS,
    PupilPsf,
    RadialTransmission,
    left_transmission,
    light_by_ring,
    pupil_reach,
    radial_profile,
    rasterised_pupil,
)
from tests.oracles import pupil_tracer

SHARP = ButterworthPsf(3, 0.8, 0.2, 0.0)
SHAPES = [PAPER_BANK[0], PAPER_BANK[21], PAPER_BANK[47], SHARP, RampDiskPsf()]
RADII_PX = [0.7, 2.3, -7.0, 20.0]

# Share of the light that lands in another pixel. The kernels' own drawing, 320 cells
# across, is the coarser of the two.
MISPLACED_LIGHT = 1e-3
CENTROID_TOLERANCE = 3e-4  # CoC radii
INTEGRAL_TOLERANCE = 2e-4  # of a hard rim on a grid of 1201 points across


def unit_grid(psf: PupilPsf, across: int = 1201) -> tuple[np.ndarray, float]:
    reach = pupil_reach(psf)
    step = 2 * reach / across
    return (np.arange(across) + 0.5) * step - reach, step**2


@pytest.mark.parametrize("psf", SHAPES, ids=str)
@pytest.mark.parametrize("radius_px", RADII_PX)
def test_the_pupil_over_pixels_is_the_kernel(psf: PupilPsf, radius_px: float) -> None:
    for ours, kernel in zip(
        rasterised_pupil(psf, radius_px), psf.kernels(radius_px), strict=True
    ):
        assert ours.shape == kernel.shape
        assert np.abs(ours - kernel).sum() < MISPLACED_LIGHT


@pytest.mark.parametrize("psf", SHAPES, ids=str)
def test_the_view_has_full_exposure(psf: PupilPsf) -> None:
    x, cell = unit_grid(psf)
    light = left_transmission(psf, x[None, :], x[:, None])
    assert light.min() >= 0
    assert light.sum() * cell == pytest.approx(1, abs=INTEGRAL_TOLERANCE)


@pytest.mark.parametrize("psf", SHAPES[:4], ids=str)
def test_left_and_right_add_up_to_twice_the_radial_profile(psf: ButterworthPsf) -> None:
    x, _ = unit_grid(psf, across=101)
    left = left_transmission(psf, x[None, :], x[:, None])
    profile = radial_profile(psf)
    rho = np.hypot(x[None, :], x[:, None])
    ring = np.interp(rho, profile.radii, profile.values, right=0.0)
    combined = (left + left[:, ::-1]) / 2
    np.testing.assert_allclose(combined, ring / ring.max() * combined.max(), atol=1e-12)


def test_left_and_right_of_the_ramp_disk_add_up_to_its_chords() -> None:
    x, _ = unit_grid(RampDiskPsf(), across=101)
    left = left_transmission(RampDiskPsf(), x[None, :], x[:, None])
    is_open = np.hypot(x[None, :], x[:, None]) <= 1
    chord = 2 * np.sqrt(np.clip(1 - x[:, None] ** 2, 0, None)) * is_open
    total = left + left[:, ::-1]
    np.testing.assert_allclose(total, chord * total.max() / chord.max(), atol=1e-12)


def test_the_ramp_disks_centroid_is_that_of_the_paper() -> None:
    # 3 pi / 32 of the radius: Punnappurath et al. (2020), by integration.
    x, cell = unit_grid(RampDiskPsf())
    light = left_transmission(RampDiskPsf(), x[None, :], x[:, None])
    centroid = (light * x).sum() * cell
    assert centroid == pytest.approx(-3 * np.pi / 32, abs=CENTROID_TOLERANCE)


@pytest.mark.parametrize("psf", SHAPES, ids=str)
def test_centroids_are_those_of_the_kernels(psf: PupilPsf) -> None:
    x, cell = unit_grid(psf)
    light = left_transmission(psf, x[None, :], x[:, None])
    kernel, _ = psf.kernels(30.0)
    columns = np.arange(kernel.shape[1]) - kernel.shape[1] // 2
    expected = (kernel.sum(axis=0) * columns).sum() / 30.0
    assert (light * x).sum() * cell == pytest.approx(expected, abs=CENTROID_TOLERANCE)


def test_the_unsmoothed_ring_is_the_oracles() -> None:
    x, _ = unit_grid(SHARP, across=101)
    light = left_transmission(SHARP, x[None, :], x[:, None])
    inside = np.hypot(x[None, :], x[:, None]) < 0.99
    ring = pupil_tracer.ring(x[None, :], x[:, None], 3, 0.8, 0.2)
    expected = ring * pupil_tracer.left_ramp(x[None, :])
    scale = (light[inside] / expected[inside]).mean()
    # Straight lines between 256 radii.
    np.testing.assert_allclose(light[inside], scale * expected[inside], rtol=1e-3)


@pytest.mark.parametrize("psf", SHAPES[:4], ids=str)
def test_the_table_of_rings_holds_the_light_inside_each(psf: ButterworthPsf) -> None:
    light = light_by_ring(psf)
    assert light.shape == (PROFILE_RINGS + 1,)
    assert (light[0], light[-1]) == (0, 1)
    assert (np.diff(light) >= 0).all()
    x, cell = unit_grid(psf)
    density = left_transmission(psf, x[None, :], x[:, None])
    half = pupil_reach(psf) / 2
    inside = np.hypot(x[None, :], x[:, None]) <= half
    assert light[PROFILE_RINGS // 2] == pytest.approx(
        (density * inside).sum() * cell, abs=INTEGRAL_TOLERANCE
    )


def test_a_table_of_an_even_disc_is_a_ramp_on_a_disc() -> None:
    disc = RadialTransmission((0.0, 1.0), (3.0, 3.0))
    # beta = 1 is the even disc of the Butterworth family.
    expected = ButterworthPsf(1, 1.0, 1.0, 0.0).kernels(9.5)
    for ours, kernel in zip(disc.kernels(9.5), expected, strict=True):
        assert np.abs(ours - kernel).sum() < MISPLACED_LIGHT


def test_a_table_mirrors_its_views_with_the_sign_and_is_an_impulse_in_focus() -> None:
    ring = RadialTransmission((0.0, 0.5, 1.2), (0.1, 1.0, 0.0))
    left, right = ring.kernels(4.0)
    assert left.sum() == pytest.approx(1)
    assert ring.support_px(4.0) == left.shape[0] // 2
    np.testing.assert_array_equal(ring.kernels(-4.0)[0], right)
    np.testing.assert_array_equal(ring.kernels(0.0)[0], [[1.0]])


@pytest.mark.parametrize(
    ("radii", "values", "message"),
    [
        ((0.0,), (1.0,), "two or more"),
        ((0.0, 1.0), (1.0,), "as many"),
        ((0.1, 1.0), (1.0, 1.0), "rise from 0"),
        ((0.0, 1.0, 1.0), (1.0, 1.0, 1.0), "rise from 0"),
        ((0.0, float("inf")), (1.0, 1.0), "rise from 0"),
        ((0.0, 1.0), (1.0, -1.0), "finite, >= 0"),
        ((0.0, 1.0), (0.0, 0.0), "not all 0"),
        ((0.0, 1.0), (float("nan"), 1.0), "finite, >= 0"),
    ],
)
def test_impossible_tables_are_refused(
    radii: tuple[float, ...], values: tuple[float, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        RadialTransmission(radii, values)


def test_an_endless_radius_is_refused() -> None:
    with pytest.raises(ValueError, match="coc_radius_px must be finite"):
        RadialTransmission((0.0, 1.0), (1.0, 1.0)).kernels(float("inf"))
