"""Icons that show the PSF of the camera in the panel, and follow it.

A shape takes some 50 ms, too long for a panel's draw: `icons` gives what there is and
asks for the rest, which a timer makes.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any

import bpy
import bpy.utils.previews  # pyright: ignore[reportMissingImports]

from blender_scenes.addon.psf_thumbnail import SIDE_PX, VIEWS, thumbnails
from dp_model.psf import DualPixelPsf

_SLOTS = 4  # shapes kept: two editors may show two cameras

_collection: Any = None
_slots: dict[DualPixelPsf, int] = {}  # what is drawn where, latest use last
_missing: set[DualPixelPsf] = set()


def icons(psf: DualPixelPsf) -> dict[str, int]:
    """Return the numbers of the icons, by view, and have them follow the PSF.

    Until the timer has run they show the PSF before.
    """
    if psf in _slots:
        slot = _slots[psf] = _slots.pop(psf)
    else:
        slot = next(reversed(_slots.values()), 0)
        _missing.add(psf)
        if not bpy.app.timers.is_registered(refresh):
            bpy.app.timers.register(refresh)
    return {view: _collection[f"{view}{slot}"].icon_id for view in VIEWS}


def refresh() -> None:
    """Draw the icons that were asked for and not there."""
    while _missing:
        psf = _missing.pop()
        oldest = next(iter(_slots), None)
        slot = len(_slots)
        if slot == _SLOTS and oldest is not None:
            slot = _slots.pop(oldest)
        _draw(psf, slot)
        _slots[psf] = slot
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "PROPERTIES":
                area.tag_redraw()


def _draw(psf: DualPixelPsf, slot: int) -> None:
    """Fill the icons of a slot."""
    for view, pixels in thumbnails(psf).items():
        preview = _collection[f"{view}{slot}"]
        preview.image_size = preview.icon_size = (SIDE_PX, SIDE_PX)
        preview.image_pixels_float.foreach_set(pixels.ravel())
        preview.icon_pixels_float.foreach_set(pixels.ravel())


def register() -> None:
    """Make room for the icons."""
    global _collection
    _collection = bpy.utils.previews.new()
    for slot in range(_SLOTS):
        for view in VIEWS:
            _collection.new(f"{view}{slot}")


def unregister() -> None:
    """Free the icons."""
    global _collection
    if bpy.app.timers.is_registered(refresh):
        bpy.app.timers.unregister(refresh)
    bpy.utils.previews.remove(_collection)
    _collection = None
    _slots.clear()
    _missing.clear()
