"""The frame folder while it is being filled: what is there, what is missing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from blender_scenes.frames import (
    MANIFEST_NAME,
    FrameError,
    atomic_path,
    frame_file,
    read_frame,
    sha256_of,
)
from blender_scenes.own_names import partial_path, remove_partials_in
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import RenderSpec, SequenceSpec
from blender_scenes.view_pairs import read_view_pair

SCRATCH_NAME = "render"
RECIPE_NAME = ".recipe.json"
DESCRIPTION_NAME = "scene.json"


def open_output_folder(folder: Path, spec: SequenceSpec) -> Path:
    """Make the folder ready for this specification; return its scratch folder.

    Leftovers of a killed run are removed. The scratch folder is this process's own.

    Raises
    ------
    SceneError
        If the folder holds frames of another specification.
    OSError
        If it cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _check_recipe(folder, json.loads(json.dumps(spec.recipe())))
    remove_partials_in(folder)
    scratch = partial_path(folder / SCRATCH_NAME)
    scratch.mkdir()
    return scratch.absolute()


def _check_recipe(folder: Path, recipe: dict[str, Any]) -> None:
    """Keep the specification beside its frames; refuse to mix two of them."""
    path = folder / RECIPE_NAME
    if path.exists():
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            known = None
        if known != recipe:
            raise SceneError(
                f"{folder}: holds frames of another specification ({path.name}); "
                "expected an empty folder or the same specification"
            )
        return
    with atomic_path(path) as partial:
        partial.write_text(json.dumps(recipe, sort_keys=True) + "\n", encoding="utf-8")


def write_description(folder: Path, description: str | None) -> dict[str, Any]:
    """Write ``scene.json``, if there is one; return what the manifest says of it."""
    if description is None:
        return {}
    path = folder / DESCRIPTION_NAME
    with atomic_path(path) as partial:
        partial.write_text(description, encoding="utf-8")
    return {
        "description": {
            "file": path.name,
            "sha256": sha256_of(path),
            "bytes": path.stat().st_size,
        }
    }


def remove_leftovers(folder: Path) -> None:
    """Remove all scratch, this process's and its parent's too: the frames are done.

    Before the manifest is written, since nobody looks into a finished folder again.
    """
    remove_partials_in(folder, ended={os.getppid()})


def missing_frames(
    folder: Path,
    numbers: list[int],
    is_whole: Callable[[Path], bool],
    manifest_name: str = MANIFEST_NAME,
) -> list[int]:
    """Return the frames that are not on disk, whole as ``is_whole`` tells.

    If any is missing the manifest goes too: a folder that has it is finished.
    """
    missing = [n for n in numbers if not is_whole(folder / frame_file(n))]
    if missing:
        (folder / manifest_name).unlink(missing_ok=True)
    return missing


def is_whole_frame(path: Path, render: RenderSpec) -> bool:
    """Tell whether a file holds a frame of the right size, with its flow."""
    try:
        frame = read_frame(path)
    except FrameError:
        return False
    width, height = render.full_size
    return frame.depth_m.shape == (height, width) and frame.flow_px is not None


def is_whole_pair(path: Path, render: RenderSpec) -> bool:
    """Tell whether a file holds a pair of views of the right size."""
    try:
        left, _ = read_view_pair(path)
    except FrameError:
        return False
    width, height = render.full_size
    return left.shape == (height, width, 3)
