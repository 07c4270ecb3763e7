"""Draws the depth of field of the camera into the 3D View."""

# SPDX-License-Identifier: GPL-3.0-or-later

from collections.abc import Iterable
from typing import Any

import gpu
import numpy as np
from bpy_extras.view3d_utils import location_3d_to_region_2d
from gpu_extras.batch import batch_for_shader
from numpy.typing import NDArray

from blender_scenes.addon.image.shapes import Colour, ui_scale
from blender_scenes.addon.readings import length_text
from blender_scenes.addon.viewport.labels import spread_down
from blender_scenes.addon.viewport.scene_limits import SceneLimits
from blender_scenes.addon.viewport.screen import (
    LABEL_HEIGHT,
    draw_label,
    label_width,
)

# The colours of the heat: blue in front of the focus, white in it, red behind.
NEAR_COLOUR: Colour = (0.42, 0.68, 1.0, 1.0)
FOCUS_COLOUR: Colour = (1.0, 1.0, 1.0, 1.0)
FAR_COLOUR: Colour = (1.0, 0.45, 0.33, 1.0)
FILL_ALPHA = 0.12
HIDDEN_ALPHA = 0.3
EDGE_ALPHA = 0.35

_OUTLINE = ((0, 1), (1, 2), (2, 3), (3, 0))


def draw_limits_in_space(limits: SceneLimits, width_px: float) -> None:
    """Draw the plane in focus, the limits, and the edges between them."""
    focus = limits.rectangle(limits.focus_m)
    near = limits.rectangle(limits.near_m)
    outlines = [(near, NEAR_COLOUR), (focus, FOCUS_COLOUR)]
    ends = [near, focus]
    if not limits.reaches_infinity:
        far = limits.rectangle(limits.far_m)
        outlines.append((far, FAR_COLOUR))
        ends = [near, far]
    _draw_fill(focus, (*FOCUS_COLOUR[:3], FILL_ALPHA))
    corners = [(ends[0][corner], ends[1][corner]) for corner in range(4)]
    _draw_lines(corners, (*FOCUS_COLOUR[:3], EDGE_ALPHA), width_px / 2)
    for rectangle, colour in outlines:
        sides = [(rectangle[a], rectangle[b]) for a, b in _OUTLINE]
        _draw_lines(sides, colour, width_px)


def _draw_fill(rectangle: NDArray[np.float64], colour: Colour) -> None:
    """Fill a rectangle where nothing is in front of it."""
    shader = gpu.shader.from_builtin("UNIFORM_COLOR")
    batch = batch_for_shader(
        shader,
        "TRIS",
        {"pos": rectangle.astype(np.float32)},
        indices=[(0, 1, 2), (0, 2, 3)],
    )
    gpu.state.blend_set("ALPHA")
    gpu.state.depth_test_set("LESS_EQUAL")
    shader.uniform_float("color", colour)
    batch.draw(shader)
    gpu.state.depth_test_set("NONE")
    gpu.state.blend_set("NONE")


def _draw_lines(
    lines: Iterable[tuple[NDArray[np.float64], NDArray[np.float64]]],
    colour: Colour,
    width_px: float,
) -> None:
    """Draw lines, faint where something is in front of them."""
    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    ends = np.array(list(lines), dtype=np.float32).reshape(-1, 3)
    batch = batch_for_shader(shader, "LINES", {"pos": ends})
    gpu.state.blend_set("ALPHA")
    shader.bind()
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    shader.uniform_float("lineWidth", width_px)
    for depth_test, alpha in (("NONE", HIDDEN_ALPHA), ("LESS_EQUAL", 1.0)):
        gpu.state.depth_test_set(depth_test)
        shader.uniform_float("color", (*colour[:3], colour[3] * alpha))
        batch.draw(shader)
    gpu.state.depth_test_set("NONE")
    gpu.state.blend_set("NONE")


def draw_limit_labels(limits: SceneLimits, region: Any, view: Any) -> None:
    """Write the distances at the upper left corners of the rectangles."""
    height = LABEL_HEIGHT * ui_scale()
    shown: list[tuple[str, Colour]] = []
    anchors: list[tuple[float, float]] = []
    for text, distance_m, colour in limit_labels(limits):
        corner = limits.rectangle(distance_m)[3]
        anchor = location_3d_to_region_2d(region, view, corner)
        if anchor is not None:
            shown.append((text, colour))
            anchors.append((anchor.x + height / 4, anchor.y - 1.2 * height))
    width = max((label_width(text) for text, _ in shown), default=0.0)
    places = spread_down(anchors, width, height)
    for (text, colour), (left, bottom) in zip(shown, places, strict=True):
        # Thin letters look darker than lines of the same colour.
        red, green, blue, alpha = colour
        draw_label(
            left, bottom, text, ((1 + red) / 2, (1 + green) / 2, (1 + blue) / 2, alpha)
        )


def limit_labels(limits: SceneLimits) -> list[tuple[str, float, Colour]]:
    """Return text, distance in metres where it is written, and colour of each."""
    far_m = limits.focus_m if limits.reaches_infinity else limits.far_m
    return [
        (f"Near {length_text(limits.near_m)}", limits.near_m, NEAR_COLOUR),
        (f"In focus {length_text(limits.focus_m)}", limits.focus_m, FOCUS_COLOUR),
        (f"Far {length_text(limits.far_m)}", far_m, FAR_COLOUR),
    ]
