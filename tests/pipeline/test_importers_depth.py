"""What numbers of depth files mean, whatever wrote them; worked out by hand."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from blender_scenes.frames import Frame
from pipeline.errors import UserError
from pipeline.importers.hypersim import Hypersim
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.sintel import Sintel
from pipeline.importers.source import sky_codes
from pipeline.importers.tartanair import TartanAir
from tests.pipeline.foreign_files import (
    colours,
    write_any_exr,
    write_exr_parts,
    write_floats,
    write_hdf5,
    write_npy,
    write_npz,
    write_png,
    write_tiff,
)
from tests.pipeline.test_importers_formats import (
    write_hypersim,
    write_sintel,
    write_tartanair,
)

INF = np.inf
METRES = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
GREY = np.full((2, 3), 0.25, np.float32)

Writer = Callable[[Path, NDArray[Any]], Path]


def read_depth(root: Path, **options: Any) -> NDArray[np.float32]:
    """Return the depth of the only frame; its picture is written here."""
    return read_frame(root, **options).depth_m


def read_frame(root: Path, **options: Any) -> Frame:
    if not (root / "images").exists():
        write_png(root / "images" / "1.png", colours(2, 3))
    source = PlainFolder(**options)
    (files,) = source.frames(root)
    return source.read(files)


def complaint(root: Path, **options: Any) -> str:
    with pytest.raises(UserError) as caught:
        read_frame(root, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def one_exr(path: Path, values: NDArray[Any]) -> Path:
    return write_any_exr(path.with_suffix(".exr"), {"Z": values})


def one_npy(path: Path, values: NDArray[Any]) -> Path:
    return write_npy(path.with_suffix(".npy"), values)


def one_npz(path: Path, values: NDArray[Any]) -> Path:
    return write_npz(path.with_suffix(".npz"), depth=values)


def one_tiff(path: Path, values: NDArray[Any]) -> Path:
    return write_tiff(path.with_suffix(".TIF"), values)


def one_png(path: Path, values: NDArray[Any]) -> Path:
    bits = 8 * values.dtype.itemsize
    return write_png(path.with_suffix(".png"), values, bits=bits)


FLOATS = {
    **dict.fromkeys([(one_npy, kind) for kind in ["f2", "f4", "f8", ">f4"]]),
    **dict.fromkeys([(one_npz, kind) for kind in ["f2", "f4", "f8"]]),
    **dict.fromkeys([(one_tiff, "f4"), (one_tiff, "f8")]),
    **dict.fromkeys([(one_exr, "f2"), (one_exr, "f4")]),
}
WHOLE = {
    **dict.fromkeys(
        [(one_npy, kind) for kind in ["u1", "u2", "u4", "u8", "i2", "i4", "i8"]]
    ),
    **dict.fromkeys([(one_npz, "u2"), (one_npz, "i4")]),
    **dict.fromkeys([(one_tiff, kind) for kind in ["u1", "u2", "i2", "i4"]]),
    **dict.fromkeys([(one_exr, "u4"), (one_png, "u1"), (one_png, "u2")]),
}


# One scale for every kind of file


@pytest.mark.parametrize(("write", "kind"), FLOATS)
def test_floats_are_metres_or_of_the_scale_that_is_given(
    tmp_path: Path, write: Writer, kind: str
) -> None:
    write(tmp_path / "depth" / "1", METRES.astype(kind))
    assert np.array_equal(read_depth(tmp_path), METRES)
    assert np.allclose(read_depth(tmp_path, depth_scale_m=0.001), METRES / 1000)


@pytest.mark.parametrize(("write", "kind"), WHOLE)
def test_whole_numbers_need_the_scale(tmp_path: Path, write: Writer, kind: str) -> None:
    path = write(tmp_path / "depth" / "1", METRES.astype(kind))
    message = complaint(tmp_path)
    assert f"{path}: whole numbers" in message
    assert "expected depth_scale_m, the metres of one step" in message
    assert np.allclose(read_depth(tmp_path, depth_scale_m=0.5), METRES / 2)


@pytest.mark.parametrize(
    ("bits", "kind", "more", "expected"),
    [
        (32, 1, {}, "whole numbers of 32 bits; expected whole numbers of 8, 16"),
        (16, 3, {}, "floats of 16 bits; expected"),
        (16, 1, {274: 3}, "orientation 3; expected 1, rows from the top"),
        (16, 1, {262: 0}, "not plain numbers; expected grey or RGB, 0 the least"),
        (16, 1, {273: 9999}, "not a complete TIFF file"),
        (16, 1, {257: 99999}, "3 x 99999 pixels; expected sides"),
    ],
)
def test_a_tiff_that_would_be_taken_for_another_is_refused(
    tmp_path: Path, bits: int, kind: int, more: dict[int, int], expected: str
) -> None:
    tags = {256: 3, 257: 1, 258: bits, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1}
    tags |= {279: 3 * bits // 8, 339: kind} | more
    entries = [struct.pack("<HHII", tag, 4, 1, tags[tag]) for tag in sorted(tags)]
    head = b"II*\0" + struct.pack("<I", 8 + 12) + bytes(12)
    page = struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    (tmp_path / "depth").mkdir()
    path = tmp_path / "depth" / "1.tiff"
    path.write_bytes(head + page)
    assert f"{path}: {expected}" in complaint(tmp_path)


# The sky


@pytest.mark.parametrize("write", [one_npy, one_npz, one_tiff, one_exr])
@pytest.mark.parametrize("code", [1e10, 1e11, 65504.0, 65535.0, INF])
@pytest.mark.parametrize("scale", [None, 0.001])
def test_codes_of_the_sky_in_floats_are_seen_before_the_scale(
    tmp_path: Path, write: Writer, code: float, scale: float | None
) -> None:
    numbers = METRES.copy()
    numbers[0, 1] = code
    write(tmp_path / "depth" / "1", numbers)
    expected = METRES * (scale or 1)
    expected[0, 1] = INF
    assert np.allclose(read_depth(tmp_path, depth_scale_m=scale), expected)


@pytest.mark.parametrize(("write", "kind"), WHOLE)
def test_the_largest_whole_number_is_the_sky_but_of_8_bits(
    tmp_path: Path, write: Writer, kind: str
) -> None:
    largest = np.iinfo(kind).max
    numbers = METRES.astype(kind)
    numbers[0, 1], numbers[1, 1] = largest, 250 if kind == "u1" else 5
    write(tmp_path / "depth" / "1", numbers)
    depth_m = read_depth(tmp_path, depth_scale_m=0.001)
    assert depth_m[0, 1] == (INF if kind != "u1" else np.float32(0.255))
    assert np.isfinite(np.delete(depth_m.ravel(), 1)).all()


def test_a_code_of_16_bits_is_the_sky_in_a_wider_type() -> None:
    assert sky_codes(np.array([3, 65535], np.int32)).tolist() == [False, True]
    assert sky_codes(np.array([3, 65535, 65536], np.int32)).tolist() == [False] * 3
    assert sky_codes(np.array([3, 65504], np.uint16)).tolist() == [False, False]
    assert sky_codes(np.array([3, 65504], np.float16)).tolist() == [False, True]
    assert sky_codes(np.array([np.nan, 65504])).tolist() == [False, True]


def test_a_limit_of_the_sky_is_in_metres(tmp_path: Path) -> None:
    one_npy(tmp_path / "depth" / "1", METRES * 1000)
    depth_m = read_depth(tmp_path, depth_scale_m=0.001, sky_from_m=5.0)
    assert np.allclose(depth_m, [[1, 2, 3], [4, INF, INF]])


def test_codes_of_the_sky_are_those_of_every_source(tmp_path: Path) -> None:
    depth = np.array([[1.5, 2, 3], [4, 1e10, 65504]], np.float32)
    expected = [[1.5, 2, 3], [4, INF, INF]]
    root = write_sintel(tmp_path / "sintel")
    write_floats(root / "training/depth/alley_2/frame_0001.dpt", depth)
    (folder,) = Sintel().sequences(root).values()
    (files,) = Sintel().frames(folder)
    assert Sintel().read(files).depth_m.tolist() == expected
    root = write_tartanair(tmp_path / "tartan")
    (folder,) = TartanAir().sequences(root).values()
    (files,) = TartanAir(sky_from_m=None).frames(folder)
    write_npy(files.depth, depth)
    assert TartanAir(sky_from_m=None).read(files).depth_m.tolist() == expected
    root = write_hypersim(tmp_path / "hypersim", (2, 3), 3.0)
    (folder,) = Hypersim().sequences(root).values()
    (files,) = Hypersim().frames(folder)
    write_hdf5(files.depth, np.minimum(depth, 65504).astype(np.float16))
    assert np.isinf(Hypersim().read(files).depth_m[1, 1:]).all()
    assert np.isfinite(Hypersim().read(files).depth_m[0]).all()


# Inverse depth and disparity


def test_inverse_depth_is_divided_and_nothing_is_infinitely_far(tmp_path: Path) -> None:
    one_npy(tmp_path / "depth" / "1", np.array([[1, 0.5, 0.25], [0, -0.0, 2]]))
    depth_m = read_depth(tmp_path, depth_kind="inverse")
    assert depth_m.tolist() == [[1, 2, 4], [INF, INF, 0.5]]


def test_disparity_has_the_focal_length_times_the_baseline_as_its_scale(
    tmp_path: Path,
) -> None:
    one_png(tmp_path / "depth" / "1", np.array([[1, 2, 4], [8, 16, 65535]], np.uint16))
    # 500 px x 0.2 m
    depth_m = read_depth(tmp_path, depth_kind="inverse", depth_scale_m=100.0)
    assert np.allclose(depth_m, [[100, 50, 25], [12.5, 6.25, 100 / 65535]])


@pytest.mark.parametrize("number", [0, 3])
def test_inverse_whole_numbers_of_0_are_no_measurement(
    tmp_path: Path, number: int
) -> None:
    numbers = np.array([[1, 2, number], [1, 1, 1]], np.uint16)
    one_png(tmp_path / "depth" / "1", numbers)
    if number:
        read_depth(tmp_path, depth_kind="inverse", depth_scale_m=1.0)
    else:
        message = complaint(tmp_path, depth_kind="inverse", depth_scale_m=1.0)
        assert "depth 0 m at row 0, column 2" in message


# Shapes of arrays


@pytest.mark.parametrize(
    "shape", [(2, 3, 1), (1, 2, 3), (1, 1, 2, 3), (1, 2, 3, 1), (2, 3)]
)
@pytest.mark.parametrize("write", [one_npy, one_npz])
def test_axes_of_1_are_left_out(
    tmp_path: Path, write: Writer, shape: tuple[int, ...]
) -> None:
    write(tmp_path / "depth" / "1", METRES.reshape(shape))
    assert np.array_equal(read_depth(tmp_path), METRES)


def test_arrays_in_the_order_of_fortran_are_not_turned(tmp_path: Path) -> None:
    one_npy(tmp_path / "depth" / "1", np.asfortranarray(METRES))
    assert np.array_equal(read_depth(tmp_path), METRES)


@pytest.mark.parametrize("write", [one_npy, one_npz, one_tiff, one_png])
def test_three_channels_that_are_the_same_are_depth_and_others_are_not(
    tmp_path: Path, write: Writer
) -> None:
    numbers = np.repeat((METRES * 1000).astype(np.uint16)[..., None], 3, axis=-1)
    write(tmp_path / "depth" / "1", numbers)
    assert np.allclose(read_depth(tmp_path, depth_scale_m=0.001), METRES)
    numbers[1, 2, 1] += 1
    write(tmp_path / "depth" / "1", numbers)
    assert "differ; expected depth, the same in each" in complaint(
        tmp_path, depth_scale_m=0.001
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.ones((2, 3, 4)), "shape (2, 3, 4); expected height x width"),
        (np.ones(6), "shape (6,); expected height x width"),
        (np.float32(3), "shape (); expected height x width"),
        (np.ones((2, 3), complex), "numbers of type complex128; expected real"),
        (np.ones((2, 3), bool), "numbers of type bool; expected real"),
        (np.full((2, 3), "5"), "numbers of type <U1; expected real"),
        (np.zeros((2, 3), "m8[s]"), "numbers of type timedelta64[s]; expected real"),
        (np.zeros((2, 3), [("z", "f4")]), "numbers of type [('z', '<f4')]; expected"),
    ],
)
@pytest.mark.parametrize("write", [one_npy, one_npz])
def test_what_is_no_map_of_numbers_is_refused(
    tmp_path: Path, write: Writer, values: NDArray[Any], expected: str
) -> None:
    write(tmp_path / "depth" / "1", values)
    assert expected in complaint(tmp_path)


def test_an_archive_says_which_array_is_depth_or_has_one(tmp_path: Path) -> None:
    path = tmp_path / "depth" / "1.npz"
    write_npz(path, arr_0=METRES)
    assert np.array_equal(read_depth(tmp_path), METRES)
    write_npz(path, mask=np.ones((2, 3)), Depth_m=METRES)
    assert np.array_equal(read_depth(tmp_path), METRES)
    write_npz(path, near=METRES, far=METRES)
    assert "arrays near, far; expected one, or one called depth" in complaint(tmp_path)
    np.savez(path)
    assert "arrays none; expected one" in complaint(tmp_path)


# Channels of EXR


def passes(names: str, values: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    return dict.fromkeys(names.split(), values)


@pytest.mark.parametrize(
    "names",
    [
        "Z", "z", "Y", "V", "R", "depth", "D", "Depth.Z", "depth.V",
        "ViewLayer.Depth.Z", "R G B", "R G B A", "V A", "Image.Z",
        "Depth.R Depth.G Depth.B Depth.A",
        "Camera Left.Depth.V",
    ],
)  # fmt: skip
def test_depth_is_found_by_name_or_alone(tmp_path: Path, names: str) -> None:
    channels = passes(names, METRES)
    channels |= {name: np.ones_like(METRES) for name in channels if name[-1] == "A"}
    write_any_exr(tmp_path / "depth" / "1.exr", channels)
    assert np.array_equal(read_depth(tmp_path), METRES)


@pytest.mark.parametrize("names", ["Z", "Depth.Z", "ViewLayer.Depth.Z", "Image.depth"])
def test_depth_is_told_from_colour_and_other_passes(tmp_path: Path, names: str) -> None:
    other = "R G B A L.Combined.R L.Combined.G L.Combined.B L.Mist.Z L.Normal.X"
    other += " L.Normal.Y L.Normal.Z L.Position.X L.Position.Z L.Vector.Z L.Vector.W"
    channels = passes(other, GREY) | passes(names, METRES)
    write_any_exr(tmp_path / "depth" / "1.exr", channels)
    assert np.array_equal(read_depth(tmp_path), METRES)


def test_a_pass_of_the_denoiser_is_not_depth(tmp_path: Path) -> None:
    path = tmp_path / "depth" / "1.exr"
    other = {"L.Denoising Depth.Z": GREY, "L.Mist.left.Z": GREY}
    write_any_exr(path, other | {"L.Depth.Z": METRES})
    assert np.array_equal(read_depth(tmp_path), METRES)
    write_any_exr(path, other)
    assert "expected depth: Z, or a pass called Depth" in complaint(tmp_path)


def test_depth_of_two_views_must_agree(tmp_path: Path) -> None:
    path = tmp_path / "depth" / "1.exr"
    left, right = "L.Depth.left.Z", "L.Depth.right.Z"
    write_any_exr(path, {left: METRES, right: METRES + 1, "L.Mist.left.Z": GREY})
    assert f"{left} and {right} differ" in complaint(tmp_path)


def test_a_layer_that_is_only_called_like_depth_gives_way(tmp_path: Path) -> None:
    channels = {"old depth.Z": GREY, "Depth.Z": METRES}
    write_any_exr(tmp_path / "depth" / "1.exr", channels)
    assert np.array_equal(read_depth(tmp_path), METRES)


def blender_parts(root: Path) -> Path:
    """Write what Blender 5.0 does with passes apart: a part for each."""
    return write_exr_parts(
        root,
        {
            "ViewLayer.Combined": passes(
                "ViewLayer.Combined.R ViewLayer.Combined.G ViewLayer.Combined.B "
                "ViewLayer.Combined.A",
                GREY,
            ),
            "ViewLayer.Depth": {"ViewLayer.Depth.Z": METRES},
            "ViewLayer.Mist": {"ViewLayer.Mist.Z": GREY},
        },
    )


def test_every_part_of_a_file_is_read(tmp_path: Path) -> None:
    for folder in ("images", "depth"):
        blender_parts(tmp_path / folder / "1.exr")
    frame = read_frame(tmp_path)
    assert np.array_equal(frame.depth_m, METRES)
    assert np.all(frame.linear_rgb == 0.25)


def test_parts_that_repeat_names_of_channels_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "depth" / "1.exr"
    write_exr_parts(path, {"rgba": passes("R G B", GREY), "depth": {"Y": METRES}})
    assert np.array_equal(read_depth(tmp_path), METRES)


def test_a_damaged_part_is_not_passed_over(tmp_path: Path) -> None:
    """OpenEXR leaves it out and says nothing to its caller."""
    path = blender_parts(tmp_path / "depth" / "1.exr")
    data = path.read_bytes()
    path.write_bytes(data[:-20])
    assert "1.exr: not a readable EXR file (a part is damaged" in complaint(tmp_path)


def test_depth_of_two_view_layers_must_agree(tmp_path: Path) -> None:
    path = tmp_path / "depth" / "1.exr"
    write_any_exr(path, {"A.Depth.Z": METRES, "B.Depth.Z": METRES})
    assert np.array_equal(read_depth(tmp_path), METRES)
    write_any_exr(path, {"A.Depth.Z": METRES, "B.Depth.Z": METRES + 1})
    assert "A.Depth.Z and B.Depth.Z differ; expected one channel" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ({"R": METRES, "G": METRES, "B": GREY}, "differ; expected depth, the same"),
        ({"L.Mist.Z": GREY}, "channels L.Mist.Z; expected depth"),
        ({"N.X": GREY, "N.Y": GREY, "N.Z": GREY}, "N.Z; expected depth"),
        ({"A": GREY}, "channels A; expected depth"),
        ({"left": METRES, "right": METRES}, "channels left, right; expected depth"),
    ],
)
def test_what_is_no_depth_is_refused(
    tmp_path: Path, channels: dict[str, Any], expected: str
) -> None:
    write_any_exr(tmp_path / "depth" / "1.exr", channels)
    assert expected in complaint(tmp_path)


def test_depth_that_alpha_may_have_thinned_is_refused(tmp_path: Path) -> None:
    alpha = np.array([[1, 1, 1], [0, 0.5, 1]], np.float32)
    channels = passes("R G B", METRES) | {"A": alpha}
    write_any_exr(tmp_path / "depth" / "1.exr", channels)
    assert "alpha 0.5 at row 1, column 1 of depth" in complaint(tmp_path)


# Pictures


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("R G B L.Combined.R L.Combined.G L.Combined.B", 0.25),
        ("Image.R Image.G Image.B Depth.R Depth.G Depth.B", 0.25),
        ("Y", 0.25),
        ("V A", 0.25),
    ],
)
def test_colour_is_found_by_name_or_alone(
    tmp_path: Path, names: str, expected: float
) -> None:
    channels = passes(names, GREY)
    first = names.split()[0].split(".")[0]
    channels |= {n: METRES for n in channels if not n.startswith(first) and "." in n}
    write_any_exr(tmp_path / "images" / "1.exr", channels)
    one_npy(tmp_path / "depth" / "1", METRES)
    assert np.all(read_frame(tmp_path).linear_rgb == expected)


def test_combined_is_taken_from_the_view_layer(tmp_path: Path) -> None:
    channels = {
        f"{layer}.{c}": np.full_like(GREY, value)
        for layer, value in (
            ("Composite.Combined", 1),
            ("ViewLayer.Combined", 2),
            ("ViewLayer.Noisy Image", 3),
        )
        for c in "RGB"
    }
    path = write_any_exr(tmp_path / "images" / "1.exr", channels)
    one_npy(tmp_path / "depth" / "1", METRES)
    assert np.all(read_frame(tmp_path).linear_rgb == 2)
    channels |= {f"Other.Combined.{c}": GREY for c in "RGB"}
    write_any_exr(path, channels)
    assert "colour in ViewLayer.Combined, Other.Combined" in complaint(
        tmp_path
    ) or "colour in Other.Combined, ViewLayer.Combined" in complaint(tmp_path)


def test_grey_pictures_have_three_equal_channels(tmp_path: Path) -> None:
    from PIL import Image

    one_npy(tmp_path / "depth" / "1", METRES)
    (tmp_path / "images").mkdir()
    jpeg = tmp_path / "images" / "1.jpeg"
    Image.fromarray(np.full((2, 3), 188, np.uint8)).save(jpeg, quality=100)
    # IEC 61966-2-1: ((188/255 + 0.055)/1.055)^2.4
    assert read_frame(tmp_path).linear_rgb == pytest.approx(0.50289, abs=1e-5)
    jpeg.unlink()
    picture = np.array([[0, 257 * 188, 0], [0, 0, 65535]])
    write_png(tmp_path / "images" / "1.PNG", picture, bits=16)
    linear = read_frame(tmp_path).linear_rgb
    assert linear[0, 1] == pytest.approx([0.50289] * 3, abs=1e-5)
    assert linear[1, 2].tolist() == [1, 1, 1]
    assert not linear[0, 0].any()
