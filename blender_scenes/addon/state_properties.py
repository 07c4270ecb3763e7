"""What is shown at the moment: which view, flip, wipe, overlays, progress.

Properties are listed in ``__annotations__``, where Blender looks for them: written as
annotations, their texts would be taken for the names of types.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from collections.abc import Callable
from typing import Any

import bpy
from bpy import props

state_listeners: list[Callable[[Any], None]] = []
"""Called with the context when a value of `DualPixelState` changed; see `_tell`."""

VIEW_ITEMS = (
    ("LEFT", "Left", "View through the left half of the lens"),
    ("RIGHT", "Right", "View through the right half of the lens"),
    ("COMBINED", "Combined", "Mean of the left and right view: an ordinary picture"),
    ("COC", "CoC", "Blur radius: blue in front of the focus, white in it, red behind"),
    ("ANAGLYPH", "Anaglyph", "Left view in red, right view in green and blue"),
)


def _tell(_state: Any, context: Any) -> None:
    """Tell the parts that draw or keep time that what is shown has changed."""
    for listener in tuple(state_listeners):
        listener(context)


class DualPixelState(bpy.types.PropertyGroup):
    """What is shown at the moment; in `bpy.types.WindowManager`.

    Opening a file brings the defaults back.
    """

    __annotations__ = {
        "view": props.EnumProperty(
            name="View",
            description="Picture that the Image Editor shows",
            items=VIEW_ITEMS,
            default="COMBINED",
            update=_tell,
        ),
        "use_flip": props.BoolProperty(
            name="Flip",
            description="Show the left and right view in turn",
            update=_tell,
        ),
        "flip_rate": props.FloatProperty(
            name="Rate",
            description="Changes between left and right view per second, in hertz",
            default=2.0,
            min=0.1,
            soft_max=10.0,
            max=30.0,
            precision=1,
            step=10,
            update=_tell,
        ),
        "use_wipe": props.BoolProperty(
            name="Wipe",
            description="Show one view left of a line and another right of it",
            update=_tell,
        ),
        "wipe_position": props.FloatProperty(
            name="Position",
            description="Place of the line, as a share of the width of the picture",
            default=0.5,
            min=0.0,
            max=1.0,
            subtype="FACTOR",
            update=_tell,
        ),
        "wipe_first": props.EnumProperty(
            name="Left of Line",
            description="View that is shown left of the line",
            items=VIEW_ITEMS,
            default="LEFT",
            update=_tell,
        ),
        "wipe_second": props.EnumProperty(
            name="Right of Line",
            description="View that is shown right of the line",
            items=VIEW_ITEMS,
            default="RIGHT",
            update=_tell,
        ),
        "use_viewport_limits": props.BoolProperty(
            name="Depth of Field",
            description=(
                "Draw the plane in focus and the near and far limits of the depth of "
                "field of the camera of the scene"
            ),
            update=_tell,
        ),
        "use_viewport_heat": props.BoolProperty(
            name="Blur Heat",
            description=(
                "Colour the surfaces that the last preview saw by their blur radius: "
                "blue in front of the focus, white in it, red behind"
            ),
            update=_tell,
        ),
        "message": props.StringProperty(
            name="Message",
            description="What the running preview or data set is doing",
            options={"HIDDEN"},
        ),
        "progress": props.FloatProperty(
            name="Progress",
            description="Share of the running preview or data set that is done",
            min=0.0,
            max=1.0,
            subtype="FACTOR",
            options={"HIDDEN"},
        ),
    }
