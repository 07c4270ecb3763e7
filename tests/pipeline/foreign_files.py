"""Writes files of other people's formats, byte by byte, for the importers to read."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import h5py
import numpy as np
import OpenEXR
from numpy.typing import NDArray

PNG_TYPE_OF_CHANNELS = {1: 0, 3: 2, 4: 6}


def write_png(path: Path, values: Any, bits: int = 8) -> Path:
    """Write (H, W), (H, W, 3) or (H, W, 4) whole numbers, channels in RGB order."""
    pixels = np.asarray(values)
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    rows = pixels.astype(">u2" if bits == 16 else "u1")
    return write_png_chunks(
        path,
        (rows.shape[1], rows.shape[0], bits, PNG_TYPE_OF_CHANNELS[channels]),
        b"".join(b"\0" + row.tobytes() for row in rows),  # filter 0: as it is
    )


def write_palette_png(path: Path, values: Any) -> Path:
    """Write a palette picture whose colours are greys."""
    rows = np.asarray(values).astype("u1")
    palette = bytes(np.repeat(np.arange(256, dtype=np.uint8), 3))
    return write_png_chunks(
        path,
        (rows.shape[1], rows.shape[0], 8, 3),
        b"".join(b"\0" + row.tobytes() for row in rows),
        palette,
    )


def write_png_chunks(
    path: Path,
    header: tuple[int, int, int, int],
    raw: bytes,
    palette: bytes | None = None,
) -> Path:
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", *header, 0, 0, 0))]
    if palette is not None:
        chunks.append((b"PLTE", palette))
    chunks += [(b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    data = b"\x89PNG\r\n\x1a\n"
    for name, body in chunks:
        data += struct.pack(">I", len(body)) + name + body
        data += struct.pack(">I", zlib.crc32(name + body))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def write_floats(path: Path, values: Any) -> Path:
    """Write (H, W) depth as .dpt, or (H, W, 2) flow as .flo."""
    array = np.asarray(values, "<f4")
    height, width = array.shape[:2]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PIEH" + struct.pack("<ii", width, height) + array.tobytes())
    return path


def write_npy(path: Path, values: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.save(path, np.asarray(values))
    return path


def write_hdf5(path: Path, values: NDArray[Any], name: str = "dataset") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file.create_dataset(name, data=values)
    return path


Window = tuple[int, int, int, int]  # first column, first row, columns, rows


def write_any_exr(
    path: Path,
    channels: dict[str, Any],
    data: Window | None = None,
    display: Window | None = None,
    **header: Any,
) -> Path:
    """Write channels by name, at a place of a picture; float32 unless they are ids."""
    path.parent.mkdir(parents=True, exist_ok=True)
    OpenEXR.File(_exr_header(data, display) | header, _exr_pixels(channels)).write(
        str(path)
    )
    return path


def write_exr_parts(path: Path, parts: dict[str, dict[str, Any]]) -> Path:
    """Write an EXR of several parts, each with its channels by their whole names."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [
        OpenEXR.Part(_exr_header(None, None) | {"name": name}, _exr_pixels(some), name)
        for name, some in parts.items()
    ]
    OpenEXR.File(made).write(str(path))
    return path


def _exr_header(data: Window | None, display: Window | None) -> dict[str, Any]:
    header: dict[str, Any] = {
        "compression": OpenEXR.ZIP_COMPRESSION,
        "type": OpenEXR.scanlineimage,
    }
    for name, window in (("dataWindow", data), ("displayWindow", display or data)):
        if window is not None:
            x, y, width, height = window
            header[name] = (
                np.array([x, y], np.int32),
                np.array([x + width - 1, y + height - 1], np.int32),
            )
    return header


def _exr_pixels(channels: dict[str, Any]) -> dict[str, NDArray[Any]]:
    return {
        name: np.ascontiguousarray(
            values,
            None if np.asarray(values).dtype in (np.uint32, np.float16) else np.float32,
        )
        for name, values in channels.items()
    }


def write_tiff(path: Path, values: Any) -> Path:
    """Write (H, W) numbers, or (H, W, C) with channels in RGB order."""
    array = np.asarray(values)
    path.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(".tiff", array[..., ::-1] if array.ndim == 3 else array)
    assert done
    path.write_bytes(data.tobytes())
    return path


def write_npz(path: Path, **arrays: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    return path


def colours(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """Return an 8-bit RGB picture without any symmetry."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, 3), dtype=np.uint8)


def synthia_sf(
    root: Path, sequences: int = 3, frames: int = 2, size: tuple[int, int] = (48, 32)
) -> Path:
    """Write a stand-in of SYNTHIA-SF: a street that goes into depth under a sky."""
    width, height = size
    for sequence in range(1, sequences + 1):
        folder = root / f"SEQ{sequence}"
        for frame in range(frames):
            name = f"{frame:07d}.png"
            picture = colours(height, width, 10 * sequence + frame)
            write_png(folder / "RGBLeft" / name, picture)
            code = np.zeros((height, width, 3), np.uint8)
            code[..., 2] = 1  # 3.9 m
            code[:, : width // 2, 2] = 12  # 46.9 m
            code[: height // 4] = 255
            write_png(folder / "DepthLeft" / name, code)
            label = np.zeros((height, width, 3), np.uint8)
            label[..., 0] = 14
            label[: height // 4, :, 0] = 11
            write_png(folder / "GTLeft" / name, label)
    return root
