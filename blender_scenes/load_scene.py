"""Loads the scene of a specification: a city, a chart or a user's .blend."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blender_scenes.charts.names import CHART_NAMES, CHART_PREFIX
from blender_scenes.instances import (
    LabelOf,
    label_from_property,
)
from blender_scenes.notes import Note
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import SceneSpec
from blender_scenes.user_labels import label_of_user_object
from blender_scenes.user_scene import check_sha256, open_user_scene


@dataclass(frozen=True)
class LoadedScene:
    """A Blender scene, its frames, how it is labelled, and notes for the user.

    ``description`` is the JSON that the scene is rebuilt from, where there is one.
    """

    scene: Any
    first: int
    last: int
    label_of: LabelOf
    notes: tuple[Note, ...]
    description: str | None = None


def load_scene(spec: SceneSpec) -> LoadedScene:
    """Return the loaded scene.

    Raises
    ------
    SceneError
        If a file cannot be used, a chart is unknown or the frame range is empty.
    """
    notes: list[Note] = []
    label_of = label_from_property
    description: str | None = None
    if spec.blend_file is not None:
        scene, notes = open_user_scene(spec)
        label_of = label_of_user_object
    elif spec.name.startswith(CHART_PREFIX):
        scene = _build_chart(spec.name.removeprefix(CHART_PREFIX))
    else:
        scene, description = _build_city(spec)
    first, last = spec.frame_range or (scene.frame_start, scene.frame_end)
    if last < first:
        raise SceneError(
            f"frame range {first}-{last} of scene {scene.name!r} is empty; expected "
            "FIRST-LAST with FIRST <= LAST (frame numbers)"
        )
    return LoadedScene(scene, first, last, label_of, tuple(notes), description)


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


def _build_city(spec: SceneSpec) -> tuple[Any, str]:
    """Return the scene of a planned or described city, and its description."""
    import bpy

    from blender_scenes.city.build import build_plan
    from blender_scenes.city.description import plan_to_json
    from blender_scenes.city.layout import plan_street

    plan = plan_street(spec) if spec.plan_file is None else described_plan(spec)
    scene = bpy.context.scene
    build_plan(scene, plan)
    return scene, plan_to_json(plan)


def described_plan(spec: SceneSpec) -> Any:
    """Return the plan that a specification's file describes, with its frame range.

    Raises
    ------
    SceneError
        If the file is missing, changed or describes no city.
    """
    from blender_scenes.city.description import DescriptionError, read_plan

    path = Path(str(spec.plan_file))
    if not path.is_file():
        raise SceneError(f"{path}: no such file; expected a scene.json")
    check_sha256(path, spec.plan_sha256)
    try:
        plan = read_plan(path)
    except DescriptionError as error:
        raise SceneError(str(error)) from None
    first, last = spec.frame_range or (plan.first_frame, plan.last_frame)
    if not plan.drive_first <= first <= last <= plan.drive_last:
        raise SceneError(
            f"frame range {first}-{last} is beyond the drive of {path}; expected "
            f"frames {plan.drive_first} to {plan.drive_last}"
        )
    return dataclasses.replace(plan, first_frame=first, last_frame=last)
