"""Names of one's own for what is half written, and what a killed run left of them.

Two processes, on one host or on two, that write the same file at once each have a
partial file of their own: ``.NAME.HOST-PROCESS-RANDOM.part.SUFFIX``. The standard
library alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
from collections.abc import Collection, Generator, Iterable
from pathlib import Path

HOST_LENGTH = 32  # keeps names within what file systems allow
_OWNED = re.compile(
    r"\.(?P<stem>.*)\.(?P<host>\w*)-(?P<process>\d+)-[0-9a-f]{8}\.part(?P<suffix>\..*)?"
)
_UNOWNED = re.compile(r"\..*\.part(\..*)?")  # as they were before they had owners


def partial_path(path: Path) -> Path:
    """Return where this process may put ``path`` together: a new name at every call.

    Examples
    --------
    >>> partial_path(Path("a.exr")) == partial_path(Path("a.exr"))
    False
    """
    owner = f"{_host()}-{os.getpid()}-{secrets.token_hex(4)}"
    return path.with_name(f".{path.stem}.{owner}.part{path.suffix}")


@contextlib.contextmanager
def partial_folder(path: Path) -> Generator[Path]:
    """Make an empty folder to put ``path`` together in; gone at the end unless renamed.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    part = partial_path(path)
    part.mkdir(parents=True)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def remove_partials_in(
    folder: Path, *, ended: Collection[int] = (), every_host: bool = False
) -> None:
    """Remove what was left half written in a folder and in the folders in it.

    Parameters
    ----------
    folder : Path
    ended : collection of int
        Processes of this host that need theirs no more, though they may still run.
        This process and those that no longer run are always among them.
    every_host : bool
        Whether what other hosts left is removed too. Nothing tells whether their
        processes still run, so only who holds the folder's lock may ask for it.
    """
    paths = [*folder.glob(".*"), *folder.glob("*/.*")]
    _remove(paths, ended, every_host)


def remove_partials_of(path: Path, *, every_host: bool = False) -> None:
    """Remove what was left beside ``path`` of it; see `remove_partials_in`."""
    beside = [
        one for one in path.parent.glob(".*") if _intended_name(one.name) == path.name
    ]
    _remove(beside, (), every_host)


def _remove(paths: Iterable[Path], ended: Collection[int], every_host: bool) -> None:
    for path in paths:
        if not _is_left(path.name, ended, every_host):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_left(name: str, ended: Collection[int], every_host: bool) -> bool:
    match = _OWNED.fullmatch(name)
    if match is None:
        return _UNOWNED.fullmatch(name) is not None
    if match["host"] != _host():
        return every_host
    process = int(match["process"])
    return process == os.getpid() or process in ended or not is_running(process)


def _intended_name(name: str) -> str | None:
    """Return the name that a partial file was to get; None if it is no such file."""
    match = _OWNED.fullmatch(name)
    if match is not None:
        return match["stem"] + (match["suffix"] or "")
    if _UNOWNED.fullmatch(name) is None:
        return None
    stem, _, suffix = name[1:].rpartition(".part")
    return stem + suffix


def is_running(process: int) -> bool:
    """Tell whether a process of this host runs; one that can't be asked does."""
    if os.name != "posix":
        return True  # `os.kill` would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # another user's
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return True  # no Linux
    # A process that nobody has waited for, as in a container without an init.
    return state.rpartition(")")[2].split()[0] not in ("Z", "X")


def _host() -> str:
    return re.sub(r"\W", "_", socket.gethostname())[:HOST_LENGTH]
