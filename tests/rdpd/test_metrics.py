import math

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from rdpd.metrics import mae, mse, psnr, ssim


@pytest.fixture
def pair():
    rng = np.random.default_rng(2)
    target = rng.random((40, 56, 3))
    return np.clip(target + rng.normal(0.0, 0.1, target.shape), 0.0, 1.0), target


def test_an_error_of_a_hundredth_is_forty_decibels():
    flat = np.full((9, 9, 3), 0.3)
    assert psnr(flat + 0.01, flat) == pytest.approx(40.0)
    assert mse(flat + 0.01, flat) == pytest.approx(1e-4)
    assert mae(flat - 0.01, flat) == pytest.approx(0.01)


def test_equal_pictures_are_perfect_and_of_the_same_type(pair):
    _, target = pair
    assert psnr(target, target) == math.inf
    assert ssim(target, target) == 1.0
    assert mae(target, target) == 0.0
    assert isinstance(psnr(target, target), float)


def test_similarity_is_that_of_scikit_image(pair):
    expected = structural_similarity(*pair, data_range=1.0, channel_axis=-1)
    # Ours leaves the border out, as theirs averages.
    assert ssim(*pair) == pytest.approx(expected, abs=1e-12)


def test_similarity_does_not_depend_on_the_order(pair):
    output, target = pair
    assert ssim(output, target) == pytest.approx(ssim(target, output), abs=1e-14)


def test_single_precision_is_computed_in_double(pair):
    output, target = (picture.astype(np.float32) for picture in pair)
    again = output.astype(np.float64), target.astype(np.float64)
    assert psnr(output, target) == psnr(*again)
    assert ssim(output, target) == ssim(*again)


@pytest.mark.parametrize("metric", [psnr, mse, mae, ssim])
def test_codes_and_other_shapes_are_refused(metric, pair):
    output, target = pair
    with pytest.raises(TypeError, match="output is uint8; expected floats"):
        metric((output * 255).astype(np.uint8), target)
    with pytest.raises(ValueError, match="output has shape"):
        metric(output[1:], target)
    with pytest.raises(ValueError, match="output has shape"):
        metric(output[..., 0], target[..., 0])


@pytest.mark.parametrize("metric", [psnr, mse, mae, ssim])
def test_what_is_no_number_is_refused(metric, pair):
    output, target = pair
    output[3, 4, 1] = math.nan
    with pytest.raises(ValueError, match="output holds NaN"):
        metric(output, target)


def test_a_picture_smaller_than_the_window_is_refused(pair):
    output, target = pair
    with pytest.raises(ValueError, match="56 x 6 pixels"):
        ssim(output[:6], target[:6])
