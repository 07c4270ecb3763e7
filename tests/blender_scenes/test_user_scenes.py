"""What a stranger's .blend may do, and what is taken from it."""

import numpy as np
import pytest

from blender_scenes.frames import LABEL_IDS

pytestmark = pytest.mark.blender

# Half precision; emission has no noise.
EMISSION_TOLERANCE = 2**-10


@pytest.fixture(scope="module")
def objects(render):
    return render("objects", denoiser="none")


def masks(rendered):
    frame = rendered.frame(1)
    return {
        row["name"]: frame.instance == int(number)
        for number, row in rendered.manifest.instances.items()
    }


def test_a_known_pass_index_is_the_label(objects):
    frame, mask = objects.frame(1), masks(objects)
    assert (frame.label[mask["car"]] == LABEL_IDS["Car"]).all()


def test_an_unknown_pass_index_is_void(objects):
    frame, mask = objects.frame(1), masks(objects)
    assert mask["unknown"].any()
    assert (frame.label[mask["unknown"]] == LABEL_IDS["Void"]).all()


def test_an_instanced_collection_keeps_the_label_of_its_object(objects):
    frame, mask = objects.frame(1), masks(objects)
    assert mask["leaf"].any()
    assert (frame.label[mask["leaf"]] == LABEL_IDS["Vegetation"]).all()


def test_a_material_sees_the_pass_index_that_its_artist_gave(objects):
    frame, mask = objects.frame(1), masks(objects)
    # The pixel filter mixes the border of the quad with the dark world.
    brightest = frame.linear_rgb[mask["car"]].max()
    assert brightest == pytest.approx(14.0, rel=EMISSION_TOLERANCE)


def test_depth_and_pose_are_metres_in_a_scene_of_centimetres(objects):
    frame, mask = objects.frame(1), masks(objects)
    np.testing.assert_allclose(frame.depth_m[mask["car"]], 0.1, rtol=1e-5)


def test_the_picture_is_sharp_and_opaque_whatever_the_artist_chose(objects):
    frame, mask = objects.frame(1), masks(objects)
    # A lens at f/0.1 focused at a tenth of the distance would blur the quad away.
    assert np.median(frame.linear_rgb[mask["car"]]) == pytest.approx(
        14.0, rel=EMISSION_TOLERANCE
    )


def test_the_world_is_seen_behind_the_objects(objects):
    frame = objects.frame(1)
    sky = frame.linear_rgb[np.isinf(frame.depth_m)]
    # A new world of Blender is a grey of 0.05.
    np.testing.assert_allclose(np.median(sky), 0.05, rtol=EMISSION_TOLERANCE)


def test_the_user_is_told_that_one_view_layer_is_rendered(objects):
    assert any("view layer" in note for note in objects.notes)


def test_a_hostile_file_runs_and_writes_nothing(render, scenes):
    rendered = render("hostile")
    assert rendered.status == 0, rendered.log
    assert not list(scenes.folder.glob("canary*"))
    notes = " ".join(rendered.notes)
    assert "Freestyle" in notes
    assert "the compositor" in notes
    assert "scripts of the .blend were not run" in notes
    assert np.isfinite(rendered.frame(1).depth_m).any()


def test_missing_pictures_and_libraries_are_named(render, scenes):
    rendered = render("lonely")
    assert rendered.status == 0, rendered.log
    notes = " ".join(rendered.notes)
    assert "poster.png" in notes
    assert "library.blend" in notes


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_camera", "has no camera at frame"),
        ("ortho", "camera 'flat camera' is of type ORTHO; expected PERSP"),
        ("custom", "camera 'flat camera' is of type CUSTOM; expected PERSP"),
        ("mirrored", "mirrored"),
        ("nowhere", "nowhere.blend: no such file; expected a .blend file"),
        ("junk", "junk.blend: not a readable .blend file"),
        ("truncated", "truncated.blend: not a readable .blend file"),
    ],
)
def test_an_unusable_blend_is_a_message_of_one_line(name, message, render, scenes):
    (scenes.folder / "junk.blend").write_bytes(b"not blender")
    whole = (scenes.folder / "motion.blend").read_bytes()
    (scenes.folder / "truncated.blend").write_bytes(whole[: len(whole) // 2])
    assert message in render(name).error


def test_an_edited_blend_is_refused(render):
    error = render("motion", scene={"blend_sha256": "0" * 64}).error
    assert "motion.blend: SHA-256 is" in error
    assert "expected 000" in error


def test_a_device_that_is_not_there_is_a_message_that_names_those_that_are(render):
    # Metal exists on macOS only, where Blender's children are not tested.
    error = render("motion", device="metal").error
    assert error.startswith("device metal: Cycles finds no such device")
    assert "cpu" in error
