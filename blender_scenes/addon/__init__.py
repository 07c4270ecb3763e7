"""Dual Pixel, the Blender extension: see what a dual-pixel sensor would see.

Importing it imports nothing of Blender, so that its pure modules load anywhere.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

import importlib
from types import ModuleType

MODULES = (
    "properties",
    "preferences",
    "camera_panel",
    "preview.update",
    "preview.operators",
    "image.editors",
    "image.flip",
    "image.wipe_session",
    "image.overlay",
    "image.cursor",
    "image.operators",
    "image.panel",
    "viewport.handlers",
    "viewport.panel",
    "dataset.operators",
    "dataset.panel",
)
"""What has something to register, in that order; each has register, unregister."""


def _modules() -> list[ModuleType]:
    return [importlib.import_module(f"{__package__}.{name}") for name in MODULES]


def register() -> None:
    """Register every part, or, if one fails, none."""
    done: list[ModuleType] = []
    try:
        for module in _modules():
            module.register()
            done.append(module)
    except Exception:
        for module in reversed(done):
            module.unregister()
        raise


def unregister() -> None:
    """Unregister every part, last first."""
    for module in reversed(_modules()):
        module.unregister()
