"""What a network costs: trained values, and multiplications per frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from rdpd.config import ModelConfig
from rdpd.model import build_model, parameter_count


@dataclass(frozen=True)
class Complexity:
    """Size of a network and work for one frame.

    Parameters
    ----------
    parameters : int
    macs : int
        Multiplications with an addition each, of all convolutions; twice as many
        floating-point operations. The few per pixel that gates and clamping take are
        left out.
    macs_by_part : dict of int
        The same by part of the network: ``encoder``, ``lstm``, ``decoder`` ...
    """

    parameters: int
    macs: int
    macs_by_part: dict[str, int]


def complexity(config: ModelConfig, height: int, width: int) -> Complexity:
    """Return what a network costs for frames of height x width pixels.

    Nothing is computed: tensors have shapes and no values.

    Examples
    --------
    >>> round(complexity(ModelConfig(name="dpdnet"), 512, 512).macs / 1e9, 2)
    219.33
    """
    with torch.device("meta"):
        model = build_model(config).eval()
        frame = torch.empty(1, 1, model.channels, height, width)
    macs_by_part: dict[str, int] = {}

    def count(part: str) -> Any:
        def hook(module: nn.Conv2d, _: tuple[Tensor, ...], output: Tensor) -> None:
            macs = output.numel() * module.weight[0].numel()
            macs_by_part[part] = macs_by_part.get(part, 0) + macs

        return hook

    for name, module in model.named_modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(count(name.partition(".")[0]))
    with torch.inference_mode():
        model(frame)
    return Complexity(parameter_count(model), sum(macs_by_part.values()), macs_by_part)
