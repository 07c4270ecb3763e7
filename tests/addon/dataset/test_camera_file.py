"""The add-on's camera files are read by the pipeline as what was meant."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.addon.camera_values import CameraValues
from blender_scenes.addon.dataset.camera_file import camera_file_name, camera_toml
from dp_model.camera import ThinLensCamera
from dp_model.distortion import DivisionDistortion
from dp_model.psf import ButterworthPsf, RampDiskPsf
from pipeline.cameras import CameraSet, camera_items, camera_set

SINGLE_PRECISION = 1e-6

VALUES = CameraValues(
    camera=ThinLensCamera(0.05, 2.8, 3.7, 18.75e-6),
    psf=ButterworthPsf(6, 0.8, 0.2, 0.14),
    distortion=DivisionDistortion((0.01, -0.002, 0.0)),
    noise_model="paper",
    noise_sigma=0.05,
    width_px=1920,
    height_px=1080,
)


def read_back(values: CameraValues, folder: Path) -> CameraSet:
    path = folder / "Camera.toml"
    path.write_text(camera_toml(values), encoding="utf-8")
    return camera_set(str(path))


def test_a_camera_comes_back_as_it_was(tmp_path: Path) -> None:
    entry = read_back(VALUES, tmp_path)
    assert entry.name == "Camera"
    given, meant = (dataclasses.astuple(x.camera) for x in (entry, VALUES))
    assert given == pytest.approx(meant, rel=SINGLE_PRECISION)
    assert entry.psf == VALUES.psf
    assert entry.distortion == VALUES.distortion
    assert entry.noise_sigma == VALUES.noise_sigma


def test_a_camera_without_distortion_has_none(tmp_path: Path) -> None:
    plain = dataclasses.replace(VALUES, distortion=None, psf=RampDiskPsf())
    entry = read_back(plain, tmp_path)
    assert entry.distortion is None
    assert entry.psf == RampDiskPsf()


def test_single_precision_is_written_as_people_typed_it() -> None:
    single = float(np.float32(0.8))
    assert single != 0.8
    psf = ButterworthPsf(3, single, 0.1, 0.0)
    text = camera_toml(dataclasses.replace(VALUES, psf=psf))
    assert "alpha = 0.8\n" in text
    assert "focal_length_mm = 50\n" in text


@pytest.mark.parametrize("metres", [1e-9, 123456.789, 1e7])
def test_extreme_lengths_are_numbers_in_toml_too(tmp_path: Path, metres: float) -> None:
    camera = ThinLensCamera(metres, 2.0, 3 * metres, metres * 1e-3)
    entry = read_back(dataclasses.replace(VALUES, camera=camera), tmp_path)
    assert entry.camera.focal_length_m == pytest.approx(metres, rel=SINGLE_PRECISION)


@pytest.mark.parametrize("name", ["Camera.001", "Kamera, groß", "..", "1/2", ""])
def test_any_camera_name_makes_a_file_that_stands_in_a_list(name: str) -> None:
    file = camera_file_name(name)
    assert camera_items(f"1,/folder/{file}") == ("1", f"/folder/{file}")
    assert Path(file).name == file
    assert Path(file).suffix == ".toml"
