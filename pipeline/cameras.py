"""Camera sets: the paper's five by number, anyone's by TOML file.

Millimetres and micrometres occur here and nowhere else.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from dp_model.camera import CAMERA_SETS, ThinLensCamera
from dp_model.distortion import CAMERA_SET_DISTORTIONS, DivisionDistortion
from dp_model.psf import ButterworthPsf, DualPixelPsf, RampDiskPsf
from dp_model.released import released_coc_radius_px
from dp_model.render import Mode
from pipeline.errors import UserError
from pipeline.scenes import parse_list

ALL = "all"
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
    items = tuple(CAMERA_SETS) if text.strip() == ALL else parse_list(text)
    names = [Path(item).stem for item in items]
    if not items or len(set(names)) < len(names):
        raise UserError(
            f"--camera-set {text!r}: expected {ALL}, or one or more set numbers and "
            ".toml camera files, each once"
        )
    return items


def camera_set(item: str) -> CameraSet:
    """Return one camera by set number or TOML file.

    Raises
    ------
    UserError
        For an unknown set, an unreadable file or an impossible camera.
    """
    if item in CAMERA_SETS:
        return CameraSet(item, CAMERA_SETS[item], CAMERA_SET_DISTORTIONS[item])
    if item.endswith(".toml"):
        return _read_camera_file(Path(item))
    raise UserError(
        f"--camera-set {item!r}: unknown; expected all, a number from "
        f"{min(CAMERA_SETS)} to {max(CAMERA_SETS)}, or a .toml camera file"
    )


def _read_camera_file(path: Path) -> CameraSet:
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except OSError as error:
        raise UserError(f"camera file {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"camera file {path}: not valid TOML ({error})") from None
    _check_keys(path, "", data, _REQUIRED, _OPTIONAL)
    lengths = {
        name: _number(path, key, data[key]) * factor
        for key, (name, factor) in _FACTOR_TO_METRES.items()
    }
    try:
        camera = ThinLensCamera(
            f_number=_number(path, "f_number", data["f_number"]), **lengths
        )
        distortion = _distortion(path, data.get("distortion"))
    except ValueError as error:
        raise UserError(f"camera file {path}: {error}") from None
    return CameraSet(
        path.stem,
        camera,
        distortion,
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
    wrong += [f"unknown {table}{key}" for key in unknown]
    if wrong:
        allowed = f" and optionally {', '.join(optional)}" if optional else ""
        raise UserError(
            f"camera file {path}: {', '.join(wrong)}; expected "
            f"{', '.join(required)}{allowed}"
        )


def _number(path: Path, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UserError(f"camera file {path}: {key} = {value!r}; expected a number")
    return float(value)


def _distortion(path: Path, value: Any) -> DivisionDistortion | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise UserError(
            f"camera file {path}: distortion = {value!r}; expected a list of numbers "
            "[c1, c2, ...], radius in halves of the shorter side"
        )
    numbers = cast(list[Any], value)
    return DivisionDistortion(tuple(_number(path, "distortion", c) for c in numbers))


def _noise_sigma(path: Path, value: Any) -> float | None:
    if value is None:
        return None
    sigma = _number(path, "noise_sigma", value)
    if not (math.isfinite(sigma) and sigma >= 0):
        raise UserError(
            f"camera file {path}: noise_sigma = {value!r}; expected a standard "
            "deviation at white >= 0, such as 0.1"
        )
    return sigma


def _psf(path: Path, value: Any) -> DualPixelPsf:
    if not isinstance(value, dict):
        raise UserError(
            f"camera file {path}: psf = {value!r}; expected a table [psf] with a shape"
        )
    table = cast(dict[str, Any], value)
    shape = table.get("shape")
    if not isinstance(shape, str) or shape not in _PSF_NUMBERS:
        given = "missing psf.shape" if shape is None else f"psf.shape = {shape!r}"
        raise UserError(
            f"camera file {path}: {given}; expected {' or '.join(_PSF_NUMBERS)}"
        )
    keys = _PSF_NUMBERS[shape]
    _check_keys(path, "psf.", table, ("shape", *keys))
    if shape == "ramp-disk":
        return RampDiskPsf()
    numbers = {key: _number(path, f"psf.{key}", table[key]) for key in keys}
    order = numbers.pop("order")
    if not order.is_integer():
        raise UserError(
            f"camera file {path}: psf.order = {order:g}; expected a whole number >= 1"
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
