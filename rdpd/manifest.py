"""``dataset.json`` of a dataset version: read, and checked before it is trusted.

Whoever edits it by hand, or loses a file that it lists, is told so in one line before
any work starts. No torch here: the pipeline asks whether a version is whole.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdpd.pictures import DataError, file_sha256, png_size
from rdpd.words import shortly

MANIFEST = "dataset.json"
SCHEMA_VERSION = 3  # 3: the depth's channel is Y
READABLE_SCHEMAS = (2, 3)
SPLITS = ("train", "val", "test")

FOLDERS = {
    "left": "l/source",
    "right": "r/source",
    "combined": "c/source",
    "target": "c/target",
}
"""Where the Canon layout keeps each kind, after the split and an underscore."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
"""What breaks a line, or cannot be written: controls, halves of characters."""
_MOST_BYTES = 1 << 48
_MOST_PIXELS = 1 << 16  # of a side
_MOST_FRAME = 10**9
_READERS = 8
"""Threads that hash files: the library hashes, and the disk reads, without Python."""

OWN_SHA256 = "manifest_sha256"

Json = dict[str, Any]


@dataclass(frozen=True)
class FileRecord:
    """What the manifest says of a file: its size in bytes and its SHA-256."""

    bytes: int
    sha256: str


def read_manifest(path: str | Path) -> Json:
    """Return the manifest of a dataset version; it can be trusted to be one.

    Names, sizes and frames are of the right types, names stay inside the folder, and
    every image of every sequence has a checksum. No image is looked at.

    Parameters
    ----------
    path : str or Path
        Folder of the version.

    Raises
    ------
    DataError
        If it is missing, not JSON, of another schema, or was edited into nonsense.
    """
    file = Path(path) / MANIFEST
    try:
        manifest: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(
            f"{file}: {error.strerror}; expected a finished dataset version, "
            "NAME/VERSION"
        ) from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{file}: not valid JSON ({error})") from None
    found = manifest.get("schema_version") if isinstance(manifest, dict) else None
    if isinstance(found, bool) or found not in READABLE_SCHEMAS:
        expected = " or ".join(map(str, READABLE_SCHEMAS))
        raise DataError(f"{file}: schema {shortly(found)}; expected {expected}")
    for fault in _faults(manifest):
        raise DataError(f"{file}: {fault}")
    return manifest


def manifest_sha256(manifest: Json) -> str:
    """Return the checksum of what a manifest says, but for the checksum itself.

    Examples
    --------
    >>> one = {"a": 1, "b": [2.5]}
    >>> manifest_sha256(one) == manifest_sha256({"b": [2.5], "a": 1, OWN_SHA256: "0"})
    True
    """
    rest = {key: value for key, value in manifest.items() if key != OWN_SHA256}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_unedited(path: Path, manifest: Json) -> None:
    """Check that a manifest says what it said when it was written.

    One without a checksum of its own, as of schema 2, passes.

    Raises
    ------
    DataError
        If it was edited.
    """
    if manifest.get(OWN_SHA256, manifest_sha256(manifest)) != manifest_sha256(manifest):
        raise DataError(
            f"{path / MANIFEST}: was edited: its own checksum ({OWN_SHA256}) differs; "
            "a version never changes"
        )


def image_file(kind: str, split: str, sequence: str, frame: int) -> str:
    """Return where a version keeps a image.

    Examples
    --------
    >>> image_file("target", "train", "seq_001", 3)
    'train_c/target/seq_001/000003.png'
    """
    return f"{split}_{FOLDERS[kind]}/{sequence}/{frame:06d}.png"


def sequence_files(sequence: Json) -> dict[str, tuple[str, ...]]:
    """Return the images of a sequence of a manifest: kind -> one for each frame."""
    split, name = sequence["split"], sequence["name"]
    return {
        kind: tuple(image_file(kind, split, name, n) for n in sequence["frames"])
        for kind in FOLDERS
    }


def file_records(path: Path, manifest: Json) -> dict[Path, FileRecord]:
    """Return what a manifest says of each file of its version."""
    return {
        path / name: FileRecord(row["bytes"], row["sha256"])
        for name, row in manifest["files"].items()
    }


def check_bytes(records: Mapping[Path, FileRecord]) -> None:
    """Check that every file is there with as many bytes as are recorded.

    Raises
    ------
    DataError
        At the first that is not.
    """
    for path, record in records.items():
        try:
            size = path.stat().st_size
        except OSError as error:
            raise DataError(
                f"{path}: {error.strerror}; {MANIFEST} lists it. An incomplete copy?"
            ) from None
        if size != record.bytes:
            raise DataError(
                f"{path}: {size} bytes, {MANIFEST} says {record.bytes}; it was changed "
                "or cut short"
            )


def check_checksums(records: Mapping[Path, FileRecord]) -> None:
    """Check the contents of every file; reads them all.

    Raises
    ------
    DataError
        At the first that is missing or changed.
    """
    with ThreadPoolExecutor(_READERS) as pool:
        try:
            for path, found in zip(
                records, pool.map(file_sha256, records), strict=True
            ):
                if found != records[path].sha256:
                    raise DataError(
                        f"{path}: checksum differs from {MANIFEST}; it was changed"
                    )
        except DataError:
            pool.shutdown(cancel_futures=True)
            raise


def check_image_sizes(path: Path, sequences: Iterable[Json]) -> None:
    """Check that every image of some sequences has the size that they state.

    Raises
    ------
    DataError
        At the first that has not.
    """
    for sequence in sequences:
        width, height = sequence["size"]
        for names in sequence_files(sequence).values():
            for name in names:
                found = png_size(path / name)
                if found != (height, width):
                    raise DataError(
                        f"{path / name} is {found[1]} x {found[0]}, {MANIFEST} says "
                        f"{width} x {height}"
                    )


def _faults(manifest: Json) -> Iterator[str]:
    """Yield what is wrong with a manifest.

    Only the first is meant: what follows takes for granted that nothing came before.
    """
    for key in ("name", "version"):
        if not _is_text(manifest.get(key)):
            yield _fault("", manifest, key, "text")
    yield from _file_faults(manifest)
    yield from _sequence_faults(manifest)
    for sequence in manifest["sequences"]:
        for names in sequence_files(sequence).values():
            for name in names:
                if name not in manifest["files"]:
                    yield (
                        f"no checksum of {name}; expected one in 'files' for every "
                        "image of 'sequences'. Was it edited?"
                    )


def _file_faults(manifest: Json) -> Iterator[str]:
    files: Any = manifest.get("files")
    if not isinstance(files, dict):
        yield _fault("", manifest, "files", "an object, a record for each file")
    for name, row in files.items():
        where = f"files, {shortly(name)}: "
        if not _is_inside(name):
            yield f"{where}expected the name of a file inside the version"
        if not isinstance(row, dict):
            yield f"{where}{shortly(row)}; expected an object, bytes and sha256"
        if not _is_whole(row.get("bytes"), 0, _MOST_BYTES):
            yield _fault(where, row, "bytes", "a whole number, 0 or more")
        sha256 = row.get("sha256")
        if not (isinstance(sha256, str) and _SHA256.fullmatch(sha256)):
            yield _fault(where, row, "sha256", "64 hexadecimal digits")


def _sequence_faults(manifest: Json) -> Iterator[str]:
    sequences: Any = manifest.get("sequences")
    if not isinstance(sequences, list) or not sequences:
        yield _fault("", manifest, "sequences", "a list of one or more objects")
    names: set[str] = set()
    for number, row in enumerate(sequences, start=1):
        where = f"sequence {number}: "
        if not isinstance(row, dict):
            yield f"{where}{shortly(row)}; expected an object"
        name: Any = row.get("name")
        if not _is_inside(name) or "/" in name:
            yield _fault(where, row, "name", "the name of a folder")
        if name in names:
            yield _fault(where, row, "name", "one that no other sequence has")
        names.add(name)
        yield from _faults_of_one(f"sequence {number}, {name}: ", row)


def _faults_of_one(where: str, row: Json) -> Iterator[str]:
    if row.get("split") not in SPLITS:
        yield _fault(where, row, "split", f"one of {', '.join(SPLITS)}")
    if not _is_text(row.get("scene")):
        yield _fault(where, row, "scene", "text")
    size, frames = row.get("size"), row.get("frames")
    sides = size if isinstance(size, list) else ()
    if len(sides) != 2 or not all(_is_whole(n, 1, _MOST_PIXELS) for n in sides):
        yield _fault(where, row, "size", "[width, height] in pixels")
    numbers = frames if isinstance(frames, list) else ()
    if not numbers or not all(_is_whole(n, -_MOST_FRAME, _MOST_FRAME) for n in numbers):
        yield _fault(where, row, "frames", "a list of frame numbers")
    if len(set(numbers)) < len(numbers):
        yield _fault(where, row, "frames", "each frame once")


def _fault(where: str, row: Json, key: str, expected: str) -> str:
    return f"{where}{key!r} is {shortly(row.get(key))}; expected {expected}"


def _is_text(value: Any) -> bool:
    is_text = isinstance(value, str) and bool(value.strip())
    return is_text and not _NO_TEXT.search(value)


def _is_whole(value: Any, lowest: int, highest: int) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and lowest <= value <= highest


def _is_inside(name: Any) -> bool:
    """Tell whether a name with forward slashes stays inside its folder."""
    if not _is_text(name) or "\\" in name:
        return False
    return not {"", ".", ".."} & set(name.split("/"))
