"""A dataset version, read by its manifest: layout, encoding, patches, complaints."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
import torch

from rdpd.data import SCORING_KINDS, DualPixelDataset
from rdpd.pictures import DataError, Pictures, decoded_png
from rdpd.radial import relative_radial_distance
from rdpd.sampling import Cut, Extent
from tests.rdpd.data_files import (
    HEIGHT,
    WIDTH,
    scene_pictures,
    write_dataset,
    write_png,
)

PATCH = Cut(sequence=0, first=1, frames=2, top=5, left=7, height=16, width=24)
MIRRORED = Cut(0, 1, 2, 5, 7, 16, 24, flip=True)


@pytest.fixture
def folder(tmp_path):
    return write_dataset(tmp_path / "set")


@pytest.fixture
def train(folder):
    return DualPixelDataset(folder, "train")


def stored(kind: str, frame: int) -> np.ndarray:
    """Return what was written for a frame of the first sequence, (3, H, W)."""
    return np.moveaxis(scene_pictures(100 + frame)[kind], -1, 0) / 65535


def test_a_split_has_its_own_sequences(folder, train):
    assert [train.scene(n) for n in range(len(train))] == ["scene-1", "scene-2"]
    val = DualPixelDataset(folder, "val")
    assert [val.name(n) for n in range(len(val))] == ["seq_003"]
    assert val.extents == (Extent(3, HEIGHT, WIDTH),)


@pytest.mark.parametrize("kind", SCORING_KINDS)
def test_pictures_come_in_order_as_rgb_in_16_bits(train, kind):
    item = train.read(Cut(0, 0, 3, 0, 0, HEIGHT, WIDTH), SCORING_KINDS)
    assert item[kind].shape == (3, 3, HEIGHT, WIDTH)
    assert item[kind].dtype == torch.float32
    for frame in (1, 2, 3):
        np.testing.assert_allclose(
            item[kind][frame - 1], stored(kind, frame), rtol=1e-6
        )


def test_a_patch_and_its_radial_distance_are_from_the_same_place(train):
    item = train.read(PATCH)
    rows, columns = slice(5, 21), slice(7, 31)
    np.testing.assert_allclose(
        item["left"][0], stored("left", 2)[:, rows, columns], rtol=1e-6
    )
    radial = relative_radial_distance(HEIGHT, WIDTH)[rows, columns]
    assert torch.equal(item["radial"], radial.expand(2, 1, -1, -1))


def test_a_mirrored_left_view_is_the_right_one(train):
    item, mirrored = train.read(PATCH), train.read(MIRRORED)
    assert torch.equal(mirrored["left"], item["right"].flip(-1))
    assert torch.equal(mirrored["right"], item["left"].flip(-1))
    assert torch.equal(mirrored["target"], item["target"].flip(-1))
    assert torch.equal(mirrored["radial"], item["radial"].flip(-1))
    assert not torch.equal(mirrored["left"], item["left"].flip(-1))


def test_an_item_is_a_whole_sequence(train):
    assert train[1]["target"].shape == (3, 3, HEIGHT, WIDTH)


def test_decoded_pictures_are_kept_and_the_same(folder, train, tmp_path):
    kept = DualPixelDataset(folder, "train", cache=tmp_path / "cache")
    for _ in range(2):
        assert torch.equal(kept.read(PATCH)["left"], train.read(PATCH)["left"])
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 6


def test_pictures_of_8_bits_are_read_too(tmp_path):
    picture = scene_pictures(1)["target"].astype(np.float32) / 65535
    eight = np.round(picture * 255).astype(np.uint8)
    assert cv2.imwrite(str(tmp_path / "a.png"), eight[..., ::-1])
    found = Pictures().read(tmp_path / "a.png")
    np.testing.assert_allclose(np.moveaxis(found, 0, -1), eight / 255, rtol=1e-6)


def test_checksums_are_checked_when_asked(train):
    train.verify()
    path = train.clips[1].files["target"][2]
    write_png(path, scene_pictures(7)["target"])
    with pytest.raises(DataError, match=r"seq_002/000003\.png: checksum differs"):
        train.verify()


def test_a_changed_picture_is_not_learned_from(train):
    write_png(train.clips[0].files["left"][1], scene_pictures(7)["left"])
    with pytest.raises(DataError, match=r"seq_001/000002\.png: checksum differs"):
        train.read(PATCH)


def test_a_missing_picture_is_named(train):
    train.clips[0].files["left"][1].unlink()
    with pytest.raises(DataError, match=r"000002\.png: No such file"):
        train.read(PATCH)


def test_a_truncated_picture_is_not_decoded(tmp_path):
    write_png(tmp_path / "a.png", scene_pictures(1)["left"])
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(DataError, match="not a complete PNG"):
        decoded_png(tmp_path / "a.png")


def test_a_grey_picture_has_the_wrong_number_of_channels(tmp_path):
    assert cv2.imwrite(str(tmp_path / "a.png"), np.zeros((4, 4), np.uint16))
    with pytest.raises(DataError, match="1 channels; expected an RGB picture"):
        decoded_png(tmp_path / "a.png")


def test_a_folder_without_a_manifest_is_no_dataset(tmp_path):
    with pytest.raises(DataError, match=r"dataset\.json: No such file.*finished"):
        DualPixelDataset(tmp_path, "train")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not valid JSON"),
        ('{"schema_version": 1}', "schema 1; expected 2 or 3"),
        ('{"schema_version": 2, "name": "a", "version": "b"}', "'files'"),
    ],
)
def test_a_manifest_of_another_kind_is_refused(tmp_path, text, complaint):
    (tmp_path / "dataset.json").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=complaint):
        DualPixelDataset(tmp_path, "train")


def test_an_empty_split_says_which_there_are(folder):
    with pytest.raises(DataError, match=r"split 'test' \(2 train, 1 val, 0 test\)"):
        DualPixelDataset(folder, "test")


def test_a_picture_smaller_than_its_manifest_says_is_named(folder):
    path = folder / "dataset.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for row in manifest["sequences"]:
        row["size"] = [2 * WIDTH, HEIGHT]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(
        DataError, match=r"000001\.png is 48 x 32, dataset.json says 96 x 32"
    ):
        DualPixelDataset(folder, "train")[0]
