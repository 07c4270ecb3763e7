import json

import pytest

from blender_scenes.spec import LensSpec, RenderSpec, SceneSpec, SequenceSpec


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


RING = {"type": "ButterworthPsf", "order": 3, "alpha": 0.8, "beta": 0.2, "kappa": 0.1}
TABLE = {"type": "RadialTransmission", "radii": [0.0, 1.0], "values": [1.0, 0.5]}


def test_json_round_trip_keeps_the_lens():
    lens = LensSpec(4.0, 8.0, (RING, TABLE, {"type": "RampDiskPsf"}))
    spec = SequenceSpec(SceneSpec("a"), RenderSpec(), lens)
    assert SequenceSpec.from_json(spec.to_json()) == spec


def test_a_specification_without_a_lens_has_the_recipe_it_always_had():
    spec = SequenceSpec(SceneSpec("a"), RenderSpec())
    assert set(spec.recipe()) == {"scene", "render"}


def test_one_psf_is_for_all_frames_and_several_are_for_one_each():
    assert LensSpec(4.0, 8.0, (RING,)).psf(5) == RING
    assert LensSpec(4.0, 8.0, (RING, TABLE)).psf(1) == TABLE


@pytest.mark.parametrize(
    ("lens", "message"),
    [
        ((0.0, 8.0, (RING,)), "focus_distance_m must be finite and > 0 metres"),
        ((4.0, float("inf"), (RING,)), "sky_coc_radius_px must be finite and >= 0"),
        ((4.0, -1.0, (RING,)), "sky_coc_radius_px must be finite and >= 0"),
        ((4.0, 8.0, ()), "psfs must hold one PSF, or one per frame; got none"),
        ((4.0, 8.0, ({"type": "Disc"},)), "a PSF's type must be one of .* 'Disc'"),
        ((4.0, 8.0, ({**RING, "blades": 6},)), "a ButterworthPsf has order, .* blades"),
        ((4.0, 8.0, ({"type": "RampDiskPsf", "x": 1},)), "has no numbers; got x"),
    ],
)
def test_an_impossible_lens_is_named_with_what_was_expected(lens, message):
    with pytest.raises(ValueError, match=message):
        LensSpec(*lens)


@pytest.mark.parametrize("psfs", [[1], ["ring"], 7])
def test_psfs_that_are_no_objects_are_refused(psfs):
    spec = SequenceSpec(SceneSpec("a"), RenderSpec(), LensSpec(4.0, 8.0, (RING,)))
    data = json.loads(spec.to_json())
    data["lens"]["psfs"] = psfs
    with pytest.raises((ValueError, TypeError)):
        SequenceSpec.from_json(json.dumps(data))


def test_a_lens_wants_the_engine_that_traces_rays():
    with pytest.raises(ValueError, match=r"by the engine cycles only; got .*eevee"):
        SequenceSpec(
            SceneSpec("a"), RenderSpec(engine="eevee"), LensSpec(4.0, 8.0, (RING,))
        )
