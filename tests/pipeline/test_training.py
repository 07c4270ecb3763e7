"""TrainRDPD: from scenes or a dataset to a run, once; errors in one line."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import Any

import luigi
import pytest

from pipeline import BuildDataset, TrainRDPD, layout
from pipeline.errors import UserError
from pipeline.tasks import training
from rdpd import checkpoint
from rdpd.manifest import OWN_SHA256, manifest_sha256
from tests.pipeline.conftest import build, small
from tests.rdpd.data_files import write_canon

CONFIG = """
epochs = 2
steps_per_epoch = 2
image_batch = 1
clip_batch = 1
clip_frames = 2
patch_px = 16

[model]
width = 2
"""


@pytest.fixture(scope="module")
def version(fake_blender: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of three scenes, and so of three splits, beside its frames."""
    folder = tmp_path_factory.mktemp("three")
    done, task = build(small(folder) | {"scene": "street-1,street-2,street-3"})
    assert done
    return task.folder()


@pytest.fixture
def options(version: Path, tmp_path: Path) -> dict[str, Any]:
    config = tmp_path / "tiny.toml"
    config.write_text(CONFIG, encoding="utf-8")
    return {
        "config": str(config),
        "dataset": str(version),
        "work_dir": str(version.parents[2] / "work"),
        "runs_dir": str(tmp_path / "runs"),
        "device": "cpu",
        "loaders": 0,
    }


def run(options: dict[str, Any]) -> tuple[bool, TrainRDPD]:
    task = TrainRDPD(**options)
    return bool(luigi.build([task], local_scheduler=True)), task


def test_a_run_holds_checkpoints_log_and_what_it_was(
    options: dict[str, Any], version: Path
) -> None:
    done, task = run(options)
    assert done
    assert task.folder().name.startswith("tiny-")
    assert checkpoint.load(task.folder() / "best.json").config.width == 2
    described = json.loads((task.folder() / layout.RUN_CONFIG).read_text("utf-8"))
    assert described["training"]["epochs"] == 2
    assert described["data"][0] == f"dual-pixel/{version.name}/train"
    assert set(described["versions"]) == {"numpy", "safetensors", "torch"}
    assert str(version.parents[2]) not in json.dumps(described)
    result = json.loads((task.folder() / layout.RUN_RESULT).read_text("utf-8"))
    assert set(result["val"]["scenes"]) == {"street-2"}
    assert set(result["test"]["scenes"]) == {"street-3"}


def test_a_second_run_does_nothing(options: dict[str, Any]) -> None:
    _, task = run(options)
    before = (task.folder() / layout.RUN_RESULT).stat().st_mtime_ns
    done, again = run(options)
    assert done
    assert again.folder() == task.folder()
    assert (task.folder() / layout.RUN_RESULT).stat().st_mtime_ns == before


def test_views_made_on_the_fly_train_too(options: dict[str, Any]) -> None:
    stored = TrainRDPD(**options)
    done, task = run(options | {"on_the_fly": True})
    assert done
    assert task.folder() != stored.folder()
    described = json.loads((task.folder() / layout.RUN_CONFIG).read_text("utf-8"))
    assert described["data"][0].startswith("on-the-fly/")


def test_the_canon_data_set_takes_turns(
    options: dict[str, Any], tmp_path: Path
) -> None:
    canon = write_canon(tmp_path / "canon")
    done, task = run(options | {"canon": str(canon)})
    assert done
    described = json.loads((task.folder() / layout.RUN_CONFIG).read_text("utf-8"))
    assert [one.split("/")[0] for one in described["data"][:2]] == [
        "canon",
        "dual-pixel",
    ]


def test_another_configuration_is_another_run(
    options: dict[str, Any], tmp_path: Path
) -> None:
    other = tmp_path / "other" / "tiny.toml"
    other.parent.mkdir()
    other.write_text(f"seed = 1\n{CONFIG}", encoding="utf-8")
    folders = {
        TrainRDPD(**options | changed).folder()
        for changed in ({}, {"config": str(other)}, {"changes": "clip_frames = 1"})
    }
    assert len(folders) == 3


def test_where_and_how_fast_it_runs_does_not_name_the_run(
    options: dict[str, Any],
) -> None:
    first = TrainRDPD(**options)
    other = TrainRDPD(**options | {"device": "auto", "loaders": 3})
    assert other.folder() == first.folder()


def test_without_a_dataset_the_default_one_is_built_first(
    options: dict[str, Any],
) -> None:
    (needed,) = TrainRDPD(**options | {"dataset": ""}).requires()
    assert isinstance(needed, BuildDataset)
    assert TrainRDPD(**options).requires() == []


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"config": "gone.toml"}, "--config gone.toml: No such file"),
        ({"changes": "epoch = 3"}, "--changes 'epoch = 3': epoch: unknown"),
        ({"dataset": "gone"}, "gone/dataset.json: No such file"),
        ({"canon": "gone"}, "--canon gone: no such folder"),
        ({"loaders": -2}, "--loaders -2"),
        ({"device": "abacus"}, "'abacus'"),
    ],
)
def test_bad_parameters_are_refused_before_anything_is_scheduled(
    options: dict[str, Any], changed: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(UserError) as caught:
        TrainRDPD(**options | changed)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def copied(options: dict[str, Any], version: Path, tmp_path: Path) -> dict[str, Any]:
    """Options on a copy of the version that the test may break."""
    copy = shutil.copytree(version, tmp_path / "sets" / version.name)
    return options | {"dataset": str(copy)}


def refusal(options: dict[str, Any]) -> str:
    luigi.Task.clear_instance_cache()  # as in a process of its own
    with pytest.raises(UserError) as caught:
        TrainRDPD(**options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def edit(folder: Path, changed: dict[str, Any]) -> None:
    """Change a manifest, so that it is that of another version."""
    path = folder / layout.DATASET_MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest[OWN_SHA256] = manifest_sha256(manifest | changed)
    path.unlink()
    path.write_text(json.dumps(manifest | changed), encoding="utf-8")


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_a_missing_image_of_any_split_is_said_before_anything_is_scheduled(
    copied: dict[str, Any], split: str
) -> None:
    (image,) = Path(copied["dataset"]).glob(f"{split}_r/source/seq_*/000002.png")
    image.unlink()
    assert refusal(copied).startswith(f"{image}: No such file")


def test_an_edited_manifest_is_refused(copied: dict[str, Any]) -> None:
    folder = Path(copied["dataset"])
    manifest = json.loads((folder / layout.DATASET_MANIFEST).read_text("utf-8"))
    for row in manifest["sequences"]:
        row["size"] = [32, 32]
    edit(folder, {"sequences": manifest["sequences"]})
    path = folder / "train_l/source/seq_001/000001.png"
    assert refusal(copied) == f"{path} is 48 x 32, dataset.json says 32 x 32"
    edit(folder, {"files": {}})
    assert "no checksum of train_l/source/seq_001/000001.png" in refusal(copied)


def test_verify_reads_every_file(copied: dict[str, Any]) -> None:
    path = Path(copied["dataset"], "test_c/depth/seq_003/000001.exr")
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.unlink()
    path.write_bytes(data)
    assert TrainRDPD(**copied).complete() is False  # by size it is whole
    assert "000001.exr: checksum differs" in refusal(copied | {"verify": True})


def test_a_split_that_will_be_empty_is_said_before_anything_is_rendered(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_scene = {"scene": "street-1,street-2"}
    monkeypatch.setattr(training, "BuildDataset", lambda: BuildDataset(**small_scene))
    message = refusal(options | {"dataset": ""})
    assert "needs a scene in split 'val'" in message
    assert "1 train, 0 val, 1 test" in message


def test_a_version_without_a_split_is_refused(copied: dict[str, Any]) -> None:
    folder = Path(copied["dataset"])
    manifest = json.loads((folder / layout.DATASET_MANIFEST).read_text("utf-8"))
    edit(folder, {"sequences": manifest["sequences"][:1]})
    assert "no sequence in split 'val' (1 train, 0 val, 0 test)" in refusal(copied)


def test_a_result_is_not_shown_for_other_images_of_the_same_name(
    copied: dict[str, Any],
) -> None:
    done, task = run(copied)
    assert done
    folder = Path(copied["dataset"])
    manifest = json.loads((folder / layout.DATASET_MANIFEST).read_text("utf-8"))
    manifest["files"]["val_l/source/seq_002/000001.png"]["sha256"] = 64 * "0"
    edit(folder, {"files": manifest["files"]})
    message = refusal(copied)
    assert message.startswith(f"{task.folder()}: this run learned from other images")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"val": 3}', '{"val": {"psnr_db": "high"}}']
)
def test_a_broken_result_is_written_again(options: dict[str, Any], text: str) -> None:
    done, task = run(options)
    assert done
    path = task.folder() / layout.RUN_RESULT
    before = path.read_bytes()
    path.write_text(text, encoding="utf-8")
    done, _ = run(options)
    assert done
    assert path.read_bytes() == before


def test_a_canon_folder_without_pictures_is_refused(
    options: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"train_l/source: no \.png"):
        TrainRDPD(**options | {"canon": str(tmp_path)})


def test_what_fails_while_training_is_one_line(
    options: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "tiny.toml").write_text("patch_px = 64\n", encoding="utf-8")
    with caplog.at_level(logging.ERROR, logger="luigi-interface"):
        done, task = run(options)
    assert not done
    assert not task.output().exists()
    with pytest.raises(UserError, match=r"clip_frames 4.* at most 2"):
        task.run()


def test_an_edit_that_no_other_check_finds_is_refused(copied: dict[str, Any]) -> None:
    path = Path(copied["dataset"], layout.DATASET_MANIFEST)
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["sequences"][0]["frames"].reverse()
    path.unlink()
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert "was edited: its own checksum" in refusal(copied)
