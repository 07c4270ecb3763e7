"""Views made while a network trains: what the dataset's own synthesis makes."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from blender_scenes.frames import Frame, FrameError
from dp_model.camera import CAMERA_SETS
from dp_model.distortion import CAMERA_SET_DISTORTIONS
from dp_model.psf import PAPER_BANK
from pipeline import layout
from pipeline.cameras import CameraSet
from pipeline.draws import SequenceDraw
from pipeline.errors import UserError
from pipeline.on_the_fly import DeviceNormals, training_clips
from pipeline.patch_views import Lens, Surfaces, patch_views
from pipeline.synthesis import ViewSettings, synthesise_views
from rdpd.sampling import Cut

CPU = torch.device("cpu")
MARGIN_PX = 8
CUT = Cut(0, 0, 1, top=6, left=40, height=32, width=32)


@pytest.fixture
def frame(rng: np.random.Generator) -> Frame:
    """A wall, and a nearer one before it, both with coarse texture; sky above."""
    height, width = 64 + 2 * MARGIN_PX, 96 + 2 * MARGIN_PX
    coarse = rng.random((height // 4, width // 4, 3), dtype=np.float32)
    depth_m = np.full((height, width), 30.0, np.float32)
    depth_m[40:, 60:90] = 4.0
    depth_m[:10] = np.inf
    empty = np.zeros((height, width), np.uint32)
    # From 0.25 to 0.75: interpolation overshoots, and files clip.
    rgb = 0.25 + 0.5 * coarse.repeat(4, axis=0).repeat(4, axis=1)
    return Frame(rgb, depth_m, empty, empty)


def surfaces_of(frame: Frame) -> Surfaces:
    return Surfaces(
        torch.from_numpy(frame.linear_rgb),
        torch.from_numpy(frame.depth_m),
        None,
        float(frame.depth_m.min()),
    )


@pytest.mark.parametrize("name", ["1", "3", "5"])
@pytest.mark.parametrize("is_distorted", [False, True])
def test_a_patch_is_what_the_whole_frame_shows_there(
    frame: Frame, name: str, is_distorted: bool
) -> None:
    distortion = CAMERA_SET_DISTORTIONS[name] if is_distorted else None
    camera, psf = CAMERA_SETS[name], PAPER_BANK[5]
    patch = patch_views(
        surfaces_of(frame),
        MARGIN_PX,
        CUT,
        Lens(camera, distortion),
        psf,
        mode="occlusion",
    )
    draw = SequenceDraw(psf, "paper", 0.0, (0, 0))
    settings = ViewSettings(
        CameraSet(name, camera), draw, "occlusion", "none", distortion
    )
    whole = synthesise_views(frame, MARGIN_PX, 0, settings)
    for kind in ("left", "right", "target"):
        linear = decoded(whole[kind])[CUT.rows, CUT.columns]
        error = np.abs(patch[kind].numpy() - linear)
        assert np.quantile(error, 0.99) < 1e-4, kind  # 16 bits
        # Layers are placed by the depths that are in sight: it shows at edges.
        assert error.max() < (1e-4 if kind == "target" else 0.05), kind


def decoded(encoded: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, decoding."""
    value = encoded / 65535
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def test_noise_of_the_device_is_standard_normal_and_seeded() -> None:
    values = DeviceNormals(3, CPU).standard_normal((100, 100, 3))
    # Five standard errors of the mean and of the variance of 30 000 values.
    assert abs(float(values.mean())) < 5 / 30_000**0.5
    assert abs(float(values.var()) - 1) < 5 * (2 / 30_000) ** 0.5
    again = DeviceNormals(3, CPU).standard_normal((100, 100, 3))
    assert torch.equal(values, again)


def clip(cut: Cut, finished: Path, dataset: Path) -> dict[str, torch.Tensor]:
    return training_clips(dataset, finished / "work", CPU).read(cut)


PATCH = Cut(0, 0, 2, 4, 9, 16, 24, entropy=(1, 2))


def test_a_clip_is_drawn_by_its_entropy_alone(finished: Path, dataset: Path) -> None:
    first, second = (clip(PATCH, finished, dataset) for _ in range(2))
    other = clip(replace(PATCH, entropy=(1, 3)), finished, dataset)
    assert first["left"].shape == (2, 3, 16, 24)
    assert first["radial"].shape == (2, 1, 16, 24)
    assert all(torch.equal(first[kind], second[kind]) for kind in first)
    assert torch.equal(first["target"], other["target"])
    assert not torch.equal(first["left"], other["left"])


def test_views_of_a_clip_have_noise_of_their_own_and_are_encoded(
    finished: Path, dataset: Path
) -> None:
    item = clip(PATCH, finished, dataset)
    assert all(0 <= float(t.min()) <= float(t.max()) <= 1 for t in item.values())
    assert not torch.equal(item["left"], item["right"])
    assert not torch.equal(item["left"][0], item["left"][1])


def test_a_mirrored_left_view_is_the_right_one(finished: Path, dataset: Path) -> None:
    item = clip(PATCH, finished, dataset)
    mirrored = clip(replace(PATCH, flip=True), finished, dataset)
    assert torch.equal(mirrored["left"], item["right"].flip(-1))
    assert torch.equal(mirrored["target"], item["target"].flip(-1))


def test_the_target_is_that_of_the_dataset(finished: Path, dataset: Path) -> None:
    from rdpd.data import DualPixelDataset

    stored = DualPixelDataset(dataset, "train").read(PATCH)["target"]
    fresh = clip(PATCH, finished, dataset)["target"]
    assert float((stored - fresh).abs().max()) < 1e-4  # 16 bits


@pytest.fixture
def copied(finished: Path, dataset: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of the dataset and of its work folder, to be broken."""
    copy = Path(shutil.copytree(finished, tmp_path / "copy"))
    return copy / dataset.relative_to(finished), copy / "work"


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("sequences", 0, "settings"), 3, "--on-the-fly draws from"),
        (("sequences", 0, "settings", "camera"), {}, "--on-the-fly draws from"),
        (
            ("sequences", 0, "settings", "distortion", "type"),
            "x",
            "('x' is missing); was it",
        ),
        (("sequences", 0, "source"), None, "--on-the-fly draws from"),
        (("sequences", 0, "scene"), "../street-1", "is no folder's name"),
        (("sequences", 0, "source", "frames"), "a" * 300, "is no folder's name"),
        (("parameters", "psf"), "moon", "'moon' is no bank of PSFs"),
        (("parameters", "mode"), "moon", "'moon' is none of occlusion"),
        (("parameters", "noise"), "moon", "'moon' is none of paper"),
        (("parameters",), [], "--on-the-fly draws from"),
    ],
)
def test_an_edited_manifest_is_one_line(
    copied: tuple[Path, Path], place: tuple[Any, ...], value: Any, message: str
) -> None:
    path = copied[0] / layout.DATASET_MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    part = manifest
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(UserError, match=re.escape(message)) as caught:
        training_clips(*copied, CPU)
    assert "\n" not in str(caught.value)


def test_a_frame_that_is_missing_or_was_changed_is_named(
    copied: tuple[Path, Path],
) -> None:
    (frame,) = copied[1].glob("frames/street-1-*/000001.exr")
    data = bytearray(frame.read_bytes())
    clips = training_clips(*copied, CPU)
    data[-50] ^= 0xFF
    frame.write_bytes(data)
    with pytest.raises(FrameError, match=r"000001\.exr: (checksum|not a complete)"):
        clips.read(PATCH)
    frame.unlink()
    with pytest.raises(FrameError, match=r"000001\.exr: missing, or not the"):
        training_clips(*copied, CPU)


def test_frames_that_are_gone_are_named(dataset: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--on-the-fly needs the frames"):
        training_clips(dataset, tmp_path, CPU)
