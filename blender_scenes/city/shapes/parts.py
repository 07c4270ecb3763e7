"""A labelled part of a thing; no bpy."""

from __future__ import annotations

from typing import NamedTuple

from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData


class Part(NamedTuple):
    """One solid with its semantic class, in the axes of the thing it belongs to."""

    label: str
    mesh: MeshData


def part(label: str, builder: MeshBuilder) -> Part:
    """Return what a builder holds as a part."""
    return Part(label, builder.mesh())
