"""One run at a time on one folder: the others wait, and say for whom."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import time
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from blender_scenes.own_names import remove_partials_in, remove_partials_of
from pipeline.console import say

POLL_S = 0.2
GROUP_WRITABLE = 0o666  # others who share the folder must be able to lock it
NO_LOCKS = {
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOLCK,
    errno.EINVAL,
}


@dataclass(frozen=True)
class Owner:
    """Who works on a folder, and since when, seconds since 1970."""

    host: str
    process: int
    since_s: float

    @classmethod
    def here(cls) -> Owner:
        """Return this process."""
        return cls(socket.gethostname(), os.getpid(), time.time())

    def words(self) -> str:
        """Return who it is, for a person."""
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.since_s))
        return f"process {self.process} on {self.host}, since {since}"


_told: set[tuple[str, int]] = set()


@contextlib.contextmanager
def exclusive(folder: Path, what: str) -> Generator[None]:
    """Hold the lock of a folder while it is being filled.

    If another run holds it, say once which one that is and wait. What killed runs left
    half written in the folder or beside it is removed. The lock is a file beside the
    folder, ``.NAME.lock``, and gone when it is released; the system releases that of a
    killed process. Where a file system has no locks this is said and nothing is held:
    two runs then do the same work twice, without harm to each other.

    Parameters
    ----------
    folder : Path
        Need not exist.
    what : str
        What the folder will hold, for a person: ``frames of city-1``.

    Raises
    ------
    OSError
        If the lock's file cannot be written.
    """
    path = lock_file(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(
        path, mode=GROUP_WRITABLE, fallback_to_soft=False, on_acquired=_sign
    )
    is_held = _acquire(lock, path, what)
    try:
        remove_partials_in(folder, every_host=is_held)
        remove_partials_of(folder, every_host=is_held)
        yield
    finally:
        if is_held:
            # Before the release: whoever opens it later makes a new one, and whoever
            # has it open sees that it is gone and does so too.
            with contextlib.suppress(OSError):
                path.unlink()
            lock.release()


def lock_file(folder: Path) -> Path:
    """Return the file whose lock is the folder's."""
    return folder.with_name(f".{folder.name}.lock")


def _acquire(lock: FileLock, path: Path, what: str) -> bool:
    """Return whether the lock is held now: it is, unless there can be none."""
    try:
        try:
            lock.acquire(blocking=False)
        except Timeout:
            _tell(path, what)
            lock.acquire(poll_interval=POLL_S)
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        say(
            f"{path.parent}: this file system has no locks ({error.strerror}); two "
            f"runs that make {what} at once will not wait for each other"
        )
        return False
    return True


def _sign(descriptor: int) -> None:
    """Write into the lock's file whose it is."""
    os.ftruncate(descriptor, 0)
    os.write(descriptor, json.dumps(asdict(Owner.here())).encode())


def _tell(path: Path, what: str) -> None:
    """Say for whom we wait, once for each of them."""
    try:
        owner = Owner(**json.loads(path.read_text(encoding="utf-8")))
        key, words = (owner.host, owner.process), owner.words()
    except (OSError, ValueError, TypeError):
        key, words = ("", 0), "another run"  # it has just begun, or just ended
    if key not in _told:
        _told.add(key)
        say(f"{what}: {words}, works on this; waiting, then going on from there")
