"""Which views there are and what each one holds."""

import numpy as np
import pytest

from blender_scenes.addon.image.views import (
    VIEW_LABELS,
    largest_coc_px,
    next_in_flip,
    view_pixels,
)
from blender_scenes.addon.preview.synthesis import PreviewPictures


@pytest.fixture
def pictures() -> PreviewPictures:
    """Two pixels: in front of the focus by 2 px, behind it by 1 px."""
    return PreviewPictures(
        left=np.full((1, 2, 3), 0.1, np.float32),
        right=np.full((1, 2, 3), 0.3, np.float32),
        combined=np.full((1, 2, 3), 0.2, np.float32),
        coc_radius_px=np.array([[-2.0, 1.0]], np.float32),
        depth_m=np.array([[1.0, 4.0]], np.float32),
    )


def test_a_flip_returns_to_the_view_it_left() -> None:
    assert next_in_flip(next_in_flip("LEFT")) == "LEFT"


def test_each_view_holds_its_own_picture(pictures) -> None:
    means = {view: view_pixels(pictures, view).mean() for view in VIEW_LABELS}
    assert means["LEFT"] < means["COMBINED"] < means["RIGHT"]


@pytest.mark.parametrize("view", VIEW_LABELS)
def test_every_view_has_three_bands(pictures, view) -> None:
    assert view_pixels(pictures, view).shape == (1, 2, 3)


def test_the_coc_view_is_blue_in_front_and_red_behind(pictures) -> None:
    front, behind = view_pixels(pictures, "COC")[0]
    assert front[2] > front[0]
    assert behind[0] > behind[2]


def test_the_red_glass_sees_the_left_view(pictures) -> None:
    red, green, blue = view_pixels(pictures, "ANAGLYPH")[0, 0]
    assert red == np.float32(0.1)
    assert green == blue == np.float32(0.3)


def test_the_largest_blur_keeps_its_sign(pictures) -> None:
    assert largest_coc_px(pictures.coc_radius_px) == -2.0
