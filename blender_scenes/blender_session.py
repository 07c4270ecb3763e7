"""Starts bpy as a clean Blender that knows nothing of the user's own settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def start_blender(scratch: Path) -> None:
    """Import bpy with an empty scene, factory settings and no user preferences.

    Must run before any other import of bpy in this process.

    Parameters
    ----------
    scratch : Path
        Existing folder; Blender keeps its user files there.
    """
    if "bpy" in sys.modules:
        raise RuntimeError("bpy was imported before start_blender")
    os.environ["BLENDER_USER_RESOURCES"] = str(scratch / "user")
    os.environ.pop("OCIO", None)  # colours would hang on the shell that started it
    import bpy

    bpy.ops.wm.read_factory_settings(use_empty=True)
    preferences = bpy.context.preferences
    preferences.use_preferences_save = False
    preferences.filepaths.use_scripts_auto_execute = False
    preferences.filepaths.use_auto_save_temporary_files = False
    preferences.system.use_online_access = False


def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that make the pixels."""
    import bpy
    import numpy as np
    import OpenEXR

    return {
        "bpy": bpy.app.version_string,
        "numpy": np.__version__,
        "OpenEXR": OpenEXR.__version__,
    }
