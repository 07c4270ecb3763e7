"""The frames of a dataset as PNG files small enough to carry to another machine.

A frame is ``N.png`` (colour), ``N-depth.png`` and, where there is room, the same of the
second surface, ``N-behind.png`` and ``N-behind-depth.png``. Depth is coded as nearest /
depth in 16 bits: steps of equal blur, 0 for the sky, `NONE` for no surface. Colour is
half-precision linear light, its bits as 16-bit values, or encoded in 8 bits.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import array_api_compat
import cv2
import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import Frame, FrameSequence, read_frame, sha256_of
from dp_model.radiometry import decode_srgb, encode_srgb
from pipeline import layout
from pipeline.errors import UserError
from pipeline.manifest import Json, read_json, write_json

CARRY = "carry.json"
FORMAT = 1
PACKAGES = "site"
"""Folder with the packages that the other machine may lack."""

FARTHEST, NONE = 65534, 65535
Pictures = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Coding:
    """What is kept of a frame: colour in half precision, the second surface."""

    is_half: bool
    has_behind: bool

    @property
    def words(self) -> str:
        """It in words."""
        colour = "half-precision colour" if self.is_half else "8-bit colour"
        return f"{colour}, {'both surfaces' if self.has_behind else 'one surface'}"


CODINGS = (Coding(True, True), Coding(False, True), Coding(False, False))
"""From the best to the smallest."""


def pack(dataset: Path, work: Path, folder: Path, most_bytes: int) -> str:
    """Write what is carried, in the best coding that fits, and return words for it.

    Parameters
    ----------
    dataset : Path
        A dataset version: its splits, and the optics of its training split.
    work : Path
        Folder that holds the frames that it was made from.
    folder : Path
        Is made, or replaced.
    most_bytes : int

    Raises
    ------
    UserError
        If frames are gone, or a tenth of them would not fit.
    """
    manifest = read_json(dataset / layout.DATASET_MANIFEST)
    sources = _frame_folders(manifest, work)
    notes: list[str] = []
    for coding, share in _attempts():
        size = _written(sources, folder, coding, share, manifest)
        frames = sum(len(FrameSequence.load(folder / s.name).frames) for s in sources)
        words = f"{coding.words}, {frames} frames: {size / 1e6:.1f} MB"
        if size <= most_bytes:
            return "\n".join([*notes, words])
        notes.append(f"{words}, too much")
    raise UserError(f"{most_bytes / 1e6:g} MB: too little; {notes[-1]}")


def _attempts() -> Iterator[tuple[Coding, float]]:
    """Yield codings, and which share of every scene's frames, from the first on."""
    yield from ((coding, 1.0) for coding in CODINGS)
    yield from ((CODINGS[-1], share / 10) for share in range(9, 0, -1))


def _frame_folders(manifest: Json, work: Path) -> dict[Path, Json]:
    """Return split and scene of every frame folder of a dataset."""
    folders: dict[Path, Json] = {}
    for row in manifest["sequences"]:
        folder = layout.frames_folder(work, row["scene"], row["source"]["frames"])
        if not folder.is_dir():
            raise UserError(f"{folder}: missing; the dataset was made from it")
        folders[folder] = {"split": row["split"], "scene": row["scene"]}
    return folders


def _written(
    sources: dict[Path, Json],
    folder: Path,
    coding: Coding,
    share: float,
    manifest: Json,
) -> int:
    """Write the folder and return its size in bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    rows: Json = {}
    for source, row in sources.items():
        sequence = FrameSequence.load(source)
        count = max(1, int(share * len(sequence.frames)))
        place = folder / source.name
        place.mkdir(parents=True)
        rows[source.name] = row | _carried(source, place, sequence, count, coding)
    compat = Path(array_api_compat.__file__).parent
    shutil.copytree(
        compat,
        folder / PACKAGES / compat.name,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    kept = ("split", "scene", "settings")
    described = {
        "parameters": manifest["parameters"],
        "sequences": [{k: row[k] for k in kept} for row in manifest["sequences"]],
    }
    data = {"format": FORMAT, "coding": dataclasses.asdict(coding)}
    write_json(folder / CARRY, data | {"sequences": rows, "manifest": described})
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _carried(
    source: Path, place: Path, sequence: FrameSequence, count: int, coding: Coding
) -> Json:
    """Write the first frames of a sequence; return what is needed to decode them."""
    chosen = sequence.frames[:count]
    frames = (read_frame(source / row.file) for row in chosen)
    nearest_m = min(float(frame.depth_m.min()) for frame in frames)
    entries: list[Any] = []
    for row in chosen:
        file = place / f"{row.number:06d}.png"
        frame = read_frame(source / row.file)
        for suffix, codes in coded(frame, nearest_m, coding).items():
            path = file.with_name(f"{file.stem}{suffix}.png")
            if not cv2.imwrite(str(path), codes):
                raise OSError(f"{path}: cannot be written")
        entries.append(
            dataclasses.replace(
                row, file=file.name, sha256=sha256_of(file), bytes=file.stat().st_size
            )
        )
    carried = {"carried": source.name, "coding": coding.words}
    dataclasses.replace(
        sequence, frames=tuple(entries), source=carried, instances={}
    ).save(place)
    return {"nearest_m": nearest_m}


def coded(frame: Frame, nearest_m: float, coding: Coding) -> Pictures:
    """Return the pictures of a frame by the suffix of their file."""
    codes = {
        "": _colour_codes(frame.linear_rgb, coding),
        "-depth": _depth_codes(frame.depth_m, nearest_m),
    }
    if coding.has_behind and frame.hidden is not None:
        hidden_rgb, hidden_depth_m = frame.hidden
        depth = _depth_codes(hidden_depth_m, nearest_m)
        is_none = depth >= codes["-depth"]  # nearer codes are larger
        colour = _colour_codes(hidden_rgb, coding)
        codes["-behind"] = np.where(is_none[..., None], colour.dtype.type(0), colour)
        codes["-behind-depth"] = np.where(is_none, np.uint16(NONE), depth)
    return codes


def _colour_codes(linear_rgb: NDArray[np.float32], coding: Coding) -> NDArray[Any]:
    if coding.is_half:
        highest = float(np.finfo(np.float16).max)
        return np.clip(linear_rgb, 0.0, highest).astype(np.float16).view(np.uint16)
    encoded = np.asarray(encode_srgb(np.clip(linear_rgb, 0.0, 1.0)))
    return np.rint(encoded * 255).astype(np.uint8)


def _depth_codes(depth_m: NDArray[np.float32], nearest_m: float) -> NDArray[np.uint16]:
    codes = np.rint(FARTHEST * (nearest_m / depth_m.astype(np.float64)))
    return np.where(np.isnan(codes), NONE, codes).astype(np.uint16)


class CarriedFrames:
    """What `pack` wrote.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    UserError
        If it is not there, or of another format.
    """

    def __init__(self, folder: Path) -> None:
        described = read_json(folder / CARRY)
        found = described.get("format")
        if found != FORMAT:
            raise UserError(f"{folder / CARRY}: format {found!r}; expected {FORMAT}")
        self.manifest: Json = described["manifest"]
        self.coding = Coding(**described["coding"])
        self._folder, self._rows = folder, described["sequences"]

    def folders(self, split: str) -> list[Path]:
        """Return the frame folders of a split."""
        names = sorted(n for n, row in self._rows.items() if row["split"] == split)
        return [self._folder / name for name in names]

    def read(self, path: Path) -> Frame:
        """Return a frame."""
        nearest_m = float(self._rows[path.parent.name]["nearest_m"])

        def found(suffix: str) -> NDArray[Any]:
            file = path.with_name(f"{path.stem}{suffix}.png")
            codes: NDArray[Any] | None = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
            if codes is None:
                raise UserError(f"{file}: missing or broken; pack again")
            return codes

        depth_m = _depth_of(found("-depth"), nearest_m)
        hidden_rgb = hidden_depth_m = None
        if path.with_name(f"{path.stem}-behind.png").exists():
            hidden_rgb = _colour_of(found("-behind"))
            hidden_depth_m = _depth_of(found("-behind-depth"), nearest_m)
        none = np.zeros(depth_m.shape, np.uint32)
        return Frame(
            linear_rgb=_colour_of(found("")),
            depth_m=depth_m,
            label=none,
            instance=none,
            hidden_rgb=hidden_rgb,
            hidden_depth_m=hidden_depth_m,
        )

    def first_frame(self) -> Frame:
        """Return the first frame of the training split."""
        return next(self._frames("train"))

    def _frames(self, split: str) -> Iterator[Frame]:
        for folder in self.folders(split):
            for row in FrameSequence.load(folder).frames:
                yield self.read(folder / row.file)


def _colour_of(codes: NDArray[Any]) -> NDArray[np.float32]:
    if codes.dtype == np.uint16:
        return codes.view(np.float16).astype(np.float32)
    return np.asarray(decode_srgb(codes.astype(np.float32) / 255), np.float32)


def _depth_of(codes: NDArray[np.uint16], nearest_m: float) -> NDArray[np.float32]:
    with np.errstate(divide="ignore"):
        depth_m = nearest_m * FARTHEST / codes.astype(np.float64)
    return np.where(codes == NONE, np.nan, depth_m).astype(np.float32)
