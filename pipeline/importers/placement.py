"""Where the pixels of a picture lie, and the part that picture and depth share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from numpy.typing import NDArray

from pipeline.errors import UserError
from pipeline.importers.source import SourceFrame


class Window(NamedTuple):
    """A rectangle of pixels: first column, first row, columns, rows."""

    x: int
    y: int
    width: int
    height: int

    def contains(self, other: Window) -> bool:
        """Tell whether another lies wholly in this one."""
        return (
            self.x <= other.x
            and self.y <= other.y
            and self.x + self.width >= other.x + other.width
            and self.y + self.height >= other.y + other.height
        )

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.width, self.height

    def __str__(self) -> str:
        """Return size and place as text."""
        return f"{self.width} x {self.height} pixels at ({self.x}, {self.y})"


@dataclass(frozen=True)
class Place:
    """Where the pixels of a file lie.

    Parameters
    ----------
    data : Window
        The pixels that are stored.
    display : Window
        The picture that they belong to: fewer pixels than are stored where there is
        an overscan, more where a part was rendered.
    is_stated : bool
        Whether the file says so, as EXR does; PNG and arrays do not.
    """

    data: Window
    display: Window
    is_stated: bool

    @classmethod
    def unstated(cls, width: int, height: int) -> Place:
        """Return the place of a file that holds a whole picture, as far as it says."""
        whole = Window(0, 0, width, height)
        return cls(whole, whole, is_stated=False)


@dataclass(frozen=True)
class Placed:
    """Pixels, (H, W) or (H, W, C), and where they lie."""

    values: NDArray[Any]
    place: Place

    @classmethod
    def unstated(cls, values: NDArray[Any]) -> Placed:
        """Return pixels of a file that says nothing of their place."""
        return cls(values, Place.unstated(values.shape[1], values.shape[0]))

    def part(self, window: Window) -> NDArray[Any]:
        """Return the pixels of a window; a picture without a place has only them."""
        if not self.place.is_stated:
            return self.values
        row, column = window.y - self.place.data.y, window.x - self.place.data.x
        return self.values[row : row + window.height, column : column + window.width]


def shared_window(files: SourceFrame, colour: Place, depth: Place) -> Window | None:
    """Return the pixels to take of a picture and its depth; None takes all of each.

    The picture is the display window where both cover it, so an overscan is left
    out. A part of a picture is taken where both hold the same part.

    Raises
    ------
    UserError
        If pixels of one can't be laid over pixels of the other.
    """
    if colour.is_stated and depth.is_stated:
        return _of_two(files, colour, depth)
    if not colour.is_stated and not depth.is_stated:
        return None
    stated, other = (colour, depth) if colour.is_stated else (depth, colour)
    path = files.colour if colour.is_stated else files.depth
    name = files.depth.name if colour.is_stated else files.colour.name
    if other.data.size == stated.display.size:
        if stated.data.contains(stated.display):
            return stated.display
        raise UserError(
            f"{path}: holds {stated.data} of a picture of {stated.display}, which "
            f"{name} shows whole; expected all of its pixels"
        )
    return stated.data  # another size than its partner's is refused later


def _of_two(files: SourceFrame, colour: Place, depth: Place) -> Window:
    if colour.display != depth.display:
        raise UserError(
            f"{files.depth}: display window of {depth.display}; expected "
            f"{colour.display}, that of {files.colour.name}"
        )
    display = colour.display
    if colour.data.contains(display) and depth.data.contains(display):
        return display
    if colour.data == depth.data:
        return colour.data
    raise UserError(
        f"{files.depth}: data window of {depth.data}; expected {colour.data}, that of "
        f"{files.colour.name}, or all of the display window, {display}, in both. "
        "Their pixels do not lie over each other"
    )


def words_of_window(colour: Place, depth: Place, window: Window | None) -> str:
    """Return what is unusual about the pixels that are taken; mostly nothing."""
    stated = colour if colour.is_stated else depth
    if window is None or not stated.is_stated:
        return ""
    display = stated.display
    if window != display:
        return (
            f"a part of a picture, {window} of {display}; lens and distortion are "
            "centred on the part"
        )
    if any(place.is_stated and place.data != window for place in (colour, depth)):
        return f"pixels beyond the display window of {display} (overscan) are left out"
    return ""


def is_guessed(colour: Place, depth: Place, window: Window | None) -> bool:
    """Tell whether a picture without a place was taken for a part of a larger one."""
    stated = colour if colour.is_stated else depth
    return (
        window is not None
        and window != stated.display
        and colour.is_stated != depth.is_stated
    )
