"""Loads the scene that a specification asks for: the street or a user's .blend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blender_scenes.instances import (
    LabelOf,
    label_from_pass_index,
    label_from_property,
)
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import SceneSpec
from blender_scenes.user_scene import open_user_scene


@dataclass(frozen=True)
class LoadedScene:
    """A Blender scene, its frames, how it is labelled, and notes for the user."""

    scene: Any
    first: int
    last: int
    label_of: LabelOf
    notes: tuple[str, ...]


def load_scene(spec: SceneSpec) -> LoadedScene:
    """Return the loaded scene.

    Raises
    ------
    SceneError
        If a .blend cannot be used or the frame range is empty.
    """
    if spec.blend_file is None:
        scene = _build_street(spec)
        notes: list[str] = []
        label_of = label_from_property
    else:
        scene, notes = open_user_scene(spec.blend_file, spec.blend_sha256)
        label_of = label_from_pass_index
    first, last = spec.frame_range or (scene.frame_start, scene.frame_end)
    if last < first:
        raise SceneError(
            f"frame range {first}-{last} of scene {scene.name!r} is empty; expected "
            "FIRST-LAST with FIRST <= LAST (frame numbers)"
        )
    return LoadedScene(scene, first, last, label_of, tuple(notes))


def _build_street(spec: SceneSpec) -> Any:
    import bpy

    from blender_scenes.street.build import build_street

    scene = bpy.context.scene
    build_street(scene, spec)
    return scene
