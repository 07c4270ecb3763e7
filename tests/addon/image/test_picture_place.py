"""Where a picture lies in its editor, and what is drawn where."""

import pytest

from blender_scenes.addon.image.picture_place import (
    Bounds,
    PicturePlace,
    box_beside,
    free_bounds,
    place_of,
)


@pytest.fixture
def place() -> PicturePlace:
    """A picture of 4 x 3 pixels, each drawn 10 pixels large, moved by (100, 50)."""
    return PicturePlace(100, 50, 140, 80, width_px=4, height_px=3)


def test_the_top_row_is_row_zero(place) -> None:
    assert place.pixel_under(105, 79) == (0, 0)
    assert place.pixel_under(135, 51) == (2, 3)


@pytest.mark.parametrize("point", [(99, 60), (141, 60), (110, 49), (110, 81)])
def test_there_is_no_pixel_beside_the_picture(place, point) -> None:
    assert place.pixel_under(*point) is None


def test_the_line_is_drawn_on_the_border_of_two_columns(place) -> None:
    assert [place.x_of_line(column) for column in (0, 1, 4)] == [100, 110, 140]


def test_the_line_follows_the_mouse_up_to_the_edges(place) -> None:
    assert [place.position_at(x) for x in (0, 100, 110, 140, 999)] == [0, 0, 0.25, 1, 1]


@pytest.mark.parametrize("zoom", [0.1, 1.0, 8.0])
@pytest.mark.parametrize("pan", [(0.0, 0.0), (-350.0, 20.5)])
def test_the_corners_of_the_region_tell_the_place_at_any_zoom(zoom, pan) -> None:
    region, picture = (200, 100), (40, 30)

    def to_picture(x, y):
        return (x - pan[0]) / (40 * zoom), (y - pan[1]) / (30 * zoom)

    place = place_of((to_picture(0, 0), to_picture(*region)), region, picture)
    edges = (place.left, place.bottom, place.right, place.top)
    expected = (pan[0], pan[1], pan[0] + 40 * zoom, pan[1] + 30 * zoom)
    assert edges == pytest.approx(expected)


def test_the_read_out_stays_clear_of_the_sidebar() -> None:
    free = Bounds(0, 0, 75, 100)
    x, y = box_beside((60, 50), (20, 10), free, gap=5)
    assert (x, y) == (35, 35)


def test_the_read_out_stays_above_the_bottom() -> None:
    assert box_beside((10, 3), (20, 10), Bounds(0, 0, 99, 99), gap=5) == (15, 8)


def test_nothing_over_a_region_leaves_all_of_it() -> None:
    assert free_bounds((100, 80), []) == Bounds(0, 0, 100, 80)


def test_toolbar_sidebar_and_headers_are_left_free() -> None:
    others = [(0, 0, 12, 70), (70, 0, 30, 80), (0, 70, 100, 10), (0, 0, 100, 5)]
    assert free_bounds((100, 80), others) == Bounds(12, 5, 70, 70)
