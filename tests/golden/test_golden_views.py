from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from dp_model.render import Mode
from tests.golden.make_golden import FOLDER, views

# FFT libraries differ in the last bits; the lamp of 10 sets the scale.
TOLERANCE = 1e-5


@pytest.mark.parametrize("mode", get_args(Mode))
def test_views_of_a_fixed_scene_stay_as_they_were(mode: Mode, tmp_path: Path) -> None:
    golden = np.load(FOLDER / f"{mode}.npy")
    result = views(mode)
    difference = np.abs(result - golden)
    if difference.max() >= TOLERANCE:
        np.savez(tmp_path / f"{mode}.npz", result=result, golden=golden)
    assert difference.max() < TOLERANCE, (
        f"{mode}: up to {difference.max():.2g} off; both are in {tmp_path}. If the "
        "change is meant: python tests/golden/make_golden.py"
    )
