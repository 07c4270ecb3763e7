"""Make one dual-pixel pair from a picture and a depth map, without Blender.

    python examples/one_pair.py OUTPUT_FOLDER

A chequered wall 12 m away behind a striped post at 3 m; the lens of a full-frame
camera, 50 mm at f/2, focused at 5 m.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from dp_model.camera import ThinLensCamera
from dp_model.psf import ButterworthPsf
from dp_model.radiometry import encode_srgb, quantise
from dp_model.render import render_dual_pixel
from pipeline.images import write_png

HEIGHT, WIDTH = 270, 480
WALL_M, POST_M = 12.0, 3.0


def scene() -> tuple[np.ndarray, np.ndarray]:
    """Return linear RGB (H, W, 3) and depth (H, W), metres."""
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    chequer = ((row // 24 + column // 24) % 2)[..., None]
    wall = 0.08 + 0.5 * chequer * np.array([1.0, 0.85, 0.6])
    stripes = ((row // 12) % 2)[..., None]
    post = np.where(stripes, [0.7, 0.05, 0.04], [0.8, 0.8, 0.8])
    is_post = abs(column - WIDTH // 2) < 22
    linear_rgb = np.where(is_post[..., None], post, wall).astype(np.float32)
    return linear_rgb, np.where(is_post, POST_M, WALL_M)


def main() -> None:
    """Write left.png, right.png and combined.png."""
    folder = Path(sys.argv[1])
    # 24 um: a 36 mm wide sensor seen through 1500 columns, of which we show 480.
    camera = ThinLensCamera(
        focal_length_m=0.05, f_number=2.0, focus_distance_m=5.0, pixel_pitch_m=24e-6
    )
    psf = ButterworthPsf(order=3, alpha=0.8, beta=0.2, kappa=0.14)
    views = render_dual_pixel(*scene(), camera, psf)
    for name in ("left", "right", "combined"):
        linear_rgb = getattr(views, name)
        write_png(folder / f"{name}.png", quantise(encode_srgb(linear_rgb), bits=16))
        print(folder / f"{name}.png")


if __name__ == "__main__":
    main()
