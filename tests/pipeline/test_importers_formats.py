"""Each format's decoding, on files written byte by byte; numbers worked out by hand."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from blender_scenes.frames import Frame, write_exr
from pipeline.importers.hypersim import Hypersim
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.sintel import Sintel
from pipeline.importers.source import Source, SourceFrame
from pipeline.importers.synthia_seqs import SynthiaSeqs
from pipeline.importers.synthia_sf import SynthiaSf, depth_from_code
from pipeline.importers.tartanair import TartanAir
from pipeline.importers.vkitti2 import Vkitti2
from tests.pipeline.foreign_files import (
    colours,
    write_floats,
    write_hdf5,
    write_npy,
    write_png,
)

INF = np.inf
SIZE = (2, 3)  # rows, columns


def only_frame(source: Source, root: Path) -> tuple[SourceFrame, Frame]:
    (folder,) = source.sequences(root).values()
    (files,) = source.frames(folder)
    return files, source.read(files)


# Colour


def test_colour_is_decoded_from_srgb_unflipped_and_red_stays_red(
    tmp_path: Path,
) -> None:
    picture = np.zeros((*SIZE, 3), np.uint8)
    picture[0, 0] = (255, 0, 0)
    picture[0, 2] = (0, 188, 0)
    picture[1, 0] = (0, 0, 10)
    write_png(tmp_path / "images" / "1.png", picture)
    write_npy(tmp_path / "depth" / "1.npy", np.ones(SIZE))
    _, frame = only_frame(PlainFolder(), tmp_path)
    assert frame.linear_rgb[0, 0] == pytest.approx([1, 0, 0])
    # IEC 61966-2-1: ((188/255 + 0.055)/1.055)^2.4, and (10/255)/12.92
    assert frame.linear_rgb[0, 2] == pytest.approx([0, 0.50289, 0], abs=1e-5)
    assert frame.linear_rgb[1, 0] == pytest.approx([0, 0, 0.0030353], abs=1e-7)
    assert not frame.linear_rgb[0, 1].any()


def test_16_bit_colour_keeps_its_low_byte(tmp_path: Path) -> None:
    picture = np.zeros((*SIZE, 3), np.uint16)
    picture[0, 0] = (65535, 0, 257)
    picture[1, 2] = (1, 0, 0)
    write_png(tmp_path / "images" / "1.png", picture, bits=16)
    write_npy(tmp_path / "depth" / "1.npy", np.ones(SIZE))
    _, frame = only_frame(PlainFolder(), tmp_path)
    assert frame.linear_rgb[0, 0] == pytest.approx([1, 0, 1 / 255 / 12.92], rel=1e-5)
    assert frame.linear_rgb[1, 2, 0] == pytest.approx(1 / 65535 / 12.92, rel=1e-5)


def test_alpha_is_left_out_and_jpeg_is_read(tmp_path: Path) -> None:
    write_png(tmp_path / "images" / "1.png", np.full((8, 8, 4), (255, 0, 0, 9)))
    (tmp_path / "depth").mkdir()
    red = Image.fromarray(np.full((8, 8, 3), (255, 0, 0), np.uint8))
    red.save(tmp_path / "images" / "2.jpg", quality=100, subsampling=0)
    for number in (1, 2):
        write_npy(tmp_path / "depth" / f"{number}.npy", np.ones((8, 8)))
    source = PlainFolder()
    for files in source.frames(tmp_path):
        frame = source.read(files)
        assert frame.linear_rgb[3, 3] == pytest.approx([1, 0, 0], abs=0.02)


# SYNTHIA-SF


@pytest.mark.parametrize(
    ("red", "green", "blue", "depth_m"),
    [
        (255, 255, 255, 1000.0),
        (0, 0, 0, 0.0),
        (1, 0, 0, 5.9604648e-5),  # 1000 / 16777215
        (0, 1, 0, 0.015258790),
        (0, 0, 1, 3.9062502),
        (0, 0, 64, 250.000015),
        (255, 255, 24, 97.656196),  # 1638399 / 16777.215
    ],
)
def test_synthia_sf_depth_codes(
    red: int, green: int, blue: int, depth_m: float
) -> None:
    code = np.array([[[red, green, blue]]], np.uint8)
    assert depth_from_code(code)[0, 0] == pytest.approx(depth_m, rel=1e-7)


@pytest.fixture
def synthia_sf_root(tmp_path: Path) -> Path:
    folder = tmp_path / "SEQ1"
    for side in ("Left", "Right"):
        write_png(folder / f"RGB{side}" / "0000007.png", colours(*SIZE))
        code = np.zeros((*SIZE, 3), np.uint8)
        code[..., 2] = 2  # 7.8125005 m
        code[0, 0] = (255, 255, 255)
        code[0, 1] = (0, 0, 128)  # 500 m
        write_png(folder / f"Depth{side}" / "0000007.png", code)
        label = np.zeros((*SIZE, 3), np.uint8)
        label[..., 0] = 14
        label[..., 1] = 99  # not the class
        label[0, 0, 0] = 0
        label[1, 2, 0] = 11
        write_png(folder / f"GT{side}" / "0000007.png", label)
    return tmp_path


def test_a_synthia_sf_frame_has_depth_sky_and_labels(synthia_sf_root: Path) -> None:
    files, frame = only_frame(SynthiaSf(), synthia_sf_root)
    assert files.number == 7
    expected = [[INF, 500.00003, 7.8125005], [7.8125005, 7.8125005, INF]]
    assert np.allclose(frame.depth_m, expected, rtol=1e-6)
    assert frame.label.tolist() == [[0, 14, 14], [14, 14, 11]]
    assert not frame.instance.any()
    assert frame.flow_px is None


def test_synthia_sf_depth_can_be_clipped_as_the_published_code_does(
    synthia_sf_root: Path,
) -> None:
    _, frame = only_frame(SynthiaSf(clip_m=250), synthia_sf_root)
    expected = [[250, 250, 7.8125005], [7.8125005, 7.8125005, 250]]
    assert np.allclose(frame.depth_m, expected, rtol=1e-6)


def test_synthia_sf_right_camera_and_split(synthia_sf_root: Path) -> None:
    source = SynthiaSf(camera="right")
    files, _ = only_frame(source, synthia_sf_root)
    assert files.colour.parent.name == "RGBRight"
    splits = [source.split(Path(f"SEQ{n}")) for n in range(1, 7)]
    assert splits == ["train", "train", "test", "train", "train", "train"]


def test_synthia_sf_without_labels_is_void(synthia_sf_root: Path) -> None:
    (synthia_sf_root / "SEQ1" / "GTLeft" / "0000007.png").unlink()
    (synthia_sf_root / "SEQ1" / "GTLeft").rmdir()
    _, frame = only_frame(SynthiaSf(), synthia_sf_root)
    assert not frame.label.any()
    assert np.isinf(frame.depth_m[0, 0])
    assert np.isfinite(frame.depth_m[1, 2])


# SYNTHIA-SEQS


def write_synthia_seqs(root: Path, size: tuple[int, int] = SIZE) -> Path:
    folder = root / "SYNTHIA-SEQS-02-FALL"
    inner = "Stereo_Left/Omni_F/000003.png"
    write_png(folder / "RGB" / inner, colours(*size))
    code = np.full((*size, 3), 1234)
    code[0, 0], code[0, 1], code[1, 2] = 65535, 65534, 1
    write_png(folder / "Depth" / inner, code, bits=16)
    label = np.zeros((*size, 3), np.uint16)
    label[0, :3, 0] = (1, 12, 8)
    label[1, :3, 0] = (11, 15, 13)
    label[0, 2, 1] = 300
    write_png(folder / "GT" / "LABELS" / inner, label, bits=16)
    return root


def test_synthia_seqs_depth_is_centimetres_and_full_scale_is_sky(
    tmp_path: Path,
) -> None:
    files, frame = only_frame(SynthiaSeqs(), write_synthia_seqs(tmp_path))
    assert files.number == 3
    expected = [[INF, 655.34, 12.34], [12.34, 12.34, 0.01]]
    assert np.allclose(frame.depth_m, expected, rtol=1e-6)


def test_synthia_seqs_classes_become_ours_and_instances_stay(tmp_path: Path) -> None:
    _, frame = only_frame(SynthiaSeqs(), write_synthia_seqs(tmp_path))
    # sky, lane marking, car; cyclist, traffic light, reserved
    assert frame.label.tolist() == [[11, 20, 14], [13, 7, 0]]
    assert frame.instance.tolist() == [[0, 0, 300], [0, 0, 0]]


def test_synthia_seqs_intrinsics_are_known_for_its_own_size(tmp_path: Path) -> None:
    files, _ = only_frame(SynthiaSeqs(), write_synthia_seqs(tmp_path))
    known = SynthiaSeqs().known_camera(files, (1280, 760))
    assert known.intrinsics == [[532.740352, 0, 640], [0, 532.740352, 380], [0, 0, 1]]
    assert SynthiaSeqs().known_camera(files, (640, 380)).intrinsics is None


def test_seasons_of_one_route_are_one_place() -> None:
    place = SynthiaSeqs().place
    assert place(Path("SYNTHIA-SEQS-01-FALL")) == place(Path("SYNTHIA-SEQS-01-NIGHT"))
    assert place(Path("SYNTHIA-SEQS-01-FALL")) != place(Path("SYNTHIA-SEQS-02-FALL"))


# Virtual KITTI 2


def write_vkitti2(root: Path) -> Path:
    frames = root / "Scene20" / "fog" / "frames"
    camera = "Camera_0"
    write_png(frames / "rgb" / camera / "rgb_00012.png", colours(*SIZE))
    code = [[65535, 100, 1], [7250, 65534, 256]]
    write_png(frames / "depth" / camera / "depth_00012.png", code, bits=16)
    classes = [
        [(90, 200, 255), (255, 127, 80), (0, 139, 139)],
        [(250, 100, 255), (0, 199, 0), (1, 2, 3)],
    ]
    write_png(frames / "classSegmentation" / camera / "classgt_00012.png", classes)
    flow = np.zeros((*SIZE, 3), np.uint16)
    flow[0, 1] = (65535, 0, 1)
    flow[1, 0] = (0, 65535, 65535)
    write_png(frames / "forwardFlow" / camera / "flow_00012.png", flow, bits=16)
    return root


def test_virtual_kitti_2_depth_labels_and_flow(tmp_path: Path) -> None:
    files, frame = only_frame(Vkitti2(), write_vkitti2(tmp_path))
    assert files.number == 12
    expected = [[INF, 1.0, 0.01], [72.5, 655.34, 2.56]]
    assert np.allclose(frame.depth_m, expected, rtol=1e-6)
    # sky, car, van; guard rail, tree, a colour of no class
    assert frame.label.tolist() == [[11, 14, 14], [5, 9, 0]]
    assert frame.flow_px is not None
    assert np.isnan(frame.flow_px[0, 0]).all()
    # of 3 columns and 2 rows: full scale is 2 columns and 1 row
    assert frame.flow_px[0, 1].tolist() == [2.0, -1.0]
    assert frame.flow_px[1, 0].tolist() == [-2.0, 1.0]


def test_variants_of_a_drive_are_one_place(tmp_path: Path) -> None:
    root = write_vkitti2(write_vkitti2(tmp_path))
    folder = Vkitti2().sequences(root)["Scene20/fog"]
    assert Vkitti2().place(folder) == "Scene20"


def test_virtual_kitti_2_intrinsics_have_half_integer_centres(tmp_path: Path) -> None:
    files, _ = only_frame(Vkitti2(), write_vkitti2(tmp_path))
    known = Vkitti2().known_camera(files, (1242, 375))
    # published: 620.5, 187 with whole-numbered centres
    assert known.intrinsics == [[725.0087, 0, 621], [0, 725.0087, 187.5], [0, 0, 1]]


# MPI-Sintel


def write_sintel(root: Path) -> Path:
    training = root / "training"
    for rendering, seed in (("clean", 0), ("final", 1)):
        picture = training / rendering / "alley_2" / "frame_0001.png"
        write_png(picture, colours(*SIZE, seed))
    depth = [[1.5, 2, 3], [4, 5, 12345.0]]
    write_floats(training / "depth" / "alley_2" / "frame_0001.dpt", depth)
    flow = np.zeros((*SIZE, 2))
    flow[0, 2] = (7.5, -2)
    write_floats(training / "flow" / "alley_2" / "frame_0001.flo", flow)
    intrinsics = [1120, 0, 511.5, 0, 1120, 217.5, 0, 0, 1]
    # camera_from_world: x right = world y, y down = -world z, z forward = world x
    pose = [0, 1, 0, 5, 0, 0, -1, 6, 1, 0, 0, 7]
    camera = training / "camdata_left" / "alley_2" / "frame_0001.cam"
    camera.parent.mkdir(parents=True)
    camera.write_bytes(b"PIEH" + struct.pack("<21d", *intrinsics, *pose))
    return root


def test_sintel_depth_flow_and_camera(tmp_path: Path) -> None:
    files, frame = only_frame(Sintel(), write_sintel(tmp_path))
    assert frame.depth_m.tolist() == [[1.5, 2, 3], [4, 5, 12345.0]]
    assert frame.flow_px is not None
    assert frame.flow_px[0, 2].tolist() == [7.5, -2]
    assert np.count_nonzero(frame.flow_px) == 2
    known = Sintel().known_camera(files, (1024, 436))
    assert known.intrinsics == [[1120, 0, 512], [0, 1120, 218], [0, 0, 1]]
    # the camera stands where camera_from_world gives 0: (-7, -5, 6)
    expected = [[0, 0, 1, -7], [1, 0, 0, -5], [0, -1, 0, 6], [0, 0, 0, 1]]
    assert np.allclose(known.world_from_camera or (), expected)


def test_sintel_is_read_clean_unless_asked_and_without_its_parent(
    tmp_path: Path,
) -> None:
    write_sintel(tmp_path)
    _, clean = only_frame(Sintel(), tmp_path)
    _, final = only_frame(Sintel(rendering="final", sky_from_m=1e4), tmp_path)
    _, inside = only_frame(Sintel(), tmp_path / "training")
    assert np.array_equal(clean.linear_rgb, inside.linear_rgb)
    assert not np.array_equal(clean.linear_rgb, final.linear_rgb)
    assert np.isinf(final.depth_m[1, 2])


def test_shots_of_one_set_are_one_place() -> None:
    assert Sintel().place(Path("alley_1")) == Sintel().place(Path("alley_2"))


# TartanAir


def write_tartanair(root: Path) -> Path:
    folder = root / "office" / "Easy" / "P004"
    write_png(folder / "image_left" / "000005_left.png", colours(*SIZE))
    depth = np.array([[1, 2, 3], [4, 999, 10000]], np.float32)
    write_npy(folder / "depth_left" / "000005_left_depth.npy", depth)
    flow = np.zeros((*SIZE, 2), np.float32)
    flow[1, 1] = (-3, 4)
    write_npy(folder / "flow" / "000005_000006_flow.npy", flow)
    write_npy(folder / "flow" / "000005_000006_mask.npy", np.zeros(SIZE, np.uint8))
    return root


def test_tartanair_depth_sky_flow_and_place(tmp_path: Path) -> None:
    source = TartanAir()
    files, frame = only_frame(source, write_tartanair(tmp_path))
    assert files.number == 5
    assert frame.depth_m.tolist() == [[1, 2, 3], [4, 999, INF]]
    assert frame.flow_px is not None
    assert frame.flow_px[1, 1].tolist() == [-3, 4]
    known = source.known_camera(files, (640, 480))
    assert known.intrinsics == [[320, 0, 320], [0, 320, 240], [0, 0, 1]]
    ((name, folder),) = source.sequences(tmp_path).items()
    assert name == "office/Easy/P004"
    assert source.place(folder) == "office"


# Hypersim


def write_hypersim(root: Path, size: tuple[int, int], ray_length_m: float) -> Path:
    images = root / "ai_001_001" / "images"
    colour = np.full((*size, 3), 0.25, np.float16)
    colour[0, 0] = (4, 2, 1)
    ray = np.full(size, ray_length_m, np.float16)
    ray[0, 1] = np.nan
    pictures = images / "scene_cam_00_final_hdf5"
    geometry = images / "scene_cam_00_geometry_hdf5"
    write_hdf5(pictures / "frame.0000.color.hdf5", colour)
    write_hdf5(geometry / "frame.0000.depth_meters.hdf5", ray)
    return root


def test_hypersim_ray_lengths_become_planar_depth(tmp_path: Path) -> None:
    write_hypersim(tmp_path, (768, 1024), 10.0)
    _, frame = only_frame(Hypersim(exposure=1.0), tmp_path)
    # Beside the axis: 886.81 / sqrt(0.5^2 + 0.5^2 + 886.81^2)
    assert frame.depth_m[384, 512] == pytest.approx(10, abs=1e-4)
    # In the corner: 886.81 / sqrt(511.5^2 + 383.5^2 + 886.81^2) = 0.8111886
    assert frame.depth_m[767, 1023] == pytest.approx(8.111886, rel=1e-6)
    assert frame.depth_m[0, 0] == frame.depth_m[767, 1023]
    # In the middle of the right border: 886.81 / sqrt(511.5^2 + 0.5^2 + 886.81^2)
    assert frame.depth_m[383, 1023] == pytest.approx(8.662367, rel=1e-6)
    assert np.isinf(frame.depth_m[0, 1])


def test_hypersim_colour_is_linear_as_it_is(tmp_path: Path) -> None:
    _, frame = only_frame(Hypersim(exposure=2.0), write_hypersim(tmp_path, (4, 4), 3))
    assert frame.linear_rgb[0, 0].tolist() == [8, 4, 2]
    assert frame.linear_rgb[3, 3].tolist() == [0.5, 0.5, 0.5]


def test_hypersim_is_exposed_as_its_previews_by_default(tmp_path: Path) -> None:
    _, frame = only_frame(Hypersim(), write_hypersim(tmp_path, (6, 6), 3))
    # Nine tenths of the pixels are grey 0.25: they get 0.8^2.2 = 0.612066.
    assert frame.linear_rgb[3, 3] == pytest.approx([0.612066] * 3, rel=1e-5)


# Folder


def test_a_folder_with_16_bit_depth_has_the_scale_it_is_given(tmp_path: Path) -> None:
    write_png(tmp_path / "images" / "shot_0010.png", colours(*SIZE))
    write_png(
        tmp_path / "depth" / "shot_0010_z.png",
        [[1, 256, 1000], [5000, 5001, 65535]],
        bits=16,
    )
    source = PlainFolder(depth_scale_m=0.002, sky_from_m=10.001)
    files, frame = only_frame(source, tmp_path)
    assert files.number == 10
    assert np.allclose(frame.depth_m, [[0.002, 0.512, 2], [10, INF, INF]])


@pytest.mark.parametrize("channels", ["Z", "Y", "RGBZ"])
def test_a_folder_with_exr_depth_and_linear_colour(
    tmp_path: Path, channels: str
) -> None:
    depth_m = np.array([[1, 2, 3], [4, 5, INF]], np.float32)
    colour = np.zeros((*SIZE, 3), np.float32)
    colour[0, 2] = (0.1, 0.2, 30)
    for name in ("images", "depth"):
        (tmp_path / name).mkdir()
    write_exr(
        tmp_path / "images" / "3.exr",
        {name: colour[..., index] for index, name in enumerate("RGB")},
    )
    write_exr(tmp_path / "depth" / "3.exr", dict.fromkeys(channels, depth_m))
    _, frame = only_frame(PlainFolder(), tmp_path)
    assert np.array_equal(frame.depth_m, depth_m)
    assert np.array_equal(frame.linear_rgb, colour)


def test_a_folder_may_hold_several_sequences_in_natural_order(tmp_path: Path) -> None:
    for name in ("take10", "take2"):
        write_png(tmp_path / name / "rgb" / "1.png", colours(*SIZE))
        write_npy(tmp_path / name / "z" / "1.npy", np.ones(SIZE))
    source = PlainFolder(images="rgb", depth="z")
    assert list(source.sequences(tmp_path)) == ["take2", "take10"]
