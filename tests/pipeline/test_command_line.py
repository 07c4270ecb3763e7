"""The command that users type, in a process of its own, from the repository root."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline import BuildDataset, RenderSequence, SynthesiseViews
from pipeline.errors import UserError

ROOT = Path(__file__).parents[2]
LUIGI = Path(sys.executable).with_name("luigi")


def luigi(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LUIGI), "--module", "pipeline", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    return [
        *("--work-dir", str(tmp_path / "work")),
        *("--datasets-dir", str(tmp_path / "datasets")),
    ]


def test_help_describes_every_parameter() -> None:
    text = luigi("BuildDataset", "--help").stdout
    for name, parameter in BuildDataset.get_params():
        assert f"--{name.replace('_', '-')} " in text
        assert parameter.description
        assert parameter.description.split()[0] in text


def test_help_all_lists_the_parameters_of_every_task() -> None:
    text = luigi("BuildDataset", "--help-all").stdout
    for task in (BuildDataset, SynthesiseViews, RenderSequence):
        for name, parameter in task.get_params():
            flag = f"--{task.__name__}-{name.replace(chr(95), chr(45))}"
            assert re.search(rf"{flag}\s", text), flag
            assert parameter.description[0].isupper()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--camera-set", "9"], "--camera-set '9': unknown; expected all"),
        (["--samples", "many"], "'many': expected a whole number"),
        (["--exposure", "dark"], "'dark': expected a number"),
        (["--mode", "best"], "'best': expected one of occlusion, paper, released"),
        (["--scene", "gone.blend"], "gone.blend': No such file"),
        (["--frames", "7-3"], "'7-3': the range is empty"),
    ],
)
def test_bad_input_is_one_line_and_a_failure(
    places: list[str], arguments: list[str], complaint: str
) -> None:
    result = luigi("BuildDataset", *arguments, *places)
    assert result.returncode != 0
    (line,) = [line for line in result.stderr.splitlines() if line.strip()]
    assert line.startswith("error: ")
    assert complaint in line


def test_an_exposure_that_is_asked_for_is_another_render() -> None:
    plain, asked = (
        RenderSequence(scene="street-1"),
        RenderSequence(scene="street-1", exposure=0.0),
    )
    assert plain.spec().render.exposure is None
    assert asked.spec().render.exposure == 0.0
    assert plain.identity() != asked.identity()
    # Luigi hands parameters on as text.
    assert RenderSequence.from_str_params(asked.to_str_params()).exposure == 0.0
    assert RenderSequence.from_str_params(plain.to_str_params()).exposure is None


@pytest.mark.parametrize(
    ("parameters", "named", "expected"),
    [
        ({"camera_set": "gone.toml"}, "gone.toml", "No such file"),
        ({"camera_set": ""}, "--camera-set ''", "expected all"),
        ({"scene": "castle"}, "'castle'", "street-N"),
        ({"scene": "street-1,street-1"}, "street-1,street-1", "different names"),
        ({"frames": "0"}, "'0'", "at least one frame"),
        ({"size": "huge"}, "'huge'", "pixels"),
        ({"samples": 0}, "0", "per pixel"),
        ({"exposure": 33.0}, "--exposure", "-32..32 stops"),
        ({"nearest": -1.0}, "-1", "metres > 0"),
        ({"nearest": 0.01}, "--nearest 0.01", "more than the picture has"),
        ({"frame_time_limit": 0.0}, "0", "seconds > 0"),
        ({"splits": "5,0,1"}, "'5,0,1'", "add up to 3"),
        ({"splits": "1,x,1"}, "'1,x,1'", "three numbers"),
        ({"splits": "3"}, "'3'", "three numbers"),
        ({"memory_limit": -1.0}, "-1", "gigabytes > 0"),
        ({"camera": "Cam"}, "--camera Cam", "expected a .blend file"),
        ({"trust_scripts": True}, "--trust-scripts", "expected a .blend file"),
        ({"camera_set": "1", "distortion": "bent"}, "'bent'", "division"),
    ],
)
def test_bad_parameters_are_refused_before_anything_is_scheduled(
    parameters: dict[str, Any], named: str, expected: str
) -> None:
    with pytest.raises(UserError) as caught:
        BuildDataset(**parameters)
    message = str(caught.value)
    assert named in message
    assert expected in message
    assert "\n" not in message


@pytest.mark.blender
def test_a_corrupt_blend_is_one_line(places: list[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.blend"
    broken.write_bytes(b"BLENDER-v500" + bytes(1000))
    result = luigi("BuildDataset", "--scene", str(broken), *places)
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    errors = [x for x in result.stderr.splitlines() if x.startswith("error: ")]
    assert len(errors) == 1
    assert "broken.blend" in errors[0]
