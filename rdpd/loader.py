"""Mini-batches in the order of the steps, read ahead by other processes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from rdpd.config import TrainConfig
from rdpd.data import ClipSource, Item
from rdpd.pictures import DataError
from rdpd.recolour import recoloured
from rdpd.sampling import BatchShape, Cut, Moment, check_extents, training_cuts

MOST_WORKERS = 8
STEPS_AHEAD = 4


@dataclass(frozen=True)
class Process:
    """Which of the processes that train together this is."""

    rank: int = 0
    count: int = 1


@dataclass(frozen=True)
class Batch:
    """One mini-batch of one process.

    Parameters
    ----------
    tensors : dict of Tensor (B, T, C, H, W)
        As `rdpd.data.Item`.
    words : str
        What is in it, to find it again.
    """

    tensors: dict[str, Tensor]
    words: str

    def pin_memory(self) -> Batch:
        """Return it in memory that a GPU copies from by itself."""
        pinned = {name: tensor.pin_memory() for name, tensor in self.tensors.items()}
        return Batch(pinned, self.words)


class TrainingBatches(Dataset[Batch]):
    """The batch of every step; sources take turns.

    Parameters
    ----------
    sources : sequence of ClipSource
    config : TrainConfig
    process : Process
        A step's batch is shared out to the processes; all see the same clips in turn.

    Raises
    ------
    SamplingError
        If a source has no patch of the configured size.
    """

    def __init__(
        self,
        sources: Sequence[ClipSource],
        config: TrainConfig,
        process: Process | None = None,
    ) -> None:
        self._sources = tuple(sources)
        self._config = config
        self._process = process or Process()
        for source in self._sources:
            check_extents(source.extents, self._shape(source))

    def _shape(self, source: ClipSource) -> BatchShape:
        config = self._config
        items = config.image_batch if source.is_single else config.clip_batch
        return BatchShape(
            items=items * self._process.count,
            frames=1 if source.is_single else config.clip_frames,
            patch_px=config.patch_px,
            flip=config.flip,
        )

    def __len__(self) -> int:
        """Return the number of steps of the whole training."""
        return self._config.steps

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of a step."""
        source = self._sources[step % len(self._sources)]
        cuts = self.cuts(step)
        items = [source.read(cut) for cut in cuts]
        if self._config.recolour:
            pairs = zip(items, cuts, strict=True)
            items = [recoloured(item, cut.entropy) for item, cut in pairs]
        return _stacked(source, cuts, items)

    def cuts(self, step: int) -> tuple[Cut, ...]:
        """Return what this process's batch of a step is cut from."""
        number = step % len(self._sources)
        source = self._sources[number]
        epoch, step_of_epoch = divmod(step, self._config.steps_per_epoch)
        turn = step_of_epoch // len(self._sources)
        moment = Moment(self._config.seed, number, epoch, turn)
        cuts = training_cuts(source.extents, self._shape(source), moment)
        share = len(cuts) // self._process.count
        return cuts[self._process.rank * share :][:share]


def batches(
    dataset: TrainingBatches, start: int, *, workers: int, pin: bool
) -> Iterator[Batch]:
    """Yield the batches from one step to the end, whatever the number of workers.

    Raises
    ------
    DataError
        For a picture that cannot be used.
    """
    loader: DataLoader[Batch | DataError] = DataLoader(
        _Outcomes(dataset),
        batch_size=None,
        sampler=range(start, len(dataset)),
        num_workers=workers,
        prefetch_factor=STEPS_AHEAD if workers else None,
        pin_memory=pin,
    )
    for outcome in loader:
        if isinstance(outcome, DataError):
            raise outcome
        yield outcome


class _Outcomes(Dataset[Batch | DataError]):
    """The batches, or why there is none: a worker would bury its error in a trace."""

    def __init__(self, dataset: TrainingBatches) -> None:
        self._dataset = dataset

    def __getitem__(self, step: int) -> Batch | DataError:
        try:
            return self._dataset[step]
        except DataError as error:
            return error


def sensible_workers(sources: Sequence[ClipSource]) -> int:
    """Return how many processes should read: half of the cores, 0 if they may not."""
    if not all(source.workers_may_read for source in sources):
        return 0
    return min(MOST_WORKERS, (os.cpu_count() or 1) // 2)


def _stacked(source: ClipSource, cuts: Sequence[Cut], items: Sequence[Item]) -> Batch:
    tensors = {name: torch.stack([item[name] for item in items]) for name in items[0]}
    words = "; ".join(
        f"{source.scene(cut.sequence)} {source.name(cut.sequence)} from frame "
        f"{cut.first + 1}, patch at row {cut.top}, column {cut.left}"
        f"{', mirrored' if cut.flip else ''}"
        for cut in cuts
    )
    return Batch(tensors, words)
