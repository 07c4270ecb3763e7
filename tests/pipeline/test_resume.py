"""What is broken or left behind is mended or named, and nothing finished is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from blender_scenes.own_names import partial_path
from pipeline import BuildDataset, layout
from pipeline.errors import UserError
from pipeline.tasks import dataset as dataset_task
from tests.pipeline.conftest import build, contents, small


@pytest.fixture
def parameters(finished: Path, tmp_path: Path) -> dict[str, Any]:
    """Parameters of a finished dataset that the test may break."""
    shutil.copytree(finished, tmp_path / "copy")
    return small(tmp_path / "copy")


def folder_of(parameters: dict[str, Any]) -> Path:
    return BuildDataset(**parameters).folder()


def forget(parameters: dict[str, Any], *places: str) -> None:
    """Remove the dataset, and parts of the work folder."""
    shutil.rmtree(folder_of(parameters))
    for place in places:
        shutil.rmtree(Path(parameters["work_dir"], place))


def work_file(parameters: dict[str, Any], pattern: str) -> Path:
    return sorted(Path(parameters["work_dir"]).rglob(pattern))[0]


def only_error(captured: pytest.CaptureFixture[str]) -> str:
    (line,) = [x for x in captured.readouterr().err.splitlines() if "error" in x]
    return line


def test_a_finished_dataset_is_not_touched(parameters: dict[str, Any]) -> None:
    files = [*folder_of(parameters).rglob("*")]
    before = {path: path.stat().st_mtime_ns for path in files}
    done, _ = build(parameters)
    assert done
    assert {path: path.stat().st_mtime_ns for path in files} == before


def spoil(path: Path) -> None:
    """Cut a file short, as a copy that was interrupted."""
    data = path.read_bytes()
    path.unlink()  # it shares its bytes with the work folder
    path.write_bytes(data[: len(data) // 2])


def edit(path: Path, **changes: Any) -> None:
    described = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    path.write_text(json.dumps(described | changes), encoding="utf-8")


DAMAGES = {
    "missing": (
        lambda folder: (folder / "test_r/source/seq_002/000002.png").unlink(),
        "000002.png: No such file or directory; dataset.json lists it",
    ),
    "truncated": (
        lambda folder: spoil(folder / "train_c/depth/seq_001/000001.exr"),
        "000001.exr: ",
    ),
    "no preview": (
        lambda folder: shutil.rmtree(folder / layout.PREVIEW),
        "preview/overview.png: No such file",
    ),
    "no manifest": (
        lambda folder: (folder / layout.DATASET_MANIFEST).unlink(),
        "dataset.json: No such file",
    ),
    "no JSON": (
        lambda folder: spoil(folder / layout.DATASET_MANIFEST),
        "dataset.json: not valid JSON",
    ),
    "no files": (
        lambda folder: edit(folder / layout.DATASET_MANIFEST, files={}),
        "no checksum of train_l/source/seq_001/000001.png",
    ),
    "another's": (
        lambda folder: edit(folder / layout.DATASET_MANIFEST, version="v3-0"),
        "of version v3-0",
    ),
    "frames": (
        lambda folder: edit(folder / layout.DATASET_MANIFEST, sequences=3),
        "'sequences' is 3; expected a list",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_version_is_made_again(
    parameters: dict[str, Any],
    dataset: Path,
    damage: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = folder_of(parameters)
    do, expected = DAMAGES[damage]
    do(folder)
    done, task = build(parameters)
    assert done
    assert contents(task.folder()) == contents(dataset)
    said = [x for x in capsys.readouterr().err.splitlines() if "made again" in x]
    assert len(said) == 1
    assert expected in said[0]


def test_files_of_a_user_survive_a_mended_version(
    parameters: dict[str, Any], dataset: Path
) -> None:
    folder = folder_of(parameters)
    (folder / "mine.txt").write_text("notes", encoding="utf-8")
    (folder / "metadata.jsonl").unlink()
    kept = folder / "README.md"
    made_ns = kept.stat().st_mtime_ns
    done, _ = build(parameters)
    assert done
    assert (folder / "mine.txt").read_text(encoding="utf-8") == "notes"
    assert kept.stat().st_mtime_ns == made_ns  # what is right is not touched
    (folder / "mine.txt").unlink()
    assert contents(folder) == contents(dataset)


def test_verify_finds_what_has_its_size(
    parameters: dict[str, Any], dataset: Path
) -> None:
    image = folder_of(parameters) / "train_l/source/seq_001/000001.png"
    data = bytearray(image.read_bytes())
    data[-50] ^= 0xFF
    image.unlink()
    image.write_bytes(data)
    assert BuildDataset(**parameters).complete()
    done, task = build(parameters | {"verify": True})
    assert done
    assert contents(task.folder()) == contents(dataset)


@pytest.mark.parametrize(
    "changes",
    [
        {"files": {}},
        {"files": 3},
        {"files": {"left/000001.png": 3}},
        {"frames": "12"},
        {"frames": []},
        {"settings": []},
        {"settings": {"camera": {"name": "3"}}},
        {"coc_range_px": None},
        {"source_sha256": 3},
        {"format_version": 1},
    ],
)
def test_views_whose_list_was_edited_are_listed_again(
    parameters: dict[str, Any], dataset: Path, changes: dict[str, Any]
) -> None:
    path = work_file(parameters, "views/*/views.json")
    before = path.read_bytes()
    edit(path, **changes)
    forget(parameters)
    done, task = build(parameters)
    assert done
    assert path.read_bytes() == before
    assert contents(task.folder()) == contents(dataset)


@pytest.mark.parametrize(
    "changes",
    [
        {"frames": []},
        {"frames": 3},
        {"frames": [{"number": 1}]},
        {"size": "48x32"},
        {"size": [48]},
        {"margin_px": None},
        {"notes": 3},
        {"notes": [{"code": 3}]},
        {"colour": "red"},
        {"format_version": []},
    ],
)
def test_frames_whose_list_was_edited_are_listed_again(
    parameters: dict[str, Any], dataset: Path, changes: dict[str, Any]
) -> None:
    path = work_file(parameters, "frames/*/frames.json")
    before = path.read_bytes()
    edit(path, **changes)
    forget(parameters, "views")
    done, task = build(parameters)
    assert done
    assert path.read_bytes() == before
    assert contents(task.folder()) == contents(dataset)


def test_a_dataset_stands_without_the_work_folder(parameters: dict[str, Any]) -> None:
    shutil.rmtree(parameters["work_dir"])
    done, _ = build(parameters)
    assert done
    assert not Path(parameters["work_dir"]).exists()


def test_a_truncated_frame_is_rendered_again(
    parameters: dict[str, Any], dataset: Path
) -> None:
    frame = work_file(parameters, "frames/*/000002.exr")
    whole = frame.read_bytes()
    frame.write_bytes(whole[:-100])
    forget(parameters, "views")
    done, task = build(parameters)
    assert done
    assert frame.read_bytes() == whole
    assert contents(task.folder()) == contents(dataset)


@pytest.mark.parametrize("picture", ["left/000001.png", "depth/000002.exr"])
def test_a_truncated_view_is_made_again(
    parameters: dict[str, Any], dataset: Path, picture: str
) -> None:
    view = work_file(parameters, f"views/*/{picture}")
    whole = view.read_bytes()
    view.unlink()
    view.write_bytes(whole[: len(whole) // 2])
    forget(parameters)
    done, task = build(parameters)
    assert done
    assert contents(task.folder()) == contents(dataset)


def test_missing_views_alone_are_made_again(
    parameters: dict[str, Any], dataset: Path
) -> None:
    views = work_file(parameters, "views/*/views.json").parent
    kept = views / "left" / "000001.png"
    made_ns = kept.stat().st_mtime_ns
    (views / layout.VIEWS_MANIFEST).unlink()
    (views / "right" / "000002.png").unlink()
    forget(parameters)
    done, task = build(parameters)
    assert done
    assert kept.stat().st_mtime_ns == made_ns
    assert contents(task.folder()) == contents(dataset)


def test_a_changed_frame_is_named_and_stops_the_build(
    parameters: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    frame = work_file(parameters, "frames/*/000001.exr")
    data = bytearray(frame.read_bytes())
    data[-50] ^= 0xFF  # same size, other bytes
    frame.write_bytes(data)
    forget(parameters, "views")
    done, task = build(parameters)
    assert not done
    assert not task.folder().exists()
    assert "000001.exr" in only_error(capsys)


def test_a_changed_view_is_named_and_stops_the_build(
    parameters: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    view = work_file(parameters, "views/*/left/000001.png")
    data = bytearray(view.read_bytes())
    data[-50] ^= 0xFF
    view.unlink()
    view.write_bytes(data)
    forget(parameters)
    done, task = build(parameters)
    assert not done
    assert not task.folder().exists()
    assert "000001.png: checksum differs" in only_error(capsys)


def test_a_file_in_place_of_a_folder_is_refused(
    parameters: dict[str, Any], tmp_path: Path
) -> None:
    blocked = tmp_path / "a-file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="a-file is no folder; expected a folder"):
        BuildDataset(**parameters | {"datasets_dir": str(blocked)})


def test_a_leftover_of_a_killed_build_is_no_obstacle(
    parameters: dict[str, Any], dataset: Path
) -> None:
    task = BuildDataset(**parameters)
    part = partial_path(task.folder())
    (part / "train_l").mkdir(parents=True)
    (part / "train_l" / "stray.png").write_bytes(b"half")
    forget(parameters)
    done, built = build(parameters)
    assert done
    assert not part.exists()
    assert contents(built.folder()) == contents(dataset)


def test_two_workers_give_the_same_bytes(
    parameters: dict[str, Any], dataset: Path
) -> None:
    forget(parameters, "frames", "views")
    done, task = build(parameters, workers=2)
    assert done
    assert contents(task.folder()) == contents(dataset)


def test_a_crash_of_blender_costs_one_frame_and_no_byte(
    parameters: dict[str, Any], dataset: Path
) -> None:
    forget(parameters, "frames", "views")
    frames = Path(parameters["work_dir"], "frames")
    frames.mkdir()
    (frames / "crash").write_text("once", encoding="utf-8")
    done, task = build(parameters)
    assert done
    assert contents(task.folder()) == contents(dataset)


def test_a_blender_that_fails_twice_leaves_no_dataset(
    parameters: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    forget(parameters, "frames", "views")
    frames = Path(parameters["work_dir"], "frames")
    frames.mkdir()
    (frames / "user-error").write_text("always", encoding="utf-8")
    done, task = build(parameters)
    assert not done
    assert not task.folder().exists()
    assert "no camera; expected one" in capsys.readouterr().err


def test_what_keeps_a_task_from_being_scheduled_is_one_line(
    small_dataset: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def refuse(flag: str, text: str) -> None:
        raise UserError(f"{flag} {text}: may not be written to")

    monkeypatch.setattr(dataset_task, "check_writable", refuse)
    done, _ = build(small_dataset)
    assert not done
    (line,) = capfd.readouterr().err.splitlines()
    assert line == (
        f"error: --datasets-dir {small_dataset['datasets_dir']}: may not be written to"
    )


@pytest.mark.parametrize(
    ("key", "value"), [("name", "zzz"), ("notes", []), ("parameters", {"seed": 9})]
)
def test_an_edited_manifest_is_written_again(
    parameters: dict[str, Any], dataset: Path, key: str, value: Any
) -> None:
    manifest = folder_of(parameters) / "dataset.json"
    edited = json.loads(manifest.read_text()) | {key: value, "more": 1}
    manifest.chmod(0o644)
    manifest.write_text(json.dumps(edited))
    assert not BuildDataset(**parameters).complete()
    done, task = build(parameters)
    assert done
    assert contents(task.folder()) == contents(dataset)
