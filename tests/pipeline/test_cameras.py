from __future__ import annotations

import math
from pathlib import Path

import pytest

from dp_model.psf import PAPER_BANK
from dp_model.released import RELEASED_BANK
from pipeline.cameras import camera_items, camera_set, margin_px
from pipeline.errors import UserError

PHONE = """
focal_length_mm = 4.4
f_number = 1.7
focus_distance_m = 0.6
pixel_pitch_um = 1.4
distortion = [0.01]
"""


def write_camera(folder: Path, text: str) -> str:
    path = folder / "phone.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_all_means_the_five_sets_of_the_paper() -> None:
    assert camera_items("all") == ("1", "2", "3", "4", "5")


def test_sets_of_the_paper_hold_its_printed_values() -> None:
    # Section 5: {4,5,6}, {5,8,6}, {7,5,8}, {10,13,12}, {22,10,30}.
    printed = [(4, 5, 6), (5, 8, 6), (7, 5, 8), (10, 13, 12), (22, 10, 30)]
    for item, values in zip(camera_items("all"), printed, strict=True):
        camera = camera_set(item).camera
        given = (camera.focal_length_m, camera.f_number, camera.focus_distance_m)
        assert given == values
        assert camera.pixel_pitch_m == 1.0


def test_a_camera_file_is_read_in_its_units(tmp_path: Path) -> None:
    entry = camera_set(write_camera(tmp_path, PHONE))
    assert entry.name == "phone"
    assert entry.camera.focal_length_m == pytest.approx(4.4e-3)
    assert entry.camera.pixel_pitch_m == pytest.approx(1.4e-6)
    assert entry.distortion is not None
    assert entry.distortion.coefficients == (0.01,)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("f_number = 1.7", "f_number = 0", "f_number"),
        ("f_number = 1.7", "f_number = -2", "f_number"),
        ("f_number = 1.7", "f_number = nan", "f_number"),
        ("f_number = 1.7", "f_number = 'wide'", "f_number = 'wide'; expected a number"),
        ("f_number = 1.7", "", "missing f_number"),
        ("f_number = 1.7", "f_number = 1.7\niso = 100", "unknown iso"),
        ("focus_distance_m = 0.6", "focus_distance_m = 0.004", "focus_distance_m"),
        ("pixel_pitch_um = 1.4", "pixel_pitch_um = 0", "pixel_pitch_m"),
        ("distortion = [0.01]", "distortion = 0.01", "distortion"),
        ("f_number = 1.7", "f_number =", "not valid TOML"),
    ],
)
def test_an_impossible_camera_is_one_clear_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = write_camera(tmp_path, PHONE.replace(old, new))
    with pytest.raises(UserError) as caught:
        camera_set(path)
    message = str(caught.value)
    assert complaint in message
    assert "phone.toml" in message
    assert "\n" not in message


@pytest.mark.parametrize("text", ["", " , ", "1,1", "a.toml,b/a.toml"])
def test_empty_and_repeated_lists_are_refused(text: str) -> None:
    with pytest.raises(UserError, match="--camera-set"):
        camera_items(text)


@pytest.mark.parametrize("item", ["6", "0", "canon", "-1"])
def test_unknown_sets_are_refused_by_name(item: str) -> None:
    with pytest.raises(UserError, match=rf"'{item}': unknown; expected all"):
        camera_set(item)


def test_the_margin_covers_the_widest_blur() -> None:
    cameras = (camera_set("5"),)
    margin = margin_px(cameras, PAPER_BANK, "occlusion", nearest_m=2.5)
    # Eq. 1 by hand: q = 2.2, s' = 82.5, s = 30: 3.025 * (2.5 - 30) / 2.5 = -33.3 px.
    assert margin >= math.ceil(33.3)
    assert margin % 16 == 0
    assert margin <= 64


def test_the_margin_of_the_released_mode_covers_its_doubled_radius() -> None:
    cameras = (camera_set("3"),)
    ours = margin_px(cameras, RELEASED_BANK, "occlusion", nearest_m=4.0)
    doubled = margin_px(cameras, RELEASED_BANK, "released", nearest_m=4.0)
    # Eq. 1 by hand: 4.9 * (4 - 8) / 4 = -4.9 px and 4.9 px at infinity.
    assert ours == 16
    assert doubled == 16
    near = margin_px(cameras, RELEASED_BANK, "released", nearest_m=2.0)
    assert near >= 2 * 14.7  # 4.9 * (2 - 8) / 2
