"""What defines the paper's and the release's way of compositing."""

from __future__ import annotations

import numpy as np
import pytest

from dp_model.camera import CAMERA_SETS, RELEASED_CAMERA_SETS
from dp_model.compositing import composite_paper
from dp_model.layers import Surface
from dp_model.psf import PAPER_BANK
from dp_model.radiometry import decode_srgb, encode_srgb
from dp_model.released import (
    RELEASED_BANK,
    ReleasedPsf,
    gather,
    released_coc_radius_px,
)
from dp_model.render import render_dual_pixel
from tests.oracles.slow_convolution import convolved


def slope(height: int = 24, width: int = 40) -> np.ndarray:
    """Depths of a street: every column farther than the one before."""
    return np.broadcast_to(np.geomspace(4.0, 60.0, width), (height, width)).copy()


def test_paper_mode_is_plain_alpha_blending_by_hand():
    # Two layers, the back one first: L = B + (1 - a) ..., from black.
    picture = np.ones((1, 8, 3))
    coc = np.array([[3.0] * 4 + [-3.0] * 4])
    radii = np.array([3.0, -3.0])
    psf = PAPER_BANK[0]
    planes = np.moveaxis(picture, -1, 0)
    left, right = composite_paper(Surface(planes, coc, np.ones((1, 8))), radii, psf)
    for index, view in enumerate((left, right)):
        masks = [(coc == radius).astype(float)[..., None] for radius in radii]
        back, front = (
            convolved(mask, psf.kernels(radius)[index])
            for mask, radius in zip(masks, radii, strict=True)
        )
        np.testing.assert_allclose(
            view[..., :1], front + (1 - front) * back, atol=1e-12
        )


def test_paper_mode_darkens_where_layers_meet_and_occlusion_mode_does_not():
    picture = np.full((24, 40, 3), 0.5)
    paper = render_dual_pixel(
        picture, slope(), CAMERA_SETS["3"], PAPER_BANK[0], mode="paper"
    )
    ours = render_dual_pixel(picture, slope(), CAMERA_SETS["3"], PAPER_BANK[0])
    assert paper.combined.mean() < 0.45
    assert paper.combined.max() <= 0.5 + 1e-9
    np.testing.assert_allclose(ours.combined, 0.5, rtol=1e-9)


def test_paper_mode_blurs_a_single_depth_like_the_others(psf, camera, rng):
    picture = rng.random((14, 18, 3))
    depth_m = np.full((14, 18), 5.0)
    paper = render_dual_pixel(picture, depth_m, camera, psf, mode="paper")
    ours = render_dual_pixel(picture, depth_m, camera, psf)
    np.testing.assert_allclose(paper.left, ours.left, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "layers", "far_radius"),
    [("1", 19, 3), ("2", 22, 3), ("3", 38, 9), ("4", 31, 4), ("5", 45, 5)],
)
def test_released_radii_are_as_counted_in_the_published_code(name, layers, far_radius):
    # Counted there over 2000 slices of 0..250 m; the slice at 0 m clips at 40.
    depth_m = np.linspace(0, 250, 2001)[1:]
    radius = released_coc_radius_px(RELEASED_CAMERA_SETS[name].coc_radius_px(depth_m))
    assert radius.max() == far_radius
    assert radius.min() == -40
    assert not (radius == 0).any()
    assert np.unique(radius).size == pytest.approx(layers, abs=2)


def test_released_radius_is_the_diameter_rounded():
    radius = released_coc_radius_px(np.array([1.2, 1.3, -1.3, 0.2, -0.2, 30.0]))
    np.testing.assert_array_equal(radius, [2, 3, -3, 1, 1, 40])


def test_released_views_are_apart_in_focus():
    # Measured on the release: 0.92 to 0.97 px over its twelve kernels.
    for psf in RELEASED_BANK:
        left, right = psf.kernels(0)
        index = np.arange(-1, 2)
        separation = right.sum(0) @ index - left.sum(0) @ index
        assert 0.9 < separation < 1.0


def test_released_rim_is_below_one_because_corners_count():
    # Measured on the release: 0.836 at radius 20, n = 3, alpha = 0.8, beta = 0.1.
    disc = ReleasedPsf(3, 0.8, 0.1)._disc(20)
    assert disc[20, 0] == pytest.approx(0.836, abs=5e-4)
    assert disc[20, 20] == pytest.approx(0.1)
    assert disc[0, 0] == 0


@pytest.mark.parametrize(("radius", "size"), [(1, 3), (3, 9), (40, 93)])
def test_released_kernels_have_the_published_sizes(radius, size):
    # 81 plus a smoothing pad of 6 on each side at the largest radius.
    assert RELEASED_BANK[0].kernels(radius)[0].shape == (size, size)


def test_released_bank_has_half_the_papers_range():
    assert len(set(RELEASED_BANK)) == 12
    assert {psf.alpha for psf in RELEASED_BANK} == {0.8, 1.0}
    assert {psf.beta for psf in RELEASED_BANK} == {0.1, 0.2}


def test_released_psf_parameters_are_checked():
    for values in [(0, 0.8, 0.1), (3, 0.0, 0.1), (3, 0.8, 0.0)]:
        with pytest.raises(ValueError, match="order must be >= 1, alpha > 0 and beta"):
            ReleasedPsf(*values)


def test_released_gather_reads_the_whole_picture_for_every_pixel(rng):
    encoded = rng.random((12, 15, 3))
    coc = np.where(rng.random((12, 15)) < 0.5, 2.0, -4.0)
    psf = RELEASED_BANK[3]
    left, right = gather(np.moveaxis(encoded, -1, 0), coc, psf)
    for index, view in enumerate((left, right)):
        for radius in (2.0, -4.0):
            kernel = psf.kernels(radius)[index]
            whole = convolved(encoded, kernel, border="reflect")
            np.testing.assert_allclose(
                view[coc == radius], whole[coc == radius], atol=1e-12
            )


def test_released_mode_keeps_silhouettes_hard():
    # A black card in front of white: just outside it the released view mixes in black
    # of the card, just inside white of the background, with a step between.
    picture = np.ones((20, 60, 3))
    picture[:, 30:] = 0.0
    depth_m = np.full((20, 60), 8.0)
    depth_m[:, 30:] = 5.0
    views = render_dual_pixel(
        picture, depth_m, CAMERA_SETS["3"], RELEASED_BANK[0], mode="released"
    )
    sharp_side = encode_srgb(views.combined)[10, 28, 0]
    blurred_side = encode_srgb(views.combined)[10, 31, 0]
    assert sharp_side > 0.95
    assert blurred_side < 0.55


def test_released_mode_blurs_encoded_colour(rng):
    picture = rng.random((14, 17, 3))
    depth_m = np.full((14, 17), 20.0)
    camera, psf = CAMERA_SETS["3"], RELEASED_BANK[5]
    views = render_dual_pixel(picture, depth_m, camera, psf, mode="released")
    kernels = psf.kernels(float(views.coc_radius_px[0, 0]))
    encoded = encode_srgb(picture)
    left, right = (convolved(encoded, kernel, border="reflect") for kernel in kernels)
    np.testing.assert_allclose(encode_srgb(views.left), left, atol=1e-9)
    np.testing.assert_allclose(
        views.combined, decode_srgb((left + right) / 2), atol=1e-9
    )


def test_released_mode_clips_highlights_before_the_blur():
    picture = np.full((9, 9, 3), 7.0)
    views = render_dual_pixel(
        picture, slope(9, 9), CAMERA_SETS["3"], RELEASED_BANK[0], mode="released"
    )
    np.testing.assert_allclose(views.left, 1.0, rtol=1e-9)


@pytest.mark.parametrize(("depth_m", "sign"), [(60.0, -1), (4.5, 1)])
def test_released_left_view_moves_as_ours(depth_m, sign):
    picture = np.zeros((31, 31, 3))
    picture[15, 15] = 1
    views = render_dual_pixel(
        picture,
        np.full((31, 31), depth_m),
        CAMERA_SETS["3"],
        RELEASED_BANK[0],
        mode="released",
    )
    light = encode_srgb(views.left).sum((0, 2))
    assert sign * (light @ np.arange(31) / light.sum() - 15) > 0.5


def test_modes_are_three_and_named():
    picture, depth_m = np.ones((4, 4, 3)), np.full((4, 4), 9.0)
    with pytest.raises(ValueError, match=r"mode must be one of .*'magic'"):
        render_dual_pixel(
            picture,
            depth_m,
            CAMERA_SETS["1"],
            PAPER_BANK[0],
            mode="magic",  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("mode", ["paper", "released"])
def test_a_second_surface_without_use_is_refused(mode):
    picture, depth_m = np.ones((4, 4, 3)), np.full((4, 4), 9.0)
    with pytest.raises(ValueError, match='hidden is only used by mode="occlusion"'):
        render_dual_pixel(
            picture,
            depth_m,
            CAMERA_SETS["1"],
            PAPER_BANK[0],
            hidden=(picture, depth_m),
            mode=mode,
        )
