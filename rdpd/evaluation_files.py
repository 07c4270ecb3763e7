"""What an evaluation leaves behind: tables, pictures, one JSON file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rdpd.evaluate import EvaluationError, Output, rounded
from rdpd.evaluation_set import PLACE, Picture
from rdpd.methods import BLURRED, Method
from rdpd.results import (
    DRAWS,
    LEVEL,
    FrameScores,
    Summary,
    median_seconds,
    summarise,
    with_gains,
)
from rdpd.tables import described, summary_table, write_frames, write_summaries
from rdpd.words import shortly

FORMAT = 1
LABELS = ("split", PLACE, "camera", "scene", "sequence")
"""What means are taken by."""

PICTURES = "pictures"
INPUT, TARGET, ERROR = "input", "target", "_error"
MOST_CHARACTERS = 60
ERROR_FULL_SCALE = 0.25
"""Encoded colour; white of an error map."""


def picture_numbers(frames: int, wanted: int) -> frozenset[int]:
    """Return which of so many frames get pictures, evenly spread, from 0.

    Examples
    --------
    >>> sorted(picture_numbers(10, 2)), sorted(picture_numbers(2, 5))
    ([2, 7], [0, 1])
    """
    count = min(frames, wanted)
    return frozenset(int((place + 0.5) * frames / count) for place in range(count))


def write_pictures(folder: Path, method: Method, output: Output) -> None:
    """Write input, target, output and error map of a frame as 8-bit PNG.

    ``pictures/SEQUENCE-FRAME/{input,target}.png`` and ``METHOD{,_error}.png``.
    """
    labels = output.frame.labels
    place = folder / PICTURES / f"{labels['sequence']}-{labels['frame']}"
    place.mkdir(parents=True, exist_ok=True)
    target = output.frame.picture("target")
    stem = INPUT if method.model is None else file_stem(method.name)
    if method.model is None:
        _write_png(place / f"{TARGET}.png", _codes(target))
    _write_png(place / f"{stem}.png", _codes(output.picture))
    _write_png(place / f"{stem}{ERROR}.png", error_map(output.picture, target))


def check_names(names: Iterable[str]) -> None:
    """Check that networks of these names, and the blurred input, have files apart.

    Names that differ only in capitals or in how an accent is coded are one file on some
    systems.

    Raises
    ------
    EvaluationError
        For a name that is no file's, another's, or that of input or target.

    Examples
    --------
    >>> check_names(["RDPD", "mine"])
    """
    owners = {INPUT: BLURRED, INPUT + ERROR: BLURRED, TARGET: "the target"}
    taken = {_folded(BLURRED)}
    for name in names:
        stem = file_stem(name)
        if not name.isprintable() or not stem.strip(".") or len(name) > MOST_CHARACTERS:
            raise EvaluationError(
                f"{shortly(name)}: a network's name is a file's too; expected letters "
                f"or digits, at most {MOST_CHARACTERS} characters"
            )
        if _folded(name) in taken:
            raise EvaluationError(
                f"2 methods are called {name!r}; give each a name of its own"
            )
        taken.add(_folded(name))
        for file in (_folded(stem), _folded(stem + ERROR)):
            if file in owners:
                raise EvaluationError(
                    f"{name!r}: its images would be called like those of "
                    f"{owners[file]} ({file}.png); give it another name"
                )
            owners[file] = repr(name)


def _folded(name: str) -> str:
    """Return a name by which a careless file system knows a file."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def write_evaluation(
    folder: Path,
    scores: Sequence[FrameScores],
    methods: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
    seed: int = 0,
) -> dict[str, Any]:
    """Write the tables, and return what belongs into ``results.json``.

    ``frames.csv``, ``summary.csv`` and ``results.md``.

    Parameters
    ----------
    folder : Path
    scores : sequence of FrameScores
    methods : sequence of dict
        As `Method.described`.
    settings : dict
        On what and how: goes into the files as it is.
    seed : int
        Of the bootstrap.
    """
    gained = with_gains(scores, BLURRED)
    summaries = summarise(gained, LABELS, seed)
    timed = [
        {**method, "seconds_per_frame": median_seconds(scores, str(method["name"]))}
        for method in methods
    ]
    write_frames(folder / "frames.csv", gained)
    write_summaries(folder / "summary.csv", summaries)
    text = _page(summaries, timed, settings)
    (folder / "results.md").write_text(text, encoding="utf-8")
    return {
        "format": FORMAT,
        "settings": dict(settings),
        "methods": timed,
        "bootstrap": {"draws": DRAWS, "level": LEVEL, "seed": seed},
        "summaries": described(summaries),
    }


def error_map(output: NDArray[Any], target: NDArray[Any]) -> NDArray[np.uint8]:
    """Return |output - target|, mean of the channels, as grey codes (H, W).

    White is an error of `ERROR_FULL_SCALE` and more.
    """
    error = np.mean(np.abs(np.asarray(output, np.float64) - target), axis=-1)
    codes = np.clip(error / ERROR_FULL_SCALE, 0.0, 1.0) * 255.0
    return np.floor(codes + 0.5).astype(np.uint8)


def file_stem(name: str) -> str:
    """Return a method's name as a file's.

    Examples
    --------
    >>> file_stem("RDPD, 4 frames")
    'RDPD_4_frames'
    """
    words = "".join(c if c.isalnum() or c in "-+." else " " for c in name).split()
    return "_".join(words)


def _page(
    summaries: Sequence[Summary],
    methods: Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any],
) -> str:
    costs = {str(method["name"]): _cost(method) for method in methods}
    lines = [f"# {settings['dataset']}, split {settings['split']}", ""]
    lines += [f"- {name}: {settings[name]}" for name in settings]
    drawn = next(row.interval.resampled for row in summaries if row.label == LABELS[0])
    lines += ["", f"Means and 95 % bootstrap intervals; {drawn} are drawn.", ""]
    lines += [summary_table(summaries, LABELS[0], costs)]
    for label in LABELS[1:]:
        if len({row.value for row in summaries if row.label == label}) > 1:
            lines += ["", f"## By {label}", "", summary_table(summaries, label)]
    return "\n".join(lines) + "\n"


def _cost(method: Mapping[str, Any]) -> dict[str, str]:
    if method.get("parameters") is None:
        return {}
    seconds = method["seconds_per_frame"]
    width, height = method["frame_size"]
    return {
        "parameters, M": f"{method['parameters'] / 1e6:.2f}",
        f"GMACs at {width} x {height}": f"{method['macs_per_frame'] / 1e9:.2f}",
        "s per frame": "" if seconds is None else f"{seconds:.3g}",
    }


def _codes(picture: Picture) -> NDArray[np.uint8]:
    return np.round(rounded(np.clip(picture, 0.0, 1.0), "8") * 255).astype(np.uint8)


def _write_png(path: Path, codes: NDArray[np.uint8]) -> None:
    if codes.ndim == 3:
        codes = np.ascontiguousarray(codes[..., ::-1])
    done, data = cv2.imencode(".png", codes)
    if not done:
        raise ValueError(f"{path}: OpenCV could not encode a picture {codes.shape}")
    path.write_bytes(data.tobytes())
