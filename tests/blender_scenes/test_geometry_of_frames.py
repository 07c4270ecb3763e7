"""Depth, poses, labels and flow of rendered frames against planes on paper."""

import numpy as np
import pytest

from blender_scenes.cameras import CameraPose, infinity_flow
from blender_scenes.frames import LABEL_IDS, sha256_of

pytestmark = pytest.mark.blender

# Single precision of the ray tracer, on planes seen at a grazing angle too.
DEPTH_TOLERANCE = 1e-3
# The lens goes through Blender's single-precision properties.
PROJECTION_TOLERANCE_PX = 1e-3
# Rays of the picture with and without margin start from other float roundings.
SAME_RAY_TOLERANCE = 1e-4
# Flow is stored as half: 11 significant bits, values below 8 pixels.
FLOW_TOLERANCE_PX = 8 / 2**11 + 1e-3
HALF_ROUNDING = 2**-10
LENS_FRAMES = [1, 2, 3, 4, 5]


@pytest.fixture(scope="module")
def landscape(render):
    return render("lenses")


@pytest.fixture(scope="module")
def roving(render):
    return render("roving")


@pytest.fixture(scope="module")
def portrait(render):
    return render("lenses", width=24, height=40)


@pytest.fixture(scope="module")
def without_margin(render):
    return render("lenses", margin_px=0)


@pytest.fixture(scope="module")
def motion(render):
    return render("motion")


def camera(rendered, number):
    entry = next(e for e in rendered.manifest.frames if e.number == number)
    return np.array(entry.intrinsics), np.array(entry.world_from_camera)


def pixel_rays(K, pose, shape):
    """Return camera position and ray directions of unit depth, world axes."""
    rows, columns = np.indices(shape) + 0.5
    pixels = np.stack([columns, rows, np.ones(shape)], axis=-1)
    directions = pixels @ np.linalg.inv(K).T @ pose[:3, :3].T
    return pose[:3, 3], directions


def nearest_plane(planes, origin, directions):
    """Return depth of the first plane hit and its number, from 1."""
    depths = []
    for normal, point in planes.values():
        with np.errstate(divide="ignore"):
            depth = np.dot(np.subtract(point, origin), normal) / (directions @ normal)
        depths.append(np.where(depth > 0, depth, np.inf))
    return np.min(depths, axis=0), np.argmin(depths, axis=0) + 1


@pytest.mark.parametrize("shape", ["landscape", "portrait"])
@pytest.mark.parametrize("number", LENS_FRAMES)
def test_depth_is_the_distance_along_the_axis_to_the_plane(
    shape, number, scenes, request
):
    rendered = request.getfixturevalue(shape)
    frame = rendered.frame(number)
    K, pose = camera(rendered, number)
    rays = pixel_rays(K, pose, frame.depth_m.shape)
    expected, _ = nearest_plane(scenes.facts["planes"], *rays)
    near = expected < 100  # beyond, the quads may have ended
    assert near.mean() > 0.5
    np.testing.assert_allclose(
        frame.depth_m[near], expected[near], rtol=DEPTH_TOLERANCE
    )


@pytest.mark.parametrize("number", LENS_FRAMES)
def test_an_unprojected_pixel_lies_on_its_plane(number, scenes, landscape):
    frame = landscape.frame(number)
    origin, directions = pixel_rays(
        *camera(landscape, number), shape=frame.depth_m.shape
    )
    world = origin + directions * frame.depth_m[..., None]
    names = {v["name"]: int(k) for k, v in landscape.manifest.instances.items()}
    seen = 0
    for name, (normal, point) in scenes.facts["planes"].items():
        mine = (frame.instance == names[name]) & (frame.depth_m < 100)
        seen += bool(mine.any())
        distance_m = (world[mine] - point) @ np.array(normal) / np.linalg.norm(normal)
        np.testing.assert_allclose(
            distance_m / frame.depth_m[mine], 0, atol=DEPTH_TOLERANCE
        )
    assert seen >= 2


@pytest.mark.parametrize(
    ("shape", "size"), [("landscape", "40x24"), ("portrait", "24x40")]
)
@pytest.mark.parametrize("number", LENS_FRAMES)
def test_intrinsics_and_pose_project_as_blender_does(
    shape, size, number, scenes, request
):
    rendered = request.getfixturevalue(shape)
    K, pose = camera(rendered, number)
    points = np.array([[*p, 1] for p in scenes.facts["points"]])
    seen = (points @ np.linalg.inv(pose).T)[:, :3]
    pixels = seen @ K.T
    expected = np.array(scenes.facts["projections"][size][str(number)])
    np.testing.assert_allclose(
        pixels[:, :2] / pixels[:, 2:] - rendered.manifest.margin_px,
        expected[:, :2],
        atol=PROJECTION_TOLERANCE_PX,
    )
    np.testing.assert_allclose(pixels[:, 2], expected[:, 2], rtol=1e-5)


@pytest.mark.parametrize("number", LENS_FRAMES)
def test_the_margin_leaves_the_inner_picture_as_it_is(
    number, landscape, without_margin
):
    wide, plain = landscape.frame(number), without_margin.frame(number)
    assert wide.depth_m.shape == (24 + 12, 40 + 12)
    assert plain.depth_m.shape == (24, 40)
    inner = (slice(6, -6), slice(6, -6))
    np.testing.assert_allclose(
        wide.depth_m[inner], plain.depth_m, rtol=SAME_RAY_TOLERANCE
    )
    assert np.mean(wide.instance[inner] != plain.instance) < 0.01


def test_objects_are_labelled_by_their_pass_index(landscape):
    frame = landscape.frame(1)
    instances = landscape.manifest.instances
    labels = {row["name"]: row["label"] for row in instances.values()}
    assert labels == {"floor": 2, "slope": 3, "wall": 1}
    for number, row in instances.items():
        assert (frame.label[frame.instance == int(number)] == row["label"]).all()


def test_an_object_that_moves_right_flows_to_larger_columns(motion):
    # 0.5 m per frame at 10 m, focal length 40 px: 2 px.
    flow = motion.frame(1).flow_px[instance_mask(motion, "right")]
    assert flow.size
    np.testing.assert_allclose(flow[:, 0], 2.0, atol=FLOW_TOLERANCE_PX)
    np.testing.assert_allclose(flow[:, 1], 0.0, atol=FLOW_TOLERANCE_PX)


def test_an_object_that_moves_up_flows_to_smaller_rows(motion):
    # 0.1 m per frame at 5 m, focal length 40 px: 0.8 px.
    flow = motion.frame(1).flow_px[instance_mask(motion, "up")]
    assert flow.size
    np.testing.assert_allclose(flow[:, 0], 0.0, atol=FLOW_TOLERANCE_PX)
    np.testing.assert_allclose(flow[:, 1], -0.8, atol=FLOW_TOLERANCE_PX)


def instance_mask(rendered, name):
    (number,) = [k for k, v in rendered.manifest.instances.items() if v["name"] == name]
    return rendered.frame(1).instance == int(number)


def test_flow_points_to_where_the_same_object_is_in_the_next_frame(motion):
    first, second = motion.frame(1), motion.frame(2)
    number = int(first.instance[instance_mask(motion, "right")][0])
    before = np.argwhere(first.instance == number).mean(axis=0)
    after = np.argwhere(second.instance == number).mean(axis=0)
    # Centroids of whole pixels: the quad covers six columns, so half a pixel.
    np.testing.assert_allclose(after - before, [0.0, 2.0], atol=0.5)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_flow_leads_to_where_the_camera_next_sees_the_same_point(number, roving):
    # Nothing moves in this scene but the camera and its lens.
    frame = roving.frame(number)
    origin, directions = pixel_rays(*camera(roving, number), shape=frame.depth_m.shape)
    world = origin + directions * frame.depth_m[..., None]
    K, pose = camera(roving, number + 1)
    seen = (world - pose[:3, 3]) @ pose[:3, :3]
    in_view = (seen[..., 2] > 0.5) & (frame.depth_m < 100)
    projected = seen[in_view] @ K.T
    rows, columns = np.indices(frame.depth_m.shape) + 0.5
    here = np.stack([columns, rows], axis=-1)[in_view]
    expected = projected[:, :2] / projected[:, 2:] - here
    assert np.abs(expected).mean() > 2
    np.testing.assert_allclose(
        frame.flow_px[in_view], expected, atol=1e-3, rtol=HALF_ROUNDING
    )


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_no_flow_leads_over_a_cut_to_another_camera(number, landscape):
    assert np.isnan(landscape.frame(number).flow_px).all()


def test_flow_is_known_where_a_camera_goes_on_after_a_cut(landscape):
    assert np.isfinite(landscape.frame(5).flow_px).all()


def test_flow_of_the_sky_continues_that_of_a_far_wall(motion):
    frame = motion.frame(2)  # the camera turns right and up from here
    poses = [CameraPose(*camera(motion, number)) for number in (2, 3)]
    height, width = frame.depth_m.shape
    expected = infinity_flow(*poses, width, height)
    sky = np.isinf(frame.depth_m)
    far = np.isfinite(frame.depth_m) & (frame.depth_m > 1e4)
    for region in (sky, far):
        assert region.sum() > 100
        np.testing.assert_allclose(
            frame.flow_px[region], expected[region], atol=FLOW_TOLERANCE_PX
        )
    assert frame.flow_px[sky][:, 0].max() < 0 < frame.flow_px[sky][:, 1].min()


def test_the_sky_is_infinitely_far_and_labelled_sky(motion):
    frame = motion.frame(1)
    sky = np.isinf(frame.depth_m)
    assert sky.any()
    np.testing.assert_array_equal(frame.label == LABEL_IDS["Sky"], sky)
    assert (frame.instance[sky] == 0).all()


def test_the_manifest_describes_every_file(motion):
    manifest = motion.manifest
    assert manifest.size == (40, 24)
    assert manifest.margin_px == 6
    assert manifest.fps == 24
    assert [entry.number for entry in manifest.frames] == [1, 2, 3]
    for entry in manifest.frames:
        path = motion.folder / entry.file
        assert entry.sha256 == sha256_of(path)
        assert entry.bytes == path.stat().st_size
    assert {"bpy", "OpenEXR", "numpy"} <= set(manifest.versions)
