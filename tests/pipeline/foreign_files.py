"""Writes files of other people's formats, byte by byte, for the importers to read."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import h5py
import numpy as np
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
