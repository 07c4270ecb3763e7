"""Networks on disk: tensors as safetensors, all else as JSON; nothing is unpickled."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from rdpd.config import ModelConfig, model_config
from rdpd.model import RDPD, DPDNet, build_model
from rdpd.own_names import partial_path
from rdpd.words import shortly

FORMAT = 1
SUFFIX = ".json"
_TYPES: dict[str, type] = {
    "model": dict,
    "tensors": str,
    "sha256": str,
    "details": dict,
}
_MODEL = "model."
_OTHER = "other."


class CheckpointError(Exception):
    """A checkpoint that cannot be used; the message names the file and why."""


@dataclass(frozen=True)
class Checkpoint:
    """A network and what was saved with it.

    Parameters
    ----------
    config : ModelConfig
    model : RDPD or DPDNet
    details : dict
        Plain values: how it was trained, on what, how good it is.
    tensors : dict of Tensor
        Other tensors: an optimiser's, for example.
    """

    config: ModelConfig
    model: RDPD | DPDNet
    details: dict[str, Any] = field(default_factory=dict[str, Any])
    tensors: dict[str, Tensor] = field(default_factory=dict[str, Tensor])


def save(
    path: str | Path,
    config: ModelConfig,
    weights: Mapping[str, Tensor],
    *,
    details: Mapping[str, Any] | None = None,
    tensors: Mapping[str, Tensor] | None = None,
) -> None:
    """Write a checkpoint; one that stood there is replaced whole, or not at all.

    Parameters
    ----------
    path : str or Path
        ``NAME.json``. The tensors go beside it, into ``NAME-HASH.safetensors``.
    config : ModelConfig
    weights : dict of Tensor
        The network's ``state_dict()``.
    details : dict, optional
        Values that JSON can hold.
    tensors : dict of Tensor, optional

    Raises
    ------
    ValueError
        If the path does not end in ``.json``.
    """
    path = Path(path)
    if path.suffix != SUFFIX:
        raise ValueError(f"{path}: a checkpoint is named NAME{SUFFIX}")
    path.parent.mkdir(parents=True, exist_ok=True)
    everything = {
        **{_MODEL + name: tensor for name, tensor in weights.items()},
        **{_OTHER + name: tensor for name, tensor in (tensors or {}).items()},
    }
    part = partial_path(path.with_suffix(".safetensors"))
    plain = {name: t.detach().cpu().contiguous() for name, t in everything.items()}
    save_file(plain, part)
    digest = _sha256_of(part)
    tensor_file = path.with_name(f"{path.stem}-{digest[:16]}.safetensors")
    part.replace(tensor_file)
    described = {
        "format": FORMAT,
        "model": dataclasses.asdict(config),
        "tensors": tensor_file.name,
        "sha256": digest,
        "details": dict(details or {}),
    }
    written = partial_path(path)
    with written.open("w", encoding="utf-8") as file:
        json.dump(described, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
    for old in path.parent.glob(f"{path.stem}-{'?' * 16}.safetensors"):
        if old != tensor_file:
            old.unlink()


def load(path: str | Path) -> Checkpoint:
    """Return the checkpoint at a path.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    CheckpointError
        If it is missing, damaged, or of another architecture than it says.
    """
    path = Path(path)
    described = _read_json(path)
    _check_types(path, described)
    try:
        config = model_config(described["model"])
        tensor_file = path.with_name(Path(described["tensors"]).name)
    except ValueError as error:
        raise CheckpointError(f"{path}: not a checkpoint of ours ({error})") from None
    digest, details = described["sha256"], described["details"]
    tensors = _read_tensors(tensor_file, digest)
    weights = _those_of(tensors, _MODEL)
    model = build_model(config)
    _check_shapes(path, model.state_dict(), weights)
    model.load_state_dict(weights)
    return Checkpoint(config, model, details, _those_of(tensors, _OTHER))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        described: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(
            f"{path}: {error.strerror}; expected a checkpoint, NAME{SUFFIX}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{path}: not JSON ({error})") from None
    if not isinstance(described, dict):
        raise CheckpointError(
            f"{path}: holds {shortly(described)}; expected a checkpoint, an object"
        )
    found = described.get("format")
    if isinstance(found, bool) or found != FORMAT:
        raise CheckpointError(f"{path}: format {shortly(found)}; expected {FORMAT}")
    return described


def _check_types(path: Path, described: dict[str, Any]) -> None:
    """Raise CheckpointError for what a hand may have edited into nonsense."""
    for name, kind in _TYPES.items():
        if not isinstance(described.get(name), kind):
            words = {dict: "an object", str: "text"}[kind]
            raise CheckpointError(
                f"{path}: not a checkpoint of ours ({name!r} is "
                f"{shortly(described.get(name))}; expected {words})"
            )


def _read_tensors(path: Path, digest: str) -> dict[str, Tensor]:
    try:
        if _sha256_of(path) != digest:
            raise CheckpointError(f"{path}: checksum differs; the file was changed")
        return load_file(path)
    except (OSError, ValueError, SafetensorError) as error:  # a name no file can have
        cause = getattr(error, "strerror", None) or error
        raise CheckpointError(f"{path}: cannot be read ({cause})") from None


def _those_of(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix)
    }


def _check_shapes(
    path: Path, expected: Mapping[str, Tensor], found: Mapping[str, Tensor]
) -> None:
    """Raise CheckpointError where tensors are missing, too many or of other shapes."""
    for name in sorted({*expected, *found}):
        shapes = [
            tuple(side[name].shape) if name in side else None
            for side in (expected, found)
        ]
        if shapes[0] != shapes[1]:
            raise CheckpointError(
                f"{path}: tensor {name!r} has shape {shapes[1]}; the architecture that "
                f"the checkpoint names has {shapes[0]}"
            )


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
