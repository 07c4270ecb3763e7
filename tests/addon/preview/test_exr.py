"""The reader against files that the OpenEXR package writes."""

import numpy as np
import OpenEXR
import pytest

from blender_scenes.addon.preview.exr import ExrError, read_exr, write_exr

HEIGHT, WIDTH = 5, 7


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def header(compression=OpenEXR.NO_COMPRESSION, **more):
    return {"compression": compression, "type": OpenEXR.scanlineimage, **more}


def channels_of_all_types(rng):
    size = HEIGHT, WIDTH
    return {
        "B": rng.random(size).astype(np.float16),
        "Z": np.where(rng.random(size) < 0.5, np.inf, 3.5).astype(np.float32),
        "id": rng.integers(0, 2**32, size, dtype=np.uint32),
    }


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name].dtype == values.dtype
        np.testing.assert_array_equal(found[name], values)


def test_half_float_and_whole_numbers_come_back_exactly(tmp_path, rng):
    path, channels = tmp_path / "a.exr", channels_of_all_types(rng)
    OpenEXR.File(header(), dict(channels)).write(str(path))
    assert_same(read_exr(path), channels)


def test_the_channels_of_all_parts_are_found(tmp_path, rng):
    path = tmp_path / "a.exr"
    first = {"colour.R": rng.random((HEIGHT, WIDTH)).astype(np.float32)}
    second = {"depth.Z": rng.random((HEIGHT, WIDTH)).astype(np.float16)}
    parts = [
        OpenEXR.Part(header(name="colour"), dict(first)),
        OpenEXR.Part(header(name="depth"), dict(second)),
    ]
    OpenEXR.File(parts).write(str(path))
    assert_same(read_exr(path), first | second)


def test_rows_may_lie_in_the_file_in_any_order(tmp_path, rng):
    path, channels = tmp_path / "a.exr", channels_of_all_types(rng)
    OpenEXR.File(header(lineOrder=OpenEXR.DECREASING_Y), dict(channels)).write(
        str(path)
    )
    assert_same(read_exr(path), channels)


def test_a_window_that_does_not_start_at_zero_is_read_whole(tmp_path, rng):
    path, channels = tmp_path / "a.exr", channels_of_all_types(rng)
    window = (np.array([3, -2], np.int32), np.array([2 + WIDTH, HEIGHT - 3], np.int32))
    OpenEXR.File(header(dataWindow=window), dict(channels)).write(str(path))
    assert_same(read_exr(path), channels)


@pytest.mark.parametrize(
    ("compression", "name"),
    [(OpenEXR.ZIP_COMPRESSION, "ZIP"), (OpenEXR.PIZ_COMPRESSION, "PIZ")],
)
def test_a_compressed_file_is_refused_by_name(tmp_path, rng, compression, name):
    path = tmp_path / "a.exr"
    OpenEXR.File(header(compression), channels_of_all_types(rng)).write(str(path))
    with pytest.raises(
        ExrError, match=rf"a\.exr: compression is {name}; expected none"
    ):
        read_exr(path)


def test_a_file_cut_anywhere_is_refused(tmp_path, rng):
    path = tmp_path / "a.exr"
    OpenEXR.File(header(), channels_of_all_types(rng)).write(str(path))
    whole = path.read_bytes()
    for length in range(0, len(whole), 3):
        path.write_bytes(whole[:length])
        with pytest.raises(ExrError):
            read_exr(path)


def test_damage_anywhere_in_the_header_gives_an_error_or_a_picture(tmp_path, rng):
    path = tmp_path / "a.exr"
    OpenEXR.File(header(), channels_of_all_types(rng)).write(str(path))
    whole = path.read_bytes()
    refused = 0
    for place in range(700):
        broken = bytearray(whole)
        broken[place % len(whole)] ^= 0x55
        path.write_bytes(broken)
        try:
            read_exr(path)
        except ExrError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("content", [b"", b"GIF89a, not a picture of ours at all"])
def test_another_kind_of_file_is_refused(tmp_path, content):
    path = tmp_path / "a.exr"
    path.write_bytes(content)
    with pytest.raises(ExrError, match="not an OpenEXR file"):
        read_exr(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ExrError, match="cannot be read"):
        read_exr(tmp_path / "a.exr")


def test_tiles_are_refused(tmp_path, rng):
    path = tmp_path / "a.exr"
    tiled = {"type": OpenEXR.tiledimage, "compression": OpenEXR.NO_COMPRESSION}
    tiled["tiles"] = OpenEXR.TileDescription()
    OpenEXR.File(tiled, channels_of_all_types(rng)).write(str(path))
    with pytest.raises(ExrError, match="tiles"):
        read_exr(path)


def test_others_read_what_is_written(tmp_path, rng):
    path = tmp_path / "a.exr"
    linear_rgb = rng.random((HEIGHT, WIDTH, 3)).astype(np.float32)
    write_exr(path, linear_rgb)
    with OpenEXR.File(str(path), separate_channels=True) as file:
        found = {name: channel.pixels for name, channel in file.channels().items()}
    expected = {name: linear_rgb[..., band] for band, name in enumerate("RGB")}
    assert_same(found, expected)
    assert_same(read_exr(path), expected)
