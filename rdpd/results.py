"""From scores of frames to means with intervals; no network and no file here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DRAWS = 4000
LEVEL = 0.95
MIN_SEQUENCES = 8
"""Fewer sequences than these say too little about each other to be resampled."""

METRICS = {
    "psnr_db": "PSNR, dB",
    "psnr_gain_db": "gain, dB",
    "ssim": "SSIM",
    "mae": "MAE",
    "niqe": "NIQE",
    "lpips": "LPIPS",
}
"""Name in the files, and heading; what one frame has."""


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


def _frame_of(row: FrameScores) -> tuple[str, str]:
    return row.labels["sequence"], row.labels["frame"]


def _pairs_of(scores: Sequence[FrameScores], label: str) -> list[tuple[str, str]]:
    """Return methods and values of a label, value by value."""
    pairs = in_order(
        (row.method, row.labels[label]) for row in scores if label in row.labels
    )
    values = in_order(value for _, value in pairs)
    return sorted(pairs, key=lambda pair: values.index(pair[1]))


def in_order(items: Iterable[Any]) -> list[Any]:
    """Return the different items in the order in which they first come."""
    return list(dict.fromkeys(items))
