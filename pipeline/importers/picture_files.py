"""Pictures of strangers: PNG, JPEG and EXR, checked before they are decoded."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import OpenEXR
from numpy.typing import NDArray
from PIL import Image

from blender_scenes.frames import FrameError, read_exr
from dp_model.radiometry import decode_srgb
from pipeline.errors import UserError

MAX_SIDE_PX = 16384
ENCODED_SUFFIXES = (".png", ".jpg", ".jpeg")
COLOUR_SUFFIXES = (*ENCODED_SUFFIXES, ".exr")

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_TYPES = {0: "grey", 2: "RGB", 3: "palette", 4: "grey and alpha", 6: "RGBA"}
_RGB_TYPES = ("RGB", "RGBA")


def read_bytes(path: Path) -> bytes:
    """Return the contents of a file.

    Raises
    ------
    UserError
        If it can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None


def check_side(path: Path, *sides: int) -> None:
    """Refuse pictures too large to be meant.

    Raises
    ------
    UserError
        If a side is not 1 to 16384 pixels.
    """
    if not all(1 <= side <= MAX_SIDE_PX for side in sides):
        shown = " x ".join(str(side) for side in sides)
        raise UserError(f"{path}: {shown} pixels; expected sides of 1 to {MAX_SIDE_PX}")


def read_rgb_png(path: Path, bits: int | None = None) -> NDArray[Any]:
    """Return the whole numbers of an RGB(A) PNG, (H, W, 3) uint8 or uint16.

    Parameters
    ----------
    path : Path
    bits : {8, 16} or None
        Depth per channel that is expected; None takes both.

    Raises
    ------
    UserError
        If the file is broken or of another kind.
    """
    wanted = (8, 16) if bits is None else (bits,)
    expected = f"{' or '.join(str(b) for b in wanted)}-bit RGB"
    picture = _decoded_png(path, _RGB_TYPES, wanted, expected)
    return np.ascontiguousarray(picture[..., 2::-1])


def read_grey_png(path: Path) -> NDArray[np.uint16]:
    """Return the whole numbers of a 16-bit PNG of one channel, (H, W).

    Raises
    ------
    UserError
        If the file is broken or of another kind.
    """
    return _decoded_png(path, ("grey",), (16,), "16-bit, one channel")


def _decoded_png(
    path: Path, types: tuple[str, ...], bits: tuple[int, ...], expected: str
) -> NDArray[Any]:
    data = read_bytes(path)
    kind, depth = _checked_png(path, data)
    if kind not in types or depth not in bits:
        raise UserError(f"{path}: {depth}-bit {kind} PNG; expected {expected}")
    buffer = np.frombuffer(data, np.uint8)
    picture = cast("cv2.Mat | None", cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED))
    if picture is None or (picture.ndim == 2) != (kind == "grey"):
        raise UserError(f"{path}: not a readable PNG file")
    return cast("NDArray[Any]", picture)


def _checked_png(path: Path, data: bytes) -> tuple[str, int]:
    """Return colour type and bit depth of a PNG whose chunks are all whole.

    OpenCV decodes truncated and damaged files without complaint.
    """
    broken = UserError(f"{path}: not a complete PNG file")
    if not data.startswith(_PNG_SIGNATURE):
        raise broken
    header, position, name = b"", len(_PNG_SIGNATURE), b""
    while name != b"IEND":
        if position + 12 > len(data):
            raise broken
        (length,) = struct.unpack_from(">I", data, position)
        name = data[position + 4 : position + 8]
        body = data[position + 4 : position + 8 + length]
        checksum = data[position + 8 + length : position + 12 + length]
        if checksum != struct.pack(">I", zlib.crc32(body)):
            raise broken
        header = header or body[4:]
        position += 12 + length
    if len(header) != 13:
        raise broken
    width, height, depth, colour_type = struct.unpack_from(">IIBB", header)
    check_side(path, width, height)
    return _PNG_TYPES.get(colour_type, "unknown"), depth


def read_colour(path: Path) -> NDArray[np.float32]:
    """Return scene-linear Rec.709 colour, (H, W, 3).

    PNG (8 or 16 bits; alpha is left out) and JPEG are decoded from sRGB; EXR is
    linear as it is.

    Raises
    ------
    UserError
        If the file is broken or not a colour picture.
    """
    suffix = path.suffix.lower()
    if suffix == ".exr":
        channels = read_checked_exr(path)
        missing = [name for name in "RGB" if name not in channels]
        if missing:
            raise UserError(f"{path}: no channel {', '.join(missing)}; expected R G B")
        return np.stack([channels[c] for c in "RGB"], axis=-1).astype(np.float32)
    picture = read_rgb_png(path) if suffix == ".png" else _read_jpeg(path)
    full = np.float32(np.iinfo(picture.dtype).max)
    return decode_srgb(picture.astype(np.float32) / full)


def _read_jpeg(path: Path) -> NDArray[np.uint8]:
    try:
        with (
            warnings.catch_warnings(),
            Image.open(path, formats=("JPEG",)) as picture,
        ):
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            check_side(path, *picture.size)
            if picture.mode != "RGB":
                raise UserError(f"{path}: {picture.mode} JPEG; expected RGB")
            return np.asarray(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(f"{path}: not a complete JPEG file ({error})") from None


def read_checked_exr(path: Path) -> dict[str, NDArray[Any]]:
    """Return the channels of an EXR by name, each (H, W).

    Raises
    ------
    UserError
        If it is broken, too large, or its channels differ in size.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        with OpenEXR.File(str(path), header_only=True) as file:
            corners = file.header()["dataWindow"]
        width, height = (int(side) for side in corners[1] - corners[0] + 1)
        check_side(path, width, height)
        channels = read_exr(path)
    except (RuntimeError, ValueError, OSError, FrameError) as error:
        cause = str(error).removeprefix(f"{path}: ")
        raise UserError(f"{path}: not a readable EXR file ({cause})") from None
    if len({values.shape for values in channels.values()}) != 1:
        raise UserError(f"{path}: channels of several sizes; expected one")
    return channels
