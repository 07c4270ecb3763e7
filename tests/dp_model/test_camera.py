"""Eq. 1: the circle of confusion of a thin lens."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dp_model.camera import CAMERA_SETS, RELEASED_CAMERA_SETS, ThinLensCamera
from tests.oracles import pupil_tracer

ROUNDING = 1e-12  # a few operations in double precision

focal_lengths_m = st.floats(0.004, 0.3)
f_numbers = st.floats(0.9, 22.0)
focus_ratios = st.floats(3.0, 500.0)  # focus distance over focal length
depths_m = st.floats(0.05, 1e4)
pitches_m = st.floats(1e-6, 1e-4)

cameras = st.builds(
    lambda f, n, ratio, pitch: ThinLensCamera(f, n, f * ratio, pitch),
    focal_lengths_m,
    f_numbers,
    focus_ratios,
    pitches_m,
)


def test_coc_radius_of_a_50_mm_lens_by_hand():
    # q = 25 mm, s' = 50/0.95 mm, s'/s = 1/19, (d - s)/d = 1/2: 25/2/19/2 mm.
    camera = ThinLensCamera(0.05, 2.0, 1.0, 5e-6)
    assert camera.coc_radius_m(2.0) == pytest.approx(25e-3 / 76, rel=ROUNDING)
    assert camera.coc_radius_px(2.0) == pytest.approx(5000 / 76, rel=ROUNDING)


@pytest.mark.parametrize(
    ("name", "at_infinity"),
    [
        # q/2 * s'/s with s'/s = f/(s - f): e.g. set 1: 0.4 * 4/2.
        ("1", 0.4 * 4 / 2),
        ("2", 5 / 16 * 5 / 1),
        ("3", 0.7 * 7 / 1),
        ("4", 10 / 26 * 10 / 2),
        ("5", 1.1 * 22 / 8),
    ],
)
def test_camera_sets_are_the_papers_in_pixels(name: str, at_infinity: float):
    radius = CAMERA_SETS[name].coc_radius_px(math.inf)
    assert radius == pytest.approx(at_infinity, rel=ROUNDING)


@pytest.mark.parametrize(
    ("name", "radius_px"),
    [("1", 1.31), ("2", 1.52), ("3", 4.74), ("4", 1.83), ("5", 2.66)],
)
def test_released_sets_give_the_measured_radius_at_250_m(name: str, radius_px: float):
    # Measured on the published code's camera files, to two digits.
    radius = RELEASED_CAMERA_SETS[name].coc_radius_px(250.0)
    assert radius == pytest.approx(radius_px, abs=0.005)


def test_only_the_first_released_set_differs():
    assert RELEASED_CAMERA_SETS.keys() == CAMERA_SETS.keys()
    differing = [k for k in CAMERA_SETS if CAMERA_SETS[k] != RELEASED_CAMERA_SETS[k]]
    assert differing == ["1"]


@given(cameras)
def test_coc_vanishes_at_focus_distance(camera: ThinLensCamera):
    assert camera.coc_radius_px(camera.focus_distance_m) == 0


@given(cameras, depths_m, depths_m)
def test_coc_rises_with_depth(camera: ThinLensCamera, one: float, other: float):
    near, far = sorted((one, other))
    assert camera.coc_radius_m(near) <= camera.coc_radius_m(far)


@given(cameras, depths_m)
def test_coc_halves_when_the_f_number_doubles(camera: ThinLensCamera, depth_m: float):
    slower = dataclasses.replace(camera, f_number=2 * camera.f_number)
    assert slower.coc_radius_m(depth_m) == camera.coc_radius_m(depth_m) / 2


@given(cameras, depths_m, st.floats(0.01, 100.0))
def test_coc_scales_with_every_length(
    camera: ThinLensCamera, depth_m: float, scale: float
):
    scaled = ThinLensCamera(
        camera.focal_length_m * scale,
        camera.f_number,
        camera.focus_distance_m * scale,
        camera.pixel_pitch_m,
    )
    expected = scale * camera.coc_radius_m(depth_m)
    largest = scale * camera.coc_radius_m(math.inf)
    assert scaled.coc_radius_m(depth_m * scale) == pytest.approx(
        expected, rel=1e-9, abs=1e-9 * largest
    )


@given(cameras, st.floats(0.3, 100.0))
def test_coc_is_where_the_rim_ray_of_a_traced_lens_lands(
    camera: ThinLensCamera, focus_multiple: float
):
    depth_m = camera.focus_distance_m * focus_multiple
    if depth_m <= 1.01 * camera.focal_length_m:
        depth_m = 2 * camera.focal_length_m
    lens = pupil_tracer.Lens(**dataclasses.asdict(camera))
    rim = np.array([lens.pupil_radius_m])
    landed = pupil_tracer.landing_px(lens, depth_m, rim)[0]
    largest = camera.coc_radius_px(math.inf)
    assert camera.coc_radius_px(depth_m) == pytest.approx(
        landed, rel=1e-9, abs=1e-9 * largest
    )


def test_infinite_depth_is_the_limit_of_great_depth():
    camera = CAMERA_SETS["3"]
    limit = camera.coc_radius_px(np.array([1e12, np.inf]))
    assert limit[0] == pytest.approx(limit[1], rel=1e-9)


def test_arrays_keep_shape_dtype_and_library():
    camera = CAMERA_SETS["3"]
    depth_m = np.array([[4.0, 8.0, np.inf]], dtype=np.float32)
    on_numpy = camera.coc_radius_px(depth_m)
    on_torch = camera.coc_radius_px(torch.asarray(depth_m))
    assert on_numpy.dtype == np.float32
    assert on_numpy.shape == (1, 3)
    assert isinstance(on_torch, torch.Tensor)
    np.testing.assert_array_equal(on_torch.numpy(), on_numpy)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan])
@pytest.mark.parametrize("wrap", [float, np.asarray, torch.asarray])
def test_impossible_depth_is_refused(bad: float, wrap):
    with pytest.raises(ValueError, match=r"depth_m must be > 0 metres.*NaN"):
        CAMERA_SETS["1"].coc_radius_px(wrap(bad))


def test_bad_depths_are_counted():
    depth_m = np.array([1.0, 0.0, np.nan, 3.0])
    with pytest.raises(ValueError, match="2 value"):
        CAMERA_SETS["1"].coc_radius_px(depth_m)


@pytest.mark.parametrize(
    "field", ["focal_length_m", "f_number", "focus_distance_m", "pixel_pitch_m"]
)
@pytest.mark.parametrize("bad", [0.0, -1.0, math.inf, math.nan])
def test_a_camera_needs_positive_finite_values(field: str, bad: float):
    values = dataclasses.asdict(CAMERA_SETS["1"]) | {field: bad}
    with pytest.raises(ValueError, match=rf"{field} must be finite and > 0"):
        ThinLensCamera(**values)


def test_focus_nearer_than_the_focal_length_hints_at_the_unit():
    with pytest.raises(
        ValueError,
        match=r"focus_distance_m must exceed focal_length_m \(0.05 m\); "
        r"got 0.03. Millimetres\?",
    ):
        ThinLensCamera(0.05, 2.0, 0.03, 5e-6)


def test_a_camera_is_a_value():
    assert dataclasses.replace(CAMERA_SETS["1"]) == CAMERA_SETS["1"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        CAMERA_SETS["1"].f_number = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(
    "values",
    [
        (0.05, 2.0, 1.0, 1e-320),  # a pixel pitch next to nothing
        (1e200, 2.0, 1e201, 1e-5),  # f times s is beyond any number
        (0.05, 1e-310, 1.0, 1e-5),  # a pupil without end
    ],
)
def test_a_camera_whose_blur_overflows_is_refused(values):
    with pytest.raises(ValueError, match="the CoC radius of the sky overflows"):
        ThinLensCamera(*values)


def test_a_pupil_next_to_nothing_blurs_nothing():
    assert ThinLensCamera(0.05, 1e300, 1.0, 1e-5).coc_radius_px(math.inf) < 1e-290
