"""What people fix to façades: pipes, coolers, dishes, cables, adverts; no bpy.

Façade axes as in `openings.py`.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.buildings.facade_grammar import Rectangles
from blender_scenes.city.buildings.facade_styles import FacadeStyle
from blender_scenes.city.buildings.interiors import leaf_tuft
from blender_scenes.city.buildings.openings import slabs
from blender_scenes.city.shapes.alphabet import (
    flat_text,
    invented_name,
    text_strokes,
    text_width_m,
)
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import bars, boxes, grid, joined, tube

_BLOSSOM_RGB = ((0.7, 0.04, 0.05), (0.75, 0.2, 0.35), (0.8, 0.6, 0.1), (0.75,) * 3)


def add_clutter(
    builder: MeshBuilder,
    style: FacadeStyle,
    width_m: float,
    eaves_m: float,
    windows: Rectangles,
    rng: np.random.Generator,
    detail: int,
) -> None:
    """Add what collects on a façade over the years."""
    add_downpipe(builder, width_m / 2 - 0.25, eaves_m, detail)
    if style.has("coolers"):
        _add_coolers(builder, windows[rng.random(len(windows)) < 0.16], detail)
    if detail < 2:
        return
    if style.has("dishes"):
        for window in windows[rng.random(len(windows)) < 0.1]:
            _add_dish(builder, window, rng)
    if style.has("flower_boxes"):
        for window in windows[rng.random(len(windows)) < 0.35]:
            _add_flower_box(builder, window, rng)
    _add_cables(builder, style, width_m, eaves_m, rng)
    _add_small_things(builder, style, width_m, rng)


def add_downpipe(builder: MeshBuilder, x_m: float, eaves_m: float, detail: int) -> None:
    """Add a rain pipe from the gutter to the pavement."""
    path = [
        (x_m, -0.3, eaves_m - 0.1),
        (x_m, -0.09, eaves_m - 0.65),
        (x_m, -0.09, 0.3),
        (x_m, -0.16, 0.1),
    ]
    tone = (0.7,) * 3
    builder.add(tube(path, 0.05, sides=8 if detail == 2 else 4), "metal_sheet", tone)
    if detail == 2:
        clamps = [(x_m, -0.06, level) for level in np.arange(1.2, eaves_m - 1.0, 1.9)]
        builder.add(boxes(clamps, (0.13, 0.12, 0.04)), "metal_sheet", tone)


def _add_coolers(builder: MeshBuilder, windows: Rectangles, detail: int) -> None:
    """Hang air conditioners with a round grille under windows."""
    for x0, _, z0, _ in windows:
        x, z = x0 + 0.3, z0 - 0.45
        builder.add(boxes((x, -0.2, z), (0.78, 0.32, 0.54)), "metal_sheet", (1.4,) * 3)
        if detail < 2:
            continue
        rings = [
            tube([(x - 0.12, -0.365, z), (x - 0.12, -0.372, z)], r, sides=16)
            for r in (0.22, 0.16, 0.06)
        ]
        for number, ring in enumerate(rings):
            builder.add(ring, "cast_iron" if number != 1 else "metal_sheet")
        arms = [(x + o, 0.0, z - 0.3) for o in (-0.25, 0.25)]
        ends = [(x + o, -0.34, z - 0.3) for o in (-0.25, 0.25)]
        builder.add(bars(arms, ends, 0.015, sides=4), "steel")


def _add_dish(builder: MeshBuilder, window, rng: np.random.Generator) -> None:
    """Add a satellite dish on an arm beside a window."""
    x, z = window[0] - 0.25, window[2] + 0.3
    radius = rng.uniform(0.25, 0.4)
    builder.add(tube([(x, 0.0, z), (x, -0.4, z + 0.05)], 0.02, sides=6), "steel")
    turn = np.linspace(0.0, 2 * np.pi, 17)[:-1]
    share = np.array([0.05, 0.4, 0.75, 1.0])[:, None]
    # A bowl that looks out and up, all dishes of a town the same way.
    bowl = np.stack(
        [
            x + share * radius * np.cos(turn) + 0.1 * share**2,
            -0.42 - 0.5 * share * radius * np.sin(turn) - 0.12 * share**2,
            z + 0.05 + 0.9 * share * radius * np.sin(turn) + 0 * share,
        ],
        axis=-1,
    )
    builder.add(
        grid(bowl[:, ::-1], wrap=True), "painted", (0.6, 0.6, 0.58), smooth=True
    )
    tip = (x + 0.15, -0.42 - 1.1 * radius, z + 0.02)
    arm = tube([(x, -0.45, z - 0.9 * radius), tip], 0.01, sides=5)
    builder.add(joined([arm, boxes(tip, (0.06, 0.08, 0.06))]), "steel")


def _add_flower_box(builder: MeshBuilder, window, rng: np.random.Generator) -> None:
    """Hang a box of leaves and blossoms before a window's sill."""
    x0, x1, z0, _ = window
    middle, width = (x0 + x1) / 2, min(0.9 * (x1 - x0), 1.3)
    y = -0.2
    builder.add(boxes((middle, y, z0 + 0.02), (width, 0.2, 0.18)), "painted",
                (0.25, 0.12, 0.06))  # fmt: skip
    hue = _BLOSSOM_RGB[rng.integers(len(_BLOSSOM_RGB))]
    for x in np.arange(middle - width / 2 + 0.1, middle + width / 2, 0.18):
        tuft = leaf_tuft((x, y, z0 + 0.08), rng.uniform(0.22, 0.34), 9, rng)
        builder.add(tuft, "house_plant", (0.08, 0.17, 0.04))
        spots = rng.normal((x, y - 0.04, z0 + 0.24), (0.08, 0.07, 0.05), (5, 3))
        builder.add(boxes(spots, (0.05, 0.05, 0.04)), "painted", hue)


def _add_cables(builder, style: FacadeStyle, width, eaves, rng) -> None:
    """Fix cables along the first floor and up the wall, with a box between."""
    level = style.ground_floor_m - 0.25
    ends = np.linspace(-width / 2, width / 2, 9)
    sag = level - 0.02 - 0.05 * rng.random(9)
    points = np.column_stack([ends, np.full(9, -0.03), sag])
    builder.add(tube(points, 0.009, sides=4), "rubber")
    x = rng.uniform(-0.4, 0.4) * width
    rise = [(x, -0.02, level), (x + 0.02, -0.02, eaves - 0.6)]
    builder.add(tube(rise, 0.008, sides=4), "rubber")
    builder.add(boxes((x, -0.05, level), (0.22, 0.1, 0.3)), "metal_sheet", (0.9,) * 3)


def _add_small_things(builder, style: FacadeStyle, width, rng) -> None:
    """Add vents, a bell of an alarm, an enamel street name."""
    for _ in range(int(rng.integers(1, 4))):
        x, z = rng.uniform(-0.45, 0.45) * width, style.ground_floor_m + 0.25
        builder.add(boxes((x, -0.01, z), (0.22, 0.03, 0.16)), "metal_sheet")
        slots = [(x, -0.028, z + o) for o in (-0.05, -0.015, 0.02, 0.055)]
        builder.add(boxes(slots, (0.18, 0.012, 0.012)), "cast_iron")
    if rng.random() < 0.4:
        name = f"{invented_name(rng)} ROAD"
        high = 0.11
        wide = text_width_m(name, high)
        x, z = -width / 2 + 0.35, style.ground_floor_m - 0.75
        plate = np.array([[x, x + wide + 0.12, z, z + 0.22]])
        builder.add(slabs(plate, -0.075, -0.05), "painted", (0.02, 0.05, 0.2))
        text = flat_text(
            text_strokes(name, high, weight=0.17), (x + 0.06, z + 0.055), -0.079
        )
        builder.add(text, "painted", (0.78, 0.78, 0.75))
