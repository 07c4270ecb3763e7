"""A preview's frame through the dual-pixel camera: the pipeline's own steps."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.addon.camera_values import CameraValues
from blender_scenes.addon.preview.frame import PreviewFrame
from dp_model.camera import ThinLensCamera
from dp_model.distortion import distort
from dp_model.noise import add_noise
from dp_model.render import MAX_COC_RADIUS_PX, render_dual_pixel

NOISE_SEED = 1
BLACK = 1.0 / 255 / 12.92  # light that is encoded as the first of 255 steps


@dataclass(frozen=True)
class PreviewPictures:
    """What the dual-pixel camera makes of a frame; distorted as the lens does it.

    Parameters
    ----------
    left, right, combined : ndarray (H, W, 3) float32
        Scene-linear, at full exposure; row 0 is the top.
    coc_radius_px : ndarray (H, W) float32
        Signed radius, > 0 behind focus, in pixels of the *rendered* picture, which
        may be larger than this one.
    depth_m : ndarray (H, W) float32
        Along the optical axis, metres; sky = +inf.
    clipped_share, black_share : float
        Pixels of the sharp picture with a channel above white, and with none above
        black; over all pixels.
    """

    left: NDArray[np.float32]
    right: NDArray[np.float32]
    combined: NDArray[np.float32]
    coc_radius_px: NDArray[np.float32]
    depth_m: NDArray[np.float32]
    clipped_share: float = 0.0
    black_share: float = 0.0


def pictures_of(frame: PreviewFrame, values: CameraValues) -> PreviewPictures:
    """Return the pictures that a dual-pixel camera takes of a frame.

    Expose, blur, distort everything alike, add noise to each view on its own, with the
    same noise every time.

    Parameters
    ----------
    frame : PreviewFrame
    values : CameraValues
        Of the rendered picture; scaled to the width of the frame here.

    Raises
    ------
    ValueError
        If the blur is too large to be rendered.
    """
    width_px = frame.depth_m.shape[1]
    here = values.at_width(width_px)
    _check_blur(here.camera, frame.depth_m)
    linear_rgb = exposed(frame.linear_rgb, here.exposure_stops, here.gamma)
    views = render_dual_pixel(linear_rgb, frame.depth_m, here.camera, here.psf)
    brightest = linear_rgb.max(axis=-1)
    rng = np.random.default_rng(NOISE_SEED)
    left, right = (
        add_noise(
            distort(view, here.distortion),
            here.noise_sigma,
            rng,
            model=here.noise_model,
        )
        for view in (views.left, views.right)
    )
    coc_radius_px, depth_m = (
        distort(geometry, here.distortion, interpolation="nearest")
        for geometry in (views.coc_radius_px, frame.depth_m)
    )
    return PreviewPictures(
        left=left,
        right=right,
        combined=(left + right) / 2,
        coc_radius_px=coc_radius_px * np.float32(values.width_px / width_px),
        depth_m=depth_m,
        clipped_share=float(np.mean(brightest > 1.0)),
        black_share=float(np.mean(brightest < BLACK)),
    )


def _check_blur(camera: ThinLensCamera, depth_m: NDArray[np.float32]) -> None:
    """Refuse a blur that nothing can be made of, in words of the panels."""
    # The radius rises with depth, so the extremes are those of depth.
    ends = (float(depth_m.min()), float(depth_m.max()))
    largest = max(abs(float(camera.coc_radius_px(end_m))) for end_m in ends)
    if not largest <= MAX_COC_RADIUS_PX:
        raise ValueError(
            f"The blur radius reaches {largest:.4g} px of the preview, of at most "
            f"{MAX_COC_RADIUS_PX}: is the f-number, the focus, the pitch or the "
            "scene's unit right?"
        )


def exposed(
    linear_rgb: NDArray[np.float32], exposure_stops: float, gamma: float
) -> NDArray[np.float32]:
    """Return light as a scene's exposure and gamma leave it, before any blur.

    As the pipeline does it; the view transform, a curve for the screen, is left out.

    Parameters
    ----------
    linear_rgb : ndarray of any shape
        Scene-linear.
    exposure_stops : float
        One more doubles the light.
    gamma : float
        > 0; light is raised to one over it.

    Examples
    --------
    >>> exposed(np.array([0.16], np.float32), 2.0, 2.0).round(6).tolist()
    [0.800000011920929]
    """
    if exposure_stops == 0 and gamma == 1:
        return linear_rgb
    light = linear_rgb * np.float32(2.0**exposure_stops)
    if gamma != 1:
        # Light may be below zero, in colours that the screen does not have.
        light = np.maximum(light, 0) ** np.float32(1 / gamma)
    return light
