"""Picture files of a dataset: 16-bit PNG colour, float EXR geometry; atomic."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import FrameError, atomic_path, read_exr, write_exr
from pipeline.errors import UserError

MAP_CHANNELS = ("Y", "Z")
PNG_COMPRESSION = 3  # level 9 is a tenth smaller and several times slower
PNG_END = b"IEND\xaeB`\x82"  # OpenCV decodes a truncated file without complaint


def write_png(path: Path, rgb: NDArray[np.uint16]) -> None:
    """Write an (H, W, 3) uint16 picture as RGB PNG."""
    settings = [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION]
    done, data = cv2.imencode(".png", rgb[..., ::-1], settings)
    if not done:
        raise UserError(f"{path}: OpenCV could not encode this picture as PNG")
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_path(path) as partial:
        partial.write_bytes(data.tobytes())


def write_map(path: Path, values: NDArray[np.float32], channel: str) -> None:
    """Write an (H, W) float32 map as an EXR with one named channel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_exr(path, {channel: values})


def read_png(path: Path) -> NDArray[np.uint16]:
    """Return an RGB picture, (H, W, 3) uint16.

    Raises
    ------
    UserError
        If the file is missing, broken or not a 16-bit colour PNG.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: {error.strerror}") from None
    if not data.endswith(PNG_END):
        raise UserError(f"{path}: not a complete PNG file")
    buffer = np.frombuffer(data, np.uint8)
    try:
        picture = cast("cv2.Mat | None", cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED))
    except cv2.error:  # for sizes that it takes for an attack
        picture = None
    if picture is None:
        raise UserError(f"{path}: not a readable PNG file")
    if picture.ndim != 3 or picture.dtype != np.uint16:
        raise UserError(f"{path}: {picture.dtype} picture; expected 16-bit RGB")
    return picture[..., ::-1].astype(np.uint16)


def read_map(path: Path) -> NDArray[np.float32]:
    """Return a one-channel EXR, (H, W) float32; the depth of schema 2 is called Z.

    Raises
    ------
    FrameError
        If the file is missing or not a complete EXR.
    UserError
        If it has other channels than one called Y or Z.
    """
    channels = read_exr(path)
    if len(channels) != 1 or not channels.keys() <= set(MAP_CHANNELS):
        raise UserError(
            f"{path}: channels {', '.join(channels)}; expected one, called "
            f"{' or '.join(MAP_CHANNELS)}"
        )
    (values,) = channels.values()
    return values.astype(np.float32)


def is_readable(path: Path) -> bool:
    """Tell whether a picture is there and decodes whole."""
    try:
        if path.suffix == ".png":
            read_png(path)
        else:
            read_map(path)
    except (UserError, FrameError):
        return False
    return True
