"""Turns plain meshes into Blender meshes and labelled objects."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import ArrayLike

from blender_scenes.city.materials.materials import material
from blender_scenes.city.shapes.mesh import MeshData
from blender_scenes.frames import LABEL_IDS


def blender_mesh(name: str, data: MeshData) -> bpy.types.Mesh:
    """Return a Blender mesh with materials, metre-wise UVs and tints."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(data.vertices))
    mesh.vertices.foreach_set("co", data.vertices.ravel())
    mesh.loops.add(len(data.corners))
    mesh.loops.foreach_set("vertex_index", data.corners)
    starts = np.cumsum(data.face_sizes) - data.face_sizes
    mesh.polygons.add(len(data.face_sizes))
    mesh.polygons.foreach_set("loop_start", starts.astype(np.int32))
    mesh.polygons.foreach_set("material_index", data.material_index)
    mesh.polygons.foreach_set("use_smooth", data.is_smooth)
    for surface in data.materials:
        mesh.materials.append(material(surface))
    uv = mesh.uv_layers.new(name="metres")
    uv.uv.foreach_set("vector", data.box_projected_uv().ravel())
    tint = mesh.attributes.new("tint", "FLOAT_COLOR", "FACE")
    opaque = np.ones((len(data.tint), 1), np.float32)
    tint.data.foreach_set("color", np.hstack([data.tint, opaque]).ravel())
    if data.street_m is not None:
        street = mesh.attributes.new("street", "FLOAT_VECTOR", "POINT")
        street.data.foreach_set("vector", data.street_m.ravel())
    mesh.update(calc_edges=True)
    return mesh


def add_object(
    scene: bpy.types.Scene,
    mesh: bpy.types.Mesh,
    label: str,
    matrix: ArrayLike | None = None,
    *,
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> bpy.types.Object:
    """Place a mesh in the scene as one thing of a semantic class.

    Raises
    ------
    KeyError
        If the label is none of `LABEL_IDS`.
    """
    thing = bpy.data.objects.new(mesh.name, mesh)
    thing["label"] = LABEL_IDS[label]
    thing.color = (*colour, 1.0)
    if matrix is not None:
        # A bare nested list would be read column by column.
        thing.matrix_world = Matrix(np.asarray(matrix, np.float64).tolist())
    scene.collection.objects.link(thing)
    return thing
