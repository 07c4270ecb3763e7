"""Checkpoints: exact, atomic, and clear about what is wrong."""

import json

import pytest
import torch

from rdpd import checkpoint
from rdpd.checkpoint import CheckpointError, load, save
from rdpd.config import ModelConfig
from rdpd.model import build_model

SMALL = ModelConfig(width=2)


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "best.json"
    model = build_model(SMALL)
    moments = {"step": torch.tensor(3), "mean": torch.rand(4)}
    save(path, SMALL, model.state_dict(), details={"epoch": 3}, tensors=moments)
    return path, model, moments


@pytest.mark.parametrize("cell", ["paper", "released"])
def test_what_is_loaded_is_what_was_saved(tmp_path, cell):
    config = ModelConfig(cell=cell, width=2)
    model = build_model(config)
    save(tmp_path / "a.json", config, model.state_dict())
    found = load(tmp_path / "a.json")
    assert found.config == config
    for name, weights in model.state_dict().items():
        assert torch.equal(found.model.state_dict()[name], weights), name


def test_details_and_other_tensors_come_back(saved):
    path, _, moments = saved
    found = load(path)
    assert found.details == {"epoch": 3}
    assert {name: t.tolist() for name, t in found.tensors.items()} == {
        name: t.tolist() for name, t in moments.items()
    }


def test_a_checkpoint_replaces_the_one_before_and_leaves_no_other_files(saved):
    path, _, _ = saved
    model = build_model(SMALL)
    save(path, SMALL, model.state_dict(), details={"epoch": 4})
    assert load(path).details == {"epoch": 4}
    names = sorted(p.suffix for p in path.parent.iterdir())
    assert names == [".json", ".safetensors"]


def test_a_save_that_is_killed_leaves_the_old_checkpoint(saved, monkeypatch):
    path, model, _ = saved
    monkeypatch.setattr(checkpoint.os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        save(path, SMALL, build_model(SMALL).state_dict(), details={"epoch": 4})
    found = load(path)
    assert found.details == {"epoch": 3}
    for name, weights in model.state_dict().items():
        assert torch.equal(found.model.state_dict()[name], weights), name


def killed(_):
    raise KeyboardInterrupt


def edit(path, **changes):
    described = json.loads(path.read_text())
    described.update(changes)
    path.write_text(json.dumps(described))


def test_another_architecture_is_named_by_its_first_tensor(saved):
    path, _, _ = saved
    edit(path, model={"name": "rdpd", "cell": "paper", "width": 4})
    with pytest.raises(CheckpointError, match=r"best.json: tensor .* has shape"):
        load(path)
    edit(path, model={"name": "dpdnet", "cell": "paper", "width": 2})
    with pytest.raises(CheckpointError, match=r"best.json: tensor"):
        load(path)
    edit(path, model={"name": "gan"})
    with pytest.raises(CheckpointError, match="name 'gan': expected one of"):
        load(path)


def test_a_changed_tensor_file_is_refused(saved):
    path, _, _ = saved
    (tensors,) = path.parent.glob("*.safetensors")
    tensors.write_bytes(tensors.read_bytes()[:-1] + b"x")
    with pytest.raises(CheckpointError, match="checksum differs"):
        load(path)
    tensors.unlink()
    with pytest.raises(CheckpointError, match="cannot be read"):
        load(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("{}", "format None; expected"),
        ('{"format": 1}', "'model'"),
        ("[]", r"holds \[\]; expected a checkpoint"),
        ("null", "holds None; expected a checkpoint"),
        ("7", "holds 7; expected a checkpoint"),
        ('{"format": true}', "format True; expected 1"),
        ("[" * 100_000, "not JSON"),
        ("\udc80".encode("utf-8", "surrogateescape"), "not JSON"),
    ],
)
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path, text, message):
    path = tmp_path / "x.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CheckpointError, match=message) as caught:
        load(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["model", "tensors", "sha256", "details"])
@pytest.mark.parametrize("value", [None, 3, [], [["a", 1]], "a\x00b", {"a": [1]}])
def test_values_of_another_type_are_refused(saved, name, value):
    path, _, _ = saved
    if isinstance(value, dict) and name == "details":
        value = "text"
    edit(path, **{name: value})
    with pytest.raises(CheckpointError) as caught:
        load(path)
    assert str(path.parent) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_path_may_be_text(tmp_path):
    path = str(tmp_path / "text.json")
    save(path, SMALL, build_model(SMALL).state_dict(), details={"epoch": 1})
    assert load(path).details == {"epoch": 1}


def test_a_missing_file_and_another_suffix_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match=r"gone.json: No such file"):
        load(tmp_path / "gone.json")
    with pytest.raises(ValueError, match=r"NAME\.json"):
        save(tmp_path / "x.pt", SMALL, {})


def test_a_tensor_file_elsewhere_is_not_read(saved, tmp_path):
    path, _, _ = saved
    (tensors,) = path.parent.glob("*.safetensors")
    away = tmp_path / "away"
    away.mkdir()
    tensors.rename(away / tensors.name)
    edit(path, tensors=f"away/{tensors.name}")
    with pytest.raises(CheckpointError, match="cannot be read"):
        load(path)
