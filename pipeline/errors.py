"""The one exception whose message is for the user, not for a developer."""

from __future__ import annotations


class UserError(Exception):
    """One line: the value, what was expected with its unit, the likely cause.

    Shown without a traceback.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.splitlines()))  # names may hold line ends
