"""Walls with openings, and the windows that fill them; no bpy.

Façade axes: x along the wall, y into the house, z up; the wall's face is y = 0
and looks towards -y. Rectangles are rows of (x0, x1, z0, z1), metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.mesh import MeshBuilder
from blender_scenes.city.shapes import Shape, boxes, quads

Rectangles = NDArray[np.float64]


@dataclass(frozen=True)
class WindowStyle:
    """How the windows of one façade look.

    Parameters
    ----------
    width_share : float
        Opening width over bay width.
    sill_m, head_m : float
        Lower and upper edge of the opening above its floor, metres.
    reveal_m : float
        Depth of the pane behind the wall's face, metres.
    frame_rgb, trim_rgb : tuple of float
        Linear colour of the frame and of sill and surround.
    panes_across : int
    has_transom : bool
    has_surround : bool
    has_shutters : bool
    """

    width_share: float
    sill_m: float
    head_m: float
    reveal_m: float
    frame_rgb: tuple[float, float, float]
    trim_rgb: tuple[float, float, float]
    panes_across: int = 2
    has_transom: bool = False
    has_surround: bool = False
    has_shutters: bool = False


def upright(rectangles: Rectangles, y_m: float) -> Shape:
    """Return rectangles at depth ``y_m`` that face -y."""
    x0, x1, z0, z1 = np.atleast_2d(rectangles).T
    y = np.full_like(x0, y_m)
    corners = [(x0, z0), (x1, z0), (x1, z1), (x0, z1)]
    return quads(np.stack([np.stack([x, y, z], -1) for x, z in corners], axis=1))


def slabs(rectangles: Rectangles, front_m: float, back_m: float) -> Shape:
    """Return boxes over rectangles, from depth ``front_m`` to ``back_m``."""
    x0, x1, z0, z1 = np.atleast_2d(rectangles).T
    y = np.full_like(x0, (front_m + back_m) / 2)
    centers = np.stack([(x0 + x1) / 2, y, (z0 + z1) / 2], axis=1)
    depth = np.full_like(x0, abs(back_m - front_m))
    return boxes(centers, np.stack([x1 - x0, depth, z1 - z0], axis=1))


def pierced_wall(cells: Rectangles, holes: Rectangles, reveal_m: float) -> Shape:
    """Return the wall over ``cells``, each with one hole and its reveal."""
    x0, x1, z0, z1 = cells.T
    a0, a1, b0, b1 = holes.T
    around = [(x0, a0, z0, z1), (a1, x1, z0, z1), (a0, a1, z0, b0), (a0, a1, b1, z1)]
    face = upright(np.concatenate([np.stack(r, axis=1) for r in around]), 0.0)
    near, far = np.zeros_like(a0), np.full_like(a0, reveal_m)
    # Reveals look into the opening: left, right, bottom, top.
    sides = [
        ((a0, near, b0), (a0, far, b0), (a0, far, b1), (a0, near, b1)),
        ((a1, far, b0), (a1, near, b0), (a1, near, b1), (a1, far, b1)),
        ((a0, near, b0), (a1, near, b0), (a1, far, b0), (a0, far, b0)),
        ((a0, far, b1), (a1, far, b1), (a1, near, b1), (a0, near, b1)),
    ]
    reveal = np.concatenate(
        [np.stack([np.stack(p, -1) for p in corners], axis=1) for corners in sides]
    )
    first = len(face.vertices)
    inner = quads(reveal)
    return Shape(
        np.concatenate([face.vertices, inner.vertices]),
        (*face.faces, inner.faces[0] + first),
    )


def add_windows(
    builder: MeshBuilder,
    holes: Rectangles,
    style: WindowStyle,
    rng: np.random.Generator,
) -> None:
    """Add pane, frame, curtains, sill and surround to every hole."""
    _add_panes(builder, holes, style.reveal_m, rng)
    _add_curtains(builder, holes, style, rng)
    add_frames(
        builder,
        holes,
        style.reveal_m,
        style.frame_rgb,
        panes_across=style.panes_across,
        has_transom=style.has_transom,
    )
    x0, x1, z0, z1 = holes.T
    sill = np.stack([x0 - 0.07, x1 + 0.07, z0 - 0.07, z0], axis=1)
    builder.add(slabs(sill, -0.09, style.reveal_m), "trim", style.trim_rgb)
    if style.has_surround:
        sides = [
            (x0 - 0.14, x0, z0, z1 + 0.16),
            (x1, x1 + 0.14, z0, z1 + 0.16),
            (x0, x1, z1, z1 + 0.16),
        ]
        rects = np.concatenate([np.stack(r, axis=1) for r in sides])
        builder.add(slabs(rects, -0.04, 0.02), "trim", style.trim_rgb)
        hood = np.stack([x0 - 0.2, x1 + 0.2, z1 + 0.16, z1 + 0.23], axis=1)
        builder.add(slabs(hood, -0.12, 0.02), "trim", style.trim_rgb)
    if style.has_shutters:
        half = 0.48 * (x1 - x0)
        leaves = np.concatenate(
            [
                np.stack([x0 - half, x0 - 0.01, z0, z1], axis=1),
                np.stack([x1 + 0.01, x1 + half, z0, z1], axis=1),
            ]
        )
        builder.add(slabs(leaves, -0.05, -0.01), "painted", style.frame_rgb)
        for share in np.linspace(0.06, 0.94, 12):
            level = leaves[:, 2] + share * (leaves[:, 3] - leaves[:, 2])
            lath = np.column_stack(
                [leaves[:, 0] + 0.05, leaves[:, 1] - 0.05, level - 0.02, level + 0.02]
            )
            builder.add(slabs(lath, -0.065, -0.045), "painted", style.frame_rgb)


def _add_panes(
    builder: MeshBuilder, holes: Rectangles, depth_m: float, rng: np.random.Generator
) -> None:
    """Add panes, no two of which lie quite in one plane, as in real houses."""
    panes = upright(holes, depth_m)
    tilt = rng.normal(0.0, 0.003, (len(holes), 4))
    panes.vertices[:, 1] += tilt.ravel()
    shade = rng.uniform(0.5, 1.5, (len(holes), 1)) * np.ones(3)
    builder.add(panes, "glass", shade)


def _add_curtains(
    builder: MeshBuilder,
    holes: Rectangles,
    style: WindowStyle,
    rng: np.random.Generator,
) -> None:
    """Hang curtains or blinds in about two windows of three."""
    depth_m = style.reveal_m - 0.008
    draw = rng.random(len(holes))
    pale = rng.uniform(0.25, 0.75, (len(holes), 1)) * rng.uniform(
        0.8, 1.0, (len(holes), 3)
    )
    x0, x1, z0, z1 = holes.T
    drop = rng.uniform(0.15, 0.8, len(holes))
    blinds = np.stack([x0, x1, z1 - drop * (z1 - z0), z1], axis=1)
    reach = rng.uniform(0.12, 0.42, len(holes)) * (x1 - x0)
    left = np.stack([x0, x0 + reach, z0, z1], axis=1)
    right = np.stack([x1 - reach, x1, z0, z1], axis=1)
    for rectangles, chosen in (
        (blinds, draw < 0.28),
        (left, (draw > 0.34) & (draw < 0.68)),
        (right, (draw > 0.4) & (draw < 0.74)),
    ):
        if chosen.any():
            builder.add(upright(rectangles[chosen], depth_m), "curtain", pale[chosen])


def add_frames(
    builder: MeshBuilder,
    holes: Rectangles,
    depth_m: float,
    colour: tuple[float, float, float],
    *,
    panes_across: int = 2,
    has_transom: bool = False,
    thickness_m: float = 0.055,
) -> None:
    """Add the outer frame and the glazing bars of every hole."""
    x0, x1, z0, z1 = holes.T
    t = thickness_m
    rects = [
        (x0, x0 + t, z0, z1),
        (x1 - t, x1, z0, z1),
        (x0 + t, x1 - t, z0, z0 + t),
        (x0 + t, x1 - t, z1 - t, z1),
    ]
    for number in range(1, panes_across):
        middle = x0 + (x1 - x0) * number / panes_across
        rects.append((middle - 0.4 * t, middle + 0.4 * t, z0 + t, z1 - t))
    if has_transom:
        level = z0 + 0.7 * (z1 - z0)
        rects.append((x0 + t, x1 - t, level - 0.4 * t, level + 0.4 * t))
    stacked = np.concatenate([np.stack(r, axis=1) for r in rects])
    builder.add(slabs(stacked, depth_m - 0.06, depth_m + 0.01), "painted", colour)
