"""Data sets built from inside Blender, by the operators that a person presses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from blender_scenes.addon.notes import NOTES_SHOWN
from dp_model.radiometry import encode_srgb

pytestmark = [pytest.mark.blender, pytest.mark.slow]

InBlender = Callable[..., dict[str, Any]]

SCENE = """
from pathlib import Path
python, folder = sys.argv[2:4]
preferences = bpy.context.preferences.addons[MODULE].preferences
preferences.python_path = python
scene = bpy.context.scene
scene.render.resolution_x, scene.render.resolution_y = 640, 360
own = scene.dual_pixel
own.folder, own.dataset_name = folder, "mine"
own.dataset_width, own.dataset_samples = 64, 1
own.use_scene_range, own.frame_start, own.frame_end = False, 3, 4
own.sets = {"THIS"}
own.dataset_nearest = 4.0
camera = scene.camera.data
camera.dof.focus_distance, camera.dof.aperture_fstop = 8.0, 1.0
camera.dual_pixel.order, camera.dual_pixel.alpha = 6, 0.5
camera.dual_pixel.noise_model, camera.dual_pixel.noise_sigma = "SHOT_READ", 0.02
running = part("dataset.running")

def build(**options):
    try:
        return list(bpy.ops.dual_pixel.build_dataset(**options))
    except RuntimeError as error:
        return str(error)
""".replace("MODULE", '"bl_ext.user_default.dual_pixel"')

BUILD_TWICE = """
before = {p.identifier: str(getattr(scene.render, p.identifier))
          for p in scene.render.bl_rna.properties}
answer["first"] = build()
answer["folder"] = str(running.finished_folder())
answer["touched"] = [name for name, value in before.items()
                     if str(getattr(scene.render, name)) != value]
answer["filepath"] = bpy.data.filepath
answer["drawn"] = drawn("DUAL_PIXEL_PT_dataset")
answer["show"] = list(bpy.ops.dual_pixel.show_dataset())
frames = sorted(Path(folder, "work/frames").rglob("[0-9]*.exr"))
times = [p.stat().st_mtime_ns for p in frames]
bpy.ops.mesh.primitive_cube_add()
camera.dual_pixel.alpha = 0.7
answer["second"] = build(use_last_copy=True)
answer["other_folder"] = str(running.finished_folder())
now = sorted(Path(folder, "work/frames").rglob("[0-9]*.exr"))
answer["rendered_again"] = now != frames or [p.stat().st_mtime_ns for p in now] != times
"""


def test_an_unsaved_scene_becomes_a_dataset_and_a_second_one_from_its_frames(
    in_blender: InBlender, tmp_path: Path
) -> None:
    answer = in_blender(SCENE + BUILD_TWICE, sys.executable, tmp_path)
    assert answer["first"] == ["FINISHED"]
    assert answer["filepath"] == ""
    assert answer["touched"] == []
    assert answer["show"] == ["FINISHED"]
    manifest = manifest_of(answer["folder"])
    (sequence,) = manifest["sequences"]
    assert sequence["scene"] == "untitled"
    assert sequence["frames"] == [3, 4]
    assert sequence["size"] == [64, 36]
    settings = sequence["settings"]
    assert settings["own"] == ["psf", "noise_sigma"]
    assert settings["psf"]["order"] == 6
    assert settings["noise"] == {"model": "shot-read", "sigma": 0.02}
    camera = settings["camera"]
    assert camera["name"] == "Camera"
    assert camera["f_number"] == 1
    assert camera["focus_distance_m"] == 8
    # Blender's default camera: 50 mm on 36 mm, here over 64 pixels.
    assert camera["focal_length_m"] == pytest.approx(0.05)
    assert camera["pixel_pitch_m"] == pytest.approx(0.036 / 64)
    # Another PSF is another version, of frames that were rendered once.
    assert answer["second"] == ["FINISHED"]
    assert answer["other_folder"] != answer["folder"]
    (again,) = manifest_of(answer["other_folder"])["sequences"]
    assert again["settings"]["psf"]["alpha"] == pytest.approx(0.7)
    assert again["source"] == sequence["source"]
    assert not answer["rendered_again"]


def manifest_of(folder: str) -> dict[str, Any]:
    return json.loads(Path(folder, "dataset.json").read_text(encoding="utf-8"))


NOTES = """
own.frame_end = own.frame_start
scene.render.use_freestyle = True
scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 1000
own.use_strict = True
answer["strict"] = build()
answer["drawn_strict"] = drawn("DUAL_PIXEL_PT_dataset")
own.use_strict = False
answer["lenient"] = build(use_last_copy=True)
answer["folder"] = str(running.finished_folder())
answer["drawn"] = drawn("DUAL_PIXEL_PT_dataset")
"""


def test_the_panel_tells_what_the_dataset_tells_and_strict_refuses_it(
    in_blender: InBlender, tmp_path: Path
) -> None:
    answer = in_blender(SCENE + NOTES, sys.executable, tmp_path)
    assert len(answer["strict"].strip().splitlines()) == 1
    assert "100.0% of the pixels are brighter than white" in answer["strict"]
    assert "(refused by Strict)" in answer["strict"]
    assert "(refused by Strict)" in " ".join(labels(answer["drawn_strict"]))
    assert "use_strict" in [note.get("prop") for note in answer["drawn_strict"]]

    assert answer["lenient"] == ["FINISHED"]
    notes = manifest_of(answer["folder"])["notes"]
    assert {"clipped", "switched-off"} <= {note["code"] for note in notes}
    names = [note.get("operator") for note in answer["drawn"]]
    after = answer["drawn"][names.index("dual_pixel.show_dataset") + 1 :]
    assert after[0]["icon"] == "ERROR"
    told = " ".join(labels(after))
    by_kind = sorted(notes, key=lambda note: note["level"] == "note")
    for note in by_kind[:NOTES_SHOWN]:
        assert note["message"].rpartition(": ")[2] in told  # a path may be broken


LIT = """
import numpy as np
exposure, gamma = map(float, sys.argv[4:6])
own.frame_start = own.frame_end = scene.frame_current
own.preview_width, own.preview_samples, own.dataset_samples = 64, 32, 32
camera.dual_pixel.noise_model = "NONE"
camera.dof.aperture_fstop = 2.8
scene.view_settings.view_transform = "AgX"
scene.view_settings.exposure, scene.view_settings.gamma = exposure, gamma
light = bpy.data.objects["Light"]
light.data.energy *= 2 ** -exposure
background = scene.world.node_tree.nodes["Background"]
background.inputs["Strength"].default_value = 2 ** -exposure
bpy.ops.dual_pixel.preview()
np.save(Path(folder, "preview.npy"), part("preview.session").session.pictures.combined)
answer["built"] = build()
answer["folder"] = str(running.finished_folder())
"""
ALIKE = 0.01  # of white, encoded, over all pixels; rays are other ones


@pytest.mark.parametrize(("exposure", "gamma"), [(-6, 1), (4, 1), (0, 2)])
def test_the_preview_is_as_bright_as_the_dataset(
    in_blender: InBlender, tmp_path: Path, exposure: float, gamma: float
) -> None:
    answer = in_blender(SCENE + LIT, sys.executable, tmp_path, exposure, gamma)
    assert answer["built"] == ["FINISHED"]
    (source,) = Path(answer["folder"]).glob("*_c/source/*/*.png")
    stored = cv2.imread(str(source), cv2.IMREAD_UNCHANGED)[..., ::-1] / 65535
    shown = np.clip(encode_srgb(np.load(tmp_path / "preview.npy")), 0, 1)
    assert 0.1 < stored.mean() < 0.9
    assert np.abs(stored - shown).mean() < ALIKE


CANCEL = """
import time
own.frame_start, own.frame_end = 1, 40
launch, operators = part("dataset.launch"), part("dataset.operators")
environment = running.check.wait(python)


def cancelled(**options):
    '''Start, cancel at the second frame; return finished frames and their times.'''
    job = launch.start_build(scene, environment, **options)
    running.follow(job)
    answer["poll_while_building"] = operators.build_problem(bpy.context)
    answer["drawn"] = drawn("DUAL_PIXEL_PT_dataset")
    known = frames()
    while len(frames()) < len(known) + 2:
        assert not job.poll(), job.error
        time.sleep(0.1)
    assert list(bpy.ops.dual_pixel.cancel_dataset()) == ["FINISHED"]
    assert job.wait(30), "it did not end"
    assert not job.error and job.is_cancelled
    return {str(p): p.stat().st_mtime_ns for p in frames()}

def frames():
    return sorted(Path(folder, "work/frames").rglob("[0-9]*.exr"))

first = cancelled()
answer["cancel_again"] = bpy.ops.dual_pixel.cancel_dataset.poll()
second = cancelled(use_last_copy=True)
answer["kept"] = all(second.get(p) == t for p, t in first.items())
answer["counts"] = [len(first), len(second)]
answer["building"] = running.is_building()
answer["drawn_after"] = drawn("DUAL_PIXEL_PT_dataset")
answer["leftovers"] = [str(p) for p in Path(folder).rglob("*.blend1")]
"""


def test_a_cancelled_build_keeps_its_frames_and_goes_on(
    in_blender: InBlender, tmp_path: Path
) -> None:
    answer = in_blender(SCENE + CANCEL, sys.executable, tmp_path)
    assert answer["kept"]
    assert answer["counts"][1] > answer["counts"][0] >= 2
    assert not answer["building"]
    assert not answer["cancel_again"]
    assert "is being built" in answer["poll_while_building"]
    shown = {note.get("operator") for note in answer["drawn"]}
    assert shown == {None, "dual_pixel.cancel_dataset"}
    texts = [note.get("text") for note in answer["drawn_after"]]
    assert "Continue" in texts
    assert "Cancelled; finished frames are kept" in labels(answer["drawn_after"])
    assert answer["leftovers"] == []


def labels(notes: list[dict[str, Any]]) -> list[str]:
    return [note["label"] for note in notes if "label" in note]


BAD_INPUT = """
def problem():
    return bpy.ops.dual_pixel.build_dataset.poll(), build()

own.sets = {"1"}
camera.type = "ORTHO"
answer["ortho"] = problem()
camera.type = "PERSP"
own.folder = "//datasets"
answer["unsaved"] = problem()
own.folder = folder
own.frame_end = 2
answer["range"] = problem()
own.frame_end = 4
own.sets = set()
answer["cameras"] = problem()
own.sets = {"1"}
preferences.python_path = str(Path(folder, "gone"))
answer["python"] = problem()
answer["drawn"] = drawn("DUAL_PIXEL_PT_dataset")
preferences.python_path = ""
answer["no_python"] = problem()
preferences.python_path = python
own.dataset_nearest = 0.01
camera.dof.aperture_fstop = 0.1
own.sets = {"THIS"}
answer["pipeline"] = problem()
answer["drawn_error"] = drawn("DUAL_PIXEL_PT_dataset")
Path(folder, "file").write_text("")
own.folder = str(Path(folder, "file"))
answer["no_folder"] = problem()
for thing in list(scene.objects):
    if thing.type != "CAMERA":
        bpy.data.objects.remove(thing)
answer["empty"] = problem()
scene.camera = None
answer["no_camera"] = problem()
answer["drawn_no_camera"] = drawn("DUAL_PIXEL_PT_dataset")
"""


def test_bad_input_is_refused_in_words(in_blender: InBlender, tmp_path: Path) -> None:
    answer = in_blender(SCENE + BAD_INPUT, sys.executable, tmp_path)
    expected = {
        "ortho": (False, "Perspective"),
        "unsaved": (False, "save it first"),
        "range": (False, "3 to 2 is empty"),
        "cameras": (False, "No camera is chosen"),
        "python": (False, "no such file"),
        "no_python": (False, "preferences"),
        "pipeline": (True, "Nearest Surface 0.01"),
        "no_folder": (True, "Not a directory"),
        "empty": (True, "nothing to render"),
        "no_camera": (False, "no camera"),
    }
    for name, (polls, complaint) in expected.items():
        assert answer[name][0] is polls, (name, answer[name])
        assert complaint in answer[name][1], (name, answer[name])
    assert any("no such file" in text for text in labels(answer["drawn"]))
    assert "preferences.addon_show" in {n.get("operator") for n in answer["drawn"]}
    assert any("Nearest Surface" in text for text in labels(answer["drawn_error"]))
    assert any("no camera" in text for text in labels(answer["drawn_no_camera"]))


LEAVE = """
import os, time
own.frame_start, own.frame_end = 1, 40
job = part("dataset.launch").start_build(scene, running.check.wait(python))
running.follow(job)

while job.progress.share == 0:
    assert not job.poll(), job.error
    time.sleep(0.1)
HOW
answer["finished"] = job.is_finished
answer["cancelled"] = job.is_cancelled
"""


@pytest.mark.parametrize(
    "how",
    [
        "bpy.ops.wm.read_homefile(use_empty=True)",
        'bpy.ops.preferences.addon_disable(module="bl_ext.user_default.dual_pixel")',
    ],
)
def test_leaving_ends_the_pipeline(
    in_blender: InBlender, tmp_path: Path, how: str
) -> None:
    script = SCENE + LEAVE.replace("HOW", how)
    answer = in_blender(script, sys.executable, tmp_path)
    assert answer == {"finished": True, "cancelled": True}
