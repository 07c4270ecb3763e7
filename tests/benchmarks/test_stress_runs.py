"""Disturbed runs leave what an undisturbed one leaves: the short form."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.stress_runs import stress

pytestmark = pytest.mark.slow


def test_pairs_and_kills_leave_the_same_bytes_and_the_right_status(
    tmp_path: Path,
) -> None:
    counts = stress(
        tmp_path, pairs=2, kills=1, is_fake=True, seed=1, time_limit_s=400.0
    )
    assert sum(count.tried for count in counts.values()) == 4
    assert [wrong for count in counts.values() for wrong in count.wrong] == []


@pytest.mark.blender
def test_a_pair_that_renders_leaves_the_same_bytes(tmp_path: Path) -> None:
    counts = stress(
        tmp_path, pairs=1, kills=0, is_fake=False, seed=1, time_limit_s=400.0
    )
    assert counts["pair"].tried == 1
    assert counts["pair"].wrong == []
