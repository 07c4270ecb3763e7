"""Heads with faces, hair, beards and hats, above the base of the neck; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.people.figure_shapes import limb, oval_rings, scaled
from blender_scenes.city.people.outfits import Outfit
from blender_scenes.city.people.skeleton import Body
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, box, ellipsoid, loft, tube

Array = NDArray[np.float64]

# Share of the way from chin to crown; then half width, half depth and y over the
# height of the head.
_SKULL = np.array(
    [
        (0.0, 0.09, 0.08, 0.27), (0.03, 0.16, 0.16, 0.21), (0.1, 0.23, 0.25, 0.13),
        (0.2, 0.28, 0.33, 0.07), (0.32, 0.315, 0.385, 0.03), (0.45, 0.335, 0.41, 0.005),
        (0.58, 0.345, 0.425, -0.01), (0.7, 0.345, 0.42, -0.015),
        (0.8, 0.32, 0.39, -0.02),
        (0.88, 0.27, 0.335, -0.02), (0.94, 0.2, 0.25, -0.02), (0.98, 0.11, 0.15, -0.02),
        (1.0, 0.03, 0.04, -0.02),
    ]
)  # fmt: skip


def add_head(builder: MeshBuilder, body: Body, outfit: Outfit, detail: int) -> None:
    """Add neck, head and what grows on and covers it."""
    size, scale = body.head_m, body.scale
    sides = 20 if detail == 2 else 10
    skin = np.array(outfit.skin_rgb)
    neck = (
        (-0.05, 0.056, 0.054, -0.006),
        (0.02, 0.052, 0.054, 0.0),
        (0.09, 0.054, 0.058, 0.012),
    )
    builder.add(limb(scaled(neck, scale), sides=10), "skin", skin, smooth=True)
    head = _Skull(size, sides)
    builder.add(
        loft(head.rings(np.zeros((len(_SKULL), sides)))), "skin", skin, smooth=True
    )
    if detail == 2:
        _add_face(builder, head, outfit)
    _add_hair(builder, head, outfit)
    _add_hat(builder, head, outfit)


class _Skull:
    """Rings of a head of a given height, and of shells over it."""

    def __init__(self, size_m: float, sides: int) -> None:
        self.size_m = size_m
        rows = _SKULL * size_m * (1.0, 1.06, 1.03, 1.0)
        rows[:, 0] += 0.23 * size_m
        self._rings = oval_rings(rows, sides=sides)
        angle = 2 * np.pi * np.arange(sides) / sides
        # 1 at the face, -1 at the nape.
        self.front = np.broadcast_to(np.sin(angle), (len(_SKULL), sides))
        self.up = np.broadcast_to(_SKULL[:, :1], self.front.shape)

    def rings(self, out_m: Array) -> Array:
        """Return the rings moved outwards, also upwards near the crown."""
        middle = self._rings.mean(axis=1, keepdims=True)
        normal = self._rings - middle
        normal = normal / np.linalg.norm(normal, axis=-1, keepdims=True)
        steep = np.clip((self.up - 0.6) / 0.4, 0.0, 1.0)
        normal = normal * np.sqrt(1 - steep**2)[..., None]
        normal[..., 2] = steep
        return self._rings + normal * out_m[..., None]

    def at(self, x: float, y: float, up: float) -> Array:
        """Return a point by shares of the head's height, ``up`` from the chin."""
        return np.array([x, y, up + 0.23]) * self.size_m


def _add_face(builder: MeshBuilder, head: _Skull, outfit: Outfit) -> None:
    size, skin = head.size_m, np.array(outfit.skin_rgb)

    def blob(
        at: tuple[float, float, float], radii: tuple[float, float, float]
    ) -> Shape:
        return ellipsoid(head.at(*at), np.array(radii) * size, segments=8, rings=6)

    nose = tube(
        [head.at(0, 0.405, 0.5), head.at(0, 0.445, 0.4), head.at(0, 0.455, 0.345)],
        np.array([0.03, 0.045, 0.055]) * size,
        sides=7,
    )
    builder.add(nose, "skin", skin * 0.95, smooth=True)
    lips = skin * (0.72, 0.5, 0.5)
    builder.add(blob((0, 0.36, 0.215), (0.1, 0.04, 0.022)), "skin", lips, smooth=True)
    for out in (-1, 1):
        ear = blob((0.345 * out, -0.02, 0.45), (0.035, 0.08, 0.13))
        builder.add(ear, "skin", skin * 0.92, smooth=True)
        socket = blob((0.135 * out, 0.362, 0.5), (0.075, 0.05, 0.045))
        builder.add(socket, "skin", skin * 0.6, smooth=True)
        eye = blob((0.135 * out, 0.385, 0.495), (0.05, 0.035, 0.022))
        builder.add(eye, "skin", (0.035, 0.03, 0.028), smooth=True)
        brow = box(
            (-0.075 * size, 0.075 * size),
            (-0.02 * size, 0.02 * size),
            (-0.012 * size, 0.012 * size),
        )
        shifted = Shape(brow.vertices + head.at(0.14 * out, 0.385, 0.575), brow.faces)
        builder.add(shifted, "hair", np.array(outfit.hair_rgb) * 0.8)


def _add_hair(builder: MeshBuilder, head: _Skull, outfit: Outfit) -> None:
    """Add hair and beard: shells that dive below the skin where none grows."""
    size, colour = head.size_m, outfit.hair_rgb
    if outfit.has_beard:
        line = np.interp(
            head.front, [-1.0, -0.1, 0.1, 0.6, 1.0], [-0.4, -0.3, 0.3, 0.27, 0.24]
        )
        out = np.clip((line - head.up) / 0.08, -1.0, 1.0) * 0.03 * size
        builder.add(loft(head.rings(out)), "hair", colour, smooth=True)
    if outfit.hair == "bald":
        return
    thick = {"short": 0.05, "long": 0.075, "bun": 0.045}[outfit.hair]
    if outfit.hat != "none":
        thick *= 0.5
    side = 0.36 if outfit.hair == "short" else 0.22
    line = np.interp(
        head.front,
        [-1.0, -0.4, 0.05, 0.35, 0.7, 1.0],
        [0.05, 0.1, side, 0.6, 0.76, 0.82],
    )
    out = np.clip((head.up - line) / 0.12, -1.0, 1.0) * thick * size
    builder.add(loft(head.rings(out)), "hair", colour, smooth=True)
    if outfit.hair == "bun":
        bun = ellipsoid(
            head.at(0, -0.5, 0.72),
            np.array([0.17, 0.15, 0.16]) * size,
            segments=10,
            rings=8,
        )
        builder.add(bun, "hair", colour, smooth=True)
    elif outfit.hair == "long":
        rows = np.array(
            [(-0.42, 0.2, 0.07, -0.42), (-0.3, 0.31, 0.12, -0.36),
            (0.0, 0.36, 0.17, -0.28),
             (0.4, 0.4, 0.28, -0.17), (0.7, 0.39, 0.3, -0.13)]
        )  # fmt: skip
        rows[:, 0] += 0.23
        builder.add(limb(rows * size, sides=14), "hair", colour, smooth=True)


def _add_hat(builder: MeshBuilder, head: _Skull, outfit: Outfit) -> None:
    size, colour = head.size_m, np.array(outfit.bag_rgb)
    if outfit.hat == "none":
        return
    if outfit.hat == "full_helmet":
        _add_full_helmet(builder, head, colour)
        return
    edge = {"cap": 0.66, "beanie": 0.6, "brim": 0.7, "helmet": 0.68}[outfit.hat]
    thick = 0.17 if outfit.hat == "helmet" else 0.065
    line = edge - (0.16 * (1 - head.front) / 2 if outfit.hat == "beanie" else 0.0)
    out = np.clip((head.up - line) / 0.05, -1.0, 1.0) * thick * size
    surface = "painted" if outfit.hat == "helmet" else "cloth"
    builder.add(loft(head.rings(out)), surface, colour, smooth=True)
    if outfit.hat == "cap":
        peak = ellipsoid(
            head.at(0, 0.5, 0.7),
            np.array([0.3, 0.33, 0.03]) * size,
            segments=14,
            rings=5,
        )
        builder.add(peak, "cloth", colour * 0.8, smooth=True)
    elif outfit.hat == "brim":
        brim = ellipsoid(
            head.at(0, -0.02, 0.72),
            np.array([0.66, 0.74, 0.03]) * size,
            segments=20,
            rings=5,
        )
        builder.add(brim, "cloth", colour, smooth=True)


def _add_full_helmet(builder: MeshBuilder, head: _Skull, colour: Array) -> None:
    """Add a motorcyclist's helmet with its visor."""
    size = head.size_m
    rows = np.array(
        [(-0.08, 0.3, 0.36, 0.06), (0.05, 0.42, 0.5, 0.04), (0.3, 0.47, 0.58, 0.02),
         (0.55, 0.49, 0.6, 0.0), (0.8, 0.45, 0.54, -0.01), (1.0, 0.3, 0.36, -0.02),
         (1.07, 0.1, 0.12, -0.02)]
    )  # fmt: skip
    rows[:, 0] += 0.23
    rings = oval_rings(rows * size, sides=20, count=14)
    builder.add(loft(rings), "painted", colour, smooth=True)
    visor = rings[4:9] * (1.0, 1.0, 1.0)
    is_front = slice(2, 9)
    middle = visor.mean(axis=1, keepdims=True)
    glass = (middle + (visor - middle) * 1.015)[:, is_front]
    inner = (middle + (visor - middle) * 0.98)[:, is_front][:, ::-1]
    builder.add(loft(np.concatenate([glass, inner], axis=1)), "rubber", smooth=True)
