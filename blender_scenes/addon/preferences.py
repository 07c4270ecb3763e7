"""Preferences of the add-on: where the pipeline is, for building data sets."""

# SPDX-License-Identifier: GPL-3.0-or-later

import functools
import time
from pathlib import Path
from typing import Any

import bpy
from bpy import props

from blender_scenes.addon.environment import environment_problem, environment_python

_KEPT_S = 2.0  # every redraw asks, and the file may be on a slow disc


class DUAL_PIXEL_AP_preferences(bpy.types.AddonPreferences):  # noqa: N801
    """What is set once per person, not per file."""

    bl_idname = __package__
    __annotations__ = {
        "python_path": props.StringProperty(
            name="Pipeline Python",
            description=(
                "Python that has the pipeline installed, such as .venv/bin/python in "
                "the folder of the pipeline. Only building data sets needs it"
            ),
            subtype="FILE_PATH",
        ),
    }

    def draw(self, context: Any) -> None:
        """Draw the path and, below it, what is missing there."""
        column = self.layout.column()
        column.prop(self, "python_path")
        python = pipeline_python(context)
        if not python:
            column.label(text="Not set: only building data sets needs it", icon="INFO")
            return
        problem = _problem(python, int(time.monotonic() / _KEPT_S))
        if problem:
            column.label(text=problem, icon="ERROR")
        else:
            column.label(text="The pipeline is installed there", icon="CHECKMARK")


def preferences_module() -> str:
    """Return the name by which Blender knows the add-on."""
    return str(__package__)


def pipeline_python(context: Any) -> str:
    """Return the path of the Python that has the pipeline; "" where none is set."""
    addon = context.preferences.addons.get(preferences_module())
    typed = getattr(getattr(addon, "preferences", None), "python_path", "").strip()
    return str(environment_python(Path(bpy.path.abspath(typed)))) if typed else ""


@functools.lru_cache(maxsize=1)
def _problem(python: str, _moment: int) -> str:
    return environment_problem(Path(python))


def register() -> None:
    """Add the preferences."""
    bpy.utils.register_class(DUAL_PIXEL_AP_preferences)


def unregister() -> None:
    """Take them back; what was set stays in Blender's settings."""
    bpy.utils.unregister_class(DUAL_PIXEL_AP_preferences)
