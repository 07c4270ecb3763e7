"""Shopfronts: window, door, fascia with a name, awning, hanging sign; no bpy.

Façade axes as in `openings.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_scenes.city.buildings.displays import add_display, display_kinds
from blender_scenes.city.buildings.facade_grammar import (
    Part,
    Rectangle,
    Rule,
    column,
    row,
    zones,
)
from blender_scenes.city.buildings.openings import add_frames, reveals, slabs, upright
from blender_scenes.city.shapes.alphabet import (
    flat_text,
    invented_name,
    raised_text,
    text_strokes,
    text_width_m,
)
from blender_scenes.city.shapes.mesh import MeshBuilder, placement
from blender_scenes.city.shapes.shapes import Shape, boxes, quads, tube

Rgb = tuple[float, float, float]

SHOP_RGB = (
    (0.02, 0.05, 0.035), (0.16, 0.02, 0.02), (0.02, 0.03, 0.09), (0.4, 0.36, 0.28),
    (0.03, 0.03, 0.03), (0.3, 0.16, 0.03), (0.06, 0.14, 0.15), (0.5, 0.5, 0.48),
    (0.25, 0.27, 0.2), (0.12, 0.05, 0.1), (0.42, 0.3, 0.06),
)  # fmt: skip
# What shops call themselves, by what is in their window.
_TRADES = {
    "grocery": ("FRUIT", "MARKET", "CHEESE", "BAKERY", "FISH", "DELI"),
    "books": ("BOOKS", "PAPER", "MUSIC", "PRINT", "MAPS"),
    "wine": ("WINE", "TEA", "OILS", "PHARMACY", "BEER"),
    "household": ("LAMPS", "TOYS", "POTS", "GIFTS", "TOOLS", "RADIO"),
    "clothes": ("TAILOR", "SHOES", "HATS", "FASHION", "BRIDAL", "OPTICIAN"),
    "cafe": ("CAFE", "GRILL", "PIZZA", "NOODLES", "BAR", "BISTRO", "BARBER"),
    "flowers": ("FLOWERS", "GARDEN", "ROSES"),
    "closed": ("KEYS", "BIKES", "LAUNDRY", "GALLERY", "YOGA"),
}
_NEON_RGB = ((1.0, 0.12, 0.1), (0.1, 0.5, 1.0), (0.2, 1.0, 0.4), (1.0, 0.35, 0.8))
_REVEAL_M = 0.22
_DOOR_WIDTH_M = 1.05
_FASCIA_M = 0.95


@dataclass(frozen=True)
class Shop:
    """One shop.

    Parameters
    ----------
    name : str
        What the fascia says, capitals.
    kind : str
        One of `displays.display_kinds()`, or "closed" behind a roller shutter.
    paint_rgb, ink_rgb : tuple of float
        Linear colours of the woodwork and of the letters.
    sign : str
        "painted", "lit" letters, a glowing "box" or "neon".
    riser_m : float
        Height of the wall below the window.
    has_door_left, has_awning, has_hanging_sign : bool
    seed : int
        Of what is in the window.
    """

    name: str
    kind: str
    paint_rgb: Rgb
    ink_rgb: Rgb
    sign: str
    riser_m: float
    has_door_left: bool
    has_awning: bool
    has_hanging_sign: bool
    seed: int


def shop_random(rng: np.random.Generator) -> Shop:
    """Draw a shop."""
    paint = SHOP_RGB[rng.integers(len(SHOP_RGB))]
    sign = str(rng.choice(["painted", "lit", "box", "neon"], p=(0.4, 0.3, 0.2, 0.1)))
    ink = (0.75, 0.7, 0.55) if np.mean(paint) < 0.2 else (0.03, 0.03, 0.04)
    if sign == "neon":
        ink = _NEON_RGB[rng.integers(len(_NEON_RGB))]
    kind = "closed" if rng.random() < 0.1 else str(rng.choice(display_kinds()))
    trade, name = str(rng.choice(_TRADES[kind])), invented_name(rng)
    names = (trade, f"{name} {trade}", name)
    return Shop(
        name=names[int(rng.choice(3, p=(0.5, 0.3, 0.2)))],
        kind=kind,
        paint_rgb=paint,
        ink_rgb=ink,
        sign=sign,
        riser_m=float(rng.uniform(0.25, 0.6)),
        has_door_left=bool(rng.random() < 0.5),
        has_awning=bool(rng.random() < 0.4),
        has_hanging_sign=bool(rng.random() < 0.5),
        seed=int(rng.integers(2**31)),
    )


def shop_rule(shop: Shop, height_m: float) -> Rule:
    """Return how a shopfront is cut: "shop_wall", "display", "entrance", "fascia"."""
    display = column(
        Part(shop.riser_m, "shop_wall"), Part(1.0, "display", stretches=True)
    )
    parts = [
        Part(0.24, "shop_wall"),
        Part(_DOOR_WIDTH_M, "entrance"),
        Part(0.12, "shop_wall"),
        Part(1.0, display, stretches=True),
        Part(0.24, "shop_wall"),
    ]
    front = row(*(parts if shop.has_door_left else parts[::-1]))
    return column(Part(height_m - _FASCIA_M, front), Part(_FASCIA_M, "fascia"))


def add_shop(builder: MeshBuilder, area: Rectangle, shop: Shop, detail: int) -> None:
    """Fill a zone of the ground floor with a shop."""
    rng = np.random.default_rng([shop.seed, 7])
    cut = zones(shop_rule(shop, area[3] - area[2]), area)
    paint = np.array(shop.paint_rgb)
    solid = np.concatenate([cut["shop_wall"], cut["fascia"]])
    holes = np.concatenate([cut["display"], cut["entrance"]])
    if detail == 0:
        builder.add(upright(np.array([area]), 0.0), "painted", paint)
        builder.add(upright(holes, -0.02), "shop_display", rng.uniform(0.6, 1.3, 3))
    else:
        builder.add(upright(solid, 0.0), "painted", paint)
        builder.add(reveals(holes, _REVEAL_M), "painted", paint)
        _add_window(builder, cut["display"], shop, detail, rng)
        _add_door(builder, cut["entrance"][0], shop, detail, rng)
    _add_fascia(builder, tuple(cut["fascia"][0]), shop, detail)
    left, right, _, top = area
    head = top - _FASCIA_M
    if shop.has_awning:
        _add_awning(builder, left + 0.15, right - 0.15, head - 0.05, paint, rng)
    elif shop.has_hanging_sign and detail:
        _add_hanging_sign(builder, right - 0.12, head + 0.3, shop, detail)
    if detail:
        piers = np.array(
            [(left, left + 0.24, 0.0, head), (right - 0.24, right, 0.0, head)]
        )
        builder.add(slabs(piers, -0.05, 0.02), "painted", paint * 1.2)
        builder.add(slabs(np.array([[left, right, 0.0, 0.14]]), -0.06, 0.02), "stone")


def _add_window(builder, hole, shop: Shop, detail: int, rng) -> None:
    frame = tuple(np.array(shop.paint_rgb) * 0.8)
    x0, x1, z0, _ = hole[0]
    if shop.kind == "closed":
        _add_roller_shutter(builder, hole[0], detail, rng)
        return
    if detail == 2:
        add_display(builder, hole[0], _REVEAL_M, shop.kind, rng)
    else:
        hue = rng.uniform(0.6, 1.3, 3)
        builder.add(upright(hole, _REVEAL_M), "shop_display", hue)
    add_frames(
        builder,
        hole,
        _REVEAL_M,
        frame,
        panes_across=max(1, round((x1 - x0) / 1.6)),
        has_transom=bool(rng.random() < 0.4),
        thickness_m=0.06,
        is_flat=detail < 2,
    )
    for _ in range(int(rng.integers(0, 3))):
        size = rng.uniform(0.3, 0.6)
        x = rng.uniform(x0 + 0.1, max(x1 - size - 0.1, x0 + 0.2))
        z = rng.uniform(z0 + 0.1, z0 + 0.8)
        sheet = np.array([[x, x + size, z, z + 1.3 * size]])
        hue = rng.uniform(0.2, 0.8, 3)
        builder.add(upright(sheet, _REVEAL_M - 0.01), "poster", hue)
        word = shop.name.split()[0][:7] if rng.random() < 0.5 else "SALE"
        height = min(0.12, 0.8 * size / text_width_m(word, 1.0))
        text = text_strokes(word, height, weight=0.18)
        corner = (x + size / 2 - text_width_m(word, height) / 2, z + 0.9 * size)
        printed = flat_text(text, corner, _REVEAL_M - 0.014)
        builder.add(printed, "painted", (0.75, 0.05, 0.04))


def _add_roller_shutter(builder, hole, detail: int, rng) -> None:
    """Close the window with slats, often with a word sprayed over them."""
    x0, x1, z0, z1 = hole
    tone = np.full(3, rng.uniform(0.5, 1.2))
    builder.add(upright(hole[None], _REVEAL_M), "metal_sheet", tone)
    if detail == 2:
        levels = np.arange(z0, z1 - 0.05, 0.09)
        count = np.ones(len(levels))
        slats = np.stack([x0 * count, x1 * count, levels, levels + 0.075], axis=1)
        builder.add(slabs(slats, _REVEAL_M - 0.025, _REVEAL_M), "metal_sheet", tone)
    word = "".join(rng.choice(list("AEKMNORSTXZ"), 5))
    height = min(0.75, 0.85 * (x1 - x0) / text_width_m(word, 1.0))
    strokes = text_strokes(word, height, weight=0.2)
    # Sprayed by hand: every stroke a little off.
    strokes += rng.normal(0.0, 0.03, (len(strokes), 1, 2))
    hue = rng.uniform(0.02, 0.6, 3)
    sprayed = flat_text(strokes, (x0 + 0.1, z0 + 0.3), _REVEAL_M - 0.03)
    builder.add(sprayed, "painted", hue)


def _add_door(builder, hole, shop: Shop, detail: int, rng) -> None:
    x0, x1, z0, z1 = hole
    colour = np.array(shop.paint_rgb)
    material = "shop_glass" if shop.kind != "closed" else "glass"
    builder.add(upright(hole[None], _REVEAL_M), material)
    door = np.array([[x0, x1, z0, min(z1, 2.25)]])
    add_frames(builder, door, _REVEAL_M, tuple(colour), panes_across=1, thickness_m=0.1)
    panel = np.array([[x0 + 0.1, x1 - 0.1, z0 + 0.1, z0 + rng.uniform(0.3, 0.9)]])
    builder.add(slabs(panel, _REVEAL_M - 0.05, _REVEAL_M), "painted", colour)
    if detail < 2:
        return
    handle = [(x0 + 0.16, _REVEAL_M - 0.1, z) for z in (0.95, 1.45)]
    builder.add(tube(handle, 0.015, sides=6), "steel")
    sheet = np.array([[x1 - 0.48, x1 - 0.14, 1.35, 1.62]])
    builder.add(upright(sheet, _REVEAL_M - 0.012), "painted", (0.7, 0.7, 0.66))
    opens, closes = rng.integers(7, 11), rng.integers(17, 22)
    for line, text in enumerate(("OPEN", f"{opens} TO {closes}", "MON TO SAT")):
        strokes = text_strokes(text, 0.042, weight=0.16)
        printed = flat_text(
            strokes, (x1 - 0.46, 1.54 - 0.075 * line), _REVEAL_M - 0.015
        )
        builder.add(printed, "painted", (0.04, 0.04, 0.05))


def _add_fascia(builder, area: Rectangle, shop: Shop, detail: int) -> None:
    """Add the sign board with its name and a small cornice."""
    left, right, low, high = area
    low, high = low + 0.12, high - 0.16
    board = np.array([[left + 0.06, right - 0.06, low, high]])
    is_box = shop.sign == "box"
    back = np.clip(np.array(shop.paint_rgb) * 2.5 + 0.1, 0.0, 0.8)
    builder.add(
        slabs(board, -0.16 if is_box else -0.1, 0.0),
        "sign_lit" if is_box else "painted",
        back if is_box else np.array(shop.paint_rgb) * 0.9,
    )
    builder.add(
        slabs(np.array([[left, right, high, high + 0.08]]), -0.2, 0.0),
        "trim",
        (0.5, 0.48, 0.44),
    )
    height = min(0.36, 0.85 * (right - left - 0.4) / text_width_m(shop.name, 1.0))
    strokes = text_strokes(shop.name, height)
    corner = (
        (left + right) / 2 - text_width_m(shop.name, height) / 2,
        (low + high) / 2 - height / 2,
    )
    front = -0.16 if is_box else -0.1
    ink = (0.02, 0.02, 0.03) if is_box else shop.ink_rgb
    material = {"lit": "sign_lit", "neon": "neon"}.get(shop.sign, "painted")
    if detail < 2:
        builder.add(flat_text(strokes, corner, front - 0.01), material, ink)
    else:
        letters = raised_text(strokes, corner, (front - 0.03, front))
        builder.add(letters, material, ink)


def _add_awning(builder, left, right, top, colour, rng) -> None:
    """Add a striped awning with a valance and its arms."""
    reach, drop = rng.uniform(0.9, 1.4), rng.uniform(0.45, 0.7)
    stripes = max(4, int((right - left) / 0.3))
    x = np.linspace(left, right, stripes + 1)
    pale = np.array([0.7, 0.68, 0.62])
    cloth = np.where(np.arange(stripes)[:, None] % 2 == 0, pale, colour * 1.6 + 0.03)
    levels = ((-0.1, top), (-reach, top - drop), (-reach, top - drop - 0.2))
    for (y0, z0), (y1, z1), shade in (
        (levels[0], levels[1], 1.0),
        (levels[1], levels[2], 0.9),
    ):
        corners = [
            np.stack([edge, np.full(stripes, y), np.full(stripes, z)], -1)
            for edge, y, z in (
                (x[:-1], y1, z1), (x[1:], y1, z1), (x[1:], y0, z0), (x[:-1], y0, z0),
            )
        ]  # fmt: skip
        builder.add(quads(np.stack(corners, axis=1)), "cloth", cloth * shade)
    for arm in (left + 0.05, right - 0.05):
        path = [(arm, -0.05, top - drop), (arm, -reach + 0.02, top - drop - 0.02)]
        builder.add(tube(path, 0.015, sides=6), "steel")


def _add_hanging_sign(builder, x, z, shop: Shop, detail: int) -> None:
    """Add a board on a bracket that stands out from the wall, a word on both sides."""
    bracket = [(x, 0.0, z + 0.36), (x, -0.95, z + 0.36)]
    builder.add(tube(bracket, 0.018, sides=6), "steel")
    builder.add(boxes((x, -0.58, z), (0.08, 0.62, 0.62)), "painted", shop.paint_rgb)
    word = min(shop.name.split(), key=len)
    height = min(0.2, 0.5 / text_width_m(word, 1.0))
    strokes = text_strokes(word, height, weight=0.16)
    material = "neon" if shop.sign == "neon" else "sign_lit"
    corner = (-text_width_m(word, height) / 2, -height / 2)
    for side in (-1, 1):
        text = MeshBuilder()
        text.add(flat_text(strokes, corner, -0.045), material, shop.ink_rgb)
        motion = placement(x, -0.58, z, heading_rad=side * np.pi / 2)
        builder.add_mesh(text.mesh(), motion)


def house_number(number: int, corner_m: tuple[float, float], y_m: float) -> Shape:
    """Return the strokes of a house number plate's digits, 9 cm high."""
    return flat_text(text_strokes(str(number), 0.09, weight=0.18), corner_m, y_m)
