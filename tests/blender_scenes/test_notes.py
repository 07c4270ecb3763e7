"""Notes on frames: what is counted, when it is doubtful, what is kept."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from blender_scenes.frame_facts import FrameFacts, facts_of, notes_of_facts
from blender_scenes.frames import Frame, FrameEntry, FrameError, FrameSequence
from blender_scenes.notes import Note, unique, warning

PLAIN = FrameFacts(
    clipped_share=0.0,
    black_share=0.0,
    sky_share=0.2,
    nearest_m=2.0,
    median_m=10.0,
    farthest_m=80.0,
)


def frame(colour, depth_m):
    depth_m = np.asarray(depth_m, np.float32)
    nothing = np.zeros(depth_m.shape, np.uint32)
    linear_rgb = np.broadcast_to(np.float32(colour), (*depth_m.shape, 3))
    return Frame(linear_rgb, depth_m, nothing, nothing)


def sequence(**changes):
    plain = FrameSequence(
        source={},
        fps=None,
        size=(4, 3),
        margin_px=0,
        encoded_source=False,
        versions={},
        frames=(FrameEntry(1, "000001.exr", "0" * 64, 100, None, None),),
    )
    return dataclasses.replace(plain, **changes)


def codes(**changes):
    facts = {1: PLAIN, 2: dataclasses.replace(PLAIN, **changes)}
    return [(note.code, note.level) for note in notes_of_facts(facts)]


def test_facts_are_counted_inside_the_margin():
    depth_m = np.full((6, 8), 1000.0, np.float32)
    depth_m[2:4, 2:6] = [[1.0, 2.0, 3.0, np.inf]] * 2
    one = frame(0.5, depth_m)
    one.linear_rgb.setflags(write=False)
    bright = np.array(one.linear_rgb)
    bright[2, 2] = (0.1, 1.01, 0.1)  # one channel of one pixel in eight
    bright[3, 3] = 1e-4
    facts = facts_of(dataclasses.replace(one, linear_rgb=bright), 2)
    assert facts == FrameFacts(1 / 8, 1 / 8, 1 / 4, 1.0, 2.0, 3.0)


def test_a_frame_of_sky_has_no_depth_to_speak_of():
    facts = facts_of(frame(0.5, np.full((3, 4), np.inf)), 0)
    assert facts.sky_share == 1.0
    assert np.isnan(facts.median_m)


def test_nothing_is_said_of_plain_frames():
    assert notes_of_facts({1: PLAIN, 2: PLAIN}) == []


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.019, []),  # the mean of the two frames is below 1 %
        (0.021, [("clipped", "note")]),
        (0.51, [("clipped", "warning")]),
    ],
)
def test_clipped_pixels_are_said_with_their_mean_share(share, expected):
    assert codes(clipped_share=share) == expected


def test_the_share_of_clipped_pixels_is_in_the_message():
    (note,) = notes_of_facts({1: dataclasses.replace(PLAIN, clipped_share=0.125)})
    assert note.message.startswith("12.5% of the pixels")


def test_a_black_sequence_is_a_warning():
    assert codes(black_share=1.0) == []  # one frame of two
    black = dataclasses.replace(PLAIN, black_share=0.95)
    assert [note.code for note in notes_of_facts({1: black})] == ["black"]


def test_a_frame_without_a_surface_is_named():
    empty = dataclasses.replace(PLAIN, sky_share=1.0, median_m=float("nan"))
    (note,) = notes_of_facts({7: PLAIN, 8: empty})
    assert note == warning("empty", "nothing but sky in frame 8")
    (note,) = notes_of_facts({8: empty})
    assert note.message.startswith("no frame shows a surface")


@pytest.mark.parametrize(
    ("depths_m", "words"),
    [
        ((2000.0, 5000.0, 8000.0), "median 5000 m: millimetres"),
        ((0.002, 0.005, 0.008), "median 0.005 m: kilometres"),
        ((0.125, 0.2, 0.5), "inverse or relative"),
    ],
)
def test_a_depth_of_another_unit_is_a_warning(depths_m, words):
    nearest_m, median_m, farthest_m = depths_m
    facts = dataclasses.replace(
        PLAIN, nearest_m=nearest_m, median_m=median_m, farthest_m=farthest_m
    )
    (note,) = notes_of_facts({1: facts})
    assert note.code == "depth-range"
    assert note.is_warning
    assert words in note.message


def test_frames_in_two_units_are_a_warning():
    near = dataclasses.replace(PLAIN, nearest_m=0.002, median_m=0.01)
    (note,) = notes_of_facts({1: PLAIN, 2: near})
    assert note.code == "depth-range"
    assert "0.01 to 10 m: two units" in note.message


def test_notes_are_kept_in_the_manifest(tmp_path):
    notes = (Note("view-layers", "one of two"), warning("clipped", "40 %"))
    sequence(notes=notes).save(tmp_path)
    assert FrameSequence.load(tmp_path).notes == notes


def test_frames_of_format_3_have_no_notes(tmp_path):
    sequence(format_version=3).save(tmp_path)
    manifest = tmp_path / "frames.json"
    manifest.write_text(manifest.read_text().replace('"notes": [],\n', ""))
    assert "notes" not in manifest.read_text()
    assert FrameSequence.load(tmp_path).notes == ()


@pytest.mark.parametrize("level", ["error", "", "Warning"])
def test_a_level_is_note_or_warning(level):
    with pytest.raises(ValueError, match="level must be one of note, warning"):
        Note("code", "text", level)


@pytest.mark.parametrize(
    "broken",
    ['"notes": 3', '"notes": [{"code": "a"}]', '"notes": [["a"]]'],
)
def test_notes_that_are_none_are_refused(tmp_path, broken):
    sequence().save(tmp_path)
    manifest = tmp_path / "frames.json"
    manifest.write_text(manifest.read_text().replace('"notes": []', broken))
    with pytest.raises(FrameError, match=r"frames\.json"):
        FrameSequence.load(tmp_path)


def test_equal_notes_are_kept_once():
    note, other = Note("a", "b"), Note("a", "c")
    assert unique([note, other, note]) == (note, other)
