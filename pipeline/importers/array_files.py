"""Numbers of strangers: .npy, Middlebury flow and Sintel depth, HDF5; no pickles."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from pipeline.errors import UserError
from pipeline.importers.picture_files import check_side, read_bytes

FLOAT_TAG = struct.pack("<f", 202021.25)  # the letters PIEH
_HEADER_BYTES = 12
_HDF5_DATASET = "dataset"


def read_npy(path: Path, channels: int | None = None) -> NDArray[Any]:
    """Return an array of real numbers, (H, W) or (H, W, channels).

    Raises
    ------
    UserError
        If the file is broken, holds objects, or another shape or type.
    """
    try:  # mapped, so that a header that lies about the size costs no memory
        array: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError, SyntaxError) as error:
        raise UserError(f"{path}: not a complete .npy file ({error})") from None
    if isinstance(array, NpzFile):
        array.close()
        raise UserError(f"{path}: an archive of arrays; expected one array (.npy)")
    _check_array(path, array, channels)
    return np.array(array, order="C")


def _check_array(path: Path, array: Any, channels: int | None) -> None:
    expected = "height x width" + (f" x {channels}" if channels else "")
    tail = (channels,) if channels else ()
    if array.ndim != 2 + len(tail) or tuple(array.shape[2:]) != tail:
        raise UserError(f"{path}: shape {tuple(array.shape)}; expected {expected}")
    if not np.issubdtype(array.dtype, np.floating):
        raise UserError(f"{path}: numbers of type {array.dtype}; expected floats")
    check_side(path, *array.shape[:2])


def read_tagged_floats(path: Path, channels: int) -> NDArray[np.float32]:
    """Return a Sintel ``.dpt`` (1 channel) or Middlebury ``.flo`` (2), (H, W, C).

    Little-endian: the float 202021.25, width and height as int32, then float32 row by
    row.

    Raises
    ------
    UserError
        If the tag or the length is wrong.
    """
    data = read_bytes(path)
    if len(data) < _HEADER_BYTES or not data.startswith(FLOAT_TAG):
        raise UserError(
            f"{path}: does not begin with the number 202021.25; not a "
            f"{path.suffix} file"
        )
    width, height = struct.unpack_from("<ii", data, 4)
    check_side(path, width, height)
    expected = _HEADER_BYTES + 4 * width * height * channels
    if len(data) != expected:
        raise UserError(
            f"{path}: {len(data)} bytes; expected {expected} for {width} x {height} "
            "pixels. Truncated?"
        )
    values = np.frombuffer(data, "<f4", offset=_HEADER_BYTES)
    return values.astype(np.float32).reshape(height, width, channels)


def read_hdf5(path: Path, channels: int | None = None) -> NDArray[Any]:
    """Return the array called ``dataset`` of an HDF5 file, (H, W) or (H, W, C).

    Raises
    ------
    UserError
        If the file is broken, points at other files, or holds anything else.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        with h5py.File(path, "r") as file:
            link = file.get(_HDF5_DATASET, getlink=True)
            if not isinstance(link, h5py.HardLink):
                raise UserError(
                    f"{path}: no array called {_HDF5_DATASET!r} in the file itself"
                )
            array = file[_HDF5_DATASET]
            if not isinstance(array, h5py.Dataset):
                raise UserError(f"{path}: {_HDF5_DATASET!r} is not an array")
            if array.external or array.is_virtual:
                raise UserError(f"{path}: the numbers lie in other files")
            _check_array(path, array, channels)
            return array[()]
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise UserError(f"{path}: not a readable HDF5 file ({error})") from None
