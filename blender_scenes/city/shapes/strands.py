"""Many thin round bars at once: twigs, wires, mesh fences, railings; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.shapes import Shape

FloatArray = NDArray[np.float64]


def strands(
    paths: ArrayLike, radii: ArrayLike, *, sides: int = 4, capped: bool = True
) -> Shape:
    """Return one tube per path.

    Parameters
    ----------
    paths : array_like (B, P, 3)
        B paths of P points each, metres.
    radii : array_like that broadcasts to (B, P)
        Radius at every point, metres.
    sides : int
        Corners of the cross-section.
    capped : bool
        Whether the ends are closed.
    """
    points = np.asarray(paths, np.float64)
    B, P = points.shape[:2]
    radius = np.broadcast_to(np.asarray(radii, np.float64), (B, P))
    side, up = _frames(points)
    angle = 2 * np.pi * np.arange(sides) / sides
    ring = (
        np.cos(angle)[:, None] * side[:, :, None]
        + np.sin(angle)[:, None] * up[:, :, None]
    )
    vertices = points[:, :, None] + ring * radius[:, :, None, None]
    index = np.arange(B * P * sides).reshape(B, P, sides)
    after = np.roll(index, -1, axis=2)
    skin = np.stack([index[:, :-1], after[:, :-1], after[:, 1:], index[:, 1:]], -1)
    faces = [skin.reshape(-1, 4)]
    if capped:
        faces.append(np.concatenate([index[:, 0, ::-1], index[:, -1]]))
    return Shape(vertices.reshape(-1, 3), tuple(faces))


def rods(
    starts: ArrayLike, ends: ArrayLike, radius_m: ArrayLike, *, sides: int = 6
) -> Shape:
    """Return straight bars from starts (B, 3) to ends (B, 3) of one or B radii."""
    first, last = np.broadcast_arrays(np.atleast_2d(starts), np.atleast_2d(ends))
    radii = np.broadcast_to(np.asarray(radius_m, np.float64), len(first))
    return strands(np.stack([first, last], axis=1), radii[:, None], sides=sides)


def _frames(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return two unit vectors (B, P, 3) across each path, right-handed with it."""
    tangent = np.gradient(points, axis=1)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=2, keepdims=True), 1e-12)
    # The axis that a path runs along least is never parallel to it.
    overall = np.abs(points[:, -1] - points[:, 0])
    helper = np.eye(3)[np.argmin(overall, axis=1)][:, None]
    side = np.cross(tangent, helper)
    side /= np.maximum(np.linalg.norm(side, axis=2, keepdims=True), 1e-12)
    return side, np.cross(tangent, side)
