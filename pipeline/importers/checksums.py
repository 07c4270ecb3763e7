"""Checksums of input files, read once per state of each file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from blender_scenes.frames import sha256_of
from pipeline.errors import UserError


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file; a file that did not change is read once.

    Raises
    ------
    UserError
        If it can't be read.
    """
    try:
        status = path.stat()
        return _checksum_of_state(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None


@cache
def _checksum_of_state(path: Path, mtime_ns: int, size: int) -> str:
    """Luigi asks for a task's identity often."""
    del mtime_ns, size
    return sha256_of(path)
