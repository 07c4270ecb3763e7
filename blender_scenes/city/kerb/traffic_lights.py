"""Meshes of traffic lights at the kerb and on arms over the road; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.kerb.fixture_look import Look, Maker
from blender_scenes.city.kerb.signs import circle
from blender_scenes.city.shapes.mesh import MeshBuilder, placement
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import Shape, box, prism, tube

_Rgb = tuple[float, float, float]

_BLACK, _YELLOW = (0.02, 0.02, 0.02), (0.7, 0.42, 0.02)
_RED_LIT, _AMBER_LIT, _GREEN_LIT = (
    (0.9, 0.03, 0.02),
    (0.95, 0.4, 0.02),
    (0.03, 0.7, 0.25),
)
_LENS_RGB = ((0.06, 0.008, 0.006), (0.06, 0.03, 0.004), (0.006, 0.04, 0.016))
# By variant: red, green and amber for cars, and what people on foot then see.
_CARS = ((0, _RED_LIT), (2, _GREEN_LIT), (1, _AMBER_LIT))
_WALKERS = ((1, _GREEN_LIT), (0, _RED_LIT), (0, _RED_LIT))
_LENS_STEP_M = 0.28
_ARM_REACH_M, _ARM_HEIGHT_M = 4.4, 5.7


def _traffic_light(look: Look) -> list[Part]:
    """Return a mast with one head for cars, one for people."""
    mast, heads = MeshBuilder(), MeshBuilder()
    _add_mast(mast, 3.5)
    _add_head(heads, (0.0, -0.17, 2.65), 3, _CARS[look.variant])
    _add_walkers_head(heads, _WALKERS[look.variant])
    return [part("Pole", mast), part("TrafficLight", heads)]


def _mast_light(look: Look) -> list[Part]:
    """Return a mast whose arm reaches to -x, over the lanes, with two more heads."""
    mast, heads = MeshBuilder(), MeshBuilder()
    _add_mast(mast, 6.1, radius_m=0.11)
    turn = np.linspace(0.0, 1.0, 12)
    rise = 0.35 * np.sin(0.5 * np.pi * turn)
    arm = np.column_stack([-_ARM_REACH_M * turn, 0 * turn, _ARM_HEIGHT_M - 0.2 + rise])
    mast.add(tube(arm, np.linspace(0.07, 0.04, 12), sides=12), "cast_iron", smooth=True)
    stay = [(0, 0, 6.05), (-0.6 * _ARM_REACH_M, 0, _ARM_HEIGHT_M + 0.1)]
    mast.add(tube(stay, 0.008, sides=5), "steel")
    for x in (-0.97 * _ARM_REACH_M, -0.52 * _ARM_REACH_M):
        _add_head(
            heads, (x, -0.18, _ARM_HEIGHT_M - 0.55), 3, _CARS[look.variant], board=True
        )
    _add_head(heads, (0.0, -0.2, 2.65), 3, _CARS[look.variant])
    _add_walkers_head(heads, _WALKERS[look.variant])
    return [part("Pole", mast), part("TrafficLight", heads)]


def _add_walkers_head(builder: MeshBuilder, lit: tuple[int, _Rgb]) -> None:
    """Add a head that only those see who come across the road, from -x."""
    head = MeshBuilder()
    _add_head(head, (0.0, -0.17, 2.02), 2, lit)
    builder.add_mesh(head.mesh(), placement(heading_rad=-np.pi / 2))


def _add_mast(builder: MeshBuilder, height_m: float, *, radius_m: float = 0.07) -> None:
    stem = tube(
        [(0, 0, -0.01), (0, 0, 0.9), (0, 0, 0.92), (0, 0, height_m)],
        (1.15 * radius_m, 1.1 * radius_m, radius_m, 0.75 * radius_m),
        sides=14,
    )
    builder.add(stem, "cast_iron", smooth=True)
    builder.add(tube([(0, 0, -0.01), (0, 0, 0.03)], 0.2, sides=14), "cast_iron")
    button = box((-0.06, 0.06), (-0.05 - radius_m, -0.05), (0.95, 1.2))
    builder.add(button, "painted", _YELLOW)


def _add_head(
    builder: MeshBuilder,
    place: tuple[float, float, float],
    lenses: int,
    lit: tuple[int, _Rgb],
    *,
    board: bool = False,
) -> None:
    """Add a box of lenses from the top down, each under a visor."""
    x, y, z = place
    height = _LENS_STEP_M * lenses + 0.06
    shell = box((x - 0.15, x + 0.15), (y - 0.1, y + 0.1), (z, z + height))
    builder.add(shell, "painted", _BLACK)
    bracket = box((x - 0.03, x + 0.03), (y, 0.0), (z + 0.1, z + height - 0.1))
    builder.add(bracket, "painted", _BLACK)
    if board:
        # A dark board behind the lenses, so that drivers see them against the sky.
        for reach, rgb in ((0.3, (0.7, 0.7, 0.68)), (0.27, _BLACK)):
            depth = y + 0.05 - 0.004 * (reach < 0.3)
            sheet = box(
                (x - reach, x + reach),
                (depth, depth + 0.006),
                (z + 0.15 - reach, z + height - 0.15 + reach),
            )
            builder.add(sheet, "enamel", rgb)
    colours = _LENS_RGB if lenses == 3 else (_LENS_RGB[0], _LENS_RGB[2])
    for number in range(lenses):
        middle = z + height - 0.17 - _LENS_STEP_M * number
        outline = np.add(circle(0.105, 20), (x, middle))
        is_lit = number == lit[0]
        lens = prism(outline, y - 0.108, y - 0.1, axis="y")
        material = "signal" if is_lit else "plate"
        builder.add(lens, material, lit[1] if is_lit else colours[number])
        builder.add(_visor(x, y, middle), "painted", _BLACK)


def _visor(x: float, y: float, middle: float) -> Shape:
    """Return the open hood over one lens."""
    turn = np.linspace(-0.25, np.pi + 0.25, 12)
    rim = np.stack([x + 0.12 * np.cos(turn), middle + 0.12 * np.sin(turn)], axis=1)
    rings = [
        np.column_stack([rim[:, 0], np.full(12, y - depth), rim[:, 1]])
        for depth in (0.1, 0.28)
    ]
    index = np.arange(24).reshape(2, 12)
    faces = np.stack(
        [index[0, :-1], index[0, 1:], index[1, 1:], index[1, :-1]], axis=-1
    )
    return Shape(np.concatenate(rings), (faces,))


KINDS: dict[str, Maker] = {"traffic_light": _traffic_light, "mast_light": _mast_light}
