from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from pipeline.images import read_png

ROOT = Path(__file__).parents[2]


def test_the_first_example_moves_the_wall_left_in_the_left_view(tmp_path: Path) -> None:
    script = ROOT / "examples" / "one_pair.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True, cwd=ROOT)
    left, right = (read_png(tmp_path / f"{n}.png")[..., 1] for n in ("left", "right"))
    wall = slice(10, 200)  # columns clear of the post and of the border
    row = left.shape[0] // 2
    shifts = range(-4, 5)
    errors = [
        np.abs(
            left[row, wall].astype(float) - np.roll(right[row].astype(float), s)[wall]
        ).mean()
        for s in shifts
    ]
    # The wall is behind focus: what the right view shows, left shows further left.
    assert list(shifts)[int(np.argmin(errors))] < 0
