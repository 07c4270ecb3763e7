"""The command that users type, in a process of its own, from the repository root."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import luigi as luigi_library
import numpy as np
import pytest
from luigi.cmdline_parser import CmdlineParser

from pipeline import (
    BuildDataset,
    CompareNetworks,
    Evaluate,
    RenderSequence,
    SynthesiseViews,
    TrainRDPD,
)
from pipeline.cameras import camera_set
from pipeline.errors import UserError
from pipeline.tasks.meaning import RULES

CONFIG = str(Path(__file__).parents[2] / "configs/quick.toml")
LENS = """
focal_length_mm = 85
f_number = 1.4
focus_distance_m = 6
pixel_pitch_um = 70.3
"""
ROOT = Path(__file__).parents[2]
LUIGI = Path(sys.executable).with_name("luigi")


def luigi(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LUIGI), "--module", "pipeline", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def complaint_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the one line with which Luigi's command line ends, in this process."""
    with (
        pytest.raises(SystemExit) as ended,
        CmdlineParser.global_instance(["--module", "pipeline", *arguments]),
    ):
        pass
    assert ended.value.code not in (0, None)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    return line.removeprefix("error: ")


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
    ("arguments", "status", "complaint"),
    [
        (["BuildDatset"], 2, "no task 'BuildDatset'; did you mean BuildDataset?"),
        (["BuildDataset", "--workers", "0"], 40, "--workers 0: expected 1 or more"),
        (["BuildDataset", "--name", "../x"], 40, "--name '../x': expected the name"),
    ],
)
def test_a_mistake_ends_luigi_with_one_line_and_a_status(
    arguments: list[str], status: int, complaint: str
) -> None:
    result = luigi(*arguments)
    assert result.returncode == status
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"error: {complaint}")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("", "no task; expected one of BuildDataset, CompareNetworks, Evaluate"),
        ("Foo", "no task 'Foo'; expected one of BuildDataset"),
        ("--samples 4 BuildDataset", "no task '4'; expected one of"),
        ("BuildDataset --smaples 4", "no option '--smaples'; did you mean --samples?"),
        ("BuildDataset --camera_set 4", "'--camera_set'; did you mean --camera-set?"),
        ("BuildDataset --zzz", "BuildDataset has no option '--zzz'; --help lists them"),
        ("BuildDataset --samples", "--samples: expected a value after it"),
        (
            "BuildDataset --name -x",
            "--name: expected a value after it (one that begins",
        ),
        ("BuildDataset --trust-scripts=yes", "--trust-scripts: expected no value; got"),
        ("BuildDataset --scene my file.blend", "'file.blend': expected an option here"),
        ("BuildDataset --strict true", "'true': an option such as --strict stands"),
        ("BuildDataset –scene x", "'–scene': a dash; options begin with two hyphens"),
        ("BuildDataset --scene a --scene=b", "--scene: given 2 times; expected one"),
        ("BuildDataset --workers 0", "--workers 0: expected 1 or more"),
        ("BuildDataset --workers -1", "--workers -1: expected 1 or more"),
        ("BuildDataset --workers x", "--workers 'x': expected a whole number"),
        ("BuildDataset --scheduler-port x", "--scheduler-port 'x': expected a whole"),
        ("BuildDataset --log-level LOUD", "--log-level 'LOUD': expected one of "),
        ("BuildDataset --name=", "--name '': expected a value; left out"),
        ("BuildDataset --mode best", "--mode 'best': expected one of occlusion, paper"),
        ("BuildDataset --seed -1", "--seed -1: expected a whole number from 0 to 922"),
        ("BuildDataset --SynthesiseViews-mode paper", "BuildDataset gives Synth"),
        (
            "TrainRDPD --dataset x --BuildDataset-seed 4",
            "--BuildDataset-seed: says how --dataset is built; expected one of the two",
        ),
        ("RenderSequence --scene x --position a", "--position 'a': expected NUMBER/C"),
        ("RenderSequence", "RenderSequence needs --scene: Scene to render"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: str, complaint: str
) -> None:
    assert complaint in complaint_of(capsys, *arguments.split())


def test_options_of_the_dataset_count_where_training_builds_it() -> None:
    arguments = ["TrainRDPD", "--BuildDataset-scene", "city-1"]
    with CmdlineParser.global_instance(arguments) as parser:
        assert parser.known_args.BuildDataset_scene == "city-1"


@pytest.mark.parametrize(
    "name",
    ["..", ".", "../x", "a/b", "a\\b", "a\nb", "-x", ".x", " x", "", "a\0", "x" * 201],
)
def test_a_name_that_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=r"^--name "):
        BuildDataset(name=name)


@pytest.mark.parametrize("name", ["dual-pixel", "Été (v2)", "双像素", "100%", "a.b_c"])
def test_a_plain_name_may_be_in_any_language(name: str) -> None:
    assert BuildDataset(name=name, camera_set="1").folder().parent.name == name


def test_what_is_in_the_way_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    for place, cause in (
        ("file", "file is no folder"),
        ("file/below", "file is no folder"),
        ("loop", "Too many levels of symbolic links"),
        ("x" * 300, "File name too long"),
    ):
        for option in ("work_dir", "datasets_dir"):
            with pytest.raises(UserError, match=cause):
                BuildDataset(**{option: str(tmp_path / place)})
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize(
    ("task", "option"),
    [
        (BuildDataset, "datasets_dir"),
        (TrainRDPD, "runs_dir"),
        (CompareNetworks, "evaluations_dir"),
    ],
)
def test_a_folder_that_may_not_be_written_is_refused_before_any_work(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    task: type[luigi_library.Task],
    option: str,
) -> None:
    # Root may write anywhere, so that access() stands in for another user.
    made = task(**{option: str(tmp_path / "new")})
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    flag = f"--{option.replace('_', '-')}"
    with pytest.raises(UserError, match=rf"{flag} .* may not be written to"):
        made.requires()


@pytest.mark.parametrize("name", ["rg:bd", "a[1]b", "50%", "a b", "été", "folder"])
def test_any_folder_without_a_comma_is_a_source(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    write_rgbd(tmp_path / name)
    for root, sequence in ((tmp_path / name, name), (tmp_path, f"{name}")):
        task = BuildDataset(source=f"folder:{root}:{sequence}", camera_set="1")
        (views,) = task.view_tasks()
        assert views.source == f"folder:{root}:{sequence}"


def test_a_path_of_windows_is_not_cut_at_its_colon() -> None:
    with pytest.raises(UserError, match=re.escape(r"C:\data\rgbd: no such folder")):
        BuildDataset(source=r"folder:C:\data\rgbd", camera_set="1")


def test_a_path_with_a_comma_is_told_from_a_list(tmp_path: Path) -> None:
    path = tmp_path / "a,b.toml"
    path.write_text(LENS, encoding="utf-8")
    with pytest.raises(UserError, match="commas separate items"):
        BuildDataset(camera_set=str(path))


def test_a_camera_file_from_notepad_is_read(tmp_path: Path) -> None:
    path = tmp_path / "lens.toml"
    path.write_bytes(b"\xef\xbb\xbf" + LENS.replace("\n", "\r\n").encode())
    assert camera_set(str(path)).camera.f_number == 1.4


def test_a_value_of_luigi_cfg_that_cannot_be_is_one_line(
    tmp_path: Path, places: list[str]
) -> None:
    text = (ROOT / "luigi.cfg").read_text(encoding="utf-8")
    (tmp_path / "luigi.cfg").write_text(text + "\n[BuildDataset]\nsamples=many\n")
    result = luigi("BuildDataset", *places, cwd=tmp_path)
    assert result.returncode == 40
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: --samples 'many': expected a whole number")


def test_luigi_is_started_where_luigi_cfg_is(tmp_path: Path) -> None:
    result = luigi("BuildDataset", cwd=tmp_path)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"error: luigi.cfg of {ROOT} was not read")
    assert not list(tmp_path.iterdir())


def test_niqe_is_fitted_or_given(dataset: Path, tmp_path: Path) -> None:
    chosen = {"dataset": str(dataset), "niqe_model": "m.json", "niqe_sharpness": 0.5}
    with pytest.raises(UserError, match=r"--niqe-sharpness 0\.5: .*expected one of"):
        Evaluate(**chosen)


@pytest.mark.parametrize(
    ("option", "file"),
    [
        ("camera_set", "lens.toml"),
        ("source", "lens.toml"),
        ("scene", "lens.blend"),
        ("scene", "lens.json"),
    ],
)
def test_a_pipe_is_refused_without_waiting_for_it(
    tmp_path: Path, option: str, file: str
) -> None:
    os.mkfifo(tmp_path / file)
    with pytest.raises(UserError, match=f"{file}.*is a pipe, socket or device"):
        BuildDataset(**{"camera_set": "1", option: str(tmp_path / file)})


@pytest.mark.parametrize(
    ("task", "parameters"),
    [
        (TrainRDPD, {"config": "pipe"}),
        (TrainRDPD, {"dataset": ".", "config": CONFIG}),
        (Evaluate, {"dataset": "."}),
        (Evaluate, {"checkpoint": "pipe", "split": "train"}),
        (Evaluate, {"places": "indoor=pipe", "split": "train"}),
        (Evaluate, {"niqe_model": "pipe", "split": "train"}),
        (CompareNetworks, {"config": "pipe"}),
    ],
)
def test_a_pipe_is_no_configuration_checkpoint_or_dataset(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dataset: Path,
    task: type[luigi_library.Task],
    parameters: dict[str, str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pipe", "dataset.json"):
        os.mkfifo(name)
    with pytest.raises(UserError, match="a pipe, socket or device"):
        task(**({"dataset": str(dataset)} | parameters)).requires()


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
        ({"scene": ","}, "--scene ','", "an item is empty"),
        ({"scene": " "}, "--scene ' '", "an item is empty"),
        ({"scene": "city-1,,city-2"}, "'city-1,,city-2'", "an item is empty"),
        ({"source": ","}, "--source ','", "an item is empty"),
        ({"frames": "1-99999999999"}, "--frames '1-99999999999'", "to 1048573"),
        ({"seed": -1}, "--seed -1", "from 0 to"),
        ({"seed": 2**63}, "--seed 9223372036854775808", "from 0 to"),
        ({"dp_samples": 64}, "--dp-samples 64", "expected --dp-backend raytraced"),
        ({"work_dir": "~/work"}, "--work-dir '~/work'", "only the shell knows ~"),
        ({"nearest": 1e-30}, "--nearest 1e-30", "a surface 1e-30 m away"),
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


@pytest.mark.parametrize(
    "given",
    [
        {"size": "64x48"},
        {"samples": 4},
        {"denoiser": "none"},
        {"engine": "eevee"},
        {"device": "cpu"},
        {"threads": 1},
        {"frame_time_limit": 5.0},
        {"memory_limit": 1.0},
        {"nearest": 1.0},
    ],
)
def test_options_of_rendering_are_refused_where_nothing_is_rendered(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    write_rgbd(tmp_path)
    imported = {"source": f"folder:{tmp_path}", "camera_set": "1"}
    with pytest.raises(UserError, match=r"says how scenes are rendered"):
        BuildDataset(**imported, **given)
    both = BuildDataset(scene="city-1", **imported, **given)
    alone = BuildDataset(**imported)
    views = next(task for task in both.view_tasks() if task.source)
    assert views.identity() == alone.view_tasks()[0].identity()


def write_rgbd(folder: Path) -> None:
    """Write a folder of one picture with its depth."""
    for name in ("images", "depth"):
        (folder / name).mkdir()
    cv2.imwrite(str(folder / "images/000001.png"), np.full((48, 64, 3), 99, np.uint8))
    np.save(folder / "depth/000001.npy", np.full((48, 64), 5, np.float32))


def test_every_option_of_a_dataset_has_a_rule_or_always_a_meaning() -> None:
    always = {
        *(
            "scene",
            "source",
            "camera_set",
            "frames",
            "name",
            "datasets_dir",
            "work_dir",
        ),
        *("strict", "verify", "seed", "noise", "distortion", "dp_backend"),
    }
    ruled = {name for rule in RULES for name in rule.options}
    names = {name for name, _ in BuildDataset.get_params()}
    assert names == always | (ruled & names)
    assert not always & ruled


@pytest.mark.parametrize(
    ("size", "is_folded"),
    [("64x64", False), ("96x48", True)],  # corners at 1.4 and 2.2 half shorter sides
)
def test_a_lens_that_folds_the_picture_is_refused_at_its_size(
    tmp_path: Path, size: str, is_folded: bool
) -> None:
    # r / (1 + 0.3 r^2) turns back at r = 1.8.
    (tmp_path / "lens.toml").write_text(LENS + "distortion = [0.3]\n")
    parameters = {"scene": "city-1", "camera_set": str(tmp_path / "lens.toml")}
    if is_folded:
        with pytest.raises(UserError, match=r"camera lens, 96 x 48 .* folds the pict"):
            BuildDataset(**parameters, size=size, nearest=5.0)
    else:
        BuildDataset(**parameters, size=size, nearest=5.0)


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
