"""Capital letters and digits made of straight strokes, and names for shops; no bpy.

Every letter is drawn on a grid of 4 by 6 with its lower left corner at the origin.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.shapes.shapes import Shape

# Points as two digits (across, up); a comma lifts the pen.
_STROKES = {
    "A": "00 26 40,12 32",
    "B": "00 06 36 45 44 33 03,33 42 41 30 00",
    "C": "41 30 10 01 05 16 36 45",
    "D": "00 06 26 44 42 20 00",
    "E": "40 00 06 46,03 33",
    "F": "00 06 46,03 33",
    "G": "45 36 16 05 01 10 30 41 43 23",
    "H": "00 06,40 46,03 43",
    "I": "10 30,20 26,16 36",
    "J": "01 10 20 31 36,16 46",
    "K": "00 06,46 03 40",
    "L": "06 00 40",
    "M": "00 06 23 46 40",
    "N": "00 06 40 46",
    "O": "10 01 05 16 36 45 41 30 10",
    "P": "00 06 36 45 44 33 03",
    "Q": "10 01 05 16 36 45 41 30 10,22 40",
    "R": "00 06 36 45 44 33 03,23 40",
    "S": "01 10 30 41 42 33 13 04 05 16 36 45",
    "T": "06 46,26 20",
    "U": "06 01 10 30 41 46",
    "V": "06 20 46",
    "W": "06 10 23 30 46",
    "X": "00 46,06 40",
    "Y": "06 23 46,23 20",
    "Z": "06 46 00 40",
    "0": "10 01 05 16 36 45 41 30 10,11 35",
    "1": "14 26 20,10 30",
    "2": "05 16 36 45 44 00 40",
    "3": "05 16 36 45 44 33 42 41 30 10 01,33 23",
    "4": "30 36 02 42",
    "5": "46 06 03 33 42 41 30 10 01",
    "6": "36 16 05 01 10 30 41 42 33 03",
    "7": "06 46 10",
    "8": "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33",
    "9": "10 30 41 45 36 16 05 04 13 43",
    " ": "",
}
CHARACTERS = "".join(_STROKES)
_ASPECT = 4 / 6
# Share of a letter's height.
_GAP = 0.24
_WEIGHT = 0.13

_STARTS = ("LU", "OR", "VE", "MAR", "TI", "SOL", "KA", "NO", "BRI", "EL", "FA", "ZU")
_ENDS = ("MERA", "VANE", "LINO", "TOLA", "RICK", "SETTE", "DORO", "NEX", "PIA", "QUIN")


def invented_name(rng: np.random.Generator) -> str:
    """Return a name that is nobody's brand."""
    return str(rng.choice(_STARTS)) + str(rng.choice(_ENDS))


def text_width_m(text: str, height_m: float) -> float:
    """Return how wide a line of text is, metres."""
    return height_m * (len(text) * (_ASPECT + _GAP) - _GAP)


def text_strokes(
    text: str, height_m: float, *, weight: float = _WEIGHT
) -> NDArray[np.float64]:
    """Return the strokes of a text as quadrilaterals (S, 4, 2), metres.

    They turn left; the first letter's lower left corner is the origin.

    Parameters
    ----------
    weight : float
        Thickness of a stroke over the letter's height.

    Raises
    ------
    KeyError
        If a character is none of `CHARACTERS`.
    """
    strokes = [np.empty((0, 4, 2))]
    for number, letter in enumerate(text):
        shift = np.array([number * (_ASPECT + _GAP), 0.0])
        strokes.append(_letter(letter, weight) + shift)
    return height_m * np.concatenate(strokes)


@cache
def _letter(letter: str, weight: float) -> NDArray[np.float64]:
    """Return the strokes of one letter of unit height (S, 4, 2)."""
    room = np.array([(_ASPECT - weight) / 4, (1.0 - weight) / 6])
    quads = []
    for line in _STROKES[letter].split(","):
        points = np.array([(int(p[0]), int(p[1])) for p in line.split()], float)
        for start, end in pairwise(points.reshape(-1, 2) * room + weight / 2):
            along = (end - start) / np.linalg.norm(end - start) * weight / 2
            across = np.array([-along[1], along[0]])
            # Ends reach past the corner, so that strokes join without a notch.
            a, b = start - 0.7 * along, end + 0.7 * along
            quads.append([a - across, b - across, b + across, a + across])
    return np.array(quads).reshape(-1, 4, 2)


def raised_text(
    strokes: NDArray[np.float64],
    corner_m: tuple[float, float],
    y_m: tuple[float, float],
) -> Shape:
    """Return strokes as blocks from depth y_m[0] (front, towards -y) to y_m[1]."""
    flat = strokes + np.asarray(corner_m)
    front, back = (np.insert(flat, 1, depth, axis=2) for depth in y_m)
    front[:, :, 1] -= _apart_m(len(flat))
    vertices = np.concatenate([front, back], axis=1)
    first = 8 * np.arange(len(flat))[:, None, None]
    faces = np.array(
        [[0, 1, 2, 3], [1, 0, 4, 5], [2, 1, 5, 6], [3, 2, 6, 7], [0, 3, 7, 4]]
    )
    return Shape(vertices.reshape(-1, 3), ((faces + first).reshape(-1, 4),))


def flat_text(
    strokes: NDArray[np.float64], corner_m: tuple[float, float], y_m: float
) -> Shape:
    """Return strokes as printed on a plane at depth y_m."""
    vertices = np.insert(strokes + np.asarray(corner_m), 1, y_m, axis=2)
    vertices[:, :, 1] -= _apart_m(len(strokes))
    return Shape(vertices.reshape(-1, 3), (np.arange(4 * len(strokes)).reshape(-1, 4),))


def _apart_m(count: int) -> NDArray[np.float64]:
    """Return by how much to part strokes (count, 1) that would overlap in one plane."""
    return 1.5e-4 * (np.arange(count) % 7)[:, None]
