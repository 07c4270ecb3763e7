import dataclasses

import numpy as np
import pytest

from blender_scenes.frames import (
    Frame,
    FrameEntry,
    FrameError,
    FrameSequence,
    frame_file,
    read_exr,
    read_frame,
    write_exr,
    write_frame,
)

HALF_ROUNDING = 2**-11


@pytest.fixture(name="frame")
def random_frame():
    rng = np.random.default_rng(3)
    depth = rng.uniform(1, 100, (5, 7)).astype(np.float32)
    depth[0, 0] = np.inf
    return Frame(
        linear_rgb=rng.random((5, 7, 3), dtype=np.float32),
        depth_m=depth,
        label=rng.integers(0, 22, (5, 7)).astype(np.uint32),
        instance=rng.integers(0, 40_000, (5, 7)).astype(np.uint32),
        flow_px=rng.normal(0, 5, (5, 7, 2)).astype(np.float32),
    )


@pytest.fixture(name="layered")
def frame_with_second_surface(frame):
    hidden_depth = frame.depth_m + np.float32(1)
    hidden_depth[0] = np.nan
    hidden_depth[1, 0] = np.inf
    return dataclasses.replace(
        frame,
        hidden_rgb=np.full((5, 7, 3), 0.25, np.float32),
        hidden_depth_m=hidden_depth,
    )


def sequence(**changes):
    entry = FrameEntry(
        1, frame_file(1), "00", 12, np.eye(3).tolist(), np.eye(4).tolist()
    )
    values = {
        "source": {"kind": "test"},
        "fps": 24.0,
        "size": (7, 5),
        "margin_px": 0,
        "encoded_source": False,
        "versions": {},
        "frames": (entry,),
    }
    return FrameSequence(**{**values, **changes})


def test_a_frame_is_read_as_it_was_written(frame, tmp_path):
    path = tmp_path / frame_file(1)
    write_frame(path, frame)
    copy = read_frame(path)
    np.testing.assert_array_equal(copy.depth_m, frame.depth_m)
    np.testing.assert_array_equal(copy.label, frame.label)
    np.testing.assert_array_equal(copy.instance, frame.instance)
    np.testing.assert_allclose(copy.linear_rgb, frame.linear_rgb, rtol=HALF_ROUNDING)
    np.testing.assert_allclose(copy.flow_px, frame.flow_px, rtol=HALF_ROUNDING)


def test_a_second_surface_is_read_as_it_was_written(layered, tmp_path):
    path = tmp_path / frame_file(1)
    write_frame(path, layered)
    hidden_rgb, hidden_depth_m = read_frame(path).hidden
    np.testing.assert_array_equal(hidden_rgb, layered.hidden_rgb)
    np.testing.assert_array_equal(hidden_depth_m, layered.hidden_depth_m)


def test_a_frame_may_be_without_a_second_surface(frame, tmp_path):
    write_frame(tmp_path / "a.exr", frame)
    assert read_frame(tmp_path / "a.exr").hidden is None


def test_a_second_surface_before_the_first_is_refused_with_its_place(layered, tmp_path):
    layered.hidden_depth_m[2, 3] = layered.depth_m[2, 3]
    with pytest.raises(
        FrameError, match=r"second depth .* at row 2, column 3; expected"
    ):
        write_frame(tmp_path / "a.exr", layered)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden_rgb": None}, "only one of colour and depth"),
        ({"hidden_depth_m": np.ones((5, 6))}, "expected the size of the first"),
        ({"hidden_rgb": np.full((5, 7, 3), np.nan)}, "second surface holds NaN"),
    ],
)
def test_half_a_second_surface_is_refused(changes, message, layered, tmp_path):
    with pytest.raises(FrameError, match=message):
        write_frame(tmp_path / "a.exr", dataclasses.replace(layered, **changes))


def test_a_file_with_some_channels_of_a_second_surface_is_refused(frame, tmp_path):
    path = tmp_path / "a.exr"
    write_frame(path, frame)
    channels = read_exr(path)
    write_exr(path, {**channels, "Z2": channels["Z"] + 1})
    with pytest.raises(FrameError, match="no channel R2, G2, B2; expected R2 G2 B2 Z2"):
        read_frame(path)


def test_equal_frames_give_equal_bytes(frame, tmp_path):
    first, second = tmp_path / "a.exr", tmp_path / "b.exr"
    write_frame(first, frame)
    write_frame(second, frame)
    assert first.read_bytes() == second.read_bytes()


def test_light_beyond_the_largest_half_is_clipped(frame, tmp_path):
    frame.linear_rgb[0, 0] = 1e6
    write_frame(tmp_path / "a.exr", frame)
    assert read_frame(tmp_path / "a.exr").linear_rgb[0, 0, 0] == 65504


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.6, 0.99])
def test_a_truncated_frame_is_refused(frame, tmp_path, kept):
    path = tmp_path / "a.exr"
    write_frame(path, frame)
    data = path.read_bytes()
    path.write_bytes(data[: int(kept * len(data))])
    with pytest.raises(FrameError, match="not a complete EXR"):
        read_frame(path)


@pytest.mark.parametrize("depth", [0.0, -1.0, np.nan])
def test_impossible_depth_is_refused_with_its_place(frame, tmp_path, depth):
    frame.depth_m[2, 3] = depth
    with pytest.raises(FrameError, match="at row 2, column 3; expected metres > 0"):
        write_frame(tmp_path / "a.exr", frame)
    assert not list(tmp_path.iterdir())


def test_a_manifest_is_read_as_it_was_written(tmp_path):
    sequence().save(tmp_path)
    assert FrameSequence.load(tmp_path) == sequence()


def test_a_folder_without_manifest_is_unfinished(tmp_path):
    with pytest.raises(FrameError, match="not finished"):
        FrameSequence.load(tmp_path)


def test_a_manifest_of_another_format_is_refused(tmp_path):
    sequence(format_version=99).save(tmp_path)
    with pytest.raises(FrameError, match="frame format 99; expected 4"):
        FrameSequence.load(tmp_path)
