"""The shapes of a street: arrays, checked without bpy."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from blender_scenes.city.buildings.buildings import building_mesh
from blender_scenes.city.kerb.furniture import fixture_parts
from blender_scenes.city.layout import plan_street
from blender_scenes.city.plants.trees import tree_mesh
from blender_scenes.city.shapes import shapes
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.vehicles.vehicles import vehicle_parts
from blender_scenes.spec import SceneSpec

PLAN = plan_street(SceneSpec("street", seed=4))


def signed_volume_m3(mesh):
    """Return the volume that the faces enclose; positive if they face outwards."""
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    total = 0.0
    for start, size in zip(starts, mesh.face_sizes, strict=True):
        points = mesh.vertices[mesh.corners[start : start + size]].astype(float)
        for a, b in pairwise(points[1:]):
            total += np.dot(points[0], np.cross(a, b)) / 6
    return total


def built(shape):
    builder = MeshBuilder()
    builder.add(shape, "stone")
    return builder.mesh()


@pytest.mark.parametrize(
    ("shape", "volume_m3"),
    [
        (shapes.box((1, 3), (0, 1), (2, 5)), 6.0),
        (shapes.prism([(0, 0), (2, 0), (2, 1), (0, 1)], 0.0, 3.0), 6.0),
        (shapes.prism([(0, 0), (2, 0), (2, 1), (0, 1)], 0.0, 3.0, axis="x"), 6.0),
        (shapes.prism([(0, 0), (2, 0), (2, 1), (0, 1)], 0.0, 3.0, axis="y"), 6.0),
    ],
)
def test_solids_enclose_their_volume_and_face_outwards(shape, volume_m3):
    assert signed_volume_m3(built(shape)) == pytest.approx(volume_m3, rel=1e-5)


def test_round_solids_face_outwards_and_come_close_to_their_volume():
    # A polygon of 48 sides has 0.3 % less area than its circle.
    bar = shapes.tube([(0, 0, 0), (0, 0, 2)], 0.5, sides=48)
    assert signed_volume_m3(built(bar)) == pytest.approx(np.pi * 0.25 * 2, rel=5e-3)
    ball = shapes.ellipsoid((0, 0, 0), (1, 2, 3), segments=48, rings=40)
    assert signed_volume_m3(built(ball)) == pytest.approx(4 / 3 * np.pi * 6, rel=1e-2)


def test_texture_coordinates_rise_with_height_on_every_wall():
    for heading in np.linspace(0, 2 * np.pi, 7):
        wall = [(0, 0, 0), (np.cos(heading), np.sin(heading), 0)]
        corners = [*wall, np.add(wall[1], (0, 0, 2)), np.add(wall[0], (0, 0, 2))]
        uv = built(shapes.quads([corners])).box_projected_uv()
        assert uv[:, 1].tolist() == pytest.approx([0, 0, 2, 2], abs=1e-6)
        assert abs(uv[1, 0] - uv[0, 0]) == pytest.approx(1.0, abs=1e-5)


def test_houses_fit_their_lots_and_have_glass():
    for house in PLAN.buildings[:8]:
        mesh = building_mesh(house)
        width_m, _, height_m = mesh.extent_m
        assert house.width_m - 1e-3 < width_m < house.width_m + 1.2
        assert height_m > 3.0 * house.floors - 1.0
        assert "glass" in mesh.materials


def test_window_panes_lie_behind_the_wall():
    house = dataclasses.replace(PLAN.buildings[0], open_left=False, open_right=False)
    mesh = building_mesh(dataclasses.replace(house, roof="parapet", style="brick"))
    starts = np.cumsum(mesh.face_sizes) - mesh.face_sizes
    is_glass = mesh.material_index == mesh.materials.index("glass")
    depth = mesh.vertices[mesh.corners[starts[is_glass]], 1]
    assert depth.min() > 0.09


def test_unknown_furniture_is_refused():
    with pytest.raises(KeyError):
        fixture_parts("rocket", 0, 1)


def test_meshes_hold_valid_faces_only():
    for mesh in (
        tree_mesh(1, 0),
        vehicle_parts("hatchback")[0].mesh,
        building_mesh(PLAN.buildings[3]),
    ):
        assert len(mesh.corners) == mesh.face_sizes.sum()
        assert mesh.corners.max() < len(mesh.vertices)
        assert np.isfinite(mesh.vertices).all()
        assert np.isfinite(mesh.box_projected_uv()).all()
        assert mesh.material_index.max() < len(mesh.materials)
