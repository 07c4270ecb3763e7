"""What is half written is one process's own, and goes when that has ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blender_scenes import own_names
from blender_scenes.frames import atomic_path
from blender_scenes.own_names import (
    partial_folder,
    partial_path,
    remove_partials_in,
    remove_partials_of,
)


@pytest.fixture
def ended_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def of_process(path: Path, process: int) -> Path:
    """Return the partial name that another process of this host would give."""
    name = partial_path(path).name.replace(f"-{os.getpid()}-", f"-{process}-")
    return path.with_name(name)


def test_two_who_write_one_file_have_each_a_partial_file(tmp_path: Path) -> None:
    path = tmp_path / "000001.exr"
    with atomic_path(path) as first, atomic_path(path) as second:
        assert first != second
        assert first.suffix == second.suffix == ".exr"
        first.write_text("first", encoding="utf-8")
        second.write_text("second", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "first"  # its block ended later
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_fails_is_named_as_it_was_to_be(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "000001.exr"
    with pytest.raises(FileNotFoundError) as caught, atomic_path(path) as partial:
        partial.write_bytes(b"")
    assert caught.value.filename == str(path)
    with pytest.raises(OSError, match="No space") as full, atomic_path(path):
        raise OSError(28, "No space left on device")  # as from a write
    assert full.value.filename == str(path)


def test_what_an_ended_process_left_goes_and_a_running_ones_stays(
    tmp_path: Path, ended_process: int
) -> None:
    left = of_process(tmp_path / "000001.exr", ended_process)
    left_folder = of_process(tmp_path / "blender", ended_process)
    running = of_process(tmp_path / "000001.exr", os.getppid())
    within = of_process(tmp_path / "left" / "000001.png", ended_process)
    whole = tmp_path / "000001.exr"
    within.parent.mkdir()
    (left_folder / "user").mkdir(parents=True)
    for path in (left, running, within, whole, left_folder / "user" / "file"):
        path.write_bytes(b"half")
    remove_partials_in(tmp_path)
    kept = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert kept == {running, whole}
    remove_partials_in(tmp_path, ended={os.getppid()})
    assert not running.exists()


def test_what_another_host_left_goes_only_if_that_is_asked_for(tmp_path: Path) -> None:
    left = tmp_path / ".000001.elsewhere-1-0123abcd.part.exr"
    left.write_bytes(b"half")
    remove_partials_in(tmp_path)
    assert left.exists()
    remove_partials_in(tmp_path, every_host=True)
    assert not left.exists()


def test_names_without_an_owner_are_leftovers(tmp_path: Path) -> None:
    (tmp_path / ".render.part").mkdir()
    (tmp_path / ".000002.part.exr").write_bytes(b"half")
    remove_partials_in(tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_lies_beside_a_folder_goes_if_it_was_to_be_that_folder(
    tmp_path: Path, ended_process: int
) -> None:
    folder = tmp_path / "v2.5-abc"
    own = of_process(folder, ended_process)
    old = tmp_path / ".v2.5-abc.part"
    other = of_process(tmp_path / "v2.6-abc", ended_process)
    for path in (own, old, other):
        path.mkdir()
    remove_partials_of(folder)
    assert not own.exists()
    assert not old.exists()
    assert other.exists()


def test_a_partial_folder_goes_unless_it_got_its_name(tmp_path: Path) -> None:
    with partial_folder(tmp_path / "a") as part:
        (part / "file").write_bytes(b"")
        part.replace(tmp_path / "a")
    with pytest.raises(ValueError, match="stop"), partial_folder(tmp_path / "b"):
        raise ValueError("stop")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_process_that_nobody_has_waited_for_runs_no_more() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.read()  # until it ends; then it is a zombie
    child.stdout.close()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not own_names.is_running(child.pid)
    child.wait()
    assert own_names.is_running(os.getpid())
