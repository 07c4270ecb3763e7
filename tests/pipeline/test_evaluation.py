"""Evaluations as tasks: one command, results last, bad input in one line."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import luigi
import pytest

from pipeline import CompareNetworks, Evaluate, TrainRDPD, layout
from pipeline.errors import UserError
from rdpd import checkpoint, evaluation_run
from rdpd.config import ModelConfig
from rdpd.model import build_model
from tests.pipeline.conftest import contents
from tests.rdpd.data_files import write_canon, write_dataset

SPLITS = {"one": "train", "two": "val", "three": "test"}
FRAMES = 3

TINY_TRAINING = """
epochs = 1
steps_per_epoch = 2
clip_batch = 1
clip_frames = 2
patch_px = 16
edge_sizes = [3]
precision = "float32"
[model]
width = 2
"""


@pytest.fixture(scope="module")
def dataset_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data") / "tiny", SPLITS, FRAMES)


def network(path: Path, config: ModelConfig) -> Path:
    checkpoint.save(path, config, build_model(config).state_dict())
    return path


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("networks")
    return (
        network(folder / "rdpd.json", ModelConfig(width=2)),
        network(folder / "dpdnet.json", ModelConfig("dpdnet", width=2)),
    )


@pytest.fixture
def parameters(
    dataset_folder: Path, networks: tuple[Path, Path], tmp_path: Path
) -> dict[str, Any]:
    return {
        "checkpoint": ",".join(map(str, networks)),
        "dataset": str(dataset_folder),
        "device": "cpu",
        "evaluations_dir": str(tmp_path / "evaluations"),
    }


def build(task: luigi.Task) -> bool:
    return bool(luigi.build([task], local_scheduler=True))


def results(task: Evaluate | CompareNetworks) -> dict[str, Any]:
    path = task.folder() / layout.EVALUATION_RESULTS
    return json.loads(path.read_text(encoding="utf-8"))


def methods(task: Evaluate | CompareNetworks) -> list[str]:
    return [str(one["name"]) for one in results(task)["methods"]]


def test_networks_are_scored_beside_the_blurred_input(
    parameters: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    task = Evaluate(**parameters)
    assert build(task)
    assert methods(task) == ["blurred input", "RDPD", "DPDNet"]
    found = results(task)
    assert found["settings"]["dataset"] == "tiny/v2-0"
    assert found["settings"]["NIQE"].startswith("left out: ")
    assert found["settings"]["device"].endswith("threads")
    with (task.folder() / "frames.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * FRAMES
    assert {row["split"] for row in rows} == {"test"}
    pictures = list((task.folder() / "pictures").rglob("*.png"))
    assert len(pictures) == FRAMES * 7
    shown = capsys.readouterr().err
    assert "| blurred input |" in shown
    assert str(task.folder()) in shown


def test_a_second_run_does_nothing(
    parameters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build(Evaluate(**parameters))
    before = contents(Evaluate(**parameters).folder())
    monkeypatch.setattr(evaluation_run, "run_evaluation", None)
    assert build(Evaluate(**parameters))
    assert contents(Evaluate(**parameters).folder()) == before


def test_an_interrupted_run_leaves_no_output_and_can_be_repeated(
    parameters: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Evaluate(**parameters)
    with monkeypatch.context() as patch:
        patch.setattr(evaluation_run, "write_evaluation", None)
        assert not build(task)
    assert not task.complete()
    assert not task.folder().exists()
    assert build(Evaluate(**parameters))
    assert list(task.folder().parent.iterdir()) == [task.folder()]


def test_whatever_changes_the_result_changes_the_folder(
    parameters: dict[str, Any], tmp_path: Path
) -> None:
    listed = tmp_path / "indoor.txt"
    listed.write_text("1\n")
    variants: list[dict[str, Any]] = [
        {},
        {"bit_depth": "8"},
        {"bit_depth": "16"},
        {"precision": "bfloat16"},
        {"split": "val"},
        {"niqe_sharpness": 0.0},
        {"pictures": 1},
        {"seed": 1},
        {"places": f"indoor={listed}"},
        {"checkpoint": ""},
        {"checkpoint": parameters["checkpoint"] + ":single"},
        {"checkpoint": "mine=" + parameters["checkpoint"]},
    ]
    folders = [Evaluate(**parameters | variant).folder() for variant in variants]
    assert len(set(folders)) == len(variants)


def test_a_network_at_another_place_is_the_same_network(
    parameters: dict[str, Any], networks: tuple[Path, Path], tmp_path: Path
) -> None:
    moved = tmp_path / "moved.json"
    moved.write_bytes(networks[0].read_bytes())
    tasks = [
        Evaluate(**parameters | {"checkpoint": str(path)})
        for path in (networks[0], moved)
    ]
    assert tasks[0].identity() == tasks[1].identity()


def test_the_canon_layout_is_evaluated_by_place(
    parameters: dict[str, Any], tmp_path: Path
) -> None:
    canon = write_canon(tmp_path / "canon", 3)
    (tmp_path / "indoor.txt").write_text("1\n3\n")
    (tmp_path / "outdoor.txt").write_text("2\n")
    lists = f"indoor={tmp_path / 'indoor.txt'},outdoor={tmp_path / 'outdoor.txt'}"
    task = Evaluate(**parameters | {"dataset": str(canon), "places": lists})
    assert build(task)
    counts = {
        row["value"]: row["frames"]
        for row in results(task)["summaries"]
        if row["label"] == "place"
    }
    assert counts == {"indoor": 2, "outdoor": 1}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"dataset": "gone"}, r"gone/dataset.json: No such file"),
        ({"checkpoint": "gone.json"}, "gone.json: No such file"),
        ({"places": "indoor"}, "--places 'indoor': expected PLACE=FILE"),
        ({"places": "indoor=gone.txt"}, "gone.txt: No such file"),
        ({"niqe_model": "gone.json"}, "gone.json: No such file"),
        ({"lpips_weights": "gone"}, "gone/alexnet-owt-7be5be79.pth: No such file"),
        ({"niqe_sharpness": 1.0}, "--niqe-sharpness 1: expected 0 to below 1"),
        ({"pictures": -1}, "--pictures -1: expected 0 or more"),
        ({"bit_depth": "12"}, "'12': expected one of float, 8, 16"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(
    parameters: dict[str, Any], wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message) as caught:
        Evaluate(**parameters | wrong)
    assert "\n" not in str(caught.value)


def test_an_empty_split_is_refused(parameters: dict[str, Any], tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "two", {"one": "train", "two": "val"}, 1)
    with pytest.raises(UserError, match="no sequence in split 'test'"):
        Evaluate(**parameters | {"dataset": str(folder)})


@pytest.fixture
def copied(
    parameters: dict[str, Any], dataset_folder: Path, tmp_path: Path
) -> dict[str, Any]:
    """Parameters on a copy of the data that the test may break."""
    copy = shutil.copytree(dataset_folder, tmp_path / "copy")
    return parameters | {"dataset": str(copy), "pictures": 0}


def again(parameters: dict[str, Any]) -> Evaluate:
    """Return the task as another process would make it."""
    luigi.Task.clear_instance_cache()
    return Evaluate(**parameters)


def edit(folder: Path, **changes: Any) -> None:
    path = folder / layout.DATASET_MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | changes), encoding="utf-8")


def test_the_same_data_elsewhere_is_the_same_evaluation(
    parameters: dict[str, Any], copied: dict[str, Any]
) -> None:
    here = Evaluate(**parameters | {"pictures": 0})
    assert here.identity() == Evaluate(**copied).identity()


def test_an_old_result_is_not_shown_for_damaged_or_edited_data(
    parameters: dict[str, Any], copied: dict[str, Any]
) -> None:
    task = Evaluate(**copied)
    assert build(task)
    folder = Path(copied["dataset"])
    manifest = json.loads((folder / layout.DATASET_MANIFEST).read_text("utf-8"))
    image = "test_c/target/seq_003/000002.png"
    manifest["files"][image]["sha256"] = 64 * "0"
    edit(folder, files=manifest["files"])
    assert again(copied).folder() != task.folder()
    edit(folder, files={})
    with pytest.raises(UserError, match="no checksum of train_l"):
        again(copied)
    shutil.copy(parameters["dataset"] + "/dataset.json", folder)
    (folder / image).unlink()
    with pytest.raises(UserError, match=r"000002\.png: No such file"):
        again(copied)


def test_verify_reads_every_file(copied: dict[str, Any]) -> None:
    path = Path(copied["dataset"], "train_l/source/seq_001/000001.png")
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)
    Evaluate(**copied)
    with pytest.raises(UserError, match=r"seq_001/000001\.png: checksum differs"):
        again(copied | {"verify": True})


@pytest.mark.parametrize("text", ["", "[]", "{}", None])
def test_broken_results_are_made_again(
    copied: dict[str, Any], text: str | None
) -> None:
    task = Evaluate(**copied)
    assert build(task)
    path = task.folder() / layout.EVALUATION_RESULTS
    if text is None:
        (task.folder() / layout.EVALUATION_PAGE).unlink()
    else:
        path.write_text(text, encoding="utf-8")
    assert build(again(copied))
    assert methods(task) == ["blurred input", "RDPD", "DPDNet"]
    assert (task.folder() / layout.EVALUATION_PAGE).is_file()


@pytest.mark.parametrize("name", ["input", "target", "TARGET", "...", "blurred input"])
def test_a_network_that_is_called_like_an_image_is_refused(
    parameters: dict[str, Any], networks: tuple[Path, Path], name: str
) -> None:
    with pytest.raises(UserError, match=re.escape(repr(name))) as caught:
        Evaluate(**parameters | {"checkpoint": f"{name}={networks[0]}"})
    assert "\n" not in str(caught.value)


def failure(task: Evaluate, caplog: pytest.LogCaptureFixture) -> str:
    assert not build(task)
    errors = [row.exc_info[1] for row in caplog.records if row.exc_info]
    assert [type(error) for error in errors] == [UserError]
    assert not task.folder().exists()
    return str(errors[0])


def test_a_checkpoint_of_another_architecture_is_one_line(
    parameters: dict[str, Any],
    networks: tuple[Path, Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong = network(tmp_path / "wrong.json", ModelConfig(width=2))
    described = json.loads(wrong.read_text())
    described["model"]["radial"] = False
    wrong.write_text(json.dumps(described))
    task = Evaluate(**parameters | {"checkpoint": str(wrong)})
    message = failure(task, caplog)
    assert "has shape (2, 7, 3, 3); the architecture" in message
    assert "\n" not in message


def test_two_methods_of_one_name_are_refused(
    parameters: dict[str, Any],
    networks: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
) -> None:
    twice = f"{networks[0]},{networks[0]}"
    task = Evaluate(**parameters | {"checkpoint": twice})
    assert "2 methods are called 'RDPD'" in failure(task, caplog)


# Comparisons: networks trained alike


@pytest.fixture
def comparison(dataset_folder: Path, tmp_path: Path) -> dict[str, Any]:
    config = tmp_path / "tiny.toml"
    config.write_text(TINY_TRAINING)
    return {
        "config": str(config),
        "dataset": str(dataset_folder),
        "device": "cpu",
        "loaders": 0,
        "pictures": 0,
        "work_dir": str(tmp_path / "work"),
        "runs_dir": str(tmp_path / "runs"),
        "evaluations_dir": str(tmp_path / "evaluations"),
    }


@pytest.mark.slow
def test_one_command_trains_and_compares_the_networks_of_table_2(
    comparison: dict[str, Any],
) -> None:
    task = CompareNetworks(**comparison)
    assert build(task)
    assert methods(task) == ["blurred input", "DPDNet", "sRDPD", "RDPD"]
    rows = {one["name"]: one for one in results(task)["methods"]}
    assert rows["sRDPD"]["single_frames"]
    assert not rows["RDPD"]["single_frames"]
    assert {rows[name]["steps"] for name in ("DPDNet", "sRDPD", "RDPD")} == {2}
    assert task.title() == "comparison"
    # The runs are there: the ablation shares two of them.
    other = CompareNetworks(**comparison | {"ablation": True})
    done = {name: run.complete() for name, run in other.trainings.items()}
    assert done == {
        "RDPD": True,
        "no radial distance": False,
        "no edge loss": False,
        "no ConvLSTM": False,
        "1 frame": True,
        "4 frames": False,
    }


def test_an_old_comparison_is_not_shown_for_other_data(
    comparison: dict[str, Any], dataset_folder: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(dataset_folder, tmp_path / "copy")
    task = CompareNetworks(**comparison | {"dataset": str(copy)})
    task.folder().mkdir(parents=True)
    contents_now = task.data_contents()
    path = task.folder() / layout.EVALUATION_RESULTS
    for kept, is_refused in ((contents_now, False), ("another", True)):
        path.write_text(json.dumps({"contents": kept, "summaries": []}))
        luigi.Task.clear_instance_cache()
        if is_refused:
            with pytest.raises(UserError, match="results on other images than"):
                CompareNetworks(**comparison | {"dataset": str(copy)})
        else:
            CompareNetworks(**comparison | {"dataset": str(copy)})


def test_every_run_is_one_of_its_own_with_equal_steps(
    comparison: dict[str, Any],
) -> None:
    runs = [
        *CompareNetworks(**comparison).requires(),
        *CompareNetworks(**comparison | {"ablation": True}).requires(),
    ]
    assert len({run.folder() for run in runs}) == 7
    dearer = CompareNetworks(**comparison | {"equal": "macs"}).trainings["DPDNet"]
    assert "steps_per_epoch = 1" in dearer.changes
    assert all(isinstance(run, TrainRDPD) for run in runs)


def test_changes_of_the_user_hold_for_all(comparison: dict[str, Any]) -> None:
    more = comparison | {"changes": "steps_per_epoch = 5; clip_frames = 3"}
    runs = CompareNetworks(**more).trainings
    assert runs["RDPD"].changes == "steps_per_epoch = 5; clip_frames = 3"
    assert runs["sRDPD"].changes.endswith("; clip_frames = 1; clip_batch = 3")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"config": "gone.toml"}, "--config gone.toml: No such file"),
        ({"changes": "colour = 1"}, "colour: unknown"),
        ({"changes": "model.name = 'dpdnet'"}, "expected the configuration of RDPD"),
        ({"dataset": "gone"}, "gone/dataset.json: No such file"),
        ({"split": "val", "dataset": "two"}, "no sequence in split 'val'"),
    ],
)
def test_a_comparison_without_sense_is_refused(
    comparison: dict[str, Any],
    wrong: dict[str, Any],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    write_dataset(tmp_path / "two", {"one": "train", "two": "test"}, 2)
    with pytest.raises(UserError, match=message):
        CompareNetworks(**comparison | wrong)
