"""Depth files of strangers: numbers of any type -> metres, and what is the sky."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import UserError
from pipeline.importers.array_files import read_npy_depth, read_npz_depth
from pipeline.importers.checks import same_in_all
from pipeline.importers.exr_files import exr_depth
from pipeline.importers.picture_files import read_code_png
from pipeline.importers.placement import Placed
from pipeline.importers.source import (
    FAR_CODE,
    check_option,
    check_positive,
    sky_codes,
)
from pipeline.importers.tiff_files import read_tiff

DEPTH_SUFFIXES = (".exr", ".npy", ".npz", ".png", ".tif", ".tiff")
DEPTH_KINDS = ("depth", "inverse")


@dataclass(frozen=True)
class DepthCoding:
    """What the numbers of depth files mean.

    Parameters
    ----------
    kind : {"depth", "inverse"}
        Depth is the number times the scale, or the scale divided by the number.
    scale_m : float or None
        Metres. None is 1 for floats; whole numbers need one.
    sky_from_m : float or None
        Depth from which on a surface counts as sky.
    """

    kind: str = "depth"
    scale_m: float | None = None
    sky_from_m: float | None = None

    def __post_init__(self) -> None:
        check_option("depth_kind", self.kind, DEPTH_KINDS)
        check_positive("depth_scale_m", self.scale_m)
        check_positive("sky_from_m", self.sky_from_m)

    def metres(self, path: Path, numbers: NDArray[Any]) -> NDArray[Any]:
        """Return depth in metres, +inf in the sky; 0, negative and NaN stay so.

        Raises
        ------
        UserError
            For whole numbers without a scale.
        """
        if numbers.dtype.kind != "f" and self.scale_m is None:
            raise UserError(
                f"{path}: whole numbers ({numbers.dtype}); expected depth_scale_m, the "
                "metres of one step, such as 0.001 for millimetres, in a .toml file of "
                "the source"
            )
        depth_m = (
            self._inverse(numbers) if self.kind == "inverse" else self._direct(numbers)
        )
        if self.sky_from_m is None:
            return depth_m
        return np.where(depth_m >= self.sky_from_m, np.inf, depth_m)

    def _direct(self, numbers: NDArray[Any]) -> NDArray[Any]:
        scaled = numbers
        if self.scale_m is not None:
            with np.errstate(over="ignore"):  # of codes of the sky
                scaled = numbers.astype(np.float64) * self.scale_m
        return np.where(sky_codes(numbers), np.inf, scaled)

    def _inverse(self, numbers: NDArray[Any]) -> NDArray[Any]:
        values = numbers.astype(np.float64) + 0.0  # no -0
        with np.errstate(divide="ignore", over="ignore"):
            depth_m = (self.scale_m or 1.0) / values
        if numbers.dtype.kind != "f":  # there 0 says that nothing was measured
            depth_m[values == 0] = 0
        depth_m[values >= FAR_CODE] = 0
        return depth_m


def read_depth_numbers(path: Path) -> Placed:
    """Return the numbers of a depth file as they are, (H, W), and where they lie.

    Raises
    ------
    UserError
        If the file is broken, or it is not clear what in it is depth.
    """
    suffix = path.suffix.lower()
    if suffix == ".exr":
        return exr_depth(path)
    if suffix in (".tif", ".tiff"):
        numbers = _tiff_plane(path)
    elif suffix == ".png":
        numbers = read_code_png(path)
    elif suffix == ".npz":
        numbers = read_npz_depth(path)
    else:
        numbers = read_npy_depth(path)
    return Placed.unstated(numbers)


def _tiff_plane(path: Path) -> NDArray[Any]:
    numbers = read_tiff(path)
    if numbers.ndim == 2:
        return numbers
    planes = dict(zip("RGBA", np.moveaxis(numbers, -1, 0), strict=False))
    alpha = planes.pop("A", None)
    opaque = 1.0 if numbers.dtype.kind == "f" else np.iinfo(numbers.dtype).max
    return same_in_all(path, planes, alpha, float(opaque))
