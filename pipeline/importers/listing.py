"""Finding the folders of sequences and the files of frames."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import UserError
from pipeline.importers.source import SourceFrame

Numbered = dict[int, Path]
MAX_DIGITS = 20
"""Of a frame number; a time in nanoseconds has 19."""


def sequence_folders(
    root: Path, inner: str, levels: int, layout: str
) -> dict[str, Path]:
    """Return the folders that hold a folder ``inner``, by path below ``root``.

    Parameters
    ----------
    root : Path
        May itself be such a folder; its only sequence then bears its name.
    inner : str
        A path below each sequence's folder.
    levels : int
        How deep to look; all are at one level.
    layout : str
        What was expected, for the error.

    Raises
    ------
    UserError
        If there is none.
    """
    if not root.is_dir():
        raise UserError(f"{root}: no such folder; expected {layout}")
    if (root / inner).is_dir():
        return {root.resolve().name: root}
    for level in range(1, levels + 1):
        below = sorted(root.glob("/".join("*" * level)), key=natural_order)
        named = {path.relative_to(root).as_posix(): path for path in below}
        found = {
            name: path
            for name, path in named.items()
            if not _is_left_over(name) and (path / inner).is_dir()
        }
        if found:
            return found
    raise UserError(f"{root}: no {inner} in it; expected {layout}")


def _is_left_over(name: str) -> bool:
    """Tell whether a path passes through a folder that a Mac or a tool left behind."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def file_names(folder: Path) -> list[str]:
    """Return the names of the files of a folder, in order.

    Names that begin with a dot are left out: a Mac puts ``._1.png`` beside ``1.png``.

    Raises
    ------
    UserError
        If the folder can't be read, or holds what is neither file nor folder.
    """
    try:
        entries = [
            entry
            for entry in os.scandir(folder)
            if not entry.name.startswith(".") and not entry.is_dir()
        ]
        for entry in entries:
            if not entry.is_file():
                raise UserError(
                    f"{entry.path}: a link to nothing, a pipe or a device; expected a "
                    "file (is a disk missing, or data not fetched?)"
                )
        return sorted(entry.name for entry in entries)
    except OSError as error:
        where = error.filename or folder
        raise UserError(f"{where}: {error.strerror}; expected a folder") from None


def natural_order(path: Path) -> list[tuple[bool, int, str]]:
    """Return a key that sorts SEQ2 before SEQ10."""
    parts = re.split(r"(\d+)", path.as_posix())
    return [(p.isdigit(), int(p) if p.isdigit() else 0, p) for p in parts]


def numbered_files(folder: Path, pattern: str) -> Numbered:
    """Return the files of a folder by the number in their names, in order.

    Parameters
    ----------
    folder : Path
    pattern : str
        Regular expression of whole file names, in small or capital letters; its first
        group is the number.

    Raises
    ------
    UserError
        If the folder can't be read, or two files have one number.
    """
    matches = [
        re.fullmatch(pattern, name, re.IGNORECASE | re.ASCII)
        for name in file_names(folder)
    ]
    found = [(match[1], folder / match.string) for match in matches if match]
    return by_number(found)


def by_number(found: Iterable[tuple[str, Path]]) -> Numbered:
    """Return files by their numbers, in order.

    Raises
    ------
    UserError
        If two files have one number, or one is beyond all that can be meant.
    """
    numbered: Numbered = {}
    for digits, path in found:
        if len(digits) > MAX_DIGITS:
            raise UserError(
                f"{path}: frame number {digits[:12]}...; expected at most {MAX_DIGITS} "
                "digits"
            )
        number = int(digits)
        if number in numbered:
            raise UserError(
                f"{path}: the same frame number as {numbered[number].name}; expected "
                "one file per frame"
            )
        numbered[number] = path
    return dict(sorted(numbered.items()))


def optional_files(folder: Path, pattern: str) -> Numbered:
    """Return the files of a folder that may be missing.

    Raises
    ------
    UserError
        If it can't be read, or two files have one number.
    """
    try:
        is_there = folder.is_dir()
    except OSError as error:  # one above it is forbidden
        raise UserError(f"{folder}: {error.strerror}") from None
    return numbered_files(folder, pattern) if is_there else {}


def matched_frames(
    folder: Path,
    colour: Numbered,
    depth: Numbered,
    *,
    label: Numbered | None = None,
    flow: Numbered | None = None,
    camera: Numbered | None = None,
) -> tuple[SourceFrame, ...]:
    """Return the frames of a sequence, one per picture.

    Labels and cameras are given for all frames or none; the last frame has no flow.

    Raises
    ------
    UserError
        If there is no picture, or one without depth or label.
    """
    if not colour:
        raise UserError(f"{folder}: no pictures; expected a sequence of frames")
    for what, found in (("depth", depth), ("label", label), ("camera", camera)):
        if what != "depth" and not found:
            continue
        for number, path in colour.items():
            if number not in (found or {}):
                raise UserError(f"{path}: no {what} file for this picture")
    return tuple(
        SourceFrame(
            number=number,
            colour=path,
            depth=depth[number],
            label=(label or {}).get(number),
            flow=(flow or {}).get(number),
            camera=(camera or {}).get(number),
        )
        for number, path in colour.items()
    )
