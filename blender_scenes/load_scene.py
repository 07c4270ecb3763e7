"""Loads the scene of a specification: a city, a chart or a user's .blend."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blender_scenes.charts.names import CHART_NAMES, CHART_PREFIX
from blender_scenes.external_files import FileReference, is_plain_file
from blender_scenes.instances import (
    LabelOf,
    label_from_property,
)
from blender_scenes.notes import Note
from blender_scenes.picture_size import resolved_size
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import SceneSpec, SequenceSpec
from blender_scenes.user_labels import user_labels
from blender_scenes.user_scene import check_sha256, open_user_scene
from blender_scenes.window_coordinates import keep_window_coordinates


@dataclass(frozen=True)
class LoadedScene:
    """A Blender scene, its frames, how it is labelled, and notes for the user.

    ``description`` is the JSON that the scene is rebuilt from, where there is one;
    ``references`` are the files that a .blend reads.
    """

    scene: Any
    first: int
    last: int
    label_of: LabelOf
    notes: tuple[Note, ...]
    description: str | None = None
    references: tuple[FileReference, ...] = ()


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
    references: tuple[FileReference, ...] = ()
    if spec.blend_file is not None:
        opened = open_user_scene(spec)
        scene, references = opened.scene, opened.references
        notes += [*opened.notes, *_frame_notes(scene, spec)]
        label_of = user_labels()
    elif spec.name.startswith(CHART_PREFIX):
        scene = _build_chart(spec.name.removeprefix(CHART_PREFIX))
    else:
        scene, description = _build_city(spec)
    first, last = spec.own_frames(scene.frame_start, scene.frame_end)
    if last < first:
        raise SceneError(
            f"frame range {first}-{last} of scene {scene.name!r} is empty; expected "
            "FIRST-LAST with FIRST <= LAST (frame numbers)"
        )
    return LoadedScene(
        scene, first, last, label_of, tuple(notes), description, references
    )


def fitted(spec: SequenceSpec, loaded: LoadedScene) -> tuple[SequenceSpec, list[Note]]:
    """Return the specification with its size, and all notes on the loaded scene.

    Textures that are laid over the picture are put into their place in it.
    """
    is_from_file = spec.scene.blend_file is not None
    render, notes = resolved_size(spec.render, loaded.scene, is_from_file=is_from_file)
    if is_from_file:
        keep_window_coordinates(render)
    return dataclasses.replace(spec, render=render), [*loaded.notes, *notes]


def _frame_notes(scene: Any, spec: SceneSpec) -> list[Note]:
    """Return what of a file's own frames is otherwise than it says."""
    if spec.frame_range is not None:
        return []
    first, last = scene.frame_start, scene.frame_end
    notes: list[Note] = []
    if scene.frame_step != 1:
        text = (
            f"the scene's step of {scene.frame_step} frames is left out; every frame "
            "is rendered"
        )
        notes.append(Note("frame-step", text))
    if spec.frame_count is not None and spec.frame_count > last - first + 1:
        text = (
            f"{spec.frame_count} frames were asked for; the scene's own range has "
            f"{last - first + 1}, {first} to {last} (FIRST-LAST renders any others)"
        )
        notes.append(Note("frame-count", text))
    return notes


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
    if not is_plain_file(path):
        raise SceneError(f"{path}: no such file; expected a scene.json")
    check_sha256(path, spec.plan_sha256)
    try:
        plan = read_plan(path)
    except DescriptionError as error:
        raise SceneError(str(error)) from None
    first, last = spec.own_frames(plan.first_frame, plan.last_frame)
    if not plan.drive_first <= first <= last <= plan.drive_last:
        raise SceneError(
            f"frame range {first}-{last} is beyond the drive of {path}; expected "
            f"frames {plan.drive_first} to {plan.drive_last}"
        )
    return dataclasses.replace(plan, first_frame=first, last_frame=last)
