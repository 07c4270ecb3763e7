"""Shows what a finished data set looks like."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

OVERVIEW, FIRST_SHEET = "overview.png", "seq_001.png"


def contact_sheet(folder: Path) -> Path:
    """Return the picture that shows most of a data set.

    Of one sequence its contact sheet; of several the overview.
    """
    preview = folder / "preview"
    is_single = not (preview / "seq_002.png").exists()
    return preview / (FIRST_SHEET if is_single else OVERVIEW)


def show_dataset(context: Any, folder: Path) -> None:
    """Show a data set in the largest Image Editor, or else its folder.

    Does nothing in background mode.

    Raises
    ------
    RuntimeError
        If the picture or the folder cannot be opened.
    """
    if bpy.app.background:
        return
    area = _largest_image_editor(context)
    if area is None:
        bpy.ops.wm.path_open(filepath=str(folder))
        return
    image = bpy.data.images.load(str(contact_sheet(folder)), check_existing=True)
    image.reload()
    area.spaces.active.image = image
    with context.temp_override(area=area, region=_main_region(area)):
        bpy.ops.image.view_all(fit_view=True)


def _largest_image_editor(context: Any) -> Any | None:
    areas = [
        area
        for window in context.window_manager.windows
        for area in window.screen.areas
        if area.ui_type == "IMAGE_EDITOR"
    ]
    return max(areas, key=lambda area: area.width * area.height, default=None)


def _main_region(area: Any) -> Any:
    return next(region for region in area.regions if region.type == "WINDOW")
