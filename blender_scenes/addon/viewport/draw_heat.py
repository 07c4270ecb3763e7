"""Draws the blur of the last preview as colours on the surfaces that it saw."""

# SPDX-License-Identifier: GPL-3.0-or-later

from dataclasses import dataclass
from typing import Any

import gpu
import numpy as np
from gpu_extras.batch import batch_for_shader
from mathutils import Matrix

from blender_scenes.addon.image.shapes import (
    DARK,
    WHITE,
    colour_bar,
    rectangle,
    text,
    text_width,
    ui_scale,
)
from blender_scenes.addon.preview.colours import coc_heat, heat_limit_px
from blender_scenes.addon.preview.frame import PreviewFrame
from blender_scenes.addon.viewport.heat import SurfaceMesh, surface_mesh
from blender_scenes.addon.viewport.labels import legend_marks, radius_text
from blender_scenes.addon.viewport.screen import FreeRectangle
from dp_model.camera import ThinLensCamera

HEAT_ALPHA = 0.8
# The coarse mesh cuts through curved surfaces: it is drawn this share of the distance
# nearer to the eye, so that what it lies on does not hide it.
TOWARDS_EYE = 0.006
LEGEND_TITLE = "Blur radius (px)"
LEGEND_LINES = 4
"""Lines of notices that the legend takes up."""

_LEGEND_COLOURS = 33


@dataclass(frozen=True)
class ColouredSurface:
    """A mesh on the graphics card, None if it is empty, and what it was made of."""

    frame: PreviewFrame
    lens: ThinLensCamera
    mesh: SurfaceMesh
    limit_px: float
    batch: Any


class HeatDrawing:
    """Draws the surfaces of a frame; keeps them until frame or lens change."""

    def __init__(self) -> None:
        self._surface: ColouredSurface | None = None

    def clear(self) -> None:
        """Forget the surfaces."""
        self._surface = None

    def surface(self, frame: PreviewFrame, lens: ThinLensCamera) -> ColouredSurface:
        """Return the surfaces of a frame in the colours of a lens."""
        kept = self._surface
        if kept is not None and kept.frame is frame and kept.lens == lens:
            return kept
        if kept is not None and kept.frame is frame:
            mesh = kept.mesh
        else:
            mesh = surface_mesh(frame.depth_m, frame.K, frame.world_from_camera)
        limit_px = heat_limit_px(lens.coc_radius_px(frame.depth_m))
        batch = _coloured_batch(mesh, lens, limit_px) if len(mesh.triangles) else None
        self._surface = ColouredSurface(frame, lens, mesh, limit_px, batch)
        return self._surface

    def draw(self, surface: ColouredSurface, view: Any, unit_m: float) -> None:
        """Draw the surfaces into a 3D View; nearer things of the scene hide them.

        Parameters
        ----------
        view : bpy.types.RegionView3D
        unit_m : float
            Length of a Blender unit, metres.
        """
        if surface.batch is None:
            return
        shader = gpu.shader.from_builtin("SMOOTH_COLOR")
        gpu.state.blend_set("ALPHA")
        gpu.state.depth_test_set("LESS_EQUAL")
        gpu.state.depth_mask_set(True)
        with gpu.matrix.push_pop():
            view_from_world = gpu.matrix.get_model_view_matrix()
            gpu.matrix.load_matrix(_towards_eye(view) @ view_from_world)
            gpu.matrix.scale_uniform(1.0 / unit_m)
            # Depth alone first: of surfaces behind one another only one shows.
            gpu.state.color_mask_set(False, False, False, False)
            surface.batch.draw(shader)
            gpu.state.color_mask_set(True, True, True, True)
            gpu.state.depth_mask_set(False)
            surface.batch.draw(shader)
        gpu.state.depth_test_set("NONE")
        gpu.state.blend_set("NONE")


def _coloured_batch(mesh: SurfaceMesh, lens: ThinLensCamera, limit_px: float) -> Any:
    """Return the triangles of a mesh with a colour at every corner."""
    rgba = np.full((len(mesh.points_m), 4), HEAT_ALPHA, dtype=np.float32)
    coc_radius_px = lens.coc_radius_px(mesh.depth_m.astype(float))
    rgba[:, :3] = coc_heat(coc_radius_px, limit_px)
    return batch_for_shader(
        gpu.shader.from_builtin("SMOOTH_COLOR"),
        "TRIS",
        {"pos": mesh.points_m, "color": rgba},
        indices=mesh.triangles,
    )


def _towards_eye(view: Any) -> Matrix:
    """Return what moves things in view space towards the eye, in place on screen."""
    if view.is_perspective:
        return Matrix.Diagonal((*[1.0 - TOWARDS_EYE] * 3, 1.0))
    return Matrix.Translation((0.0, 0.0, TOWARDS_EYE * view.view_distance))


def draw_heat_legend(limit_px: float, free: FreeRectangle) -> None:
    """Draw the colours with their blur radii at the foot of the view."""
    scale = ui_scale()
    width = min(260 * scale, 0.8 * (free.right - free.left))
    if width < 150 * scale:  # the texts would run into one another
        return
    left, bottom = free.centre - width / 2, free.bottom + 34 * scale
    margin, height = 14 * scale, 10 * scale
    rectangle(left - margin, bottom - 24 * scale, width + 2 * margin, 58 * scale, DARK)
    colours = coc_heat(np.linspace(-1.0, 1.0, _LEGEND_COLOURS), 1.0)
    opaque = [
        (float(red), float(green), float(blue), 1.0) for red, green, blue in colours
    ]
    colour_bar(left, bottom, width, height, opaque)
    for line, share in (("In front", 0.0), (LEGEND_TITLE, 0.5), ("Behind", 1.0)):
        column = left + share * (width - text_width(line))
        text(column, bottom + height + 8 * scale, line)
    for radius_px in legend_marks(limit_px):
        column = free.centre + radius_px / limit_px * width / 2
        rectangle(column - 0.5, bottom - 4 * scale, 1.0, 4 * scale, WHITE)
        line = radius_text(radius_px)
        text(column - text_width(line) / 2, bottom - 17 * scale, line)
