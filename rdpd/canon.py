"""The Canon dual-pixel data set (DPDD) in its published layout: real single images."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from rdpd.data import FOLDERS, TRAINING_KINDS, Clip, Item, read_clip
from rdpd.pictures import DataError, Pictures, png_size
from rdpd.sampling import Cut, Extent, whole

SCENE = "canon"


class CanonDataset:
    """One split of ``{train,val,test}_{c,l,r}/{source,target}/*.png``; a sequence.

    Pictures are paired by sorted order: the number in a target's name differs from
    that of its source by one or two. Only ``_c`` has targets.

    Parameters
    ----------
    path : str or Path
        Folder that holds ``train_l`` and so on.
    split : {"train", "val", "test"}
    cache : Path, optional
        Folder for decoded pictures.

    Raises
    ------
    DataError
        If a folder is missing or empty, or the folders hold different numbers of
        pictures.

    References
    ----------
    Abuolaim & Brown (2020).
    """

    is_single = True
    workers_may_read = True

    def __init__(
        self, path: str | Path, split: str, *, cache: Path | None = None
    ) -> None:
        path = Path(path)
        self._pictures = Pictures(cache)
        files = {
            kind: _pictures_of(path / f"{split}_{folder}")
            for kind, folder in FOLDERS.items()
        }
        counts = {kind: len(found) for kind, found in files.items()}
        if len(set(counts.values())) > 1:
            listed = ", ".join(f"{count} {kind}" for kind, count in counts.items())
            raise DataError(
                f"{path}: split {split!r} has {listed}; expected as many of each: they "
                "are paired by sorted order"
            )
        paired = zip(*files.values(), strict=True)
        self.clips = tuple(
            _single(dict(zip(files, row, strict=True))) for row in paired
        )
        self.contents = _digest(path, self.clips)
        self.identity = f"{SCENE}/{self.contents}/{split}"

    @property
    def extents(self) -> tuple[Extent, ...]:
        """Size of each picture."""
        return tuple(clip.extent for clip in self.clips)

    def scene(self, sequence: int) -> str:
        """Return one name for all pictures, whose scenes have none."""
        return SCENE

    def name(self, sequence: int) -> str:
        """Return the name of a picture."""
        return self.clips[sequence].name

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.clips)

    def __getitem__(self, sequence: int) -> Item:
        """Return a whole picture, as a clip of one frame."""
        return self.read(whole(sequence, self.clips[sequence].extent))

    def read(self, cut: Cut, kinds: Sequence[str] = TRAINING_KINDS) -> Item:
        """Return a part of a picture."""
        return read_clip(self.clips[cut.sequence], cut, kinds, self._pictures, {})


def _pictures_of(folder: Path) -> list[Path]:
    """Return the PNG files of a folder in order, but for those that a Mac left."""
    try:
        names = [path.name for path in folder.iterdir() if path.is_file()]
    except FileNotFoundError:
        names = []
    except OSError as error:
        raise DataError(f"{folder}: {error.strerror}; expected a folder") from None
    found = [
        folder / name
        for name in sorted(names)
        if not name.startswith(".") and Path(name).suffix.lower() == ".png"
    ]
    if not found:
        raise DataError(
            f"{folder}: no .png files; expected the layout of the Canon data set"
        )
    seen: dict[str, Path] = {}
    for path in found:
        twin = seen.setdefault(path.stem.casefold(), path)
        if twin != path:
            raise DataError(
                f"{path}: the same name as {twin.name} but for capitals; expected one "
                "file per picture, for they are paired by sorted order"
            )
    return sorted(found, key=_in_natural_order)


def _in_natural_order(path: Path) -> list[tuple[int, str]]:
    """Return a key by which 9 comes before 10."""
    parts = re.findall(r"\d+|\D+", path.name)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _single(files: dict[str, Path]) -> Clip:
    sizes = {kind: png_size(path) for kind, path in files.items()}
    if len(set(sizes.values())) > 1:
        raise DataError(
            f"{files['target']}: {sizes['target'][1]} x {sizes['target'][0]} pixels, "
            "its views have another size; are the pictures paired?"
        )
    extent = Extent(1, *sizes["target"])
    every = {kind: (path,) for kind, path in files.items()}
    return Clip(SCENE, files["combined"].stem, extent, every)


def _digest(path: Path, clips: tuple[Clip, ...]) -> str:
    """Return a short name of these files by their names and sizes in bytes."""
    lines = [
        f"{file.relative_to(path).as_posix()} {file.stat().st_size}"
        for clip in clips
        for files in clip.files.values()
        for file in files
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:10]
