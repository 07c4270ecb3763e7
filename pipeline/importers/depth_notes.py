"""What is doubtful about the depth of imported frames, and which option mends it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from blender_scenes.frame_facts import FrameFacts, facts_of, notes_of_facts
from blender_scenes.frames import Frame
from blender_scenes.notes import Note
from pipeline.importers.array_files import has_whole_numbers
from pipeline.importers.plain_folder import PlainFolder
from pipeline.importers.source import Source, SourceFrame

FAR_SHARE = 0.01
FAR_RATIO = 5.0


@dataclass(frozen=True)
class Shown:
    """What one frame shows: all that a manifest says of it.

    Parameters
    ----------
    size : tuple of int
        Width and height, pixels.
    facts : FrameFacts
    farthest_share : float
        Pixels whose depth is exactly that of the farthest surface; over all pixels.
    """

    size: tuple[int, int]
    facts: FrameFacts
    farthest_share: float

    @classmethod
    def by(cls, frame: Frame) -> Shown:
        """Return what a frame shows; it has no margin."""
        height, width = frame.depth_m.shape
        facts = facts_of(frame, 0)
        farthest = frame.depth_m == np.float32(facts.farthest_m)
        share = np.count_nonzero(farthest) / farthest.size
        return cls((width, height), facts, share)


def notes_of_shown(shown: Mapping[SourceFrame, Shown], source: Source) -> list[Note]:
    """Return what is doubtful about imported frames."""
    facts = {row.number: one.facts for row, one in shown.items()}
    return [
        *(_with_remedy(note, source) for note in notes_of_facts(facts)),
        *_notes_of_codes(shown, source),
        *_notes_of_far_planes(list(shown.values()), source),
    ]


def _with_remedy(note: Note, source: Source) -> Note:
    if note.code != "depth-range" or not isinstance(source, PlainFolder):
        return note
    remedy = (
        " A .toml file of the source can set depth_scale_m, the metres of one unit, "
        'and depth_kind = "inverse"'
    )
    return dataclasses.replace(note, message=note.message + remedy)


def _notes_of_codes(shown: Mapping[SourceFrame, Shown], source: Source) -> list[Note]:
    """Return a note where whole numbers, which have no infinity, gave a sky."""
    if not isinstance(source, PlainFolder) or source.sky_from_m is not None:
        return []
    shares = [one.facts.sky_share for one in shown.values()]
    coded = [row.depth for row, one in shown.items() if one.facts.sky_share]
    if not any(_is_whole(path) for path in coded):
        return []
    text = (
        f"{np.mean(shares):.1%} of the pixels have the largest whole number of their "
        "type, such as 65535, and are taken for the sky; if nothing was measured there "
        "instead, fill them first"
    )
    return [Note("sky-code", text)]


def _is_whole(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix == ".png" or (suffix == ".npy" and has_whole_numbers(path))


def _notes_of_far_planes(shown: Sequence[Shown], source: Source) -> list[Note]:
    """Return a note where a sky may have been given a depth of its own."""
    solid = [one for one in shown if one.facts.sky_share < 1]
    if not solid or not hasattr(source, "sky_from_m"):
        return []
    median_m = float(np.median([one.facts.median_m for one in solid]))
    farthest_m = max(one.facts.farthest_m for one in solid)
    shares = [
        one.farthest_share if one.facts.farthest_m == farthest_m else 0.0
        for one in shown
    ]
    if np.mean(shares) < FAR_SHARE or farthest_m < FAR_RATIO * median_m:
        return []
    text = (
        f"{np.mean(shares):.1%} of the pixels are exactly {farthest_m:.6g} m away, the "
        f"median {median_m:.4g} m: the sky? sky_from_m says from where on it is"
    )
    return [Note("far-plane", text)]
