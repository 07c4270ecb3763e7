"""What the heads of a source's files say that may surprise; pixels are not read.

The same for every run: also where some frames were imported by an earlier one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from blender_scenes.frame_facts import frames_in_words
from blender_scenes.notes import Note, warning
from pipeline.importers.depth_files import read_depth_numbers
from pipeline.importers.exr_files import (
    ExrFile,
    ExrPart,
    colour_channels,
    depth_channels,
    read_exr_header,
)
from pipeline.importers.picture_files import (
    ENCODED_SUFFIXES,
    PictureKind,
    picture_kind,
    read_placed_colour,
)
from pipeline.importers.placement import (
    Place,
    is_guessed,
    shared_window,
    words_of_window,
)
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.source import Source, SourceFrame

_REC709 = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06, 0.3127, 0.3290)
_PRIMARY_TOLERANCE = 0.005  # files round to three or four digits
_REC709_NAMES = ("", "lin_rec709_scene", "data", "unknown")
_SQUARE_TOLERANCE = 1e-3
_COARSE_BITS = 8


def notes_of_files(wanted: Sequence[SourceFrame], source: Source) -> list[Note]:
    """Return what is unusual about the files of some frames.

    Raises
    ------
    UserError
        If the head of one can't be read.
    """
    found: dict[Note, list[int]] = {}
    for row in wanted:
        for note in _notes_of_frame(row, source):
            found.setdefault(note, []).append(row.number)
    return [
        dataclasses.replace(note, message=_with_frames(note, numbers, len(wanted)))
        for note, numbers in found.items()
    ]


def _with_frames(note: Note, numbers: list[int], count: int) -> str:
    if len(numbers) == count:
        return note.message
    return f"{note.message} (frame {frames_in_words(numbers)})"


def _notes_of_frame(row: SourceFrame, source: Source) -> list[Note]:
    notes: list[Note] = []
    if row.colour.suffix.lower() in ENCODED_SUFFIXES:
        notes += _notes_of_picture(picture_kind(row.colour))
    elif row.colour.suffix.lower() == ".exr":
        notes += _notes_of_exr_colour(read_exr_header(row.colour))
    if isinstance(source, PlainFolder):
        if row.depth.suffix.lower() == ".png":
            notes += _notes_of_codes(picture_kind(row.depth))
        notes += _notes_of_windows(row)
    return notes


def _notes_of_picture(kind: PictureKind) -> list[Note]:
    notes: list[Note] = []
    if kind.is_grey:
        text = "grey pictures: R, G and B are made the same"
        notes.append(Note("grey", text))
    if kind.is_turned:
        text = (
            f"pictures are marked to be turned (EXIF orientation {kind.orientation}) "
            "and are taken as they are stored; does their depth lie the same way?"
        )
        notes.append(warning("orientation", text))
    return notes


def _notes_of_codes(kind: PictureKind) -> list[Note]:
    if kind.bits > _COARSE_BITS:
        return []
    text = "depth of 8 bits has at most 255 steps: blur goes in steps too"
    return [Note("depth-steps", text)]


def _notes_of_exr_colour(file: ExrFile) -> list[Note]:
    names = colour_channels(file)
    part = file.part_of(names[0])
    notes: list[Note] = []
    if len(names) == 1:
        text = f"grey pictures ({names[0]}): R, G and B are made the same"
        notes.append(Note("grey", text))
    if abs(part.pixel_aspect - 1) > _SQUARE_TOLERANCE:
        text = (
            f"pixels are {part.pixel_aspect:g} times as wide as high and are taken for "
            "square: blur is round in pixels"
        )
        notes.append(warning("pixel-aspect", text))
    if not _is_rec709(part):
        text = (
            f"colour is in another space ({part.colour_space or 'by its primaries'}) "
            "and is taken for linear Rec.709; convert it first"
        )
        notes.append(warning("colour-space", text))
    return notes


def _is_rec709(part: ExrPart) -> bool:
    if part.chromaticities:
        pairs = zip(part.chromaticities, _REC709, strict=False)
        return all(abs(one - other) < _PRIMARY_TOLERANCE for one, other in pairs)
    return part.colour_space in _REC709_NAMES


def _notes_of_windows(row: SourceFrame) -> list[Note]:
    """Return what is unusual about where pixels lie, if any file says where."""
    colour = _stated(row.colour, _colour_channel)
    depth = _stated(row.depth, _depth_channel)
    if all(place is None or place.data == place.display for place in (colour, depth)):
        return []
    # Rare: the other file is read whole, for its size.
    colour = colour or read_placed_colour(row.colour).place
    depth = depth or read_depth_numbers(row.depth).place
    window = shared_window(row, colour, depth)
    words = words_of_window(colour, depth, window)
    if is_guessed(colour, depth, window):
        text = f"{words}; depth and {row.colour.name} are taken for the same part"
        return [warning("data-window", text)]
    return [Note("data-window", words)] if words else []


def _stated(path: Path, chosen: Callable[[ExrFile], str]) -> Place | None:
    if path.suffix.lower() != ".exr":
        return None
    file = read_exr_header(path)
    return file.part_of(chosen(file)).place


def _colour_channel(file: ExrFile) -> str:
    return colour_channels(file)[0]


def _depth_channel(file: ExrFile) -> str:
    return depth_channels(file)[0][0]
