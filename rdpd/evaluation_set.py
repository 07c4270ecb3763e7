"""The frames that networks are judged by, and what each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from rdpd.canon import CanonDataset
from rdpd.data import (
    FOLDERS,
    MANIFEST,
    SCORING_KINDS,
    DualPixelDataset,
    Item,
    read_manifest,
)
from rdpd.pictures import DataError
from rdpd.sampling import whole

Picture = NDArray[Any]
Labels = Mapping[str, str]

PLACE = "place"
"""The label that lists of pictures give, such as indoor and outdoor."""


@dataclass(frozen=True)
class Frame:
    """One frame.

    Parameters
    ----------
    labels : dict of str
        ``split``, ``scene``, ``sequence``, ``frame``; ``camera`` where the manifest and
        ``place`` where a list says so.
    item : dict of Tensor
        As `rdpd.data.Item`, of one frame.
    """

    labels: Labels
    item: Item

    def picture(self, kind: str) -> Picture:
        """Return a view, (H, W, 3) in [0, 1]."""
        return picture_of(self.item[kind][0])


@dataclass(frozen=True)
class EvaluationSet:
    """One split of a dataset version or of the Canon data set.

    Parameters
    ----------
    dataset : DualPixelDataset or CanonDataset
    labels : tuple of dict of str
        Of each sequence.
    """

    dataset: DualPixelDataset | CanonDataset
    labels: tuple[Labels, ...]

    @property
    def frame_count(self) -> int:
        """Frames of all sequences."""
        return sum(extent.frames for extent in self.dataset.extents)

    @property
    def most_common_size(self) -> tuple[int, int]:
        """The height and width that most frames have."""
        frames: dict[tuple[int, int], int] = {}
        for extent in self.dataset.extents:
            size = extent.height, extent.width
            frames[size] = frames.get(size, 0) + extent.frames
        return max(frames, key=lambda size: frames[size])

    def frames(self, kinds: Sequence[str] = SCORING_KINDS) -> Iterator[Frame]:
        """Yield whole frames, sequence by sequence, each read when it is asked for."""
        for sequence, clip in enumerate(self.dataset.clips):
            for number, path in enumerate(clip.files["target"]):
                cut = whole(sequence, clip.extent, number, 1)
                labels = {**self.labels[sequence], "frame": path.stem}
                yield Frame(labels, self.dataset.read(cut, kinds))


def open_evaluation_set(
    path: str | Path, split: str, places: Mapping[str, Path] | None = None
) -> EvaluationSet:
    """Return a split of a dataset version, or of the Canon data set's layout.

    Parameters
    ----------
    path : str or Path
    split : {"train", "val", "test"}
    places : dict of Path, optional
        For each place, such as ``indoor``, a list of the pictures (of the Canon data
        set) or sequences that show it: text with a name or a number per line, or
        ``.npy`` with numbers. Numbers count from 1 in sorted order.

    Raises
    ------
    DataError
        If it is neither, the split is empty, or a list cannot be used.
    """
    path = Path(path)
    is_canon = (path / f"{split}_{FOLDERS['combined']}").is_dir()
    if is_canon and not (path / MANIFEST).exists():
        dataset = CanonDataset(path, split)
        cameras: dict[str, str] = {}
    else:
        dataset = DualPixelDataset(path, split)
        cameras = _cameras_of(path)
    names = [clip.name for clip in dataset.clips]
    place_of = _places_of(places or {}, names)
    labels = tuple(
        {
            "split": split,
            "scene": clip.scene,
            "sequence": clip.name,
            **({"camera": cameras[clip.name]} if clip.name in cameras else {}),
            **({PLACE: place_of[clip.name]} if clip.name in place_of else {}),
        }
        for clip in dataset.clips
    )
    return EvaluationSet(dataset, labels)


def picture_of(tensor: Tensor) -> Picture:
    """Return (H, W, 3) from (3, H, W)."""
    return np.ascontiguousarray(np.moveaxis(tensor.numpy(), 0, -1))


def _cameras_of(path: Path) -> dict[str, str]:
    """Return the name of the camera of each sequence that states one."""
    cameras: dict[str, str] = {}
    for row in read_manifest(path)["sequences"]:
        camera = row
        for key in ("settings", "camera", "name"):
            camera = camera.get(key) if isinstance(camera, dict) else None
        if isinstance(camera, str):
            cameras[row["name"]] = camera
    return cameras


def _places_of(lists: Mapping[str, Path], names: Sequence[str]) -> dict[str, str]:
    places: dict[str, str] = {}
    for place, path in lists.items():
        for entry in _entries_of(path):
            is_number = entry.isdecimal() and 1 <= int(entry) <= len(names)
            name = names[int(entry) - 1] if is_number else entry
            if name not in names:
                raise DataError(
                    f"{path}: {entry!r} is not in the split; expected a number from 1 "
                    f"to {len(names)}, or a name such as {names[0]}"
                )
            places[name] = place
    return places


def _entries_of(path: Path) -> list[str]:
    try:
        if path.suffix == ".npy":
            return [
                str(number) for number in np.asarray(np.load(path)).ravel().tolist()
            ]
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}; expected a list") from None
    except (ValueError, EOFError) as error:
        raise DataError(f"{path}: not a list of pictures ({error})") from None
    return [
        re.sub(r"\.png$", "", line.strip(), flags=re.IGNORECASE)
        for line in lines
        if line.strip()
    ]
