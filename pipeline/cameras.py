"""Camera sets: the paper's five by number, anyone's by TOML file.

Millimetres and micrometres occur here and nowhere else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from dp_model.camera import CAMERA_SETS, ThinLensCamera
from dp_model.distortion import (
    CAMERA_SET_DISTORTIONS,
    DivisionDistortion,
    check_one_to_one,
)
from dp_model.psf import ButterworthPsf, DualPixelPsf, RampDiskPsf
from dp_model.released import released_coc_radius_px
from dp_model.render import Mode
from pipeline.errors import UserError, shown
from pipeline.files import read_toml
from pipeline.scenes import parse_list

ALL = "all"
SMALLEST_SIDE_PX = 16
"""Of a picture; what a lens folds at this size and a square shape it always folds."""

MAX_NOISE_SIGMA = 100.0
MAX_PSF_ORDER = 10_000  # beyond what any alpha allows
MARGIN_STEP_PX = 16  # coarse, so that another camera seldom means another render

_FACTOR_TO_METRES = {
    "focal_length_mm": ("focal_length_m", 1e-3),
    "focus_distance_m": ("focus_distance_m", 1.0),
    "pixel_pitch_um": ("pixel_pitch_m", 1e-6),
}
_REQUIRED = (*_FACTOR_TO_METRES, "f_number")
_OPTIONAL = ("distortion", "noise_sigma", "psf")
_PSF_NUMBERS: dict[str, tuple[str, ...]] = {
    "butterworth": ("order", "alpha", "beta", "kappa"),
    "ramp-disk": (),
}


@dataclass(frozen=True)
class CameraSet:
    """A named camera.

    Parameters
    ----------
    name : str
    camera : ThinLensCamera
    distortion : DivisionDistortion or None
    psf : DualPixelPsf or None
        The camera's own; None where one is drawn.
    noise_sigma : float or None
        The camera's own, standard deviation at white; None where one is drawn.
    """

    name: str
    camera: ThinLensCamera
    distortion: DivisionDistortion | None = None
    psf: DualPixelPsf | None = None
    noise_sigma: float | None = None


def camera_items(text: str) -> tuple[str, ...]:
    """Return the items of ``--camera-set``: set numbers and TOML files, in order.

    Raises
    ------
    UserError
        If nothing is named, or anything twice.
    """
    items = tuple(CAMERA_SETS) if text.strip() == ALL else _listed_items(text)
    names = [Path(item).stem for item in items]
    repeated = [name for name in names if names.count(name) > 1]
    if not items or repeated:
        cause = f"; two are called {shown(repeated[0])}" if repeated else ""
        raise UserError(
            f"--camera-set {shown(text)}: expected {ALL}, or one or more set numbers "
            f"and .toml camera files, each once{cause}"
        )
    return items


def _listed_items(text: str) -> tuple[str, ...]:
    return parse_list(text, "--camera-set")


def camera_set(item: str) -> CameraSet:
    """Return one camera by set number or TOML file.

    Raises
    ------
    UserError
        For an unknown set, an unreadable file or an impossible camera.
    """
    if item in CAMERA_SETS:
        return CameraSet(item, CAMERA_SETS[item], CAMERA_SET_DISTORTIONS[item])
    if item.lower().endswith(".toml"):
        return _read_camera_file(Path(item))
    raise UserError(
        f"--camera-set {shown(item)}: unknown; expected all, a number from "
        f"{min(CAMERA_SETS)} to {max(CAMERA_SETS)}, or a .toml camera file"
    )


def _read_camera_file(path: Path) -> CameraSet:
    data = read_toml(path, "camera file")
    if not path.stem.isprintable():
        raise UserError(
            f"camera file {shown(str(path))}: the camera is called like its file; "
            "expected a name of printable characters"
        )
    _check_keys(path, "", data, _REQUIRED, _OPTIONAL)
    lengths = {
        name: _positive(path, key, data[key], factor)
        for key, (name, factor) in _FACTOR_TO_METRES.items()
    }
    try:
        camera = ThinLensCamera(
            f_number=_positive(path, "f_number", data["f_number"]), **lengths
        )
    except ValueError as error:
        raise UserError(f"camera file {path}: {error}") from None
    return CameraSet(
        path.stem,
        camera,
        _distortion(path, data.get("distortion")),
        psf=_psf(path, data["psf"]) if "psf" in data else None,
        noise_sigma=_noise_sigma(path, data.get("noise_sigma")),
    )


def _check_keys(
    path: Path,
    table: str,
    data: dict[str, Any],
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
) -> None:
    """Raise UserError for a key that is missing from a table, or not known there."""
    wrong = [f"missing {table}{key}" for key in required if key not in data]
    unknown = sorted(set(data) - set(required) - set(optional))
    wrong += [f"unknown {table}{shown(key).strip(chr(39))}" for key in unknown]
    if wrong:
        allowed = f" and optionally {', '.join(optional)}" if optional else ""
        raise UserError(
            f"camera file {path}: {', '.join(wrong)}; expected "
            f"{', '.join(required)}{allowed}"
        )


def _number(path: Path, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(
            f"camera file {path}: {key} = {shown(value)}; expected a number"
        )
    try:
        return float(value)
    except OverflowError:  # TOML's whole numbers have no end
        raise UserError(
            f"camera file {path}: {key} = {shown(value)}; expected a number below 1e308"
        ) from None


def _positive(path: Path, key: str, value: Any, factor: float = 1.0) -> float:
    """Return a number times a factor, both of which leave it finite and > 0."""
    number = _number(path, key, value)
    if not 0 < number * factor < math.inf:
        raise UserError(
            f"camera file {path}: {key} = {shown(value)}; expected a finite number > 0"
        )
    return number * factor


def _distortion(path: Path, value: Any) -> DivisionDistortion | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise UserError(
            f"camera file {path}: distortion = {shown(value)}; expected a list of "
            "numbers [c1, c2, ...], radius in halves of the shorter side"
        )
    numbers = cast(list[Any], value)
    coefficients = tuple(_number(path, "distortion", c) for c in numbers)
    try:
        distortion = DivisionDistortion(coefficients)
        check_one_to_one(distortion, SMALLEST_SIDE_PX, SMALLEST_SIDE_PX)
    except ValueError as error:
        raise UserError(
            f"camera file {path}: distortion = {shown(numbers)}: {error}"
        ) from None
    return distortion


def _noise_sigma(path: Path, value: Any) -> float | None:
    if value is None:
        return None
    sigma = _number(path, "noise_sigma", value)
    if not 0 <= sigma <= MAX_NOISE_SIGMA:
        raise UserError(
            f"camera file {path}: noise_sigma = {shown(value)}; expected a standard "
            f"deviation at white from 0 to {MAX_NOISE_SIGMA:g}, such as 0.1"
        )
    return sigma


def _psf(path: Path, value: Any) -> DualPixelPsf:
    if not isinstance(value, dict):
        raise UserError(
            f"camera file {path}: psf = {shown(value)}; expected a table [psf] with a "
            "shape"
        )
    table = cast(dict[str, Any], value)
    shape = table.get("shape")
    if not isinstance(shape, str) or shape not in _PSF_NUMBERS:
        given = "missing psf.shape" if shape is None else f"psf.shape = {shown(shape)}"
        raise UserError(
            f"camera file {path}: {given}; expected {' or '.join(_PSF_NUMBERS)}"
        )
    keys = _PSF_NUMBERS[shape]
    _check_keys(path, "psf.", table, ("shape", *keys))
    if shape == "ramp-disk":
        return RampDiskPsf()
    numbers = {key: _number(path, f"psf.{key}", table[key]) for key in keys}
    order = numbers.pop("order")
    if not (order.is_integer() and order <= MAX_PSF_ORDER):
        raise UserError(
            f"camera file {path}: psf.order = {order:g}; expected a whole number from "
            f"1 to {MAX_PSF_ORDER}, such as 3"
        )
    try:
        return ButterworthPsf(order=int(order), **numbers)
    except ValueError as error:
        raise UserError(f"camera file {path}: psf.{error}") from None


def margin_px(
    cameras: tuple[CameraSet, ...],
    bank: tuple[DualPixelPsf, ...],
    mode: Mode,
    nearest_m: float,
) -> int:
    """Return the overscan that the widest blur of these cameras needs, pixels.

    The blur grows monotonically away from focus, so it is widest at ``nearest_m`` or
    at infinity. A camera without a PSF of its own may draw any of ``bank``.
    """
    widest = 0.0
    for entry in cameras:
        psfs = bank if entry.psf is None else (entry.psf,)
        for depth_m in (nearest_m, math.inf):
            radius_px = float(entry.camera.coc_radius_px(depth_m))
            if mode == "released":
                radius_px = float(released_coc_radius_px(np.asarray(radius_px)))
            widest = max(widest, *(psf.support_px(radius_px) for psf in psfs))
    return MARGIN_STEP_PX * math.ceil(widest / MARGIN_STEP_PX)
