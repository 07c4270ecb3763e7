"""The extension in a Blender with a window, driven by mouse and keys."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dp_model.camera import ThinLensCamera
from dp_model.psf import ButterworthPsf
from dp_model.radiometry import encode_srgb
from dp_model.render import render_dual_pixel

LARGE_WINDOW_PX = (1440, 880)
FIGURES = (
    "addon_preview",
    "addon_coc",
    "addon_wipe",
    "addon_camera",
    "addon_viewport",
    "addon_dataset",
)

EDGE_PX, TABS_PX = 8, 40

pytestmark = [pytest.mark.ui, pytest.mark.timeout(900)]

# The still life of `scene.py`, as it was typed there; a preview is 320 pixels wide.
LENS_M, SENSOR_WIDTH_M, FOCUS_M = 0.05, 0.036, 2.6
RENDERED_WIDTH_PX, PREVIEW_WIDTH_PX = 960, 320
F_NUMBER, OTHER_F_NUMBER = 1.8, 4.0
PSF = {"order": 3, "alpha": 0.8, "beta": 0.2, "kappa": 0.14}  # the panel's defaults

# Views are float32 in both; Blender's NumPy convolves in another order than SciPy.
VIEW_TOLERANCE = 2e-4
LONGEST_GAP_S = 2.0  # of a Blender that redraws in software on two busy cores
SCREEN_TOLERANCE = 0.01  # of the mean; AgX at this exposure differs by much more
UPDATE_S = 5.0  # likewise; a second is promised on an idle machine


def lens(f_number, width_px=PREVIEW_WIDTH_PX):
    return ThinLensCamera(LENS_M, f_number, FOCUS_M, SENSOR_WIDTH_M / width_px)


def views_of(frame, f_number, **psf):
    """Return what dp_model makes of the frame that the extension has kept."""
    psf = ButterworthPsf(**{**PSF, **psf})
    return render_dual_pixel(frame["linear_rgb"], frame["depth_m"], lens(f_number), psf)


def assert_pictures_are(frame, f_number, **psf):
    expected = views_of(frame, f_number, **psf)
    scale = float(np.abs(frame["linear_rgb"]).max())
    for name in ("left", "right", "combined"):
        error = np.abs(frame[name.upper()] - getattr(expected, name)).max() / scale
        assert error <= VIEW_TOLERANCE, (name, error)


def differing(folder: Path, first: str, second: str) -> float:
    """Return the share of pixels that differ between two pictures of the screen."""
    with (
        Image.open(folder / f"{first}.png") as one,
        Image.open(folder / f"{second}.png") as two,
    ):
        a, b = (np.asarray(picture.convert("RGB"), int) for picture in (one, two))
    return float((np.abs(a - b).max(axis=-1) > 8).mean())


def trimmed(path: Path) -> Image.Image:
    """Return a picture of an editor without the empty rows below its last panel."""
    with Image.open(path) as picture:
        rgb = picture.convert("RGB")
    # The borders of the editor, and the Properties editor's tabs, go down all the way.
    inner = np.asarray(rgb)[:-EDGE_PX, TABS_PX:-EDGE_PX]
    has_something = (inner != inner[-1, 0]).any(axis=(1, 2))
    last = int(np.flatnonzero(has_something)[-1])
    return rgb.crop((0, 0, rgb.width, min(last + 2 * EDGE_PX, rgb.height)))


def test_driver_can_type_press_and_undo_in_blenders_own_panels(drive):
    drive("drive_blender")


def test_preview_by_mouse_shows_what_dp_model_computes(drive):
    session = drive("drive_preview")
    first = session.arrays("first")
    assert first["LEFT"].shape == (180, 320, 3)
    assert_pictures_are(first, F_NUMBER)
    np.testing.assert_array_equal(first["ANAGLYPH"][..., 0], first["LEFT"][..., 0])
    np.testing.assert_array_equal(first["ANAGLYPH"][..., 1:], first["RIGHT"][..., 1:])
    assert session.facts["shown"] == "DP Combined"

    # Blue in front of the focus, red behind it.
    radius_px = lens(F_NUMBER, RENDERED_WIDTH_PX).coc_radius_px(first["depth_m"])
    redness = first["COC"][..., 0] - first["COC"][..., 2]
    is_clear = np.abs(radius_px) > 0.1 * np.abs(radius_px).max()
    assert (np.sign(redness) == np.sign(radius_px))[is_clear].all()

    # Values that are typed show without a new render, and undo takes them back.
    kept = session.arrays("other_f_number")
    np.testing.assert_array_equal(kept["depth_m"], first["depth_m"])
    assert_pictures_are(kept, OTHER_F_NUMBER)
    assert_pictures_are(session.arrays("other_psf"), OTHER_F_NUMBER, order=9)
    assert session.facts["undone"] == [pytest.approx(F_NUMBER), PSF["order"]]
    assert_pictures_are(session.arrays("undone"), F_NUMBER)

    assert session.facts["longest_gap_s"] < LONGEST_GAP_S
    assert session.facts["update_s"] < UPDATE_S


def test_image_editor_shows_flips_wipes_and_reads_pixels(drive):
    session = drive("drive_views")
    facts = session.facts
    assert facts["shown"] == {
        "LEFT": "DP Left",
        "RIGHT": "DP Right",
        "COMBINED": "DP Combined",
        "COC": "DP CoC",
        "ANAGLYPH": "DP Anaglyph",
    }
    assert set(facts["flipped"]) == {"DP Left", "DP Right"}
    # Two a second, if Blender's loop is quick enough for that.
    assert 1.0 <= len(facts["flipped"]) / facts["flipped_for_s"] <= 2.5

    assert facts["wipe_position"] == pytest.approx(0.25, abs=0.02)
    wipe = session.arrays("wipe")
    column = round(facts["wipe_position"] * PREVIEW_WIDTH_PX)
    near = slice(column - 1), slice(column + 1, None)
    np.testing.assert_array_equal(wipe["WIPE"][:, near[0]], wipe["LEFT"][:, near[0]])
    np.testing.assert_array_equal(wipe["WIPE"][:, near[1]], wipe["RIGHT"][:, near[1]])
    assert facts["after_wipe"] == "DP Left"

    depth_m = session.arrays("geometry")["depth_m"]
    for reading in facts["readout"]:
        row = int((1 - reading["v"]) * depth_m.shape[0])
        column = int(reading["u"] * depth_m.shape[1])
        # The screen's pixel may be the neighbour of the one that was aimed at.
        around = depth_m[row - 1 : row + 2, column - 1 : column + 2]
        radius_px = lens(F_NUMBER, RENDERED_WIDTH_PX).coc_radius_px(around)
        said_px, said_m = (float(line.split()[n]) for line, n in
                           zip(reading["lines"], (2, 1), strict=True))  # fmt: skip
        assert around.min() - 0.01 <= said_m <= around.max() + 0.01
        assert radius_px.min() - 0.051 <= said_px <= radius_px.max() + 0.051


def test_esc_cancels_a_running_preview_and_leaves_nothing(drive):
    facts = drive("drive_cancel").facts
    assert facts["after"] == facts["before"]
    assert facts["pictures"] == []
    assert facts["message"]
    assert 0 < facts["progress"] < 1
    assert facts["longest_gap_s"] < LONGEST_GAP_S


def test_new_file_load_and_disabling_twice_leave_nothing_behind(drive):
    facts = drive("drive_files").facts
    fresh = facts["fresh"]
    assert facts["images_in_file"] == []
    for moment in (
        "after_new_file",
        "after_load",
        "enabled_1",
        "enabled_2",
        "after_new_file_while_rendering",
    ):
        assert facts[moment] == fresh, moment
    assert facts["kept_width"] == PREVIEW_WIDTH_PX
    for moment in ("disabled_1", "disabled_2"):
        assert facts[moment] == {
            "images": [],
            "handlers": {},
            "timers": [],
            "children": 0,
            "threads": fresh["threads"],
            "folders": [],
            "types": [],
            "properties": [],
            "keys": 0,
        }, moment


def test_camera_panel_reads_out_blur_and_undo_takes_a_preset_back(drive):
    facts = drive("drive_camera").facts
    texts = facts["texts"]
    assert "37.5 µm" in texts["camera"]  # 36 mm / 960
    # With r = 7.262 px (d - s) / d, radius 1 px: d = s / (1 -+ 1/7.262).
    assert "2.285 to 3.015 m" in texts["blur"]
    # The torus stands 3.53 m away along the axis.
    assert any(text.startswith("+1.9") and "px" in text for text in texts["blur"])
    assert facts["pitch_um"] == pytest.approx(20)
    assert any("19.2 mm" in text for text in facts["note"])  # 960 x 20 um
    preset = facts["preset"]
    name, lens_mm, f_number, focus_m = preset["after"]
    assert name != "OWN"
    assert lens_mm == preset["before"][1]  # sets keep the lens
    assert [f_number, focus_m] != preset["before"][2:]
    assert preset["undone"] == preset["before"]


def test_viewport_draws_limits_and_heat_only_while_switched_on(drive):
    folder = drive("drive_viewport").folder
    assert differing(folder, "overlay_off", "overlay_limits") > 1e-3
    assert differing(folder, "overlay_off", "overlay_heat") > 1e-2
    assert differing(folder, "overlay_heat", "overlay_heat_focused_far") > 1e-3
    assert differing(folder, "overlay_off", "overlay_off_again") < 1e-4


def test_scenes_that_cannot_be_previewed_get_a_sentence(drive):
    facts = drive("drive_bad_input").facts
    words = {
        "no camera": "camera",
        "orthographic": "orthographic",
        "panoramic": "panoramic",
        "focus inside the lens": "50 mm",
        "focus on itself": "Focus",
        "Workbench": "engine",
        "Blender renders": "rendering",
    }
    for name, word in words.items():
        assert not facts["said"][name]["can"], name
        assert word in " ".join(facts["said"][name]["texts"]), name
    assert facts["without_camera"] == []
    assert not facts["renders_nothing"]


def test_two_frames_become_a_dataset_from_the_output_panel(drive):
    facts = drive("drive_dataset").facts
    assert "pipeline" in " ".join(facts["without_environment"])
    assert facts["error"] == ""
    assert (Path(facts["folder"]) / "dataset.json").is_file()
    assert len(list(Path(facts["folder"]).glob("*_l/source/*/*.png"))) == 2
    assert facts["longest_gap_s"] < LONGEST_GAP_S
    assert facts["children"] == []


def test_the_preview_looks_as_the_dataset_and_panels_show_its_notes(drive):
    session = drive("drive_notes")
    facts, place = session.facts, session.facts["picture"]
    with Image.open(session.folder / "notes_region.png") as picture:
        screen = np.asarray(picture.convert("RGB"), float) / 255
    right = min(place["right"], place["seen"])
    shown = screen[place["top"] + 2 : place["bottom"] - 2, place["left"] + 2 : right]
    combined = session.arrays("notes")["COMBINED"]
    share = (right - place["left"]) / (place["right"] - place["left"])
    seen = combined[:, : round(share * combined.shape[1])]
    encoded = np.clip(encode_srgb(seen), 0, 1)
    np.testing.assert_allclose(
        shown.mean(axis=(0, 1)), encoded.mean(axis=(0, 1)), atol=SCREEN_TOLERANCE
    )

    before, after = (" ".join(facts[name]) for name in ("preview", "dataset"))
    for told in (before, after):
        assert "eft out the view transform AgX" in told
        assert "are brighter than white" in told
    assert "Lamps hidden from the camera, as they have no depth: 'Area'" in before
    assert "Shadow catchers are rendered as ordinary objects: 'Torus'" in before
    assert facts["error"] == ""


def test_panels_are_pictured_for_the_documentation(drive):
    session = drive("drive_figures", LARGE_WINDOW_PX)
    pictures = sorted(session.folder.glob("addon_*.png"))
    assert [picture.stem for picture in pictures] == sorted(FIGURES)
    if "UI_FIGURES" in os.environ:
        for picture in pictures:
            target = Path(os.environ["UI_FIGURES"], picture.name)
            trimmed(picture).save(target, optimize=True)
