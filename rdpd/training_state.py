"""Everything that changes while a network learns, to and from tensors."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor, nn
from torch.optim import Adam

_MEAN = "mean."
_OPTIMISER = "optimiser."


class RunningMean:
    """Exponential running mean of a network's weights.

    Parameters
    ----------
    model : nn.Module
    decay : float
        Share that is kept at every step; 0: it is the network itself.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._decay = decay
        self.is_apart = decay > 0
        self.weights = {
            name: tensor.detach().clone() if self.is_apart else tensor
            for name, tensor in model.state_dict().items()
        }

    def update(self, model: nn.Module) -> None:
        """Take one step towards the weights as they are now."""
        if self.is_apart:
            for name, tensor in model.state_dict().items():
                self.weights[name].lerp_(tensor, 1 - self._decay)


def state_tensors(optimiser: Adam, mean: RunningMean) -> dict[str, Tensor]:
    """Return the optimiser's state and the running mean under one name each."""
    states = optimiser.state_dict()["state"]
    moments = {
        f"{_OPTIMISER}{number}.{name}": tensor
        for number, state in states.items()
        for name, tensor in state.items()
    }
    if not mean.is_apart:
        return moments
    return moments | {_MEAN + name: tensor for name, tensor in mean.weights.items()}


def restore_state(
    tensors: Mapping[str, Tensor], optimiser: Adam, mean: RunningMean
) -> None:
    """Put back what `state_tensors` returned."""
    states: dict[int, dict[str, Tensor]] = {}
    for full_name, tensor in tensors.items():
        if full_name.startswith(_OPTIMISER):
            number, name = full_name.removeprefix(_OPTIMISER).split(".")
            states.setdefault(int(number), {})[name] = tensor
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": states, "param_groups": groups})
    if mean.is_apart:
        for name, tensor in mean.weights.items():
            tensor.copy_(tensors[_MEAN + name])


def set_learning_rate(optimiser: Adam, learning_rate: float) -> None:
    """Set the learning rate of all weights."""
    for group in optimiser.param_groups:
        group["lr"] = learning_rate


def set_dropout(model: nn.Module, share: float) -> None:
    """Set the share that every dropout layer zeroes."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = share
