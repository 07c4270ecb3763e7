"""What is under a lorry: frame, axles, tank, guards, tail lamps; no bpy."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import box, boxes, ellipsoid, prism, tube
from blender_scenes.city.vehicles.patches import add_plate
from blender_scenes.city.vehicles.wheels import Axle

_RAIL_X_M, _RAIL_M = 0.42, (0.07, 0.24)


class Chassis(Protocol):
    """What the chassis must know about its lorry, metres."""

    @property
    def width_m(self) -> float:
        """Outer width."""
        ...

    @property
    def length_m(self) -> float:
        """Outer length."""
        ...

    @property
    def chassis_m(self) -> float:
        """Height of the upper edge of the frame."""
        ...

    @property
    def cab_rear_m(self) -> float:
        """Place of the cab's rear wall."""
        ...

    @property
    def axles(self) -> tuple[Axle, ...]:
        """Axles, the steered one first."""
        ...


def add_chassis(builder: MeshBuilder, model: Chassis, livery: int) -> None:
    """Add everything between the wheels, and the tail with its lamps."""
    _add_running_gear(builder, model)
    _add_tail(builder, model, livery)


def _add_running_gear(builder: MeshBuilder, model: Chassis) -> None:
    """Add frame, axles, tank, battery box, underrun bars and mud guards."""
    rear, front = -model.length_m / 2 + 0.12, model.cab_rear_m + 0.6
    thick, tall = _RAIL_M
    z = (model.chassis_m - tall, model.chassis_m)
    for x in (-_RAIL_X_M, _RAIL_X_M):
        builder.add(box((x - thick / 2, x + thick / 2), (rear, front), z), "frame")
    across = [
        (0.0, y, model.chassis_m - 0.12) for y in np.linspace(rear + 0.1, front, 7)
    ]
    builder.add(boxes(across, (2 * _RAIL_X_M, 0.08, 0.16)), "frame")
    for axle in model.axles:
        reach = axle.track_m / 2 - 0.3
        beam = [(-reach, axle.y_m, axle.radius_m), (reach, axle.y_m, axle.radius_m)]
        builder.add(tube(beam, 0.075, sides=12), "frame", smooth=True)
        for x in (-_RAIL_X_M, _RAIL_X_M):
            spring = [
                (x, axle.y_m + t, axle.radius_m + 0.12 + 0.5 * t * t)
                for t in np.linspace(-0.5, 0.5, 7)
            ]
            builder.add(tube(spring, 0.04, sides=6), "frame")
    shaft = [(0, model.axles[1].y_m, model.axles[1].radius_m), (0, front, 0.62)]
    builder.add(tube(shaft, 0.05, sides=10), "frame", smooth=True)
    engine = box((-0.38, 0.38), (front - 0.5, model.length_m / 2 - 0.3), (0.45, 1.0))
    builder.add(engine, "frame")
    gear = ellipsoid(
        (0, model.axles[1].y_m, model.axles[1].radius_m), (0.2, 0.22, 0.18)
    )
    builder.add(gear, "frame", smooth=True)
    free = (
        model.axles[1].y_m + model.axles[1].radius_m + 0.15,
        model.axles[0].y_m - 0.75,
    )
    wide = model.width_m / 2 - 0.1
    tank = tube(
        [(wide - 0.28, free[1] - 1.0, 0.62), (wide - 0.28, free[1] - 0.1, 0.62)],
        0.26,
        sides=24,
    )
    builder.add(tank, "alloy", smooth=True)
    for y in (free[1] - 0.85, free[1] - 0.25):
        strap = tube(
            [(wide - 0.28, y - 0.03, 0.62), (wide - 0.28, y + 0.03, 0.62)],
            0.267,
            sides=24,
        )
        builder.add(strap, "trim_black", smooth=True)
    builder.add(
        box((-wide, -wide + 0.45), (free[1] - 0.7, free[1] - 0.1), (0.42, 0.84)),
        "trim_black",
    )
    ribs = [(-wide, y, 0.63) for y in np.linspace(free[1] - 0.65, free[1] - 0.15, 6)]
    builder.add(boxes(ribs, (0.03, 0.03, 0.38)), "frame")
    for x in (-wide, wide):
        for z_bar in (0.45, 0.7):
            start = free[0] + 0.05
            builder.add(
                box(
                    (x - 0.015, x + 0.015),
                    (start, free[1] - 1.05),
                    (z_bar - 0.05, z_bar + 0.05),
                ),
                "alloy",
            )
        posts = [
            (x * 0.985, y, 0.66) for y in np.linspace(free[0] + 0.2, free[1] - 1.2, 2)
        ]
        builder.add(boxes(posts, (0.04, 0.06, 0.5)), "frame")
    for axle in model.axles[1:]:
        _add_mud_guard(builder, axle, model)
    steps = [
        (x, model.axles[0].y_m - 0.66, z) for x in (-1.0, 1.0) for z in (0.42, 0.66)
    ]
    builder.add(boxes(steps, (0.22, 0.2, 0.04)), "alloy")


def _add_mud_guard(builder: MeshBuilder, axle: Axle, model: Chassis) -> None:
    turn = np.linspace(0.25, np.pi - 0.1, 15)
    for side in (-1, 1):
        outer = side * axle.track_m / 2
        inner = outer - side * 0.56
        low, high = sorted((inner, outer))
        inside, outside = axle.radius_m + 0.05, axle.radius_m + 0.07
        # The frame above limits how high a guard may reach.
        roof = model.chassis_m - 0.01
        arc = [
            (
                axle.y_m + outside * np.cos(a),
                min(roof, axle.radius_m + outside * np.sin(a)),
            )
            for a in turn
        ]
        arc += [
            (
                axle.y_m + inside * np.cos(a),
                min(roof - 0.02, axle.radius_m + inside * np.sin(a)),
            )
            for a in turn[::-1]
        ]
        builder.add(prism(arc, low, high, axis="x"), "trim_black")
        flap_y = axle.y_m - axle.radius_m - 0.06
        flap = box((low, high), (flap_y - 0.02, flap_y), (0.22, axle.radius_m + 0.1))
        builder.add(flap, "rubber")


def _add_tail(builder: MeshBuilder, model: Chassis, livery: int) -> None:
    """Add the underrun bar, lamp boards, reflectors and plate."""
    tail, half = -model.length_m / 2, model.width_m / 2
    level = model.chassis_m - 0.2
    builder.add(
        box((-half + 0.08, half - 0.08), (tail + 0.12, tail + 0.2), (0.42, 0.54)),
        "frame",
    )
    for x in (-_RAIL_X_M, _RAIL_X_M):
        builder.add(
            box(
                (x - 0.04, x + 0.04),
                (tail + 0.13, tail + 0.19),
                (0.45, model.chassis_m),
            ),
            "frame",
        )
    for side in (-1, 1):
        middle = side * (half - 0.3)
        builder.add(boxes((middle, tail + 0.1, level), (0.46, 0.1, 0.16)), "trim_black")
        for shift, material in (
            (-0.145, "lamp_amber"),
            (0.0, "lamp_red"),
            (0.145, "lamp_reverse"),
        ):
            x = middle - side * shift
            lens = tube(
                [
                    (x, tail + 0.07, level),
                    (x, tail + 0.03, level),
                    (x, tail + 0.022, level),
                ],
                (0.062, 0.062, 0.05),
                sides=18,
            )
            builder.add(lens, material, smooth=True)
        stripes = [
            (side * (half - 0.2 - 0.16 * n), tail + 0.118, 0.48) for n in range(4)
        ]
        for number, place in enumerate(stripes):
            tint = ((0.45, 0.02, 0.015), (0.7, 0.7, 0.68))[number % 2]
            builder.add(boxes(place, (0.15, 0.012, 0.1)), "plate", tint)
    builder.add(
        box((-0.3, 0.3), (tail + 0.08, tail + 0.12), (level - 0.09, level + 0.09)),
        "trim_black",
    )
    add_plate(builder, (0.0, tail + 0.07, level), -1.0, livery)
