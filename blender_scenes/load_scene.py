"""Loads the scene of a specification: a street, a chart or a user's .blend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blender_scenes.charts.names import CHART_NAMES, CHART_PREFIX
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
        If a .blend cannot be used, a chart is unknown or the frame range is empty.
    """
    notes: list[str] = []
    label_of = label_from_property
    if spec.blend_file is not None:
        scene, notes = open_user_scene(spec.blend_file, spec.blend_sha256)
        label_of = label_from_pass_index
    elif spec.name.startswith(CHART_PREFIX):
        scene = _build_chart(spec.name.removeprefix(CHART_PREFIX))
    else:
        scene = _build_street(spec)
    first, last = spec.frame_range or (scene.frame_start, scene.frame_end)
    if last < first:
        raise SceneError(
            f"frame range {first}-{last} of scene {scene.name!r} is empty; expected "
            "FIRST-LAST with FIRST <= LAST (frame numbers)"
        )
    return LoadedScene(scene, first, last, label_of, tuple(notes))


def _build_chart(name: str) -> Any:
    import bpy

    from blender_scenes.charts.build import build_chart

    if name not in CHART_NAMES:
        raise SceneError(
            f"there is no chart {name!r}; expected one of {', '.join(CHART_NAMES)}"
        )
    scene = bpy.context.scene
    build_chart(scene, name)
    return scene


def _build_street(spec: SceneSpec) -> Any:
    import bpy

    from blender_scenes.city.build import build_street

    scene = bpy.context.scene
    build_street(scene, spec)
    return scene
