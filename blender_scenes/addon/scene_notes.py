"""What might surprise in the pictures of a scene, told before they are rendered.

In the pipeline's own words, which tells the same of the finished data set.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from blender_scenes.addon.notes import Note
from blender_scenes.addon.preview import one_surface

NAMES_SHOWN = 6
PLAIN_TRANSFORMS = frozenset({"Standard", "Raw"})
GREASE_PENCIL = frozenset({"GREASEPENCIL", "GPENCIL"})  # GPENCIL until Blender 4.2
CLIPPED_NOTED, CLIPPED_WARNED, BLACK_WARNED = 0.01, 0.25, 0.9
REST = 20  # times as long as a look took, until the next: 5 % of a redraw's time

_LAYER_CONTENTS = {
    "use_solid": "no surfaces",
    "use_strand": "no hair",
    "use_volumes": "no volumes",
}


def scene_notes(scene: Any, data: Any) -> list[Note]:
    """Return what frames of a scene will show otherwise than Blender does.

    Parameters
    ----------
    scene : bpy.types.Scene
    data : bpy.types.BlendData
        The open file's.
    """
    layer = one_surface.rendered_layer(scene)
    return [
        *view_notes(scene.view_settings),
        *_colour_space_notes(data),
        *_time_notes(scene),
        *_layer_notes(scene, layer),
        *_sky_notes(scene, layer),
        *_depth_notes(list(_shown(scene.objects)), layer, data),
        *_switched_off_notes(scene),
    ]


def view_notes(view: Any) -> list[Note]:
    """Return what of a scene's view settings is applied, and what is left out."""
    texts: list[str] = []
    if view.exposure != 0:
        texts.append(
            f"light is multiplied by {view.exposure:.4g} stops of exposure, as the "
            "view has"
        )
    if view.gamma != 1:
        texts.append(f"the view's gamma of {view.gamma:.4g} is applied to linear light")
    left_out = _left_out(view)
    if left_out:
        texts.append(
            f"left out {', '.join(left_out)}: frames hold linear light, so pictures "
            "differ from Blender's"
        )
    return [Note(text) for text in texts]


def _left_out(view: Any) -> list[str]:
    parts: list[str] = []
    if view.view_transform not in PLAIN_TRANSFORMS:
        parts.append(f"the view transform {view.view_transform}")
    if view.look not in ("", "None"):
        parts.append(f"the look {view.look!r}")
    if view.use_curve_mapping:
        parts.append("the view's curves")
    if getattr(view, "use_white_balance", False):  # since Blender 4.3
        parts.append("the view's white balance")
    return parts


def _colour_space_notes(data: Any) -> list[Note]:
    space = getattr(data, "colorspace", None)  # since Blender 5.0
    if space is None:
        return []
    notes: list[Note] = []
    if space.is_missing_opencolorio_config:
        text = (
            "the file was made with another OpenColorIO configuration than Blender's "
            "own, so colours may be wrong"
        )
        notes.append(Note(text, is_warning=True))
    if space.working_space != "Linear Rec.709":
        text = (
            f"the file works in {space.working_space}; frames are converted to linear "
            "Rec.709, and colours that it cannot hold are clipped"
        )
        notes.append(Note(text))
    return notes


def _time_notes(scene: Any) -> list[Note]:
    texts: list[str] = []
    render = scene.render
    speeds = [getattr(render, f"frame_map_{name}", 100) for name in ("old", "new")]
    if speeds[0] != speeds[1]:
        texts.append("time remapping is switched off; frames are the scene's own")
    if scene.frame_step != 1:
        texts.append(
            f"the scene's step of {scene.frame_step} frames is left out; every frame "
            "is rendered"
        )
    return [Note(text) for text in texts]


def _layer_notes(scene: Any, layer: Any) -> list[Note]:
    """Return what is left out with view layers, and what the one rendered changes."""
    notes: list[Note] = []
    others = [other for other in scene.view_layers if other.use and other != layer]
    if others:
        text = f"only view layer {layer.name!r} is rendered, of {len(others) + 1}"
        missing = set[str]().union(*map(_collections_shown, others))
        missing -= _collections_shown(layer)
        if missing:
            text += f"; it leaves out {', '.join(map(repr, sorted(missing)))}"
        notes.append(Note(text, is_warning=bool(missing)))
    parts = [
        what for name, what in _LAYER_CONTENTS.items() if not getattr(layer, name, True)
    ]
    if layer.material_override is not None:
        parts.append(f"material {layer.material_override.name!r} everywhere")
    override = getattr(layer, "world_override", None)  # since Blender 4.3
    if override is not None:
        parts.append(f"world {override.name!r}")
    if parts:
        text = f"view layer {layer.name!r} has {', '.join(parts)}; so have frames"
        notes.append(Note(text))
    return notes


def _collections_shown(layer: Any) -> set[str]:
    """Return the names of the collections with objects that a view layer renders."""

    def inside(outer: Any) -> Iterator[str]:
        if outer.exclude or outer.collection.hide_render:
            return
        if outer.collection.objects:
            yield outer.name
        for inner in outer.children:
            yield from inside(inner)

    return set(inside(layer.layer_collection))


def _sky_notes(scene: Any, layer: Any) -> list[Note]:
    texts: list[str] = []
    if scene.render.film_transparent:
        texts.append(
            "the film is transparent in the file; frames show the world behind"
        )
    if not layer.use_sky:
        texts.append(f"view layer {layer.name!r} leaves out the sky; frames show it")
    return [Note(text) for text in texts]


def _depth_notes(things: list[Any], layer: Any, data: Any) -> list[Note]:
    """Return what is made ordinary since it has no depth of its own."""
    holdouts = one_surface.holdouts(things) + one_surface.holdout_collections(layer)
    holes = [owner for owner, _ in one_surface.holdout_shaders(data)]
    drawn = [x for x in things if x.type in GREASE_PENCIL]
    told = (
        (
            "lamps hidden from the camera, as they have no depth: ",
            one_surface.lamps(things),
        ),
        (
            "shadow catchers are rendered as ordinary objects: ",
            one_surface.shadow_catchers(things),
        ),
        ("hold-outs are rendered as ordinary objects: ", holdouts),
        ("hold-out shaders are black: ", holes),
        ("left out, as it has no depth: grease pencil ", drawn),
    )
    return [Note(text + listed(x.name for x in found)) for text, found in told if found]


def _switched_off_notes(scene: Any) -> list[Note]:
    """Return what draws over a render, or runs code for it, and does not here."""
    render = scene.render
    cycles = getattr(scene, "cycles", None)  # an add-on, which may be disabled
    has_nodes = (
        scene.compositing_node_group is not None
        if hasattr(scene, "compositing_node_group")  # Blender 5
        else scene.use_nodes
    )
    parts = {
        "Freestyle": render.use_freestyle,
        "the compositor": render.use_compositing and has_nodes,
        "the sequencer": render.use_sequencer and _has_strips(scene.sequence_editor),
        "OSL shaders": getattr(cycles, "shading_system", False),
    }
    names = [name for name, is_on in parts.items() if is_on]
    texts = [f"switched off {', '.join(names)}"] if names else []
    if render.use_border:
        texts.append(
            "the file's render region is switched off; the whole picture is rendered"
        )
    return [Note(text) for text in texts]


def _has_strips(editor: Any | None) -> bool:
    if editor is None:
        return False
    # Called sequences until Blender 4.3.
    return len(editor.strips if hasattr(editor, "strips") else editor.sequences) > 0


def brightness_notes(clipped_share: float, black_share: float) -> list[Note]:
    """Return what is doubtful about the brightness of a preview's sharp picture.

    Examples
    --------
    >>> [note.is_warning for note in brightness_notes(0.3, 0.0)]
    [True]
    """
    notes: list[Note] = []
    if clipped_share >= CLIPPED_NOTED:
        text = (
            f"{clipped_share:.1%} of the pixels are brighter than white and are "
            "clipped in 16-bit pictures; a lower exposure keeps them"
        )
        notes.append(Note(text, is_warning=clipped_share >= CLIPPED_WARNED))
    if black_share >= BLACK_WARNED:
        text = (
            f"{black_share:.1%} of the pixels are black (below 1/255 when encoded); a "
            "higher exposure shows them"
        )
        notes.append(Note(text, is_warning=True))
    return notes


def _shown(things: Iterable[Any]) -> Iterator[Any]:
    """Yield what may be rendered: objects, and those of collections that they show."""
    waiting, known = [things], set[Any]()
    while waiting:
        for thing in waiting.pop():
            if thing.hide_render:
                continue
            yield thing
            inner = thing.instance_collection
            if inner is not None and inner not in known:
                known.add(inner)
                waiting.append(inner.all_objects)


def listed(names: Iterable[str]) -> str:
    """Return names as text, the first few of them.

    Examples
    --------
    >>> listed(["a", "b"]), listed("abcdefgh")
    ("'a', 'b'", "'a', 'b', 'c', 'd', 'e', 'f' and 2 more")
    """
    each = list(dict.fromkeys(names))
    shown = ", ".join(map(repr, each[:NAMES_SHOWN]))
    more = len(each) - NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


@dataclass
class _Look:
    """The last look at a scene: what was found, and until when it holds."""

    scene_name: str = ""
    notes: tuple[Note, ...] = ()
    ends_at_s: float = 0.0


_last = _Look()


def notes_for_panel(context: Any) -> list[Note]:
    """Return the notes on the context's scene, as often as a panel may ask.

    A scene that takes long to look at is looked at less often.
    """
    start_s = time.monotonic()
    name = context.scene.name_full
    if name != _last.scene_name or start_s > _last.ends_at_s:
        _last.notes = tuple(scene_notes(context.scene, context.blend_data))
        _last.scene_name = name
        end_s = time.monotonic()
        _last.ends_at_s = end_s + REST * (end_s - start_s)
    return list(_last.notes)
