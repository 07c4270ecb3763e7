from __future__ import annotations

import math
from pathlib import Path

import pytest

from dp_model.psf import PAPER_BANK, ButterworthPsf, RampDiskPsf
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

OWN = """
noise_sigma = 0.2

[psf]
shape = "butterworth"
order = 6
alpha = 0.5
beta = 0.3
kappa = 0.1
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
        ("pixel_pitch_um = 1.4", "pixel_pitch_um = 0", "pixel_pitch_um = 0; expected"),
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


def test_a_camera_draws_what_its_file_does_not_name(tmp_path: Path) -> None:
    entry = camera_set(write_camera(tmp_path, PHONE))
    assert entry.psf is None
    assert entry.noise_sigma is None


def test_a_camera_file_may_name_its_own_psf_and_noise(tmp_path: Path) -> None:
    entry = camera_set(write_camera(tmp_path, PHONE + OWN))
    assert entry.psf == ButterworthPsf(order=6, alpha=0.5, beta=0.3, kappa=0.1)
    assert entry.noise_sigma == 0.2


def test_a_ramp_disk_has_no_numbers(tmp_path: Path) -> None:
    text = PHONE + '[psf]\nshape = "ramp-disk"\n'
    assert camera_set(write_camera(tmp_path, text)).psf == RampDiskPsf()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("noise_sigma = 0.2", "noise_sigma = -1", "noise_sigma = -1; expected"),
        ("noise_sigma = 0.2", "noise_sigma = inf", "noise_sigma = inf; expected"),
        ("noise_sigma = 0.2", "noise_sigma = 'low'", "'low'; expected a number"),
        ('"butterworth"', '"disc"', "psf.shape = 'disc'; expected butterworth or ramp"),
        ('shape = "butterworth"', "", "missing psf.shape; expected butterworth"),
        ("shape = ", "form = ", "missing psf.shape"),
        ('"butterworth"', '"ramp-disk"', "unknown psf.alpha, unknown psf.beta"),
        ("alpha = 0.5", "", "missing psf.alpha; expected shape, order, alpha, beta"),
        ("alpha = 0.5", "alpha = 0", "psf.alpha must be finite and > 0; got 0"),
        ("alpha = 0.5", "alpha = true", "psf.alpha = True; expected a number"),
        ("beta = 0.3", "beta = 1.5", "psf.beta must be in (0, 1]; got 1.5"),
        ("kappa = 0.1", "kappa = 1", "psf.kappa must be in [0, 1)"),
        ("order = 6", "order = 2.5", "psf.order = 2.5; expected a whole number"),
        ("order = 6", "order = 0", "psf.order must be >= 1; got 0"),
    ],
)
def test_an_impossible_psf_is_one_clear_line(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    path = write_camera(tmp_path, (PHONE + OWN).replace(old, new))
    with pytest.raises(UserError) as caught:
        camera_set(path)
    message = str(caught.value)
    assert complaint in message
    assert "phone.toml" in message
    assert "\n" not in message


def test_a_psf_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = write_camera(tmp_path, PHONE + "psf = 'butterworth'\n")
    with pytest.raises(UserError, match=r"psf = 'butterworth'; expected a table"):
        camera_set(path)


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


def test_the_margin_covers_the_cameras_own_psf_and_no_other(tmp_path: Path) -> None:
    narrow = "psf.shape = 'ramp-disk'\n"
    wide = OWN.replace("kappa = 0.1", "kappa = 0.5")
    # Eq. 1 by hand: f^2 / 2N / (s - f) * s / pitch = 6.83 px for the sky, so
    # 6.83 * (0.1 - 0.6) / 0.1 = -34.1 px; a Gaussian reaches 3 kappa radii further.
    for psf, reach_px in ((narrow, 34.1), (wide, 34.1 * (1 + 3 * 0.5))):
        camera = camera_set(write_camera(tmp_path, PHONE + psf))
        margin = margin_px((camera,), PAPER_BANK, "occlusion", nearest_m=0.1)
        assert reach_px <= margin < reach_px + 16
