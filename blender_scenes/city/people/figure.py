"""Meshes of the bones of a dressed person, each in its bone's axes; no bpy.

Rows are height, half width, half depth and y of a cross-section, metres, for an
adult of `ADULT_HEIGHT_M`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.people.figure_head import add_head
from blender_scenes.city.people.figure_limbs import (
    add_forearm,
    add_shin,
    add_shoe,
    add_thigh,
    add_upper_arm,
)
from blender_scenes.city.people.figure_shapes import (
    Figure,
    creased,
    domed,
    oval_rings,
    scaled,
)
from blender_scenes.city.people.outfits import Outfit
from blender_scenes.city.people.skeleton import BONES
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import box, loft, tube

Array = NDArray[np.float64]

_CHEST = (
    (-0.07, 0.154, 0.112, 0.0), (0.0, 0.148, 0.106, 0.0), (0.1, 0.157, 0.112, 0.004),
    (0.2, 0.172, 0.12, 0.006), (0.28, 0.18, 0.116, 0.0), (0.33, 0.186, 0.1, -0.006),
    (0.365, 0.172, 0.086, -0.01), (0.395, 0.118, 0.072, -0.01),
    (0.412, 0.08, 0.066, -0.006), (0.43, 0.064, 0.06, 0.0),
    (0.44, 0.056, 0.054, 0.0),
)  # fmt: skip
_HIPS = (
    (-0.105, 0.05, 0.05, -0.01), (-0.075, 0.115, 0.092, -0.006),
    (-0.03, 0.158, 0.112, -0.004), (0.03, 0.168, 0.118, -0.006),
    (0.09, 0.156, 0.112, 0.0), (0.16, 0.146, 0.104, 0.0),
)  # fmt: skip
# From the waist down to the hem of shirts and jackets; wider than the thighs below.
_TAIL = (
    (-0.065, 0.196, 0.156, -0.004), (-0.02, 0.19, 0.147, -0.004),
    (0.05, 0.176, 0.13, -0.004), (0.131, 0.154, 0.112, 0.0), (0.19, 0.15, 0.108, 0.0),
)  # fmt: skip


def bone_builders(figure: Figure) -> tuple[MeshBuilder, ...]:
    """Return the meshes of all `BONES`, which more may be added to."""
    builders = tuple(MeshBuilder() for _ in BONES)
    _add_pelvis(builders[0], figure)
    _add_torso(builders[1], figure)
    add_head(builders[2], figure.body, figure.outfit, figure.detail)
    for bone, name in enumerate(BONES):
        side, _, kind = name.partition("_")
        out = -1.0 if side == "left" else 1.0
        if kind == "upper_arm":
            add_upper_arm(builders[bone], figure, bone)
        elif kind == "forearm":
            add_forearm(builders[bone], figure, bone, out)
        elif kind == "thigh":
            add_thigh(builders[bone], figure, bone)
        elif kind == "shin":
            add_shin(builders[bone], figure, bone)
        elif kind == "foot":
            add_shoe(builders[bone], figure, out)
    return builders


def patterned(outfit: Outfit, rings: Array, low_m: float, high_m: float) -> Array:
    """Return the top's colour for every face of a loft through rings."""
    rows, sides = rings.shape[0] - 1, rings.shape[1]
    z = 0.5 * (rings[1:, 0, 2] + rings[:-1, 0, 2])[:, None]
    column = np.arange(sides)[None]
    is_trim = np.zeros((rows, sides), bool)
    if outfit.pattern == "stripes":
        is_trim = (np.floor(z / 0.03) % 2 == 0) & (column >= 0)
    elif outfit.pattern == "blocks":
        is_trim = (z > low_m + 0.55 * (high_m - low_m)) & (column >= 0)
    elif outfit.pattern == "checks":
        is_trim = (np.floor(z / 0.035) + column // 2) % 2 == 0
    top, trim = np.array(outfit.top_rgb), np.array(outfit.trim_rgb)
    if outfit.pattern == "checks":
        trim = 0.6 * top + 0.4 * trim
    colours = np.where(is_trim[..., None], trim, top).reshape(-1, 3)
    return np.vstack([colours, top, top])


def _add_top(
    builder: MeshBuilder, figure: Figure, rows: ArrayLike, *, bone: int
) -> None:
    sides = 2 * figure.sides - 4
    rings = oval_rings(rows, sides=sides, count=12 if figure.detail == 2 else 0)
    crease = figure.crease_m(0.007)
    folded = creased(rings, crease, figure.phase(bone)) if crease else rings
    low_m, high_m = rings[0, 0, 2], rings[-1, 0, 2]
    tint = patterned(figure.outfit, rings, low_m, high_m)
    builder.add(loft(folded), "cloth", tint, smooth=True)


def _add_pelvis(builder: MeshBuilder, figure: Figure) -> None:
    outfit, girth = figure.outfit, figure.body.girth
    rings = oval_rings(scaled(_HIPS, figure.scale, girth), sides=2 * figure.sides - 4)
    builder.add(loft(rings), "cloth", outfit.leg_rgb, smooth=True)
    is_short = figure.is_seated or outfit.skirt_hem is not None
    tail = scaled(_TAIL[2:] if is_short else _TAIL, figure.scale, girth)
    _add_top(builder, figure, tail, bone=0)


def _add_torso(builder: MeshBuilder, figure: Figure) -> None:
    outfit, scale = figure.outfit, figure.scale
    rows = scaled(_CHEST, scale, 1.0)
    # The belly grows with the girth, the shoulders hardly do.
    share = np.interp(rows[:, 0] / scale, [0.0, 0.4], [1.0, 0.2])
    rows[:, 1:3] *= (1 + (figure.body.girth - 1) * share)[:, None]
    rows[:, 0] *= figure.body.neck_m / (0.4263 * scale)
    _add_top(builder, figure, rows, bone=1)
    front = 0.118 * scale * figure.body.girth
    if outfit.top in ("jacket", "coat") and figure.detail == 2:
        zip_line = box(
            (-0.007, 0.007), (front - 0.02, front + 0.008), (0.0, 0.36 * scale)
        )
        builder.add(zip_line, "cloth", np.array(outfit.top_rgb) * 0.35)
        for out in (-1, 1):
            lapel = [
                (0.05 * out * scale, 0.062 * scale, 0.425 * scale),
                (0.055 * out * scale, 0.1 * scale, 0.36 * scale),
                (0.012 * out * scale, 0.122 * scale, 0.25 * scale),
            ]
            builder.add(
                tube(lapel, 0.013 * scale, sides=6),
                "cloth",
                np.array(outfit.top_rgb) * 0.7,
                smooth=True,
            )
    if outfit.top in ("jacket", "coat", "shirt"):
        collar = scaled(
            ((0.395, 0.082, 0.074, 0.0), (0.44, 0.068, 0.066, 0.002)), scale
        )
        rings = oval_rings(collar, sides=figure.sides)
        builder.add(loft(rings), "cloth", np.array(outfit.top_rgb) * 0.75, smooth=True)
    if outfit.has_scarf:
        shawl = domed(
            scaled(((0.405, 0.088, 0.08, 0.006), (0.45, 0.08, 0.078, 0.01)), scale)
        )
        builder.add(
            loft(oval_rings(shawl, sides=figure.sides)),
            "cloth",
            outfit.bag_rgb,
            smooth=True,
        )
