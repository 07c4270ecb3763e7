"""The plan of a street: pure values, checked without bpy."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_scenes.city.kerbside import HALF_SIZE_M
from blender_scenes.city.layout import plan_street
from blender_scenes.city.plan import FRAMES_PER_SECOND, LANE_WIDTH_M, Footprint
from blender_scenes.city.traffic import camera_footprint
from blender_scenes.spec import SceneSpec

NEAREST_M = 2.5
# Overscan that a defocused lens may look into.
WIDENED = 1.3
HALF_SENSOR_MM = 18.0
SEEDS = range(6)


def street(seed, frame_range=(1, 4)):
    return plan_street(SceneSpec("street", seed=seed, frame_range=frame_range))


def solid_footprints(plan):
    return [
        *(car.footprint for car in plan.vehicles),
        *(person.footprint for person in plan.people),
        *(fixture.footprint for fixture in plan.fixtures),
    ]


def test_same_seed_gives_the_same_plan():
    assert street(5) == street(5)


def test_different_seeds_give_different_streets():
    first, second = street(1), street(2)
    assert first.buildings != second.buildings
    assert first.atmosphere != second.atmosphere
    assert first.vehicles != second.vehicles
    assert first.camera != second.camera


def test_frame_range_defaults_to_four_frames():
    plan = plan_street(SceneSpec("street"))
    assert (plan.first_frame, plan.last_frame) == (1, 4)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("frame_range", [(1, 4), (10, 120)])
def test_nothing_overlaps_at_any_time(seed, frame_range):
    plan = street(seed, frame_range)
    things = solid_footprints(plan)
    for number, thing in enumerate(things):
        for other in things[number + 1 :]:
            assert not thing.overlaps(other, plan.start_s, plan.end_s), (thing, other)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("frame_range", [(1, 4), (1, 120)])
def test_nothing_enters_the_room_of_the_cameras_car(seed, frame_range):
    plan = street(seed, frame_range)
    own = camera_footprint(plan.camera)
    for thing in solid_footprints(plan):
        assert not own.overlaps(thing, plan.start_s, plan.end_s), thing


@pytest.mark.parametrize("seed", range(12))
def test_nothing_in_the_widened_view_is_nearer_than_two_and_a_half_metres(seed):
    plan = street(seed, (1, 24))
    slope = WIDENED * HALF_SENSOR_MM / plan.camera.lens_mm
    frames = np.arange(-1, 26) / FRAMES_PER_SECOND
    for time_s in frames:
        camera_y_m = plan.camera.speed_m_s * time_s
        for thing in solid_footprints(plan):
            x_m = thing.x_m + thing.velocity_x_m_s * time_s - plan.camera.x_m
            y_m = thing.y_m + thing.velocity_y_m_s * time_s - camera_y_m
            lateral_m = max(0.0, abs(x_m) - thing.half_x_m)
            # The part of the box that comes into view nearest of all.
            enters_m = max(y_m - thing.half_y_m, lateral_m / slope)
            if enters_m < y_m + thing.half_y_m:
                assert enters_m > NEAREST_M, thing


@pytest.mark.parametrize("seed", SEEDS)
def test_camera_stays_within_a_lane_of_its_own_direction(seed):
    plan = street(seed)
    lane, within = divmod(plan.camera.x_m, LANE_WIDTH_M)
    assert 0 <= lane < plan.profile.lanes_each_way
    assert abs(within - LANE_WIDTH_M / 2) < 0.3


@pytest.mark.parametrize("seed", SEEDS)
def test_oncoming_cars_drive_on_the_left_and_our_direction_on_the_right(seed):
    for car in street(seed).vehicles:
        speed = car.footprint.velocity_y_m_s
        if speed:
            assert np.sign(speed) == np.sign(car.footprint.x_m)


@pytest.mark.parametrize("seed", SEEDS)
def test_furniture_and_walkers_stand_on_the_pavement(seed):
    plan = street(seed)
    profile = plan.profile
    people = [p.footprint for p in plan.people if p.ground_z_m > 0]
    for thing in [*people, *(f.footprint for f in plan.fixtures)]:
        side = int(np.sign(thing.x_m))
        kerb, facade = abs(profile.kerb_x_m(side)), abs(profile.facade_x_m(side))
        assert abs(thing.x_m) - thing.half_x_m >= kerb
        assert abs(thing.x_m) + thing.half_x_m <= facade + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_neighbouring_houses_touch_but_do_not_overlap(seed):
    plan = street(seed)
    for side in (-1, 1):
        line = plan.profile.facade_x_m(side)
        row = sorted(
            (b.y_m - b.width_m / 2, b.y_m + b.width_m / 2)
            for b in plan.buildings
            if b.x_m == line
        )
        for (_, end), (start, _) in pairwise(row):
            assert start >= end - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_houses_stand_behind_the_building_line_at_their_front(seed):
    plan = street(seed)
    for house in plan.buildings:
        if house.y_m < plan.profile.end_y_m:
            side = int(np.sign(house.x_m))
            assert abs(house.x_m) >= abs(plan.profile.facade_x_m(side))


def test_close_things_fill_the_foreground():
    for seed in SEEDS:
        plan = street(seed)
        near = [f for f in solid_footprints(plan) if 2.5 < f.y_m < 14.0]
        assert len(near) >= 8


def test_every_kind_of_furniture_has_a_size():
    kinds = {fixture.kind for seed in SEEDS for fixture in street(seed).fixtures}
    assert kinds <= set(HALF_SIZE_M)
    assert len(kinds) >= 12


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
