"""Libraries, precisions, odd shapes and bad input, for every mode."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from dp_model.camera import CAMERA_SETS, ThinLensCamera
from dp_model.psf import PAPER_BANK, RampDiskPsf
from dp_model.released import RELEASED_BANK
from dp_model.render import render_dual_pixel

MODES = ("occlusion", "paper", "released")
PSFS = {
    "occlusion": PAPER_BANK[7],
    "paper": RampDiskPsf(),
    "released": RELEASED_BANK[2],
}
CAMERA = CAMERA_SETS["3"]


def street(rng: np.random.Generator, dtype: type = np.float64):
    """A slope with a card in front and sky above."""
    picture = rng.random((26, 34, 3))
    depth_m = np.broadcast_to(np.linspace(40, 6, 26)[:, None], (26, 34)).copy()
    depth_m[:6] = np.inf
    depth_m[8:20, 10:18] = 4.5
    return picture.astype(dtype), depth_m.astype(dtype)


def render(picture, depth_m, mode, **options):
    return render_dual_pixel(picture, depth_m, CAMERA, PSFS[mode], mode=mode, **options)


def all_of(views):
    return views.left, views.right, views.combined, views.coc_radius_px


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float64, 1e-11), (np.float32, 1e-5)]
)
def test_torch_gives_what_numpy_gives(mode, dtype, tolerance, rng):
    picture, depth_m = street(rng, dtype)
    on_numpy = render(picture, depth_m, mode)
    on_torch = render(torch.asarray(picture), torch.asarray(depth_m), mode)
    for ours, theirs in zip(all_of(on_numpy), all_of(on_torch), strict=True):
        assert isinstance(theirs, torch.Tensor)
        assert theirs.device == torch.asarray(picture).device
        assert ours.dtype == dtype
        assert theirs.numpy().dtype == dtype
        np.testing.assert_allclose(theirs.numpy(), ours, atol=tolerance)


def test_torch_takes_a_second_surface(rng):
    picture, depth_m = street(rng)
    hidden = picture[::-1].copy(), np.full((26, 34), 60.0)
    on_numpy = render(picture, depth_m, "occlusion", hidden=hidden)
    on_torch = render(
        torch.asarray(picture),
        torch.asarray(depth_m),
        "occlusion",
        hidden=tuple(torch.asarray(array) for array in hidden),
    )
    np.testing.assert_allclose(on_torch.left.numpy(), on_numpy.left, atol=1e-11)


BARE_NUMPY = """
import sys
for name in ("cv2", "scipy", "array_api_compat", "torch"):
    sys.modules[name] = None
import numpy as np
from dp_model.camera import CAMERA_SETS, ThinLensCamera
from dp_model.distortion import CAMERA_SET_DISTORTIONS, distort
from dp_model.noise import add_noise
from dp_model.psf import PAPER_BANK
from dp_model.radiometry import encode_srgb, quantise
from dp_model.released import RELEASED_BANK
from dp_model.render import render_dual_pixel
archive = np.load(sys.argv[1])
results = {}
for mode, psf in [("occlusion", PAPER_BANK[7]), ("released", RELEASED_BANK[2])]:
    views = render_dual_pixel(
        archive["picture"], archive["depth_m"], CAMERA_SETS["3"], psf, mode=mode
    )
    noisy = add_noise(views.left, 0.1, np.random.default_rng(1))
    quantise(encode_srgb(distort(noisy, CAMERA_SET_DISTORTIONS["3"])))
    results[mode] = views.left
np.savez(sys.argv[2], **results)
"""


def test_blenders_bare_numpy_is_enough(tmp_path, rng):
    picture, depth_m = street(rng)
    np.savez(tmp_path / "in.npz", picture=picture, depth_m=depth_m)
    subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-c",
            BARE_NUMPY,
            str(tmp_path / "in.npz"),
            str(tmp_path / "out.npz"),
        ],
        check=True,
    )
    with np.load(tmp_path / "out.npz") as bare:
        for mode in bare:
            full = render(picture, depth_m, mode)
            np.testing.assert_allclose(bare[mode], full.left, atol=1e-11)


@pytest.mark.parametrize("mode", MODES)
def test_inputs_are_left_alone_and_may_be_read_only_views(mode, rng):
    picture, depth_m = street(rng)
    wide = np.repeat(picture, 2, axis=1)
    picture_view, depth_view = wide[:, ::2], np.asfortranarray(depth_m)
    picture_view.flags.writeable = depth_view.flags.writeable = False
    before = picture_view.copy()
    views = render(picture_view, depth_view, mode)
    np.testing.assert_array_equal(picture_view, before)
    expected = render(picture, depth_m, mode)
    np.testing.assert_allclose(views.left, expected.left, atol=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_results_do_not_share_memory_with_the_input(mode):
    picture, depth_m = np.full((5, 6, 3), 0.5), np.full((5, 6), 8.0)
    views = render(picture, depth_m, mode)
    for view in all_of(views)[:3]:
        assert not np.shares_memory(view, picture)
    assert not np.shares_memory(views.left, views.right)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 1), (3, 4)])
def test_pictures_smaller_than_the_kernel_are_mirrored(mode, size, rng):
    views = render(np.full((*size, 3), 0.25), np.full(size, 3.9), mode)
    for view in (views.left, views.right, views.combined):
        assert view.shape == (*size, 3)
        np.testing.assert_allclose(view, 0.25, rtol=1e-9)


@pytest.mark.parametrize("mode", MODES)
def test_nothing_but_sky_is_legal(mode, rng):
    views = render(rng.random((8, 9, 3)), np.full((8, 9), np.inf), mode)
    assert np.isfinite(views.left).all()
    assert (views.coc_radius_px > 0).all()


@pytest.mark.parametrize("channels", [1, 4])
def test_any_number_of_channels_will_do(channels, rng):
    picture, depth_m = rng.random((9, 8, channels)), np.full((9, 8), 20.0)
    assert render(picture, depth_m, "occlusion").left.shape == (9, 8, channels)


def test_depth_may_have_another_precision_than_colour(rng):
    picture, depth_m = street(rng)
    views = render(picture.astype(np.float32), depth_m, "occlusion")
    assert views.left.dtype == views.coc_radius_px.dtype == np.float32


def test_views_have_the_sign_of_the_signed_radius(rng):
    picture, depth_m = street(rng)
    coc = render(picture, depth_m, "occlusion").coc_radius_px
    np.testing.assert_array_equal(coc > 0, depth_m > CAMERA.focus_distance_m)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bad", [np.nan, 0.0, -2.0])
def test_holes_in_the_depth_are_refused(mode, bad, rng):
    picture, depth_m = street(rng)
    depth_m[3, 3] = bad
    with pytest.raises(ValueError, match="depth_m must be > 0"):
        render(picture, depth_m, mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_colour_must_be_finite(mode, bad, rng):
    picture, depth_m = street(rng)
    picture[3, 3, 1] = bad
    with pytest.raises(ValueError, match="all_in_focus must be finite"):
        render(picture, depth_m, mode)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int64, np.float16])
def test_encoded_or_half_precision_colour_is_refused(dtype):
    with pytest.raises(TypeError, match="all_in_focus must be float32 or float64"):
        render(np.ones((4, 4, 3), dtype=dtype), np.ones((4, 4)), "occlusion")


def test_integer_depth_is_refused():
    with pytest.raises(TypeError, match="depth_m must be float32 or float64"):
        render(np.ones((4, 4, 3)), np.ones((4, 4), dtype=np.uint16), "occlusion")


@pytest.mark.parametrize(
    ("picture_shape", "depth_shape"),
    [
        ((4, 5, 3), (5, 4)),
        ((3, 4, 5), (4, 5)),  # channels first
        ((4, 5), (4, 5)),
        ((4, 5, 3), (4, 5, 1)),
        ((1, 4, 5, 3), (4, 5)),
    ],
)
def test_sizes_must_agree(picture_shape, depth_shape):
    with pytest.raises(ValueError, match=r"must be \(H, W, C\)"):
        render(np.ones(picture_shape), np.ones(depth_shape), "occlusion")


def test_an_empty_picture_is_refused():
    with pytest.raises(ValueError, match="empty"):
        render(np.ones((0, 5, 3)), np.ones((0, 5)), "occlusion")


def test_a_blur_of_thousands_of_pixels_hints_at_the_unit(rng):
    picture, depth_m = street(rng)
    millimetres = ThinLensCamera(50.0, 2.0, 2000.0, 5e-6)
    with pytest.raises(ValueError, match=r"CoC radius reaches .* px.*Millimetres"):
        render_dual_pixel(picture, depth_m, millimetres, PAPER_BANK[0])


def test_libraries_are_not_mixed():
    with pytest.raises(TypeError):
        render(np.ones((4, 5, 3)), torch.ones((4, 5)), "occlusion")


def test_a_second_surface_is_of_the_pictures_library(rng):
    picture, depth_m = street(rng)
    elsewhere = torch.asarray(picture), torch.asarray(2 * depth_m)
    with pytest.raises(TypeError):
        render(picture, depth_m, "occlusion", hidden=elsewhere)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("moved", ["picture", "depth"])
def test_devices_are_not_mixed(mode, moved, rng):
    picture, depth_m = (torch.asarray(array) for array in street(rng))
    if moved == "picture":
        picture = picture.to("meta")
    else:
        depth_m = depth_m.to("meta")
    with pytest.raises((TypeError, ValueError), match="device"):
        render(picture, depth_m, mode)


@pytest.mark.parametrize("moved", [0, 1])
def test_a_second_surface_is_on_the_pictures_device(moved, rng):
    picture, depth_m = (torch.asarray(array) for array in street(rng))
    hidden = [picture.clone(), 2 * depth_m]
    hidden[moved] = hidden[moved].to("meta")
    with pytest.raises((TypeError, ValueError), match="device"):
        render(picture, depth_m, "occlusion", hidden=tuple(hidden))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.int32])
@pytest.mark.parametrize("index", [0, 1])
def test_torch_must_be_float32_or_float64_too(dtype, index, rng):
    arrays = [torch.asarray(array) for array in street(rng)]
    arrays[index] = torch.ones_like(arrays[index], dtype=dtype)
    with pytest.raises(TypeError, match="must be float32 or float64"):
        render(arrays[0], arrays[1], "occlusion")


@pytest.mark.parametrize("index", [0, 1])
def test_a_half_precision_second_surface_is_refused(index, rng):
    picture, depth_m = street(rng)
    hidden = [picture, 2 * depth_m]
    hidden[index] = np.ones_like(hidden[index], dtype=np.float16)
    with pytest.raises(TypeError, match=rf"hidden\[{index}\] must be float32"):
        render(picture, depth_m, "occlusion", hidden=tuple(hidden))


def test_a_second_surface_may_have_another_precision(rng):
    picture, depth_m = street(rng, np.float32)
    behind, behind_m = street(rng)
    hidden = behind[::-1], 2 * behind_m
    views = render(picture, depth_m, "occlusion", hidden=hidden)
    same = tuple(array.astype(np.float32) for array in hidden)
    expected = render(picture, depth_m, "occlusion", hidden=same)
    assert views.left.dtype == np.float32
    np.testing.assert_allclose(views.left, expected.left, atol=1e-5)


def test_a_transposed_torch_picture_is_read_as_it_is(rng):
    picture, depth_m = (torch.asarray(array) for array in street(rng))
    turned = picture.transpose(0, 1).contiguous().transpose(0, 1)
    views = render(turned, depth_m, "occlusion")
    expected = render(picture, depth_m, "occlusion")
    np.testing.assert_allclose(views.left.numpy(), expected.left.numpy(), atol=1e-12)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(1, 1), (1, 9), (2, 2), (5, 3)])
def test_tiny_pictures_of_many_depths_are_finite(mode, size, rng):
    picture = rng.random((*size, 3))
    depth_m = rng.choice([3.5, 8.0, 30.0, np.inf], size)
    hidden = (picture, 3 * depth_m) if mode == "occlusion" else None
    views = render(picture, depth_m, mode, hidden=hidden)
    for view in all_of(views):
        assert np.isfinite(view).all()


def test_a_second_surface_of_another_size_is_refused(rng):
    picture, depth_m = street(rng)
    with pytest.raises(ValueError, match="hidden must have the size of the picture"):
        render(picture, depth_m, "occlusion", hidden=(picture[1:], depth_m[1:]))


def test_a_second_surface_in_front_or_unknown_is_not_used(rng):
    picture, depth_m = street(rng)
    without = render(picture, depth_m, "occlusion")
    for behind_m in (depth_m * 0.5, np.full_like(depth_m, np.nan), depth_m):
        colour = np.full_like(picture, np.nan)  # must not be looked at
        views = render(picture, depth_m, "occlusion", hidden=(colour, behind_m))
        np.testing.assert_array_equal(views.left, without.left)


def test_a_second_surface_in_use_must_be_finite(rng):
    picture, depth_m = street(rng)
    with pytest.raises(ValueError, match=r"hidden\[0\] must be finite"):
        render(
            picture,
            depth_m,
            "occlusion",
            hidden=(np.full_like(picture, np.nan), np.full_like(depth_m, np.inf)),
        )
