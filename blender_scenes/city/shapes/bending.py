"""Makes ground that is laid out in street axes follow the road; no bpy."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.road import Road
from blender_scenes.city.shapes.mesh import MeshData

# A chord of this length leaves an arc of 30 m radius by less than 2 cm.
PIECE_M = 2.0


def bent(mesh: MeshData, road: Road) -> MeshData:
    """Return a mesh in world axes from one in street axes."""
    street = mesh.vertices.astype(np.float64)
    world = np.column_stack([road.world_xy(street[:, 0], street[:, 1]), street[:, 2]])
    return dataclasses.replace(
        mesh, vertices=world.astype(np.float32), street_m=mesh.vertices
    )


def cuts(low_m: float, high_m: float) -> NDArray[np.float64]:
    """Return both ends and enough places between them to follow any bend.

    Examples
    --------
    >>> cuts(0.0, 3.0).tolist()
    [0.0, 1.5, 3.0]
    """
    return np.linspace(low_m, high_m, _count(high_m - low_m))


def _count(length_m: float) -> int:
    return max(2, int(np.ceil(length_m / PIECE_M)) + 1)
