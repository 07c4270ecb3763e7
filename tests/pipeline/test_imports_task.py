"""From somebody else's RGB-D data to a dataset, and again without work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import luigi
import numpy as np
import pytest
from luigi.task_register import Register

from blender_scenes import frames
from blender_scenes.notes import Note
from pipeline import BuildDataset, ImportSequence, layout
from pipeline.errors import UserError
from pipeline.images import read_map, read_png
from pipeline.members import dataset_members, member_splits
from tests.pipeline.conftest import build, contents
from tests.pipeline.foreign_files import (
    colours,
    synthia_sf,
    write_any_exr,
    write_npy,
    write_png,
)


def parameters(folder: Path, **changes: Any) -> dict[str, Any]:
    return {
        "source": f"synthia-sf:{folder / 'SYNTHIA-SF'}",
        "noise": "none",
        "distortion": "none",
        "work_dir": str(folder / "work"),
        "datasets_dir": str(folder / "datasets"),
        **changes,
    }


def manifest_of(task: BuildDataset) -> dict[str, Any]:
    path = task.folder() / layout.DATASET_MANIFEST
    return json.loads(path.read_text(encoding="utf-8"))


def only_error(captured: pytest.CaptureFixture[str]) -> str:
    (line,) = [x for x in captured.readouterr().err.splitlines() if "error" in x]
    return line


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildDataset]:
    """The paper's set-up on a tiny stand-in: all cameras, every sequence."""
    folder = tmp_path_factory.mktemp("paper")
    synthia_sf(folder / "SYNTHIA-SF")
    done, task = build(parameters(folder))
    assert done
    return folder, task


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return synthia_sf(tmp_path / "SYNTHIA-SF", sequences=1)


def imported(folder: Path, **changes: Any) -> ImportSequence:
    source = f"synthia-sf:{folder / 'SYNTHIA-SF'}"
    return ImportSequence(
        **{"source": source, "work_dir": str(folder / "work"), **changes}
    )


def run(task: luigi.Task) -> bool:
    return bool(luigi.build([task], local_scheduler=True))


# The dataset


def test_the_papers_sequence_is_for_testing_and_the_rest_for_training(
    paper: tuple[Path, BuildDataset],
) -> None:
    sequences = manifest_of(paper[1])["sequences"]
    assert len(sequences) == 3 * 5
    by_scene: dict[str, set[str]] = {}
    for sequence in sequences:
        by_scene.setdefault(sequence["scene"], set()).add(sequence["split"])
    assert by_scene == {
        "synthia-sf-SEQ1": {"train"},
        "synthia-sf-SEQ2": {"train"},
        "synthia-sf-SEQ3": {"test"},
    }
    cameras = {s["settings"]["camera"]["name"] for s in sequences}
    assert cameras == {"1", "2", "3", "4", "5"}


def test_targets_are_the_sources_pictures(paper: tuple[Path, BuildDataset]) -> None:
    _, task = paper
    target = read_png(task.folder() / "test_c/target/seq_011/000001.png")
    assert target.shape == (32, 48, 3)
    source = colours(32, 48, 31)  # SEQ3, second frame
    # Frames are stored as half floats: 11 bits, some 8 of 65536 steps.
    assert np.abs(target - source * 257.0).max() <= 10
    assert np.array_equal(np.rint(target / 257), source)


def test_depth_and_blur_are_those_of_the_codes(
    paper: tuple[Path, BuildDataset],
) -> None:
    depth_m = read_map(paper[1].folder() / "train_c/depth/seq_001/000000.exr")
    assert np.isinf(depth_m[:8]).all()
    assert np.allclose(depth_m[8:, 24:], 3.9062502)
    assert np.allclose(depth_m[8:, :24], 46.875003)
    coc_px = read_map(paper[1].folder() / "train_c/coc/seq_001/000000.exr")
    # Camera set 1: f 4, N 5, s 6, of pitch 1 m: q = 0.8, s' = 12; the sky has
    # q/2 * s'/s = 0.8 px.
    assert coc_px[0, 0] == pytest.approx(0.8, rel=1e-6)


def test_the_manifest_says_what_was_imported_and_no_path(
    paper: tuple[Path, BuildDataset],
) -> None:
    folder, task = paper
    manifest = manifest_of(task)
    sequence = manifest["sequences"][0]
    assert sequence["size"] == [48, 32]
    assert sequence["source"]["spec"]["importer"] == "synthia-sf"
    assert manifest["parameters"]["sources"] == [
        f"synthia-sf-SEQ{number}" for number in (1, 2, 3)
    ]
    assert "samples" not in manifest["parameters"]
    for name in (layout.DATASET_MANIFEST, layout.DATA_CARD, layout.METADATA):
        text = (task.folder() / name).read_text(encoding="utf-8")
        assert str(folder) not in text
    card = (task.folder() / layout.DATA_CARD).read_text(encoding="utf-8")
    assert "imported frames: synthia-sf-SEQ1" in card
    assert "Procedural" not in card


def test_a_second_run_does_nothing(paper: tuple[Path, BuildDataset]) -> None:
    folder, task = paper
    files = [*(folder / "work").rglob("*"), *task.folder().rglob("*")]
    before = {path: path.stat().st_mtime_ns for path in files}
    done, again = build(parameters(folder))
    assert done
    assert again.folder() == task.folder()
    assert {path: path.stat().st_mtime_ns for path in files} == before


def test_nothing_is_written_to_the_source(paper: tuple[Path, BuildDataset]) -> None:
    present = contents(paper[0] / "SYNTHIA-SF")
    assert len(present) == 3 * 2 * 3
    synthia_sf(paper[0] / "fresh")
    assert contents(paper[0] / "fresh") == present


def test_the_same_data_elsewhere_give_identical_bytes(tmp_path: Path) -> None:
    versions: list[dict[str, str]] = []
    for place in ("here", "there"):
        synthia_sf(tmp_path / place / "SYNTHIA-SF", sequences=1, frames=1)
        done, task = build(parameters(tmp_path / place, camera_set="3"))
        assert done
        versions.append(contents(task.folder()))
    assert versions[0] == versions[1]


@pytest.mark.parametrize("place", ["RGBLeft", "DepthLeft", "GTLeft"])
def test_a_changed_input_file_is_another_version(root: Path, place: str) -> None:
    before = BuildDataset(**parameters(root.parent)).version()
    path = root / "SEQ1" / place / "0000001.png"
    data = path.read_bytes()
    write_png(path, colours(32, 48, 99))
    Register.clear_instance_cache()  # as a new command would
    assert BuildDataset(**parameters(root.parent)).version() != before
    path.write_bytes(data)
    Register.clear_instance_cache()
    assert BuildDataset(**parameters(root.parent)).version() == before


def test_a_file_that_changes_during_the_import_stops_it(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = imported(tmp_path)
    write_png(root / "SEQ1" / "RGBLeft" / "0000001.png", colours(32, 48, 99))
    assert not run(task)
    assert "files changed while they were imported" in only_error(capsys)
    assert not any(task.folder().iterdir())


def test_imported_and_rendered_sequences_of_two_sizes_make_one_dataset(
    fake_blender: None, root: Path, tmp_path: Path
) -> None:
    done, task = build(
        parameters(
            tmp_path,
            scene="street-1,street-2",
            size="64x32",
            frames="2",
            camera_set="3",
            nearest=10.0,
        )
    )
    assert done
    sequences = manifest_of(task)["sequences"]
    assert [(s["scene"], s["split"], s["size"]) for s in sequences] == [
        ("street-1", "train", [64, 32]),
        ("street-2", "test", [64, 32]),
        ("synthia-sf-SEQ1", "train", [48, 32]),
    ]
    # Rendered frames count from 1, the source's own from 0.
    assert [s["frames"] for s in sequences] == [[1, 2], [1, 2], [0, 1]]
    card = (task.folder() / layout.DATA_CARD).read_text(encoding="utf-8")
    assert "48 x 32 or 64 x 32 pixels" in card
    assert "imported frames" in card
    assert "Procedural" in card
    assert (task.folder() / layout.PREVIEW / "overview.png").is_file()


def test_a_source_takes_the_place_of_the_default_scenes(root: Path) -> None:
    tasks = BuildDataset(**parameters(root.parent, camera_set="3")).view_tasks()
    assert [task.frames_task().sequence_name() for task in tasks] == ["synthia-sf-SEQ1"]


def test_places_are_never_divided(tmp_path: Path) -> None:
    for name in ("Scene01/clone", "Scene01/fog", "Scene02/clone", "Scene06/rain"):
        write_png(tmp_path / name / "frames/rgb/Camera_0/rgb_00000.jpg", [[1]])
    members = dataset_members("", f"vkitti2:{tmp_path}")
    assert member_splits(members) == {
        "vkitti2-Scene01-clone": "train",
        "vkitti2-Scene01-fog": "train",
        "vkitti2-Scene02-clone": "val",
        "vkitti2-Scene06-rain": "test",
    }
    some = dataset_members("", f"vkitti2:{tmp_path}:*/clone")
    assert [member.name for member in some] == [
        "vkitti2-Scene01-clone",
        "vkitti2-Scene02-clone",
    ]


def test_two_sequences_of_one_name_are_refused(root: Path) -> None:
    source = f"synthia-sf:{root},synthia-sf:{root}:SEQ1"
    with pytest.raises(UserError, match="of different names"):
        BuildDataset(**parameters(root.parent, source=source))


def test_no_ray_is_traced_through_pictures(root: Path) -> None:
    with pytest.raises(UserError, match=r"--source .*expects scenes alone"):
        BuildDataset(**parameters(root.parent, dp_backend="raytraced"))


def test_missing_depth_is_said_before_anything_is_scheduled(root: Path) -> None:
    (root / "SEQ1" / "DepthLeft" / "0000001.png").unlink()
    with pytest.raises(UserError, match=r"0000001\.png: no depth file"):
        BuildDataset(**parameters(root.parent))


def test_a_broken_file_is_one_line_and_leaves_no_dataset(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "SEQ1" / "DepthLeft" / "0000001.png"
    path.write_bytes(path.read_bytes()[:-20])
    done, task = build(parameters(root.parent, camera_set="3"))
    assert not done
    assert not task.folder().exists()
    line = only_error(capsys)
    assert line.startswith(f"error: {path}: not a complete PNG")


def test_a_picture_of_another_size_than_the_first_is_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place in ("RGBLeft", "DepthLeft", "GTLeft"):
        values = np.ones((16, 24, 3), np.uint8)
        write_png(root / "SEQ1" / place / "0000001.png", values)
    assert not run(imported(tmp_path))
    line = only_error(capsys)
    assert "RGBLeft/0000001.png: 24 x 16 pixels; expected 48 x 32" in line


# The frame folder


def test_the_frame_folder_says_what_is_known(root: Path, tmp_path: Path) -> None:
    task = imported(tmp_path)
    assert run(task)
    sequence = frames.FrameSequence.load(task.folder())
    assert (sequence.size, sequence.margin_px, sequence.fps) == ((48, 32), 0, None)
    assert sequence.encoded_source
    assert sequence.frames[0].intrinsics is None
    assert sequence.frames[0].world_from_camera is None
    assert sequence.source["files"]["1"]["depth"] == frames.sha256_of(
        root / "SEQ1" / "DepthLeft" / "0000001.png"
    )
    frame = frames.read_frame(task.folder() / frames.frame_file(1))
    assert set(np.unique(frame.label)) == {11, 14}
    assert str(tmp_path) not in (task.folder() / "frames.json").read_text()


def test_linear_colour_is_not_marked_as_encoded(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    grey = np.full((4, 4), 0.5, np.float32)
    frames.write_exr(tmp_path / "images" / "1.exr", dict.fromkeys("RGB", grey))
    write_npy(tmp_path / "depth" / "1.npy", np.ones((4, 4)))
    task = imported(tmp_path, source=f"folder:{tmp_path}")
    assert run(task)
    assert not frames.FrameSequence.load(task.folder()).encoded_source


def test_an_interrupted_import_goes_on_with_the_same_bytes(
    root: Path, tmp_path: Path
) -> None:
    task = imported(tmp_path)
    assert run(task)
    whole = contents(task.folder())
    kept = task.folder() / "000000.exr"
    made_ns = kept.stat().st_mtime_ns
    (task.folder() / "frames.json").unlink()
    cut = task.folder() / "000001.exr"
    cut.write_bytes(cut.read_bytes()[:-50])
    assert run(task)
    assert kept.stat().st_mtime_ns == made_ns
    assert contents(task.folder()) == whole


# Notes


def doubtful(folder: Path, scale: float, rng: np.random.Generator) -> ImportSequence:
    """Return the import of grey pictures, half too bright, with depth of any unit."""
    for number in (1, 2):
        # Some of them are 1 as half floats, and brighter as floats.
        grey = rng.uniform(0.9995, 1.001, (4, 4)).astype(np.float32)
        write_any_exr(folder / f"take/images/{number}.exr", {"V": grey})
        depth = scale * rng.uniform(2, 8, (4, 4))
        write_npy(folder / f"take/depth/{number}.npy", depth)
    return imported(folder, source=f"folder:{folder / 'take'}")


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (1, []),
        (1000, ["millimetres, or another unit?"]),
        (1e-4, ["kilometres, or another unit?"]),
        (0.1, ["inverse or relative depth?"]),
    ],
)
def test_depth_that_is_not_plausible_is_a_warning(
    tmp_path: Path, scale: float, expected: list[str], rng: np.random.Generator
) -> None:
    task = doubtful(tmp_path, scale, rng)
    assert run(task)
    notes = frames.FrameSequence.load(task.folder()).notes
    found = [note for note in notes if note.code == "depth-range"]
    assert [note.is_warning for note in found] == [True] * len(expected)
    for note, text in zip(found, expected, strict=True):
        assert text in note.message
        assert "its median" in note.message
        assert "can set depth_scale_m, the metres of one unit" in note.message


def take(folder: Path, depth: Any, **options: Any) -> list[Note]:
    """Return the notes of a folder of one frame with such depth."""
    depth = np.asarray(depth)
    write_png(folder / "take/images/1.png", colours(*depth.shape))
    write_npy(folder / "take/depth/1.npy", depth)
    lines = [f"{key} = {value}" for key, value in options.items()]
    toml = folder / "take.toml"
    toml.write_text("\n".join(["kind = 'folder'", "path = 'take'", *lines]))
    task = imported(folder, source=str(toml))
    assert run(task)
    return list(frames.FrameSequence.load(task.folder()).notes)


def test_a_code_of_whole_numbers_that_is_taken_for_the_sky_is_said(
    tmp_path: Path,
) -> None:
    depth = np.array([[2000, 3000], [4000, 65535]], np.uint16)
    (note,) = take(tmp_path / "a", depth, depth_scale_m=0.001)
    assert (note.code, note.level) == ("sky-code", "note")
    assert note.message.startswith("25.0% of the pixels have the largest whole number")
    assert not take(tmp_path / "b", depth[:1], depth_scale_m=0.001)
    assert not take(tmp_path / "c", [[2.0, 3.0], [4.0, np.inf]])


def test_a_sky_with_a_depth_of_its_own_is_said(tmp_path: Path) -> None:
    depth = np.tile(np.linspace(2, 8, 16, dtype=np.float32), (12, 1))
    depth[:2] = 1000
    (note,) = take(tmp_path / "a", depth)
    assert (note.code, note.level) == ("far-plane", "note")
    assert "16.7% of the pixels are exactly 1000 m away, the median 5.6 m" in (
        note.message
    )
    assert not take(tmp_path / "b", depth, sky_from_m=900.0)
    assert not take(tmp_path / "c", np.full((4, 4), 5.0))
    assert not take(tmp_path / "d", depth[2:])


def test_strict_refuses_millimetres(
    tmp_path: Path, rng: np.random.Generator, capsys: pytest.CaptureFixture[str]
) -> None:
    doubtful(tmp_path, 1000, rng)
    write_png(tmp_path / "take/images/1.png", colours(4, 4))
    (tmp_path / "take/images/1.exr").unlink()
    source = f"folder:{tmp_path / 'take'}"
    task = imported(tmp_path, source=source, strict=True, frames="1")
    assert not run(task)
    line = only_error(capsys)
    assert "millimetres, or another unit?" in line
    assert "refused by --strict" in line
    toml = tmp_path / "take.toml"
    toml.write_text("kind = 'folder'\npath = 'take'\ndepth_scale_m = 0.001\n")
    assert run(imported(tmp_path, source=str(toml), strict=True, frames="1"))


def test_notes_are_the_same_after_an_interruption(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    task = doubtful(tmp_path, 1000, rng)
    assert run(task)
    whole = contents(task.folder())
    notes = frames.FrameSequence.load(task.folder()).notes
    assert [note.code for note in notes] == ["grey", "clipped", "depth-range"]
    for number in (1, 2):
        (task.folder() / "frames.json").unlink()
        (task.folder() / frames.frame_file(number)).unlink()
        assert run(task)
        assert contents(task.folder()) == whole


def test_finished_frames_are_read_once_and_new_ones_not_at_all(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = frames.read_frame

    def counted(path: Path) -> frames.Frame:
        found = real(path)
        read.append(path.name)
        return found

    monkeypatch.setattr(frames, "read_frame", counted)
    task = imported(tmp_path)
    assert run(task)
    assert read == []
    (task.folder() / "frames.json").unlink()
    (task.folder() / "000001.exr").unlink()
    assert run(task)
    assert read == ["000000.exr"]


@pytest.mark.parametrize(
    ("text", "numbers"), [("", [0, 1]), ("1", [0]), ("9", [0, 1]), ("1-5", [1])]
)
def test_frames_are_the_first_so_many_or_by_their_own_numbers(
    root: Path, tmp_path: Path, text: str, numbers: list[int]
) -> None:
    task = imported(tmp_path, frames=text)
    assert [row.number for row in task.source_frames()] == numbers


def test_frames_that_are_not_there_are_refused(root: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"--frames '5-9'.*numbered 0 to 1"):
        imported(tmp_path, frames="5-9")


def test_one_import_is_of_one_sequence(tmp_path: Path) -> None:
    synthia_sf(tmp_path / "SYNTHIA-SF", sequences=2, frames=1)
    with pytest.raises(UserError, match=r"2 sequences; expected .*:SEQ1"):
        imported(tmp_path)
