"""The street in Blender, built in a child process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from blender_scenes.frames import LABEL_IDS, LABELS

REPOSITORY = Path(__file__).parents[2]
# A city street at least has these.
EXPECTED = {
    "Road", "Sidewalk", "Building", "Fence", "Pole", "TrafficLight", "TrafficSign",
    "Vegetation", "Terrain", "Person", "Car", "RoadLines", "Other", "Bicycle",
}  # fmt: skip

SCRIPT = """
import hashlib, json, sys
import bpy, numpy as np
from blender_scenes.spec import SceneSpec
from blender_scenes.city.build import build_street

def digest():
    total = hashlib.sha256()
    for mesh in sorted(bpy.data.meshes, key=lambda mesh: mesh.name):
        for block, name, width in (
            (mesh.vertices, "co", 3), (mesh.attributes["tint"].data, "color", 4)):
            values = np.empty(len(block) * width, np.float32)
            block.foreach_get(name, values)
            total.update(values.tobytes())
        total.update(mesh.name.encode())
    return total.hexdigest()

def built(seed):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    samples = scene.cycles.samples
    build_street(scene, SceneSpec("street", seed=seed, frame_range=(5, 8)))
    assert scene.cycles.samples == samples
    return scene

built(3); first = digest()
built(4); other = digest()
scene = built(3)
poses = {}
for frame in range(4, 10):
    scene.frame_set(frame)
    poses[frame] = [list(row) for row in scene.camera.matrix_world]
scene.frame_set(5)
speeds = {
    thing.name: [key.co[0] for bag in
                 thing.animation_data.action.layers[0].strips[0].channelbags
                 for curve in bag.fcurves for key in curve.keyframe_points]
    for thing in scene.objects if thing.animation_data and thing.type == "MESH"}
camera = scene.camera.data
json.dump({
    "digests": [first, other, digest()],
    "labels": {t.name: t.get("label") for t in scene.objects},
    "types": {t.name: t.type for t in scene.objects},
    "poses": poses,
    "moving": {name: [min(keys), max(keys)] for name, keys in speeds.items()},
    "camera": [camera.type, camera.clip_end, camera.angle_x],
    "frames": [scene.frame_start, scene.frame_end, scene.render.fps],
    "dimensions": {t.name: list(t.dimensions) for t in scene.objects},
    "exposure": scene.cycles.film_exposure,
    "deep": [m.name for m in bpy.data.meshes if m.validate()],
}, open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """What one build in a child process reports."""
    answer = tmp_path_factory.mktemp("street") / "street.json"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(answer)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(answer.read_text())


@pytest.mark.blender
def test_every_object_has_a_known_label_and_every_class_is_there(street):
    assert set(street["labels"].values()) <= set(LABELS)
    present = {
        street["labels"][name]
        for name, kind in street["types"].items()
        if kind == "MESH"
    }
    assert {LABEL_IDS[name] for name in EXPECTED} <= present
    assert LABEL_IDS["Void"] not in present


@pytest.mark.blender
def test_same_seed_gives_equal_meshes_and_another_seed_other_ones(street):
    first, other, again = street["digests"]
    assert first == again
    assert first != other


@pytest.mark.blender
def test_meshes_need_no_repair(street):
    assert street["deep"] == []


@pytest.mark.blender
def test_camera_drives_along_its_lane_and_looks_ahead(street):
    poses = street["poses"]
    steps = [poses[str(n + 1)][1][3] - poses[str(n)][1][3] for n in range(4, 9)]
    # 8 to 12 m/s at 24 frames per second.
    assert all(8 / 24 - 1e-3 < step < 12 / 24 + 1e-3 for step in steps)
    for pose in poses.values():
        assert 1.3 < pose[2][3] < 1.5
        ahead = [-row[2] for row in pose[:3]]
        assert ahead[1] > 0.99


@pytest.mark.blender
def test_camera_is_a_wide_perspective_camera_that_sees_far(street):
    kind, clip_end_m, angle_rad = street["camera"]
    assert kind == "PERSP"
    assert clip_end_m >= 1000
    assert 1.04 < angle_rad < 1.23  # 60 to 70 degrees


@pytest.mark.blender
def test_moving_things_have_keys_one_frame_beyond_both_ends(street):
    assert street["frames"] == [5, 8, 24]
    assert len(street["moving"]) >= 6
    for first, last in street["moving"].values():
        assert (first, last) == (4, 9)


@pytest.mark.blender
def test_things_have_plausible_sizes(street):
    sizes = {
        name: (street["labels"][name], size)
        for name, size in street["dimensions"].items()
    }
    for label, (width, length, height) in sizes.values():
        if label == LABEL_IDS["Car"]:
            assert 3.9 < max(width, length) < 5.2
            assert 1.4 < height < 2.3
        if label == LABEL_IDS["Person"]:
            assert 1.5 < height < 1.98
        if label == LABEL_IDS["Building"]:
            assert 5.0 < height < 75.0
