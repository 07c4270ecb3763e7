"""Balconies and loggias with their railings; no bpy.

Façade axes as in `openings.py`.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.buildings.facade_grammar import Rectangles
from blender_scenes.city.buildings.facade_styles import FacadeStyle
from blender_scenes.city.buildings.interiors import dyed, shell
from blender_scenes.city.buildings.openings import WindowStyle, add_windows, slabs
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import box, boxes, joined

_RAIL_HEIGHT_M = 1.0
_LOGGIA_DEPTH_M = 1.3
# Distance of bars by detail: far ones would only flicker.
_BAR_STEP_M = {1: 0.3, 2: 0.13}


def balcony_windows(
    windows: Rectangles, style: FacadeStyle, rng: np.random.Generator
) -> Rectangles:
    """Return the windows that carry a balcony of their own."""
    if style.balconies != "columns" or not len(windows):
        return windows[:0]
    columns = np.round(windows[:, 0], 3)
    chosen = np.unique(columns)
    chosen = chosen[rng.random(len(chosen)) < 0.5]
    return windows[np.isin(columns, chosen)]


def add_balconies(
    builder: MeshBuilder,
    style: FacadeStyle,
    width_m: float,
    windows: Rectangles,
    detail: int,
    rng: np.random.Generator,
) -> None:
    """Add the style's balconies to a façade with these upper windows."""
    sill = style.window.sill_m
    accent = style.spandrel[1]
    reach = rng.uniform(0.85, 1.15)
    for x0, x1, z0, _ in balcony_windows(windows, style, rng):
        room = 0.5 * (x1 - x0) + min(0.35, 0.2 * style.bay_m)
        ends = ((x0 + x1) / 2 - room, (x0 + x1) / 2 + room)
        _add_balcony(
            builder, ends, z0 - sill, reach, style.railing, accent, detail, rng
        )
    if style.balconies == "belt" and len(windows):
        levels = np.unique(np.round(windows[:, 2] - sill, 3))
        ends = (-width_m / 2 + 0.25, width_m / 2 - 0.25)
        # As on boulevards: on the second and on the last but one floor.
        for level in {float(levels[0]), float(levels[-1])}:
            _add_balcony(
                builder, ends, level, 0.7 * reach, style.railing, accent, detail, rng
            )


def _add_balcony(builder, ends, low, reach, railing, accent, detail, rng) -> None:
    x0, x1 = ends
    slab = box((x0, x1), (-reach, 0.0), (low - 0.12, low + 0.02))
    if detail == 0:
        # From afar a slab with sheets round it is one block.
        top = low + _RAIL_HEIGHT_M
        block = box((x0, x1), (-reach, 0.0), (low - 0.12, top))
        builder.add(slab if railing == "iron" else block, "concrete", accent)
        return
    builder.add(slab, "concrete", (0.4, 0.4, 0.38))
    brackets = np.arange(x0 + 0.2, x1, max(1.2, (x1 - x0 - 0.4)))
    stays = [
        box((x - 0.06, x + 0.06), (-0.6 * reach, 0.0), (low - 0.34, low - 0.12))
        for x in brackets
    ]
    builder.add(joined(stays), "trim", (0.5, 0.48, 0.42))
    add_railing(builder, (x0, x1), low + 0.02, reach, railing, accent, detail)
    if detail == 2:
        _add_belongings(builder, (x0, x1), low + 0.02, reach, rng)


def add_railing(
    builder: MeshBuilder,
    ends_m: tuple[float, float],
    low_m: float,
    reach_m: float,
    kind: str,
    rgb: tuple[float, float, float],
    detail: int,
) -> None:
    """Add a railing round three sides of a slab that reaches out to -reach.

    ``kind`` is "iron" (round bars), "solid" (painted sheets) or "glass".
    """
    (x0, x1), top = ends_m, low_m + _RAIL_HEIGHT_M
    front, inner = -reach_m + 0.03, -0.03
    material = {"glass": "glass_panel", "solid": "painted_panel"}.get(kind)
    if detail == 0:
        sheet = box((x0, x1), (front - 0.02, front + 0.02), (low_m, top))
        builder.add(sheet, material or "cast_iron", rgb)
        return
    rails = [
        box((x0, x1), (front - 0.022, front + 0.022), (top, top + 0.04)),
        box((x0, x0 + 0.045), (front, inner), (top, top + 0.04)),
        box((x1 - 0.045, x1), (front, inner), (top, top + 0.04)),
    ]
    builder.add(joined(rails), "cast_iron")
    if material is not None:
        sheets = [
            box((x0, x1), (front - 0.02, front + 0.02), (low_m + 0.06, top)),
            box((x0, x0 + 0.04), (front, inner), (low_m + 0.06, top)),
            box((x1 - 0.04, x1), (front, inner), (low_m + 0.06, top)),
        ]
        builder.add(joined(sheets), material, rgb)
        return
    step = _BAR_STEP_M[detail]
    along = np.arange(x0 + 0.03, x1, step)
    across = np.arange(front + step, inner, step)
    feet = np.concatenate(
        [
            np.stack([along, np.full_like(along, front)], axis=1),
            np.stack([np.full_like(across, x0 + 0.02), across], axis=1),
            np.stack([np.full_like(across, x1 - 0.02), across], axis=1),
        ]
    )
    middle = np.column_stack([feet, np.full(len(feet), (low_m + top) / 2)])
    bar = 0.016 if detail == 2 else 0.024
    builder.add(boxes(middle, (bar, bar, _RAIL_HEIGHT_M)), "cast_iron")
    builder.add(
        box((x0, x1), (front - 0.015, front + 0.015), (low_m + 0.1, low_m + 0.13)),
        "cast_iron",
    )
    if detail == 2:
        posts = np.column_stack([feet[::7], np.full(len(feet[::7]), top + 0.06)])
        builder.add(boxes(posts, (0.05, 0.05, 0.06)), "cast_iron")


def _add_belongings(builder, ends, low, reach, rng) -> None:
    """Add a chair, a folded table or a box of plants, as people do."""
    x0, x1 = ends
    for _ in range(int(rng.integers(0, 3))):
        x, y = rng.uniform(x0 + 0.3, x1 - 0.3), -rng.uniform(0.35, 0.55) * reach
        colour = dyed(rng, 1)[0]
        parts = [
            boxes((x, y, low + 0.42), (0.4, 0.36, 0.04)),
            boxes((x, y + 0.17, low + 0.66), (0.4, 0.03, 0.46)),
            boxes(
                [
                    (x + a, y + b, low + 0.21)
                    for a in (-0.17, 0.17)
                    for b in (-0.15, 0.15)
                ],
                (0.035, 0.035, 0.42),
            ),
        ]
        builder.add(joined(parts), "painted", colour)


def add_loggias(
    builder: MeshBuilder,
    holes: Rectangles,
    style: FacadeStyle,
    detail: int,
    rng: np.random.Generator,
) -> None:
    """Add recessed balconies with a wide window at their back."""
    depth = 0.0 if detail == 0 else _LOGGIA_DEPTH_M
    panes = holes + np.array([0.12, -0.12, 0.3, -0.15])
    window = WindowStyle(
        width_share=1.0,
        sill_m=0.3,
        head_m=2.4,
        reveal_m=depth - 0.01,
        frame_rgb=style.window.frame_rgb,
        trim_rgb=style.window.trim_rgb,
        panes_across=3,
        lit_share=style.window.lit_share,
        room_share=0.0,
    )
    add_windows(builder, panes, window, rng, detail)
    x0, x1, z0, _ = holes.T
    parapet = np.stack([x0, x1, z0, z0 + 1.0], axis=1)
    builder.add(slabs(parapet, -0.06, 0.04), *_parapet_surface(style))
    if detail == 0:
        return
    for left, right, low, high in holes:
        niche = shell((left, right, 0.0, depth, low, high))
        builder.add(niche, *style.wall)
        if detail == 2 and rng.random() < 0.4:
            # Washing on a line.
            cloths = np.arange(left + 0.3, right - 0.3, 0.35)
            middle = [(x, 0.25, high - 0.75) for x in cloths]
            if middle:
                colours = np.repeat(dyed(rng, len(middle)), 6, axis=0)
                builder.add(boxes(middle, (0.26, 0.01, 0.5)), "cloth", colours)
    if detail == 2:
        rail = np.stack([x0, x1, z0 + 1.06, z0 + 1.1], axis=1)
        builder.add(slabs(rail, -0.05, -0.01), "steel")


def _parapet_surface(style: FacadeStyle) -> tuple[str, tuple[float, float, float]]:
    material = {"glass": "glass_panel", "iron": "painted_panel"}.get(style.railing)
    return material or style.spandrel[0], style.spandrel[1]
