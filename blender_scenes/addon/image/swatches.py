"""Little squares of the CoC colours, as icons for labels."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import bpy.utils.previews  # pyright: ignore[reportMissingImports]
import numpy as np

from blender_scenes.addon.preview.colours import coc_heat

_SIZE_PX = 32
_EDGE_PX = 4

_icons: list[Any] = []


def swatch(share: float) -> int:
    """Return the icon of the colour at a share of the limit: -1, 0 or 1."""
    return int(_icons[0][f"{share:+.0f}"].icon_id) if _icons else 0


def _square(share: float) -> list[float]:
    """Return RGBA pixels: the colour, with a clear edge."""
    pixels = np.zeros((_SIZE_PX, _SIZE_PX, 4), np.float32)
    inside = slice(_EDGE_PX, -_EDGE_PX)
    pixels[inside, inside, :3] = coc_heat(np.array(share), 1.0)
    pixels[inside, inside, 3] = 1.0
    return pixels.ravel().tolist()


def make_swatches() -> None:
    """Make the icons."""
    icons = bpy.utils.previews.new()
    for share in (-1.0, 0.0, 1.0):
        icon = icons.new(f"{share:+.0f}")
        icon.icon_size = _SIZE_PX, _SIZE_PX
        icon.icon_pixels_float = _square(share)
    _icons.append(icons)


def free_swatches() -> None:
    """Free the icons."""
    while _icons:
        bpy.utils.previews.remove(_icons.pop())
