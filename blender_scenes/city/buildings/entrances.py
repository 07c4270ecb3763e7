"""Front doors of homes, their steps, lamps and numbers; no bpy.

Façade axes as in `openings.py`.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.buildings.openings import WindowStyle, slabs, upright
from blender_scenes.city.buildings.shopfronts import SHOP_RGB, house_number
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import boxes, ellipsoid, grid, joined, tube


def add_front_door(
    builder: MeshBuilder,
    hole: np.ndarray,
    style: WindowStyle,
    rng: np.random.Generator,
    detail: int = 2,
) -> None:
    """Add leaf, fanlight, surround and steps to a hole (x0, x1, z0, z1)."""
    x0, x1, z0, z1 = hole
    depth = style.reveal_m
    colour = np.array(SHOP_RGB[rng.integers(len(SHOP_RGB))])
    top = z0 + 0.82 * (z1 - z0)
    front = -0.02 if detail == 0 else depth
    builder.add(upright(np.array([[x0, x1, top, z1]]), front), "shop_glass")
    leaf = np.array([[x0, x1, z0, top]])
    builder.add(slabs(leaf, front - 0.05, front + 0.01), "painted", colour)
    if detail == 0:
        return
    middle = (x0 + x1) / 2
    steps = [
        boxes(
            (middle, -0.15 * n - 0.02 + depth / 2, 0.16 * (2 - n) - 0.08 + 0.16),
            (1.4, 0.3 + depth, 0.16),
        )
        for n in (0, 1)
    ]
    builder.add(joined(steps), "stone")
    frame = np.array(
        [
            (x0 - 0.16, x0, z0, z1 + 0.18),
            (x1, x1 + 0.16, z0, z1 + 0.18),
            (x0, x1, z1, z1 + 0.18),
        ]
    )
    builder.add(slabs(frame, -0.06, 0.02), "trim", style.trim_rgb)
    if detail < 2:
        return
    high = top - z0
    panels = np.array(
        [
            (x0 + a, x0 + a + 0.36, z0 + b * high, z0 + c * high)
            for a in (0.13, 0.61)
            for b, c in ((0.08, 0.38), (0.46, 0.92))
        ]
    )
    builder.add(slabs(panels, depth - 0.075, depth - 0.05), "painted", colour * 0.85)
    knob = ellipsoid((x0 + 0.07, depth - 0.1, z0 + 0.95), (0.035,) * 3, segments=8)
    builder.add(knob, "steel", smooth=True)
    slot = np.array([[middle - 0.13, middle + 0.13, z0 + 0.79, z0 + 0.84]])
    builder.add(slabs(slot, depth - 0.06, depth - 0.05), "steel")
    plate = np.array([[x1 + 0.2, x1 + 0.42, 1.75, 1.9]])
    builder.add(slabs(plate, -0.02, 0.0), "painted", (0.03, 0.06, 0.2))
    number = int(rng.integers(2, 99))
    digits = house_number(number, (x1 + 0.24, 1.78), -0.024)
    builder.add(digits, "painted", (0.75, 0.75, 0.72))
    bells = [(x1 + 0.3, -0.01, 1.3 + 0.05 * n) for n in range(6)]
    builder.add(boxes((x1 + 0.3, -0.005, 1.42), (0.16, 0.02, 0.4)), "steel")
    builder.add(boxes(bells, (0.09, 0.03, 0.025)), "painted", (0.7, 0.7, 0.66))


def add_wall_lamp(builder: MeshBuilder, x: float, z: float) -> None:
    """Add a lantern on a short arm."""
    arm = [(x, 0.0, z), (x, -0.2, z + 0.12), (x, -0.34, z + 0.1)]
    builder.add(tube(arm, 0.014, sides=6), "cast_iron")
    angle = np.linspace(0.0, 2 * np.pi, 9)[:-1]
    rings = [
        np.stack(
            [x + r * np.cos(angle), -0.34 + r * np.sin(angle), np.full(8, level)], 1
        )
        for r, level in ((0.05, z - 0.2), (0.09, z + 0.02), (0.03, z + 0.1))
    ]
    builder.add(grid(np.stack(rings), wrap=True), "sign_lit", (1.0, 0.75, 0.45))
