"""The cases: which scene, through which lens, with which pupil."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, TypeAlias

from blender_scenes.charts.names import CHART_PREFIX
from blender_scenes.spec import LensSpec
from dp_model.camera import ThinLensCamera
from dp_model.psf import PAPER_BANK, ButterworthPsf, RampDiskPsf

Psf: TypeAlias = ButterworthPsf | RampDiskPsf

# Of the 48 shapes, the two that differ most: a thin ring and a nearly full disc.
RING = PAPER_BANK[40]
FULL = PAPER_BANK[35]
RAMP_DISK = RampDiskPsf()


@dataclass(frozen=True)
class Case:
    """One picture to blur.

    Parameters
    ----------
    name : str
    kind : str
        ``emission``, ``lit``, or ``control``: a plane, for which the answer is known.
    scene : str
        ``chart-NAME`` or ``street-N``.
    focus_distance_m, sky_coc_px : float
        The lens: where it is focused, and the CoC radius of the sky in pixels.
    psf : ButterworthPsf or RampDiskPsf
    width, height : int
        Of the picture without its margin.
    margin_px : int
        At least the reach of the widest blur.
    samples : int
        Per pixel and view, of each of two renders for emission, of one if lit.
    """

    name: str
    kind: str
    scene: str
    focus_distance_m: float
    sky_coc_px: float
    psf: Psf
    width: int = 480
    height: int = 270
    margin_px: int = 32
    samples: int = 192

    @property
    def is_chart(self) -> bool:
        """Whether nothing moves, so that two frames differ in their noise alone."""
        return self.scene.startswith(CHART_PREFIX)

    @property
    def camera(self) -> ThinLensCamera:
        """Return a lens with this focus and blur; all else of it is free."""
        focal_length_m, pixel_pitch_m = 0.05, 1e-5
        image_distance_m = 1 / (1 / focal_length_m - 1 / self.focus_distance_m)
        sky_radius_m = self.sky_coc_px * pixel_pitch_m
        pupil_m = 2 * sky_radius_m * self.focus_distance_m / image_distance_m
        return ThinLensCamera(
            focal_length_m, focal_length_m / pupil_m, self.focus_distance_m,
            pixel_pitch_m,
        )  # fmt: skip

    @property
    def lens(self) -> LensSpec:
        """Return the same lens for the ray tracer."""
        described: dict[str, Any] = dataclasses.asdict(self.psf)
        described["type"] = type(self.psf).__name__
        sky_coc_px = self.camera.coc_radius_px(math.inf)
        return LensSpec(self.focus_distance_m, sky_coc_px, (described,))


def _emission(name: str, psf: Psf, **settings: Any) -> Case:
    """Return a chart through the lens that it was laid out for."""
    return Case(
        **{
            "name": name,
            "kind": "emission",
            "scene": CHART_PREFIX + name,
            "focus_distance_m": 6.0,
            "sky_coc_px": 30.0,
            "psf": psf,
            **settings,
        }
    )


def _control(name: str, psf: Psf, **lens: float) -> Case:
    """Return a small picture of the plane, 10.17 m away."""
    return _emission(
        name, psf, kind="control", scene="chart-plane", width=240, height=135,
        margin_px=16, samples=128, **lens,
    )  # fmt: skip


def _street(number: int, psf: Psf, focus_distance_m: float) -> Case:
    return Case(
        f"street-{number}", "lit", f"street-{number}", focus_distance_m, 6.0, psf,
        width=320, height=180, margin_px=24, samples=320,
    )  # fmt: skip


PLANE_M = 6.0 / (1 - 12.3 / 30.0)
"""Distance of the plane of the controls."""

CASES: tuple[Case, ...] = (
    _emission("poles", RING),
    _emission("rings", RAMP_DISK),
    _emission("grid", RAMP_DISK, margin_px=28),
    _emission("fence", FULL, margin_px=34),
    _emission("clutter", FULL, margin_px=34),
    _emission("thicket", RING, margin_px=34),
    _emission("highlights", RAMP_DISK, samples=640),
    _emission("slant", FULL, margin_px=34),
    _emission("stack", RING, margin_px=34),
    _emission("solids", RING, margin_px=42),
    _emission(
        "stack-wide", RAMP_DISK, scene="chart-stack", sky_coc_px=65.0, margin_px=46
    ),
    _street(1, RING, 6.0),
    _street(2, FULL, 10.0),
    _control("plane-behind", RING, focus_distance_m=6.0, sky_coc_px=15.0),
    _control("plane-in-focus", FULL, focus_distance_m=PLANE_M, sky_coc_px=15.0),
    _control("plane-in-front", RAMP_DISK, focus_distance_m=20.0, sky_coc_px=6.0),
)
