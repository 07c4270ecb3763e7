"""People and riders: joints, steps, wheels and sizes; no Blender."""

import numpy as np
import pytest

from blender_scenes.city.people.bicycles import GEAR, WHEEL_RADIUS_M
from blender_scenes.city.people.motorcycles import motorcycle_parts
from blender_scenes.city.people.outfits import IDLE_POSES, outfit_random
from blender_scenes.city.people.people import (
    gait,
    person_mesh,
    person_parts,
    person_pose,
    person_random,
)
from blender_scenes.city.people.riders import (
    RIDER_KINDS,
    rider_parts,
    rider_pose,
    rider_random,
    rider_size_m,
)
from blender_scenes.city.people.skeleton import BONES, LEGS, PARENTS, Body
from blender_scenes.city.plan import Footprint, Person, Rider

HEIGHTS_M = (1.15, 1.35, 1.6, 1.75, 1.95)
FEET = [leg[2] for leg in LEGS]
# Toed-out soles are turned by sines and cosines; rounding only.
GROUND_TOLERANCE_M = 1e-9
IN_CONTACT_M = 2e-4
# Over two stances; what is within the contact tolerance but not on the ground moves.
SLIP_M = 0.003


def person(height_m=1.75, *, seed=3, speed_m_s=1.3, has_umbrella=False):
    footprint = Footprint(0.0, 0.0, 0.3, 0.3, 0.0, speed_m_s)
    return Person(footprint, 0.0, 0.0, height_m, seed, has_umbrella)


def rider(kind, *, seed=1, height_m=1.75):
    return Rider(kind, Footprint(0, 0, 0.4, 0.9, 0, 5), 0.0, 0.0, height_m, seed)


def walk(body, speed_m_s=1.3):
    return gait.walk_of(body, speed_m_s * np.sqrt(body.scale), 0.0)


def points(part, matrix):
    return part.mesh.vertices @ matrix[:3, :3].T + matrix[:3, 3]


def bend_rad(poses, upper, lower):
    """Angle from the upper to the lower bone about the hinge; > 0 shin backwards."""
    hinge = poses[..., upper, :3, 0]
    first, second = -poses[..., upper, :3, 2], -poses[..., lower, :3, 2]
    sine = (np.cross(second, first) * hinge).sum(axis=-1)
    return np.arctan2(sine, (first * second).sum(axis=-1))


THINGS = {
    "walker": (person(), person_parts, person_pose),
    "coat": (person(seed=11), person_parts, person_pose),
    "umbrella": (person(seed=12, has_umbrella=True), person_parts, person_pose),
    "standing": (person(speed_m_s=0.0), person_parts, person_pose),
    "child": (person(1.2), person_parts, person_pose),
    "bicycle": (rider("bicycle"), rider_parts, rider_pose),
    "motorcycle": (rider("motorcycle"), rider_parts, rider_pose),
}


@pytest.mark.parametrize("name", THINGS)
def test_every_part_has_a_pose_at_every_distance(name):
    thing, parts, pose = THINGS[name]
    distances = np.linspace(0.0, 9.0, 12).reshape(3, 4)
    poses = pose(thing, distances)
    assert poses.shape == (3, 4, len(parts(thing)), 4, 4)
    np.testing.assert_allclose(poses[1, 2], pose(thing, distances[1, 2]), atol=1e-12)


@pytest.mark.parametrize("name", THINGS)
def test_poses_are_rigid(name):
    thing, _, pose = THINGS[name]
    poses = pose(thing, np.linspace(0.0, 5.0, 40))
    turns = poses[..., :3, :3]
    unit = np.broadcast_to(np.eye(3), turns.shape)
    np.testing.assert_allclose(turns @ turns.swapaxes(-1, -2), unit, atol=1e-9)
    np.testing.assert_allclose(np.linalg.det(turns), 1.0, atol=1e-9)
    np.testing.assert_array_equal(
        poses[..., 3, :], np.broadcast_to([0.0, 0.0, 0.0, 1.0], poses[..., 3, :].shape)
    )


@pytest.mark.parametrize("name", THINGS)
def test_bones_stay_joined(name):
    thing, _, pose = THINGS[name]
    poses = pose(thing, np.linspace(0.0, 5.0, 40))
    joints = Body(thing.height_m, 1.0).joints_m
    for bone, parent in enumerate(PARENTS[1:], start=1):
        start = poses[..., bone, :3, 3]
        in_parent = np.linalg.inv(poses[..., parent, :, :])
        local = (in_parent[..., :3, :3] @ start[..., None])[..., 0]
        local += in_parent[..., :3, 3]
        # The joint is one point of the parent, whatever the pose.
        np.testing.assert_allclose(np.ptp(local, axis=0), 0.0, atol=1e-6)
        if BONES[bone].endswith(("forearm", "shin", "foot")):
            np.testing.assert_allclose(local[0], joints[bone], atol=1e-6)


@pytest.mark.parametrize("name", THINGS)
def test_meshes_of_joined_bones_overlap(name):
    thing, parts, pose = THINGS[name]
    meshes, poses = parts(thing), pose(thing, np.linspace(0.0, 3.0, 5))
    for bone, parent in enumerate(PARENTS[1:], start=1):
        for pose_now in poses:
            joint = pose_now[bone, :3, 3]
            for index in (bone, parent):
                cloud = points(meshes[index], pose_now[index])
                # The joint lies inside both skins' boxes, so no gap can open there.
                assert (cloud.min(axis=0) < joint + 0.005).all()
                assert (cloud.max(axis=0) > joint - 0.005).all()


@pytest.mark.parametrize("height_m", HEIGHTS_M)
def test_soles_neither_sink_nor_float(height_m):
    one = person(height_m)
    meshes = person_parts(one)
    poses = person_pose(one, np.linspace(0.0, 2.0, 120))
    lowest = np.array(
        [
            min(points(meshes[foot], now[foot])[:, 2].min() for foot in FEET)
            for now in poses
        ]
    )
    assert lowest.min() > -0.01
    assert lowest.max() < 0.02


@pytest.mark.parametrize("height_m", HEIGHTS_M)
def test_what_touches_the_ground_does_not_slip(height_m):
    body = Body(height_m)
    step = walk(body)
    distance = np.linspace(0.0, 2 * step.stride_m, 801)
    for side in (0, 1):
        ankle, foot = gait.ankle_m(step, step.phase(distance), side)
        sole = np.column_stack([np.zeros(len(body.sole_m)), body.sole_m])
        corners = ankle[:, None] + sole @ foot.swapaxes(-1, -2)
        corners[..., 1] += distance[:, None]
        assert corners[..., 2].min() > -GROUND_TOLERANCE_M
        for corner in corners.swapaxes(0, 1):
            is_down = corner[:, 2] < IN_CONTACT_M
            both = is_down[1:] & is_down[:-1]
            moves = np.linalg.norm(np.diff(corner, axis=0), axis=1)[both]
            assert moves.sum() < SLIP_M


def test_a_foot_is_on_the_ground_for_three_fifths_of_the_cycle():
    step = walk(Body(1.75))
    phase = np.linspace(0.0, 1.0, 1001)
    ankle, foot = gait.ankle_m(step, phase, 0)
    sole = np.column_stack([np.zeros(5), step.body.sole_m])
    lowest = (ankle[:, None] + sole @ foot.swapaxes(-1, -2))[..., 2].min(axis=1)
    assert np.mean(lowest < 1e-6) == pytest.approx(0.62, abs=0.01)


@pytest.mark.parametrize("height_m", HEIGHTS_M)
def test_joint_angles_are_those_of_walking_people(height_m):
    # Perry & Burnfield (2010): knee 0 to 60 degrees, hip -10 to 30 degrees; ours keep
    # ten degrees more at either end.
    one = person(height_m, speed_m_s=1.3 * np.sqrt(height_m / 1.75))
    poses = person_pose(one, np.linspace(0.0, 2.0, 200))
    for thigh, shin, _ in LEGS:
        knee = np.rad2deg(bend_rad(poses, thigh, shin))
        assert knee.min() > 0.0
        assert 45.0 < knee.max() < 72.0
        down = -poses[:, thigh, :3, 2]
        hip = np.rad2deg(np.arctan2(down[:, 1], -down[:, 2]))
        assert -25.0 < hip.min() < -8.0
        assert 20.0 < hip.max() < 42.0


@pytest.mark.parametrize("name", THINGS)
def test_knees_and_elbows_never_bend_the_wrong_way(name):
    thing, _, pose = THINGS[name]
    poses = pose(thing, np.linspace(0.0, 5.0, 200))
    for thigh, shin, _ in LEGS:
        assert bend_rad(poses, thigh, shin).min() > 0.0
    for upper, fore in ((3, 4), (5, 6)):
        assert bend_rad(poses, upper, fore).max() < 0.0


def test_arms_swing_against_the_legs():
    poses = person_pose(person(seed=12), np.linspace(0.0, 3.0, 200))
    for upper, _, thigh in ((3, 4, 7), (5, 6, 10)):
        arm, leg = -poses[:, upper, 1, 2], -poses[:, thigh, 1, 2]
        assert np.corrcoef(arm, leg)[0, 1] < -0.8


@pytest.mark.parametrize("height_m", HEIGHTS_M)
@pytest.mark.parametrize("speed_m_s", [0.0, 1.3])
def test_people_are_as_high_as_planned(height_m, speed_m_s):
    one = person(height_m, seed=12, speed_m_s=speed_m_s)
    tops = []
    for distance in np.linspace(0.0, 1.5, 16):
        head = person_pose(one, distance)[2]
        tops.append(points(person_parts(one, detail=1)[2], head)[:, 2].max())
    assert max(tops) == pytest.approx(height_m, rel=0.02)


@pytest.mark.parametrize("idle", IDLE_POSES)
def test_who_stands_does_not_move_with_distance(idle):
    seed = next(s for s in range(99) if outfit_random(s, is_child=False).idle == idle)
    one = person(seed=seed, speed_m_s=0.0)
    poses = person_pose(one, np.array([0.0, 0.7, 31.0]))
    np.testing.assert_array_equal(poses[0], poses[2])
    np.testing.assert_array_equal(poses[0], poses[1])
    lowest = person_mesh(one).vertices[:, 2].min()
    assert lowest == pytest.approx(0.0, abs=0.003)


def test_people_start_in_different_phases():
    feet = [person_pose(person(seed=s), 0.0)[FEET[0], 1, 3] for s in range(8)]
    assert np.ptp(feet) > 0.3
    assert len(np.unique(np.round(feet, 3))) == 8


def test_a_seed_gives_the_same_person_and_another_seed_another():
    def signature(seed):
        mesh = person_mesh(person(seed=seed))
        return mesh.vertices.tobytes(), mesh.tint.tobytes()

    assert signature(8) == signature(8)
    assert signature(8) != signature(9)


def test_people_and_riders_drawn_at_random_are_within_human_sizes():
    rng = np.random.default_rng(5)
    place = Footprint(0, 0, 0.3, 0.3)
    heights = [person_random(rng, place, 0.0, 0.12).height_m for _ in range(300)]
    assert 1.1 <= min(heights) < 1.4
    assert 1.85 < max(heights) <= 1.96
    assert 0.05 < np.mean(np.array(heights) < 1.45) < 0.25
    assert rider_random(rng, "bicycle", place, 0.0).height_m > 1.5


@pytest.mark.parametrize("name", THINGS)
def test_detail_costs_less_in_the_distance_for_the_same_parts(name):
    thing, parts, _ = THINGS[name]
    near, far = parts(thing), parts(thing, detail=1)
    assert [p.label for p in near] == [p.label for p in far]

    def triangles(group):
        return sum(int((p.mesh.face_sizes - 2).sum()) for p in group[: len(BONES)])

    assert triangles(near) < 11_000
    assert triangles(far) < 0.55 * triangles(near)


def test_bicycle_wheels_roll_forwards_as_far_as_they_travel():
    distance = 0.1
    before, after = rider_pose(rider("bicycle"), np.array([0.0, distance]))
    for wheel in (len(BONES) + 1, len(BONES) + 2):
        turn = after[wheel, :3, :3] @ before[wheel, :3, :3].T
        # The rim's highest point moves on by the distance, the contact stays.
        top = turn @ np.array([0.0, 0.0, WHEEL_RADIUS_M])
        assert np.arctan2(top[1], top[2]) == pytest.approx(distance / WHEEL_RADIUS_M)
    crank = after[len(BONES) + 3, :3, :3] @ before[len(BONES) + 3, :3, :3].T
    top = crank @ np.array([0.0, 0.0, 1.0])
    assert np.arctan2(top[1], top[2]) == pytest.approx(distance / WHEEL_RADIUS_M / GEAR)


def test_motorcycle_wheels_roll_forwards_over_the_ground():
    one = rider("motorcycle")
    parts = rider_parts(one)
    before, after = rider_pose(one, np.array([0.0, 0.05]))
    wheel = len(BONES) + 1
    radius = before[wheel, 2, 3]
    assert points(parts[wheel], before[wheel])[:, 2].min() == pytest.approx(0, abs=2e-3)
    turn = after[wheel, :3, :3] @ before[wheel, :3, :3].T
    top = turn @ np.array([0.0, 0.0, 1.0])
    assert np.arctan2(top[1], top[2]) == pytest.approx(0.05 / radius)


@pytest.mark.parametrize("height_m", [1.56, 1.75, 1.92])
def test_feet_follow_the_pedals(height_m):
    one = rider("bicycle", height_m=height_m)
    poses = rider_pose(one, np.linspace(0.0, 6.0, 120))
    meshes = rider_parts(one)
    for foot, pedal in zip(FEET, (len(BONES) + 4, len(BONES) + 5), strict=True):
        local = np.linalg.inv(poses[:, foot]) @ poses[:, pedal]
        at = local[:, :3, 3]
        sole_z = meshes[foot].mesh.vertices[:, 2].min()
        # Under the ball of the foot, half a pedal below the sole.
        assert np.abs(at[:, 2] - (sole_z - 0.014)).max() < 0.012
        assert np.ptp(at[:, 1]) < 0.012


@pytest.mark.parametrize("kind", RIDER_KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_hands_hold_the_handlebar(kind, seed):
    one = rider(kind, seed=seed)
    poses = rider_pose(one, np.array([0.0, 1.0]))
    np.testing.assert_allclose(poses[0, 4], poses[1, 4], atol=1e-12)
    frame = rider_parts(one)[len(BONES)].mesh
    for fore in (4, 6):
        palm = (poses[0, fore] @ [0.0, 0.0, -(0.15 * 1.75 + 0.07), 1.0])[:3]
        # Within a hand's breadth of a vertex of the grip.
        assert np.linalg.norm(frame.vertices - palm, axis=1).min() < 0.06


@pytest.mark.parametrize("kind", RIDER_KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_riders_fit_their_footprint_and_stand_on_their_wheels(kind, seed):
    one = rider(kind, seed=seed)
    whole = np.concatenate(
        [
            points(part, pose)
            for part, pose in zip(rider_parts(one), rider_pose(one, 0.4), strict=True)
        ]
    )
    width_m, length_m = rider_size_m(kind)
    assert np.abs(whole[:, 0]).max() < width_m / 2 + 0.02
    assert np.abs(whole[:, 1]).max() < length_m / 2 + 0.02
    assert whole[:, 2].min() == pytest.approx(0.0, abs=0.003)
    assert 1.4 < whole[:, 2].max() < 2.05


def test_riders_and_machines_have_their_labels():
    labels = {kind: [p.label for p in rider_parts(rider(kind))] for kind in RIDER_KINDS}
    for kind, machine in (("bicycle", "Bicycle"), ("motorcycle", "Motorcycle")):
        assert labels[kind][: len(BONES)] == ["Rider"] * len(BONES)
        assert set(labels[kind][len(BONES) :]) == {machine}


@pytest.mark.parametrize("seed", range(5))
def test_parked_motorcycles_stand_on_the_ground(seed):
    (parked,) = motorcycle_parts(seed)
    assert parked.label == "Motorcycle"
    assert parked.mesh.vertices[:, 2].min() == pytest.approx(0.0, abs=1e-6)
    assert 1.7 < parked.mesh.extent_m[1] < 2.2
