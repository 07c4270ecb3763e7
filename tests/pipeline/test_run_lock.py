"""A folder is one run's at a time, and no lock outlives its process."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline import run_lock
from pipeline.run_lock import exclusive, lock_file

HOLDER = """
import sys
from pathlib import Path
from pipeline.run_lock import exclusive
with exclusive(Path(sys.argv[1]), "frames of street-1"):
    print("held", flush=True)
    sys.stdin.read()
    Path(sys.argv[1] + ".done").touch()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "frames" / "street-1-abc"


@pytest.fixture
def holder(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the folder's lock until its input is closed."""
    run_lock._told.clear()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        yield child
        child.kill()


def in_a_while(action: str, process: int) -> subprocess.Popen[bytes]:
    """Do something to a process once we wait for the lock."""
    return subprocess.Popen(["sh", "-c", f"sleep 1; kill -{action} {process}"])


def test_a_folder_is_free_again_and_nothing_is_left(folder: Path) -> None:
    for _ in range(2):
        with exclusive(folder, "frames"):
            assert lock_file(folder).exists()
    assert list(folder.parent.iterdir()) == []


def test_who_comes_second_says_for_whom_it_waits_and_waits(
    folder: Path,
    holder: subprocess.Popen[bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert holder.stdin is not None
    threading.Timer(1.0, holder.stdin.close).start()
    with exclusive(folder, "frames of street-1"):
        assert folder.with_name(f"{folder.name}.done").exists()
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"frames of street-1: process {holder.pid} on ")
    assert "since 20" in line


def test_the_lock_of_a_killed_process_is_free(
    folder: Path, holder: subprocess.Popen[bytes]
) -> None:
    with in_a_while("KILL", holder.pid), exclusive(folder, "frames"):
        assert not folder.with_name(f"{folder.name}.done").exists()
    assert holder.wait() == -signal.SIGKILL


def test_a_run_that_waits_can_be_interrupted(
    folder: Path, holder: subprocess.Popen[bytes]
) -> None:
    with (
        in_a_while("INT", os.getpid()),
        pytest.raises(KeyboardInterrupt),
        exclusive(folder, "frames"),
    ):
        pytest.fail("the lock is not ours")
    assert lock_file(folder).exists()  # still the holder's


def test_what_killed_runs_left_is_removed(folder: Path) -> None:
    left = folder / "left" / ".000001.elsewhere-1-0123abcd.part.png"
    beside = folder.with_name(f".{folder.name}.elsewhere-1-0123abcd.part")
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    beside.mkdir()
    with exclusive(folder, "views"):
        assert not left.exists()
        assert not beside.exists()


def test_without_locks_this_is_said_and_the_work_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(FileLock, "acquire", refused)
    with exclusive(folder, "frames of street-1"):
        pass
    (line,) = capsys.readouterr().err.splitlines()
    assert str(folder.parent) in line
    assert "no locks (No locks available)" in line


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_bytes(b"")
    with (
        pytest.raises(OSError, match="file"),
        exclusive(tmp_path / "file" / "frames" / "a", "frames"),
    ):
        pytest.fail("there can be no lock")
