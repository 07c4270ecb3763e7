"""A picture of each case: target, truth, ours, and how they differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.fidelity_suite.compare import Picture, Views
from benchmarks.fidelity_suite.references import Reference
from dp_model.radiometry import encode_srgb

DIFFERENCE_GAIN = 8
_SHRINK = 2


def write_difference_picture(path: Path, reference: Reference, views: Views) -> None:
    """Write target and truth above ours and difference, of the left view.

    The difference, ours minus truth, encoded, is magnified by `DIFFERENCE_GAIN` around
    mid-grey. All at half size.
    """
    target, truth, ours = (
        encode_srgb(np.clip(view, 0.0, 1.0))
        for view in (reference.sharp, reference.left, views[0])
    )
    difference = np.clip(0.5 + DIFFERENCE_GAIN * (ours - truth), 0, 1)
    rows = [[target, truth], [ours, difference]]
    mosaic = np.concatenate([np.concatenate(row, axis=1) for row in rows], axis=0)
    picture = Image.fromarray(_to_bytes(mosaic))
    size = picture.width // _SHRINK, picture.height // _SHRINK
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.resize(size, Image.Resampling.BOX).save(path, optimize=True)


def _to_bytes(encoded: Picture | NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.rint(encoded * 255).astype(np.uint8)
