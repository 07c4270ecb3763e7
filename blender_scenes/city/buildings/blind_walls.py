"""What shows on party walls above lower neighbours: flues and faded adverts; no bpy.

Façade axes as in `openings.py`.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.buildings.interiors import dyed
from blender_scenes.city.buildings.openings import slabs, upright
from blender_scenes.city.shapes.alphabet import (
    flat_text,
    invented_name,
    text_strokes,
    text_width_m,
)
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import bars

_ADVERTISED = ("SOAP", "TYRES", "COCOA", "PAINT", "TEA", "PIANOS", "SHOES", "MUSTARD")


def add_flues(
    builder: MeshBuilder,
    width_m: float,
    eaves_m: float,
    wall: tuple[str, tuple[float, float, float]],
    rng: np.random.Generator,
) -> None:
    """Add chimney breasts, tie plates and the line of a roof that once leaned here."""
    for share in rng.uniform(-0.4, 0.4, int(rng.integers(1, 3))):
        x, half = share * width_m, rng.uniform(0.35, 0.6)
        breast = np.array([[x - half, x + half, 0.0, eaves_m]])
        builder.add(slabs(breast, -0.13, 0.01), *wall)
    ends = np.linspace(-0.42, 0.42, 5) * width_m
    for level in np.arange(3.2, eaves_m - 0.5, 3.0):
        plates = np.stack(
            [ends - 0.12, ends + 0.12, 0 * ends + level, 0 * ends + level + 0.24],
            axis=1,
        )
        builder.add(slabs(plates, -0.03, 0.0), "cast_iron")
    low, ridge = rng.uniform(0.4, 0.6) * eaves_m, rng.uniform(0.7, 0.9) * eaves_m
    foot = [(-0.48 * width_m, -0.02, low), (0.48 * width_m, -0.02, low)]
    scar = bars(foot, [(0.0, -0.02, ridge)] * 2, 0.07, sides=4)
    builder.add(scar, "roof_felt")


def add_wall_advert(
    builder: MeshBuilder,
    width_m: float,
    eaves_m: float,
    rng: np.random.Generator,
) -> None:
    """Paint a faded advert high on a blind wall centred on x = 0."""
    words = [invented_name(rng), str(rng.choice(_ADVERTISED))]
    high = min(1.5, 0.75 * width_m / max(text_width_m(word, 1.0) for word in words))
    board = dyed(rng, 1)[0] + 0.05
    top = eaves_m - rng.uniform(0.5, 1.2)
    low = top - 3.2 * high
    wide = 0.86 * width_m
    if low < 2.0:
        return
    area = np.array([[-wide / 2, wide / 2, low, top]])
    builder.add(upright(area, -0.006), "faded_paint", board)
    ink = np.clip(0.75 - board, 0.05, 0.75)
    for line, word in enumerate(words):
        strokes = text_strokes(str(word), high, weight=0.17)
        corner = (-text_width_m(str(word), high) / 2, top - (1.35 + 1.4 * line) * high)
        builder.add(flat_text(strokes, corner, -0.01), "faded_paint", ink)
