"""Streets and cities in Blender, built in child processes."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
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
from blender_scenes.city.build import build_plan
from blender_scenes.city.description import plan_from_json, plan_to_json
from blender_scenes.city.layout import plan_street
from blender_scenes.spec import SceneSpec

STATIC = ("building", "pavement", "road", "markings", "terrain", "gardens", "tree")

def digest(prefixes=("",)):
    total = hashlib.sha256()
    for mesh in sorted(bpy.data.meshes, key=lambda mesh: mesh.name):
        if not mesh.name.startswith(prefixes):
            continue
        for block, name, width in (
            (mesh.vertices, "co", 3), (mesh.attributes["tint"].data, "color", 4)):
            values = np.empty(len(block) * width, np.float32)
            block.foreach_get(name, values)
            total.update(values.tobytes())
        total.update(mesh.name.encode())
    return total.hexdigest()

def built(plan):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    samples = scene.cycles.samples
    build_plan(scene, plan)
    assert scene.cycles.samples == samples
    return scene

def planned(seed, frame_range):
    return plan_street(SceneSpec("city-9", seed=seed, frame_range=frame_range))

built(planned(4, (5, 8))); other = digest()
built(planned(3, (5, 8))); first = digest(); standing = digest(STATIC)
built(planned(3, (301, 302))); standing_later = digest(STATIC)
scene = built(plan_from_json(plan_to_json(planned(3, (5, 8)))))
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
    "standing": [standing, standing_later],
    "properties": {n: scene[n] for n in ("lamps_lit", "wetness", "snow_cover")},
    "labels": {t.name: t.get("label") for t in scene.objects},
    "groups": {t.name: str(t.get("instance_of", t.name)) for t in scene.objects},
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


def run_script(script, folder):
    """Return what a script, run in a child process, writes as JSON."""
    answer = folder / "answer.json"
    done = subprocess.run(
        [sys.executable, "-c", script, str(answer)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(answer.read_text())


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    """What builds of one drawn city in a child process report."""
    return run_script(SCRIPT, tmp_path_factory.mktemp("street"))


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
def test_a_described_city_has_equal_meshes_and_another_seed_other_ones(street):
    first, other, described = street["digests"]
    assert first == described
    assert first != other


@pytest.mark.blender
def test_the_frames_asked_for_change_nothing_that_stands(street):
    first, later = street["standing"]
    assert first == later


@pytest.mark.blender
def test_shaders_find_the_weather_and_the_hour_at_the_scene(street):
    assert set(street["properties"]) == {"lamps_lit", "wetness", "snow_cover"}
    assert all(0.0 <= value <= 1.0 for value in street["properties"].values())


@pytest.mark.blender
def test_meshes_need_no_repair(street):
    assert street["deep"] == []


@pytest.mark.blender
def test_camera_drives_along_its_lane_and_looks_ahead(street):
    poses = street["poses"]
    steps = [poses[str(n + 1)][1][3] - poses[str(n)][1][3] for n in range(4, 9)]
    # 6 to 14 m/s at 24 frames per second.
    assert all(6 / 24 - 1e-3 < step < 14 / 24 + 1e-3 for step in steps)
    for pose in poses.values():
        assert 1.3 < pose[2][3] < 1.5
        ahead = [-row[2] for row in pose[:3]]
        assert ahead[1] > 0.99


@pytest.mark.blender
def test_camera_is_a_wide_perspective_camera_that_sees_far(street):
    kind, clip_end_m, angle_rad = street["camera"]
    assert kind == "PERSP"
    assert clip_end_m >= 1000
    assert 1.04 < angle_rad < 1.1  # 60 to 63 degrees


@pytest.mark.blender
def test_moving_things_have_keys_one_frame_beyond_both_ends(street):
    assert street["frames"] == [5, 8, 24]
    assert len(street["moving"]) >= 6
    spans = list(street["moving"].values())
    # What comes into sight or leaves it on the way is keyed while it is there.
    assert spans.count([4, 9]) >= 6
    assert all(4 <= first <= last <= 9 for first, last in spans)


@pytest.mark.blender
def test_things_have_plausible_sizes(street):
    largest = {}
    for name, size in street["dimensions"].items():
        key = (street["labels"][name], street["groups"][name])
        largest[key] = np.maximum(largest.get(key, np.zeros(3)), size)
    for (label, _), (width, length, height) in largest.items():
        if label == LABEL_IDS["Car"]:
            assert 2.4 < max(width, length) < 6.5
            assert 1.2 < height < 3.0
        if label == LABEL_IDS["Bus"]:
            assert 9.0 < max(width, length) < 19.5
        if label == LABEL_IDS["Building"]:
            # Towers of the centre have up to 27 floors.
            assert 4.5 < height < 115.0


CITIES_SCRIPT = """
import json, resource, sys
import bpy, mathutils
from blender_scenes.city.build import build_street
from blender_scenes.spec import SceneSpec

report = {}
for number in range(1, 7):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    build_street(bpy.context.scene, SceneSpec(f"city-{number}", seed=number))
    report[f"city-{number}"] = {
        "labels": sorted({t["label"] for t in bpy.data.objects if t.type == "MESH"}),
        "lowest": min(
            (t.matrix_world @ mathutils.Vector(corner)).z
            for t in bpy.context.scene.objects if t.type == "MESH"
            for corner in t.bound_box),
    }
report["gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
json.dump(report, open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def cities(tmp_path_factory):
    """What building all six named cities in one child process reports."""
    return run_script(CITIES_SCRIPT, tmp_path_factory.mktemp("cities"))


@pytest.mark.slow
@pytest.mark.blender
def test_every_named_city_builds_with_the_classes_of_a_city(cities):
    everywhere = {LABEL_IDS[name] for name in EXPECTED - {"Fence", "RoadWorks"}}
    names = [name for name in cities if name.startswith("city-")]
    assert len(names) == 6
    for name in names:
        present = set(cities[name]["labels"])
        assert present <= set(LABELS)
        assert everywhere <= present, name
    together = {label for name in names for label in cities[name]["labels"]}
    # SYNTHIA-SF has 23 classes; void and sky are no objects.
    assert len(together) >= 15


@pytest.mark.slow
@pytest.mark.blender
def test_nothing_of_a_city_lies_below_its_land(cities):
    for name, report in cities.items():
        if name.startswith("city-"):
            assert report["lowest"] > -0.5


@pytest.mark.slow
@pytest.mark.blender
def test_cities_fit_into_three_gigabytes(cities):
    # Six cities one after the other in one process: more than any one needs.
    assert cities["gigabytes"] < 3.0
