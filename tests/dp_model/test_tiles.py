"""Rectangles, tiles, and which layers a rectangle holds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dp_model.layers import tent
from dp_model.tiles import (
    Occupancy,
    Region,
    bounding_region,
    extended,
    occupancy,
    tiles,
)

sizes = st.tuples(st.integers(1, 70), st.integers(1, 70))


@given(sizes, st.integers(1, 40))
def test_tiles_hold_every_pixel_once(size, side):
    count = np.zeros(size)
    for tile in tiles(size, side):
        assert not tile.is_empty
        assert max(tile.size) <= side
        count[tile.slices] += 1
    np.testing.assert_array_equal(count, 1)


def test_a_rectangle_grows_meets_and_moves():
    region = Region(2, 5, -3, 4)
    assert region.size == (3, 7)
    assert region.grown(2) == Region(0, 7, -5, 6)
    assert region.within(Region(0, 4, 0, 9)) == Region(2, 4, 0, 4)
    assert region.within(Region(6, 9, 0, 9)).is_empty
    assert region.relative_to(Region(1, 99, -4, 99)) == Region(1, 4, 1, 8)


@given(st.integers(-50, 50), st.integers(0, 40), st.sampled_from([1, 2, 4]))
def test_an_aligned_rectangle_is_the_smallest_on_the_grid(start, length, step):
    region = Region(start, start + length, 0, 4)
    aligned = region.aligned(step)
    assert aligned.within(region) == region
    assert aligned.size[0] < length + 2 * step
    assert aligned.top % step == aligned.bottom % step == 0
    cells = aligned.in_cells(step)
    assert cells.size == (aligned.size[0] // step, 4 // step)


@pytest.mark.parametrize("library", [np, torch])
def test_bounding_region_holds_all_and_no_more(library):
    flags = np.zeros((7, 9), dtype=bool)
    assert bounding_region(library.asarray(flags.copy())) is None
    flags[2, 5] = flags[4, 3] = True
    assert bounding_region(library.asarray(flags)) == Region(2, 5, 3, 6)


COUNT = 5  # layers

positions = sizes.flatmap(
    lambda size: st.tuples(
        hnp.arrays(np.float64, size, elements=st.floats(0, COUNT - 1), fill=st.just(1)),
        hnp.arrays(np.float64, size, elements=st.sampled_from([0.0, 1.0])),
    )
)


def region_around(size: tuple[int, int], seed: int) -> Region:
    """A tile of a picture with a margin that may leave the picture."""
    rng = np.random.default_rng(seed)
    all_tiles = list(tiles(size, 32))
    return all_tiles[rng.integers(len(all_tiles))].grown(int(rng.integers(0, 60)))


def holds(position: np.ndarray, coverage: np.ndarray, layer: int) -> np.ndarray:
    return (tent(position, layer) > 0) & (coverage > 0)


@given(positions, st.integers(0, 2**32 - 1))
def test_bounds_hold_every_pixel_of_a_layer_mirror_images_included(surface, seed):
    position, coverage = surface
    where = Occupancy([(position, coverage)], COUNT)
    region = region_around(position.shape, seed)
    seen, shown = extended(position, region), extended(coverage, region)
    for layer in range(COUNT):
        found = bounding_region(holds(seen, shown, layer))
        if found is not None:
            inside = found.relative_to(Region(-region.top, 0, -region.left, 0))
            bounds = where.bounds(layer, region)
            assert layer in where.layers_in(region)
            assert bounds is not None
            assert bounds.within(region) == bounds
            assert inside.within(bounds) == inside


@given(positions, st.integers(0, 2**32 - 1), st.integers(0, COUNT - 1))
def test_nothing_nearer_is_overlooked_mirror_images_included(surface, seed, layer):
    position, _ = surface
    where = Occupancy([(position, np.ones_like(position))], COUNT)
    region = region_around(position.shape, seed)
    if (extended(position, region) > layer).any():
        assert where.has_nearer(layer, region)


def test_nothing_nearer_is_overlooked_just_outside_the_border():
    # A card in rows 20..29; above row 0 its mirror image is at rows -30..-21.
    position = np.zeros((90, 40))
    position[20:30] = 3
    where = Occupancy([(position, np.ones_like(position))], COUNT)
    above = Region(-40, 10, 0, 40)
    assert where.has_nearer(1, above)
    bounds = where.bounds(3, above)
    assert bounds is not None
    assert bounds.top <= -30


def test_a_layer_is_looked_for_on_every_surface():
    first, second = np.zeros((20, 20)), np.full((20, 20), 3.0)
    nowhere, somewhere = np.zeros((20, 20)), np.zeros((20, 20))
    somewhere[18, 18] = 1
    everywhere = np.ones((20, 20))
    where = Occupancy([(first, everywhere), (second, somewhere)], COUNT)
    assert 3 in where.layers_in(Region(0, 20, 0, 20))
    assert 3 not in where.layers_in(Region(0, 16, 0, 16))
    assert where.has_surface(1, Region(0, 20, 0, 20))
    assert not where.has_surface(1, Region(0, 16, 0, 16))
    without = Occupancy([(first, everywhere), (second, nowhere)], COUNT)
    assert without.bounds(3, Region(0, 20, 0, 20)) is None


def test_occupancy_is_unknown_if_any_array_is_out_of_reach():
    plane = np.zeros((4, 4))
    assert occupancy([(plane, plane)], COUNT) is not None
    assert occupancy([(plane, plane), (plane, None)], COUNT) is None
