"""Chooses how a house looks from its style and its own random numbers; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_scenes.city.openings import WindowStyle

Rgb = tuple[float, float, float]

_WALL_RGB = {
    "brick": (
        (0.26, 0.095, 0.06),
        (0.2, 0.085, 0.06),
        (0.32, 0.19, 0.11),
        (0.17, 0.1, 0.08),
        (0.36, 0.27, 0.17),
    ),
    "plaster": (
        (0.62, 0.56, 0.44),
        (0.5, 0.38, 0.22),
        (0.45, 0.46, 0.44),
        (0.55, 0.4, 0.32),
        (0.34, 0.4, 0.42),
        (0.6, 0.5, 0.28),
        (0.5, 0.52, 0.46),
    ),
    "stone": ((0.46, 0.4, 0.3), (0.4, 0.38, 0.34), (0.5, 0.45, 0.36)),
    "panel": (
        (0.42, 0.41, 0.38),
        (0.34, 0.33, 0.31),
        (0.48, 0.44, 0.38),
        (0.3, 0.24, 0.19),
    ),
    "office": (
        (0.3, 0.31, 0.32),
        (0.2, 0.19, 0.18),
        (0.46, 0.45, 0.42),
        (0.12, 0.13, 0.15),
    ),
}
_FRAME_RGB = (
    (0.7, 0.69, 0.66),
    (0.7, 0.69, 0.66),
    (0.05, 0.05, 0.055),
    (0.12, 0.06, 0.03),
    (0.05, 0.09, 0.07),
)
_TRIM_RGB = ((0.55, 0.52, 0.45), (0.6, 0.58, 0.54), (0.35, 0.33, 0.3))
_SURFACES = {"office": "concrete", "panel": "concrete"}
_BAYS_M = {
    "brick": (2.3, 3.1),
    "plaster": (2.3, 3.2),
    "stone": (2.2, 2.8),
    "panel": (2.6, 3.6),
    "office": (1.5, 2.4),
}


@dataclass(frozen=True)
class FacadeStyle:
    """Surfaces and measures of one house.

    Parameters
    ----------
    surface, wall_rgb : str, tuple of float
        Wall surface of `materials.py` and its linear colour.
    bay_m, floor_m, ground_floor_m : float
        Bay width, storey height, height of the ground floor.
    window : WindowStyle
    has_balconies, has_string_courses, has_quoins, has_coolers : bool
        Balconies; a band at each floor; corner stones; air conditioners.
    """

    surface: str
    wall_rgb: Rgb
    bay_m: float
    floor_m: float
    ground_floor_m: float
    window: WindowStyle
    has_balconies: bool
    has_string_courses: bool
    has_quoins: bool
    has_coolers: bool

    @property
    def wall(self) -> tuple[str, Rgb]:
        """Surface and colour of the wall, as `MeshBuilder.add` takes them."""
        return self.surface, self.wall_rgb


def facade_style(
    style: str, ground_floor: str, rng: np.random.Generator
) -> FacadeStyle:
    """Return one of the many looks that a style allows."""
    base = np.array(_WALL_RGB[style][rng.integers(len(_WALL_RGB[style]))])
    colour = np.clip(
        base * rng.uniform(0.85, 1.15) * rng.uniform(0.95, 1.05, 3), 0.02, 0.8
    )
    is_old = style in ("brick", "plaster", "stone")
    return FacadeStyle(
        surface=_SURFACES.get(style, style),
        wall_rgb=(float(colour[0]), float(colour[1]), float(colour[2])),
        bay_m=float(rng.uniform(*_BAYS_M[style])),
        floor_m=float(rng.uniform(2.9, 3.5)),
        ground_floor_m=float(rng.uniform(3.6, 4.3)) if ground_floor == "shop" else 3.3,
        window=_window_style(style, rng),
        has_balconies=bool(rng.random() < (0.75 if style == "panel" else 0.3)),
        has_string_courses=bool(is_old and rng.random() < 0.6),
        has_quoins=bool(style in ("plaster", "stone") and rng.random() < 0.5),
        has_coolers=bool(rng.random() < 0.35),
    )


def _window_style(style: str, rng: np.random.Generator) -> WindowStyle:
    frame = _FRAME_RGB[rng.integers(len(_FRAME_RGB))]
    trim = _TRIM_RGB[rng.integers(len(_TRIM_RGB))]
    if style == "office":
        return WindowStyle(
            width_share=float(rng.uniform(0.7, 0.9)),
            sill_m=float(rng.uniform(0.5, 0.9)),
            head_m=2.75,
            reveal_m=float(rng.uniform(0.12, 0.3)),
            frame_rgb=(0.05, 0.05, 0.055),
            trim_rgb=trim,
            panes_across=1,
            has_transom=bool(rng.random() < 0.5),
        )
    if style == "panel":
        return WindowStyle(
            width_share=float(rng.uniform(0.5, 0.72)),
            sill_m=0.85,
            head_m=2.4,
            reveal_m=0.16,
            frame_rgb=frame,
            trim_rgb=trim,
            panes_across=int(rng.integers(2, 4)),
        )
    return WindowStyle(
        width_share=float(rng.uniform(0.36, 0.48)),
        sill_m=float(rng.uniform(0.6, 0.9)),
        head_m=float(rng.uniform(2.3, 2.6)),
        reveal_m=float(rng.uniform(0.14, 0.24)),
        frame_rgb=frame,
        trim_rgb=trim,
        panes_across=2,
        has_transom=bool(rng.random() < 0.7),
        has_surround=bool(rng.random() < 0.55),
        has_shutters=bool(style == "plaster" and rng.random() < 0.4),
    )
