"""What the user writes for scenes, frames and sizes -> specifications."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from blender_scenes.charts.names import CHART_NAMES, CHART_PREFIX
from blender_scenes.frames import sha256_of
from blender_scenes.spec import (
    DEFAULT_LONGER_SIDE_PX,
    DEFAULT_SIZE,
    SceneSpec,
)
from pipeline.errors import UserError, shown
from pipeline.files import is_there, regular_file

PROCEDURAL = re.compile(r"(?:city|street)-([1-9][0-9]{0,8})")
BLEND_SUFFIX = ".blend"
DESCRIPTION_SUFFIX = ".json"


def parse_list(text: str, flag: str) -> tuple[str, ...]:
    """Return the comma-separated items of ``text``, stripped; none if it is empty.

    Raises
    ------
    UserError
        For an item of nothing, as an empty variable of the shell leaves, or a path
        with a comma in it.

    Examples
    --------
    >>> parse_list("1, 3", "--camera-set")
    ('1', '3')
    """
    if not text:
        return ()
    items = tuple(item.strip() for item in text.split(","))
    if not all(items):
        raise UserError(
            f"{flag} {shown(text)}: an item is empty; expected one or more items with "
            "commas between them"
        )
    for path in (text, text.partition(":")[2]):  # a source has a kind before its path
        if len(items) > 1 and is_there(Path(path)):
            raise UserError(
                f"{flag} {shown(text)}: commas separate items; expected a path "
                "without one"
            )
    return items


@dataclass(frozen=True)
class FrameChoice:
    """What ``--frames`` asks for: nothing, a count or a range; all else is None."""

    count: int | None = None
    span: tuple[int, int] | None = None


def frame_choice(text: str) -> FrameChoice:
    """Return what is asked for.

    Examples
    --------
    >>> frame_choice("8").count, frame_choice("10-12").span, frame_choice("-3--1").span
    (8, (10, 12), (-3, -1))
    >>> frame_choice("")
    FrameChoice(count=None, span=None)
    """
    if not text.strip():
        return FrameChoice()
    number = r"(-?\d{1,12})"
    match = re.fullmatch(rf"\s*{number}(?:\s*-\s*{number})?\s*", text)
    if match is None or (match[2] is None and match[1].startswith("-")):
        raise UserError(
            f"--frames {shown(text)}: expected a count such as 8, or FIRST-LAST such "
            "as 10-20 or -3--1 (frame numbers)"
        )
    first, last = match.groups()
    if last is None and int(first) > 0:
        return FrameChoice(count=int(first))
    if last is None or int(last) < int(first):
        raise UserError(
            f"--frames {shown(text)}: the range is empty; expected at least one frame, "
            "FIRST-LAST with FIRST <= LAST"
        )
    return FrameChoice(span=(int(first), int(last)))


def parse_frames(text: str) -> tuple[int, int] | None:
    """Return first and last frame of what is numbered from 1; None for all.

    Examples
    --------
    >>> parse_frames("8"), parse_frames("10-12"), parse_frames("")
    ((1, 8), (10, 12), None)
    """
    choice = frame_choice(text)
    return choice.span if choice.count is None else (1, choice.count)


def parse_size(text: str) -> tuple[int, int] | None:
    """Return width and height in pixels; None for the scene's own shape.

    Examples
    --------
    >>> parse_size("512x288"), parse_size("")
    ((512, 288), None)
    """
    if not text.strip():
        return None
    match = re.fullmatch(r"\s*(\d{1,9})\s*[xX]\s*(\d{1,9})\s*", text)
    if match is None or not all(16 <= int(side) <= 8192 for side in match.groups()):
        raise UserError(
            f"--size {shown(text)}: expected WIDTHxHEIGHT in pixels, each side 16 to "
            "8192, such as 512x288"
        )
    return int(match[1]), int(match[2])


def longer_side_px(text: str) -> int:
    """Return the longer side of the pictures that ``--size`` asks for, pixels.

    Examples
    --------
    >>> longer_side_px("64x48"), longer_side_px("")
    (64, 512)
    """
    return max(parse_size(text) or (DEFAULT_LONGER_SIDE_PX,))


def is_file(scene: str) -> bool:
    """Return whether ``--scene`` names a .blend or a description of a city.

    Examples
    --------
    >>> is_file("city-1"), is_file("scenes/a.blend")
    (False, True)
    """
    return Path(scene).suffix.lower() in (BLEND_SUFFIX, DESCRIPTION_SUFFIX)


def scene_size(text: str, scene: SceneSpec) -> tuple[int | None, int | None]:
    """Return width and height of a scene's pictures; None, None for a file's own."""
    if not text.strip() and scene.blend_file is None:
        return DEFAULT_SIZE
    return parse_size(text) or (None, None)


def scene_spec(text: str, frames: str) -> SceneSpec:
    """Return the scene that ``text`` names: a city, a chart or the path of a file.

    A file's scene is called as the file is, to the letter.

    Raises
    ------
    UserError
        If it is none of them, or the file can't be read.
    """
    try:
        return _scene_spec(text, frames)
    except ValueError as error:
        raise UserError(f"--frames {shown(frames)}: {error}") from None


def _scene_spec(text: str, frames: str) -> SceneSpec:
    procedural = PROCEDURAL.fullmatch(text)
    if procedural is not None:
        seed = int(procedural[1])
        return SceneSpec(name=text, seed=seed, frame_range=parse_frames(frames))
    if text.startswith(CHART_PREFIX) and not Path(text).suffix:
        return SceneSpec(name=_known_chart(text), frame_range=parse_frames(frames))
    path, choice = Path(text), frame_choice(frames)
    if path.suffix.lower() == DESCRIPTION_SUFFIX:
        return SceneSpec(
            name=path.stem,
            plan_sha256=_checksum(path),  # first: it says what is wrong with a path
            plan_file=str(path.resolve()),
            frame_range=choice.span,
            frame_count=choice.count,
        )
    if path.suffix.lower() != BLEND_SUFFIX:
        raise UserError(
            f"--scene {shown(text)}: expected city-N or street-N (N = 1, 2, ...), "
            "chart-NAME, or the path of a .blend file or of a scene.json"
        )
    return SceneSpec(
        name=path.stem,
        blend_sha256=_checksum(path),  # first: it says what is wrong with a path
        blend_file=str(path.resolve()),
        frame_range=choice.span,
        frame_count=choice.count,
    )


def _known_chart(text: str) -> str:
    if text.removeprefix(CHART_PREFIX) not in CHART_NAMES:
        charts = ", ".join(CHART_PREFIX + name for name in CHART_NAMES)
        raise UserError(
            f"--scene {shown(text)}: there is no such chart; expected {charts}"
        )
    return text


def _checksum(path: Path) -> str:
    try:
        status = regular_file(path).stat()
        return _checksum_of_state(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise UserError(
            f"--scene {shown(str(path))}: {error.strerror}; expected a file that can "
            "be read"
        ) from None


@lru_cache(maxsize=256)
def _checksum_of_state(path: Path, mtime_ns: int, size: int) -> str:
    """Luigi asks for a task's identity often; read the file once per state."""
    del mtime_ns, size
    return sha256_of(path)
