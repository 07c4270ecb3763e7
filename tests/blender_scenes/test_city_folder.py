"""A frame folder of a city, and the scene that is built again from it."""

import json

import numpy as np
import pytest

from blender_scenes.frames import sha256_of
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec

RENDER = RenderSpec(40, 24, 6, 1, device="cpu", second_surface=False)


@pytest.fixture(scope="module")
def rendered(finish_child):
    """Return a function that renders a scene into a new folder."""

    def rendered(scene, folder):
        folder.mkdir()
        spec_file = folder / "spec.json"
        spec_file.write_text(SequenceSpec(scene, RENDER).to_json())
        return finish_child(spec_file, folder / "frames")

    return rendered


@pytest.fixture(scope="module")
def city(rendered, tmp_path_factory):
    scene = SceneSpec("city-2", seed=2, frame_range=(30, 30))
    return rendered(scene, tmp_path_factory.mktemp("city") / "first")


@pytest.mark.slow
@pytest.mark.blender
def test_the_manifest_names_the_description_and_its_checksum(city):
    assert city.status == 0, city.log
    described = city.manifest.source["description"]
    path = city.folder / described["file"]
    assert path.name == "scene.json"
    assert described["sha256"] == sha256_of(path)
    assert described["bytes"] == path.stat().st_size
    assert json.loads(path.read_text())["plan"]["setting"]["season"] == "autumn"


@pytest.mark.slow
@pytest.mark.blender
def test_frames_of_the_described_scene_are_those_of_the_city(city, rendered, tmp_path):
    scene = SceneSpec("again", seed=2, plan_file=str(city.folder / "scene.json"))
    again = rendered(scene, tmp_path / "again")
    assert again.status == 0, again.log
    first, second = city.frame(30), again.frame(30)
    for name in ("linear_rgb", "depth_m", "label", "instance", "flow_px"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.slow
@pytest.mark.blender
def test_a_broken_description_is_one_error_that_names_file_and_field(
    city, rendered, tmp_path
):
    path = tmp_path / "broken.json"
    content = json.loads((city.folder / "scene.json").read_text())
    content["plan"]["vehicles"][0]["model"] = "__import__('os')"
    path.write_text(json.dumps(content))
    refused = rendered(SceneSpec("broken", plan_file=str(path)), tmp_path / "refused")
    assert "broken.json: plan.vehicles[0].model: got" in refused.error
