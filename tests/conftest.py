"""Fixtures that every test may use."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import settings

settings.register_profile("thorough", max_examples=3000, deadline=None)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20211011)


@pytest.fixture
def cuda() -> torch.device:
    """The device of a test marked `gpu`, which fails where there is none."""
    if not torch.cuda.is_available():
        pytest.fail("needs a CUDA device", pytrace=False)
    return torch.device("cuda")
