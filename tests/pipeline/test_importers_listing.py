"""Which files of a folder are frames, and what their numbers are."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import UserError
from pipeline.importers.listing import file_names
from pipeline.importers.pairing import paired_by_number
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.selection import SOURCES
from tests.pipeline.foreign_files import colours, synthia_sf, write_npy, write_png
from tests.pipeline.test_importers_formats import (
    write_hypersim,
    write_sintel,
    write_synthia_seqs,
    write_tartanair,
    write_vkitti2,
)

APPLE_DOUBLE = b"\0\5\26\7" + bytes(4092)


def plain(root: Path) -> Path:
    write_png(root / "images" / "1.png", colours(2, 3))
    write_npy(root / "depth" / "1.npy", np.ones((2, 3)))
    return root


WRITERS = {
    "synthia-sf": lambda root: synthia_sf(root, sequences=1, frames=1),
    "synthia-seqs": write_synthia_seqs,
    "vkitti2": write_vkitti2,
    "sintel": write_sintel,
    "tartanair": write_tartanair,
    "hypersim": lambda root: write_hypersim(root, (4, 4), 3.0),
    "folder": plain,
}


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_what_a_mac_or_windows_leaves_behind_is_passed_over(
    tmp_path: Path, kind: str
) -> None:
    root, source = WRITERS[kind](tmp_path / "root"), SOURCES[kind]()
    plain_sequences = source.sequences(root)
    (plain_frames,) = [source.frames(path) for path in plain_sequences.values()]
    shutil.copytree(root, root / "__MACOSX")
    shutil.copytree(root / "__MACOSX", root / ".Trashes")
    for path in [*root.rglob("*")]:
        if path.is_dir():
            (path / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
            (path / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0")
        else:
            (path.parent / f"._{path.name}").write_bytes(APPLE_DOUBLE)
    assert source.sequences(root) == plain_sequences
    assert [source.frames(path) for path in plain_sequences.values()] == [plain_frames]
    source.read(plain_frames[0])


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_names_that_end_in_capitals_are_read(tmp_path: Path, kind: str) -> None:
    root, source = WRITERS[kind](tmp_path / "root"), SOURCES[kind]()
    ((_, folder),) = source.sequences(root).items()
    (files,) = source.frames(folder)
    expected = source.read(files)
    for path in files.files().values():
        path.rename(path.with_suffix(path.suffix.upper()))
    (capitals,) = source.frames(folder)
    assert capitals.number == files.number
    assert {p.suffix for p in capitals.files().values()} == {
        p.suffix.upper() for p in files.files().values()
    }
    found = source.read(capitals)
    assert np.array_equal(found.linear_rgb, expected.linear_rgb)
    assert np.array_equal(found.depth_m, expected.depth_m)


def test_names_that_differ_in_capitals_alone_are_refused(tmp_path: Path) -> None:
    root = synthia_sf(tmp_path, sequences=1, frames=1)
    path = root / "SEQ1" / "RGBLeft" / "0000000.png"
    shutil.copy(path, path.with_suffix(".PNG"))
    source = SOURCES["synthia-sf"]()
    with pytest.raises(UserError, match=r"the same frame number as 0000000\.PNG"):
        source.frames(root / "SEQ1")
    plain(tmp_path / "plain")
    path = tmp_path / "plain" / "depth" / "1.npy"
    shutil.copy(path, path.with_suffix(".NPY"))
    with pytest.raises(UserError, match="the same frame number"):
        PlainFolder().frames(tmp_path / "plain")


# The number of a frame


def pairs(pictures: str, depths: str) -> dict[int, tuple[str, str]]:
    """Return picture and depth by number, for names apart by spaces."""
    colour, depth = paired_by_number(
        *([Path(name) for name in names.split()] for names in (pictures, depths))
    )
    return {n: (colour[n].name, depth[n].name) for n in colour if n in depth}


@pytest.mark.parametrize(
    ("pictures", "depths", "numbers"),
    [
        ("1.png 2.png", "1.npy 2.npy 3.npy", [1, 2]),
        ("9.png 10.png", "10.npy 9.npy", [9, 10]),
        ("000001.png 000002.png", "000001_d16.npy 000002_d16.npy", [1, 2]),
        ("000001_d16.png 000002_d16.png", "000001_d16.npy 000002_d16.npy", [1, 2]),
        ("frame1_cam2.png frame3_cam2.png", "frame1_cam2.npy frame3_cam2.npy", [1, 3]),
        ("000001.png", "000001_d16.npy", [1]),
        ("000001.png", "000001_d16.npy 000016_d16.npy", [1]),
        ("shot4_1.png shot4_2.jpg", "z8_1.exr z8_2.exr", [1, 2]),
        ("f1_t10.png f2_t20.png", "f1_t10.npy f2_t20.npy", [10, 20]),
        ("f1.png f2.png", "f1_t5.npy f2_t9.npy f3_t11.npy", [1, 2]),
        ("a1.png b2.png", "1.npy 2.npy", [1, 2]),
    ],
)
def test_the_number_is_the_one_that_changes_and_pairs(
    pictures: str, depths: str, numbers: list[int]
) -> None:
    found = pairs(pictures, depths)
    assert list(found) == numbers
    assert len({depth for _, depth in found.values()}) == len(numbers)


@pytest.mark.parametrize(
    ("pictures", "depths", "expected"),
    [
        # frame 1 at 2 s, or the depth of frame 2 that was taken at 1 s?
        ("f1_t2.png f2_t1.png", "f1_t2.npy f2_t1.npy", "in more than one way"),
        ("1.png 2.png", "1_2.npy 2_1.npy", "in more than one way"),
        ("1.png 2.png", "d16_1.npy 2_d16.npy", "another form of name than d16_1.npy"),
        ("1_a1.png 1_a1.jpg", "1.npy", "the same frame number"),
        ("c1_1.png c1_2.png c2_1.png c2_2.png", "1.npy 2.npy", "the same frame number"),
        (f"{'1' * 30}.png", f"{'1' * 30}.npy", "expected at most 20 digits"),
    ],
)
def test_names_that_pair_in_two_ways_or_none_are_refused(
    pictures: str, depths: str, expected: str
) -> None:
    with pytest.raises(UserError, match=expected):
        pairs(pictures, depths)


def test_a_counter_that_is_not_the_frames_is_not_taken_for_it(tmp_path: Path) -> None:
    """The last number of the depth's names is another: 5 is the depth of frame 1."""
    for number in (1, 2, 5):
        write_png(tmp_path / "images" / f"{number}.png", colours(2, 3))
    for number, other in ((1, 5), (2, 1), (5, 7)):
        path = tmp_path / "depth" / f"{number}_t{other}.npy"
        write_npy(path, np.full((2, 3), number))
    found = {row.number: row.depth.name for row in PlainFolder().frames(tmp_path)}
    assert found == {1: "1_t5.npy", 2: "2_t1.npy", 5: "5_t7.npy"}


def test_a_link_to_nothing_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "0001.png").touch()
    (tmp_path / "0002.png").symlink_to(tmp_path / "not-fetched.png")
    with pytest.raises(UserError, match=r"0002\.png: a link to nothing"):
        file_names(tmp_path)
