"""Sequences of dual-pixel pictures, and a dataset version that is read by its manifest.

A picture is (H, W, C) on disk and in other packages; from here on (T, C, H, W).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from rdpd.manifest import (
    FOLDERS,
    MANIFEST,
    SCHEMA_VERSION,
    SPLITS,
    FileRecord,
    check_bytes,
    check_checksums,
    check_image_sizes,
    check_unedited,
    file_records,
    read_manifest,
    sequence_files,
)
from rdpd.pictures import DataError, Pictures
from rdpd.radial import relative_radial_distance
from rdpd.sampling import Cut, Extent, whole

__all__ = [
    "FOLDERS",
    "MANIFEST",
    "SCHEMA_VERSION",
    "SCORING_KINDS",
    "SPLITS",
    "TRAINING_KINDS",
    "Clip",
    "ClipSource",
    "DualPixelDataset",
    "Item",
    "empty_split",
    "radial_patch",
    "read_clip",
    "read_manifest",
]

TRAINING_KINDS = ("left", "right", "target")
SCORING_KINDS = (*TRAINING_KINDS, "combined")
CONTENTS_LENGTH = 16

_MIRRORED = {"left": "right", "right": "left"}

Item = dict[str, Tensor]
"""``left right target`` and, if asked for, ``combined``: (T, 3, H, W) encoded colour in
[0, 1]; ``radial``: (T, 1, H, W), the relative radial distance in the whole picture."""


class ClipSource(Protocol):
    """What a training draws from."""

    @property
    def identity(self) -> str:
        """What it is, as a run remembers it."""
        ...

    @property
    def extents(self) -> Sequence[Extent]:
        """Size of each sequence."""
        ...

    @property
    def is_single(self) -> bool:
        """Whether it has single images, which come in larger batches."""
        ...

    @property
    def workers_may_read(self) -> bool:
        """Whether other processes may read from it: not where it uses a GPU."""
        ...

    def scene(self, sequence: int) -> str:
        """Return the name of what a sequence shows."""
        ...

    def name(self, sequence: int) -> str:
        """Return the name of a sequence."""
        ...

    def read(self, cut: Cut, kinds: Sequence[str] = TRAINING_KINDS) -> Item:
        """Return a block of a sequence."""
        ...


@dataclass(frozen=True)
class Clip:
    """The pictures of one sequence.

    Parameters
    ----------
    scene, name : str
    extent : Extent
    files : dict of tuple of Path
        For each kind the picture of each frame.
    """

    scene: str
    name: str
    extent: Extent
    files: Mapping[str, tuple[Path, ...]]


def read_clip(
    clip: Clip,
    cut: Cut,
    kinds: Sequence[str],
    pictures: Pictures,
    checksums: Mapping[Path, str],
) -> Item:
    """Return a block of a clip.

    A mirrored left view is what the right half of the pupil sees, so that left and
    right change places.

    Raises
    ------
    DataError
        If a picture is missing, broken, changed or of another size than it should be.
    """
    item: Item = {}
    shape = (3, cut.height, cut.width)
    for kind in kinds:
        shown = _MIRRORED.get(kind, kind) if cut.flip else kind
        parts = [
            pictures.read(path, cut.rows, cut.columns, checksums.get(path))
            for path in clip.files[shown][cut.first : cut.first + cut.frames]
        ]
        for path, part in zip(clip.files[shown][cut.first :], parts, strict=False):
            if part.shape != shape:
                raise DataError(
                    f"{path} is smaller than {clip.extent.width} x "
                    f"{clip.extent.height}, the size of its sequence"
                )
        item[kind] = torch.from_numpy(np.stack(parts))
    item["radial"] = radial_patch(clip.extent, cut)
    return {name: _mirrored(t) if cut.flip else t for name, t in item.items()}


def radial_patch(extent: Extent, cut: Cut) -> Tensor:
    """Return the radial distance where a block was cut, (T, 1, h, w)."""
    distance = relative_radial_distance(extent.height, extent.width)
    patch = distance[cut.rows, cut.columns]
    return patch.expand(cut.frames, 1, -1, -1).clone()


def _mirrored(pictures: Tensor) -> Tensor:
    return pictures.flip(-1).contiguous()


class DualPixelDataset:
    """One split of a dataset version; a sequence of whole clips, one per sequence.

    Parameters
    ----------
    path : str or Path
        Folder with ``dataset.json`` (docs/dataset.md).
    split : {"train", "val", "test"}
    cache : Path, optional
        Folder for decoded pictures.

    Raises
    ------
    DataError
        If the manifest is missing or was edited into nonsense, the split is empty, or
        one of its pictures is missing or not of its recorded size (in bytes and in
        pixels). Checksums are for `verify`, and for what is decoded.
    """

    is_single = False
    workers_may_read = True

    def __init__(
        self, path: str | Path, split: str, *, cache: Path | None = None
    ) -> None:
        self.path = path = Path(path)
        self.split = split
        self._pictures = Pictures(cache)
        manifest = read_manifest(path)
        self.version = f"{manifest['name']}/{manifest['version']}"
        self.identity = f"{self.version}/{split}"
        rows = [row for row in manifest["sequences"] if row["split"] == split]
        if not rows:
            raise DataError(empty_split(path, split, manifest["sequences"]))
        self.clips = tuple(_clip_of(path, row) for row in rows)
        listed = file_records(path, manifest)
        self.records: Mapping[Path, FileRecord] = {
            file: listed[file]
            for clip in self.clips
            for files in clip.files.values()
            for file in files
        }
        check_bytes(self.records)
        check_image_sizes(path, rows)
        check_unedited(path, manifest)  # last: the others say what was edited
        self._checksums = {path: row.sha256 for path, row in self.records.items()}
        self.contents = _contents(rows, self._checksums.values())

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

    def __len__(self) -> int:
        """Return the number of sequences."""
        return len(self.clips)

    def __getitem__(self, sequence: int) -> Item:
        """Return a whole sequence."""
        return self.read(whole(sequence, self.clips[sequence].extent))

    def read(self, cut: Cut, kinds: Sequence[str] = TRAINING_KINDS) -> Item:
        """Return a block of a sequence; the checksum of what is decoded is checked."""
        clip = self.clips[cut.sequence]
        return read_clip(clip, cut, kinds, self._pictures, self._checksums)

    def verify(self) -> None:
        """Check every picture of the split now.

        Raises
        ------
        DataError
            At the first that is missing or changed.
        """
        check_checksums(self.records)


def _contents(rows: Sequence[dict[str, Any]], checksums: Iterable[str]) -> str:
    """Return a short hash of what a split holds, whatever its version is called."""
    text = json.dumps([rows, list(checksums)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:CONTENTS_LENGTH]


def empty_split(path: Path, split: str, sequences: list[dict[str, Any]]) -> str:
    """Return the complaint about a split without sequences."""
    counts = {name: sum(row["split"] == name for row in sequences) for name in SPLITS}
    found = ", ".join(f"{count} {name}" for name, count in counts.items())
    return (
        f"{path}: no sequence in split {split!r} ({found}); a dataset of three or more "
        "scenes has all three"
    )


def _clip_of(path: Path, row: dict[str, Any]) -> Clip:
    width, height = row["size"]
    files = {
        kind: tuple(path / name for name in names)
        for kind, names in sequence_files(row).items()
    }
    extent = Extent(len(row["frames"]), height, width)
    return Clip(row["scene"], row["name"], extent, files)
