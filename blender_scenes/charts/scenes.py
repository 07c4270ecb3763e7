"""What stands in each chart: a list of surfaces, the same on every call.

Defocus and places in the picture are in the units of `surfaces`; a chart's depths
suit any lens, since only the surfaces' layout in depth was chosen for that one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from blender_scenes.charts.solids import ball, cube
from blender_scenes.charts.surfaces import (
    CHART_HEIGHT_PX,
    CHART_WIDTH_PX,
    Box,
    FloatArray,
    Surface,
    Tilt,
    patches,
    ribbon,
    sheet,
)
from blender_scenes.charts.textures import (
    BRIGHTEST,
    DARKEST,
    bricks,
    noise,
    patchwork,
)

Texture: TypeAlias = Callable[[np.random.Generator, tuple[int, int]], FloatArray]

HIGHLIGHT = 10.0  # ten times brighter than white
_BEYOND_PX = 120  # how far surfaces go on outside the picture, for its margin
_HALF_WIDTH, _HALF_HEIGHT = CHART_WIDTH_PX / 2, CHART_HEIGHT_PX / 2
_LEFT, _RIGHT = -_HALF_WIDTH - _BEYOND_PX, _HALF_WIDTH + _BEYOND_PX
_TOP, _BOTTOM = -_HALF_HEIGHT - _BEYOND_PX, _HALF_HEIGHT + _BEYOND_PX
_WHOLE = Box(_LEFT, _TOP, _RIGHT, _BOTTOM)


def chart_surfaces(name: str) -> list[Surface]:
    """Return what stands in the chart of that name (`names.CHART_NAMES`)."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return _CHARTS[name](rng)


def _plane(rng: np.random.Generator) -> list[Surface]:
    """Return one fronto-parallel plane."""
    return [_background(rng, Tilt(12.3))]


def _poles(rng: np.random.Generator) -> list[Surface]:
    """Return thin poles in front of, in and behind focus."""
    surfaces = [_background(rng, Tilt(14, 8, -3))]
    for number in range(16):
        top = -_HALF_HEIGHT - 60 if number % 3 else rng.uniform(-80, 40)
        rows = np.linspace(top, _HALF_HEIGHT + 60, 40)
        lean = rng.uniform(-25, 25) / CHART_HEIGHT_PX
        columns = -230 + 31 * number + rng.uniform(-8, 8) + lean * rows
        defocus = rng.uniform(-18, -6) if number % 4 else rng.uniform(-1, 4)
        first, second = rng.uniform(DARKEST, 0.95, (2, 3))
        is_second = (np.arange(40) // 3 % 2 * (number % 2))[:, None]
        surfaces.append(
            ribbon(
                np.stack([columns, rows], axis=1),
                rng.choice([1.5, 2, 3, 4, 6, 8]),
                defocus,
                np.where(is_second, second, first),
            )
        )
    return surfaces


def _rings(rng: np.random.Generator) -> list[Surface]:
    """Return rings at an angle, through one another."""
    surfaces = [_background(rng, Tilt(16, -6, 6))]
    turn = np.linspace(0, 2 * np.pi, 97)
    for _ in range(14):
        centre = rng.uniform((-230, -120), (230, 120))
        radius, lean = rng.uniform(15, 60), rng.uniform(0, 4)
        circle = np.stack([np.cos(turn), -np.sin(turn)], axis=1)
        share = 0.5 + 0.5 * np.sin(6 * turn)[:, None]
        first, second = rng.uniform(0.03, 0.95, (2, 3))
        surfaces.append(
            ribbon(
                centre + radius * circle,
                rng.uniform(2, 9),
                rng.uniform(-16, 8) + lean * np.sin(turn + rng.uniform(0, 6)),
                share * first + (1 - share) * second,
            )
        )
    return surfaces


def _grid(rng: np.random.Generator) -> list[Surface]:
    """Return a window grid before everything, a few bars in front of it."""
    surfaces = [_background(rng, Tilt(-1.5, 3, -1))]
    rows = np.linspace(-_HALF_HEIGHT - 60, _HALF_HEIGHT + 60, 30)
    for defocus, pitch, width, lean in ((-9.0, 23, 3.0, 0.0), (-18.0, 94, 6.0, 0.1)):
        for column in np.arange(-_HALF_WIDTH - 50, _HALF_WIDTH + 51, pitch):
            path = np.stack([column + lean * rows, rows], axis=1)
            slope = column / 200 + lean * rows / 8
            rgb = rng.uniform(0.03, 0.9, (30, 3))
            surfaces.append(ribbon(path, width, defocus + slope, rgb))
    columns = np.linspace(-_HALF_WIDTH - 60, _HALF_WIDTH + 60, 60)
    for row in np.arange(-_HALF_HEIGHT - 50, _HALF_HEIGHT + 51, 30):
        path = np.stack([columns, row + 0.05 * columns], axis=1)
        rgb = rng.uniform(0.03, 0.9, (60, 3))
        surfaces.append(ribbon(path, 2.0, -10 + columns / 200, rgb))
    return surfaces


def _fence(rng: np.random.Generator) -> list[Surface]:
    """Return a wire mesh in focus, cards and a background far behind it."""
    surfaces = [_background(rng, Tilt(17, 4, 2))]
    rows = np.linspace(-_HALF_HEIGHT - 60, _HALF_HEIGHT + 60, 50)
    for side in (-1, 1):
        for column in np.arange(-420, 421, 19):
            path = np.stack([column + side * rows, rows], axis=1)
            rgb = rng.uniform(0.3, 0.9, 3) * rng.uniform(0.7, 1, (50, 1))
            surfaces.append(ribbon(path, 1.8, 1 + 0.6 * side + rows / 90, rgb))
    for _ in range(7):
        left, top = rng.uniform((-220, -100), (220, 0))
        box = Box(left, top, left + rng.uniform(20, 60), rng.uniform(10, 120))
        tilt = Tilt(rng.uniform(6, 12), rng.uniform(-2, 2))
        surfaces.append(sheet(box, tilt, noise(rng, box.texels)))
    return surfaces


def _clutter(rng: np.random.Generator) -> list[Surface]:
    """Return leaves from focus to far behind it."""
    return [
        _background(rng, Tilt(19, 2, 1)),
        _leaves(rng, 700, (1, 16)),
        _leaves(rng, 60, (-1, 1), (10, 40)),
    ]


def _thicket(rng: np.random.Generator) -> list[Surface]:
    """Return leaves in front of, in and behind focus."""
    return [
        _background(rng, Tilt(16, 5, -2)),
        _leaves(rng, 350, (2, 13)),
        _leaves(rng, 250, (-16, -2)),
        _leaves(rng, 80, (-1, 2)),
    ]


def _highlights(rng: np.random.Generator) -> list[Surface]:
    """Return small lights on a background and on cards that hide some of them."""
    tilt = Tilt(15, 6, 3)
    places = rng.uniform((-270, -165), (270, 165), (60, 2))
    slope = places / (_RIGHT - _LEFT, _BOTTOM - _TOP) * (tilt.across, tilt.down)
    lights = _lights(rng, places, tilt.middle + slope.sum(axis=1) - 0.05, (1.5, 4))
    surfaces = [_background(rng, tilt), lights]
    for _ in range(9):
        left, top = rng.uniform((-220, -130), (200, 90))
        box = Box(left, top, left + rng.uniform(20, 70), top + rng.uniform(20, 80))
        defocus = rng.uniform(-15, 3)
        card = Tilt(defocus, rng.uniform(-2, 2))
        texture = 0.7 * noise(rng, box.texels)
        inside = rng.uniform((box.left, box.top), (box.right, box.bottom), (2, 2))
        nearer = np.full(2, defocus - 1.2)
        surfaces += [sheet(box, card, texture), _lights(rng, inside, nearer, (1.5, 3))]
    return surfaces


def _slant(rng: np.random.Generator) -> list[Surface]:
    """Return ground through focus, a wall at its end, boards that stand on it."""
    horizon, near_defocus, far_defocus = -40.0, -15.0, 20.0
    per_row = (near_defocus - far_defocus) / (_HALF_HEIGHT - horizon)
    ground = Box(_LEFT, horizon, _RIGHT, _BOTTOM)
    fall = per_row * (ground.bottom - ground.top)
    wall = Box(_LEFT, _TOP, _RIGHT, horizon + 4)
    surfaces = [
        sheet(wall, Tilt(far_defocus), bricks(rng, wall.texels)),
        sheet(
            ground,
            Tilt(far_defocus + fall / 2, 0, fall),
            patchwork(rng, ground.texels),
        ),
    ]
    for number in range(8):
        foot = rng.uniform(-20, 150)
        left = -210 + 55 * number + rng.uniform(-12, 12)
        box = Box(left, foot - rng.uniform(50, 120), left + rng.uniform(8, 36), foot)
        tilt = Tilt(far_defocus + per_row * (foot - horizon), rng.uniform(-1.5, 1.5))
        surfaces.append(sheet(box, tilt, noise(rng, box.texels)))
    return surfaces


def _stack(rng: np.random.Generator) -> list[Surface]:
    """Return cards at four depths before a background: up to five along a ray."""
    surfaces = [_background(rng, Tilt(18, 0, 2))]
    for defocus in (11, 3, -5, -13):
        for number in range(5):
            left, top = rng.uniform((-230, -140), (190, 100))
            box = Box(left, top, left + rng.uniform(25, 90), top + rng.uniform(25, 100))
            tilt = Tilt(defocus + 0.3 * number, *rng.uniform(-1, 1, 2))
            surfaces.append(sheet(box, tilt, patchwork(rng, box.texels)))
    return surfaces


def _solids(rng: np.random.Generator) -> list[Surface]:
    """Return balls and cubes on and above the ground, before a wall."""
    horizon, near_defocus, far_defocus = 30.0, -16.0, 14.0
    per_row = (near_defocus - far_defocus) / (_HALF_HEIGHT - horizon)
    ground = Box(_LEFT, horizon, _RIGHT, _BOTTOM)
    fall = per_row * (ground.bottom - ground.top)
    surfaces = [
        _background(rng, Tilt(16, -5, 4), bricks),
        sheet(ground, Tilt(far_defocus + fall / 2, 0, fall), noise(rng, ground.texels)),
    ]
    for _ in range(9):
        place = (*rng.uniform((-220, -90), (220, 90)), rng.uniform(-13, 11))
        surfaces.append(ball(rng, place, rng.uniform(12, 45)))
    for _ in range(5):
        place = (*rng.uniform((-220, -60), (220, 110)), rng.uniform(-14, 8))
        surfaces += cube(rng, place, rng.uniform(10, 30))
    return surfaces


_CHARTS: dict[str, Callable[[np.random.Generator], list[Surface]]] = {
    "plane": _plane,
    "poles": _poles,
    "rings": _rings,
    "grid": _grid,
    "fence": _fence,
    "clutter": _clutter,
    "thicket": _thicket,
    "highlights": _highlights,
    "slant": _slant,
    "stack": _stack,
    "solids": _solids,
}


def _background(
    rng: np.random.Generator, tilt: Tilt, texture: Texture = patchwork
) -> Surface:
    """Return a plane behind the picture and its margin."""
    return sheet(_WHOLE, tilt, texture(rng, _WHOLE.texels))


def _leaves(
    rng: np.random.Generator,
    count: int,
    defocus: tuple[float, float],
    length_px: tuple[float, float] = (3, 20),
) -> Surface:
    """Return leaves of all sizes in that range, turned and leaning at random."""
    centre = rng.uniform(-1, 1, (count, 2)) * (280, 175)
    shortest, longest = np.log(length_px)
    length = np.exp(rng.uniform(shortest, longest, count))
    half_sides = np.stack([length, length * rng.uniform(0.35, 0.7, count)], 1) / 2
    green = rng.uniform((0.05, 0.1, 0.02), (0.5, 0.8, 0.3), (count, 3))
    shade = rng.uniform(0.5, 1.2, (count, 4, 1))
    return patches(
        centre,
        half_sides,
        rng.uniform(*defocus, count),
        np.clip(green[:, None] * shade, DARKEST, BRIGHTEST),
        turn_rad=rng.uniform(0, np.pi, count),
        lean_px=rng.uniform(-0.05, 0.05, (count, 2)) * length[:, None],
    )


def _lights(
    rng: np.random.Generator,
    places: FloatArray,
    defocus: FloatArray,
    size_px: tuple[float, float],
) -> Surface:
    """Return small squares, much brighter than white."""
    half_side = rng.uniform(*size_px, (len(places), 1)) / 2
    rgb = HIGHLIGHT * rng.uniform((0.6, 0.5, 0.3), (1, 1, 1), (len(places), 3))
    return patches(
        places,
        np.repeat(half_side, 2, axis=1),
        defocus,
        np.repeat(rgb[:, None], 4, axis=1),
    )
