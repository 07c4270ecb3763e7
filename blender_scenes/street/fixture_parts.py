"""A labelled part of a piece of street furniture; no bpy."""

from __future__ import annotations

from typing import NamedTuple

from blender_scenes.street.mesh import MeshBuilder, MeshData


class Part(NamedTuple):
    """One thing with its semantic class; front towards -y, along the kerb is x."""

    label: str
    mesh: MeshData


def part(label: str, builder: MeshBuilder) -> Part:
    """Return what a builder holds as a part."""
    return Part(label, builder.mesh())
