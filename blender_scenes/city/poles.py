"""Meshes of street lamps, traffic signs and traffic lights; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.mesh import MeshBuilder
from blender_scenes.city.parts import Part, part
from blender_scenes.city.shapes import Shape, box, boxes, prism, tube

_RED, _BLUE, _WHITE, _BLACK, _YELLOW = (
    (0.5, 0.02, 0.02),
    (0.02, 0.08, 0.38),
    (0.75, 0.75, 0.73),
    (0.02, 0.02, 0.02),
    (0.7, 0.42, 0.02),
)
_PLATE_FRONT_M = -0.05
_LAYER_M = 0.004
_DARK_LENS_RGB = (0.03, 0.012, 0.008)


def lamp_parts(variant: int) -> list[Part]:
    """Return a street lamp: a tapering mast with a curved arm over the road."""
    builder = MeshBuilder()
    height, reach = 7.2 + 0.6 * variant, 1.5 + 0.3 * variant
    mast = [(0, 0, 0), (0, 0, 0.9), (0, 0, 0.95), (0, 0, height - 1.0)]
    builder.add(tube(mast, (0.1, 0.095, 0.07, 0.05), sides=14), "steel", smooth=True)
    turn = np.linspace(0.0, np.pi / 2, 9)
    arm = np.column_stack(
        [
            np.zeros(9),
            -reach * (1 - np.cos(turn)),
            height - 1.0 + 1.0 * np.sin(turn),
        ]
    )
    builder.add(tube(arm, np.linspace(0.05, 0.032, 9), sides=10), "steel", smooth=True)
    builder.add(tube([(0, 0, 0), (0, 0, 0.06)], 0.17, sides=14), "cast_iron")
    builder.add(box((-0.045, 0.045), (-0.105, -0.06), (0.35, 0.75)), "cast_iron")
    tip = arm[-1]
    head = [
        (0, tip[1] + 0.1, tip[2]),
        (0, tip[1] - 0.15, tip[2] + 0.02),
        (0, tip[1] - 0.5, tip[2] + 0.01),
        (0, tip[1] - 0.62, tip[2]),
    ]
    builder.add(
        tube(head, (0.04, 0.11, 0.13, 0.05), sides=12), "metal_sheet", smooth=True
    )
    lens = boxes((0, tip[1] - 0.32, tip[2] - 0.1), (0.17, 0.42, 0.06))
    builder.add(lens, "lamp_white")
    if variant == 1:
        _add_litter_and_flag(builder)
    return [part("Pole", builder)]


def _add_litter_and_flag(builder: MeshBuilder) -> None:
    """Hang a small bin and a banner on the mast."""
    builder.add(
        box((-0.17, 0.17), (0.08, 0.36), (0.75, 1.3)), "painted", (0.03, 0.1, 0.06)
    )
    for z in (3.4, 4.9):
        builder.add(tube([(0, 0, z), (0.75, 0, z)], 0.014, sides=6), "steel")
    builder.add(
        box((0.1, 0.72), (-0.004, 0.004), (3.42, 4.88)), "cloth", (0.3, 0.06, 0.05)
    )
    builder.add(
        box((0.2, 0.62), (-0.006, 0.006), (4.0, 4.4)), "cloth", (0.6, 0.55, 0.4)
    )


def _circle(radius: float, sides: int = 28, turn_rad: float = 0.0) -> NDArray:
    angle = turn_rad + 2 * np.pi * np.arange(sides) / sides
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _plate(outline: NDArray, z: float, layer: int) -> Shape:
    """Return a flat figure on a sign, each layer in front of the one before."""
    front = _PLATE_FRONT_M - _LAYER_M * layer
    return prism(np.add(outline, (0.0, z)), front - _LAYER_M, front, axis="y")


def _rectangle(x0: float, x1: float, z0: float, z1: float) -> NDArray:
    return np.array([(x0, z0), (x1, z0), (x1, z1), (x0, z1)])


def sign_parts(variant: int) -> list[Part]:
    """Return a sign on its post: speed limit, warning, or parking with an arrow."""
    post = MeshBuilder()
    post.add(tube([(0, 0, 0), (0, 0, 2.95)], 0.03, sides=12), "steel", smooth=True)
    post.add(tube([(0, 0, 2.95), (0, 0, 2.97)], 0.034, sides=12), "rubber")
    plate = MeshBuilder()
    z = 2.6
    # Signs for the other direction show their bare backs.
    back = (
        _circle(0.31),
        _circle(0.4, 3, np.pi / 2),
        _rectangle(-0.27, 0.27, -0.27, 0.27),
    )
    plate.add(_plate(back[variant], z, -1), "metal_sheet")
    if variant == 0:
        _draw_speed_limit(plate, z)
    elif variant == 1:
        _draw_warning(plate, z)
    else:
        _draw_parking(plate, z)
    clamps = [(0, -0.03, z - 0.18), (0, -0.03, z + 0.18)]
    plate.add(boxes(clamps, (0.1, 0.07, 0.03)), "steel")
    return [part("Pole", post), part("TrafficSign", plate)]


def _draw_speed_limit(plate: MeshBuilder, z: float) -> None:
    plate.add(_plate(_circle(0.31), z, 0), "plate", _RED)
    plate.add(_plate(_circle(0.24), z, 1), "plate", _WHITE)
    # The number 30: strokes (x0, x1, z0, z1) of both digits.
    strokes = [(-0.15, -0.02, z0, z0 + 0.035) for z0 in (-0.11, -0.0175, 0.075)]
    strokes += [(0.02, 0.15, -0.11, -0.075), (0.02, 0.15, 0.075, 0.11)]
    strokes += [(x, x + 0.04, -0.11, 0.11) for x in (-0.06, 0.02, 0.11)]
    for stroke in strokes:
        plate.add(_plate(_rectangle(*stroke), z, 2), "plate", _BLACK)


def _draw_warning(plate: MeshBuilder, z: float) -> None:
    plate.add(_plate(_circle(0.4, 3, np.pi / 2), z, 0), "plate", _RED)
    plate.add(_plate(_circle(0.28, 3, np.pi / 2), z, 1), "plate", _WHITE)
    plate.add(_plate(_rectangle(-0.025, 0.025, -0.03, 0.14), z, 2), "plate", _BLACK)
    plate.add(_plate(_circle(0.03), z - 0.085, 2), "plate", _BLACK)
    plate.add(_plate(_rectangle(-0.3, 0.3, -0.13, 0.13), z - 0.42, 0), "plate", _YELLOW)
    for x in np.arange(-0.22, 0.2, 0.07):
        stroke = _rectangle(x, x + 0.04, -0.05, 0.05)
        plate.add(_plate(stroke, z - 0.42, 1), "plate", _BLACK)


def _draw_parking(plate: MeshBuilder, z: float) -> None:
    plate.add(_plate(_rectangle(-0.27, 0.27, -0.27, 0.27), z, 0), "plate", _BLUE)
    strokes = (
        (-0.1, -0.04, -0.2, 0.2),
        (-0.04, 0.12, 0.14, 0.2),
        (-0.04, 0.12, -0.02, 0.04),
        (0.06, 0.12, 0.04, 0.14),
    )
    for stroke in strokes:
        plate.add(_plate(_rectangle(*stroke), z, 1), "plate", _WHITE)
    plate.add(_plate(_rectangle(-0.27, 0.27, -0.1, 0.1), z - 0.4, 0), "plate", _WHITE)
    arrow = np.array(
        [
            (-0.2, -0.015),
            (0.08, -0.015),
            (0.08, -0.06),
            (0.2, 0.0),
            (0.08, 0.06),
            (0.08, 0.015),
            (-0.2, 0.015),
        ]
    )
    plate.add(_plate(arrow, z - 0.4, 1), "plate", _BLACK)


def traffic_light_parts(variant: int) -> list[Part]:
    """Return a mast with one head for cars, one for people; one lens is lit."""
    mast = MeshBuilder()
    mast.add(
        tube([(0, 0, 0), (0, 0, 3.5)], (0.07, 0.055), sides=12),
        "cast_iron",
        smooth=True,
    )
    mast.add(box((-0.06, 0.06), (-0.12, -0.05), (0.95, 1.2)), "painted", _YELLOW)
    lit = ((0, (0.9, 0.03, 0.02)), (2, (0.03, 0.7, 0.25)), (0, (0.9, 0.03, 0.02)))[
        variant
    ]
    heads = MeshBuilder()
    _add_head(heads, (0.0, -0.17, 2.75), 3, lit)
    walk = (1, (0.03, 0.7, 0.25)) if lit[0] == 0 else (0, (0.9, 0.03, 0.02))
    _add_head(heads, (-0.26, -0.05, 2.1), 2, walk)
    return [part("Pole", mast), part("TrafficLight", heads)]


def _add_head(
    builder: MeshBuilder,
    place: tuple[float, float, float],
    lenses: int,
    lit: tuple[int, tuple[float, float, float]],
) -> None:
    """Add a box of lenses from the top down, each under a visor."""
    x, y, z = place
    height = 0.28 * lenses + 0.06
    builder.add(
        box((x - 0.15, x + 0.15), (y - 0.1, y + 0.1), (z, z + height)),
        "painted",
        _BLACK,
    )
    for number in range(lenses):
        middle = z + height - 0.17 - 0.28 * number
        outline = np.add(_circle(0.105, 20), (x, middle))
        is_lit = number == lit[0]
        lens = prism(outline, y - 0.108, y - 0.1, axis="y")
        builder.add(
            lens, "signal" if is_lit else "plate", lit[1] if is_lit else _DARK_LENS_RGB
        )
        turn = np.linspace(-0.25, np.pi + 0.25, 12)
        rim = np.stack([x + 0.12 * np.cos(turn), middle + 0.12 * np.sin(turn)], axis=1)
        visor = np.stack(
            [
                np.column_stack([rim[:, 0], np.full(12, y - d), rim[:, 1]])
                for d in (0.1, 0.28)
            ]
        )
        index = np.arange(24).reshape(2, 12)
        faces = np.stack(
            [index[0, :-1], index[0, 1:], index[1, 1:], index[1, :-1]], axis=-1
        )
        builder.add(Shape(visor.reshape(-1, 3), (faces,)), "painted", _BLACK)
