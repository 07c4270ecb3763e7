"""What a training learns from and is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rdpd.canon import CanonDataset
from rdpd.data import ClipSource, DualPixelDataset, read_manifest
from rdpd.pictures import DataError


@dataclass(frozen=True)
class TrainingData:
    """Sources of each split.

    Parameters
    ----------
    train : tuple of ClipSource
        They take turns, step by step, in this order.
    val, test : tuple of ClipSource
        ``val`` chooses the best network; ``test``, which may be empty, scores it once.
    """

    train: tuple[ClipSource, ...]
    val: tuple[ClipSource, ...]
    test: tuple[ClipSource, ...] = ()

    @property
    def identities(self) -> list[str]:
        """What they are, as a run remembers them."""
        sources = (*self.train, *self.val, *self.test)
        return [source.identity for source in sources]


def open_data(
    dataset: Path | None = None,
    canon: Path | None = None,
    *,
    cache: Path | None = None,
    train: ClipSource | None = None,
) -> TrainingData:
    """Return the sources of a training.

    Parameters
    ----------
    dataset : Path, optional
        A dataset version.
    canon : Path, optional
        The Canon data set. With both, real and synthetic batches alternate.
    cache : Path, optional
        Folder for decoded pictures.
    train : ClipSource, optional
        In place of the dataset's training split.

    Raises
    ------
    DataError
        If neither is given, or one of them cannot be used.
    """
    if dataset is None and canon is None:
        raise DataError("no data; expected a dataset version, the Canon data set, both")

    def of_split(split: str) -> tuple[ClipSource, ...]:
        sources: list[ClipSource] = []
        if canon is not None and (split != "test" or (canon / "test_l").is_dir()):
            sources.append(CanonDataset(canon, split, cache=cache))
        if dataset is not None:
            if split == "train" and train is not None:
                sources.append(train)
            elif split != "test" or _has_split(dataset, split):
                sources.append(DualPixelDataset(dataset, split, cache=cache))
        return tuple(sources)

    return TrainingData(of_split("train"), of_split("val"), of_split("test"))


def _has_split(dataset: Path, split: str) -> bool:
    return any(row["split"] == split for row in read_manifest(dataset)["sequences"])
