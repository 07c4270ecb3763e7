"""Scores and means as files and tables."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rdpd.results import METRICS, FrameScores, Interval, Summary, in_order

_DECIMALS = {"psnr_db": 2, "psnr_gain_db": 2, "niqe": 2}


def write_frames(path: Path, scores: Sequence[FrameScores]) -> None:
    """Write a CSV with a row per method and frame."""
    labels = in_order(name for row in scores for name in row.labels)
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
    lines = ["| " + " | ".join(map(_cell_text, row)) + " |" for row in [header, *rows]]
    return "\n".join([lines[0], ruler, *lines[1:]])


def _cell_text(text: str) -> str:
    """Return text that stays in its cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|")


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
    more = in_order(heading for row in (costs or {}).values() for heading in row)
    values = in_order(r.value for r in chosen)
    rows = [
        [
            method,
            *([value] if len(values) > 1 else []),
            *(cells.get((method, value, metric), "") for metric in metrics),
            *((costs or {}).get(method, {}).get(heading, "") for heading in more),
        ]
        for value in values
        for method in in_order(r.method for r in chosen if r.value == value)
    ]
    header = ["method", *([label] if len(values) > 1 else [])]
    return markdown_table([*header, *(METRICS[m] for m in metrics), *more], rows)


def _cell(row: Summary) -> str:
    places = _DECIMALS.get(row.metric, 4)
    mean, low, high = (f"{number:.{places}f}" for number in _three(row.interval))
    return f"{mean} [{low}, {high}]" if math.isfinite(row.interval.low) else mean


def _three(interval: Interval) -> tuple[float, float, float]:
    return interval.mean, interval.low, interval.high


def _exact(value: float | None) -> str:
    """Return a number that reads back as it is; empty for none."""
    return "" if value is None else repr(float(value))


def _write_csv(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([header, *rows])
