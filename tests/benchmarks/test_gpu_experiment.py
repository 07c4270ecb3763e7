"""The experiment for a GPU, at toy size on the CPU."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.gpu_experiment import measure
from benchmarks.gpu_experiment.__main__ import main
from benchmarks.gpu_experiment.carry import CODINGS, CarriedFrames, coded, pack
from benchmarks.gpu_experiment.clips import HeldOutViews, PooledClips, synthesised
from blender_scenes.frames import Frame, FrameSequence, write_frame
from pipeline.errors import UserError
from pipeline.manifest import write_json
from rdpd import checkpoint
from rdpd.sampling import Cut

ROOT = Path(__file__).parents[2]
CPU = torch.device("cpu")
SPLITS = {"street-1": "train", "street-2": "val", "street-3": "test"}
HEIGHT, WIDTH, FRAMES = 32, 48, 2
NOT_THERE = "bpy luigi OpenEXR psutil matplotlib"


def some_frame(seed: int) -> Frame:
    """A slope, a card before it, sky above; colour up to four times white."""
    rng = np.random.default_rng(seed)
    depth_m = np.broadcast_to(np.linspace(60, 6, HEIGHT)[:, None], (HEIGHT, WIDTH))
    depth_m = depth_m.astype(np.float32).copy()
    depth_m[:6] = np.inf
    depth_m[12:24, 10:30] = 4.0
    behind_m = np.full_like(depth_m, np.nan)
    behind_m[12:24, 10:30] = 25.0
    behind_m[12:14] = np.where(np.isnan(behind_m[12:14]), np.nan, np.inf)
    colours = rng.random((2, HEIGHT // 4, WIDTH // 4, 3), np.float32).repeat(4, 1)
    rgb, behind = 4 * colours.repeat(4, 2)
    none = np.zeros((HEIGHT, WIDTH), np.uint32)
    behind[np.isnan(behind_m)] = 0
    return Frame(rgb, depth_m, none, none, None, behind, behind_m)


def write_frames(folder: Path, seed: int) -> None:
    from blender_scenes.frames import FrameEntry, frame_file, sha256_of

    folder.mkdir(parents=True)
    entries = []
    for number in range(1, FRAMES + 1):
        path = folder / frame_file(number)
        write_frame(path, some_frame(10 * seed + number))
        size = path.stat().st_size
        entry = FrameEntry(number, path.name, sha256_of(path), size, None, None)
        entries.append(entry)
    rows = tuple(entries)
    FrameSequence({}, 24.0, (WIDTH, HEIGHT), 0, False, {}, rows).save(folder)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a dataset says of itself, and the frames that it was made from."""
    folder = tmp_path_factory.mktemp("data")
    camera = {"f_number": 5.0, "focal_length_m": 4.0, "focus_distance_m": 6.0}
    settings = {
        "camera": camera
        | {"name": "1", "pixel_pitch_m": 1.0, "type": "ThinLensCamera"},
        "distortion": None,
    }
    rows = []
    for seed, (scene, split) in enumerate(SPLITS.items()):
        write_frames(folder / "work" / "frames" / f"{scene}-abc", seed)
        row = {"split": split, "scene": scene, "settings": settings}
        rows.append(row | {"source": {"frames": "abc"}})
    parameters = {"psf": "paper", "mode": "occlusion", "noise": "paper"}
    (folder / "set").mkdir()
    manifest = {"sequences": rows, "parameters": parameters}
    write_json(folder / "set" / "dataset.json", manifest)
    return folder


@pytest.fixture(scope="module")
def carried(dataset: Path) -> CarriedFrames:
    pack(dataset / "set", dataset / "work", dataset / "carry", 10**9)
    return CarriedFrames(dataset / "carry")


def test_a_carried_frame_is_the_frame(carried: CarriedFrames) -> None:
    frame, found = some_frame(1), carried.first_frame()
    np.testing.assert_array_equal(found.linear_rgb, frame.linear_rgb.astype(np.float16))
    # 65534 steps of 4 m / depth: a tenth of a per mille at 25 m, half of one at 60 m.
    np.testing.assert_allclose(found.depth_m, frame.depth_m, rtol=2e-4)
    np.testing.assert_allclose(found.hidden_depth_m, frame.hidden_depth_m, rtol=2e-4)


def test_in_8_bits_colour_is_clipped_at_white() -> None:
    frame = some_frame(1)
    pictures = coded(frame, 4.0, CODINGS[1])
    assert pictures[""].dtype == np.uint8
    assert (pictures[""][frame.linear_rgb >= 1] == 255).all()


def test_a_second_surface_that_is_not_behind_is_none() -> None:
    frame = some_frame(1)
    hidden_depth_m = frame.depth_m * np.float32(1 + 1e-6)
    together = Frame(
        frame.linear_rgb,
        frame.depth_m,
        frame.label,
        frame.instance,
        None,
        frame.linear_rgb,
        hidden_depth_m,
    )
    pictures = coded(together, 4.0, CODINGS[0])
    assert (pictures["-behind-depth"] == 65535).all()
    assert not pictures["-behind"].any()


def test_what_does_not_fit_is_made_smaller_and_said(
    dataset: Path, tmp_path: Path
) -> None:
    words = pack(dataset / "set", dataset / "work", tmp_path / "all", 10**9)
    assert words.startswith("half-precision colour, both surfaces, 6 frames")
    assert (tmp_path / "all" / "site" / "array_api_compat" / "__init__.py").exists()
    size = sum(p.stat().st_size for p in (tmp_path / "all").rglob("*") if p.is_file())
    smaller = pack(dataset / "set", dataset / "work", tmp_path / "less", size - 1)
    assert "too much\n8-bit colour, both surfaces, 6 frames" in smaller
    with pytest.raises(UserError, match="too little"):
        pack(dataset / "set", dataset / "work", tmp_path / "none", 10)


def test_a_patch_of_a_pool_is_a_patch_of_its_clip(carried: CarriedFrames) -> None:
    pool = PooledClips(synthesised(carried, "train", CPU), 2, FRAMES, seed=0)
    everything = pool.read(Cut(1, 0, FRAMES, 0, 0, HEIGHT, WIDTH))
    patch = pool.read(Cut(1, 1, 1, 4, 7, 16, 24))
    mirrored = pool.read(Cut(1, 1, 1, 4, 7, 16, 24, flip=True))
    assert torch.equal(patch["left"], everything["left"][1:, :, 4:20, 7:31])
    assert torch.equal(mirrored["right"], patch["left"].flip(-1))
    assert torch.equal(mirrored["radial"], patch["radial"].flip(-1))
    assert not torch.equal(everything["left"][0], everything["left"][1])


def test_held_out_views_are_the_same_every_time(carried: CarriedFrames) -> None:
    first, again = (HeldOutViews(carried, "test", CPU, FRAMES, 3) for _ in range(2))
    frames = list(first.evaluation_set().frames())
    assert [frame.labels["frame"] for frame in frames] == ["000001", "000002"]
    assert frames[0].labels["camera"] == "1"
    for one, other in zip(frames, again.evaluation_set().frames(), strict=True):
        assert all(torch.equal(one.item[kind], other.item[kind]) for kind in one.item)


def test_traffic_is_every_input_and_output_once() -> None:
    x = torch.ones(10, 10)
    with measure.Traffic() as traffic:
        torch.fft.rfft2(x.T + x).sum().abs().item()
    assert traffic.host_waits == 1
    assert traffic.ffts == 1
    # sum of two: 1200 bytes; rfft2: 400 and 480; sum: 480 and 8; abs: 8 and 4; item: 4.
    assert traffic.bytes == 1200 + 880 + 488 + 12 + 4


def test_known_devices_have_a_peak() -> None:
    peak = measure.peak_of("NVIDIA H100 PCIe")
    assert peak is not None
    assert peak.tflops == 756.0


@pytest.fixture(scope="module")
def results(dataset: Path, carried: CarriedFrames) -> Path:
    """What the command leaves where Blender, Luigi and OpenEXR are missing."""
    command = (
        "import sys\n"
        f"for name in {NOT_THERE.split()!r}: sys.modules[name] = None\n"
        "from benchmarks.gpu_experiment.__main__ import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    subprocess.run(
        [sys.executable, "-c", command, *words(dataset)], cwd=ROOT, check=True
    )
    return dataset / "out"


def words(folder: Path) -> list[str]:
    changes = "model.width = 2; patch_px = 16; clip_batch = 1; clip_frames = 2"
    options = {
        "--carried": folder / "carry",
        "--work": folder / "gpu",
        "--out": folder / "out",
        "--changes": f"{changes}; epochs = 2; precision = 'auto'",
        "--minutes": 0.005,
        "--pool": 2,
        "--held-out-frames": 1,
        "--frame-size": "48x32",
        "--synthesis-size": "48x32",
        "--peak-tflops": 0.1,
        "--gb-per-s": 10,
        "--device": "cpu",
    }
    return ["run", *(str(part) for pair in options.items() for part in pair)]


@pytest.mark.slow
def test_the_experiment_runs_without_blender_luigi_and_openexr(results: Path) -> None:
    found = json.loads((results / "results.json").read_text())
    page = (results / "results.md").read_text()
    assert set(found["networks"]) == {"DPDNet", "sRDPD", "RDPD"}
    for row in found["networks"].values():
        assert row["result"]["steps"] > 0
        assert 0 < row["result"]["seconds"] < 30
        assert 0 < row["speed"]["compute_share"] <= 1
    methods = [row["name"] for row in found["evaluation"]["methods"]]
    assert methods == ["blurred input", "DPDNet", "sRDPD", "RDPD"]
    assert "PSNR, dB" in page
    assert "MFU" in page
    assert len(found["synthesis"]["rows"]) == 10


@pytest.mark.slow
def test_weights_come_back_in_pieces_and_load(results: Path) -> None:
    (piece,) = results.glob("RDPD-half-*.safetensors.0")
    piece.with_suffix("").write_bytes(piece.read_bytes())
    found = checkpoint.load(results / "RDPD-half.json")
    assert found.config.width == 2
    assert found.details["steps"] > 0


@pytest.mark.slow
def test_a_second_command_trains_nothing_anew_and_other_options_are_refused(
    results: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = json.loads((results / "results.json").read_text())["networks"]
    assert main(words(dataset)) == 0
    assert json.loads((results / "results.json").read_text())["networks"] == before
    assert main([*words(dataset), "--pool", "3"]) == 1
    assert "begun with pool = 2, not 3" in capsys.readouterr().err


@pytest.mark.slow
def test_a_training_that_does_not_fit_is_left_to_the_next_command(
    dataset: Path, tmp_path: Path, carried: CarriedFrames
) -> None:
    later = [*words(dataset), "--work", str(tmp_path / "w"), "--out", str(tmp_path)]
    assert main([*later, "--budget-minutes", "0"]) == 3
    assert "not yet" in (tmp_path / "results.md").read_text()
