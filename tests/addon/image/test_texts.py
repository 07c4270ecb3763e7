"""What the Image Editor says in words."""

import math

import pytest

from blender_scenes.addon.image.texts import (
    coc_text,
    depth_text,
    legend_lines,
    readout_lines,
)


def test_a_positive_radius_is_behind_the_focus() -> None:
    assert coc_text(2.0) == "+2.0 px behind focus"
    assert coc_text(-2.0) == "-2.0 px in front of focus"


@pytest.mark.parametrize("radius", [0.0, -0.04, 0.04])
def test_what_rounds_to_zero_is_in_focus(radius) -> None:
    assert coc_text(radius) == "0.0 px in focus"


def test_the_sky_has_a_radius_but_no_depth() -> None:
    assert readout_lines(3.0, math.inf) == (
        "CoC radius  +3.0 px behind focus",
        "Depth  sky",
    )


@pytest.mark.parametrize(
    ("depth", "text"), [(0.1, "0.1 m"), (9.99, "9.99 m"), (1234.6, "1235 m")]
)
def test_depths_are_in_metres(depth, text) -> None:
    assert depth_text(depth) == text


def test_the_legend_tells_the_limit_of_each_side() -> None:
    front, focus, behind = legend_lines(7.25)
    assert front.startswith("-7.2 px")
    assert "in focus" in focus
    assert behind.startswith("+7.2 px")
