"""Notes on pictures, and how panels show them: warnings first, a handful at most."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from blender_scenes.addon.text_lines import draw_lines

NOTES_SHOWN = 5


@dataclass(frozen=True)
class Note:
    """One thing that might surprise whoever uses the pictures.

    Parameters
    ----------
    message : str
        One line.
    is_warning : bool
        Whether pictures may be wrong; else they only differ from what is seen.
    """

    message: str
    is_warning: bool = False


def shown_first(notes: Sequence[Note]) -> list[Note]:
    """Return the notes each once, warnings first.

    Examples
    --------
    >>> some = [Note("a"), Note("b", is_warning=True), Note("a")]
    >>> [note.message for note in shown_first(some)]
    ['b', 'a']
    """
    return sorted(dict.fromkeys(notes), key=lambda note: not note.is_warning)


def draw_notes(layout: Any, context: Any, notes: Sequence[Note], rest: str) -> None:
    """Draw notes in a box of their own, each with the icon of its kind.

    Parameters
    ----------
    layout : bpy.types.UILayout
    context : bpy.types.Context
    notes : sequence of Note
        Nothing is drawn for none.
    rest : str
        Where those are that have no room, such as ``"in README.md"``.
    """
    in_order = shown_first(notes)
    if not in_order:
        return
    column = layout.box().column(align=True)
    # One alone has room where it would be counted.
    shown = NOTES_SHOWN if len(in_order) > NOTES_SHOWN + 1 else len(in_order)
    for note in in_order[:shown]:
        icon = "ERROR" if note.is_warning else "INFO"
        draw_lines(column, context, sentence(note.message), icon)
    more = len(in_order) - shown
    if more:
        column.label(text=f"{more} more {rest}".strip(), icon="BLANK1")


def sentence(message: str) -> str:
    """Return a message that begins with a plain word as a sentence does.

    Examples
    --------
    >>> sentence("left out the look"), sentence("a_b.blend: missing c.png")
    ('Left out the look', 'a_b.blend: missing c.png')
    """
    first, _, _ = message.partition(" ")
    return message[:1].upper() + message[1:] if first.isalpha() else message
