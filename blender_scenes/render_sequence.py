"""Renders one sequence into a frame folder, going on where an earlier run stopped."""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from blender_scenes.blender_session import library_versions, start_blender
from blender_scenes.camera_track import metres_per_unit
from blender_scenes.cameras import CameraPose, full_flow
from blender_scenes.colour import colour_space_notes, describe_view, view_notes
from blender_scenes.devices import choose_device
from blender_scenes.events import EventWriter
from blender_scenes.external_files import FileWatch
from blender_scenes.flat_shaders import FlatShaders
from blender_scenes.flow_validity import evaluate_what_renders_show
from blender_scenes.frame_facts import facts_of, notes_of_facts
from blender_scenes.frames import (
    Frame,
    FrameEntry,
    FrameSequence,
    frame_file,
    read_frame,
    sha256_of,
    write_frame,
)
from blender_scenes.instances import InstanceTable, number_objects
from blender_scenes.load_scene import fitted, load_scene
from blender_scenes.notes import Note, unique
from blender_scenes.one_surface import settle_scene
from blender_scenes.output_folder import (
    is_whole_frame,
    missing_frames,
    open_output_folder,
    remove_leftovers,
    write_description,
)
from blender_scenes.passes import read_colour, read_geometry
from blender_scenes.peel_shader import PeelShader
from blender_scenes.render_settings import (
    prepare_scene,
    rendered_layer,
    sampling_seed,
    select_colour_render,
    select_geometry_render,
    without_world,
)
from blender_scenes.second_surface import SecondSurfaceRender
from blender_scenes.spec import SequenceSpec
from blender_scenes.still import render_still
from blender_scenes.survey import Survey
from blender_scenes.walk import Walk, walk_through


@dataclass(frozen=True)
class SequenceRender:
    """A scene ready to be rendered frame by frame."""

    spec: SequenceSpec
    scene: Any
    walk: Walk
    flat_shaders: FlatShaders
    instances: InstanceTable
    scratch: Path
    second_surface: SecondSurfaceRender | None = None
    notes: tuple[Note, ...] = ()

    def frame(self, number: int) -> Frame:
        """Return one rendered frame."""
        self.scene.frame_set(number)
        colour_file = self.scratch / "colour.exr"
        geometry_file = self.scratch / "geometry.exr"
        select_colour_render(self.scene, self.spec.render, colour_file)
        render_still(colour_file)
        with without_world(self.scene), self.flat_shaders.linked():
            select_geometry_render(self.scene, geometry_file)
            render_still(geometry_file)
        geometry = read_geometry(geometry_file)
        is_sky = np.isinf(geometry.depth)
        unit_m = np.float32(metres_per_unit(self.scene))
        poses, exposure = self.walk.track.poses, self.walk.exposures[number]
        flow = full_flow(geometry.flow_px, is_sky, poses[number], poses[number + 1])
        frame = Frame(
            linear_rgb=exposure.applied(read_colour(colour_file)),
            depth_m=geometry.depth * unit_m,
            label=self.instances.label_image(geometry.instance, is_sky),
            instance=geometry.instance,
            flow_px=self.walk.unknown_flow.masked(
                flow.astype(np.float32), number, geometry.instance, is_sky
            ),
        )
        if self.second_surface is None:
            return frame
        hidden = self.second_surface.surface(geometry)
        return dataclasses.replace(
            frame,
            hidden_rgb=exposure.applied(hidden.linear_rgb),
            hidden_depth_m=hidden.depth * unit_m,
        )


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
    asked, loaded = spec, load_scene(spec.scene)
    scene, watch = loaded.scene, FileWatch(spec.scene.files or (), loaded.references)
    watch.require_unchanged()
    spec, notes = fitted(asked, loaded)
    numbers = list(range(loaded.first, loaded.last + 1))
    missing = missing_frames(
        folder, numbers, functools.partial(is_whole_frame, render=spec.render)
    )
    device, device_name = choose_device(spec.render.device)
    seed = sampling_seed(spec.scene.seed)
    is_of_user = spec.scene.blend_file is not None
    notes += prepare_scene(scene, spec.render, device, seed)
    if is_of_user:
        notes += [*colour_space_notes(), *settle_scene(scene)]
        evaluate_what_renders_show(scene, rendered_layer(scene))
    instances = number_objects(loaded.label_of)
    notes += instances.notes
    flat_shaders = FlatShaders(_materials() if is_of_user else ())
    second_surface = _second_surface(scene, spec, flat_shaders, scratch)
    if spec.render.second_surface and second_surface is None:
        text = "engine eevee makes no second surface; frames are without"
        notes.append(Note("no-second-surface", text))
    walk = walk_through(scene, (loaded.first, loaded.last), spec.render, events)
    notes += [*walk.notes, *walk.unknown_flow.notes(instances)]
    if is_of_user:
        notes += view_notes(scene, walk.exposures, spec.render)
        survey = Survey(scene, spec.render, numbers, scratch)
        notes += survey.volume_notes() + survey.transparency_notes(flat_shaders)
        notes += survey.glow_notes(flat_shaders)
    for note in unique(notes):
        events.note(note)
    events.message(f"Cycles renders on {device_name}")
    events.start(numbers, missing)

    render = SequenceRender(
        spec=spec,
        scene=scene,
        walk=walk,
        flat_shaders=flat_shaders,
        instances=instances,
        scratch=scratch,
        second_surface=second_surface,
        notes=unique(notes),
    )
    rendered: list[Path] = []
    for number in missing:
        frame = render.frame(number)
        watch.require_unchanged(rendered)
        path = folder / frame_file(number)
        write_frame(path, frame)
        rendered.append(path)
        events.frame(number)
    described = {**asked.recipe(), **write_description(folder, loaded.description)}
    manifest = _manifest(render, folder, numbers, device_name, described)
    remove_leftovers(folder)
    manifest.save(folder)
    events.done()


def _materials() -> list[Any]:
    import bpy

    return list(bpy.data.materials)


def _second_surface(
    scene: Any, spec: SequenceSpec, flat_shaders: FlatShaders, scratch: Path
) -> SecondSurfaceRender | None:
    """Return what renders the second surface, if it is wanted and Cycles renders."""
    if not spec.render.second_surface or spec.render.engine != "cycles":
        return None
    shader = PeelShader(scene, spec.render.full_size)
    return SecondSurfaceRender(scene, spec.render, shader, flat_shaders, scratch)


def _manifest(
    render: SequenceRender,
    folder: Path,
    numbers: list[int],
    device: str,
    described: dict[str, Any],
) -> FrameSequence:
    spec, settings = render.spec, render.scene.render
    margin_px, poses = spec.render.margin_px, render.walk.track.poses
    facts = {
        n: facts_of(read_frame(folder / frame_file(n)), margin_px) for n in numbers
    }
    return FrameSequence(
        source={
            "kind": "blender",
            "device": device,
            "view": describe_view(render.scene, render.walk.exposures),
            **described,
        },
        fps=settings.fps / settings.fps_base,
        size=spec.render.size,
        margin_px=margin_px,
        encoded_source=False,
        versions=library_versions(),
        frames=tuple(frame_entry(folder, n, poses[n]) for n in numbers),
        instances=render.instances.manifest(),
        notes=unique([*render.notes, *notes_of_facts(facts)]),
    )


def frame_entry(folder: Path, number: int, pose: CameraPose) -> FrameEntry:
    """Return the row of ``frames.json`` for a written frame."""
    path = folder / frame_file(number)
    return FrameEntry(
        number=number,
        file=path.name,
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        intrinsics=pose.intrinsics.tolist(),
        world_from_camera=pose.world_from_camera.tolist(),
    )
