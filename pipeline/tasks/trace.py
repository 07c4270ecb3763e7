"""Pairs of views that Blender traces through a camera's lens."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any, cast

import luigi

from blender_scenes import frames, view_pairs
from blender_scenes.spec import PSF_TYPES, LensSpec, SequenceSpec
from pipeline import layout
from pipeline.blender_process import render_sequence
from pipeline.cameras import camera_set
from pipeline.console import frame_bar, plain_failures
from pipeline.draws import PSF_BANKS, PsfPer, SequenceDraw, draw_sequence
from pipeline.errors import UserError
from pipeline.identity import digest, library_versions
from pipeline.manifest import describe_psf, is_whole
from pipeline.run_lock import exclusive
from pipeline.tasks.imports import ImportSequence
from pipeline.tasks.meaning import Use
from pipeline.tasks.options import PupilOptions, place
from pipeline.tasks.render import EventShower, RenderSequence
from pipeline.tasks.scene_camera import SceneCameraOptions

PAIRS_PRIORITY = 1_500_000


class TraceViews(SceneCameraOptions, PupilOptions, luigi.Task):
    """Trace the left and right view of one scene through one camera's lens.

    Needs the frame folder, for its frame numbers and so that Blender runs once at a
    time; writes one EXR per frame with both views, ``views_raytraced.json`` last. Two
    renders per frame of ``dp_samples`` rays per pixel: about half a minute for a
    small street on two cores. One start of Blender; finished frames survive a crash.
    """

    @property
    def priority(self) -> int:
        """Return Luigi's order of work: after all frames, before all views."""
        return PAIRS_PRIORITY - place(self.position)

    def use(self) -> Use:
        """Return what the meaning of the options hangs on."""
        return Use(self._scenes(), (camera_set(self.camera_set),), is_traced=True)

    def requires(self) -> RenderSequence:
        """Return the task that makes the frames.

        Raises
        ------
        UserError
            For imported frames.
        """
        task = self.frames_task()
        if isinstance(task, ImportSequence):
            raise UserError(
                f"--source {self.source}: no ray can be traced through pictures; "
                "--dp-backend raytraced expects scenes alone"
            )
        return task

    def draw(self) -> SequenceDraw:
        """Return the PSF and seed of the sequence."""
        return sequence_draw(self, self.requires())

    def spec(self, numbers: list[int]) -> SequenceSpec:
        """Return what Blender will be asked for.

        Parameters
        ----------
        numbers : list of int
            The frames; what they are matters only where each has its own PSF.

        Raises
        ------
        UserError
            For a value out of range, or what cannot be traced.
        """
        spec = self.requires().spec()
        draw = self.draw()
        psfs = [draw.psf] if draw.psf else [draw.frame_psf(n) for n in numbers]
        camera = camera_set(self.camera_set).camera
        try:
            return SequenceSpec(
                spec.scene,
                dataclasses.replace(
                    spec.render,
                    margin_px=0,  # rays find for themselves what lies outside
                    samples=self.dp_samples,
                    denoiser=self.dp_denoiser,
                    second_surface=False,
                ),
                LensSpec(
                    focus_distance_m=camera.focus_distance_m,
                    sky_coc_radius_px=float(camera.coc_radius_px(math.inf)),
                    psfs=tuple(describe_psf(psf) for psf in psfs),
                ),
            )
        except ValueError as error:
            raise UserError(f"--dp-backend raytraced: {error}") from None

    def identity(self) -> str:
        """Return the hash of everything that changes a byte of the pairs."""
        bank, draw = PSF_BANKS[self.psf], self.draw()
        if type(draw.psf or bank[0]).__name__ not in PSF_TYPES:
            raise UserError(
                f"--psf {self.psf}: no lens has these shapes, which change with the "
                "radius; --dp-backend raytraced expects another bank"
            )
        one_frame = self.spec([0]).recipe()
        configuration: dict[str, Any] = {
            "format": view_pairs.PAIR_FORMAT_VERSION,
            "versions": library_versions("bpy", "numpy", "OpenEXR"),
            **one_frame,
        }
        if draw.psf is None:
            configuration["lens"]["psfs"] = [describe_psf(psf) for psf in bank]
            configuration["seed"] = list(draw.seed)
        return digest(configuration)

    def folder(self) -> Path:
        """Return the folder of the pairs."""
        name = self.requires().spec().scene.name
        camera = camera_set(self.camera_set).name
        return layout.pairs_folder(Path(self.work_dir), name, camera, self.identity())

    def output(self) -> luigi.LocalTarget:
        """Return ``views_raytraced.json``, the last file to be written."""
        return luigi.LocalTarget(str(self.folder() / view_pairs.PAIRS_MANIFEST))

    def pairs(self) -> frames.FrameSequence:
        """Return the manifest of the finished pairs."""
        return frames.FrameSequence.load(self.folder(), view_pairs.PAIRS_MANIFEST)

    def complete(self) -> bool:
        """Tell whether every pair is there, whole."""
        try:
            entries = self.pairs().frames
        except frames.FrameError:
            return False
        records = {row.file: dataclasses.asdict(row) for row in entries}
        return is_whole(self.folder(), records)

    def run(self) -> None:
        """Start Blender on the missing pairs."""
        source = frames.FrameSequence.load(self.requires().folder())
        spec = self.spec([row.number for row in source.frames])
        name = f"{spec.scene.name} camera {camera_set(self.camera_set).name}"
        log = layout.render_log(Path(self.work_dir), self.folder().name, "raytraced")
        with (
            plain_failures(self.folder()),
            exclusive(self.folder(), f"traced views of {name}"),
            frame_bar(self, f"trace {self.position} {name}") as bar,
        ):
            if self.complete():
                return  # another run has made them
            shower = EventShower(bar, name, is_strict=self.strict)
            with shower.notes_on_failure():
                render_sequence(
                    spec,
                    self.folder(),
                    log,
                    limits=self.requires().limits(),
                    on_event=shower.show,
                )


def sequence_draw(task: Any, frames_task: Any) -> SequenceDraw:
    """Return what is drawn for a task's scene and camera, or is the camera's own."""
    camera = camera_set(task.camera_set)
    sequence = f"{task.draw_name or frames_task.seed_name()}/{camera.name}"
    draw = draw_sequence(task.seed, sequence, task.psf, cast(PsfPer, task.psf_per))
    return draw.with_own(camera.psf, camera.noise_sigma)
