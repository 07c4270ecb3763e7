"""How the objects of a user's .blend are labelled."""

from __future__ import annotations

import re
from typing import Any

from blender_scenes.frames import LABEL_IDS, LABELS

_COPY_NUMBER = re.compile(r"\.\d+$")
_IDS_BY_NAME = {name.casefold(): number for name, number in LABEL_IDS.items()}


def label_of_user_object(blender_object: Any) -> int:
    """Return the semantic label of an object of a user's scene.

    Its own pass index if that is the id of a class; else the class that the nearest
    collection around it is named after; else Void.
    """
    index = blender_object.pass_index
    if index and index in LABELS:
        return index
    found = (label_of_name(name) for name in _collections_around(blender_object))
    return next((label for label in found if label is not None), LABEL_IDS["Void"])


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


def _collections_around(blender_object: Any) -> list[str]:
    """Return the names of the collections that hold an object, from the inside out."""
    import bpy

    parent = {
        child: collection
        for collection in bpy.data.collections
        for child in collection.children
    }
    names: list[str] = []
    for collection in blender_object.users_collection:
        around = collection
        while around is not None:
            names.append(around.name)
            around = parent.get(around)
    return names
