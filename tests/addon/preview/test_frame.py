import json

import numpy as np
import OpenEXR
import pytest

from blender_scenes.addon.preview.exr import ExrError
from blender_scenes.addon.preview.frame import (
    FACTS_NAME,
    PICTURE_NAME,
    intrinsics,
    opencv_pose,
    read_frame,
)

HEIGHT, WIDTH = 4, 6
METRES_PER_UNIT = 0.01


@pytest.fixture
def passes():
    channels = {f"Layer.Combined.{c}": np.full((HEIGHT, WIDTH), i) for i, c in
                enumerate("RGBA")}  # fmt: skip
    channels["Layer.Depth.Z"] = np.full((HEIGHT, WIDTH), 300.0)
    return {name: values.astype(np.float32) for name, values in channels.items()}


@pytest.fixture
def write(tmp_path):
    """Return a function that leaves what the child Blender would, and its folder."""

    def write(channels, facts=True):
        header = {
            "compression": OpenEXR.NO_COMPRESSION,
            "type": OpenEXR.scanlineimage,
        }
        OpenEXR.File(header, dict(channels)).write(str(tmp_path / PICTURE_NAME))
        text = json.dumps(
            {
                "scene": "Scene",
                "camera": "eye",
                "frame": 3,
                "projection": np.diag([2.0, 3.0, -1.0, 0.0]).tolist(),
                "matrix_world": np.eye(4).tolist(),
            }
        )
        if facts:
            (tmp_path / FACTS_NAME).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_colour_and_depth_are_found_in_their_units(write, passes):
    frame = read_frame(write(passes), METRES_PER_UNIT)
    assert frame.linear_rgb[0, 0].tolist() == [0.0, 1.0, 2.0]
    np.testing.assert_allclose(frame.depth_m, 3.0)
    assert frame.linear_rgb.dtype == frame.depth_m.dtype == np.float32
    assert (frame.camera_name, frame.frame_number) == ("eye", 3)


def test_the_sky_is_endlessly_far(write, passes):
    passes["Layer.Depth.Z"][0, 0] = 1e10
    assert read_frame(write(passes), METRES_PER_UNIT).depth_m[0, 0] == np.inf


def test_a_stray_value_of_a_sample_is_made_black(write, passes):
    passes["Layer.Combined.R"][1, 1] = np.nan
    passes["Layer.Combined.G"][1, 1] = np.inf
    frame = read_frame(write(passes), METRES_PER_UNIT)
    assert frame.linear_rgb[1, 1].tolist() == [0.0, 0.0, 2.0]


def test_a_picture_without_depth_is_refused(write, passes):
    del passes["Layer.Depth.Z"]
    with pytest.raises(ExrError, match=r"no Depth\.Z"):
        read_frame(write(passes), METRES_PER_UNIT)


def test_a_render_without_facts_has_not_finished(write, passes):
    with pytest.raises(OSError, match=FACTS_NAME):
        read_frame(write(passes, facts=False), METRES_PER_UNIT)


def test_a_lens_shifted_right_and_up_moves_the_axis_left_and_down():
    projection = np.diag([2.0, 3.0, -1.0, 0.0])
    projection[0, 2], projection[1, 2] = 0.5, 0.25
    K = intrinsics(projection, 100, 80)
    # A point far ahead on the axis is at x/w = -0.5, y/w = -0.25 of OpenGL's -1 to 1.
    assert K[:2, 2].tolist() == [25.0, 50.0]


def test_a_point_ahead_of_the_camera_is_where_it_looks():
    turned = np.eye(4)
    turned[:3, :3] = [
        [0, 0, -1],
        [1, 0, 0],
        [0, -1, 0],
    ]  # looks along +X, right is +Y, down is +Z
    turned[:3, :3] *= 2.0  # a scaled camera object
    turned[:3, 3] = [100.0, 200.0, 300.0]
    pose = opencv_pose(turned, METRES_PER_UNIT)
    np.testing.assert_allclose(pose @ [0, 0, 5, 1], [6.0, 2.0, 3.0, 1.0])
    np.testing.assert_allclose(pose @ [1, 0, 0, 1], [1.0, 3.0, 3.0, 1.0])
    np.testing.assert_allclose(pose @ [0, 1, 0, 1], [1.0, 2.0, 4.0, 1.0])


def test_a_mirrored_camera_has_no_pose():
    with pytest.raises(ValueError, match="the camera is mirrored"):
        opencv_pose(np.diag([-1.0, 1.0, 1.0, 1.0]), METRES_PER_UNIT)
