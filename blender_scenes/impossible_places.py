"""Finds what is at NaN or infinity, where no render can be right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from blender_scenes.notes import Note, warning

NAMES_SHOWN = 6
_MATRIX = 16
_BEYOND = 1e30  # Blender takes infinity for the largest number that it can hold


def is_somewhere(values: Any) -> Any:
    """Return where numbers are neither NaN nor, for all purposes, infinite.

    Examples
    --------
    >>> is_somewhere([0.0, float("nan"), 3.4e38]).tolist()
    [True, False, False]
    """
    return np.abs(values) < _BEYOND


@dataclass
class PlaceWatch:
    """Looks at all objects at every frame, and at the points of their meshes once."""

    _found: dict[str, int] = field(default_factory=lambda: {})

    def look(self, number: int) -> None:
        """Look at the current frame, whose number it is."""
        import bpy

        objects = bpy.data.objects
        matrices = np.empty(len(objects) * _MATRIX, np.float32)
        objects.foreach_get("matrix_world", matrices)
        is_good = is_somewhere(matrices).reshape(-1, _MATRIX).all(axis=1)
        for index in np.flatnonzero(~is_good):
            self._found.setdefault(objects[int(index)].name, number)

    def notes(self) -> list[Note]:
        """Return a warning that names what was found."""
        places = [f"{name!r} (frame {n})" for name, n in self._found.items()]
        meshes = [repr(name) for name in _meshes_with_impossible_points()]
        told = (("objects", places), ("points of meshes", meshes))
        return [
            warning(
                "impossible-place",
                f"{what} at NaN or infinity, which show nowhere or anywhere: "
                f"{_listed(names)}",
            )
            for what, names in told
            if names
        ]


def _meshes_with_impossible_points() -> list[str]:
    import bpy

    return [mesh.name for mesh in bpy.data.meshes if not _is_whole(mesh)]


def _is_whole(mesh: Any) -> bool:
    points = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", points)
    return bool(is_somewhere(points).all())


def _listed(names: list[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
