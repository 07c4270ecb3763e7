import numpy as np
import pytest

from rdpd.radial import relative_radial_distance


@pytest.mark.parametrize(("height", "width"), [(4, 6), (5, 7), (1120, 1680), (3, 1)])
def test_the_corners_are_one_and_the_middle_is_nearest(height, width):
    distance = relative_radial_distance(height, width).numpy()
    assert distance.shape == (height, width)
    corners = distance[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.allclose(corners, 1.0)
    middle = distance[height // 2, width // 2]
    assert middle == distance.min()
    assert np.array_equal(distance, distance[::-1, ::-1])


def test_it_grows_in_proportion_to_pixels_not_to_the_sides():
    distance = relative_radial_distance(5, 9).numpy()
    # Two rows from the middle are as far as two columns.
    assert distance[0, 4] == distance[2, 2]


def test_one_pixel_is_the_middle():
    assert relative_radial_distance(1, 1).tolist() == [[0.0]]
