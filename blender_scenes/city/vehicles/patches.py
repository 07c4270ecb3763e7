"""Thin things laid on a curved skin: lamps, grilles, seams, discs, plates; no bpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.mesh import WHITE, MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, boxes, grid, tube
from blender_scenes.city.vehicles.lettering import add_letters

# Way along the skin and height, metres, to points (..., 3) on it.
SkinPlace = Callable[[ArrayLike, ArrayLike], NDArray[np.float64]]

_SUNK_M = 0.004
_STEP_M = 0.02
_MIRROR = np.array([-1.0, 1.0, 1.0])
_PLATE_RGB = (0.72, 0.72, 0.68)
_INK_RGB = (0.015, 0.015, 0.02)
PLATE_TEXTS = ("BK 1427", "HU 2871", "ML 7408")


def rectangle(
    left_m: float, right_m: float, low_m: float, high_m: float, taper_m: float = 0.0
) -> list[tuple[float, float]]:
    """Return four corners for `Patches.add`, the upper side shorter by the taper."""
    return [
        (left_m, low_m),
        (right_m, low_m),
        (right_m - taper_m, high_m),
        (left_m + taper_m, high_m),
    ]


class Patches:
    """Lays things on a skin that faces outwards.

    Parameters
    ----------
    builder : MeshBuilder
    place : callable
        Right half of the skin; what lies on ``side`` -1 is its mirror image.
    """

    def __init__(self, builder: MeshBuilder, place: SkinPlace) -> None:
        self._builder = builder
        self._place = place

    def add(
        self,
        corners: Sequence[tuple[float, float]],
        material: str,
        side: int = 1,
        *,
        lift_m: float = 0.008,
        grow_m: float = 0.0,
        steps: tuple[int, int] = (6, 3),
        tint: ArrayLike = WHITE,
    ) -> None:
        """Add a cushion over four corners (way, height), its rim sunk in the skin."""
        outline = np.array(corners, np.float64)
        middle = outline.mean(axis=0)
        outline = outline + grow_m * np.sign(outline - middle)
        u = _with_rim(steps[0])[:, None, None]
        v = _with_rim(steps[1])[None, :, None]
        low = outline[0] * (1 - u) + outline[1] * u
        high = outline[3] * (1 - u) + outline[2] * u
        plan = low * (1 - v) + high * v
        points = self._place(plan[..., 0], plan[..., 1])
        normal = _normals(points)
        lift = np.full(points.shape[:2], lift_m)
        lift[[0, -1]] = lift[:, [0, -1]] = -_SUNK_M
        points = points + normal * lift[..., None]
        self._builder.add(_facing(points, normal, side), material, tint, smooth=True)

    def line(
        self,
        path: Sequence[tuple[float, float]],
        radius_m: float,
        material: str,
        lift_m: float = 0.0,
        side: int = 1,
    ) -> None:
        """Add a round bar along a path (way, height), half sunk at no lift."""
        points, along, aside = self._tangents(*np.array(path, np.float64).T)
        normal = _outwards(np.cross(along, aside), points)
        points = points + normal * lift_m
        if side < 0:
            points = points * _MIRROR
        self._builder.add(
            tube(points, radius_m, sides=4 if radius_m < 0.006 else 6),
            material,
            smooth=True,
        )

    def disc(
        self,
        way_m: float,
        height_m: float,
        radius_m: float,
        material: str,
        lift_m: float,
    ) -> None:
        """Add a round cushion."""
        angle = np.linspace(0, 2 * np.pi, 17)[:-1]
        center, along, aside = self._tangents(way_m, height_m)
        normal = _outwards(np.cross(along, aside), center)
        first = along / np.linalg.norm(along)
        second = np.cross(normal, first)
        spokes = np.cos(angle)[:, None] * first + np.sin(angle)[:, None] * second
        rings = [
            center + normal * lift + spokes * share * radius_m
            for lift, share in (
                (-0.02, 1.0), (lift_m - 0.002, 1.0), (lift_m + 0.001, 0.8),
                (lift_m + 0.003, 0.05),
            )
        ]  # fmt: skip
        points = np.stack(rings)
        self._builder.add(grid(points, wrap=True), material, smooth=True)

    def _tangents(self, way_m: ArrayLike, height_m: ArrayLike) -> NDArray[np.float64]:
        """Return points of the skin, and the steps along it and up from there."""
        offsets = np.array([(0.0, 0.0), (_STEP_M, 0.0), (0.0, _STEP_M)])
        ways, heights = np.asarray(way_m), np.asarray(height_m)
        along, up = offsets.T.reshape(2, 3, *[1] * ways.ndim)
        found = self._place(ways + along, heights + up)
        found[1:] -= found[0]
        return found


def _with_rim(steps: int) -> NDArray[np.float64]:
    """Return shares from 0 to 1 with two more near the ends for a rounded rim."""
    inner = np.linspace(0.0, 1.0, steps + 1)
    rim = min(0.06, 0.3 / steps)
    return np.concatenate([[0.0], [rim], inner[1:-1], [1 - rim], [1.0]])


def _normals(points: NDArray[np.float64]) -> NDArray[np.float64]:
    along = np.gradient(points, axis=0)
    across = np.gradient(points, axis=1)
    return _outwards(np.cross(along, across), points)


def _outwards(
    normal: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return unit normals that look away from the vehicle's long axis."""
    unit = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-12)
    away = points - points * (0.0, 0.6, 0.0) - (0.0, 0.0, 0.6)
    return unit * np.where((unit * away).sum(-1, keepdims=True) < 0, -1.0, 1.0)


def _facing(points, normal, side: int) -> Shape:
    """Return the grid of points with faces along the normal, mirrored for -1."""
    along, across = points[-1, 0] - points[0, 0], points[0, -1] - points[0, 0]
    middle = normal[points.shape[0] // 2, points.shape[1] // 2]
    if np.dot(np.cross(along, across), middle) < 0:
        points = points[::-1]
    if side < 0:
        points = points[::-1] * _MIRROR
    return grid(points.transpose(1, 0, 2))


def add_plate(
    builder: MeshBuilder, middle: ArrayLike, outwards: float, livery: int
) -> None:
    """Add a number plate with raised characters and a band, facing +y or -y."""
    x, y, z = np.asarray(middle, np.float64)
    builder.add(boxes((x, y, z), (0.525, 0.016, 0.118)), "trim_black")
    face = y + outwards * 0.003
    builder.add(boxes((x, face, z), (0.512, 0.016, 0.106)), "plate", _PLATE_RGB)
    ink = y + outwards * 0.0045
    band = boxes((x + outwards * 0.236, ink, z), (0.038, 0.016, 0.104))
    builder.add(band, "plate", (0.015, 0.04, 0.26))
    foot = (x - outwards * 0.02, ink, z - 0.037)
    text = PLATE_TEXTS[livery % len(PLATE_TEXTS)]
    add_letters(
        builder, text, foot, 0.074, outwards, "plate", _INK_RGB, thickness_m=0.016
    )
