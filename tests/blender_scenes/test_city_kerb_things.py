"""Street furniture, fences, signs and wires: arrays, checked without bpy."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_scenes.city.kerb.fixture_sizes import (
    FACES_TRAFFIC,
    FIXTURE_VARIANTS,
    HALF_SIZE_M,
)
from blender_scenes.city.kerb.furniture import fixture_parts
from blender_scenes.city.kerb.poles import lamp_head_m, utility_pole_wires_m
from blender_scenes.city.kerb.wires import (
    house_wire_random,
    span_lamp_mesh,
    span_lamps_m,
    span_wires_random,
    wire_mesh,
    wire_points_m,
)
from blender_scenes.city.plan import SEASONS, Profile, Wire
from blender_scenes.city.road import Road
from blender_scenes.city.shapes.strands import rods, strands
from blender_scenes.frames import LABEL_IDS

MAX_FACES = 15_000
# What lies flat or hangs above heads stands in nobody's way.
FLAT_M, OVERHEAD_M = 0.1, 2.0
# Leaves, handles and plates may reach out so far.
REACH_M = 0.15
PROFILE = Profile(
    lanes_each_way=1,
    parking_left_m=2.5,
    parking_right_m=0.5,
    has_parking_left=True,
    has_parking_right=False,
    pavement_left_m=4.0,
    pavement_right_m=3.6,
    start_y_m=-20.0,
    end_y_m=200.0,
)
SEGMENTS = ("hedge", "garden_wall", "iron_fence", "picket_fence", "chain_link_fence")


def every_look(kind):
    return [
        fixture_parts(kind, variant, 7, season)
        for variant in range(FIXTURE_VARIANTS)
        for season in SEASONS
    ]


def points_of(parts):
    return np.concatenate([part.mesh.vertices for part in parts])


@pytest.mark.parametrize("kind", sorted(HALF_SIZE_M))
def test_every_kind_keeps_to_its_ground_in_every_look(kind):
    across, along = HALF_SIZE_M[kind]
    half = (across, along) if kind in FACES_TRAFFIC else (along, across)
    for parts in every_look(kind):
        points = points_of(parts)
        low = points[(points[:, 2] > FLAT_M) & (points[:, 2] < OVERHEAD_M)]
        reach = np.abs(low[:, :2]).max(axis=0, initial=0.0)
        assert (reach <= np.add(half, REACH_M)).all()


@pytest.mark.parametrize("kind", sorted(HALF_SIZE_M))
def test_every_kind_stands_on_the_ground(kind):
    for parts in every_look(kind):
        # Slabs of earth and plinths may start just below it.
        assert -0.021 < points_of(parts)[:, 2].min() < 0.01


@pytest.mark.parametrize("kind", sorted(HALF_SIZE_M))
def test_every_kind_has_known_labels_and_few_faces(kind):
    for parts in every_look(kind):
        assert {part.label for part in parts} <= set(LABEL_IDS)
        assert sum(len(part.mesh.face_sizes) for part in parts) <= MAX_FACES


@pytest.mark.parametrize("kind", sorted(HALF_SIZE_M))
def test_same_seed_gives_the_same_furniture(kind):
    first, second = (points_of(fixture_parts(kind, 1, 3)) for _ in range(2))
    assert (first == second).all()


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("garden_wall", {"Wall"}),
        ("iron_fence", {"Fence"}),
        ("chain_link_fence", {"Fence"}),
        ("hedge", {"Vegetation"}),
        ("grass_strip", {"Terrain"}),
        ("roadworks", {"RoadWorks"}),
        ("cone", {"RoadWorks"}),
        ("direction_sign", {"Pole", "TrafficSign"}),
        ("mast_light", {"Pole", "TrafficLight"}),
        ("utility_pole", {"Pole"}),
        ("skip", {"Other"}),
    ],
)
def test_kinds_carry_the_label_of_what_they_are(kind, labels):
    assert labels <= {part.label for part in fixture_parts(kind, 1, 3)}


@pytest.mark.parametrize("kind", SEGMENTS)
def test_segments_fill_their_length_so_that_rows_have_no_gaps(kind):
    half_m = HALF_SIZE_M[kind][1]
    for variant in range(FIXTURE_VARIANTS):
        x = points_of(fixture_parts(kind, variant, 3))[:, 0]
        # Pales stand half their spacing from the end; hedges bulge a little.
        assert x.min() == pytest.approx(-half_m, abs=0.15)
        assert x.max() == pytest.approx(half_m, abs=0.15)


def test_lights_show_cars_and_walkers_opposite_colours():
    for variant in range(FIXTURE_VARIANTS):
        heads = fixture_parts("traffic_light", variant, 3)[1].mesh
        lit = heads.tint[heads.material_index == heads.materials.index("signal")]
        greens = {tuple(rgb) for rgb in lit if rgb[1] > rgb[0]}
        assert len(greens) <= 1
        assert len({tuple(rgb) for rgb in lit}) >= (1 if variant == 2 else 2)


def test_drivers_see_one_colour_of_a_light():
    for kind in ("traffic_light", "mast_light"):
        heads = fixture_parts(kind, 0, 3)[1].mesh
        ends = np.cumsum(heads.face_sizes)
        is_lit = heads.material_index == heads.materials.index("signal")
        is_round = heads.face_sizes > 4
        seen = set()
        for face in np.flatnonzero(is_lit & is_round):
            corners = heads.corners[ends[face] - heads.face_sizes[face] : ends[face]]
            points = heads.vertices[corners]
            # Newell's normal: of a lens seen by drivers it points to -y.
            normal = np.cross(points, np.roll(points, -1, axis=0)).sum(axis=0)
            if normal[1] < -0.9 * np.linalg.norm(normal):
                seen.add(tuple(heads.tint[face]))
        assert len(seen) == 1


def test_lights_of_one_variant_agree_at_the_kerb_and_over_the_road():
    for variant in range(FIXTURE_VARIANTS):
        shown = []
        for kind in ("traffic_light", "mast_light"):
            heads = fixture_parts(kind, variant, 3)[1].mesh
            is_lit = heads.material_index == heads.materials.index("signal")
            shown.append({tuple(rgb) for rgb in heads.tint[is_lit]})
        assert shown[0] == shown[1]


def test_the_arm_of_a_mast_light_reaches_over_the_road_only():
    points = points_of(fixture_parts("mast_light", 0, 3))
    high = points[points[:, 2] > 4.0]
    assert high[:, 0].min() < -4.0
    assert high[:, 0].max() < 0.5


@pytest.mark.parametrize("variant", range(FIXTURE_VARIANTS))
def test_lamps_shine_from_their_lens(variant):
    mesh = fixture_parts("lamp", variant, 3)[0].mesh
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    is_lens = mesh.material_index == mesh.materials.index("lamp_white")
    lens = mesh.vertices[mesh.corners[starts[is_lens]]]
    assert np.abs(lens.mean(axis=0) - lamp_head_m(variant)).max() < 0.35


def test_a_strand_keeps_its_radius_and_faces_outwards():
    path = np.array([[(0, 0, 0), (1, 0, 0), (2, 0, 0)]], float)
    shape = strands(path, 0.1, sides=6)
    radius = np.hypot(shape.vertices[:, 1], shape.vertices[:, 2])
    assert radius == pytest.approx(np.full(18, 0.1))
    corners = shape.vertices[shape.faces[0]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    outwards = corners.mean(axis=1) * (0.0, 1.0, 1.0)
    assert ((normal * outwards).sum(axis=1) > 0).all()


def test_rods_take_one_radius_each():
    shape = rods([(0, 0, 0), (1, 0, 0)], [(0, 0, 1), (1, 0, 1)], [0.1, 0.2], sides=4)
    first, second = shape.vertices[:8], shape.vertices[8:]
    assert np.hypot(*first[:, :2].T) == pytest.approx(np.full(8, 0.1))
    assert np.hypot(second[:, 0] - 1, second[:, 1]) == pytest.approx(np.full(8, 0.2))


places = st.tuples(st.floats(-9, 9), st.floats(0, 60), st.floats(4, 9))


@given(places, places, st.floats(0.01, 1.0))
def test_wires_start_and_end_where_asked_and_sag_by_what_is_asked(start, end, sag_m):
    wire = Wire(start, end, sag_m, 0.008)
    assert wire_points_m(wire, 0.0) == pytest.approx(np.array(start), abs=1e-9)
    assert wire_points_m(wire, 1.0) == pytest.approx(np.array(end), abs=1e-9)
    middle = 0.5 * np.add(start, end) - (0.0, 0.0, sag_m)
    assert wire_points_m(wire, 0.5) == pytest.approx(middle, abs=1e-9)


def test_a_wire_mesh_is_as_thick_as_asked_all_along():
    wire = Wire((0.0, 0.0, 6.0), (0.0, 20.0, 6.0), 0.4, 0.01)
    points = wire_mesh([wire]).vertices
    axis = wire_points_m(wire, points[:, 1].astype(float) / 20.0)
    distance = np.linalg.norm(points - axis, axis=1)
    # Where the wire slopes, its round section leans out of the upright plane.
    assert distance == pytest.approx(np.full(len(points), 0.01), abs=2e-3)


def test_wires_hang_where_the_road_puts_their_ends():
    class Shifted(Road):
        def world_xy(self, x_m, y_m):
            return np.stack(np.broadcast_arrays(np.add(x_m, 100.0), y_m), axis=-1)

    wire = Wire((-5.0, 3.0, 6.0), (5.0, 3.0, 6.0), 0.2, 0.007)
    points = wire_mesh([wire], Shifted()).vertices
    assert points[:, 0].min() == pytest.approx(95.0, abs=1e-3)
    assert points[:, 0].max() == pytest.approx(105.0, abs=1e-3)


def test_no_wires_make_no_mesh():
    with pytest.raises(ValueError, match="at least one"):
        wire_mesh([])


def test_spans_reach_from_house_to_house_above_traffic_with_a_lamp_each(rng):
    wires = span_wires_random(rng, PROFILE, (10.0, 40.0, 70.0))
    spans = [w for w in wires if w.start_m[0] == PROFILE.facade_x_m(-1)]
    assert len(spans) == 3
    assert all(span.end_m[0] == PROFILE.facade_x_m(1) for span in spans)
    lamps = span_lamps_m(wires)
    assert len(lamps) == 3
    # Lorries are up to 4 m high.
    assert (lamps[:, 2] + span_lamp_mesh().vertices[:, 2].min() > 4.6).all()


def test_contact_wires_hang_on_the_spans(rng):
    def touches(point, span):
        path = wire_points_m(span, np.linspace(0, 1, 2001))
        return np.linalg.norm(path - point, axis=1).min() < 0.01

    for _ in range(8):
        wires = span_wires_random(rng, PROFILE, (10.0, 35.0, 60.0))
        spans, contacts = wires[:3], wires[3:]
        assert len(contacts) in (0, 4)
        for wire in contacts:
            assert any(
                touches(wire.start_m, first) and touches(wire.end_m, second)
                for first, second in pairwise(spans)
            )


def test_contact_wires_run_over_junctions_or_nowhere(rng):
    over_a_junction = [
        len(span_wires_random(rng, PROFILE, (10.0, 37.0, 97.0, 124.0)))
        for _ in range(20)
    ]
    assert set(over_a_junction) == {4, 10}
    over_a_gap = span_wires_random(rng, PROFILE, (10.0, 37.0, 120.0))
    assert len(over_a_gap) == 3


def test_house_wires_end_at_the_wall(rng):
    for x in (-6.0, 5.0):
        wire = house_wire_random(rng, PROFILE, (x, 12.0, 7.4))
        assert wire.start_m == (x, 12.0, 7.4)
        assert wire.end_m[0] == PROFILE.facade_x_m(1 if x > 0 else -1)


def test_insulators_sit_where_wires_are_fixed():
    points = points_of(fixture_parts("utility_pole", 0, 3))
    for place in utility_pole_wires_m():
        assert np.linalg.norm(points - place, axis=1).min() < 0.05
