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
from dp_model.psf import DualPixelPsf
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
_OPTIONAL = ("distortion",)


@dataclass(frozen=True)
class CameraSet:
    """A named camera: thin lens, and radial distortion or None."""

    name: str
    camera: ThinLensCamera
    distortion: DivisionDistortion | None = None


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
    unknown = sorted(set(data) - set(_REQUIRED) - set(_OPTIONAL))
    missing = [key for key in _REQUIRED if key not in data]
    if unknown or missing:
        wrong = [f"missing {key}" for key in missing]
        wrong += [f"unknown {key}" for key in unknown]
        raise UserError(
            f"camera file {path}: {', '.join(wrong)}; expected "
            f"{', '.join(_REQUIRED)} and optionally {', '.join(_OPTIONAL)}"
        )
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
    return CameraSet(path.stem, camera, distortion)


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


def margin_px(
    cameras: tuple[CameraSet, ...],
    bank: tuple[DualPixelPsf, ...],
    mode: Mode,
    nearest_m: float,
) -> int:
    """Return the overscan that the widest blur of these cameras needs, pixels.

    The blur grows monotonically away from focus, so it is widest at
    ``nearest_m`` or at infinity.
    """
    widest = 0.0
    for entry in cameras:
        for depth_m in (nearest_m, math.inf):
            radius_px = float(entry.camera.coc_radius_px(depth_m))
            if mode == "released":
                radius_px = float(released_coc_radius_px(np.asarray(radius_px)))
            widest = max(widest, *(psf.support_px(radius_px) for psf in bank))
    return MARGIN_STEP_PX * math.ceil(widest / MARGIN_STEP_PX)
