"""From scores of frames to means with intervals, tables and files; no network here."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DRAWS = 4000
LEVEL = 0.95
MIN_SEQUENCES = 8
"""Fewer sequences than these say too little about each other to be resampled."""

ERROR_FULL_SCALE = 0.25
"""Encoded colour; white of an error map."""

METRICS = {
    "psnr_db": "PSNR, dB",
    "psnr_gain_db": "gain, dB",
    "ssim": "SSIM",
    "mae": "MAE",
    "niqe": "NIQE",
    "lpips": "LPIPS",
}
"""Name in the files, and heading; what one frame has."""

_DECIMALS = {"psnr_db": 2, "psnr_gain_db": 2, "niqe": 2}


@dataclass(frozen=True)
class FrameScores:
    """What one method makes of one frame.

    Parameters
    ----------
    method : str
    labels : dict of str
        Where the frame belongs: ``split``, ``sequence``, ``frame``, and others that
        means are taken by, such as ``camera``.
    values : dict of float
        By the names of `METRICS`; ``seconds`` that the network took.
    """

    method: str
    labels: Mapping[str, str]
    values: Mapping[str, float]


@dataclass(frozen=True)
class Interval:
    """A mean and its bootstrap interval.

    Parameters
    ----------
    mean, low, high : float
        low and high are NaN where a value is not finite.
    count : int
        Frames.
    resampled : str
        ``sequences`` or ``frames``.
    """

    mean: float
    low: float
    high: float
    count: int
    resampled: str


@dataclass(frozen=True)
class Summary:
    """The mean of one metric of one method over the frames that share a label."""

    method: str
    label: str
    value: str
    metric: str
    interval: Interval


def bootstrap_interval(
    values: Sequence[float],
    sequences: Sequence[str],
    seed: int = 0,
    *,
    draws: int = DRAWS,
) -> Interval:
    """Return the mean of values and the 95 % percentile bootstrap interval.

    Whole sequences are drawn with replacement where there are at least
    `MIN_SEQUENCES`, since frames of one are alike; else frames, and then the interval
    says nothing about other sequences.

    Parameters
    ----------
    values : sequence of float
        At least one.
    sequences : sequence of str
        The sequence of each value.
    seed : int

    References
    ----------
    Efron & Tibshirani (1993), chapter 13.

    Examples
    --------
    >>> bootstrap_interval([0.0, 1.0], ["a", "a"])
    Interval(mean=0.5, low=0.0, high=1.0, count=2, resampled='frames')
    """
    if not len(values) or len(values) != len(sequences):
        raise ValueError(
            f"{len(values)} values and {len(sequences)} sequences; expected one "
            "sequence for each of at least one value"
        )
    all_values = np.asarray(values, np.float64)
    names = sorted(set(sequences))
    by_sequence = len(names) >= MIN_SEQUENCES
    units = list(sequences) if by_sequence else list(range(len(values)))
    _, unit = np.unique(units, return_inverse=True)
    mean = float(np.mean(all_values))
    low = high = math.nan
    if np.isfinite(all_values).all():
        sums, counts = np.bincount(unit, all_values), np.bincount(unit)
        rng = np.random.default_rng(seed)
        drawn = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), draws)
        tail = 50 * (1 - LEVEL)
        means = (drawn @ sums) / (drawn @ counts)
        low, high = (float(x) for x in np.percentile(means, [tail, 100 - tail]))
    resampled = "sequences" if by_sequence else "frames"
    return Interval(mean, low, high, len(values), resampled)


def with_gains(scores: Sequence[FrameScores], baseline: str) -> list[FrameScores]:
    """Return scores that also say by how many dB each frame beats the baseline's.

    Where both are without error, the gain is 0.
    """
    before = {
        _frame_of(row): row.values["psnr_db"]
        for row in scores
        if row.method == baseline
    }
    gained: list[FrameScores] = []
    for row in scores:
        values = dict(row.values)
        if row.method != baseline and _frame_of(row) in before:
            after, reference = values["psnr_db"], before[_frame_of(row)]
            values["psnr_gain_db"] = 0.0 if after == reference else after - reference
        gained.append(FrameScores(row.method, row.labels, values))
    return gained


def summarise(
    scores: Sequence[FrameScores], labels: Iterable[str], seed: int = 0
) -> list[Summary]:
    """Return the mean of every metric, by method and by each value of each label.

    Methods and values come in the order in which the scores bring them. A metric that
    some frames lack is the mean over those that have it.
    """
    summaries: list[Summary] = []
    for label in labels:
        for method, value in _pairs_of(scores, label):
            chosen = [
                row
                for row in scores
                if row.method == method and row.labels.get(label) == value
            ]
            for metric in METRICS:
                rows = [row for row in chosen if metric in row.values]
                if rows:
                    interval = bootstrap_interval(
                        [row.values[metric] for row in rows],
                        [row.labels["sequence"] for row in rows],
                        seed,
                    )
                    summaries.append(Summary(method, label, value, metric, interval))
    return summaries


def median_seconds(scores: Iterable[FrameScores], method: str) -> float | None:
    """Return the median time per frame of a method; None where it takes none."""
    times = [
        row.values["seconds"]
        for row in scores
        if row.method == method and "seconds" in row.values
    ]
    return float(np.median(times)) if times else None


def write_frames(path: Path, scores: Sequence[FrameScores]) -> None:
    """Write a CSV with a row per method and frame."""
    labels = _in_order(name for row in scores for name in row.labels)
    values = [
        name
        for name in (*METRICS, "seconds")
        if any(name in row.values for row in scores)
    ]
    rows = [
        [
            row.method,
            *(row.labels.get(name, "") for name in labels),
            *(_exact(row.values.get(name)) for name in values),
        ]
        for row in scores
    ]
    _write_csv(path, ["method", *labels, *values], rows)


def write_summaries(path: Path, summaries: Sequence[Summary]) -> None:
    """Write a CSV with a row per method, label, value and metric."""
    header = ["method", "label", "value", "metric", "mean", "low", "high"]
    rows = [
        [
            row.method,
            row.label,
            row.value,
            row.metric,
            *(_exact(x) for x in _three(row.interval)),
            str(row.interval.count),
            row.interval.resampled,
        ]
        for row in summaries
    ]
    _write_csv(path, [*header, "frames", "resampled"], rows)


def described(summaries: Iterable[Summary]) -> list[dict[str, Any]]:
    """Return summaries as JSON can hold them: what is not finite as a word."""
    return [
        {
            "method": row.method,
            "label": row.label,
            "value": row.value,
            "metric": row.metric,
            **{
                name: number if math.isfinite(number) else str(number)
                for name, number in zip(
                    ("mean", "low", "high"), _three(row.interval), strict=True
                )
            },
            "frames": row.interval.count,
            "resampled": row.interval.resampled,
        }
        for row in summaries
    ]


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; all columns but the first lean right.

    Examples
    --------
    >>> print(markdown_table(["a", "b"], [["x", "1"]]))
    | a | b |
    |---|---:|
    | x | 1 |
    """
    ruler = "|---|" + "---:|" * (len(header) - 1)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(header) + " |", ruler, *lines])


def summary_table(
    summaries: Sequence[Summary],
    label: str,
    costs: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """Return means [low, high] by method and by each value of a label, as Markdown.

    Parameters
    ----------
    summaries : sequence of Summary
    label : str
    costs : dict of dict of str, optional
        More columns: of each method, text by heading.
    """
    chosen = [row for row in summaries if row.label == label]
    metrics = [name for name in METRICS if any(r.metric == name for r in chosen)]
    cells = {(r.method, r.value, r.metric): _cell(r) for r in chosen}
    more = _in_order(heading for row in (costs or {}).values() for heading in row)
    values = _in_order(r.value for r in chosen)
    rows = [
        [
            method,
            *([value] if len(values) > 1 else []),
            *(cells.get((method, value, metric), "") for metric in metrics),
            *((costs or {}).get(method, {}).get(heading, "") for heading in more),
        ]
        for value in values
        for method in _in_order(r.method for r in chosen if r.value == value)
    ]
    header = ["method", *([label] if len(values) > 1 else [])]
    return markdown_table([*header, *(METRICS[m] for m in metrics), *more], rows)


def _cell(row: Summary) -> str:
    places = _DECIMALS.get(row.metric, 4)
    mean, low, high = (f"{number:.{places}f}" for number in _three(row.interval))
    return f"{mean} [{low}, {high}]" if math.isfinite(row.interval.low) else mean


def _three(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


def _frame_of(row: FrameScores) -> tuple[str, str]:
    return row.labels["sequence"], row.labels["frame"]


def _pairs_of(scores: Sequence[FrameScores], label: str) -> list[tuple[str, str]]:
    """Return methods and values of a label, value by value."""
    pairs = _in_order(
        (row.method, row.labels[label]) for row in scores if label in row.labels
    )
    values = _in_order(value for _, value in pairs)
    return sorted(pairs, key=lambda pair: values.index(pair[1]))


def _in_order(items: Iterable[Any]) -> list[Any]:
    """Return the different items in the order in which they first come."""
    return list(dict.fromkeys(items))


def _exact(value: float | None) -> str:
    """Return a number that reads back as it is; empty for none."""
    return "" if value is None else repr(float(value))


def _write_csv(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])


def error_map(output: NDArray[Any], target: NDArray[Any]) -> NDArray[np.uint8]:
    """Return |output - target|, mean of the channels, as grey codes (H, W).

    White is an error of `ERROR_FULL_SCALE` and more.
    """
    error = np.mean(np.abs(np.asarray(output, np.float64) - target), axis=-1)
    codes = np.clip(error / ERROR_FULL_SCALE, 0.0, 1.0) * 255.0
    return np.floor(codes + 0.5).astype(np.uint8)
