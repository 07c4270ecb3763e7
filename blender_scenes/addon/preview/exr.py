"""OpenEXR as Blender writes it without compression, with NumPy alone.

Blender's Python has no OpenEXR.  Only what a preview needs: scan lines, one part or
several, no compression, no sub-sampled channels.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = 20000630
_VERSION = 2
_TILED, _DEEP, _MULTI_PART = 0x200, 0x800, 0x1000
_TYPES = (np.dtype("<u4"), np.dtype("<f2"), np.dtype("<f4"))
_FLOAT = 2
_COMPRESSIONS = ("none", "RLE", "ZIPS", "ZIP", "PIZ", "PXR24", "B44", "B44A", "DWAA")


class ExrError(ValueError):
    """A file is not an OpenEXR file that can be read here."""


@dataclass(frozen=True)
class _Part:
    """Header of one picture: the channels in file order, and the rows' range."""

    channels: tuple[tuple[str, np.dtype[Any]], ...]
    width: int
    height: int
    first_row: int

    @property
    def row_bytes(self) -> int:
        return self.width * sum(dtype.itemsize for _, dtype in self.channels)


def read_exr(path: Path) -> dict[str, NDArray[Any]]:
    """Return the channels of all parts of a file by name, each (H, W).

    Parameters
    ----------
    path : Path
        Scan-line OpenEXR without compression.

    Returns
    -------
    dict
        uint32, float16 or float32 arrays; row 0 is the top.

    Raises
    ------
    ExrError
        If the file is missing, cut short, compressed, or of another kind.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ExrError(f"{path}: cannot be read ({error.strerror})") from None
    try:
        return _channels(data)
    except ExrError as error:
        raise ExrError(f"{path}: {error}") from None
    except (struct.error, IndexError, UnicodeDecodeError, KeyError):
        raise ExrError(f"{path}: cut short or not an OpenEXR file") from None


def _channels(data: bytes) -> dict[str, NDArray[Any]]:
    if len(data) < 8:
        raise ExrError("cut short or not an OpenEXR file")
    magic, version = struct.unpack_from("<ii", data)
    if magic != _MAGIC or version & 0xFF != _VERSION:
        raise ExrError("not an OpenEXR file")
    if version & (_TILED | _DEEP):
        raise ExrError("holds tiles or deep pixels; expected scan lines")
    has_parts = bool(version & _MULTI_PART)
    parts, place = _headers(data, 8, has_parts)
    found: dict[str, NDArray[Any]] = {}
    for number, part in enumerate(parts):
        if place + 8 * part.height > len(data):
            raise ExrError("cut short: not all rows are there")
        offsets = np.frombuffer(data, "<u8", part.height, place)
        place += offsets.nbytes
        head = (number,) if has_parts else ()
        for name, values in _pixels(data, part, offsets, head).items():
            if name in found:
                raise ExrError(f"two parts have a channel {name}; expected one")
            found[name] = values
    return found


def _headers(data: bytes, place: int, has_parts: bool) -> tuple[list[_Part], int]:
    """Return the header of every part, and the place behind them."""
    parts: list[_Part] = []
    while True:
        attributes: dict[str, bytes] = {}
        while data[place]:
            name, place = _text(data, place)
            _, place = _text(data, place)
            (size,) = struct.unpack_from("<i", data, place)
            if size < 0:
                raise ExrError("an attribute of negative size; broken")
            attributes[name] = data[place + 4 : place + 4 + size]
            place += 4 + size
        place += 1
        if has_parts and not attributes:
            return parts, place
        parts.append(_part(attributes))
        if not has_parts:
            return parts, place


def _text(data: bytes, place: int) -> tuple[str, int]:
    """Return the zero-terminated text at a place, and the place behind it."""
    end = data.find(b"\0", place)
    if end < 0:
        raise ExrError("cut short")
    return data[place:end].decode(), end + 1


def _part(attributes: dict[str, bytes]) -> _Part:
    """Return the part that attributes describe, if it can be read."""
    kind = attributes.get("type", b"scanlineimage").rstrip(b"\0")
    if kind != b"scanlineimage":
        raise ExrError(f"holds {kind.decode()}; expected scanlineimage")
    compression = attributes["compression"][0]
    if compression:
        known = compression < len(_COMPRESSIONS)
        name = _COMPRESSIONS[compression] if known else f"number {compression}"
        raise ExrError(f"compression is {name}; expected none")
    left, top, right, bottom = struct.unpack("<4i", attributes["dataWindow"])
    if right < left or bottom < top:
        raise ExrError(f"data window {left, top, right, bottom} is empty")
    channels = _channel_list(attributes["channels"])
    return _Part(channels, right - left + 1, bottom - top + 1, top)


def _channel_list(data: bytes) -> tuple[tuple[str, np.dtype[Any]], ...]:
    """Return name and type of each channel, in the order of the pixels."""
    channels: list[tuple[str, np.dtype[Any]]] = []
    place = 0
    while data[place]:
        name, place = _text(data, place)
        kind, _, x_step, y_step = struct.unpack_from("<iiii", data, place)
        place += 16
        if (x_step, y_step) != (1, 1):
            raise ExrError(f"channel {name} is sub-sampled; expected every pixel")
        if not 0 <= kind < len(_TYPES):
            raise ExrError(f"channel {name} is of unknown type {kind}")
        channels.append((name, _TYPES[kind]))
    return tuple(channels)


def _pixels(
    data: bytes, part: _Part, offsets: NDArray[np.uint64], head: tuple[int, ...]
) -> dict[str, NDArray[Any]]:
    """Return the channels (H, W) of one part.

    Each row is a block: the part's number where ``head`` has it, the row, the number of
    bytes, then the row of each channel in turn.
    """
    head_bytes = 4 * (len(head) + 2)
    block_bytes = head_bytes + part.row_bytes
    if int(offsets.min()) == 0 or int(offsets.max()) + block_bytes > len(data):
        raise ExrError("cut short: not all rows are there")
    blocks = np.stack(
        [np.frombuffer(data, np.uint8, block_bytes, int(place)) for place in offsets]
    )
    heads = blocks[:, :head_bytes].view("<i4")
    rows = heads[:, -2].astype(np.int64) - part.first_row
    is_whole = np.array_equal(np.sort(rows), np.arange(part.height))
    if not is_whole or (heads[:, -1] != part.row_bytes).any():
        raise ExrError("broken: rows are missing or have the wrong size")
    if head and (heads[:, 0] != head[0]).any():
        raise ExrError("broken: a row belongs to another part")
    pixels = np.empty((part.height, part.row_bytes), np.uint8)
    pixels[rows] = blocks[:, head_bytes:]
    channels: dict[str, NDArray[Any]] = {}
    start = 0
    for name, dtype in part.channels:
        end = start + part.width * dtype.itemsize
        channels[name] = np.ascontiguousarray(pixels[:, start:end]).view(dtype)
        start = end
    return channels


def write_exr(path: Path, linear_rgb: NDArray[np.floating]) -> None:
    """Write a picture (H, W, 3) as uncompressed float channels R, G and B.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    height, width = linear_rgb.shape[:2]
    window = struct.pack("<4i", 0, 0, width - 1, height - 1)
    channel = struct.pack("<4i", _FLOAT, 0, 1, 1)
    attributes = (
        ("channels", "chlist", b"".join(b"%c\0" % c + channel for c in b"BGR") + b"\0"),
        ("compression", "compression", b"\0"),
        ("dataWindow", "box2i", window),
        ("displayWindow", "box2i", window),
        ("lineOrder", "lineOrder", b"\0"),
        ("pixelAspectRatio", "float", struct.pack("<f", 1.0)),
        ("screenWindowCenter", "v2f", struct.pack("<2f", 0.0, 0.0)),
        ("screenWindowWidth", "float", struct.pack("<f", 1.0)),
    )
    header = struct.pack("<ii", _MAGIC, _VERSION)
    for name, kind, value in attributes:
        header += f"{name}\0{kind}\0".encode() + struct.pack("<i", len(value)) + value
    header += b"\0"
    blocks = np.empty(
        height, [("row", "<i4"), ("bytes", "<i4"), ("pixels", "<f4", (3, width))]
    )
    blocks["row"] = np.arange(height)
    blocks["bytes"] = 12 * width
    blocks["pixels"] = linear_rgb[..., ::-1].transpose(0, 2, 1)
    first = len(header) + 8 * height
    offsets = first + np.arange(height, dtype="<u8") * np.uint64(blocks.itemsize)
    path.write_bytes(header + offsets.astype("<u8").tobytes() + blocks.tobytes())
