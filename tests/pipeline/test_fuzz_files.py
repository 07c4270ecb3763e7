"""Configurations, checkpoints and manifests at random: read, or refused in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from blender_scenes.frames import FrameSequence
from pipeline import BuildDataset, Evaluate, TrainRDPD
from pipeline.on_the_fly import training_clips
from rdpd.checkpoint import load, save
from rdpd.config import ConfigError, ModelConfig, TrainConfig, changed_config
from rdpd.data import DualPixelDataset
from rdpd.evaluation_run import USER_ERRORS
from rdpd.evaluation_set import open_evaluation_set
from rdpd.model import build_model
from tests.pipeline.conftest import build, small
from tests.pipeline.fuzzing import attempt, fuzzed, mutated, numbers, toml, values

CONFIG = TrainConfig().described()
ANY_JSON = values | st.just([1]) | st.just(3)


@pytest.fixture(scope="module")
def copied(fake_blender: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a dataset that has all three splits, and its work."""
    folder = tmp_path_factory.mktemp("fuzz")
    done, _ = build(three(folder))
    assert done
    for path in folder.rglob("*.json"):
        path.chmod(0o644)
    return folder


def three(folder: Path) -> dict[str, Any]:
    return small(folder) | {"scene": "street-1,street-2,street-3", "frames": "1"}


def write(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document), encoding="utf-8")


@fuzzed(100)
@given(table=mutated(CONFIG, numbers | values))
def test_a_training_configuration_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed-config.toml"
    path.write_text(toml(table), encoding="utf-8")
    attempt("training config", lambda: TrainRDPD(config=str(path)).requires())


changes = (
    st.text(max_size=30)
    | mutated(CONFIG, numbers | values).map(
        lambda table: toml(table).replace("\n", ";")
    )
    | st.sampled_from(("model = 3", "model.x = 1", "clip_frames", ";;", "a.b.c = [[[["))
)


@fuzzed(100)
@given(text=changes)
def test_changes_are_made_or_refused(text: str) -> None:
    attempt(
        "--changes", lambda: changed_config(TrainConfig(), text).steps, (ConfigError,)
    )


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("checkpoint") / "best.json"
    config = ModelConfig(width=4)
    save(path, config, build_model(config).state_dict(), details={"steps": 3})
    return path


@fuzzed(60)
@given(data=st.data())
def test_a_checkpoint_is_loaded_or_refused(
    checkpoint: Path, data: st.DataObject
) -> None:
    document = json.loads(checkpoint.read_text(encoding="utf-8"))
    path = checkpoint.with_name("fuzzed.json")
    write(path, data.draw(mutated(document, ANY_JSON) | ANY_JSON))
    attempt("checkpoint", lambda: load(path), USER_ERRORS)


@fuzzed(80)
@given(data=st.data())
def test_a_dataset_is_read_or_refused(copied: Path, data: st.DataObject) -> None:
    folder = BuildDataset(**three(copied)).folder()
    path = folder / "dataset.json"
    original = path.read_text(encoding="utf-8")
    manifest = json.loads(original)
    write(path, data.draw(mutated(manifest, ANY_JSON) | ANY_JSON))

    def learn() -> None:
        DualPixelDataset(folder, "train")[0]
        for frame in open_evaluation_set(folder, "train").frames():
            frame.picture("left")

    attempt("dataset.json, read", learn, USER_ERRORS)
    attempt("dataset.json, trained on", lambda: TrainRDPD(dataset=str(folder)))
    attempt("dataset.json, evaluated", lambda: Evaluate(dataset=str(folder)))
    attempt(
        "dataset.json, on the fly",
        lambda: training_clips(folder, copied / "work", torch.device("cpu")),
        USER_ERRORS,
    )
    attempt("dataset.json, built", lambda: BuildDataset(**three(copied)).complete())
    attempt(
        "dataset.json, strictly",
        lambda: BuildDataset(**three(copied), strict=True).complete(),
    )
    path.write_text(original, encoding="utf-8")


@fuzzed(60)
@given(data=st.data())
def test_frames_are_read_or_refused(copied: Path, data: st.DataObject) -> None:
    views = BuildDataset(**three(copied)).view_tasks()[0]
    folder = views.frames_task().folder()
    path = folder / "frames.json"
    original = path.read_text(encoding="utf-8")
    try:
        write(path, data.draw(mutated(json.loads(original), ANY_JSON) | ANY_JSON))
        attempt("frames.json, read", lambda: FrameSequence.load(folder))
        attempt("frames.json, complete", views.frames_task().complete)
    finally:
        path.write_text(original, encoding="utf-8")


@fuzzed(60)
@given(data=st.data())
def test_views_are_found_or_made_again(copied: Path, data: st.DataObject) -> None:
    views = BuildDataset(**three(copied)).view_tasks()[0]
    path = views.folder() / "views.json"
    original = path.read_text(encoding="utf-8")
    try:
        write(path, data.draw(mutated(json.loads(original), ANY_JSON) | ANY_JSON))
        attempt("views.json", views.complete)
    finally:
        path.write_text(original, encoding="utf-8")
