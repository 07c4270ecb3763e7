"""Frames of one sequence from Blender."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Generator
from pathlib import Path
from typing import Any

import luigi

from blender_scenes import frames
from blender_scenes.notes import Note
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec
from pipeline import layout
from pipeline.blend_files import external_files
from pipeline.blender_process import BlenderLimits, render_sequence
from pipeline.console import FrameBar, frame_bar, plain_failures, say
from pipeline.draws import seed_name
from pipeline.errors import UserError
from pipeline.identity import digest, library_versions
from pipeline.manifest import is_whole
from pipeline.notes import has_warnings, refuse_warnings, say_notes
from pipeline.run_lock import exclusive
from pipeline.scenes import scene_size, scene_spec
from pipeline.tasks.meaning import Use
from pipeline.tasks.options import RenderOptions, place, position_parameter
from pipeline.tasks.parameters import Position, WholeNumber

FRAMES_PRIORITY = 2_000_000


class RenderSequence(RenderOptions, luigi.Task):
    """Render all-in-focus frames with depth, labels and flow of one scene.

    Needs a scene; writes a frame folder (EXR frames, ``frames.json`` last). About
    ten seconds per small frame on two cores, one start of Blender per sequence.
    Finished frames survive a crash.
    """

    scene: luigi.Parameter[str] = luigi.Parameter(
        description="Scene to render: city-N or street-N (N = 1, 2, ...), a .blend "
        "file or a scene.json."
    )
    margin_px: WholeNumber = WholeNumber(
        default=48,
        description="Overscan on every side in pixels; BuildDataset sets it from "
        "the cameras.",
    )
    position: Position = position_parameter()

    @property
    def priority(self) -> int:
        """Return Luigi's order of work: all frames before all views."""
        return FRAMES_PRIORITY - place(self.position)

    def use(self) -> Use:
        """Return what the meaning of the options hangs on."""
        return Use((self.scene,))

    def spec(self) -> SequenceSpec:
        """Return what Blender will be asked for.

        Raises
        ------
        UserError
            For a value out of range, a missing file, an empty frame range.
        """
        return self._asked

    @functools.cached_property
    def _asked(self) -> SequenceSpec:
        """What Blender will be asked for, found once: asked for often, slow to find.

        So a file that is edited meanwhile makes another sequence in the next run.
        """
        self.limits()
        scene = scene_spec(self.scene, self.frames)
        width, height = scene_size(self.size, scene)
        try:
            render = RenderSpec(
                width=width,
                height=height,
                margin_px=self.margin_px,
                samples=self.samples,
                exposure=self.exposure,
                denoiser=self.denoiser,
                device=self.device,
                engine=self.engine,
                threads=self.threads,
            )
        except ValueError as error:
            words = f"--{error}".replace("margin_px", "margin-px")
            raise UserError(words) from None
        return SequenceSpec(self._opened(scene), render)

    def _opened(self, scene: SceneSpec) -> SceneSpec:
        """Return the scene with what concerns a .blend alone."""
        if scene.blend_file is None:
            return scene
        scene = dataclasses.replace(
            scene, camera=self.camera or None, trust_scripts=self.trust_scripts
        )
        files = external_files(scene, Path(self.work_dir), self.limits())
        return dataclasses.replace(scene, files=files)

    def limits(self) -> BlenderLimits:
        """Return how long Blender may be silent, and how much memory it may hold.

        Raises
        ------
        UserError
            For a limit that can't be.
        """
        if not self.frame_time_limit > 0:
            raise UserError(
                f"--frame-time-limit {self.frame_time_limit:g}: expected seconds > 0"
            )
        if not self.memory_limit >= 0:
            raise UserError(
                f"--memory-limit {self.memory_limit:g}: expected gigabytes > 0, or 0"
            )
        return BlenderLimits(self.frame_time_limit, self.memory_limit or None)

    def sequence_name(self) -> str:
        """Return what the sequence is called in reports."""
        return self.spec().scene.name

    def seed_name(self) -> str:
        """Return what seeds are drawn from, unless names collide."""
        return seed_name(self.sequence_name(), filler="_")

    def recipe(self) -> dict[str, Any]:
        """Return what is rendered and how, free of paths."""
        return self.spec().recipe()

    def identity(self) -> str:
        """Return the hash of everything that changes a byte of the frames."""
        return digest(
            {
                "format": frames.FORMAT_VERSION,
                "versions": library_versions("bpy", "numpy", "OpenEXR"),
                **self.spec().recipe(),
            }
        )

    def folder(self) -> Path:
        """Return the frame folder."""
        name = self.spec().scene.name
        return layout.frames_folder(Path(self.work_dir), name, self.identity())

    def output(self) -> luigi.LocalTarget:
        """Return ``frames.json``, the last file to be written."""
        return luigi.LocalTarget(str(self.folder() / frames.MANIFEST_NAME))

    def complete(self) -> bool:
        """Tell whether every frame is there, whole."""
        folder = self.folder()
        try:
            sequence = frames.FrameSequence.load(folder)
        except frames.FrameError:
            return False
        if self.strict and has_warnings(sequence.notes):
            return False  # so that it runs, and says what it refuses
        records = {row.file: dataclasses.asdict(row) for row in sequence.frames}
        return is_whole(folder, records)

    def run(self) -> None:
        """Start Blender on the missing frames."""
        spec = self.spec()
        name = spec.scene.name
        log = layout.render_log(Path(self.work_dir), name, self.identity())
        with (
            plain_failures(self.folder()),
            exclusive(self.folder(), f"frames of {name}"),
            frame_bar(self, f"render {self.position} {name}") as bar,
        ):
            if self.complete():
                return  # another run has made them
            shower = EventShower(bar, name, is_strict=self.strict)
            with shower.notes_on_failure():
                render_sequence(
                    spec, self.folder(), log, limits=self.limits(), on_event=shower.show
                )
            if self.strict:
                notes = frames.FrameSequence.load(self.folder()).notes
                refuse_warnings(notes, name)


class EventShower:
    """Shows a Blender child's events: progress on a bar, messages as lines.

    Notes are printed by who uses the frames, when all is done; here only if it fails.
    """

    def __init__(self, bar: FrameBar, name: str, *, is_strict: bool) -> None:
        self._bar = bar
        self._name = name
        self._is_strict = is_strict
        self._notes: list[Note] = []

    def show(self, event: dict[str, Any]) -> None:
        """Show one event.

        Raises
        ------
        UserError
            For a warning, if frames that may be wrong are refused.
        """
        if event["event"] == "walk":
            self._bar.walk(event["number"], event["total"])
        elif event["event"] == "start":
            if self._is_strict:
                refuse_warnings(self._notes)
            total = len(event["frames"])
            self._bar.start(total, done=total - len(event["missing"]))
        elif event["event"] == "frame":
            self._bar.advance()
        elif event["event"] == "message":
            say(f"{self._name}: {event['message']}")
        elif event["event"] == "note":
            fields = {key: value for key, value in event.items() if key != "event"}
            self._notes.append(Note.from_description(fields))

    @contextlib.contextmanager
    def notes_on_failure(self) -> Generator[None]:
        """Print the notes if the render fails: one of them may say why."""
        try:
            yield
        except UserError:
            self._bar.close()
            told = [n for n in self._notes if not (self._is_strict and n.is_warning)]
            say_notes({self._name: told})
            raise
