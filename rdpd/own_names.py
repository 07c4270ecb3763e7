"""Names of one's own for files that are half written."""

from __future__ import annotations

import os
import re
import secrets
import socket
from pathlib import Path


def partial_path(path: Path) -> Path:
    """Return where this process may put ``path`` together: a new name at every call.

    ``.NAME.HOST-PROCESS-RANDOM.part.SUFFIX``, which `pipeline` knows and removes when
    that process has been killed.

    Examples
    --------
    >>> partial_path(Path("a.npy")) == partial_path(Path("a.npy"))
    False
    """
    host = re.sub(r"\W", "_", socket.gethostname())[:32]
    owner = f"{host}-{os.getpid()}-{secrets.token_hex(4)}"
    return path.with_name(f".{path.stem}.{owner}.part{path.suffix}")
