"""Published sizes of the networks, and multiplications counted by hand."""

import pytest

from rdpd.complexity import complexity
from rdpd.config import ModelConfig

RELEASED = ModelConfig(cell="released")


def giga(macs):
    return round(macs / 1e9, 2)


@pytest.mark.parametrize(
    ("size", "whole", "lstm"),
    [
        ((1120, 1680), 517.95, 138.73),
        ((512, 512), 72.16, 19.33),
        ((1088, 1920), 575.03, 154.01),
    ],
)
def test_rdpd_takes_the_published_multiplications(size, whole, lstm):
    found = complexity(RELEASED, *size)
    assert giga(found.macs) == whole
    assert giga(found.macs_by_part["lstm"]) == lstm


@pytest.mark.parametrize(
    ("size", "whole"), [((1120, 1680), 1574.30), ((512, 512), 219.33)]
)
def test_dpdnet_takes_the_published_multiplications(size, whole):
    assert giga(complexity(ModelConfig(name="dpdnet"), *size).macs) == whole


@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        (RELEASED, 24_278_703),
        (ModelConfig(cell="released", radial=False), 24_278_415),
        (ModelConfig(cell="released", radial=False, recurrent=False), 7_761_807),
        # 3 x 3 weights of the first layer's 32 channels for the radial distance.
        (ModelConfig(cell="released", recurrent=False), 7_761_807 + 9 * 32),
        (ModelConfig(name="dpdnet"), 31_035_151),
    ],
)
def test_published_parameter_counts(config, parameters):
    assert complexity(config, 16, 16).parameters == parameters


def test_the_parts_add_up():
    found = complexity(ModelConfig(width=2), 32, 48)
    assert sum(found.macs_by_part.values()) == found.macs
    assert set(found.macs_by_part) == {
        *("encoder", "bottleneck", "lstm", "decoder", "tail")
    }


def test_the_last_layer_is_counted_as_by_hand():
    # 1 x 1 from two channels to three: six multiplications per pixel.
    assert complexity(ModelConfig(width=2), 32, 48).macs_by_part["tail"] == 6 * 32 * 48


def test_padding_is_work_too():
    odd, even = (complexity(ModelConfig(width=2), h, 48) for h in (17, 32))
    assert odd.macs == even.macs
