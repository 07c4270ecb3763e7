"""Which frames and which patch each step of a training sees; nothing but arithmetic.

Everything follows from (seed, epoch, step), so it is the same whatever the number of
workers and processes, and a training that goes on needs the number of its step only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_ORDER_STREAM, _ITEM_STREAM, _DROPOUT_STREAM = range(3)


class SamplingError(ValueError):
    """No patch of the wished size can be cut."""


@dataclass(frozen=True)
class Extent:
    """Size of one sequence: frames, rows and columns."""

    frames: int
    height: int
    width: int


@dataclass(frozen=True)
class Cut:
    """A block of one sequence.

    Parameters
    ----------
    sequence : int
        Which one of a source.
    first, frames : int
        First frame, from 0, and how many.
    top, left, height, width : int
        The patch, pixels.
    flip : bool
        Mirror it left to right; the views change places.
    entropy : tuple of int
        Seed of whatever else is drawn for it.
    """

    sequence: int
    first: int
    frames: int
    top: int
    left: int
    height: int
    width: int
    flip: bool = False
    entropy: tuple[int, ...] = ()

    @property
    def rows(self) -> slice:
        """The patch's rows."""
        return slice(self.top, self.top + self.height)

    @property
    def columns(self) -> slice:
        """The patch's columns."""
        return slice(self.left, self.left + self.width)


@dataclass(frozen=True)
class BatchShape:
    """What a mini-batch of one source is made of.

    Parameters
    ----------
    items : int
        Clips, those of all processes together.
    frames : int
        Of each clip.
    patch_px : int
    flip : bool
        Mirror half of them.
    """

    items: int
    frames: int
    patch_px: int
    flip: bool


@dataclass(frozen=True)
class Moment:
    """A step of a source in an epoch, each counted from 0."""

    seed: int
    source: int
    epoch: int
    step: int


def whole(sequence: int, extent: Extent, first: int = 0, frames: int = 0) -> Cut:
    """Return whole pictures of a sequence: some frames, 0 for all from the first."""
    count = frames or extent.frames - first
    return Cut(sequence, first, count, 0, 0, extent.height, extent.width)


def training_cuts(
    extents: Sequence[Extent], shape: BatchShape, moment: Moment
) -> tuple[Cut, ...]:
    """Return the items of one mini-batch.

    Every run of ``shape.frames`` frames comes once, in random order, before any comes
    again; the patch and its mirroring are drawn for each item.

    Raises
    ------
    SamplingError
        If a sequence has too few frames or too few pixels.
    """
    check_extents(extents, shape)
    starts = np.cumsum([0, *(extent.frames - shape.frames + 1 for extent in extents)])
    count = int(starts[-1])
    cuts: list[Cut] = []
    for item in range(shape.items):
        lap, place = divmod(moment.step * shape.items + item, count)
        order = _generator(moment, _ORDER_STREAM, lap).permutation(count)
        window = int(order[place])
        sequence = int(np.searchsorted(starts, window, side="right")) - 1
        first = window - int(starts[sequence])
        cuts.append(_cut(extents[sequence], shape, moment, (sequence, first, item)))
    return tuple(cuts)


def _cut(
    extent: Extent, shape: BatchShape, moment: Moment, place: tuple[int, int, int]
) -> Cut:
    sequence, first, item = place
    rng = _generator(moment, _ITEM_STREAM, moment.step, item)
    size = shape.patch_px
    return Cut(
        sequence=sequence,
        first=first,
        frames=shape.frames,
        top=int(rng.integers(extent.height - size + 1)),
        left=int(rng.integers(extent.width - size + 1)),
        height=size,
        width=size,
        flip=shape.flip and bool(rng.random() < 0.5),
        entropy=tuple(int(word) for word in rng.integers(2**32, size=2)),
    )


def check_extents(extents: Sequence[Extent], shape: BatchShape) -> None:
    """Raise SamplingError where a sequence is too short or too small.

    Examples
    --------
    >>> check_extents([Extent(2, 64, 64)], BatchShape(1, 1, 64, False))
    """
    if not extents:
        raise SamplingError("no sequences; expected at least one")
    shortest = min(extent.frames for extent in extents)
    if shortest < shape.frames:
        raise SamplingError(
            f"clip_frames {shape.frames}: the shortest sequence has {shortest} frames; "
            f"expected at most {shortest}"
        )
    smallest = min(min(extent.height, extent.width) for extent in extents)
    if smallest < shape.patch_px:
        raise SamplingError(
            f"patch_px {shape.patch_px}: the smallest picture has a side of {smallest} "
            f"pixels; expected at most {smallest - smallest % 16}"
        )


def dropout_seed(seed: int, step: int, process: int) -> int:
    """Return the seed of the dropout of one step in one of several processes."""
    entropy = [seed, _DROPOUT_STREAM, step, process]
    return int(np.random.SeedSequence(entropy).generate_state(1)[0])


def _generator(moment: Moment, stream: int, *more: int) -> np.random.Generator:
    entropy = [moment.seed, stream, moment.source, moment.epoch, *more]
    return np.random.default_rng(entropy)
