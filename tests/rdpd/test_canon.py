"""The Canon data set in its published layout: paired by order, single images."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from rdpd.canon import CanonDataset
from rdpd.evaluation_set import open_evaluation_set
from rdpd.pictures import DataError
from rdpd.sampling import Cut, Extent
from tests.rdpd.data_files import HEIGHT, WIDTH, scene_pictures, write_canon, write_png


@pytest.fixture
def folder(tmp_path):
    return write_canon(tmp_path / "canon")


def test_pictures_are_paired_by_sorted_order_not_by_name(folder):
    """P9 has the target P8, and comes before P10, whose target is P9."""
    canon = CanonDataset(folder, "train")
    assert [canon.name(n) for n in range(len(canon))] == ["P9", "P10", "P11"]
    for number in range(3):
        found = canon[number]
        for kind in ("left", "right", "target"):
            expected = np.moveaxis(scene_pictures(9 + number)[kind], -1, 0) / 65535
            np.testing.assert_allclose(found[kind][0], expected, rtol=1e-6)


def test_pictures_are_clips_of_one_frame(folder):
    canon = CanonDataset(folder, "val")
    assert canon.is_single
    assert canon.extents == (Extent(1, HEIGHT, WIDTH),) * 3
    assert canon[0]["radial"].shape == (1, 1, HEIGHT, WIDTH)


def test_portrait_pictures_keep_their_own_size(folder):
    for place, name in (
        ("l/source", "P9_L"),
        ("r/source", "P9_R"),
        ("c/source", "P9"),
        ("c/target", "P8"),
    ):
        upright = np.zeros((WIDTH, HEIGHT, 3), np.uint16)
        write_png(folder / f"train_{place}" / f"{name}.png", upright)
    canon = CanonDataset(folder, "train")
    assert canon.extents[0] == Extent(1, WIDTH, HEIGHT)
    assert canon[0]["left"].shape == (1, 3, WIDTH, HEIGHT)


def test_a_mirrored_left_view_is_the_right_one(folder):
    canon = CanonDataset(folder, "train")
    patch, mirrored = (
        canon.read(Cut(1, 0, 1, 0, 3, 16, 16, flip=flip)) for flip in (False, True)
    )
    assert torch.equal(mirrored["left"], patch["right"].flip(-1))


def test_a_missing_target_is_noticed(folder):
    next((folder / "train_c/target").iterdir()).unlink()
    with pytest.raises(DataError, match="3 left, 3 right, 3 combined, 2 target"):
        CanonDataset(folder, "train")


def test_pictures_of_two_sizes_are_not_a_pair(folder):
    write_png(folder / "train_c/target/P8.png", np.zeros((8, 8, 3), np.uint16))
    with pytest.raises(DataError, match=r"P8\.png: 8 x 8 pixels"):
        CanonDataset(folder, "train")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match=r"train_l/source: no \.png files"):
        CanonDataset(tmp_path, "train")


def test_what_a_mac_leaves_beside_pictures_is_passed_over(folder):
    expected = CanonDataset(folder, "train")
    for path in [*(folder / "train_c/target").iterdir()]:
        (path.parent / f"._{path.name}").write_bytes(b"\0\5\26\7" + bytes(40))
        (path.parent / ".DS_Store").write_bytes(b"Bud1")
        (path.parent / "Thumbs.db").write_bytes(b"\xd0\xcf")
    canon = CanonDataset(folder, "train")
    assert canon.clips == expected.clips
    assert canon.identity == expected.identity


def test_capital_extensions_are_pictures_too(folder):
    expected = [CanonDataset(folder, "train")[n] for n in range(3)]
    for place in ("l/source", "c/target"):
        path = sorted((folder / f"train_{place}").iterdir())[0]
        path.rename(path.with_suffix(".PNG"))
    canon = CanonDataset(folder, "train")
    assert [canon.name(n) for n in range(3)] == ["P9", "P10", "P11"]
    for kind in ("left", "target"):
        assert torch.equal(canon[1][kind], expected[1][kind])


def test_a_list_of_pictures_may_have_capital_extensions(folder, tmp_path):
    path = tmp_path / "indoor.txt"
    path.write_text("P9.PNG\n3\n")
    found = open_evaluation_set(folder, "val", {"indoor": path})
    assert [row.get("place") for row in found.labels] == ["indoor", None, "indoor"]


def test_two_names_that_differ_in_capitals_alone_are_refused(folder):
    path = folder / "train_c/target/P8.png"
    path.with_suffix(".PNG").write_bytes(path.read_bytes())
    with pytest.raises(DataError, match=r"the same name as P8\.PNG but for"):
        CanonDataset(folder, "train")


def test_a_file_where_a_folder_is_expected_is_named(folder):
    path = folder / "train_c/target"
    path.rename(folder / "kept")
    path.touch()
    with pytest.raises(DataError, match=r"train_c/target: Not a directory; expected"):
        CanonDataset(folder, "train")
