"""Renders one sequence into a frame folder, going on where an earlier run stopped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blender_scenes.blender_session import library_versions, start_blender
from blender_scenes.camera_track import bake_camera, metres_per_unit
from blender_scenes.cameras import CameraPose, full_flow
from blender_scenes.devices import choose_device
from blender_scenes.events import EventWriter, one_line
from blender_scenes.frames import (
    Frame,
    FrameEntry,
    FrameSequence,
    frame_file,
    sha256_of,
    write_frame,
)
from blender_scenes.instances import InstanceTable, number_objects
from blender_scenes.load_scene import load_scene
from blender_scenes.output_folder import (
    missing_frames,
    open_output_folder,
    remove_leftovers,
)
from blender_scenes.passes import read_colour, read_geometry
from blender_scenes.render_settings import (
    prepare_scene,
    sampling_seed,
    select_colour_render,
    select_geometry_render,
    without_world,
)
from blender_scenes.spec import SequenceSpec


@dataclass(frozen=True)
class SequenceRender:
    """A scene ready to be rendered frame by frame."""

    spec: SequenceSpec
    scene: Any
    poses: dict[int, CameraPose]
    instances: InstanceTable
    scratch: Path

    def frame(self, number: int) -> Frame:
        """Return one rendered frame."""
        self.scene.frame_set(number)
        colour_file = self.scratch / "colour.exr"
        geometry_file = self.scratch / "geometry.exr"
        select_colour_render(self.scene, self.spec.render, colour_file)
        _render(colour_file)
        with without_world(self.scene):
            select_geometry_render(self.scene, geometry_file)
            _render(geometry_file)
        geometry = read_geometry(geometry_file)
        is_sky = np.isinf(geometry.depth)
        flow = full_flow(
            geometry.flow_px, is_sky, self.poses[number], self.poses[number + 1]
        )
        return Frame(
            linear_rgb=read_colour(colour_file),
            depth_m=geometry.depth * np.float32(metres_per_unit(self.scene)),
            label=self.instances.label_image(geometry.instance, is_sky),
            instance=geometry.instance,
            flow_px=flow.astype(np.float32),
        )


def _render(path: Path) -> None:
    """Render the current frame; an unwritten file is an OSError."""
    import bpy

    path.unlink(missing_ok=True)
    try:
        bpy.ops.render.render(write_still=True)
    except RuntimeError as error:
        reason = one_line(str(error))
        raise OSError(f"{path}: Blender did not render it ({reason})") from error
    if not path.is_file():
        raise OSError(f"{path}: Blender did not write it")


def render_sequence(spec: SequenceSpec, folder: Path, events: EventWriter) -> None:
    """Render the missing frames of a sequence, then write ``frames.json``.

    Raises
    ------
    SceneError
        If the scene, the device or the folder is not usable.
    OSError
        If the folder cannot be written.
    """
    scratch = open_output_folder(folder, spec)
    start_blender(scratch)
    loaded = load_scene(spec.scene)
    scene = loaded.scene
    numbers = list(range(loaded.first, loaded.last + 1))
    missing = missing_frames(folder, numbers, spec.render)
    device, device_name = choose_device(spec.render.device)
    seed = sampling_seed(spec.scene.seed)
    notes = [*loaded.notes, *prepare_scene(scene, spec.render, device, seed)]
    instances = number_objects(loaded.label_of)
    poses = bake_camera(scene, loaded.first, loaded.last, spec.render)
    for note in (*notes, f"Cycles renders on {device_name}"):
        events.note(note)
    events.start(numbers, missing)

    render = SequenceRender(spec, scene, poses, instances, scratch)
    for number in missing:
        write_frame(folder / frame_file(number), render.frame(number))
        events.frame(number)
    manifest = _manifest(render, folder, numbers, device_name)
    remove_leftovers(folder)
    manifest.save(folder)
    events.done()


def _manifest(
    render: SequenceRender, folder: Path, numbers: list[int], device: str
) -> FrameSequence:
    spec, settings = render.spec, render.scene.render
    return FrameSequence(
        source={"kind": "blender", "device": device, **spec.recipe()},
        fps=settings.fps / settings.fps_base,
        size=(spec.render.width, spec.render.height),
        margin_px=spec.render.margin_px,
        encoded_source=False,
        versions=library_versions(),
        frames=tuple(_entry(folder, n, render.poses[n]) for n in numbers),
        instances=render.instances.manifest(),
    )


def _entry(folder: Path, number: int, pose: CameraPose) -> FrameEntry:
    path = folder / frame_file(number)
    return FrameEntry(
        number=number,
        file=path.name,
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        intrinsics=pose.intrinsics.tolist(),
        world_from_camera=pose.world_from_camera.tolist(),
    )
