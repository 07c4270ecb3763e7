"""A split grammar for façades: a rectangle cut into rows, columns and zones; no bpy.

A rule is the name of a zone (where cutting ends), a `Split` or a `Repeat`.
Rectangles are rows of (x0, x1, z0, z1), metres.

Examples
--------
>>> bay = row(Part(0.5, "pier"), Part(1.0, "window", stretches=True))
>>> cut = zones(Repeat("x", 2.0, (bay,)), (0.0, 4.0, 0.0, 3.0))
>>> cut["window"].tolist()
[[0.5, 2.0, 0.0, 3.0], [2.5, 4.0, 0.0, 3.0]]
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rectangle = tuple[float, float, float, float]
Rectangles = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One piece of a split.

    Parameters
    ----------
    size_m : float
        Length along the cut; a stretching part shares what the others leave in
        proportion to it.
    content : Rule
    stretches : bool
    """

    size_m: float
    content: Rule
    stretches: bool = False


@dataclass(frozen=True)
class Split:
    """Cuts along ``axis``, "x" (left to right) or "z" (upwards), into parts."""

    axis: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Repeat:
    """Fills ``axis`` with as many equal pieces of about ``size_m`` as fit.

    The contents take turns.
    """

    axis: str
    size_m: float
    contents: tuple[Rule, ...]


Rule: TypeAlias = str | Split | Repeat


def row(*parts: Part) -> Split:
    """Return the cut from left to right."""
    return Split("x", parts)


def column(*parts: Part) -> Split:
    """Return the cut from the ground upwards."""
    return Split("z", parts)


def zones(rule: Rule, area: Rectangle) -> dict[str, Rectangles]:
    """Return the rectangles (N, 4) of every zone that a rule cuts an area into.

    The zones fill the area and do not overlap. Parts that ask for more than there
    is shrink in proportion.

    Raises
    ------
    ValueError
        If a split that does not stretch leaves a gap.
    """
    found: dict[str, list[Rectangle]] = {}
    _cut(rule, area, found)
    return {name: np.array(rectangles) for name, rectangles in found.items()}


def _cut(rule: Rule, area: Rectangle, found: dict[str, list[Rectangle]]) -> None:
    if isinstance(rule, str):
        found.setdefault(rule, []).append(area)
        return
    low, high = area[:2] if rule.axis == "x" else area[2:]
    if isinstance(rule, Repeat):
        count = max(1, round((high - low) / rule.size_m))
        sizes = np.full(count, (high - low) / count)
        contents = [rule.contents[n % len(rule.contents)] for n in range(count)]
    else:
        sizes = _sizes_m(rule.parts, high - low)
        contents = [part.content for part in rule.parts]
    edges = low + np.concatenate([[0.0], np.cumsum(sizes)])
    edges[-1] = high
    for start, end, content in zip(edges[:-1], edges[1:], contents, strict=True):
        if end - start > 1e-6:
            piece = float(start), float(end)
            inner = (*piece, *area[2:]) if rule.axis == "x" else (*area[:2], *piece)
            _cut(content, inner, found)


def _sizes_m(parts: tuple[Part, ...], length_m: float) -> NDArray[np.float64]:
    size = np.array([part.size_m for part in parts])
    stretches = np.array([part.stretches for part in parts])
    spare = length_m - size[~stretches].sum()
    if spare < 0.0:
        return np.where(stretches, 0.0, size * length_m / size[~stretches].sum())
    if stretches.any():
        return np.where(stretches, size * spare / size[stretches].sum(), size)
    if spare > 1e-6:
        raise ValueError(
            f"parts of {size.tolist()} m do not fill {length_m} m; let one stretch"
        )
    return size
