"""Eq. 5 and the release's polynomial, on points and on pictures."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dp_model.distortion import (
    CAMERA_SET_DISTORTIONS,
    RELEASED_DISTORTIONS,
    BarrelDistortion,
    DivisionDistortion,
    RadialDistortion,
    distort,
    distort_points,
    undistort_points,
    valid_zoom,
)

LENSES = [*CAMERA_SET_DISTORTIONS.values(), *RELEASED_DISTORTIONS.values()]
HD = (1080, 1920)
# The coefficients were fitted without the crop: up to 2.4 px of the 1100 to a corner.
FIT = 0.004

lenses = st.one_of(
    st.sampled_from(LENSES),
    st.builds(
        lambda c1, c2: DivisionDistortion((c1, c2)),
        st.floats(-0.04, 0.08),
        st.floats(-0.004, 0.004),
    ),
)
sizes = st.tuples(st.integers(2, 200), st.integers(2, 200)).filter(
    lambda size: max(size) < 2 * min(size)
)


FITTED_SCALES = {"1": 0.8993, "2": 0.9195, "3": 1.0089, "4": 1.0143, "5": 1.0138}


@pytest.mark.parametrize("name", sorted(FITTED_SCALES))
def test_zoom_of_the_camera_sets_is_the_fitted_scale(name):
    zoom = valid_zoom(CAMERA_SET_DISTORTIONS[name], *HD)
    assert 1 / zoom == pytest.approx(FITTED_SCALES[name], abs=FIT)


@pytest.mark.parametrize("name", sorted(FITTED_SCALES))
def test_the_division_model_is_the_releases_polynomial_up_to_its_scale(name):
    to_corner = np.linspace(0, math.hypot(16, 9) / 9, 200)
    polynomial = RELEASED_DISTORTIONS[name].undistorted_radius(to_corner)
    scaled = to_corner * FITTED_SCALES[name]
    division = CAMERA_SET_DISTORTIONS[name].undistorted_radius(scaled)
    # Half of 1080 rows is the unit of radius.  The fit's own figure is 2.4 px, measured
    # in the distorted picture; in the undistorted corner it is 3.2 px.
    assert np.abs(polynomial - division).max() * 540 < 3.5


def test_eq_5_by_hand():
    # r_d = 2/(1 + 0.1*4 - 0.01*16) = 2/1.24.
    lens = DivisionDistortion((0.1, -0.01))
    assert lens.distorted_radius(np.array([2.0]))[0] == pytest.approx(2 / 1.24)


def test_positive_coefficients_make_a_barrel():
    # Magnification falls outwards: a far point moves in, compared with a near one.
    lens = DivisionDistortion((0.05,))
    near, far = lens.distorted_radius(np.array([0.1, 1.0])) / np.array([0.1, 1.0])
    assert far < near
    assert valid_zoom(lens, *HD) > 1


def test_barrel_polynomial_by_hand():
    lens = BarrelDistortion(0.1, 0.2, 0.3, 0.4)
    # By hand at r = 2: twice 0.8 + 0.8 + 0.6 + 0.4.
    assert lens.undistorted_radius(np.array([2.0]))[0] == pytest.approx(5.2)


@given(lenses, st.integers(0, 2**32 - 1))
def test_each_radius_map_undoes_the_other(lens: RadialDistortion, seed: int):
    radius = np.random.default_rng(seed).uniform(0, 2.0, 50)
    there = lens.distorted_radius(radius)
    np.testing.assert_allclose(lens.undistorted_radius(there), radius, atol=1e-9)


@given(lenses, sizes, st.integers(0, 2**32 - 1))
def test_points_come_back(lens: RadialDistortion, size: tuple[int, int], seed: int):
    points = np.random.default_rng(seed).uniform(0, 1, (20, 2)) * (np.array(size) - 1)
    moved = distort_points(points, lens, *size)
    np.testing.assert_allclose(undistort_points(moved, lens, *size), points, atol=1e-6)


@given(lenses, sizes)
def test_no_output_pixel_needs_what_is_outside_and_the_zoom_is_the_least(lens, size):
    height, width = size
    corners = np.stack(
        np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), axis=-1
    ).astype(float)
    source = undistort_points(corners, lens, height, width)
    overshoot = np.maximum(-source, source - (np.array(size) - 1.0))
    assert overshoot.max() < 1e-6
    assert overshoot.max() > -1e-6  # some border pixel is its own source


@given(lenses, sizes)
def test_the_centre_stays(lens, size):
    centre = (np.array(size) - 1) / 2
    np.testing.assert_allclose(distort_points(centre, lens, *size), centre, atol=1e-12)


def blob(position, size=(61, 85)):
    rows, columns = np.mgrid[: size[0], : size[1]]
    squared = (rows - position[0]) ** 2 + (columns - position[1]) ** 2
    return np.exp(-squared / (2 * 1.5**2))


def centroid(image):
    rows, columns = np.mgrid[: image.shape[0], : image.shape[1]]
    return np.array([(image * rows).sum(), (image * columns).sum()]) / image.sum()


@pytest.mark.parametrize("lens", [DivisionDistortion((0.12,)), LENSES[4], LENSES[5]])
def test_a_spot_in_the_picture_moves_as_its_point_does(lens):
    # Off centre by different amounts both ways: a transpose or a flip would show.
    position = np.array([20.0, 58.0])
    moved = centroid(distort(blob(position), lens))
    expected = distort_points(position, lens, 61, 85)
    # The magnification changes across the spot, which pulls its centroid a little.
    np.testing.assert_allclose(moved, expected, atol=0.1)


@pytest.mark.parametrize("interpolation", ["cubic", "nearest"])
def test_distortion_without_coefficients_changes_nothing(interpolation, rng):
    image = rng.random((9, 12, 3))
    for lens in (None, DivisionDistortion(()), DivisionDistortion((0.0, 0.0))):
        same = distort(image, lens, interpolation=interpolation)
        np.testing.assert_allclose(same, image, atol=1e-12)


def test_cubic_reproduces_a_ramp_between_pixels():
    # Keys's kernel is exact for polynomials of the second degree.
    size = (41, 57)
    rows, columns = np.mgrid[: size[0], : size[1]].astype(float)
    lens = DivisionDistortion((0.1,))
    source = undistort_points(np.stack([rows, columns], -1), lens, *size)
    image = 3 + 0.5 * rows + 0.02 * columns**2
    expected = 3 + 0.5 * source[..., 0] + 0.02 * source[..., 1] ** 2
    inner = (slice(3, -3), slice(3, -3))
    np.testing.assert_allclose(distort(image, lens)[inner], expected[inner], atol=1e-9)


def test_colour_does_not_go_below_zero():
    image = np.zeros((40, 40))
    image[:, 20:] = 1
    distorted = distort(image, DivisionDistortion((0.1,)))
    assert distorted.min() == 0
    assert distorted.max() > 1  # the overshoot above stays


def test_nearest_keeps_labels_infinity_and_dtype():
    labels = np.arange(20 * 30, dtype=np.uint16).reshape(20, 30)
    depth_m = np.full((20, 30), np.inf)
    depth_m[10:] = 4.0
    lens = CAMERA_SET_DISTORTIONS["1"]
    moved = distort(labels, lens, interpolation="nearest")
    assert moved.dtype == np.uint16
    assert set(moved.ravel()) <= set(labels.ravel())
    distances = distort(depth_m, lens, interpolation="nearest")
    assert set(distances.ravel()) == {4.0, np.inf}


def test_all_channels_move_alike(rng):
    image = rng.random((15, 22, 3))
    lens = CAMERA_SET_DISTORTIONS["2"]
    together = distort(image, lens)
    for channel in range(3):
        np.testing.assert_array_equal(
            together[..., channel], distort(image[..., channel], lens)
        )


@pytest.mark.parametrize("interpolation", ["cubic", "nearest"])
def test_torch_gives_what_numpy_gives(interpolation, rng):
    image = rng.random((15, 22, 3)).astype(np.float32)
    lens = CAMERA_SET_DISTORTIONS["1"]
    on_torch = distort(torch.asarray(image), lens, interpolation=interpolation)
    on_numpy = distort(image, lens, interpolation=interpolation)
    assert on_torch.numpy().dtype == on_numpy.dtype == np.float32
    np.testing.assert_allclose(on_torch.numpy(), on_numpy, atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 3)])
def test_tiny_pictures_survive(size):
    lens = DivisionDistortion((1e-4,))
    np.testing.assert_allclose(distort(np.full(size, 2.0), lens), 2.0)


def test_a_constant_picture_stays_constant():
    image = np.full((31, 44, 3), 0.7, dtype=np.float32)
    for lens in LENSES:
        np.testing.assert_allclose(distort(image, lens), 0.7, rtol=1e-6)


@pytest.mark.parametrize(
    "lens",
    [
        DivisionDistortion((0.5,)),  # r/(1 + r^2/2) turns back at sqrt(2)
        DivisionDistortion((-0.5,)),  # a pole at sqrt(2)
    ],
)
def test_a_lens_that_folds_the_picture_is_refused(lens):
    with pytest.raises(ValueError, match="folds the picture"):
        distort(np.ones(HD), lens)


def test_a_radius_out_of_reach_is_refused():
    # r/(1 + r^2) is at most 1/2.
    with pytest.raises(ValueError, match="does not reach so far"):
        DivisionDistortion((1.0,)).undistorted_radius(np.array([0.6]))


def test_labels_are_not_interpolated():
    with pytest.raises(TypeError, match="cubic interpolation needs float32 or float64"):
        distort(np.ones((4, 4), dtype=np.uint8), LENSES[0])


def test_unknown_interpolation_is_refused():
    with pytest.raises(ValueError, match="interpolation must be one of"):
        distort(np.ones((4, 4)), LENSES[0], interpolation="magic")  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_coefficients_must_be_finite(bad):
    with pytest.raises(ValueError, match="coefficients must be finite"):
        DivisionDistortion((0.1, bad))
    with pytest.raises(ValueError, match="coefficients must be finite"):
        BarrelDistortion(bad, 0.0, 0.0, 1.0)


def test_barrel_needs_a_positive_scale():
    with pytest.raises(ValueError, match="d, the scale at the centre, must be > 0"):
        BarrelDistortion(0.0, 0.0, 0.0, 0.0)
