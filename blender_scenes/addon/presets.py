"""Known cameras, and how their values are written into a Blender camera.

A preset is written once, as if typed.  It is shown as chosen while its values hold.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

import contextlib
import math
from dataclasses import dataclass
from typing import Any, TypeAlias

from blender_scenes.addon.camera_values import (
    CameraProblem,
    metres_per_unit,
    pixel_pitch_m,
)
from blender_scenes.addon.optics import f_number_for
from dp_model.camera import CAMERA_SETS
from dp_model.distortion import CAMERA_SET_DISTORTIONS

OWN = "OWN"
"""Key of no preset."""

_RELATIVE_TOLERANCE = 1e-4  # Blender keeps single precision


@dataclass(frozen=True)
class LensPreset:
    """A lens on a sensor, as makers state them.

    Parameters
    ----------
    key : str
        Identifier, kept in files.
    number : int
        Likewise; never used for another preset.
    name, description : str
        For the drop-down list.
    focal_length_mm : float
        The real one, not the equivalent of another format.
    f_number : float
        Wide open.
    sensor_mm : (float, float)
        Width and height of the picture on the sensor.
    """

    key: str
    number: int
    name: str
    description: str
    focal_length_mm: float
    f_number: float
    sensor_mm: tuple[float, float]

    def values(self, _scene: Any, _camera: Any) -> dict[str, Any]:
        """Return what the preset writes, by path from the camera."""
        return {
            "lens": self.focal_length_mm,
            "sensor_width": self.sensor_mm[0],
            "sensor_height": self.sensor_mm[1],
            "dof.aperture_fstop": self.f_number,
            "dual_pixel.use_sensor_pitch": True,
            "dual_pixel.use_distortion": False,
        }


@dataclass(frozen=True)
class PaperPreset:
    """A camera set of Abuolaim et al. (2021): a focus distance and an amount of blur.

    The set's unit is not stated in the paper, so Blender's lens is kept and the
    f-number chosen that blurs the sky by as many pixels.
    """

    camera_set: str

    @property
    def key(self) -> str:
        """Identifier, kept in files."""
        return f"PAPER_{self.camera_set}"

    @property
    def number(self) -> int:
        """Number, kept in files."""
        return int(self.camera_set)

    @property
    def name(self) -> str:
        """Return the name in the drop-down list."""
        return f"Paper Set {self.camera_set}"

    @property
    def description(self) -> str:
        """Say what the set does to a camera."""
        camera = CAMERA_SETS[self.camera_set]
        return (
            f"Abuolaim et al. 2021: focus at {camera.focus_distance_m:g} m, blur "
            f"radius {camera.coc_radius_px(math.inf):.3g} px at infinity, distortion. "
            "Keeps the focal length and changes the f-number"
        )

    def values(self, scene: Any, camera: Any) -> dict[str, Any]:
        """Return what the preset writes, by path from the camera."""
        paper = CAMERA_SETS[self.camera_set]
        focus_m = paper.focus_distance_m
        c = CAMERA_SET_DISTORTIONS[self.camera_set].coefficients
        values: dict[str, Any] = {
            "dof.focus_object": None,
            "dof.focus_distance": focus_m / metres_per_unit(scene),
            "dual_pixel.use_distortion": True,
            "dual_pixel.distortion": (*c, 0.0, 0.0)[:3],
        }
        # The panel says what is wrong with a lens or picture that has no f-number.
        with contextlib.suppress(CameraProblem, ValueError):
            values["dof.aperture_fstop"] = f_number_for(
                float(paper.coc_radius_px(math.inf)),
                camera.lens * 1e-3,
                focus_m,
                pixel_pitch_m(scene, camera),
            )
        return values


Preset: TypeAlias = PaperPreset | LensPreset


def _full_frame(number: int, lens: str, focal_mm: float, f_number: float) -> LensPreset:
    """Return a lens of Canon on a full-frame sensor whose pixels are all dual."""
    return LensPreset(
        key=f"FULL_FRAME_{focal_mm:g}",
        number=number,
        name=f"{focal_mm:g} mm f/{f_number:g}",
        description=f"{lens} on a full-frame sensor of 36 mm x 24 mm, wide open",
        focal_length_mm=focal_mm,
        f_number=f_number,
        sensor_mm=(36.0, 24.0),
    )


def _phone(
    number: int, model: str, focal_mm: float, f_number: float, pitch_um: float
) -> LensPreset:
    """Return a phone's main camera, whose pictures have 4032 x 3024 dual pixels."""
    width_mm, height_mm = 4032 * pitch_um * 1e-3, 3024 * pitch_um * 1e-3
    return LensPreset(
        key="PHONE_" + model.upper().replace(" ", "_"),
        number=number,
        name=model,
        description=(
            f"Main camera: {focal_mm:g} mm f/{f_number:g}, 4032 x 3024 dual pixels of "
            f"{pitch_um:g} µm on {width_mm:.2f} mm x {height_mm:.2f} mm"
        ),
        focal_length_mm=focal_mm,
        f_number=f_number,
        sensor_mm=(width_mm, height_mm),
    )


# Focal length and largest aperture are part of each lens's name.  The sensor is that of
# Canon's data sheets of the EOS 5D Mark IV and EOS R: 36.0 mm x 24.0 mm, Dual Pixel AF.
_FULL_FRAME = (
    _full_frame(11, "Canon EF 35mm f/1.4L II USM", 35.0, 1.4),
    _full_frame(12, "Canon EF 50mm f/1.8 STM", 50.0, 1.8),
    _full_frame(13, "Canon EF 85mm f/1.4L IS USM", 85.0, 1.4),
    _full_frame(14, "Canon RF 135mm F1.8 L IS USM", 135.0, 1.8),
)

# Pixel pitch and f-number are those of the makers' data sheets; the focal length is
# what the phones write into their pictures (Exif).
_PHONES = (
    _phone(21, "Google Pixel 3", 4.44, 1.8, 1.4),
    _phone(22, "Google Pixel 4", 4.38, 1.7, 1.4),
    _phone(23, "Samsung Galaxy S7", 4.2, 1.7, 1.4),
    _phone(24, "Samsung Galaxy S9", 4.3, 1.5, 1.4),
)

PRESET_GROUPS: tuple[tuple[str, tuple[Preset, ...]], ...] = (
    ("Abuolaim et al. 2021", tuple(PaperPreset(number) for number in CAMERA_SETS)),
    ("Full Frame, Canon", _FULL_FRAME),
    ("Phone", _PHONES),
)
"""All presets, by heading."""

_BY_KEY: dict[str, Preset] = {
    preset.key: preset for _, presets in PRESET_GROUPS for preset in presets
}


def write_preset(scene: Any, camera: Any, key: str) -> None:
    """Write the values of a preset into a Blender camera; none for `OWN`.

    Parameters
    ----------
    scene : bpy.types.Scene
        Whose picture and unit of length the camera set of the paper is fitted to.
    camera : bpy.types.Camera
    key : str
    """
    if key != OWN:
        for path, value in _BY_KEY[key].values(scene, camera).items():
            owner, name = _owner(camera, path)
            setattr(owner, name, value)
    camera.dual_pixel.last_preset = key


def preset_in_use(scene: Any, camera: Any) -> str:
    """Return the key of the preset written last, `OWN` once a value has changed."""
    key = camera.dual_pixel.last_preset
    if key not in _BY_KEY:
        return OWN
    values = _BY_KEY[key].values(scene, camera)
    if "dof.aperture_fstop" not in values:
        return OWN
    holds = all(
        _is_same(getattr(*_owner(camera, path)), wanted)
        for path, wanted in values.items()
    )
    return key if holds else OWN


def _owner(camera: Any, path: str) -> tuple[Any, str]:
    """Return what holds the property at a path, and its name there."""
    *owners, name = path.split(".")
    for owner in owners:
        camera = getattr(camera, owner)
    return camera, name


def _is_same(value: Any, wanted: Any) -> bool:
    """Return whether two values are equal in single precision."""
    if isinstance(wanted, tuple):
        return all(_is_same(*pair) for pair in zip(value, wanted, strict=True))
    if isinstance(wanted, float):
        return math.isclose(value, wanted, rel_tol=_RELATIVE_TOLERANCE, abs_tol=1e-7)
    return value == wanted
