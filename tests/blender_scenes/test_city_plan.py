"""The plans of streets and cities: pure values, checked without bpy."""

import dataclasses
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_scenes.city.cities import CITIES, city_random
from blender_scenes.city.kerb.fixture_sizes import HALF_SIZE_M
from blender_scenes.city.layout import DRIVE_FRAMES, plan_street
from blender_scenes.city.light.atmosphere import setting_random
from blender_scenes.city.plan import (
    FRAMES_PER_SECOND,
    KERB_HEIGHT_M,
    LANE_WIDTH_M,
    SEASONS,
    WEATHERS,
    Footprint,
    Setting,
)
from blender_scenes.city.planning.frontage import FRONT_SAGITTA_M, house_blocks
from blender_scenes.city.planning.neighbourhood import (
    SIDE_STREET_LENGTH_M,
    house_rectangle,
)
from blender_scenes.city.planning.rooms import camera_room
from blender_scenes.spec import SceneSpec

NEAREST_M = 2.5
RED = 0  # variant of a traffic light
# Overscan that a defocused lens may look into.
WIDENED = 1.3
HALF_SENSOR_MM = 18.0
NAMES = ("street-1", "street-2", "street-3", *CITIES, "city-7", "city-42")


@cache
def city(name, frame_range=(1, 4)):
    seed = int(name.split("-")[1])
    return plan_street(SceneSpec(name, seed=seed, frame_range=frame_range))


def standing_footprints(plan):
    return [thing.footprint for thing in plan.fixtures]


def solid_footprints(plan):
    return [
        thing.footprint
        for things in (plan.vehicles, plan.people, plan.riders, plan.fixtures)
        for thing in things
    ]


def front_corners_m(house, road):
    """Return (2, 2): the world's coordinates of both ends of a façade."""
    heading = house.heading_rad + float(road.heading_rad(house.y_m))
    along = np.array([np.cos(heading), np.sin(heading)]) * house.width_m / 2
    return road.world_xy(house.x_m, house.y_m) + np.stack([-along, along])


def street_rows(plan):
    """Return the houses of every block of both sides, in their order along y."""
    for side in (-1, 1):
        for low, high in house_blocks(plan.profile, plan.junctions):
            yield (
                side,
                sorted(
                    (
                        house
                        for house in plan.buildings
                        if house.x_m * side > 0
                        and low < house.y_m < high
                        and abs(house.x_m) < abs(plan.profile.facade_x_m(side)) + 8.0
                        and abs(abs(house.heading_rad) - np.pi / 2) < 0.5
                    ),
                    key=lambda house: house.y_m,
                ),
            )


@pytest.mark.parametrize("name", ["street-5", "city-2", "city-11"])
def test_same_seed_gives_the_same_plan(name):
    spec = SceneSpec(name, seed=5)
    assert plan_street(spec) == plan_street(spec)


def test_different_seeds_give_different_cities():
    first, second = city("city-7"), city("city-42")
    for field in ("buildings", "atmosphere", "vehicles", "camera", "road", "fixtures"):
        assert getattr(first, field) != getattr(second, field)


def test_frame_range_defaults_to_four_frames():
    plan = plan_street(SceneSpec("street"))
    assert (plan.first_frame, plan.last_frame) == (1, 4)


@pytest.mark.parametrize("name", ["street-1", "city-3"])
def test_which_frames_are_asked_for_changes_nothing_else_of_the_plan(name):
    whole = city(name, (1, DRIVE_FRAMES))
    for frame_range in ((1, 4), (7, 7), (200, DRIVE_FRAMES)):
        part = city(name, frame_range)
        assert (part.first_frame, part.last_frame) == frame_range
        first, last = whole.first_frame, whole.last_frame
        assert dataclasses.replace(part, first_frame=first, last_frame=last) == whole


def test_another_setting_leaves_the_street_as_it_stands():
    own = city("city-1")
    other = plan_street(SceneSpec("city-1", 1), Setting("winter", "snow", 12.0))
    assert other.setting == Setting("winter", "snow", 12.0)
    for name in ("road", "profile", "junctions", "camera", "buildings"):
        assert getattr(other, name) == getattr(own, name)


def test_no_traffic_light_on_the_way_is_red():
    lights = [
        fixture
        for fixture in city("city-6").fixtures
        if fixture.kind in ("traffic_light", "mast_light")
    ]
    assert lights
    assert all(light.variant != RED for light in lights)


def test_a_longer_range_has_a_longer_drive():
    plan = city("city-1", (1, 700))
    assert plan.drive_last == 700
    assert plan.end_s == pytest.approx(700 / FRAMES_PER_SECOND)
    assert plan.profile.end_y_m > float(plan.camera.drive.y_m(plan.end_s)) + 150.0


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overlaps_at_any_time(name):
    plan = city(name)
    things = solid_footprints(plan)
    for number, thing in enumerate(things):
        for other in things[number + 1 :]:
            assert not thing.overlaps(other, plan.start_s, plan.end_s), (thing, other)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_enters_the_room_of_the_cameras_car(name):
    plan = city(name)
    own = camera_room(plan.camera)
    for thing in solid_footprints(plan):
        assert not own.overlaps(thing, plan.start_s, plan.end_s), thing


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_the_widened_view_is_nearer_than_two_and_a_half_metres(name):
    plan = city(name)
    slope = WIDENED * HALF_SENSOR_MM / plan.camera.lens_mm
    things = np.array([dataclasses.astuple(f) for f in solid_footprints(plan)])
    centre, half, velocity = things[:, :2], things[:, 2:4], things[:, 4:6]
    rim = _rim_of_square()
    for frame in range(plan.drive_first, plan.drive_last + 1, 5):
        time_s = (frame - 1) / FRAMES_PER_SECOND
        y_m = float(plan.camera.drive.y_m(time_s))
        now = centre + velocity * time_s
        is_near = np.abs(now[:, 1] - y_m) - half[:, 1] < 8.0
        points = now[is_near, None] + rim * half[is_near, None]
        # In the camera's axes: to the right, and along its view.
        offset = plan.road.world_xy(points[..., 0], points[..., 1])
        offset = offset - plan.road.world_xy(plan.camera.x_m, y_m)
        heading = float(plan.road.heading_rad(y_m))
        right = offset @ (np.cos(heading), np.sin(heading))
        ahead = offset @ (-np.sin(heading), np.cos(heading))
        is_seen = (ahead > 0.1) & (np.abs(right) < slope * ahead)
        assert ahead[is_seen].min(initial=np.inf) > NEAREST_M


def _rim_of_square():
    """Return (K, 2) points on the edge of the square from -1 to 1."""
    side = np.linspace(-1.0, 1.0, 41)
    one = np.ones_like(side)
    edges = [(side, one), (side, -one), (one, side), (-one, side)]
    return np.concatenate([np.stack(edge, axis=1) for edge in edges])


@pytest.mark.parametrize("name", NAMES)
def test_camera_stays_within_a_lane_of_its_own_direction(name):
    plan = city(name)
    lane, within = divmod(plan.camera.x_m, LANE_WIDTH_M)
    assert 0 <= lane < plan.profile.lanes_each_way
    assert abs(within - LANE_WIDTH_M / 2) < 0.3


@pytest.mark.parametrize("name", NAMES)
def test_furniture_stands_on_the_pavement_in_a_garden_or_beside_the_lanes(name):
    plan = city(name)
    profile = plan.profile
    lanes_m = profile.lanes_each_way * LANE_WIDTH_M
    for fixture in plan.fixtures:
        place = fixture.footprint
        side = int(np.sign(place.x_m))
        inner, outer = abs(place.x_m) - place.half_x_m, abs(place.x_m) + place.half_x_m
        kerb, facade = abs(profile.kerb_x_m(side)), abs(profile.facade_x_m(side))
        if fixture.ground_z_m == 0.0:
            assert lanes_m - 0.2 <= inner < outer <= kerb, fixture
        elif inner >= facade:
            assert any(
                garden.side == side
                and garden.low_y_m <= place.y_m <= garden.high_y_m
                and outer <= facade + garden.depth_m
                for garden in plan.gardens
            ), fixture
        else:
            assert kerb <= inner < outer <= facade + 1e-6, fixture


@pytest.mark.parametrize("name", NAMES)
def test_everything_stands_on_the_ground_below_it(name):
    plan = city(name)
    for thing in (*plan.fixtures, *plan.people, *plan.riders):
        side = int(np.sign(thing.footprint.x_m)) or 1
        beyond_m = abs(thing.footprint.x_m) - abs(plan.profile.kerb_x_m(side))
        at_side_street = any(
            abs(thing.footprint.y_m - junction.y_m) < junction.half_gap_m
            for junction in plan.junctions
        )
        if beyond_m > 0 and not at_side_street:
            assert thing.ground_z_m >= KERB_HEIGHT_M
        elif beyond_m < 0:
            assert thing.ground_z_m == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_houses_of_a_block_join_corner_to_corner_along_bends(name):
    plan = city(name)
    for side, row in street_rows(plan):
        assert len(row) >= 2
        for house, following in pairwise(row):
            # Seen from the street, +x of a house is down the street on its right.
            far = front_corners_m(house, plan.road)[0 if side > 0 else 1]
            near = front_corners_m(following, plan.road)[1 if side > 0 else 0]
            np.testing.assert_allclose(far, near, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_house_fronts_leave_the_building_line_by_a_hand_at_most(name):
    plan = city(name)
    for _, row in street_rows(plan):
        for house in row:
            corners = front_corners_m(house, plan.road)
            share = np.linspace(0.0, 1.0, 21)[:, None]
            front = corners[0] * (1 - share) + corners[1] * share
            x_m = plan.road.street_xy(front, near_y_m=house.y_m)[:, 0]
            assert np.ptp(x_m) < 2 * FRONT_SAGITTA_M


@pytest.mark.parametrize("name", NAMES)
def test_houses_beside_the_street_keep_out_of_it_and_of_each_other(name):
    plan = city(name)
    rows = {id(house) for _, row in street_rows(plan) for house in row}
    grounds = [
        (id(house) in rows, house_rectangle(house, plan.road))
        for house in (*plan.buildings, *plan.skyline)
    ]
    centre = plan.road.world_xy(
        0.0, np.arange(plan.profile.start_y_m, plan.profile.end_y_m - 20.0, 1.0)
    )
    line = min(abs(plan.profile.facade_x_m(side)) for side in (-1, 1))
    for number, (is_in_row, ground) in enumerate(grounds):
        assert ground.distance_m(centre).min() > line - 2 * FRONT_SAGITTA_M
        small = ground._replace(half_m=ground.half_m - 0.11)
        for other_in_row, other in grounds[number + 1 :]:
            # In bends, neighbours of a row share ground behind their fronts.
            if not (is_in_row and other_in_row):
                assert not small.meets(other)


@pytest.mark.parametrize("name", NAMES)
def test_side_streets_leave_a_straight_stretch_at_right_angles(name):
    plan = city(name)
    for junction in plan.junctions:
        y = junction.y_m + np.linspace(-1.0, 1.0, 21) * (junction.half_gap_m + 10.0)
        np.testing.assert_array_equal(plan.road.curvature_per_m(y), 0.0)
        assert junction.y_m + junction.half_gap_m < plan.profile.end_y_m - 20.0
    assert SIDE_STREET_LENGTH_M > 40.0


@pytest.mark.parametrize("name", NAMES)
def test_houses_close_the_street_at_its_far_end(name):
    plan = city(name)
    end_m = plan.profile.end_y_m
    for x_m in np.linspace(-12.0, 12.0, 9):
        spot = plan.road.world_xy(x_m, end_m + 4.0)
        assert any(
            house_rectangle(house, plan.road).distance_m(spot) == 0.0
            for house in plan.buildings
        )


@pytest.mark.parametrize("name", NAMES)
def test_wires_end_at_houses_that_are_high_enough(name):
    plan = city(name)
    for x_m, y_m, z_m in {
        end for wire in plan.wires for end in (wire.start_m, wire.end_m)
    }:
        side = 1 if x_m > 0 else -1
        if abs(x_m - plan.profile.facade_x_m(side)) > 1e-6:
            continue
        spot = plan.road.world_xy(x_m + 0.5 * side, y_m)
        held = [
            house
            for house in plan.buildings
            if house_rectangle(house, plan.road).distance_m(spot) == 0.0
        ]
        assert held, (x_m, y_m)
        # The second floor's windows are higher than any wire.
        assert all(house.floors >= 3 and z_m < 7.5 for house in held)


def test_houses_rise_towards_a_centre_ahead_of_the_drive():
    for name in CITIES:
        plan = city(name)
        travel_m = float(plan.camera.drive.y_m(plan.end_s))
        along = [h.floors for h in plan.buildings if h.y_m < travel_m]
        ahead = [h.floors for h in plan.buildings if h.y_m > plan.profile.end_y_m - 40]
        assert max(along) <= 7
        assert np.mean(ahead) > np.mean(along) + 4.0
        assert len(plan.skyline) >= 8


def test_close_things_fill_the_foreground():
    for name in NAMES:
        plan = city(name)
        near = [f for f in solid_footprints(plan) if 2.5 < f.y_m < 14.0]
        assert len(near) >= 8


def test_every_kind_of_furniture_has_a_size():
    kinds = {fixture.kind for name in NAMES for fixture in city(name).fixtures}
    assert kinds <= set(HALF_SIZE_M)
    assert len(kinds) >= 30


def test_named_cities_differ_in_season_weather_and_hour():
    seen = [named.setting for named in CITIES.values()]
    assert list(CITIES) == [f"city-{number}" for number in range(1, 7)]
    assert len(set(seen)) == 6
    assert {setting.season for setting in seen} == set(SEASONS)
    assert {"clear", "rain", "fog", "snow"} <= {setting.weather for setting in seen}
    lit = [city(name).atmosphere.lamps_lit for name in CITIES]
    assert lit.count(1.0) == 1


def test_cities_bend_and_plain_streets_do_not():
    for name in CITIES:
        assert city(name).road.bends
    assert not city("street-1").road.bends
    sharpest = max(
        abs(bend.turn_rad) for name in CITIES for bend in city(name).road.bends
    )
    assert sharpest > 1.0


def test_drawn_settings_have_the_weather_of_their_season():
    rng = np.random.default_rng(7)
    seen = [setting_random(rng) for _ in range(300)]
    assert {setting.season for setting in seen} == set(SEASONS)
    assert {setting.weather for setting in seen} == set(WEATHERS)
    assert all(s.season == "winter" for s in seen if s.weather == "snow")


def test_drawn_cities_differ():
    rng = np.random.default_rng(8)
    drawn = [city_random(rng) for _ in range(40)]
    assert {one.lanes_each_way for one in drawn} == {1, 2}
    assert any(one.garden_share for one in drawn)
    assert any(one.sharp_turn_rad > 0 for one in drawn)
    assert any(one.sharp_turn_rad < 0 for one in drawn)


@given(
    speed=st.floats(-12, 12),
    gap=st.floats(-30, 30),
    sideways=st.floats(-4, 4),
)
@settings(max_examples=60, deadline=None)
def test_overlap_in_time_agrees_with_stepping_through_time(speed, gap, sideways):
    standing = Footprint(0.0, 0.0, 1.0, 2.0)
    moving = Footprint(sideways, gap, 1.0, 2.0, 0.0, speed)
    times = np.linspace(0.0, 2.0, 2001)
    distance = np.abs(gap + speed * times)
    stepped = bool(((distance < 4.0 - 1e-2) & (abs(sideways) < 2.0 - 1e-9)).any())
    loose = bool(((distance < 4.0 + 1e-2) & (abs(sideways) < 2.0 + 1e-9)).any())
    assert stepped <= standing.overlaps(moving, 0.0, 2.0) <= loose
