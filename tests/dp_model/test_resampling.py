"""Coarse cells, and back to pixels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dp_model.resampling import doubled, pooled

LIBRARIES = (np, torch)


@pytest.mark.parametrize("step", [1, 2, 4])
@pytest.mark.parametrize("library", LIBRARIES)
def test_a_cell_is_the_mean_of_its_pixels(step, library, rng):
    planes = rng.random((3, 8, 12))
    expected = planes.reshape(3, 8 // step, step, 12 // step, step).mean((2, 4))
    cells = pooled(library.asarray(planes.copy()), step)
    np.testing.assert_allclose(np.asarray(cells), expected)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("library", LIBRARIES)
def test_a_slope_survives_coarse_cells(times, library):
    # Lines between means are exact for what is linear.
    step = 2**times
    row, column = np.mgrid[:32, :48]
    slope = (0.3 * row - 0.2 * column + 1.0)[None]
    cells = pooled(library.asarray(slope), step)
    lost = 0  # pixels at each border: a cell of every grid
    for level in range(times, 0, -1):
        cells, lost = doubled(cells), lost + 2**level
    kept = slope[:, lost:-lost, lost:-lost]
    np.testing.assert_allclose(np.asarray(cells), kept, atol=1e-12)


def test_finer_cells_keep_the_precision_and_hardly_overshoot(rng):
    cells = rng.integers(0, 2, (2, 12, 14)).astype(np.float32)
    finer = doubled(cells)
    assert finer.dtype == np.float32
    # Weights of -12/128 on both axes: at most 0.2 of a step.
    assert finer.min() > -0.25
    assert finer.max() < 1.25
