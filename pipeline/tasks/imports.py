"""Frames of one sequence from RGB-D data that others made."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import luigi

from blender_scenes import frames
from pipeline import layout
from pipeline.console import frame_bar, plain_failures
from pipeline.draws import seed_name
from pipeline.errors import UserError
from pipeline.identity import digest, library_versions
from pipeline.importers.checksums import file_checksum
from pipeline.importers.depth_notes import Shown, notes_of_shown
from pipeline.importers.file_notes import notes_of_files
from pipeline.importers.picture_files import ENCODED_SUFFIXES
from pipeline.importers.selection import Selection, parse_source
from pipeline.importers.source import SourceFrame
from pipeline.manifest import is_whole
from pipeline.notes import has_warnings, refuse_warnings
from pipeline.run_lock import exclusive
from pipeline.scenes import parse_frames
from pipeline.tasks.options import place, position_parameter, strict_parameter
from pipeline.tasks.parameters import OutputFolder, Position
from pipeline.tasks.render import FRAMES_PRIORITY

IMPORTER_VERSION = 1
Size = tuple[int, int]  # width, height

LIBRARIES = ("numpy", "opencv-python-headless", "OpenEXR", "pillow", "h5py")


class ImportSequence(luigi.Task):
    """Convert one sequence of a source to frames.

    Needs the source's files, which are only read; writes a frame folder (EXR frames,
    ``frames.json`` last) without a margin. About a second per frame of full HD.
    Finished frames survive a crash.
    """

    source: luigi.Parameter[str] = luigi.Parameter(
        description="Sequence to import: KIND:FOLDER:SEQUENCE, or FILE.toml:SEQUENCE "
        "(docs/importers.md)."
    )
    frames: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Frames: a count such as 8 for the first so many, or FIRST-LAST by "
        "the numbers of the files; empty takes all.",
    )
    work_dir: OutputFolder = OutputFolder(
        default="work", description="Folder for frames and views, kept between runs."
    )
    strict: luigi.BoolParameter = strict_parameter()
    position: Position = position_parameter()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check parameters and files before Luigi schedules anything."""
        super().__init__(*args, **kwargs)
        self._chosen = self._chosen_sequence()
        self._identity = self._current_identity()  # asked for often, slow to find

    @property
    def priority(self) -> int:
        """Return Luigi's order of work: all frames before all views."""
        return FRAMES_PRIORITY - place(self.position)

    def _chosen_sequence(self) -> tuple[Selection, str, Path]:
        """Return the reader, the name of the sequence and its folder."""
        selection = parse_source(self.source)
        found = selection.sequences()
        if len(found) != 1:
            raise UserError(
                f"--source {self.source}: {len(found)} sequences; expected the name of "
                f"one, such as {selection.text}:{next(iter(found))}"
            )
        ((name, folder),) = found.items()
        return selection, name, folder

    def sequence_name(self) -> str:
        """Return what the sequence is called in reports."""
        selection, name, _ = self._chosen
        return selection.scene_name(name)

    def seed_name(self) -> str:
        """Return what seeds are drawn from, unless names collide."""
        return seed_name(self.sequence_name(), filler="-")

    def source_frames(self) -> tuple[SourceFrame, ...]:
        """Return the files of the frames that are asked for.

        Raises
        ------
        UserError
            If there are none, or some are missing.
        """
        selection, _, folder = self._chosen
        return chosen_frames(selection.source.frames(folder), self.frames, folder)

    def recipe(self) -> dict[str, Any]:
        """Return what is imported and how, free of paths."""
        selection, name, _ = self._chosen
        return {
            "importer": selection.kind,
            "importer_version": IMPORTER_VERSION,
            "options": selection.options(),
            "sequence": name,
        }

    def identity(self) -> str:
        """Return the hash of everything that changes a byte of the frames."""
        return self._identity

    def _current_identity(self) -> str:
        return digest(
            {
                "format": frames.FORMAT_VERSION,
                "versions": library_versions(*LIBRARIES),
                "files": _checksums(self.source_frames()),
                **self.recipe(),
            }
        )

    def folder(self) -> Path:
        """Return the frame folder."""
        work = Path(self.work_dir)
        return layout.frames_folder(work, self.sequence_name(), self.identity())

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
        """Convert the missing frames."""
        source = self._chosen[0].source
        folder, wanted = self.folder(), self.source_frames()
        title = f"import {self.position} {self.sequence_name()}"
        with (
            plain_failures(folder),
            exclusive(folder, f"frames of {self.sequence_name()}"),
            frame_bar(self, title) as bar,
        ):
            if self.complete():
                return  # another run has made them
            folder.mkdir(parents=True, exist_ok=True)
            shown = {row: _shown_by_stored(folder, row) for row in wanted}
            missing = [row for row in wanted if shown[row] is None]
            bar.start(len(wanted), len(wanted) - len(missing))
            for row in missing:
                frame = frames.as_stored(source.read(row))
                shown[row] = found = Shown.by(frame)
                _check_size(row, found.size, (shown[wanted[0]] or found).size)
                frames.write_frame(folder / frames.frame_file(row.number), frame)
                bar.advance()
            known = {row: one for row, one in shown.items() if one is not None}
            manifest = self._manifest(folder, known)
            if self._current_identity() != self.identity():
                for row in missing:
                    (folder / frames.frame_file(row.number)).unlink()
                raise UserError(
                    f"--source {self.source}: files changed while they were imported; "
                    "run the same command again"
                )
            manifest.save(folder)
            if self.strict:
                refuse_warnings(manifest.notes, self.sequence_name())

    def _manifest(
        self, folder: Path, shown: dict[SourceFrame, Shown]
    ) -> frames.FrameSequence:
        source, wanted = self._chosen[0].source, tuple(shown)
        size = shown[wanted[0]].size
        entries: list[frames.FrameEntry] = []
        for row in wanted:
            path = folder / frames.frame_file(row.number)
            camera = source.known_camera(row, size)
            entries.append(
                frames.FrameEntry(
                    number=row.number,
                    file=path.name,
                    sha256=frames.sha256_of(path),
                    bytes=path.stat().st_size,
                    intrinsics=camera.intrinsics,
                    world_from_camera=camera.world_from_camera,
                )
            )
        suffixes = {row.colour.suffix.lower() for row in wanted}
        return frames.FrameSequence(
            source={**self.recipe(), "files": _checksums(wanted)},
            fps=source.fps,
            size=size,
            margin_px=0,
            encoded_source=not suffixes.isdisjoint(ENCODED_SUFFIXES),
            versions=library_versions(*LIBRARIES),
            frames=tuple(entries),
            notes=(
                *notes_of_files(wanted, source),
                *notes_of_shown(shown, source),
            ),
        )


def chosen_frames(
    found: tuple[SourceFrame, ...], text: str, folder: Path
) -> tuple[SourceFrame, ...]:
    """Return the frames that ``--frames`` asks for: at most N, or FIRST-LAST.

    Raises
    ------
    UserError
        If there is none.
    """
    span = parse_frames(text)
    if span is None:
        return found
    first, last = span
    if "-" not in text:
        return found[:last]
    chosen = tuple(row for row in found if first <= row.number <= last)
    if not chosen:
        raise UserError(
            f"--frames {text!r}: none of the frames of {folder}, which are numbered "
            f"{found[0].number} to {found[-1].number}"
        )
    return chosen


def _checksums(wanted: tuple[SourceFrame, ...]) -> dict[str, dict[str, str]]:
    return {
        str(row.number): {
            role: file_checksum(path) for role, path in row.files().items()
        }
        for row in wanted
    }


def _shown_by_stored(folder: Path, row: SourceFrame) -> Shown | None:
    """Return what a frame shows that is there, whole; else None."""
    try:
        frame = frames.read_frame(folder / frames.frame_file(row.number))
    except frames.FrameError:
        return None
    return Shown.by(frame)


def _check_size(row: SourceFrame, size: Size, expected: Size) -> None:
    if size != expected:
        raise UserError(
            f"{row.colour}: {size[0]} x {size[1]} pixels; expected {expected[0]} x "
            f"{expected[1]}, as the first frame of the sequence"
        )
