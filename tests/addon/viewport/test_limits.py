"""Rectangles of the camera's frustum, against a sketch on paper."""

from types import SimpleNamespace

import numpy as np
import pytest

from blender_scenes.addon.camera_values import CameraProblem
from blender_scenes.addon.viewport.limits import (
    LensWindow,
    PictureShape,
    frustum_rectangle,
    lens_window,
    rigid_pose,
)
from blender_scenes.addon.viewport.scene_limits import scene_limits

WIDE = PictureShape(1600, 900)
TALL = PictureShape(900, 1600)


def window(sensor_fit="AUTO", shift=(0.0, 0.0), picture=WIDE):
    """A lens of 50 mm on a sensor of 36 x 20 mm."""
    return lens_window(50.0, 36.0, 20.0, sensor_fit, shift, picture)


def size(seen):
    return seen.right - seen.left, seen.top - seen.bottom


@pytest.mark.parametrize(
    ("sensor_fit", "picture", "expected_mm"),
    [
        ("AUTO", WIDE, (36.0, 36.0 * 9 / 16)),
        ("HORIZONTAL", TALL, (36.0, 36.0 * 16 / 9)),
        # AUTO lays the sensor's width along the longer side, even the vertical one.
        ("AUTO", TALL, (36.0 * 9 / 16, 36.0)),
        ("VERTICAL", WIDE, (20.0 * 16 / 9, 20.0)),
    ],
)
def test_the_chosen_side_of_the_picture_spans_the_sensor(
    sensor_fit, picture, expected_mm
):
    seen = window(sensor_fit, picture=picture)
    np.testing.assert_allclose(size(seen), np.array(expected_mm) / 50.0)


def test_tall_pixels_make_a_tall_picture():
    seen = window(picture=PictureShape(1600, 450, 1.0, 2.0))
    np.testing.assert_allclose(size(seen), size(window()))


def test_tall_pixels_may_make_the_height_the_longer_side():
    seen = window(picture=PictureShape(1000, 900, 1.0, 2.0))
    np.testing.assert_allclose(size(seen)[1], 36.0 / 50.0)


def test_a_shift_moves_the_picture_by_that_share_of_the_spanning_side():
    straight, shifted = window(), window(shift=(0.1, -0.25))
    moved = shifted.left - straight.left, shifted.top - straight.top
    np.testing.assert_allclose(moved, (0.1 * 36 / 50, -0.25 * 36 / 50))
    np.testing.assert_allclose(size(shifted), size(straight))


def test_corners_lie_where_a_sketch_has_them():
    # From the origin along -Z: right is +X and up is +Y.
    corners = frustum_rectangle(LensWindow(-0.4, 0.6, -0.1, 0.3), np.eye(4), 10.0)
    expected = [(-4, -1, -10), (6, -1, -10), (6, 3, -10), (-4, 3, -10)]
    np.testing.assert_allclose(corners, expected)


def test_a_moved_camera_takes_its_rectangle_along():
    # Turned by 90 degrees about +X: it looks along +Y with +Z up.
    pose = np.array([[1, 0, 0, 5], [0, 0, -1, 6], [0, 1, 0, 7], [0, 0, 0, 1.0]])
    corners = frustum_rectangle(LensWindow(-0.5, 0.5, -0.25, 0.25), pose, 4.0)
    expected = [(3, 10, 6), (7, 10, 6), (7, 10, 8), (3, 10, 8)]
    np.testing.assert_allclose(corners, expected)


def test_scale_of_the_camera_changes_nothing(rng):
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = turn, (1, 2, 3)
    scaled = pose @ np.diag([0.1, 3.0, 20.0, 1.0])
    np.testing.assert_allclose(rigid_pose(scaled), pose, atol=1e-12)


def test_a_camera_scaled_to_nothing_is_no_error():
    assert np.isfinite(rigid_pose(np.diag([0.0, 0.0, 0.0, 1.0]))).all()


def test_without_a_camera_the_limits_say_so():
    with pytest.raises(CameraProblem, match="no camera"):
        scene_limits(SimpleNamespace(camera=None))
