import math

import numpy as np
import pytest

from blender_scenes.cameras import (
    BlenderLens,
    CameraPose,
    infinity_flow,
    lens_of,
    opencv_pose,
    with_margin,
)

# K goes through division and multiplication by the sensor size only.
ROUNDING_PX = 1e-9


def turned(axis, angle_rad):
    """Return a rotation about an axis of the camera (OpenCV: x right, y down)."""
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    pose = np.eye(4)
    i, j = {"x": (1, 2), "y": (2, 0)}[axis]
    pose[i, i] = pose[j, j] = c
    pose[i, j], pose[j, i] = -s, s
    return pose


@pytest.fixture(name="K")
def intrinsics():
    return np.array([[100.0, 0, 20.5], [0, 100.0, 10.5], [0, 0, 1]])


def test_sensor_width_spans_the_longer_side_when_fitted_automatically():
    lens = BlenderLens(focal_length_mm=18.0, sensor_width_mm=36.0)
    assert lens.intrinsics(640, 360)[0, 0] == pytest.approx(320)
    assert lens.intrinsics(360, 640)[0, 0] == pytest.approx(320)


def test_vertical_fit_uses_the_sensor_height():
    lens = BlenderLens(18.0, 36.0, sensor_height_mm=9.0, sensor_fit="VERTICAL")
    assert lens.intrinsics(640, 360)[0, 0] == pytest.approx(720)


def test_shift_right_and_up_moves_the_optical_axis_left_and_down():
    K = BlenderLens(18.0, shift_x=0.1, shift_y=0.05).intrinsics(640, 360)
    assert K[0, 2] == pytest.approx(320 - 64)
    assert K[1, 2] == pytest.approx(180 + 32)


@pytest.mark.parametrize("size", [(640, 360), (360, 640)])
@pytest.mark.parametrize("fit", ["AUTO", "HORIZONTAL", "VERTICAL"])
def test_the_widened_lens_gives_the_intrinsics_it_was_made_for(size, fit):
    width, height = size
    lens = BlenderLens(24.0, 36.0, 20.0, fit, shift_x=0.2, shift_y=-0.1)
    K = with_margin(lens.intrinsics(width, height), 32)
    wide = lens_of(K, width + 64, height + 64, lens.focal_length_mm)
    np.testing.assert_allclose(
        wide.intrinsics(width + 64, height + 64), K, atol=ROUNDING_PX
    )


def test_pose_of_an_unturned_blender_camera_looks_down():
    pose = opencv_pose(np.diag([2.0, 2.0, 2.0, 1.0]), metres_per_unit=0.5)
    np.testing.assert_array_equal(pose[:3, 2], [0, 0, -1])  # forward
    np.testing.assert_array_equal(pose[:3, 1], [0, -1, 0])  # down in the picture


def test_pose_is_in_metres():
    matrix = np.eye(4)
    matrix[:3, 3] = [100, 200, 300]
    pose = opencv_pose(matrix, metres_per_unit=0.01)
    np.testing.assert_allclose(pose[:3, 3], [1, 2, 3])


def test_a_mirrored_camera_is_refused():
    with pytest.raises(ValueError, match="mirrored"):
        opencv_pose(np.diag([-1.0, 1.0, 1.0, 1.0]), metres_per_unit=1.0)


def test_a_sheared_camera_is_refused():
    matrix = np.eye(4)
    matrix[0, 1] = 0.5
    with pytest.raises(ValueError, match="sheared"):
        opencv_pose(matrix, metres_per_unit=1.0)


def test_the_sky_moves_left_when_the_camera_turns_right(K):
    still = CameraPose(K, np.eye(4))
    # Forward (0, 0, 1) turns towards +x: sin of the angle in x.
    right = CameraPose(K, turned("y", math.radians(2)))
    flow = infinity_flow(still, right, 41, 21)
    assert right.world_from_camera[0, 2] > 0
    # The optical axis lies at the centre of column 20, row 10.
    expected = [-100 * math.tan(math.radians(2)), 0]
    np.testing.assert_allclose(flow[10, 20], expected, atol=ROUNDING_PX)


def test_the_sky_moves_down_when_the_camera_turns_up(K):
    still = CameraPose(K, np.eye(4))
    up = CameraPose(K, turned("x", math.radians(3)))
    flow = infinity_flow(still, up, 41, 21)
    assert up.world_from_camera[1, 2] < 0
    expected = [0, 100 * math.tan(math.radians(3))]
    np.testing.assert_allclose(flow[10, 20], expected, atol=ROUNDING_PX)


def test_the_sky_stands_still_when_the_camera_only_moves(K):
    moved = np.eye(4)
    moved[:3, 3] = [1, 2, 3]
    flow = infinity_flow(CameraPose(K, np.eye(4)), CameraPose(K, moved), 41, 21)
    np.testing.assert_allclose(flow, 0, atol=ROUNDING_PX)


def test_the_sky_spreads_from_the_axis_when_the_lens_zooms_in(K):
    zoomed = K.copy()
    zoomed[[0, 1], [0, 1]] *= 1.5
    pose = np.eye(4)
    flow = infinity_flow(CameraPose(K, pose), CameraPose(zoomed, pose), 41, 21)
    np.testing.assert_allclose(flow[10, 30], [5.0, 0.0], atol=ROUNDING_PX)
