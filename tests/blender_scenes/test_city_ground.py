"""Road, pavements, gardens, markings and wires: arrays, checked without bpy."""

import numpy as np
import pytest

from blender_scenes.city.ground import ground, markings
from blender_scenes.city.kerb.wires import wire_mesh
from blender_scenes.city.layout import plan_street
from blender_scenes.city.plan import GARDEN_HEIGHT_M, KERB_HEIGHT_M
from blender_scenes.spec import SceneSpec

# One with gardens and wires, one that turns a corner.
PLANS = [
    plan_street(SceneSpec(name, seed=seed))
    for name, seed in (("city-2", 2), ("city-4", 4))
]


@pytest.fixture(params=PLANS, ids=["city-2", "city-4"])
def plan(request):
    return request.param


def face_normals(mesh):
    """Return (F, 3) normals of length twice the area, by Newell's sum."""
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    normals = []
    for start, size in zip(starts, mesh.face_sizes, strict=True):
        points = mesh.vertices[mesh.corners[start : start + size]].astype(float)
        normals.append(np.cross(points, np.roll(points, -1, axis=0)).sum(axis=0))
    return np.array(normals)


def is_of(mesh, material):
    return mesh.material_index == mesh.materials.index(material)


def points_of(mesh, material, axes="street_m"):
    faces = np.repeat(is_of(mesh, material), mesh.face_sizes)
    return getattr(mesh, axes)[mesh.corners[faces]]


def test_pavements_face_up_at_the_height_of_the_kerb(plan):
    for mesh in ground.pavement_meshes(plan):
        normals = face_normals(mesh)[is_of(mesh, "paving")]
        assert (normals[:, 2] > 0).all()
        np.testing.assert_allclose(points_of(mesh, "paving")[:, 2], KERB_HEIGHT_M)


def test_kerb_stones_face_the_road_or_up(plan):
    for mesh in ground.pavement_meshes(plan):
        normals = face_normals(mesh)[is_of(mesh, "kerb")]
        # The last row leads down to the slabs; all others turn away from the block.
        assert (normals[:, 2] > -1e-6).mean() > 0.99


def test_a_blocks_pavement_has_the_area_of_its_outline(plan):
    """No slab is missing or doubled: compare with the area in street axes."""
    profile = plan.profile
    for mesh in ground.pavement_meshes(plan):
        street = mesh.street_m
        flat = type(mesh)(**{**mesh.__dict__, "vertices": street, "street_m": None})
        area = face_normals(flat)[is_of(mesh, "paving"), 2].sum() / 2
        side = 1 if street[:, 0].mean() > 0 else -1
        low, high = street[:, 1].min(), street[:, 1].max()
        kerb, facade = abs(profile.kerb_x_m(side)), abs(profile.facade_x_m(side))
        ends = 2 * 4.0 * (facade + ground.SIDE_STREET_LENGTH_M - kerb)
        strip = (high - low - 8.0) * (facade + 16.0 - kerb)
        # On the inside of the corner the strip under the houses is narrower.
        assert 0.8 * (ends + strip) < area < ends + strip


def test_the_road_fills_the_room_between_the_kerbs(plan):
    mesh = ground.road_mesh(plan)
    asphalt = points_of(mesh, "asphalt")
    level = asphalt[(asphalt[:, 2] == 0.0) & (asphalt[:, 1] < 0.0)]
    assert level[:, 0].min() == np.float32(plan.profile.kerb_x_m(-1))
    assert level[:, 0].max() == np.float32(plan.profile.kerb_x_m(1))
    # The first faces are the carriageways; covers, added later, have undersides.
    carriageway = int((mesh.vertices[:, 2] == 0.0).argmin()) // 4
    assert carriageway > 100
    assert (face_normals(mesh)[:carriageway, 2] > 0).all()


def test_markings_lie_on_the_road_within_the_kerbs(plan):
    mesh = markings.markings_mesh(plan)
    np.testing.assert_allclose(mesh.vertices[:, 2], markings.PAINT_HEIGHT_M)
    assert mesh.street_m[:, 0].min() >= plan.profile.kerb_x_m(-1)
    assert mesh.street_m[:, 0].max() <= plan.profile.kerb_x_m(1)
    assert (face_normals(mesh)[:, 2] > 0).all()


def test_lane_lines_follow_the_bends(plan):
    mesh = markings.markings_mesh(plan)
    expected = plan.road.world_xy(*mesh.street_m[:, :2].astype(float).T)
    np.testing.assert_allclose(mesh.vertices[:, :2], expected, atol=1e-3)
    # Pieces so short that their straight edges stay on the arc.
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    ends = mesh.street_m[mesh.corners[starts + 2], 1]
    assert np.abs(ends - mesh.street_m[mesh.corners[starts], 1]).max() < 2.5


def test_gardens_lie_above_the_slabs_and_behind_the_building_line(plan):
    mesh = ground.garden_mesh(plan)
    np.testing.assert_allclose(mesh.vertices[:, 2], GARDEN_HEIGHT_M)
    assert (face_normals(mesh)[:, 2] > 0).all()
    line = min(abs(plan.profile.facade_x_m(side)) for side in (-1, 1))
    assert np.abs(mesh.street_m[:, 0]).min() >= np.float32(line)


def test_streets_without_gardens_have_no_garden_mesh():
    assert ground.garden_mesh(plan_street(SceneSpec("street-1", seed=1))) is None


def test_wires_hang_between_their_ends_and_above_all_heads(plan):
    assert plan.wires
    mesh = wire_mesh(plan.wires, plan.road)
    tops = [z for wire in plan.wires for z in (wire.start_m[2], wire.end_m[2])]
    assert mesh.vertices[:, 2].max() < max(tops) + 0.05
    assert mesh.vertices[:, 2].min() > 4.5
