"""What stands out of a façade by design: cornices, quoins, fins, timber; no bpy.

Façade axes as in `openings.py`.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.buildings.facade_grammar import Rectangles
from blender_scenes.city.buildings.facade_styles import FacadeStyle
from blender_scenes.city.buildings.openings import slabs
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape

_TIMBER_RGB = (0.055, 0.035, 0.022)
_BEAM_M = 0.15


def add_ornaments(
    builder: MeshBuilder,
    style: FacadeStyle,
    width_m: float,
    floors: int,
    cut: dict[str, Rectangles],
    detail: int,
) -> None:
    """Add all that the style asks for to a façade cut into zones."""
    half, eaves = width_m / 2, style.eaves_m(floors)
    levels = style.ground_floor_m + style.floor_m * np.arange(floors - 1)
    trim = ("trim", style.window.trim_rgb)
    if style.has("string_courses") and floors > 1:
        _add_courses(builder, half, levels, detail, trim)
    if style.cornice != "none":
        _add_cornice(builder, half, eaves, style.cornice, detail, trim)
    if detail == 0:
        return
    if style.has("quoins"):
        _add_quoins(builder, half, style.ground_floor_m, eaves)
    if style.has("pilasters"):
        _add_pilasters(builder, half, style, eaves)
    if style.has("fins") and "window" in cut:
        _add_fins(builder, cut["window"], style, eaves)
    if style.has("timber") and "window" in cut:
        _add_timber(builder, half, levels, eaves, cut["window"])


def _add_courses(builder, half, levels, detail, trim) -> None:
    """Add a moulded band at the foot of every upper floor."""
    for low, high, reach in ((-0.08, 0.1, 0.07), (0.1, 0.14, 0.11))[: detail + 1]:
        bands = np.array([(-half, half, z + low, z + high) for z in levels])
        builder.add(slabs(bands, -reach, 0.01), *trim)


def _add_cornice(builder, half, eaves, kind, detail, trim) -> None:
    steps = (0.12, 0.24, 0.36) if kind == "stepped" and detail else (0.22,)
    for step, reach in enumerate(steps):
        low = eaves - 0.12 * (len(steps) - step)
        band = np.array([[-half, half, low, low + 0.12]])
        builder.add(slabs(band, -reach, 0.01), *trim)
    if kind == "stepped" and detail == 2:
        teeth = np.arange(-half + 0.15, half - 0.1, 0.32)
        low = np.full(len(teeth), eaves - 0.5)
        blocks = np.stack([teeth, teeth + 0.14, low, low + 0.14], axis=1)
        builder.add(slabs(blocks, -0.1, 0.01), *trim)


def _add_quoins(builder, half, low, high) -> None:
    levels = np.arange(low + 0.2, high - 0.8, 0.42)
    reach = np.where(np.arange(len(levels)) % 2 == 0, 0.5, 0.3)
    edge = np.full_like(levels, half)
    left = np.stack([-edge, -edge + reach, levels, levels + 0.38], axis=1)
    right = np.stack([edge - reach, edge, levels, levels + 0.38], axis=1)
    builder.add(slabs(np.concatenate([left, right]), -0.035, 0.01), "stone")


def _add_pilasters(builder, half, style, eaves) -> None:
    """Add a flat pillar with base and capital at both ends."""
    low, high = style.ground_floor_m + 0.1, eaves - 0.5
    for x in (-half, half - 0.42):
        for z0, z1, grow in (
            (low, high, 0.0),
            (low, low + 0.3, 0.04),
            (high - 0.25, high, 0.05),
        ):
            block = np.array([[x, x + 0.42, z0, z1]])
            builder.add(slabs(block, -0.09 - grow, 0.01), *style.wall)


def _add_fins(builder, windows: Rectangles, style: FacadeStyle, eaves) -> None:
    """Add upright blades between the columns of windows."""
    edges = np.unique(np.round(windows[:, :2], 3))
    left = np.unique(np.round(windows[:, 0], 3))
    gap = edges[1] - edges[0] if len(edges) > 1 else 1.0
    pier = gap * (1.0 / style.window.width_share - 1.0) / 2
    x = left - pier
    low, high = np.full_like(x, style.ground_floor_m), np.full_like(x, eaves)
    blades = np.stack([x - 0.06, x + 0.06, low, high], axis=1)
    builder.add(slabs(blades, -0.28, 0.01), "metal_panel", (0.35, 0.35, 0.35))


def _add_timber(builder, half, levels, eaves, windows: Rectangles) -> None:
    """Add sills, posts, rails and braces of dark beams."""
    b = _BEAM_M
    beams = [(-half, half, z, z + b) for z in (*levels, eaves - b)]
    for x0, x1, z0, z1 in windows:
        low = float(levels[levels <= z0 + 1e-6].max())
        beams += [(x0 - b, x0, low, low + 2.5), (x1, x1 + b, low, low + 2.5)]
        beams += [(x0, x1, z0 - b, z0), (x0, x1, z1, z1 + b)]
    clipped = np.array(beams)
    clipped[:, 3] = np.minimum(clipped[:, 3], eaves)
    builder.add(slabs(clipped, -0.04, 0.01), "beam", _TIMBER_RGB)
    braces = [
        _brace((x1 + b, z0 - 0.8), (x1 + b + 0.5, z1 + 0.1))
        for x1, z0, z1 in windows[::2, 1:]
        if x1 + b + 0.6 < half
    ]
    for brace in braces:
        builder.add(brace, "beam", _TIMBER_RGB)


def _brace(foot: tuple[float, float], head: tuple[float, float]) -> Shape:
    """Return a slanting beam on the wall between two points (x, z)."""
    beam = slabs(np.array([[-_BEAM_M / 2, _BEAM_M / 2, 0.0, 1.0]]), -0.035, 0.01)
    points = beam.vertices.copy()
    along = np.subtract(head, foot)
    share = points[:, 2]
    points[:, 0] += foot[0] + share * along[0]
    points[:, 2] = foot[1] + share * along[1]
    return Shape(points, beam.faces)
