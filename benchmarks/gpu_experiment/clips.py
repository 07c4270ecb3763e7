"""What the networks learn from and are judged by, made on the device from frames."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import torch

from benchmarks.gpu_experiment.carry import CarriedFrames
from pipeline.on_the_fly import SynthesisedClips, optics_of
from rdpd.data import SCORING_KINDS, TRAINING_KINDS, Clip, DualPixelDataset, Item
from rdpd.evaluation_set import EvaluationSet
from rdpd.sampling import Cut, Extent, whole

_POOL_STREAM, _HELD_OUT_STREAM = range(2)


def synthesised(
    carried: CarriedFrames, split: str, device: torch.device
) -> SynthesisedClips:
    """Return the frames of a split, seen through the cameras of the training split."""
    optics = optics_of(carried.manifest)
    return SynthesisedClips(carried.folders(split), optics, device, carried.read)


class PooledClips:
    """Whole clips with optics of their own, of which patches are cropped.

    A ``ClipSource``. A clip is synthesised once, kept on the device in half precision,
    and seen again and again, at other places. What a step waits for is then a copy.

    Parameters
    ----------
    source : SynthesisedClips
    clips : int
        How many.
    frames : int
        Of each.
    seed : int
    """

    is_single = False
    workers_may_read = False

    def __init__(
        self, source: SynthesisedClips, clips: int, frames: int, seed: int
    ) -> None:
        self._source = source
        self.identity = f"{source.identity}/{clips} clips, seed {seed}"
        self._cuts = [_pool_cut(source, n, frames, seed) for n in range(clips)]
        self.extents = tuple(
            Extent(cut.frames, cut.height, cut.width) for cut in self._cuts
        )
        self._clips = [
            {kind: tensor.half() for kind, tensor in source.read(cut).items()}
            for cut in self._cuts
        ]

    def scene(self, sequence: int) -> str:
        """Return the name of what a clip shows."""
        return self._source.scene(self._cuts[sequence].sequence)

    def name(self, sequence: int) -> str:
        """Return the name of a clip."""
        return f"clip {sequence + 1}"

    def read(self, cut: Cut, kinds: Sequence[str] = TRAINING_KINDS) -> Item:
        """Return a block of a clip."""
        return _block(self._clips[cut.sequence], cut, kinds)


def _pool_cut(source: SynthesisedClips, number: int, frames: int, seed: int) -> Cut:
    sequence = number % len(source.extents)
    extent = source.extents[sequence]
    rng = np.random.default_rng([seed, _POOL_STREAM, number])
    first = int(rng.integers(extent.frames - frames + 1))
    cut = whole(sequence, extent, first, frames)
    return dataclasses.replace(cut, entropy=_entropy(rng))


def _entropy(rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(word) for word in rng.integers(2**32, size=2))


def _block(clip: Item, cut: Cut, kinds: Sequence[str]) -> Item:
    """Return a block of whole pictures; in a mirror, views change places."""
    swapped = {"left": "right", "right": "left"} if cut.flip else {}
    frames = slice(cut.first, cut.first + cut.frames)
    item = {
        kind: clip[swapped.get(kind, kind)][frames, :, cut.rows, cut.columns].float()
        for kind in (*kinds, "radial")
    }
    return {kind: t.flip(-1) if cut.flip else t for kind, t in item.items()}


class HeldOutViews:
    """Every sequence of a split through every camera, made once, kept in main memory.

    A ``ClipSource``. Noise differs by frame and view, the PSF by sequence.

    Parameters
    ----------
    carried : CarriedFrames
    split : str
    device : torch.device
        Where the views are made.
    frames : int
        At most so many of each sequence.
    seed : int
    """

    is_single = False
    workers_may_read = False

    def __init__(
        self,
        carried: CarriedFrames,
        split: str,
        device: torch.device,
        frames: int,
        seed: int,
    ) -> None:
        self.identity = f"held out: {split}, {frames} frames, seed {seed}"
        self.split = split
        optics = optics_of(carried.manifest)
        folders = carried.folders(split)
        self.clips: list[Clip] = []
        self._items: list[Item] = []
        for number, lens in enumerate(optics.lenses, start=1):
            source = SynthesisedClips(
                folders,
                dataclasses.replace(optics, lenses=(lens,)),
                device,
                carried.read,
            )
            for sequence, extent in enumerate(source.extents):
                count = min(frames, extent.frames)
                rng = np.random.default_rng([seed, _HELD_OUT_STREAM, sequence, number])
                cut = whole(sequence, extent, 0, count)
                cut = dataclasses.replace(cut, entropy=_entropy(rng))
                item = source.read(cut, SCORING_KINDS)
                self._items.append({kind: t.cpu() for kind, t in item.items()})
                stems = tuple(Path(f"{n:06d}.png") for n in range(1, count + 1))
                self.clips.append(
                    Clip(
                        scene=source.scene(sequence),
                        name=f"{source.scene(sequence)}-camera-{number}",
                        extent=dataclasses.replace(extent, frames=count),
                        files={"target": stems},
                    )
                )

    @property
    def extents(self) -> tuple[Extent, ...]:
        """Size of each sequence."""
        return tuple(clip.extent for clip in self.clips)

    def scene(self, sequence: int) -> str:
        """Return the name of what a sequence shows."""
        return self.clips[sequence].scene

    def name(self, sequence: int) -> str:
        """Return the name of a sequence."""
        return self.clips[sequence].name

    def read(self, cut: Cut, kinds: Sequence[str] = TRAINING_KINDS) -> Item:
        """Return a block of a sequence."""
        return _block(self._items[cut.sequence], cut, kinds)

    def evaluation_set(self) -> EvaluationSet:
        """Return it as networks are evaluated on it."""
        labels = tuple(
            {
                "split": self.split,
                "scene": clip.scene,
                "sequence": clip.name,
                "camera": clip.name.rpartition("-")[2],
            }
            for clip in self.clips
        )
        # It has what is asked of a dataset there: extents, clips and read.
        return EvaluationSet(cast(DualPixelDataset, self), labels)
