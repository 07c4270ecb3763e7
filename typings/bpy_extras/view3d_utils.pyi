"""Stands in for bpy_extras.view3d_utils, which has no types: all of it is Any."""

from typing import Any

def __getattr__(name: str) -> Any: ...
