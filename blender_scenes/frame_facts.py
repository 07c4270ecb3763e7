"""What the frames of a sequence show, counted, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blender_scenes.frames import Frame
from blender_scenes.notes import Note, warning

BLACK = 1.0 / 255 / 12.92
"""Linear light that is encoded as the first of 255 steps; below it is black."""

CLIPPED_NOTED, CLIPPED_WARNED = 0.01, 0.25
BLACK_WARNED = 0.9
NEAREST_MEDIAN_M, FARTHEST_MEDIAN_M = 0.01, 300.0
NORMALISED_M = 1.0
UNITS_APART = 300.0
"""Ratio of depths from which two frames seem to be in two units."""
FRAMES_NAMED = 6


@dataclass(frozen=True)
class FrameFacts:
    """Counts over one frame, its margin left out.

    Parameters
    ----------
    clipped_share, black_share, sky_share : float
        Pixels with a channel above white, with none above black, without a surface;
        over all pixels.
    nearest_m, median_m, farthest_m : float
        Depth of what is not sky, metres; NaN where all is sky.
    """

    clipped_share: float
    black_share: float
    sky_share: float
    nearest_m: float
    median_m: float
    farthest_m: float


def facts_of(frame: Frame, margin_px: int) -> FrameFacts:
    """Return what one frame shows inside its margin."""
    height, width = frame.depth_m.shape
    inner = (
        slice(margin_px, height - margin_px),
        slice(margin_px, width - margin_px),
    )
    brightest = frame.linear_rgb[inner].max(axis=-1)
    depth_m = frame.depth_m[inner]
    solid_m = depth_m[np.isfinite(depth_m)]
    nearest_m, median_m, farthest_m = (
        (float(solid_m.min()), float(np.median(solid_m)), float(solid_m.max()))
        if solid_m.size
        else (float("nan"),) * 3
    )
    return FrameFacts(
        clipped_share=float(np.mean(brightest > 1.0)),
        black_share=float(np.mean(brightest < BLACK)),
        sky_share=1.0 - solid_m.size / depth_m.size,
        nearest_m=nearest_m,
        median_m=median_m,
        farthest_m=farthest_m,
    )


def notes_of_facts(facts: Mapping[int, FrameFacts]) -> list[Note]:
    """Return what is doubtful about a sequence.

    Parameters
    ----------
    facts : dict
        Frame number -> its facts; at least one frame.
    """
    return [
        *_brightness_notes(facts),
        *_empty_notes(facts),
        *_depth_notes(facts),
    ]


def _brightness_notes(facts: Mapping[int, FrameFacts]) -> list[Note]:
    clipped = float(np.mean([one.clipped_share for one in facts.values()]))
    black = float(np.mean([one.black_share for one in facts.values()]))
    notes: list[Note] = []
    if clipped >= CLIPPED_NOTED:
        level = "warning" if clipped >= CLIPPED_WARNED else "note"
        text = (
            f"{clipped:.1%} of the pixels are brighter than white and are clipped in "
            "16-bit pictures; a lower exposure keeps them"
        )
        notes.append(Note("clipped", text, level))
    if black >= BLACK_WARNED:
        text = (
            f"{black:.1%} of the pixels are black (below 1/255 when encoded); a higher "
            "exposure shows them"
        )
        notes.append(warning("black", text))
    return notes


def _empty_notes(facts: Mapping[int, FrameFacts]) -> list[Note]:
    empty = [number for number, one in facts.items() if one.sky_share == 1.0]
    if not empty:
        return []
    if len(empty) == len(facts):
        text = "no frame shows a surface: all is sky. Another frame range or camera?"
    else:
        text = f"nothing but sky in frame {frames_in_words(empty)}"
    return [warning("empty", text)]


def _depth_notes(facts: Mapping[int, FrameFacts]) -> list[Note]:
    solid = [one for one in facts.values() if one.sky_share < 1.0]
    if not solid:
        return []
    median_m = float(np.median([one.median_m for one in solid]))
    nearest_m = min(one.nearest_m for one in solid)
    farthest_m = max(one.farthest_m for one in solid)
    span = (
        f"depth is {nearest_m:.4g} to {farthest_m:.4g} m, its median {median_m:.4g} m"
    )
    if median_m > FARTHEST_MEDIAN_M:
        return [warning("depth-range", f"{span}: millimetres, or another unit?")]
    if median_m < NEAREST_MEDIAN_M:
        return [warning("depth-range", f"{span}: kilometres, or another unit?")]
    if farthest_m <= NORMALISED_M:
        return [warning("depth-range", f"{span}: inverse or relative depth?")]
    medians_m = [one.median_m for one in solid]
    if max(medians_m) > UNITS_APART * min(medians_m):
        text = (
            f"the median depth of single frames is {min(medians_m):.4g} to "
            f"{max(medians_m):.4g} m: two units in one sequence?"
        )
        return [warning("depth-range", text)]
    return []


def frames_in_words(numbers: list[int]) -> str:
    """Return frame numbers as text, the first few by number.

    Examples
    --------
    >>> frames_in_words([1, 2]), frames_in_words(list(range(10)))
    ('1, 2', '0, 1, 2, 3, 4, 5 and 4 more')
    """
    named = ", ".join(str(number) for number in numbers[:FRAMES_NAMED])
    more = len(numbers) - FRAMES_NAMED
    return named if more <= 0 else f"{named} and {more} more"
