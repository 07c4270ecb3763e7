"""The child's command line, its events and its settings."""

import json
import os
from pathlib import Path

import pytest

from blender_scenes import cli
from blender_scenes.events import EventWriter
from blender_scenes.frames import LABEL_IDS
from blender_scenes.instances import label_from_property
from blender_scenes.render_settings import sampling_seed
from blender_scenes.user_labels import label_of_user_object


class Thing(dict):
    """Stands in for a Blender object: custom properties and a pass index."""

    pass_index = 0


def test_an_event_is_one_line_whatever_its_message():
    reading, writing = os.pipe()
    EventWriter(writing).error("first\n  second")
    os.close(writing)
    with os.fdopen(reading) as lines:
        (line,) = lines.readlines()
    event = json.loads(line.removeprefix("@event "))
    assert event == {"event": "error", "message": "first second"}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "/frames: No space left on device;"),
        (PermissionError(13, "Permission denied", "/f/a"), "/f/a: Permission denied;"),
        (OSError("/f/a.exr: Blender did not write it"), "/f/a.exr: Blender did not"),
    ],
)
def test_an_error_of_the_system_names_file_and_cause_without_its_number(
    error, said, monkeypatch, tmp_path
):
    def fail(*_):
        raise error

    monkeypatch.setattr(cli, "read_spec", fail)
    reading, writing = os.pipe()
    assert cli.run(tmp_path / "spec.json", Path("/frames"), EventWriter(writing)) == 2
    os.close(writing)
    with os.fdopen(reading) as lines:
        message = json.loads(lines.read().removeprefix("@event "))["message"]
    assert message.startswith(said)
    assert "Errno" not in message


def test_seeds_differ_between_scenes_and_fit_blender():
    seeds = {sampling_seed(scene) for scene in range(100)}
    assert len(seeds) == 100
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_the_seed_of_a_scene_is_fixed_for_ever():
    # Pinned: another value would change the bytes of every dataset.
    assert sampling_seed(1) == 901994809


@pytest.mark.parametrize("value", [99, -1, 14.0, "Car", None])
def test_a_label_property_that_is_no_known_id_is_void(value):
    assert label_from_property(Thing(label=value)) == LABEL_IDS["Void"]


def test_the_city_is_labelled_by_a_property_and_a_blend_by_pass_index():
    thing = Thing(label=LABEL_IDS["Car"])
    thing.pass_index = LABEL_IDS["Wall"]
    assert label_from_property(thing) == LABEL_IDS["Car"]
    assert label_of_user_object(thing) == LABEL_IDS["Wall"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a valid specification"),
        ('{"scene": {"name": "a"}}', "no 'render' in it"),
        ('{"scene": {"name": "a"}, "render": {"width": 0}}', "width must lie in"),
        ('{"scene": {"name": "a"}, "render": {"colour": 1}}', "'colour'"),
    ],
)
def test_a_bad_specification_is_a_message_of_one_line(
    text, message, tmp_path, finish_child
):
    path = tmp_path / "spec.json"
    path.write_text(text)
    error = finish_child(path, tmp_path / "frames").error
    assert error.startswith(str(path))
    assert message in error
    assert not (tmp_path / "frames").exists()


def test_a_missing_specification_is_a_message_of_one_line(tmp_path, finish_child):
    path = tmp_path / "nowhere.json"
    assert str(path) in finish_child(path, tmp_path / "frames").error
