"""The error of the layered blur falls with the number of layers."""

from __future__ import annotations

import numpy as np
import pytest

from dp_model import layers
from dp_model.camera import CAMERA_SETS
from dp_model.psf import ButterworthPsf
from dp_model.render import render_dual_pixel

PSF = ButterworthPsf(order=3, alpha=0.8, beta=0.2, kappa=0.14)
HEIGHT, WIDTH = 48, 96


def left_view(monkeypatch: pytest.MonkeyPatch, step_px: float) -> np.ndarray:
    """Return the left view of a striped plane from 9 m to 40 m, in double."""
    monkeypatch.setattr(layers, "LAYER_STEP_PX", step_px)
    row, column = np.mgrid[:HEIGHT, :WIDTH]
    stripes = 0.5 + 0.4 * np.sin(2 * np.pi * (column + 0.4 * row) / 8)
    picture = stripes[..., None] * np.array([1.0, 0.7, 0.4])
    depth_m = np.broadcast_to(1 / np.linspace(1 / 9, 1 / 40, WIDTH), (HEIGHT, WIDTH))
    return render_dual_pixel(picture, depth_m, CAMERA_SETS["3"], PSF).left


def test_error_falls_in_proportion_to_the_distance_of_layers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth = left_view(monkeypatch, 0.02)
    errors = [
        np.sqrt(np.mean((left_view(monkeypatch, step_px) - truth) ** 2))
        for step_px in (2.0, 1.0, 0.5, 0.25)
    ]
    assert errors == sorted(errors, reverse=True)
    # First order: the PSF's rim is an edge, so a blend of two radii is off by
    # their distance. Eight times finer, less what the texture happens to hide.
    assert errors[0] / errors[-1] > 6
