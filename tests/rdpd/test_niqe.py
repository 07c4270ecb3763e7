"""NIQE by parts against closed forms, and by what it must do as a whole."""

import json

import cv2
import numpy as np
import pytest

from rdpd import niqe as module
from rdpd.niqe import NiqeModel, block_features, fit, luminance, niqe
from rdpd.resize import resize_cubic


def texture(seed, size=(480, 384)):
    """A picture with detail at every scale, like a photograph's (1 / f)."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(
        np.fft.fftfreq(size[0])[:, None], np.fft.fftfreq(size[1])[None, :]
    )
    planes = []
    for _ in range(3):
        spectrum = np.fft.fft2(rng.normal(size=size)) / np.maximum(frequency, 1e-3)
        plane = np.fft.ifft2(spectrum).real
        planes.append(plane)
    picture = np.stack(planes, axis=-1) + 2 * planes[0][..., None]
    picture = (picture - picture.mean()) / picture.std()
    return np.clip(0.5 + 0.18 * picture, 0.0, 1.0)


@pytest.fixture(scope="module")
def model():
    return fit((texture(seed) for seed in range(6)), sharpness_threshold=0.0)


@pytest.mark.parametrize("shape", [0.6, 1.0, 2.0, 4.0])
def test_a_generalised_gaussian_is_found_again(shape):
    # |x| to the power of the shape has a gamma distribution.
    rng = np.random.default_rng(4)
    size = rng.gamma(1 / shape, size=400_000) ** (1 / shape)
    x = size * rng.choice([-1.0, 1.0], size.shape)
    alpha, left, right = module._fit_aggd(x)
    assert alpha == pytest.approx(shape, rel=0.02)
    # Found on a grid of shapes of 0.001, and from moments: steep for heavy tails.
    assert left == pytest.approx(1.0, rel=0.05)
    assert right == pytest.approx(1.0, rel=0.05)


def test_an_asymmetric_one_has_two_scales():
    rng = np.random.default_rng(5)
    below, above = (
        -0.5 * np.abs(rng.normal(size=100_000)),
        2 * np.abs(rng.normal(size=400_000)),
    )
    alpha, left, right = module._fit_aggd(np.concatenate([below, above]))
    # A normal of deviation s is the Gaussian of shape 2 and scale s sqrt(2).
    assert alpha == pytest.approx(2.0, rel=0.02)
    assert left == pytest.approx(0.5 * np.sqrt(2), rel=0.02)
    assert right == pytest.approx(2.0 * np.sqrt(2), rel=0.02)


def test_the_table_of_shapes_holds_the_ratio_of_moments():
    shapes, ratio = module._shape_table()
    assert (shapes[0], round(shapes[-1], 3), len(shapes)) == (0.2, 10.0, 9801)
    at = np.argmin(np.abs(shapes - 2.0))
    assert ratio[at] == pytest.approx(2 / np.pi, rel=1e-6)  # E|x|^2 / E x^2 of a normal
    assert ratio[np.argmin(np.abs(shapes - 1.0))] == pytest.approx(0.5, rel=1e-3)


def test_white_noise_is_bounded_by_its_own_window_and_has_no_correlation():
    rng = np.random.default_rng(6)
    codes = 128 + 20 * rng.normal(size=(96 * 3, 96 * 3))
    rows, _ = block_features(codes)
    assert rows.shape == (9, 36)
    # Each pixel is part of the deviation that it is divided by: lighter tails than 2.
    assert 2.3 < rows[:, 0].mean() < 3.5
    # Neighbours are nearly independent: products have no mean.
    assert np.abs(rows[:, 3]).max() < 0.2


def test_blocks_are_counted_from_the_upper_left_and_the_rest_is_left_out():
    codes = luminance(texture(1, (200, 300)))
    rows, sharpness = block_features(codes)
    assert len(rows) == len(sharpness) == 2 * 3
    changed = codes.copy()
    changed[192:] = 0.0
    changed[:, 288:] = 255.0
    again, _ = block_features(changed)
    assert np.array_equal(rows, again)


def test_luminance_is_matlabs_rounded():
    picture = np.array([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 1.0]]])
    assert luminance(picture).tolist() == [[76.0, 150.0, 255.0]]


def test_good_pictures_score_better_than_blurred_noisy_or_flattened_ones(model):
    good = texture(50)
    rng = np.random.default_rng(0)
    worse = {
        "blurred": cv2.GaussianBlur(good, (0, 0), 3.0),
        "noisy": np.clip(good + rng.normal(0, 0.15, good.shape), 0, 1),
        "coarse": np.round(good * 6) / 6,
    }
    score = niqe(good, model)
    for name, picture in worse.items():
        assert niqe(picture, model) > 1.3 * score, name


def test_the_score_is_the_distance_of_two_gaussians(model):
    picture = texture(7)
    rows, _ = block_features(luminance(picture))
    mean = rows.mean(axis=0) - model.mean
    spread = (np.cov(rows.T) + model.covariance) / 2
    expected = np.sqrt(mean @ np.linalg.pinv(spread) @ mean)
    assert niqe(picture, model) == pytest.approx(expected, rel=1e-9)


def test_the_threshold_keeps_the_sharp_blocks_of_each_picture():
    half = texture(3)
    half[:, :192] = cv2.GaussianBlur(half, (0, 0), 8.0)[:, :192]
    _, sharpness = block_features(luminance(half))
    sharp = int((sharpness > 0.75 * sharpness.max()).sum())
    assert sharp <= 0.6 * len(sharpness)
    pictures = [half] * 8
    assert fit(pictures, 0.75).rows == 8 * sharp
    assert fit(pictures, 0.0).rows == 8 * len(sharpness)


def test_a_model_comes_back_from_its_file(model, tmp_path):
    model.save(tmp_path / "niqe.json")
    again = NiqeModel.load(tmp_path / "niqe.json")
    assert np.array_equal(again.mean, model.mean)
    assert np.array_equal(again.covariance, model.covariance)
    assert (again.rows, again.sharpness_threshold) == (model.rows, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        json.dumps({"mean": [1], "covariance": [[1]], "rows": 1}),
        '{"mean": [1], "covariance": [], "sharpness_threshold": 0, "rows": Infinity}',
    ],
)
def test_a_file_that_is_no_model_is_refused(text, tmp_path):
    path = tmp_path / "niqe.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"niqe\.json: not a NIQE model"):
        NiqeModel.load(path)


def test_a_model_of_other_features_is_refused(tmp_path, model):
    path = tmp_path / "niqe.json"
    NiqeModel(model.mean[:2], model.covariance, 0.0, 9).save(path)
    with pytest.raises(ValueError, match=r"expected \(36,\) and \(36, 36\)"):
        NiqeModel.load(path)


def test_too_small_pictures_and_too_few_blocks_are_refused(model):
    with pytest.raises(ValueError, match="200 x 95 pixels has no block"):
        niqe(np.zeros((95, 200, 3)), model)
    with pytest.raises(ValueError, match="blocks of 96 pixels are too few"):
        fit([texture(0, (192, 192))])


def test_halving_averages_over_the_widened_kernel():
    # Keys's kernel at half scale, taken by hand: distances .25, .75, 1.25, 1.75.
    near = [1.5 * d**3 - 2.5 * d**2 + 1 for d in (0.25, 0.75)]
    far = [-0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 for d in (1.25, 1.75)]
    weights = np.array([*far[::-1], *near[::-1], *near, *far])
    weights /= weights.sum()
    plane = np.random.default_rng(1).random((1, 40))
    found = resize_cubic(np.repeat(plane, 4, axis=0), 0.5)[0, 10]
    assert found == pytest.approx(weights @ plane[0, 17:25], rel=1e-12)


def test_halving_keeps_slopes_and_rounds_sides_up():
    ramp = np.arange(60.0)[None, :].repeat(7, axis=0)
    half = resize_cubic(ramp, 0.5)
    assert half.shape == (4, 30)
    np.testing.assert_allclose(half[1, 5:-5], 0.5 + 2 * np.arange(5, 25), rtol=1e-9)
