"""PNG pictures of a data set, checked, and decoded once where there is room for it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from rdpd.own_names import partial_path

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_END = b"IEND\xaeB`\x82"  # OpenCV decodes a truncated file without complaint
EVERYTHING = slice(None)

Picture = NDArray[Any]


class DataError(Exception):
    """Data that cannot be trained on; the message names the file or folder and why."""


class Pictures:
    """Reads parts of PNG files.

    Parameters
    ----------
    cache : Path, optional
        Folder for decoded pictures, six bytes a pixel. A patch of one is read from
        disk in a millisecond, where decoding a whole picture takes a hundred.
    """

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = cache

    def read(
        self,
        path: Path,
        rows: slice = EVERYTHING,
        columns: slice = EVERYTHING,
        sha256: str | None = None,
    ) -> NDArray[np.float32]:
        """Return a part of a picture, (3, h, w) RGB in [0, 1], encoded as it is stored.

        Parameters
        ----------
        path : Path
            PNG of 8 or 16 bits.
        rows, columns : slice
        sha256 : str, optional
            Checksum that the file must have; looked at when it is decoded.

        Raises
        ------
        DataError
            If the file is missing, broken, changed, or not RGB.
        """
        if self._cache is None:
            picture = decoded_png(path, sha256)
        else:
            picture = self._cached(self._cache, path, sha256)
        part = np.moveaxis(picture[rows, columns], -1, 0)
        return part.astype(np.float32) / np.float32(np.iinfo(picture.dtype).max)

    def _cached(self, cache: Path, path: Path, sha256: str | None) -> Picture:
        key = sha256 or _state_of(path)
        kept = cache / key[:2] / f"{key}.npy"
        picture = _kept_picture(kept)
        if picture is not None:
            return picture
        picture = decoded_png(path, sha256)
        # Several workers, on several hosts, may decode the same picture.
        part = partial_path(kept)
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            np.save(part, picture)
            part.replace(kept)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise DataError(
                f"{kept}: {error.strerror}; decoded pictures need six bytes a pixel"
            ) from None
        return picture


def _kept_picture(kept: Path) -> Picture | None:
    """Return a decoded picture; None where it is missing, or no longer one."""
    try:
        picture = np.load(kept, mmap_mode="r")
    except (OSError, EOFError, ValueError):
        return None
    is_picture = picture.ndim == 3 and picture.dtype in (np.uint8, np.uint16)
    return picture if is_picture else None


def decoded_png(path: Path, sha256: str | None = None) -> Picture:
    """Return a picture, (H, W, 3) RGB, uint8 or uint16.

    Raises
    ------
    DataError
        If the file is missing, broken, changed, or not RGB.
    """
    data = _bytes_of(path)
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise DataError(f"{path}: checksum differs from the manifest; it was changed")
    if not data.endswith(PNG_END):
        raise DataError(f"{path}: not a complete PNG file")
    buffer = np.frombuffer(data, np.uint8)
    try:
        picture = cast("cv2.Mat | None", cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED))
    except cv2.error:  # for sizes that it takes for an attack
        picture = None
    if picture is None:
        raise DataError(f"{path}: not a readable PNG file")
    if picture.ndim != 3 or picture.shape[2] != 3:
        channels = 1 if picture.ndim == 2 else picture.shape[2]
        raise DataError(f"{path}: {channels} channels; expected an RGB picture")
    return np.ascontiguousarray(picture[..., ::-1])


def png_size(path: Path) -> tuple[int, int]:
    """Return height and width, from the first bytes of the file.

    Raises
    ------
    DataError
        If it is missing or not PNG.
    """
    try:
        with path.open("rb") as file:
            head = file.read(24)
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from None
    if len(head) < 24 or not head.startswith(PNG_START):
        raise DataError(f"{path}: not a PNG file")
    width, height = (int.from_bytes(head[at : at + 4], "big") for at in (16, 20))
    return height, width


def file_sha256(path: Path) -> str:
    """Return the checksum of a file.

    Raises
    ------
    DataError
        If it cannot be read.
    """
    return hashlib.sha256(_bytes_of(path)).hexdigest()


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from None


def _state_of(path: Path) -> str:
    """Return a name for a file as it now is."""
    try:
        state = path.stat()
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from None
    text = f"{path.resolve()} {state.st_size} {state.st_mtime_ns}"
    return hashlib.sha256(text.encode()).hexdigest()
