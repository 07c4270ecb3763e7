"""Finding the folders of sequences and the files of frames."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pipeline.errors import UserError
from pipeline.importers.source import SourceFrame

Numbered = dict[int, Path]


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
        below = root.glob("/".join("*" * level))
        found = sorted((p for p in below if (p / inner).is_dir()), key=natural_order)
        if found:
            return {path.relative_to(root).as_posix(): path for path in found}
    raise UserError(f"{root}: no {inner} in it; expected {layout}")


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
        Regular expression of whole file names; its first group is the number.

    Raises
    ------
    UserError
        If the folder can't be read, or two files have one number.
    """
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError as error:
        raise UserError(f"{folder}: {error.strerror}; expected a folder") from None
    found: Numbered = {}
    for name in names:
        match = re.fullmatch(pattern, name)
        if match is None:
            continue
        number = int(match[1])
        if number in found:
            raise UserError(
                f"{folder / name}: the same frame number as {found[number].name}; "
                "expected one file per frame"
            )
        found[number] = folder / name
    return dict(sorted(found.items()))


def optional_files(folder: Path, pattern: str) -> Numbered:
    """Return the files of a folder that may be missing."""
    return numbered_files(folder, pattern) if folder.is_dir() else {}


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
