"""The mesh of a depth map, against planes and steps known on paper."""

import numpy as np
import pytest

from blender_scenes.addon.viewport.heat import (
    STEP_RATIO,
    grid_triangles,
    is_continuous,
    surface_mesh,
    unproject,
)

K = np.array([[100.0, 0.0, 40.0], [0.0, 100.0, 30.0], [0.0, 0.0, 1.0]])
SHAPE = (60, 80)


def edges(triangles):
    """Return the pairs (3 T, 2) of corners that triangles join."""
    return np.concatenate(
        [triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]
    )


def pixels_covered(mesh, shape):
    """Return whether each sample of a mesh in an identity pose is in a triangle."""
    used = np.unique(mesh.triangles)
    columns = mesh.points_m[used, 0] / mesh.points_m[used, 2] * 100 + 40
    rows = mesh.points_m[used, 1] / mesh.points_m[used, 2] * 100 + 30
    covered = np.zeros(shape, dtype=bool)
    covered[rows.astype(int), columns.astype(int)] = True
    return covered


def test_the_axis_is_unprojected_onto_itself():
    point = unproject(np.array(7.0), np.array(40.0), np.array(30.0), K, np.eye(4))
    np.testing.assert_allclose(point, (0, 0, 7))


def test_right_and_down_in_the_picture_are_right_and_down_in_space():
    # A focal length of 100 px: 50 px aside at 10 m is 5 m aside.
    point = unproject(np.array(10.0), np.array(90.0), np.array(10.0), K, np.eye(4))
    np.testing.assert_allclose(point, (5, -2, 10))


def test_unprojected_points_project_back(rng):
    pose = np.eye(4)
    pose[:3, :3], _ = np.linalg.qr(rng.normal(size=(3, 3)))
    pose[:3, 3] = rng.normal(size=3)
    columns, rows = rng.uniform(0, 80, 50), rng.uniform(0, 60, 50)
    depth_m = rng.uniform(1, 90, 50)
    points = unproject(depth_m, columns, rows, K, pose)
    in_camera = (points - pose[:3, 3]) @ pose[:3, :3]
    projected = in_camera @ K.T
    np.testing.assert_allclose(in_camera[:, 2], depth_m)
    np.testing.assert_allclose(projected[:, 0] / projected[:, 2], columns)
    np.testing.assert_allclose(projected[:, 1] / projected[:, 2], rows)


def test_a_wall_is_covered_whole():
    mesh = surface_mesh(np.full(SHAPE, 5.0), K, np.eye(4))
    assert len(mesh.triangles) == 2 * (SHAPE[0] - 1) * (SHAPE[1] - 1)
    assert len(mesh.points_m) == SHAPE[0] * SHAPE[1]
    np.testing.assert_allclose(mesh.points_m[:, 2], 5.0)
    np.testing.assert_allclose(mesh.depth_m, 5.0)


def test_samples_are_pixel_centres():
    mesh = surface_mesh(np.full(SHAPE, 5.0), K, np.eye(4))
    first = mesh.points_m[:, :2].min(axis=0)
    np.testing.assert_allclose(first, [(0.5 - 40) / 20, (0.5 - 30) / 20])


def test_a_large_picture_is_thinned_out():
    K_large = np.array([[900.0, 0, 500], [0, 900.0, 300], [0, 0, 1]])
    depth_m = np.full((600, 1000), 5.0)
    mesh = surface_mesh(depth_m, K_large, np.eye(4), max_columns=250)
    assert len(mesh.points_m) == 150 * 250
    # A mesh of every fourth pixel lies in the middle of the picture, not at its edge.
    columns = mesh.points_m[:, 0] / 5 * 900 + 500
    assert columns.min() == pytest.approx(2.5, abs=1e-3)
    assert columns.max() == pytest.approx(998.5, abs=1e-3)


def test_no_triangle_joins_a_thing_and_what_is_behind_it(rng):
    depth_m = np.full(SHAPE, 20.0)
    depth_m[20:40, 30:50] = 4.0
    depth_m[:, 60] = 2.0  # a pole, one pixel wide
    depth_m += rng.normal(0, 1e-3, SHAPE)
    mesh = surface_mesh(depth_m, K, np.eye(4))
    ends = mesh.depth_m[edges(mesh.triangles)]
    assert np.ptp(ends, axis=1).max() < 0.1


def test_the_sky_has_no_surface():
    depth_m = np.full(SHAPE, 5.0)
    depth_m[:30] = np.inf
    mesh = surface_mesh(depth_m, K, np.eye(4))
    assert len(mesh.points_m) == 30 * 80
    assert np.isfinite(mesh.points_m).all()


@pytest.mark.parametrize("depth_m", [np.inf, np.nan])
def test_a_picture_of_nothing_gives_an_empty_mesh(depth_m):
    mesh = surface_mesh(np.full(SHAPE, depth_m), K, np.eye(4))
    assert mesh.points_m.shape == (0, 3)
    assert mesh.triangles.shape == (0, 3)


def test_a_road_is_whole_until_shortly_before_the_horizon():
    # 1.5 m below the camera: depth = 1.5 * 100 / (row - 30), so rows that are k and
    # k + 1 below the horizon differ by a factor of (k + 1) / k.
    rows = np.arange(60)[:, None] + 0.5
    below = np.broadcast_to(rows - 30, SHAPE)
    depth_m = np.where(below > 0, 150 / np.where(below > 0, below, 1), np.inf)
    mesh = surface_mesh(depth_m, K, np.eye(4))
    first = 30 + int(np.ceil(1 / (STEP_RATIO - 1)))
    assert pixels_covered(mesh, SHAPE)[first:].all()
    np.testing.assert_allclose(mesh.points_m[:, 1], 1.5, rtol=1e-5)


def test_a_slanted_wall_is_whole():
    # Inverse depth of a plane grows evenly: here from 1/2 to 1/40 per metre.
    depth_m = np.broadcast_to(1 / np.linspace(1 / 40, 1 / 2, 80), SHAPE)
    assert is_continuous(depth_m).all()


def test_three_things_in_a_row_are_not_taken_for_a_slope():
    # 1/depth falls by the same step twice, which two edges alone could not tell apart.
    depth_m = np.array([[4.0] * 5 + [5.0] + [20 / 3] * 5])
    assert not is_continuous(depth_m)[0, 4:6].any()


def test_triangles_face_the_camera():
    # Rows count downwards: a negative area turns counter-clockwise, as Blender's front.
    triangles = grid_triangles(np.full((3, 4), 2.0))
    rows, columns = np.divmod(triangles, 4)
    ab = columns[:, 1] - columns[:, 0], rows[:, 1] - rows[:, 0]
    ac = columns[:, 2] - columns[:, 0], rows[:, 2] - rows[:, 0]
    area = ab[0] * ac[1] - ab[1] * ac[0]
    assert (area == -1).all()
