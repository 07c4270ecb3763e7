"""The frame folder: one RGB-D sequence on disk, whatever its source.

A folder holds one EXR per frame and ``frames.json``, written last: a folder
without it is unfinished. NumPy and, where a file is read or written, OpenEXR; no bpy.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from reprlib import repr as shortly
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from blender_scenes.notes import Note
from blender_scenes.own_names import partial_path

FORMAT_VERSION = 4  # 4: notes
READABLE_FORMATS = (3, FORMAT_VERSION)
MANIFEST_NAME = "frames.json"

# SYNTHIA-SF class ids and names.
LABELS = {
    0: "Void",
    1: "Road",
    2: "Sidewalk",
    3: "Building",
    4: "Wall",
    5: "Fence",
    6: "Pole",
    7: "TrafficLight",
    8: "TrafficSign",
    9: "Vegetation",
    10: "Terrain",
    11: "Sky",
    12: "Person",
    13: "Rider",
    14: "Car",
    15: "Truck",
    16: "Bus",
    17: "Train",
    18: "Motorcycle",
    19: "Bicycle",
    20: "RoadLines",
    21: "Other",
    22: "RoadWorks",
}
LABEL_IDS = {name: number for number, name in LABELS.items()}

HIDDEN_RGB = ("R2", "G2", "B2")


class FrameError(ValueError):
    """A frame file or folder is missing, broken or holds impossible values."""


@dataclass(frozen=True)
class Frame:
    """One all-in-focus picture with its geometry; H, W include the margin.

    Parameters
    ----------
    linear_rgb : ndarray (H, W, 3) float32
        Scene-linear Rec.709 radiance, >= 0.
    depth_m : ndarray (H, W) float32
        Planar depth along the optical axis, metres, > 0; sky = +inf.
    label, instance : ndarray (H, W) uint32
        Semantic class (`LABELS`) and object number.
    flow_px : ndarray (H, W, 2) float32 or None
        Forward optical flow, columns then rows, pixels to the next frame; NaN where
        an imported source knows none, or where it means nothing.
    hidden_rgb : ndarray (H, W, 3) float32 or None
        Radiance of the second surface along the ray, behind the first; >= 0.
    hidden_depth_m : ndarray (H, W) float32 or None
        Its planar depth, metres, > depth_m; +inf where it is the sky, NaN where there
        is none, or none is needed.
    """

    linear_rgb: NDArray[np.float32]
    depth_m: NDArray[np.float32]
    label: NDArray[np.uint32]
    instance: NDArray[np.uint32]
    flow_px: NDArray[np.float32] | None = None
    hidden_rgb: NDArray[np.float32] | None = None
    hidden_depth_m: NDArray[np.float32] | None = None

    @property
    def hidden(self) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Colour and depth of the second surface, as `render_dual_pixel` takes it."""
        if self.hidden_rgb is None or self.hidden_depth_m is None:
            return None
        return self.hidden_rgb, self.hidden_depth_m


@dataclass(frozen=True)
class FrameEntry:
    """One row of the manifest.

    ``intrinsics`` is the 3x3 pinhole matrix K of the stored picture, margin
    included, in pixels with pixel centres at half-integers; ``world_from_camera``
    is 4x4, camera axes as in OpenCV (x right, y down, z forward), metres. An imported
    source may know neither: None.
    """

    number: int
    file: str
    sha256: str
    bytes: int
    intrinsics: list[list[float]] | None
    world_from_camera: list[list[float]] | None


@dataclass(frozen=True)
class FrameSequence:
    """Contents of ``frames.json``.

    Parameters
    ----------
    source : dict
        What made the frames: scene specification or importer and its settings.
    fps : float or None
        Frames per second; None where the source does not say.
    size : tuple of int
        Width and height of the picture without its margin, pixels.
    margin_px : int
        Overscan on every side, pixels.
    encoded_source : bool
        True where colour was linearised from an encoded (8- or 16-bit) source.
    versions : dict
        Libraries that made the pixels.
    instances : dict
        Instance number (as text) -> name and label of the object.
    frames : tuple of FrameEntry
    notes : tuple of Note
        What might surprise whoever uses them.
    """

    source: dict[str, Any]
    fps: float | None
    size: tuple[int, int]
    margin_px: int
    encoded_source: bool
    versions: dict[str, str]
    frames: tuple[FrameEntry, ...]
    instances: dict[str, dict[str, Any]] = field(default_factory=lambda: {})
    notes: tuple[Note, ...] = ()
    colour_space: str = "scene-linear Rec.709"
    format_version: int = FORMAT_VERSION

    def save(self, folder: Path, manifest_name: str = MANIFEST_NAME) -> None:
        """Write ``frames.json`` into the folder, atomically."""
        text = json.dumps(dataclasses.asdict(self), indent=1, sort_keys=True)
        with atomic_path(folder / manifest_name) as partial:
            partial.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, manifest_name: str = MANIFEST_NAME) -> FrameSequence:
        """Return the manifest of a finished frame folder.

        Raises
        ------
        FrameError
            If ``frames.json`` is missing, unreadable, of another format, or was edited
            into nonsense.
        """
        path = folder / manifest_name
        try:
            data: Any = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise FrameError(
                f"{path}: missing; this sequence is not finished"
            ) from None
        except OSError as error:
            raise FrameError(f"{path}: {error.strerror}") from None
        except (ValueError, RecursionError) as error:
            raise FrameError(f"{path}: not valid JSON ({error})") from None
        known = cast(dict[str, Any], data) if isinstance(data, dict) else {}
        found = known.get("format_version")
        if found not in READABLE_FORMATS:
            raise FrameError(
                f"{path}: frame format {shortly(found)}; expected {FORMAT_VERSION}"
            )
        try:
            return _sequence_of(known)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise FrameError(
                f"{path}: no list of frames of ours ({cause_of(error)}); was it "
                "edited? Delete it, and run again"
            ) from None


def _sequence_of(data: dict[str, Any]) -> FrameSequence:
    """Return what ``frames.json`` holds.

    Raises
    ------
    AttributeError, KeyError, TypeError, ValueError
        If anything in it is missing or of another type.
    """
    width, height = data["size"]
    rows: list[dict[str, Any]] = list(data["frames"])
    counts = [width, height, data["margin_px"]]
    counts += [row[key] for row in rows for key in ("number", "bytes")]
    texts = [row[key] for row in rows for key in ("file", "sha256")]
    if not rows or not all(type(count) is int for count in counts):
        raise ValueError("no frame, or a number that is not whole")
    if not all(isinstance(text, str) and Path(text).name == text for text in texts):
        raise ValueError("a file or checksum that is none")
    known: dict[str, Any] = data | {
        "notes": tuple(map(Note.from_description, data.get("notes", ()))),
        "frames": tuple(FrameEntry(**row) for row in rows),
        "size": (width, height),
    }
    return FrameSequence(**known)


def cause_of(error: Exception) -> str:
    """Return what a file lacks that was read into values, in a person's words.

    Examples
    --------
    >>> cause_of(KeyError("frames"))
    "'frames' is missing"
    """
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    if isinstance(error, ValueError) and not isinstance(error, UnicodeError):
        return str(error)
    return "a value of another kind, or an unknown name"


def frame_file(number: int) -> str:
    """Return the file name of a frame.

    Examples
    --------
    >>> frame_file(7)
    '000007.exr'
    """
    return f"{number:06d}.exr"


@contextlib.contextmanager
def atomic_path(path: Path) -> Generator[Path]:
    """Give a path to write to that becomes ``path`` only if nothing went wrong.

    Nobody else writes to it. Of two who write the same file the later wins.

    Raises
    ------
    OSError
        Naming ``path`` where it would name the path to write to, or nothing.
    """
    partial = partial_path(path)
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(partial)):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        partial.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as a hexadecimal string."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_stored(frame: Frame) -> Frame:
    """Return a frame as it is read back: colour as half floats hold it."""
    half_max = np.finfo(np.float16).max
    halves = np.clip(frame.linear_rgb, 0.0, half_max).astype(np.float16)
    return dataclasses.replace(frame, linear_rgb=halves.astype(np.float32))


def write_frame(path: Path, frame: Frame) -> None:
    """Write a frame as EXR, atomically; equal frames give equal bytes.

    Colour and flow are stored as half, depth as float, ids as uint, so colour
    is clipped at 65504, the largest half.
    """
    _check_frame(path, frame)
    half_max = np.finfo(np.float16).max
    channels: dict[str, NDArray[Any]] = {
        **_colour_channels("RGB", frame.linear_rgb),
        "Z": frame.depth_m.astype(np.float32),
        "label": frame.label.astype(np.uint32),
        "instance": frame.instance.astype(np.uint32),
    }
    if frame.hidden is not None:
        hidden_rgb, hidden_depth_m = frame.hidden
        channels |= _colour_channels(HIDDEN_RGB, hidden_rgb)
        channels["Z2"] = hidden_depth_m.astype(np.float32)
    if frame.flow_px is not None:
        flow = np.clip(frame.flow_px, -half_max, half_max).astype(np.float16)
        channels["flow.u"], channels["flow.v"] = flow[..., 0], flow[..., 1]
    write_exr(path, channels)


def _colour_channels(
    names: Sequence[str], linear_rgb: NDArray[np.float32]
) -> dict[str, NDArray[np.float16]]:
    half_max = np.finfo(np.float16).max
    colour = np.clip(linear_rgb, 0.0, half_max).astype(np.float16)
    return {name: colour[..., index] for index, name in enumerate(names)}


def write_exr(path: Path, channels: dict[str, NDArray[Any]]) -> None:
    """Write named (H, W) channels as one scan-line EXR, atomically.

    Raises
    ------
    OSError
        If it cannot be written whole.
    """
    import OpenEXR

    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    contiguous = {name: np.ascontiguousarray(data) for name, data in channels.items()}
    with atomic_path(path) as partial:
        try:
            OpenEXR.File(header, contiguous).write(str(partial))
        except RuntimeError as error:  # also for a full disk
            raise OSError(f"{path}: cannot be written ({error})") from error


def read_exr(path: Path) -> dict[str, NDArray[Any]]:
    """Return the channels of an EXR by name, each (H, W).

    Raises
    ------
    FrameError
        If the file is missing or not a complete EXR.
    """
    if not path.is_file():
        raise FrameError(f"{path}: no such file")
    import OpenEXR

    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            return {
                name: np.array(channel.pixels)
                for name, channel in file.channels().items()
            }
    except (RuntimeError, ValueError, OSError) as error:
        raise FrameError(f"{path}: not a complete EXR file ({error})") from None


def read_frame(path: Path) -> Frame:
    """Return the frame stored at ``path``.

    Raises
    ------
    FrameError
        If the file is missing, truncated, lacks a channel, or holds NaN or
        negative depth, or a second surface that is not behind the first.
    """
    channels = read_exr(path)
    _require_channels(path, channels, ("R", "G", "B", "Z"))
    hidden_rgb = hidden_depth_m = None
    if not channels.keys().isdisjoint((*HIDDEN_RGB, "Z2")):
        _require_channels(path, channels, (*HIDDEN_RGB, "Z2"))
        hidden_rgb = _stacked(channels, HIDDEN_RGB)
        hidden_depth_m = channels["Z2"].astype(np.float32)
    shape = channels["Z"].shape
    empty = np.zeros(shape, np.uint32)
    flow = None
    if "flow.u" in channels:
        flow = _stacked(channels, ("flow.u", "flow.v"))
    frame = Frame(
        linear_rgb=_stacked(channels, "RGB"),
        depth_m=channels["Z"].astype(np.float32),
        label=channels.get("label", empty),
        instance=channels.get("instance", empty),
        flow_px=flow,
        hidden_rgb=hidden_rgb,
        hidden_depth_m=hidden_depth_m,
    )
    _check_frame(path, frame)
    return frame


def _require_channels(
    path: Path, channels: dict[str, NDArray[Any]], expected: Sequence[str]
) -> None:
    missing = [name for name in expected if name not in channels]
    if missing:
        raise FrameError(
            f"{path}: no channel {', '.join(missing)}; expected {' '.join(expected)}"
        )


def _stacked(
    channels: dict[str, NDArray[Any]], names: Sequence[str]
) -> NDArray[np.float32]:
    return np.stack([channels[name] for name in names], axis=-1).astype(np.float32)


def _check_frame(path: Path, frame: Frame) -> None:
    size = frame.depth_m.shape
    if frame.linear_rgb.shape != (*size, 3):
        raise FrameError(
            f"{path}: colour is {frame.linear_rgb.shape} and depth {size}; "
            "expected (height, width, 3) and (height, width) of one size"
        )
    bad = ~(frame.depth_m > 0)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise FrameError(
            f"{path}: depth {frame.depth_m[row, column]} at row {row}, column "
            f"{column}; expected metres > 0, +inf for sky"
        )
    if not np.isfinite(frame.linear_rgb).all():
        raise FrameError(
            f"{path}: colour holds NaN or infinity; expected finite values"
        )
    _check_hidden(path, frame)


def _check_hidden(path: Path, frame: Frame) -> None:
    if (frame.hidden_rgb is None) != (frame.hidden_depth_m is None):
        raise FrameError(
            f"{path}: only one of colour and depth of the second surface; expected "
            "both or neither"
        )
    if frame.hidden is None:
        return
    hidden_rgb, hidden_depth_m = frame.hidden
    size = frame.depth_m.shape
    if hidden_rgb.shape != (*size, 3) or hidden_depth_m.shape != size:
        raise FrameError(
            f"{path}: the second surface is {hidden_rgb.shape} and "
            f"{hidden_depth_m.shape}; expected the size of the first, {size}"
        )
    bad = hidden_depth_m <= frame.depth_m  # false for NaN: no second surface
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise FrameError(
            f"{path}: second depth {hidden_depth_m[row, column]} at row {row}, column "
            f"{column}; expected more than the first, {frame.depth_m[row, column]}"
        )
    if not np.isfinite(hidden_rgb).all():
        raise FrameError(
            f"{path}: colour of the second surface holds NaN or infinity; expected "
            "finite values"
        )
