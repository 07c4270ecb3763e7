"""Dual-pixel views of one sequence and one camera set."""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

import json
from pathlib import Path
from reprlib import repr as shortly
from typing import Any, cast

import luigi

from blender_scenes import frames
from blender_scenes.view_pairs import PAIRS_MANIFEST, read_view_pair
from dp_model.distortion import RELEASED_DISTORTIONS, RadialDistortion
from dp_model.noise import NoiseModel
from dp_model.render import Mode
from pipeline import layout
from pipeline.camera_limits import check_blur, check_distortion
from pipeline.cameras import CameraSet, camera_set
from pipeline.console import frame_bar, plain_failures
from pipeline.draws import PSF_BANKS
from pipeline.errors import UserError, shown
from pipeline.identity import digest, library_versions
from pipeline.images import is_readable, read_map, write_map, write_png
from pipeline.manifest import (
    Json,
    are_records,
    describe_psf,
    describe_settings,
    file_record,
    is_whole,
    read_json,
    write_json,
)
from pipeline.run_lock import exclusive
from pipeline.scenes import scene_size, scene_spec
from pipeline.synthesis import (
    TracedViews,
    Tracing,
    ViewSettings,
    synthesise_views,
)
from pipeline.tasks.meaning import Use
from pipeline.tasks.options import RAYTRACED, ViewOptions, place
from pipeline.tasks.scene_camera import SceneCameraOptions
from pipeline.tasks.trace import TraceViews, sequence_draw

FORMAT_VERSION = 3  # 3: the depth's channel is Y, which OpenCV reads, not Z
VIEWS_PRIORITY = 1_000_000  # Luigi ignores negative ones
EXR_CHANNELS = {"depth": "Y", "coc": "Y"}


class SynthesiseViews(SceneCameraOptions, ViewOptions, luigi.Task):
    """Put the frames of one scene through one dual-pixel camera.

    Needs a frame folder, and with ``dp_backend`` raytraced the pairs of views traced
    through the lens; writes left, right, combined, target (16-bit PNG), depth and CoC
    (EXR) per frame, ``views.json`` last. About a second per small frame.
    """

    @property
    def priority(self) -> int:
        """Return Luigi's order of work: scene by scene."""
        return VIEWS_PRIORITY - place(self.position)

    def use(self) -> Use:
        """Return what the meaning of the options hangs on."""
        return Use(
            self._scenes(),
            (camera_set(self.camera_set),),
            is_traced=self.dp_backend == RAYTRACED,
        )

    def pairs_task(self) -> TraceViews | None:
        """Return the task that traces the views, None where they are layered.

        Raises
        ------
        UserError
            For options that cannot be traced.
        """
        if self.dp_backend == "layered":
            return None
        return cast(TraceViews, self.clone(TraceViews))

    def requires(self) -> list[luigi.Task]:
        """Return what makes the frames, and what traces the views if they are."""
        pairs_task = self.pairs_task()
        return [self.frames_task(), *([pairs_task] if pairs_task else [])]

    def settings(self) -> ViewSettings:
        """Return what turns a frame into views."""
        camera = camera_set(self.camera_set)
        is_traced = self.dp_backend == RAYTRACED
        return ViewSettings(
            camera_set=camera,
            draw=sequence_draw(self, self.frames_task()),
            mode=cast(Mode, self.mode),
            noise_model=cast(NoiseModel, self.noise),
            distortion=self._distortion(camera),
            tracing=Tracing(self.dp_samples, self.dp_denoiser) if is_traced else None,
        )

    def _distortion(self, camera: CameraSet) -> RadialDistortion | None:
        """Return what the lens does, one-to-one in a picture of this size."""
        distortion = _chosen_distortion(self.camera_set, camera, self.distortion)
        size = self._known_size()
        if distortion is not None and size is not None:
            check_distortion(camera, distortion, size)
        return distortion

    def _known_size(self) -> tuple[int, int] | None:
        """Return width and height where they are known before there are frames."""
        if not self.scene:
            return None
        width, height = scene_size(self.size, scene_spec(self.scene, self.frames))
        return None if width is None or height is None else (width, height)

    def identity(self) -> str:
        """Return the hash of everything that changes a byte of the views."""
        settings = self.settings()
        configuration: dict[str, Any] = {
            "format": FORMAT_VERSION,
            "frames": self.frames_task().identity(),
            "settings": describe_settings(settings),
            "versions": library_versions("numpy", "opencv-python-headless", "scipy"),
        }
        pairs_task = self.pairs_task()
        if pairs_task is not None:
            configuration["pairs"] = pairs_task.identity()
        if settings.draw.psf is None:
            bank = PSF_BANKS[self.psf]
            configuration["psf_bank"] = [describe_psf(psf) for psf in bank]
        return digest(configuration)

    def folder(self) -> Path:
        """Return the view folder."""
        scene = self.frames_task().sequence_name()
        camera = camera_set(self.camera_set).name
        return layout.views_folder(Path(self.work_dir), scene, camera, self.identity())

    def output(self) -> luigi.LocalTarget:
        """Return ``views.json``, the last file to be written."""
        return luigi.LocalTarget(str(self.folder() / layout.VIEWS_MANIFEST))

    def complete(self) -> bool:
        """Tell whether every picture is there, whole, and listed as it was made."""
        folder = self.folder()
        try:
            manifest = read_views(folder)
        except UserError:
            return False
        is_ours = manifest["settings"] == described_in_json(self.settings())
        return is_ours and is_whole(folder, manifest["files"])

    def run(self) -> None:
        """Synthesise the frames that are missing."""
        source_folder, folder = self.frames_task().folder(), self.folder()
        source = frames.FrameSequence.load(source_folder)
        pairs_task = self.pairs_task()
        settings = self.settings()
        camera = settings.camera_set
        scene = self.frames_task().sequence_name()
        title = f"views {self.position} {scene} camera {camera.name}"
        what = f"views of {scene} through camera {camera.name}"
        with (
            plain_failures(folder),
            exclusive(folder, what),
            frame_bar(self, title) as bar,
        ):
            if self.complete():
                return  # another run has made them
            missing = [row for row in source.frames if not _is_done(folder, row.number)]
            bar.start(len(source.frames), len(source.frames) - len(missing))
            if settings.distortion is not None:  # only now is an import's size known
                check_distortion(camera, settings.distortion, source.size)
            for row in missing:
                frame = _read_checked(source_folder, row)
                if pairs_task is None:
                    check_blur(source_folder / row.file, frame, camera)
                traced = pairs_task and _traced_views(pairs_task, row.number)
                pictures = synthesise_views(
                    frame, source.margin_px, row.number, settings, traced
                )
                _write_pictures(folder, row.number, pictures)
                bar.advance()
            manifest = _views_manifest(folder, source, settings)
            if pairs_task is not None:
                manifest["pairs_sha256"] = _checksums(pairs_task.pairs())
            write_json(folder / layout.VIEWS_MANIFEST, manifest)


def read_views(folder: Path) -> Json:
    """Return the manifest of a finished view folder.

    Raises
    ------
    UserError
        If ``views.json`` is missing, of another format, or was edited into nonsense.
    """
    path = folder / layout.VIEWS_MANIFEST
    views = read_json(path)
    if views.get("format_version") != FORMAT_VERSION:
        raise UserError(
            f"{path}: format {shortly(views.get('format_version'))}; expected "
            f"{FORMAT_VERSION}"
        )
    is_right = {
        "settings": isinstance(views.get("settings"), dict),
        "source_sha256": isinstance(views.get("source_sha256"), dict),
        "coc_range_px": _are_numbers(views.get("coc_range_px"), (int, float)),
        "frames": _are_numbers(views.get("frames"), (int,)),
    }
    is_right["files"] = is_right["frames"] and are_records(
        views.get("files"), _picture_files(views["frames"])
    )
    for key, right in is_right.items():
        if not right:
            raise UserError(
                f"{path}: {key!r} is {shortly(views.get(key))}; was it edited? Delete "
                "the file, and run again"
            )
    return views


def _are_numbers(values: Any, kinds: tuple[type, ...]) -> bool:
    is_list = isinstance(values, list) and len(cast(list[Any], values)) > 0
    return is_list and all(type(value) in kinds for value in cast(list[Any], values))


def described_in_json(settings: ViewSettings) -> Json:
    """Return a description as it comes back from a file: tuples are lists there."""
    return json.loads(json.dumps(describe_settings(settings)))


def _picture_files(numbers: list[int]) -> list[str]:
    return [layout.view_file(kind, n) for n in numbers for kind in layout.PICTURES]


def _chosen_distortion(
    item: str, camera: CameraSet, choice: str
) -> RadialDistortion | None:
    if choice == "none":
        return None
    if choice == "division":
        return camera.distortion
    if item not in RELEASED_DISTORTIONS:
        raise UserError(
            f"--distortion released: the published code has no polynomial for camera "
            f"{shown(item)}; expected one of {', '.join(RELEASED_DISTORTIONS)}"
        )
    return RELEASED_DISTORTIONS[item]


def _is_done(folder: Path, frame: int) -> bool:
    return all(
        is_readable(folder / layout.view_file(k, frame)) for k in layout.PICTURES
    )


def _read_checked(folder: Path, row: frames.FrameEntry) -> frames.Frame:
    path = folder / row.file
    frame = frames.read_frame(path)
    _check_sha256(path, row, frames.MANIFEST_NAME)
    return frame


def _traced_views(task: TraceViews, number: int) -> TracedViews:
    """Return the pair of one frame."""
    pairs = task.pairs()
    row = next(row for row in pairs.frames if row.number == number)
    path = task.folder() / row.file
    left, right = read_view_pair(path)
    _check_sha256(path, row, PAIRS_MANIFEST)
    return TracedViews(left, right, pairs.margin_px)


def _check_sha256(path: Path, row: frames.FrameEntry, manifest_name: str) -> None:
    if frames.sha256_of(path) != row.sha256:
        raise UserError(
            f"{path}: checksum differs from {manifest_name}; the file was "
            "changed after it was rendered. Delete it and run again"
        )


def _checksums(source: frames.FrameSequence) -> dict[str, str]:
    return {row.file: row.sha256 for row in source.frames}


def _write_pictures(folder: Path, frame: int, pictures: dict[str, Any]) -> None:
    for kind, picture in pictures.items():
        path = folder / layout.view_file(kind, frame)
        if kind in EXR_CHANNELS:
            write_map(path, picture, EXR_CHANNELS[kind])
        else:
            write_png(path, picture)


def _views_manifest(
    folder: Path, source: frames.FrameSequence, settings: ViewSettings
) -> dict[str, Any]:
    numbers = [row.number for row in source.frames]
    manifest: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "settings": describe_settings(settings),
        "source_sha256": _checksums(source),
        "coc_range_px": _coc_range(folder, numbers),
        "frames": numbers,
        "files": {name: file_record(folder / name) for name in _picture_files(numbers)},
    }
    if settings.draw.psf is None:
        manifest["psf_of_frame"] = {
            str(n): describe_psf(settings.draw.frame_psf(n)) for n in numbers
        }
    return manifest


def _coc_range(folder: Path, numbers: list[int]) -> list[float]:
    """Return smallest and largest signed CoC radius of a sequence, pixels."""
    maps = [read_map(folder / layout.view_file("coc", number)) for number in numbers]
    return [float(min(m.min() for m in maps)), float(max(m.max() for m in maps))]
