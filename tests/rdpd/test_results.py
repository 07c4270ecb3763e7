"""Means, intervals and tables against numbers by hand."""

import csv
import itertools
import json
import math

import numpy as np
import pytest

from rdpd.evaluation_files import ERROR_FULL_SCALE, error_map
from rdpd.results import (
    MIN_SEQUENCES,
    FrameScores,
    bootstrap_interval,
    median_seconds,
    summarise,
    with_gains,
)
from rdpd.tables import (
    described,
    markdown_table,
    summary_table,
    write_frames,
    write_summaries,
)


def row(method, sequence, frame, psnr, **more):
    labels = {"split": "test", "sequence": sequence, "frame": str(frame)}
    values = {"psnr_db": psnr, **more}
    return FrameScores(method, labels, values)


SCORES = [
    row("blurred", "a", 1, 20.0, mae=0.1),
    row("blurred", "b", 1, 24.0, mae=0.2),
    row("net", "a", 1, 21.0, mae=0.0625, seconds=3.0),
    row("net", "b", 1, 27.0, mae=0.1875, seconds=1.0),
    row("net", "b", 2, 30.0, mae=0.125, seconds=100.0),
]


def test_the_bootstrap_of_three_values_is_the_list_of_all_resamples():
    values = [0.0, 1.0, 5.0]
    means = sorted(sum(x) / 3 for x in itertools.product(values, repeat=3))
    found = bootstrap_interval(values, ["a"] * 3, draws=20_000)
    assert found.mean == 2.0
    # 27 equally likely resamples: 2.5 % and 97.5 % fall into the first and the last.
    assert (found.low, found.high) == pytest.approx((means[0], means[-1]))


def test_the_interval_of_normal_values_is_that_of_the_formula():
    values = np.random.default_rng(0).normal(30.0, 2.0, 400)
    found = bootstrap_interval(values.tolist(), ["a"] * 400)
    half = 1.96 * values.std() / math.sqrt(400)
    assert found.low == pytest.approx(values.mean() - half, abs=0.05 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.05 * half)


@pytest.mark.parametrize("frames_per_sequence", [1, 6])
def test_the_interval_covers_the_truth_as_often_as_it_says(frames_per_sequence):
    """Frames of one sequence are equal here: resampled alone they would cover less."""
    rng = np.random.default_rng(1)
    sequences, trials, hits = 40, 400, 0
    names = [
        str(n // frames_per_sequence) for n in range(sequences * frames_per_sequence)
    ]
    for trial in range(trials):
        drawn = rng.normal(0.0, 1.0, sequences)
        values = np.repeat(drawn, frames_per_sequence).tolist()
        found = bootstrap_interval(values, names, trial, draws=500)
        hits += found.low <= 0.0 <= found.high
    # 95 % less some 1 % that the percentile method lacks at 40; three deviations.
    assert hits / trials == pytest.approx(0.94, abs=3 * math.sqrt(0.95 * 0.05 / trials))


def test_whole_sequences_are_drawn_where_there_are_enough():
    def resampled(sequences):
        names = [str(n) for n in range(sequences)]
        return bootstrap_interval([1.0] * sequences, names).resampled

    assert resampled(MIN_SEQUENCES) == "sequences"
    assert resampled(MIN_SEQUENCES - 1) == "frames"


def test_sequences_of_unequal_length_count_by_their_frames():
    names = ["0", "0", *(str(n) for n in range(1, MIN_SEQUENCES))]
    values = [1.0, 1.0, *[0.0] * (MIN_SEQUENCES - 1)]
    found = bootstrap_interval(values, names)
    assert found.mean == pytest.approx(2 / (MIN_SEQUENCES + 1))
    # The long sequence is left out of a third of the draws: (7/8)^8.
    assert found.low == 0.0


def test_the_same_seed_gives_the_same_interval():
    values, names = [1.0, 2.0, 4.0, 9.0], list("aabb")
    assert bootstrap_interval(values, names, 3) == bootstrap_interval(values, names, 3)


def test_an_infinite_value_has_a_mean_and_no_interval():
    found = bootstrap_interval([20.0, math.inf], ["a", "b"])
    assert found.mean == math.inf
    assert math.isnan(found.low)
    assert math.isnan(found.high)


@pytest.mark.parametrize(("values", "names"), [([], []), ([1.0], ["a", "b"])])
def test_no_values_are_refused(values, names):
    with pytest.raises(ValueError, match="expected one sequence for each"):
        bootstrap_interval(values, names)


def test_gains_are_over_the_same_frame_of_the_baseline():
    gained = with_gains(SCORES, "blurred")
    gains = [r.values.get("psnr_gain_db") for r in gained]
    assert gains == [None, None, 1.0, 3.0, None]


def test_two_perfect_pictures_gain_nothing():
    perfect = [row("blurred", "a", 1, math.inf), row("net", "a", 1, math.inf)]
    assert with_gains(perfect, "blurred")[1].values["psnr_gain_db"] == 0.0


def test_means_are_by_method_and_by_each_value_of_each_label():
    found = {
        (s.method, s.label, s.value, s.metric): (s.interval.mean, s.interval.count)
        for s in summarise(SCORES, ("split", "sequence", "camera"))
    }
    assert found["net", "split", "test", "psnr_db"] == (26.0, 3)
    assert found["net", "sequence", "b", "psnr_db"] == (28.5, 2)
    assert found["blurred", "sequence", "a", "psnr_db"] == (20.0, 1)
    assert found["net", "split", "test", "mae"] == (0.125, 3)
    assert not any(label == "camera" for _, label, _, _ in found)
    assert not any(metric == "niqe" for *_, metric in found)


def test_the_time_is_a_median_and_the_blurred_input_takes_none():
    assert median_seconds(SCORES, "net") == 3.0
    assert median_seconds(SCORES, "blurred") is None


def test_a_table_has_a_row_per_method_and_value_in_the_order_of_the_scores():
    summaries = summarise(SCORES, ("split", "sequence"))
    table = summary_table(summaries, "split", {"net": {"s per frame": "3"}})
    assert table.splitlines() == [
        "| method | PSNR, dB | MAE | s per frame |",
        "|---|---:|---:|---:|",
        "| blurred | 22.00 [20.00, 24.00] | 0.1500 [0.1000, 0.2000] |  |",
        "| net | 26.00 [21.00, 30.00] | 0.1250 [0.0625, 0.1875] | 3 |",
    ]
    rows = summary_table(summaries, "sequence").splitlines()[2:]
    assert [line.split(" | ")[:2] for line in rows] == [
        ["| blurred", "a"],
        ["| net", "a"],
        ["| blurred", "b"],
        ["| net", "b"],
    ]


def test_an_infinite_mean_is_shown_without_an_interval():
    table = summary_table(summarise([row("m", "a", 1, math.inf)], ("split",)), "split")
    assert table.splitlines()[-1] == "| m | inf |"


def test_a_markdown_table_has_as_many_rulers_as_columns():
    assert markdown_table(["x"], []).splitlines() == ["| x |", "|---|"]


def test_the_frames_file_reads_back_exactly(tmp_path):
    scores = [row("net", "a", 1, 0.1 + 0.2), row("net", "b", 1, math.inf, niqe=4.0)]
    write_frames(tmp_path / "f.csv", scores)
    with (tmp_path / "f.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["method", "split", "sequence", "frame", "psnr_db", "niqe"]
    assert float(rows[0]["psnr_db"]) == 0.1 + 0.2
    assert rows[0]["niqe"] == ""
    assert float(rows[1]["psnr_db"]) == math.inf


def test_summaries_are_the_same_in_csv_and_json(tmp_path):
    summaries = summarise([*SCORES, row("x", "a", 1, math.inf)], ("split", "sequence"))
    write_summaries(tmp_path / "s.csv", summaries)
    with (tmp_path / "s.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    objects = json.loads(json.dumps(described(summaries), allow_nan=False))
    assert len(rows) == len(objects) == len(summaries)
    for line, entry in zip(rows, objects, strict=True):
        for name in ("method", "label", "value", "metric", "resampled"):
            assert line[name] == entry[name]
        for name in ("mean", "low", "high", "frames"):
            assert line[name] == str(entry[name]) or float(line[name]) == entry[name]


def test_an_error_map_is_white_at_full_scale_and_black_at_none():
    target = np.full((2, 3, 3), 0.5)
    output = target.copy()
    output[0, 0] += ERROR_FULL_SCALE
    output[0, 1, 0] -= 3 * ERROR_FULL_SCALE / 5  # a fifth of it in the mean
    output[1, 2] += 0.4
    expected = [[255, 51, 0], [0, 0, 255]]
    assert error_map(output, target).tolist() == expected
