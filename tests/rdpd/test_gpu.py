"""What a GPU does otherwise: precision, layout, waiting, compiling, running out."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from benchmarks.gpu_experiment.measure import exact_float32
from rdpd.config import ModelConfig, TrainConfig
from rdpd.learner import Learner, TrainingError
from rdpd.loader import Batch
from rdpd.model import RDPD, DPDNet, build_model

pytestmark = pytest.mark.gpu
compiles = pytest.mark.filterwarnings(
    "default"
)  # of its own parts, torch.compile warns

CONFIG = TrainConfig(
    model=ModelConfig(width=8), dropout=0.0, epochs=1, steps_per_epoch=9, ema_decay=0.9
)
MODELS = [ModelConfig(width=8), ModelConfig(name="dpdnet", width=8)]
NAMES = ["rdpd", "dpdnet"]


def batch_of(items: int, size: int, device: torch.device) -> Batch:
    generator = torch.Generator().manual_seed(7)
    shapes = {"left": 3, "right": 3, "target": 3, "radial": 1}
    tensors = {
        kind: torch.rand(items, 2, channels, size, size, generator=generator)
        for kind, channels in shapes.items()
    }
    return Batch({kind: t.to(device) for kind, t in tensors.items()}, "noise")


def gradient_of(learner: Learner) -> torch.Tensor:
    gradients = [w.grad for w in learner.model.parameters() if w.grad is not None]
    return torch.cat([gradient.flatten().double().cpu() for gradient in gradients])


def frames_on(device: torch.device, channels: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(5)
    return torch.rand(1, 3, channels, 50, 70, generator=generator).to(device)


def output(model: RDPD | DPDNet, x: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return model.eval()(x)[0]


@pytest.fixture
def _exact():
    """Float32 as it is: no factor is rounded to TF32."""
    with exact_float32():
        yield


def test_a_step_in_bfloat16_is_near_that_of_the_cpu_in_float32(cuda):
    cpu = torch.device("cpu")
    exact = Learner(replace(CONFIG, precision="float32"), cpu)
    rounded = Learner(CONFIG, cuda)
    losses = [
        learner.step(0, batch_of(2, 64, device)).cpu()
        for learner, device in ((exact, cpu), (rounded, cuda))
    ]
    # bfloat16 has eight bits: each value is right to 0.4 %.
    torch.testing.assert_close(losses[1][:2], losses[0][:2], rtol=0.02, atol=0.0)
    pair = torch.stack([gradient_of(exact), gradient_of(rounded)])
    assert torch.corrcoef(pair)[0, 1] > 0.99


@pytest.mark.usefixtures("_exact")
@pytest.mark.parametrize("config", MODELS, ids=NAMES)
def test_a_network_computes_what_it_computes_on_the_cpu(cuda, config):
    model = build_model(config)
    x = frames_on(torch.device("cpu"), model.channels)
    expected = output(model, x)
    found = output(model.to(cuda), x.to(cuda)).cpu()
    torch.testing.assert_close(found, expected, rtol=0.0, atol=1e-4)


@pytest.mark.usefixtures("_exact")
@pytest.mark.parametrize("config", MODELS, ids=NAMES)
def test_channels_last_changes_nothing(cuda, config):
    model = build_model(config).to(cuda)
    x = frames_on(cuda, model.channels)
    expected = output(model, x)
    last = model.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    torch.testing.assert_close(output(last, x), expected, rtol=0.0, atol=1e-4)


@pytest.mark.slow
@compiles
@pytest.mark.usefixtures("_exact")
@pytest.mark.parametrize("config", MODELS, ids=NAMES)
def test_a_compiled_network_gives_what_the_plain_one_gives(cuda, config):
    model = build_model(config).to(cuda)
    x = frames_on(cuda, model.channels)
    expected = output(model, x)
    names = list(model.state_dict())
    model.compile(backend="inductor")
    torch.testing.assert_close(output(model, x), expected, rtol=0.0, atol=1e-4)
    assert list(model.state_dict()) == names


@pytest.mark.slow
@compiles
def test_a_compiled_step_is_near_the_plain_one(cuda):
    steps = [
        Learner(replace(CONFIG, compile=compiler), cuda).step(0, batch_of(2, 64, cuda))
        for compiler in ("off", "inductor")
    ]
    torch.testing.assert_close(steps[1][:2], steps[0][:2], rtol=0.02, atol=0.0)


def test_a_step_never_waits_for_the_device(cuda):
    learner, batch = Learner(CONFIG, cuda), batch_of(2, 64, cuda)
    learner.step(0, batch)  # loads kernels
    torch.cuda.set_sync_debug_mode("error")
    try:
        learner.step(1, batch)
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_too_large_a_batch_names_one_that_fits(cuda):
    model = ModelConfig(width=32)
    learner = Learner(replace(CONFIG, model=model, clip_frames=2), cuda)
    batch = batch_of(16, 256, cuda)
    total = torch.cuda.get_device_properties(cuda).total_memory
    torch.cuda.set_per_process_memory_fraction(3e9 / total)
    try:
        with pytest.raises(TrainingError, match=r"clip_batch = \d+ with .* fits"):
            learner.step(0, batch)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
        torch.cuda.empty_cache()
