"""The second surface of rendered frames: what is behind the one that is seen."""

import numpy as np
import pytest

pytestmark = pytest.mark.blender

# Single precision of the ray tracer, as for the first surface.
DEPTH_TOLERANCE = 1e-3
# Stored as half; emission has no noise.
COLOUR_TOLERANCE = 2**-10
# The wall ends at the horizon; the pixel filter mixes it with the sky nearby.
HORIZON_PX = 2
SIZE = {"width": 96, "height": 48, "samples": 8, "denoiser": "none"}
WALL_M = 10.0
THINGS = ["card", "box", "leaf", "pane", "bare", "unfilled", "linked"]


@pytest.fixture(scope="module")
def hidden(render):
    return render("hidden", margin_px=12, **SIZE)


@pytest.fixture(scope="module")
def without_second_surface(render):
    return render("hidden", margin_px=12, second_surface=False, **SIZE)


@pytest.fixture(scope="module")
def narrow(render):
    return render("hidden", margin_px=3, **SIZE)


@pytest.fixture(scope="module")
def shadow(render):
    return render("shadow", margin_px=32, **SIZE)


def mask(rendered, name):
    instances = rendered.manifest.instances
    (number,) = [int(k) for k, v in instances.items() if v["name"] == name]
    return rendered.frame(1).instance == number


def below_and_above_the_horizon(shape):
    rows = np.broadcast_to(np.arange(shape[0])[:, None] + 0.5 - shape[0] / 2, shape)
    return rows > HORIZON_PX, rows < -HORIZON_PX


@pytest.mark.parametrize("name", THINGS)
def test_the_wall_and_the_sky_are_behind_whatever_is_before_them(name, hidden):
    depth_m = hidden.frame(1).hidden_depth_m
    below, above = below_and_above_the_horizon(depth_m.shape)
    seen = mask(hidden, name)
    assert (seen & below).sum() > 40
    np.testing.assert_allclose(depth_m[seen & below], WALL_M, rtol=DEPTH_TOLERANCE)
    np.testing.assert_array_equal(depth_m[seen & above], np.inf)


@pytest.mark.parametrize("name", THINGS)
def test_the_colour_behind_an_edge_is_free_of_the_foreground(name, hidden, scenes):
    rgb = hidden.frame(1).hidden_rgb
    below, above = below_and_above_the_horizon(rgb.shape[:2])
    seen = mask(hidden, name)
    wall = np.broadcast_to(scenes.facts["wall_colour"], rgb.shape)
    np.testing.assert_allclose(
        rgb[seen & below], wall[seen & below], rtol=COLOUR_TOLERANCE
    )
    # A new world of Blender is a grey of 0.05.
    np.testing.assert_allclose(rgb[seen & above], 0.05, rtol=COLOUR_TOLERANCE)


def test_a_hole_in_a_leaf_shows_the_wall_as_first_surface(hidden):
    frame = hidden.frame(1)
    leaf = mask(hidden, "leaf")
    rows, columns = np.nonzero(leaf)
    around = np.zeros_like(leaf)
    around[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    below, _ = below_and_above_the_horizon(leaf.shape)
    holes = around & ~leaf & below
    assert holes.sum() > 40
    np.testing.assert_allclose(frame.depth_m[holes], WALL_M, rtol=DEPTH_TOLERANCE)
    # The wall's own horizon has the sky behind it, but nothing has the wall twice.
    assert not np.isfinite(frame.hidden_depth_m[holes]).any()


def test_nothing_is_behind_what_no_blur_uncovers(hidden):
    frame = hidden.frame(1)
    far = mask(hidden, "wall") | np.isinf(frame.depth_m)
    # But for the wall's own horizon, which blur may uncover too.
    below, above = below_and_above_the_horizon(far.shape)
    far &= np.roll(below, 8, axis=0) | above
    assert np.isnan(frame.hidden_depth_m[far]).all()
    assert not frame.hidden_rgb[far].any()


def test_the_second_surface_reaches_no_further_than_the_margin(narrow):
    frame = narrow.frame(1)
    card = mask(narrow, "card")
    _, columns = np.nonzero(card)
    inside = card.copy()
    inside[:, : columns.min() + 3] = inside[:, columns.max() - 2 :] = False
    rows, _ = np.nonzero(inside)
    inside[: rows.min() + 3] = inside[rows.max() - 2 :] = False
    assert inside.any()
    np.testing.assert_array_equal(~np.isnan(frame.hidden_depth_m[card]), ~inside[card])


def test_the_second_surface_is_behind_the_first(hidden):
    frame = hidden.frame(1)
    is_hidden = ~np.isnan(frame.hidden_depth_m)
    assert (frame.hidden_depth_m > frame.depth_m)[is_hidden].all()


def test_the_first_surface_is_the_same_without_a_second(hidden, without_second_surface):
    frame, plain = hidden.frame(1), without_second_surface.frame(1)
    assert plain.hidden is None
    np.testing.assert_array_equal(frame.linear_rgb, plain.linear_rgb)
    np.testing.assert_array_equal(frame.depth_m, plain.depth_m)
    np.testing.assert_array_equal(frame.flow_px, plain.flow_px)


def test_what_is_peeled_still_casts_its_shadow(shadow):
    frame = shadow.frame(1)
    card = mask(shadow, "card")
    # Sunlight along the axis: the shadow is as large as the card, and from the camera
    # a fifth of the card's 48 px at 2 m.
    rows, columns = np.indices(card.shape) + 0.5
    off_axis = np.maximum(
        abs(rows - card.shape[0] / 2), abs(columns - card.shape[1] / 2)
    )
    in_shadow, in_light = card & (off_axis < 3), card & (off_axis > 7)
    np.testing.assert_allclose(frame.hidden_depth_m[card], WALL_M, rtol=DEPTH_TOLERANCE)
    # Nothing but the black card could light it.
    assert frame.hidden_rgb[in_shadow].max() < 0.01
    # Irradiance pi on albedo 0.5.
    np.testing.assert_allclose(frame.hidden_rgb[in_light], 0.5, rtol=0.01)


def test_peeling_leaves_the_cache_of_rigid_bodies_alone(render):
    # Peeled or not, the quad must fall on from frame to frame.
    size = {"width": 40, "height": 40, "samples": 2, "margin_px": 8}
    peeled = render("falling", frame_range=(1, 6), **size)
    plain = render("falling", frame_range=(1, 6), second_surface=False, **size)
    depths = [rendered.frame(n).depth_m for n in (1, 6) for rendered in (peeled, plain)]
    assert np.isfinite(depths[0]).any()
    assert not np.array_equal(depths[0], depths[2])
    np.testing.assert_array_equal(depths[0], depths[1])
    np.testing.assert_array_equal(depths[2], depths[3])
    np.testing.assert_array_equal(peeled.frame(6).linear_rgb, plain.frame(6).linear_rgb)
    assert np.isposinf(peeled.frame(6).hidden_depth_m).any()
