"""Bodies of motorcycles and scooters, without their wheels; no bpy.

They look along +y and stand on z = 0; the middle lies between the axles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, box, ellipsoid, loft, prism, tube

Array = NDArray[np.float64]

_DARK = (0.02, 0.02, 0.022)


@dataclass(frozen=True)
class Motorcycle:
    """A motorcycle or, lower and with a shield for the legs, a scooter."""

    paint_rgb: tuple[float, float, float]
    is_scooter: bool
    has_top_case: bool = False

    @property
    def wheel_radius_m(self) -> float:
        """Outer radius of both tyres."""
        return 0.23 if self.is_scooter else 0.31

    @property
    def axle_y_m(self) -> float:
        """Distance of both axles from the middle."""
        return 0.63 if self.is_scooter else 0.7

    @property
    def seat_m(self) -> tuple[float, float]:
        """Y and height of where the rider sits."""
        return (-0.26, 0.78) if self.is_scooter else (-0.2, 0.8)

    @property
    def grips_m(self) -> Array:
        """Return the middle of the left and the right grip (2, 3)."""
        y, z = (0.28, 1.02) if self.is_scooter else (0.3, 1.05)
        return np.array([(x, y, z) for x in (-0.31, 0.31)])

    @property
    def feet_m(self) -> Array:
        """Return where the balls of the feet rest (2, 3)."""
        x, y, z = (0.13, 0.16, 0.33) if self.is_scooter else (0.19, -0.1, 0.36)
        return np.array([(-x, y, z), (x, y, z)])


def body_builder(motorcycle: Motorcycle) -> MeshBuilder:
    """Return everything that does not turn."""
    if motorcycle.is_scooter:
        return _scooter(motorcycle)
    return _motorcycle(motorcycle)


def _skin(rows: ArrayLike, *, sides: int = 14) -> Shape:
    """Return a body along y from rows of y, z, half width and half height."""
    y, z, width, height = np.asarray(rows, np.float64).T[:, :, None]
    angle = 2 * np.pi * np.arange(sides) / sides
    up = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.8
    across = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.8
    points = np.broadcast_arrays(width * across, y, z + height * up)
    return loft(np.stack(points, axis=-1))


def _mudguard(
    axle_m: tuple[float, float], radius: float, first_deg: float, last_deg: float
) -> Shape:
    """Return an arched strip over a wheel; angles from +y upwards."""
    turn = np.deg2rad(np.linspace(first_deg, last_deg, 12))
    circle = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    outer, inner = axle_m + radius * circle, axle_m + (radius - 0.012) * circle
    return prism(np.concatenate([outer, inner[::-1]]), -0.065, 0.065, axis="x")


def _add_bar(builder: MeshBuilder, motorcycle: Motorcycle) -> None:
    """Add handlebar, grips, mirrors and head lamp."""
    left, right = motorcycle.grips_m
    middle = (0.0, left[1] + 0.12, left[2] - 0.06)
    path = [np.subtract(left, (0.06, 0.02, 0)), np.add(left, (0.08, 0.03, 0)), middle]
    path += [np.add(right, (-0.08, 0.03, 0)), np.add(right, (0.06, -0.02, 0))]
    builder.add(tube(path, 0.013, sides=8), "chrome", smooth=True)
    for out, grip in ((-1, left), (1, right)):
        bar = grip + np.array([(0.06 * out, -0.02, 0), (-0.05 * out, -0.018, 0)])
        builder.add(tube(bar, 0.02, sides=8), "rubber", smooth=True)
        foot = grip + np.array([-0.06 * out, 0.03, 0.0])
        glass = grip + np.array([0.04 * out, 0.06, 0.17])
        builder.add(tube([foot, glass], 0.007, sides=5), "steel", _DARK)
        mirror = ellipsoid(glass, (0.055, 0.014, 0.035), segments=12, rings=6)
        builder.add(mirror, "rubber", smooth=True)
        shine = ellipsoid(
            glass - np.array([0, 0.008, 0]), (0.047, 0.009, 0.028), segments=12, rings=6
        )
        builder.add(shine, "chrome", smooth=True)
    lamp = np.array([0.0, left[1] + 0.24, left[2] - 0.16])
    shell = ellipsoid(lamp, (0.09, 0.1, 0.09), segments=14, rings=10)
    builder.add(shell, "painted", motorcycle.paint_rgb, smooth=True)
    glass = ellipsoid(np.add(lamp, (0.0, 0.04, 0.0)), (0.078, 0.072, 0.078))
    builder.add(glass, "lamp_white", smooth=True)
    for out in (-1, 1):
        blinker = ellipsoid(
            np.add(lamp, (0.15 * out, 0.0, -0.02)),
            (0.028, 0.03, 0.022),
            segments=8,
            rings=6,
        )
        builder.add(blinker, "lamp_amber", smooth=True)


def _add_rear(builder: MeshBuilder, motorcycle: Motorcycle, y: float, z: float) -> None:
    """Add tail lamp, indicators, number plate and perhaps a case."""
    tail = ellipsoid((0.0, y, z), (0.07, 0.03, 0.03), segments=12, rings=6)
    builder.add(tail, "lamp_red", smooth=True)
    for out in (-1, 1):
        blinker = ellipsoid(
            (0.13 * out, y + 0.03, z - 0.03), (0.035, 0.022, 0.02), segments=8, rings=6
        )
        builder.add(blinker, "lamp_amber", smooth=True)
    plate = box((-0.09, 0.09), (y - 0.014, y - 0.008), (z - 0.24, z - 0.09))
    builder.add(plate, "plate", (0.75, 0.75, 0.7))
    builder.add(box((-0.03, 0.03), (y - 0.008, y + 0.03), (z - 0.2, z)), "rubber")
    if motorcycle.has_top_case:
        case = [
            (y - 0.02, z + 0.2, 0.1, 0.06), (y, z + 0.2, 0.17, 0.12),
            (y + 0.24, z + 0.2, 0.18, 0.13), (y + 0.29, z + 0.18, 0.14, 0.08),
        ]  # fmt: skip
        builder.add(_skin(case), "rubber", smooth=True)


def _motorcycle(motorcycle: Motorcycle) -> MeshBuilder:
    builder = MeshBuilder()
    paint = np.array(motorcycle.paint_rgb)
    axle, radius = motorcycle.axle_y_m, motorcycle.wheel_radius_m
    tank = [
        (-0.06, 0.8, 0.07, 0.05), (0.0, 0.83, 0.12, 0.09), (0.14, 0.86, 0.155, 0.12),
        (0.26, 0.86, 0.15, 0.11), (0.34, 0.84, 0.09, 0.07), (0.36, 0.83, 0.04, 0.03),
    ]  # fmt: skip
    builder.add(_skin(tank), "painted", paint, smooth=True)
    seat = [
        (-0.78, 0.86, 0.05, 0.02), (-0.72, 0.84, 0.1, 0.04), (-0.5, 0.8, 0.13, 0.05),
        (-0.3, 0.76, 0.14, 0.045), (-0.1, 0.77, 0.11, 0.05), (0.0, 0.8, 0.06, 0.04),
    ]  # fmt: skip
    builder.add(_skin(seat), "rubber", smooth=True)
    tail = [
        (-0.82, 0.8, 0.04, 0.03),
        (-0.7, 0.76, 0.09, 0.05),
        (-0.3, 0.68, 0.11, 0.06),
    ]
    builder.add(_skin(tail), "painted", paint, smooth=True)
    engine = [
        (-0.22, 0.45, 0.1, 0.1), (-0.16, 0.45, 0.16, 0.15), (0.1, 0.44, 0.17, 0.15),
        (0.24, 0.5, 0.13, 0.13), (0.28, 0.5, 0.08, 0.09),
    ]  # fmt: skip
    builder.add(_skin(engine), "steel", (0.25, 0.25, 0.26), smooth=True)
    for level in np.linspace(0.56, 0.72, 6):
        fin = box((-0.13, 0.13), (-0.06, 0.2), (level, level + 0.012))
        builder.add(fin, "steel", (0.3, 0.3, 0.3))
    builder.add(box((-0.1, 0.1), (-0.03, 0.17), (0.5, 0.76)), "steel", _DARK)
    pipe = [
        (0.13, 0.25, 0.6), (0.15, 0.32, 0.42), (0.15, 0.2, 0.27), (0.16, -0.2, 0.26),
        (0.17, -0.4, 0.32),
    ]  # fmt: skip
    builder.add(tube(pipe, 0.025, sides=8), "chrome", smooth=True)
    muffler = [(0.17, -0.38, 0.32), (0.18, -0.5, 0.36), (0.19, -0.85, 0.46)]
    builder.add(tube(muffler, [0.03, 0.05, 0.045], sides=10), "chrome", smooth=True)
    for out in (-1, 1):
        fork = [(0.1 * out, axle, radius), (0.1 * out, 0.4, 0.99)]
        builder.add(tube(fork, [0.03, 0.022], sides=8), "chrome", smooth=True)
        swing = [(0.12 * out, -axle, radius), (0.12 * out, -0.12, 0.42)]
        builder.add(tube(swing, 0.025, sides=6), "painted", _DARK)
        shock = [(0.13 * out, -axle + 0.06, radius + 0.03), (0.12 * out, -0.5, 0.72)]
        builder.add(tube(shock, 0.026, sides=8), "chrome", smooth=True)
        peg = [(0.14 * out, -0.1, 0.335), (0.27 * out, -0.1, 0.335)]
        builder.add(tube(peg, 0.014, sides=6), "rubber")
        frame = [
            (0.07 * out, 0.38, 0.86),
            (0.15 * out, 0.1, 0.62),
            (0.14 * out, -0.14, 0.42),
        ]
        builder.add(tube(frame, 0.024, sides=6), "painted", _DARK, smooth=True)
    for y, first, last in ((axle, 40.0, 150.0), (-axle, 35.0, 150.0)):
        guard = _mudguard((y, radius), radius + 0.03, first, last)
        builder.add(guard, "painted", paint)
    _add_bar(builder, motorcycle)
    _add_rear(builder, motorcycle, -0.84, 0.78)
    return builder


def _scooter(motorcycle: Motorcycle) -> MeshBuilder:
    builder = MeshBuilder()
    paint = np.array(motorcycle.paint_rgb)
    axle, radius = motorcycle.axle_y_m, motorcycle.wheel_radius_m
    body = [
        (-0.86, 0.6, 0.08, 0.08), (-0.8, 0.58, 0.15, 0.14), (-0.55, 0.54, 0.19, 0.2),
        (-0.25, 0.5, 0.18, 0.22), (-0.12, 0.48, 0.16, 0.2), (-0.1, 0.46, 0.12, 0.16),
    ]  # fmt: skip
    builder.add(_skin(body), "painted", paint, smooth=True)
    seat = [
        (-0.82, 0.78, 0.06, 0.025), (-0.75, 0.78, 0.11, 0.05),
        (-0.45, 0.755, 0.145, 0.055),
        (-0.15, 0.735, 0.12, 0.045), (-0.08, 0.73, 0.07, 0.025),
    ]  # fmt: skip
    builder.add(_skin(seat), "rubber", smooth=True)
    floor = [
        (-0.2, 0.28),
        (0.26, 0.28),
        (0.34, 0.36),
        (0.34, 0.3),
        (0.28, 0.2),
        (-0.2, 0.2),
    ]
    builder.add(prism(np.array(floor)[::-1], -0.19, 0.19, axis="x"), "rubber")
    # The shield in front of the legs leans back towards the handlebar.
    z = np.array([0.26, 0.4, 0.6, 0.78, 0.9])
    half = np.array([0.14, 0.19, 0.2, 0.17, 0.1])
    middle = 0.42 - 0.14 * (z - 0.26) / 0.64
    share = np.linspace(-1.0, 1.0, 9)
    front = np.stack(
        np.broadcast_arrays(
            half[:, None] * share, middle[:, None] + 0.06 * (1 - share**2), z[:, None]
        ),
        axis=-1,
    )
    ring = np.concatenate([front[:, ::-1], front - (0.0, 0.03, 0.0)], axis=1)
    builder.add(loft(ring), "painted", paint, smooth=True)
    nose = [(0.4, 0.62, 0.08, 0.2), (0.46, 0.62, 0.07, 0.2), (0.49, 0.6, 0.03, 0.12)]
    builder.add(_skin(nose), "painted", paint * 0.8, smooth=True)
    head = [
        (0.24, 0.97, 0.05, 0.04),
        (0.3, 0.98, 0.12, 0.08),
        (0.42, 0.95, 0.12, 0.09),
        (0.5, 0.92, 0.07, 0.06),
    ]
    builder.add(_skin(head), "painted", paint, smooth=True)
    fork = [(0.0, 0.38, 0.9), (0.0, 0.52, 0.5)]
    builder.add(tube(fork, 0.035, sides=8), "painted", _DARK)
    for out in (-1, 1):
        leg = [(0.09 * out, axle, radius), (0.09 * out, 0.55, 0.5)]
        builder.add(tube(leg, 0.02, sides=6), "steel", (0.4, 0.4, 0.4))
    drive = [
        (-0.72, 0.24, 0.07, 0.08),
        (-0.6, 0.25, 0.09, 0.1),
        (-0.3, 0.3, 0.09, 0.09),
    ]
    case = _skin(drive)
    builder.add(
        Shape(case.vertices - (0.12, 0, 0), case.faces),
        "steel",
        (0.2, 0.2, 0.2),
        smooth=True,
    )
    muffler = [(0.15, -0.35, 0.28), (0.16, -0.5, 0.28), (0.16, -0.82, 0.33)]
    builder.add(
        tube(muffler, [0.03, 0.06, 0.05], sides=10),
        "steel",
        (0.5, 0.5, 0.5),
        smooth=True,
    )
    for y, first, last in ((axle, 20.0, 165.0), (-axle, 100.0, 165.0)):
        guard = _mudguard((y, radius), radius + 0.03, first, last)
        builder.add(guard, "painted", paint)
    _add_bar(builder, motorcycle)
    _add_rear(builder, motorcycle, -0.87, 0.66)
    return builder
