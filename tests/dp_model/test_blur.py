"""The one convolution, by each of its backends."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dp_model import blur
from dp_model.blur import Region, convolve
from tests.oracles.slow_convolution import convolved

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

    def call(image: np.ndarray, kernels: list[np.ndarray], **options):
        if backend == "torch":
            views = convolve(torch.asarray(image.copy()), kernels, **options)
            return [view.numpy() for view in views]
        return convolve(image, kernels, **options)

    return call


def random_kernel(rng: np.random.Generator, size: int) -> np.ndarray:
    kernel = rng.random((size, size))
    return kernel / kernel.sum()


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(
    ("shape", "size"),
    [((6, 9, 3), 5), ((7, 5, 1), 3), ((3, 4, 2), 9), ((1, 1, 3), 5), ((1, 6, 1), 7)],
)
def test_convolution_is_the_sum_that_defines_it(run, border, shape, size, rng):
    image = rng.random(shape)
    kernels = [random_kernel(rng, size), random_kernel(rng, size)]
    for view, kernel in zip(run(image, kernels, border=border), kernels, strict=True):
        expected = convolved(image, kernel, repeat_border=border == "symmetric")
        np.testing.assert_allclose(view, expected, atol=DOUBLE)


def test_single_precision_stays_single(run, rng):
    image = rng.random((12, 10, 3)).astype(np.float32)
    kernel = random_kernel(rng, 5)
    (view,) = run(image, [kernel])
    assert view.dtype == np.float32
    np.testing.assert_allclose(view, convolved(image, kernel), atol=SINGLE)


def test_a_point_becomes_the_kernel_not_its_mirror_image(run):
    point = np.zeros((9, 9, 1))
    point[4, 4] = 1
    kernel = np.zeros((5, 5))
    kernel[0, 1] = 0.75  # up and to the left
    kernel[3, 4] = 0.25
    (view,) = run(point, [kernel])
    np.testing.assert_allclose(view[2:7, 2:7, 0], kernel, atol=DOUBLE)


def test_a_region_is_a_crop_of_the_whole(run, rng):
    image = rng.random((14, 11, 2))
    kernel = random_kernel(rng, 5)
    region = Region(3, 14, 0, 6)
    (whole,) = run(image, [kernel])
    (part,) = run(image, [kernel], region=region)
    np.testing.assert_allclose(part, whole[3:14, 0:6], atol=DOUBLE)


def test_a_unit_impulse_gives_the_picture_back(run, rng):
    image = rng.random((5, 4, 3))
    (view,) = run(image, [np.ones((1, 1))])
    np.testing.assert_array_equal(view, image)


def test_inputs_are_left_alone(run, rng):
    image = rng.random((8, 8, 1))
    image.flags.writeable = False
    kernel = random_kernel(rng, 3)
    before = kernel.copy()
    run(image, [kernel])
    np.testing.assert_array_equal(kernel, before)


def test_transposed_and_reversed_pictures_are_read_as_they_are(run, rng):
    image = rng.random((6, 8, 3)).transpose(1, 0, 2)[::-1]
    kernel = random_kernel(rng, 3)
    (view,) = run(image, [kernel])
    np.testing.assert_allclose(view, convolved(image, kernel), atol=DOUBLE)


@pytest.mark.parametrize("size", [3, 9, 11, 13, 25])
def test_a_bright_light_leaves_no_noise_in_float32_shadows(size: int, rng):
    # A lamp of 1e5 beside shadows of 1e-3, out of the kernel's reach.
    image = np.full((60, 60, 1), 1e-3, dtype=np.float32)
    image[5, 5] = 1e5
    (view,) = convolve(image, [random_kernel(rng, size)])
    np.testing.assert_allclose(view[35:, 35:], 1e-3, rtol=1e-5)


pictures = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=3, max_dims=3, max_side=12),
    elements=st.floats(0, 10),
)


@given(pictures, st.integers(0, 2**32 - 1), st.floats(-3, 3))
def test_blur_is_linear(image: np.ndarray, seed: int, factor: float):
    kernel = random_kernel(np.random.default_rng(seed), 11)
    other = np.flip(image, axis=1)
    (together,) = convolve(image + factor * other, [kernel])
    (one,), (two,) = convolve(image, [kernel]), convolve(other, [kernel])
    np.testing.assert_allclose(together, one + factor * two, atol=1e-10)


@given(
    st.integers(1, 20),
    st.integers(1, 20),
    st.integers(0, 12),
    st.integers(0, 2**32 - 1),
)
def test_a_constant_picture_is_unchanged(height, width, half, seed):
    kernel = random_kernel(np.random.default_rng(seed), 2 * half + 1)
    (view,) = convolve(np.full((height, width, 1), 0.3), [kernel])
    np.testing.assert_allclose(view, 0.3, atol=DOUBLE)


@given(pictures, st.integers(1, 8))
def test_mirrored_borders_keep_all_light_for_a_symmetric_kernel(image, half):
    kernel = np.ones((2 * half + 1, 2 * half + 1)) / (2 * half + 1) ** 2
    (view,) = convolve(image, [kernel])
    np.testing.assert_allclose(view.sum((0, 1)), image.sum((0, 1)), atol=1e-8)
