"""The views of a preview that the Image Editor can show, and what each one holds."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.addon.preview.colours import anaglyph, coc_heat, heat_limit_px
from blender_scenes.addon.preview.synthesis import PreviewPictures

VIEW_LABELS = {
    "LEFT": "Left",
    "RIGHT": "Right",
    "COMBINED": "Combined",
    "COC": "CoC",
    "ANAGLYPH": "Anaglyph",
}
"""Identifier of each view -> the word on its button, in the buttons' order."""


def next_in_flip(view: str) -> str:
    """Return the view that a left/right flip shows after this one.

    Examples
    --------
    >>> next_in_flip("LEFT"), next_in_flip("RIGHT"), next_in_flip("COC")
    ('RIGHT', 'LEFT', 'LEFT')
    """
    return "RIGHT" if view == "LEFT" else "LEFT"


def view_pixels(pictures: PreviewPictures, view: str) -> NDArray[np.floating]:
    """Return one view (H, W, 3): scene-linear, except COC, which is display-referred.

    Row 0 is the top of the picture.
    """
    if view == "COC":
        coc_radius_px = pictures.coc_radius_px
        return coc_heat(coc_radius_px, heat_limit_px(coc_radius_px))
    if view == "ANAGLYPH":
        return anaglyph(pictures.left, pictures.right)
    return {
        "LEFT": pictures.left,
        "RIGHT": pictures.right,
        "COMBINED": pictures.combined,
    }[view]


def largest_coc_px(coc_radius_px: NDArray[np.floating]) -> float:
    """Return the signed CoC radius of the most blurred pixel, in pixels."""
    flat = coc_radius_px.ravel()
    return float(flat[np.argmax(np.abs(flat))])
