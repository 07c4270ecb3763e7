"""Holes in walls and the windows that fill them; no bpy.

Façade axes: x along the wall, y into the house, z up; the wall's face is y = 0
and looks towards -y. Rectangles are rows of (x0, x1, z0, z1), metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_scenes.city.buildings.facade_grammar import Rectangles
from blender_scenes.city.buildings.interiors import add_room, lamp_colours
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, boxes, quads

# Rooms are modelled up to here; higher up only ceilings would be seen.
_ROOMS_BELOW_M = 9.0
_ARCH_STEPS = 8


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
    panes_across, panes_down : int
    has_transom : bool
        One bar at 70 % of the height.
    has_surround, has_shutters, has_blind_boxes : bool
        Mouldings around it; folding shutters beside it; outside blinds.
    arch_m : float
        How much lower an arched opening is at its sides; 0 is flat.
    lit_share, room_share : float
        Share of windows with light at night; share of low windows that are open
        to a modelled room.
    has_curtains : bool
        Else there are blinds only, in fewer windows.
    """

    width_share: float
    sill_m: float
    head_m: float
    reveal_m: float
    frame_rgb: tuple[float, float, float]
    trim_rgb: tuple[float, float, float]
    panes_across: int = 2
    panes_down: int = 1
    has_transom: bool = False
    has_surround: bool = False
    has_shutters: bool = False
    has_blind_boxes: bool = False
    arch_m: float = 0.0
    lit_share: float = 0.35
    room_share: float = 0.35
    has_curtains: bool = True


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


def reveals(holes: Rectangles, depth_m: float) -> Shape:
    """Return the four sides of every hole, looking into it, from y = 0 to depth."""
    a0, a1, b0, b1 = holes.T
    near, far = np.zeros_like(a0), np.full_like(a0, depth_m)
    sides = [
        ((a0, near, b0), (a0, far, b0), (a0, far, b1), (a0, near, b1)),
        ((a1, far, b0), (a1, near, b0), (a1, near, b1), (a1, far, b1)),
        ((a0, near, b0), (a1, near, b0), (a1, far, b0), (a0, far, b0)),
        ((a0, far, b1), (a1, far, b1), (a1, near, b1), (a0, near, b1)),
    ]
    return quads(
        np.concatenate(
            [np.stack([np.stack(p, -1) for p in corners], axis=1) for corners in sides]
        )
    )


def arch_fillings(holes: Rectangles, rise_m: float, depth_m: float) -> Shape:
    """Return the wall between an arch and the rectangle it stands in.

    The arch touches the head of the hole in its middle and lies ``rise_m`` lower at
    its sides; face and underside, as deep as the reveal.
    """
    share = np.linspace(-1.0, 1.0, _ARCH_STEPS + 1)
    x = (holes[:, :1] + holes[:, 1:2]) / 2 + share * (holes[:, 1:2] - holes[:, :1]) / 2
    z = holes[:, 3:] - rise_m * share**2
    top = np.broadcast_to(holes[:, 3:], z.shape)

    def points(level: np.ndarray, depth: float) -> np.ndarray:
        return np.stack([x, np.full_like(x, depth), level], axis=-1)

    low, high, back = points(z, 0.0), points(top, 0.0), points(z, depth_m)
    face = np.stack([low[:, :-1], low[:, 1:], high[:, 1:], high[:, :-1]], axis=2)
    under = np.stack([back[:, :-1], back[:, 1:], low[:, 1:], low[:, :-1]], axis=2)
    return quads(np.concatenate([face.reshape(-1, 4, 3), under.reshape(-1, 4, 3)]))


def add_windows(
    builder: MeshBuilder,
    holes: Rectangles,
    style: WindowStyle,
    rng: np.random.Generator,
    detail: int = 2,
) -> None:
    """Fill holes with panes or rooms, frames, curtains, sills and mouldings.

    With ``detail`` 0 the panes lie in front of the wall, which then has no holes.
    """
    if not len(holes):
        return
    is_lit = rng.random(len(holes)) < style.lit_share
    light = lamp_colours(rng, len(holes))
    if detail == 0:
        _add_panes(builder, holes, -0.02, is_lit, light, rng)
        return
    has_room = (
        (rng.random(len(holes)) < style.room_share)
        & (holes[:, 2] < _ROOMS_BELOW_M)
        & (detail == 2)
    )
    for number in np.flatnonzero(has_room):
        lamp = tuple(light[number]) if is_lit[number] else None
        add_room(builder, holes[number], style.reveal_m, lamp, rng)
        _add_open_leaf(builder, holes[number], style, rng)
    closed = ~has_room
    _add_panes(
        builder, holes[closed], style.reveal_m, is_lit[closed], light[closed], rng
    )
    _add_curtains(builder, holes, style, has_room, is_lit, light, rng)
    add_frames(
        builder,
        holes,
        style.reveal_m,
        style.frame_rgb,
        panes_across=style.panes_across,
        panes_down=style.panes_down,
        has_transom=style.has_transom,
        is_flat=detail < 2,
    )
    _add_mouldings(builder, holes, style, detail)
    if style.has_shutters:
        _add_shutters(builder, holes, style, detail, rng)


def _add_panes(builder, holes, depth_m, is_lit, light, rng) -> None:
    """Add panes, no two of which lie quite in one plane, as in real houses."""
    for chosen, material in ((~is_lit, "glass"), (is_lit, "glass_lit")):
        if not chosen.any():
            continue
        panes = upright(holes[chosen], depth_m)
        tilt = rng.normal(0.0, 0.003, (int(chosen.sum()), 4))
        panes.vertices[:, 1] += np.abs(tilt).ravel()
        shade = rng.uniform(0.5, 1.0, (int(chosen.sum()), 1))
        tint = light[chosen] * shade if material == "glass_lit" else shade * (1, 1, 1)
        builder.add(panes, material, tint)


def _add_curtains(builder, holes, style, has_room, is_lit, light, rng) -> None:
    """Hang curtains or blinds in about two windows of three."""
    draw = rng.random(len(holes))
    cloth = rng.uniform(0.25, 0.75, (len(holes), 1)) * rng.uniform(
        0.75, 1.0, (len(holes), 3)
    )
    x0, x1, z0, z1 = holes.T
    drop = rng.uniform(0.12, 0.85, len(holes))
    blinds = np.stack([x0, x1, z1 - drop * (z1 - z0), z1], axis=1)
    reach = rng.uniform(0.12, 0.42, len(holes)) * (x1 - x0)
    left = np.stack([x0, x0 + reach, z0, z1], axis=1)
    right = np.stack([x1 - reach, x1, z0, z1], axis=1)
    behind = np.where(has_room, 0.05, -0.008)
    for rectangles, chosen, kind in (
        (blinds, draw < 0.28, "blind"),
        (left, style.has_curtains & (draw > 0.34) & (draw < 0.68), "curtain"),
        (right, style.has_curtains & (draw > 0.4) & (draw < 0.74), "curtain"),
    ):
        for lit in (False, True):
            picked = chosen & (is_lit == lit)
            if picked.any():
                hung = upright(rectangles[picked], style.reveal_m)
                hung.vertices[:, 1] += np.repeat(behind[picked], 4)
                tint = cloth[picked] * (light[picked] if lit else 1.0)
                builder.add(hung, kind + "_lit" * lit, tint)


def add_frames(
    builder: MeshBuilder,
    holes: Rectangles,
    depth_m: float,
    colour: tuple[float, float, float],
    *,
    panes_across: int = 2,
    panes_down: int = 1,
    has_transom: bool = False,
    thickness_m: float = 0.055,
    is_flat: bool = False,
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
    shares = [n / panes_down for n in range(1, panes_down)]
    for share in [*shares, 0.7] if has_transom else shares:
        level = z0 + share * (z1 - z0)
        rects.append((x0 + t, x1 - t, level - 0.4 * t, level + 0.4 * t))
    stacked = np.concatenate([np.stack(r, axis=1) for r in rects])
    if is_flat:
        builder.add(upright(stacked, depth_m - 0.03), "painted", colour)
    else:
        builder.add(slabs(stacked, depth_m - 0.06, depth_m + 0.01), "painted", colour)


def _add_open_leaf(builder, hole, style, rng) -> None:
    """Add what glass an open window keeps: one pane fixed or one leaf ajar."""
    x0, x1, z0, z1 = hole
    middle = (x0 + x1) / 2
    if rng.random() < 0.5:
        fixed = (x0, middle) if rng.random() < 0.5 else (middle, x1)
        builder.add(upright(np.array([[*fixed, z0, z1]]), style.reveal_m), "glass")
        return
    # The leaf has swung into the room about its left edge.
    turn = rng.uniform(0.9, 1.5)
    far = (middle - x0) * np.array([np.cos(turn), np.sin(turn)])
    near_y = style.reveal_m + 0.02
    for low, high, material in (
        (z0 + 0.06, z1 - 0.06, "glass"),
        (z0, z0 + 0.06, "painted"),
        (z1 - 0.06, z1, "painted"),
    ):
        corners = [
            (x0, near_y, low),
            (x0 + far[0], near_y + far[1], low),
            (x0 + far[0], near_y + far[1], high),
            (x0, near_y, high),
        ]
        tint = style.frame_rgb if material == "painted" else (1.0, 1.0, 1.0)
        builder.add(quads([corners]), material, tint)


def _add_mouldings(builder, holes, style, detail) -> None:
    x0, x1, z0, z1 = holes.T
    trim = ("trim", style.trim_rgb)
    sill = np.stack([x0 - 0.07, x1 + 0.07, z0 - 0.07, z0], axis=1)
    builder.add(slabs(sill, -0.09, style.reveal_m), *trim)
    if style.has_surround:
        sides = [(x0 - 0.14, x0, z0, z1 + 0.16), (x1, x1 + 0.14, z0, z1 + 0.16)]
        if not style.arch_m:
            sides.append((x0, x1, z1, z1 + 0.16))
        rects = np.concatenate([np.stack(r, axis=1) for r in sides])
        builder.add(slabs(rects, -0.04, 0.02), *trim)
        hood = np.stack([x0 - 0.2, x1 + 0.2, z1 + 0.16, z1 + 0.23], axis=1)
        builder.add(slabs(hood, -0.12, 0.02), *trim)
    if style.arch_m and detail == 2:
        stone = (x0 + x1) / 2
        key = np.stack([stone - 0.1, stone + 0.1, z1 - 0.03, z1 + 0.24], axis=1)
        builder.add(slabs(key, -0.07, 0.05), *trim)
    if style.has_blind_boxes:
        cover = np.stack([x0, x1, z1 - 0.16, z1], axis=1)
        builder.add(
            slabs(cover, 0.0, style.reveal_m - 0.02), "metal_sheet", style.frame_rgb
        )


def _add_shutters(builder, holes, style, detail, rng) -> None:
    """Add folding shutters with laths; a few are closed over their window."""
    x0, x1, z0, z1 = holes.T
    half = np.minimum(0.48 * (x1 - x0), 0.55)
    left = np.stack([x0 - half, x0 - 0.01, z0, z1], axis=1)
    right = np.stack([x1 + 0.01, x1 + half, z0, z1], axis=1)
    # Hardly ever closed at both sides by day.
    closed = rng.random(len(holes)) < 0.12
    left[closed, :2] += half[closed, None]
    leaves = np.concatenate([left, right])
    builder.add(slabs(leaves, -0.05, -0.01), "painted", style.frame_rgb)
    if detail < 2:
        return
    shares = np.linspace(0.05, 0.95, 15)
    level = leaves[:, 2, None] + shares * (leaves[:, 3] - leaves[:, 2])[:, None]
    ends = [np.broadcast_to(leaves[:, n, None], level.shape) for n in (0, 1)]
    # Laths lean outwards at their lower edge.
    corners = [
        np.stack([end + inset, np.full_like(level, y), level + rise], axis=-1)
        for end, inset, y, rise in (
            (ends[0], 0.05, -0.075, -0.025),
            (ends[1], -0.05, -0.075, -0.025),
            (ends[1], -0.05, -0.05, 0.025),
            (ends[0], 0.05, -0.05, 0.025),
        )
    ]
    laths = np.stack(corners, axis=2).reshape(-1, 4, 3)
    builder.add(quads(laths), "painted", style.frame_rgb)
