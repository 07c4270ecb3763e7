"""The sequences of frames of a dataset: scenes to render, sources to import."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipeline.draws import seed_name
from pipeline.errors import UserError, shown
from pipeline.importers.selection import parse_source
from pipeline.layout import SPLITS
from pipeline.scenes import parse_list

DEFAULT_SCENES = "city-2,city-1,city-4"
"""The first is learned from: leaves and low sun give it the most texture and colour."""


@dataclass(frozen=True)
class Member:
    """One sequence of frames.

    Parameters
    ----------
    name : str
        What it is called; one name of each in a dataset.
    place : str
        What it shows; sequences of one place are in one split.
    scene, source : str
        What is rendered, or what is imported; one of them is empty.
    split : str or None
        The split that a source's users put it in.
    """

    name: str
    place: str
    scene: str = ""
    source: str = ""
    split: str | None = None


def dataset_members(scene: str, source: str) -> tuple[Member, ...]:
    """Return what ``--scene`` and ``--source`` name, scenes first.

    Raises
    ------
    UserError
        If nothing is named, or anything twice.
    """
    scenes = parse_list(scene, "--scene")
    if not scenes and not source:
        scenes = parse_list(DEFAULT_SCENES, "--scene")
    rendered = [Member(Path(item).stem, Path(item).stem, item) for item in scenes]
    members = (*rendered, *_imported(source))
    names = [member.name for member in members]
    if not members:
        raise UserError(
            f"--scene {shown(scene)} --source {shown(source)}: expected one or more "
            "sequences"
        )
    for later, name in enumerate(names):
        first = names.index(name)
        if first < later:
            one, other = (members[n].scene or members[n].source for n in (first, later))
            raise UserError(
                f"--scene {shown(scene)} --source {shown(source)}: {shown(one)} and "
                f"{shown(other)} are both called {shown(name)}; expected sequences of "
                "different names"
            )
    return members


def draw_names(members: tuple[Member, ...]) -> dict[str, str]:
    """Return by name what each member's draws are seeded by; empty: its plain name.

    Where plain names collide, whoever has another name is known by that: it needs
    seeds of its own, and those of all others stay as they were.
    """
    plain = {
        member.name: seed_name(member.name, filler="_" if member.scene else "-")
        for member in members
    }
    counts = Counter(plain.values())
    return {
        name: name if counts[short] > 1 and short != name else ""
        for name, short in plain.items()
    }


def _imported(source: str) -> list[Member]:
    members: list[Member] = []
    for item in parse_list(source, "--source"):
        selection = parse_source(item)
        for name, folder in selection.sequences().items():
            scene_name = selection.scene_name(name)
            place = f"{selection.kind} {selection.source.place(folder)}"
            split = selection.source.split(folder)
            text = f"{selection.text}:{name}"
            members.append(Member(scene_name, place, source=text, split=split))
    return members


def member_splits(members: tuple[Member, ...], splits: str = "") -> dict[str, str]:
    """Return the split of each member by name.

    Those that have no split of their own are divided by place, in order: as
    ``splits`` says (numbers of places for training, validation and testing, such as
    ``5,0,1``), or by `split_scenes`.

    Raises
    ------
    UserError
        If ``splits`` is not three such numbers that add up to the places.
    """
    free = [member for member in members if member.split is None]
    places = list(dict.fromkeys(member.place for member in free))
    names = _chosen_splits(splits, len(places)) if splits else split_scenes(len(places))
    by_place = dict(zip(places, names, strict=True))
    return {member.name: member.split or by_place[member.place] for member in members}


def _chosen_splits(text: str, count: int) -> list[str]:
    items = parse_list(text, "--splits")
    numbers = [
        int(item) if item.isdecimal() and len(item) < 10 else -1 for item in items
    ]
    if len(numbers) != len(SPLITS) or min(numbers) < 0 or sum(numbers) != count:
        raise UserError(
            f"--splits {shown(text)}: expected three numbers of scenes, for training, "
            f"validation and testing, that add up to {count}, such as {count},0,0"
        )
    pairs = zip(SPLITS, numbers, strict=True)
    return [split for split, number in pairs for _ in range(number)]


def split_scenes(count: int) -> list[str]:
    """Return the split of each of ``count`` scenes, in order.

    Examples
    --------
    >>> split_scenes(0), split_scenes(1), split_scenes(2)
    ([], ['train'], ['train', 'test'])
    >>> split_scenes(4)
    ['train', 'train', 'val', 'test']
    """
    held_out = {0: [], 1: [], 2: ["test"]}.get(count, ["val", "test"])
    return ["train"] * (count - len(held_out)) + held_out
