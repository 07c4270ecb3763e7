"""Colour that antialiasing carries over the edge of a blurrier foreground."""

from __future__ import annotations

import numpy as np
import pytest

from dp_model.edges import without_bleeding
from dp_model.layers import Surface
from dp_model.psf import ButterworthPsf
from dp_model.render import render_dual_pixel

PSF = ButterworthPsf(3, 0.8, 0.2, 0.0)
SIZE = (24, 40)


def pole(front_px: float, back_px: float, fringe: float = 0.4) -> Surface:
    """A bright pole, columns 16..23; the pixel to its right holds some of it."""
    coc = np.full(SIZE, back_px)
    coc[:, 16:24] = front_px
    planes = np.full((3, *SIZE), 0.2)
    planes[:, :, 16:24] = 5.0
    planes[:, :, 24] += fringe * (5.0 - 0.2)
    return Surface(planes, coc, np.ones(SIZE))


def test_a_blurred_foreground_leaves_nothing_in_the_background():
    mended = without_bleeding(pole(-8.0, 0.0), None)
    inner = (slice(None), slice(2, -2), slice(24, -2))
    np.testing.assert_allclose(mended[inner], 0.2)


def test_only_pixels_beside_the_edge_change():
    surface = pole(-8.0, 0.0)
    mended = without_bleeding(surface, None)
    is_beside = np.zeros(SIZE, dtype=bool)
    is_beside[:, [15, 24]] = True
    np.testing.assert_array_equal(mended[:, ~is_beside], surface.planes[:, ~is_beside])


def test_what_goes_on_behind_the_foreground_is_made_use_of():
    # Every pixel of a one pixel wide gap touches an edge: only the second surface,
    # known beneath the poles, tells its colour.
    surface = pole(-8.0, 0.0)
    surface.coc_radius_px[:, 25:] = -8.0
    coverage = (surface.coc_radius_px < 0).astype(float)
    behind = Surface(np.full((3, *SIZE), 0.2), np.zeros(SIZE), coverage)
    alone = without_bleeding(surface, None)
    np.testing.assert_array_equal(alone[:, :, 24], surface.planes[:, :, 24])
    told = without_bleeding(surface, behind)
    np.testing.assert_allclose(told[:, 2:-2, 24], 0.2)


@pytest.mark.parametrize(("front_px", "back_px"), [(0.0, 12.0), (1.0, 12.0)])
def test_a_sharper_foreground_is_left_alone(front_px, back_px):
    surface = pole(front_px, back_px)
    np.testing.assert_array_equal(without_bleeding(surface, None), surface.planes)


def test_without_edges_nothing_changes(rng):
    slope = np.broadcast_to(np.linspace(-20, -8, SIZE[1]), SIZE)
    surface = Surface(rng.random((3, *SIZE)), slope, np.ones(SIZE))
    np.testing.assert_array_equal(without_bleeding(surface, None), surface.planes)
    flat = Surface(surface.planes, np.full(SIZE, 3.0), np.ones(SIZE))
    np.testing.assert_array_equal(without_bleeding(flat, None), surface.planes)


def test_the_input_is_left_as_it_was():
    surface = pole(-8.0, 0.0)
    before = surface.planes.copy()
    without_bleeding(surface, None)
    np.testing.assert_array_equal(surface.planes, before)


def rendered(surface: Surface, camera) -> np.ndarray:
    depth_m = camera.focus_distance_m / (
        1 - surface.coc_radius_px / camera.coc_radius_px(float("inf"))
    )
    picture = np.moveaxis(surface.planes, 0, -1)
    return render_dual_pixel(picture, depth_m, camera, PSF).combined


def test_a_blurred_pole_leaves_no_line_over_a_sharp_background(camera):
    # The fringe would stand out of the pole's blur by 0.4 * 4.8.
    clean = rendered(pole(-8.0, 0.0, fringe=0.0), camera)
    fringed = rendered(pole(-8.0, 0.0, fringe=0.4), camera)
    np.testing.assert_allclose(fringed[2:-2, 2:-2], clean[2:-2, 2:-2], atol=1e-6)


def test_the_fringe_of_a_sharp_pole_stays(camera):
    surface = pole(0.0, 5.0)
    view = rendered(surface, camera)
    picture = np.moveaxis(surface.planes, 0, -1)
    np.testing.assert_allclose(view[:, 16:24], picture[:, 16:24], atol=1e-9)
