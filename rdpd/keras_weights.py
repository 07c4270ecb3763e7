"""Reads weights of the authors' Keras network into `RDPD("released")`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from rdpd.checkpoint import CheckpointError
from rdpd.model import RDPD

_Array = NDArray[np.float32]


def load_keras_weights(path: Path, width: int = 32) -> RDPD:
    """Return the network with the weights of a Keras ``.hdf5`` file.

    Parameters
    ----------
    path : Path
        Weights or a whole model, as Keras 2 (and 3, in its old format) saves it. Layers
        with weights are taken in the file's order, which is that of the network.
    width : int
        Channels of the first block; the published network has 32.

    Raises
    ------
    CheckpointError
        If the file cannot be read, or its layers are not those of the network.
    """
    model = RDPD("released", width)
    layers = _read_layers(path)
    targets = list(_layers_of(model))
    if len(layers) != len(targets):
        raise CheckpointError(
            f"{path}: {len(layers)} layers with weights; expected {len(targets)}, "
            "those of RDPD as released"
        )
    for (layer, arrays), weights in zip(layers, targets, strict=True):
        _fill(path, layer, arrays, weights)
    return model


def _layers_of(model: RDPD) -> Iterator[list[Tensor]]:
    """Yield the weights of each layer, from the input to the output."""
    lstm = model.lstm
    assert lstm is not None
    for module in model.modules():
        if module is lstm.from_input:
            recurrent = lstm.from_hidden.weight
            yield [lstm.from_input.weight, recurrent, _bias_of(lstm.from_input)]
        elif isinstance(module, nn.Conv2d) and module is not lstm.from_hidden:
            yield [module.weight, _bias_of(module)]


def _bias_of(module: nn.Conv2d) -> Tensor:
    assert module.bias is not None
    return module.bias


def _fill(path: Path, layer: str, arrays: list[_Array], weights: list[Tensor]) -> None:
    # Keras keeps kernels as rows, columns, inputs, outputs.
    found = [a.transpose(3, 2, 0, 1) if a.ndim == 4 else a for a in arrays]
    shapes = [a.shape for a in found]
    expected = [tuple(weight.shape) for weight in weights]
    if shapes != expected:
        raise CheckpointError(
            f"{path}: layer {layer!r} has weights of shapes {shapes}; expected "
            f"{expected}"
        )
    with torch.no_grad():
        for weight, array in zip(weights, found, strict=True):
            weight.copy_(torch.from_numpy(np.ascontiguousarray(array)))


def _read_layers(path: Path) -> list[tuple[str, list[_Array]]]:
    """Return name and arrays of every layer that has weights."""
    try:
        with h5py.File(path, "r") as file:
            group: Any = file.get("model_weights", file)
            names = [_text(name) for name in group.attrs["layer_names"]]
            layers = [(name, _arrays_of(group[name])) for name in names]
    except (OSError, KeyError) as error:
        raise CheckpointError(
            f"{path}: not a weight file of Keras ({error}); expected HDF5 with "
            "'layer_names'"
        ) from None
    return [(name, arrays) for name, arrays in layers if arrays]


def _arrays_of(layer: Any) -> list[_Array]:
    names = [_text(name) for name in layer.attrs["weight_names"]]
    return [np.asarray(layer[name], np.float32) for name in names]


def _text(name: bytes | str) -> str:
    return name.decode("utf-8") if isinstance(name, bytes) else str(name)
