"""Whether there is a preview whose blur can be shown in a scene."""

# SPDX-License-Identifier: GPL-3.0-or-later

from typing import Any

from blender_scenes.addon.preview.operators import is_rendering
from blender_scenes.addon.preview.session import session


def heat_problem(scene: Any) -> str:
    """Return why no blur can be shown in the scene; "" if it can."""
    frame = session.frame
    if frame is None or session.values is None:
        return "wait for the preview" if is_rendering() else "press Preview first"
    if frame.scene_name != scene.name:
        return f"the preview is of scene {frame.scene_name}"
    return ""
