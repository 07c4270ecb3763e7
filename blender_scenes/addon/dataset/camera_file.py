"""The camera of the scene as a camera file of the pipeline."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

from blender_scenes.addon.camera_values import CameraValues
from dp_model.distortion import DivisionDistortion
from dp_model.psf import ButterworthPsf, DualPixelPsf

DIGITS = 7  # what single precision holds: 0.8, not 0.800000011920929


def camera_file_name(camera_name: str) -> str:
    """Return the name of a camera's file, which names its folders in the data set.

    Examples
    --------
    >>> camera_file_name("Camera.001"), camera_file_name("Café, 50 mm")
    ('Camera.001.toml', 'Caf___50_mm.toml')
    """
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", camera_name).lstrip(".")
    return f"{plain or 'camera'}.toml"


def camera_toml(values: CameraValues) -> str:
    """Return a camera as TOML: millimetres, micrometres, its own PSF and noise.

    The noise *model* is no part of a camera file: it is an option of the whole data
    set.
    """
    camera = values.camera
    numbers = {
        "focal_length_mm": camera.focal_length_m * 1e3,
        "f_number": camera.f_number,
        "focus_distance_m": camera.focus_distance_m,
        "pixel_pitch_um": camera.pixel_pitch_m * 1e6,
        "noise_sigma": values.noise_sigma,
    }
    lines = [f"{key} = {_number(value)}" for key, value in numbers.items()]
    if isinstance(values.distortion, DivisionDistortion):
        coefficients = ", ".join(map(_number, values.distortion.coefficients))
        lines.append(f"distortion = [{coefficients}]")
    return "\n".join([*lines, "", "[psf]", *_psf_lines(values.psf), ""])


def _psf_lines(psf: DualPixelPsf) -> list[str]:
    if not isinstance(psf, ButterworthPsf):
        return ['shape = "ramp-disk"']
    return [
        'shape = "butterworth"',
        f"order = {psf.order}",
        f"alpha = {_number(psf.alpha)}",
        f"beta = {_number(psf.beta)}",
        f"kappa = {_number(psf.kappa)}",
    ]


def _number(value: float) -> str:
    return f"{value:.{DIGITS}g}"
