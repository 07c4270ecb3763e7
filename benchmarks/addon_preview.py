"""Time of the add-on's view synthesis on what Blender's Python has: NumPy alone.

Makes one frame of slanted ground, posts and sky, and prints how long its dual-pixel
pictures take, for cameras from nearly sharp to strongly blurred. The fast libraries
that `dp_model` would use are kept out.

    python -m benchmarks.addon_preview [--size WxH] [--repeats N]
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # imported by the functions, once the fast libraries are shut out
    from blender_scenes.addon.camera_values import CameraValues
    from blender_scenes.addon.preview.frame import PreviewFrame

ABSENT = ("array_api_compat", "cv2", "scipy")
LENS_M, FOCUS_M, SENSOR_M = 0.085, 4.0, 36e-3
F_NUMBERS = (8.0, 2.8, 1.4)
POSTS = 7


def street(width: int, height: int) -> PreviewFrame:
    """Return a textured ground plane with posts on it, under a sky."""
    from blender_scenes.addon.preview.frame import PreviewFrame

    rng = np.random.default_rng(1)
    rows = np.arange(height) + 0.5
    below_px = np.maximum(rows - height / 2, 1e-3)
    ground_m = np.where(rows > 0.52 * height, 1.5 * width / below_px, np.inf)
    depth_m = np.repeat(ground_m[:, None], width, axis=1)
    for number in range(POSTS):
        first = int((number + 0.5) / POSTS * width)
        post = slice(height // 5, -height // 8), slice(first, first + width // 40)
        depth_m[post] = 2.0 + 1.5 * number
    return PreviewFrame(
        linear_rgb=rng.random((height, width, 3), dtype=np.float32),
        depth_m=depth_m.astype(np.float32),
        scene_name="street",
        camera_name="camera",
        frame_number=1,
        K=np.eye(3),
        world_from_camera=np.eye(4),
    )


def camera(f_number: float, width: int, height: int) -> CameraValues:
    """Return a full-frame camera, focused among the nearer posts."""
    from blender_scenes.addon.camera_values import CameraValues
    from dp_model.camera import ThinLensCamera
    from dp_model.psf import ButterworthPsf

    return CameraValues(
        camera=ThinLensCamera(LENS_M, f_number, FOCUS_M, SENSOR_M / width),
        psf=ButterworthPsf(3, 0.8, 0.2, 0.14),
        distortion=None,
        noise_model="none",
        noise_sigma=0.0,
        width_px=width,
        height_px=height,
    )


def main() -> None:
    """Print the best and the median time of each camera."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="960x540")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    for name in ABSENT:
        sys.modules[name] = None  # type: ignore[assignment]
    from blender_scenes.addon.preview.synthesis import pictures_of
    from dp_model.parallel import core_count

    width, height = (int(side) for side in options.size.split("x"))
    frame = street(width, height)
    print(f"{width} x {height}, NumPy {np.__version__} alone, {core_count()} cores")
    for f_number in F_NUMBERS:
        values = camera(f_number, width, height)
        blur_px = float(np.abs(values.camera.coc_radius_px(frame.depth_m)).max())
        times_s: list[float] = []
        for _ in range(options.repeats):
            start_s = time.perf_counter()
            pictures_of(frame, values)
            times_s.append(time.perf_counter() - start_s)
        print(
            f"f/{f_number:<4g} blur up to {blur_px:5.1f} px: "
            f"best {min(times_s):.2f} s, median {np.median(times_s):.2f} s"
        )


if __name__ == "__main__":
    main()
