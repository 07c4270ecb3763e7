"""What the cost of synthesis is measured on, and the loop it is compared with."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from dp_model.camera import CAMERA_SETS, ThinLensCamera
from dp_model.psf import ButterworthPsf, DualPixelPsf
from dp_model.render import render_dual_pixel

SIZE = (1080, 1920)
MARGIN_PX = 48
PSF = ButterworthPsf(3, 0.8, 0.1, 0.14)

Picture = NDArray[np.float32]


@dataclass(frozen=True)
class Situation:
    """What is rendered; ``scale`` is what its cost may be proportional to."""

    name: str
    all_in_focus: Picture
    depth_m: Picture
    camera: ThinLensCamera
    hidden: tuple[Picture, Picture] | None = None
    scale: float = 1.0

    def render(self) -> object:
        """Return the views."""
        return render_dual_pixel(
            self.all_in_focus, self.depth_m, self.camera, PSF, hidden=self.hidden
        )


def camera_sets(street: Situation) -> list[Situation]:
    """Return the street through the paper's cameras, with its second surface."""
    return [
        replace(street, name=f"set {name}", camera=camera)
        for name, camera in CAMERA_SETS.items()
    ]


def wide_blurs(street: Situation) -> Iterator[Situation]:
    """Yield the pixels of the street at 40 px radius, and from -40 to 40 px."""
    yield plane(street, 40)
    height, width = SIZE
    across = np.broadcast_to(np.linspace(-40, 40, width), SIZE)
    down = np.broadcast_to(np.linspace(-40, 40, height)[:, None], SIZE)
    shuffled = np.random.default_rng(1).permutation(across.ravel()).reshape(SIZE)
    yield at_coc(street, "-40..40 px, across", across)
    yield at_coc(street, "-40..40 px, down", down)
    yield at_coc(street, "-40..40 px, shuffled", shuffled)


def sizes(street: Situation) -> Iterator[Situation]:
    """Yield street and plane at 540p, 1080p and 2160p: nearest pixels, equal radii."""
    for case in (replace(street, hidden=None), plane(street, 20)):
        for factor in (0.5, 1, 2):
            size = (round(SIZE[1] * factor), round(SIZE[0] * factor))
            resized = partial(cv2.resize, dsize=size, interpolation=cv2.INTER_NEAREST)
            yield replace(
                case,
                name=f"{case.name}, {size[1]}p",
                all_in_focus=resized(case.all_in_focus),
                depth_m=resized(case.depth_m),
                scale=factor**2,
            )


def radii(street: Situation) -> Iterator[Situation]:
    """Yield a plane, and the street of camera set 5, at largest radii of 5 to 80 px."""
    camera = CAMERA_SETS["5"]
    largest_px = float(np.abs(camera.coc_radius_px(street.depth_m)).max())
    wanted = (5, 10, 20, 40, 80)
    for radius_px in wanted:
        yield replace(plane(street, radius_px), scale=radius_px / 10)
    for radius_px in wanted:
        pitch_m = camera.pixel_pitch_m * largest_px / radius_px
        yield replace(
            street,
            name=f"street, up to {radius_px} px",
            camera=replace(camera, pixel_pitch_m=pitch_m),
            hidden=None,
            scale=radius_px / 10,
        )


def plane(street: Situation, radius_px: float) -> Situation:
    """Return the street's colours on one plane behind focus."""
    return at_coc(street, f"plane, {radius_px} px", np.full(SIZE, radius_px))


def at_coc(street: Situation, name: str, coc_radius_px: NDArray[Any]) -> Situation:
    """Return the street's colours at the depths that have these signed CoC radii.

    Eq. 1 the other way: with R the radius of the sky, d = s / (1 - r/R).
    """
    sky_px = 2 * float(np.abs(coc_radius_px).max())
    camera = ThinLensCamera(0.05, 2.0, 2.0, pixel_pitch_m=1.0)
    camera = replace(camera, pixel_pitch_m=camera.coc_radius_m(math.inf) / sky_px)
    depth_m = camera.focus_distance_m / (1 - coc_radius_px / sky_px)
    return Situation(name, street.all_in_focus, depth_m.astype(np.float32), camera)


def street_frame(work: Path) -> dict[str, Any]:
    """Return the picture, depth and second surface of a street, rendered if need be."""
    kept = work / "street-1-1080p.npz"
    if not kept.exists():
        render_street(work, kept)
    with np.load(kept) as arrays:
        # Stored as Blender gave it: colour in half precision.
        first, second = (arrays[name].astype(np.float32) for name in ("rgb", "rgb2"))
        return {
            "all_in_focus": first,
            "depth_m": arrays["depth_m"],
            "hidden": (second, arrays["depth2_m"]),
        }


def render_street(work: Path, kept: Path) -> None:
    """Render the first frame of street 1 and keep it without its margin."""
    # Here, so that a machine without Blender can measure a frame that was kept.
    from blender_scenes.frames import frame_file, read_frame
    from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec
    from pipeline.blender_process import BlenderLimits, render_sequence

    spec = SequenceSpec(
        SceneSpec("street-1", seed=1, frame_range=(1, 1)),
        RenderSpec(width=SIZE[1], height=SIZE[0], margin_px=MARGIN_PX, samples=4),
    )
    folder = work / kept.stem
    print(f"rendering the street into {folder}: some minutes, once")
    log = folder.with_suffix(".log")
    render_sequence(
        spec, folder, log, limits=BlenderLimits(3600.0), on_event=lambda event: None
    )
    frame = read_frame(folder / frame_file(1))
    if frame.hidden is None:
        raise SystemExit(f"{folder} has no second surface; remove it and run again")
    inner = slice(MARGIN_PX, -MARGIN_PX), slice(MARGIN_PX, -MARGIN_PX)
    arrays = {
        "rgb": frame.linear_rgb[inner].astype(np.float16),
        "depth_m": frame.depth_m[inner],
        "rgb2": frame.hidden[0][inner].astype(np.float16),
        "depth2_m": frame.hidden[1][inner],
    }
    partial_file = work / f".{kept.name}"
    np.savez_compressed(partial_file, **arrays)
    partial_file.replace(kept)


def plain_loop(
    all_in_focus: Picture, depth_m: Picture, camera: ThinLensCamera
) -> tuple[Picture, Picture]:
    """Return left and right by the loop that anyone would write first.

    Layers of 0.5 px, each cropped to its bounding box, convolved by OpenCV and blended
    over those behind it; what has gathered is divided by its alpha.
    """
    psf: DualPixelPsf = PSF
    layers = np.rint(camera.coc_radius_px(depth_m) * 2).astype(np.int32)
    height, width = layers.shape
    views = np.zeros((2, height, width, 4), np.float32)
    for layer in np.unique(layers)[::-1]:
        mask = layers == layer
        reach = psf.support_px(layer / 2)
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = (
            slice(max(rows[0] - reach, 0), rows[-1] + reach + 1),
            slice(max(columns[0] - reach, 0), columns[-1] + reach + 1),
        )
        alpha = mask[box].astype(np.float32)[..., None]
        rgba = np.concatenate([all_in_focus[box] * alpha, alpha], axis=2)
        for view, kernel in zip(views, psf.kernels(layer / 2), strict=True):
            # filter2D correlates.
            turned = np.ascontiguousarray(kernel[::-1, ::-1], dtype=np.float32)
            front = cv2.filter2D(rgba, -1, turned, borderType=cv2.BORDER_CONSTANT)
            view[box] = front + (1 - front[..., 3:]) * view[box]
    left, right = views[..., :3] / np.maximum(views[..., 3:], 1e-6)
    return left, right
