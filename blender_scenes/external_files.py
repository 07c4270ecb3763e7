"""Files that a .blend reads from elsewhere: which there are, and whether they change.

Standard library only: the pipeline expands and checks what Blender's child has listed.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from blender_scenes.frames import sha256_of
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import ExternalFile

Family: TypeAlias = Literal["file", "numbered", "folder"]
FileState: TypeAlias = tuple[int, int, int, int] | None
"""Changes whenever a file does; None where there is no plain file."""

_LAST_NUMBER = re.compile(r"(\D*|.*\D)(\d+)(\D*)")


@dataclass(frozen=True)
class FileReference:
    """What a .blend reads: one file, or several.

    Parameters
    ----------
    path : str
        Absolute.
    shown : str
        As the .blend spells it.
    family : {"file", "numbered", "folder"}
        Only the path; or all files beside it that differ from it in the last number of
        their name; or all files in the folder that the path is, and in those in it.
    is_library : bool
        Whether it is a .blend that may refer to files of its own.
    """

    path: str
    shown: str
    family: Family = "file"
    is_library: bool = False

    def __post_init__(self) -> None:
        if self.family not in get_args(Family):
            raise ValueError(
                f"family must be one of {', '.join(get_args(Family))}; "
                f"got {self.family!r}"
            )

    def files(self) -> list[Path]:
        """Return the files, in order; where there is none, the path, which is missing.

        Numbered files are in the order of their numbers.
        """
        path = Path(self.path)
        if self.family == "numbered":
            return _numbered_like(path) or [path]
        if self.family == "folder":
            return _below(path) or [path]
        return [path]


def _numbered_like(path: Path) -> list[Path]:
    """Return the files beside a path that differ from it in their last number.

    As Blender counts: the last digits before the suffix.
    """
    own = _LAST_NUMBER.fullmatch(path.stem)
    if own is None:
        return [path] if is_plain_file(path) else []
    found: list[tuple[int, str]] = []
    for beside in _entries(path.parent):
        match = _LAST_NUMBER.fullmatch(beside.stem)
        if (
            match is not None
            and (match[1], match[3], beside.suffix) == (own[1], own[3], path.suffix)
            and is_plain_file(beside)
        ):
            found.append((int(match[2]), beside.name))
    return [path.with_name(name) for _, name in sorted(found)]


def _below(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.rglob("*") if is_plain_file(path))
    except OSError:
        return []


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def numbered(path: str, number: int) -> str:
    """Return the path of another file of a numbering, as Blender forms it.

    Examples
    --------
    >>> numbered("//a_2.0001.png", 12), numbered("//a.png", 12)
    ('//a_2.0012.png', '//a.png')
    """
    name = Path(path).name
    stem = Path(path).stem
    match = _LAST_NUMBER.fullmatch(stem)
    if match is None:
        return path
    other = f"{match[1]}{number:0{len(match[2])}d}{match[3]}"
    return path.removesuffix(name) + other + name.removeprefix(stem)


def expanded(references: Iterable[FileReference]) -> tuple[Path, ...]:
    """Return every file that is read, or would be if it were there; each once."""
    return tuple(
        dict.fromkeys(path for reference in references for path in reference.files())
    )


def missing(references: Iterable[FileReference]) -> list[str]:
    """Return what is not there, as the .blend spells it; each once."""
    return list(
        dict.fromkeys(
            reference.shown
            for reference in references
            if not any(is_plain_file(path) for path in reference.files())
        )
    )


def is_plain_file(path: Path) -> bool:
    """Tell whether a path leads to a file that ends: no folder, pipe or device."""
    return file_state(path) is not None


def file_state(path: Path) -> FileState:
    """Return what changes when a file does."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # not there, or no path at all
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def checksum(path: Path) -> str | None:
    """Return the SHA-256 of a file, None if there is none that can be read."""
    if not is_plain_file(path):
        return None
    try:
        return sha256_of(path)
    except OSError:
        return None


@dataclass
class FileWatch:
    """Tells whether the files of a .blend are still those of its specification.

    Parameters
    ----------
    files : tuple of ExternalFile
        What they were. Each is read once; again only if its state has changed.
    references : sequence of FileReference
        What the open .blend refers to, so that a file that appears is noticed.
    """

    files: tuple[ExternalFile, ...]
    references: Sequence[FileReference] = ()
    _states: dict[str, FileState] = field(default_factory=lambda: {})
    _known: set[Path] = field(default_factory=lambda: set[Path]())

    def __post_init__(self) -> None:
        self._known = {Path(one.path) for one in self.files}
        self._known.update(expanded(self.references))

    def changed(self) -> str | None:
        """Return the path of a file that is not what it was, None if all are."""
        for one in self.files:
            # The state is older than what is read, so that no change is missed.
            state = file_state(Path(one.path))
            if one.path in self._states and self._states[one.path] == state:
                continue
            if checksum(Path(one.path)) != one.sha256:
                return one.path
            self._states[one.path] = state
        new = [path for path in expanded(self.references) if path not in self._known]
        return str(new[0]) if new else None

    def require_unchanged(self, rendered: Iterable[Path] = ()) -> None:
        """Refuse to go on with files that are not those of the specification.

        Parameters
        ----------
        rendered : iterable of Path
            Frames of this run. They go, as frames of two states do not belong together.

        Raises
        ------
        SceneError
            Naming the file.
        """
        path = self.changed()
        if path is None:
            return
        for frame in rendered:
            frame.unlink(missing_ok=True)
        raise SceneError(
            f"{path}: changed since this run began; the frames that it had rendered "
            "are removed. Run the same command again"
        )
