"""Parts that the networks are put together from. Tensors are (B, C, H, W)."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

Cell = Literal["paper", "released"]
State = tuple[Tensor, Tensor]
"""Hidden state and memory cell of a ConvLSTM, each (B, C, H, W)."""


def conv3x3(inputs: int, outputs: int) -> nn.Sequential:
    """Return a 3 x 3 convolution of equal size and a ReLU."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU())


def two_convs(inputs: int, outputs: int) -> nn.Sequential:
    """Return two 3 x 3 convolutions, each with a ReLU."""
    return nn.Sequential(conv3x3(inputs, outputs), conv3x3(outputs, outputs))


class UpBlock(nn.Module):
    """Twice the size by repetition, a 2 x 2 convolution, the skip, two convolutions.

    Parameters
    ----------
    inputs : int
        Channels from below; the skip and the result have half as many.
    """

    def __init__(self, inputs: int) -> None:
        super().__init__()
        outputs = inputs // 2
        self.up = nn.Conv2d(inputs, outputs, 2)
        self.convs = two_convs(inputs, outputs)

    def forward(self, below: Tensor, skip: Tensor) -> Tensor:
        """Return (B, inputs / 2, 2 H, 2 W) from (B, inputs, H, W) and the skip."""
        wide = functional.interpolate(below, scale_factor=2.0, mode="nearest")
        # Keras pads an even kernel below and to the right.
        up = functional.relu(self.up(functional.pad(wide, (0, 1, 0, 1))))
        return self.convs(torch.cat([skip, up], dim=1))


class ConvLstmCell(nn.Module):
    """One step of a convolutional LSTM.

    Parameters
    ----------
    channels : int
        Of input, hidden state and memory.
    cell : {"paper", "released"}
        ``paper``: Eq. 7-11 of Abuolaim et al. (2021): all three gates see the memory of
        the step before through a weight per channel (peepholes; per channel, so that
        any picture size fits), logistic sigmoid. ``released``: the authors' Keras
        layer, no peepholes, and Keras 2's hard sigmoid clip(0.2 x + 0.5, 0, 1).
    dropout : float
        Share of the input's values that training sets to zero; which ones is drawn for
        each gate, once for all steps of a call (as Keras 2 does it).

    Notes
    -----
    Gates are stacked in Keras's order: input, forget, memory, output.
    """

    def __init__(self, channels: int, cell: Cell, dropout: float = 0.0) -> None:
        super().__init__()
        self.channels = channels
        self.cell = cell
        self.dropout = nn.Dropout(dropout)
        self.from_input = nn.Conv2d(channels, 4 * channels, 3, padding=1)
        self.from_hidden = nn.Conv2d(channels, 4 * channels, 3, padding=1, bias=False)
        self.peepholes = (
            nn.Parameter(torch.zeros(3, channels, 1, 1)) if cell == "paper" else None
        )

    def reset(self) -> None:
        """Draw weights as Keras does: orthogonal recurrence, forget gate open."""
        nn.init.xavier_uniform_(self.from_input.weight)
        nn.init.orthogonal_(self.from_hidden.weight)
        bias = self.from_input.bias
        if bias is not None:
            nn.init.zeros_(bias)
            nn.init.ones_(bias[self.channels : 2 * self.channels])

    def start(self, like: Tensor) -> State:
        """Return the state before the first step, zeros."""
        return torch.zeros_like(like), torch.zeros_like(like)

    def unroll(self, sequence: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Return what the decoder is fed at each step, (B, T, C, H, W), and the state.

        The sequence has this shape, too; without a state it starts anew.
        """
        now = self.start(sequence[:, 0]) if state is None else state
        kept = self._kept(sequence[:, 0])
        fed: list[Tensor] = []
        for step in range(sequence.shape[1]):
            out, now = self(sequence[:, step], now, kept)
            fed.append(out)
        return torch.stack(fed, dim=1), now

    def forward(
        self, x: Tensor, state: State, kept: Tensor | None = None
    ) -> tuple[Tensor, State]:
        """Return what the decoder is fed and the next state.

        The decoder is fed the output gate o_t as Eq. 12 says ("paper"), or the hidden
        state ("released"). ``kept`` (4, B, C, H, W) has 1 where a gate sees the input,
        0 where it does not; without, all see all of it.
        """
        hidden, memory = state
        gates = self._seen(x, kept) + self.from_hidden(hidden)
        into, forget, candidate, out = gates.chunk(4, dim=1)
        if self.peepholes is not None:
            into = into + self.peepholes[0] * memory
            forget = forget + self.peepholes[1] * memory
            out = out + self.peepholes[2] * memory
        squash = torch.sigmoid if self.cell == "paper" else keras_hard_sigmoid
        memory = squash(forget) * memory + squash(into) * torch.tanh(candidate)
        gate = squash(out)
        hidden = gate * torch.tanh(memory)
        return (gate if self.cell == "paper" else hidden), (hidden, memory)

    def _kept(self, like: Tensor) -> Tensor | None:
        """Draw what each gate sees of its input for a whole sequence; None: all."""
        share = self.dropout.p
        if not self.training or share == 0:
            return None
        return like.new_empty((4, *like.shape)).bernoulli_(1 - share)

    def _seen(self, x: Tensor, kept: Tensor | None) -> Tensor:
        """Return the gates' part that comes from the input, (B, 4 C, H, W)."""
        weight, bias = self.from_input.weight, self.from_input.bias
        if kept is None or bias is None:
            return self.from_input(x)
        louder = x / (1 - self.dropout.p)
        parts = zip(kept, weight.chunk(4), bias.chunk(4), strict=True)
        return torch.cat(
            [functional.conv2d(louder * mask, w, b, padding=1) for mask, w, b in parts],
            dim=1,
        )


def keras_hard_sigmoid(x: Tensor) -> Tensor:
    """Return clip(0.2 x + 0.5, 0, 1), the hard sigmoid of Keras 2.

    Examples
    --------
    >>> keras_hard_sigmoid(torch.tensor([-3.0, 0.0, 1.0, 2.5])).tolist()
    [0.0, 0.5, 0.699999988079071, 1.0]
    """
    return torch.clamp(0.2 * x + 0.5, 0.0, 1.0)
