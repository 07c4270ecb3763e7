"""Stopped at any moment, the next run ends with the bytes of an undisturbed one."""

import os
import resource
import signal
import subprocess
import time

import numpy as np
import pytest

from blender_scenes.frames import frame_file

pytestmark = pytest.mark.blender

SETTINGS = {"samples": 4, "margin_px": 4}
# More samples than anyone waits for: the child is inside a render all the time.
ENDLESS = {"samples": 100_000, "width": 400, "height": 240, "denoiser": "none"}
END_S = 10.0


# Blender integrates with 10 substeps per frame, so gravity acts in steps.
SUBSTEP_TOLERANCE = 0.03


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def spec_file(scenes, tmp_path_factory):
    path = tmp_path_factory.mktemp("resume") / "spec.json"
    return scenes.spec_file(path, "motion", **SETTINGS)


@pytest.fixture(scope="module")
def undisturbed(spec_file, tmp_path_factory, finish_child):
    folder = tmp_path_factory.mktemp("undisturbed") / "frames"
    rendered = finish_child(spec_file, folder)
    assert rendered.status == 0, rendered.log
    return rendered


@pytest.fixture(scope="module")
def falling(render):
    rendered = render("falling")
    assert rendered.status == 0, rendered.log
    return rendered


def read_until(child, text):
    for line in child.stdout:
        if text in line:
            return
    raise AssertionError(f"the child ended without {text!r}")


def test_the_first_run_renders_every_frame(undisturbed):
    told = ("note", "message", "walk")
    kinds = [e["event"] for e in undisturbed.events if e["event"] not in told]
    assert kinds == ["start", "frame", "frame", "frame", "done"]
    start = next(e for e in undisturbed.events if e["event"] == "start")
    assert start["frames"] == start["missing"] == [1, 2, 3]


def test_every_frame_of_the_walk_is_an_event_and_the_one_after_the_last(undisturbed):
    walked = [e for e in undisturbed.events if e["event"] == "walk"]
    assert [(e["number"], e["total"]) for e in walked] == [
        (1, 4), (2, 4), (3, 4), (4, 4),
    ]  # fmt: skip


def test_nothing_but_frames_manifest_and_recipe_is_left(undisturbed):
    names = {path.name for path in undisturbed.folder.iterdir()}
    frames = {frame_file(number) for number in (1, 2, 3)}
    assert names == frames | {"frames.json", ".recipe.json"}


def test_a_killed_run_goes_on_at_the_first_missing_frame(
    spec_file, undisturbed, tmp_path, start_child, finish_child
):
    folder = tmp_path / "frames"
    with start_child(spec_file, folder) as child:
        read_until(child, '"frame"')
        os.kill(child.pid, signal.SIGKILL)
    assert not (folder / "frames.json").exists()
    (folder / ".000002.part.exr").write_bytes(b"half a frame")
    (folder / ".render.part").mkdir(exist_ok=True)

    resumed = finish_child(spec_file, folder)
    start = next(e for e in resumed.events if e["event"] == "start")
    assert 1 not in start["missing"]
    assert contents(folder) == contents(undisturbed.folder)


def test_a_broken_frame_is_rendered_again_and_a_whole_one_kept(
    spec_file, undisturbed, tmp_path, finish_child
):
    folder = tmp_path / "frames"
    folder.mkdir()
    for name, data in contents(undisturbed.folder).items():
        (folder / name).write_bytes(data)
    broken, kept = folder / frame_file(2), folder / frame_file(3)
    broken.write_bytes(broken.read_bytes()[:-50])
    before = kept.stat().st_mtime_ns
    resumed = finish_child(spec_file, folder)
    start = next(e for e in resumed.events if e["event"] == "start")
    assert start["missing"] == [2]
    assert kept.stat().st_mtime_ns == before
    assert contents(folder) == contents(undisturbed.folder)


def test_a_frame_does_not_depend_on_the_range_it_was_rendered_in(render, undisturbed):
    alone = render("motion", frame_range=(2, 2), **SETTINGS)
    name = frame_file(2)
    assert (alone.folder / name).read_bytes() == (
        undisturbed.folder / name
    ).read_bytes()


def test_a_simulation_that_was_not_baked_falls_as_it_should(falling):
    # From frame 5 to 6: g (4.5 frames) (1 frame) = 0.0766 m at 10 m.
    focal_px = 50 / 36 * 40
    flow = falling.frame(5).flow_px[falling.frame(5).instance == 1]
    expected = 9.81 * 4.5 / 24**2 / 10 * focal_px
    assert np.median(flow[:, 1]) == pytest.approx(expected, rel=SUBSTEP_TOLERANCE)


def test_a_simulation_resumes_where_it_was(falling, scenes, tmp_path, finish_child):
    before = contents(falling.folder)
    (falling.folder / frame_file(5)).unlink()
    spec_file = scenes.spec_file(tmp_path / "spec.json", "falling")
    assert finish_child(spec_file, falling.folder).status == 0
    assert contents(falling.folder) == before


def test_the_number_of_threads_changes_no_byte(render, undisturbed):
    one_thread = render("motion", threads=1, **SETTINGS)
    assert contents(one_thread.folder) == contents(undisturbed.folder)


def test_frames_of_another_specification_are_not_mixed_in(
    scenes, undisturbed, tmp_path, finish_child
):
    other = scenes.spec_file(
        tmp_path / "spec.json", "motion", **{**SETTINGS, "samples": 5}
    )
    refused = finish_child(other, undisturbed.folder)
    assert "holds frames of another specification" in refused.error


def test_the_child_ends_when_its_parent_does(scenes, tmp_path, start_child):
    endless = scenes.spec_file(tmp_path / "spec.json", "motion", **ENDLESS)
    with start_child(endless, tmp_path / "frames") as child:
        read_until(child, '"start"')
        time.sleep(0.5)  # well into the first frame
        assert child.poll() is None
        child.stdin.close()  # what the system does when the parent is killed
        try:
            assert child.wait(timeout=END_S) == 3
        except subprocess.TimeoutExpired:
            child.kill()
            raise


def test_a_full_disk_is_a_message_of_one_line(spec_file, tmp_path, finish_child):
    def allow_small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    folder = tmp_path / "frames"
    failed = finish_child(spec_file, folder, preexec_fn=allow_small_files)
    assert str(folder) in failed.error
    assert not list(folder.glob("0*.exr"))


def test_a_folder_that_cannot_be_made_is_a_message_of_one_line(
    spec_file, tmp_path, finish_child
):
    (tmp_path / "file").write_text("in the way")
    failed = finish_child(spec_file, tmp_path / "file" / "frames")
    assert str(tmp_path / "file" / "frames") in failed.error


def test_a_folder_with_an_odd_name_is_filled(render, spec_file, tmp_path, finish_child):
    folder = tmp_path / "a {blend_name} #01 %d ü"
    rendered = finish_child(spec_file, folder)
    assert rendered.status == 0, rendered.log
    assert rendered.manifest.frames
