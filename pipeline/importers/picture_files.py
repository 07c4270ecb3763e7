"""Pictures of strangers: PNG, JPEG and EXR, checked before they are decoded."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path
from typing import Any, NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from dp_model.radiometry import decode_srgb
from pipeline.errors import UserError
from pipeline.importers.checks import check_side, same_in_all
from pipeline.importers.exr_files import exr_colour
from pipeline.importers.placement import Placed

ENCODED_SUFFIXES = (".png", ".jpg", ".jpeg")
COLOUR_SUFFIXES = (*ENCODED_SUFFIXES, ".exr")

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_TYPES = {0: "grey", 2: "RGB", 3: "palette", 4: "grey and alpha", 6: "RGBA"}
_RGB_TYPES = ("RGB", "RGBA")
_GREY_TYPES = ("grey", "grey and alpha")
_ORIENTATION = 274  # tag of EXIF
_UPRIGHT = 1


class PictureKind(NamedTuple):
    """What the first bytes of a picture say of it.

    Parameters
    ----------
    is_grey : bool
    bits : int
        Per channel.
    orientation : int
        As EXIF counts; 1 is upright.
    """

    is_grey: bool
    bits: int
    orientation: int = _UPRIGHT

    @property
    def is_turned(self) -> bool:
        """Whether it is meant to be turned or mirrored before it is shown."""
        return self.orientation != _UPRIGHT


def read_bytes(path: Path) -> bytes:
    """Return the contents of a file.

    Raises
    ------
    UserError
        If it can't be read, or is none: a pipe or a device might never end.
    """
    try:
        if path.exists() and not path.is_file():
            raise UserError(f"{path}: not a plain file")
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None


def picture_kind(path: Path) -> PictureKind:
    """Return what the head of a PNG or JPEG says; the rest may be broken.

    Raises
    ------
    UserError
        If there is no such head.
    """
    if path.suffix.lower() != ".png":
        return _jpeg_kind(path)
    try:
        with path.open("rb") as file:
            head = file.read(33)
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    if len(head) < 33 or not head.startswith(_PNG_SIGNATURE):
        raise UserError(f"{path}: not a complete PNG file")
    bits, colour_type = head[24], head[25]
    return PictureKind(_PNG_TYPES.get(colour_type) in _GREY_TYPES, bits)


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


def read_code_png(path: Path) -> NDArray[Any]:
    """Return the whole numbers of a PNG of one channel, or of three that are the same.

    Raises
    ------
    UserError
        If the file is broken or of another kind, or its channels differ.
    """
    types = (*_GREY_TYPES, *_RGB_TYPES)
    picture = _decoded_png(path, types, (8, 16), "8 or 16 bits, one channel")
    if picture.ndim == 2:
        return picture
    channels = dict(zip("BGR", np.moveaxis(picture[..., :3], -1, 0), strict=True))
    alpha = picture[..., 3] if picture.shape[2] == 4 else None
    return same_in_all(path, channels, alpha, np.iinfo(picture.dtype).max)


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

    Raises
    ------
    UserError
        If the file is broken or not a picture.
    """
    return read_placed_colour(path).values


def read_placed_colour(path: Path) -> Placed:
    """Return scene-linear Rec.709 colour, (H, W, 3) float32, and where it lies.

    PNG (8 or 16 bits; alpha is left out) and JPEG are decoded from sRGB; EXR is
    linear as it is. Grey pictures have three equal channels.

    Raises
    ------
    UserError
        If the file is broken or not a picture.
    """
    suffix = path.suffix.lower()
    if suffix == ".exr":
        return exr_colour(path)
    picture = _read_colour_png(path) if suffix == ".png" else _read_jpeg(path)
    full = np.float32(np.iinfo(picture.dtype).max)
    return Placed.unstated(decode_srgb(picture.astype(np.float32) / full))


def _read_colour_png(path: Path) -> NDArray[Any]:
    types = (*_RGB_TYPES, *_GREY_TYPES)
    picture = _decoded_png(path, types, (8, 16), "8 or 16-bit RGB or grey")
    if picture.ndim == 2:
        return np.repeat(picture[..., None], 3, axis=-1)
    return np.ascontiguousarray(picture[..., 2::-1])


_JPEG_ERRORS = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


def _read_jpeg(path: Path) -> NDArray[np.uint8]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is too large is refused below
            with Image.open(path, formats=("JPEG",)) as picture:
                check_side(path, *picture.size)
                if picture.mode not in ("RGB", "L"):
                    raise UserError(f"{path}: {picture.mode} JPEG; expected RGB")
                return np.asarray(picture.convert("RGB"))
    except _JPEG_ERRORS as error:
        raise UserError(f"{path}: not a complete JPEG file ({error})") from None


def _jpeg_kind(path: Path) -> PictureKind:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=("JPEG",)) as picture:
                orientation = picture.getexif().get(_ORIENTATION, _UPRIGHT)
                return PictureKind(picture.mode == "L", 8, orientation)
    except (*_JPEG_ERRORS, KeyError, TypeError, struct.error) as error:
        raise UserError(f"{path}: not a complete JPEG file ({error})") from None
