"""Renders one sequence as pairs of views, every ray traced through the lens."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blender_scenes.blender_session import library_versions, start_blender
from blender_scenes.colour import colour_space_notes, describe_view, view_notes
from blender_scenes.devices import choose_device_for_camera_shaders
from blender_scenes.events import EventWriter
from blender_scenes.external_files import FileWatch
from blender_scenes.frames import FrameSequence, frame_file
from blender_scenes.load_scene import fitted, load_scene
from blender_scenes.notes import Note, unique
from blender_scenes.one_surface import settle_scene
from blender_scenes.output_folder import (
    is_whole_pair,
    missing_frames,
    open_output_folder,
    remove_leftovers,
)
from blender_scenes.passes import read_colour
from blender_scenes.pupil_camera import (
    LEFT,
    RIGHT,
    PupilCamera,
    add_pupil_camera,
    require_working_pupil,
)
from blender_scenes.render_sequence import frame_entry
from blender_scenes.render_settings import (
    make_cycles_linear,
    prepare_scene,
    sampling_seed,
    select_colour_render,
)
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import LensSpec, SequenceSpec
from blender_scenes.still import render_still
from blender_scenes.view_pairs import PAIRS_MANIFEST, Picture, write_view_pair
from blender_scenes.walk import Walk, walk_through
from dp_model.psf import ButterworthPsf, RampDiskPsf
from dp_model.pupil import PupilPsf, RadialTransmission


@dataclass(frozen=True)
class ViewRender:
    """A scene with a pupil camera, ready to be rendered view by view."""

    spec: SequenceSpec
    lens: LensSpec
    camera: PupilCamera
    walk: Walk
    psfs: dict[int, PupilPsf]
    scratch: Path
    device: str
    notes: tuple[Note, ...]
    watch: FileWatch

    @property
    def numbers(self) -> list[int]:
        """The numbers of the frames, in order."""
        return list(self.psfs)

    def view(self, number: int, side: int) -> Picture:
        """Return one view (H, W, 3) of a frame, scene-linear, at full exposure.

        Views of one frame see the same rays: left + right = twice that of both sides.
        """
        scene = self.camera.scene
        scene.frame_set(number)
        path = self.scratch / "view.exr"
        select_colour_render(scene, self.spec.render, path)
        self.camera.look_through(self.psfs[number])
        self.camera.aim(self.walk.track.poses[number], self.lens, side)
        render_still(path)
        return self.walk.exposures[number].applied(read_colour(path))


def render_views(spec: SequenceSpec, folder: Path, events: EventWriter) -> None:
    """Render the missing pairs of a sequence, then write `PAIRS_MANIFEST`.

    Raises
    ------
    SceneError
        If the scene, the lens, the device or the folder is not usable, or this
        Blender cannot trace rays through a lens.
    OSError
        If the folder cannot be written.
    """
    scratch = open_output_folder(folder, spec)
    render = open_view_render(spec, scratch, events)
    is_whole = functools.partial(is_whole_pair, render=render.spec.render)
    missing = missing_frames(folder, render.numbers, is_whole, PAIRS_MANIFEST)
    for note in render.notes:
        events.note(note)
    events.message(f"Cycles traces the lens on {render.device}")
    events.start(render.numbers, missing)
    rendered: list[Path] = []
    for number in missing:
        left, right = (render.view(number, side) for side in (LEFT, RIGHT))
        render.watch.require_unchanged(rendered)
        path = folder / frame_file(number)
        write_view_pair(path, left, right)
        rendered.append(path)
        events.frame(number)
    manifest = _manifest(render, folder, spec.recipe())
    remove_leftovers(folder)
    manifest.save(folder, PAIRS_MANIFEST)
    events.done()


def open_view_render(
    spec: SequenceSpec, scratch: Path, events: EventWriter
) -> ViewRender:
    """Start Blender and make the scene ready to be seen through the lens.

    Raises
    ------
    SceneError
        If the scene, the lens or the device is not usable, or this Blender cannot
        trace rays through a lens.
    """
    if spec.lens is None:
        raise SceneError("the specification has no lens; expected one to trace")
    start_blender(scratch)
    loaded = load_scene(spec.scene)
    scene, watch = loaded.scene, FileWatch(spec.scene.files or (), loaded.references)
    watch.require_unchanged()
    lens = spec.lens
    spec, notes = fitted(spec, loaded)
    numbers = range(loaded.first, loaded.last + 1)
    psfs = psfs_of_frames(lens, len(numbers))
    device, device_name = choose_device_for_camera_shaders(spec.render.device)
    require_working_pupil(scratch, device)
    seed = sampling_seed(spec.scene.seed)
    notes += prepare_scene(scene, spec.render, device, seed)
    make_cycles_linear(scene)
    is_of_user = spec.scene.blend_file is not None
    if is_of_user:
        notes += [*colour_space_notes(), *settle_scene(scene)]
    walk = walk_through(scene, (loaded.first, loaded.last), spec.render, events)
    _require_linear_view(walk)
    notes += walk.notes
    if is_of_user:
        notes += view_notes(scene, walk.exposures, spec.render)
    return ViewRender(
        spec=spec,
        lens=lens,
        camera=add_pupil_camera(scene),
        walk=walk,
        psfs=dict(zip(numbers, psfs, strict=True)),
        scratch=scratch,
        device=device_name,
        notes=unique(notes),
        watch=watch,
    )


def _require_linear_view(walk: Walk) -> None:
    """Refuse a gamma, which would have to come after the blur in one of two ways.

    Raises
    ------
    SceneError
    """
    gammas = {one.gamma for one in walk.exposures.values()} - {1.0}
    if gammas:
        raise SceneError(
            f"the scene's view has a gamma of {max(gammas):.4g}; expected 1 where a "
            "lens is traced, as left and right would no longer add up (Render "
            "properties > Color Management)"
        )


def psfs_of_frames(lens: LensSpec, count: int) -> list[PupilPsf]:
    """Return the PSF of each of ``count`` frames.

    Raises
    ------
    SceneError
        If the lens has another number of PSFs, or one that can't be.
    """
    if len(lens.psfs) not in (1, count):
        raise SceneError(
            f"the lens has {len(lens.psfs)} PSFs for {count} frames; expected one "
            "for all of them, or one for each"
        )
    try:
        return [_psf(lens.psf(index)) for index in range(count)]
    except (ValueError, TypeError) as error:
        raise SceneError(f"the lens has an impossible PSF: {error}") from None


def _psf(described: dict[str, Any]) -> PupilPsf:
    numbers = {name: value for name, value in described.items() if name != "type"}
    if described["type"] == "ButterworthPsf":
        return ButterworthPsf(**numbers)
    if described["type"] == "RampDiskPsf":
        return RampDiskPsf(**numbers)
    return RadialTransmission(tuple(numbers["radii"]), tuple(numbers["values"]))


def _manifest(
    render: ViewRender, folder: Path, recipe: dict[str, Any]
) -> FrameSequence:
    spec, settings = render.spec, render.camera.scene.render
    return FrameSequence(
        source={
            "kind": "blender, lens traced",
            "device": render.device,
            "view": describe_view(render.camera.scene, render.walk.exposures),
            **recipe,
        },
        fps=settings.fps / settings.fps_base,
        size=spec.render.size,
        margin_px=spec.render.margin_px,
        encoded_source=False,
        versions=library_versions(),
        frames=tuple(
            frame_entry(folder, number, render.walk.track.poses[number])
            for number in render.numbers
        ),
        notes=render.notes,
    )
