"""What a .blend reads from elsewhere, with checksums: a part of its identity.

Only Blender knows, so it is asked once and its answer kept on disk, until the .blend or
a library of it changes.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from blender_scenes.external_files import (
    FileReference,
    FileState,
    checksum,
    expanded,
    file_state,
)
from blender_scenes.spec import ExternalFile, SceneSpec
from pipeline import layout
from pipeline.blender_process import BlenderLimits, list_files
from pipeline.console import plain_failures, say
from pipeline.errors import UserError
from pipeline.identity import digest, library_versions
from pipeline.manifest import read_json, write_json

LISTING_VERSION = 1
# A file may be written twice within a tick of the clock that dates it.
SETTLED_S = 2.0

_checksums: dict[tuple[str, FileState], str | None] = {}

Json = dict[str, Any]


def external_files(
    scene: SceneSpec, work: Path, limits: BlenderLimits
) -> tuple[ExternalFile, ...]:
    """Return every file that a scene's .blend reads, in the order in which it names it.

    Parameters
    ----------
    scene : SceneSpec
        With a .blend.
    work : Path
        Folder that keeps what Blender has said, and what was read.
    limits : BlenderLimits

    Raises
    ------
    UserError
        If the .blend can't be opened, or the folder can't be written.
    """
    path = layout.listing_file(work, scene.name, _listing_key(scene))
    with plain_failures():
        kept = _kept_listing(path)
        references = _known_references(kept)
        if references is None:
            references = _listed(scene, work, limits)
        files = _with_checksums(expanded(references))
        listing = _described(references, files)
        if listing != kept:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_json(path, listing)
    return files


def _listing_key(scene: SceneSpec) -> str:
    return digest(
        {
            "format": LISTING_VERSION,
            "versions": library_versions("bpy"),
            "path": scene.blend_file,
            "sha256": scene.blend_sha256,
            "trust_scripts": scene.trust_scripts,
        }
    )


def _kept_listing(path: Path) -> Json:
    """Return what is on disk; empty if that is nothing that can be used.

    Checksums in it are of use whether or not the references still are.
    """
    try:
        listing = read_json(path)
        for name, (sha256, *state) in listing["checksums"].items():
            _checksums.setdefault((name, _state(state)), sha256)
    except (UserError, KeyError, TypeError, ValueError, AttributeError):
        return {}
    return listing


def _state(numbers: Sequence[Any]) -> FileState:
    mtime_ns, ctime_ns, size, inode = map(int, numbers)
    return mtime_ns, ctime_ns, size, inode


def _known_references(listing: Json) -> tuple[FileReference, ...] | None:
    """Return what Blender has said, None if it must be asked (again).

    A library that has changed may name other files than it did.
    """
    try:
        references = tuple(FileReference(**row) for row in listing["references"])
        libraries: dict[str, str | None] = listing["libraries"]
        is_current = all(_checksum(Path(p)) == libraries[p] for p in _paths(references))
    except (KeyError, TypeError, ValueError):
        return None
    return references if is_current else None


def _paths(references: Iterable[FileReference]) -> list[str]:
    """Return the paths of the libraries."""
    return [one.path for one in references if one.is_library]


def _listed(
    scene: SceneSpec, work: Path, limits: BlenderLimits
) -> tuple[FileReference, ...]:
    """Ask Blender."""
    say(f"{scene.name}: Blender looks for the files that the scene reads")
    log = layout.render_log(work, scene.name, f"files-{_listing_key(scene)}")
    rows = list_files(scene, layout.listing_folder(work), log, limits=limits)
    return tuple(FileReference(**row) for row in rows)


def _with_checksums(paths: Iterable[Path]) -> tuple[ExternalFile, ...]:
    return tuple(ExternalFile(str(path), _checksum(path)) for path in paths)


def _checksum(path: Path) -> str | None:
    """Return the checksum of a file, which is read once per state."""
    key = str(path), file_state(path)
    if key not in _checksums:
        _checksums[key] = checksum(path)
    return _checksums[key]


def _described(
    references: Sequence[FileReference], files: Sequence[ExternalFile]
) -> Json:
    """Return what is kept on disk."""
    sha256_of_path = {one.path: one.sha256 for one in files}
    return {
        "references": [dataclasses.asdict(reference) for reference in references],
        "libraries": {path: sha256_of_path[path] for path in _paths(references)},
        "checksums": {
            one.path: [one.sha256, *state]
            for one in files
            if (state := _settled_state(Path(one.path))) is not None
            and _checksums.get((one.path, state)) == one.sha256
        },
    }


def _settled_state(path: Path) -> FileState:
    """Return the state of a file that was not written just now, else None."""
    state = file_state(path)
    if state is None or time.time_ns() - max(state[:2]) < SETTLED_S * 1e9:
        return None
    return state
