import math

import numpy as np
import pytest

from blender_scenes.addon.readings import (
    coc_text,
    largest_coc_text,
    length_text,
    range_text,
    sensor_note,
)
from dp_model.camera import ThinLensCamera

# f^2 / (2 N (s - f)) = 0.05^2 / (2 * 2 * 4.95) m = 12.63 px of 10 um at infinity.
CAMERA = ThinLensCamera(0.05, 2.0, 5.0, 10e-6)


@pytest.mark.parametrize(
    ("depth_m", "text"),
    [
        (math.inf, "+12.63 px behind"),
        (2.5, "-12.63 px in front"),
        (5.0, "0.00 px in focus"),
        (5.0001, "0.00 px in focus"),
        (0.0, "behind the camera"),
        (-3.0, "behind the camera"),
        (math.nan, "behind the camera"),
    ],
)
def test_blur_is_told_with_sign_and_side(depth_m, text) -> None:
    assert coc_text(CAMERA, depth_m) == text


def test_the_largest_blur_may_be_in_front_or_behind() -> None:
    depth_m = np.array([[2.0, 5.0], [6.0, np.inf]], np.float32)
    assert largest_coc_text(CAMERA, depth_m) == "-18.94 px in front"
    assert largest_coc_text(CAMERA, depth_m[:, 1:]) == "+12.63 px behind"


def test_a_range_has_the_digits_that_tell_its_ends_apart() -> None:
    assert range_text(0.30001, 0.30011) == "0.300010 to 0.300110 m"
    assert range_text(3.21, 9.87) == "3.21 to 9.87 m"
    assert range_text(12.0, 480.0) == "12 to 480 m"


def test_lengths_stay_readable() -> None:
    assert length_text(0.0512) == "0.0512 m"
    assert length_text(12345.6) == "12346 m"


def test_a_pitch_of_the_sensors_own_needs_no_note() -> None:
    assert sensor_note(5.36e-6, 5.357e-6, 36.0) == ""
    assert sensor_note(10.72e-6, 5.36e-6, 36.0) == "Sensor of 72 mm, not 36 mm"
