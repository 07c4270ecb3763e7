"""Meshes of arms, legs and shoes, each in its bone's axes; no bpy.

Rows are height, half width, half depth and y of a cross-section, metres, for an
adult of `ADULT_HEIGHT_M`.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.people.figure_shapes import Figure, limb, scaled
from blender_scenes.city.shapes.mesh import MeshBuilder
from blender_scenes.city.shapes.shapes import Shape, ellipsoid, loft, tube

_THIGH = (
    (0.0, 0.092, 0.096, 0.0), (-0.1, 0.09, 0.096, 0.004), (-0.25, 0.076, 0.08, 0.004),
    (-0.42, 0.062, 0.064, 0.0),
)  # fmt: skip
_TROUSER_SHIN = (
    (0.0, 0.062, 0.064, 0.0), (-0.1, 0.062, 0.066, -0.008),
    (-0.25, 0.056, 0.06, -0.006),
    (-0.37, 0.055, 0.062, 0.0), (-0.395, 0.056, 0.066, 0.004),
)  # fmt: skip
_BARE_SHIN = (
    (0.0, 0.056, 0.058, 0.0), (-0.1, 0.054, 0.06, -0.012),
    (-0.22, 0.044, 0.048, -0.008),
    (-0.36, 0.034, 0.038, 0.0), (-0.4165, 0.036, 0.04, 0.0),
)  # fmt: skip
_UPPER_ARM = (
    (0.0, 0.053, 0.059, 0.0), (-0.08, 0.053, 0.059, 0.0), (-0.2, 0.049, 0.052, 0.0),
    (-0.301, 0.045, 0.046, 0.0),
)  # fmt: skip
_FOREARM = (
    (0.0, 0.045, 0.046, 0.0), (-0.07, 0.045, 0.046, 0.0), (-0.19, 0.037, 0.04, 0.0),
    (-0.255, 0.033, 0.037, 0.0),
)  # fmt: skip
_HAND = (
    (-0.24, 0.024, 0.027, 0.0), (-0.285, 0.018, 0.036, 0.0),
    (-0.33, 0.019, 0.043, 0.004),
    (-0.37, 0.018, 0.039, 0.01), (-0.41, 0.015, 0.032, 0.02),
    (-0.435, 0.008, 0.018, 0.028),
)  # fmt: skip
_SHOE_Y = np.array([-0.07, -0.052, -0.02, 0.04, 0.09, 0.14, 0.178, 0.196])
_SHOE_WIDTH = np.array([0.024, 0.034, 0.038, 0.042, 0.049, 0.046, 0.033, 0.012])
_SHOE_TOP = np.array([-0.028, 0.014, 0.034, 0.0, -0.03, -0.042, -0.047, -0.044])


def add_upper_arm(builder: MeshBuilder, figure: Figure, bone: int) -> None:
    """Add shoulder, upper arm and elbow, in a sleeve or bare below a short one."""
    outfit, scale = figure.outfit, figure.scale
    stretch = figure.body.upper_arm_m / (0.301 * scale)
    rows = scaled(_UPPER_ARM, scale, 0.6 + 0.4 * figure.body.girth)
    rows[:, 0] *= stretch
    sleeve = limb(
        rows,
        sides=figure.sides,
        crease_m=figure.crease_m(0.007),
        phase=figure.phase(bone),
    )
    if not outfit.has_bare_arms:
        builder.add(sleeve, "cloth", outfit.top_rgb, smooth=True)
        return
    bare = rows * (1.0, 0.8, 0.8, 1.0)
    builder.add(limb(bare, sides=figure.sides), "skin", outfit.skin_rgb, smooth=True)
    short = [row for row in rows if row[0] > -0.25 * scale]
    cuff = limb(
        np.array(short) * (1.0, 1.08, 1.08, 1.0),
        sides=figure.sides,
        low=False,
        crease_m=figure.crease_m(0.006),
    )
    builder.add(cuff, "cloth", outfit.top_rgb, smooth=True)


def add_forearm(builder: MeshBuilder, figure: Figure, bone: int, out: float) -> None:
    """Add forearm and hand; ``out`` is -1 on the left."""
    outfit, scale = figure.outfit, figure.scale
    rows = scaled(_FOREARM, scale, 0.6 + 0.4 * figure.body.girth)
    if outfit.has_bare_arms:
        bare = rows * (1.0, 0.8, 0.8, 1.0)
        builder.add(
            limb(bare, sides=figure.sides), "skin", outfit.skin_rgb, smooth=True
        )
    else:
        sleeve = limb(
            rows,
            sides=figure.sides,
            low=False,
            crease_m=figure.crease_m(0.006),
            phase=figure.phase(bone),
        )
        builder.add(sleeve, "cloth", outfit.top_rgb, smooth=True)
    hand = limb(scaled(_HAND, scale), sides=max(figure.sides - 4, 6), low=False)
    builder.add(hand, "skin", outfit.skin_rgb, smooth=True)
    thumb = np.array(
        [
            (0.0, 0.02, -0.27),
            (-0.012 * out, 0.046, -0.31),
            (-0.012 * out, 0.056, -0.345),
        ]
    )
    builder.add(
        tube(thumb * scale, np.array([0.014, 0.012, 0.007]) * scale, sides=6),
        "skin",
        outfit.skin_rgb,
        smooth=True,
    )


def add_thigh(builder: MeshBuilder, figure: Figure, bone: int) -> None:
    """Add hip, thigh and knee."""
    outfit, scale = figure.outfit, figure.scale
    # Nothing bulges through a skirt or coat.
    room = 1.0 if outfit.skirt_hem is None else 0.9
    rows = scaled(_THIGH, scale, room * (0.4 + 0.6 * figure.body.girth))
    rows[:, 0] *= figure.body.thigh_m / (0.42 * scale)
    is_bare = outfit.bottom in ("shorts", "skirt") or outfit.top == "dress"
    if is_bare:
        bare = rows * (1.0, 0.88, 0.88, 1.0)
        builder.add(
            limb(bare, sides=figure.sides), "skin", outfit.skin_rgb, smooth=True
        )
        if outfit.bottom != "shorts":
            return
        rows = np.array([row for row in rows if row[0] > -0.3 * scale])
        rows *= (1.0, 1.06, 1.06, 1.0)
    cloth = limb(
        rows,
        sides=figure.sides,
        low=not is_bare,
        crease_m=figure.crease_m(0.008),
        phase=figure.phase(bone),
    )
    builder.add(cloth, "denim", outfit.leg_rgb, smooth=True)


def add_shin(builder: MeshBuilder, figure: Figure, bone: int) -> None:
    """Add the shin down to the ankle."""
    outfit, scale = figure.outfit, figure.scale
    stretch = figure.body.shin_m / (0.4165 * scale)
    if outfit.bottom in ("shorts", "skirt") or outfit.top == "dress":
        rows = scaled(_BARE_SHIN, scale, 0.5 + 0.5 * figure.body.girth)
        rows[:, 0] *= stretch
        builder.add(
            limb(rows, sides=figure.sides), "skin", outfit.skin_rgb, smooth=True
        )
        return
    rows = scaled(_TROUSER_SHIN, scale, 0.5 + 0.5 * figure.body.girth)
    rows[:, 0] *= stretch
    cloth = limb(
        rows,
        sides=figure.sides,
        low=False,
        crease_m=figure.crease_m(0.009),
        phase=figure.phase(bone),
    )
    builder.add(cloth, "denim", outfit.leg_rgb, smooth=True)
    # Under the open hem.
    ankle = ellipsoid(
        (0.0, 0.0, -figure.body.shin_m),
        (0.036 * scale,) * 2 + (0.05 * scale,),
        segments=8,
        rings=6,
    )
    builder.add(ankle, "cloth", (0.04, 0.04, 0.045), smooth=True)


def add_shoe(builder: MeshBuilder, figure: Figure, out: float) -> None:
    """Add a shoe whose sole is the body's; ``out`` is -1 on the left."""
    scale, outfit = figure.scale, figure.outfit
    sole = figure.body.sole_m
    y = np.union1d(_SHOE_Y * scale, sole[:, 0])
    bottom = np.interp(y, sole[:, 0], sole[:, 1])
    top = np.maximum(np.interp(y, _SHOE_Y * scale, _SHOE_TOP * scale), bottom + 0.004)
    width = np.interp(y, _SHOE_Y * scale, _SHOE_WIDTH * scale)
    sides = 12 if figure.detail == 2 else 8
    angle = 2 * np.pi * np.arange(sides) / sides
    # A quarter of the way round lies the right edge, half way the sole.
    up = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.6
    across = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.7
    # Toes point a little inwards of the middle line of the foot.
    bend = -0.012 * out * scale * np.clip(y / (0.19 * scale), 0.0, 1.0) ** 2
    z = 0.5 * (top + bottom)[:, None] + 0.5 * (top - bottom)[:, None] * up
    x = bend[:, None] + width[:, None] * across
    rings = np.stack([x, np.broadcast_to(y[:, None], x.shape), z], axis=-1)
    # Faces next to the lowest corner are the sole.
    is_sole = np.abs(np.arange(sides) + 0.5 - sides / 2) < sides / 8 + 0.6
    sole_rgb = (0.3, 0.29, 0.27) if outfit.shoe_rgb[0] > 0.05 else (0.02, 0.02, 0.02)
    tint = np.where(np.tile(is_sole, len(y) - 1)[:, None], sole_rgb, outfit.shoe_rgb)
    shoe: Shape = loft(rings)
    builder.add(
        shoe,
        "leather",
        np.vstack([tint, outfit.shoe_rgb, outfit.shoe_rgb]),
        smooth=True,
    )
