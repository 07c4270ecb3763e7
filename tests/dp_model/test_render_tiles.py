"""Tiles, threads and accelerators change how views are made, not what they show."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from dp_model import disocclusion, parallel, stack
from dp_model.camera import CAMERA_SETS
from dp_model.psf import PAPER_BANK
from dp_model.render import DualPixelViews, render_dual_pixel

CAMERA = dataclasses.replace(CAMERA_SETS["3"], f_number=1.5)  # sky: 16 px
FARTHEST_PX = CAMERA.coc_radius_px(float("inf"))
PSF = PAPER_BANK[21]

# A lone layer is convolved on pixels, several are composited in coarse cells; which
# tile sees how many depends on where tiles begin.  Measured: 8e-4 on cards.
OTHER_TILES = 1e-3
# No coarse cells at all on an accelerator.  Measured on fine stripes: 0.021 and 0.003
# with cells of 2 from 3 px and 4 from 8 px.
ON_PIXELS, ON_PIXELS_RMS = 0.03, 5e-3


def scene(height: int = 98, width: int = 91):
    """Stripes on a slope, poles and cards before it, and what is behind them."""
    row, column = np.mgrid[:height, :width]
    stripes = 0.5 + 0.4 * np.sin(0.5 * column + 0.3 * row)
    picture = stripes[..., None] * np.array([1.0, 0.7, 0.4])
    behind = picture.copy()
    coc = 0.9 * FARTHEST_PX - 0.2 * np.maximum(row - 50, 0)
    coc_behind = coc.copy()
    for left, radius, colour in [(20, -9.0, 0.9), (45, -3.0, 0.1), (70, 6.0, 0.3)]:
        pole = (abs(column - left) < 4) & (row > 19) & (row < 75)
        picture[pole], coc[pole] = colour, radius
    return picture, depth_of(coc), behind, depth_of(coc_behind)


def depth_of(coc_radius_px: np.ndarray) -> np.ndarray:
    return CAMERA.focus_distance_m / (1 - coc_radius_px / FARTHEST_PX)


def render(*, has_hidden: bool, library=np, dtype: type = np.float64) -> DualPixelViews:
    picture, depth_m, behind, behind_m = (
        library.asarray(array.astype(dtype)) for array in scene()
    )
    hidden = (behind, behind_m) if has_hidden else None
    return render_dual_pixel(picture, depth_m, CAMERA, PSF, hidden=hidden)


@pytest.mark.parametrize("has_hidden", [False, True])
@pytest.mark.parametrize("side", [32, 50, 512])
def test_views_do_not_depend_on_the_tiles(side, has_hidden, monkeypatch):
    usual = render(has_hidden=has_hidden)
    monkeypatch.setattr(stack, "TILE", side)
    other = render(has_hidden=has_hidden)
    np.testing.assert_allclose(other.left, usual.left, atol=OTHER_TILES)
    np.testing.assert_allclose(other.right, usual.right, atol=OTHER_TILES)


@pytest.mark.parametrize("has_hidden", [False, True])
def test_views_do_not_depend_on_the_number_of_threads(has_hidden, monkeypatch):
    monkeypatch.setattr(stack, "TILE", 32)
    views = []
    for count in (1, 2, 7):
        for module in (parallel, disocclusion):
            monkeypatch.setattr(module, "core_count", lambda count=count: count)
        views.append(render(has_hidden=has_hidden).left)
    np.testing.assert_array_equal(views[0], views[1])
    np.testing.assert_array_equal(views[0], views[2])


@pytest.mark.parametrize("has_hidden", [False, True])
@pytest.mark.parametrize("library", [np, torch])
def test_an_accelerator_shows_the_same(library, has_hidden, monkeypatch):
    on_host = render(has_hidden=has_hidden)
    monkeypatch.setattr(stack, "on_host", lambda array: None)
    accelerated = render(has_hidden=has_hidden, library=library)
    difference = np.asarray(accelerated.left) - on_host.left
    assert np.abs(difference).max() < ON_PIXELS
    assert np.sqrt(np.mean(difference**2)) < ON_PIXELS_RMS


@pytest.mark.parametrize("has_hidden", [False, True])
def test_without_coarse_cells_an_accelerator_shows_the_very_same(
    has_hidden, monkeypatch
):
    monkeypatch.setattr(stack, "coarse_step", lambda coc_radius_px: 1)
    on_host = render(has_hidden=has_hidden)
    monkeypatch.setattr(stack, "on_host", lambda array: None)
    accelerated = render(has_hidden=has_hidden)
    np.testing.assert_allclose(accelerated.left, on_host.left, atol=1e-9)


@pytest.mark.parametrize("has_hidden", [False, True])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float64, 1e-11), (np.float32, 1e-5)]
)
def test_torch_gives_what_numpy_gives_tile_by_tile(dtype, tolerance, has_hidden):
    on_numpy = render(has_hidden=has_hidden, dtype=dtype)
    on_torch = render(has_hidden=has_hidden, dtype=dtype, library=torch)
    np.testing.assert_allclose(on_torch.left.numpy(), on_numpy.left, atol=tolerance)


@pytest.mark.parametrize("has_hidden", [False, True])
def test_single_precision_is_enough(has_hidden):
    double = render(has_hidden=has_hidden)
    single = render(has_hidden=has_hidden, dtype=np.float32)
    assert single.left.dtype == np.float32
    # What lies on the verge of "well behind" may fall to either side: rare pixels.
    error = np.abs(single.left - double.left)
    assert np.quantile(error, 0.999) < 1e-5
    assert error.max() < 1e-2


def test_a_blur_of_eighty_pixels_is_like_any_other(rng):
    camera = dataclasses.replace(CAMERA_SETS["3"], f_number=0.25)
    farthest = camera.coc_radius_px(float("inf"))
    picture = rng.random((50, 60, 3)).astype(np.float32)
    depth_m = np.full((50, 60), camera.focus_distance_m / (1 + 80 / farthest))
    depth_m[:, 30:] = np.inf
    views = render_dual_pixel(picture, depth_m, camera, PSF)
    assert views.coc_radius_px.min() < -79.9
    for view in (views.left, views.right):
        assert np.isfinite(view).all()
        assert picture.min() <= view.min()
        assert view.max() <= picture.max()


def test_a_lamp_leaves_no_noise_in_the_shadows_around_it():
    # A lamp of 1e4 on a wall of 0.01, out of reach of what is looked at.
    picture, depth_m, *_ = scene()
    picture[...] = 0.01
    lit = picture.copy()
    lit[90, 60] = 1e4
    with_lamp, without = (
        render_dual_pixel(rgb.astype(np.float32), depth_m, CAMERA, PSF).left
        for rgb in (lit, picture)
    )
    far_away = slice(0, 40)
    assert with_lamp.max() > 10
    np.testing.assert_allclose(with_lamp[far_away], without[far_away], rtol=1e-3)


@pytest.mark.parametrize("radius_px", [3.0, 7.0, 12.0, -20.0])
def test_around_the_blur_of_a_lamp_it_does_not_get_darker_than_dark(radius_px):
    # Beyond the rim of a lamp's blur nothing is added, and nothing taken away.
    picture = np.full((90, 100, 3), 0.01)
    picture[45, 50] = 1e4
    coc = np.full((90, 100), radius_px)
    coc[:, :20] = radius_px - 3  # not a single layer
    views = render_dual_pixel(picture, depth_of(coc), CAMERA, PSF)
    for view in (views.left, views.right):
        assert view.min() > 0.01 - 1e-4 * view.max()
