"""Views that are synthesised while a network trains: frames in, fresh optics per clip.

Of every clip that is drawn, camera, PSF and noise are drawn anew, and only the patch
that is trained on is blurred, with as much around it as the blur reaches.
"""

# Torch is typed in part only.
# pyright: basic

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from blender_scenes.frames import (
    MANIFEST_NAME,
    Frame,
    FrameError,
    FrameSequence,
    cause_of,
    read_frame,
    sha256_of,
)
from dp_model.camera import ThinLensCamera
from dp_model.distortion import (
    BarrelDistortion,
    DivisionDistortion,
)
from dp_model.noise import SIGMA_GRID, NoiseModel, add_noise
from dp_model.psf import ButterworthPsf, RampDiskPsf
from dp_model.radiometry import encode_srgb
from dp_model.render import Mode
from pipeline import layout
from pipeline.draws import OWN_PSF, PSF_BANKS
from pipeline.errors import UserError
from pipeline.identity import digest
from pipeline.manifest import Json
from pipeline.patch_views import Lens, Surfaces, patch_views
from rdpd.data import TRAINING_KINDS, Item, empty_split, radial_patch
from rdpd.manifest import read_manifest
from rdpd.sampling import Cut, Extent
from rdpd.words import shortly

MOST_KEPT_BYTES = 4 << 30
LONGEST_NAME_BYTES = 255
DISTORTIONS = {one.__name__: one for one in (BarrelDistortion, DivisionDistortion)}
PSFS = {one.__name__: one for one in (ButterworthPsf, RampDiskPsf)}

ChoiceT = TypeVar("ChoiceT")


@dataclass(frozen=True)
class Optics:
    """What is drawn from.

    Parameters
    ----------
    lenses : tuple of Lens
    psf_bank : str
        Key of `pipeline.draws.PSF_BANKS`; not looked at where every lens has its own.
    mode : Mode
    noise : NoiseModel
        Its strength is drawn from `dp_model.noise.SIGMA_GRID` for lenses without.
    """

    lenses: tuple[Lens, ...]
    psf_bank: str
    mode: Mode
    noise: NoiseModel


class SynthesisedClips:
    """Clips of frame folders, seen through optics drawn for each; a ``ClipSource``.

    Parameters
    ----------
    folders : sequence of Path
        Finished frame folders, each a sequence.
    optics : Optics
    device : torch.device
        Where the views are made and the network is trained.
    read : callable
        Returns the frame of a file.

    Raises
    ------
    FrameError
        If a folder is not finished, or lacks a frame.
    """

    is_single = False
    workers_may_read = False  # they would each need the device

    def __init__(
        self,
        folders: Sequence[Path],
        optics: Optics,
        device: torch.device,
        read: Callable[[Path], Frame] = read_frame,
    ) -> None:
        self._folders = tuple(folders)
        self._read = read
        self._optics = optics
        self._device = device
        self._sequences = tuple(FrameSequence.load(folder) for folder in folders)
        self._kept: OrderedDict[Path, Surfaces] = OrderedDict()
        self._checked: set[Path] = set()
        for folder, one in zip(self._folders, self._sequences, strict=True):
            _check_sizes(folder, one)
        self.extents = tuple(
            Extent(len(one.frames), one.size[1], one.size[0]) for one in self._sequences
        )
        rows = [[row.sha256 for row in one.frames] for one in self._sequences]
        described = hashlib.sha256(repr(optics).encode()).hexdigest()
        self.identity = f"on-the-fly/{digest({'frames': rows, 'optics': described})}"

    @property
    def lenses(self) -> tuple[Lens, ...]:
        """The cameras that are drawn from."""
        return self._optics.lenses

    def scene(self, sequence: int) -> str:
        """Return the name of what a sequence shows."""
        return self.name(sequence).rpartition("-")[0]  # without the hash

    def name(self, sequence: int) -> str:
        """Return the name of a sequence."""
        return self._folders[sequence].name

    def read(self, cut: Cut, kinds: Sequence[str] = TRAINING_KINDS) -> Item:
        """Return a block of a sequence through optics that its entropy draws."""
        rng = np.random.default_rng(cut.entropy)
        lens = self._optics.lenses[int(rng.integers(len(self._optics.lenses)))]
        psf, sigma = lens.psf, lens.noise_sigma
        if psf is None:
            psf = _drawn(rng, PSF_BANKS[self._optics.psf_bank])
        if sigma is None:
            sigma = _drawn(rng, SIGMA_GRID)
        noise = DeviceNormals(int(rng.integers(2**62)), self._device)
        source, folder = self._sequences[cut.sequence], self._folders[cut.sequence]
        frames: list[dict[str, Tensor]] = []
        for row in source.frames[cut.first : cut.first + cut.frames]:
            surfaces = self._surfaces(folder / row.file, row.sha256)
            sharp = patch_views(
                surfaces,
                source.margin_px,
                cut,
                lens,
                psf,
                mode=self._optics.mode,
            )
            frames.append(_exposed(sharp, sigma, noise, self._optics.noise))
        item = {
            kind: torch.stack([frame[_seen(kind, cut)] for frame in frames])
            for kind in kinds
        }
        item["radial"] = radial_patch(self.extents[cut.sequence], cut).to(self._device)
        return {name: t.flip(-1) if cut.flip else t for name, t in item.items()}

    def _surfaces(self, path: Path, sha256: str) -> Surfaces:
        """Return a frame, kept on the device if there is room."""
        if path not in self._kept:
            frame = self._read(path)
            if path not in self._checked:  # once per training; frames come and go
                _check_sha256(path, sha256)
                self._checked.add(path)
            self._kept[path] = _on_device(frame, self._device)
            while sum(kept.bytes for kept in self._kept.values()) > MOST_KEPT_BYTES:
                if len(self._kept) == 1:
                    break
                self._kept.popitem(last=False)
        self._kept.move_to_end(path)
        return self._kept[path]


def _check_sizes(folder: Path, sequence: FrameSequence) -> None:
    for row in sequence.frames:
        path = folder / row.file
        try:
            is_whole = path.stat().st_size == row.bytes
        except OSError:
            is_whole = False
        if not is_whole:
            raise FrameError(
                f"{path}: missing, or not the {row.bytes} bytes that {MANIFEST_NAME} "
                "says; build the dataset again"
            )


def _check_sha256(path: Path, sha256: str) -> None:
    if sha256_of(path) != sha256:
        raise FrameError(
            f"{path}: checksum differs from {MANIFEST_NAME}; it was changed"
        )


def _drawn(rng: np.random.Generator, choices: tuple[ChoiceT, ...]) -> ChoiceT:
    return choices[int(rng.integers(len(choices)))]


class DeviceNormals:
    """Stands in for a NumPy generator, so that noise is drawn where it is needed."""

    def __init__(self, seed: int, device: torch.device) -> None:
        self._generator = torch.Generator(device).manual_seed(seed)

    def standard_normal(self, shape: tuple[int, ...]) -> Tensor:
        """Return independent standard normal values, float32."""
        device = self._generator.device
        return torch.randn(shape, generator=self._generator, device=device)


def _exposed(
    sharp: dict[str, Tensor], sigma: float, noise: DeviceNormals, model: NoiseModel
) -> dict[str, Tensor]:
    """Return the pictures with noise and encoded, (3, h, w) in [0, 1]."""
    rng = cast(np.random.Generator, noise)
    linear = {
        kind: sharp[kind]
        if kind == "target"
        else add_noise(sharp[kind], sigma, rng, model=model)
        for kind in TRAINING_KINDS
    }
    linear["combined"] = (linear["left"] + linear["right"]) / 2
    return {
        kind: encode_srgb(one).clamp(0.0, 1.0).movedim(-1, 0)
        for kind, one in linear.items()
    }


def _seen(kind: str, cut: Cut) -> str:
    """Return the kind that a kind is made of: in a mirror, views change places."""
    swapped = {"left": "right", "right": "left"}
    return swapped.get(kind, kind) if cut.flip else kind


def _on_device(frame: Frame, device: torch.device) -> Surfaces:
    def sent(values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(device)

    hidden = frame.hidden and (sent(frame.hidden[0]), sent(frame.hidden[1]))
    nearest_m = float(frame.depth_m.min())
    return Surfaces(sent(frame.linear_rgb), sent(frame.depth_m), hidden, nearest_m)


def training_clips(dataset: Path, work: Path, device: torch.device) -> SynthesisedClips:
    """Return the frames of a dataset's training split, seen through its cameras.

    Parameters
    ----------
    dataset : Path
        A dataset version. Its parameters say what is drawn from.
    work : Path
        Folder that still holds the frames that it was made from.
    device : torch.device

    Raises
    ------
    UserError
        If a frame folder is gone, or the manifest does not say what to draw from.
    FrameError
        If a frame is gone, or not whole.
    DataError
        If the manifest is none.
    """
    manifest = read_manifest(dataset)
    rows = [row for row in manifest["sequences"] if row["split"] == "train"]
    try:
        optics = optics_of(manifest)
        folders = list(dict.fromkeys(_frames_folder(work, row) for row in rows))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"{dataset / layout.DATASET_MANIFEST}: does not say what --on-the-fly "
            f"draws from ({cause_of(error)}); was it edited?"
        ) from None
    if not folders:
        raise UserError(empty_split(dataset, "train", manifest["sequences"]))
    for folder in folders:
        if not folder.is_dir():
            raise UserError(
                f"{folder}: missing; --on-the-fly needs the frames that the dataset "
                "was made from. Build it again, or name their folder with --work-dir"
            )
    return SynthesisedClips(folders, optics, device)


def _frames_folder(work: Path, row: Json) -> Path:
    """Return where the frames of a sequence lie."""
    folder = layout.frames_folder(work, row["scene"], row["source"]["frames"])
    is_inside = folder.parent == layout.frames_folder(work, "scene", "hash").parent
    is_inside &= "/" not in row["scene"]  # no scene is called so
    if not is_inside or len(os.fsencode(folder.name)) > LONGEST_NAME_BYTES:
        raise ValueError(f"{shortly(folder.name)} is no folder's name")
    return folder


def optics_of(manifest: Json) -> Optics:
    """Return what the manifest of a dataset says of its training split's optics."""
    rows = [row for row in manifest["sequences"] if row["split"] == "train"]
    parameters = manifest["parameters"]
    if parameters["psf"] not in (*PSF_BANKS, OWN_PSF):
        raise ValueError(f"{parameters['psf']!r} is no bank of PSFs")
    return Optics(
        lenses=tuple(dict.fromkeys(_lens(row["settings"]) for row in rows)),
        psf_bank=parameters["psf"],
        mode=cast(Mode, _known(parameters.get("mode", "occlusion"), Mode)),
        noise=cast(NoiseModel, _known(parameters["noise"], NoiseModel)),
    )


def _known(word: Any, kind: Any) -> str:
    if word not in get_args(kind):
        raise ValueError(f"{word!r} is none of {', '.join(get_args(kind))}")
    return word


def _lens(settings: Json) -> Lens:
    camera = dict(settings["camera"])
    distortion = settings["distortion"]
    lens = ThinLensCamera(
        **{key: camera[key] for key in camera if key not in ("name", "type")}
    )
    own = settings.get("own", ())
    return Lens(
        lens,
        distortion=distortion and _made(DISTORTIONS, distortion),
        psf=_made(PSFS, settings["psf"]) if "psf" in own else None,
        noise_sigma=settings["noise"]["sigma"] if "noise_sigma" in own else None,
    )


def _made(kinds: dict[str, Any], described: Json) -> Any:
    """Return what a manifest describes by its type and numbers."""
    numbers = {
        key: tuple(cast(list[float], value)) if isinstance(value, list) else value
        for key, value in described.items()
        if key != "type"
    }
    return kinds[described["type"]](**numbers)
