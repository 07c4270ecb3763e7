"""Adds the values of the add-on to Blender's cameras, scenes and window manager."""

# SPDX-License-Identifier: GPL-3.0-or-later

import bpy
from bpy import props

from blender_scenes.addon.camera_properties import DualPixelCamera
from blender_scenes.addon.scene_properties import DualPixelScene
from blender_scenes.addon.state_properties import DualPixelState

_CLASSES = (DualPixelCamera, DualPixelScene, DualPixelState)
_OWNERS = {
    "Camera": DualPixelCamera,
    "Scene": DualPixelScene,
    "WindowManager": DualPixelState,
}


def register() -> None:
    """Add the properties to Blender's cameras, scenes and window manager."""
    for group in _CLASSES:
        bpy.utils.register_class(group)
    for owner, group in _OWNERS.items():
        pointer = props.PointerProperty(type=group, name="Dual Pixel")
        getattr(bpy.types, owner).dual_pixel = pointer


def unregister() -> None:
    """Take the properties back; values in files stay there."""
    for owner in _OWNERS:
        del getattr(bpy.types, owner).dual_pixel
    for group in reversed(_CLASSES):
        bpy.utils.unregister_class(group)
