"""Pixels of colour and depth lie over each other, or it is said that they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_scenes.frames import Frame
from blender_scenes.notes import Note
from pipeline.errors import UserError
from pipeline.importers.file_notes import notes_of_files
from pipeline.importers.plain_folder import PlainFolder
from tests.pipeline.foreign_files import Window, write_any_exr, write_npy, write_png

COLUMNS, ROWS = 12, 10


def place_values(window: Window) -> np.ndarray[Any, Any]:
    """Return 1000 times the row plus the column of each pixel of a window, > 0."""
    x, y, width, height = window
    rows, columns = np.mgrid[y : y + height, x : x + width]
    return (1000.0 * (rows + 100) + columns + 100).astype(np.float32)


def write_pair(
    root: Path,
    colour: Window,
    depth: Window,
    display: Window,
    depth_display: Window | None = None,
) -> None:
    values = place_values(colour)
    write_any_exr(root / "images/1.exr", dict.fromkeys("RGB", values), colour, display)
    values = place_values(depth)
    write_any_exr(root / "depth/1.exr", {"Z": values}, depth, depth_display or display)


def read(root: Path) -> tuple[Frame, list[Note]]:
    source = PlainFolder()
    files = source.frames(root)
    return source.read(files[0]), notes_of_files(files, source)


def test_plain_windows_are_taken_whole_without_a_word(tmp_path: Path) -> None:
    whole = (0, 0, COLUMNS, ROWS)
    write_pair(tmp_path, whole, whole, whole)
    frame, notes = read(tmp_path)
    assert frame.depth_m.shape == (ROWS, COLUMNS)
    assert not notes


@pytest.mark.parametrize(
    ("colour", "depth"),
    [
        ((-2, -1, 16, 12), (-2, -1, 16, 12)),
        ((0, 0, 12, 10), (-2, -1, 16, 12)),
        ((-3, -3, 20, 20), (0, 0, 12, 10)),
        ((-1, 0, 13, 10), (0, -2, 14, 14)),
    ],
)
def test_an_overscan_is_left_out_and_said(
    tmp_path: Path, colour: Window, depth: Window
) -> None:
    display = (0, 0, COLUMNS, ROWS)
    write_pair(tmp_path, colour, depth, display)
    frame, notes = read(tmp_path)
    assert np.array_equal(frame.depth_m, place_values(display))
    assert np.array_equal(frame.linear_rgb[..., 0], place_values(display))
    ((code, level),) = [(note.code, note.level) for note in notes]
    assert (code, level) == ("data-window", "note")
    assert "(overscan) are left out" in notes[0].message


def test_a_part_of_a_picture_is_taken_and_said(tmp_path: Path) -> None:
    part = (4, 3, 5, 4)
    write_pair(tmp_path, part, part, (0, 0, COLUMNS, ROWS))
    frame, notes = read(tmp_path)
    assert np.array_equal(frame.depth_m, place_values(part))
    assert np.array_equal(frame.linear_rgb[..., 0], frame.depth_m)
    assert notes[0].message.startswith(
        "a part of a picture, 5 x 4 pixels at (4, 3) of 12 x 10 pixels at (0, 0)"
    )


@pytest.mark.parametrize(
    ("colour", "depth", "display", "expected"),
    [
        ((0, 0, 8, 6), (2, 2, 8, 6), (0, 0, 12, 10), "do not lie over each other"),
        ((-2, -2, 12, 10), (0, 0, 12, 10), (0, 0, 12, 10), "do not lie over"),
        ((0, 0, 12, 10), (0, 0, 11, 10), (0, 0, 12, 10), "do not lie over"),
    ],
)
def test_windows_that_cannot_be_laid_over_each_other_are_refused(
    tmp_path: Path, colour: Window, depth: Window, display: Window, expected: str
) -> None:
    write_pair(tmp_path, colour, depth, display)
    with pytest.raises(UserError, match=expected) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'depth/1.exr'}: data window of ")


def test_two_pictures_of_different_display_windows_are_refused(tmp_path: Path) -> None:
    whole = (0, 0, COLUMNS, ROWS)
    write_pair(tmp_path, whole, whole, whole, (0, 0, 24, 20))
    with pytest.raises(UserError, match="display window of 24 x 20"):
        read(tmp_path)


def test_an_overscan_is_cut_to_a_picture_that_has_none(tmp_path: Path) -> None:
    depth, display = (-2, -1, 16, 12), (0, 0, COLUMNS, ROWS)
    write_png(tmp_path / "images/1.png", np.ones((ROWS, COLUMNS, 3)))
    write_any_exr(tmp_path / "depth/1.exr", {"Z": place_values(depth)}, depth, display)
    frame, notes = read(tmp_path)
    assert np.array_equal(frame.depth_m, place_values(display))
    assert "(overscan) are left out" in notes[0].message


def test_depth_of_a_part_does_not_fit_a_whole_picture(tmp_path: Path) -> None:
    part = (1, 1, COLUMNS, ROWS)
    write_png(tmp_path / "images/1.png", np.ones((ROWS, COLUMNS, 3)))
    write_any_exr(
        tmp_path / "depth/1.exr",
        {"Z": place_values(part)},
        part,
        (0, 0, COLUMNS, ROWS),
    )
    with pytest.raises(UserError, match=r"which 1\.png shows whole"):
        read(tmp_path)


def test_a_part_that_only_its_size_places_is_a_warning(tmp_path: Path) -> None:
    part = (3, 2, 5, 4)
    values = dict.fromkeys("RGB", place_values(part))
    write_any_exr(tmp_path / "images/1.exr", values, part, (0, 0, COLUMNS, ROWS))
    write_npy(tmp_path / "depth/1.npy", np.ones((4, 5)))
    frame, notes = read(tmp_path)
    assert frame.depth_m.shape == (4, 5)
    assert notes[0].is_warning
    assert "are taken for the same part" in notes[0].message


def test_pixels_that_are_not_square_and_other_colours_are_warnings(
    tmp_path: Path,
) -> None:
    values = dict.fromkeys("RGB", np.ones((2, 3)))
    # The primaries of ACEScg (AP1)
    ap1 = (0.713, 0.293, 0.165, 0.83, 0.128, 0.044, 0.32168, 0.33767)
    write_any_exr(
        tmp_path / "images/1.exr",
        values,
        pixelAspectRatio=2.0,
        chromaticities=ap1,
    )
    write_npy(tmp_path / "depth/1.npy", np.ones((2, 3)))
    _, notes = read(tmp_path)
    assert [note.code for note in notes] == ["pixel-aspect", "colour-space"]
    assert all(note.is_warning for note in notes)
    write_any_exr(tmp_path / "images/1.exr", values, colorInteropID="lin_ap1_scene")
    assert "(lin_ap1_scene)" in read(tmp_path)[1][0].message
    rec709 = (0.64, 0.33, 0.3, 0.6, 0.15, 0.06, 0.3127, 0.329)
    write_any_exr(tmp_path / "images/1.exr", values, chromaticities=rec709)
    assert not read(tmp_path)[1]


def test_grey_and_turned_pictures_are_said(tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "images").mkdir()
    exif = Image.Exif()
    exif[274] = 3  # upside down
    picture = Image.fromarray(np.zeros((2, 3), np.uint8))
    picture.save(tmp_path / "images/1.jpg", exif=exif)
    picture.save(tmp_path / "images/2.jpg")
    for number in (1, 2):
        write_npy(tmp_path / f"depth/{number}.npy", np.ones((2, 3)))
    _, notes = read(tmp_path)
    assert [(note.code, note.level) for note in notes] == [
        ("grey", "note"),
        ("orientation", "warning"),
    ]
    assert "(EXIF orientation 3)" in notes[1].message
    assert notes[1].message.endswith("(frame 1)")
    assert notes[0].message.endswith("the same")


def test_depth_of_8_bits_is_said(tmp_path: Path) -> None:
    write_png(tmp_path / "images/1.png", np.ones((2, 3, 3)))
    write_png(tmp_path / "depth/1.png", np.ones((2, 3)))
    source = PlainFolder(depth_scale_m=0.1)
    (note,) = notes_of_files(source.frames(tmp_path), source)
    assert (note.code, note.level) == ("depth-steps", "note")
