"""Renders the second surface: what a blurred foreground uncovers at its edge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.flat_shaders import FlatShaders
from blender_scenes.passes import Geometry, read_colour, read_geometry
from blender_scenes.peel_limits import (
    PeelLimits,
    colour_limits,
    depth_limits,
    foreground_depth,
    is_behind,
)
from blender_scenes.peel_shader import PeelShader
from blender_scenes.render_settings import (
    rendered_layer,
    select_colour_render,
    select_geometry_render,
    without_world,
)
from blender_scenes.spec import RenderSpec
from blender_scenes.still import render_still


@dataclass(frozen=True)
class SecondSurface:
    """The first front-facing surface behind the visible one.

    Parameters
    ----------
    linear_rgb : ndarray (H, W, 3) float32
        Scene-linear radiance; 0 where there is none.
    depth : ndarray (H, W) float32
        Planar depth in Blender units; sky = +inf, none = NaN.
    """

    linear_rgb: NDArray[np.float32]
    depth: NDArray[np.float32]


@dataclass(frozen=True)
class SecondSurfaceRender:
    """Renders the second surface of a scene's current frame."""

    scene: Any
    render: RenderSpec
    shader: PeelShader
    flat_shaders: FlatShaders
    scratch: Path

    def surface(self, first: Geometry) -> SecondSurface:
        """Return the second surface where a blur within the margin can uncover it."""
        depth = first.depth
        linear_rgb = np.zeros((*depth.shape, 3), np.float32)
        foreground = foreground_depth(depth, first.instance, self.render.margin_px)
        if not foreground.any():
            return SecondSurface(linear_rgb, np.full_like(depth, np.nan))
        hidden_depth = self._hidden_depth(foreground)
        is_hidden = (foreground > 0) & is_behind(depth, hidden_depth)
        if is_hidden.any():
            limits = colour_limits(depth, foreground, hidden_depth, is_hidden)
            linear_rgb[is_hidden] = self._linear_rgb(limits)[is_hidden]
        hidden_depth[~is_hidden] = np.nan
        return SecondSurface(linear_rgb, hidden_depth)

    def _hidden_depth(self, foreground: NDArray[np.float32]) -> NDArray[np.float32]:
        path = self.scratch / "hidden_depth.exr"
        with (
            self.shader.peeled(depth_limits(foreground)),
            self.flat_shaders.linked(),
            without_world(self.scene),
        ):
            select_geometry_render(self.scene, path)
            render_still(path)
        return read_geometry(path).depth

    def _linear_rgb(self, limits: PeelLimits) -> NDArray[np.float32]:
        path = self.scratch / "hidden_colour.exr"
        with self.shader.peeled(limits):
            select_colour_render(self.scene, self.render, path)
            # Only ever seen through a blur, which averages its noise.
            samples = max(self.render.samples // 2, 1)
            rendered_layer(self.scene).samples = samples
            render_still(path)
        return read_colour(path)
