"""Frames of one sequence from Blender."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Generator
from pathlib import Path
from typing import Any

import luigi

from blender_scenes import frames
from blender_scenes.notes import Note
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec
from pipeline import layout
from pipeline.blender_process import BlenderLimits, render_sequence
from pipeline.console import FrameBar, frame_bar, plain_failures, say
from pipeline.errors import UserError, shown
from pipeline.identity import digest, library_versions
from pipeline.manifest import is_whole
from pipeline.notes import has_warnings, refuse_warnings, say_notes
from pipeline.scenes import parse_size, scene_spec
from pipeline.tasks.meaning import Use
from pipeline.tasks.options import RenderOptions, place, position_parameter
from pipeline.tasks.parameters import WholeNumber

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
    position: luigi.Parameter[str] = position_parameter()

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
        width, height = parse_size(self.size)
        self.limits()
        try:
            render = RenderSpec(
                width=width,
                height=height,
                margin_px=self.margin_px,
                samples=self.samples,
                denoiser=self.denoiser,
                device=self.device,
                engine=self.engine,
                threads=self.threads,
            )
        except ValueError as error:
            raise UserError(f"--{error}") from None
        return SequenceSpec(self._scene_spec(), render)

    def _scene_spec(self) -> SceneSpec:
        """Return the scene; how a .blend is opened concerns no other scene."""
        try:
            scene = scene_spec(self.scene, self.frames)
        except ValueError as error:
            raise UserError(f"--frames {shown(self.frames)}: {error}") from None
        if scene.blend_file is None:
            return scene
        return dataclasses.replace(
            scene, camera=self.camera or None, trust_scripts=self.trust_scripts
        )

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
        """Return what the sequence is called in folders and reports."""
        return self.spec().scene.name

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
        with plain_failures(), frame_bar(self, f"render {self.position} {name}") as bar:
            shower = EventShower(bar, name, is_strict=self.strict)
            with shower.notes_on_failure():
                render_sequence(
                    spec, self.folder(), log, limits=self.limits(), on_event=shower.show
                )
            if self.strict:
                notes = frames.FrameSequence.load(self.folder()).notes
                refuse_warnings(name, notes)


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
        if event["event"] == "start":
            total = len(event["frames"])
            self._bar.start(total, done=total - len(event["missing"]))
            if self._is_strict:
                refuse_warnings(self._name, self._notes)
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
            say_notes({self._name: self._notes})
            raise
