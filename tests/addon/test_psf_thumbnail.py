import numpy as np
import pytest

from blender_scenes.addon.psf_thumbnail import SIDE_PX, VIEWS, thumbnails
from dp_model.psf import ButterworthPsf, RampDiskPsf

SHAPES = [ButterworthPsf(3, 0.8, 0.2, 0.14), ButterworthPsf(9, 0.4, 0.1, 0.6)]


class Corner:
    """A PSF with all of its light in the first row, so that a flip shows."""

    def kernels(self, _coc_radius_px):
        kernel = np.zeros((5, 5))
        kernel[0, 2] = 1.0
        return kernel, kernel

    def support_px(self, _coc_radius_px):
        return 2


@pytest.mark.parametrize("psf", [*SHAPES, RampDiskPsf()])
def test_left_is_bright_on_the_left_and_right_its_mirror(psf) -> None:
    pictures = thumbnails(psf)
    assert tuple(pictures) == VIEWS
    left, right = pictures["LEFT"][..., 0], pictures["RIGHT"][..., 0]
    assert left[:, : SIDE_PX // 2].sum() > left[:, SIDE_PX // 2 + 1 :].sum()
    np.testing.assert_allclose(right, left[:, ::-1], atol=1e-6)


@pytest.mark.parametrize("psf", [*SHAPES, RampDiskPsf()])
def test_pictures_are_opaque_and_in_range(psf) -> None:
    for picture in thumbnails(psf).values():
        assert picture.shape == (SIDE_PX, SIDE_PX, 4)
        assert picture.dtype == np.float32
        assert picture.min() >= 0
        assert picture.max() <= 1
        assert (picture[..., 3] == 1).all()


def test_the_first_row_of_a_kernel_is_at_the_top() -> None:
    rows = np.nonzero(thumbnails(Corner())["SUM"][..., 0])[0]
    assert rows.tolist() == [SIDE_PX // 2 + 2]  # Blender's rows go upwards


@pytest.mark.blender
def test_icons_follow_the_shape_and_come_to_rest(in_blender) -> None:
    answer = in_blender("""
icons, psf_of = part("psf_icons"), part("camera_values").psf_of
timers = bpy.app.timers
own = bpy.data.cameras[0].dual_pixel


def shapes(alphas):
    for alpha in alphas:
        own.alpha = alpha
        yield psf_of(own)


def brightness(psf):
    slot = icons._slots[psf]
    return sum(icons._collection[f"LEFT{slot}"].image_pixels_float)


for psf in shapes([0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]):
    icons.icons(psf)
    answer.setdefault("asked", []).append(timers.is_registered(icons.refresh))
    timers.unregister(icons.refresh)
    icons.refresh()
    answer.setdefault("sums", []).append(brightness(psf))
answer["slots"] = sorted(icons._slots.values())
two = list(shapes([1.0, 0.9]))
for psf in two + two + two:  # two editors that show two cameras
    icons.icons(psf)
answer["rests"] = not timers.is_registered(icons.refresh)
answer["again"] = [brightness(psf) for psf in two]
answer["size"] = list(icons._collection["SUM0"].image_size)
""")
    assert answer["asked"] == [True] * 7
    assert len(set(answer["sums"])) == 7
    assert answer["slots"] == [0, 1, 2, 3]
    assert answer["rests"]
    assert answer["again"] == answer["sums"][:-3:-1]
    assert answer["size"] == [SIDE_PX, SIDE_PX]
