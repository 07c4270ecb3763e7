"""Everything that a .blend reads belongs to what identifies its frames."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blender_scenes.external_files import FileReference
from pipeline import blend_files, layout
from pipeline.errors import UserError
from pipeline.manifest import read_json
from pipeline.tasks.render import RenderSequence
from tests.pipeline.conftest import build, small

LONG_AGO_S = 1_000_000_000


@pytest.fixture(autouse=True)
def _forget_checksums() -> None:
    """Make each test begin as a new command does."""
    blend_files._checksums.clear()


def make_scene(folder: Path, **references: FileReference) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    blend = folder / "a.blend"
    blend.write_bytes(b"a scene")
    rows = [
        {
            "path": one.path,
            "shown": one.shown,
            "family": one.family,
            "is_library": one.is_library,
        }
        for one in references.values()
    ]
    (folder / "a.blend.files").write_text(json.dumps(rows))
    return blend


def plain(path: Path, *, is_library: bool = False) -> FileReference:
    return FileReference(str(path), path.name, is_library=is_library)


def task(blend: Path, work: Path | None = None) -> RenderSequence:
    """Return a task that knows nothing of earlier ones."""
    RenderSequence.clear_instance_cache()
    work = work or blend.parent / "work"
    return RenderSequence(scene=str(blend), frames="2", work_dir=str(work))


def times_asked(blend: Path) -> int:
    return len(Path(f"{blend}.asked").read_text().splitlines())


@pytest.fixture
def scene(fake_blender: None, tmp_path: Path) -> Path:
    """A .blend with a library and an image."""
    for name in ("library.blend", "image.png"):
        (tmp_path / name).write_bytes(b"one")
    return make_scene(
        tmp_path,
        library=plain(tmp_path / "library.blend", is_library=True),
        image=plain(tmp_path / "image.png"),
    )


@pytest.mark.parametrize("name", ["library.blend", "image.png"])
def test_an_edited_file_is_another_sequence(scene: Path, name: str) -> None:
    before = task(scene).identity()
    (scene.parent / name).write_bytes(b"two")
    assert task(scene).identity() != before
    (scene.parent / name).write_bytes(b"one")
    assert task(scene).identity() == before


def test_two_files_that_change_places_are_another_sequence(scene: Path) -> None:
    (scene.parent / "image.png").write_bytes(b"two")
    before = task(scene).identity()
    (scene.parent / "image.png").write_bytes(b"one")
    (scene.parent / "library.blend").write_bytes(b"two")
    assert task(scene).identity() != before


def test_a_missing_file_is_another_sequence_once_it_appears(scene: Path) -> None:
    (scene.parent / "image.png").unlink()
    before = task(scene).identity()
    (scene.parent / "image.png").write_bytes(b"")
    assert task(scene).identity() != before


def test_a_sequence_is_the_same_wherever_its_files_lie(
    fake_blender: None, tmp_path: Path
) -> None:
    identities: list[str] = []
    for place in ("here", "there"):
        folder = tmp_path / place
        folder.mkdir()
        (folder / "image.png").write_bytes(b"one")
        blend = make_scene(folder, image=plain(folder / "image.png"))
        identities.append(task(blend).identity())
    assert identities[0] == identities[1]


def test_every_file_of_a_numbered_sequence_counts(
    fake_blender: None, tmp_path: Path
) -> None:
    (tmp_path / "s0001.png").write_bytes(b"one")
    first = FileReference(str(tmp_path / "s0001.png"), "s0001.png", "numbered")
    blend = make_scene(tmp_path, images=first)
    before = task(blend).identity()
    (tmp_path / "s0002.png").write_bytes(b"two")
    with_second = task(blend).identity()
    (tmp_path / "s0002.png").write_bytes(b"three")
    assert len({before, with_second, task(blend).identity()}) == 3


def test_blender_is_asked_once(scene: Path) -> None:
    for _ in range(3):
        blend_files._checksums.clear()
        task(scene).identity()
    assert times_asked(scene) == 1


def test_blender_is_asked_again_of_an_edited_library_but_not_of_an_image(
    scene: Path,
) -> None:
    task(scene).identity()
    (scene.parent / "image.png").write_bytes(b"two")
    task(scene).identity()
    assert times_asked(scene) == 1
    (scene.parent / "library.blend").write_bytes(b"two")
    task(scene).identity()
    assert times_asked(scene) == 2


def test_a_library_that_now_reads_another_file_is_noticed(scene: Path) -> None:
    task(scene).identity()
    new = scene.parent / "new.png"
    new.write_bytes(b"new")
    (scene.parent / "library.blend").write_bytes(b"links new.png")
    make_scene(
        scene.parent,
        library=plain(scene.parent / "library.blend", is_library=True),
        new=plain(new),
    )
    before = task(scene).identity()
    new.write_bytes(b"newer")
    assert task(scene).identity() != before


def test_the_identity_of_a_task_is_that_of_its_beginning(scene: Path) -> None:
    begun = task(scene)
    before = begun.identity()
    (scene.parent / "image.png").write_bytes(b"two")
    assert begun.identity() == before


def test_a_file_that_did_not_change_is_read_once(
    scene: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("library.blend", "image.png"):
        os.utime(scene.parent / name, (LONG_AGO_S, LONG_AGO_S))
    monkeypatch.setattr(blend_files, "SETTLED_S", 0.0)  # ctime is now
    before = task(scene).identity()
    blend_files._checksums.clear()
    monkeypatch.setattr(blend_files, "checksum", _refuse)
    assert task(scene).identity() == before


def _refuse(path: Path) -> str:
    raise AssertionError(f"{path} was read again")


def test_a_file_of_just_now_is_read_again_by_the_next_command(
    scene: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task(scene).identity()
    blend_files._checksums.clear()
    read: list[Path] = []
    checksum = blend_files.checksum
    monkeypatch.setattr(
        blend_files, "checksum", lambda path: read.append(path) or checksum(path)
    )
    task(scene).identity()
    assert {path.name for path in read} == {"library.blend", "image.png"}


def test_a_broken_listing_is_made_again(scene: Path) -> None:
    before = task(scene).identity()
    (listing,) = (scene.parent / "work" / "files").glob("*.json")
    for text in ("{", "[]", '{"references": [{"path": 3}]}', '{"checksums": {"a": 1}}'):
        listing.write_text(text)
        assert task(scene).identity() == before


def test_a_work_folder_that_is_a_file_is_one_line(scene: Path) -> None:
    (scene.parent / "taken").write_text("")
    with pytest.raises(UserError, match=r"taken"):
        task(scene, scene.parent / "taken")


def test_the_specification_names_the_files(scene: Path) -> None:
    files = task(scene).spec().scene.files
    assert files is not None
    assert [Path(one.path).name for one in files] == ["library.blend", "image.png"]


def test_no_path_is_in_the_recipe(scene: Path) -> None:
    assert str(scene.parent) not in json.dumps(task(scene).recipe())


@pytest.fixture
def fifo(tmp_path: Path) -> Callable[[str], Path]:
    def made(name: str) -> Path:
        os.mkfifo(tmp_path / name)
        return tmp_path / name

    return made


def test_a_pipe_that_a_scene_reads_is_a_missing_file(
    fake_blender: None, tmp_path: Path, fifo: Callable[[str], Path]
) -> None:
    blend = make_scene(tmp_path, image=plain(fifo("image.png")))
    files: Any = task(blend).spec().scene.files
    assert files[0].sha256 is None


def test_scenes_whose_plain_names_collide_are_apart_in_all_of_a_dataset(
    fake_blender: None, tmp_path: Path
) -> None:
    names = ["a b", "a_b"]
    for name in names:
        (tmp_path / f"{name}.blend").write_bytes(name.encode())
    paths = ",".join(str(tmp_path / f"{name}.blend") for name in names)
    done, dataset = build(small(tmp_path) | {"scene": paths, "splits": "1,0,1"})
    assert done
    manifest = read_json(dataset.folder() / layout.DATASET_MANIFEST)
    sequences: Any = manifest["sequences"]
    assert [one["scene"] for one in sequences] == names
    assert [one["split"] for one in sequences] == ["train", "test"]
    seeds = {tuple(one["settings"]["seed"]) for one in sequences}
    assert len(seeds) == 2
    statistics: Any = read_json(dataset.folder() / layout.STATISTICS)["scenes"]
    assert sorted(statistics) == names
    assert "a b" in (dataset.folder() / layout.DATA_CARD).read_text(encoding="utf-8")


def test_an_interrupted_sequence_is_not_mixed_with_an_edited_one(scene: Path) -> None:
    first = task(scene)
    (scene.parent / "image.png").write_bytes(b"two")
    assert task(scene).folder() != first.folder()
