"""Which clip, patch and mirroring: drawn from (seed, epoch, step) and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdpd.sampling import (
    BatchShape,
    Cut,
    Extent,
    Moment,
    SamplingError,
    dropout_seed,
    training_cuts,
    whole,
)

SHAPE = BatchShape(items=2, frames=2, patch_px=16, flip=True)
START = Moment(seed=0, source=0, epoch=0, step=0)
extents = st.lists(
    st.builds(Extent, st.integers(2, 6), st.integers(16, 40), st.integers(16, 40)),
    min_size=1,
    max_size=5,
)


def steps(count: int, shape: BatchShape, sizes: list[Extent]) -> list[Cut]:
    """Return the cuts of the first steps of an epoch."""
    moments = [replace(START, step=step) for step in range(count)]
    return [cut for moment in moments for cut in training_cuts(sizes, shape, moment)]


@given(sizes=extents, step=st.integers(0, 50), seed=st.integers(0, 3))
def test_every_cut_lies_inside_its_sequence(sizes, step, seed):
    moment = Moment(seed, 0, 1, step)
    for cut in training_cuts(sizes, SHAPE, moment):
        extent = sizes[cut.sequence]
        assert 0 <= cut.first <= extent.frames - cut.frames
        assert 0 <= cut.top <= extent.height - cut.height
        assert 0 <= cut.left <= extent.width - cut.width


def test_the_same_moment_gives_the_same_cuts():
    sizes = [Extent(4, 32, 48)]
    assert training_cuts(sizes, SHAPE, START) == training_cuts(sizes, SHAPE, START)


@pytest.mark.parametrize("part", ["seed", "source", "epoch", "step"])
def test_another_moment_gives_other_cuts(part):
    sizes = [Extent(40, 320, 480)]
    other = replace(START, **{part: 1})
    assert training_cuts(sizes, SHAPE, START) != training_cuts(sizes, SHAPE, other)


def test_every_run_of_frames_comes_once_before_any_comes_again():
    sizes = [Extent(4, 16, 16), Extent(2, 16, 16), Extent(3, 16, 16)]
    windows = {(0, 0), (0, 1), (0, 2), (1, 0), (2, 0), (2, 1)}
    cuts = steps(6, SHAPE, sizes)  # twelve items: two laps
    first = [(cut.sequence, cut.first) for cut in cuts[:6]]
    second = [(cut.sequence, cut.first) for cut in cuts[6:]]
    assert set(first) == set(second) == windows
    assert first != second


def test_half_of_the_cuts_are_mirrored():
    cuts = steps(500, SHAPE, [Extent(2, 16, 16)])
    # Of 1000 fair coins; five standard deviations are 79.
    assert abs(sum(cut.flip for cut in cuts) - 500) < 80


def test_none_is_mirrored_if_it_is_not_wished():
    cuts = steps(50, replace(SHAPE, flip=False), [Extent(2, 16, 16)])
    assert not any(cut.flip for cut in cuts)


def test_patches_come_from_everywhere():
    cuts = steps(500, SHAPE, [Extent(2, 19, 17)])
    corners = Counter((cut.top, cut.left) for cut in cuts)
    assert set(corners) == {(row, column) for row in range(4) for column in range(2)}
    assert min(corners.values()) > 125 - 5 * np.sqrt(125)


def test_items_of_a_batch_draw_different_entropy():
    cuts = steps(20, SHAPE, [Extent(4, 32, 48)])
    assert len({cut.entropy for cut in cuts}) == len(cuts)


def test_too_large_a_patch_names_the_largest_that_fits():
    with pytest.raises(SamplingError, match=r"patch_px 512.* at most 288"):
        training_cuts([Extent(4, 288, 512)], replace(SHAPE, patch_px=512), START)


def test_too_long_a_clip_names_the_longest_that_there_is():
    with pytest.raises(SamplingError, match=r"clip_frames 5.* has 3 frames"):
        training_cuts(
            [Extent(9, 16, 16), Extent(3, 16, 16)], replace(SHAPE, frames=5), START
        )


def test_no_sequences_are_refused():
    with pytest.raises(SamplingError, match="no sequences"):
        training_cuts([], SHAPE, START)


def test_whole_pictures_are_all_of_a_sequence():
    assert whole(2, Extent(5, 32, 48)) == Cut(2, 0, 5, 0, 0, 32, 48)
    assert whole(2, Extent(5, 32, 48), first=3, frames=1).frames == 1


def test_dropout_differs_by_step_and_process():
    seeds = {dropout_seed(0, step, process) for step in range(9) for process in (0, 1)}
    assert len(seeds) == 18
