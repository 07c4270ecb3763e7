"""Makes colour and depth of a user's scene those of one surface.

Cycles shows some things that have no depth, and gives depth to some that it does not
show. Each kind is made an ordinary object, or left out of both, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from blender_scenes.file_references import shader_trees
from blender_scenes.notes import Note
from blender_scenes.render_settings import rendered_layer

NAMES_SHOWN = 6

LAYER_CONTENTS = {
    "use_solid": "no surfaces",
    "use_strand": "no hair",
    "use_volumes": "no volumes",
}


def settle_scene(scene: Any) -> list[Note]:
    """Apply all of this module to a scene whose one view layer is chosen.

    Must run before the frames are walked through.
    """
    layer = rendered_layer(scene)
    return [
        *_hide_lamps(),
        *_make_catchers_ordinary(),
        *_make_holdouts_ordinary(layer),
        *_blacken_holdout_shaders(),
        *_show_the_sky(scene, layer),
        *_what_the_layer_changes(layer),
        *_what_is_only_drawn(scene),
    ]


def _hide_lamps() -> list[Note]:
    """Hide lamps from the camera: seen, they have no depth. A sun is in the sky."""
    import bpy

    lamps = [
        thing
        for thing in bpy.data.objects
        if thing.type == "LIGHT" and thing.data.type != "SUN"
    ]
    names = _settle(lamps, "visible_camera", False)
    if not names:
        return []
    text = f"lamps hidden from the camera, as they have no depth: {_listed(names)}"
    return [Note("lamps", text)]


def _make_catchers_ordinary() -> list[Note]:
    import bpy

    # An empty hands it to what it instances. Lamps have the switch too, on by default,
    # with another meaning.
    things = [thing for thing in bpy.data.objects if thing.type != "LIGHT"]
    names = _settle(things, "is_shadow_catcher", False)
    if not names:
        return []
    text = f"shadow catchers are rendered as ordinary objects: {_listed(names)}"
    return [Note("shadow-catchers", text)]


def _make_holdouts_ordinary(layer: Any) -> list[Note]:
    import bpy

    names = _settle(bpy.data.objects, "is_holdout", False)
    for inner in _layer_collections(layer.layer_collection):
        if inner.holdout:
            inner.holdout = False
            names.append(inner.name)
    if not names:
        return []
    text = f"hold-outs are rendered as ordinary objects: {_listed(names)}"
    return [Note("holdouts", text)]


def _layer_collections(outer: Any) -> Iterator[Any]:
    yield outer
    for inner in outer.children:
        yield from _layer_collections(inner)


def _blacken_holdout_shaders() -> list[Note]:
    """Put black in the place of hold-out shaders, which would have the sky's depth."""
    names = [owner.name for owner, tree in shader_trees() if _blacken_holdouts(tree)]
    if not names:
        return []
    text = f"hold-out shaders are black: {_listed(names)}"
    return [Note("holdout-shaders", text)]


def _blacken_holdouts(tree: Any) -> bool:
    """Put black in the place of the hold-outs of a node tree; tell if it has any."""
    found = False
    for node in list(tree.nodes):
        if node.bl_idname != "ShaderNodeHoldout" or not node.outputs[0].is_linked:
            continue
        found = True
        black = tree.nodes.new("ShaderNodeEmission")
        black.inputs["Strength"].default_value = 0.0
        for link in list(node.outputs[0].links):
            tree.links.new(black.outputs[0], link.to_socket)
    return found


def _show_the_sky(scene: Any, layer: Any) -> list[Note]:
    """Switch the sky on where a view layer or a transparent film leaves it out."""
    hold_still(scene, "use_sky")
    if layer.use_sky:
        return []
    layer.use_sky = True
    text = f"view layer {layer.name!r} leaves out the sky; frames show it"
    return [Note("sky", text)]


def _what_the_layer_changes(layer: Any) -> list[Note]:
    """Return notes on what a view layer changes in colour and depth alike."""
    parts = [what for name, what in LAYER_CONTENTS.items() if not getattr(layer, name)]
    if layer.material_override is not None:
        parts.append(f"material {layer.material_override.name!r} everywhere")
    if layer.world_override is not None:
        parts.append(f"world {layer.world_override.name!r}")
    if not parts:
        return []
    text = f"view layer {layer.name!r} has {', '.join(parts)}; so have frames"
    return [Note("view-layer-contents", text)]


def _what_is_only_drawn(scene: Any) -> list[Note]:
    """Return a note on what is drawn over pictures, which frames leave out."""
    names = [
        thing.name
        for thing in scene.objects
        if thing.type == "GREASEPENCIL" and not thing.hide_render
    ]
    if not names:
        return []
    text = f"left out, as it has no depth: grease pencil {_listed(names)}"
    return [Note("grease-pencil", text)]


def _settle(things: Iterable[Any], name: str, value: bool) -> list[str]:
    """Give a property of things one value in all frames; name those it changes."""
    changed: list[str] = []
    for thing in things:
        is_animated = hold_still(thing, name)
        if getattr(thing, name) != value:
            setattr(thing, name, value)
            changed.append(thing.name)
        elif is_animated:
            changed.append(thing.name)
    return changed


def hold_still(owner: Any, name: str) -> bool:
    """Mute what animates a property; return whether anything did.

    A value that is set is not enough: a render evaluates the animation once more.
    """
    found = [curve for curve in _curves(owner) if curve.data_path.endswith(name)]
    for curve in found:
        curve.mute = True
    return bool(found)


def _curves(owner: Any) -> Iterator[Any]:
    """Yield the animation curves and drivers of a data-block."""
    animation = owner.animation_data
    if animation is None:
        return
    yield from animation.drivers
    strips = (strip for track in animation.nla_tracks for strip in track.strips)
    for action in (animation.action, *(strip.action for strip in strips)):
        if action is None:
            continue
        for layer in action.layers:
            for strip in layer.strips:
                for bag in strip.channelbags:
                    yield from bag.fcurves


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
