"""From the open scene to a running pipeline."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy

from blender_scenes.addon.camera_values import camera_values, metres_per_unit
from blender_scenes.addon.dataset.camera_file import camera_file_name, camera_toml
from blender_scenes.addon.dataset.command import (
    DatasetRequest,
    build_command,
    file_safe_name,
)
from blender_scenes.addon.dataset.job import BuildJob
from blender_scenes.addon.dataset.pipeline_check import Environment
from blender_scenes.addon.preview.launch import save_copy

UNSAVED_NAME = "untitled"


def scene_request(scene: Any) -> DatasetRequest:
    """Return the data set that a scene's settings ask for.

    Raises
    ------
    CameraProblem
        If the scene's camera is no dual-pixel camera.
    """
    own = scene.dual_pixel
    values = camera_values(scene, scene.camera).at_width(own.dataset_width)
    first, last = frame_range(scene)
    return DatasetRequest(
        scene_name=file_safe_name(Path(bpy.data.filepath).stem or UNSAVED_NAME),
        camera=scene.camera.name,
        camera_file=camera_file_name(scene.camera.name),
        camera_sets=tuple(sorted(own.sets)),
        first=first,
        last=last,
        width_px=values.width_px,
        height_px=values.height_px,
        samples=own.dataset_samples,
        nearest_m=own.dataset_nearest * metres_per_unit(scene),
        noise_model=values.noise_model,
        folder=Path(bpy.path.abspath(own.folder)),
        name=own.dataset_name,
        is_strict=own.use_strict,
    )


def frame_range(scene: Any) -> tuple[int, int]:
    """Return the first and last frame of the data set."""
    own = scene.dual_pixel
    if own.use_scene_range:
        return scene.frame_start, scene.frame_end
    return own.frame_start, own.frame_end


def start_build(
    scene: Any, environment: Environment, *, use_last_copy: bool = False
) -> BuildJob:
    """Start the pipeline on a copy of the open file, which stays as it is.

    Parameters
    ----------
    scene : bpy.types.Scene
    environment : Environment
        One that is ready.
    use_last_copy : bool
        Take the copy that the last build of this name made, so that its frames need
        no second render.

    Raises
    ------
    CameraProblem
        If the scene's camera is no dual-pixel camera.
    OSError, RuntimeError
        If a file cannot be written, or the pipeline not be started.
    """
    assert environment.folder is not None
    request = scene_request(scene)
    values = camera_values(scene, scene.camera).at_width(request.width_px)
    if not use_last_copy:
        request.scene_path.parent.mkdir(parents=True, exist_ok=True)
        # Blender would keep the old copy as a backup.
        request.scene_path.unlink(missing_ok=True)
        save_copy(request.scene_path)
    request.camera_path.parent.mkdir(parents=True, exist_ok=True)
    request.camera_path.write_text(camera_toml(values), encoding="utf-8")
    command = build_command(environment.python, request)
    return BuildJob(command, environment.folder, len(request.camera_sets))
