"""Tells in how many pixels a scene's volumes show: they have colour and no depth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.notes import Note, warning
from blender_scenes.passes import read_colour
from blender_scenes.render_settings import rendered_layer, select_colour_render
from blender_scenes.spec import RenderSpec
from blender_scenes.still import render_still

LONGER_SIDE_PX = 64
SAMPLES = 16
FRAMES_SURVEYED = 3
# Of the mean brightness of the picture, or of the pixel; below it noise would count.
LEAST_CHANGE = 0.05


def volume_notes(
    scene: Any, render: RenderSpec, numbers: list[int], scratch: Path
) -> list[Note]:
    """Return a warning where volumes show, by small pictures with and without them.

    The same whichever frames are missing: of the first, the middle and the last.
    """
    if not _has_volumes(scene):
        return []
    surveyed = sorted({numbers[0], numbers[len(numbers) // 2], numbers[-1]})
    share = float(np.mean([_share(scene, render, n, scratch) for n in surveyed]))
    if share == 0:
        return []
    frames = ", ".join(str(number) for number in surveyed)
    text = (
        f"volumes show in about {share:.0%} of the pixels (frames {frames}) and have "
        "no depth: it is that of what lies behind them"
    )
    return [warning("volumes", text)]


def _share(scene: Any, render: RenderSpec, number: int, scratch: Path) -> float:
    """Return the share of a frame's pixels that volumes change."""
    scene.frame_set(number)
    with _small(scene):
        full = _picture(scene, render, scratch)
        with _without_volumes(scene):
            clear = _picture(scene, render, scratch)
    change = np.abs(full - clear).max(axis=-1)
    brightness = np.maximum(full, clear).max(axis=-1)
    least = LEAST_CHANGE * np.maximum(brightness, brightness.mean())
    return float(np.mean(change > least))


def _picture(scene: Any, render: RenderSpec, scratch: Path) -> NDArray[np.float32]:
    path = scratch / "survey.exr"
    select_colour_render(scene, render, path)
    rendered_layer(scene).samples = SAMPLES
    render_still(path)
    return read_colour(path)


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
    import bpy

    return bool(_volume_outputs(scene)) or any(
        thing.type == "VOLUME" and not thing.hide_render for thing in bpy.data.objects
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
