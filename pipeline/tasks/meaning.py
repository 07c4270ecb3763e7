"""Which options have a meaning for what a task is given; the others are refused.

An option that is not looked at would leave a person believing that it was. Refused is
only what was *given*: a value other than the default, or than luigi.cfg's.
"""

# Luigi is typed in part only.
# pyright: basic

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import luigi

from pipeline.cameras import CameraSet
from pipeline.errors import UserError, shown
from pipeline.scenes import BLEND_SUFFIX


@dataclass(frozen=True)
class Use:
    """What a task is given, as far as the meaning of its options goes.

    Parameters
    ----------
    scenes : tuple of str
        What is rendered; what is imported is not among them.
    cameras : tuple of CameraSet
        What frames are seen through; empty for frames alone.
    is_traced : bool
        Whether views are traced rather than made in layers.
    is_divided : bool
        Whether any sequence has no split of its own.
    """

    scenes: tuple[str, ...]
    cameras: tuple[CameraSet, ...] = ()
    is_traced: bool = False
    is_divided: bool = True

    @property
    def opens_blend(self) -> bool:
        """Whether any scene is a .blend file."""
        return any(Path(scene).suffix.lower() == BLEND_SUFFIX for scene in self.scenes)

    @property
    def draws_psf(self) -> bool:
        """Whether any camera has no PSF of its own."""
        return any(camera.psf is None for camera in self.cameras)


@dataclass(frozen=True)
class Rule:
    """Options that have a meaning under one condition, and what to say elsewhere."""

    options: tuple[str, ...]
    has_meaning: Callable[[Use], bool]
    complaint: str


RULES = (
    Rule(
        (
            *("size", "samples", "denoiser", "engine", "device", "threads"),
            *("exposure", "frame_time_limit", "memory_limit", "nearest", "margin_px"),
        ),
        lambda use: bool(use.scenes),
        "says how scenes are rendered, and a --source is not; expected a --scene",
    ),
    Rule(
        ("camera", "trust_scripts"),
        lambda use: use.opens_blend,
        "says how a .blend is opened; expected a .blend file in --scene",
    ),
    Rule(
        ("psf", "psf_per"),
        lambda use: use.draws_psf,
        "says what PSF is drawn, and every camera of --camera-set brings its own",
    ),
    Rule(
        ("dp_samples", "dp_denoiser"),
        lambda use: use.is_traced,
        "says how views are traced; expected --dp-backend raytraced",
    ),
    Rule(
        ("mode",),
        lambda use: not use.is_traced,
        "a way of compositing layers, of which --dp-backend raytraced has none; "
        "expected --mode occlusion, the default",
    ),
    Rule(
        ("splits",),
        lambda use: use.is_divided,
        "says how sequences are divided, and every sequence of --source has a split "
        "of its own",
    ),
)


def refuse_meaningless(task: luigi.Task, use: Use) -> None:
    """Refuse options that were given and have no meaning.

    Raises
    ------
    UserError
        For the first of them.
    """
    for name, complaint in _meaningless(task, use):
        value = getattr(task, name)
        if is_given(task, name):
            words = "" if value is True else f" {shown(value).strip(chr(39))}"
            raise UserError(f"--{name.replace('_', '-')}{words}: {complaint}")


def defaults_of_meaningless(task: luigi.Task, use: Use) -> dict[str, Any]:
    """Return the defaults of a task's options that have no meaning, by name.

    For tasks below it, each of which is given less than the whole.
    """
    parameters: dict[str, Any] = dict(task.get_params())
    return {name: parameters[name]._default for name, _ in _meaningless(task, use)}


def _meaningless(task: luigi.Task, use: Use) -> Iterator[tuple[str, str]]:
    names = [name for name, _ in task.get_params()]
    for rule in RULES:
        if not rule.has_meaning(use):
            for name in rule.options:
                if name in names:
                    yield name, rule.complaint


def is_given(task: luigi.Task, name: str) -> bool:
    """Tell whether an option has another value than by default or in luigi.cfg."""
    parameter: Any = dict(task.get_params())[name]
    configured = parameter._get_value_from_config(task.get_task_family(), name)
    return getattr(task, name) not in (parameter._default, configured)
