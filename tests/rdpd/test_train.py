"""Training: it learns, goes on after any interruption, and complains clearly."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from rdpd import checkpoint
from rdpd.checkpoint import CheckpointError
from rdpd.config import ModelConfig, TrainConfig
from rdpd.data import DualPixelDataset
from rdpd.device import DeviceError, chosen_device, largest_that_fits
from rdpd.learner import Learner, TrainingError
from rdpd.pictures import DataError
from rdpd.sampling import SamplingError
from rdpd.sources import TrainingData, open_data
from rdpd.train import BEST, LAST, RESULT, train
from tests.rdpd.data_files import scene_pictures, write_canon, write_dataset, write_png

ROOT = Path(__file__).parents[2]
CONFIG = TrainConfig(
    model=ModelConfig(width=2),
    epochs=3,
    steps_per_epoch=4,
    learning_rate=3e-3,
    halve_every_epochs=2,
    image_batch=2,
    clip_batch=1,
    clip_frames=2,
    patch_px=16,
    ema_decay=0.5,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_dataset(tmp_path_factory.mktemp("data") / "set")


@pytest.fixture(scope="module")
def canon(tmp_path_factory):
    return write_canon(tmp_path_factory.mktemp("canon"))


@pytest.fixture(scope="module")
def data(folder, canon):
    return open_data(folder, canon)


@pytest.fixture(scope="module")
def whole_run(data, tmp_path_factory):
    """A run that nothing disturbed; to look at, not to change."""
    run = tmp_path_factory.mktemp("runs") / "whole"
    train(CONFIG, data, run, device="cpu", workers=0)
    return run


def assert_same_end(run: Path, other: Path) -> None:
    """Assert equal losses of every epoch and equal weights, to the last bit."""
    assert (run / "log.jsonl").read_text() == (other / "log.jsonl").read_text()
    assert (run / RESULT).read_text() == (other / RESULT).read_text()
    for name in (LAST, BEST):
        mine, theirs = checkpoint.load(run / name), checkpoint.load(other / name)
        for key, weights in mine.model.state_dict().items():
            assert torch.equal(weights, theirs.model.state_dict()[key]), key
        assert mine.tensors.keys() == theirs.tensors.keys()
        for key, tensor in mine.tensors.items():
            assert torch.equal(tensor, theirs.tensors[key]), key


def epochs_of(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def test_the_loss_falls(data, tmp_path):
    config = replace(CONFIG, epochs=2, steps_per_epoch=60, learning_rate=1e-2)
    train(config, data, tmp_path, device="cpu", workers=0)
    first, second = epochs_of(tmp_path)
    assert second["loss"] < 0.7 * first["loss"]
    assert second["val"]["psnr_db"] > first["val"]["psnr_db"]


def test_a_run_leaves_its_best_and_its_last_network(whole_run):
    rows = epochs_of(whole_run)
    best, last = (checkpoint.load(whole_run / name) for name in (BEST, LAST))
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert best.details["val"]["psnr_db"] == max(row["val"]["psnr_db"] for row in rows)
    assert last.details["steps"] == CONFIG.steps
    assert last.details["training"] == CONFIG.described()
    assert last.config == best.config == CONFIG.model


def test_the_learning_rate_follows_the_schedule(whole_run):
    rates = [row["learning_rate"] for row in epochs_of(whole_run)]
    assert rates == [3e-3, 3e-3, 1.5e-3]


def test_validation_is_by_scene_on_whole_pictures(whole_run):
    result = json.loads((whole_run / RESULT).read_text(encoding="utf-8"))
    scenes = result["val"]["scenes"]
    assert set(scenes) == {"canon", "scene-3"}
    assert [scenes[scene]["frames"] for scene in sorted(scenes)] == [3, 3]
    assert set(result["test"]["scenes"]) == {"canon"}


def test_the_blurred_input_s_psnr_is_that_of_the_combined_view(whole_run):
    result = json.loads((whole_run / RESULT).read_text(encoding="utf-8"))
    expected = []
    for frame in (1, 2, 3):
        pictures = scene_pictures(300 + frame)
        error = pictures["combined"] / 65535.0 - pictures["target"] / 65535.0
        expected.append(10 * math.log10(1 / (error**2).mean()))
    found = result["val"]["scenes"]["scene-3"]["blurred_db"]
    assert found == pytest.approx(sum(expected) / 3, abs=1e-3)


def test_the_number_of_readers_changes_nothing(data, whole_run, tmp_path):
    train(CONFIG, data, tmp_path, device="cpu", workers=2)
    assert_same_end(tmp_path, whole_run)


def test_a_finished_run_is_left_alone(data, whole_run):
    before = {path: path.stat().st_mtime_ns for path in whole_run.glob("*.safetensors")}
    train(CONFIG, data, whole_run, device="cpu", workers=0)
    assert before == {path: path.stat().st_mtime_ns for path in before}


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("at", [2, 6, 11])
def test_killed_within_an_epoch_a_run_ends_as_if_it_had_not_been(
    data, whole_run, tmp_path, monkeypatch, at
):
    step = Learner.step

    def killed(learner, number, batch):
        if number == at:
            raise Killed
        return step(learner, number, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Learner, "step", killed)
        with pytest.raises(Killed):
            train(CONFIG, data, tmp_path, device="cpu", workers=0)
    train(CONFIG, data, tmp_path, device="cpu", workers=0)
    assert_same_end(tmp_path, whole_run)


@pytest.mark.parametrize("write", range(4))
def test_killed_while_it_writes_a_run_ends_as_if_it_had_not_been(
    data, whole_run, tmp_path, monkeypatch, write
):
    save, written = checkpoint.save, []

    def killed(path, *arguments, **options):
        if len(written) == write:
            raise Killed
        written.append(path)
        save(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "save", killed)
        with pytest.raises(Killed):
            train(CONFIG, data, tmp_path, device="cpu", workers=0)
    train(CONFIG, data, tmp_path, device="cpu", workers=0)
    assert_same_end(tmp_path, whole_run)


def command(config: TrainConfig, place: Path, *arguments: object) -> list[str]:
    """Return the command that trains, its configuration written down."""
    path = place / f"{id(config)}.toml"
    lines = [f"{k} = {json.dumps(v)}" for k, v in config.described().items()]
    table = [f"{k} = {json.dumps(v)}" for k, v in config.described()["model"].items()]
    top = [line for line in lines if not line.startswith("model =")]
    path.write_text("\n".join([*top, "[model]", *table]), encoding="utf-8")
    named = ["--config", path, "--device", "cpu", "--workers", 0, *arguments]
    return ["-m", "rdpd", *map(str, named)]


ONE_THREAD = os.environ | {"OMP_NUM_THREADS": "1"}


def test_a_killed_process_goes_on_and_ends_with_the_same_losses(folder, data, tmp_path):
    config = replace(CONFIG, epochs=6, steps_per_epoch=10)
    run, other = tmp_path / "killed", tmp_path / "whole"
    words = command(config, tmp_path, "--dataset", folder, "--folder", run)
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=ONE_THREAD, stderr=subprocess.DEVNULL
    ) as process:
        deadline_s = time.monotonic() + 120
        while not (run / LAST).exists() and time.monotonic() < deadline_s:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert not (run / RESULT).exists()
    synthetic = open_data(folder)
    for place in (run, other):
        train(config, synthetic, place, device="cpu", workers=0)
    assert_same_end(run, other)


def test_two_processes_learn_what_one_does_with_the_double_batch(folder, tmp_path):
    single = replace(
        CONFIG, epochs=1, dropout=0.0, clip_batch=2, learning_rate=1e-3, ema_decay=0.0
    )
    both = replace(single, clip_batch=1)
    train(single, open_data(folder), tmp_path / "one", device="cpu", workers=0)
    words = command(both, tmp_path, "--dataset", folder, "--folder", tmp_path / "two")
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [sys.executable, *launch, *words],
        cwd=ROOT,
        env=ONE_THREAD,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    one, two = (
        checkpoint.load(tmp_path / name / LAST).model for name in ("one", "two")
    )
    for name, weights in one.state_dict().items():
        # Adam divides by the size of the gradient, so that rounding shows where the
        # gradient nearly vanishes; a whole step is 1e-3, and four are taken.
        torch.testing.assert_close(
            two.state_dict()[name], weights, rtol=1e-4, atol=2e-5, msg=name
        )
    scores = [(tmp_path / name / RESULT).read_text() for name in ("one", "two")]
    assert json.loads(scores[0])["val"]["scenes"].keys() == {"scene-3"}
    assert (
        json.loads(scores[0])["val"]["frames"] == json.loads(scores[1])["val"]["frames"]
    )


class Broken(DualPixelDataset):
    """From some read on, targets are not numbers."""

    reads = 0

    def read(self, cut, kinds=("left", "right", "target")):
        item = super().read(cut, kinds)
        self.reads += 1
        if self.reads > 6:
            item["target"][:] = math.nan
        return item


def test_a_loss_that_is_no_number_stops_names_the_batch_and_keeps_the_last_good(
    folder, tmp_path
):
    val = (DualPixelDataset(folder, "val"),)
    data = TrainingData((Broken(folder, "train"),), val)
    with pytest.raises(TrainingError) as caught:
        train(CONFIG, data, tmp_path, device="cpu", workers=0)
    message = str(caught.value)
    assert message.startswith("step 7: loss nan")
    assert "seq_00" in message
    assert "patch at row" in message
    assert str(tmp_path / LAST) in message
    assert "\n" not in message
    kept = checkpoint.load(tmp_path / LAST)
    assert kept.details["steps"] == 4
    assert all(torch.isfinite(w).all() for w in kept.model.state_dict().values())


def test_too_small_a_gpu_is_told_what_would_fit(data, tmp_path, monkeypatch):
    loss = Learner._loss

    def limited(learner, model, tensors):
        if tensors["target"].shape[0] > 1:
            raise torch.OutOfMemoryError
        return loss(learner, model, tensors)

    monkeypatch.setattr(Learner, "_loss", limited)
    with pytest.raises(TrainingError, match=r"image_batch = 1 with patch_px = 16 fits"):
        train(CONFIG, data, tmp_path, device="cpu", workers=0)


def test_where_nothing_fits_it_is_said():
    assert largest_that_fits(lambda items, patch_px: False, 8, 512) is None


def test_the_gradient_is_clipped(data, tmp_path, monkeypatch):
    norms, step = [], torch.optim.Adam.step

    def noted(optimiser, *arguments):
        gradients = [p.grad for g in optimiser.param_groups for p in g["params"]]
        norms.append(float(torch.stack([g.norm() for g in gradients]).norm()))
        return step(optimiser, *arguments)

    monkeypatch.setattr(torch.optim.Adam, "step", noted)
    config = replace(CONFIG, epochs=1, clip_gradient_norm=1e-3)
    train(config, data, tmp_path, device="cpu", workers=0)
    assert max(norms) <= 1e-3 * (1 + 1e-4)


def test_single_frames_and_dpdnet_train_too(folder, tmp_path):
    for name in ("rdpd", "dpdnet"):
        config = replace(
            CONFIG, model=ModelConfig(name, width=2), clip_frames=1, epochs=1
        )
        train(config, open_data(folder), tmp_path / name, device="cpu", workers=0)
        assert checkpoint.load(tmp_path / name / BEST).config.name == name


def test_bfloat16_learns_in_float32_weights(folder, tmp_path):
    config = replace(CONFIG, precision="bfloat16", epochs=1)
    train(config, open_data(folder), tmp_path, device="cpu", workers=0)
    weights = checkpoint.load(tmp_path / LAST).model.state_dict().values()
    assert {w.dtype for w in weights} == {torch.float32}
    assert math.isfinite(epochs_of(tmp_path)[0]["loss"])


def test_tensorboard_has_losses_gains_and_pictures(whole_run):
    log = EventAccumulator(str(whole_run / "tensorboard"))
    log.Reload()
    tags = log.Tags()
    assert len(log.Scalars("train/loss")) == CONFIG.steps
    assert {"val/all/psnr_db", "val/scene-3/gain_db"} <= set(tags["scalars"])
    assert "blurred, output, target/scene-3" in tags["images"]


def test_a_run_of_another_configuration_is_not_continued(data, whole_run):
    other = replace(CONFIG, learning_rate=1e-3)
    with pytest.raises(CheckpointError, match=r"learning_rate = 0\.003, not 0\.001"):
        train(other, data, whole_run, device="cpu", workers=0)


def test_a_run_on_other_data_is_not_continued(folder, whole_run):
    with pytest.raises(CheckpointError, match=r"learns from canon.*got tiny"):
        train(CONFIG, open_data(folder), whole_run, device="cpu", workers=0)


def test_patches_larger_than_the_pictures_are_refused_at_once(data, tmp_path):
    with pytest.raises(SamplingError, match=r"patch_px 64.*at most 32"):
        train(replace(CONFIG, patch_px=64), data, tmp_path, device="cpu", workers=0)


@pytest.mark.parametrize("workers", [0, 1])
def test_an_image_that_changes_stops_the_training_in_one_line(
    tmp_path, workers, monkeypatch
):
    data = open_data(write_dataset(tmp_path / "set"))
    # After the start, where all are checked.
    monkeypatch.setattr(TrainingData, "check_checksums", lambda *_: None)
    write_png(
        tmp_path / "set/train_l/source/seq_001/000001.png", scene_pictures(5)["left"]
    )
    with pytest.raises(DataError) as caught:
        train(CONFIG, data, tmp_path / "run", device="cpu", workers=workers)
    assert "000001.png: checksum differs" in str(caught.value)
    assert "\n" not in str(caught.value)


FOUR = {"one": "train", "two": "train", "three": "val", "four": "test"}


@pytest.mark.parametrize(
    "name", ["train_r/source/seq_001", "val_c/target/seq_003", "test_c/source/seq_004"]
)
def test_all_splits_are_checked_before_the_first_step(tmp_path, name, monkeypatch):
    data = open_data(write_dataset(tmp_path / "set", FOUR))
    path = tmp_path / "set" / name / "000001.png"
    changed = bytearray(path.read_bytes())
    changed[-20] ^= 1
    path.write_bytes(changed)
    monkeypatch.setattr(Learner, "step", None)
    with pytest.raises(DataError, match=r"000001\.png: checksum differs"):
        train(CONFIG, data, tmp_path / "run", device="cpu", workers=0)
    path.unlink()
    with pytest.raises(DataError, match=r"000001\.png: No such file"):
        open_data(tmp_path / "set")


def test_every_checksum_is_in_one_share(tmp_path, monkeypatch):
    data = open_data(write_dataset(tmp_path / "set", FOUR))
    seen = []
    monkeypatch.setattr(
        "rdpd.sources.check_checksums", lambda records: seen.append(set(records))
    )
    for share in range(3):
        data.check_checksums(share, 3)
    assert not seen[0] & seen[1]
    assert set.union(*seen) == set((tmp_path / "set").rglob("*.png"))


# A run's own files, damaged or another's


@pytest.fixture
def finished_run(whole_run, tmp_path):
    return Path(shutil.copytree(whole_run, tmp_path / "run"))


def refusal(data, run):
    with pytest.raises(CheckpointError) as caught:
        train(CONFIG, data, run, device="cpu", workers=0)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_broken_result_is_written_again(data, finished_run):
    before = (finished_run / RESULT).read_text()
    (finished_run / RESULT).write_text("{")
    train(CONFIG, data, finished_run, device="cpu", workers=0)
    assert (finished_run / RESULT).read_text() == before


def test_a_last_checkpoint_that_is_cut_short_is_named(data, finished_run):
    path = finished_run / LAST
    path.write_text(path.read_text()[:100])
    assert refusal(data, finished_run).startswith(f"{path}: not JSON")


def test_a_best_network_is_not_gone_on_from(data, finished_run):
    (finished_run / LAST).write_bytes((finished_run / BEST).read_bytes())
    message = refusal(data, finished_run)
    assert f"{finished_run / LAST}: best_psnr_db is None" in message
    assert "Delete the run's folder" in message


def test_the_best_network_of_another_run_is_not_taken_for_ours(
    data, finished_run, tmp_path
):
    other = replace(CONFIG, epochs=1, seed=5)
    train(other, data, tmp_path / "other", device="cpu", workers=0)
    for path in (tmp_path / "other").glob("best*"):
        shutil.copy(path, finished_run)
    message = refusal(data, finished_run)
    assert message.startswith(f"{finished_run / BEST}: this run has epochs = 1, not 3")


@pytest.mark.parametrize("name", ["training", "data", "steps", "history", "best_epoch"])
@pytest.mark.parametrize("value", [None, "a", -1, {"a": 1}])
def test_edited_values_are_refused(data, finished_run, name, value):
    path = finished_run / LAST
    described = json.loads(path.read_text())
    described["details"][name] = value
    path.write_text(json.dumps(described))
    assert refusal(data, finished_run).startswith(f"{path}: ")


def test_a_run_does_not_go_on_with_other_images_of_the_same_name(tmp_path):
    folder = write_dataset(tmp_path / "set")
    config = replace(CONFIG, epochs=1)
    train(config, open_data(folder), tmp_path / "run", device="cpu", workers=0)
    shutil.rmtree(folder)
    write_dataset(folder, {"a": "train", "b": "train", "c": "val"}, frames=4)
    with pytest.raises(CheckpointError, match="learned from other images of tiny"):
        train(config, open_data(folder), tmp_path / "run", device="cpu", workers=0)


def test_no_data_at_all_is_refused():
    with pytest.raises(DataError, match="no data"):
        open_data()


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(DeviceError, match="'abacus': expected auto, cpu or cuda"):
        chosen_device("abacus")


def test_the_command_says_what_is_wrong_in_one_line(tmp_path):
    words = command(
        CONFIG, tmp_path, "--dataset", tmp_path, "--folder", tmp_path / "run"
    )
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert "dataset.json" in line


def test_a_compiled_network_takes_the_same_step_and_is_saved_as_the_plain_one(
    data, tmp_path
):
    config = replace(CONFIG, epochs=1, steps_per_epoch=1, dropout=0.0)
    compiled = replace(config, compile="aot_eager")
    for name, one in (("plain", config), ("compiled", compiled)):
        train(one, data, tmp_path / name, device="cpu", workers=0)
    plain, other = (
        checkpoint.load(tmp_path / name / LAST).model.state_dict()
        for name in ("plain", "compiled")
    )
    assert plain.keys() == other.keys()
    for name, weights in plain.items():
        assert torch.allclose(weights, other[name], atol=1e-5), name


def test_a_run_ends_when_its_time_is_up_and_is_then_left_alone(data, tmp_path):
    config = replace(CONFIG, epochs=1000)
    result = train(config, data, tmp_path, device="cpu", workers=0, time_limit_s=1.0)
    last = checkpoint.load(tmp_path / LAST)
    assert 0 < result["steps"] < config.steps
    assert result["steps"] == last.details["steps"]
    # One step more than a second, on a machine that may be busy.
    assert 1.0 <= result["seconds"] == last.details["seconds"] < 10.0
    assert (tmp_path / BEST).exists()
    again = train(config, data, tmp_path, device="cpu", workers=0, time_limit_s=1.0)
    assert again == result


def test_time_before_an_interruption_counts(data, tmp_path, monkeypatch):
    config = replace(CONFIG, epochs=1000, steps_per_epoch=1)
    step = Learner.step

    def killed(learner, number, batch):
        if number == 3:
            raise Killed
        return step(learner, number, batch)

    monkeypatch.setattr(Learner, "step", killed)
    with pytest.raises(Killed):
        train(config, data, tmp_path, device="cpu", workers=0)
    monkeypatch.setattr(Learner, "step", step)
    before_s = checkpoint.load(tmp_path / LAST).details["seconds"]
    assert before_s > 0
    limits = {"device": "cpu", "workers": 0, "time_limit_s": before_s}
    assert train(config, data, tmp_path, **limits)["steps"] == 3
