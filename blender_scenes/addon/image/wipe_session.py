"""The wipe: a picture that is one view left of a line and another right of it.

It is composed anew when the line, the pair or the preview changes, as an image of its
own, so that Blender colours it like any other.  A slow timer sees the changes that
nobody reports.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from blender_scenes.addon.image.editors import (
    WIPE,
    areas_showing,
    image_editor_in,
    put,
    redraw,
    state,
    switch_off,
)
from blender_scenes.addon.image.views import view_pixels
from blender_scenes.addon.image.wipe import line_column, wiped
from blender_scenes.addon.preview.images import find_image, write_image
from blender_scenes.addon.preview.session import session
from blender_scenes.addon.preview.synthesis import PreviewPictures
from blender_scenes.addon.state_properties import state_listeners
from dp_model.radiometry import decode_srgb

_SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True)
class _Pair:
    """Two views (H, W, 3) of the same pictures, both scene-linear."""

    pictures: PreviewPictures
    names: tuple[str, str]
    first: NDArray[np.floating]
    second: NDArray[np.floating]


@dataclass
class _Wiping:
    """What the image holds at the moment: nothing, or a pair and a column."""

    pair: _Pair | None = None
    column: int = -1


_wiping = _Wiping()


def _pair(pictures: PreviewPictures, names: tuple[str, str]) -> _Pair:
    """Return both views, the colours of the CoC as light."""
    first, second = (
        decode_srgb(view_pixels(pictures, name))
        if name == "COC"
        else view_pixels(pictures, name)
        for name in names
    )
    return _Pair(pictures, names, first, second)


def refresh() -> bool:
    """Write the composed picture if anything changed; return whether there is one."""
    pictures = session.pictures
    if pictures is None:
        return False
    names = (state().wipe_first, state().wipe_second)
    pair = _wiping.pair
    is_same_pair = (
        pair is not None and pair.pictures is pictures and pair.names == names
    )
    if not is_same_pair:
        pair = _pair(pictures, names)
    assert pair is not None
    column = line_column(state().wipe_position, pair.first.shape[1])
    if not (is_same_pair and column == _wiping.column and find_image(WIPE)):
        pixels = wiped(pair.first, pair.second, column)
        write_image(WIPE, pixels)
        _wiping.pair, _wiping.column = pair, column
        redraw({WIPE})
    return True


def tick() -> float | None:
    """Follow the preview; return the seconds until the next look, None to stop."""
    if not areas_showing({WIPE}) or not refresh():
        switch_off("use_wipe")
    return _SECONDS_BETWEEN_LOOKS if state().use_wipe else None


def follow(context: Any) -> None:
    """Start, stop or redo the wipe as the state says."""
    is_running = bpy.app.timers.is_registered(tick)
    if state().use_wipe and not is_running:
        _start(context)
    elif state().use_wipe:
        refresh()
    elif is_running:
        _stop()


def _start(context: Any) -> None:
    """Show the composed picture in the editor where the wipe was switched on."""
    bpy.app.timers.register(tick, first_interval=_SECONDS_BETWEEN_LOOKS)
    editor = image_editor_in(context)
    if refresh() and editor is not None:
        put(editor, WIPE)
    switch_off("use_flip" if areas_showing({WIPE}) else "use_wipe")


def _stop() -> None:
    """Leave the editors with the view that was chosen last."""
    bpy.app.timers.unregister(tick)
    for area in areas_showing({WIPE}):
        put(area.spaces.active, state().view)
        area.tag_redraw()
    _wiping.pair, _wiping.column = None, -1


@bpy.app.handlers.persistent
def _stop_before_load(*_arguments: Any) -> None:
    switch_off("use_wipe")


def register() -> None:
    """Listen to the switch, the slider and the pair."""
    state_listeners.append(follow)
    bpy.app.handlers.load_pre.append(_stop_before_load)


def unregister() -> None:
    """Stop wiping and listening."""
    switch_off("use_wipe")
    bpy.app.handlers.load_pre.remove(_stop_before_load)
    state_listeners.remove(follow)
