"""The command that the add-on starts, and what it refuses to start."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import luigi
import pytest

from blender_scenes.addon.dataset.command import (
    DatasetRequest,
    build_command,
    file_safe_name,
    request_problem,
)
from pipeline import BuildDataset
from pipeline.scenes import scene_spec

REQUEST = DatasetRequest(
    scene_name="street",
    camera="Camera.001",
    camera_file="Camera.001.toml",
    camera_sets=("1", "3", "THIS"),
    first=5,
    last=8,
    width_px=64,
    height_px=36,
    samples=2,
    nearest_m=7.5,
    noise_model="shot-read",
    folder=Path("/data"),
    name="mine",
)
SAVE_SCENE = """
bpy.context.scene.camera.name = sys.argv[3]
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[2])
"""
CAMERA = """
focal_length_mm = 50
f_number = 8
focus_distance_m = 10
pixel_pitch_um = 500
"""


def options(command: list[str]) -> dict[str, str]:
    flags = command[command.index("BuildDataset") + 1 :]
    return {
        key.removeprefix("--").replace("-", "_"): value
        for key, _, value in (flag.partition("=") for flag in flags)
    }


def test_the_pipeline_is_run_by_the_named_python() -> None:
    command = build_command("/env/bin/python", REQUEST)
    module = ["-m", "luigi", "--module", "pipeline", "BuildDataset"]
    assert command[:6] == ["/env/bin/python", *module]


def test_every_choice_is_in_the_command() -> None:
    assert options(build_command("python", REQUEST)) == {
        "scene": "/data/work/scenes/mine/street.blend",
        "camera": "Camera.001",
        "frames": "5-8",
        "camera_set": "1,3,/data/work/cameras/mine/Camera.001.toml",
        "size": "64x36",
        "samples": "2",
        "nearest": "7.5",
        "noise": "shot-read",
        "name": "mine",
        "datasets_dir": "/data",
        "work_dir": "/data/work",
    }


def test_strictness_is_passed_on_where_it_is_wanted() -> None:
    strict = dataclasses.replace(REQUEST, is_strict=True)
    assert build_command("python", strict)[-1] == "--strict"
    assert "strict" not in options(build_command("python", REQUEST))
    parsing = dict(BuildDataset.get_params())["strict"].parsing
    assert parsing == luigi.BoolParameter.IMPLICIT_PARSING  # it takes no value


@pytest.mark.blender
@pytest.mark.slow
def test_the_pipeline_takes_every_option(
    in_blender: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    request = dataclasses.replace(REQUEST, folder=tmp_path)
    for path in (request.scene_path, request.camera_path):
        path.parent.mkdir(parents=True)
    request.camera_path.write_text(CAMERA, encoding="utf-8")
    in_blender(SAVE_SCENE, request.scene_path, request.camera)
    given: dict[str, Any] = options(build_command("python", request))
    known = dict(BuildDataset.get_params())
    task = BuildDataset(**{key: known[key].parse(text) for key, text in given.items()})
    assert task.folder().parent == tmp_path / "mine"
    assert [view.camera_set for view in task.view_tasks()] == [
        "1",
        "3",
        str(request.camera_path),
    ]


@pytest.mark.parametrize("name", ["street", "my street, 2", "Straße"])
def test_a_scene_keeps_the_name_of_its_copy(name: str, tmp_path: Path) -> None:
    safe = file_safe_name(name)
    path = tmp_path / f"{safe}.blend"
    path.write_bytes(b"a scene")
    assert scene_spec(str(path), "").name == safe


def test_a_good_request_has_no_problem() -> None:
    assert request_problem(REQUEST) == ""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"camera_sets": ()}, "No camera is chosen"),
        ({"first": 9}, "frame range 9 to 8 is empty"),
        ({"name": ""}, "''"),
        ({"name": "a/b"}, "'a/b'"),
        ({"name": ".."}, "'..'"),
        ({"width_px": 8}, "8 x 36"),
        ({"height_px": 9000}, "64 x 9000"),
        ({"folder": Path("/a,b")}, "comma"),
        ({"folder": Path("datasets")}, "not saved"),
    ],
)
def test_an_impossible_request_is_one_line(
    change: dict[str, Any], complaint: str
) -> None:
    problem = request_problem(dataclasses.replace(REQUEST, **change))
    assert complaint in problem
    assert "\n" not in problem
