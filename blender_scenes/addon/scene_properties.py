"""What preview and data set of a scene are made of.

Properties are listed in ``__annotations__``, where Blender looks for them: written as
annotations, their texts would be taken for the names of types.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

import bpy
from bpy import props

_SETS = (
    *((number, number, f"Set {number} of Abuolaim et al. 2021") for number in "12345"),
    ("THIS", "This Camera", "Lens, focus, sensor and PSF of the camera of the scene"),
)


class DualPixelScene(bpy.types.PropertyGroup):
    """What preview and data set of a scene are made of; in `bpy.types.Scene`."""

    __annotations__ = {
        "preview_width": props.IntProperty(
            name="Width",
            description="Width of the preview, in pixels; its height follows",
            default=480,
            min=16,
            soft_max=960,
            max=3840,
            subtype="PIXEL",
        ),
        "preview_samples": props.IntProperty(
            name="Samples",
            description="Samples per pixel that Cycles takes for the preview",
            default=16,
            min=1,
            soft_max=128,
            max=4096,
        ),
        "use_scene_range": props.BoolProperty(
            name="Scene Range",
            description="Render the frame range of the scene",
            default=True,
        ),
        "frame_start": props.IntProperty(
            name="First Frame",
            description="First frame of the data set",
            default=1,
            min=0,
        ),
        "frame_end": props.IntProperty(
            name="Last Frame",
            description="Last frame of the data set",
            default=24,
            min=0,
        ),
        "sets": props.EnumProperty(
            name="Cameras",
            description="Cameras that the data set has views of; Shift-click several",
            items=_SETS,
            options={"ENUM_FLAG"},
            default={"THIS"},
        ),
        "folder": props.StringProperty(
            name="Folder",
            description="Folder that data sets are written to; // is that of the file",
            default="//datasets",
            subtype="DIR_PATH",
        ),
        "dataset_name": props.StringProperty(
            name="Name",
            description="Name of the data set: a folder inside the folder above",
            default="dual-pixel",
        ),
        "dataset_width": props.IntProperty(
            name="Width",
            description="Width of the pictures, in pixels; their height follows",
            default=960,
            min=16,
            soft_max=3840,
            max=8192,
            subtype="PIXEL",
        ),
        "dataset_samples": props.IntProperty(
            name="Samples",
            description="Samples per pixel that Cycles takes for the data set",
            default=64,
            min=1,
            soft_max=1024,
            max=65536,
        ),
        "use_strict": props.BoolProperty(
            name="Strict",
            description=(
                "Make no data set whose pictures may be wrong: an error in place of "
                "each warning"
            ),
        ),
        "dataset_nearest": props.FloatProperty(
            name="Nearest Surface",
            description=(
                "Distance of the nearest thing that the camera sees, in the scene's "
                "unit of length. Its blur says how far beyond the border is rendered"
            ),
            default=2.5,
            min=0.001,
            soft_max=100.0,
            subtype="DISTANCE",
            unit="LENGTH",
        ),
    }
