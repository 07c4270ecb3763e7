"""Rectangles, triangles, colour bars and texts on any picture, in region pixels."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import blf
import bpy
import gpu
from gpu_extras.batch import batch_for_shader

Colour = tuple[float, float, float, float]
Point = tuple[float, float]

WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
DARK: Colour = (0.0, 0.0, 0.0, 0.65)

_FONT = 0
_FONT_SIZE = 11
_PADDING = 6
_LINE_HEIGHT = 16


def ui_scale() -> float:
    """Return how much larger than usual the interface is drawn."""
    return float(bpy.context.preferences.system.ui_scale)


def polygon(points: Sequence[Point], colour: Colour) -> None:
    """Draw a filled convex polygon."""
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    fan = [(0, n, n + 1) for n in range(1, len(points) - 1)]
    batch = batch_for_shader(shader, "TRIS", {"pos": _flat(points)}, indices=fan)
    shader.uniform_float("color", colour)
    _draw(batch, shader)


def rectangle(x: float, y: float, width: float, height: float, colour: Colour) -> None:
    """Draw a filled rectangle; x, y is its bottom left corner."""
    polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], colour)


def colour_bar(
    x: float, y: float, width: float, height: float, colours: Sequence[Colour]
) -> None:
    """Draw a bar whose colours run evenly from left to right."""
    shader = gpu.shader.from_builtin("SMOOTH_COLOR")
    columns = [x + width * n / (len(colours) - 1) for n in range(len(colours))]
    points = [(column, edge) for column in columns for edge in (y, y + height)]
    batch = batch_for_shader(
        shader,
        "TRI_STRIP",
        {"pos": _flat(points), "color": [c for c in colours for _ in range(2)]},
    )
    _draw(batch, shader)


def text_width(text: str) -> float:
    """Return how wide a line of text is."""
    blf.size(_FONT, _FONT_SIZE * ui_scale())
    return float(blf.dimensions(_FONT, text)[0])


def text(x: float, y: float, line: str, colour: Colour = WHITE) -> None:
    """Draw a line of text; x, y is where its base line starts."""
    blf.size(_FONT, _FONT_SIZE * ui_scale())
    blf.color(_FONT, *colour)
    blf.position(_FONT, round(x), round(y), 0)
    blf.draw(_FONT, line)


def text_box_size(lines: Sequence[str]) -> tuple[float, float]:
    """Return width and height of `text_box`."""
    scale = ui_scale()
    width = max(text_width(line) for line in lines) + 2 * _PADDING * scale
    return width, (len(lines) * _LINE_HEIGHT + _PADDING) * scale


def text_box(x: float, y: float, lines: Sequence[str]) -> None:
    """Draw lines of text on a dark ground; x, y is the bottom left corner."""
    scale = ui_scale()
    width, height = text_box_size(lines)
    rectangle(x, y, width, height, DARK)
    for number, line in enumerate(reversed(lines)):
        base = y + (_PADDING + 1 + number * _LINE_HEIGHT) * scale
        text(x + _PADDING * scale, base, line)


def _flat(points: Sequence[Point]) -> list[tuple[float, float, float]]:
    return [(x, y, 0.0) for x, y in points]


def _draw(batch: Any, shader: Any) -> None:
    gpu.state.blend_set("ALPHA")
    batch.draw(shader)
    gpu.state.blend_set("NONE")
