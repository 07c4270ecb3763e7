"""Chooses how a house looks from its style and its own random numbers; no bpy."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from blender_scenes.city.buildings.openings import WindowStyle

Rgb = tuple[float, float, float]
Range = tuple[float, float]
Surface = tuple[str, Rgb]

_FRAME_RGB = (
    (0.7, 0.69, 0.66),
    (0.62, 0.6, 0.55),
    (0.05, 0.05, 0.055),
    (0.12, 0.06, 0.03),
    (0.05, 0.09, 0.07),
)
_TRIM_RGB = ((0.55, 0.52, 0.45), (0.6, 0.58, 0.54), (0.35, 0.33, 0.3))
_PASTELS = (
    (0.62, 0.56, 0.44), (0.5, 0.38, 0.22), (0.45, 0.46, 0.44), (0.55, 0.4, 0.32),
    (0.34, 0.4, 0.42), (0.6, 0.5, 0.28), (0.5, 0.52, 0.46), (0.42, 0.2, 0.14),
    (0.3, 0.36, 0.28),
)  # fmt: skip
_CLAYS = (
    (0.26, 0.095, 0.06), (0.2, 0.085, 0.06), (0.32, 0.19, 0.11), (0.17, 0.1, 0.08),
    (0.36, 0.27, 0.17), (0.3, 0.12, 0.08),
)  # fmt: skip
_STONES = ((0.46, 0.4, 0.3), (0.4, 0.38, 0.34), (0.5, 0.45, 0.36), (0.36, 0.3, 0.25))
_GREYS = ((0.42, 0.41, 0.38), (0.34, 0.33, 0.31), (0.48, 0.44, 0.38), (0.3, 0.24, 0.19))
_WHITES = ((0.7, 0.69, 0.66), (0.62, 0.6, 0.55), (0.5, 0.5, 0.5), (0.28, 0.28, 0.29))
_ACCENTS = (
    (0.35, 0.1, 0.06), (0.08, 0.18, 0.26), (0.42, 0.28, 0.05), (0.12, 0.22, 0.14),
    (0.1, 0.1, 0.11), (0.5, 0.48, 0.44),
)  # fmt: skip


@dataclass(frozen=True)
class FacadeStyle:
    """Surfaces and measures of one house.

    Parameters
    ----------
    wall, ground, spandrel : (str, tuple of float)
        Surface of `materials.py` and linear colour of the upper wall, of the ground
        floor and of what lies below the windows.
    bay_m, floor_m, ground_floor_m : float
        Bay width, storey height, height of the ground floor.
    window : WindowStyle
    balconies : str
        "none", "columns" (some columns of windows) or "belt" (along a whole floor).
    railing : str
        "iron", "solid" or "glass".
    cornice : str
        "stepped", "plain" or "none".
    features : frozenset of str
        Any of `FEATURES`.
    """

    wall: Surface
    ground: Surface
    spandrel: Surface
    bay_m: float
    floor_m: float
    ground_floor_m: float
    window: WindowStyle
    balconies: str
    railing: str
    cornice: str
    features: frozenset[str]

    def has(self, feature: str) -> bool:
        """Return whether the house shows one of `FEATURES`."""
        return feature in self.features

    def eaves_m(self, floors: int) -> float:
        """Return the height of the walls of a house of so many storeys, metres."""
        return self.ground_floor_m + (floors - 1) * self.floor_m


FEATURES = (
    "string_courses", "quoins", "coolers", "timber", "fins", "rustication", "oriel",
    "loggias", "pilasters", "flower_boxes", "dishes",
)  # fmt: skip


@dataclass(frozen=True)
class _Look:
    """What a style allows: choices, ranges and probabilities."""

    surfaces: tuple[str, ...]
    wall_rgb: tuple[Rgb, ...]
    bay_m: Range
    floor_m: Range
    width_share: Range
    sill_m: Range
    head_m: Range
    reveal_m: Range
    panes: tuple[tuple[int, int], ...]
    transom: float = 0.0
    surround: float = 0.0
    shutters: float = 0.0
    blind_boxes: float = 0.0
    arch: float = 0.0
    lit: Range = (0.25, 0.5)
    balconies: tuple[str, ...] = ("none",)
    railings: tuple[str, ...] = ("iron",)
    cornices: tuple[str, ...] = ("stepped",)
    grounds: tuple[str, ...] = ("same",)
    accent_spandrels: float = 0.0
    dark_frames: bool = False
    curtains: bool = True
    features: dict[str, float] = field(default_factory=dict)


_LOOKS = {
    "brick": _Look(
        ("brick",), _CLAYS, (2.3, 3.1), (2.9, 3.3), (0.36, 0.48), (0.65, 0.9),
        (2.3, 2.5), (0.14, 0.2), ((2, 2), (2, 3), (1, 2)),
        surround=0.3, arch=0.35, balconies=("none", "none", "columns"),
        cornices=("stepped", "plain"), grounds=("same", "stone", "plaster"),
        features={"string_courses": 0.5, "coolers": 0.2, "flower_boxes": 0.4,
                  "dishes": 0.5},
    ),
    "plaster": _Look(
        ("plaster",), _PASTELS, (2.3, 3.2), (2.9, 3.5), (0.34, 0.46), (0.6, 0.9),
        (2.3, 2.6), (0.14, 0.24), ((2, 1), (2, 2)),
        transom=0.6, surround=0.65, shutters=0.4, arch=0.15,
        balconies=("none", "columns", "belt"), railings=("iron", "iron", "solid"),
        grounds=("same", "stone"),
        features={"string_courses": 0.6, "quoins": 0.4, "oriel": 0.35,
                  "coolers": 0.3, "flower_boxes": 0.5, "dishes": 0.4},
    ),
    "stone": _Look(
        ("stone",), _STONES, (2.1, 2.7), (3.1, 3.5), (0.42, 0.52), (0.12, 0.4),
        (2.6, 2.85), (0.18, 0.28), ((2, 1), (2, 3)),
        transom=0.8, surround=0.7, shutters=0.3, arch=0.2,
        balconies=("belt", "belt", "columns"), grounds=("rustic",),
        features={"string_courses": 0.8, "rustication": 0.8, "pilasters": 0.3,
                  "flower_boxes": 0.4},
    ),
    "panel": _Look(
        ("concrete", "concrete", "tiles"), _GREYS, (2.6, 3.6), (2.75, 2.9),
        (0.5, 0.7), (0.8, 0.95), (2.3, 2.45), (0.12, 0.18), ((2, 1), (3, 1)),
        blind_boxes=0.4, lit=(0.25, 0.5), balconies=("none", "columns"),
        railings=("solid", "solid", "iron"), cornices=("none", "plain"),
        accent_spandrels=0.4,
        features={"loggias": 0.65, "coolers": 0.5, "dishes": 0.9},
    ),
    "office": _Look(
        ("concrete", "stone", "tiles"), (*_GREYS, *_WHITES), (1.5, 2.3), (3.1, 3.6),
        (0.76, 0.92), (0.55, 0.95), (2.75, 2.95), (0.14, 0.32), ((1, 1), (2, 1)),
        transom=0.4, blind_boxes=0.3, lit=(0.1, 0.45), cornices=("plain", "none"),
        accent_spandrels=0.6, dark_frames=True, curtains=False,
        features={"fins": 0.6, "coolers": 0.1},
    ),
    "glass": _Look(
        ("metal_panel",), ((0.1, 0.11, 0.12), (0.3, 0.31, 0.32), (0.04, 0.05, 0.06)),
        (1.3, 1.7), (3.4, 3.8), (0.96, 0.97), (0.75, 1.0), (3.3, 3.35), (0.05, 0.08),
        ((1, 1),), lit=(0.1, 0.45), cornices=("none", "plain"), accent_spandrels=0.8,
        dark_frames=True, curtains=False, features={"fins": 0.3},
    ),
    "half_timber": _Look(
        ("plaster",), ((0.66, 0.62, 0.52), (0.6, 0.5, 0.34), (0.55, 0.36, 0.26)),
        (1.7, 2.2), (2.5, 2.8), (0.42, 0.5), (0.85, 1.0), (2.05, 2.2), (0.08, 0.12),
        ((2, 3), (2, 2)), shutters=0.3, cornices=("none",), grounds=("stone", "same"),
        features={"timber": 1.0, "flower_boxes": 0.8},
    ),
    "gabled": _Look(
        ("brick", "brick", "plaster"), (*_CLAYS, *_PASTELS[:4]), (1.8, 2.3),
        (2.9, 3.4), (0.5, 0.62), (0.5, 0.75), (2.4, 2.6), (0.1, 0.14),
        ((2, 3), (3, 4), (2, 2)), surround=0.3, arch=0.3, cornices=("none", "plain"),
        features={"string_courses": 0.6, "flower_boxes": 0.3},
    ),
    "modern": _Look(
        ("plaster", "plaster", "timber_slats", "tiles"), (*_WHITES, *_ACCENTS[:2]),
        (2.8, 4.2), (2.8, 3.1), (0.45, 0.78), (0.1, 0.9), (2.35, 2.5), (0.1, 0.25),
        ((2, 1), (3, 1), (1, 1)), blind_boxes=0.6,
        balconies=("columns", "columns", "belt"), railings=("glass", "solid", "iron"),
        cornices=("none",), grounds=("stone", "same", "brick"), accent_spandrels=0.2,
        dark_frames=True, features={"loggias": 0.4, "oriel": 0.2},
    ),
    "warehouse": _Look(
        ("brick",), _CLAYS, (3.0, 3.8), (3.4, 3.9), (0.6, 0.72), (0.8, 1.0),
        (2.9, 3.1), (0.18, 0.26), ((4, 4), (3, 5), (5, 4)), arch=0.8,
        cornices=("stepped", "plain"), grounds=("same", "stone"), dark_frames=True,
        curtains=False,
        features={"pilasters": 0.8, "string_courses": 0.5, "coolers": 0.3},
    ),
}  # fmt: skip
STYLES = tuple(_LOOKS)


def facade_style(
    style: str, ground_floor: str, rng: np.random.Generator
) -> FacadeStyle:
    """Return one of the many looks that a style allows.

    Raises
    ------
    KeyError
        If the style is none of `STYLES`.
    """
    look = _LOOKS[style]
    surface = str(rng.choice(look.surfaces))
    wall = (surface, _varied(look.wall_rgb, rng))
    accent = (
        ("glass_panel" if style == "glass" else "painted_panel", _varied(_ACCENTS, rng))
        if rng.random() < look.accent_spandrels
        else wall
    )
    return FacadeStyle(
        wall=wall,
        ground=_ground(str(rng.choice(look.grounds)), wall, rng),
        spandrel=accent,
        bay_m=float(rng.uniform(*look.bay_m)),
        floor_m=float(rng.uniform(*look.floor_m)),
        ground_floor_m=float(rng.uniform(3.6, 4.3)) if ground_floor == "shop" else 3.3,
        window=_window_style(look, rng),
        balconies=str(rng.choice(look.balconies)),
        railing=str(rng.choice(look.railings)),
        cornice=str(rng.choice(look.cornices)),
        features=frozenset(
            name for name in FEATURES if rng.random() < look.features.get(name, 0.0)
        ),
    )


def _varied(colours: tuple[Rgb, ...], rng: np.random.Generator) -> Rgb:
    base = np.array(colours[rng.integers(len(colours))])
    shade = base * rng.uniform(0.85, 1.15) * rng.uniform(0.95, 1.05, 3)
    r, g, b = np.clip(shade, 0.02, 0.8)
    return float(r), float(g), float(b)


def _ground(kind: str, wall: Surface, rng: np.random.Generator) -> Surface:
    if kind == "same":
        return wall
    if kind == "rustic":
        return "rustic_stone", wall[1]
    colours = {"stone": _STONES, "brick": _CLAYS, "plaster": _WHITES}[kind]
    return kind, _varied(colours, rng)


def _window_style(look: _Look, rng: np.random.Generator) -> WindowStyle:
    dark = ((0.05, 0.05, 0.055), (0.1, 0.1, 0.1), (0.3, 0.3, 0.3))
    frames = dark if look.dark_frames else _FRAME_RGB
    across, down = look.panes[rng.integers(len(look.panes))]
    return WindowStyle(
        width_share=float(rng.uniform(*look.width_share)),
        sill_m=float(rng.uniform(*look.sill_m)),
        head_m=float(rng.uniform(*look.head_m)),
        reveal_m=float(rng.uniform(*look.reveal_m)),
        frame_rgb=frames[rng.integers(len(frames))],
        trim_rgb=_TRIM_RGB[rng.integers(len(_TRIM_RGB))],
        panes_across=across,
        panes_down=down,
        has_transom=bool(down == 1 and rng.random() < look.transom),
        has_surround=bool(rng.random() < look.surround),
        has_shutters=bool(rng.random() < look.shutters),
        has_blind_boxes=bool(rng.random() < look.blind_boxes),
        arch_m=float(rng.uniform(0.12, 0.32)) if rng.random() < look.arch else 0.0,
        lit_share=float(rng.uniform(*look.lit)),
        room_share=0.12 if look.dark_frames else 0.35,
        has_curtains=look.curtains,
    )
