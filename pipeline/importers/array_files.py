"""Numbers of strangers: .npy, Middlebury flow and Sintel depth, HDF5; no pickles."""

from __future__ import annotations

import lzma
import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import h5py
import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from pipeline.errors import UserError
from pipeline.importers.checks import check_side, same_in_all
from pipeline.importers.picture_files import read_bytes

FLOAT_TAG = struct.pack("<f", 202021.25)  # the letters PIEH
_HEADER_BYTES = 12
_HDF5_DATASET = "dataset"
_DEPTH_WORD = "depth"
_NPY: Any = np.lib.format  # without types
_BROKEN_NPY = (
    *(OSError, ValueError, EOFError, SyntaxError, TypeError, KeyError, IndexError),
    *(OverflowError, MemoryError, RecursionError, AttributeError),
    *(tokenize.TokenError, struct.error),
)
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, RuntimeError),  # packed or locked in ways not known here
)


def read_npy(path: Path, channels: int | None = None) -> NDArray[Any]:
    """Return an array of real numbers, (H, W) or (H, W, channels).

    Raises
    ------
    UserError
        If the file is broken, holds objects, or another shape or type.
    """
    array = _mapped_npy(path)
    _check_array(path, array, channels)
    return np.array(array, order="C")


def read_npy_depth(path: Path) -> NDArray[Any]:
    """Return the numbers of an array of depth, (H, W), whole or not.

    Axes of 1 before or after the two are left out, channels that are the same too.

    Raises
    ------
    UserError
        If the file is broken, holds objects, or another shape or type.
    """
    return _depth_plane(path, _mapped_npy(path))


def has_whole_numbers(path: Path) -> bool:
    """Tell whether an array holds whole numbers, by its header.

    Raises
    ------
    UserError
        If the file is broken.
    """
    return _mapped_npy(path).dtype.kind in "ui"


def read_npz_depth(path: Path) -> NDArray[Any]:
    """Return the numbers of the only array of an archive, or of that called depth.

    Raises
    ------
    UserError
        If the archive is broken, or it is not clear which array is meant.
    """
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(path) as archive:
            warnings.simplefilter("ignore")
            name = _depth_member(path, archive.namelist())
            with archive.open(name) as file:  # a header may lie about the size
                _check_depth_shape(path, *_npy_header(file))
            with archive.open(name) as file:
                array = _NPY.read_array(file, allow_pickle=False)
    except (*_BROKEN_NPY, *_BROKEN_ZIP) as error:
        raise UserError(f"{path}: not a complete .npz file ({error})") from None
    return _depth_plane(path, array)


def _mapped_npy(path: Path) -> NDArray[Any]:
    if not path.is_file():
        raise UserError(f"{path}: no such file")
    try:  # mapped, so that a header that lies about the size costs no memory
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of headers that Python 2 wrote
            array: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    except (*_BROKEN_NPY, *_BROKEN_ZIP) as error:
        # The tokenizer's error is a pair of words and place.
        words = error.args[0] if isinstance(error, tokenize.TokenError) else error
        cause = " ".join(str(words).split())
        raise UserError(f"{path}: not a complete .npy file ({cause})") from None
    if isinstance(array, NpzFile):
        array.close()
        raise UserError(f"{path}: an archive of arrays; expected one array (.npy)")
    return array


def _npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = _NPY.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise ValueError(f"version {version}")
    short = version == (1, 0)
    read = _NPY.read_array_header_1_0 if short else _NPY.read_array_header_2_0
    shape, _, dtype = read(file)
    return shape, dtype


def _depth_member(path: Path, names: Sequence[str]) -> str:
    named = [name for name in names if _DEPTH_WORD in Path(name).stem.casefold()]
    for some in (names, named):
        if len(some) == 1:
            return some[0]
    shown = ", ".join(Path(name).stem for name in names[:8]) or "none"
    raise UserError(f"{path}: arrays {shown}; expected one, or one called depth")


def _check_depth_shape(
    path: Path, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> None:
    if dtype.kind not in "uif":
        raise UserError(f"{path}: numbers of type {dtype}; expected real numbers")
    kept = _without_ones(shape)
    if len(kept) != 2 and not (len(kept) == 3 and kept[2] == 3):
        raise UserError(f"{path}: shape {shape}; expected height x width")
    check_side(path, *kept[:2])


def _without_ones(shape: tuple[int, ...]) -> tuple[int, ...]:
    kept = list(shape)
    while len(kept) > 2 and kept[-1] == 1:
        kept.pop()
    while len(kept) > 2 and kept[0] == 1:
        kept.pop(0)
    return tuple(kept)


def _depth_plane(path: Path, array: NDArray[Any]) -> NDArray[Any]:
    _check_depth_shape(path, array.shape, array.dtype)
    plane = np.array(array, order="C").reshape(_without_ones(array.shape))
    if plane.ndim == 2:
        return plane
    channels = np.moveaxis(plane, -1, 0)
    return same_in_all(path, dict(zip("012", channels, strict=True)))


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
