"""What a source of frames is, and the checks that every one of them passes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import Frame
from pipeline.errors import UserError, shown

Matrix = list[list[float]]
LEFT_RIGHT = ("left", "right")


@dataclass(frozen=True)
class SourceFrame:
    """The files of one frame; what a source has not is None.

    Parameters
    ----------
    number : int
        As the source's own file names count.
    colour, depth : Path
    label, flow, camera : Path or None
        Classes and instances; forward flow; intrinsics and pose.
    """

    number: int
    colour: Path
    depth: Path
    label: Path | None = None
    flow: Path | None = None
    camera: Path | None = None

    def files(self) -> dict[str, Path]:
        """Return the files there are, by what they hold."""
        roles = ("colour", "depth", "label", "flow", "camera")
        named = {role: getattr(self, role) for role in roles}
        return {role: path for role, path in named.items() if path is not None}


@dataclass(frozen=True)
class KnownCamera:
    """The camera of a frame as `blender_scenes.frames.FrameEntry` has it, or None."""

    intrinsics: Matrix | None = None
    world_from_camera: Matrix | None = None


class Source(Protocol):
    """A kind of data and how to read it; the fields of each class are its options."""

    fps: ClassVar[float | None]

    def sequences(self, root: Path) -> dict[str, Path]:
        """Return the folder of every sequence below ``root`` by name, in order."""
        ...

    def place(self, folder: Path) -> str:
        """Return what a sequence shows: those of one place never cross splits."""
        ...

    def split(self, folder: Path) -> str | None:
        """Return the split that the source's users put a sequence in, if they do."""
        ...

    def frames(self, folder: Path) -> tuple[SourceFrame, ...]:
        """Return the frames of one sequence by number; pictures are not opened."""
        ...

    def read(self, files: SourceFrame) -> Frame:
        """Return one frame, decoded, without a margin."""
        ...

    def known_camera(self, files: SourceFrame, size: tuple[int, int]) -> KnownCamera:
        """Return what is known of the camera of a frame of ``size`` (width, height)."""
        ...


def build_frame(
    files: SourceFrame,
    linear_rgb: NDArray[np.float32],
    depth_m: NDArray[np.floating[Any]],
    *,
    label: NDArray[np.uint32] | None = None,
    instance: NDArray[np.uint32] | None = None,
    flow_px: NDArray[np.float32] | None = None,
) -> Frame:
    """Return a frame of arrays that were read from ``files``.

    Raises
    ------
    UserError
        If they differ in size, depth is not > 0, or colour is not finite.
    """
    size = linear_rgb.shape[:2]
    for path, values in (
        (files.depth, depth_m),
        (files.label, label),
        (files.flow, flow_px),
    ):
        if values is not None and values.shape[:2] != size:
            raise UserError(
                f"{path}: {_words(values.shape)} pixels; expected {_words(size)}, the "
                f"size of {files.colour.name}"
            )
    with np.errstate(over="ignore"):  # farther than any float: as far as the sky
        depth_m = depth_m.astype(np.float32)
    bad = ~(depth_m > 0)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise UserError(
            f"{files.depth}: depth {depth_m[row, column]:g} m at row {row}, column "
            f"{column}; expected metres > 0, +inf for the sky. No measurement there? "
            "Fill the holes first"
        )
    if not np.isfinite(linear_rgb).all():
        raise UserError(
            f"{files.colour}: colour holds NaN or infinity; expected finite values"
        )
    nothing = np.zeros(size, np.uint32)
    return Frame(
        linear_rgb=np.maximum(linear_rgb, 0),
        depth_m=depth_m,
        label=nothing if label is None else label,
        instance=nothing if instance is None else instance,
        flow_px=flow_px,
    )


def _words(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} x {shape[0]}"


def mapped_ids(
    path: Path, ids: NDArray[Any], ours: Mapping[int, int]
) -> NDArray[np.uint32]:
    """Return class ids of ours for those of a source.

    Raises
    ------
    UserError
        For an id that the source's table has not.
    """
    unknown = sorted(set(np.unique(ids).tolist()) - set(ours))
    if unknown:
        raise UserError(
            f"{path}: class id {unknown[0]}; expected {min(ours)} to {max(ours)}"
        )
    table = np.zeros(max(ours) + 1, np.uint32)
    table[list(ours)] = list(ours.values())
    return table[ids]


FAR_CODE = 1e10
"""Blender's depth where a ray leaves the scene; in no unit is a surface as far."""

CUT_CODES = (65504.0, 65535.0)
"""The largest half and the largest number of 16 bits, where far depth is cut."""


def sky_codes(numbers: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where the numbers of a depth file say that there is no surface.

    Numbers are those of the file, before any scale. A code is 1e10 and more; the
    largest number of a whole type of 16 bits and more; 65504 and 65535 in wider types,
    if nothing finite is larger. 8 bits are too few for a code.

    Examples
    --------
    >>> sky_codes(np.array([2.0, 1e10, 65504.0])).tolist()
    [False, True, True]
    >>> sky_codes(np.array([2.0, 65504.0, 65505.0])).tolist()
    [False, False, False]
    >>> sky_codes(np.array([2, 65535], np.uint16)).tolist()
    [False, True]
    """
    if numbers.dtype.itemsize == 1:
        return np.zeros(numbers.shape, np.bool_)
    is_whole = numbers.dtype.kind != "f"
    values = numbers.astype(np.float64)
    is_sky = values >= FAR_CODE
    if is_whole:
        is_sky |= numbers == np.iinfo(numbers.dtype).max
    rest = values[~(is_sky | np.isnan(values))]
    largest = float(rest.max()) if rest.size else 0.0
    if largest in (CUT_CODES[-1:] if is_whole else CUT_CODES):
        is_sky |= values == largest
    return is_sky


def with_sky(
    depth_m: NDArray[np.floating[Any]], sky_from_m: float | None
) -> NDArray[np.floating[Any]]:
    """Return depth with +inf at codes of the sky and from some distance on, if any."""
    is_sky = sky_codes(depth_m)
    if sky_from_m is not None:
        is_sky |= depth_m >= sky_from_m
    return np.where(is_sky, np.inf, depth_m)


def centred_camera(focal_px: float, size: tuple[int, int]) -> KnownCamera:
    """Return a camera of square pixels whose axis meets the middle of the picture."""
    width, height = size
    return KnownCamera(
        [[focal_px, 0.0, width / 2], [0.0, focal_px, height / 2], [0.0, 0.0, 1.0]]
    )


def check_option(name: str, value: Any, choices: tuple[str, ...]) -> None:
    """Raise ValueError unless an option is one of a few words."""
    if value not in choices:
        raise ValueError(
            f"{name} = {shown(value)}; expected one of {', '.join(choices)}"
        )


def check_positive(name: str, value: Any) -> None:
    """Raise ValueError unless an option is a number > 0, or None where it may be."""
    if value is None:
        return
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and 0 < value <= sys.float_info.max):
        shown = repr(value)[:60]
        raise ValueError(f"{name} = {shown}; expected a number > 0")
