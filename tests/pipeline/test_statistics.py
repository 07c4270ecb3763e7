"""Statistics of a dataset against counts by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from blender_scenes.frames import LABEL_IDS, Frame
from dp_model.camera import ThinLensCamera
from pipeline.statistics import (
    COC_EDGES_PX,
    DEPTH_EDGES_M,
    SYNTHIA_CLASS_PERCENT,
    TEXTURE_BANDS_M,
    Statistics,
    frame_statistics,
    total,
)
from pipeline.statistics_page import clipped_words, write_statistics_page

CAMERA = ThinLensCamera(
    focal_length_m=20.0, f_number=10.0, focus_distance_m=40.0, pixel_pitch_m=1.0
)
MARGIN = 1


def frame(depth_m: float = 5.0, label: str = "Road") -> Frame:
    """A 6 x 8 picture, margin included, whose right inner column is sky."""
    depth = np.full((6, 8), depth_m, np.float32)
    depth[:, 6:] = np.inf
    labels = np.full((6, 8), LABEL_IDS[label], np.uint32)
    labels[:, 6:] = LABEL_IDS["Sky"]
    grey = np.full((6, 8, 3), 0.2, np.float32)
    return Frame(grey, depth, labels, np.zeros((6, 8), np.uint32))


def counted(one: Frame) -> Statistics:
    return frame_statistics(one, MARGIN, {"a": CAMERA})


def test_the_margin_is_left_out_and_the_sky_is_counted_apart() -> None:
    found = counted(frame())
    assert found.sky == 4
    assert found.depth.sum() == 20
    assert found.labels[LABEL_IDS["Road"]] == 20
    assert found.labels[LABEL_IDS["Sky"]] == 4


@pytest.mark.parametrize(
    ("depth_m", "decade"), [(1.6, 0), (14.9, 0), (15.1, 1), (149.0, 1), (200.0, 2)]
)
def test_a_depth_is_counted_in_its_decade_and_bin(depth_m: float, decade: int) -> None:
    found = counted(frame(depth_m))
    assert found.depth_decades.tolist() == [20.0 * (n == decade) for n in range(3)]
    (bin_,) = np.flatnonzero(found.depth)
    assert DEPTH_EDGES_M[bin_] <= depth_m < DEPTH_EDGES_M[bin_ + 1]


def test_depths_outside_all_decades_are_in_none() -> None:
    assert counted(frame(1.0)).depth_decades.sum() == 0
    assert counted(frame(400.0)).depth_decades.sum() == 0


def test_a_flat_picture_has_no_gradient() -> None:
    assert counted(frame()).gradient.sum() == 0


def test_a_step_from_black_to_white_has_gradient_one_in_its_band() -> None:
    one = frame(20.0)
    one.linear_rgb[:, :4] = 0.0
    one.linear_rgb[:, 4:] = 1.0
    found = counted(one)
    band = TEXTURE_BANDS_M.index(15.0)
    # Four inner rows less the last, one step in each.
    assert found.gradient[band] == pytest.approx(3.0, rel=1e-6)
    assert found.gradient.sum() == pytest.approx(3.0, rel=1e-6)
    # Five inner columns of the solid part, of three rows.
    assert found.gradient_pixels[band] == 15
    assert found.gradient_energy[band] == pytest.approx(0.2, rel=1e-6)


def test_the_blur_of_each_camera_is_counted_sky_included() -> None:
    found = counted(frame(10.0))
    # f/N = 2 m, s' = 40 m: radius = 1 m * 40/40 * (d - 40)/d; -3 px at 10 m, 1 at sky.
    counts = dict(zip(COC_EDGES_PX[:-1] + 0.25, found.coc["a"], strict=True))
    assert {px: n for px, n in counts.items() if n} == {-3.0: 20.0, 1.0: 4.0}


def test_what_is_brighter_than_white_is_counted_without_the_margin() -> None:
    one = frame()
    one.linear_rgb[:] = 1.0  # white itself is not clipped
    one.linear_rgb[0] = 9.0  # margin
    one.linear_rgb[2, 2:5, 1] = 1.001  # three pixels, in one channel
    found = counted(one)
    assert found.clipped == 3
    assert found.described()["clipped_share"] == pytest.approx(3 / 24)
    both = total([found, counted(frame())])
    assert both.described()["clipped_share"] == pytest.approx(3 / 48)


def test_statistics_add_up() -> None:
    both = total([counted(frame(5.0)), counted(frame(200.0, "Car"))])
    assert both.sky == 8
    assert both.depth_decades.tolist() == [20.0, 0.0, 20.0]
    shares = both.described()
    assert shares["class_share"] == {
        "Road": pytest.approx(5 / 12),
        "Sky": pytest.approx(1 / 6),
        "Car": pytest.approx(5 / 12),
    }
    assert shares["depth_decade_share"] == pytest.approx([5 / 12, 0.0, 5 / 12])
    assert sum(shares["coc_share"]["a"]) == pytest.approx(1.0)


def test_synthias_classes_are_ours() -> None:
    assert set(SYNTHIA_CLASS_PERCENT) <= set(LABEL_IDS)
    assert sum(SYNTHIA_CLASS_PERCENT.values()) == pytest.approx(100.0, abs=0.3)


def test_the_page_is_a_picture_with_equal_bytes_each_time(tmp_path: Path) -> None:
    by_scene = {"one": counted(frame()), "two": counted(frame(70.0, "Car"))}
    for name in ("a.png", "b.png"):
        write_statistics_page(tmp_path / name, by_scene, "title")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (1500, 1000)


HOSTILE = ["$x^$", "_hidden", "a\\b{c}", "日本 é", "a" * 80]


def test_names_are_drawn_whatever_they_hold(tmp_path: Path) -> None:
    by_scene = {name: counted(frame()) for name in HOSTILE}
    write_statistics_page(tmp_path / "a.png", by_scene, "$n_{}$ v3-0")
    assert (tmp_path / "a.png").is_file()  # a warning would be an error


def test_the_shares_of_the_worst_scenes_are_in_words() -> None:
    by_scene = {f"scene-{n}": counted(frame()) for n in range(7)}
    bright = frame()
    bright.linear_rgb[2, 2:5] = 2.0
    by_scene["bright"] = counted(bright)
    words = clipped_words(by_scene, total(by_scene.values()))
    # 3 of 8 x 24 pixels; five scenes by name, the brightest first.
    assert "1.6 % of all pixels (bright 12.5 %, scene-0 0 %" in words
    assert words.endswith("scene-3 0 %, and 3 others)")


def test_a_page_of_nothing_but_sky_can_be_drawn(tmp_path: Path) -> None:
    one = frame()
    one.depth_m[:] = np.inf
    write_statistics_page(tmp_path / "sky.png", {"sky": counted(one)}, "title")
    assert (tmp_path / "sky.png").is_file()
