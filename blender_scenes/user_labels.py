"""How the objects of a user's .blend are labelled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from blender_scenes.frames import LABEL_IDS, LABELS

_COPY_NUMBER = re.compile(r"\.\d+$")
_IDS_BY_NAME = {name.casefold(): number for name, number in LABEL_IDS.items()}


def user_labels() -> Callable[[Any], int]:
    """Return what gives the semantic label of an object of the open file.

    All collections are walked through once, now: asking each object for its own looks
    through all of them every time.
    """
    collections, parents = _collections_of_objects(), _parents()
    known: dict[Any, int | None] = {}

    def label_of(blender_object: Any) -> int:
        holders = collections.get(blender_object, ())
        found = (_label_around(holder, parents, known) for holder in holders)
        return label_of_user_object(blender_object, found)

    return label_of


def label_of_user_object(blender_object: Any, around: Iterable[int | None] = ()) -> int:
    """Return the semantic label of an object of a user's scene.

    Its own pass index if that is the id of a class; else the class that the nearest
    collection around it is named after; else Void.

    Parameters
    ----------
    blender_object : bpy.types.Object
    around : iterable of int or None
        That class, of each collection that holds the object; None is no class.
    """
    index = blender_object.pass_index
    if index and index in LABELS:
        return index
    return next((label for label in around if label is not None), LABEL_IDS["Void"])


def label_of_name(name: str) -> int | None:
    """Return the class that a collection is named after, None if it is after none.

    Case, spaces, underscores, hyphens and the number of a copy make no difference.

    Examples
    --------
    >>> label_of_name("Traffic signs"), label_of_name("traffic_sign.002")
    (None, 8)
    """
    plain = re.sub(r"[\s_-]", "", _COPY_NUMBER.sub("", name)).casefold()
    return _IDS_BY_NAME.get(plain)


def _collections_of_objects() -> dict[Any, list[Any]]:
    """Return the collections that hold each object, a scene's own last."""
    import bpy

    holders: dict[Any, list[Any]] = {}
    own = (scene.collection for scene in bpy.data.scenes)
    for collection in (*bpy.data.collections, *own):
        for thing in collection.objects:
            holders.setdefault(thing, []).append(collection)
    return holders


def _parents() -> dict[Any, Any]:
    """Return the collection around each collection."""
    import bpy

    return {
        child: collection
        for collection in bpy.data.collections
        for child in collection.children
    }


def _label_around(
    collection: Any, parents: dict[Any, Any], known: dict[Any, int | None]
) -> int | None:
    """Return the class of a collection or the nearest one around it, from inside out.

    What is found is kept in ``known``.
    """
    passed: list[Any] = []
    label: int | None = None
    around = collection
    while around is not None and label is None:
        if around in known:
            label = known[around]
            break
        passed.append(around)
        label = label_of_name(around.name)
        around = parents.get(around)
    known.update(dict.fromkeys(passed, label))
    return label
