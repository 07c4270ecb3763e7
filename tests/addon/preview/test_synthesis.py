import dataclasses

import numpy as np
import pytest

from blender_scenes.addon.preview.synthesis import NOISE_SEED, exposed, pictures_of
from blender_scenes.addon.scene_notes import brightness_notes
from blender_scenes.frame_facts import facts_of, notes_of_facts
from blender_scenes.frames import Frame
from dp_model.camera import ThinLensCamera
from dp_model.distortion import DivisionDistortion, distort
from dp_model.noise import add_noise
from dp_model.radiometry import encode_srgb, quantise
from dp_model.render import render_dual_pixel
from pipeline.cameras import CameraSet
from pipeline.draws import SequenceDraw
from pipeline.synthesis import ViewSettings, synthesise_views

# The preview is a quarter as wide as the rendered picture: its pixels are 4 x as wide.
REDUCTION = 4

FULL_SCALE = 65535
ROUNDING_LEVELS = 1  # of single precision, of 65535


def views_by_hand(frame, values):
    rendered = values.camera
    camera = ThinLensCamera(
        rendered.focal_length_m,
        rendered.f_number,
        rendered.focus_distance_m,
        REDUCTION * rendered.pixel_pitch_m,
    )
    return render_dual_pixel(frame.linear_rgb, frame.depth_m, camera, values.psf)


def test_the_views_are_those_of_the_camera_model(frame, values):
    views, pictures = views_by_hand(frame, values), pictures_of(frame, values)
    np.testing.assert_array_equal(pictures.left, views.left)
    np.testing.assert_array_equal(pictures.right, views.right)
    np.testing.assert_array_equal(pictures.combined, views.combined)
    assert not np.allclose(pictures.left, pictures.right)


def test_the_blur_radius_is_in_pixels_of_the_rendered_picture(frame, values):
    pictures = pictures_of(frame, values)
    expected = values.camera.coc_radius_px(frame.depth_m)
    np.testing.assert_allclose(pictures.coc_radius_px, expected, rtol=1e-5)
    assert pictures.coc_radius_px[-1, 0] > 0 > pictures.coc_radius_px[-1, -1]
    np.testing.assert_array_equal(pictures.depth_m, frame.depth_m)


def test_the_lens_distorts_all_pictures_alike(frame, values):
    lens = DivisionDistortion((0.05, 0.0, 0.0))
    pictures = pictures_of(frame, dataclasses.replace(values, distortion=lens))
    straight = pictures_of(frame, values)
    for name, interpolation in (
        ("left", "cubic"), ("right", "cubic"), ("coc_radius_px", "nearest"),
        ("depth_m", "nearest"),
    ):  # fmt: skip
        expected = distort(getattr(straight, name), lens, interpolation=interpolation)
        np.testing.assert_array_equal(getattr(pictures, name), expected)


def test_noise_is_the_models_own_and_the_same_every_time(frame, values):
    noisy = dataclasses.replace(values, noise_model="shot-read", noise_sigma=0.1)
    first, second = pictures_of(frame, noisy), pictures_of(frame, noisy)
    views, rng = views_by_hand(frame, values), np.random.default_rng(NOISE_SEED)
    for name in ("left", "right"):
        expected = add_noise(getattr(views, name), 0.1, rng, model="shot-read")
        np.testing.assert_array_equal(getattr(first, name), expected)
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    np.testing.assert_allclose(first.combined, (first.left + first.right) / 2)


def test_pictures_are_single_precision_whatever_is_switched_on(frame, values):
    lens = DivisionDistortion((0.05, 0.0, 0.0))
    everything = dataclasses.replace(
        values, distortion=lens, noise_model="paper", noise_sigma=0.05
    )
    pictures = pictures_of(frame, everything)
    for name in ("left", "right", "combined", "coc_radius_px", "depth_m"):
        assert getattr(pictures, name).dtype == np.float32, name


def test_a_blur_too_large_is_refused(frame, values, with_f_number):
    with pytest.raises(ValueError, match="blur radius reaches") as refusal:
        pictures_of(frame, with_f_number(values, 1e-4))
    assert len(str(refusal.value)) < 160  # a sentence, for a narrow panel
    assert "ThinLensCamera" not in str(refusal.value)


@pytest.mark.parametrize(
    ("exposure_stops", "gamma"), [(0.0, 1.0), (-6.0, 1.0), (4.0, 1.0), (0.0, 2.0)]
)
def test_an_exposed_preview_is_the_dataset_of_the_exposed_frame(
    frame, values, exposure_stops, gamma
):
    # Lit as files are that have such an exposure, so that little is clipped.
    lit = dataclasses.replace(
        frame, linear_rgb=frame.linear_rgb * np.float32(2.0**-exposure_stops)
    )
    light = np.float64(lit.linear_rgb) * 2.0**exposure_stops
    stored = np.float32(np.sqrt(light) if gamma == 2 else light)
    shown = pictures_of(
        lit, dataclasses.replace(values, exposure_stops=exposure_stops, gamma=gamma)
    )
    dataset = dataset_pictures(stored, frame, values)
    for view in ("left", "right", "combined"):
        levels = quantise(encode_srgb(getattr(shown, view)), bits=16)
        difference = np.abs(levels.astype(int) - dataset[view].astype(int))
        assert difference.max() <= ROUNDING_LEVELS, view
    middle = np.mean(dataset["combined"]) / FULL_SCALE
    assert 0.3 < middle < 0.9


def dataset_pictures(linear_rgb, frame, values):
    """Return the 16-bit pictures that the pipeline makes of a stored frame."""
    nothing = np.zeros(frame.depth_m.shape, np.uint32)
    stored = Frame(linear_rgb, frame.depth_m, nothing, nothing)
    here = values.at_width(frame.depth_m.shape[1])
    settings = ViewSettings(
        CameraSet("this", here.camera),
        SequenceDraw(here.psf, "paper", 0.0, (0, 0)),
        "occlusion",
        "none",
        None,
    )
    return synthesise_views(stored, 0, 1, settings)


def test_light_below_zero_survives_a_gamma():
    light = np.array([-0.5, 0.25], np.float32)
    assert exposed(light, 0.0, 2.0).tolist() == [0.0, 0.5]
    assert exposed(light, 1.0, 1.0).tolist() == [-1.0, 0.5]


def test_the_shares_of_clipped_and_black_pixels_are_those_of_the_dataset(frame, values):
    linear_rgb = np.full(frame.linear_rgb.shape, 0.5, np.float32)
    linear_rgb[:4] = 0.9, 0.1, 0.1
    linear_rgb[4:12] = 1e-5
    lit = dataclasses.replace(frame, linear_rgb=linear_rgb)
    for stops in (0.0, 0.5, -12.0):
        pictures = pictures_of(lit, dataclasses.replace(values, exposure_stops=stops))
        nothing = np.zeros(frame.depth_m.shape, np.uint32)
        stored = Frame(exposed(linear_rgb, stops, 1.0), frame.depth_m, nothing, nothing)
        facts = facts_of(stored, 0)
        shares = (pictures.clipped_share, pictures.black_share)
        assert shares == (facts.clipped_share, facts.black_share)
        told = brightness_notes(*shares)
        noted = [
            (note.message, note.is_warning)
            for note in notes_of_facts({1: facts})
            if note.code in {"clipped", "black"}
        ]
        assert [(note.message, note.is_warning) for note in told] == noted
    assert (pictures_of(lit, values).black_share) == 0.25
