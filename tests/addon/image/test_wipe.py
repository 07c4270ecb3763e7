"""The composed picture of the wipe."""

import numpy as np
import pytest

from blender_scenes.addon.image.wipe import line_column, wiped

FIRST = np.full((3, 5, 3), 1.0, np.float32)
SECOND = np.full((3, 5, 3), 2.0, np.float32)


@pytest.mark.parametrize("column", range(6))
def test_the_first_view_is_left_of_the_line(column) -> None:
    picture = wiped(FIRST, SECOND, column)
    assert (picture[:, :column] == 1.0).all()
    assert (picture[:, column:] == 2.0).all()


def test_the_views_stay_as_they_were() -> None:
    wiped(FIRST, SECOND, 3)
    assert (SECOND == 2.0).all()


def test_views_of_different_size_are_refused() -> None:
    with pytest.raises(ValueError, match="one shape"):
        wiped(FIRST, SECOND[:2], 1)


@pytest.mark.parametrize(("position", "column"), [(-1, 0), (0, 0), (0.3, 3), (2, 10)])
def test_the_line_stays_inside_the_picture(position, column) -> None:
    assert line_column(position, 10) == column
