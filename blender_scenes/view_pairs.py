"""Views traced through a lens, on disk: NumPy and OpenEXR only, no bpy.

A folder holds one EXR per frame, named as frames are, and ``views_raytraced.json``,
written last: a `FrameSequence` without instances.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frames import FrameError, read_exr, write_exr

PAIR_FORMAT_VERSION = 1
PAIRS_MANIFEST = "views_raytraced.json"
VIEWS = ("left", "right")

Picture: TypeAlias = NDArray[np.float32]


def write_view_pair(path: Path, left: Picture, right: Picture) -> None:
    """Write two views (H, W, 3), scene-linear, as one EXR of floats, atomically.

    Channels ``left.R`` to ``right.B``. Floats, because half the last bit of a half
    would hide what left and right add up to.
    """
    write_exr(
        path,
        {
            f"{name}.{channel}": view[..., index].astype(np.float32)
            for name, view in zip(VIEWS, (left, right), strict=True)
            for index, channel in enumerate("RGB")
        },
    )


def read_view_pair(path: Path) -> tuple[Picture, Picture]:
    """Return the left and the right view, (H, W, 3) scene-linear.

    Raises
    ------
    FrameError
        If the file is missing, truncated, lacks a channel, or holds NaN or infinity.
    """
    channels = read_exr(path)
    wanted = [f"{view}.{channel}" for view in VIEWS for channel in "RGB"]
    missing = [name for name in wanted if name not in channels]
    if missing:
        raise FrameError(
            f"{path}: no channel {', '.join(missing)}; expected {', '.join(wanted)}"
        )
    stacked = np.stack([channels[name] for name in wanted], axis=-1)
    if not np.isfinite(stacked).all():
        raise FrameError(f"{path}: holds NaN or infinity; expected finite values")
    return stacked[..., :3], stacked[..., 3:]
