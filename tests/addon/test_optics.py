import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_scenes.addon.optics import (
    depth_of_field_m,
    f_number_for,
    hyperfocal_distance_m,
)
from dp_model.camera import ThinLensCamera

PORTRAIT = ThinLensCamera(0.085, 1.4, 4.0, 10e-6)

CAMERAS = st.builds(
    ThinLensCamera,
    focal_length_m=st.floats(0.003, 0.3),
    f_number=st.floats(0.7, 32.0),
    focus_distance_m=st.floats(0.5, 100.0),
    pixel_pitch_m=st.floats(1e-6, 50e-6),
)
LIMITS_PX = st.floats(0.1, 10.0)


def test_depth_of_field_is_that_of_the_textbook() -> None:
    # s f^2 / (f^2 +- N C (s - f)), C the diameter: Ray, Applied Photographic Optics.
    f, n, s, diameter = 0.085, 1.4, 4.0, 2 * 1.5 * 10e-6
    blur = n * diameter * (s - f)
    near_m, far_m = depth_of_field_m(PORTRAIT, 1.5)
    assert near_m == pytest.approx(s * f**2 / (f**2 + blur), rel=1e-12)
    assert far_m == pytest.approx(s * f**2 / (f**2 - blur), rel=1e-12)


@given(CAMERAS, LIMITS_PX)
def test_blur_at_the_limits_is_the_limit(camera: ThinLensCamera, limit: float) -> None:
    near_m, far_m = depth_of_field_m(camera, limit)
    assert camera.coc_radius_px(near_m) == pytest.approx(-limit, rel=1e-6)
    if math.isfinite(far_m):
        assert camera.coc_radius_px(far_m) == pytest.approx(limit, rel=1e-6)
    else:
        assert camera.coc_radius_px(math.inf) <= limit


@given(CAMERAS, LIMITS_PX)
def test_focus_at_the_hyperfocal_distance_is_sharp_from_its_half(
    camera: ThinLensCamera, limit: float
) -> None:
    distance_m = hyperfocal_distance_m(camera, limit)
    focused = ThinLensCamera(
        camera.focal_length_m, camera.f_number, distance_m, camera.pixel_pitch_m
    )
    near_m, far_m = depth_of_field_m(focused, limit * (1 + 1e-9))
    assert near_m == pytest.approx(distance_m / 2, rel=1e-6)
    assert math.isinf(far_m)


@given(CAMERAS)
def test_f_number_is_found_again(camera: ThinLensCamera) -> None:
    found = f_number_for(
        camera.coc_radius_px(math.inf),
        camera.focal_length_m,
        camera.focus_distance_m,
        camera.pixel_pitch_m,
    )
    assert found == pytest.approx(camera.f_number, rel=1e-9)


@pytest.mark.parametrize("limit", [0.0, -1.0, math.nan])
def test_a_limit_that_is_no_radius_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="limit_px"):
        depth_of_field_m(PORTRAIT, limit)


def test_a_lens_that_cannot_focus_so_near_has_no_f_number() -> None:
    with pytest.raises(ValueError, match="focus_distance_m"):
        f_number_for(1.0, 0.05, 0.05, 10e-6)
