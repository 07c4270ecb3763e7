import json

import pytest

from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec


def test_json_round_trip_keeps_every_field():
    spec = SequenceSpec(
        SceneSpec("a", 7, "/x.blend", "00ff", (3, 9)),
        RenderSpec(64, 32, 4, 2, "none", "cpu", "eevee", 1),
    )
    assert SequenceSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("width", 0, "width must lie in 1..16384 pixels; got 0"),
        ("margin_px", -1, "margin_px must lie in 0..16384 pixels; got -1"),
        ("samples", 0, "samples must lie in 1..16777216 per pixel; got 0"),
        ("threads", -2, "threads must lie in 0..1024"),
        ("engine", "povray", "engine must be one of cycles, eevee; got 'povray'"),
        ("device", "tpu", "device must be one of auto, cpu"),
        ("denoiser", "median", "denoiser must be one of openimagedenoise, none"),
    ],
)
def test_an_impossible_render_value_is_named_with_what_was_expected(
    field, value, message
):
    with pytest.raises(ValueError, match=message):
        RenderSpec(**{field: value})


def test_a_size_that_is_no_whole_number_is_refused():
    with pytest.raises(TypeError, match="width must be a whole number; got '640'"):
        RenderSpec(width="640")


@pytest.mark.parametrize("frame_range", [(5, 4), (1, 2_000_000)])
def test_an_empty_or_endless_frame_range_is_refused(frame_range):
    with pytest.raises(ValueError, match=r"frame range .* expected"):
        SceneSpec("a", frame_range=frame_range)


def test_a_nameless_scene_is_refused():
    with pytest.raises(ValueError, match="name"):
        SceneSpec("")


def test_json_without_a_scene_is_refused():
    with pytest.raises(ValueError, match="no 'scene' in it"):
        SequenceSpec.from_json(json.dumps({"render": {}}))
