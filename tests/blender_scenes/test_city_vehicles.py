"""Vehicles: sizes, wheels that roll, lamps, closed skins; checked without bpy."""

from itertools import pairwise

import numpy as np
import pytest

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.vehicles.buses import BusModel
from blender_scenes.city.vehicles.car_body import add_skin
from blender_scenes.city.vehicles.car_models import CAR_MODELS, MIRROR_REACH_M, CarModel
from blender_scenes.city.vehicles.hulls import hull_skin
from blender_scenes.city.vehicles.lettering import add_letters
from blender_scenes.city.vehicles.skins import add_faces
from blender_scenes.city.vehicles.trucks import TRUCK_MODELS
from blender_scenes.city.vehicles.vehicles import (
    LIVERIES,
    VEHICLE_SHARES,
    VEHICLES,
    lamp_positions,
    vehicle_label,
    vehicle_parts,
    vehicle_pose,
    vehicle_random,
    vehicle_size_m,
)
from blender_scenes.frames import LABEL_IDS

LENGTHS_M = {"Car": (3.5, 5.2), "Truck": (6.0, 9.0), "Bus": (10.0, 13.0)}
WIDTHS_M = {"Car": (1.6, 2.05), "Truck": (2.2, 2.55), "Bus": (2.4, 2.55)}
# Patrol stripes and a cargo hold with its name come on top of a plain car.
MOST_TRIANGLES = {"Car": 25_000, "Truck": 40_000, "Bus": 60_000}
MOST_MARKINGS = 4_000
# Arms of the mirrors of lorries and buses.
LONG_MIRROR_M = 0.32
every_vehicle = pytest.mark.parametrize("name", VEHICLES)


def body(name, seed=0):
    return vehicle_parts(name, seed)[0].mesh


def assembled(name, distance_m=0.0):
    """Vertices of the whole vehicle, in its own axes."""
    pose = vehicle_pose(name, distance_m)
    return np.concatenate(
        [
            part.mesh.vertices @ matrix[:3, :3].T + matrix[:3, 3]
            for part, matrix in zip(vehicle_parts(name), pose, strict=True)
        ]
    )


def face_areas_m2(mesh):
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    areas = np.empty(len(starts))
    for size in np.unique(mesh.face_sizes):
        chosen = mesh.face_sizes == size
        corners = mesh.corners[starts[chosen][:, None] + np.arange(size)]
        points = mesh.vertices[corners].astype(float)
        fan = np.cross(points[:, 1:-1] - points[:, :1], points[:, 2:] - points[:, :1])
        areas[chosen] = np.linalg.norm(fan.sum(axis=1), axis=1) / 2
    return areas


def edge_uses(mesh):
    """How often each edge is used, vertices within 0.01 mm being one."""
    _, same = np.unique(np.round(mesh.vertices, 5), axis=0, return_inverse=True)
    uses = {}
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    for start, size in zip(starts, mesh.face_sizes, strict=True):
        corners = same.ravel()[mesh.corners[start : start + size]]
        for a, b in pairwise([*corners, corners[0]]):
            if a != b:
                uses.setdefault((min(a, b), max(a, b)), []).append(a < b)
    return uses


@every_vehicle
def test_a_vehicle_has_a_sane_size_and_the_label_of_its_kind(name):
    width_m, length_m, height_m = vehicle_size_m(name)
    label = vehicle_label(name)
    assert LENGTHS_M[label][0] <= length_m <= LENGTHS_M[label][1]
    assert WIDTHS_M[label][0] <= width_m <= WIDTHS_M[label][1]
    assert 1.4 < height_m < 3.5
    assert {part.label for part in vehicle_parts(name)} == {label}
    assert label in LABEL_IDS


@every_vehicle
def test_a_vehicle_has_the_size_of_its_table_and_stands_on_the_road(name):
    points = assembled(name)
    width_m, length_m, height_m = vehicle_size_m(name)
    low, high = points.min(axis=0), points.max(axis=0)
    assert low[2] == pytest.approx(0.0, abs=0.01)
    assert high[2] == pytest.approx(height_m, abs=0.2)
    flank = points[points[:, 2] < 0.8]
    # Bumpers, plates and mirror arms may stand out a little.
    assert np.ptp(flank[:, 1]) == pytest.approx(length_m, abs=0.12)
    assert abs(low[1] + high[1]) / 2 < 0.12
    assert np.ptp(flank[:, 0]) == pytest.approx(width_m, abs=0.12)
    reach_m = MIRROR_REACH_M if vehicle_label(name) == "Car" else LONG_MIRROR_M
    assert np.abs(points[:, 0]).max() < width_m / 2 + reach_m + 0.1


@every_vehicle
def test_wheels_stand_on_the_road_with_their_centres_at_their_radius(name):
    wheels = vehicle_parts(name)[1:]
    places = vehicle_pose(name, 0.0)[1:, :3, 3]
    axles = VEHICLES[name].axles
    assert len(wheels) == 2 * len(axles)
    for number, (wheel, place) in enumerate(zip(wheels, places, strict=True)):
        axle = axles[number // 2]
        assert place[2] == pytest.approx(axle.radius_m)
        assert place[1] == pytest.approx(axle.y_m)
        assert np.sign(place[0]) == (-1 if number % 2 == 0 else 1)
        radius = np.hypot(wheel.mesh.vertices[:, 1], wheel.mesh.vertices[:, 2])
        assert radius.max() == pytest.approx(axle.radius_m, abs=0.005)
        # The outer face flush with, never outside, the body's side.
        assert abs(place[0]) <= vehicle_size_m(name)[0] / 2


@every_vehicle
def test_wheels_roll_without_slipping_and_the_body_rests(name):
    axles = VEHICLES[name].axles
    at_rest, moved = vehicle_pose(name, 0.0), vehicle_pose(name, 0.1)
    np.testing.assert_array_equal(moved[0], np.eye(4))
    for number in range(1, len(at_rest)):
        axle = axles[(number - 1) // 2]
        turn = moved[number, :3, :3] @ at_rest[number, :3, :3].T
        # The top of a wheel that rolls towards +y moves towards +y, the contact
        # point moves backwards as fast as the vehicle drives.
        top = turn @ np.array([0.0, 0.0, axle.radius_m])
        assert top[1] > 0
        assert np.arctan2(top[1], top[2]) == pytest.approx(0.1 / axle.radius_m)
        np.testing.assert_allclose(turn @ [1, 0, 0], [1, 0, 0], atol=1e-12)
        np.testing.assert_allclose(moved[number, :3, 3], at_rest[number, :3, 3])


def test_a_full_turn_of_a_wheel_brings_it_back():
    radius_m = VEHICLES["bus"].axles[0].radius_m
    np.testing.assert_allclose(
        vehicle_pose("bus", 2 * np.pi * radius_m), vehicle_pose("bus", 0.0), atol=1e-9
    )


@every_vehicle
def test_head_lamps_are_in_front_and_tail_lamps_behind_on_both_sides(name):
    head, tail = lamp_positions(name)
    _, length_m, _ = vehicle_size_m(name)
    assert head.shape == tail.shape == (2, 3)
    assert (head[:, 1] > 0.38 * length_m).all()
    assert (tail[:, 1] < -0.38 * length_m).all()
    for lamps in (head, tail):
        np.testing.assert_allclose(lamps[0], lamps[1] * (-1, 1, 1), atol=1e-6)
        assert lamps[0, 0] < -0.4
        assert ((lamps[:, 2] > 0.4) & (lamps[:, 2] < 1.5)).all()


@every_vehicle
def test_lamps_have_their_surfaces_where_lamp_positions_says(name):
    mesh = body(name)
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    first = mesh.vertices[mesh.corners[starts]]
    for lamps, material in zip(
        lamp_positions(name), ("head_lamp", "lamp_red"), strict=True
    ):
        faces = first[mesh.material_index == mesh.materials.index(material)]
        for lamp in lamps:
            assert np.linalg.norm(faces - lamp, axis=1).min() < 0.25


@every_vehicle
def test_no_face_is_without_area(name):
    for part in vehicle_parts(name):
        assert face_areas_m2(part.mesh).min() > 1e-10


@every_vehicle
def test_vehicles_keep_to_their_budget_of_triangles(name):
    triangles = sum((part.mesh.face_sizes - 2).sum() for part in vehicle_parts(name))
    most = MOST_TRIANGLES[vehicle_label(name)]
    assert triangles < most + MOST_MARKINGS * bool(getattr(VEHICLES[name], "extra", ""))


def skin_mesh(name):
    builder = MeshBuilder()
    model = VEHICLES[name]
    if isinstance(model, CarModel):
        add_skin(builder, model)
    else:
        skin = hull_skin(model.hull if isinstance(model, BusModel) else model.cab)
        shape = np.array(skin.points_m.shape[:2]) - 1
        surface = np.full(shape, "car_paint")
        add_faces(builder, skin, surface, surface)
    return builder.mesh()


@every_vehicle
def test_the_skin_is_closed_faces_outwards_and_is_symmetric(name):
    mesh = skin_mesh(name)
    for directions in edge_uses(mesh).values():
        # Once in each direction: nothing open, nothing turned inside out.
        assert directions.count(True) == directions.count(False)
    points = mesh.vertices.astype(float)
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    a, b, c, d = (points[mesh.corners[starts + n]] for n in range(4))
    volume_m3 = sum(
        np.einsum("ij,ij->", p, np.cross(q, r)) / 6
        for p, q, r in ((a, b, c), (a, c, d))
    )
    extent = mesh.extent_m
    assert 0.4 < volume_m3 / extent.prod() < 0.95
    rounded = {tuple(p) for p in np.round(points, 4) + 0.0}
    assert rounded == {tuple(p) for p in np.round(points * (-1, 1, 1), 4) + 0.0}


@every_vehicle
def test_wheels_fit_their_arches(name):
    """No point of the skin lies inside a wheel."""
    points = skin_mesh(name).vertices
    for axle in VEHICLES[name].axles:
        is_beside = np.abs(points[:, 0]) > axle.track_m / 2 - axle.tyre_m
        away = np.hypot(points[:, 1] - axle.y_m, points[:, 2] - axle.radius_m)
        assert away[is_beside].min() > axle.radius_m


def test_vehicles_of_one_livery_are_equal_and_other_liveries_differ():
    for name in ("bus", "box_truck", "hatchback"):
        same = body(name, 1), body(name, 1 + LIVERIES)
        np.testing.assert_array_equal(same[0].vertices, same[1].vertices)
        other = body(name, 2)
        assert other.vertices.shape != same[0].vertices.shape or not np.array_equal(
            other.vertices, same[0].vertices
        )


def test_wheels_of_one_model_share_their_mesh():
    _, *wheels = vehicle_parts("saloon")
    assert len({id(wheel.mesh) for wheel in wheels}) == 1


def test_random_vehicles_are_plausible_and_parked_ones_fit_their_bays():
    rng = np.random.default_rng(5)
    drawn = [vehicle_random(rng) for _ in range(600)]
    labels = [vehicle_label(name) for name, _ in drawn]
    assert 0.8 < labels.count("Car") / 600 < 0.97
    assert min(labels.count("Truck"), labels.count("Bus")) > 3
    assert {name for name, _ in drawn} == set(VEHICLES)
    assert all(0 <= channel <= 1 for _, paint in drawn for channel in paint)
    parked = [vehicle_random(rng, is_parked=True)[0] for _ in range(200)]
    assert {vehicle_label(name) for name in parked} == {"Car"}


def test_shares_name_every_vehicle_once_and_sum_to_one():
    assert set(VEHICLE_SHARES) == set(VEHICLES)
    assert sum(VEHICLE_SHARES.values()) == pytest.approx(1.0)
    assert len(VEHICLES) == len(CAR_MODELS) + len(TRUCK_MODELS) + 1


def test_letters_read_from_left_to_right_for_who_stands_in_front():
    for axis, facing in (("y", 1.0), ("y", -1.0), ("x", 1.0), ("x", -1.0)):
        builder = MeshBuilder()
        add_letters(builder, "L", (0, 0, 0), 0.7, facing, "plate", (1, 1, 1), axis=axis)
        points = builder.mesh().vertices
        # Right-hand direction of a reader who looks against the facing.
        look = np.zeros(3)
        look["xy".index(axis)] = -facing
        right = np.cross(look, [0, 0, 1])
        top = points[points[:, 2] > 0.35] @ right
        foot = points[points[:, 2] < 0.09] @ right
        assert top.mean() < foot.mean()


def test_unknown_vehicles_are_refused():
    with pytest.raises(KeyError):
        vehicle_parts("rocket")
