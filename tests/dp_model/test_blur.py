"""The one convolution, by each of its backends."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dp_model import blur
from dp_model.blur import PsfBank, convolve, quadrants
from dp_model.psf import PAPER_BANK, ButterworthPsf, RampDiskPsf
from dp_model.tiles import Region, extended
from tests.oracles.slow_convolution import convolved, pixel_at

DOUBLE = 1e-12  # FFTs of pictures of order 1 in double precision
SINGLE = 2e-6  # the same sums kept in float32

BACKENDS = ("opencv", "scipy", "numpy", "torch")
BORDERS = ("symmetric", "reflect")


@pytest.fixture(params=BACKENDS)
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    """`convolve`, forced through one backend, NumPy in and NumPy out."""
    backend = request.param
    if backend == "opencv":
        monkeypatch.setattr(blur, "_DIRECT_SIZE", 1000)
    elif backend in ("scipy", "numpy"):
        monkeypatch.setattr(blur, "cv2", None)
    if backend == "numpy":
        monkeypatch.setattr(blur, "scipy_fft", None)

    def call(planes: np.ndarray, kernels: np.ndarray, target: Region) -> np.ndarray:
        if backend == "torch":
            return convolve(torch.asarray(planes.copy()), kernels, target).numpy()
        return convolve(planes, kernels, target)

    return call


def random_kernels(rng: np.random.Generator, size: int, count: int = 2) -> np.ndarray:
    kernels = rng.random((count, size, size))
    return kernels / kernels.sum((1, 2), keepdims=True)


def whole(planes: np.ndarray) -> Region:
    return Region(0, planes.shape[-2], 0, planes.shape[-1])


def summed(planes: np.ndarray, kernel: np.ndarray, target: Region) -> np.ndarray:
    """The sum that defines the convolution, on a rectangle that may leave planes."""
    margin = 1 + max(-target.top, -target.left, *target.size, kernel.shape[0])
    padded = np.pad(planes, ((0, 0), (margin, margin), (margin, margin)))
    everywhere = convolved(padded.transpose(1, 2, 0), kernel, border="zero")
    moved = target.relative_to(Region(-margin, 0, -margin, 0))
    return everywhere.transpose(2, 0, 1)[(..., *moved.slices)]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("shape", "size", "target"),
    [
        ((3, 6, 9), 5, Region(0, 6, 0, 9)),
        ((1, 7, 5), 3, Region(2, 6, 1, 5)),  # inside: all that is needed is there
        ((2, 3, 4), 9, Region(0, 3, 0, 4)),  # a kernel larger than the planes
        ((1, 1, 6), 7, Region(0, 1, 0, 6)),
        ((2, 5, 6), 3, Region(-1, 3, 4, 8)),  # leaves the planes on two sides
        ((1, 4, 4), 5, Region(-2, 6, -2, 6)),  # on all sides
        ((1, 4, 4), 1, Region(0, 4, 1, 4)),
    ],
)
def test_convolution_is_the_sum_that_defines_it(run, shape, size, target, dtype, rng):
    planes = rng.random(shape).astype(dtype)
    kernels = random_kernels(rng, size)
    views = run(planes, kernels, target)
    assert views.shape == (2, shape[0], *target.size)
    assert views.dtype == dtype
    for view, kernel in zip(views, kernels, strict=True):
        np.testing.assert_allclose(
            view,
            summed(planes, kernel, target),
            atol=DOUBLE if dtype == np.float64 else SINGLE,
        )


def test_a_point_becomes_the_kernel_not_its_mirror_image(run):
    point = np.zeros((1, 9, 9))
    point[0, 4, 4] = 1
    kernel = np.zeros((1, 5, 5))
    kernel[0, 0, 1] = 0.75  # up and to the left
    kernel[0, 3, 4] = 0.25
    views = run(point, kernel, whole(point))
    np.testing.assert_allclose(views[0, 0, 2:7, 2:7], kernel[0], atol=DOUBLE)


def test_a_target_is_a_crop_of_the_whole(run, rng):
    planes = rng.random((2, 14, 11))
    kernels = random_kernels(rng, 5)
    everything = run(planes, kernels, Region(-2, 16, -2, 13))
    part = run(planes, kernels, Region(3, 15, -1, 6))
    np.testing.assert_allclose(part, everything[..., 5:17, 1:8], atol=DOUBLE)


def test_a_unit_impulse_gives_the_picture_back(run, rng):
    planes = rng.random((3, 5, 4))
    views = run(planes, np.ones((1, 1, 1)), whole(planes))
    np.testing.assert_array_equal(views[0], planes)


def test_inputs_are_left_alone(run, rng):
    planes = rng.random((1, 8, 8))
    planes.flags.writeable = False
    kernels = random_kernels(rng, 3)
    before = planes.copy(), kernels.copy()
    run(planes, kernels, whole(planes))
    np.testing.assert_array_equal(planes, before[0])
    np.testing.assert_array_equal(kernels, before[1])


def test_transposed_and_reversed_planes_are_read_as_they_are(run, rng):
    planes = rng.random((3, 6, 8)).transpose(0, 2, 1)[:, ::-1]
    kernels = random_kernels(rng, 3, count=1)
    target = whole(planes)
    expected = summed(planes, kernels[0], target)
    np.testing.assert_allclose(run(planes, kernels, target)[0], expected, atol=DOUBLE)


@pytest.mark.parametrize("size", [3, 9, 11, 13, 25])
def test_a_bright_light_leaves_no_noise_in_float32_shadows(size: int, rng):
    # A lamp of 1e5 beside shadows of 1e-3, out of the kernel's reach.
    planes = np.full((1, 60, 60), 1e-3, dtype=np.float32)
    planes[0, 5, 5] = 1e5
    views = convolve(planes, random_kernels(rng, size, 1), Region(35, 48, 35, 48))
    np.testing.assert_allclose(views, 1e-3, rtol=1e-5)


pictures = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=3, max_dims=3, max_side=12),
    elements=st.floats(0, 10),
)


@given(pictures, st.integers(0, 2**32 - 1), st.floats(-3, 3))
def test_blur_is_linear(planes: np.ndarray, seed: int, factor: float):
    kernels = random_kernels(np.random.default_rng(seed), 11)
    target, other = whole(planes), np.flip(planes, axis=1)
    together = convolve(planes + factor * other, kernels, target)
    one, two = convolve(planes, kernels, target), convolve(other, kernels, target)
    np.testing.assert_allclose(together, one + factor * two, atol=1e-10)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("size", [(1, 1), (1, 5), (4, 3), (6, 7)])
@pytest.mark.parametrize("library", [np, torch])
def test_planes_go_on_as_their_mirror_image(library, size, border, rng):
    planes = rng.random((2, *size))
    region = Region(-9, size[0] + 11, 1, size[1] + 8)
    given_planes = planes if library is np else torch.asarray(planes.copy())
    result = np.asarray(extended(given_planes, region, border))
    expected = [
        [
            pixel_at(planes.transpose(1, 2, 0), row, column, border)
            for column in range(region.left, region.right)
        ]
        for row in range(region.top, region.bottom)
    ]
    np.testing.assert_array_equal(result, np.array(expected).transpose(2, 0, 1))


@given(pictures, st.integers(0, 6), st.sampled_from(BORDERS))
def test_a_mirrored_constant_picture_is_unchanged(planes, half, border):
    kernels = random_kernels(np.random.default_rng(half), 2 * half + 1)
    target = whole(planes)
    source = extended(np.full_like(planes, 0.3), target.grown(half), border)
    views = convolve(source, kernels, target.relative_to(target.grown(half)))
    np.testing.assert_allclose(views, 0.3, atol=DOUBLE)


@given(pictures, st.integers(1, 8))
def test_mirrored_borders_keep_all_light_for_a_symmetric_kernel(planes, half):
    kernels = np.ones((1, 2 * half + 1, 2 * half + 1)) / (2 * half + 1) ** 2
    target = whole(planes)
    source = target.grown(half)
    views = convolve(extended(planes, source), kernels, target.relative_to(source))
    np.testing.assert_allclose(views.sum((0, 2, 3)), planes.sum((1, 2)), atol=1e-8)


PSFS = [PAPER_BANK[9], ButterworthPsf(3, 0.8, 0.2, 0.0), RampDiskPsf()]
radii = st.floats(-40, 40)


@given(st.sampled_from(PSFS), radii)
def test_the_quarters_of_a_kernel_add_up_to_it(psf, radius):
    kernels = np.stack(psf.kernels(radius))
    parts = quadrants(kernels, radius)
    assert (parts >= 0).all()
    np.testing.assert_allclose(parts.reshape(2, 4, *kernels.shape[1:]).sum(1), kernels)


def test_quarters_of_the_pupil_change_places_with_the_sign_of_the_radius(rng):
    kernels = rng.random((2, 7, 7))
    behind = quadrants(kernels, 2.0).reshape(2, 4, 7, 7)
    in_front = quadrants(kernels, -2.0).reshape(2, 4, 7, 7)
    np.testing.assert_array_equal(in_front, behind[:, ::-1])
    # Upright behind focus: the first quarter is up and to the left.
    assert behind[0, 0, 0, 0] == kernels[0, 0, 0]
    assert behind[0, 0, 6].max() == behind[0, 0, :, 6].max() == 0


@pytest.mark.parametrize("radius", [-11.3, -0.8, 0.0, 2.5, 20.0])
def test_a_bank_blurs_as_its_psf_says_every_time(radius, rng):
    bank, psf = PsfBank(PAPER_BANK[9]), PAPER_BANK[9]
    planes, target = rng.random((3, 40, 50)), Region(-4, 38, 3, 50)
    expected = convolve(planes, np.stack(psf.kernels(radius)), target)
    for _ in range(2):  # the second time with the kept spectra
        np.testing.assert_allclose(
            bank.blurred(planes, radius, target), expected, atol=DOUBLE
        )


@pytest.mark.parametrize("psf", PSFS)
def test_views_are_made_of_what_the_quarters_of_the_pupil_see(psf, rng):
    bank, target = PsfBank(psf), Region(0, 30, 0, 30)
    planes = rng.random((1, 30, 30))
    whole_pupil = bank.blurred(planes, 12.0, target)
    quarters = bank.blurred(planes, 12.0, target, by_quadrant=True)
    weights = bank.quadrant_weights(12.0)
    np.testing.assert_allclose(weights.sum(1), 1)
    # Left sees more through the left half of the pupil, and up and down alike.
    assert weights[0, 0] > weights[0, 1]
    assert weights[0, 0] == pytest.approx(weights[0, 2])
    parts = quarters.reshape(2, 4, *whole_pupil.shape[1:])
    together = (parts * weights[:, :, None, None, None]).sum(1)
    np.testing.assert_allclose(together, whole_pupil, atol=DOUBLE)
