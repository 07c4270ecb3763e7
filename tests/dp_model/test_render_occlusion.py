"""The default mode: every layer hides what is behind it, in each view by itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from dp_model import compositing, layers, stack
from dp_model.camera import ThinLensCamera
from dp_model.psf import ButterworthPsf
from dp_model.render import render_dual_pixel
from tests.oracles import pupil_tracer

SHARP_PSF = ButterworthPsf(3, 0.8, 0.2, 0.0)  # what a pupil's transmission can make


def views_of(views) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return views.left, views.right, views.combined


def test_a_scene_in_focus_comes_back_untouched(camera, psf, rng):
    picture = rng.random((9, 14, 3)).astype(np.float32)
    views = render_dual_pixel(picture, np.full((9, 14), 2.0), camera, psf)
    for view in views_of(views):
        np.testing.assert_array_equal(view, picture)


def test_focused_pixels_are_untouched_beside_a_blurred_background(camera, psf, rng):
    picture = rng.random((20, 30, 3))
    depth_m = np.full((20, 30), np.inf)
    depth_m[:, 15:] = 2.0
    views = render_dual_pixel(picture, depth_m, camera, psf)
    for view in views_of(views):
        np.testing.assert_allclose(view[:, 15:], picture[:, 15:], atol=1e-12)


def test_a_sharp_foreground_does_not_bleed_into_the_background(camera, psf):
    picture = np.zeros((20, 40, 3))
    picture[:, 20:] = 1.0
    depth_m = np.full((20, 40), np.inf)
    depth_m[:, 20:] = 2.0
    views = render_dual_pixel(picture, depth_m, camera, psf)
    for view in views_of(views):
        np.testing.assert_allclose(view[:, :20], 0, atol=1e-12)


def test_an_occluder_hides_all_behind_it_beyond_one_blur_from_its_edge(camera, psf):
    picture = np.zeros((40, 60, 3))
    picture[:, :30] = 50.0  # a bright background
    depth_m = np.full((40, 60), np.inf)
    depth_m[:, 30:] = 1.37
    reach = psf.support_px(camera.coc_radius_px(1.37))
    views = render_dual_pixel(picture, depth_m, camera, psf)
    for view in views_of(views):
        np.testing.assert_allclose(view[:, 30 + reach :], 0, atol=1e-10)
        assert view[20, 30].max() > 1


def test_the_combined_view_is_the_mean(camera, psf, rng):
    picture = rng.random((10, 12, 3))
    depth_m = rng.uniform(1, 9, (10, 12))
    views = render_dual_pixel(picture, depth_m, camera, psf)
    np.testing.assert_array_equal(views.combined, (views.left + views.right) / 2)


def centroid_column(view: np.ndarray) -> float:
    light = view.sum((0, 2))
    return float(light @ np.arange(light.size) / light.sum())


@pytest.mark.parametrize(("depth_m", "sign"), [(8.0, -1), (1.3, 1)])
def test_behind_focus_a_point_moves_left_in_the_left_view(depth_m, sign, camera, psf):
    picture = np.zeros((31, 31, 3))
    picture[15, 15] = 1
    views = render_dual_pixel(picture, np.full((31, 31), depth_m), camera, psf)
    assert sign * (centroid_column(views.left) - 15) > 0.5
    assert sign * (centroid_column(views.right) - 15) < -0.5


def test_views_move_along_rows_only_and_channels_stay_in_order(camera, psf):
    picture = np.zeros((31, 37, 3))
    picture[9, 12] = [1, 2, 4]
    views = render_dual_pixel(picture, np.full((31, 37), 8.0), camera, psf)
    rows = views.left.sum((1, 2))
    assert rows @ np.arange(31) / rows.sum() == pytest.approx(9, abs=1e-9)
    np.testing.assert_allclose(views.left.sum((0, 1)), [1, 2, 4], rtol=1e-9)


def test_mirroring_the_scene_swaps_the_views(camera, psf, rng):
    picture = rng.random((16, 22, 3))
    depth_m = np.where(rng.random((16, 22)) < 0.5, 1.2, 7.0)
    views = render_dual_pixel(picture, depth_m, camera, psf)
    mirrored = render_dual_pixel(picture[:, ::-1], depth_m[:, ::-1], camera, psf)
    np.testing.assert_allclose(mirrored.left, views.right[:, ::-1], atol=1e-9)
    np.testing.assert_allclose(mirrored.right, views.left[:, ::-1], atol=1e-9)


SIZE = (48, 64)


def stripes(period: float, low: float, high: float):
    """A texture that is a function of position, so that the tracer sees it anywhere."""

    def colour(row, column):
        wave = np.sin(2 * np.pi * (column + 0.6 * row) / period)
        level = low + (high - low) * (0.5 + 0.5 * wave)
        return np.stack([level, level**2, 1 - 0.5 * level], axis=-1)

    return colour


def everywhere(row, column):
    return np.ones(row.shape, dtype=bool)


def pole(row, column):
    return np.abs(column - 32) < 7.5


def traced_views(camera: ThinLensCamera, cards) -> tuple[np.ndarray, np.ndarray]:
    lens = pupil_tracer.Lens(**dataclasses.asdict(camera))
    pupil = pupil_tracer.grid_pupil(44)
    ring = pupil_tracer.ring(*pupil, SHARP_PSF.order, SHARP_PSF.alpha, SHARP_PSF.beta)
    ramp = pupil_tracer.left_ramp(pupil[0])
    left = pupil_tracer.trace_cards(lens, cards, SIZE, pupil, ring * ramp)
    right = pupil_tracer.trace_cards(lens, cards, SIZE, pupil, ring * (1 - ramp))
    return left, right


def pinhole(cards) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """First and second surface of two cards, the second one everywhere."""
    front, back = cards
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]].astype(float)
    is_front = front.mask(rows, columns)
    behind = back.colour(rows, columns)
    first = np.where(is_front[..., None], front.colour(rows, columns), behind)
    depth_m = np.where(is_front, front.depth_m, back.depth_m)
    behind_m = np.where(is_front, back.depth_m, np.nan)
    return first, depth_m, behind, behind_m


def rms(one: np.ndarray, other: np.ndarray) -> float:
    # Away from the border, beyond which the tracer sees more scene and the renderer
    # a mirror image.
    inner = (slice(12, -12), slice(12, -12))
    return float(np.sqrt(np.mean((one[inner] - other[inner]) ** 2)))


# Depth of the front and of the back, and the error allowed, a fifth above the measured.
# A pixel of the renderer is a patch of colour where the tracer has a smooth function.
CASES = {
    "front blurred, back sharp": (1.2, 2.0, 0.003),
    "front sharp, back blurred": (2.0, 40.0, 0.0004),
    "both blurred, focus between": (1.4, 6.0, 0.0042),
    "both behind focus": (2.8, 40.0, 0.0076),
}
IN_PAPER_MODE = 0.075  # measured 0.08 to 0.1
OF_A_SLOPE = 0.0065  # measured 0.0052
OF_A_GUESS = 0.016  # measured 0.0133: what is hidden is another part of the stripes


@pytest.mark.parametrize("name", CASES)
def test_two_cards_look_as_rays_through_the_pupil_see_them(name, camera):
    front_m, back_m, allowed = CASES[name]
    cards = [
        pupil_tracer.Card(front_m, stripes(23, 0.6, 1.0), pole),
        pupil_tracer.Card(back_m, stripes(17, 0.0, 0.4), everywhere),
    ]
    first, depth_m, behind, behind_m = pinhole(cards)
    left, right = traced_views(camera, cards)
    views = render_dual_pixel(
        first, depth_m, camera, SHARP_PSF, hidden=(behind, behind_m)
    )
    paper = render_dual_pixel(first, depth_m, camera, SHARP_PSF, mode="paper")
    assert rms(views.left, left) < allowed
    assert rms(views.right, right) < allowed
    assert rms(paper.left, left) > IN_PAPER_MODE
    assert rms(views.left, left) < rms(views.right, left) / 5


def test_a_guessed_background_is_near_the_rays(camera):
    cards = [
        pupil_tracer.Card(1.2, stripes(23, 0.6, 1.0), pole),
        pupil_tracer.Card(2.0, stripes(40, 0.1, 0.3), everywhere),
    ]
    first, depth_m, behind, behind_m = pinhole(cards)
    left, _ = traced_views(camera, cards)
    told = render_dual_pixel(
        first, depth_m, camera, SHARP_PSF, hidden=(behind, behind_m)
    )
    guessed = render_dual_pixel(first, depth_m, camera, SHARP_PSF)
    assert rms(told.left, left) < rms(guessed.left, left) < OF_A_GUESS


def slope_scene(camera, colour, across: float, middle_radius: float = 0.0):
    """A slanted plane: its inverse depth and CoC radius are affine in the column."""
    columns = np.arange(SIZE[1], dtype=float)
    middle = (SIZE[1] - 1) / 2
    radius = middle_radius + across * (columns - middle)
    depth_m = camera.focus_distance_m / (
        1 - radius / camera.coc_radius_px(float("inf"))
    )
    rows = np.arange(SIZE[0], dtype=float)[:, None]
    picture = colour(rows + 0 * columns, columns + 0 * rows)
    return picture, np.broadcast_to(depth_m, SIZE).copy()


def traced_slope(colour, across: float) -> np.ndarray:
    """The slope through the left of the pupil: x = X + r(X) p solved for X."""
    pupil = pupil_tracer.grid_pupil(44)
    weights = pupil_tracer.ring(*pupil, 3, 0.8, 0.2) * pupil_tracer.left_ramp(pupil[0])
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]].astype(float)
    middle = (SIZE[1] - 1) / 2
    total = np.zeros((*SIZE, 3))
    for x, y, weight in zip(*pupil, weights, strict=True):
        seen = (columns - middle) / (1 + across * x)
        total += weight * colour(rows - across * seen * y, seen + middle)
    return total / weights.sum()


def test_a_slope_through_the_focus_has_no_seams(camera):
    colour = stripes(19, 0.1, 0.9)
    picture, depth_m = slope_scene(camera, colour, across=0.15)
    views = render_dual_pixel(picture, depth_m, camera, SHARP_PSF)
    assert rms(views.left, traced_slope(colour, 0.15)) < OF_A_SLOPE


def test_error_falls_with_the_layer_step(camera, monkeypatch):
    # The cells of wide blurs have an error of their own.
    monkeypatch.setattr(stack, "coarse_step", lambda coc_radius_px: 1)
    picture, depth_m = slope_scene(camera, stripes(13, 0.1, 0.9), 0.1, -9.0)
    results = {}
    for step in (4.0, 2.0, 1.0, 0.03):
        monkeypatch.setattr(layers, "LAYER_STEP_PX", step)
        results[step] = render_dual_pixel(picture, depth_m, camera, SHARP_PSF).left
    errors = [rms(results[step], results[0.03]) for step in (4.0, 2.0, 1.0)]
    # A blend of two kernels is of second order in their difference, a factor of 4 per
    # halving; where both ends change the number of layers it is a little less.
    assert errors[0] > 2 * errors[1] > 4 * errors[2]


def test_layers_come_back_to_front(camera, psf, rng):
    # Three cards one behind the other: the order must hold in every view.
    picture = np.zeros((30, 45, 3))
    depth_m = np.full((30, 45), np.inf)
    for index, (start, metres) in enumerate([(15, 3.0), (30, 1.4)]):
        picture[:, start:, index] = 1
        depth_m[:, start:] = metres
    picture[:, 30:, 0] = 0
    views = render_dual_pixel(picture, depth_m, camera, psf)
    for view in (views.left, views.right):
        # Well inside the front card nothing else is seen.
        np.testing.assert_allclose(view[15, -1], [0, 1, 0], atol=1e-6)


def test_the_second_surface_shows_through_a_blurred_edge(camera, psf):
    picture = np.zeros((24, 40, 3))
    depth_m = np.full((24, 40), 2.0)
    depth_m[:, 20:] = 1.2
    behind = np.zeros((24, 40, 3))
    behind[..., 1] = 1.0
    without = render_dual_pixel(picture, depth_m, camera, psf)
    told = render_dual_pixel(
        picture, depth_m, camera, psf, hidden=(behind, np.full((24, 40), 2.0))
    )
    assert without.combined.max() < 1e-9
    assert told.combined[12, 20, 1] > 0.3
    # In front of the edge the first surface itself is seen.
    assert told.combined[12, 18, 1] < 1e-6


def test_a_surface_hardly_behind_does_not_take_the_backgrounds_place(camera, psf):
    # The far side of a leaf, a millimetre behind it: beyond its edge one sees the wall.
    picture = np.zeros((24, 40, 3))
    picture[:, :20, 1] = 1.0
    depth_m = np.full((24, 40), 2.0)
    depth_m[:, 20:] = 1.2
    leaf = np.zeros((24, 40, 3)), depth_m + 0.001
    told = render_dual_pixel(picture, depth_m, camera, psf, hidden=leaf)
    guessed = render_dual_pixel(picture, depth_m, camera, psf)
    np.testing.assert_allclose(told.combined, guessed.combined, atol=1e-9)
    assert told.combined[12, 20, 1] > 0.3


def test_coverage_is_never_divided_by_nothing():
    # A PSF with no light in the middle leaves a lone pixel without its own layer.
    class Hole:
        def support_px(self, coc_radius_px: float) -> int:
            return 1 if coc_radius_px else 0

        def kernels(self, coc_radius_px: float):
            kernel = np.full((3, 3), 1 / 8)
            kernel[1, 1] = 0
            return (kernel, kernel) if coc_radius_px else (np.ones((1, 1)),) * 2

    coc = np.array([[0.0, 0.0, 9.0, 0.0, 0.0]])
    surface = layers.Surface(np.ones((1, 1, 5)), coc, np.ones((1, 5)))
    left, _ = compositing.composite_occlusion([surface], np.array([9.0, 0.0]), Hole())
    assert np.isfinite(left).all()
