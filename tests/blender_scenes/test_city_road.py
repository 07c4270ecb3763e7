"""The centreline of a street: checked without bpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_scenes.city.planning.rectangles import rectangle
from blender_scenes.city.road import MIN_RADIUS_M, Bend, Road
from blender_scenes.city.shapes.bending import bent, cuts
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import level_quads

STEP_M = 1e-3


@st.composite
def roads(draw):
    bends, y_m = [], 0.0
    for _ in range(draw(st.integers(0, 3))):
        start_m = y_m + draw(st.floats(0.0, 60.0))
        turn_rad = draw(st.floats(-1.5, 1.5))
        radius_m = draw(st.floats(MIN_RADIUS_M, 200.0))
        length_m = max(2.0 * radius_m * abs(turn_rad), 5.0)
        bends.append(Bend(start_m, length_m, turn_rad))
        y_m = bends[-1].end_m
    return Road(tuple(bends))


def places(road):
    end_m = road.bends[-1].end_m if road.bends else 100.0
    return np.linspace(-30.0, end_m + 30.0, 201)


@given(road=roads())
@settings(max_examples=40, deadline=None)
def test_the_tangent_of_the_centreline_is_its_heading(road):
    y = places(road)
    tangent = (road.world_xy(0.0, y + STEP_M) - road.world_xy(0.0, y - STEP_M)) / (
        2 * STEP_M
    )
    heading = road.heading_rad(y)
    expected = np.stack([-np.sin(heading), np.cos(heading)], axis=-1)
    # The curvature changes by at most 0.02 per metre over the step.
    np.testing.assert_allclose(tangent, expected, atol=1e-6)


@given(road=roads())
@settings(max_examples=40, deadline=None)
def test_the_centreline_has_unit_speed_and_no_jumps(road):
    y = places(road)
    step = np.linalg.norm(road.world_xy(0.0, y + 0.1) - road.world_xy(0.0, y), axis=1)
    # An arc of 0.1 m on 25 m radius is longer than its chord by 1e-7 m.
    np.testing.assert_allclose(step, 0.1, atol=2e-7)


@given(road=roads())
@settings(max_examples=40, deadline=None)
def test_heading_is_continuous_and_turns_no_faster_than_the_smallest_radius(road):
    y = places(road)
    turned = road.heading_rad(y + STEP_M) - road.heading_rad(y)
    assert np.abs(turned).max() <= STEP_M / MIN_RADIUS_M * (1 + 1e-6)
    np.testing.assert_allclose(
        turned / STEP_M, road.curvature_per_m(y + STEP_M / 2), atol=1e-6
    )


@given(road=roads(), x=st.floats(-10.0, 10.0))
@settings(max_examples=40, deadline=None)
def test_street_axes_are_found_again_from_the_world(road, x):
    y = places(road)
    found = road.street_xy(road.world_xy(x, y), near_y_m=y + 1.0)
    np.testing.assert_allclose(found, np.stack([np.full_like(y, x), y], 1), atol=1e-7)


@given(road=roads(), x=st.floats(-10.0, 10.0))
@settings(max_examples=40, deadline=None)
def test_the_way_beside_the_centreline_is_stretched_as_told(road, x):
    y = places(road)
    step = (road.world_xy(x, y + STEP_M) - road.world_xy(x, y - STEP_M)) / (2 * STEP_M)
    np.testing.assert_allclose(
        np.linalg.norm(step, axis=1), road.stretch(x, y), atol=1e-5
    )


def test_a_road_is_the_world_itself_up_to_its_first_bend():
    road = Road((Bend(20.0, 80.0, 0.5),))
    points = np.array([(3.0, -12.0), (-5.0, 0.0), (1.0, 19.9)])
    np.testing.assert_allclose(road.world_xy(*points.T), points, atol=1e-12)
    assert road.heading_rad([-5.0, 0.0, 20.0]).tolist() == [0.0, 0.0, 0.0]


def test_a_left_bend_turns_left_and_the_left_side_is_its_inside():
    road = Road((Bend(0.0, 100.0, np.pi / 2),))
    assert road.heading_rad(120.0) == pytest.approx(np.pi / 2)
    assert road.world_xy(0.0, 150.0)[0] < 0
    assert road.stretch(-5.0, 50.0) < 1 < road.stretch(5.0, 50.0)
    # Beyond the bend the street leads towards -x, and its right side is +y.
    before, beyond = road.world_xy(0.0, 110.0), road.world_xy(4.0, 110.0)
    np.testing.assert_allclose(beyond - before, (0.0, 4.0), atol=1e-9)


def test_things_stand_upright_and_turn_with_the_road():
    road = Road((Bend(0.0, 100.0, 0.6),))
    matrix = road.placement(2.0, 150.0, 0.3, heading_rad=0.2, scale=2.0)
    np.testing.assert_allclose(matrix[:2, 3], road.world_xy(2.0, 150.0))
    assert matrix[2, 3] == 0.3
    np.testing.assert_allclose(
        matrix[:3, :3] @ matrix[:3, :3].T, 4 * np.eye(3), atol=1e-12
    )
    assert np.arctan2(matrix[1, 0], matrix[0, 0]) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("bend", "message"),
    [
        ((-1.0, 50.0, 0.1), "start_m"),
        ((0.0, 0.0, 0.1), "length_m"),
        ((0.0, 40.0, 1.0), "radius"),
    ],
)
def test_impossible_bends_are_refused(bend, message):
    with pytest.raises(ValueError, match=message):
        Bend(*bend)


def test_overlapping_bends_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        Road((Bend(0.0, 60.0, 0.2), Bend(50.0, 60.0, 0.2)))


def test_bent_ground_remembers_its_street_axes():
    road = Road((Bend(0.0, 100.0, 0.8),))
    builder = MeshBuilder()
    y = cuts(0.0, 120.0)
    builder.add(level_quads(-3.0, 3.0, y[:-1], y[1:], 0.5), "asphalt")
    flat = builder.mesh()
    mesh = bent(flat, road)
    np.testing.assert_array_equal(mesh.street_m, flat.vertices)
    np.testing.assert_array_equal(mesh.vertices[:, 2], flat.vertices[:, 2])
    expected = road.world_xy(*flat.vertices[:, :2].T)
    np.testing.assert_allclose(mesh.vertices[:, :2], expected, atol=1e-4)


def test_pieces_of_ground_are_short_enough_for_a_bend():
    edges = cuts(3.0, 47.5)
    assert (edges[0], edges[-1]) == (3.0, 47.5)
    assert 0 < np.diff(edges).min() <= np.diff(edges).max() <= 2.0


@given(x=st.floats(-4.0, 4.0), y=st.floats(-4.0, 4.0), heading=st.floats(-np.pi, np.pi))
@settings(max_examples=60, deadline=None)
def test_rectangles_meet_where_their_points_do(x, y, heading):
    first = rectangle((0.0, 0.0), 0.3, (2.0, 1.0))
    second = rectangle((x, y), heading, (1.5, 0.5))
    share = np.stack(np.meshgrid(*[np.linspace(-1, 1, 61)] * 2), -1).reshape(-1, 2)
    points = second.centre_m + (share * second.half_m) @ second.axes
    has_common_point = bool((first.distance_m(points) == 0.0).any())
    # Sampled points may miss a corner that just reaches in.
    assert first.meets(second) or not has_common_point
    assert (
        has_common_point
        or first.distance_m(points).min() < 0.06
        or not (first.meets(second))
    )
