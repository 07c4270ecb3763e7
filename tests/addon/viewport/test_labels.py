"""Texts of the overlay: round marks, and no text over another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_scenes.addon.viewport.labels import (
    legend_marks,
    radius_text,
    spread_down,
)

WIDTH, HEIGHT = 80.0, 16.0
places = st.lists(
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=3
)


@given(places)
def test_no_label_lies_over_another(anchors):
    spread = spread_down(anchors, WIDTH, HEIGHT)
    for index, (x, y) in enumerate(spread):
        for other_x, other_y in spread[:index]:
            apart = abs(x - other_x) >= WIDTH or abs(y - other_y) >= HEIGHT - 1e-6
            assert apart


def test_labels_that_are_apart_stay_where_they_are():
    anchors = [(0.0, 0.0), (0.0, 20.0), (90.0, 0.0)]
    assert spread_down(anchors, WIDTH, HEIGHT) == anchors


def test_labels_of_one_corner_stand_in_a_column_in_their_order():
    spread = spread_down([(5.0, 100.0)] * 3, WIDTH, HEIGHT)
    assert spread == [(5.0, 100.0), (5.0, 84.0), (5.0, 68.0)]


@given(st.floats(1.0, 1e4))
def test_a_legend_has_three_to_seven_even_marks_with_zero_in_the_middle(limit_px):
    marks = legend_marks(limit_px)
    assert 3 <= len(marks) <= 7
    assert marks[len(marks) // 2] == 0
    assert -marks[0] == marks[-1] <= limit_px * (1 + 1e-6)


@pytest.mark.parametrize("limit_px", [1.0, 2.38, 9.9, 31.0, 480.0])
def test_marks_are_told_apart_by_their_texts(limit_px):
    texts = [radius_text(mark) for mark in legend_marks(limit_px)]
    assert len(set(texts)) == len(texts)
