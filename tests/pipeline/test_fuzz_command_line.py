"""Commands at random: each is scheduled, or refused in one line; none is run."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import cv2
import luigi
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from blender_scenes.frames import Frame
from pipeline import BuildDataset
from pipeline.camera_limits import check_blur, check_distortion
from pipeline.cameras import camera_set
from pipeline.draws import draw_sequence
from pipeline.synthesis import ViewSettings, synthesise_views
from tests.pipeline.fuzzing import (
    attempt,
    attempt_command,
    fuzzed,
    mutated,
    numbers,
    scalars,
    toml,
    values,
)

TASKS = [getattr(pipeline, name) for name in pipeline.__all__]
CAMERA = {
    "focal_length_mm": 50.0,
    "f_number": 2.0,
    "focus_distance_m": 6.0,
    "pixel_pitch_um": 40,
    "distortion": [0.01, 0.002],
    "noise_sigma": 0.1,
    "psf": {
        "shape": "butterworth",
        "order": 3,
        "alpha": 0.8,
        "beta": 0.2,
        "kappa": 0.1,
    },
}
SOURCE = {
    "kind": "folder",
    "path": "rgbd",
    "images": "images",
    "depth": "depth",
    "depth_scale_m": 0.001,
    "sky_from_m": 500,
}
WORDS = (
    *("city-1", "street-2", "city-1,city-2", "chart-grid", "castle", "city-0", "-"),
    *("x.blend", "x.json", "C:\\scenes\\x.blend", "~/x.blend", "a b.blend", "%(x)s"),
    *("1", "all", "1,3", "1,,3", "lens.toml", "lens.TOML", "6", "folder:rgbd"),
    *("folder:rgbd:rgbd", "folder:rgbd:*", "folder:", "bogus:rgbd", "source.toml"),
    *("source.toml:x", "-1", "0", "1.5", "nan", "inf", "1e400", "9" * 30, "9" * 5000),
    *("8", "10-12", "3-1", "1-99999999999", "512x288", "0x0", "99999x99999", "x", ","),
    *(" ", "..", ".", "../x", "a/b", "x" * 300, "/dev/null", "/dev/zero", "pipe"),
    *("loop/x", "layered", "raytraced", "paper", "released", "ramp-disk", "frame"),
    *("none", "auto", "cpu", "1,1,1", "5,0,1", "eevee", "test", "float32", "rgbd"),
    *("clip_frames = 1", "clip_frames = [", "dataset", "ck.json", "a=ck.json:single"),
    *("a=ck.json,b=x", "x\ny", "\udcff", "\0", "👁", "--name", "$HOME", "'", "a,b"),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with something of every kind that a command may name."""
    folder = tmp_path_factory.mktemp("fuzz")
    for name in ("images", "depth"):
        (folder / "rgbd" / name).mkdir(parents=True)
    picture = np.full((24, 32, 3), 99, np.uint8)
    cv2.imwrite(str(folder / "rgbd/images/000001.png"), picture)
    np.save(folder / "rgbd/depth/000001.npy", np.full((24, 32), 5, np.float32))
    (folder / "lens.toml").write_text(toml(CAMERA))
    (folder / "source.toml").write_text(toml(SOURCE))
    (folder / "ck.json").write_text("[1]")
    (folder / "x.json").write_text("{}")
    (folder / "loop").symlink_to("loop")
    (folder / "dataset").mkdir()
    (folder / "dataset/dataset.json").write_text(json.dumps({"sequences": 1}))
    os.mkfifo(folder / "pipe")
    return folder


@pytest.fixture
def inside(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(place)
    return place


NEEDED = {
    "Evaluate": {"--dataset": "dataset"},
    "RenderSequence": {"--scene": "city-1"},
    "ImportSequence": {"--source": "folder:rgbd"},
    "SynthesiseViews": {"--scene": "city-1", "--camera-set": "1"},
}
"""Options without a default."""


@st.composite
def commands(draw: st.DrawFn) -> list[str]:
    """Return a command with some options of its task, right and wrong."""
    task = draw(st.sampled_from(TASKS))
    own = dict(task.get_params())
    flags = {f"--{name.replace('_', '-')}": right(own[name]) for name in own}
    odd = draw(st.integers(0, 3)) == 0
    if odd:
        qualified = [f"--{task.__name__}-{flag[2:]}" for flag in flags]
        more = ("--workers", "--local-scheduler", "--help", "--nonsense", "--scene")
        flags |= dict.fromkeys((*qualified, *more), anything)
    chosen = draw(st.lists(st.sampled_from(sorted(flags)), max_size=4, unique=True))
    rows = NEEDED.get(task.__name__, {}) | {
        flag: draw(anything if draw(st.integers(0, 2)) == 0 else flags[flag])
        for flag in chosen
    }
    names = ("BuildDatset", "") if odd and draw(st.booleans()) else (task.__name__,)
    arguments = [name for name in [draw(st.sampled_from(names))] if name]
    for flag, value in rows.items():
        is_switch = isinstance(own.get(flag[2:].replace("-", "_")), luigi.BoolParameter)
        style = draw(st.sampled_from((" ", "=", "=", "="))) if odd else "="
        if is_switch and not odd:
            arguments.append(flag)
        else:
            arguments += [flag, value] if style == " " else [f"{flag}={value}"]
    return arguments


def right(parameter: luigi.Parameter[Any]) -> st.SearchStrategy[str]:
    """Return texts that a parameter can read."""
    if isinstance(parameter, luigi.ChoiceParameter):
        return st.sampled_from(sorted(parameter._choices))
    if isinstance(parameter, luigi.IntParameter):
        return st.integers(-1, 100).map(str)
    if isinstance(parameter, luigi.FloatParameter):
        return st.floats(0.1, 100).map(str)
    return st.sampled_from(WORDS)


def str_of(number: float) -> str:
    return hex(number) if isinstance(number, int) and number > 10**300 else str(number)


anything = st.sampled_from(WORDS) | st.text(max_size=12) | numbers.map(str_of)


@fuzzed(150)
@given(arguments=commands())
def test_a_command_is_scheduled_or_refused(
    inside: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    attempt_command("command line", arguments, capsys)


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, Any]:
    """Return parameters of a dataset that hang together, but for a few."""
    text = st.sampled_from(WORDS) | st.text(max_size=12)
    kinds = {
        "scene": st.lists(text, max_size=3).map(",".join),
        "source": st.lists(text, max_size=2).map(",".join),
        "camera_set": st.lists(text, max_size=3).map(",".join),
        "frames": text,
        "size": text,
        "splits": text,
        "name": text,
        "nearest": st.floats(),
        "samples": st.integers(),
        "seed": st.integers(),
        "threads": st.integers(),
        "frame_time_limit": st.floats(),
        "memory_limit": st.floats(),
        "camera": text,
        "dp_backend": st.sampled_from(("layered", "raytraced")),
        "dp_samples": st.integers(),
        "psf": st.sampled_from(("paper", "released", "ramp-disk")),
        "distortion": st.sampled_from(("division", "released", "none")),
        "mode": st.sampled_from(("occlusion", "paper", "released")),
    }
    names = draw(st.lists(st.sampled_from(sorted(kinds)), max_size=4, unique=True))
    right = {"scene": "city-1", "camera_set": "1"}
    return right | {name: draw(kinds[name]) for name in names}


@fuzzed(120)
@given(chosen=parameters())
def test_parameters_make_a_dataset_or_are_refused(
    inside: Path, chosen: dict[str, Any]
) -> None:
    def schedule() -> None:
        task = BuildDataset(**chosen)
        task.requires()
        task.complete()

    attempt("parameters", schedule)


tables = st.dictionaries(
    st.sampled_from((*CAMERA, "iso", "")) | st.text(max_size=6), values, max_size=8
)


@fuzzed(100)
@given(table=mutated(CAMERA, numbers | values) | tables)
def test_a_camera_takes_a_picture_or_is_refused(
    inside: Path, table: dict[str, Any]
) -> None:
    (inside / "fuzzed.toml").write_text(toml(table), encoding="utf-8")
    attempt("camera file", lambda: taken_with("fuzzed.toml"))


def taken_with(item: str) -> None:
    """Take a picture of a wall and the sky as SynthesiseViews does."""
    camera = camera_set(item)
    frame = Frame(
        linear_rgb=np.full((16, 24, 3), 0.5, np.float32),
        depth_m=np.where(np.arange(24) < 12, np.float32(5), np.float32(math.inf))
        * np.ones((16, 1), np.float32),
        label=np.zeros((16, 24), np.uint32),
        instance=np.zeros((16, 24), np.uint32),
    )
    if camera.distortion is not None:
        check_distortion(camera, camera.distortion, (24, 16))
    check_blur(Path("frame.exr"), frame, camera)
    BuildDataset(scene="city-1", camera_set=item).requires()
    draw = draw_sequence(1, "a", "paper").with_own(camera.psf, camera.noise_sigma)
    settings = ViewSettings(camera, draw, "occlusion", "paper", camera.distortion)
    pictures = synthesise_views(frame, 0, 1, settings)
    assert all(np.isfinite(pictures[kind]).all() for kind in ("left", "right", "coc"))


@fuzzed(80)
@given(text=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_as_a_file_are_refused(inside: Path, text: bytes) -> None:
    (inside / "bytes.toml").write_bytes(text)
    attempt("bytes", lambda: BuildDataset(scene="city-1", camera_set="bytes.toml"))
    attempt("bytes", lambda: BuildDataset(source="bytes.toml", camera_set="1"))


@fuzzed(80)
@given(
    table=mutated(SOURCE) | st.dictionaries(st.sampled_from((*SOURCE, "x")), scalars)
)
def test_a_source_is_listed_or_refused(inside: Path, table: dict[str, Any]) -> None:
    (inside / "fuzzed.toml").write_text(toml(table), encoding="utf-8")
    attempt(
        "source file",
        lambda: BuildDataset(source="fuzzed.toml", camera_set="1").requires(),
    )
