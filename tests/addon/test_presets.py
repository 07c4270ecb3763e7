import math

import pytest

from blender_scenes.addon.camera_values import camera_values
from blender_scenes.addon.presets import (
    OWN,
    PRESET_GROUPS,
    preset_in_use,
    write_preset,
)
from dp_model.camera import CAMERA_SETS
from dp_model.distortion import CAMERA_SET_DISTORTIONS

SINGLE_PRECISION = 1e-6  # what Blender keeps

PRESETS = [preset for _, presets in PRESET_GROUPS for preset in presets]


@pytest.mark.parametrize("number", CAMERA_SETS)
@pytest.mark.parametrize("lens_mm", [24.0, 85.0])
@pytest.mark.parametrize("width", [640, 3840])
def test_a_paper_set_blurs_by_as_many_pixels_as_the_paper(
    stand_in, number, lens_mm, width
) -> None:
    render = {"resolution_x": width, "resolution_y": width // 2}
    scene, thing = stand_in(camera={"lens": lens_mm}, render=render)
    thing.data.dof.focus_object = thing
    write_preset(scene, thing.data, f"PAPER_{number}")
    values, paper = camera_values(scene, thing), CAMERA_SETS[number]
    for depth_m in (1.5, paper.focus_distance_m, 20.0, math.inf):
        assert values.camera.coc_radius_px(depth_m) == pytest.approx(
            paper.coc_radius_px(depth_m), rel=SINGLE_PRECISION, abs=1e-12
        )
    assert values.camera.focal_length_m == pytest.approx(lens_mm * 1e-3)
    c = CAMERA_SET_DISTORTIONS[number].coefficients
    assert values.distortion.coefficients == (*c, 0.0)


def test_a_paper_set_focuses_in_units_of_the_scene(stand_in) -> None:
    scene, thing = stand_in(units={"scale_length": 0.01})
    write_preset(scene, thing.data, "PAPER_1")
    assert thing.data.dof.focus_distance == pytest.approx(600.0)


def test_a_paper_set_that_the_lens_cannot_focus_to_is_not_shown(stand_in) -> None:
    scene, thing = stand_in(camera={"lens": 7000.0})
    write_preset(scene, thing.data, "PAPER_1")
    assert preset_in_use(scene, thing.data) == OWN


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_a_preset_is_shown_until_a_value_of_it_changes(stand_in, preset) -> None:
    scene, thing = stand_in()
    assert preset_in_use(scene, thing.data) == OWN
    write_preset(scene, thing.data, preset.key)
    assert preset_in_use(scene, thing.data) == preset.key
    thing.data.dof.aperture_fstop *= 1.1
    assert preset_in_use(scene, thing.data) == OWN


def test_choosing_own_values_changes_nothing(stand_in) -> None:
    scene, thing = stand_in()
    write_preset(scene, thing.data, "PHONE_GOOGLE_PIXEL_4")
    before = vars(thing.data.dof).copy(), thing.data.lens, thing.data.sensor_width
    write_preset(scene, thing.data, OWN)
    assert preset_in_use(scene, thing.data) == OWN
    assert before == (vars(thing.data.dof), thing.data.lens, thing.data.sensor_width)


def test_phones_have_the_field_of_view_that_their_makers_state(stand_in) -> None:
    # Samsung states 26 mm of equivalent focal length for the S7 and the S9, Google
    # 28 mm and 27 mm for the Pixels: diagonals compared, as equivalence is defined.
    stated_mm = {
        "PHONE_GOOGLE_PIXEL_3": 28, "PHONE_GOOGLE_PIXEL_4": 27,
        "PHONE_SAMSUNG_GALAXY_S7": 26, "PHONE_SAMSUNG_GALAXY_S9": 26,
    }  # fmt: skip
    phones = {preset.key: preset for preset in PRESETS if preset.key in stated_mm}
    assert len(phones) == len(stated_mm)
    for key, phone in phones.items():
        equivalent = phone.focal_length_mm * 43.27 / math.hypot(*phone.sensor_mm)
        assert equivalent == pytest.approx(stated_mm[key], abs=1.0)


def test_keys_and_numbers_are_unique() -> None:
    assert len({preset.key for preset in PRESETS}) == len(PRESETS)
    assert len({preset.number for preset in PRESETS} | {0}) == len(PRESETS) + 1


@pytest.mark.blender
def test_presets_survive_blenders_single_precision_and_files(in_blender) -> None:
    answer = in_blender("""
camera = bpy.context.scene.camera.data
for heading, presets in part("presets").PRESET_GROUPS:
    for preset in presets:
        camera.dual_pixel.preset = preset.key
        answer[preset.key] = camera.dual_pixel.preset
camera.dual_pixel.preset = "PHONE_GOOGLE_PIXEL_4"
bpy.ops.wm.save_as_mainfile(filepath="kept.blend")
camera.dual_pixel.preset = "PAPER_1"
bpy.ops.wm.open_mainfile(filepath="kept.blend")
camera = bpy.context.scene.camera.data
answer["kept"] = camera.dual_pixel.preset
camera.lens = 20
answer["changed"] = camera.dual_pixel.preset
""")
    assert answer.pop("kept") == "PHONE_GOOGLE_PIXEL_4"
    assert answer.pop("changed") == OWN
    assert answer == {preset.key: preset.key for preset in PRESETS}
