"""Trainings that are compared: what each changes in one configuration."""

from __future__ import annotations

from typing import Literal

from rdpd.complexity import complexity
from rdpd.config import DEFAULT_WIDTHS, TrainConfig, changed_config

Budget = Literal["steps", "macs"]

REFERENCE = "RDPD"
DPDNET_LEARNING_RATE = 2e-5 / 5e-5
"""The published learning rate of DPDNet over RDPD's; with RDPD's own it may not learn
at all."""
FRAME_COUNTS = (1, 2, 4)


def comparison(config: TrainConfig) -> dict[str, str]:
    """Return the changes that make the networks of the paper's Table 2, by name.

    All take as many steps of as many patches. DPDNet keeps its published proportions to
    RDPD: twice the channels, two fifths of the learning rate.

    Parameters
    ----------
    config : TrainConfig
        RDPD's.

    Raises
    ------
    ValueError
        If it is not RDPD's, or has no memory.

    References
    ----------
    Abuolaim et al. (2021), Table 2; Abuolaim & Brown (2020) for DPDNet.
    """
    _check_reference(config)
    ratio = DEFAULT_WIDTHS["dpdnet"] // DEFAULT_WIDTHS["rdpd"]
    width = ratio * config.model.channels_of_first_block
    rate = DPDNET_LEARNING_RATE * config.learning_rate
    return {
        "DPDNet": f'model.name = "dpdnet"; model.width = {width}; '
        f"learning_rate = {rate:.12g}",
        "sRDPD": _frames(config, 1),
        REFERENCE: "",
    }


def ablation(config: TrainConfig) -> dict[str, str]:
    """Return the changes that each take one thing from RDPD, by name.

    Parameters
    ----------
    config : TrainConfig
        RDPD's.

    Raises
    ------
    ValueError
        If it is not RDPD's, or has no memory.
    """
    _check_reference(config)
    variants = {
        REFERENCE: "",
        "no radial distance": "model.radial = false",
        "no edge loss": "lambda_x = 0; lambda_y = 0",
        "no ConvLSTM": "model.recurrent = false",
    }
    for count in FRAME_COUNTS:
        if count != config.clip_frames:
            words = f"{count} frame" if count == 1 else f"{count} frames"
            variants[words] = _frames(config, count)
    unchanged = [
        name
        for name, changes in variants.items()
        if changes and changed_config(config, changes) == config
    ]
    return {name: text for name, text in variants.items() if name not in unchanged}


def with_budget(
    config: TrainConfig, variants: dict[str, str], budget: Budget
) -> dict[str, str]:
    """Return the changes with as much training for each variant as for ``config``.

    Parameters
    ----------
    config : TrainConfig
    variants : dict of str
        Changes by name, each with as many frames per step.
    budget : {"steps", "macs"}
        What is equal: the number of steps, or that of multiplications, which is near
        to equal time and, unlike it, the same every time.
    """
    if budget == "steps":
        return variants
    cost = _macs_per_frame(config)
    planned: dict[str, str] = {}
    for name, changes in variants.items():
        share = cost / _macs_per_frame(changed_config(config, changes))
        steps = max(1, round(config.steps_per_epoch * share))
        change = f"steps_per_epoch = {steps}"
        is_as_before = steps == config.steps_per_epoch
        planned[name] = changes if is_as_before else f"{changes}; {change}"
    return planned


def _macs_per_frame(config: TrainConfig) -> int:
    return complexity(config.model, config.patch_px, config.patch_px).macs


def _frames(config: TrainConfig, count: int) -> str:
    """Return clips of so many frames, as many frames per mini-batch as before."""
    clips = max(1, config.clip_batch * config.clip_frames // count)
    return f"clip_frames = {count}; clip_batch = {clips}"


def _check_reference(config: TrainConfig) -> None:
    if config.model.name != "rdpd" or not config.model.recurrent:
        raise ValueError(
            f"model {config.model.name!r}, recurrent {config.model.recurrent}: "
            "expected the configuration of RDPD, with its ConvLSTM"
        )
    if config.clip_frames == 1:
        raise ValueError("clip_frames 1: expected RDPD's own, at least 2")
