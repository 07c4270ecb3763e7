"""RDPD and DPDNet: encoder, decoder with skips, and in RDPD a ConvLSTM between them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from rdpd.blocks import Cell, ConvLstmCell, State, UpBlock, conv3x3, two_convs
from rdpd.config import ModelConfig

SIZE_MULTIPLE = 16
"""The encoder halves four times; other sizes are mirrored up to it inside."""

LEVELS = 4
DROPOUT = 0.4
"""Abuolaim et al. (2021), section 5; of DPDNet, Abuolaim & Brown (2020)."""


class RDPD(nn.Module):
    """Recurrent dual-pixel deblurring network.

    Parameters
    ----------
    cell : {"paper", "released"}
        ``paper``: Fig. 6 and Eq. 7-12. ``released``: the authors' Keras network, whose
        weights `rdpd.keras_weights` reads. See `blocks.ConvLstmCell`; the released one
        also ends in a ReLU layer of three channels before the linear one.
    width : int
        Channels of the first block; each further one has twice as many.
    radial : bool
        Take the relative radial distance as a seventh channel.
    recurrent : bool
        False puts a second convolution in the ConvLSTM's place: no frame then knows
        of another.

    References
    ----------
    Abuolaim et al. (2021), section 4.
    """

    def __init__(
        self,
        cell: Cell = "paper",
        width: int = 32,
        *,
        radial: bool = True,
        recurrent: bool = True,
    ) -> None:
        super().__init__()
        self.channels = 7 if radial else 6  # left RGB, right RGB, radial distance
        widths = [width * 2**level for level in range(LEVELS + 1)]
        self.encoder = nn.ModuleList(
            two_convs(inputs, outputs)
            for inputs, outputs in zip(
                (self.channels, *widths[:-2]), widths[:-1], strict=True
            )
        )
        bottleneck = conv3x3 if recurrent else two_convs
        self.bottleneck = bottleneck(widths[-2], widths[-1])
        self.lstm = ConvLstmCell(widths[-1], cell, DROPOUT) if recurrent else None
        self.decoder = nn.ModuleList(UpBlock(inputs) for inputs in widths[:0:-1])
        self.tail = _tail(width) if cell == "released" else nn.Conv2d(width, 3, 1)
        _initialise(self)

    def forward(
        self, x: Tensor, state: State | None = None
    ) -> tuple[Tensor, State | None]:
        """Return the deblurred frames and the state after the last one.

        Parameters
        ----------
        x : Tensor (B, T, channels, H, W)
            Encoded colour in [0, 1] and relative radial distance; any size, any T >= 1.
        state : (Tensor, Tensor), optional
            What an earlier call returned: a sequence may come in chunks.

        Returns
        -------
        y : Tensor (B, T, 3, H, W)
            Clamped to [0, 1].
        state : (Tensor, Tensor), or None without recurrence

        Raises
        ------
        ValueError
            For another shape.
        """
        frames = _flat_frames(x, self.channels)
        batch, steps = x.shape[:2]
        padded = _padded(frames)
        skips: list[Tensor] = []
        below = padded
        for block in self.encoder:
            skips.append(block(below))
            below = functional.max_pool2d(skips[-1], 2)
        features = self.bottleneck(below)
        above, now = features, None
        if self.lstm is not None:
            fed, now = self.lstm.unroll(features.unflatten(0, (batch, steps)), state)
            above = fed.flatten(0, 1)
        for block in self.decoder:
            above = block(above, skips.pop())
        y = torch.clamp(self.tail(above), 0.0, 1.0)
        return _cropped(y, x).unflatten(0, (batch, steps)), now


class DPDNet(nn.Module):
    """Dual-pixel deblurring network for single frames.

    Parameters
    ----------
    width : int
        Channels of the first block.

    References
    ----------
    Abuolaim & Brown (2020).
    """

    channels = 6  # left RGB, right RGB

    def __init__(self, width: int = 64) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(LEVELS + 1)]
        self.encoder = nn.ModuleList(
            two_convs(inputs, outputs)
            for inputs, outputs in zip(
                (self.channels, *widths[:-2]), widths[:-1], strict=True
            )
        )
        self.bottleneck = two_convs(widths[-2], widths[-1])
        self.dropout = nn.Dropout(DROPOUT)
        self.decoder = nn.ModuleList(UpBlock(inputs) for inputs in widths[:0:-1])
        self.tail = _tail(width)
        _initialise(self)

    def forward(self, x: Tensor, state: None = None) -> tuple[Tensor, None]:
        """Return the deblurred frames, each by itself, and None.

        Parameters
        ----------
        x : Tensor (B, T, 6, H, W)
            Encoded colour in [0, 1]; any size.
        state : None
            There is none; it is here so that all networks are called alike.

        Returns
        -------
        y : Tensor (B, T, 3, H, W)
            In [0, 1], by a sigmoid.
        state : None

        Raises
        ------
        ValueError
            For another shape.
        """
        below = _padded(_flat_frames(x, self.channels))
        skips: list[Tensor] = []
        for level, block in enumerate(self.encoder, start=1):
            features = block(below)
            skips.append(self.dropout(features) if level == LEVELS else features)
            below = functional.max_pool2d(skips[-1], 2)
        above = self.dropout(self.bottleneck(below))
        for block in self.decoder:
            above = block(above, skips.pop())
        y = torch.sigmoid(self.tail(above))
        return _cropped(y, x).unflatten(0, x.shape[:2]), None


def build_model(config: ModelConfig) -> RDPD | DPDNet:
    """Return the network that a configuration describes, with random weights."""
    if config.name == "dpdnet":
        return DPDNet(config.channels_of_first_block)
    return RDPD(
        config.cell,
        config.channels_of_first_block,
        radial=config.radial,
        recurrent=config.recurrent,
    )


def parameter_count(model: nn.Module) -> int:
    """Return the number of trained values.

    Examples
    --------
    >>> parameter_count(RDPD("released")), parameter_count(DPDNet())
    (24278703, 31035151)
    """
    return sum(weights.numel() for weights in model.parameters())


def _tail(width: int) -> nn.Sequential:
    return nn.Sequential(conv3x3(width, 3), nn.Conv2d(3, 3, 1))


def _initialise(model: nn.Module) -> None:
    """Draw weights after He et al. (2015), those of the ConvLSTM as Keras does."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    for module in model.modules():
        if isinstance(module, ConvLstmCell):
            module.reset()


def _flat_frames(x: Tensor, channels: int) -> Tensor:
    """Return all frames as one batch."""
    if x.ndim != 5 or x.shape[2] != channels or 0 in x.shape:
        raise ValueError(
            f"x has shape {tuple(x.shape)}; expected (B, T, {channels}, H, W): batch, "
            "frames, channels, rows, columns"
        )
    return x.flatten(0, 1)


def _padded(frames: Tensor) -> Tensor:
    """Return frames of a size that can be halved four times, mirrored on all sides."""
    height, width = frames.shape[-2:]
    down, across = -height % SIZE_MULTIPLE, -width % SIZE_MULTIPLE
    if not down and not across:
        return frames
    edges = (across // 2, across - across // 2, down // 2, down - down // 2)
    # A mirror must be narrower than the picture.
    fits = max(edges[:2]) < width and max(edges[2:]) < height
    return functional.pad(frames, edges, mode="reflect" if fits else "replicate")


def _cropped(frames: Tensor, x: Tensor) -> Tensor:
    """Return the part of padded frames that the input had."""
    height, width = x.shape[-2:]
    top = (-height % SIZE_MULTIPLE) // 2
    left = (-width % SIZE_MULTIPLE) // 2
    return frames[..., top : top + height, left : left + width]
