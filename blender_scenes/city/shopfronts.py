"""Ground floors of houses: shopfronts with signs, or front doors; no bpy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from blender_scenes.city.mesh import MeshBuilder
from blender_scenes.city.openings import (
    Rectangles,
    WindowStyle,
    add_frames,
    add_windows,
    pierced_wall,
    slabs,
    upright,
)
from blender_scenes.city.shapes import boxes, grid, joined, quads, tube

SHOP_RGB = (
    (0.02, 0.05, 0.035),
    (0.16, 0.02, 0.02),
    (0.02, 0.03, 0.09),
    (0.4, 0.36, 0.28),
    (0.03, 0.03, 0.03),
    (0.3, 0.16, 0.03),
    (0.06, 0.14, 0.15),
    (0.5, 0.5, 0.48),
)
_LETTER_M = (0.17, 0.28)
_STROKE_M = 0.045
_SHOP_REVEAL_M = 0.22
_DOOR_WIDTH_M = 1.05


def add_shops(
    builder: MeshBuilder, width_m: float, height_m: float, rng: np.random.Generator
) -> None:
    """Fill a ground floor with shops 4 to 6.5 m wide between pilasters."""
    count = max(1, round(width_m / rng.uniform(4.2, 6.4)))
    edges = np.linspace(-width_m / 2, width_m / 2, count + 1)
    for left, right in pairwise(edges):
        _add_shop(builder, left, right, height_m, rng)


def _add_shop(
    builder: MeshBuilder,
    left: float,
    right: float,
    height_m: float,
    rng: np.random.Generator,
) -> None:
    colour = np.array(SHOP_RGB[rng.integers(len(SHOP_RGB))])
    head = height_m - 0.95
    pier = 0.24
    has_door_left = rng.random() < 0.5
    split = left + pier + _DOOR_WIDTH_M + 0.12
    if not has_door_left:
        split = right - pier - _DOOR_WIDTH_M - 0.12
    display = (
        (split + 0.06, right - pier) if has_door_left else (left + pier, split - 0.06)
    )
    door = (
        (left + pier, split - 0.06) if has_door_left else (split + 0.06, right - pier)
    )
    riser = float(rng.uniform(0.3, 0.6))
    holes = np.array([(*display, riser, head), (*door, 0.02, head)])
    cells = np.array([(left, split, 0.0, height_m), (split, right, 0.0, height_m)])
    if has_door_left:
        cells = cells[::-1]
    builder.add(pierced_wall(cells, holes, _SHOP_REVEAL_M), "painted", colour)
    _add_display(builder, holes[:1], colour, rng)
    _add_door(builder, holes[1], colour, rng)
    _add_fascia(builder, left, right, head, height_m, colour, rng)
    if rng.random() < 0.5:
        _add_awning(builder, left + 0.15, right - 0.15, head - 0.05, colour, rng)
    elif rng.random() < 0.6:
        _add_hanging_sign(builder, right - 0.12, head + 0.55, rng)
    piers = np.array([(left, left + pier, 0.0, head), (right - pier, right, 0.0, head)])
    builder.add(slabs(piers, -0.05, 0.02), "painted", colour * 1.2)
    builder.add(slabs(np.array([[left, right, 0.0, 0.14]]), -0.06, 0.02), "stone")


def _add_display(
    builder: MeshBuilder, hole: Rectangles, colour: np.ndarray, rng: np.random.Generator
) -> None:
    """Add the shop window; goods are drawn on the pane by its surface."""
    hue = rng.uniform(0.6, 1.3, 3)
    builder.add(upright(hole, _SHOP_REVEAL_M), "shop_display", hue)
    width = hole[0, 1] - hole[0, 0]
    add_frames(
        builder,
        hole,
        _SHOP_REVEAL_M,
        tuple(colour * 0.8),
        panes_across=max(1, round(width / 1.6)),
        thickness_m=0.06,
    )
    # Posters stuck to the glass.
    for _ in range(int(rng.integers(0, 3))):
        size = rng.uniform(0.35, 0.7)
        x = rng.uniform(
            hole[0, 0] + 0.1, max(hole[0, 1] - size - 0.1, hole[0, 0] + 0.2)
        )
        z = rng.uniform(hole[0, 2] + 0.2, hole[0, 2] + 0.9)
        sheet = np.array([[x, x + size, z, z + 1.3 * size]])
        builder.add(
            upright(sheet, _SHOP_REVEAL_M - 0.01), "poster", rng.uniform(0.2, 0.8, 3)
        )


def _add_door(
    builder: MeshBuilder, hole: np.ndarray, colour: np.ndarray, rng: np.random.Generator
) -> None:
    x0, x1, z0, z1 = hole
    top = min(z1, 2.25)
    builder.add(upright(np.array([[x0, x1, z0, z1]]), _SHOP_REVEAL_M), "glass")
    door = np.array([[x0, x1, z0, top]])
    add_frames(
        builder, door, _SHOP_REVEAL_M, tuple(colour), panes_across=1, thickness_m=0.1
    )
    panel = np.array([[x0 + 0.1, x1 - 0.1, z0, z0 + rng.uniform(0.3, 0.9)]])
    builder.add(slabs(panel, _SHOP_REVEAL_M - 0.05, _SHOP_REVEAL_M), "painted", colour)
    handle = [(x0 + 0.16, _SHOP_REVEAL_M - 0.1, z) for z in (0.95, 1.45)]
    builder.add(tube(handle, 0.015, sides=6), "steel")


def _add_fascia(builder, left, right, head, top, colour, rng) -> None:
    """Add the sign board with raised letters and a small cornice."""
    low, high = head + 0.12, top - 0.16
    board = np.array([[left + 0.06, right - 0.06, low, high]])
    builder.add(slabs(board, -0.1, 0.0), "painted", colour * rng.uniform(0.7, 1.3))
    builder.add(slabs(np.array([[left, right, high, high + 0.08]]), -0.18, 0.0), "trim")
    is_dark = colour.mean() < 0.2
    ink = (0.75, 0.7, 0.55) if is_dark else (0.03, 0.03, 0.04)
    count = int(rng.integers(4, 10))
    pitch = _LETTER_M[0] + 0.08
    start = (left + right) / 2 - count * pitch / 2
    if count * pitch < right - left - 0.4:
        middle = (low + high) / 2 - _LETTER_M[1] / 2
        for number in range(count):
            letter = letter_rectangles(rng) + np.array(
                [start + number * pitch] * 2 + [middle] * 2
            )
            builder.add(slabs(letter, -0.125, -0.1), "painted", ink)


def letter_rectangles(rng: np.random.Generator) -> Rectangles:
    """Return the strokes of a made-up capital letter, its corner at the origin."""
    w, h = _LETTER_M
    s = _STROKE_M
    strokes = np.array(
        [
            (0, s, 0, h),
            (w - s, w, 0, h),
            (0, w, h - s, h),
            (0, w, 0, s),
            (0, w, (h - s) / 2, (h + s) / 2),
            (w - s, w, h / 2, h),
            ((w - s) / 2, (w + s) / 2, 0, h),
        ]
    )
    # Letters E, F, H, L, O, P, A, I, C, U and T as sets of strokes.
    letters = (
        (0, 2, 3, 4),
        (0, 2, 4),
        (0, 1, 4),
        (0, 3),
        (0, 1, 2, 3),
        (0, 2, 4, 5),
        (0, 1, 2, 4),
        (6,),
        (0, 2, 3),
        (0, 1, 3),
        (2, 6),
    )
    return strokes[list(letters[rng.integers(len(letters))])]


def _add_awning(builder, left, right, top, colour, rng) -> None:
    """Add a striped awning with a scalloped valance and its arms."""
    reach, drop = rng.uniform(0.9, 1.4), rng.uniform(0.45, 0.7)
    stripes = max(4, int((right - left) / 0.3))
    x = np.linspace(left, right, stripes + 1)
    pale = np.array([0.7, 0.68, 0.62])
    cloth = np.where(np.arange(stripes)[:, None] % 2 == 0, pale, colour * 1.6 + 0.03)

    def strip(y0: float, z0: float, y1: float, z1: float) -> np.ndarray:
        count = np.ones(stripes)
        near = [x[:-1], x[1:]]
        return np.stack(
            [
                np.stack([near[0], y1 * count, z1 * count], -1),
                np.stack([near[1], y1 * count, z1 * count], -1),
                np.stack([near[1], y0 * count, z0 * count], -1),
                np.stack([near[0], y0 * count, z0 * count], -1),
            ],
            axis=1,
        )

    builder.add(quads(strip(-0.1, top, -reach, top - drop)), "cloth", cloth)
    front = strip(-reach, top - drop, -reach, top - drop - 0.2)
    builder.add(quads(front), "cloth", cloth * 0.9)
    for arm in (left + 0.05, right - 0.05):
        path = [(arm, -0.05, top - drop), (arm, -reach + 0.02, top - drop - 0.02)]
        builder.add(tube(path, 0.015, sides=6), "steel")


def _add_hanging_sign(builder, x, z, rng) -> None:
    """Add a board on a bracket that stands out from the wall."""
    builder.add(
        tube([(x, 0.0, z + 0.36), (x, -0.95, z + 0.36)], 0.018, sides=6), "steel"
    )
    colour = np.array(SHOP_RGB[rng.integers(len(SHOP_RGB))])
    builder.add(boxes((x, -0.58, z), (0.06, 0.62, 0.62)), "painted", colour)
    builder.add(boxes((x, -0.58, z), (0.07, 0.4, 0.1)), "painted", (0.7, 0.66, 0.5))
    builder.add(
        boxes((x, -0.58, z + 0.14), (0.07, 0.28, 0.07)), "painted", (0.7, 0.66, 0.5)
    )


def add_home_floor(
    builder: MeshBuilder,
    width_m: float,
    height_m: float,
    bay_m: float,
    wall: tuple[str, tuple[float, float, float]],
    style: WindowStyle,
    rng: np.random.Generator,
) -> None:
    """Fill a ground floor with windows, one front door with steps and a plinth."""
    bays = max(2, round(width_m / bay_m))
    edges = np.linspace(-width_m / 2, width_m / 2, bays + 1)
    middle = (edges[:-1] + edges[1:]) / 2
    half = style.width_share * (edges[1] - edges[0]) / 2
    cells = np.stack(
        [edges[:-1], edges[1:], np.zeros(bays), np.full(bays, height_m)], axis=1
    )
    holes = np.stack(
        [middle - half, middle + half, np.full(bays, 1.1), np.full(bays, 2.75)], axis=1
    )
    door = int(rng.integers(bays))
    holes[door] = (middle[door] - 0.55, middle[door] + 0.55, 0.32, 2.75)
    builder.add(pierced_wall(cells, holes, style.reveal_m), *wall)
    add_windows(builder, np.delete(holes, door, axis=0), style, rng)
    _add_front_door(builder, holes[door], style, rng)
    for left, right in ((edges[0], holes[door, 0]), (holes[door, 1], edges[-1])):
        plinth = np.array([[left, right, 0.0, 0.55]])
        builder.add(slabs(plinth, -0.05, 0.0), "stone")


def _add_front_door(builder, hole, style: WindowStyle, rng) -> None:
    x0, x1, z0, z1 = hole
    depth = style.reveal_m
    colour = np.array(SHOP_RGB[rng.integers(len(SHOP_RGB))])
    builder.add(upright(np.array([[x0, x1, 2.3, z1]]), depth), "glass")
    leaf = np.array([[x0, x1, z0, 2.3]])
    builder.add(slabs(leaf, depth - 0.05, depth + 0.01), "painted", colour)
    panels = np.array(
        [
            (x0 + a, x0 + a + 0.36, z0 + b, z0 + b + c)
            for a in (0.13, 0.61)
            for b, c in ((0.15, 0.6), (0.95, 0.85))
        ]
    )
    builder.add(slabs(panels, depth - 0.075, depth - 0.05), "painted", colour * 0.85)
    builder.add(boxes((x0 + 0.55, depth - 0.1, z0 + 0.85), (0.06, 0.05, 0.06)), "steel")
    frame = np.array(
        [
            (x0 - 0.16, x0, 0.32, z1 + 0.18),
            (x1, x1 + 0.16, 0.32, z1 + 0.18),
            (x0, x1, z1, z1 + 0.18),
        ]
    )
    builder.add(slabs(frame, -0.06, 0.02), "trim", style.trim_rgb)
    steps = [
        boxes(
            ((x0 + x1) / 2, -0.15 * n - 0.02 + depth / 2, 0.16 * (2 - n) - 0.08 + 0.16),
            (1.4, 0.3 + depth, 0.16),
        )
        for n in (0, 1)
    ]
    builder.add(joined(steps), "stone")


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
    builder.add(grid(np.stack(rings), wrap=True), "lamp_white")
