"""Descriptions of cities: JSON there and back, and what is refused."""

import dataclasses
import json

import pytest

from blender_scenes.city.description import (
    DescriptionError,
    plan_from_json,
    plan_to_json,
    read_plan,
)
from blender_scenes.city.layout import plan_street
from blender_scenes.load_scene import described_plan
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import SceneSpec

PLAN = plan_street(SceneSpec("city-2", seed=2, frame_range=(3, 9)))


def changed(*path, value):
    """Return the description with one value replaced."""
    content = json.loads(plan_to_json(PLAN))
    place = content["plan"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(content)


@pytest.mark.parametrize("name", ["street-1", "city-1", "city-4", "city-6", "city-23"])
def test_a_plan_survives_json_value_for_value(name):
    plan = plan_street(SceneSpec(name, seed=int(name.split("-")[1])))
    assert plan_from_json(plan_to_json(plan)) == plan


def test_a_description_of_a_description_is_the_same_text():
    text = plan_to_json(PLAN)
    assert plan_to_json(plan_from_json(text)) == text


def test_values_that_json_has_no_number_for_are_not_written():
    broken = dataclasses.replace(
        PLAN, atmosphere=dataclasses.replace(PLAN.atmosphere, haze=float("nan"))
    )
    with pytest.raises(ValueError, match="JSON"):
        plan_to_json(broken)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("seed",), "2", r"plan\.seed: got '2'; expected int"),
        (("seed",), 2.5, r"plan\.seed: got 2\.5; expected int"),
        (
            ("vehicles", 3, "model"),
            "rocket",
            r"plan\.vehicles\[3\]\.model: got 'rocket'",
        ),
        (("trees", 0, "scale"), 1e9, r"plan\.trees\[0\]\.scale"),
        (("trees", 0, "scale"), True, r"plan\.trees\[0\]\.scale: got True"),
        (("trees", 0, "leaf_rgb"), [0.1, 0.2], r"leaf_rgb: 2 items; expected 3"),
        (("buildings", 1, "floors"), 10**6, r"buildings\[1\]\.floors"),
        (("buildings", 1), [], r"plan\.buildings\[1\]: got \[\]; expected an object"),
        (("fixtures", 0, "kind"), "__import__('os')", r"fixtures\[0\]\.kind"),
        (("road", "bends"), {}, r"plan\.road\.bends: got \{\}; expected a list"),
        (("wires",), [0] * 6000, "6000 items; expected at most 5000"),
        (("surprise",), 1, "unknown 'surprise'"),
        (("setting", "season"), "monsoon", "expected one of autumn, spring"),
    ],
)
def test_an_error_names_the_field_and_what_was_expected(path, value, message):
    with pytest.raises(DescriptionError, match=message):
        plan_from_json(changed(*path, value=value))


def test_bends_too_sharp_to_drive_are_refused_with_their_place():
    bend = {"start_m": 5.0, "length_m": 10.0, "turn_rad": 1.0}
    with pytest.raises(DescriptionError, match=r"plan\.road\.bends\[0\]: .*radius"):
        plan_from_json(changed("road", "bends", value=[bend]))


def test_a_missing_field_is_named():
    content = json.loads(plan_to_json(PLAN))
    del content["plan"]["camera"]["lens_mm"]
    with pytest.raises(DescriptionError, match=r"plan\.camera: no 'lens_mm'"):
        plan_from_json(json.dumps(content))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": "other"}', "[" * 100_000, '{"a": NaN}'],
)
def test_what_is_no_description_is_refused(text):
    with pytest.raises(DescriptionError):
        plan_from_json(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number):
    text = changed("camera", "lens_mm", value="@").replace('"@"', number)
    with pytest.raises(DescriptionError, match="lens_mm"):
        plan_from_json(text)


def test_another_version_is_refused():
    text = plan_to_json(PLAN).replace('"version":1', '"version":2')
    with pytest.raises(DescriptionError, match="version: got 2; expected 1"):
        plan_from_json(text)


def test_an_error_names_the_file(tmp_path):
    path = tmp_path / "scene.json"
    with pytest.raises(DescriptionError, match=r"scene\.json: No such file"):
        read_plan(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DescriptionError, match=r"scene\.json: "):
        read_plan(path)
    path.write_text(changed("seed", value=None))
    with pytest.raises(DescriptionError, match=r"scene\.json: plan\.seed"):
        read_plan(path)


@pytest.fixture
def scene_file(tmp_path):
    path = tmp_path / "scene.json"
    path.write_text(plan_to_json(PLAN))
    return path


def test_a_described_scene_takes_its_own_frames_or_those_asked_for(scene_file):
    assert described_plan(SceneSpec("scene", plan_file=str(scene_file))) == PLAN
    asked = SceneSpec("scene", plan_file=str(scene_file), frame_range=(20, 24))
    assert described_plan(asked) == dataclasses.replace(
        PLAN, first_frame=20, last_frame=24
    )


def test_frames_beyond_the_described_drive_are_refused(scene_file):
    spec = SceneSpec("scene", plan_file=str(scene_file), frame_range=(1, 9000))
    with pytest.raises(SceneError, match="beyond the drive"):
        described_plan(spec)


def test_a_description_that_changed_since_is_refused(scene_file):
    spec = SceneSpec("scene", plan_file=str(scene_file), plan_sha256="0" * 64)
    with pytest.raises(SceneError, match="SHA-256"):
        described_plan(spec)
