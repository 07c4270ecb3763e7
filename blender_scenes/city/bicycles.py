"""Meshes of bicycles and the racks that hold them; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.mesh import MeshBuilder, MeshData, placement
from blender_scenes.city.parts import Part, part
from blender_scenes.city.shapes import bars, box, ellipsoid, ring_bar, tube

WHEEL_RADIUS_M = 0.34
_AXLE_M = 0.52
_SPOKES = 20
_FRAME_RGB = (
    (0.03, 0.03, 0.03),
    (0.35, 0.03, 0.02),
    (0.03, 0.15, 0.3),
    (0.5, 0.5, 0.5),
    (0.03, 0.2, 0.12),
    (0.5, 0.25, 0.02),
)


def bicycle_mesh(rng: np.random.Generator) -> MeshData:
    """Return a bicycle that looks along +x and stands on z = 0."""
    builder = MeshBuilder()
    colour = np.array(_FRAME_RGB[rng.integers(len(_FRAME_RGB))])
    for x in (-_AXLE_M, _AXLE_M):
        _add_wheel(builder, x)
    rear, front = (-_AXLE_M, 0.0, WHEEL_RADIUS_M), (_AXLE_M, 0.0, WHEEL_RADIUS_M)
    crank, seat = (-0.08, 0.0, 0.29), (-0.24, 0.0, 0.86)
    stem, fork = (0.33, 0.0, 0.9), (0.37, 0.0, 0.74)
    for start, end in (
        (crank, seat),
        (crank, fork),
        ((-0.2, 0, 0.76), stem),
        (stem, fork),
        (rear, crank),
        (rear, (-0.2, 0, 0.74)),
        (fork, front),
    ):
        builder.add(tube([start, end], 0.016, sides=8), "painted", colour, smooth=True)
    saddle = ellipsoid((-0.26, 0.0, 0.9), (0.14, 0.07, 0.035), segments=12, rings=6)
    builder.add(saddle, "rubber", smooth=True)
    bar = [
        (0.22, -0.28, 0.98),
        (0.32, -0.2, 1.0),
        (0.35, 0, 0.98),
        (0.32, 0.2, 1.0),
        (0.22, 0.28, 0.98),
    ]
    builder.add(tube(bar, 0.012, sides=8), "chrome", smooth=True)
    builder.add(tube([stem, (0.35, 0, 0.98)], 0.014, sides=8), "chrome")
    chain = ring_bar((-0.08, -0.04, 0.29), 0.09, 0.008, axis="y")
    builder.add(chain, "steel", (0.4, 0.4, 0.4))
    pedals = [
        ((-0.08, -0.05, 0.29), (0.06, -0.12, 0.2)),
        ((-0.08, 0.05, 0.29), (-0.22, 0.12, 0.38)),
    ]
    for start, end in pedals:
        builder.add(tube([start, end], 0.009, sides=6), "steel")
    if rng.random() < 0.5:
        _add_basket(builder)
    return builder.mesh()


def _add_wheel(builder: MeshBuilder, x: float) -> None:
    center = (x, 0.0, WHEEL_RADIUS_M)
    builder.add(
        ring_bar(center, WHEEL_RADIUS_M - 0.018, 0.018, axis="y"), "rubber", smooth=True
    )
    builder.add(
        ring_bar(center, WHEEL_RADIUS_M - 0.045, 0.01, axis="y"), "chrome", smooth=True
    )
    angle = 2 * np.pi * np.arange(_SPOKES) / _SPOKES
    tips = np.column_stack(
        [
            x + 0.3 * np.cos(angle),
            np.zeros(_SPOKES),
            WHEEL_RADIUS_M + 0.3 * np.sin(angle),
        ]
    )
    hubs = np.tile(center, (_SPOKES, 1)) + np.array([0.0, 0.03, 0.0]) * np.where(
        np.arange(_SPOKES)[:, None] % 2 == 0, 1, -1
    )
    builder.add(bars(hubs, tips, 0.0022, sides=3), "steel")
    builder.add(
        tube([(x, -0.05, WHEEL_RADIUS_M), (x, 0.05, WHEEL_RADIUS_M)], 0.02), "steel"
    )


def _add_basket(builder: MeshBuilder) -> None:
    """Add a wire basket in front of the handlebar."""
    xs, ys = np.linspace(0.4, 0.66, 5), np.linspace(-0.16, 0.16, 6)
    low, high = 0.82, 1.04
    feet = [
        (x, y, low)
        for x in xs
        for y in ys
        if x in (xs[0], xs[-1]) or y in (ys[0], ys[-1])
    ]
    tops = [(x, y, high) for x, y, _ in feet]
    builder.add(bars(feet, tops, 0.004, sides=4), "steel")
    for level in (low, (low + high) / 2, high):
        loop = [
            (xs[0], ys[0], level),
            (xs[-1], ys[0], level),
            (xs[-1], ys[-1], level),
            (xs[0], ys[-1], level),
        ]
        builder.add(bars(loop, loop[1:] + loop[:1], 0.005, sides=4), "steel")


def bicycle_rack_parts(variant: int, rng: np.random.Generator) -> list[Part]:
    """Return four steel hoops and the two or three bicycles that lean on them."""
    rack = MeshBuilder()
    places = np.linspace(-1.5, 1.5, 4)
    turn = np.linspace(0.0, np.pi, 11)
    for x in places:
        hoop = (
            [(x, -0.38, 0.0)]
            + [(x, -0.38 * np.cos(a), 0.55 + 0.25 * np.sin(a)) for a in turn]
            + [(x, 0.38, 0.0)]
        )
        rack.add(tube(hoop, 0.024, sides=10), "steel", smooth=True)
        rack.add(box((x - 0.06, x + 0.06), (-0.44, -0.32), (0.0, 0.012)), "steel")
    parts = [part("Other", rack)]
    for x in rng.permutation(places)[: 2 + variant % 2]:
        bicycle = MeshBuilder()
        heading = np.pi / 2 + rng.uniform(-0.08, 0.08)
        bicycle.add_mesh(
            bicycle_mesh(rng), placement(x + 0.1, 0.0, heading_rad=heading)
        )
        parts.append(part("Bicycle", bicycle))
    return parts
