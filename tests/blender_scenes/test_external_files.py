"""Which files a .blend reads, and that a change of one stops a render."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from blender_scenes.external_files import (
    FileReference,
    FileWatch,
    checksum,
    expanded,
    missing,
)
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import ExternalFile


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())


def names(paths):
    return [path.name for path in paths]


def test_a_numbered_file_stands_for_all_of_its_numbering(tmp_path):
    touch(tmp_path, "a_2.01.png", "a_2.10.png", "a_2.9.png", "a_3.01.png", "a_2.1.exr")
    reference = FileReference(str(tmp_path / "a_2.01.png"), "a", "numbered")
    assert names(reference.files()) == ["a_2.01.png", "a_2.9.png", "a_2.10.png"]


def test_a_number_that_is_not_there_still_stands_for_the_others(tmp_path):
    touch(tmp_path, "s0005.png")
    reference = FileReference(str(tmp_path / "s0001.png"), "s0001.png", "numbered")
    assert names(reference.files()) == ["s0005.png"]
    assert missing([reference]) == []


def test_a_folder_stands_for_all_in_it(tmp_path):
    touch(tmp_path, "cache/b.bphys", "cache/a/c.vdb")
    reference = FileReference(str(tmp_path / "cache"), "cache", "folder")
    assert names(reference.files()) == ["c.vdb", "b.bphys"]


@pytest.mark.parametrize("family", ["file", "numbered", "folder"])
def test_what_is_not_there_is_named_as_the_blend_spells_it(tmp_path, family):
    reference = FileReference(str(tmp_path / "gone1.png"), "gone1.png", family)
    assert missing([reference]) == ["gone1.png"]
    assert expanded([reference, reference]) == (tmp_path / "gone1.png",)


def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert checksum(tmp_path / "pipe.png") is None
    assert missing([FileReference(str(tmp_path / "pipe.png"), "pipe.png")])


@pytest.fixture
def watched(tmp_path):
    """A watch on one image, the image, and a frame that was rendered with it."""
    touch(tmp_path, "image.png", "000001.exr")
    image = tmp_path / "image.png"
    files = (ExternalFile(str(image), checksum(image)),)
    return FileWatch(files), image, tmp_path / "000001.exr"


def test_files_that_stay_are_read_once(watched, monkeypatch):
    watch, _, _ = watched
    watch.require_unchanged()
    monkeypatch.setattr("blender_scenes.external_files.checksum", lambda path: "other")
    watch.require_unchanged()


def test_a_file_that_is_only_touched_has_not_changed(watched):
    watch, image, frame = watched
    watch.require_unchanged()
    os.utime(image, (1, 1))
    watch.require_unchanged([frame])
    assert frame.exists()


def test_a_file_that_changes_is_named_and_the_frames_of_the_run_go(watched):
    watch, image, frame = watched
    watch.require_unchanged()
    image.write_bytes(b"edited")
    with pytest.raises(SceneError, match=r"image\.png: changed .* same command again"):
        watch.require_unchanged([frame])
    assert not frame.exists()


def test_a_file_that_goes_has_changed(watched):
    watch, image, _ = watched
    watch.require_unchanged()
    image.unlink()
    with pytest.raises(SceneError, match=r"image\.png: changed"):
        watch.require_unchanged()


def test_a_file_that_comes_has_changed(tmp_path):
    touch(tmp_path, "s1.png")
    reference = FileReference(str(tmp_path / "s1.png"), "s1.png", "numbered")
    first = tmp_path / "s1.png"
    watch = FileWatch((ExternalFile(str(first), checksum(first)),), [reference])
    watch.require_unchanged()
    touch(tmp_path, "s2.png")
    with pytest.raises(SceneError, match=r"s2\.png: changed"):
        watch.require_unchanged()


@pytest.fixture(scope="module")
def gathered(tmp_path_factory):
    """The folder of a scene that reads files of every kind."""
    folder = tmp_path_factory.mktemp("gathered")
    script = Path(__file__).with_name("make_external_scenes.py")
    subprocess.run(
        [sys.executable, str(script), str(folder)], check=True, capture_output=True
    )
    return folder


def spec_file(folder, blend, **scene):
    path = folder / "spec.json"
    spec = {
        "scene": {"name": "x", "blend_file": str(blend), "frame_range": [1, 3]} | scene,
        "render": {"width": 40, "height": 24, "margin_px": 2, "samples": 1},
    }
    path.write_text(json.dumps(spec))
    return path


def listed(folder, **scene):
    """Return the files that the child lists, by name as the .blend spells them."""
    command = [sys.executable, "-m", "blender_scenes.cli", "--list-files", "--detached"]
    path = spec_file(folder, folder / "gather.blend", **scene)
    done = subprocess.run(
        [*command, str(path), str(folder / "none")],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    events = [json.loads(x.removeprefix("@event ")) for x in done.stdout.splitlines()]
    (rows,) = [event["references"] for event in events if event["event"] == "files"]
    return {row["shown"]: row for row in rows}


EVERY_KIND = {
    "a/middle.blend": "file",
    "a/deep/deep.blend": "file",
    "deep.png": "file",  # relative to deep.blend
    "image.png": "file",
    "tile.1001.png": "file",
    "tile.1002.png": "file",
    "sequence0001.png": "numbered",
    "film.mp4": "file",
    "cloud.vdb": "file",
    "smoke_0001.vdb": "numbered",
    "cache.abc": "file",
    "letters.woff2": "file",
    "lamp.ies": "file",
    "points.mdd": "file",
    "simulated": "folder",
    "blendcache_gather": "folder",
    "own.obj": "file",
    "given.ply": "file",
    "grouped.stl": "file",
}


@pytest.mark.blender
def test_files_of_every_kind_are_listed(gathered):
    found = listed(gathered)
    assert {name: row["family"] for name, row in found.items()} == EVERY_KIND
    libraries = {name for name, row in found.items() if row["is_library"]}
    assert libraries == {"a/middle.blend", "a/deep/deep.blend"}


@pytest.mark.blender
def test_paths_are_absolute_also_those_of_a_library(gathered):
    found = listed(gathered)
    assert found["deep.png"]["path"] == str(gathered / "a/deep/deep.png")
    assert found["image.png"]["path"] == str(gathered / "image.png")


@pytest.mark.blender
def test_a_shader_in_a_file_is_read_only_where_it_runs(gathered):
    assert "glow.osl" in listed(gathered, trust_scripts=True)


@pytest.mark.blender
def test_missing_files_of_every_kind_are_named_once(gathered, finish_child, tmp_path):
    spec = spec_file(tmp_path, gathered / "gather.blend", frame_range=[1, 1])
    rendered = finish_child(spec, tmp_path / "frames")
    assert rendered.status == 0, rendered.log
    (note,) = [n for n in rendered.manifest.notes if n.code == "missing-files"]
    assert note.is_warning
    there = {"a/middle.blend", "a/deep/deep.blend", "letters.woff2", "image.png"}
    there.add("blendcache_gather")
    words = note.message.replace(",", "").split()
    assert set(words) & set(EVERY_KIND) == set(EVERY_KIND) - there


@pytest.mark.blender
def test_a_gap_in_a_sequence_is_named_where_a_frame_shows_it(
    gathered, finish_child, tmp_path
):
    spec = spec_file(tmp_path, gathered / "gaps.blend", frame_range=[1, 4])
    rendered = finish_child(spec, tmp_path / "frames")
    # Blender shows what is missing in magenta.
    red, green, _ = (rendered.frame(2).linear_rgb[..., c].mean() for c in range(3))
    assert red > 2 * green
    red, green, _ = (rendered.frame(3).linear_rgb[..., c].mean() for c in range(3))
    assert red == pytest.approx(green, rel=0.01)
    notes = rendered.manifest.notes
    (note,) = [note for note in notes if note.code == "missing-files"]
    assert note.message == "gaps.blend: missing gap012.png"
    spec = spec_file(tmp_path, gathered / "gaps.blend", frame_range=[3, 4])
    notes = finish_child(spec, tmp_path / "later").manifest.notes
    assert not [note for note in notes if note.code == "missing-files"]


@pytest.mark.blender
def test_a_path_that_nodes_make_is_said_to_be_unknown(gathered, finish_child, tmp_path):
    spec = spec_file(tmp_path, gathered / "gather.blend", frame_range=[1, 1])
    notes = finish_child(spec, tmp_path / "frames").manifest.notes
    (note,) = [note for note in notes if note.code == "unknown-files"]
    assert "'computed' of 'imports'" in note.message
    assert not note.is_warning


@pytest.mark.blender
def test_an_image_that_is_edited_during_a_render_leaves_no_frame(
    gathered, start_child, tmp_path
):
    image = tmp_path / "image.png"
    image.write_bytes((gathered / "image.png").read_bytes())
    blend = gathered / "shown.blend"
    copy = tmp_path / "shown.blend"
    copy.write_bytes(blend.read_bytes())
    files = [{"path": str(image), "sha256": checksum(image)}]
    spec = spec_file(tmp_path, copy, files=files)
    with start_child(spec, tmp_path / "frames") as child:
        for line in child.stdout:
            event = json.loads(line.removeprefix("@event "))
            if event["event"] == "frame":
                image.write_bytes(b"edited")
        assert child.wait() == 2
    assert event["event"] == "error"
    assert "image.png: changed since this run began" in event["message"]
    assert not list((tmp_path / "frames").glob("*.exr"))
    assert not (tmp_path / "frames" / "frames.json").exists()


@pytest.mark.blender
def test_an_image_that_is_edited_before_a_render_is_refused(
    gathered, finish_child, tmp_path
):
    image = gathered / "image.png"
    files = [{"path": str(image), "sha256": "0" * 64}]
    spec = spec_file(tmp_path, gathered / "shown.blend", files=files)
    assert "image.png: changed" in finish_child(spec, tmp_path / "frames").error
