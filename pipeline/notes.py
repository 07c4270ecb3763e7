"""Notes on frames on their way to a person: collected, refused, printed once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from blender_scenes.frames import cause_of
from blender_scenes.notes import Note
from pipeline.console import say
from pipeline.errors import UserError, shown

NotesByScene = Mapping[str, Sequence[Note]]


def has_warnings(notes: Sequence[Note]) -> bool:
    """Tell whether any frame may be wrong."""
    return any(note.is_warning for note in notes)


def refuse_warnings(notes: Sequence[Note], scene: str = "") -> None:
    """Refuse frames that may be wrong, as ``--strict`` asks.

    Raises
    ------
    UserError
        With every warning, after the name of the scene if it is given.
    """
    texts = [note.message for note in notes if note.is_warning]
    if texts:
        name = f"{scene}: " if scene else ""
        raise UserError(f"{name}{'; '.join(texts)} (refused by --strict)")


def say_notes(notes: NotesByScene) -> None:
    """Print every note of every scene on standard error, warnings last."""
    rows = [(scene, note) for scene, some in notes.items() for note in some]
    for scene, note in sorted(rows, key=lambda row: row[1].is_warning):
        say(f"{note.level}: {scene}: {note.message}")


def describe_notes(notes: NotesByScene) -> list[dict[str, str]]:
    """Return the notes as ``dataset.json`` keeps them, each with its scene."""
    return [
        {"scene": scene, **note.described()}
        for scene, some in notes.items()
        for note in some
    ]


def read_notes(described: Any) -> dict[str, list[Note]]:
    """Return the notes that `describe_notes` described, by scene.

    Raises
    ------
    UserError
        If they are none.
    """
    found: dict[str, list[Note]] = {}
    try:
        for row in described:
            fields = {key: value for key, value in row.items() if key != "scene"}
            found.setdefault(row["scene"], []).append(Note.from_description(fields))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"notes of a dataset: {shown(described)} ({cause_of(error)})"
        ) from None
    return found
