"""Meshes of traffic signs, and what other signs are drawn with; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.shapes.alphabet import flat_text, text_strokes, text_width_m
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import Shape, boxes, prism, ring_bar, tube

FloatArray = NDArray[np.float64]
RED, BLUE, WHITE, BLACK, YELLOW, GREEN = (
    (0.5, 0.02, 0.02),
    (0.02, 0.08, 0.38),
    (0.75, 0.75, 0.73),
    (0.02, 0.02, 0.02),
    (0.7, 0.42, 0.02),
    (0.02, 0.16, 0.07),
)
_PLATE_FRONT_M = -0.05
_LAYER_M = 0.004
_MIDDLE_M = 2.6


def circle(radius: float, sides: int = 28, turn_rad: float = 0.0) -> FloatArray:
    """Return the corners (K, 2) of a regular polygon."""
    angle = turn_rad + 2 * np.pi * np.arange(sides) / sides
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def rectangle(x0: float, x1: float, z0: float, z1: float) -> FloatArray:
    """Return the corners (4, 2) of a rectangle."""
    return np.array([(x0, z0), (x1, z0), (x1, z1), (x0, z1)])


def _plate(outline: FloatArray, z: float, layer: int) -> Shape:
    """Return a flat figure on a sign, each layer in front of the one before."""
    front = _PLATE_FRONT_M - _LAYER_M * layer
    return prism(np.add(outline, (0.0, z)), front - _LAYER_M, front, axis="y")


class SignFace:
    """Draws figures and text in layers on the front of a sign around height z."""

    def __init__(self, z: float = _MIDDLE_M) -> None:
        self.builder = MeshBuilder()
        self.z = z

    def figure(
        self, outline: FloatArray, rgb: tuple[float, float, float], layer: int
    ) -> None:
        """Add a flat figure (K, 2) around the middle; higher layers cover lower."""
        self.builder.add(_plate(outline, self.z, layer), "enamel", rgb)

    def back(self, outline: FloatArray) -> None:
        """Add the bare metal that the other direction sees."""
        self.builder.add(_plate(outline, self.z, -1), "metal_sheet")

    def text(
        self,
        text: str,
        height_m: float,
        center: tuple[float, float],
        rgb: tuple[float, float, float],
        layer: int,
        *,
        weight: float = 0.15,
    ) -> None:
        """Add a line of text centred on (x, z) from the middle."""
        strokes = text_strokes(text, height_m, weight=weight)
        corner = (
            center[0] - 0.5 * text_width_m(text, height_m),
            self.z + center[1] - 0.5 * height_m,
        )
        front = _PLATE_FRONT_M - _LAYER_M * (layer + 0.7)
        self.builder.add(flat_text(strokes, corner, front), "enamel", rgb)

    def clamps(self) -> None:
        """Add what holds the plate on its post."""
        places = [(0, -0.018, self.z + offset) for offset in (-0.18, 0.18)]
        self.builder.add(boxes(places, (0.1, 0.06, 0.03)), "steel")


def sign_post(height_m: float = 2.95, radius_m: float = 0.03) -> MeshBuilder:
    """Return a steel post with a cap."""
    post = MeshBuilder()
    stem = tube([(0, 0, -0.01), (0, 0, height_m)], radius_m, sides=12)
    post.add(stem, "steel", smooth=True)
    cap = tube([(0, 0, height_m), (0, 0, height_m + 0.02)], radius_m + 0.004, sides=12)
    post.add(cap, "rubber")
    return post


def _signed(face: SignFace) -> list[Part]:
    return [part("Pole", sign_post()), part("TrafficSign", face.builder)]


def _sign(look: Look) -> list[Part]:
    """Return a speed limit, a warning, or parking with an arrow."""
    face = SignFace()
    face.clamps()
    (_draw_speed_limit, _draw_warning, _draw_parking)[look.variant](face, look)
    return _signed(face)


def _draw_speed_limit(face: SignFace, look: Look) -> None:
    face.back(circle(0.31))
    face.figure(circle(0.31), RED, 0)
    face.figure(circle(0.245), WHITE, 1)
    limit = str(look.rng.choice(("20", "30", "30", "50")))
    face.text(limit, 0.22, (0.0, 0.0), BLACK, 2, weight=0.17)


def _draw_triangle(face: SignFace) -> None:
    face.back(circle(0.4, 3, np.pi / 2))
    face.figure(circle(0.4, 3, np.pi / 2), RED, 0)
    face.figure(circle(0.28, 3, np.pi / 2), WHITE, 1)


def _draw_warning(face: SignFace, look: Look) -> None:
    _draw_triangle(face)
    face.figure(rectangle(-0.025, 0.025, -0.03, 0.14), BLACK, 2)
    face.figure(np.add(circle(0.03), (0.0, -0.085)), BLACK, 2)
    face.figure(rectangle(-0.3, 0.3, -0.55, -0.29), YELLOW, 0)
    word = str(look.rng.choice(("SLOW", "TRAMS", "BUMPS", "SCHOOL")))
    face.text(word, 0.1, (0.0, -0.42), BLACK, 1)


def arrow(length: float, width: float) -> FloatArray:
    """Return an arrow that points to +x, centred."""
    half, shaft = length / 2, width * 0.22
    return np.array(
        [
            (-half, -shaft),
            (half - width, -shaft),
            (half - width, -width / 2),
            (half, 0.0),
            (half - width, width / 2),
            (half - width, shaft),
            (-half, shaft),
        ]
    )


def _draw_parking(face: SignFace, look: Look) -> None:
    del look
    face.back(rectangle(-0.27, 0.27, -0.27, 0.27))
    face.figure(rectangle(-0.27, 0.27, -0.27, 0.27), BLUE, 0)
    face.text("P", 0.4, (0.0, 0.0), WHITE, 1, weight=0.16)
    face.figure(rectangle(-0.27, 0.27, -0.5, -0.3), WHITE, 0)
    face.figure(np.add(arrow(0.4, 0.11), (0.0, -0.4)), BLACK, 1)


def _order_sign(look: Look) -> list[Part]:
    """Return no parking, no entry, or stop."""
    face = SignFace()
    face.clamps()
    if look.variant == 0:
        face.back(circle(0.31))
        face.figure(circle(0.31), RED, 0)
        face.figure(circle(0.25), BLUE, 1)
        slash = rectangle(-0.28, 0.28, -0.03, 0.03) @ np.array(
            [[0.7071, -0.7071], [0.7071, 0.7071]]
        )
        face.figure(slash, RED, 2)
    elif look.variant == 1:
        face.back(circle(0.33))
        face.figure(circle(0.33), WHITE, 0)
        face.figure(circle(0.31), RED, 1)
        face.figure(rectangle(-0.22, 0.22, -0.05, 0.05), WHITE, 2)
    else:
        octagon = circle(0.37, 8, np.pi / 8)
        face.back(octagon)
        face.figure(octagon, WHITE, 0)
        face.figure(0.93 * octagon, RED, 1)
        face.text("STOP", 0.17, (0.0, 0.0), WHITE, 2, weight=0.17)
    return _signed(face)


def _draw_walker(
    face: SignFace,
    center: tuple[float, float],
    size: float,
    rgb: tuple[float, float, float],
    layer: int,
) -> None:
    """Draw a person in mid-step, ``size`` metres high."""
    limbs = (
        ((-0.07, 0.05), (0.07, 0.05), (0.06, 0.28), (-0.06, 0.28)),
        ((-0.06, 0.08), (-0.26, -0.5), (-0.16, -0.5), (0.02, 0.05)),
        ((0.0, 0.08), (0.14, -0.5), (0.24, -0.5), (0.08, 0.08)),
        ((-0.05, 0.27), (-0.24, 0.02), (-0.18, -0.02), (0.0, 0.2)),
        ((0.04, 0.27), (0.0, 0.2), (0.18, 0.02), (0.23, 0.06)),
    )
    for limb in limbs:
        face.figure(size * np.array(limb) + center, rgb, layer)
    head = size * np.add(circle(0.085, 12), (0.02, 0.4))
    face.figure(head + center, rgb, layer)


def _crossing_sign(look: Look) -> list[Part]:
    """Return a pedestrian crossing, children, or a cycle path."""
    face = SignFace()
    face.clamps()
    if look.variant == 0:
        face.back(rectangle(-0.31, 0.31, -0.31, 0.31))
        face.figure(rectangle(-0.31, 0.31, -0.31, 0.31), BLUE, 0)
        face.figure(circle(0.3, 3, np.pi / 2) - (0.0, 0.06), WHITE, 1)
        _draw_walker(face, (0.0, -0.06), 0.27, BLACK, 2)
        for x in (-0.14, -0.07, 0.0, 0.07, 0.14):
            face.figure(rectangle(x - 0.02, x + 0.02, -0.21, -0.195), BLACK, 2)
    elif look.variant == 1:
        _draw_triangle(face)
        _draw_walker(face, (-0.06, -0.01), 0.24, BLACK, 2)
        _draw_walker(face, (0.07, -0.04), 0.18, BLACK, 2)
    else:
        face.back(circle(0.31))
        face.figure(circle(0.31), BLUE, 0)
        _draw_cycle(face)
    return _signed(face)


def _draw_cycle(face: SignFace) -> None:
    front = _PLATE_FRONT_M - 2 * _LAYER_M
    for x in (-0.12, 0.12):
        wheel = ring_bar((x, front, face.z - 0.05), 0.08, 0.01, axis="y")
        face.builder.add(wheel, "enamel", WHITE)
    frame = ((-0.12, -0.05), (-0.05, 0.07), (0.08, 0.07), (0.0, -0.05), (-0.05, 0.07))
    path = [(x, front, face.z + z) for x, z in frame]
    fork = [(0.12, front, face.z - 0.05), (0.07, front, face.z + 0.12)]
    for line in (path, [path[0], path[3]], fork):
        face.builder.add(tube(line, 0.01, sides=6), "enamel", WHITE)


KINDS: dict[str, Maker] = {
    "sign": _sign,
    "order_sign": _order_sign,
    "crossing_sign": _crossing_sign,
}
