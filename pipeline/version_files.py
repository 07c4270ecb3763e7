"""The files of a dataset version: brought in, checked, described in words, listed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline import layout
from pipeline.data_card import data_card, metadata_lines
from pipeline.errors import UserError
from pipeline.images import read_map
from pipeline.manifest import file_record

READ_ONLY = 0o444

Json = dict[str, Any]


def collect(
    part: Path, views: Path, sequence: Json, advance: Callable[[], None]
) -> None:
    """Bring one sequence's images into a version, and check them on the way.

    Parameters
    ----------
    part : Path
        Where the version is put together.
    views : Path
        View folder of the sequence.
    sequence : dict
        Its row of ``dataset.json``, with ``views``: the records of the folder's files.
    advance : callable
        Called after every frame.

    Raises
    ------
    UserError
        If an image is not what it was when it was made.
    """
    for frame in sequence["frames"]:
        for kind in layout.PICTURES:
            source = layout.view_file(kind, frame)
            target = part / layout.dataset_file(
                kind, sequence["split"], sequence["name"], frame
            )
            target.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(views / source, target)
            if file_record(target) != sequence["views"][source]:
                raise UserError(
                    f"{views / source}: checksum differs from {layout.VIEWS_MANIFEST}; "
                    "the file was changed after it was made. Delete it and run again"
                )
        advance()


def _link_or_copy(source: Path, target: Path) -> None:
    """Hard links cost no room; read-only, so that nobody edits a version."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    target.chmod(READ_ONLY)


def image_size(views: Path, frame: int) -> list[int]:
    """Return width and height of the images of a view folder, pixels."""
    height, width = read_map(views / layout.view_file("depth", frame)).shape
    return [width, height]


def write_words(part: Path, manifest: Json, clipped: dict[str, float]) -> None:
    """Write ``metadata.jsonl`` and the data card.

    Parameters
    ----------
    part : Path
    manifest : dict
        What ``dataset.json`` will hold.
    clipped : dict
        Scene -> share of its pixels that are brighter than white.
    """
    sequences = manifest["sequences"]
    (part / layout.METADATA).write_text(metadata_lines(sequences), encoding="utf-8")
    card = data_card(manifest, clipped)
    (part / layout.DATA_CARD).write_text(card, encoding="utf-8")


def file_records(part: Path) -> dict[str, Json]:
    """Return size and checksum of every file below a folder, by its path there."""
    paths = sorted(path for path in part.rglob("*") if path.is_file())
    return {path.relative_to(part).as_posix(): file_record(path) for path in paths}
