"""LPIPS: how different two pictures are to a network that was trained to see.

The weights are not ours to ship: both files are read from a folder of the user's.

References
----------
Zhang et al. (2018); Krizhevsky (2014).
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rdpd.pictures import DataError

BACKBONE_FILE = "alexnet-owt-7be5be79.pth"
LINEAR_FILE = "alex.pth"
"""As PyTorch and the authors publish them."""

_SHIFT, _SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
_CHANNELS = (64, 192, 384, 256, 256)
_TAPS = (1, 4, 7, 9, 11)
"""Layers, each a ReLU, whose features are compared."""

_NEVER_ZERO = 1e-10
SMALLEST_SIDE_PX = 31
"""A side of fewer pixels has nothing left after the second pooling."""


class Lpips:
    """The distance of two pictures by AlexNet's features, on the CPU.

    Parameters
    ----------
    folder : Path
        Holds `BACKBONE_FILE` and `LINEAR_FILE`.

    Raises
    ------
    DataError
        If one of them is missing or something else.
    """

    def __init__(self, folder: Path) -> None:
        self._features = _alexnet_features()
        backbone = _read(folder / BACKBONE_FILE)
        wanted = {
            f"features.{name}": tensor
            for name, tensor in self._features.state_dict().items()
        }
        _check(folder / BACKBONE_FILE, wanted, backbone)
        self._features.load_state_dict(
            {name.removeprefix("features."): backbone[name] for name in wanted}
        )
        linear = _read(folder / LINEAR_FILE)
        shapes = {
            f"lin{layer}.model.1.weight": torch.empty(1, channels, 1, 1)
            for layer, channels in enumerate(_CHANNELS)
        }
        _check(folder / LINEAR_FILE, shapes, linear)
        self._weights = [linear[name] for name in shapes]

    @torch.inference_mode()
    def __call__(self, output: NDArray[Any], target: NDArray[Any]) -> float:
        """Return the distance of two pictures, (H, W, 3) encoded in [0, 1]; 0: equal.

        Raises
        ------
        ValueError
            If their shapes differ, or a side is shorter than `SMALLEST_SIDE_PX`.
        """
        if output.shape != target.shape or min(output.shape[:2]) < SMALLEST_SIDE_PX:
            raise ValueError(
                f"output has shape {output.shape}, target {target.shape}; expected "
                f"equal ones, (H, W, 3), sides of {SMALLEST_SIDE_PX} pixels or more"
            )
        pair = zip(self._units(output), self._units(target), strict=True)
        distance = sum(
            float((weight * (one - other).square()).sum(dim=1).mean())
            for weight, (one, other) in zip(self._weights, pair, strict=True)
        )
        return float(distance)

    def _units(self, picture: NDArray[Any]) -> list[Tensor]:
        """Return the features of each layer, of length 1 at each place."""
        shift, scale = (torch.tensor(v).view(1, 3, 1, 1) for v in (_SHIFT, _SCALE))
        rgb = torch.from_numpy(np.asarray(picture, np.float32)).permute(2, 0, 1)[None]
        below = (2 * rgb - 1 - shift) / scale
        units: list[Tensor] = []
        for number, layer in enumerate(self._features):
            below = layer(below)
            if number in _TAPS:
                length = below.square().sum(dim=1, keepdim=True).sqrt()
                units.append(below / (length + _NEVER_ZERO))
        return units


def _alexnet_features() -> nn.Sequential:
    """Return the convolutional part of AlexNet."""
    first, second, third, fourth, fifth = _CHANNELS
    return nn.Sequential(
        nn.Conv2d(3, first, 11, stride=4, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(first, second, 5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(second, third, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(third, fourth, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(fourth, fifth, 3, padding=1),
        nn.ReLU(),
    ).eval()


def _read(path: Path) -> dict[str, Tensor]:
    try:
        # Tensors only: a file that holds code is refused.
        found = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise DataError(
            f"{path}: {error.strerror}; expected the weights of LPIPS, which are not "
            "shipped: docs/evaluation.md"
        ) from None
    except (RuntimeError, pickle.UnpicklingError, EOFError):
        raise DataError(f"{path}: not a file of weights") from None
    if not isinstance(found, dict):
        raise DataError(f"{path}: not a file of weights by name")
    return found


def _check(path: Path, wanted: dict[str, Tensor], found: dict[str, Any]) -> None:
    for name, tensor in wanted.items():
        shape = getattr(found.get(name), "shape", None)
        if shape != tensor.shape:
            raise DataError(
                f"{path}: {name!r} has shape {shape and tuple(shape)}; expected "
                f"{tuple(tensor.shape)}, AlexNet's"
            )
