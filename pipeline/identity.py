"""Short hashes that name an artefact by everything that changes its bytes."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from typing import Any

DIGEST_LENGTH = 10


def digest(configuration: dict[str, Any]) -> str:
    """Return a short hash of the canonical JSON of a configuration.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    >>> digest({"a": 1}) == digest({"a": 2})
    False
    """
    text = json.dumps(configuration, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def library_versions(*names: str) -> dict[str, str]:
    """Return the installed version of each distribution."""
    return {name: _installed_version(name) for name in names}


_installed_version = cache(version)  # every look-up reads files
