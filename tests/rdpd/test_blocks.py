"""ConvLSTM steps against scalars, and what the cells differ in."""

import math

import pytest
import torch

from rdpd.blocks import ConvLstmCell, UpBlock


def scalar_cell(cell, bias=0.0):
    """A cell of one channel whose 3 x 3 kernels only look at the pixel itself."""
    lstm = ConvLstmCell(1, cell)
    with torch.no_grad():
        for weights, values in (
            (lstm.from_input.weight, (0.5, -0.3, 0.8, 0.2)),
            (lstm.from_hidden.weight, (0.1, 0.4, -0.6, 0.7)),
        ):
            weights.zero_()
            weights[:, 0, 1, 1] = torch.tensor(values)
        lstm.from_input.bias.copy_(torch.tensor([0.05, 1.0, -0.1, 0.3]) + bias)
        if lstm.peepholes is not None:
            lstm.peepholes[:, 0, 0, 0] = torch.tensor([0.9, -0.7, 0.4])
    return lstm


def pixel(value):
    return torch.full((1, 1, 1, 1), value)


def logistic(x):
    return 1 / (1 + math.exp(-x))


def test_the_papers_cell_follows_equations_7_to_12():
    x, h, c = 0.6, -0.2, 0.5
    i = logistic(0.5 * x + 0.1 * h + 0.9 * c + 0.05)
    f = logistic(-0.3 * x + 0.4 * h - 0.7 * c + 1.0)
    o = logistic(0.2 * x + 0.7 * h + 0.4 * c + 0.3)
    memory = f * c + i * math.tanh(0.8 * x - 0.6 * h - 0.1)
    fed, (hidden, cell) = scalar_cell("paper")(pixel(x), (pixel(h), pixel(c)))
    assert cell.item() == pytest.approx(memory, rel=1e-6)
    assert hidden.item() == pytest.approx(o * math.tanh(memory), rel=1e-6)
    assert fed.item() == pytest.approx(o, rel=1e-6)  # Eq. 12: the gate


def test_the_released_cell_has_a_hard_sigmoid_and_no_peepholes():
    x, h, c = 0.6, -0.2, 0.5

    def hard(value):
        return min(1.0, max(0.0, 0.2 * value + 0.5))

    i, f = hard(0.5 * x + 0.1 * h + 0.05), hard(-0.3 * x + 0.4 * h + 1.0)
    o = hard(0.2 * x + 0.7 * h + 0.3)
    memory = f * c + i * math.tanh(0.8 * x - 0.6 * h - 0.1)
    fed, (hidden, cell) = scalar_cell("released")(pixel(x), (pixel(h), pixel(c)))
    assert cell.item() == pytest.approx(memory, rel=1e-6)
    assert hidden.item() == pytest.approx(o * math.tanh(memory), rel=1e-6)
    assert torch.equal(fed, hidden)


def test_the_released_gates_saturate_at_two_and_a_half():
    lstm = scalar_cell("released", bias=-100.0)
    _, (hidden, memory) = lstm(pixel(0.1), (pixel(0.3), pixel(0.9)))
    assert memory.item() == 0.0
    assert hidden.item() == 0.0


def test_the_forget_gate_starts_open():
    lstm = ConvLstmCell(3, "paper")
    lstm.reset()
    assert lstm.from_input.bias.tolist() == [0.0] * 3 + [1.0] * 3 + [0.0] * 6


def gates_in_training(frames, seed=0):
    """The (T, B, 4, H, W) gates of a cell in which each is its input, or dropped."""
    lstm = ConvLstmCell(1, "released", dropout=0.4)
    with torch.no_grad():
        lstm.from_input.weight.zero_()
        lstm.from_input.weight[:, 0, 1, 1] = 1.0
        lstm.from_input.bias.zero_()
        lstm.from_hidden.weight.zero_()
    gates = []
    original = lstm._seen
    lstm._seen = lambda x, kept: gates.append(original(x, kept)) or gates[-1]
    torch.manual_seed(seed)
    lstm.train().unroll(torch.ones(2, frames, 1, 16, 16), None)
    return torch.stack(gates)


def test_what_is_dropped_is_the_same_in_all_steps_of_a_call():
    gates = gates_in_training(frames=3)
    assert torch.equal(gates[0], gates[1])
    assert torch.equal(gates[0], gates[2])
    assert not torch.equal(gates[0], gates_in_training(frames=1, seed=1)[0])


def test_each_gate_and_each_clip_drops_inputs_of_its_own():
    (gates,) = gates_in_training(frames=1)
    different = gates.flatten(0, 1)  # two clips, four gates
    assert len({tuple(one.flatten().tolist()) for one in different}) == 8


def test_dropping_keeps_the_mean():
    gates = gates_in_training(frames=1)
    values = gates.unique().tolist()
    assert values == pytest.approx([0.0, 1 / 0.6])
    # Five standard errors of the share of 2048 values.
    assert abs((gates > 0).float().mean() - 0.6) < 5 * (0.24 / gates.numel()) ** 0.5


def test_a_point_below_becomes_a_quad_up_and_left_of_the_kernel():
    block = UpBlock(2)
    with torch.no_grad():
        block.up.weight.zero_()
        block.up.weight[0, 0] = torch.tensor([[1.0, 10.0], [100.0, 1000.0]])
        block.up.bias.zero_()
    seen = []
    block.convs = torch.nn.Sequential(Recorder(seen))
    below = torch.zeros(1, 2, 3, 3)
    below[0, 0, 1, 1] = 1.0
    block(below, torch.zeros(1, 1, 6, 6))
    up = seen[0][0, 1]
    # Correlation with the window to the right and below, as Keras pads even kernels.
    expected = torch.zeros(6, 6)
    expected[1:4, 1:4] = torch.tensor(
        [[1000.0, 1100.0, 100.0], [1010.0, 1111.0, 101.0], [10.0, 11.0, 1.0]]
    )
    assert torch.equal(up, expected)


class Recorder(torch.nn.Module):
    def __init__(self, seen):
        super().__init__()
        self.seen = seen

    def forward(self, x):
        self.seen.append(x)
        return x
