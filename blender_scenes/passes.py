"""Which render passes are written, and what each one means.

Blender 5 writes a multilayer EXR with one part per pass and channels such as
``ViewLayer.Depth.Z``; they are found by their last two words over all parts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
from numpy.typing import NDArray

COLOUR_PASSES = frozenset({"use_pass_combined"})
GEOMETRY_PASSES = frozenset({"use_pass_z", "use_pass_object_index", "use_pass_vector"})

# Cycles writes 1e10 where a ray leaves the scene.
SKY_DEPTH = 1e9


@dataclass(frozen=True)
class Geometry:
    """What the geometry render says of every pixel.

    Parameters
    ----------
    depth : ndarray (H, W) float32
        Planar depth in Blender units; sky = +inf.
    instance : ndarray (H, W) uint32
        Pass index of the object; 0 = none.
    flow_px : ndarray (H, W, 2) float32
        Forward flow, columns then rows (downwards), pixels; 0 in the sky.
    """

    depth: NDArray[np.float32]
    instance: NDArray[np.uint32]
    flow_px: NDArray[np.float32]


def switch_all_passes_off(view_layer: Any) -> None:
    """Switch every pass of a view layer off, those of Cycles included."""
    for settings in (view_layer, view_layer.cycles):
        for name in settings.bl_rna.properties.keys():  # noqa: SIM118 - bpy yields properties
            if name.startswith(("use_pass_", "pass_debug_", "denoising_store_")):
                setattr(settings, name, False)


def select_passes(view_layer: Any, wanted: frozenset[str]) -> None:
    """Switch on those of our own passes that are wanted, and the others off."""
    for name in COLOUR_PASSES | GEOMETRY_PASSES:
        setattr(view_layer, name, name in wanted)


def read_colour(path: Path) -> NDArray[np.float32]:
    """Return the Combined pass (H, W, 3), scene-linear."""
    channels = _read_channels(path, [f"Combined.{c}" for c in "RGB"])
    return np.stack(channels, axis=-1)


def read_depth(path: Path) -> NDArray[np.float32]:
    """Return the Depth pass (H, W) in Blender units; sky = +inf."""
    (depth,) = _read_channels(path, ["Depth.Z"])
    return np.where(depth > SKY_DEPTH, np.float32(np.inf), depth)


def read_geometry(path: Path) -> Geometry:
    """Return depth, object index and forward flow of a render with one sample.

    With more samples Vector would be an average over the pixel, while Depth and
    Object Index always come from the first sample, at the pixel's centre.
    """
    names = ["Depth.Z", "Object Index.X", "Vector.Z", "Vector.W"]
    depth, index, vector_z, vector_w = _read_channels(path, names)
    # Vector.Z and .W are this frame's position minus the next one's, rows upwards.
    flow = np.stack([-vector_z, vector_w], axis=-1)
    return Geometry(
        depth=np.where(depth > SKY_DEPTH, np.float32(np.inf), depth),
        instance=np.rint(index).astype(np.uint32),
        flow_px=flow,
    )


def _read_channels(path: Path, wanted: list[str]) -> list[NDArray[np.float32]]:
    """Return channels by suffix, each (H, W), in the order asked for."""
    found: dict[str, NDArray[np.float32]] = {}
    try:
        with OpenEXR.File(str(path), separate_channels=True) as file:
            for part in file.parts:
                for name, channel in part.channels.items():
                    suffix = ".".join(name.split(".")[-2:])
                    if suffix in wanted:
                        found[suffix] = np.array(channel.pixels, np.float32)
    except RuntimeError as error:
        # Blender says "Saved" even where the disk was full.
        raise OSError(f"{path}: Blender did not write it whole ({error})") from error
    missing = [name for name in wanted if name not in found]
    if missing:
        raise OSError(
            f"{path}: Blender did not write it whole (no {', '.join(missing)}); "
            "is the disk full?"
        )
    return [found[name] for name in wanted]
