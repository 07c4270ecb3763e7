"""Which number of a file's name counts the frames, and which depth a picture has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import UserError
from pipeline.importers.listing import Numbered, by_number, file_names

_DIGITS = re.compile(r"[0-9]+")


def files_of_kind(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Return the files whose names hold a number and end so, in order.

    Raises
    ------
    UserError
        If there is none of this kind among the files of the folder, or two have one
        number.
    """
    names = file_names(folder)
    some = [name for name in names if Path(name).suffix.lower() in suffixes]
    found = [folder / name for name in some if _numbers_of(Path(name))]
    if not found and names:
        raise UserError(
            f"{folder}: no numbered file that ends in {', '.join(suffixes)}, but "
            f"{names[0]}"
        )
    if all(len(_numbers_of(path)) == 1 for path in found):
        by_number((_numbers_of(path)[0], path) for path in found)
    return found


def paired_by_number(
    pictures: Sequence[Path], depths: Sequence[Path]
) -> tuple[Numbered, Numbered]:
    """Return pictures and depth files by frame number.

    The number is one that changes from file to file, as the first of
    ``000001_d16.npy``. Where several change, or there is one file, every choice that
    gives each picture a depth is tried; all must pair alike.

    Raises
    ------
    UserError
        If they pair in two ways, two files have one number, or names of one folder
        are not alike.
    """
    choices = _choices(pictures), _choices(depths)
    pairings: dict[tuple[Path, ...], tuple[int, int]] = {}
    for column in choices[0]:
        for other in choices[1]:
            paired = _paired(_numbered(pictures, column), _numbered(depths, other))
            if paired:
                pairings[paired] = column, other
    if len(pairings) > 1:
        raise UserError(
            f"{pictures[0]}: several numbers in names change, and pair pictures and "
            "depth, or order them, in more than one way; expected one that counts the "
            "frames"
        )
    last = tuple(choice[-1] if choice else 0 for choice in choices)
    column, other = next(iter(pairings.values()), last)
    return (
        by_number((_numbers_of(path)[column], path) for path in pictures),
        by_number((_numbers_of(path)[other], path) for path in depths),
    )


def _numbers_of(path: Path) -> list[str]:
    return _DIGITS.findall(path.stem)


def _choices(paths: Sequence[Path]) -> list[int]:
    """Return which of the numbers in the names may count frames."""
    rows = [_numbers_of(path) for path in paths]
    if not rows:
        return []
    for path, row in zip(paths, rows, strict=True):
        if len(row) != len(rows[0]) or (
            len(row) > 1 and _words(path) != _words(paths[0])
        ):
            raise UserError(
                f"{path}: another form of name than {paths[0].name}; expected names "
                "that differ in a number alone"
            )
    columns = list(zip(*rows, strict=True))
    changing = [i for i, column in enumerate(columns) if len(set(column)) > 1]
    return changing or list(range(len(columns)))


def _words(path: Path) -> str:
    return _DIGITS.sub("#", path.stem)


def _numbered(paths: Sequence[Path], column: int) -> list[tuple[str, Path]]:
    rows = [(_numbers_of(path)[column].lstrip("0"), path) for path in paths]
    return sorted(rows, key=lambda row: (len(row[0]), row[0]))


def _paired(
    pictures: list[tuple[str, Path]], depths: list[tuple[str, Path]]
) -> tuple[Path, ...]:
    """Return picture, depth, picture, depth ... in order; empty if one is missing."""
    depth_of = dict(depths)
    numbers = [number for number, _ in pictures]
    if len(depth_of) < len(depths) or len(set(numbers)) < len(numbers):
        return ()
    if not all(number in depth_of for number in numbers):
        return ()
    return tuple(x for number, path in pictures for x in (path, depth_of[number]))
