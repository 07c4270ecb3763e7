"""Everything that moves in the city: pure paths, checked without bpy."""

from functools import cache

import numpy as np
import pytest

from blender_scenes.city.layout import plan_street
from blender_scenes.city.motion.drive import (
    MAX_SPEED_M_S,
    MIN_SPEED_M_S,
    Drive,
    drive_random,
)
from blender_scenes.city.motion.paths import (
    camera_pose,
    distance_m,
    is_within_street,
    placements,
    quaternions,
    street_xy,
    walking_height_m,
)
from blender_scenes.city.people.riders import rider_size_m
from blender_scenes.city.plan import (
    FRAMES_PER_SECOND,
    KERB_HEIGHT_M,
    Footprint,
    frame_time_s,
)
from blender_scenes.city.planning.rooms import camera_room
from blender_scenes.city.road import Bend, Road
from blender_scenes.city.vehicles.vehicles import vehicle_label, vehicle_size_m
from blender_scenes.spec import SceneSpec

NAMED = [(f"city-{n}", n) for n in range(1, 7)]
OTHERS = [(f"city-{n}", n) for n in (11, 23, 31, 48, 57, 77, 95)]
FRAMES = np.arange(0, 402)
TIMES_S = (FRAMES - 1) / FRAMES_PER_SECOND
# A person's solid: shoulders, and chest to back or a stride.
SHOULDERS_M, CHEST_M, STRIDE_M = 0.6, 0.36, 0.9
OWN_CAR_HALF_M = (0.95, 2.3)
BENT = Road((Bend(20.0, 60.0, 0.9), Bend(90.0, 50.0, -0.6)))


@cache
def city(name, seed):
    return plan_street(SceneSpec(name, seed=seed, frame_range=(1, 400)))


@pytest.fixture(params=NAMED + OTHERS, ids=lambda pair: pair[0])
def plan(request):
    return city(*request.param)


def solids(plan):
    """Return footprint, heading and own half sizes across and along of all things."""
    things = [
        (v.footprint, v.heading_rad, vehicle_size_m(v.model)[:2]) for v in plan.vehicles
    ]
    things += [(r.footprint, r.heading_rad, rider_size_m(r.kind)) for r in plan.riders]
    things += [
        (
            p.footprint,
            p.heading_rad,
            (SHOULDERS_M, STRIDE_M if p.is_walking else CHEST_M),
        )
        for p in plan.people
    ]
    return [(box, heading, np.array(size) / 2) for box, heading, size in things]


def rectangles(plan):
    """Return centres (T, N, 2), headings (T, N) and half sizes (N, 2), world axes.

    The camera's own car is the last. Written with nothing but the centreline.
    """
    centres, headings, halves = [], [], []
    for box, heading, half in solids(plan):
        x = box.x_m + box.velocity_x_m_s * TIMES_S
        y = box.y_m + box.velocity_y_m_s * TIMES_S
        centres.append(plan.road.world_xy(x, y))
        headings.append(heading + plan.road.heading_rad(y))
        halves.append(half)
    own_y = plan.camera.drive.y_m(TIMES_S)
    centres.append(plan.road.world_xy(plan.camera.x_m, own_y))
    headings.append(plan.road.heading_rad(own_y))
    halves.append(OWN_CAR_HALF_M)
    return np.stack(centres, 1), np.stack(headings, 1), np.array(halves)


def touching(centres, headings, halves):
    """Return pairs (M, 2) of rectangles that overlap at one time: separating axes."""
    radius = np.linalg.norm(halves, axis=1)
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=-1)
    first, second = np.nonzero(np.triu(apart < radius[:, None] + radius[None], 1))
    cosine, sine = np.cos(headings), np.sin(headings)
    axes = np.stack([np.stack([cosine, sine], -1), np.stack([-sine, cosine], -1)], 1)
    overlaps = np.ones(len(first), bool)
    gap = centres[second] - centres[first]
    for owner in (first, second):
        for index in range(2):
            axis = axes[owner, index]
            reach = sum(
                halves[who, k] * np.abs(np.einsum("mi,mi->m", axes[who, k], axis))
                for who in (first, second)
                for k in range(2)
            )
            overlaps &= np.abs(np.einsum("mi,mi->m", gap, axis)) < reach
    return np.stack([first, second], 1)[overlaps]


def test_nothing_touches_in_the_world_at_any_frame_of_the_drive(plan):
    centres, headings, halves = rectangles(plan)
    for number, frame in enumerate(FRAMES):
        pairs = touching(centres[number], headings[number], halves)
        assert not len(pairs), (frame, pairs)


def test_rectangles_that_overlap_are_found():
    halves = np.array([[1.0, 2.0], [1.0, 2.0]])
    apart = np.array([[0.0, 0.0], [2.1, 0.0]])
    assert not len(touching(apart, np.zeros(2), halves))
    assert len(touching(apart, np.array([0.0, 0.5]), halves))


def test_footprints_are_apart_at_all_times(plan):
    boxes = [box for box, _, _ in solids(plan)]
    fixtures = [fixture.footprint for fixture in plan.fixtures]
    own = camera_room(plan.camera)
    for number, box in enumerate(boxes):
        assert not own.overlaps(box, plan.start_s, plan.end_s)
        for other in (*boxes[number + 1 :], *fixtures):
            assert not box.overlaps(other, plan.start_s, plan.end_s), (box, other)


def test_footprints_hold_their_things_in_bends(plan):
    edge = np.array([(u, v) for u in (-1, 0, 1) for v in (-1, -0.5, 0, 0.5, 1)])
    places, points, rooms = [], [], []
    for box, heading, half in solids(plan):
        for time_s in (0.0, 4.0, 9.0):
            x, y = street_xy(box, time_s)
            if not is_within_street(plan.profile, x, y):
                continue
            turn = heading + float(plan.road.heading_rad(y))
            right = np.array([np.cos(turn), np.sin(turn)])
            ahead = np.array([-np.sin(turn), np.cos(turn)])
            places.append((x, y))
            rooms.append((box.half_x_m, box.half_y_m))
            points.append(
                plan.road.world_xy(x, y)
                + edge[:, :1] * half[0] * right
                + edge[:, 1:] * half[1] * ahead
            )
    places, rooms = np.array(places)[:, None], np.array(rooms)[:, None]
    street = plan.road.street_xy(points, near_y_m=places[..., 1])
    assert (np.abs(street - places) <= rooms + 1e-3).all()


def test_camera_drives_at_city_speeds_and_accelerates_gently(plan):
    location, rotation = camera_pose(plan.camera, plan.road, TIMES_S)
    steps = np.diff(location[:, :2], axis=0) * FRAMES_PER_SECOND
    speed = np.linalg.norm(steps, axis=1)
    # A lane beside the centreline is a little longer or shorter in a bend.
    assert speed.min() > MIN_SPEED_M_S * 0.9
    assert speed.max() < MAX_SPEED_M_S * 1.1
    # Over a quarter of a second, beyond the sway of the car.
    assert np.abs((speed[6:] - speed[:-6]) * FRAMES_PER_SECOND / 6).max() < 3.0
    yaw = np.unwrap(rotation[:, 2])
    assert np.abs(np.diff(yaw)).max() * FRAMES_PER_SECOND < 0.6
    tangent = np.unwrap(np.arctan2(-steps[:, 0], steps[:, 1]))
    assert np.abs(yaw[:-1] - tangent).max() < 0.2


@pytest.mark.parametrize("seed", range(8))
def test_a_drive_is_at_zero_at_time_zero_and_slower_in_tight_bends(seed):
    tight = Road((Bend(60.0, 60.0, 1.2),))
    drive = drive_random(
        np.random.default_rng(seed), tight, 1.5, 12.0, -1 / 24, 402 / 24
    )
    assert float(drive.y_m(0.0)) == pytest.approx(0.0, abs=1e-12)
    times = np.linspace(0.0, 402 / 24, 2000)
    y, speed = drive.y_m(times), drive.speed_m_s(times)
    np.testing.assert_allclose(np.gradient(y, times)[1:-1], speed[1:-1], atol=1e-3)
    in_bend = np.abs(y - 90.0) < 5.0
    assert speed[in_bend].max() < 8.6 < 10.5 < speed.max()
    sideways = speed**2 * np.abs(tight.curvature_per_m(y))
    assert sideways.max() < 2.9
    acceleration = np.gradient(speed, times)
    assert acceleration.min() > -2.0
    assert acceleration.max() < 1.5


def test_a_drive_of_even_controls_is_uniform_also_beyond_its_ends():
    drive = Drive(-0.5, 0.5, tuple(4.0 * n for n in range(10)))
    times = np.linspace(-3.0, 9.0, 50)
    np.testing.assert_allclose(drive.speed_m_s(times), 8.0, rtol=1e-12)
    np.testing.assert_allclose(np.diff(drive.y_m(times)) / np.diff(times), 8.0)


def test_a_drive_stays_within_its_chord_error():
    rng = np.random.default_rng(4)
    drive = drive_random(rng, BENT, 1.5, 11.0, -0.1, 12.0)
    knots = drive.knots_s()
    between = np.linspace(knots[0], knots[-1], 3001)
    chord = np.interp(between, knots, drive.y_m(knots))
    assert np.abs(drive.y_m(between) - chord).max() <= drive.chord_error_m()


def test_traffic_and_people_are_ahead_of_the_camera_during_the_whole_drive(plan):
    moving = [v.footprint for v in plan.vehicles if v.is_moving]
    moving += [r.footprint for r in plan.riders]
    on_foot = [p.footprint for p in plan.people]
    for time_s in np.linspace(0.0, plan.end_s, 9):
        own_y = float(plan.camera.drive.y_m(time_s))

        def ahead(boxes, far_m, time_s=time_s, own_y=own_y):
            places = np.array([street_xy(box, time_s) for box in boxes])
            seen = is_within_street(plan.profile, *places.T)
            return int(
                (seen & (np.abs(places[:, 1] - own_y - far_m / 2) < far_m / 2)).sum()
            )

        assert ahead(moving, 150.0) >= 2
        assert ahead(on_foot, 90.0) >= 2


def test_all_kinds_of_traffic_occur():
    plans = [city(*pair) for pair in NAMED + OTHERS]
    labels = {vehicle_label(v.model) for p in plans for v in p.vehicles if v.is_moving}
    assert labels == {"Car", "Truck", "Bus"}
    assert {r.kind for p in plans for r in p.riders} == {"bicycle", "motorcycle"}
    assert any(v.footprint.velocity_x_m_s for p in plans for v in p.vehicles)
    crossing = [q for p in plans for q in p.people if abs(np.sin(q.heading_rad)) > 0.5]
    assert any(person.is_walking for person in crossing)
    assert any(not person.is_walking for person in crossing)


def test_things_look_where_they_go(plan):
    for thing in (*plan.vehicles, *plan.people, *plan.riders):
        velocity = np.array(
            [thing.footprint.velocity_x_m_s, thing.footprint.velocity_y_m_s]
        )
        if velocity.any():
            ahead = (-np.sin(thing.heading_rad), np.cos(thing.heading_rad))
            assert velocity @ ahead == pytest.approx(np.linalg.norm(velocity))


def test_things_vanish_only_behind_the_camera(plan):
    own_y = plan.camera.drive.y_m(TIMES_S)
    for box, _, _ in solids(plan):
        x, y = street_xy(box, TIMES_S)
        is_here = is_within_street(plan.profile, x, y)
        gone = is_here[:-1] & ~is_here[1:]
        assert (y < own_y)[1:][gone].all()


def test_walkers_keep_to_pavements_and_crossings(plan):
    for person in plan.people:
        x, y = street_xy(person.footprint, TIMES_S)
        height = walking_height_m(plan.profile, plan.junctions, x, y)
        side = int(np.sign(person.footprint.x_m))
        is_beside = [
            np.abs(np.abs(y - j.y_m) - j.half_road_m) < j.pavement_m
            for j in plan.junctions
        ]
        on_road = height < KERB_HEIGHT_M / 2
        across = np.any(
            [np.abs(y - j.y_m) <= j.half_road_m for j in plan.junctions], axis=0
        )
        # On a carriageway only where side streets or their crossings are.
        assert (across | np.any(is_beside, axis=0))[on_road].all()
        if person.footprint.velocity_x_m_s == 0.0:
            low, high = sorted(
                map(abs, (plan.profile.kerb_x_m(side), plan.profile.facade_x_m(side)))
            )
            assert low < abs(person.footprint.x_m) < high


def test_the_ground_below_a_walker_is_road_between_kerbs():
    plan = city(*NAMED[0])
    junction = plan.junctions[0]
    kerb_m = plan.profile.kerb_x_m(1)

    def height(x, y):
        return float(walking_height_m(plan.profile, plan.junctions, x, y))

    beside = junction.y_m + junction.half_road_m + 2.0
    assert height(0.0, beside) == 0.0
    assert height(kerb_m + 1.0, beside) == KERB_HEIGHT_M
    assert height(kerb_m + 1.0, junction.y_m) == 0.0
    assert height(plan.profile.kerb_x_m(-1) - 1.0, beside) == KERB_HEIGHT_M


@pytest.mark.parametrize(
    "velocity",
    [(0.0, 9.0), (0.0, -7.0), (1.4, 0.0)],
    ids=["ahead", "oncoming", "across"],
)
def test_distance_is_the_length_of_the_path_over_ground(velocity):
    box = Footprint(-5.0, 25.0, 1.0, 2.0, *velocity)
    times = np.linspace(0.0, 5.0, 20001)
    places = placements(BENT, box, 0.0, 0.0, times)[:, :2, 3]
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    np.testing.assert_allclose(
        distance_m(BENT, box, times)[1:], np.cumsum(steps), atol=1e-4
    )
    assert distance_m(BENT, box, -1.0) < 0 == distance_m(BENT, box, 0.0)


def test_placements_agree_with_the_road():
    box = Footprint(3.0, 10.0, 1.0, 2.0, 0.0, 8.0)
    times = np.array([0.0, 2.5, 6.0])
    for time_s, matrix in zip(
        times, placements(BENT, box, 0.3, 0.1, times), strict=True
    ):
        expected = BENT.placement(3.0, 10.0 + 8.0 * time_s, 0.1, heading_rad=0.3)
        np.testing.assert_allclose(matrix, expected, atol=1e-12)


def test_quaternions_turn_as_their_matrices_and_never_flip():
    angle = np.linspace(0.0, 9 * np.pi, 200)
    cosine, sine, zero = np.cos(angle), np.sin(angle), np.zeros_like(angle)
    about_x = np.stack(
        [zero + 1, zero, zero, zero, cosine, -sine, zero, sine, cosine], -1
    ).reshape(-1, 3, 3)
    tilt = np.array([[0.6, -0.8, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 1.0]])
    matrices = tilt @ about_x
    found = quaternions(matrices)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0)
    assert (np.einsum("ti,ti->t", found[1:], found[:-1]) > 0.9).all()
    w, x, y, z = found.T
    # The middle row and column of a rotation matrix from its quaternion.
    np.testing.assert_allclose(matrices[:, 1, 1], 1 - 2 * (x * x + z * z), atol=1e-12)
    np.testing.assert_allclose(matrices[:, 0, 1], 2 * (x * y - w * z), atol=1e-12)
    np.testing.assert_allclose(matrices[:, 2, 1], 2 * (y * z + w * x), atol=1e-12)


def test_time_zero_is_frame_one():
    assert frame_time_s(1) == 0.0
    assert frame_time_s(25) == 1.0
