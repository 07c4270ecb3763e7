"""Long texts in panels: Blender cuts labels off, so each line gets one."""

# SPDX-License-Identifier: GPL-3.0-or-later

import textwrap
from typing import Any

_LETTER_PX = 7
_ICON_AND_MARGINS_PX = 50
_LEAST_LETTERS = 12
_PANEL_PX = 300  # where nothing says how wide the panel is


def wrapped(text: str, width_px: float, ui_scale: float) -> list[str]:
    """Return a text in lines that fit into a panel of that width.

    Parameters
    ----------
    width_px : float
        Width of the panel, pixels of the screen.
    ui_scale : float
        How much larger than usual the interface is drawn; 0, as it is where there is
        no screen, counts as 1.
    """
    letters = int((width_px / (ui_scale or 1.0) - _ICON_AND_MARGINS_PX) / _LETTER_PX)
    return textwrap.wrap(text, max(letters, _LEAST_LETTERS))


def draw_lines(layout: Any, context: Any, text: str, icon: str) -> None:
    """Draw a text in as many labels as it takes, the icon before the first."""
    width_px = context.region.width if context.region else _PANEL_PX
    scale = context.preferences.system.ui_scale
    column = layout.column(align=True)
    for number, line in enumerate(wrapped(text, width_px, scale)):
        column.label(text=line, icon="BLANK1" if number else icon)
