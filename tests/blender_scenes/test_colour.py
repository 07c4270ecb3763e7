"""Frames hold linear Rec.709, exposed as the view of the file."""

import dataclasses

import numpy as np
import pytest

from blender_scenes.frames import frame_file
from blender_scenes.spec import LensSpec, RenderSpec, SceneSpec, SequenceSpec
from blender_scenes.view_pairs import read_view_pair

pytestmark = pytest.mark.blender

RED = (0.8, 0.1, 0.1)
GREY, WORLD = 0.5, (0.1, 0.2, 0.3)
# Half precision, and three-digit matrices between colour spaces.
COLOUR_TOLERANCE = 1e-3


def middle(frame):
    height, width = frame.depth_m.shape
    return frame.linear_rgb[height // 2, width // 2]


@pytest.mark.parametrize("name", ["acescg", "rec2020", "override"])
def test_colour_is_rec709_whatever_the_file_works_in_or_writes(name, render_truth):
    rendered = render_truth(name)
    np.testing.assert_allclose(middle(rendered.frame(1)), RED, atol=COLOUR_TOLERANCE)
    assert rendered.manifest.colour_space == "scene-linear Rec.709"
    assert ("colour-space" in rendered.codes()) == (name != "override")


def test_the_exposure_of_each_frame_is_applied_in_linear_light(render_truth):
    rendered = render_truth("exposed")
    # One stop in frame 1, none in frame 2, half-way to -1 in frame 3.
    for number, factor in ((1, 2.0), (2, 1.0)):
        expected = factor * np.array(RED)
        np.testing.assert_allclose(
            middle(rendered.frame(number)), expected, rtol=2**-10
        )
    assert rendered.manifest.source["view"] == {
        "exposure_stops": [1.0, 0.0],
        "gamma": [1.0],
        "view_transform": "AgX",
        "look": "None",
    }
    assert {"exposure", "view-transform"} <= rendered.codes()


def test_the_exposure_of_the_second_surface_is_that_of_the_first(render_truth):
    frame = render_truth("exposed", exposure=1.0).frame(1)
    hidden = np.isfinite(frame.hidden_depth_m)
    assert hidden.any()
    np.testing.assert_allclose(frame.hidden_rgb[hidden], 2 * GREY, rtol=2**-10)


def test_an_exposure_that_is_asked_for_replaces_that_of_the_file(render_truth):
    rendered = render_truth("exposed", exposure=-2.0, second_surface=False)
    for number in (1, 2):
        np.testing.assert_allclose(
            middle(rendered.frame(number)), np.array(RED) / 4, rtol=2**-9
        )
    assert rendered.manifest.source["view"]["exposure_stops"] == [-2.0]


def test_light_that_is_clipped_is_a_warning_with_its_share(render_truth):
    rendered = render_truth("exposed", exposure=6.0, second_surface=False)
    assert rendered.codes("warning") == {"clipped"}
    (text,) = [n.message for n in rendered.manifest.notes if n.is_warning]
    assert text.startswith("100.0% of the pixels are brighter than white")


def test_light_that_is_black_is_a_warning(render_truth):
    rendered = render_truth("exposed", exposure=-20.0, second_surface=False)
    assert rendered.codes("warning") == {"black"}


def test_a_gamma_is_applied_to_linear_light_and_said(render_truth):
    rendered = render_truth("gamma")
    np.testing.assert_allclose(middle(rendered.frame(1)), np.sqrt(RED), rtol=2**-10)
    assert rendered.codes() == {"gamma"}


@pytest.fixture
def trace(truth_scenes, tmp_path, finish_child):
    """Return a function that traces a scene's first frame through a lens."""

    def trace(name, **settings):
        blend = str(truth_scenes.folder / f"{name}.blend")
        spec = SequenceSpec(
            SceneSpec(name, blend_file=blend, frame_range=(1, 1)),
            RenderSpec(16, 12, 0, 4, "none", "cpu", **settings),
            LensSpec(5.0, 0.5, ({"type": "RampDiskPsf"},)),
        )
        path = tmp_path / "spec.json"
        path.write_text(spec.to_json())
        return finish_child(path, tmp_path / "pairs")

    return trace


@pytest.mark.parametrize(("stops", "factor"), [(None, 2.0), (-1.0, 0.5)])
def test_traced_views_are_exposed_as_the_frames_are(stops, factor, trace):
    pairs = trace("exposed", exposure=stops)
    assert pairs.status == 0, pairs.log
    left, right = read_view_pair(pairs.folder / frame_file(1))
    combined = (left + right)[6, 8] / 2
    # The square is in focus: nothing but its own light, to the noise of its edge.
    np.testing.assert_allclose(combined, factor * np.array(RED), rtol=1e-3)


def test_a_gamma_is_refused_where_a_lens_is_traced(trace):
    assert "view has a gamma of 2; expected 1" in trace("gamma").error


@pytest.mark.parametrize("stops", [float("nan"), float("inf"), 33.0])
def test_an_exposure_beyond_blenders_range_is_refused(stops):
    with pytest.raises(ValueError, match=r"exposure must lie in -32\.\.32 stops"):
        RenderSpec(exposure=stops)


@pytest.mark.parametrize("stops", ["1", True])
def test_an_exposure_that_is_no_number_is_refused(stops):
    with pytest.raises(TypeError, match="exposure must be a number of stops"):
        RenderSpec(exposure=stops)


def test_another_exposure_is_another_specification():
    plain = RenderSpec()
    assert dataclasses.asdict(plain)["exposure"] is None
    assert plain != RenderSpec(exposure=0.0)
