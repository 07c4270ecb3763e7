"""What Blender shows that has no depth of its own: found, and made ordinary.

Lamps that the camera sees, shadow catchers, hold-outs, and a sky that is left out
would have another surface's depth, or none.  The pipeline treats them alike.  Stands
alone, as `render_child` does, which runs it by its path.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

HOLDOUT = "ShaderNodeHoldout"


def lamps(things: Iterable[Any]) -> list[Any]:
    """Return the lamps that the camera may see; a sun is part of the sky."""
    return [
        thing
        for thing in things
        if thing.type == "LIGHT"
        and thing.data.type != "SUN"
        and _is_ever(thing, "visible_camera")
    ]


def shadow_catchers(things: Iterable[Any]) -> list[Any]:
    """Return the objects that only catch shadows.

    Of a lamp it says that catchers catch its shadows, as they do by default.
    """
    return [
        thing
        for thing in things
        if thing.type != "LIGHT" and _is_ever(thing, "is_shadow_catcher")
    ]


def holdouts(things: Iterable[Any]) -> list[Any]:
    """Return the objects that cut a hole into the picture."""
    return [thing for thing in things if _is_ever(thing, "is_holdout")]


def holdout_collections(layer: Any) -> list[Any]:
    """Return what a view layer has of collections that cut a hole."""
    return [inner for inner in _inside(layer.layer_collection) if inner.holdout]


def holdout_shaders(data: Any) -> list[tuple[Any, Any]]:
    """Return what cuts a hole: materials and groups of nodes, each with its nodes.

    Parameters
    ----------
    data : bpy.types.BlendData
        The open file's.
    """
    own = [(thing, thing.node_tree) for thing in data.materials if thing.node_tree]
    groups = [(group, group) for group in data.node_groups if group.type == "SHADER"]
    return [(owner, tree) for owner, tree in own + groups if any(_holdout_nodes(tree))]


def rendered_layer(scene: Any) -> Any:
    """Return the view layer that is rendered: the first in use, or the first."""
    layers = scene.view_layers
    return next((layer for layer in layers if layer.use), layers[0])


def settle(layer: Any) -> None:
    """Make all of it ordinary, for a render of one view layer of the open file."""
    import bpy

    things = bpy.data.objects
    for name, found in (
        ("visible_camera", lamps(things)),
        ("is_shadow_catcher", shadow_catchers(things)),
        ("is_holdout", holdouts(things)),
    ):
        for thing in found:
            for curve in _curves_of(thing, name):
                curve.mute = True  # or the render sets the value once more
            setattr(thing, name, False)
    for inner in holdout_collections(layer):
        inner.holdout = False
    for _, tree in holdout_shaders(bpy.data):
        _blacken(tree)
    layer.use_sky = True


def _blacken(tree: Any) -> None:
    """Put black in the place of shaders that cut a hole: these have no depth."""
    black = tree.nodes.new("ShaderNodeEmission")
    black.inputs["Strength"].default_value = 0.0
    for node in list(_holdout_nodes(tree)):
        for link in list(node.outputs[0].links):
            tree.links.new(black.outputs[0], link.to_socket)


def _holdout_nodes(tree: Any) -> Iterator[Any]:
    return (
        node
        for node in tree.nodes
        if node.bl_idname == HOLDOUT and node.outputs[0].is_linked
    )


def _inside(outer: Any) -> Iterator[Any]:
    yield outer
    for inner in outer.children:
        yield from _inside(inner)


def _is_ever(thing: Any, name: str) -> bool:
    """Return whether a property is true, or may become so as it is animated."""
    return getattr(thing, name) or any(_curves_of(thing, name))


def _curves_of(thing: Any, name: str) -> Iterator[Any]:
    """Yield the curves and drivers that animate a property of a thing."""
    animation = thing.animation_data
    if animation is None:
        return
    strips = (strip for track in animation.nla_tracks for strip in track.strips)
    actions = (animation.action, *(strip.action for strip in strips))
    curves = (curve for action in actions if action for curve in _curves(action))
    for curve in (*animation.drivers, *curves):
        if curve.data_path == name:
            yield curve


def _curves(action: Any) -> Iterator[Any]:
    """Yield an action's curves, in the words of this version."""
    layers = getattr(action, "layers", ())
    if not layers:  # until Blender 4.3
        yield from getattr(action, "fcurves", ())
    for layer in layers:
        for strip in layer.strips:
            for bag in strip.channelbags:
                yield from bag.fcurves
