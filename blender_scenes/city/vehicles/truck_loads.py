"""What a lorry carries: a box, a tipper body of gravel, or a bed; no bpy."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import box, boxes, grid, prism, tube
from blender_scenes.city.vehicles.lettering import add_letters

_NAMES = ("NORDFRACHT", "KONTOR EXPRESS", "FRISCHHAUS")
_INKS = ((0.015, 0.05, 0.22), (0.4, 0.03, 0.02), (0.02, 0.16, 0.05))
_PALE = (0.66, 0.66, 0.64)
_WOOD = (0.22, 0.15, 0.09)


class Carrier(Protocol):
    """What a load must know about its lorry, metres."""

    @property
    def width_m(self) -> float:
        """Outer width."""
        ...

    @property
    def height_m(self) -> float:
        """Height of the load's top above the road."""
        ...

    @property
    def chassis_m(self) -> float:
        """Height of the upper edge of the frame."""
        ...


def add_load(
    builder: MeshBuilder,
    kind: str,
    span_m: tuple[float, float],
    truck: Carrier,
    livery: int,
) -> None:
    """Add a load of one kind between two places along the lorry.

    Raises
    ------
    KeyError
        If the kind is none of "box", "tipper" and "flatbed".
    """
    makers = {"box": _add_box, "tipper": _add_tipper, "flatbed": _add_flatbed}
    makers[kind](builder, span_m, truck, livery)


def _add_box(builder: MeshBuilder, span_m, truck: Carrier, livery: int) -> None:
    """Add a closed box: panels, posts, rails, rear doors with locking bars."""
    (rear, front), half = span_m, truck.width_m / 2
    low, high = truck.chassis_m + 0.06, truck.height_m
    inset = 0.012
    walls = box(
        (-half + inset, half - inset), (rear + inset, front - inset), (low, high - 0.02)
    )
    builder.add(walls, "box_panel", _PALE)
    builder.add(box((-half, half), (rear, front), (low - 0.06, low + 0.08)), "alloy")
    edge = 0.055
    for x in (-half + edge / 2, half - edge / 2):
        builder.add(
            boxes((x, (rear + front) / 2, high - edge / 2), (edge, front - rear, edge)),
            "alloy",
        )
        posts = [(x, y, (low + high) / 2) for y in (rear + edge / 2, front - edge / 2)]
        builder.add(boxes(posts, (edge, edge, high - low)), "alloy")
    for y in (rear + edge / 2, front - edge / 2):
        builder.add(boxes((0, y, high - edge / 2), (2 * half, edge, edge)), "alloy")
    seams = np.linspace(rear, front, 6)[1:-1]
    for side in (-1, 1):
        bars = [(side * (half - inset), y, (low + high) / 2) for y in seams]
        builder.add(
            boxes(bars, (0.012, 0.035, high - low - 0.14)),
            "box_panel",
            (0.6, 0.6, 0.59),
        )
        heads = [
            (side * (half - 0.003), y, z)
            for y in (rear + 0.03, front - 0.03)
            for z in np.arange(low + 0.15, high, 0.14)
        ]
        builder.add(boxes(heads, (0.012, 0.02, 0.02)), "steel")
        middle = (side * (half - 0.008), (rear + front) / 2, low + 1.15)
        name = _NAMES[livery]
        size = min(0.42, 7 * (front - rear - 1.0) / (6 * len(name)))
        add_letters(
            builder,
            name,
            middle,
            size,
            float(side),
            "box_panel",
            _INKS[livery],
            axis="x",
            thickness_m=0.018,
        )
        band = box(
            (side * half - 0.006, side * half + 0.003),
            (rear + 0.08, front - 0.08),
            (low + 0.78, low + 0.9),
        )
        builder.add(band, "box_panel", _INKS[livery])
        lamps = [
            (side * (half - 0.002), y, low - 0.01)
            for y in np.linspace(rear + 0.4, front - 0.4, 4)
        ]
        builder.add(boxes(lamps, (0.02, 0.1, 0.045)), "lamp_amber")
        markers = [(side * (half - 0.12), rear + 0.0, high - 0.09)]
        builder.add(boxes(markers, (0.12, 0.03, 0.05)), "lamp_red")
        for x in (0.2, 0.72 * half):
            bar = [
                (side * x, rear - 0.008, low + 0.02),
                (side * x, rear - 0.008, high - 0.1),
            ]
            builder.add(tube(bar, 0.017, sides=8), "steel", smooth=True)
            keeps = [
                (side * x, rear, z) for z in np.linspace(low + 0.12, high - 0.2, 5)
            ]
            builder.add(boxes(keeps, (0.09, 0.03, 0.05)), "steel")
        hinges = [
            (side * (half - 0.05), rear - 0.002, z)
            for z in np.linspace(low + 0.25, high - 0.3, 4)
        ]
        builder.add(boxes(hinges, (0.12, 0.02, 0.06)), "steel")
        builder.add(
            boxes((side * 0.33, rear - 0.014, low + 0.85), (0.3, 0.02, 0.035)), "steel"
        )
    builder.add(
        boxes((0, rear + 0.006, (low + high) / 2), (0.014, 0.02, high - low - 0.1)),
        "gap",
    )
    add_letters(
        builder,
        name,
        (0.0, rear + 0.006, low + 1.5),
        min(0.2, 9.0 / (6 * len(name)) * 0.9),
        -1.0,
        "box_panel",
        _INKS[livery],
        thickness_m=0.018,
    )
    # A cooling unit above the cab.
    unit = box((-0.75, 0.75), (front - 0.02, front + 0.32), (high - 0.62, high - 0.12))
    builder.add(unit, "painted", (0.6, 0.6, 0.58))
    slats = [(0.0, front + 0.32, z) for z in np.linspace(high - 0.56, high - 0.18, 9)]
    builder.add(boxes(slats, (1.3, 0.02, 0.018)), "trim_black")


def _add_tipper(builder: MeshBuilder, span_m, truck: Carrier, livery: int) -> None:
    """Add a steel body with ribs, a tail board and a heap of gravel."""
    (rear, front), half = span_m, truck.width_m / 2
    low, wall = truck.chassis_m + 0.1, 0.05
    rim = low + 1.05
    tint = ((0.5, 0.28, 0.02), (0.3, 0.05, 0.02), (0.06, 0.14, 0.25))[livery]
    builder.add(
        box((-half + 0.06, half - 0.06), (rear, front), (low, low + 0.08)),
        "painted",
        tint,
    )
    for side in (-1, 1):
        outer, inner = side * half, side * (half - wall)
        x = (min(outer, inner), max(outer, inner))
        builder.add(box(x, (rear, front), (low, rim)), "painted", tint)
        ribs = [
            (outer, y, (low + rim) / 2)
            for y in np.linspace(rear + 0.12, front - 0.12, 8)
        ]
        builder.add(
            boxes(np.array(ribs) - (side * 0.03, 0, 0), (0.1, 0.1, rim - low)),
            "painted",
            tint,
        )
        builder.add(
            boxes(
                (outer - side * 0.03, (rear + front) / 2, rim),
                (0.13, front - rear, 0.1),
            ),
            "painted",
            tint,
        )
    builder.add(
        box((-half + wall, half - wall), (rear, rear + wall), (low, rim - 0.05)),
        "painted",
        tint,
    )
    builder.add(
        boxes(
            [
                (x, rear - 0.0, (low + rim) / 2)
                for x in np.linspace(-half + 0.2, half - 0.2, 5)
            ],
            (0.09, 0.08, rim - low - 0.1),
        ),
        "painted",
        tint,
    )
    builder.add(
        box((-half + wall, half - wall), (front - wall, front), (low, rim + 0.25)),
        "painted",
        tint,
    )
    # A shield over the cab's roof.
    shield = prism(
        [
            (front - 0.02, rim + 0.2),
            (front + 0.1, rim + 0.2),
            (front + 0.1, truck.height_m - 0.02),
            (front - 0.02, truck.height_m),
        ],
        -half + 0.1,
        half - 0.1,
        axis="x",
    )
    builder.add(shield, "painted", tint)
    ram = [(0.0, front - 0.1, truck.chassis_m - 0.1), (0.0, front - 0.3, low + 0.05)]
    builder.add(tube(ram, 0.09, sides=12), "steel", smooth=True)
    rng = np.random.default_rng(livery)
    across, along = np.linspace(-1, 1, 22), np.linspace(0, 1, 40)
    x, y = np.meshgrid(
        across * (half - wall - 0.005),
        rear + wall + 0.005 + along * (front - rear - 2 * wall - 0.01),
        indexing="ij",
    )
    heap = (
        0.42
        * (1 - across[:, None] ** 2)
        * (0.55 + 0.45 * np.sin(np.pi * along * 2 - 0.6)[None] ** 2)
    )
    z = rim - 0.25 + heap + rng.normal(0, 0.018, x.shape)
    points = np.stack([x, y, z], -1)
    builder.add(grid(points.transpose(1, 0, 2)), "gravel", smooth=False)


def _add_flatbed(builder: MeshBuilder, span_m, truck: Carrier, livery: int) -> None:
    """Add a planked bed with drop sides, a head board, and crates under straps."""
    (rear, front), half = span_m, truck.width_m / 2
    low = truck.chassis_m + 0.06
    builder.add(
        box((-half + 0.02, half - 0.02), (rear, front), (low - 0.06, low + 0.06)),
        "frame",
    )
    planks = np.linspace(-half + 0.1, half - 0.1, 12)
    builder.add(
        boxes(
            [(x, (rear + front) / 2, low + 0.065) for x in planks],
            (0.17, front - rear - 0.04, 0.03),
        ),
        "planks",
        _WOOD,
    )
    posts = np.linspace(rear + 0.04, front - 0.04, 4)
    for side in (-1, 1):
        for n, z in enumerate((low + 0.14, low + 0.3, low + 0.46)):
            builder.add(
                boxes(
                    (side * (half - 0.015), (rear + front) / 2, z),
                    (0.028, front - rear, 0.145),
                ),
                "alloy",
                (0.8 - 0.03 * n,) * 3,
            )
        builder.add(
            boxes(
                [(side * (half - 0.012), y, low + 0.28) for y in posts],
                (0.05, 0.07, 0.56),
            ),
            "steel",
        )
        hooks = [
            (side * half, y, low + 0.02)
            for y in np.linspace(rear + 0.4, front - 0.4, 6)
        ]
        builder.add(boxes(hooks, (0.03, 0.1, 0.05)), "steel")
    for z in (low + 0.14, low + 0.3, low + 0.46):
        builder.add(
            boxes((0, rear + 0.015, z), (2 * half - 0.06, 0.028, 0.145)), "alloy"
        )
    bars = [
        (x, front - 0.03, low + 0.7) for x in np.linspace(-half + 0.06, half - 0.06, 9)
    ]
    builder.add(boxes(bars, (0.05, 0.05, 1.3)), "frame")
    builder.add(
        boxes(
            [(0, front - 0.03, low + z) for z in (0.5, 1.33)], (2 * half, 0.06, 0.06)
        ),
        "frame",
    )
    rng = np.random.default_rng(10 + livery)
    place = front - 0.75
    while place > rear + 0.7:
        long, wide, tall = (
            rng.uniform(0.9, 1.15),
            rng.uniform(1.5, 1.95),
            rng.uniform(0.6, 1.0),
        )
        _add_crate(
            builder, (0.0, place - long / 2 + 0.4, low + 0.09), (wide, long, tall)
        )
        place -= long + rng.uniform(0.1, 0.5)


def _add_crate(builder: MeshBuilder, foot, size) -> None:
    """Add a boarded crate on a pallet, held by two straps."""
    x, y, z = foot
    wide, long, tall = size
    skids = [(x + dx * wide, y, z + 0.05) for dx in (-0.42, 0.0, 0.42)]
    builder.add(boxes(skids, (0.1, long, 0.1)), "planks", _WOOD)
    builder.add(
        boxes((x, y, z + 0.1 + tall / 2), (wide - 0.05, long - 0.05, tall)),
        "planks",
        (0.05, 0.035, 0.02),
    )
    rows = max(3, round(tall / 0.15))
    height = tall / rows - 0.018
    for row in range(rows):
        level = z + 0.1 + (row + 0.5) * tall / rows
        shade = np.array(_WOOD) * (1.3 - 0.25 * ((row * 7) % 3))
        for side in (-1, 1):
            builder.add(
                boxes((x, y + side * (long / 2 - 0.012), level), (wide, 0.024, height)),
                "planks",
                shade,
            )
            builder.add(
                boxes(
                    (x + side * (wide / 2 - 0.012), y, level),
                    (0.024, long - 0.05, height),
                ),
                "planks",
                shade * 0.9,
            )
    lid = [(x + dx * wide, y, z + 0.11 + tall) for dx in (-0.4, -0.2, 0.0, 0.2, 0.4)]
    builder.add(boxes(lid, (0.18 * wide, long, 0.024)), "planks", np.array(_WOOD) * 1.1)
    top = z + tall + 0.128
    for dy in (-0.3, 0.3):
        path = [
            (x - wide / 2 - 0.004, z),
            (x - wide / 2 - 0.004, top),
            (x + wide / 2 + 0.004, top),
            (x + wide / 2 + 0.004, z),
            (x + wide / 2, z),
            (x + wide / 2, top - 0.006),
            (x - wide / 2, top - 0.006),
            (x - wide / 2, z),
        ]
        strap = prism(
            path[::-1], y + dy * long - 0.025, y + dy * long + 0.025, axis="y"
        )
        builder.add(strap, "plate", (0.5, 0.2, 0.01))
