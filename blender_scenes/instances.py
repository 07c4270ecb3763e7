"""Numbers the objects of a scene and knows the semantic label of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from blender_scenes.file_references import shader_trees
from blender_scenes.frames import LABEL_IDS, LABELS
from blender_scenes.notes import Note, warning

RENDERED_TYPES = frozenset(
    {"MESH", "CURVE", "SURFACE", "META", "FONT", "CURVES", "POINTCLOUD", "VOLUME"}
)
LARGEST_PASS_INDEX = 32767
OLD_INDEX = "pass_index_of_the_artist"
INSTANCE_OF = "instance_of"
"""Custom property, text: the thing that an object is a part of."""

LabelOf = Callable[[Any], int]


def label_from_property(blender_object: Any) -> int:
    """Return the integer custom property ``label``: how the street is labelled."""
    return _known(blender_object.get("label", LABEL_IDS["Void"]))


def _known(label: Any) -> int:
    return label if isinstance(label, int) and label in LABELS else LABEL_IDS["Void"]


class Instance(NamedTuple):
    """A thing of one semantic class; its name may occur once per class."""

    name: str
    label: int


_Key: TypeAlias = tuple[int | None, Instance]


@dataclass(frozen=True)
class InstanceTable:
    """Instances numbered from 1, in the order of their first objects' names."""

    instances: tuple[Instance, ...]
    notes: tuple[Note, ...] = ()

    def label_image(
        self, instance: NDArray[np.uint32], is_sky: NDArray[np.bool_]
    ) -> NDArray[np.uint32]:
        """Return the semantic label of every pixel of an instance image."""
        labels = [LABEL_IDS["Void"], *(one.label for one in self.instances)]
        lookup = np.array(labels, np.uint32)
        return np.where(is_sky, np.uint32(LABEL_IDS["Sky"]), lookup[instance])

    def manifest(self) -> dict[str, dict[str, Any]]:
        """Return instance number (text) -> name and label, for ``frames.json``."""
        return {
            str(number): instance._asdict()
            for number, instance in enumerate(self.instances, start=1)
        }


def number_objects(label_of: LabelOf) -> InstanceTable:
    """Give all objects of the open file that can be rendered a number.

    The number becomes the object's pass index. Objects of instanced collections
    and linked libraries are included, so that nothing visible is without one.
    Copies made by an instancer share the number of their original. Objects that
    name the same thing in their custom property `INSTANCE_OF` share a number, one
    for each semantic class that the thing has parts of.

    If there are more than Blender has pass indices, the rest, first of all things
    without a class, share number 0; a note says so.

    Must run before the frames are walked through: a change of an object empties
    the caches of its simulations.
    """
    import bpy

    objects = tuple(o for o in bpy.data.objects if o.type in RENDERED_TYPES)
    keys = [
        _instance_key(thing, position, label_of(thing))
        for position, thing in enumerate(objects)
    ]
    things = list(dict.fromkeys(keys))
    numbered = _most_telling(things, LARGEST_PASS_INDEX)
    numbers = {key: number for number, key in enumerate(numbered, start=1)}
    _let_materials_see_the_old_index(objects)
    for thing in bpy.data.objects:
        thing.pass_index = 0
    for thing, key in zip(objects, keys, strict=True):
        thing.pass_index = numbers.get(key, 0)
    notes = _overflow_notes(things, numbers)
    return InstanceTable(tuple(instance for _, instance in numbers), notes)


def _most_telling(things: list[_Key], limit: int) -> list[_Key]:
    """Return at most so many things, in their order; those of class Void give way."""
    if len(things) <= limit:
        return things
    void = LABEL_IDS["Void"]
    by_worth = sorted(range(len(things)), key=lambda n: things[n][1].label == void)
    return [things[n] for n in sorted(by_worth[:limit])]


def _overflow_notes(things: list[_Key], numbers: dict[_Key, int]) -> tuple[Note, ...]:
    rest = [instance for key, instance in things if (key, instance) not in numbers]
    if not rest:
        return ()
    labelled = sum(instance.label != LABEL_IDS["Void"] for instance in rest)
    text = (
        f"the scene has {len(things)} things, more than Blender's {LARGEST_PASS_INDEX} "
        f"pass indices: {len(rest)} of them, {labelled} of which have a class, share "
        "instance number 0 and label Void (objects with one text in their property "
        f"{INSTANCE_OF!r} are one thing)"
    )
    return (warning("unnumbered", text),)


def _instance_key(blender_object: Any, position: int, label: int) -> _Key:
    """Return what the parts of a thing have in common, and other objects have not.

    Objects are told apart by their position, as those of linked libraries may share
    their names.
    """
    whole = blender_object.get(INSTANCE_OF)
    if isinstance(whole, str) and whole:
        return None, Instance(whole, label)
    return position, Instance(blender_object.name, label)


def _let_materials_see_the_old_index(objects: tuple[Any, ...]) -> None:
    """Make nodes that read the pass index read a copy of what it was."""
    readers = [
        (tree, node.outputs["Object Index"])
        for _, tree in shader_trees()
        for node in tree.nodes
        if node.bl_idname == "ShaderNodeObjectInfo"
        and node.outputs["Object Index"].is_linked
    ]
    named = [
        node
        for _, tree in shader_trees()
        for node in tree.nodes
        if node.bl_idname == "ShaderNodeAttribute"
        and node.attribute_type in ("OBJECT", "INSTANCER")
        and node.attribute_name == "pass_index"
    ]
    if not readers and not named:
        return
    for thing in objects:
        thing[OLD_INDEX] = thing.pass_index
    for node in named:
        node.attribute_name = OLD_INDEX
    for tree, output in readers:
        attribute = tree.nodes.new("ShaderNodeAttribute")
        attribute.attribute_type = "OBJECT"
        attribute.attribute_name = OLD_INDEX
        for link in list(output.links):
            tree.links.new(attribute.outputs["Fac"], link.to_socket)
