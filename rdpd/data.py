"""Sequences of dual-pixel pictures, and a dataset version that is read by its manifest.

A picture is (H, W, C) on disk and in other packages; from here on (T, C, H, W).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from rdpd.pictures import DataError, Pictures, file_sha256
from rdpd.radial import relative_radial_distance
from rdpd.sampling import Cut, Extent, whole

MANIFEST = "dataset.json"
SCHEMA_VERSION = 2
SPLITS = ("train", "val", "test")

TRAINING_KINDS = ("left", "right", "target")
SCORING_KINDS = (*TRAINING_KINDS, "combined")

FOLDERS = {
    "left": "l/source",
    "right": "r/source",
    "combined": "c/source",
    "target": "c/target",
}
"""Where the Canon layout keeps each kind, after the split and an underscore."""

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
                    f"{path}: smaller than {clip.extent.width} x {clip.extent.height}, "
                    "the size of its sequence"
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
    path : Path
        Folder with ``dataset.json`` (docs/dataset.md).
    split : {"train", "val", "test"}
    cache : Path, optional
        Folder for decoded pictures.

    Raises
    ------
    DataError
        If the manifest is missing or of another schema, or the split is empty.
    """

    is_single = False
    workers_may_read = True

    def __init__(self, path: Path, split: str, *, cache: Path | None = None) -> None:
        self.path = path
        self.split = split
        self._pictures = Pictures(cache)
        manifest = read_manifest(path)
        self.version = f"{manifest['name']}/{manifest['version']}"
        self.identity = f"{self.version}/{split}"
        try:
            self._checksums = {
                path / name: str(row["sha256"])
                for name, row in manifest["files"].items()
            }
            self.clips = tuple(
                _clip_of(path, row)
                for row in manifest["sequences"]
                if row["split"] == split
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{path / MANIFEST}: {error!r} is missing") from None
        if not self.clips:
            raise DataError(empty_split(path, split, manifest["sequences"]))

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
        for clip in self.clips:
            for path in (path for paths in clip.files.values() for path in paths):
                if file_sha256(path) != self._checksums.get(path):
                    raise DataError(f"{path}: checksum differs from {MANIFEST}")


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of a dataset version.

    Raises
    ------
    DataError
        If it is missing, not JSON or of another schema.
    """
    file = path / MANIFEST
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(
            f"{file}: {error.strerror}; expected a finished dataset version, "
            "NAME/VERSION"
        ) from None
    except ValueError as error:
        raise DataError(f"{file}: not valid JSON ({error})") from None
    found = manifest.get("schema_version") if isinstance(manifest, dict) else None
    if found != SCHEMA_VERSION:
        raise DataError(f"{file}: schema {found!r}; expected {SCHEMA_VERSION}")
    return manifest


def empty_split(path: Path, split: str, sequences: list[dict[str, Any]]) -> str:
    """Return the complaint about a split without sequences."""
    counts = {name: sum(row["split"] == name for row in sequences) for name in SPLITS}
    found = ", ".join(f"{count} {name}" for name, count in counts.items())
    return (
        f"{path}: no sequence in split {split!r} ({found}); a dataset of three or more "
        "scenes has all three"
    )


def _clip_of(path: Path, row: dict[str, Any]) -> Clip:
    width, height = (int(size) for size in row["size"])
    frames = [int(number) for number in row["frames"]]
    files = {
        kind: tuple(
            path / f"{row['split']}_{folder}" / row["name"] / f"{number:06d}.png"
            for number in frames
        )
        for kind, folder in FOLDERS.items()
    }
    extent = Extent(len(frames), height, width)
    return Clip(str(row["scene"]), str(row["name"]), extent, files)
