"""What a person or a program should know of frames before trusting them.

Standard library only: written by Blender's child, by importers and by the pipeline.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

Level: TypeAlias = Literal["note", "warning"]


@dataclass(frozen=True)
class Note:
    """One thing that might surprise whoever uses the frames.

    Parameters
    ----------
    code : str
        What it is about, for programs: lower case and hyphens, such as ``clipped``.
    message : str
        One line for a person: the file, object or share of pixels, what was made of
        it, and what to do if that is not wanted.
    level : {"note", "warning"}
        ``note``: the frames are right, but may differ from what their maker sees.
        ``warning``: they may be wrong; ``--strict`` refuses them.
    """

    code: str
    message: str
    level: Level = "note"

    def __post_init__(self) -> None:
        if self.level not in get_args(Level):
            raise ValueError(
                f"level must be one of {', '.join(get_args(Level))}; got {self.level!r}"
            )

    @property
    def is_warning(self) -> bool:
        """Whether the frames may be wrong."""
        return self.level == "warning"

    def described(self) -> dict[str, str]:
        """Return the note as plain data, for JSON.

        Examples
        --------
        >>> Note("clipped", "3 % of the pixels are clipped").described()["level"]
        'note'
        """
        return dataclasses.asdict(self)

    @classmethod
    def from_description(cls, described: dict[str, Any]) -> Note:
        """Return the note that `described` gave.

        Raises
        ------
        ValueError, TypeError
            If a field is missing, unknown or not text.
        """
        if not all(isinstance(value, str) for value in described.values()):
            raise TypeError(f"a note holds text alone; got {described!r}")
        return cls(**described)


def warning(code: str, message: str) -> Note:
    """Return a note on frames that may be wrong."""
    return Note(code, message, "warning")


def unique(notes: tuple[Note, ...] | list[Note]) -> tuple[Note, ...]:
    """Return the notes in their order, each once."""
    return tuple(dict.fromkeys(notes))
