"""What holds for any picture and any depth in the default mode."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dp_model import render
from dp_model.blur import convolve
from dp_model.camera import CAMERA_SETS
from dp_model.psf import PAPER_BANK
from dp_model.render import render_dual_pixel
from dp_model.tiles import Region, extended

CONSTANT = 1e-6  # promised to the caller; float32 has 6e-8


def views_of(views) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return views.left, views.right, views.combined


def plain_convolution(picture: np.ndarray, kernels) -> np.ndarray:
    """The picture, mirrored at its border, through each of two kernels."""
    planes = np.moveaxis(picture, -1, 0)
    target = Region(0, picture.shape[0], 0, picture.shape[1])
    source = target.grown(kernels[0].shape[0] // 2)
    views = convolve(
        extended(planes, source), np.stack(kernels), target.relative_to(source)
    )
    return np.moveaxis(views, 1, -1)


depth_maps = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=24),
    elements=st.one_of(
        st.floats(3.25, 60, width=32), st.sampled_from([3.0, 8.0, float("inf")])
    ),
)


@given(
    depth_maps, st.sampled_from(sorted(CAMERA_SETS)), st.floats(0.015625, 100, width=32)
)
def test_a_constant_picture_stays_constant(depth_m, name, value):
    depth_m = depth_m * np.float32(CAMERA_SETS[name].focus_distance_m / 8)
    picture = np.full((*depth_m.shape, 3), value, dtype=np.float32)
    views = render_dual_pixel(picture, depth_m, CAMERA_SETS[name], PAPER_BANK[21])
    for view in views_of(views):
        np.testing.assert_allclose(view, value, rtol=CONSTANT)


WIDE_CAMERA = dataclasses.replace(CAMERA_SETS["3"], f_number=0.4)


def cards(seed: int, height: int, width: int) -> np.ndarray:
    """Depths of rectangles at random before a slope, blurred by up to 60 px."""
    rng = np.random.default_rng(seed)
    farthest = WIDE_CAMERA.coc_radius_px(float("inf"))
    coc = np.linspace(rng.uniform(-60, farthest), rng.uniform(-60, farthest), width)
    coc = np.minimum(np.broadcast_to(coc, (height, width)), 0.99 * farthest)
    for _ in range(rng.integers(0, 4)):
        top, left = rng.integers(height), rng.integers(width)
        coc[top : top + 9, left : left + 9] = rng.uniform(-60, 0.99 * farthest)
    return WIDE_CAMERA.focus_distance_m / (1 - coc / farthest)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 45),
    st.integers(1, 45),
    st.sampled_from([np.float32, np.float64]),
    st.booleans(),
)
@settings(max_examples=20)
def test_a_constant_picture_stays_constant_at_any_blur(
    seed, height, width, dtype, has_hidden
):
    depth_m = cards(seed, height, width).astype(dtype)
    picture = np.full((height, width, 3), 0.7, dtype=dtype)
    behind_m = cards(seed + 1, height, width).astype(dtype)
    views = render_dual_pixel(
        picture,
        depth_m,
        WIDE_CAMERA,
        PAPER_BANK[21],
        hidden=(picture, behind_m) if has_hidden else None,
    )
    assert np.abs(views.coc_radius_px).max() < 61
    for view in views_of(views):
        np.testing.assert_allclose(view, 0.7, rtol=CONSTANT)


@given(st.integers(0, 2**32 - 1), st.integers(1, 45), st.booleans())
@settings(max_examples=10)
def test_views_are_mixtures_of_what_is_there(seed, width, has_hidden):
    # Unlike a constant, which is taken away before, this shows whether weights are
    # all positive and sum to 1.
    rng = np.random.default_rng(seed)
    picture, behind = rng.integers(0, 2, (2, 30, width, 3)).astype(np.float64)
    views = render_dual_pixel(
        picture,
        cards(seed, 30, width),
        WIDE_CAMERA,
        PAPER_BANK[21],
        hidden=(behind, cards(seed + 1, 30, width)) if has_hidden else None,
    )
    for view in views_of(views):
        assert view.min() > -1e-5
        assert view.max() < 1 + 1e-5


@given(depth_maps, st.integers(0, 2**32 - 1))
def test_a_constant_picture_stays_constant_before_a_constant_background(depth_m, seed):
    rng = np.random.default_rng(seed)
    picture = np.full((*depth_m.shape, 3), 0.5, dtype=np.float32)
    behind_m = depth_m * rng.uniform(0.5, 20, depth_m.shape).astype(np.float32)
    views = render_dual_pixel(
        picture, depth_m, CAMERA_SETS["3"], PAPER_BANK[3], hidden=(picture, behind_m)
    )
    for view in views_of(views):
        np.testing.assert_allclose(view, 0.5, rtol=CONSTANT)


PLANES_M = [0.4, 0.9, 1.7, 2.0, 2.6, np.inf]  # at 0.4 m the kernel is 69 px wide


@pytest.mark.parametrize("depth_m", PLANES_M)
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float64, 1e-9), (np.float32, 1e-5)]
)
def test_one_plane_is_one_plain_convolution(
    depth_m, dtype, tolerance, camera, psf, rng
):
    picture = rng.random((24, 30, 3)).astype(dtype)
    depths = np.full((24, 30), depth_m)
    views = render_dual_pixel(picture, depths, camera, psf)
    kernels = psf.kernels(camera.coc_radius_px(depth_m))
    left, right = plain_convolution(picture.astype(np.float64), kernels)
    np.testing.assert_allclose(views.left, left, atol=tolerance)
    np.testing.assert_allclose(views.right, right, atol=tolerance)


@pytest.mark.parametrize("depth_m", PLANES_M[:-1])
def test_nothing_shows_through_an_opaque_plane(depth_m, camera, psf, rng):
    picture, depths = rng.random((24, 30, 3)), np.full((24, 30), depth_m)
    hidden = rng.random((24, 30, 3)), np.full((24, 30), np.inf)
    alone = render_dual_pixel(picture, depths, camera, psf)
    told = render_dual_pixel(picture, depths, camera, psf, hidden=hidden)
    # Quarters of the pupil meet in the kernel's middle pixels, which are halved.
    np.testing.assert_allclose(told.left, alone.left, atol=1e-2)


def test_a_slope_shows_no_trace_of_what_is_guessed_behind_it(camera, psf, monkeypatch):
    # Black at its far end: a guess that shows would darken the near end.
    coc = np.broadcast_to(np.linspace(5, -20, 180), (40, 180))
    depth_m = camera.focus_distance_m / (1 - coc / camera.coc_radius_px(np.inf))
    picture = np.ones((40, 180, 3))
    picture[:, :60] = 0.0
    views = render_dual_pixel(picture, depth_m, camera, psf)
    monkeypatch.setattr(render, "surfaces_behind", lambda first, given: [])
    alone = render_dual_pixel(picture, depth_m, camera, psf)
    np.testing.assert_allclose(views.left, alone.left, atol=0.01)
