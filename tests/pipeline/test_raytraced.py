"""Datasets whose blur is traced, and PSFs drawn per frame, without a real Blender."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_scenes.view_pairs import PAIRS_MANIFEST
from pipeline import BuildDataset, blender_process, layout
from pipeline.draws import draw_sequence
from pipeline.errors import UserError
from pipeline.images import read_map, read_png
from tests.pipeline.conftest import build, contents, small

PLAIN = {"noise": "none", "distortion": "none"}
ROOT = Path(__file__).parents[2]
MAKE_SCENES = ROOT / "tests/blender_scenes/make_lens_scenes.py"
REAL_BLENDER = (sys.executable, "-m", "blender_scenes.cli")

# f^2 / (2 N (s - f)) / pitch = 8 pixels for the sky.
LENS_FILE = """
focal_length_mm = 50
f_number = 2
focus_distance_m = 4
pixel_pitch_um = 19.778481
"""


@pytest.fixture(scope="module")
def traced(fake_blender: None, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("traced")
    parameters = small(folder) | PLAIN | {"dp_backend": "raytraced"}
    done, task = build(parameters)
    assert done
    return parameters, task.folder()


def manifest_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / layout.DATASET_MANIFEST).read_text(encoding="utf-8"))


def linear(encoded: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, decoding."""
    value = encoded / 65535
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def test_the_views_are_those_that_blender_traced(traced: Any) -> None:
    _, folder = traced
    left, right = (
        linear(read_png(folder / f"train_{side}/source/seq_001/000001.png"))
        for side in "lr"
    )
    # The stand-in's left view has a third of the light of its right one.
    np.testing.assert_allclose(left * 3, right, atol=1e-4)
    coc = read_map(folder / "train_c/coc/seq_001/000001.exr")
    assert coc.shape == left.shape[:2]
    assert np.ptp(coc) > 1


def test_the_backend_is_recorded(traced: Any) -> None:
    _, folder = traced
    manifest = manifest_of(folder)
    assert manifest["parameters"]["dp_backend"] == "raytraced"
    assert manifest["parameters"]["dp_samples"] == 128
    first = manifest["sequences"][0]
    assert first["settings"]["mode"] == "raytraced"
    assert first["settings"]["tracing"] == {"samples": 128, "denoiser": "none"}
    lens = first["pairs"]["spec"]["lens"]
    # Camera set 3: f 7, N 5, focus 8; f^2 / (2 N (s - f)) pixels for the sky.
    assert lens["focus_distance_m"] == 8
    assert lens["sky_coc_radius_px"] == pytest.approx(4.9)
    assert len(lens["psfs"]) == 1
    assert set(first["pairs"]["sha256"]) == {"000001.exr", "000002.exr"}


def test_a_second_run_renders_nothing(traced: Any) -> None:
    parameters, folder = traced
    before = contents(Path(parameters["work_dir"]))
    done, task = build(parameters)
    assert done
    assert task.folder() == folder
    assert contents(Path(parameters["work_dir"])) == before


def test_a_lost_pair_is_traced_again_to_the_same_dataset(
    fake_blender: None, tmp_path: Path
) -> None:
    parameters = small(tmp_path) | {"dp_backend": "raytraced", "scene": "street-1"}
    done, task = build(parameters)
    assert done
    before = contents(task.folder())
    work = Path(parameters["work_dir"])
    (pairs,) = work.glob("raytraced/*")
    (pairs / "000002.exr").unlink()
    for manifest in work.glob("views/*/views.json"):
        manifest.unlink()
        (manifest.parent / "left/000002.png").unlink()
    (task.folder() / layout.DATASET_MANIFEST).unlink()
    task.folder().rename(tmp_path / "old")
    done, task = build(parameters)
    assert done
    assert contents(task.folder()) == before
    assert (pairs / PAIRS_MANIFEST).is_file()


@pytest.mark.parametrize(
    "change",
    [
        {"dp_backend": "layered"},
        {"dp_samples": 8},
        {"dp_denoiser": "openimagedenoise"},
        {"psf": "ramp-disk"},
        {"psf_per": "frame"},
        {"seed": 1},
        {"camera_set": "2"},
    ],
)
def test_what_changes_a_traced_byte_changes_the_version(
    traced: Any, change: dict[str, Any]
) -> None:
    parameters, folder = traced
    assert BuildDataset(**(parameters | change)).folder() != folder


@pytest.mark.parametrize(
    "change", [{"dp_samples": 8}, {"dp_denoiser": "openimagedenoise"}]
)
def test_options_of_tracing_are_refused_for_layered_views(
    small_dataset: dict[str, Any], change: dict[str, Any]
) -> None:
    with pytest.raises(UserError, match="expected --dp-backend raytraced"):
        BuildDataset(**(small_dataset | change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"mode": "paper"}, "--mode paper: .* expected --mode occlusion"),
        ({"mode": "released"}, "--mode released: .* expected --mode occlusion"),
        ({"psf": "released"}, "--psf released: no lens has these shapes"),
        ({"engine": "eevee"}, "--dp-backend raytraced: .* engine 'eevee'"),
        ({"dp_samples": 0}, "--dp-backend raytraced: samples must lie in"),
    ],
)
def test_what_cannot_be_traced_is_said_before_anything_runs(
    small_dataset: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    parameters = small_dataset | {"dp_backend": "raytraced"} | change
    with pytest.raises(UserError, match=message):
        BuildDataset(**parameters)


def test_a_psf_per_frame_is_recorded_frame_by_frame(
    small_dataset: dict[str, Any],
) -> None:
    done, task = build(small_dataset | {"psf_per": "frame", "frames": "4"})
    assert done
    for sequence in manifest_of(task.folder())["sequences"]:
        assert sequence["settings"]["psf"]["type"] == "drawn per frame"
        shapes = [json.dumps(psf) for psf in sequence["psf_of_frame"].values()]
        assert list(sequence["psf_of_frame"]) == ["1", "2", "3", "4"]
        assert len(set(shapes)) > 1


def test_a_traced_sequence_gets_one_psf_for_each_frame(
    small_dataset: dict[str, Any],
) -> None:
    done, task = build(
        small_dataset | {"dp_backend": "raytraced", "psf_per": "frame", "frames": "3"}
    )
    assert done
    for sequence in manifest_of(task.folder())["sequences"]:
        psfs = sequence["pairs"]["spec"]["lens"]["psfs"]
        assert psfs == list(sequence["psf_of_frame"].values())


def test_a_frames_psf_depends_on_nothing_but_seed_names_and_number() -> None:
    draw = draw_sequence(7, "street-1/3", "paper", "frame")
    again = draw_sequence(7, "street-1/3", "paper", "frame")
    assert [draw.frame_psf(n) for n in (5, 1)] == [again.frame_psf(n) for n in (5, 1)]
    other = draw_sequence(7, "street-1/2", "paper", "frame")
    numbers = range(20)
    assert [draw.frame_psf(n) for n in numbers] != [other.frame_psf(n) for n in numbers]


def test_noise_is_the_same_however_psfs_are_drawn() -> None:
    per_sequence = draw_sequence(7, "street-1/3", "paper", "sequence")
    per_frame = draw_sequence(7, "street-1/3", "paper", "frame")
    assert per_sequence.noise_sigma == per_frame.noise_sigma
    assert per_sequence.frame_rng(3).random() == per_frame.frame_rng(3).random()


@pytest.mark.blender
def test_blender_traces_a_dataset_in_which_far_things_move_left_in_the_left_view(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blender_process, "CHILD", REAL_BLENDER)
    subprocess.run(
        [sys.executable, str(MAKE_SCENES), str(tmp_path)],
        check=True,
        capture_output=True,
    )
    (tmp_path / "lens.toml").write_text(LENS_FILE, encoding="utf-8")
    done, task = build(
        small(tmp_path)
        | PLAIN
        | {"scene": str(tmp_path / "cards.blend"), "frames": "1", "size": "96x64"}
        | {"camera_set": str(tmp_path / "lens.toml"), "nearest": 2.0}
        | {"dp_backend": "raytraced", "dp_samples": 64, "samples": 1, "device": "cpu"}
    )
    assert done
    left, right = (
        linear(read_png(task.folder() / f"train_{side}/source/seq_001/000001.png"))
        for side in "lr"
    )
    columns = np.arange(96) + 0.5
    # The card in front is on the left of the picture, the far one on the right.
    for part, sign in ((slice(0, 36), 1), (slice(60, 96), -1)):
        centres = [
            (view[:, part].sum(axis=(0, 2)) * columns[part]).sum() / view[:, part].sum()
            for view in (left, right)
        ]
        assert sign * (centres[0] - centres[1]) > 1
