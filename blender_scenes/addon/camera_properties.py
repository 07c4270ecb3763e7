"""What a dual-pixel camera has beyond Blender's own camera.

Properties are listed in ``__annotations__``, where Blender looks for them: written as
annotations, their texts would be taken for the names of types.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any

import bpy
from bpy import props

from blender_scenes.addon.presets import (
    OWN,
    PRESET_GROUPS,
    preset_in_use,
    write_preset,
)


def _preset_items() -> tuple[Any, ...]:
    """Return the drop-down list of presets, a heading before each group.

    Every preset has a number of its own, because files keep the number.
    """
    items: list[Any] = [(OWN, "Own Values", "Values that are no preset's", "NONE", 0)]
    for heading, presets in PRESET_GROUPS:
        items.append(("", heading, ""))
        items += [(p.key, p.name, p.description, "NONE", p.number) for p in presets]
    return tuple(items)


_PRESET_ITEMS = _preset_items()
_PRESET_NUMBERS = {item[0]: item[4] for item in _PRESET_ITEMS if len(item) == 5}
_PRESET_KEYS = {number: key for key, number in _PRESET_NUMBERS.items()}


def _shown_preset(values: Any) -> int:
    """Return the preset that was chosen last, while its values still hold."""
    return _PRESET_NUMBERS[preset_in_use(bpy.context.scene, values.id_data)]


def _choose_preset(values: Any, number: int) -> None:
    write_preset(bpy.context.scene, values.id_data, _PRESET_KEYS[number])


class DualPixelCamera(bpy.types.PropertyGroup):
    """What a dual-pixel camera has beyond Blender's own; in `bpy.types.Camera`."""

    __annotations__ = {
        "preset": props.EnumProperty(
            name="Preset",
            description=(
                "Write the values of a known camera into this one. Values that are "
                "changed afterwards stay changed"
            ),
            items=_PRESET_ITEMS,
            get=_shown_preset,
            set=_choose_preset,
        ),
        "last_preset": props.StringProperty(options={"HIDDEN"}, default=OWN),
        "use_sensor_pitch": props.BoolProperty(
            name="Pitch from Sensor",
            description=(
                "Let the rendered picture fill the sensor: a pixel measures the "
                "sensor's width over the picture's. Off: a pixel pitch of your own"
            ),
            default=True,
        ),
        "pixel_pitch_um": props.FloatProperty(
            name="Pixel Pitch (µm)",
            description=(
                "Width of a pixel of the rendered picture on the sensor, in "
                "micrometres. It turns the blur into pixels; the field of view stays"
            ),
            default=18.75,
            min=0.01,
            soft_min=0.5,
            soft_max=100.0,
            max=1e5,
            precision=2,
            step=10,
        ),
        "psf_shape": props.EnumProperty(
            name="PSF",
            description="Shape of the blur of a point in the left and right view",
            items=(
                (
                    "BUTTERWORTH",
                    "Butterworth Ring",
                    "A disc with a dim centre under a ramp (Abuolaim et al. 2021)",
                ),
                (
                    "RAMP_DISK",
                    "Ramp Disc",
                    "A disc dragged across itself (Punnappurath et al. 2020); "
                    "without parameters",
                ),
            ),
        ),
        "order": props.IntProperty(
            name="Order",
            description=(
                "Order n of the Butterworth filter: how steep the inner edge of the "
                "ring is. The paper uses 3, 6 and 9"
            ),
            default=3,
            min=1,
            soft_max=9,
            max=30,
        ),
        "alpha": props.FloatProperty(
            name="Alpha",
            description=(
                "Radius of the dim centre, as a share of the radius of the blur. "
                "The paper uses 0.4 to 1"
            ),
            default=0.8,
            min=0.01,
            soft_min=0.4,
            soft_max=1.0,
            max=10.0,
            precision=2,
            step=5,
        ),
        "beta": props.FloatProperty(
            name="Beta",
            description=(
                "Brightness of the centre, as a share of that of the rim; 1 is a flat "
                "disc. The paper uses 0.1 to 0.4"
            ),
            default=0.2,
            min=0.01,
            max=1.0,
            precision=2,
            step=5,
        ),
        "kappa": props.FloatProperty(
            name="Kappa",
            description=(
                "Softness of the rim: standard deviation of a Gaussian, as a share of "
                "the radius of the blur. The paper uses 0.14"
            ),
            default=0.14,
            min=0.0,
            soft_max=0.5,
            max=0.99,
            precision=2,
            step=2,
        ),
        "use_distortion": props.BoolProperty(
            name="Distortion",
            description="Distort the views radially, as a real lens does",
        ),
        "distortion": props.FloatVectorProperty(
            name="Coefficients",
            description=(
                "c1, c2, c3 of r_distorted = r / (1 + c1 r^2 + c2 r^4 + c3 r^6), with "
                "r in halves of the picture's shorter side. Positive: barrel, "
                "negative: pincushion"
            ),
            size=3,
            default=(0.0, 0.0, 0.0),
            min=-0.5,
            max=0.5,
            soft_min=-0.1,
            soft_max=0.1,
            precision=4,
            step=0.1,
        ),
        "noise_model": props.EnumProperty(
            name="Noise",
            description="How the noise of a pixel depends on its brightness",
            items=(
                ("NONE", "None", "No noise"),
                ("PAPER", "Paper", "Deviation = sigma x signal (Abuolaim et al. 2021)"),
                ("VARIANCE", "Shot", "Deviation = sigma x square root of the signal"),
                ("SHOT_READ", "Shot and Read", "Shot noise over a floor of 0.1 sigma"),
            ),
        ),
        "noise_sigma": props.FloatProperty(
            name="Sigma",
            description=(
                "Standard deviation of the noise at white (linear value 1). The paper "
                "uses 0.05 to 0.5"
            ),
            default=0.05,
            min=0.0,
            soft_max=0.5,
            max=10.0,
            precision=3,
            step=0.5,
        ),
        "sharp_coc_px": props.FloatProperty(
            name="Sharp up to (px)",
            description=(
                "Radius of the circle of confusion that still counts as sharp, in "
                "pixels of the rendered picture. It sets the depth of field"
            ),
            default=1.0,
            min=0.01,
            soft_max=5.0,
            max=1000.0,
            precision=2,
            step=10,
        ),
    }
