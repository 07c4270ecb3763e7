"""Polygon meshes as plain arrays, built up part by part; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.shapes import Shape

WHITE = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class MeshData:
    """A polygon mesh with a material, tint and shading flag per face.

    Parameters
    ----------
    vertices : ndarray (V, 3) float32
        Object coordinates, metres.
    corners : ndarray (L,) int32
        Vertex of every face corner, face after face.
    face_sizes : ndarray (F,) int32
        Number of corners of every face.
    material_index : ndarray (F,) int32
        Index into ``materials``.
    materials : tuple of str
        Names of surfaces that `materials.py` knows.
    tint : ndarray (F, 3) float32
        Linear Rec.709 colour that the surface multiplies or takes.
    is_smooth : ndarray (F,) bool
    street_m : ndarray (V, 3) float32 or None
        Vertices in street axes, where a bend of the road moved them: the ground's
        surfaces are laid out in these.
    """

    vertices: NDArray[np.float32]
    corners: NDArray[np.int32]
    face_sizes: NDArray[np.int32]
    material_index: NDArray[np.int32]
    materials: tuple[str, ...]
    tint: NDArray[np.float32]
    is_smooth: NDArray[np.bool_]
    street_m: NDArray[np.float32] | None = None

    @property
    def extent_m(self) -> NDArray[np.float32]:
        """Size of the bounding box along x, y and z, metres."""
        return self.vertices.max(axis=0) - self.vertices.min(axis=0)

    def box_projected_uv(self) -> NDArray[np.float32]:
        """Return (L, 2) texture coordinates in metres, as if projected on a box.

        On walls the second coordinate is the height, so that brick courses lie
        level whichever way the wall faces.
        """
        starts = np.cumsum(self.face_sizes) - self.face_sizes
        first = self.vertices[self.corners[starts]]
        second = self.vertices[self.corners[starts + 1]]
        third = self.vertices[self.corners[starts + 2]]
        normal = np.cross(second - first, third - first)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        is_level = np.hypot(normal[:, 0], normal[:, 1]) < 0.6
        across = np.stack([-normal[:, 1], normal[:, 0]], axis=1)
        across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
        points = self.vertices[self.corners]
        face = np.repeat(np.arange(len(self.face_sizes)), self.face_sizes)
        wall = np.stack([(points[:, :2] * across[face]).sum(axis=1), points[:, 2]], 1)
        return np.where(is_level[face, None], points[:, :2], wall).astype(np.float32)


class MeshBuilder:
    """Collects shapes and returns them as one `MeshData`."""

    def __init__(self) -> None:
        self._vertices: list[NDArray[np.float32]] = []
        self._corners: list[NDArray[np.int32]] = []
        self._sizes: list[NDArray[np.int32]] = []
        self._material: list[NDArray[np.int32]] = []
        self._tint: list[NDArray[np.float32]] = []
        self._smooth: list[NDArray[np.bool_]] = []
        self._names: list[str] = []
        self._vertex_count = 0

    def add(
        self,
        shape: Shape,
        material: str,
        tint: ArrayLike = WHITE,
        *,
        smooth: bool = False,
    ) -> None:
        """Add a shape of one material; ``tint`` is one colour or one per face."""
        sizes = np.concatenate(
            [np.full(len(block), block.shape[1], np.int32) for block in shape.faces]
        )
        corners = np.concatenate([block.ravel() for block in shape.faces])
        colours = np.broadcast_to(np.asarray(tint, np.float32), (len(sizes), 3))
        self._append(
            shape.vertices,
            corners,
            sizes,
            np.full(len(sizes), self._index_of(material), np.int32),
            colours,
            np.full(len(sizes), smooth),
        )

    def add_mesh(self, mesh: MeshData, matrix: ArrayLike | None = None) -> None:
        """Add a finished mesh, moved by a 4x4 matrix."""
        vertices = mesh.vertices
        if matrix is not None:
            motion = np.asarray(matrix, np.float64)
            vertices = vertices @ motion[:3, :3].T + motion[:3, 3]
        indices = np.array([self._index_of(name) for name in mesh.materials], np.int32)
        self._append(
            vertices,
            mesh.corners,
            mesh.face_sizes,
            indices[mesh.material_index],
            mesh.tint,
            mesh.is_smooth,
        )

    def mesh(self) -> MeshData:
        """Return everything added so far as one mesh."""
        return MeshData(
            vertices=np.concatenate(self._vertices).astype(np.float32),
            corners=np.concatenate(self._corners).astype(np.int32),
            face_sizes=np.concatenate(self._sizes),
            material_index=np.concatenate(self._material),
            materials=tuple(self._names),
            tint=np.concatenate(self._tint).astype(np.float32),
            is_smooth=np.concatenate(self._smooth),
        )

    def _index_of(self, material: str) -> int:
        if material not in self._names:
            self._names.append(material)
        return self._names.index(material)

    def _append(self, vertices, corners, sizes, material, tint, smooth) -> None:
        self._vertices.append(np.asarray(vertices, np.float32))
        self._corners.append(np.asarray(corners, np.int32) + self._vertex_count)
        self._sizes.append(sizes)
        self._material.append(material)
        self._tint.append(np.asarray(tint, np.float32))
        self._smooth.append(smooth)
        self._vertex_count += len(vertices)


def placement(
    x_m: float = 0.0,
    y_m: float = 0.0,
    z_m: float = 0.0,
    *,
    heading_rad: float = 0.0,
    scale: float = 1.0,
) -> NDArray[np.float64]:
    """Return the 4x4 matrix that turns about z by the heading, then moves.

    Examples
    --------
    >>> placement(1.0, 2.0)[:3, 3].tolist()
    [1.0, 2.0, 0.0]
    """
    cosine, sine = np.cos(heading_rad) * scale, np.sin(heading_rad) * scale
    return np.array(
        [
            [cosine, -sine, 0.0, x_m],
            [sine, cosine, 0.0, y_m],
            [0.0, 0.0, scale, z_m],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )
