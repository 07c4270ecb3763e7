"""The records that make a folder a finished one: schema, checksums, atomic write."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, cast

from blender_scenes.frames import atomic_path, sha256_of
from dp_model.psf import DualPixelPsf
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
    except ValueError as error:
        raise UserError(f"{path}: not valid JSON ({error})") from None
    if not isinstance(data, dict):
        raise UserError(f"{path}: expected a JSON object")
    return cast(Json, data)


def is_whole(folder: Path, records: dict[str, Json]) -> bool:
    """Tell whether every recorded file is there with its recorded size."""
    for name, record in records.items():
        try:
            if (folder / name).stat().st_size != record["bytes"]:
                return False
        except OSError:
            return False
    return True
