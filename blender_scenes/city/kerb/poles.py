"""Meshes of street lamps, utility poles, bollards and clocks; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.signs import circle
from blender_scenes.city.shapes.mesh import MeshBuilder, placement
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import box, boxes, ellipsoid, joined, prism, tube
from blender_scenes.city.shapes.strands import rods

UTILITY_POLE_TOP_M = 7.6
_CROSSARM_M = 0.75
# Lens centres of the designs, in the lamp's own axes.
_LAMP_HEADS_M = ((0.0, -2.12, 7.1), (0.0, -1.5, 7.75), (0.0, 0.0, 3.87))


def lamp_head_m(variant: int) -> tuple[float, float, float]:
    """Return where a street lamp's light comes from, in the lamp's own axes.

    It shines down; 0 and 1 stand at the kerb and reach over the road towards -y,
    2 is a lantern that shines to all sides.
    """
    return _LAMP_HEADS_M[variant]


def utility_pole_wires_m() -> tuple[tuple[float, float, float], ...]:
    """Return where the wires of a utility pole are fixed, in its own axes."""
    places = (-_CROSSARM_M, -0.35, 0.35, _CROSSARM_M)
    return tuple((x, 0.0, UTILITY_POLE_TOP_M - 0.2) for x in places)


def _lamp(look: Look) -> list[Part]:
    """Return a lamp with a curved arm, with a straight flat head, or a lantern."""
    builder = MeshBuilder()
    builder.add(tube([(0, 0, -0.01), (0, 0, 0.06)], 0.17, sides=14), "cast_iron")
    (_add_curved_lamp, _add_flat_lamp, _add_lantern)[look.variant](builder)
    return [part("Pole", builder)]


def _add_mast(builder: MeshBuilder, height_m: float) -> None:
    path = [(0, 0, 0), (0, 0, 0.9), (0, 0, 0.95), (0, 0, height_m)]
    mast = tube(path, (0.1, 0.095, 0.07, 0.05), sides=14)
    builder.add(mast, "steel", smooth=True)
    builder.add(box((-0.045, 0.045), (-0.105, -0.06), (0.35, 0.75)), "cast_iron")
    for z in (1.9, 2.25):
        builder.add(tube([(0, 0, z), (0, 0, z + 0.02)], 0.075, sides=14), "steel")
    sticker = box((-0.035, 0.035), (-0.082, -0.066), (1.5, 1.62))
    builder.add(sticker, "print_sheet", (0.6, 0.5, 0.1))


def _add_curved_lamp(builder: MeshBuilder) -> None:
    _, y, z = _LAMP_HEADS_M[0]
    _add_mast(builder, z - 0.9)
    turn = np.linspace(0.0, np.pi / 2, 9)
    tip = y + 0.32
    arm = np.column_stack([0 * turn, tip * (1 - np.cos(turn)), z - 0.9 + np.sin(turn)])
    builder.add(tube(arm, np.linspace(0.05, 0.032, 9), sides=10), "steel", smooth=True)
    along = ((0.1, 0.1), (-0.15, 0.12), (-0.5, 0.11), (-0.62, 0.1))
    head = [(0, tip + dy, z + dz) for dy, dz in along]
    shell = tube(head, (0.04, 0.11, 0.13, 0.05), sides=12)
    builder.add(shell, "metal_sheet", smooth=True)
    builder.add(boxes((0, y, z), (0.17, 0.42, 0.06)), "lamp_white")


def _add_flat_lamp(builder: MeshBuilder) -> None:
    _, y, z = _LAMP_HEADS_M[1]
    _add_mast(builder, z - 0.15)
    arm = [(0, 0, z - 0.2), (0, y + 0.3, z + 0.06)]
    builder.add(tube(arm, 0.028, sides=8), "steel", smooth=True)
    fins = [(0, y + 0.05 * n, z + 0.085) for n in range(-5, 6)]
    builder.add(boxes((0, y, z + 0.045), (0.3, 0.72, 0.06)), "metal_sheet")
    builder.add(boxes(fins, (0.26, 0.012, 0.04)), "metal_sheet")
    builder.add(boxes((0, y, z), (0.24, 0.5, 0.03)), "lamp_white")
    _add_flag(builder)


def _add_flag(builder: MeshBuilder) -> None:
    """Hang a banner on the mast."""
    for z in (3.4, 4.9):
        builder.add(tube([(0, 0, z), (0.75, 0, z)], 0.014, sides=6), "steel")
    sheet = box((0.1, 0.72), (-0.004, 0.004), (3.42, 4.88))
    builder.add(sheet, "cloth", (0.3, 0.06, 0.05))
    for number, rgb in enumerate(
        ((0.6, 0.55, 0.4), (0.05, 0.08, 0.25), (0.65, 0.3, 0.04))
    ):
        figure = np.add(circle(0.2 - 0.055 * number, 20), (0.41, 4.3 - 0.02 * number))
        reach = 0.006 + 0.002 * number
        builder.add(prism(figure, -reach, reach, axis="y"), "cloth", rgb)
    stripes = [(0.41, 0.0, z) for z in (3.62, 3.72, 3.82)]
    builder.add(boxes(stripes, (0.46, 0.012, 0.04)), "cloth", (0.6, 0.55, 0.4))


def _add_lantern(builder: MeshBuilder) -> None:
    """Add a cast column with six panes of glass under a tin roof."""
    tint = (0.7, 0.9, 0.75)
    rings = (
        (0.0, 0.15), (0.25, 0.14), (0.3, 0.1), (0.8, 0.085), (0.86, 0.11), (0.92, 0.07),
        (2.7, 0.045), (2.76, 0.075), (2.82, 0.045), (3.45, 0.036),
        (3.5, 0.08), (3.56, 0.06),
    )  # fmt: skip
    column = tube([(0, 0, z) for z, _ in rings], [r for _, r in rings], sides=16)
    builder.add(column, "cast_iron", tint, smooth=True)
    builder.add(
        tube([(-0.28, 0, 2.95), (0.28, 0, 2.95)], 0.016, sides=8), "cast_iron", tint
    )
    glass = tube([(0, 0, 3.6), (0, 0, 4.1)], (0.11, 0.2), sides=6)
    builder.add(glass, "lamp_white")
    low, high = (
        np.insert(circle(r, 6), 2, z, axis=1) for r, z in ((0.115, 3.58), (0.205, 4.12))
    )
    # `tube` along z starts its ring elsewhere than `circle`: the bars follow it.
    turn = placement(heading_rad=np.pi / 2)[:3, :3]
    builder.add(rods(low @ turn.T, high @ turn.T, 0.012, sides=6), "cast_iron", tint)
    roof = [(0, 0, z) for z in (4.1, 4.14, 4.34, 4.38, 4.42, 4.5)]
    builder.add(
        tube(roof, (0.22, 0.26, 0.08, 0.05, 0.06, 0.01), sides=12), "cast_iron", tint
    )


def _utility_pole(look: Look) -> list[Part]:
    """Return a pole with a cross-arm and insulators: timber, with a drum, concrete."""
    builder = MeshBuilder()
    top = UTILITY_POLE_TOP_M
    stem = tube([(0, 0, -0.01), (0, 0, 2.0), (0, 0, top)], (0.16, 0.145, 0.1), sides=14)
    if look.variant == 2:
        builder.add(stem, "garden_concrete", (0.42, 0.41, 0.38), smooth=True)
    else:
        builder.add(stem, "timber", (0.62, 0.55, 0.5), smooth=True)
    arm = box(
        (-_CROSSARM_M - 0.15, _CROSSARM_M + 0.15),
        (-0.16, -0.06),
        (top - 0.5, top - 0.38),
    )
    builder.add(arm, "timber", (0.6, 0.55, 0.5))
    braces = rods(
        [(-0.5, -0.11, top - 0.42), (0.5, -0.11, top - 0.42)],
        [(0, -0.1, top - 0.95)] * 2,
        0.014,
    )
    builder.add(braces, "steel")
    for x, y, z in utility_pole_wires_m():
        _add_insulator(builder, x, y, z)
    if look.variant == 1:
        drum = tube(
            [(0, 0.36, z) for z in (5.3, 5.34, 6.1, 6.16)],
            (0.2, 0.24, 0.24, 0.15),
            sides=16,
        )
        builder.add(drum, "painted", (0.25, 0.27, 0.27), smooth=True)
        builder.add(box((-0.05, 0.05), (0.08, 0.2), (5.5, 5.9)), "steel")
    steps = [
        (s * 0.13, 0.0, z)
        for z, s in zip(np.arange(3.0, 7.0, 0.4), (1, -1) * 5, strict=True)
    ]
    builder.add(boxes(steps, (0.16, 0.016, 0.016)), "steel")
    builder.add(
        tube([(0.1, -0.12, 0.0), (0.09, -0.1, 5.0)], 0.02, sides=6),
        "plastic",
        (0.05, 0.05, 0.05),
    )
    builder.add(
        box((-0.08, 0.08), (-0.16, -0.13), (1.6, 1.72)), "enamel", (0.7, 0.5, 0.03)
    )
    return [part("Pole", builder)]


def _add_insulator(builder: MeshBuilder, x: float, y: float, z: float) -> None:
    """Add a ribbed bell below the wire at (x, y, z), and the pin that holds it."""
    builder.add(
        tube([(x, y - 0.05, z - 0.3), (x, y, z - 0.1)], 0.012, sides=6), "steel"
    )
    heights = (-0.16, -0.13, -0.12, -0.09, -0.08, -0.05, -0.04, 0.0)
    radii = (0.03, 0.055, 0.03, 0.05, 0.028, 0.042, 0.02, 0.026)
    bell = tube([(x, y, z + h) for h in heights], radii, sides=12)
    builder.add(bell, "enamel", (0.5, 0.46, 0.4), smooth=True)


def _bollards(look: Look) -> list[Part]:
    """Return four posts: cast iron, slim steel with a band, or stone balls."""
    parts = []
    for x in (-2.1, -0.7, 0.7, 2.1):
        builder = MeshBuilder()
        if look.variant == 2:
            rings = [(x, 0, z) for z in (-0.01, 0.06, 0.07, 0.3, 0.34)]
            stem = tube(rings, (0.19, 0.19, 0.14, 0.12, 0.16), sides=16)
            builder.add(stem, "garden_concrete", (0.42, 0.4, 0.37), smooth=True)
            ball = ellipsoid((x, 0, 0.52), (0.2, 0.2, 0.2))
            builder.add(ball, "garden_concrete", (0.42, 0.4, 0.37), smooth=True)
        else:
            rings = [(x, 0, z) for z in (-0.01, 0.05, 0.7, 0.74, 0.8, 0.92)]
            stem = tube(rings, (0.085, 0.06, 0.052, 0.07, 0.06, 0.03), sides=14)
            builder.add(stem, "cast_iron", smooth=True)
            band = tube([(x, 0, 0.6), (x, 0, 0.68)], 0.058, sides=14)
            rgb = (0.7, 0.7, 0.68) if look.variant else (0.5, 0.03, 0.02)
            builder.add(band, "enamel", rgb)
        parts.append(part("Pole", builder))
    return parts


def _clock(look: Look) -> list[Part]:
    """Return a public clock with two faces on a column."""
    builder = MeshBuilder()
    tint = ((0.6, 0.9, 0.7), (0.8, 0.8, 0.9), (1.0, 1.0, 1.0))[look.variant]
    rings = (
        (-0.01, 0.2), (0.3, 0.19), (0.36, 0.12), (1.1, 0.1), (1.16, 0.13),
        (1.22, 0.075), (2.75, 0.05), (2.8, 0.1), (2.86, 0.06),
    )  # fmt: skip
    column = tube([(0, 0, z) for z, _ in rings], [r for _, r in rings], sides=18)
    builder.add(column, "cast_iron", tint, smooth=True)
    center = 3.2
    builder.add(
        prism(np.add(circle(0.4, 40), (0, center)), -0.11, 0.11, axis="y"),
        "cast_iron",
        tint,
    )
    minute = float(look.rng.uniform(0.0, 2 * np.pi))
    hour = float(look.rng.integers(12)) * np.pi / 6 + minute / 12
    face = MeshBuilder()
    face.add(
        prism(np.add(circle(0.35, 40), (0, center)), -0.115, -0.11, axis="y"),
        "enamel",
        (0.75, 0.74, 0.7),
    )
    marks = []
    for number in range(12):
        length = 0.09 if number % 3 == 0 else 0.05
        marks.append(
            _hand(number * np.pi / 6, 0.325 - length, 0.325, 0.012, center, 0.117)
        )
    marks.append(_hand(hour, -0.05, 0.19, 0.016, center, 0.12))
    marks.append(_hand(minute, -0.06, 0.29, 0.011, center, 0.124))
    face.add(joined(marks), "enamel", (0.02, 0.02, 0.02))
    for heading in (0.0, np.pi):
        builder.add_mesh(face.mesh(), placement(heading_rad=heading))
    builder.add(
        tube([(0, 0, 3.6), (0, 0, 3.66), (0, 0, 3.8)], (0.05, 0.06, 0.006)),
        "cast_iron",
        tint,
    )
    return [part("Pole", builder)]


def _hand(turn_rad: float, low: float, high: float, half: float, z: float, y: float):
    """Return a bar on a clock's face, from ``low`` to ``high`` from its centre."""
    along = np.array((np.sin(turn_rad), np.cos(turn_rad)))
    across = half * np.array((along[1], -along[0]))
    a, b = low * along, high * along
    corners = (a + across, b + across, b - across, a - across)
    outline = np.add(corners, (0.0, z))
    return prism(outline, -y - 0.003, -y, axis="y")


KINDS: dict[str, Maker] = {
    "lamp": _lamp,
    "utility_pole": _utility_pole,
    "bollards": _bollards,
    "clock": _clock,
}
