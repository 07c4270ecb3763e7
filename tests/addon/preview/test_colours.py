import numpy as np

from blender_scenes.addon.preview.colours import anaglyph, coc_heat, heat_limit_px

RED, GREEN, BLUE = range(3)


def test_in_focus_is_white():
    assert (coc_heat(np.zeros((2, 3)), 5.0) == 1.0).all()


def test_in_front_of_the_focus_is_blue_and_behind_it_red():
    front, behind = coc_heat(np.array([-5.0, 5.0]), 5.0)
    assert front.argmax() == BLUE
    assert behind.argmax() == RED


def test_colour_is_full_from_the_limit_on():
    at_limit, beyond = coc_heat(np.array([3.0, 300.0]), 3.0)
    np.testing.assert_array_equal(at_limit, beyond)


def test_colour_only_gets_fuller_with_the_blur():
    radii = np.linspace(0.0, 1.0, 50)
    for signed, kept in ((radii, RED), (-radii, BLUE)):
        heat = coc_heat(signed, 1.0)
        purity = heat[:, kept] - heat.mean(axis=-1)
        assert (np.diff(heat.sum(axis=-1)) < 0).all()
        assert purity[-1] > purity[1]


def test_colours_can_be_shown():
    heat = coc_heat(np.linspace(-9.0, 9.0, 100), 4.0)
    assert heat.dtype == np.float32
    assert heat.min() >= 0
    assert heat.max() <= 1


def test_the_limit_is_the_largest_radius_on_either_side():
    assert heat_limit_px(np.array([[-7.0, 2.0]])) == 7.0


def test_a_picture_in_focus_all_over_stays_white():
    radii = np.full((2, 2), 0.01)
    assert coc_heat(radii, heat_limit_px(radii)).min() > 0.97


def test_the_red_of_an_anaglyph_is_the_left_view():
    left = np.full((2, 2, 3), (1.0, 2.0, 3.0), np.float32)
    right = np.full((2, 2, 3), (4.0, 5.0, 6.0), np.float32)
    assert anaglyph(left, right)[0, 0].tolist() == [1.0, 5.0, 6.0]
