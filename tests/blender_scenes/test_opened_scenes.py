"""A stranger's .blend: its own frames and shape, and what cannot be right in it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.frames import LABEL_IDS
from blender_scenes.spec import RenderSpec, SceneSpec, SequenceSpec

pytestmark = pytest.mark.blender

ROOT = Path(__file__).parents[2]
SMALL = {"width": 40, "height": 24, "margin_px": 6, "samples": 1, "device": "cpu"}
PLAIN = {"denoiser": "none", "second_surface": False}
HALF_STEP = 2**-10  # of half precision near 1
POINTS = [(0, 10, 0), (1, 8, 1), (-0.5, 9, 0.5), (0.7, 15, -1)]  # as make_opened_scenes


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """The folder of `make_opened_scenes`."""
    folder = tmp_path_factory.mktemp("opened")
    script = Path(__file__).with_name("make_opened_scenes.py")
    subprocess.run(
        [sys.executable, str(script), str(folder)], check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def render(opened, finish_child, tmp_path_factory):
    """Return a function that renders one of them in a new folder."""

    def render(name, scene=None, **settings):
        folder = tmp_path_factory.mktemp(name)
        blend = str(opened / f"{name}.blend")
        spec = SequenceSpec(
            SceneSpec(name=name, blend_file=blend, **(scene or {})),
            RenderSpec(**{**SMALL, **PLAIN, **settings}),
        )
        path = folder / "spec.json"
        path.write_text(spec.to_json())
        return finish_child(path, folder / "frames")

    return render


def notes(rendered, code):
    assert rendered.status == 0, rendered.log
    return [note for note in rendered.manifest.notes if note.code == code]


def numbers(rendered):
    assert rendered.status == 0, rendered.log
    return [row.number for row in rendered.manifest.frames]


def shows_a_wall(rendered, number):
    return bool(np.isfinite(rendered.frame(number).depth_m).any())


def test_a_count_is_of_the_scenes_own_range(render):
    rendered = render("late", {"frame_count": 2})
    assert numbers(rendered) == [1001, 1002]
    assert all(shows_a_wall(rendered, number) for number in (1001, 1002))


def test_a_step_is_left_out_and_said(render):
    rendered = render("late", {"frame_count": 1})
    (note,) = notes(rendered, "frame-step")
    assert "step of 2 frames is left out; every frame is rendered" in note.message
    assert not note.is_warning


def test_more_frames_than_there_are_is_all_of_them_and_said(render):
    rendered = render("late", {"frame_count": 9})
    assert numbers(rendered) == [1001, 1002, 1003]
    (note,) = notes(rendered, "frame-count")
    assert "9 frames were asked for" in note.message
    assert "1001 to 1003" in note.message


def test_frames_before_zero_can_be_named(render):
    rendered = render("late", {"frame_range": (-2, 0)})
    assert numbers(rendered) == [-2, -1, 0]
    assert rendered.manifest.frames[0].file == "-00002.exr"
    assert not notes(rendered, "frame-step")  # what is named is not the file's own


def test_a_picture_keeps_the_files_shape_and_field_of_view(render, opened):
    rendered = render("shape", {"frame_range": (1, 1)}, width=None, height=None)
    # 500 x 400 pixels, twice as high as wide: 500 to 800.
    width, height = rendered.manifest.size
    assert (width, height) == (320, 512)
    facts = json.loads((opened / "facts.json").read_text())["shape"]
    row, margin_px = rendered.manifest.frames[0], rendered.manifest.margin_px
    camera_from_world = np.linalg.inv(row.world_from_camera)
    for point, (x, y, _) in zip(POINTS, facts, strict=True):
        seen = np.array(row.intrinsics) @ (camera_from_world @ [*point, 1.0])[:3]
        column, line = seen[:2] / seen[2] - margin_px
        assert column / width == pytest.approx(x, abs=1e-5)
        assert 1 - line / height == pytest.approx(y, abs=1e-5)


def test_oblong_pixels_and_a_region_are_said(render):
    rendered = render("shape", {"frame_range": (1, 1)}, width=None, height=None)
    texts = [note.message for note in notes(rendered, "field-of-view")]
    assert any("500 x 400 with pixels 0.5 times as wide as high" in x for x in texts)
    assert any("render region is switched off" in text for text in texts)


def test_another_shape_is_said_and_which_field_of_view_is_kept(render):
    (note,) = notes(render("away", {"frame_range": (1, 1)}), "field-of-view")
    assert "rendered at 40 x 24" in note.message
    assert "the file's picture is 1920 x 1080" in note.message
    assert (
        "horizontal field of view is kept, the vertical one is higher" in note.message
    )


def test_the_shape_of_a_film_is_not_worth_a_note(render):
    rendered = render("away", {"frame_range": (1, 1)}, width=64, height=36)
    assert not notes(rendered, "field-of-view")


@pytest.fixture(scope="module")
def windows(render):
    """Colours (H, W, 3) without and with a margin, which is cut off."""
    plain, wide = (
        render("window", {"frame_range": (1, 1)}, margin_px=margin_px).frame(1)
        for margin_px in (0, 8)
    )
    return plain.linear_rgb, wide.linear_rgb[8:-8, 8:-8]


def test_what_is_laid_over_the_picture_stays_in_place_under_a_margin(windows):
    plain, wide = windows
    # Samples lie elsewhere in each pixel: 1 px of 40 columns, of 24 rows.
    np.testing.assert_allclose(wide[..., 0], plain[..., 0], atol=1.5 / 40)
    np.testing.assert_allclose(wide[..., 1], plain[..., 1], atol=1.5 / 24)


def test_window_coordinates_run_over_the_picture_alone(windows):
    _, wide = windows
    assert wide[:, 0, 0].max() < 2 / 40
    assert wide[:, -1, 0].min() > 1 - 2 / 40
    assert wide[-1, :, 1].max() < 2 / 24  # rows run upwards
    assert wide[0, :, 1].min() > 1 - 2 / 24


def test_a_file_of_a_newer_blender_is_a_warning(render):
    (note,) = notes(render("newer", {"frame_count": 1}), "newer-file")
    assert note.is_warning
    assert "newer.blend: saved by Blender" in note.message
    assert not notes(render("late", {"frame_count": 1}), "newer-file")


def test_objects_that_are_nowhere_are_named(render):
    found = notes(render("impossible"), "impossible-place")
    text = " ".join(note.message for note in found)
    assert all(note.is_warning for note in found)
    assert "'lost' (frame 1)" in text
    assert "'leaving' (frame 2)" in text
    assert "'torn'" in text
    assert "'wall'" not in text


def test_a_camera_that_is_nowhere_is_refused_with_its_frame(render):
    assert "camera 'camera' at frame 2: its place or its lens is NaN" in (
        render("no_view").error
    )


def test_a_camera_that_is_turned_away_is_a_warning(render):
    (note,) = notes(render("away"), "empty")
    assert note.is_warning
    assert "no frame shows a surface" in note.message


def number_many(count, largest):
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("number_many.py")),
         str(count), str(largest)],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_labelling_looks_once_at_each_collection():
    found = number_many(3000, 32767)
    car, void = str(LABEL_IDS["Car"]), str(LABEL_IDS["Void"])
    assert found["labels"] == {void: 2700, car: 300}
    assert found["names_looked_at"] == {"Scene Collection": 1, "Car": 1, "parts": 1}
    assert found["notes"] == []


def test_things_beyond_the_last_number_share_number_0_and_are_said():
    found = number_many(40, 10)
    # All four cars have a number; of the others as many as are left.
    assert found["labels"] == {str(LABEL_IDS["Car"]): 4, str(LABEL_IDS["Void"]): 6}
    assert found["indices"][0] == [0, 30]
    (note,) = found["notes"]
    assert note["level"] == "warning"
    assert (
        "30 of them, 0 of which have a class, share instance number 0"
        in (note["message"])
    )
