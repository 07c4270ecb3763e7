"""A picture cut into tiles, and which layers each tile can see.

A tile needs only the layers whose blur reaches it, so the cost of a picture goes with
the area that its layers cover, not with their number.
"""

import functools
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from dp_model.arrays import Array, array_namespace, asarray_like, is_numpy

Plane: TypeAlias = npt.NDArray[Any]
Flags: TypeAlias = npt.NDArray[np.bool_]

Border: TypeAlias = Literal["symmetric", "reflect"]
"""What lies beyond the picture: its mirror image, with (``symmetric``: cba|abc) or
without (``reflect``: cb|abc) the border pixel repeated."""

TILE = 256
"""Side of a tile, pixels: planes of it fit in a core's cache."""

BLOCK = 16
"""Side of the squares that are asked which layers they hold, pixels."""


class Region(NamedTuple):
    """A rectangle of pixels: rows top..bottom, columns left..right, ends excluded."""

    top: int
    bottom: int
    left: int
    right: int

    def grown(self, margin: int) -> "Region":
        """Return the rectangle with a margin on every side."""
        return Region(
            self.top - margin,
            self.bottom + margin,
            self.left - margin,
            self.right + margin,
        )

    def within(self, other: "Region") -> "Region":
        """Return the part of it that lies in another rectangle; it may be empty."""
        return Region(
            max(self.top, other.top),
            min(self.bottom, other.bottom),
            max(self.left, other.left),
            min(self.right, other.right),
        )

    def relative_to(self, other: "Region") -> "Region":
        """Return the same rectangle counted from another one's corner."""
        return Region(
            self.top - other.top,
            self.bottom - other.top,
            self.left - other.left,
            self.right - other.left,
        )

    def aligned(self, step: int) -> "Region":
        """Return the smallest rectangle around it that starts and ends on a grid."""
        return Region(
            self.top // step * step,
            -(-self.bottom // step) * step,
            self.left // step * step,
            -(-self.right // step) * step,
        )

    def in_cells(self, step: int) -> "Region":
        """Return an aligned rectangle counted in cells of step x step pixels."""
        return Region(*(edge // step for edge in self))

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.top >= self.bottom or self.left >= self.right

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top, self.right - self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rectangle as an index of rows and columns."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def tiles(size: tuple[int, int], side: int) -> Iterator[Region]:
    """Yield the tiles of a picture, row by row; those at the end may be smaller.

    Examples
    --------
    >>> [tuple(tile) for tile in tiles((3, 5), 4)]
    [(0, 3, 0, 4), (0, 3, 4, 5)]
    """
    height, width = size
    for top in range(0, height, side):
        for left in range(0, width, side):
            yield Region(top, min(top + side, height), left, min(left + side, width))


def extended(planes: Array, region: Region, border: Border = "symmetric") -> Array:
    """Return a region of planes (..., H, W), mirrored where it leaves the picture."""
    rows = _along(planes, -2, region.top, region.bottom, border)
    return _along(rows, -1, region.left, region.right, border)


def _along(planes: Array, axis: int, start: int, stop: int, border: Border) -> Array:
    """Return rows or columns start..stop, mirrored where they leave the picture."""
    size: int = planes.shape[axis]
    if start >= 0 and stop <= size:
        return planes[(..., slice(start, stop), *[slice(None)] * (-1 - axis))]
    xp = array_namespace(planes)
    index = asarray_like(_mirrored(start, stop, size, border), planes, dtype=xp.int64)
    return xp.take(planes, index, axis=axis)


def _mirrored(
    start: int, stop: int, size: int, border: Border
) -> npt.NDArray[np.int64]:
    """Return indices start..stop, folded back into 0..size as often as needed."""
    index = np.arange(start, stop)
    if border == "symmetric":
        folded = index % (2 * size)
        return np.minimum(folded, 2 * size - 1 - folded)
    if size == 1:
        return np.zeros_like(index)
    folded = index % (2 * size - 2)
    return np.minimum(folded, 2 * size - 2 - folded)


def bounding_region(is_occupied: Array) -> Region | None:
    """Return the smallest rectangle that holds every true pixel; None if none is."""
    xp = array_namespace(is_occupied)
    rows = np.flatnonzero(_to_numpy(xp.any(is_occupied, axis=1)))
    if rows.size == 0:
        return None
    columns = np.flatnonzero(_to_numpy(xp.any(is_occupied, axis=0)))
    return Region(
        int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    )


def _to_numpy(flags: Any) -> Flags:
    """Return a short row of flags on the CPU."""
    return np.asarray(flags if is_numpy(flags) else flags.cpu())


class Occupancy:
    """Which layers lie where, by blocks of pixels.

    Parameters
    ----------
    positions : sequence of (position, coverage)
        Host arrays (H, W) of each surface: place among the layers, and where it is.
    count : int
        Number of layers.
    """

    def __init__(self, positions: Sequence[tuple[Plane, Plane]], count: int) -> None:
        self._size = positions[0][0].shape
        self._maps = [_block_map(*surface, count) for surface in positions]
        self._all = functools.reduce(np.logical_or, self._maps)

    def layers_in(self, region: Region) -> list[int]:
        """Return the layers that occur in a region, rising."""
        return np.flatnonzero(self._shown(self._all, region).any((0, 1))).tolist()

    def has_surface(self, surface: int, region: Region) -> bool:
        """Return whether a surface occurs in a region at all."""
        return bool(self._shown(self._maps[surface], region).any())

    def has_nearer(self, layer: int, region: Region) -> bool:
        """Return whether the first surface comes nearer than a layer in a region."""
        return bool(self._shown(self._maps[0], region)[..., layer + 1 :].any())

    def bounds(self, layer: int, region: Region) -> Region | None:
        """Return a rectangle that holds a layer within a region; None if it is empty.

        Where the region leaves the picture, its mirror image counts.
        """
        shown = self._reflected(region)
        is_there = self._blocks(self._all, shown)[..., layer]
        rows = np.flatnonzero(is_there.any(axis=1))
        if rows.size == 0:
            return None
        columns = np.flatnonzero(is_there.any(axis=0))
        down, across = (_block_range(*ends) for ends in (shown[:2], shown[2:]))
        top, bottom = _pixel_range(down.start, rows, region[:2], self._size[0])
        left, right = _pixel_range(across.start, columns, region[2:], self._size[1])
        return Region(top, bottom, left, right)

    def _shown(self, block_map: Flags, region: Region) -> Flags:
        """Return the blocks that a region shows, in the picture or its mirror image."""
        return self._blocks(block_map, self._reflected(region))

    def _reflected(self, region: Region) -> Region:
        """Return what a region shows, with what lies beyond the border folded back."""
        height, width = self._size
        return Region(
            min(region.top, 2 * height - region.bottom),
            max(region.bottom, -region.top),
            min(region.left, 2 * width - region.right),
            max(region.right, -region.left),
        )

    @staticmethod
    def _blocks(block_map: Flags, region: Region) -> Flags:
        return block_map[_block_range(*region[:2]), _block_range(*region[2:])]


def occupancy(
    positions: Sequence[tuple[Plane | None, Plane | None]], count: int
) -> Occupancy | None:
    """Return where each layer lies; None if any array is out of reach (None)."""
    known = [(p, c) for p, c in positions if p is not None and c is not None]
    return Occupancy(known, count) if len(known) == len(positions) else None


def _block_range(start: int, stop: int) -> slice:
    """Return the blocks that pixels start..stop lie in; a slice may end too far."""
    return slice(max(0, start // BLOCK), -(-stop // BLOCK))


def _pixel_range(
    first_block: int, blocks: npt.NDArray[np.int64], ends: tuple[int, int], size: int
) -> tuple[int, int]:
    """Return the pixels of a run of blocks within a region, mirror images included."""
    start = (first_block + int(blocks[0])) * BLOCK
    stop = (first_block + int(blocks[-1]) + 1) * BLOCK
    return (
        ends[0] if start < -ends[0] else max(start, ends[0]),
        ends[1] if stop > 2 * size - ends[1] else min(stop, ends[1]),
    )


def _block_map(position: Plane, coverage: Plane, count: int) -> Flags:
    """Return (blocks down, blocks across, layers): whether a layer occurs in a block.

    A pixel between two layers belongs to both.
    """
    height, width = position.shape
    down, across = -(-height // BLOCK), -(-width // BLOCK)
    bins = count + 2  # one more for the tent's far end, one for "nothing here"
    index = np.where(coverage > 0, position, count + 1).astype(np.int32)
    index += (np.arange(width, dtype=np.int32) // BLOCK) * bins
    occupied = np.stack(
        [
            np.bincount(index[top : top + BLOCK].ravel(), minlength=across * bins)
            for top in range(0, height, BLOCK)
        ]
    ).reshape(down, across, bins)
    flags = occupied[..., :count] > 0
    flags[..., 1:] |= flags[..., :-1].copy()
    return flags
