"""Colour and depth of a pixel are of one surface, or it is said that they are not."""

import re

import numpy as np
import pytest

pytestmark = pytest.mark.blender

RED, GREY, WORLD = (0.8, 0.1, 0.1), (0.5, 0.5, 0.5), (0.1, 0.2, 0.3)
NEAR_M, WALL_M = 5.0, 20.0
HALF_ROUNDING = 2**-10
# The edge of the fog is seen through the pixel filter of a picture of 64 pixels.
SHARE_TOLERANCE = 0.06


def middle(frame):
    row, column = (side // 2 for side in frame.depth_m.shape)
    return frame.linear_rgb[row, column], frame.depth_m[row, column]


def assert_is_near(frame, rgb=RED):
    linear_rgb, depth_m = middle(frame)
    np.testing.assert_allclose(linear_rgb, rgb, rtol=HALF_ROUNDING)
    assert depth_m == pytest.approx(NEAR_M)


def test_lamps_are_hidden_from_the_camera_also_where_that_is_animated(render_truth):
    rendered = render_truth("lamps")
    for number in (1, 2):
        assert_is_near(rendered.frame(number))
    assert rendered.codes() == {"lamps"}
    (text,) = [note.message for note in rendered.manifest.notes]
    assert "'area', 'point'" in text


@pytest.mark.parametrize(
    ("name", "code", "named"),
    [
        ("catcher", "shadow-catchers", "near"),
        ("instanced_catcher", "shadow-catchers", "instancer"),
        ("holdout", "holdouts", "near"),
        ("holdout_collection", "holdouts", "inner"),
    ],
)
def test_what_cuts_out_the_picture_becomes_an_ordinary_object(
    name, code, named, render_truth
):
    rendered = render_truth(name)
    for entry in rendered.manifest.frames:
        assert_is_near(rendered.frame(entry.number))
    assert rendered.codes() == {code}
    assert repr(named) in rendered.manifest.notes[0].message


def test_light_of_clear_surfaces_is_said_with_its_share(render_truth):
    rendered = render_truth("glow")
    linear_rgb, depth_m = middle(rendered.frame(1))
    assert linear_rgb[0] > RED[0]  # and the wall's light behind it
    assert depth_m == pytest.approx(WALL_M)
    (note,) = [x for x in rendered.manifest.notes if x.code == "glow"]
    assert note.is_warning
    covered = shown_share(render_truth("catcher").frame(1), NEAR_M)
    said = float(re.search(r"about ([\d.]+)%", note.message)[1]) / 100
    assert said == pytest.approx(covered, abs=SHARE_TOLERANCE)


def shown_share(frame, depth_m):
    return float(np.mean(np.isclose(frame.depth_m, depth_m, rtol=1e-3)))


def test_a_material_sees_the_pass_index_of_its_maker_by_name(render_truth):
    rgb = tuple(7 * value for value in RED)
    assert_is_near(render_truth("index_by_name").frame(1), rgb=rgb)


def test_a_holdout_shader_is_black_and_has_its_own_depth(render_truth):
    rendered = render_truth("holdout_shader")
    assert_is_near(rendered.frame(1), rgb=(0.0, 0.0, 0.0))
    assert rendered.codes() == {"holdout-shaders"}


def test_a_sky_that_a_view_layer_leaves_out_is_shown(render_truth):
    rendered = render_truth("no_sky")
    frame = rendered.frame(1)
    sky = frame.linear_rgb[np.isinf(frame.depth_m)]
    np.testing.assert_allclose(np.median(sky, axis=0), WORLD, rtol=HALF_ROUNDING)
    assert rendered.codes() == {"sky"}


def test_what_other_view_layers_show_and_the_first_does_not_is_a_warning(render_truth):
    rendered = render_truth("layers")
    assert rendered.codes("warning") == {"view-layers"}
    assert "leaves out 'background'" in rendered.manifest.notes[0].message


def test_surfaces_less_than_half_opaque_are_passed_and_others_are_not(render_truth):
    frames = render_truth("panes", width=96, height=96, margin_px=0, samples=4)
    frame = frames.frame(1)
    found = {row["name"]: int(n) for n, row in frames.manifest.instances.items()}
    # The panes cover the middle of the picture, 3 by 3.
    seen = {name: (frame.instance == number) for name, number in found.items()}
    for name, mask in seen.items():
        if name.endswith("40"):
            assert not mask.any(), name
        elif name != "wall":
            # A square of 0.5 m at 5 m, focal length 96 * 50 / 36 px: 13.3 px.
            assert mask.sum() == pytest.approx((0.1 * 96 * 50 / 36) ** 2, rel=0.15)
            np.testing.assert_allclose(frame.depth_m[mask], NEAR_M, rtol=1e-5)


def test_partly_transparent_surfaces_are_noted_with_their_share(render_truth):
    rendered = render_truth("panes", width=96, height=96, margin_px=0)
    (text,) = [n.message for n in rendered.manifest.notes if n.code == "transparency"]
    share = float(text.split("about ")[1].split("%")[0]) / 100
    # Nine panes of 0.5 m at 5 m; the picture there is 36 / 50 * 5 m wide.
    assert share == pytest.approx(9 * 0.25 / 3.6**2, abs=0.02)
    assert not rendered.codes("warning")


def test_the_second_surface_behind_a_pane_is_the_wall(render_truth):
    frames = render_truth("panes", width=96, height=96, samples=4)
    hidden_m = frames.frame(1).hidden_depth_m
    assert np.isfinite(hidden_m).any()
    np.testing.assert_allclose(hidden_m[np.isfinite(hidden_m)], WALL_M, rtol=1e-5)


def test_volumes_are_a_warning_with_their_share_of_pixels(render_truth):
    rendered = render_truth("volume")
    assert rendered.codes("warning") == {"volumes"}
    (text,) = [n.message for n in rendered.manifest.notes if n.code == "volumes"]
    share = float(text.split("about ")[1].split("%")[0]) / 100
    assert share == pytest.approx(0.5, abs=SHARE_TOLERANCE)
