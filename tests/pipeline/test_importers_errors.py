"""What is wrong with a source is said in one line that names the file."""

from __future__ import annotations

import os
import pickle
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from pipeline.errors import UserError
from pipeline.importers.array_files import (
    read_hdf5,
    read_npy,
    read_npy_depth,
    read_npz_depth,
    read_tagged_floats,
)
from pipeline.importers.depth_files import DEPTH_SUFFIXES, read_depth_numbers
from pipeline.importers.picture_files import (
    COLOUR_SUFFIXES,
    read_bytes,
    read_colour,
    read_grey_png,
    read_placed_colour,
    read_rgb_png,
)
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.selection import SOURCES, parse_source
from pipeline.importers.sintel import Sintel, read_camera
from pipeline.importers.synthia_seqs import SynthiaSeqs
from pipeline.importers.synthia_sf import SynthiaSf
from pipeline.importers.tiff_files import read_tiff
from pipeline.importers.vkitti2 import Vkitti2
from tests.pipeline.foreign_files import (
    colours,
    synthia_sf,
    write_floats,
    write_hdf5,
    write_npy,
    write_npz,
    write_palette_png,
    write_png,
    write_png_chunks,
)
from tests.pipeline.test_importers_formats import (
    write_hypersim,
    write_sintel,
    write_synthia_seqs,
    write_vkitti2,
)
from tests.pipeline.test_importers_listing import WRITERS

SIZE = (2, 3)


def complaint(action: Callable[[], Any]) -> str:
    with pytest.raises(UserError) as caught:
        action()
    message = str(caught.value)
    assert "\n" not in message
    return message


# Pictures


def test_a_palette_is_refused(tmp_path: Path) -> None:
    path = write_palette_png(tmp_path / "p.png", np.ones(SIZE))
    for read in (read_colour, read_rgb_png, read_grey_png):
        assert f"{path}: 8-bit palette PNG; expected" in complaint(
            lambda read=read: read(path)
        )


def test_another_bit_depth_is_refused(tmp_path: Path) -> None:
    grey_8 = write_png(tmp_path / "grey8.png", np.ones(SIZE))
    rgb_8 = write_png(tmp_path / "rgb8.png", colours(*SIZE))
    rgb_16 = write_png(tmp_path / "rgb16.png", colours(*SIZE), bits=16)
    assert "grey8.png: 8-bit grey PNG; expected 16-bit" in complaint(
        lambda: read_grey_png(grey_8)
    )
    assert "rgb16.png: 16-bit RGB PNG; expected 8-bit RGB" in complaint(
        lambda: read_rgb_png(rgb_16, bits=8)
    )
    assert "rgb8.png: 8-bit RGB PNG; expected 16-bit RGB" in complaint(
        lambda: read_rgb_png(rgb_8, bits=16)
    )


@pytest.mark.parametrize("kept", [0.0, 0.2, 0.6, 0.99])
def test_a_truncated_png_is_refused(tmp_path: Path, kept: float) -> None:
    path = write_png(tmp_path / "cut.png", colours(20, 30))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    assert "cut.png: not a complete PNG" in complaint(lambda: read_colour(path))


def test_a_damaged_png_is_refused(tmp_path: Path) -> None:
    path = write_png(tmp_path / "hurt.png", colours(20, 30))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert "hurt.png: not a complete PNG" in complaint(lambda: read_colour(path))


def test_a_picture_too_large_to_be_meant_is_not_decoded(tmp_path: Path) -> None:
    path = write_png_chunks(tmp_path / "bomb.png", (60000, 60000, 8, 2), b"")
    assert "60000 x 60000 pixels; expected" in complaint(lambda: read_colour(path))


def test_a_truncated_jpeg_is_refused(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "cut.jpg"
    Image.fromarray(colours(64, 64)).save(path)
    path.write_bytes(path.read_bytes()[:-900])
    assert "cut.jpg: not a complete JPEG" in complaint(lambda: read_colour(path))


def test_a_broken_or_colourless_exr_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.exr"
    path.write_bytes(b"v/1\x01 and no more")
    assert "a.exr: not a readable EXR" in complaint(lambda: read_colour(path))


# Arrays


def test_a_pickle_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "evil.npy"
    canary = tmp_path / "canary"

    class Evil:
        def __reduce__(self) -> Any:
            return (Path.touch, (canary,))

    path.write_bytes(pickle.dumps(Evil()))
    assert "evil.npy: not a complete .npy" in complaint(lambda: read_npy(path))
    np.save(path, np.array([[Evil()]], dtype=object), allow_pickle=True)
    assert "evil.npy: not a complete .npy" in complaint(lambda: read_npy(path))
    assert not canary.exists()


def test_a_broken_npy_is_refused(tmp_path: Path) -> None:
    path = write_npy(tmp_path / "cut.npy", np.ones((20, 30)))
    path.write_bytes(path.read_bytes()[:-1])
    assert "cut.npy: not a complete .npy" in complaint(lambda: read_npy(path))
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999, 99999), }"
    lie = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n"
    path.write_bytes(lie + bytes(800))
    assert "cut.npy" in complaint(lambda: read_npy(path))
    np.savez(tmp_path / "many.npz", a=np.ones(SIZE))
    assert "archive" in complaint(lambda: read_npy(tmp_path / "many.npz"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.ones((2, 3, 1)), "shape (2, 3, 1); expected height x width"),
        (np.ones((2, 3), np.int16), "numbers of type int16; expected floats"),
        (np.ones((2, 3), complex), "numbers of type complex128; expected floats"),
    ],
)
def test_another_array_is_refused(tmp_path: Path, values: Any, expected: str) -> None:
    path = write_npy(tmp_path / "a.npy", values)
    assert f"a.npy: {expected}" in complaint(lambda: read_npy(path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"(2, 3)", b"(2, 3 "),  # a tokenizer, not a parser, stumbles over this
        (b"(2, 3)", b"(2L,3)"),
        (b"'<f8'", b"'<q9'"),
        (b"'<f8'", b"(1,) "),
        (b"'descr'", b"'desc' "),
        (b"\x93NUMPY\x01", b"\x93NUMPY\x09"),
        (b"(2, 3)", b"(2,-3)"),
    ],
)
@pytest.mark.parametrize("read", [read_npy, read_npy_depth])
def test_a_broken_header_of_npy_is_refused(
    tmp_path: Path, read: Callable[[Path], Any], old: bytes, new: bytes
) -> None:
    path = write_npy(tmp_path / "a.npy", np.ones(SIZE))
    data = path.read_bytes()
    path.write_bytes(data.replace(old, new))
    if new == b"(2L,3)":  # as Python 2 wrote it
        assert read(path).shape == SIZE
    else:
        assert "a.npy: not a complete .npy" in complaint(lambda: read(path))


def test_an_archive_that_is_broken_or_vast_is_refused(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "a.npz", depth=np.ones((20, 30)))
    data = path.read_bytes()
    path.write_bytes(data[:-30])
    assert "a.npz: not a complete .npz" in complaint(lambda: read_npz_depth(path))
    write_npz(path, depth=np.array([[object()]], dtype=object))
    assert "a.npz: numbers of type object" in complaint(lambda: read_npz_depth(path))
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999, 99999), }"
    lie = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) + 1) + header + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("depth.npy", lie + bytes(800))
    assert "99999 x 99999 pixels" in complaint(lambda: read_npz_depth(path))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("depth.npy", lie.replace(b"(99999, 99999)", b"(9999, 9999)  "))
    assert "a.npz: not a complete .npz" in complaint(lambda: read_npz_depth(path))


@pytest.mark.parametrize("read", [read_npy, read_npz_depth, read_tiff, read_bytes])
def test_a_pipe_or_a_folder_is_not_waited_for(
    tmp_path: Path, read: Callable[[Path], Any]
) -> None:
    path = tmp_path / "a"
    os.mkfifo(path)
    for one in (path, tmp_path):
        assert str(one) in complaint(lambda one=one: read(one))


def test_a_flow_file_of_another_length_or_tag_is_refused(tmp_path: Path) -> None:
    path = write_floats(tmp_path / "a.flo", np.zeros((2, 3, 2)))
    assert "a.flo: 60 bytes; expected 36" in complaint(
        lambda: read_tagged_floats(path, 1)
    )
    path.write_bytes(path.read_bytes()[:-1])
    assert "59 bytes; expected 60 for 3 x 2" in complaint(
        lambda: read_tagged_floats(path, 2)
    )
    path.write_bytes(b"JUNK" + path.read_bytes()[4:])
    assert "does not begin with the number 202021.25" in complaint(
        lambda: read_tagged_floats(path, 2)
    )
    path.write_bytes(b"PIEH" + struct.pack("<ii", -1, 3))
    assert "-1 x 3 pixels" in complaint(lambda: read_tagged_floats(path, 2))


def test_a_truncated_camera_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.cam"
    path.write_bytes(b"PIEH" + bytes(160))
    assert "a.cam: not a camera file; expected 172 bytes" in complaint(
        lambda: read_camera(path)
    )
    path.write_bytes(b"PIEH" + bytes(168))
    assert "a.cam: the pose has no inverse" in complaint(lambda: read_camera(path))


def test_a_broken_hdf5_is_refused(tmp_path: Path) -> None:
    path = write_hdf5(tmp_path / "a.hdf5", np.ones((40, 50)))
    path.write_bytes(path.read_bytes()[:-200])
    assert "a.hdf5: not a readable HDF5" in complaint(lambda: read_hdf5(path))
    write_hdf5(path, np.ones(SIZE), name="other")
    assert "no array called 'dataset'" in complaint(lambda: read_hdf5(path))
    write_hdf5(path, np.ones((2, 3, 4)))
    assert "shape (2, 3, 4); expected height x width x 3" in complaint(
        lambda: read_hdf5(path, channels=3)
    )


def test_an_hdf5_that_points_at_other_files_is_refused(tmp_path: Path) -> None:
    write_hdf5(tmp_path / "secret.hdf5", np.ones(SIZE))
    link = tmp_path / "link.hdf5"
    with h5py.File(link, "w") as file:
        file["dataset"] = h5py.ExternalLink("secret.hdf5", "/dataset")
    assert "in the file itself" in complaint(lambda: read_hdf5(link))
    raw = tmp_path / "raw.bin"
    raw.write_bytes(bytes(48))
    outside = tmp_path / "outside.hdf5"
    with h5py.File(outside, "w") as file:
        file.create_dataset("dataset", SIZE, "f8", external=[(str(raw), 0, 48)])
    assert "lie in other files" in complaint(lambda: read_hdf5(outside))


def test_an_hdf5_that_claims_to_be_vast_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "vast.hdf5"
    with h5py.File(path, "w") as file:
        file.create_dataset("dataset", (10**6, 10**6), "f4", chunks=(10, 10))
    assert "1000000 x 1000000 pixels" in complaint(lambda: read_hdf5(path))


# Folders


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_a_wrong_folder_is_named_with_what_was_expected(
    tmp_path: Path, kind: str
) -> None:
    source = SOURCES[kind]()
    (tmp_path / "stray").mkdir()
    message = complaint(lambda: source.sequences(tmp_path))
    assert str(tmp_path) in message
    assert "; expected " in message
    assert "no such folder" in complaint(lambda: source.sequences(tmp_path / "gone"))


def test_missing_depth_names_its_picture(tmp_path: Path) -> None:
    root = synthia_sf(tmp_path, sequences=1)
    (root / "SEQ1" / "DepthLeft" / "0000001.png").unlink()
    message = complaint(lambda: SynthiaSf().frames(root / "SEQ1"))
    assert f"{root}/SEQ1/RGBLeft/0000001.png: no depth file" in message
    shutil.rmtree(root / "SEQ1" / "DepthLeft")
    assert "DepthLeft" in complaint(lambda: SynthiaSf().frames(root / "SEQ1"))


def test_labels_are_there_for_all_pictures_or_none(tmp_path: Path) -> None:
    root = synthia_sf(tmp_path, sequences=1)
    (root / "SEQ1" / "GTLeft" / "0000000.png").unlink()
    message = complaint(lambda: SynthiaSf().frames(root / "SEQ1"))
    assert "RGBLeft/0000000.png: no label file" in message


def test_an_empty_sequence_is_named(tmp_path: Path) -> None:
    for name in ("RGBLeft", "DepthLeft"):
        (tmp_path / "SEQ1" / name).mkdir(parents=True)
    assert "SEQ1: no pictures" in complaint(
        lambda: SynthiaSf().frames(tmp_path / "SEQ1")
    )


def test_two_files_of_one_number_are_named(tmp_path: Path) -> None:
    for name in ("7.png", "007.png"):
        write_png(tmp_path / "images" / name, colours(*SIZE))
    message = complaint(lambda: PlainFolder().frames(tmp_path))
    assert "7.png: the same frame number as 007.png" in message


# Frames


def test_depth_of_another_size_is_named(tmp_path: Path) -> None:
    write_png(tmp_path / "images" / "1.png", colours(4, 6))
    write_npy(tmp_path / "depth" / "1.npy", np.ones((6, 4)))
    (files,) = PlainFolder().frames(tmp_path)
    message = complaint(lambda: PlainFolder().read(files))
    assert "depth/1.npy: 4 x 6 pixels; expected 6 x 4, the size of 1.png" in message


def test_flow_and_labels_of_another_size_are_named(tmp_path: Path) -> None:
    root = write_sintel(tmp_path / "sintel")
    write_floats(root / "training/flow/alley_2/frame_0001.flo", np.zeros((4, 4, 2)))
    (files,) = Sintel().frames(root / "training" / "clean" / "alley_2")
    assert "frame_0001.flo: 4 x 4" in complaint(lambda: Sintel().read(files))
    root = synthia_sf(tmp_path / "sf", sequences=1, frames=1)
    write_png(root / "SEQ1/GTLeft/0000000.png", np.zeros((4, 4, 3)))
    (files,) = SynthiaSf().frames(root / "SEQ1")
    assert "GTLeft/0000000.png: 4 x 4" in complaint(lambda: SynthiaSf().read(files))


@pytest.mark.parametrize(("value", "shown"), [(np.nan, "nan"), (-1, "-1"), (0, "0")])
def test_impossible_depth_is_named_with_its_place(
    tmp_path: Path, value: float, shown: str
) -> None:
    depth = np.ones((2, 3))
    depth[1, 2] = value
    write_png(tmp_path / "images" / "1.png", colours(2, 3))
    write_npy(tmp_path / "depth" / "1.npy", depth)
    (files,) = PlainFolder().frames(tmp_path)
    message = complaint(lambda: PlainFolder().read(files))
    assert f"1.npy: depth {shown} m at row 1, column 2" in message


def test_whole_numbers_need_a_scale(tmp_path: Path) -> None:
    write_png(tmp_path / "images" / "1.png", colours(2, 3))
    write_png(tmp_path / "depth" / "1.png", np.ones((2, 3)), bits=16)
    (files,) = PlainFolder().frames(tmp_path)
    assert "depth_scale_m" in complaint(lambda: PlainFolder().read(files))


def test_depth_in_files_of_another_kind_is_said(tmp_path: Path) -> None:
    write_png(tmp_path / "images" / "1.png", colours(2, 3))
    (tmp_path / "depth").mkdir()
    (tmp_path / "depth" / "1.pfm").touch()
    message = complaint(lambda: PlainFolder().frames(tmp_path))
    assert f"{tmp_path}/depth: no numbered file that ends in .exr, .npy" in message
    assert message.endswith("but 1.pfm")


def test_depth_of_the_wrong_coding_is_named(tmp_path: Path) -> None:
    root = write_synthia_seqs(tmp_path / "seqs")
    (folder,) = SynthiaSeqs().sequences(root).values()
    (files,) = SynthiaSeqs().frames(folder)
    write_png(files.depth, np.arange(18).reshape(2, 3, 3), bits=16)
    assert "channels differ" in complaint(lambda: SynthiaSeqs().read(files))
    root = write_vkitti2(tmp_path / "vkitti")
    (folder,) = Vkitti2().sequences(root).values()
    (files,) = Vkitti2().frames(folder)
    write_png(files.depth, np.ones((2, 3)))
    assert "8-bit grey PNG; expected 16-bit" in complaint(lambda: Vkitti2().read(files))


def test_a_class_that_is_in_no_table_is_named(tmp_path: Path) -> None:
    root = synthia_sf(tmp_path, sequences=1, frames=1)
    (files,) = SynthiaSf().frames(root / "SEQ1")
    assert files.label is not None
    write_png(files.label, np.full((32, 48, 3), 23))
    assert "class id 23; expected 0 to 22" in complaint(lambda: SynthiaSf().read(files))


def test_colour_that_is_no_number_is_named(tmp_path: Path) -> None:
    root = write_hypersim(tmp_path, (4, 4), 3.0)
    source = SOURCES["hypersim"]()
    (folder,) = source.sequences(root).values()
    (files,) = source.frames(folder)
    write_hdf5(files.colour, np.full((4, 4, 3), np.nan))
    assert "color.hdf5: colour holds NaN" in complaint(lambda: source.read(files))


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_a_file_that_vanishes_is_named(tmp_path: Path, kind: str) -> None:
    root, source = WRITERS[kind](tmp_path / "root"), SOURCES[kind]()
    ((_, folder),) = source.sequences(root).items()
    (files,) = source.frames(folder)
    for path in (files.colour, files.depth):
        data = path.read_bytes()
        path.unlink()
        assert str(path) in complaint(lambda: source.read(files))
        path.write_bytes(data)


@pytest.mark.parametrize("suffix", [".exr", ".npy", ".npz", ".png", ".tiff", ".jpg"])
def test_a_vanished_or_empty_file_of_any_kind_is_named(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"1{suffix}"
    for read in (read_depth_numbers, read_placed_colour):
        reads_it = suffix in (
            DEPTH_SUFFIXES if read is read_depth_numbers else COLOUR_SUFFIXES
        )
        if reads_it:
            path.unlink(missing_ok=True)
            assert str(path) in complaint(lambda read=read: read(path))
            path.touch()
            assert str(path) in complaint(lambda read=read: read(path))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_a_picture_of_no_pixels_is_refused(
    tmp_path: Path, shape: tuple[int, int]
) -> None:
    empty = np.zeros(shape)
    write_npz(tmp_path / "a.npz", depth=empty)
    assert "pixels; expected sides" in complaint(
        lambda: read_npz_depth(tmp_path / "a.npz")
    )
    path = write_npy(tmp_path / "a.npy", empty)
    assert "a.npy" in complaint(lambda: read_npy_depth(path))
    write_hdf5(tmp_path / "a.hdf5", empty)
    assert "pixels; expected sides" in complaint(lambda: read_hdf5(tmp_path / "a.hdf5"))
    path = write_png_chunks(tmp_path / "a.png", (shape[1], shape[0], 8, 2), b"")
    assert "pixels; expected sides" in complaint(lambda: read_colour(path))
    path.write_bytes(b"PIEH" + struct.pack("<ii", shape[1], shape[0]))
    assert "pixels; expected sides" in complaint(lambda: read_tagged_floats(path, 1))


# What the user writes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("synthia", "the kinds are synthia-sf, synthia-seqs, vkitti2"),
        ("kitti:/data", "the kinds are"),
        ("synthia-sf:", "KIND:FOLDER"),
        ("gone.toml", "source file gone.toml: No such file"),
    ],
)
def test_what_names_no_source_is_refused(text: str, expected: str) -> None:
    assert expected in complaint(lambda: parse_source(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind = ", "not valid TOML"),
        ("kind = 'synthia-sf'", "expected kind"),
        ("kind = 'x'\npath = '.'", "expected kind"),
        ("kind = 'synthia-sf'\npath = '.'\nclip = 3", "unknown 'clip'; synthia-sf has"),
        ("kind = 'synthia-sf'\npath = '.'\nclip_m = -3", "clip_m = -3; expected"),
        ("kind = 'synthia-sf'\npath = '.'\nclip_m = true", "clip_m = True; expected"),
        ("kind = 'synthia-sf'\npath = '.'\ncamera = 'up'", "one of left, right"),
        ("kind = 'synthia-seqs'\npath = '.'\ndirection = 1", "one of F, R, B, L"),
        ("kind = 'sintel'\npath = '.'\nrendering = 'albedo'", "one of clean, final"),
        ("kind = 'folder'\npath = '.'\nimages = 3", "expected the name of a folder"),
        ("kind = ['folder']\npath = '.'", "kind = ['folder'], path = '.'; expected"),
        ("kind = {a = 1}\npath = '.'", "kind = {'a': 1}, path = '.'; expected kind"),
        ("kind = 'folder'\npath = ''", "path = ''; expected kind"),
        ("kind = 'folder'\npath = 3", "path = 3; expected kind"),
        ("kind = 'folder'", "path = (missing); expected kind"),
        ("a = " + 2000 * "[", "not valid TOML"),
        (f"a = {'9' * 5000}", "not valid TOML"),
        *(
            (f"kind = 'folder'\npath = '.'\ndepth_scale_m = {value}", "a number > 0")
            for value in ["nan", "inf", "-1", "0", "true", "[1]", "'1'"]
        ),
        (f"kind = 'sintel'\npath = '.'\nsky_from_m = 0x{'f' * 300}", "a number > 0"),
        ("kind = 'folder'\npath = '.'\ndepth_kind = 'ray'", "one of depth, inverse"),
        ("kind = 'folder'\npath = '.'\ndepth_kind = ['ray']", "one of depth, inverse"),
    ],
)
def test_a_wrong_source_file_is_named(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    message = complaint(lambda: parse_source(str(path)))
    assert f"source file {path}: " in message
    assert expected in message


def test_a_pipe_as_source_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "my.toml"
    os.mkfifo(path)
    assert "a pipe, socket or device" in complaint(lambda: parse_source(str(path)))


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_a_path_too_long_is_one_line(kind: str) -> None:
    selection = parse_source(f"{kind}:/{'x' * 5000}:y")
    assert "File name too long" in complaint(selection.sequences)


def test_a_sequence_that_is_not_there_is_refused_with_those_that_are(
    tmp_path: Path,
) -> None:
    root = synthia_sf(tmp_path, sequences=2, frames=1)
    selection = parse_source(f"synthia-sf:{root}:SEQ9")
    assert "SEQ9: no such sequence; expected one of SEQ1, SEQ2" in complaint(
        selection.sequences
    )


def test_a_source_file_may_name_one_sequence_and_lies_beside_its_data(
    tmp_path: Path,
) -> None:
    synthia_sf(tmp_path / "data", sequences=2, frames=1)
    path = tmp_path / "my.toml"
    path.write_text(
        "kind = 'synthia-sf'\npath = 'data'\nclip_m = 250\n", encoding="utf-8"
    )
    selection = parse_source(f"{path}:SEQ2")
    assert list(selection.sequences()) == ["SEQ2"]
    assert selection.source == SynthiaSf(clip_m=250)
