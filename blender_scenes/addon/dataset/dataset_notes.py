"""What a finished data set says of itself."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from blender_scenes.addon.notes import Note

MANIFEST_NAME = "dataset.json"


@functools.lru_cache(maxsize=4)
def dataset_notes(folder: Path) -> tuple[Note, ...]:
    """Return the notes of a data set; nothing of one without, or that cannot be read.

    A version of a data set never changes, so it is read once.
    """
    try:
        described = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        return tuple(map(_note, described["notes"]))
    except (OSError, ValueError, LookupError, TypeError):
        return ()


def _note(row: Any) -> Note:
    """Return a note of the manifest; whose scene it is, a panel's reader knows."""
    return Note(str(row["message"]), is_warning=row["level"] == "warning")
