"""Views traced through a lens, against the PSFs and against what was told."""

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.signal import fftconvolve

from blender_scenes import pupil_camera
from blender_scenes.devices import choose_device_for_camera_shaders
from blender_scenes.frames import FrameSequence, frame_file
from blender_scenes.scene_error import SceneError
from blender_scenes.spec import LensSpec, RenderSpec, SceneSpec, SequenceSpec
from blender_scenes.view_pairs import PAIRS_MANIFEST, read_view_pair
from dp_model.camera import ThinLensCamera
from dp_model.psf import ButterworthPsf, RampDiskPsf
from dp_model.pupil import RadialTransmission

pytestmark = pytest.mark.blender

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# As in make_lens_scenes: name -> depth, columns to the right and rows up of the axis.
CARDS = {"front": (2.0, -30, 4), "focus": (4.0, 0, -6), "behind": (8.0, 30, 2)}
CARD_PX, FOCAL_PX, SIZE = 8, 96, (64, 96)
SHIFT_PX = (1.92, -4.8)  # of frame 2: 0.02 and -0.05 of the width, to the right and up
FOCUS_M, SKY_PX = 4.0, 8.0
BUTTERWORTH = ButterworthPsf(3, 0.8, 0.2, 0.14)
RING = RadialTransmission((0.0, 0.5, 0.75, 1.2), (0.2, 0.2, 1.0, 0.0))
PSFS = {"butterworth": BUTTERWORTH, "ramp-disk": RampDiskPsf(), "table": RING}

# Single precision, sums of a few hundred samples; relative to the brightest pixel.
SUM_TOLERANCE = 1e-5
# What 512 samples leave of noise in the centroid of a card.
CENTROID_TOLERANCE_PX = 0.05
DISPARITY_TOLERANCE = 0.01
IN_FOCUS_TOLERANCE_PX = 0.02
# Of the brightest pixel, after a mean of 3 x 3: noise, and a pixel filter (1.5 px wide,
# soft) in place of the kernels' square pixels.
PICTURE_TOLERANCE = 0.04
HALF_ROUNDING = 2**-11
FEW = 0.01  # of the pixels


def described(psf):
    return {"type": type(psf).__name__, **dataclasses.asdict(psf)}


@pytest.fixture(scope="module")
def lens_scenes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lens")
    script = HERE / "make_lens_scenes.py"
    subprocess.run(
        [sys.executable, str(script), str(folder)], check=True, capture_output=True
    )
    return folder


@pytest.fixture(scope="module")
def write_spec(lens_scenes, tmp_path_factory):
    """Return a function that writes a specification with a lens; gives its path."""

    def write(name, psfs=(BUTTERWORTH,), frame_range=(1, 1), **settings):
        small = {"width": 96, "height": 64, "margin_px": 0, "samples": 1}
        small |= {"denoiser": "none", "device": "cpu"}
        blend = str(lens_scenes / f"{name}.blend")
        spec = SequenceSpec(
            SceneSpec(name, blend_file=blend, frame_range=frame_range),
            RenderSpec(**{**small, **settings}),
            LensSpec(FOCUS_M, SKY_PX, tuple(described(psf) for psf in psfs)),
        )
        path = tmp_path_factory.mktemp("spec") / "spec.json"
        path.write_text(spec.to_json())
        return path

    return write


@pytest.fixture(scope="module")
def trace(write_spec, tmp_path_factory):
    """Return a function that traces one frame through left, right and both sides."""

    def trace(name, psf=BUTTERWORTH, frame=1, **settings):
        spec_file = write_spec(name, (psf,), (1, 2), **settings)
        path = tmp_path_factory.mktemp("traced") / "views.npz"
        command = [sys.executable, HERE / "trace_sides.py", spec_file, path]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        subprocess.run(
            [*map(str, command), str(frame)],
            check=True, capture_output=True, cwd=ROOT, env=environment, timeout=300,
        )  # fmt: skip
        with np.load(path) as views:
            return SimpleNamespace(**views)

    return trace


@pytest.fixture(scope="module")
def traced_cards(trace):
    return {name: trace("cards", psf, samples=512) for name, psf in PSFS.items()}


def card_middle(card, shift_px=(0.0, 0.0), margin_px=0):
    """Return row and column, as continuous coordinates, of a card's middle."""
    _, right_px, up_px = CARDS[card]
    row = SIZE[0] / 2 - up_px + shift_px[1] + margin_px
    return row, SIZE[1] / 2 + right_px - shift_px[0] + margin_px


def radius_px(card):
    return SKY_PX * (1 - FOCUS_M / CARDS[card][0])


def centroid(picture, middle, half=17):
    """Return row and column of the light's centroid around a place, minus the place."""
    height, width = picture.shape[:2]
    rows, columns = np.arange(height) + 0.5, np.arange(width) + 0.5
    near = (
        slice(max(0, round(middle[0]) - half), round(middle[0]) + half),
        slice(max(0, round(middle[1]) - half), round(middle[1]) + half),
    )
    light = picture[near][..., 1].astype(float)
    row = (light.sum(axis=1) * rows[near[0]]).sum() / light.sum()
    column = (light.sum(axis=0) * columns[near[1]]).sum() / light.sum()
    return row - middle[0], column - middle[1]


def kernel_disparity(psf, radius):
    left, right = psf.kernels(radius)
    offset = np.arange(left.shape[1]) - left.shape[1] // 2
    return float(((left - right).sum(axis=0) * offset).sum())


@pytest.mark.parametrize("name", ["cards", "lit"])
@pytest.mark.parametrize("psf", ["butterworth", "ramp-disk"])
def test_left_and_right_add_up_to_twice_the_whole_pupil(trace, name, psf):
    views = trace(name, PSFS[psf], samples=16)
    error = np.abs(views.left + views.right - 2 * views.both)
    assert views.both.max() > 0.5
    assert error.max() <= SUM_TOLERANCE * views.both.max()
    assert np.abs(views.left - views.right).max() > 0.05 * views.both.max()


@pytest.mark.parametrize("psf", PSFS)
def test_the_front_card_is_to_the_right_in_the_left_view_and_the_far_one_left(
    traced_cards, psf
):
    views = traced_cards[psf]
    for card, sign in (("front", 1), ("behind", -1)):
        middle = card_middle(card)
        disparity = centroid(views.left, middle)[1] - centroid(views.right, middle)[1]
        expected = kernel_disparity(PSFS[psf], radius_px(card))
        assert sign * expected > 0
        assert disparity == pytest.approx(expected, rel=DISPARITY_TOLERANCE)


@pytest.mark.parametrize("psf", PSFS)
def test_in_focus_the_views_agree(traced_cards, psf):
    views = traced_cards[psf]
    left, right = (
        centroid(view, card_middle("focus"), half=8)
        for view in (views.left, views.right)
    )
    assert left == pytest.approx(right, abs=IN_FOCUS_TOLERANCE_PX)


@pytest.mark.parametrize("psf", PSFS)
@pytest.mark.parametrize("card", ["front", "behind"])
def test_a_card_is_blurred_by_the_kernels(traced_cards, psf, card):
    row, column = (round(place) for place in card_middle(card))
    half = CARD_PX // 2
    sharp = np.zeros(SIZE)
    sharp[row - half : row + half, column - half : column + half] = 1.0
    kernels = PSFS[psf].kernels(radius_px(card))
    near = (slice(None), slice(max(0, column - 17), column + 17))
    for view, kernel in zip(("left", "right"), kernels, strict=True):
        seen = mean_of_3x3(getattr(traced_cards[psf], view)[..., 1])
        wanted = mean_of_3x3(fftconvolve(sharp, kernel, mode="same"))
        np.testing.assert_allclose(
            seen[near], wanted[near], atol=PICTURE_TOLERANCE * wanted.max()
        )


def mean_of_3x3(picture):
    padded = np.pad(picture.astype(float), 1)
    height, width = picture.shape
    shifted = [
        padded[row : row + height, column : column + width]
        for row in range(3)
        for column in range(3)
    ]
    return np.mean(shifted, axis=0)


def test_a_thin_lens_camera_has_this_blur():
    camera = ThinLensCamera(0.05, 1.8, 4.0, 10e-6)
    lens = LensSpec(4.0, camera.coc_radius_px(np.inf), ({"type": "RampDiskPsf"},))
    # The pupil's own radius is f/2N where the picture has the lens's field of view.
    focal_px = 1 / (1 / 0.05 - 1 / 4.0) / 10e-6
    assert lens.pupil_radius_m(focal_px) == pytest.approx(0.05 / 1.8 / 2)


@pytest.mark.parametrize(
    ("frame", "margin_px", "shift_px"),
    [(2, 0, SHIFT_PX), (1, 8, (0, 0)), (2, 8, SHIFT_PX)],
    ids=["shifted", "with margin", "both"],
)
def test_lens_shift_and_margin_move_the_picture_as_a_pinhole_would(
    trace, frame, margin_px, shift_px
):
    views = trace("cards", frame=frame, margin_px=margin_px, samples=128)
    for card in CARDS:
        middle = card_middle(card, shift_px, margin_px)
        half = 8 if card == "focus" else 17
        assert centroid(views.both, middle, half) == pytest.approx(
            (0, 0), abs=2 * CENTROID_TOLERANCE_PX
        )


def test_a_portrait_picture_has_the_lens_of_its_width(trace):
    views = trace("cards", width=96, height=128, samples=128)
    row, column = card_middle("behind")
    assert centroid(views.both, (row + 32, column)) == pytest.approx(
        (0, 0), abs=2 * CENTROID_TOLERANCE_PX
    )


def test_a_scene_of_centimetres_looks_as_one_of_metres(trace):
    metres = trace("cards", samples=16)
    centimetres = trace("cards_in_centimetres", samples=16)
    # The same rays, but for roundings that make some just miss a card's edge.
    difference = np.abs(metres.left - centimetres.left)
    assert difference.max() < 0.2
    assert difference.mean() < 1e-3 * metres.left.mean()


@pytest.fixture
def through_a_pinhole(scenes, render, tmp_path, finish_child):
    """Return a function that gives frames of a scene, and what a pinhole sees."""

    def look(name, **settings):
        settings |= {"denoiser": "none", "second_surface": False}
        frames = render(name, **settings)
        assert frames.status == 0, frames.log
        spec_file = scenes.spec_file(tmp_path / "spec.json", name, **settings)
        spec = SequenceSpec.from_json(spec_file.read_text())
        pinhole = LensSpec(FOCUS_M, 0.0, ({"type": "RampDiskPsf"},))
        spec_file.write_text(dataclasses.replace(spec, lens=pinhole).to_json())
        done = finish_child(spec_file, tmp_path / "pairs")
        assert done.status == 0, done.log
        for entry in frames.manifest.frames:
            left, right = read_view_pair(done.folder / entry.file)
            yield frames.frame(entry.number).linear_rgb, (left + right) / 2

    return look


@pytest.mark.parametrize("name", ["motion", "falling"])
def test_a_pinhole_sees_the_frame(through_a_pinhole, name):
    # Things that move, and a simulation that was not baked.
    for frame, seen in through_a_pinhole(name, samples=4):
        assert frame.max() > 0.01
        # Halves; and a ray may start a rounding away from where another camera's does.
        is_off = np.abs(seen - frame) > HALF_ROUNDING * (frame + frame.max())
        assert is_off.mean() < FEW


def test_every_frame_is_seen_by_the_camera_of_its_moment(through_a_pinhole):
    # Five cameras of all kinds; the light between the walls is noisy.
    frames, seen = zip(*through_a_pinhole("lenses", samples=16), strict=True)
    for number, picture in enumerate(seen):
        difference = [np.abs(picture - frame).mean() for frame in frames]
        assert np.argmin(difference) == number
        assert difference[number] < 0.1 * frames[number].mean()


@pytest.fixture(scope="module")
def pairs(write_spec, tmp_path_factory, finish_child):
    folder = tmp_path_factory.mktemp("pairs") / "pairs"
    spec_file = write_spec("cards", (BUTTERWORTH, RampDiskPsf()), (1, 2), samples=4)
    done = finish_child(spec_file, folder)
    assert done.status == 0, done.log
    return spec_file, done


def test_the_command_line_writes_a_pair_per_frame_and_the_manifest_last(pairs):
    _, done = pairs
    told = ("note", "message", "walk")
    kinds = [e["event"] for e in done.events if e["event"] not in told]
    assert kinds == ["start", "frame", "frame", "done"]
    names = {path.name for path in done.folder.iterdir()}
    assert names == {"000001.exr", "000002.exr", PAIRS_MANIFEST, ".recipe.json"}
    manifest = FrameSequence.load(done.folder, PAIRS_MANIFEST)
    assert [row.number for row in manifest.frames] == [1, 2]
    assert manifest.source["lens"]["focus_distance_m"] == FOCUS_M


def test_every_frame_may_have_its_own_pupil(pairs, trace):
    _, done = pairs
    for frame, psf in ((1, BUTTERWORTH), (2, RampDiskPsf())):
        left, right = read_view_pair(done.folder / frame_file(frame))
        alone = trace("cards", psf, frame, samples=4)
        np.testing.assert_array_equal(left, alone.left)
        np.testing.assert_array_equal(right, alone.right)


def test_a_broken_pair_is_rendered_again_to_the_same_bytes(
    pairs, tmp_path, finish_child
):
    spec_file, done = pairs
    folder = tmp_path / "pairs"
    folder.mkdir()
    before = {path.name: path.read_bytes() for path in done.folder.iterdir()}
    for name, data in before.items():
        (folder / name).write_bytes(data)
    (folder / frame_file(2)).write_bytes(before[frame_file(2)][:-50])
    resumed = finish_child(spec_file, folder)
    start = next(e for e in resumed.events if e["event"] == "start")
    assert start["missing"] == [2]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_as_many_psfs_as_frames_are_wanted(write_spec, tmp_path, finish_child):
    spec_file = write_spec("cards", (BUTTERWORTH,) * 3, (1, 2))
    failed = finish_child(spec_file, tmp_path / "pairs")
    assert "3 PSFs for 2 frames" in failed.error


def test_a_psf_that_cannot_be_is_one_line(write_spec, tmp_path, finish_child):
    spec_file = write_spec("cards")
    data = json.loads(spec_file.read_text())
    data["lens"]["psfs"][0]["beta"] = 7.0
    spec_file.write_text(json.dumps(data))
    failed = finish_child(spec_file, tmp_path / "pairs")
    assert "beta must be in (0, 1]; got 7.0" in failed.error


def test_osl_in_a_strangers_material_does_not_run(write_spec, tmp_path, finish_child):
    done = finish_child(write_spec("scripted", samples=4), tmp_path / "pairs")
    assert done.status == 0, done.log
    assert any("switched off OSL shaders" in note for note in done.notes)
    assert "the OSL of a material ran" not in done.log + done.output
    left, _ = read_view_pair(done.folder / frame_file(1))
    assert left.max() == 0.0  # its light comes from the script alone


@pytest.mark.parametrize(
    ("oslquery", "message"),
    [
        ("raise ImportError('hidden')", "oslquery.*cannot be loaded .hidden."),
        ("", "did not compile"),  # an empty module in its place
    ],
    ids=["missing", "broken"],
)
def test_where_cameras_do_not_compile_that_is_said_and_nothing_is_written(
    write_spec, tmp_path, finish_child, oslquery, message
):
    (tmp_path / "oslquery.py").write_text(oslquery)
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    failed = finish_child(write_spec("cards"), tmp_path / "pairs", env=environment)
    assert failed.status == 2
    (error,) = [e["message"] for e in failed.events if e["event"] == "error"]
    assert re.search(message, error)
    assert not list((tmp_path / "pairs").glob("*.exr"))


def test_a_pupil_that_sees_nothing_is_an_error_not_a_black_picture(
    write_spec, tmp_path
):
    # A shader that compiles, and lets no light through.
    script = (
        "import sys, blender_scenes.pupil_shader as shader\n"
        "shader._SHADER = shader._SHADER.replace('color(1.0 + side * ramp)', '0')\n"
        "from blender_scenes import cli\n"
        "sys.exit(cli.main([*sys.argv[1:], '--detached']))\n"
    )
    command = [sys.executable, "-c", script, str(write_spec("cards"))]
    done = subprocess.run(
        [*command, str(tmp_path / "pairs")],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 2
    assert "a white world seen through a pupil came out as 0, not 1" in done.stdout
    assert not list((tmp_path / "pairs").glob("*.exr"))


@pytest.mark.parametrize(
    ("has_osl", "kinds"),
    [(False, ["PERSP", "CUSTOM"]), (True, ["PERSP", "ORTHO", "PANO"])],
    ids=["built without OSL", "older than 4.5"],
)
def test_a_blender_without_camera_shaders_is_named(monkeypatch, has_osl, kinds):
    properties = {"type": SimpleNamespace(enum_items=dict.fromkeys(kinds))}
    blender = SimpleNamespace(
        app=SimpleNamespace(
            version_string="4.3.2",
            build_options=SimpleNamespace(cycles_osl=has_osl),
        ),
        types=SimpleNamespace(
            Camera=SimpleNamespace(bl_rna=SimpleNamespace(properties=properties))
        ),
    )
    monkeypatch.setitem(sys.modules, "bpy", blender)
    with pytest.raises(SceneError, match=r"Blender 4\.3\.2 has no camera shaders"):
        pupil_camera.require_camera_shaders()


@pytest.mark.parametrize("device", ["cuda", "hip", "metal", "oneapi"])
def test_devices_without_camera_shaders_are_refused(device):
    with pytest.raises(SceneError, match=f"device {device}: .* auto, cpu, optix"):
        choose_device_for_camera_shaders(device)
