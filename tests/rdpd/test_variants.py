"""What is compared differs in what it says it does, and in nothing else."""

import dataclasses

import pytest

from rdpd.complexity import complexity
from rdpd.config import ConfigError, ModelConfig, TrainConfig, changed_config
from rdpd.variants import ablation, comparison, with_budget

BASE = TrainConfig(ModelConfig(width=8), clip_batch=2, clip_frames=4)


def difference(changes):
    """Return what a variant has that is not the base's."""
    found = dataclasses.asdict(changed_config(BASE, changes))
    base = dataclasses.asdict(BASE)
    model, base_model = found.pop("model"), base.pop("model")
    return {
        **{k: v for k, v in found.items() if v != base[k]},
        **{f"model.{k}": v for k, v in model.items() if v != base_model[k]},
    }


def test_table_2_compares_dpdnet_the_single_frame_network_and_rdpd():
    found = {name: difference(text) for name, text in comparison(BASE).items()}
    assert found == {
        "DPDNet": {
            "model.name": "dpdnet",
            "model.width": 16,
            "learning_rate": 2e-5,  # as published, BASE having RDPD's 5e-5
        },
        "sRDPD": {"clip_frames": 1, "clip_batch": 8},
        "RDPD": {},
    }


def test_the_ablation_takes_one_thing_at_a_time():
    found = {name: difference(text) for name, text in ablation(BASE).items()}
    assert found == {
        "RDPD": {},
        "no radial distance": {"model.radial": False},
        "no edge loss": {"lambda_x": 0, "lambda_y": 0},
        "no ConvLSTM": {"model.recurrent": False},
        "1 frame": {"clip_frames": 1, "clip_batch": 8},
        "2 frames": {"clip_frames": 2, "clip_batch": 4},
    }


def test_what_the_base_lacks_already_is_not_taken_away_again():
    base = dataclasses.replace(
        BASE, lambda_x=0, lambda_y=0, model=ModelConfig(radial=False)
    )
    assert list(ablation(base)) == ["RDPD", "no ConvLSTM", "1 frame", "2 frames"]


@pytest.mark.parametrize(
    "base",
    [
        TrainConfig(ModelConfig("dpdnet")),
        TrainConfig(ModelConfig(recurrent=False)),
        TrainConfig(clip_frames=1),
    ],
)
@pytest.mark.parametrize("variants", [comparison, ablation])
def test_another_network_cannot_be_the_reference(base, variants):
    with pytest.raises(ValueError, match="expected"):
        variants(base)


def test_equal_steps_are_the_variants_as_they_are():
    assert with_budget(BASE, comparison(BASE), "steps") == comparison(BASE)


def test_equal_macs_are_fewer_steps_of_a_dearer_network():
    side = BASE.patch_px

    def work(changes):
        config = changed_config(BASE, changes)
        return config.steps * complexity(config.model, side, side).macs

    planned = with_budget(BASE, comparison(BASE) | ablation(BASE), "macs")
    assert planned["RDPD"] == ""
    assert planned["sRDPD"] == comparison(BASE)["sRDPD"]
    assert difference(planned["DPDNet"])["steps_per_epoch"] < BASE.steps_per_epoch / 2
    half_a_step = 0.5 / 200
    for changes in planned.values():
        assert work(changes) == pytest.approx(work(""), rel=half_a_step)


def test_no_changes_change_nothing():
    assert changed_config(BASE, "") == BASE


def test_the_later_of_two_changes_counts():
    changes = "clip_frames = 3; model.width = 2; clip_frames = 5; model.radial = false"
    found = changed_config(BASE, changes)
    assert (found.clip_frames, found.model) == (5, ModelConfig(width=2, radial=False))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ("clip_frames", "'clip_frames': "),
        ("colour = 1", "colour: unknown"),
        ("model.cell = 'gru'", "cell 'gru': expected one of"),
        ("model = 1", "expected model.NAME = VALUE"),
        ("clip_frames = 0", "clip_frames 0: expected a whole number"),
    ],
)
def test_impossible_changes_are_one_line(changes, message):
    with pytest.raises(ConfigError, match=message) as caught:
        changed_config(BASE, changes)
    assert "\n" not in str(caught.value)
