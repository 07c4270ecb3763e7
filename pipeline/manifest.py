"""The records that make a folder a finished one: schema, checksums, atomic write."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from blender_scenes.frames import atomic_path, sha256_of
from dp_model.psf import DualPixelPsf
from pipeline import layout
from pipeline.errors import UserError
from pipeline.files import regular_file
from pipeline.synthesis import ViewSettings

PSF_PER_FRAME = "drawn per frame"

Json = dict[str, Any]


def describe_settings(settings: ViewSettings) -> Json:
    """Return every parameter of a view synthesis as JSON, types by name."""
    draw = settings.draw
    description: Json = {
        "camera": {
            "name": settings.camera_set.name,
            **_typed(settings.camera_set.camera),
        },
        "psf": describe_psf(draw.psf)
        if draw.psf is not None
        else {"type": PSF_PER_FRAME, "bank": draw.psf_bank},
        "mode": settings.mode if settings.tracing is None else "raytraced",
        "noise": {"model": settings.noise_model, "sigma": draw.noise_sigma},
        "distortion": settings.distortion and _typed(settings.distortion),
        "seed": list(draw.seed),
    }
    own = {
        "psf": settings.camera_set.psf,
        "noise_sigma": settings.camera_set.noise_sigma,
    }
    if any(value is not None for value in own.values()):
        description["own"] = [key for key, value in own.items() if value is not None]
    if settings.tracing is not None:
        description["tracing"] = dataclasses.asdict(settings.tracing)
    return description


def describe_psf(psf: DualPixelPsf) -> Json:
    """Return a PSF as JSON: its type and its numbers."""
    return _typed(psf)


def _typed(value: Any) -> Json:
    return {"type": type(value).__name__, **dataclasses.asdict(value)}


def file_record(path: Path) -> Json:
    """Return size and checksum of a file."""
    return {"bytes": path.stat().st_size, "sha256": sha256_of(path)}


def write_json(path: Path, data: Json) -> None:
    """Write JSON atomically; equal data give equal bytes."""
    text = json.dumps(data, indent=1, sort_keys=True) + "\n"
    with atomic_path(path) as partial:
        partial.write_text(text, encoding="utf-8")


def read_json(path: Path) -> Json:
    """Return a JSON object.

    Raises
    ------
    UserError
        If the file is missing or not a JSON object.
    """
    try:
        data: Any = json.loads(regular_file(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not valid JSON ({error})") from None
    if not isinstance(data, dict):
        raise UserError(f"{path}: expected a JSON object")
    return cast(Json, data)


def kept_json(path: Path) -> Json:
    """Return a JSON object that may have been written before; empty where it is none.

    For what is made again if it is missing, cut short or edited into nonsense.
    """
    try:
        return read_json(path)
    except UserError:
        return {}


def is_whole(folder: Path, records: dict[str, Json]) -> bool:
    """Tell whether every recorded file is there with its recorded size."""
    for name, record in records.items():
        try:
            if (folder / name).stat().st_size != record["bytes"]:
                return False
        except OSError:
            return False
    return True


def are_records(records: Any, wanted: Iterable[str]) -> bool:
    """Tell whether something holds size and checksum of some files and of no other."""
    if not isinstance(records, dict) or set(cast(Json, records)) != set(wanted):
        return False
    rows: list[Any] = list(cast(Json, records).values())
    return all(isinstance(row, dict) for row in rows) and all(
        type(row.get("bytes")) is int and isinstance(row.get("sha256"), str)
        for row in rows
    )


def damage(folder: Path, version: str, *, by_checksum: bool = False) -> str | None:
    """Return what is wrong with a finished dataset version in one line; None if whole.

    Parameters
    ----------
    folder : Path
        Where it lies.
    version : str
        What it is called.
    by_checksum : bool
        Read every file, too.
    """
    from rdpd.manifest import (
        check_bytes,
        check_checksums,
        check_image_sizes,
        check_unedited,
        file_records,
        read_manifest,
    )
    from rdpd.pictures import DataError

    try:
        manifest = read_manifest(folder)
        records = file_records(folder, manifest)
        check_bytes(records)
        # One each: bytes and checksums tell of the others, this of an edited size.
        check_image_sizes(
            folder,
            [{**row, "frames": row["frames"][:1]} for row in manifest["sequences"]],
        )
        if by_checksum:
            check_checksums(records)
    except DataError as error:
        return str(error)
    if manifest["version"] != version:
        return f"{folder / layout.DATASET_MANIFEST}: of version {manifest['version']}"
    for row in manifest["sequences"]:
        for kind in layout.PICTURES:
            for frame in row["frames"]:
                name = layout.dataset_file(kind, row["split"], row["name"], frame)
                if name not in manifest["files"]:
                    return f"{folder / layout.DATASET_MANIFEST}: no checksum of {name}"
    try:
        check_unedited(folder, manifest)  # last: the others say what was edited
    except DataError as error:
        return str(error)
    return None


def verify_version(folder: Path) -> None:
    """Check every file of a dataset version by its checksum; reads them all.

    Raises
    ------
    UserError
        At the first that is missing or changed.
    """
    from rdpd.manifest import check_bytes, check_checksums, file_records, read_manifest
    from rdpd.pictures import DataError

    try:
        records = file_records(folder, read_manifest(folder))
        check_bytes(records)
        check_checksums(records)
    except DataError as error:
        raise UserError(str(error)) from None


def put_in_place(part: Path, folder: Path, manifest_name: str) -> None:
    """Give a folder that was put together its name; where one stands, mend that.

    What is right there stays, what differs or is missing is replaced, and what is not
    of ours is left alone.

    Parameters
    ----------
    part, folder : Path
        Are on one file system.
    manifest_name : str
        The file that makes it a finished one; moved last.
    """
    try:
        part.replace(folder)
    except OSError:
        if not folder.is_dir():
            raise
    else:
        return
    files = sorted(path for path in part.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda path: path == part / manifest_name):
        target = folder / path.relative_to(part)
        if not target.is_file() or file_record(target) != file_record(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    shutil.rmtree(part)
