"""One frame through the dual-pixel camera: `dp_model` called in the right order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import Frame
from dp_model.distortion import Interpolation, RadialDistortion, distort
from dp_model.noise import NoiseModel, add_noise
from dp_model.radiometry import encode_srgb, quantise
from dp_model.render import DualPixelViews, Mode, render_dual_pixel
from pipeline.cameras import CameraSet
from pipeline.draws import SequenceDraw

Array = NDArray[Any]


@dataclass(frozen=True)
class Tracing:
    """How views that Blender traced through the lens were rendered.

    Parameters
    ----------
    samples : int
        Rays per pixel and view.
    denoiser : str
        One of `blender_scenes.spec.DENOISERS`.
    """

    samples: int
    denoiser: str


@dataclass(frozen=True)
class TracedViews:
    """A pair of views from Blender, (H, W, 3) scene-linear, and its margin."""

    left: Array
    right: Array
    margin_px: int


@dataclass(frozen=True)
class ViewSettings:
    """Everything that turns a frame into views.

    Parameters
    ----------
    camera_set : CameraSet
    draw : SequenceDraw
    mode : Mode
    noise_model : NoiseModel
    distortion : RadialDistortion or None
    tracing : Tracing or None
        None where the blur is made in layers, from the frame.
    """

    camera_set: CameraSet
    draw: SequenceDraw
    mode: Mode
    noise_model: NoiseModel
    distortion: RadialDistortion | None
    tracing: Tracing | None = None


def synthesise_views(
    frame: Frame,
    margin_px: int,
    frame_number: int,
    settings: ViewSettings,
    traced: TracedViews | None = None,
) -> dict[str, Array]:
    """Return the pictures of one frame, margin cropped, by their `layout` kind.

    Blur with the margin, unless ``traced`` has the blurred views; crop, distort
    everything alike, add noise to each view on its own, encode.

    Returns
    -------
    dict
        ``left right combined target``: (H, W, 3) uint16, sRGB-encoded, full
        exposure; ``coc`` (H, W) float32, signed radius in pixels; ``depth``
        (H, W) float32, metres.
    """
    if traced is None:
        views = _layered(frame, frame_number, settings)
        left, right, coc_radius_px = views.left, views.right, views.coc_radius_px
        views_margin_px = margin_px
    else:
        left, right, views_margin_px = traced.left, traced.right, traced.margin_px
        coc_radius_px = settings.camera_set.camera.coc_radius_px(frame.depth_m)
    colour = {
        "left": (left, views_margin_px),
        "right": (right, views_margin_px),
        "target": (frame.linear_rgb, margin_px),
    }
    geometry = {"coc": coc_radius_px, "depth": frame.depth_m}
    pictures: dict[str, Array] = {
        kind: _shown(picture, margin, settings.distortion, "cubic")
        for kind, (picture, margin) in colour.items()
    }
    rng = settings.draw.frame_rng(frame_number)
    for view in ("left", "right"):
        pictures[view] = add_noise(
            pictures[view],
            settings.draw.noise_sigma,
            rng,
            model=settings.noise_model,
        )
    pictures["combined"] = (pictures["left"] + pictures["right"]) / 2
    encoded: dict[str, Array] = {
        kind: quantise(encode_srgb(picture), bits=16)
        for kind, picture in pictures.items()
    }
    for kind, picture in geometry.items():
        shown = _shown(picture, margin_px, settings.distortion, "nearest")
        encoded[kind] = shown.astype(np.float32)
    return encoded


def _layered(frame: Frame, frame_number: int, settings: ViewSettings) -> DualPixelViews:
    """Return the views of a frame, blurred in layers."""
    return render_dual_pixel(
        frame.linear_rgb,
        frame.depth_m,
        settings.camera_set.camera,
        settings.draw.frame_psf(frame_number),
        hidden=frame.hidden if settings.mode == "occlusion" else None,
        mode=settings.mode,
    )


def _shown(
    picture: Array,
    margin_px: int,
    distortion: RadialDistortion | None,
    interpolation: Interpolation,
) -> Array:
    height, width = picture.shape[:2]
    inner = picture[margin_px : height - margin_px, margin_px : width - margin_px]
    if distortion is None:
        return inner
    return distort(inner, distortion, interpolation=interpolation)
