"""Linear light, encoded values and whole numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dp_model.radiometry import decode_srgb, encode_srgb, quantise


@pytest.mark.parametrize(
    ("linear", "encoded"),
    [
        (0.0, 0.0),
        (1.0, 1.0),
        (0.0031308, 0.04045),  # the knee of IEC 61966-2-1
        (0.18, 0.46135613),  # 18 % grey: 1.055 * 0.18^(1/2.4) - 0.055
        (0.21404114, 0.5),
    ],
)
def test_published_values_of_srgb(linear, encoded):
    assert encode_srgb(np.array(linear)) == pytest.approx(encoded, abs=1e-6)
    assert decode_srgb(np.array(encoded)) == pytest.approx(linear, abs=1e-6)


@given(st.floats(-10, 1e4))
def test_decoding_undoes_encoding(value):
    again = decode_srgb(encode_srgb(np.array(value)))
    # The two pieces of the standard meet within 1e-7 only.
    assert again == pytest.approx(value, rel=1e-6, abs=1e-7)


@given(st.floats(-1, 100), st.floats(-1, 100))
def test_encoding_rises(one, other):
    low, high = encode_srgb(np.sort(np.array([one, other])))
    assert low <= high + 1e-7


@pytest.mark.parametrize("bits", [8, 16])
def test_whole_numbers_survive_a_round_trip(bits):
    levels = np.arange(2**bits)
    encoded = levels / (2**bits - 1)
    np.testing.assert_array_equal(quantise(encoded, bits=bits), levels)
    np.testing.assert_array_equal(
        quantise(encoded.astype(np.float32), bits=bits), levels
    )


@pytest.mark.parametrize(("bits", "dtype"), [(8, np.uint8), (16, np.uint16)])
def test_quantising_rounds_and_clips(bits, dtype):
    top = 2**bits - 1
    values = np.array([-3.0, 0.4 / top, 0.6 / top, 1.0, 7.0, np.inf])
    whole = quantise(values, bits=bits)
    assert whole.dtype == dtype
    assert whole.tolist() == [0, 0, 1, top, top, top]


def test_torch_gives_what_numpy_gives(rng):
    values = rng.uniform(-0.2, 1.3, (5, 6, 3)).astype(np.float32)
    for function in (encode_srgb, decode_srgb):
        on_torch = function(torch.asarray(values))
        assert on_torch.dtype == torch.float32
        np.testing.assert_allclose(on_torch.numpy(), function(values), rtol=2e-6)
    whole = quantise(torch.asarray(values))
    assert whole.dtype == torch.uint16
    np.testing.assert_array_equal(whole.numpy(), quantise(values))


def test_nan_has_no_whole_number():
    with pytest.raises(ValueError, match="NaN"):
        quantise(np.array([0.1, np.nan]))


def test_only_the_depths_of_png_are_known():
    with pytest.raises(ValueError, match="bits must be 8 or 16; got 12"):
        quantise(np.zeros(2), bits=12)
