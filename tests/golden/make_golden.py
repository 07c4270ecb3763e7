"""Write the golden views anew, after looking at why they changed.

    python tests/golden/make_golden.py

One file per mode, float32 (2, H, W, 3): left and right, scene-linear.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np

from dp_model.camera import CAMERA_SETS
from dp_model.psf import ButterworthPsf
from dp_model.render import Mode, render_dual_pixel

FOLDER = Path(__file__).parent
HEIGHT, WIDTH = 40, 56


def scene() -> tuple[np.ndarray, np.ndarray]:
    """Return colour and depth of a wall, a floor, a thin pole and a bright lamp."""
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    stripes = 0.5 + 0.4 * np.sin(0.9 * column + 0.5 * row)
    linear_rgb = stripes[..., None] * np.array([0.8, 0.6, 0.3])
    depth_m = np.full((HEIGHT, WIDTH), 40.0)
    is_floor = row >= 24
    depth_m[is_floor] = 60.0 / (row[is_floor] - 21)
    linear_rgb[is_floor] *= [0.4, 0.7, 1.0]
    depth_m[:6] = np.inf
    linear_rgb[12, 44] = 10.0
    is_pole = (abs(column - 16) < 2) & (row < 34)
    depth_m[is_pole] = 4.0
    linear_rgb[is_pole] = [0.05, 0.3, 0.1]
    return linear_rgb.astype(np.float32), depth_m


def views(mode: Mode) -> np.ndarray:
    """Return left and right of the scene, (2, H, W, 3)."""
    psf = ButterworthPsf(order=3, alpha=0.8, beta=0.2, kappa=0.14)
    rendered = render_dual_pixel(*scene(), CAMERA_SETS["3"], psf, mode=mode)
    return np.stack([rendered.left, rendered.right])


if __name__ == "__main__":
    for name in get_args(Mode):
        np.save(FOLDER / f"{name}.npy", views(name).astype(np.float32))
