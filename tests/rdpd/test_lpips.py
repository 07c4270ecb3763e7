"""LPIPS with weights made up so that its value can be derived."""

import math

import numpy as np
import pytest
import torch

from rdpd.lpips import BACKBONE_FILE, LINEAR_FILE, SMALLEST_SIDE_PX, Lpips
from rdpd.pictures import DataError

LAYERS = {0: (64, 3, 11), 3: (192, 64, 5), 6: (384, 192, 3), 8: (256, 384, 3)}
LAYERS |= {10: (256, 256, 3)}


def weights(fill):
    backbone = {}
    for number, (outputs, inputs, side) in LAYERS.items():
        backbone[f"features.{number}.weight"] = fill(outputs, inputs, side, side)
        backbone[f"features.{number}.bias"] = fill(outputs)
    linear = {
        f"lin{layer}.model.1.weight": fill(1, shape[0], 1, 1).abs()
        for layer, shape in enumerate(LAYERS.values())
    }
    return backbone, linear


def write(folder, backbone, linear):
    folder.mkdir(exist_ok=True)
    torch.save(backbone, folder / BACKBONE_FILE)
    torch.save(linear, folder / LINEAR_FILE)
    return folder


@pytest.fixture(scope="module")
def random_distance(tmp_path_factory):
    generator = torch.Generator().manual_seed(0)
    made = weights(lambda *shape: torch.randn(shape, generator=generator) * 0.05)
    return Lpips(write(tmp_path_factory.mktemp("lpips"), *made))


def picture(seed, size=(48, 64)):
    return np.random.default_rng(seed).random((*size, 3))


def test_the_distance_of_two_plain_colours_is_that_of_two_unit_vectors(tmp_path):
    """The first layer gives (red, 1): a vector whose angle is known; the rest none."""
    backbone, linear = weights(torch.zeros)
    backbone["features.0.weight"][0, 0, 5, 5] = 1.0
    backbone["features.0.bias"][1] = 1.0
    linear["lin0.model.1.weight"][0, :2, 0, 0] = torch.tensor([2.0, 3.0])
    distance = Lpips(write(tmp_path / "w", backbone, linear))

    def unit(red):
        x = (2 * red - 1 + 0.030) / 0.458
        return max(x, 0.0) / math.hypot(max(x, 0.0), 1), 1 / math.hypot(max(x, 0.0), 1)

    a, b = np.full((40, 40, 3), 0.6), np.full((40, 40, 3), 0.9)
    (a0, a1), (b0, b1) = unit(0.6), unit(0.9)
    expected = 2 * (a0 - b0) ** 2 + 3 * (a1 - b1) ** 2
    assert distance(a, b) == pytest.approx(expected, rel=1e-5)


def test_equal_pictures_have_no_distance_and_the_order_does_not_matter(random_distance):
    a, b = picture(0), picture(1)
    assert random_distance(a, a) == 0.0
    assert random_distance(a, b) == pytest.approx(random_distance(b, a))
    assert random_distance(a, b) > 0


def test_more_noise_is_farther(random_distance):
    a, noise = picture(0), picture(1) - 0.5
    distances = [random_distance(a, a + s * noise) for s in (0.05, 0.2, 0.8)]
    assert distances == sorted(distances)


def test_red_and_blue_are_not_the_same(random_distance):
    a, b = picture(0), picture(1)
    assert random_distance(a, b) != random_distance(a[..., ::-1], b[..., ::-1])


@pytest.mark.parametrize("size", [(30, 64), (64, 30)])
def test_small_pictures_are_refused(random_distance, size):
    with pytest.raises(ValueError, match="sides of 31 pixels or more"):
        random_distance(picture(0, size), picture(1, size))


def test_the_smallest_picture_has_a_distance(random_distance):
    size = (SMALLEST_SIDE_PX, SMALLEST_SIDE_PX)
    assert math.isfinite(random_distance(picture(0, size), picture(1, size)))


def test_missing_and_other_files_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"alexnet.*: No such file.*not shipped"):
        Lpips(tmp_path)
    (tmp_path / BACKBONE_FILE).write_bytes(b"no weights")
    with pytest.raises(DataError, match="not a file of weights"):
        Lpips(tmp_path)
    backbone, linear = weights(torch.zeros)
    del linear["lin4.model.1.weight"]
    write(tmp_path, backbone, linear)
    with pytest.raises(DataError, match=r"'lin4.model.1.weight' has shape None"):
        Lpips(tmp_path)


class Anything:
    pass


def test_a_file_with_code_is_not_run(tmp_path):
    torch.save(Anything(), tmp_path / BACKBONE_FILE)
    with pytest.raises(DataError, match="not a file of weights"):
        Lpips(tmp_path)
