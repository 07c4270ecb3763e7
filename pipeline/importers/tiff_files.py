"""TIFF files of strangers: one page of plain numbers."""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import TiffImagePlugin
from PIL.TiffTags import TAGS_V2

from pipeline.errors import UserError
from pipeline.importers.checks import check_side
from pipeline.importers.picture_files import read_bytes

_BIG_TIFF = 43
_TAGS = {info.name: number for number, info in TAGS_V2.items()}
_KINDS = {1: "u", 2: "i", 3: "f"}  # SampleFormat -> kind of a dtype
_BITS = {"u": (8, 16), "i": (8, 16, 32), "f": (32, 64)}
_DARK_IS_ZERO, _RGB = 1, 2
_BROKEN = (
    *(OSError, ValueError, SyntaxError, KeyError, TypeError, IndexError),
    *(struct.error, OverflowError, MemoryError, RuntimeError, AssertionError),
)


def read_tiff(path: Path) -> NDArray[Any]:
    """Return the numbers of a TIFF, (H, W) or (H, W, C), channels in RGB order.

    Raises
    ------
    UserError
        If it is broken, has several pages, is turned, or holds numbers of a type that
        OpenCV does not read.
    """
    data = read_bytes(path)
    tags = _tags(path, data)
    _check_tags(path, data, tags)
    expected = _dtype(path, tags)
    pixels = _decoded(path, data)
    is_float = expected.kind == "f"
    if pixels.dtype.itemsize != expected.itemsize or (
        (pixels.dtype.kind == "f") != is_float
    ):
        raise UserError(f"{path}: not a readable TIFF file ({expected} expected)")
    if pixels.ndim == 3:
        pixels = pixels[..., [2, 1, 0, 3][: pixels.shape[2]]]
    return np.ascontiguousarray(pixels).view(expected)


def _tags(path: Path, data: bytes) -> dict[str, Any]:
    """Return the tags of the first page by name; ``next`` is the place of another."""
    length = 16 if data[2:3] == bytes([_BIG_TIFF]) else 8
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tags that do not matter here
            page = TiffImagePlugin.ImageFileDirectory_v2(data[:length])
            file = io.BytesIO(data)
            file.seek(cast("int", page.next))
            page.load(file)
            names = (
                *("ImageWidth", "ImageLength", "BitsPerSample", "SampleFormat"),
                *("SamplesPerPixel", "Orientation", "PhotometricInterpretation"),
                *("StripOffsets", "StripByteCounts", "TileOffsets", "TileByteCounts"),
            )
            found = {name: page.get(_TAGS[name]) for name in names}
    except _BROKEN as error:
        raise UserError(f"{path}: not a readable TIFF file ({error})") from None
    return {**found, "next": page.next}


def _check_tags(path: Path, data: bytes, tags: dict[str, Any]) -> None:
    sides = tags["ImageWidth"], tags["ImageLength"]
    if not all(isinstance(side, int) for side in sides):
        raise UserError(f"{path}: not a readable TIFF file (no size)")
    check_side(path, *sides)
    if tags["next"]:
        raise UserError(f"{path}: several pages; expected one")
    if tags["Orientation"] not in (None, 1):
        raise UserError(
            f"{path}: orientation {tags['Orientation']}; expected 1, rows from the top"
        )
    if tags["PhotometricInterpretation"] not in (_DARK_IS_ZERO, _RGB):
        raise UserError(f"{path}: not plain numbers; expected grey or RGB, 0 the least")
    if len(set(_as_tuple(tags["BitsPerSample"]))) > 1:
        raise UserError(f"{path}: channels of several types; expected one")
    for offsets, counts in (
        ("StripOffsets", "StripByteCounts"),
        ("TileOffsets", "TileByteCounts"),
    ):
        for start, length in zip(
            _as_tuple(tags[offsets]), _as_tuple(tags[counts]), strict=False
        ):
            if start + length > len(data):
                raise UserError(f"{path}: not a complete TIFF file")


def _as_tuple(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return cast("tuple[Any, ...]", value) if isinstance(value, tuple) else (value,)


def _dtype(path: Path, tags: dict[str, Any]) -> np.dtype[Any]:
    bits = (*_as_tuple(tags["BitsPerSample"]), 1)[0]
    kind = _KINDS.get((*_as_tuple(tags["SampleFormat"]), 1)[0], "")
    if bits not in _BITS.get(kind, ()):
        named = {"u": "whole numbers", "i": "whole numbers", "f": "floats"}
        raise UserError(
            f"{path}: {named.get(kind, 'numbers')} of {bits} bits; expected whole "
            "numbers of 8, 16 or, with a sign, 32 or floats of 32 or 64"
        )
    return np.dtype(f"{kind}{bits // 8}")


def _decoded(path: Path, data: bytes) -> NDArray[Any]:
    level = cv2.setLogLevel(0)  # of what is damaged, one line below is enough
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        found = None
    finally:
        cv2.setLogLevel(level)
    pixels = cast("NDArray[Any] | None", found)
    if pixels is None:
        raise UserError(f"{path}: not a readable TIFF file")
    return pixels
