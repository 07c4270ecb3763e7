"""Ends this process when its parent dies, so that no render is left behind."""

from __future__ import annotations

import os
import threading

EXIT_STATUS = 3


def exit_with_parent(descriptor: int = 0) -> None:
    """Exit as soon as the pipe at ``descriptor`` (standard input) is closed.

    The parent holds the other end open and writes nothing; the system closes
    it when the parent ends, however that happens.
    """
    threading.Thread(target=_wait_and_exit, args=(descriptor,), daemon=True).start()


def _wait_and_exit(descriptor: int) -> None:
    try:
        while os.read(descriptor, 4096):
            pass
    finally:
        os.write(2, b"standard input closed, so the parent has ended: stopping\n")
        os._exit(EXIT_STATUS)
