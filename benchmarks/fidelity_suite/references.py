"""Renders what a case needs, once, and reads it back."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.fidelity_suite.cases import Case
from benchmarks.fidelity_suite.measures import rms
from blender_scenes import frames, view_pairs
from blender_scenes.charts.names import CHART_PREFIX
from blender_scenes.charts.scenes import chart_surfaces
from blender_scenes.frames import Frame, FrameError, FrameSequence, read_frame
from blender_scenes.pupil_shader import shader_text
from blender_scenes.spec import RenderSpec, SequenceSpec
from blender_scenes.view_pairs import PAIRS_MANIFEST, read_view_pair
from dp_model.radiometry import encode_srgb
from pipeline.blender_process import BlenderLimits, render_sequence
from pipeline.identity import digest, library_versions
from pipeline.scenes import scene_spec

Picture: TypeAlias = NDArray[np.float32]

FRAME_SAMPLES = {"emission": 256, "lit": 512, "control": 256}
TIME_LIMIT_S = 3600.0
_ROUGH = 4  # a lit scene's noise is known from a render with a quarter of the samples
_SCENES = Path(__file__).parents[2] / "blender_scenes"


@dataclass(frozen=True)
class Reference:
    """A case, rendered.

    Parameters
    ----------
    case : Case
    frame : Frame
        What `dp_model` starts from, margin included.
    left, right : ndarray (H, W, 3)
        The truth, scene-linear, without the margin.
    noise : float
        Root-mean-square noise of the truth, sRGB-encoded, full scale 1.
    """

    case: Case
    frame: Frame
    left: Picture
    right: Picture
    noise: float

    @property
    def inner(self) -> tuple[slice, slice]:
        """What to cut from a picture with the margin."""
        margin = self.case.margin_px
        return slice(margin, -margin), slice(margin, -margin)

    @property
    def sharp(self) -> Picture:
        """The all-in-focus picture without its margin."""
        return self.frame.linear_rgb[self.inner]


def reference(case: Case, work: Path, on_frame: Callable[[], object]) -> Reference:
    """Return a rendered case; what lies in ``work`` already is not rendered again.

    Parameters
    ----------
    case : Case
    work : Path
        Keeps the renders.
    on_frame : callable
        Called for each of `PICTURES` pictures, when it is there.
    """
    frame_range = "1-1"
    folder = _rendered(_frames_spec(case), case, work, on_frame)
    frame = read_frame(folder / frames.frame_file(1))
    if case.is_chart:
        frame_range = "1-2"
    folder = _rendered(_views_spec(case, frame_range), case, work, on_frame)
    first = read_view_pair(folder / frames.frame_file(1))
    if case.is_chart:
        second = read_view_pair(folder / frames.frame_file(2))
        left, right = ((a + b) / 2 for a, b in zip(first, second, strict=True))
        # Independent, so the mean of both has half the noise of their difference.
        noise = _difference(first, second) / 2
    else:
        left, right = first
        spec = _views_spec(case, frame_range, case.samples // _ROUGH)
        rough_folder = _rendered(spec, case, work, on_frame)
        rough = read_view_pair(rough_folder / frames.frame_file(1))
        # Variance of the rough minus that of the fine one, whose samples it shares;
        # if it shared none the noise would be less than this.
        noise = _difference(first, rough) / np.sqrt(_ROUGH - 1)
    return Reference(case, frame, left, right, float(noise))


PICTURES = 3
"""What Blender renders for a case: the frame, and two pairs of views."""


def _difference(one: tuple[Picture, Picture], other: tuple[Picture, Picture]) -> float:
    return rms(
        np.stack([encode_srgb(np.clip(view, 0, 1)) for view in one])
        - np.stack([encode_srgb(np.clip(view, 0, 1)) for view in other])
    )


def _frames_spec(case: Case) -> SequenceSpec:
    return SequenceSpec(
        scene_spec(case.scene, "1-1"),
        RenderSpec(
            width=case.width,
            height=case.height,
            margin_px=case.margin_px,
            samples=FRAME_SAMPLES[case.kind],
            denoiser="none",
        ),
    )


def _views_spec(
    case: Case, frame_range: str, samples: int | None = None
) -> SequenceSpec:
    render = RenderSpec(
        width=case.width,
        height=case.height,
        margin_px=0,
        samples=samples or case.samples,
        denoiser="none",
    )
    return SequenceSpec(scene_spec(case.scene, frame_range), render, case.lens)


def _rendered(
    spec: SequenceSpec, case: Case, work: Path, on_frame: Callable[[], object]
) -> Path:
    """Render a folder of frames or views unless it is there; return it."""
    kind = "frames" if spec.lens is None else "views"
    manifest = frames.MANIFEST_NAME if spec.lens is None else PAIRS_MANIFEST
    folder = work / f"{case.scene}-{kind}-{_identity(spec, case)}"
    first, last = spec.scene.frame_range or (1, 1)
    told = 0

    def tell(count: int) -> None:
        nonlocal told
        for _ in range(count):
            on_frame()
        told += count

    try:
        FrameSequence.load(folder, manifest)
    except FrameError:
        render_sequence(
            spec,
            folder,
            work / "logs" / f"{folder.name}.log",
            limits=BlenderLimits(TIME_LIMIT_S),
            on_event=lambda event: tell(event["event"] == "frame"),
        )
    tell(last - first + 1 - told)
    return folder


def _identity(spec: SequenceSpec, case: Case) -> str:
    """Return a hash of what decides the pixels, the scene's own code included."""
    return digest(
        {
            "format": [frames.FORMAT_VERSION, view_pairs.PAIR_FORMAT_VERSION],
            "versions": library_versions("bpy", "numpy"),
            "scene": _chart_digest(case) if case.is_chart else _street_digest(),
            "pupil": shader_text(case.psf) if spec.lens is not None else None,
            **spec.recipe(),
        }
    )


def _chart_digest(case: Case) -> str:
    """Return a hash of a chart's surfaces, and of how they become Blender's."""
    total = hashlib.sha256((_SCENES / "charts" / "build.py").read_bytes())
    for surface in chart_surfaces(case.scene.removeprefix(CHART_PREFIX)):
        for values in dataclasses.astuple(surface):
            total.update(b"none" if values is None else values.tobytes())
    return total.hexdigest()


def _street_digest() -> str:
    """Return a hash of the code that makes streets."""
    total = hashlib.sha256()
    for path in sorted((_SCENES / "city").rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()
