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


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("script", "scripts of the .blend were not run"),
        ("driver", "scripts of the .blend were not run"),
        ("freestyle", "switched off Freestyle"),
        ("compositor", "switched off the compositor"),
        ("osl", "switched off OSL shaders"),
        ("cache", "disk caches of simulations"),
    ],
)
def test_a_hostile_file_writes_nothing_and_what_was_disabled_is_said_once(
    kind, note, render, scenes
):
    rendered = render(f"hostile_{kind}")
    assert rendered.status == 0, rendered.log
    assert not list(scenes.folder.rglob(f"*canary_{kind}*"))
    assert " ".join(rendered.notes).count(note) == 1
    assert np.isfinite(rendered.frame(1).depth_m).any()


def test_a_hostile_camera_is_refused_and_writes_nothing(render, scenes):
    message = "camera 'camera' is of type CUSTOM; expected PERSP"
    assert message in render("hostile_custom_camera").error
    assert not list(scenes.folder.rglob("*canary_custom*"))


def test_compiled_shaders_do_not_run(render):
    # The shader would make the wall glow at 9; without it the lamp is a plain 1.
    assert render("hostile_osl", denoiser="none").frame(1).linear_rgb.max() == 1.0


@pytest.mark.parametrize("kind", ["script", "driver", "cache"])
def test_a_trusted_file_does_what_it_likes(kind, render, scenes):
    rendered = render(f"hostile_{kind}", scene={"trust_scripts": True})
    assert rendered.status == 0, rendered.log
    canaries = list(scenes.folder.rglob(f"*canary_{kind}*"))
    assert canaries
    for canary in canaries:
        canary.unlink()  # the other tests look for it
    assert any("trusted" in note for note in rendered.notes)


def test_a_trusted_file_runs_its_shaders(render, scenes):
    rendered = render("hostile_osl", scene={"trust_scripts": True}, denoiser="none")
    assert rendered.frame(1).linear_rgb.max() == pytest.approx(
        9.0, rel=EMISSION_TOLERANCE
    )


def test_freestyle_and_the_compositor_stay_off_in_a_trusted_file(render, scenes):
    for kind in ("freestyle", "compositor"):
        rendered = render(f"hostile_{kind}", scene={"trust_scripts": True})
        assert rendered.status == 0, rendered.log
        assert not list(scenes.folder.rglob(f"*canary_{kind}*"))


def test_a_collection_named_after_a_class_labels_what_is_in_it(render):
    rendered = render("collections")
    frame, mask = rendered.frame(1), masks(rendered)
    for name, label in {
        "plate": "TrafficSign", "pole": "TrafficSign", "own": "Car", "free": "Void",
    }.items():  # fmt: skip
        assert (frame.label[mask[name]] == LABEL_IDS[label]).all(), name


def test_a_camera_is_chosen_by_its_name(render):
    rendered = render("collections", scene={"camera": "side"})
    mask = masks(rendered)
    assert mask["beside"].any()
    assert not mask["plate"].any()


def test_a_camera_that_is_not_there_is_a_message_that_names_those_that_are(render):
    error = render("collections", scene={"camera": "top"}).error
    assert "there is no camera 'top'; expected one of front, side" in error


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
