"""What the six named cities show from 1.5 to 250 m, counted in tiny renders."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.city.cities import CITIES
from blender_scenes.frames import LABELS
from pipeline.statistics import DEPTH_DECADES_M

REPOSITORY = Path(__file__).parents[2]
LEAST_SHARE = 0.05
FEWEST_CLASSES = 15
FRAMES = (1, 200, 400)
ALWAYS_SEEN = {"Road", "Building", "Sidewalk", "Vegetation", "Car", "Pole"}

# Six cities are built, one after the other.
pytestmark = [pytest.mark.blender, pytest.mark.timeout(1800)]

SCRIPT = """
import json, sys, tempfile
from pathlib import Path
import bpy, numpy as np
from blender_scenes.city import build
from blender_scenes.city.layout import plan_street
from blender_scenes.passes import read_geometry
from blender_scenes.spec import SceneSpec

# Exposure and light cost more than the depth.
build.metering.meter = build.night.add_lamps = lambda scene, plan: None

def seen(name, frames, edges, path):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    seed = int(name.split("-")[1])
    build.build_plan(scene, plan_street(SceneSpec(name, seed=seed)))
    scene.world = None
    render, layer = scene.render, scene.view_layers[0]
    render.engine, scene.cycles.samples, scene.cycles.max_bounces = "CYCLES", 1, 0
    scene.cycles.use_denoising = False
    render.resolution_x, render.resolution_y = 96, 58
    render.resolution_percentage, render.use_persistent_data = 100, True
    render.image_settings.media_type = "MULTI_LAYER_IMAGE"
    render.image_settings.color_depth = "32"
    render.filepath = str(path)
    layer.use_pass_z = layer.use_pass_object_index = layer.use_pass_vector = True
    layer.material_override = bpy.data.materials.new("plain")
    for thing in scene.objects:
        thing.pass_index = int(thing["label"])
    depths, labels = [], []
    for frame in frames:
        scene.frame_set(frame)
        bpy.ops.render.render(write_still=True)
        geometry = read_geometry(path)
        depths.append(np.histogram(geometry.depth, edges)[0] / geometry.depth.size)
        labels.append(np.bincount(geometry.instance.ravel(), minlength=32))
    return {"decades": np.mean(depths, axis=0).tolist(),
            "labels": np.sum(labels, axis=0).tolist()}

answer, names, frames, edges = json.loads(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "seen.exr"
    found = {name: seen(name, frames, edges, path) for name in names}
Path(answer).write_text(json.dumps(found))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """By city: the shares of the decades of depth, and the pixels of each label."""
    answer = tmp_path_factory.mktemp("depths") / "answer.json"
    asked = json.dumps([str(answer), list(CITIES), FRAMES, DEPTH_DECADES_M])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, asked],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(answer.read_text())


def test_every_decade_of_depth_fills_its_share_of_the_set(seen):
    shares = np.mean([city["decades"] for city in seen.values()], axis=0)
    assert (shares >= LEAST_SHARE).all(), shares


def test_no_city_lacks_the_far_decade(seen):
    for name, city in seen.items():
        assert city["decades"][-1] > LEAST_SHARE / 2, name


def test_most_classes_are_seen(seen):
    pixels = np.sum([city["labels"] for city in seen.values()], axis=0)
    # The sky's pixels have no object.
    present = {LABELS[number] for number in np.flatnonzero(pixels) if number}
    assert len(present | {"Sky"}) >= FEWEST_CLASSES, present


def test_every_city_shows_what_makes_a_street(seen):
    for name, city in seen.items():
        present = {LABELS[number] for number in np.flatnonzero(city["labels"])}
        assert present >= ALWAYS_SEEN, name
