"""Cameras that bring their own PSF and noise strength along, without a real Blender."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dp_model.noise import SIGMA_GRID
from dp_model.psf import ButterworthPsf, RampDiskPsf
from pipeline import BuildDataset, layout
from pipeline.errors import UserError
from pipeline.images import read_png
from pipeline.on_the_fly import training_clips
from rdpd.sampling import Cut
from tests.pipeline.conftest import build, small

LENS = """
focal_length_mm = 50
f_number = 2
focus_distance_m = 10
pixel_pitch_um = 20
"""
OWN_SIGMA = "noise_sigma = 0.01\n"  # below the smallest that is drawn
OWN_PSF = """
[psf]
shape = "butterworth"
order = 2
alpha = 0.7
beta = 0.15
kappa = 0.05
"""
DESCRIBED_PSF = {
    "type": "ButterworthPsf",
    "order": 2,
    "alpha": 0.7,
    "beta": 0.15,
    "kappa": 0.05,
}


def with_camera(folder: Path, own: str) -> dict[str, Any]:
    """Return the parameters of a small dataset through a camera file."""
    folder.mkdir(exist_ok=True)
    path = folder / "lens.toml"
    path.write_text(LENS + own, encoding="utf-8")
    return small(folder) | {"camera_set": str(path)}


def manifest_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / layout.DATASET_MANIFEST).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def own(fake_blender: None, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Parameters and folder of a dataset whose only camera has its own optics."""
    parameters = with_camera(tmp_path_factory.mktemp("own"), OWN_SIGMA + OWN_PSF)
    done, task = build(parameters)
    assert done
    return parameters, task.folder()


def test_the_own_psf_and_noise_are_recorded_as_such(own: Any) -> None:
    manifest = manifest_of(own[1])
    assert manifest["parameters"]["psf"] == "own"
    for sequence in manifest["sequences"]:
        settings = sequence["settings"]
        assert settings["own"] == ["psf", "noise_sigma"]
        assert settings["psf"] == DESCRIBED_PSF
        assert settings["noise"] == {"model": "paper", "sigma": 0.01}


def test_cameras_without_own_optics_say_nothing_of_them(dataset: Path) -> None:
    manifest = manifest_of(dataset)
    assert manifest["parameters"]["psf"] == "paper"
    assert all("own" not in row["settings"] for row in manifest["sequences"])


def test_the_views_have_the_own_noise(own: Any) -> None:
    # The stand-in's picture is blurred, so what differs between rows is noise alone
    # where the target is even; its strength there is sigma times the signal.
    parameters, folder = own
    done, task = build(parameters | {"noise": "none"})
    assert done
    file = "train_l/source/seq_001/000001.png"
    noisy, clean = (linear(read_png(f / file)) for f in (folder, task.folder()))
    shown = (clean > 0.05) & (clean < 0.9)
    assert shown.sum() > 200
    relative = noisy[shown] / clean[shown] - 1
    # Five standard errors of a standard deviation, and 16-bit rounding.
    assert np.std(relative) == pytest.approx(0.01, rel=5 / np.sqrt(2 * shown.sum()))


def linear(encoded: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, decoding."""
    value = encoded / 65535
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize(
    "changed",
    [
        "",
        OWN_PSF,
        OWN_SIGMA,
        OWN_SIGMA + OWN_PSF.replace("0.7", "0.8"),
        OWN_SIGMA.replace("0.01", "0.02") + OWN_PSF,
        OWN_SIGMA + "psf.shape = 'ramp-disk'",
    ],
)
def test_other_own_optics_are_another_version(
    own: Any, tmp_path: Path, changed: str
) -> None:
    version = BuildDataset(**with_camera(tmp_path, changed)).version()
    assert version != own[1].name


@pytest.mark.parametrize("change", [{"psf": "released"}, {"psf_per": "frame"}])
def test_a_bank_is_refused_where_every_camera_has_its_own_psf(
    own: Any, change: dict[str, str]
) -> None:
    with pytest.raises(UserError, match="every camera of --camera-set brings its own"):
        BuildDataset(**(own[0] | change))


def test_a_bank_leaves_a_camera_with_its_own_psf_as_it_is(own: Any) -> None:
    parameters, _ = own
    own_file = parameters["camera_set"]
    alone = BuildDataset(**parameters).view_tasks()[0]
    both = BuildDataset(
        **(parameters | {"camera_set": f"2,{own_file}", "psf": "ramp-disk"})
    )
    drawn, own_psf = (
        next(task for task in both.view_tasks() if task.camera_set == camera)
        for camera in ("2", own_file)
    )
    assert own_psf.settings() == alone.settings()
    assert drawn.settings().draw.psf == RampDiskPsf()


def test_one_own_value_leaves_the_other_to_be_drawn(
    fake_blender: None, tmp_path: Path
) -> None:
    done, task = build(with_camera(tmp_path, OWN_PSF))
    assert done
    settings = manifest_of(task.folder())["sequences"][0]["settings"]
    assert settings["own"] == ["psf"]
    assert settings["psf"] == DESCRIBED_PSF
    assert settings["noise"]["sigma"] in SIGMA_GRID


def test_an_own_psf_is_traced(fake_blender: None, tmp_path: Path) -> None:
    change = {"dp_backend": "raytraced", "noise": "none"}
    done, task = build(with_camera(tmp_path, OWN_PSF) | change)
    assert done
    for sequence in manifest_of(task.folder())["sequences"]:
        assert sequence["pairs"]["spec"]["lens"]["psfs"] == [DESCRIBED_PSF]


def test_training_on_the_fly_keeps_the_own_optics(own: Any) -> None:
    parameters, folder = own
    clips = training_clips(folder, Path(parameters["work_dir"]), torch.device("cpu"))
    (lens,) = clips.lenses
    assert lens.psf == ButterworthPsf(2, 0.7, 0.15, 0.05)
    assert lens.noise_sigma == 0.01
    left, right = (clips.read(cut(n))["left"] for n in (1, 2))
    # Only the noise differs from one drawing to the next: 1 % of at most 1.
    assert 0 < float((left - right).std()) < 0.02


def cut(entropy: int) -> Cut:
    return Cut(0, 0, 1, 4, 9, 16, 24, entropy=(1, entropy))
