"""What Blender is asked for: the wire format between the pipeline and its child.

Standard library only, because Blender's own Python loads it too.
"""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from typing import Any

ENGINES = ("cycles", "eevee")
DEVICES = ("auto", "cpu", "cuda", "optix", "hip", "metal", "oneapi")
DENOISERS = ("openimagedenoise", "none")

MAX_SIDE_PX = 16384
MAX_SAMPLES = 2**24  # Blender's own limits, here and below
MAX_THREADS = 1024
MAX_FRAME = 1_048_573
MAX_EXPOSURE_STOPS = 32.0

DEFAULT_SIZE = (512, 288)
"""Width and height of what has no shape of its own, pixels."""

DEFAULT_LONGER_SIDE_PX = 512
"""Of a picture whose shape is a file's."""


@dataclass(frozen=True)
class ExternalFile:
    """A file that a .blend reads, and its checksum; None where it is missing."""

    path: str
    sha256: str | None


@dataclass(frozen=True)
class SceneSpec:
    """Where the geometry comes from.

    Parameters
    ----------
    name : str
        Names the sequence in folders and reports, and the procedural city or street,
        for example ``city-1``.
    seed : int
        Fixes every random choice of the procedural city; unused by files.
    blend_file : str or None
        Path of a user's .blend; None asks for another kind of scene.
    blend_sha256 : str or None
        Checksum of that file, so that an edited scene is another scene.
    frame_range : tuple of int or None
        First and last frame, both included; None takes the scene's own range.
    frame_count : int or None
        How many frames of the scene's own range, from its first; None takes all.
    camera : str or None
        Name of a camera object of the .blend; None takes the active camera.
    trust_scripts : bool
        Run what the .blend brings along: scripts, drivers and OSL shaders.
    plan_file : str or None
        Path of a description of a city; None asks for another kind of scene.
    plan_sha256 : str or None
        Checksum of that file.
    files : tuple of ExternalFile or None
        All that the .blend reads while it is opened and rendered, in the order in which
        it names them; None does not care.
    """

    name: str
    seed: int = 0
    blend_file: str | None = None
    blend_sha256: str | None = None
    frame_range: tuple[int, int] | None = None
    camera: str | None = None
    trust_scripts: bool = False
    plan_file: str | None = None
    plan_sha256: str | None = None
    frame_count: int | None = None
    files: tuple[ExternalFile, ...] | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("scene name must not be empty")
        if self.frame_count is not None and self.frame_count < 1:
            raise ValueError(
                f"frame count {self.frame_count}: expected at least one frame"
            )
        if self.frame_range is None:
            return
        if self.frame_count is not None:
            raise ValueError(
                f"frame range {self.frame_range} and frame count {self.frame_count}; "
                "expected one of them"
            )
        first, last = self.frame_range
        if last < first:
            raise ValueError(
                f"frame range {first}-{last} is empty; expected FIRST-LAST with "
                "FIRST <= LAST (frame numbers)"
            )
        if max(abs(first), abs(last)) > MAX_FRAME:
            raise ValueError(
                f"frame range {first}-{last} is beyond Blender's; expected frame "
                f"numbers from {-MAX_FRAME} to {MAX_FRAME}"
            )

    def own_frames(self, first: int, last: int) -> tuple[int, int]:
        """Return first and last frame of a scene whose own range is given.

        Examples
        --------
        >>> SceneSpec("a", frame_count=2).own_frames(1001, 1003)
        (1001, 1002)
        >>> SceneSpec("a", frame_count=9).own_frames(1001, 1003)
        (1001, 1003)
        """
        if self.frame_range is not None:
            return self.frame_range
        if self.frame_count is not None:
            last = min(last, first + self.frame_count - 1)
        return first, last


@dataclass(frozen=True)
class RenderSpec:
    """How each frame is rendered.

    Parameters
    ----------
    width, height : int or None
        Size of the picture without its margin, pixels; None, both, takes the file's own
        shape with a longer side of `DEFAULT_LONGER_SIDE_PX`, or `DEFAULT_SIZE` where
        there is no file.
    margin_px : int
        Overscan on every side, pixels: light that a defocused lens brings in
        from outside the picture.
    samples : int
        Samples per pixel of the colour passes.
    denoiser : str
        One of `DENOISERS`.
    device : str
        One of `DEVICES`; ``auto`` takes the first GPU that Cycles finds, else
        the CPU.
    engine : str
        One of `ENGINES`; colour only. Depth, labels and flow are always Cycles.
    threads : int
        Render threads; 0 takes every core. Changes no pixel.
    second_surface : bool
        Also render what a blurred foreground uncovers at its edge; the engine cycles
        only.
    exposure : float or None
        Stops by which the light is multiplied; None takes those of the scene's view.
    """

    width: int | None = None
    height: int | None = None
    margin_px: int = 32
    samples: int = 16
    denoiser: str = "openimagedenoise"
    device: str = "auto"
    engine: str = "cycles"
    threads: int = 0
    second_surface: bool = True
    exposure: float | None = None

    def __post_init__(self) -> None:
        for name, least, most, unit in (
            ("width", 1, MAX_SIDE_PX, "pixels"),
            ("height", 1, MAX_SIDE_PX, "pixels"),
            ("margin_px", 0, MAX_SIDE_PX, "pixels"),
            ("samples", 1, MAX_SAMPLES, "per pixel"),
            ("threads", 0, MAX_THREADS, "threads (0: every core)"),
        ):
            value = getattr(self, name)
            if value is None and name in ("width", "height"):
                continue
            if not isinstance(value, int):
                raise TypeError(f"{name} must be a whole number; got {value!r}")
            if not least <= value <= most:
                raise ValueError(
                    f"{name} must lie in {least}..{most} {unit}; got {value}"
                )
        if (self.width is None) != (self.height is None):
            raise ValueError(
                "width and height must both be pixels or both be None; "
                f"got {self.width} and {self.height}"
            )
        if self.second_surface not in (True, False):
            raise TypeError(
                f"second_surface must be true or false; got {self.second_surface!r}"
            )
        _check_exposure(self.exposure)
        for name, allowed in (
            ("denoiser", DENOISERS),
            ("device", DEVICES),
            ("engine", ENGINES),
        ):
            if getattr(self, name) not in allowed:
                raise ValueError(
                    f"{name} must be one of {', '.join(allowed)}; "
                    f"got {getattr(self, name)!r}"
                )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height without the margin, pixels.

        Raises
        ------
        ValueError
            If they are those of a file that has not been looked into.
        """
        if self.width is None or self.height is None:
            raise ValueError("the size is the file's own; expected it to be resolved")
        return self.width, self.height

    @property
    def full_size(self) -> tuple[int, int]:
        """Width and height with the margin, pixels."""
        width, height = self.size
        return width + 2 * self.margin_px, height + 2 * self.margin_px


def _check_exposure(stops: object) -> None:
    """Refuse what is no number of stops."""
    if stops is None:
        return
    if isinstance(stops, bool) or not isinstance(stops, int | float):
        raise TypeError(f"exposure must be a number of stops or None; got {stops!r}")
    if not -MAX_EXPOSURE_STOPS <= stops <= MAX_EXPOSURE_STOPS:
        raise ValueError(
            f"exposure must lie in {-MAX_EXPOSURE_STOPS:g}..{MAX_EXPOSURE_STOPS:g} "
            f"stops; got {stops}"
        )


PSF_TYPES = {
    "ButterworthPsf": ("order", "alpha", "beta", "kappa"),
    "RampDiskPsf": (),
    "RadialTransmission": ("radii", "values"),
}
"""The PSFs of `dp_model` that are pupils, and the names of their numbers."""


@dataclass(frozen=True)
class LensSpec:
    """A lens with a pupil, for views whose blur is traced.

    Two numbers say all of a thin lens that shows in the picture: a point at depth d
    has the signed CoC radius ``sky_coc_radius_px * (1 - focus_distance_m / d)``. The
    field of view stays that of the scene's camera.

    Parameters
    ----------
    focus_distance_m : float
        Distance of the plane in focus, metres.
    sky_coc_radius_px : float
        CoC radius of the sky, in rendered pixels, >= 0.
    psfs : tuple of dict
        Shape of the pupil: one for all frames, or one per frame in their order. Each
        has a ``type`` of `PSF_TYPES` and that type's numbers.
    """

    focus_distance_m: float
    sky_coc_radius_px: float
    psfs: tuple[dict[str, Any], ...]

    def __post_init__(self) -> None:
        if not (math.isfinite(self.focus_distance_m) and self.focus_distance_m > 0):
            raise ValueError(
                "focus_distance_m must be finite and > 0 metres; "
                f"got {self.focus_distance_m}"
            )
        if not (math.isfinite(self.sky_coc_radius_px) and self.sky_coc_radius_px >= 0):
            raise ValueError(
                "sky_coc_radius_px must be finite and >= 0 pixels; "
                f"got {self.sky_coc_radius_px}"
            )
        if not self.psfs:
            raise ValueError("psfs must hold one PSF, or one per frame; got none")
        for psf in self.psfs:
            _check_psf(psf)

    def pupil_radius_m(self, focal_px: float) -> float:
        """Return the radius of the pupil that gives this blur in a picture, metres.

        Parameters
        ----------
        focal_px : float
            Focal length of the picture, K[0, 0].

        Notes
        -----
        A pupil of radius R blurs by R focal_px (1/s - 1/d) pixels, s in focus.

        Examples
        --------
        >>> LensSpec(6.0, 3.0, ({"type": "RampDiskPsf"},)).pupil_radius_m(600.0)
        0.03
        """
        return self.sky_coc_radius_px * self.focus_distance_m / focal_px

    def psf(self, frame_index: int) -> dict[str, Any]:
        """Return the PSF of a frame, counted from 0."""
        return self.psfs[frame_index if len(self.psfs) > 1 else 0]


def _check_psf(psf: dict[str, Any]) -> None:
    """Refuse what is not a known type with its own numbers."""
    kind = psf.get("type")
    if kind not in PSF_TYPES:
        raise ValueError(
            f"a PSF's type must be one of {', '.join(PSF_TYPES)}; got {kind!r}"
        )
    if set(psf) != {"type", *PSF_TYPES[kind]}:
        raise ValueError(
            f"a {kind} has {', '.join(PSF_TYPES[kind]) or 'no numbers'}; got "
            f"{', '.join(sorted(set(psf) - {'type'})) or 'none'}"
        )


@dataclass(frozen=True)
class SequenceSpec:
    """One sequence: a scene and how it is rendered.

    Without a lens the render is a frame folder (docs/frames.md), with one it is
    pairs of views traced through the lens (docs/raytraced.md).
    """

    scene: SceneSpec
    render: RenderSpec
    lens: LensSpec | None = None

    def __post_init__(self) -> None:
        if self.lens is not None and self.render.engine != "cycles":
            raise ValueError(
                "a lens is traced by the engine cycles only; "
                f"got engine {self.render.engine!r}"
            )

    def to_json(self) -> str:
        """Return the canonical JSON text (sorted keys) of this specification.

        Examples
        --------
        >>> spec = SequenceSpec(SceneSpec("street-1", frame_range=(1, 4)), RenderSpec())
        >>> SequenceSpec.from_json(spec.to_json()) == spec
        True
        """
        return json.dumps(dataclasses.asdict(self), sort_keys=True)

    def recipe(self) -> dict[str, dict[str, Any]]:
        """Return what decides the pixels: no thread count, and no path.

        A file is known by its checksum, wherever it lies. Those that a .blend reads
        stand in the order in which it names them; a missing one is None.
        """
        recipe = dataclasses.asdict(self)
        if self.lens is None:
            del recipe["lens"]
        del recipe["render"]["threads"]
        del recipe["scene"]["blend_file"], recipe["scene"]["plan_file"]
        if self.scene.files is not None:
            recipe["scene"]["files"] = [file.sha256 for file in self.scene.files]
        return recipe

    @classmethod
    def from_json(cls, text: str) -> SequenceSpec:
        """Return the specification that `to_json` wrote.

        Raises
        ------
        ValueError, TypeError
            If a value is missing, unknown or out of range.
        """
        data: dict[str, Any] = json.loads(text)
        for part in ("scene", "render"):
            if data.get(part) is None:
                raise ValueError(f"no {part!r} in it; expected 'scene' and 'render'")
        scene: dict[str, Any] = dict(data["scene"])
        if scene.get("frame_range") is not None:
            first, last = scene["frame_range"]
            scene["frame_range"] = (int(first), int(last))
        if scene.get("files") is not None:
            scene["files"] = tuple(ExternalFile(**one) for one in scene["files"])
        lens = None
        if data.get("lens") is not None:
            described: dict[str, Any] = dict(data["lens"])
            described["psfs"] = tuple(dict(psf) for psf in described.get("psfs", ()))
            lens = LensSpec(**described)
        return cls(SceneSpec(**scene), RenderSpec(**data["render"]), lens)
