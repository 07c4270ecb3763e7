"""The one exception whose message is for the user, not for a developer."""

from __future__ import annotations

from typing import Any

LONGEST_SHOWN = 200


class UserError(Exception):
    """One line: the value, what was expected with its unit, the likely cause.

    Shown without a traceback.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.splitlines()))  # names may hold line ends


def shown(value: Any) -> str:
    """Return a value as a message shows it: quoted if it is text, in one short line.

    Examples
    --------
    >>> shown("a b"), shown(1.5), len(shown("x" * 500))
    ("'a b'", '1.5', 205)
    >>> shown([16**5000])
    'a number of thousands of digits'
    """
    try:
        text = str(value)
    except ValueError:  # a whole number of more digits than Python spells
        return "a number of thousands of digits"
    if len(text) > LONGEST_SHOWN:
        half = LONGEST_SHOWN // 2  # the end of a path says more than its middle
        text = f"{text[:half]}...{text[-half:]}"
    is_quoted = isinstance(value, str) or not text.isprintable()
    return repr(text) if is_quoted else text
