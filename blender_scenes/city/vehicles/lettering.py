"""Words in raised block letters; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, boxes

# Dots of a 5 x 7 face, row by row from the top; a row is 5 bits.
_GLYPHS = {
    "A": (14, 17, 17, 31, 17, 17, 17), "B": (30, 17, 17, 30, 17, 17, 30),
    "C": (15, 16, 16, 16, 16, 16, 15), "D": (30, 17, 17, 17, 17, 17, 30),
    "E": (31, 16, 16, 30, 16, 16, 31), "F": (31, 16, 16, 30, 16, 16, 16),
    "G": (15, 16, 16, 19, 17, 17, 15), "H": (17, 17, 17, 31, 17, 17, 17),
    "I": (14, 4, 4, 4, 4, 4, 14), "K": (17, 18, 20, 24, 20, 18, 17),
    "L": (16, 16, 16, 16, 16, 16, 31), "M": (17, 27, 21, 21, 17, 17, 17),
    "N": (17, 25, 21, 19, 17, 17, 17), "O": (14, 17, 17, 17, 17, 17, 14),
    "P": (30, 17, 17, 30, 16, 16, 16), "R": (30, 17, 17, 30, 20, 18, 17),
    "S": (15, 16, 16, 14, 1, 1, 30), "T": (31, 4, 4, 4, 4, 4, 4),
    "U": (17, 17, 17, 17, 17, 17, 14), "V": (17, 17, 17, 17, 17, 10, 4),
    "W": (17, 17, 17, 21, 21, 27, 17), "Y": (17, 17, 10, 4, 4, 4, 4),
    "X": (17, 17, 10, 4, 10, 17, 17), "Z": (31, 1, 2, 4, 8, 16, 31),
    "0": (14, 17, 19, 21, 25, 17, 14), "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 6, 8, 16, 31), "4": (2, 6, 10, 18, 31, 2, 2),
    "7": (31, 1, 2, 4, 8, 8, 8), "8": (14, 17, 17, 14, 17, 17, 14),
    " ": (0, 0, 0, 0, 0, 0, 0),
}  # fmt: skip
_PITCH = 6


def add_letters(
    builder: MeshBuilder,
    text: str,
    middle: ArrayLike,
    height_m: float,
    facing: float,
    material: str,
    tint: ArrayLike,
    *,
    axis: str = "y",
    thickness_m: float = 0.006,
) -> None:
    """Add a word whose lower edge's middle is given, read from +axis or -axis.

    Raises
    ------
    KeyError
        If a character has no glyph.
    """
    origin = np.asarray(middle, np.float64)
    # A reader in front of +y sees +x on the left; in front of +x, +y on the right.
    rightwards = -facing if axis == "y" else facing
    left, right, low, high = letter_rectangles(text, height_m).T
    across, up = rightwards * (left + right) / 2, (low + high) / 2
    wide, tall, flat = right - left, high - low, np.zeros_like(left)
    thick = flat + thickness_m
    if axis == "y":
        centers, sizes = (across, flat, up), (wide, thick, tall)
    else:
        centers, sizes = (flat, across, up), (thick, wide, tall)
    boards = boxes(origin + np.stack(centers, axis=1), np.stack(sizes, axis=1))
    # Nobody sees the backs: the boxes' six faces look at -z, +z, -y, +y, -x, +x.
    back = {"y": 2, "x": 4}[axis] + (facing < 0)
    faces = boards.faces[0].reshape(-1, 6, 4)
    kept = np.delete(faces, back, axis=1).reshape(-1, 4)
    builder.add(Shape(boards.vertices, (kept,)), material, tint)


def letter_rectangles(text: str, height_m: float) -> NDArray[np.float64]:
    """Return (n, 4): left, right, low and high of a word's strokes.

    The middle of the word's foot is the origin.

    Raises
    ------
    KeyError
        If a character has no glyph.
    """
    dot = height_m / 7
    found = []
    for number, letter in enumerate(text):
        start = (number - (len(text) - 1) / 2) * _PITCH - 2.5
        for row, bits in enumerate(_GLYPHS[letter]):
            for first, count in _runs(bits):
                left = start + first
                # A little overlap hides the seams between rows.
                edges = (left - 0.01, left + count + 0.01, 5.99 - row, 7.01 - row)
                found.append(np.array(edges) * dot)
    return np.array(found)


def _runs(bits: int) -> list[tuple[int, int]]:
    """Return start and length of the runs of set bits in a row of five."""
    row = [bits >> (4 - column) & 1 for column in range(5)] + [0]
    runs, start = [], None
    for column, is_set in enumerate(row):
        if is_set and start is None:
            start = column
        if not is_set and start is not None:
            runs.append((start, column - start))
            start = None
    return runs
