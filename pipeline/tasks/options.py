"""Parameters that several tasks share, each declared once."""

from __future__ import annotations

import abc
from typing import Any, cast, get_args

import luigi

from blender_scenes.spec import DENOISERS, DEVICES, ENGINES
from dp_model.noise import NoiseModel
from dp_model.render import Mode
from pipeline.draws import PSF_BANKS, PsfPer
from pipeline.tasks.meaning import Use, refuse_meaningless
from pipeline.tasks.parameters import (
    MAX_SEED,
    Choice,
    Number,
    OptionalNumber,
    OutputFolder,
    Position,
    WholeNumber,
)

RAYTRACED = "raytraced"
DP_BACKENDS = ("layered", RAYTRACED)


def position_parameter() -> Position:
    """Return a parameter that says which one of how many a task is."""
    return Position(
        default="",
        significant=False,
        description="Which one of how many this is, such as 2/3: its turn, and what "
        "the progress bar says.",
    )


def strict_parameter() -> luigi.BoolParameter:
    """Return a parameter that refuses frames that may be wrong."""
    return luigi.BoolParameter(
        significant=False,
        description="Refuse data that may be wrong (what is otherwise a warning).",
    )


def verify_parameter() -> luigi.BoolParameter:
    """Return a parameter that has every file of a dataset version read."""
    return luigi.BoolParameter(
        significant=False,
        description="Check every file of the dataset version by its checksum, too; "
        "sizes are always checked.",
    )


def place(position: str) -> int:
    """Return the number before the stroke; 0 where a position is not given.

    Examples
    --------
    >>> place("2/3"), place("")
    (2, 0)
    """
    return int(position.partition("/")[0] or 0)


class RenderOptions(abc.ABC):
    """How frames are rendered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Check the parameters before Luigi schedules anything."""
        super().__init__(*args, **kwargs)
        refuse_meaningless(cast(luigi.Task, self), self.use())
        self.identity()

    @abc.abstractmethod
    def use(self) -> Use:
        """Return what the meaning of the options hangs on.

        Raises
        ------
        UserError
            For a scene, a source or a camera that can't be.
        """

    @abc.abstractmethod
    def identity(self) -> str:
        """Return the hash of everything that changes a byte of the output.

        Raises
        ------
        UserError
            For a parameter that can't be.
        """

    frames: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Frames: a count such as 8 for the first so many of the scene's "
        "own range, or FIRST-LAST, such as 10-20 or (--frames=-3--1) -3--1; empty "
        "takes the scene's own range, and all of a source, whose own numbers count.",
    )
    size: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Width x height of the pictures in pixels, without the margin; "
        "empty takes a .blend's own shape with a longer side of 512, and 512x288 for "
        "all other scenes.",
    )
    samples: WholeNumber = WholeNumber(
        default=16, description="Samples per pixel of the colour render."
    )
    exposure: OptionalNumber = OptionalNumber(
        description="Exposure in stops: 1 doubles the light; empty takes that of the "
        "scene's view.",
    )
    denoiser: Choice = Choice(
        choices=DENOISERS,
        default="openimagedenoise",
        description="Denoiser of the colour render.",
    )
    engine: Choice = Choice(
        choices=ENGINES,
        default="cycles",
        description="Engine of the colour render; depth, labels and flow are always "
        "Cycles.",
    )
    device: Choice = Choice(
        choices=DEVICES,
        default="auto",
        description="Where Cycles runs; auto takes the first GPU that it finds, else "
        "the CPU.",
    )
    threads: WholeNumber = WholeNumber(
        default=0,
        significant=False,
        description="Render threads; 0 takes every core.",
    )
    camera: luigi.Parameter[str] = luigi.Parameter(
        default="",
        description="Camera object of the .blend files, by name; empty takes the "
        "active one.",
    )
    trust_scripts: luigi.BoolParameter = luigi.BoolParameter(
        description="Run the scripts, drivers and OSL shaders of the .blend files. "
        "They can do on this machine whatever you can.",
    )
    work_dir: OutputFolder = OutputFolder(
        default="work", description="Folder for frames and views, kept between runs."
    )
    strict: luigi.BoolParameter = strict_parameter()
    frame_time_limit: Number = Number(
        default=600.0,
        significant=False,
        description="Seconds without a finished frame after which Blender is ended "
        "and started once more.",
    )
    memory_limit: Number = Number(
        default=0.0,
        significant=False,
        description="Gigabytes that Blender may hold before it is ended; 0 allows nine "
        "tenths of the machine's.",
    )


class PupilOptions(RenderOptions):
    """What the lens is like, and how rays are traced through it."""

    seed: WholeNumber = WholeNumber(
        lowest=0,
        highest=MAX_SEED,
        default=0,
        description="Seed of what is drawn per sequence: PSF shape, noise strength, "
        "noise.",
    )
    psf: Choice = Choice(
        choices=tuple(PSF_BANKS),
        default="paper",
        description="Bank of PSF shapes that is drawn from.",
    )
    psf_per: Choice = Choice(
        choices=get_args(PsfPer),
        default="sequence",
        description="Whether a PSF is drawn for each sequence or for each frame.",
    )
    dp_samples: WholeNumber = WholeNumber(
        default=128,
        description="Rays per pixel and view of --dp-backend raytraced.",
    )
    dp_denoiser: Choice = Choice(
        choices=DENOISERS,
        default="none",
        description="Denoiser of the views of --dp-backend raytraced.",
    )


class ViewOptions(PupilOptions):
    """How frames become dual-pixel views."""

    dp_backend: Choice = Choice(
        choices=DP_BACKENDS,
        default="layered",
        description="What blurs: layered (from a frame, fast) or raytraced (rays "
        "through the lens in Cycles, exact and slow).",
    )
    mode: Choice = Choice(
        choices=get_args(Mode),
        default="occlusion",
        description="Compositing in layers: occlusion (correct), paper (plain alpha "
        "blending) or released (as the published code).",
    )
    noise: Choice = Choice(
        choices=get_args(NoiseModel),
        default="paper",
        description="Noise model: paper (I + I N), variance (proportional to I), "
        "shot-read or none.",
    )
    distortion: Choice = Choice(
        choices=("division", "released", "none"),
        default="division",
        description="Radial distortion: the camera's division model, the released "
        "code's polynomial, or none.",
    )
