"""Tells in how many pixels a scene shows what has colour and another thing's depth.

By small pictures of up to three frames: the first, the middle and the last, so that it
is the same whichever frames are missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.flat_shaders import FlatShaders, collect_trees
from blender_scenes.notes import Note, warning
from blender_scenes.passes import read_colour, read_geometry
from blender_scenes.render_settings import (
    rendered_layer,
    select_colour_render,
    select_geometry_render,
    without_world,
)
from blender_scenes.spec import RenderSpec
from blender_scenes.still import render_still

LONGER_SIDE_PX = 64
SAMPLES = 16
# Of the brightness of the pixel or of the picture's mean; below it noise would count.
LEAST_CHANGE = 0.05
# Of a surface: below, it is not there; above, nothing behind it shows.
LEAST_OPACITY, FULL_OPACITY = 0.02, 0.98


@dataclass(frozen=True)
class Survey:
    """Looks at a scene whose frames were walked through.

    Parameters
    ----------
    scene : bpy.types.Scene
    render : RenderSpec
    numbers : list of int
        All frames of the sequence.
    scratch : Path
        Existing folder for pictures.
    """

    scene: Any
    render: RenderSpec
    numbers: list[int]
    scratch: Path

    @property
    def surveyed(self) -> list[int]:
        """The frames that are looked at."""
        numbers = self.numbers
        return sorted({numbers[0], numbers[len(numbers) // 2], numbers[-1]})

    @property
    def _frames(self) -> str:
        numbers = self.surveyed
        plural = "s" if len(numbers) > 1 else ""
        return f"frame{plural} {', '.join(str(number) for number in numbers)}"

    def volume_notes(self) -> list[Note]:
        """Return a warning where volumes show, which have no depth."""
        if not _has_volumes(self.scene):
            return []
        share = float(np.mean([self._volume_share(n) for n in self.surveyed]))
        if share == 0:
            return []
        text = (
            f"volumes show in about {share:.0%} of the pixels ({self._frames}) and "
            "have no depth: it is that of what lies behind them"
        )
        return [warning("volumes", text)]

    def _volume_share(self, number: int) -> float:
        """Return the share of a frame's pixels that volumes change."""
        self.scene.frame_set(number)
        with _small(self.scene):
            full = self._colour()
            with _without_volumes(self.scene):
                clear = self._colour()
        change = np.abs(full - clear).max(axis=-1)
        brightness = np.maximum(full, clear).max(axis=-1)
        least = LEAST_CHANGE * np.maximum(brightness, brightness.mean())
        return float(np.mean(change > least))

    def _colour(self) -> NDArray[np.float32]:
        path = self.scratch / "survey.exr"
        select_colour_render(self.scene, self.render, path)
        rendered_layer(self.scene).samples = SAMPLES
        render_still(path)
        return read_colour(path)

    def transparency_notes(self, flat_shaders: FlatShaders) -> list[Note]:
        """Return a note where surfaces show that are neither opaque nor clear."""
        if not flat_shaders.materials:
            return []
        shares = [self._transparent_share(n, flat_shaders) for n in self.surveyed]
        share = float(np.mean(shares))
        if share == 0:
            return []
        text = (
            f"partly transparent surfaces show in about {share:.1%} of the pixels "
            f"({self._frames}): depth, label and flow are theirs where they are at "
            "least half opaque, else those of what lies behind"
        )
        return [Note("transparency", text)]

    def glow_notes(self, flat_shaders: FlatShaders) -> list[Note]:
        """Return a warning where clear surfaces give light, which has no depth."""
        glows = _added_light(flat_shaders.materials)
        if not glows:
            return []
        share = float(np.mean([self._glow_share(n, glows) for n in self.surveyed]))
        if share == 0:
            return []
        text = (
            f"clear surfaces that glow show in about {share:.1%} of the pixels "
            f"({self._frames}) and have no depth: it is that of what lies behind them"
        )
        return [warning("glow", text)]

    def _glow_share(self, number: int, glows: list[tuple[Any, Any]]) -> float:
        """Return the share of a frame's pixels that added light alone changes."""
        self.scene.frame_set(number)
        layer = rendered_layer(self.scene)
        usual = layer.pass_alpha_threshold
        with _small(self.scene):
            depths: list[NDArray[np.float32]] = []
            with without_world(self.scene):
                for layer.pass_alpha_threshold in (0.0, usual):
                    path = self.scratch / "survey.exr"
                    select_geometry_render(self.scene, path)
                    render_still(path)
                    depths.append(read_geometry(path).depth)
            full = self._colour()
            with _unlinked(glows):
                dark = self._colour()
        brightness = np.maximum(full, dark).max(axis=-1)
        least = LEAST_CHANGE * np.maximum(brightness, brightness.mean())
        is_changed = np.abs(full - dark).max(axis=-1) > least
        return float(np.mean(is_changed & (depths[0] < depths[1])))

    def _transparent_share(self, number: int, flat_shaders: FlatShaders) -> float:
        """Return the share of a frame's pixels where opacity decides on depth."""
        self.scene.frame_set(number)
        layer = rendered_layer(self.scene)
        usual = layer.pass_alpha_threshold
        with _small(self.scene), without_world(self.scene), flat_shaders.linked():
            depths: list[NDArray[np.float32]] = []
            for layer.pass_alpha_threshold in (LEAST_OPACITY, FULL_OPACITY):
                path = self.scratch / "survey.exr"
                select_geometry_render(self.scene, path)
                render_still(path)
                depths.append(read_geometry(path).depth)
        layer.pass_alpha_threshold = usual
        first, opaque = depths
        return float(np.mean(first < opaque))


@contextmanager
def _small(scene: Any) -> Iterator[None]:
    """Make pictures small for a block."""
    settings = scene.render
    size = settings.resolution_x, settings.resolution_y
    scale = min(1.0, LONGER_SIDE_PX / max(size))
    settings.resolution_x, settings.resolution_y = (
        max(round(side * scale), 1) for side in size
    )
    try:
        yield
    finally:
        settings.resolution_x, settings.resolution_y = size


def _added_light(materials: list[Any]) -> list[tuple[Any, Any]]:
    """Return trees and sockets by which materials add light to what is seen through."""
    trees: dict[Any, None] = {}
    for material in materials:
        collect_trees(material.node_tree, trees)
    return [
        (tree, link.to_socket)
        for tree in trees
        for link in tree.links
        if link.to_node.bl_idname == "ShaderNodeAddShader"
        and link.from_node.bl_idname == "ShaderNodeEmission"
    ]


@contextmanager
def _unlinked(sockets: list[tuple[Any, Any]]) -> Iterator[None]:
    """Take the links out of sockets of node trees, for a block."""
    with ExitStack() as stack:
        for tree, socket in sockets:
            link = socket.links[0]
            stack.callback(tree.links.new, link.from_socket, socket)
            tree.links.remove(link)
        yield


def _volume_outputs(scene: Any) -> list[tuple[Any, Any]]:
    """Return trees and output nodes of the materials and worlds that have volumes."""
    import bpy

    worlds = (scene.world, rendered_layer(scene).world_override)
    found: list[tuple[Any, Any]] = []
    for owner in (*bpy.data.materials, *worlds):
        tree = None if owner is None else owner.node_tree
        output = None if tree is None else tree.get_output_node("CYCLES")
        if output is not None and output.inputs["Volume"].is_linked:
            found.append((tree, output))
    return found


def _has_volumes(scene: Any) -> bool:
    """Tell whether a scene may have volumes; the pictures tell whether it has."""
    import bpy

    return (
        bool(_volume_outputs(scene))
        or any(thing.type == "VOLUME" for thing in bpy.data.objects)
        or any(
            "Volume" in node.bl_idname
            for group in bpy.data.node_groups
            if group.type == "GEOMETRY"
            for node in group.nodes
        )
    )


@contextmanager
def _without_volumes(scene: Any) -> Iterator[None]:
    """Take the volumes out of a scene, for a block."""
    layer = rendered_layer(scene)
    with ExitStack() as stack:
        stack.callback(setattr, layer, "use_volumes", layer.use_volumes)
        layer.use_volumes = False
        for tree, output in _volume_outputs(scene):
            volume = output.inputs["Volume"]
            stack.callback(tree.links.new, volume.links[0].from_socket, volume)
            tree.links.remove(volume.links[0])
            if not output.inputs["Surface"].is_linked:
                # A material with neither is black.
                clear = tree.nodes.new("ShaderNodeBsdfTransparent")
                stack.callback(tree.nodes.remove, clear)
                tree.links.new(clear.outputs[0], output.inputs["Surface"])
        yield
