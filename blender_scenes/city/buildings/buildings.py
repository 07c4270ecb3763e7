"""Meshes of whole houses: façade, flanks, ornaments and roof; no bpy."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from blender_scenes.city.buildings.balconies import add_balconies, add_loggias
from blender_scenes.city.buildings.blind_walls import add_flues, add_wall_advert
from blender_scenes.city.buildings.clutter import add_clutter, add_downpipe
from blender_scenes.city.buildings.entrances import add_front_door, add_wall_lamp
from blender_scenes.city.buildings.facade_grammar import (
    Part,
    Rectangles,
    Rule,
    column,
    row,
    zones,
)
from blender_scenes.city.buildings.facade_rules import (
    WALL_ZONES,
    corner_floor,
    facade_rule,
    home_floor,
    shop_floor,
)
from blender_scenes.city.buildings.facade_styles import FacadeStyle, facade_style
from blender_scenes.city.buildings.openings import (
    add_windows,
    arch_fillings,
    reveals,
    slabs,
    upright,
)
from blender_scenes.city.buildings.ornaments import add_ornaments
from blender_scenes.city.buildings.roofs import RoofBase, add_roof
from blender_scenes.city.buildings.shopfronts import add_shop, shop_random
from blender_scenes.city.plan import KERB_HEIGHT_M, Building
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData, placement
from blender_scenes.city.shapes.shapes import box

_ORIEL_REACH_M = 0.75
_EMPTY = np.empty((0, 4))


class _Wall(NamedTuple):
    """One side of a house: its width, how it is cut, and the detail asked for."""

    width_m: float
    floors: int
    cut: dict[str, Rectangles]
    detail: int
    is_front: bool = True

    def zone(self, name: str) -> Rectangles:
        return self.cut.get(name, _EMPTY)


def building_mesh(plan: Building, detail: int = 2) -> MeshData:
    """Return a house whose façade stands on y = 0, centred on x = 0, facing -y.

    Parameters
    ----------
    detail : int
        2 near the camera's path (rooms, goods, mouldings), 1 farther (holes and flat
        frames), 0 in the distance (windows as panes on plain walls).
    """
    rng = np.random.default_rng([plan.seed, 5])
    style = facade_style(plan.style, plan.ground_floor, rng)
    eaves = style.eaves_m(plan.floors)
    # The same house whatever the detail: no draw of one part moves those of others.
    front_rng, left_rng, right_rng, roof_rng = rng.spawn(4)
    builder = MeshBuilder()
    builder.add_mesh(_facade(plan, style, detail, front_rng))
    half = plan.width_m / 2
    for is_open, is_left, flank_rng in (
        (plan.open_left, True, left_rng),
        (plan.open_right, False, right_rng),
    ):
        side = -1 if is_left else 1
        motion = placement(side * half, plan.depth_m / 2, heading_rad=side * np.pi / 2)
        if is_open:
            flank = _flank(plan, style, detail, flank_rng, is_left=is_left)
        else:
            flank = _party_wall(plan, style, detail, flank_rng)
        builder.add_mesh(flank, motion)
    back = upright(np.array([[-half, half, 0.0, eaves]]), 0.0)
    builder.add(_turned_back(back, plan.depth_m), *style.wall)
    # Some façades stand lower than the pavement's rounding would have them.
    foot = box((-half, half), (0.01, plan.depth_m), (-KERB_HEIGHT_M - 0.3, 0.02))
    builder.add(foot, "stone")
    base = RoofBase(plan.width_m, plan.depth_m, eaves, style, detail)
    add_roof(builder, plan.roof, base, roof_rng)
    return builder.mesh()


def facade_zones(
    plan: Building, style: FacadeStyle, door_share: float = 0.5
) -> dict[str, Rectangles]:
    """Return the zones (N, 4) that the grammar cuts the façade of a house into."""
    is_shop = plan.ground_floor == "shop"
    ground = shop_floor() if is_shop else home_floor(style, plan.width_m, door_share)
    rule = facade_rule(style, plan.floors, ground)
    return zones(rule, _area(plan.width_m, style.eaves_m(plan.floors)))


def _area(width_m: float, height_m: float) -> tuple[float, float, float, float]:
    return -width_m / 2, width_m / 2, 0.0, height_m


def _facade(
    plan: Building, style: FacadeStyle, detail: int, rng: np.random.Generator
) -> MeshData:
    builder = MeshBuilder()
    cut = facade_zones(plan, style, rng.random())
    wall = _Wall(plan.width_m, plan.floors, cut, detail)
    if style.has("oriel") and detail and plan.floors > 1:
        wall = _with_oriel(builder, wall, style, rng)
    _fill(builder, wall, style, rng)
    add_ornaments(builder, style, plan.width_m, plan.floors, wall.cut, detail)
    add_balconies(builder, style, plan.width_m, wall.zone("window"), detail, rng)
    eaves = style.eaves_m(plan.floors)
    add_clutter(builder, style, plan.width_m, eaves, wall.zone("window"), rng, detail)
    if plan.ground_floor != "shop" and detail:
        add_wall_lamp(builder, rng.uniform(-0.3, 0.3) * plan.width_m, 2.6)
    return builder.mesh()


def _flank(
    plan: Building,
    style: FacadeStyle,
    detail: int,
    rng: np.random.Generator,
    *,
    is_left: bool,
) -> MeshData:
    """Return a side wall on a side street; shops turn the corner."""
    builder = MeshBuilder()
    ground = home_floor(style, plan.depth_m, rng.random())
    if plan.ground_floor == "shop":
        # Seen from its own front, a left flank has the street at its right end.
        ground = corner_floor(
            home_floor(style, plan.depth_m - 5.0, rng.random()), shop_is_right=is_left
        )
    eaves = style.eaves_m(plan.floors)
    cut = zones(facade_rule(style, plan.floors, ground), _area(plan.depth_m, eaves))
    wall = _Wall(plan.depth_m, plan.floors, cut, detail, is_front=False)
    _fill(builder, wall, style, rng)
    add_ornaments(builder, style, plan.depth_m, plan.floors, cut, min(detail, 1))
    if detail:
        add_downpipe(builder, plan.depth_m / 2 - 0.3, eaves, detail)
    return builder.mesh()


def _party_wall(
    plan: Building, style: FacadeStyle, detail: int, rng: np.random.Generator
) -> MeshData:
    """Return a bare side wall; what shows above a lower neighbour is often painted."""
    builder = MeshBuilder()
    eaves = style.eaves_m(plan.floors)
    surface = style.wall
    if surface[0] not in ("brick", "concrete", "plaster") or rng.random() < 0.3:
        surface = ("fire_wall", surface[1])
    builder.add(upright(np.array([_area(plan.depth_m, eaves)]), 0.0), *surface)
    if detail:
        add_flues(builder, plan.depth_m, eaves, surface, rng)
    if plan.floors > 2 and detail and rng.random() < 0.55:
        add_wall_advert(builder, plan.depth_m, eaves, rng)
    return builder.mesh()


def _fill(
    builder: MeshBuilder, wall: _Wall, style: FacadeStyle, rng: np.random.Generator
) -> None:
    """Add wall, windows, doors, loggias and shops of one side."""
    window, detail = style.window, wall.detail
    upper, lower = wall.zone("window"), wall.zone("ground_window")
    doors, loggias = wall.zone("door"), wall.zone("loggia")
    _add_wall_faces(builder, wall, style)
    low_style = replace(
        window, has_shutters=False, room_share=min(0.6, 1.6 * window.room_share)
    )
    for holes, look in ((upper, window), (lower, low_style)):
        add_windows(builder, holes, look, rng, detail)
    for door in doors:
        add_front_door(builder, door, window, rng, detail)
    if len(loggias):
        add_loggias(builder, loggias, style, detail, rng)
    for area in wall.zone("shop"):
        shop = shop_random(rng)
        # Side streets are narrow.
        shop = shop if wall.is_front else replace(shop, has_awning=False)
        add_shop(builder, tuple(area), shop, detail)
    if len(lower) and detail:
        _add_plinth(builder, wall, doors)


def _add_wall_faces(builder: MeshBuilder, wall: _Wall, style: FacadeStyle) -> None:
    window, is_far = style.window, wall.detail == 0
    surfaces = dict.fromkeys(WALL_ZONES, style.wall)
    surfaces |= {"spandrel": style.spandrel, "ground_wall": style.ground}
    holes = {"window": style.wall, "ground_window": style.ground, "door": style.ground}
    if is_far:
        # Panes lie on the wall, which needs no holes.
        everywhere = [wall.cut[name] for name in wall.cut if name != "shop"]
        builder.add(upright(_hull_rows(np.concatenate(everywhere)), 0.0), *style.wall)
        return
    for name, surface in surfaces.items():
        if len(wall.zone(name)):
            builder.add(upright(wall.zone(name), 0.0), *surface)
    for name, surface in holes.items():
        if len(wall.zone(name)):
            builder.add(reveals(wall.zone(name), window.reveal_m), *surface)
    if window.arch_m and len(wall.zone("window")):
        arches = arch_fillings(wall.zone("window"), window.arch_m, window.reveal_m)
        builder.add(arches, *style.wall)


def _hull_rows(rectangles: Rectangles) -> Rectangles:
    """Return the rectangle round zones that fill a whole wall, or its upper part."""
    low, high = rectangles.min(axis=0), rectangles.max(axis=0)
    shops_end = high[1] - low[0]
    area = ((rectangles[:, 1] - rectangles[:, 0])
            * (rectangles[:, 3] - rectangles[:, 2])).sum()  # fmt: skip
    if abs(area - shops_end * (high[3] - low[2])) < 1e-3:
        return np.array([[low[0], high[1], low[2], high[3]]])
    return rectangles


def _add_plinth(builder: MeshBuilder, wall: _Wall, doors: Rectangles) -> None:
    """Add a stone foot along the home part of a ground floor, open at doors."""
    foot = wall.zone("ground_wall")
    edges = [foot[:, 0].min()]
    for x0, x1, *_ in doors[np.argsort(doors[:, 0])]:
        edges += [x0, x1]
    edges.append(foot[:, 1].max())
    blocks = np.array(
        [(a, b, 0.0, 0.45) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    )
    builder.add(slabs(blocks, -0.05, 0.0), "stone")


def _with_oriel(
    builder: MeshBuilder, wall: _Wall, style: FacadeStyle, rng: np.random.Generator
) -> _Wall:
    """Add a closed bay before the middle column of windows, and leave those out."""
    windows = wall.zone("window")
    columns = np.unique(np.round(windows[:, 0], 3))
    chosen = columns[len(columns) // 2]
    is_behind = np.abs(windows[:, 0] - chosen) < 2e-3
    x0, x1 = windows[is_behind][0, :2]
    half = (x1 - x0) / 2 + 0.4
    low, high = style.ground_floor_m, style.eaves_m(wall.floors) - 0.5
    reach = _ORIEL_REACH_M
    height = high - low

    middle = (x0 + x1) / 2
    for width, share, x, y, heading in (
        (2 * half, 0.74, middle, -reach, 0.0),
        (reach, 0.55, middle - half, -reach / 2, -np.pi / 2),
        (reach, 0.55, middle + half, -reach / 2, np.pi / 2),
    ):
        side = MeshBuilder()
        cut = zones(_oriel_rule(share, wall.floors - 1), _area(width, height))
        look = replace(
            style, window=replace(style.window, room_share=0.0, has_shutters=False,
                                  has_surround=False, arch_m=0.0, reveal_m=0.08)
        )  # fmt: skip
        _fill(side, _Wall(width, wall.floors, cut, wall.detail), look, rng)
        builder.add_mesh(side.mesh(), placement(x, y, low, heading_rad=heading))
    span = (middle - half - 0.06, middle + half + 0.06)
    trim = ("trim", style.window.trim_rgb)
    builder.add(box(span, (-reach - 0.06, 0.0), (low - 0.18, low)), *trim)
    corbel = box((span[0] + 0.25, span[1] - 0.25), (-0.6 * reach, 0.0),
                 (low - 0.4, low - 0.18))  # fmt: skip
    builder.add(corbel, *trim)
    builder.add(box(span, (-reach - 0.08, 0.0), (high, high + 0.14)), "roof_metal",
                (0.2, 0.22, 0.22))  # fmt: skip
    # Behind the bay the wall is closed.
    closed = windows[is_behind]
    cut = dict(wall.cut)
    cut["window"] = windows[~is_behind]
    cut["wall"] = np.concatenate([wall.zone("wall"), closed])
    return wall._replace(cut=cut)


def _oriel_rule(share: float, storeys: int) -> Rule:
    """Return one window per storey that takes a share of the width."""
    side = Part((1 - share) / 2, "wall", stretches=True)
    opening = row(side, Part(share, "window", stretches=True), side)
    storey = column(
        Part(0.7, "spandrel"),
        Part(1.6, opening),
        Part(1.0, "lintel", stretches=True),
    )
    return column(*(Part(1.0, storey, stretches=True) for _ in range(storeys)))


def _turned_back(shape, depth_m: float):
    """Return a wall at y = 0 turned to face away from the street at y = depth."""
    vertices = shape.vertices * (-1.0, 1.0, 1.0)
    vertices[:, 1] = depth_m
    return shape._replace(vertices=vertices)
