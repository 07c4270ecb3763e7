"""Plans the rows of houses along the street and the skyline beyond; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import Building, Junction, Profile

STYLES = ("brick", "plaster", "stone", "panel", "office")
SIDE_STREET_LENGTH_M = 58.0
FAR_ROW_HALF_WIDTH_M = 62.0

# Mostly low, so that the sun reaches the road over the roofs.
_STOREYS = {"old": (2, 3, 3, 4, 4, 5), "tall": (3, 4, 5, 6, 8)}
_ROOFS = {
    "brick": ("pitched", "pitched", "parapet"),
    "plaster": ("pitched", "mansard", "parapet"),
    "stone": ("mansard", "mansard", "parapet"),
    "panel": ("parapet",),
    "office": ("parapet",),
}


def plan_buildings(
    rng: np.random.Generator, profile: Profile, junctions: tuple[Junction, ...]
) -> tuple[tuple[Building, ...], tuple[Building, ...]]:
    """Return the houses that line the street, and the skyline behind its end."""
    houses: list[Building] = []
    # A street has a character: two styles make up most of it.
    weights = rng.dirichlet(np.full(len(STYLES), 0.9)) + 0.06
    weights /= weights.sum()
    for side in (-1, 1):
        for low, high in _blocks(profile, junctions):
            houses += _row(rng, weights, profile, side, low, high)
        houses += _side_street_ends(rng, weights, profile, junctions, side)
    houses += _far_row(rng, weights, profile)
    return tuple(houses), tuple(_skyline(rng, profile))


def _blocks(
    profile: Profile, junctions: tuple[Junction, ...]
) -> list[tuple[float, float]]:
    edges = [profile.start_y_m]
    for junction in junctions:
        edges += [
            junction.y_m - junction.half_gap_m,
            junction.y_m + junction.half_gap_m,
        ]
    edges.append(profile.end_y_m - 14.0)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _lot_widths(rng: np.random.Generator, length_m: float) -> np.ndarray:
    widths = []
    while sum(widths) < length_m:
        widths.append(rng.uniform(8.0, 19.0))
    return np.array(widths) * length_m / sum(widths)


def _row(
    rng: np.random.Generator,
    weights: np.ndarray,
    profile: Profile,
    side: int,
    low_m: float,
    high_m: float,
) -> list[Building]:
    widths = _lot_widths(rng, high_m - low_m)
    ends = low_m + np.cumsum(widths)
    row = []
    for number, (width, end) in enumerate(zip(widths, ends, strict=True)):
        is_first, is_last = number == 0, number == len(widths) - 1
        # Seen from the street, the near flank is on the left of houses that
        # stand on the left side, on the right of the others.
        row.append(
            _house(
                rng,
                weights,
                x_m=profile.facade_x_m(side),
                y_m=float(end - width / 2),
                heading_rad=-side * np.pi / 2,
                width_m=float(width),
                open_left=is_first if side < 0 else is_last,
                open_right=is_last if side < 0 else is_first,
            )
        )
    return row


def _house(
    rng: np.random.Generator,
    weights: np.ndarray,
    *,
    x_m: float,
    y_m: float,
    heading_rad: float,
    width_m: float,
    open_left: bool,
    open_right: bool,
) -> Building:
    style = str(rng.choice(STYLES, p=weights))
    storeys = _STOREYS["tall" if style in ("office", "panel") else "old"]
    return Building(
        x_m=x_m,
        y_m=y_m,
        heading_rad=float(heading_rad),
        width_m=width_m,
        depth_m=float(rng.uniform(10.0, 14.0)),
        floors=int(rng.choice(storeys)),
        style=style,
        ground_floor=str(rng.choice(["shop", "shop", "home"])),
        roof=str(rng.choice(_ROOFS[style])),
        open_left=open_left,
        open_right=open_right,
        seed=int(rng.integers(2**31)),
    )


def _side_street_ends(
    rng: np.random.Generator,
    weights: np.ndarray,
    profile: Profile,
    junctions: tuple[Junction, ...],
    side: int,
) -> list[Building]:
    """Close each side street by three houses that face the junction."""
    houses = []
    for junction in junctions:
        for offset in (-1, 0, 1):
            houses.append(
                _house(
                    rng,
                    weights,
                    x_m=profile.facade_x_m(side) + side * SIDE_STREET_LENGTH_M,
                    y_m=junction.y_m + 15.0 * offset,
                    heading_rad=-side * np.pi / 2,
                    width_m=15.0,
                    open_left=False,
                    open_right=False,
                )
            )
    return houses


def _far_row(
    rng: np.random.Generator, weights: np.ndarray, profile: Profile
) -> list[Building]:
    """Close the street itself at its far end."""
    widths = _lot_widths(rng, 2 * FAR_ROW_HALF_WIDTH_M)
    ends = np.cumsum(widths) - FAR_ROW_HALF_WIDTH_M
    return [
        _house(
            rng,
            weights,
            x_m=float(end - width / 2),
            y_m=profile.end_y_m,
            heading_rad=0.0,
            width_m=float(width),
            open_left=False,
            open_right=False,
        )
        for width, end in zip(widths, ends, strict=True)
    ]


def _skyline(rng: np.random.Generator, profile: Profile) -> list[Building]:
    """Return towers behind the end of the street, all kept clear of it."""
    return [
        Building(
            x_m=float(x_m + rng.uniform(-4.0, 4.0)),
            y_m=float(profile.end_y_m + rng.uniform(30.0, 90.0)),
            heading_rad=0.0,
            width_m=float(rng.uniform(16.0, 24.0)),
            depth_m=16.0,
            floors=int(rng.integers(7, 17)),
            style=str(rng.choice(["office", "panel"])),
            ground_floor="home",
            roof="parapet",
            open_left=True,
            open_right=True,
            seed=int(rng.integers(2**31)),
        )
        for x_m in np.arange(-96.0, 97.0, 32.0)
        if rng.random() < 0.75
    ]
