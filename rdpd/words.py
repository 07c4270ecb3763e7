"""Values as words of a message: one line, whatever they hold."""

from __future__ import annotations

from reprlib import Repr
from typing import Any

_REPR = Repr()
_REPR.maxstring = 100


def shortly(value: Any) -> str:
    """Return a value as it is written, the middle of a long one left out.

    Examples
    --------
    >>> shortly(list(range(9)))
    '[0, 1, 2, 3, 4, 5, ...]'
    """
    return _REPR.repr(value)
