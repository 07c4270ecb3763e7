"""Keeps textures that are laid over the picture in their place under the margin."""

from __future__ import annotations

from typing import Any

from blender_scenes.file_references import shader_trees
from blender_scenes.spec import RenderSpec


def keep_window_coordinates(render: RenderSpec) -> None:
    """Make shaders see window coordinates of the picture without its margin.

    Blender's run from 0 to 1 over all that is rendered, which is the picture and its
    margin. Must run before nodes of our own are added that mean all of it.
    """
    if render.margin_px == 0:
        return
    for _, tree in shader_trees():
        for node in list(tree.nodes):
            if node.bl_idname == "ShaderNodeTexCoord":
                output = node.outputs["Window"]
                if output.is_linked:
                    _insert_crop(tree, output, render)


def _insert_crop(tree: Any, output: Any, render: RenderSpec) -> None:
    """Put between an output and what it is linked to what undoes the margin."""
    links = [link.to_socket for link in output.links]
    crop = tree.nodes.new("ShaderNodeVectorMath")
    crop.operation = "MULTIPLY_ADD"
    pairs = list(zip(render.full_size, render.size, strict=True))
    crop.inputs[1].default_value = (*(full / side for full, side in pairs), 1.0)
    shift = (-render.margin_px / side for _, side in pairs)
    crop.inputs[2].default_value = (*shift, 0.0)
    tree.links.new(output, crop.inputs[0])
    for socket in links:
        tree.links.new(crop.outputs[0], socket)
