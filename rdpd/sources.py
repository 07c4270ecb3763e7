"""What a training learns from and is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rdpd.canon import CanonDataset
from rdpd.data import ClipSource, DualPixelDataset
from rdpd.manifest import check_checksums, read_manifest
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
        return [source.identity for source in self._all]

    @property
    def contents(self) -> dict[str, str]:
        """Hash of what each split of a dataset version holds, by its identity."""
        return {one.identity: one.contents for one in self._versions}

    def check_checksums(self, share: int = 0, of: int = 1) -> None:
        """Check the contents of every file of dataset versions, or a share of them.

        Parameters
        ----------
        share, of : int
            Which one, from 0, of how many shares.

        Raises
        ------
        DataError
            At the first that was changed.
        """
        records = [row for one in self._versions for row in one.records.items()]
        check_checksums(dict(records[share::of]))

    @property
    def _all(self) -> tuple[ClipSource, ...]:
        return (*self.train, *self.val, *self.test)

    @property
    def _versions(self) -> list[DualPixelDataset]:
        return [one for one in self._all if isinstance(one, DualPixelDataset)]


def open_data(
    dataset: str | Path | None = None,
    canon: str | Path | None = None,
    *,
    cache: Path | None = None,
    train: ClipSource | None = None,
) -> TrainingData:
    """Return the sources of a training.

    Parameters
    ----------
    dataset : str or Path, optional
        A dataset version.
    canon : str or Path, optional
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
        if canon is not None and (split != "test" or _has_test(canon)):
            sources.append(CanonDataset(canon, split, cache=cache))
        if dataset is not None:
            if split == "train" and train is not None:
                sources.append(train)
            elif split != "test" or _has_split(dataset, split):
                sources.append(DualPixelDataset(dataset, split, cache=cache))
        return tuple(sources)

    return TrainingData(of_split("train"), of_split("val"), of_split("test"))


def _has_test(canon: str | Path) -> bool:
    return (Path(canon) / "test_l").is_dir()


def _has_split(dataset: str | Path, split: str) -> bool:
    return any(row["split"] == split for row in read_manifest(dataset)["sequences"])
