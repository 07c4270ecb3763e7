from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipeline import BuildDataset, layout
from pipeline.images import read_map, read_png
from pipeline.members import dataset_members, member_splits, split_scenes
from tests.pipeline.conftest import build, contents, small


def manifest_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / layout.DATASET_MANIFEST).read_text(encoding="utf-8"))


def test_the_layout_is_that_of_the_canon_dual_pixel_data_set(dataset: Path) -> None:
    pictures = {
        path.relative_to(dataset).as_posix()
        for path in dataset.rglob("*.png")
        if layout.PREVIEW not in path.parts
    }
    expected = {
        f"{split}_{place}/{sequence}/{frame}.png"
        for split, sequence in (("train", "seq_001"), ("test", "seq_002"))
        for place in ("l/source", "r/source", "c/source", "c/target")
        for frame in ("000001", "000002")
    }
    assert pictures == expected
    assert (dataset / "train_c/coc/seq_001/000001.exr").is_file()
    assert (dataset / "test_c/depth/seq_002/000002.exr").is_file()


def test_pictures_are_16_bit_and_of_the_asked_size(dataset: Path) -> None:
    left = read_png(dataset / "train_l/source/seq_001/000001.png")
    assert left.shape == (32, 48, 3)
    assert np.any(left % 257)  # not 8 bits stretched to 16
    assert read_map(dataset / "train_c/coc/seq_001/000001.exr").shape == (32, 48)


def test_the_manifest_lists_every_file_with_its_checksum(dataset: Path) -> None:
    listed = {
        name: row["sha256"] for name, row in manifest_of(dataset)["files"].items()
    }
    present = contents(dataset)
    del present[layout.DATASET_MANIFEST]
    assert listed == present


def test_the_manifest_records_camera_psf_noise_and_seed(dataset: Path) -> None:
    first, second = manifest_of(dataset)["sequences"]
    settings = first["settings"]
    assert settings["camera"]["focal_length_m"] == 7
    assert settings["psf"]["order"] in (3, 6, 9)
    assert 0.05 <= settings["noise"]["sigma"] <= 0.5
    assert settings["seed"] != second["settings"]["seed"]
    assert [first["split"], second["split"]] == ["train", "test"]


def test_no_path_of_this_machine_is_written(dataset: Path) -> None:
    for name in (layout.DATASET_MANIFEST, layout.DATA_CARD, layout.METADATA):
        assert str(dataset.parent) not in (dataset / name).read_text(encoding="utf-8")


def test_metadata_rows_point_at_files(dataset: Path) -> None:
    lines = (dataset / layout.METADATA).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) == 4
    for row in rows:
        names = [v for k, v in row.items() if k.endswith(("_file_name", "_path"))]
        assert len(names) == 6
        assert all((dataset / name).is_file() for name in names)


def test_combined_is_the_mean_of_left_and_right_where_nothing_clips(
    small_dataset: dict[str, Any],
) -> None:
    done, task = build(small_dataset | {"noise": "none"})
    assert done
    left, right, combined = (
        linear(read_png(task.folder() / f"train_{view}/source/seq_001/000001.png"))
        for view in "lrc"
    )
    assert np.max(np.abs((left + right) / 2 - combined)) < 1e-3  # PNG quantisation


def linear(encoded: np.ndarray) -> np.ndarray:
    """IEC 61966-2-1, decoding."""
    value = encoded / 65535
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def test_previews_are_pictures_of_every_sequence(dataset: Path) -> None:
    preview = dataset / layout.PREVIEW
    names = {path.name for path in preview.iterdir()}
    assert names == {
        "overview.png",
        "statistics.json",
        "statistics.png",
        *(f"seq_00{n}{suffix}" for n in (1, 2) for suffix in (".png", "_flip.gif")),
    }
    with Image.open(preview / "seq_001_flip.gif") as flip:
        assert flip.n_frames == 2
        assert flip.info["loop"] == 0


def test_two_builds_give_identical_bytes(
    small_dataset: dict[str, Any], tmp_path: Path
) -> None:
    folders = []
    for place in ("a", "b"):
        done, task = build(
            small_dataset
            | {
                "work_dir": str(tmp_path / place / "work"),
                "datasets_dir": str(tmp_path / place / "datasets"),
            }
        )
        assert done
        folders.append(task.folder())
    assert folders[0].name == folders[1].name
    assert contents(folders[0]) == contents(folders[1])


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"mode": "paper"},
        {"psf": "ramp-disk"},
        {"noise": "none"},
        {"distortion": "none"},
        {"camera_set": "2"},
        {"scene": "street-1,street-3"},
        {"frames": "3"},
        {"size": "64x32"},
        {"samples": 4},
        {"denoiser": "none"},
        {"engine": "eevee"},
        {"device": "cpu"},
        {"nearest": 2.0},
        {"name": "other"},
    ],
)
def test_changing_what_changes_bytes_changes_the_version(
    small_dataset: dict[str, Any], change: dict[str, Any]
) -> None:
    before = BuildDataset(**small_dataset).folder()
    after = BuildDataset(**(small_dataset | change)).folder()
    assert before != after


def test_what_changes_no_byte_keeps_the_version(
    small_dataset: dict[str, Any],
) -> None:
    change = {"threads": 1, "frame_time_limit": 5.0}
    before = BuildDataset(**small_dataset).version()
    assert BuildDataset(**(small_dataset | change)).version() == before


@pytest.mark.parametrize(
    "spelling",
    [
        {"frames": "1-2"},
        {"size": "48X32"},
        {"camera_set": " 3 "},
        {"nearest": 9.9},
        {"threads": 1},
        {"frame_time_limit": 5.0},
    ],
)
def test_another_spelling_is_the_same_dataset(
    dataset: Path, finished: Path, tmp_path: Path, spelling: dict[str, Any]
) -> None:
    places = {"datasets_dir": str(tmp_path / "datasets")}
    done, task = build(small(finished) | places | spelling)
    assert done
    assert contents(task.folder()) == contents(dataset)


def test_a_scene_and_a_camera_are_the_same_wherever_their_files_lie(
    small_dataset: dict[str, Any], tmp_path: Path
) -> None:
    versions = []
    for place in ("here", "there"):
        folder = tmp_path / place
        folder.mkdir()
        (folder / "a.blend").write_bytes(b"a scene")
        (folder / "phone.toml").write_text(
            "focal_length_mm = 4.4\nf_number = 1.7\nfocus_distance_m = 10\n"
            "pixel_pitch_um = 1.4\n",
            encoding="utf-8",
        )
        own = {
            "scene": str(folder / "a.blend"),
            "camera_set": str(folder / "phone.toml"),
            "work_dir": str(folder / "work"),
            "datasets_dir": str(folder / "datasets"),
        }
        done, task = build(small_dataset | own)
        assert done
        versions.append(contents(task.folder()))
    assert versions[0] == versions[1]


def test_one_render_feeds_every_camera(small_dataset: dict[str, Any]) -> None:
    done, _ = build(small_dataset | {"camera_set": "1,3"})
    assert done
    folders = list(Path(small_dataset["work_dir"], "frames").iterdir())
    assert len(folders) == 2  # one per scene
    views = list(Path(small_dataset["work_dir"], "views").iterdir())
    assert len(views) == 4


@pytest.mark.parametrize("count", range(1, 9))
def test_every_scene_has_one_split_and_training_the_most(count: int) -> None:
    splits = split_scenes(count)
    assert len(splits) == count
    assert splits[0] == "train"
    assert splits == sorted(splits, key=("train", "val", "test").index)
    assert splits.count("val") <= 1
    assert splits.count("test") == (count > 1)


def test_splits_are_counts_of_scenes_in_their_order() -> None:
    members = dataset_members(",".join(f"city-{n}" for n in range(1, 7)), "")
    assert list(member_splits(members, "5,0,1").values()) == ["train"] * 5 + ["test"]
    by_rule = list(member_splits(members).values())
    assert by_rule == ["train"] * 4 + ["val", "test"]
