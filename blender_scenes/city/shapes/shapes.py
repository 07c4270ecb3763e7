"""Elementary solids and surfaces as vertices and faces, metres; no bpy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

_BOX_SIGNS = np.array(
    [[x, y, z] for z in (-0.5, 0.5) for y in (-0.5, 0.5) for x in (-0.5, 0.5)]
)
_BOX_FACES = np.array(
    [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]
)


class Shape(NamedTuple):
    """Vertices (V, 3) and blocks of faces, each (F, corners), facing outwards."""

    vertices: NDArray[np.float64]
    faces: tuple[NDArray[np.int64], ...]


def boxes(centers: ArrayLike, sizes: ArrayLike) -> Shape:
    """Return axis-parallel boxes: centres (B, 3), sizes (B, 3) or (3,)."""
    middle = np.atleast_2d(np.asarray(centers, np.float64))
    size = np.broadcast_to(np.asarray(sizes, np.float64), middle.shape)
    vertices = middle[:, None, :] + _BOX_SIGNS * size[:, None, :]
    first = 8 * np.arange(len(middle))[:, None, None]
    return Shape(vertices.reshape(-1, 3), ((_BOX_FACES + first).reshape(-1, 4),))


def box(
    x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]
) -> Shape:
    """Return the box that spans three intervals."""
    low, high = np.array([x, y, z], np.float64).T
    return boxes((low + high) / 2, high - low)


def quads(corners: ArrayLike) -> Shape:
    """Return separate quadrilaterals from corners (Q, 4, 3)."""
    points = np.asarray(corners, np.float64).reshape(-1, 4, 3)
    return Shape(points.reshape(-1, 3), (np.arange(4 * len(points)).reshape(-1, 4),))


def level_quads(x0: ArrayLike, x1: ArrayLike, y0: ArrayLike, y1: ArrayLike, z: float):
    """Return rectangles at height z facing up; arguments broadcast."""
    left, right, near, far = np.broadcast_arrays(*np.atleast_1d(x0, x1, y0, y1))
    height = np.full_like(left, z, dtype=np.float64)
    corners = [(left, near), (right, near), (right, far), (left, far)]
    return quads(np.stack([np.stack([x, y, height], -1) for x, y in corners], axis=1))


def grid(points: ArrayLike, *, wrap: bool = False) -> Shape:
    """Return the surface through points (R, K, 3); ``wrap`` closes each row."""
    rows = np.asarray(points, np.float64)
    R, K = rows.shape[:2]
    index = np.arange(R * K).reshape(R, K)
    if wrap:
        index = np.concatenate([index, index[:, :1]], axis=1)
    faces = np.stack(
        [index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1
    )
    return Shape(rows.reshape(-1, 3), (faces.reshape(-1, 4),))


def loft(rings: ArrayLike, *, capped: bool = True) -> Shape:
    """Return the closed skin over rings (R, K, 3) that turn left along the path."""
    points = np.asarray(rings, np.float64)
    R, K = points.shape[:2]
    shape = grid(points, wrap=True)
    if not capped:
        return shape
    ends = np.stack([np.arange(K)[::-1], np.arange(K) + (R - 1) * K])
    return Shape(shape.vertices, (*shape.faces, ends))


def tube(path: ArrayLike, radii: ArrayLike, *, sides: int = 8) -> Shape:
    """Return a capped round bar along a path (P, 3) with one or P radii."""
    points = np.asarray(path, np.float64)
    radius = np.broadcast_to(np.asarray(radii, np.float64), len(points))
    tangent = np.empty_like(points)
    tangent[0], tangent[-1] = points[1] - points[0], points[-1] - points[-2]
    tangent[1:-1] = (points[2:] - points[:-2]) / 2
    tangent /= np.maximum(_lengths(tangent), 1e-9)
    helper = np.zeros(3)
    helper[np.argmin(np.abs(points[-1] - points[0]))] = 1.0
    side = cross(tangent, helper)
    side /= np.maximum(_lengths(side), 1e-9)
    up = cross(tangent, side)
    angle = 2 * np.pi * np.arange(sides) / sides
    ring = (
        np.cos(angle)[None, :, None] * side[:, None]
        + np.sin(angle)[None, :, None] * up[:, None]
    )
    return loft(points[:, None] + ring * radius[:, None, None])


def cross(first: NDArray[np.float64], second: NDArray[np.float64]):
    """Return the cross product of vectors (..., 3).

    A fourth of the time of NumPy's own on the few points of a bar.
    """
    before, after = (2, 0, 1), (1, 2, 0)
    return (
        first[..., after] * second[..., before]
        - first[..., before] * second[..., after]
    )


def _lengths(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))


def bars(
    starts: ArrayLike, ends: ArrayLike, radius_m: float, *, sides: int = 6
) -> Shape:
    """Return many straight round bars from starts (B, 3) to ends (B, 3)."""
    parts = [
        tube(np.stack([start, end]), radius_m, sides=sides)
        for start, end in zip(
            np.atleast_2d(np.asarray(starts, np.float64)),
            np.atleast_2d(np.asarray(ends, np.float64)),
            strict=True,
        )
    ]
    return joined(parts)


def ring_bar(
    center: ArrayLike, radius_m: float, bar_radius_m: float, *, axis: str = "x"
) -> Shape:
    """Return a torus about the named axis through ``center``."""
    turn = np.linspace(0.0, 2 * np.pi, 25)[:-1]
    around = np.linspace(0.0, 2 * np.pi, 9)[:-1]
    reach = radius_m + bar_radius_m * np.cos(around)[None, :]
    first = np.cos(turn)[:, None] * reach
    second = np.sin(turn)[:, None] * reach
    along = np.broadcast_to(bar_radius_m * np.sin(around)[None, :], first.shape)
    order = {"x": (along, first, second), "y": (second, along, first)}
    points = np.stack(order.get(axis, (first, second, along)), axis=-1)
    closed = np.concatenate([points, points[:1]])
    shape = grid(closed[:, ::-1], wrap=True)
    return Shape(shape.vertices + np.asarray(center, np.float64), shape.faces)


def ellipsoid(
    center: ArrayLike, radii: ArrayLike, *, segments: int = 16, rings: int = 10
) -> Shape:
    """Return an ellipsoid with half axes ``radii`` (3,)."""
    # Stopping just short of the poles keeps every face a proper quadrilateral.
    latitude = np.linspace(-np.pi / 2 + 0.05, np.pi / 2 - 0.05, rings)
    longitude = 2 * np.pi * np.arange(segments) / segments
    unit = np.stack(
        [
            np.cos(latitude)[:, None] * np.cos(longitude)[None],
            np.cos(latitude)[:, None] * np.sin(longitude)[None],
            np.broadcast_to(np.sin(latitude)[:, None], (rings, segments)),
        ],
        axis=-1,
    )
    return loft(unit * np.asarray(radii, np.float64) + np.asarray(center, np.float64))


def prism(outline: ArrayLike, low: float, high: float, *, axis: str = "z") -> Shape:
    """Return a solid with a flat outline (K, 2), counter-clockwise, along an axis.

    The outline lies in (x, y) for axis z, (x, z) for axis y and (y, z) for x.
    """
    flat = np.asarray(outline, np.float64)
    if axis == "y":
        flat = flat[::-1]
    ends = [np.full(len(flat), low), np.full(len(flat), high)]
    columns = {
        "z": lambda height: (flat[:, 0], flat[:, 1], height),
        "y": lambda height: (flat[:, 0], height, flat[:, 1]),
        "x": lambda height: (height, flat[:, 0], flat[:, 1]),
    }[axis]
    return loft(np.stack([np.stack(columns(end), axis=-1) for end in ends]))


def joined(parts: list[Shape]) -> Shape:
    """Return several shapes as one."""
    counts = np.cumsum([0] + [len(part.vertices) for part in parts])
    faces = tuple(
        block + first
        for part, first in zip(parts, counts[:-1], strict=True)
        for block in part.faces
    )
    return Shape(np.concatenate([part.vertices for part in parts]), faces)
