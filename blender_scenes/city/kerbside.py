"""Plans trees and furniture along the kerb and the façades; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import (
    KERB_HEIGHT_M,
    Fixture,
    Footprint,
    Junction,
    Profile,
    Tree,
)

TREE_VARIANTS = 3
FIXTURE_VARIANTS = 3
# Half sizes across and along the kerb, metres, of the part that stands on the
# ground or reaches below head height.
HALF_SIZE_M = {
    "lamp": (0.3, 0.2),
    "sign": (0.2, 0.34),
    "traffic_light": (0.25, 0.25),
    "bin": (0.28, 0.28),
    "bollards": (0.1, 2.3),
    "railing": (0.06, 2.1),
    "bicycle_rack": (0.92, 1.9),
    "bench": (0.35, 0.95),
    "cabinet": (0.25, 0.62),
    "meter": (0.14, 0.18),
    "post_box": (0.3, 0.3),
    "hydrant": (0.2, 0.2),
    "planter": (0.35, 0.85),
    "shelter": (0.75, 2.1),
    "cafe_table": (0.55, 0.85),
    "tree": (0.5, 0.5),
}
LAMP_SPACING_M = 24.0
_SMALL_KINDS = ("sign", "bin", "bollards", "railing", "bicycle_rack", "bench")
_MORE_KINDS = ("cabinet", "meter", "post_box", "hydrant", "planter", "sign")
_CORNER_CLEARANCE_M = 5.0
_LEAF_MOODS = (
    ((0.075, 0.14, 0.03), (0.11, 0.17, 0.035)),
    ((0.05, 0.11, 0.03), (0.085, 0.15, 0.045)),
    ((0.13, 0.17, 0.035), (0.24, 0.2, 0.04)),
    ((0.33, 0.12, 0.03), (0.4, 0.22, 0.04)),
)


def plan_kerbside(
    rng: np.random.Generator, profile: Profile, junctions: tuple[Junction, ...]
) -> tuple[tuple[Fixture, ...], tuple[Tree, ...]]:
    """Return furniture and trees; trees stand in pits, which are fixtures too."""
    fixtures: list[Fixture] = []
    trees: list[Tree] = []
    mood = _LEAF_MOODS[int(rng.integers(len(_LEAF_MOODS)))]
    tree_share = float(rng.uniform(0.18, 0.5))
    for side in (-1, 1):
        for low, high in kerb_blocks(profile, junctions):
            items = _kerb_items(rng, low, high, tree_share)
            for kind, y_m in items:
                fixture = _at_kerb(rng, profile, side, kind, y_m)
                fixtures.append(fixture)
                if kind == "tree":
                    trees.append(_tree(rng, fixture, mood))
            fixtures += _cafe_tables(rng, profile, side, low, high)
    fixtures += _traffic_lights(profile, junctions)
    return tuple(fixtures), tuple(trees)


def kerb_blocks(
    profile: Profile, junctions: tuple[Junction, ...]
) -> list[tuple[float, float]]:
    """Return the stretches of y between side streets, clear of the corners."""
    edges = [profile.start_y_m]
    for junction in junctions:
        reach = junction.half_road_m + _CORNER_CLEARANCE_M
        edges += [junction.y_m - reach, junction.y_m + reach]
    edges.append(profile.end_y_m - 16.0)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _kerb_items(
    rng: np.random.Generator, low_m: float, high_m: float, tree_share: float
) -> list[tuple[str, float]]:
    """Return kinds and places along one kerb, with lamps at even distances."""
    items: list[tuple[str, float]] = []
    y_m = low_m + 0.5
    next_lamp_m = low_m + float(rng.uniform(1.0, 9.0))
    while y_m < high_m:
        draw = rng.random()
        if y_m >= next_lamp_m:
            kind, next_lamp_m = "lamp", next_lamp_m + LAMP_SPACING_M
        elif draw < tree_share:
            kind = "tree"
        elif draw < 0.97:
            kinds = _SMALL_KINDS if rng.random() < 0.7 else _MORE_KINDS
            kind = str(rng.choice(kinds))
        else:
            kind = "shelter"
        half_m = HALF_SIZE_M[kind][1]
        if y_m + 2 * half_m > high_m:
            break
        items.append((kind, y_m + half_m))
        y_m += 2 * half_m + float(rng.uniform(0.9, 4.5))
    return items


def _at_kerb(
    rng: np.random.Generator, profile: Profile, side: int, kind: str, y_m: float
) -> Fixture:
    half_x_m, half_y_m = HALF_SIZE_M[kind]
    x_m = profile.kerb_x_m(side) + side * (0.38 + max(half_x_m, 0.2))
    # Signs and lights face the traffic of their own side; the rest faces the road.
    heading = {"sign": 0.0 if side > 0 else np.pi}.get(kind, -side * np.pi / 2)
    return Fixture(
        kind=kind,
        footprint=Footprint(x_m, y_m, half_x_m, half_y_m),
        heading_rad=float(heading),
        ground_z_m=KERB_HEIGHT_M,
        variant=int(rng.integers(FIXTURE_VARIANTS)),
    )


def _tree(rng: np.random.Generator, pit: Fixture, mood: tuple) -> Tree:
    share = rng.random()
    leaf = np.asarray(mood[0]) * (1 - share) + np.asarray(mood[1]) * share
    return Tree(
        variant=int(rng.integers(TREE_VARIANTS)),
        x_m=pit.footprint.x_m,
        y_m=pit.footprint.y_m,
        heading_rad=float(rng.uniform(0.0, 2 * np.pi)),
        scale=float(rng.uniform(0.8, 1.2)),
        leaf_rgb=(float(leaf[0]), float(leaf[1]), float(leaf[2])),
    )


def _cafe_tables(
    rng: np.random.Generator, profile: Profile, side: int, low_m: float, high_m: float
) -> list[Fixture]:
    """Return a row of tables and chairs along one façade of the block, or none."""
    pavement = abs(profile.facade_x_m(side) - profile.kerb_x_m(side))
    if pavement < 4.1 or rng.random() < 0.3 or high_m - low_m < 12.0:
        return []
    first = float(rng.uniform(low_m, high_m - 9.0))
    half_x_m, half_y_m = HALF_SIZE_M["cafe_table"]
    return [
        Fixture(
            kind="cafe_table",
            footprint=Footprint(
                profile.facade_x_m(side) - side * 0.85,
                first + 2.1 * n,
                half_x_m,
                half_y_m,
            ),
            heading_rad=-side * np.pi / 2,
            ground_z_m=KERB_HEIGHT_M,
            variant=0,
        )
        for n in range(int(rng.integers(2, 5)))
    ]


def _traffic_lights(profile: Profile, junctions: tuple[Junction, ...]) -> list[Fixture]:
    """Return one light per direction of the main street at each junction."""
    half_x_m, half_y_m = HALF_SIZE_M["traffic_light"]
    return [
        Fixture(
            kind="traffic_light",
            footprint=Footprint(
                profile.kerb_x_m(side) + side * 0.55,
                junction.y_m - side * (junction.half_road_m + 3.9),
                half_x_m,
                half_y_m,
            ),
            heading_rad=0.0 if side > 0 else np.pi,
            ground_z_m=KERB_HEIGHT_M,
            variant=number % FIXTURE_VARIANTS,
        )
        for number, junction in enumerate(junctions)
        for side in (-1, 1)
    ]
