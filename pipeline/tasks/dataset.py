"""A dataset version: every scene through every camera, in the DPDD layout."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any, cast

import luigi

from blender_scenes import frames
from blender_scenes.notes import Note
from blender_scenes.own_names import partial_folder
from dp_model.render import Mode
from pipeline import layout
from pipeline.cameras import CameraSet, camera_items, camera_set, margin_px
from pipeline.console import FrameBar, frame_bar, plain_failures, say
from pipeline.draws import OWN_PSF, PSF_BANKS
from pipeline.errors import UserError
from pipeline.files import check_writable
from pipeline.identity import digest, library_versions
from pipeline.importers.selection import SOURCES
from pipeline.manifest import (
    damage,
    put_in_place,
    read_json,
    write_json,
)
from pipeline.members import (
    DEFAULT_SCENES,
    Member,
    dataset_members,
    draw_names,
    member_splits,
)
from pipeline.notes import (
    describe_notes,
    has_warnings,
    read_notes,
    refuse_warnings,
    say_notes,
)
from pipeline.preview import write_previews
from pipeline.run_lock import exclusive
from pipeline.scenes import frame_choice, is_file, longer_side_px
from pipeline.statistics import Statistics, frame_statistics, total
from pipeline.statistics_page import write_statistics_page
from pipeline.tasks.meaning import Use, defaults_of_meaningless
from pipeline.tasks.options import RAYTRACED, ViewOptions, verify_parameter
from pipeline.tasks.parameters import Number, OutputFolder, PlainName
from pipeline.tasks.views import SynthesiseViews, read_views
from pipeline.version_files import collect, file_records, image_size, write_words

SCHEMA_VERSION = 3  # 3: the depth's channel is Y
LIBRARIES = ("bpy", "matplotlib", "numpy", "opencv-python-headless", "pillow", "scipy")
UNUSED_MARGIN_PX = 48  # what is imported has none; as the option by default

Json = dict[str, Any]


class BuildDataset(ViewOptions, luigi.Task):
    """Build a dataset version from scenes and camera sets.

    Needs the views of every scene through every camera; writes
    ``DATASETS_DIR/NAME/VERSION``. The default, three streets of four small frames
    through five cameras, takes a few minutes on two cores.
    """

    camera_set: luigi.Parameter[str] = luigi.Parameter(
        default="all",
        description="Cameras: all (the paper's five), a number, a list (1,3), or TOML "
        "files (focal_length_mm, f_number, focus_distance_m, pixel_pitch_um).",
    )
    scene: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Scenes, separated by commas: city-N, street-N or files; empty "
        f"renders {DEFAULT_SCENES}, or nothing if there is a --source. Of three "
        "or more, the last is the test split and the one before it the "
        "validation split.",
    )
    source: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Frames to import, separated by commas: KIND:FOLDER, "
        f"KIND:FOLDER:SEQUENCE or .toml files. KIND is {', '.join(SOURCES)}. They keep "
        "their size, and have no margin (docs/importers.md).",
    )
    splits: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="How many scenes, in their order, are for training, validation and "
        "testing, such as 5,0,1; empty: of three or more the last is for testing, the "
        "one before it for validation.",
    )
    nearest: Number = Number(
        default=2.5,
        description="Nearest surface that the margin must allow for, metres.",
    )
    name: PlainName = PlainName(
        default="dual-pixel", description="Name of the dataset's folder."
    )
    datasets_dir: OutputFolder = OutputFolder(
        default="datasets", description="Folder that holds the datasets."
    )

    verify: luigi.BoolParameter = verify_parameter()

    def view_tasks(self) -> list[SynthesiseViews]:
        """Return one task per scene and camera, scene by scene.

        Raises
        ------
        UserError
            For any parameter that can't be.
        """
        if not self.nearest > 0:
            raise UserError(f"--nearest {self.nearest:g}: expected metres > 0")
        items = camera_items(self.camera_set)
        members = self._members()
        names = draw_names(members)
        margin, use = self._margin_px(), self.use()
        tasks = [
            self.clone(
                SynthesiseViews,
                draw_name=names[member.name],
                scene=member.scene,
                source=member.source,
                camera_set=item,
                margin_px=margin if member.scene else UNUSED_MARGIN_PX,
                scene_position=f"{row + 1}/{len(members)}",
                position=f"{row * len(items) + column + 1}/{len(members) * len(items)}",
                **self._unused_options(use, member, item),
            )
            for row, member in enumerate(members)
            for column, item in enumerate(items)
        ]
        return cast(list[SynthesiseViews], tasks)

    def _margin_px(self) -> int:
        """Return the overscan of what is rendered."""
        cameras = self._cameras()
        bank, mode = PSF_BANKS[self.psf], cast(Mode, self.mode)
        margin = margin_px(cameras, bank, mode, self.nearest)
        if self._scenes() and margin > longer_side_px(self.size):
            sky = margin_px(cameras, bank, mode, math.inf)
            what = f"a surface {self.nearest:g} m away" if sky < margin else "the sky"
            raise UserError(
                f"--nearest {self.nearest:g}: {what} is blurred over {margin:g} "
                "pixels, more than the picture has; expected the distance of the "
                "nearest surface in metres, a larger --size, or another --camera-set"
            )
        return margin

    def use(self) -> Use:
        """Return what the meaning of the options hangs on."""
        return Use(
            self._scenes(),
            self._cameras(),
            is_traced=self.dp_backend == RAYTRACED,
            is_divided=any(member.split is None for member in self._members()),
        )

    def _unused_options(self, use: Use, member: Member, item: str) -> Json:
        """Return defaults for what has no meaning for one scene and one camera."""
        scenes = (member.scene,) if member.scene else ()
        one = dataclasses.replace(use, scenes=scenes, cameras=(camera_set(item),))
        return defaults_of_meaningless(self, one)

    def _cameras(self) -> tuple[CameraSet, ...]:
        return tuple(camera_set(item) for item in camera_items(self.camera_set))

    def _members(self) -> tuple[Member, ...]:
        return dataset_members(self.scene, self.source)

    def _scenes(self) -> tuple[str, ...]:
        """Return the scenes to render."""
        return tuple(member.scene for member in self._members() if member.scene)

    def split_of_scenes(self) -> dict[str, str]:
        """Return the split of everything that is rendered or imported, by its name."""
        return member_splits(self._members(), self.splits)

    def check_split(self, split: str, wanted_by: str) -> None:
        """Check that a split will not be empty, before anything is rendered for it.

        Raises
        ------
        UserError
            If it will be.
        """
        names = list(self.split_of_scenes().values())
        if split not in names:
            counts = ", ".join(f"{names.count(name)} {name}" for name in layout.SPLITS)
            raise UserError(
                f"{wanted_by}: needs a scene in split {split!r}, the dataset to be "
                f"built has {counts}. Expected three or more scenes, or --splits"
            )

    def requires(self) -> list[SynthesiseViews]:
        """Return the views of every scene and camera.

        Raises
        ------
        UserError
            If the dataset could not be written once they are there.
        """
        check_writable("--datasets-dir", self.datasets_dir)
        return self.view_tasks()

    def identity(self) -> str:
        """Return the hash of everything that changes a byte of the dataset."""
        return digest(
            {
                "name": self.name,
                "splits": self.split_of_scenes(),
                "views": [task.identity() for task in self.view_tasks()],
                "versions": library_versions(*LIBRARIES),
            }
        )

    def version(self) -> str:
        """Return the name of the version: schema number and identity."""
        return f"v{SCHEMA_VERSION}-{self.identity()}"

    def folder(self) -> Path:
        """Return the folder of this version."""
        root = Path(self.datasets_dir)
        return layout.dataset_folder(root, self.name, self.version())

    def output(self) -> luigi.LocalTarget:
        """Return ``dataset.json``."""
        return luigi.LocalTarget(str(self.folder() / layout.DATASET_MANIFEST))

    def complete(self) -> bool:
        """Tell whether the version is there, whole; with ``--strict``, no warning.

        One that was damaged or edited is made again, which gives the same bytes.
        """
        folder = self.folder()
        if not folder.exists():
            return False
        found = damage(folder, self.version(), by_checksum=self.verify)
        if found is not None:
            if found != self._said:
                say(f"{found}. {folder} is made again from its frames")
            self._said = found
            return False
        if not self.strict:
            return True
        return not any(map(has_warnings, self._kept_notes().values()))

    _said: str | None = None

    def _kept_notes(self) -> dict[str, list[Note]]:
        manifest = read_json(self.folder() / layout.DATASET_MANIFEST)
        return read_notes(manifest.get("notes", []))

    def _notes(self) -> dict[str, tuple[Note, ...]]:
        """Return the notes on the frames of every scene.

        Raises
        ------
        UserError
            With ``--strict``, if frames may be wrong.
        """
        notes: dict[str, tuple[Note, ...]] = {}
        for task in self.view_tasks():
            frames_task = task.frames_task()
            name = frames_task.sequence_name()
            notes[name] = frames.FrameSequence.load(frames_task.folder()).notes
            if self.strict:
                refuse_warnings(notes[name], name)
        return notes

    def run(self) -> None:
        """Put the version together beside its place, then give it its name."""
        version, folder = self.version(), self.folder()
        with (
            plain_failures(folder),
            exclusive(folder, f"dataset {self.name} {version}"),
            frame_bar(self, "dataset") as bar,
        ):
            if not self.complete():  # or another run has built it
                self._put_together(version, folder, bar)

    def _put_together(self, version: str, folder: Path, bar: FrameBar) -> None:
        from rdpd.manifest import OWN_SHA256, manifest_sha256

        with partial_folder(folder) as part:
            sequences = self._sequences()
            bar.start(sum(len(sequence["frames"]) for sequence in sequences))
            for sequence, task in zip(sequences, self.view_tasks(), strict=True):
                collect(part, task.folder(), sequence, bar.advance)
            manifest = self._manifest(version, sequences)
            manifest["notes"] = describe_notes(self._notes())
            write_previews(part, manifest)
            write_words(part, manifest, self._write_statistics(part))
            manifest["files"] = file_records(part)
            # As it will be read: a number that is a key is text then.
            manifest[OWN_SHA256] = manifest_sha256(json.loads(json.dumps(manifest)))
            write_json(part / layout.DATASET_MANIFEST, manifest)
            put_in_place(part, folder, layout.DATASET_MANIFEST)

    def _write_statistics(self, part: Path) -> dict[str, float]:
        """Count what every frame shows; return the clipped share of each scene."""
        cameras = {
            entry.name: entry.camera
            for entry in map(camera_set, camera_items(self.camera_set))
        }
        tasks = {task.frames_task().sequence_name(): task for task in self.view_tasks()}
        by_scene: dict[str, Statistics] = {}
        for name, task in tasks.items():
            folder = task.frames_task().folder()
            source = frames.FrameSequence.load(folder)
            by_scene[name] = total(
                frame_statistics(
                    frames.read_frame(folder / row.file), source.margin_px, cameras
                )
                for row in source.frames
            )
        described = {name: one.described() for name, one in by_scene.items()}
        whole = total(by_scene.values()).described()
        write_json(part / layout.STATISTICS, {"all": whole, "scenes": described})
        title = f"{self.name} {self.version()}"
        write_statistics_page(part / layout.STATISTICS_PAGE, by_scene, title)
        return {name: one.clipped_share for name, one in by_scene.items()}

    def _sequences(self) -> list[Json]:
        tasks, members = self.view_tasks(), self._members()
        by_name = self.split_of_scenes()
        splits = {(m.scene, m.source): by_name[m.name] for m in members}
        sequences: list[Json] = []
        for number, task in enumerate(tasks, start=1):
            views = read_views(task.folder())
            frames_task, pairs_task = task.frames_task(), task.pairs_task()
            sequences.append(
                {
                    "name": layout.sequence_name(number),
                    "split": splits[task.scene, task.source],
                    "scene": frames_task.sequence_name(),
                    "size": image_size(task.folder(), views["frames"][0]),
                    "source": {
                        "frames": frames_task.identity(),
                        "spec": frames_task.recipe(),
                        "sha256": views["source_sha256"],
                    },
                    "settings": views["settings"],
                    "coc_range_px": views["coc_range_px"],
                    "frames": views["frames"],
                    "views": views["files"],
                }
            )
            if pairs_task is not None:
                sequences[-1]["pairs"] = {
                    "pairs": pairs_task.identity(),
                    "spec": pairs_task.spec(views["frames"]).recipe(),
                    "sha256": views["pairs_sha256"],
                }
            if "psf_of_frame" in views:
                sequences[-1]["psf_of_frame"] = views["psf_of_frame"]
        return sequences

    def _manifest(self, version: str, sequences: list[Json]) -> Json:
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "version": version,
            "parameters": self._parameters(),
            "versions": library_versions(*LIBRARIES),
            "sequences": [
                {key: value for key, value in sequence.items() if key != "views"}
                for sequence in sequences
            ],
        }

    def _parameters(self) -> Json:
        """Return the parameters free of paths and spelling: equal where bytes are."""
        kept = ("seed", "psf", "psf_per", "noise", "distortion", "dp_backend")
        if self._scenes():
            kept += ("samples", "denoiser", "engine", "device")
        if self.dp_backend == "raytraced":
            kept += ("dp_samples", "dp_denoiser")
        else:
            kept += ("mode",)
        parameters: Json = {
            "cameras": [Path(item).stem for item in camera_items(self.camera_set)],
            "scenes": [Path(scene).stem for scene in self._scenes()],
            **self._described_frames(),
            **{name: getattr(self, name) for name in kept},
        }
        if all(camera_set(item).psf for item in camera_items(self.camera_set)):
            parameters |= {"psf": OWN_PSF, "psf_per": "sequence"}
        if self._scenes():
            parameters["margin_px"] = self.view_tasks()[0].margin_px
        if self.source:
            imported = [m.name for m in self._members() if m.source]
            parameters["sources"] = imported
        return parameters

    def _described_frames(self) -> Json:
        """Return which frames were asked for.

        Of cities and charts, which are numbered from 1, a count is a range.
        """
        choice = frame_choice(self.frames)
        has_own_numbers = self.source or any(map(is_file, self._scenes()))
        if choice.count is not None and not has_own_numbers:
            return {"frame_range": (1, choice.count), "frame_count": None}
        return {"frame_range": choice.span, "frame_count": choice.count}


@BuildDataset.event_handler(luigi.Event.SUCCESS)
@BuildDataset.event_handler(luigi.Event.DEPENDENCY_PRESENT)
def announce(task: BuildDataset) -> None:
    """Say what to know and where the dataset lies, just built or built before."""
    folder = task.folder()
    manifest = read_json(folder / layout.DATASET_MANIFEST)
    say_notes(read_notes(manifest.get("notes", [])))
    say(f"dataset: {folder}\npreview: {folder / layout.PREVIEW / 'overview.png'}")
