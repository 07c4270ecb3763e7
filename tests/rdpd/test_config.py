"""Configurations: the paper's by default, refused in one line where they can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from rdpd.config import (
    ConfigError,
    ModelConfig,
    TrainConfig,
    load_config,
    train_config,
)

CONFIGS = Path(__file__).parents[2] / "configs"


def test_the_defaults_are_those_of_the_paper():
    """Abuolaim et al. (2021), section 5."""
    config = TrainConfig()
    assert config.model == ModelConfig("rdpd", "paper")
    assert config.model.channels_of_first_block == 32
    assert (config.learning_rate, config.halve_every_epochs) == (5e-5, 40)
    assert (config.epochs, config.patch_px, config.dropout) == (140, 512, 0.4)
    assert (config.image_batch, config.clip_batch, config.clip_frames) == (8, 2, 4)
    assert (config.lambda_x, config.lambda_y) == (0.03, 0.02)
    assert config.edge_sizes == (3, 7, 11)


def test_the_paper_s_file_says_what_the_defaults_are():
    assert train_config(
        load_config(CONFIGS / "paper.toml").described() | {"model": {}}
    ) == (TrainConfig())


def test_the_quick_file_is_a_narrower_network_of_the_same_kind():
    config = load_config(CONFIGS / "quick.toml")
    assert (config.model.name, config.model.cell) == ("rdpd", "paper")
    assert 0 < config.model.width < 32
    assert config.patch_px <= 288  # of the default dataset's pictures


def test_the_learning_rate_is_halved_every_so_many_epochs():
    config = TrainConfig(learning_rate=1.0e-3, halve_every_epochs=2)
    rates = [config.learning_rate_of(epoch) for epoch in range(5)]
    assert rates == [1e-3, 1e-3, 5e-4, 5e-4, 2.5e-4]


def test_never_halving_keeps_the_learning_rate():
    config = TrainConfig(halve_every_epochs=0)
    assert config.learning_rate_of(139) == config.learning_rate


def test_a_configuration_comes_back_from_what_json_holds():
    config = TrainConfig(
        model=ModelConfig("dpdnet", width=4), edge_sizes=(3,), ema_decay=0.9
    )
    assert train_config(config.described()) == config


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("epochs = 0", "epochs 0"),
        ("epochs = 1.5", "epochs 1.5"),
        ("learning_rate = -1e-3", "learning_rate -0.001"),
        ("learning_rate = 0.0", "learning_rate 0"),
        ('learning_rate = "fast"', "learning_rate 'fast'"),
        ("dropout = 1.0", "dropout 1.0"),
        ("patch_px = 100", "patch_px 100: expected a multiple of 16"),
        ("flip = 1", "flip 1"),
        ('precision = "float8"', "precision 'float8'"),
        ("edge_sizes = [4]", "edge_sizes 4"),
        ("edge_sizes = 3", "edge_sizes 3"),
        ("epoch = 3", "epoch: unknown"),
        ('[model]\nname = "unet"', "name 'unet'"),
        ("[model]\ndepth = 3", "[model] depth: unknown"),
        ("model = 3", "model 3"),
        ("epochs = ", "Invalid value"),
        (
            "epochs = 10000000000",
            "epochs 10000000000: expected a whole number >= 1 and",
        ),
        ("seed = 9223372036854775808", "expected a whole number >= 0 and"),
        ("patch_px = 16\nedge_sizes = [17]", "expected no more than patch_px, 16"),
        ("[model]\nwidth = true", "width True"),
        ("[model]\nwidth = 300", "width 300: expected a whole number >= 0 and <= 256"),
        ('"a\\nb" = 1', "'a\\nb': unknown"),
        ("epochs = 1979-05-27", "epochs datetime.date(1979, 5, 27)"),
        ("epochs = " + "[" * 5000, "recursion"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_that_names_it(tmp_path, text, named):
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert named in message
    assert "\n" not in message


def test_a_path_may_be_text(tmp_path):
    (tmp_path / "a.toml").write_text("epochs = 3", encoding="utf-8")
    assert load_config(str(tmp_path / "a.toml")).epochs == 3


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"gone\.toml: No such file"):
        load_config(tmp_path / "gone.toml")
