"""Meshes of whole houses: façade, flanks, ornaments and roof; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.facade_styles import FacadeStyle, facade_style
from blender_scenes.city.mesh import MeshBuilder, MeshData, placement
from blender_scenes.city.openings import (
    Rectangles,
    WindowStyle,
    add_windows,
    pierced_wall,
    slabs,
    upright,
)
from blender_scenes.city.plan import KERB_HEIGHT_M, Building
from blender_scenes.city.roofs import add_roof
from blender_scenes.city.shapes import bars, box, boxes, tube
from blender_scenes.city.shopfronts import add_home_floor, add_shops, add_wall_lamp

_BALCONY_REACH_M = 1.05
_RAIL_HEIGHT_M = 1.0


def building_mesh(plan: Building) -> MeshData:
    """Return a house whose façade stands on y = 0, centred on x = 0, facing -y."""
    rng = np.random.default_rng([plan.seed, 5])
    style = facade_style(plan.style, plan.ground_floor, rng)
    eaves = style.ground_floor_m + (plan.floors - 1) * style.floor_m
    builder = MeshBuilder()
    builder.add_mesh(_facade(plan, style, eaves, rng))
    half = plan.width_m / 2
    for is_open, x, heading in (
        (plan.open_left, -half, -np.pi / 2),
        (plan.open_right, half, np.pi / 2),
    ):
        flank = _flank(plan, style, eaves, is_open, rng)
        motion = placement(x, plan.depth_m / 2, heading_rad=heading)
        builder.add_mesh(flank, motion)
    back = np.array([[-half, half, 0.0, eaves]])
    builder.add(upright(back, plan.depth_m), *style.wall)
    # Some façades stand lower than the pavement's rounding would have them.
    builder.add(
        box((-half, half), (0.01, plan.depth_m), (-KERB_HEIGHT_M, 0.02)), "stone"
    )
    add_roof(builder, plan.roof, (plan.width_m, plan.depth_m, eaves), style.wall, rng)
    return builder.mesh()


def upper_windows(
    width_m: float, floors: int, style: FacadeStyle
) -> tuple[Rectangles, Rectangles]:
    """Return wall cells and window holes of all floors above the ground floor."""
    bays = max(2, round(width_m / style.bay_m))
    edges = np.linspace(-width_m / 2, width_m / 2, bays + 1)
    floor = style.ground_floor_m + style.floor_m * np.arange(floors - 1)
    left, low = np.meshgrid(edges[:-1], floor)
    left, low = left.ravel(), low.ravel()
    bay = edges[1] - edges[0]
    half = style.window.width_share * bay / 2
    cells = np.stack([left, left + bay, low, low + style.floor_m], axis=1)
    middle = left + bay / 2
    head = np.minimum(style.window.head_m, style.floor_m - 0.3)
    holes = np.stack(
        [middle - half, middle + half, low + style.window.sill_m, low + head], axis=1
    )
    return cells, holes


def _facade(
    plan: Building, style: FacadeStyle, eaves: float, rng: np.random.Generator
) -> MeshData:
    builder = MeshBuilder()
    if plan.ground_floor == "shop":
        add_shops(builder, plan.width_m, style.ground_floor_m, rng)
    else:
        add_home_floor(
            builder,
            plan.width_m,
            style.ground_floor_m,
            style.bay_m,
            style.wall,
            style.window,
            rng,
        )
        add_wall_lamp(builder, rng.uniform(-0.3, 0.3) * plan.width_m, 2.6)
    cells, holes = upper_windows(plan.width_m, plan.floors, style)
    builder.add(pierced_wall(cells, holes, style.window.reveal_m), *style.wall)
    add_windows(builder, holes, style.window, rng)
    _add_bands(builder, plan, style, eaves)
    if style.has_quoins:
        _add_quoins(builder, plan.width_m, style.ground_floor_m, eaves)
    if style.has_balconies:
        _add_balconies(builder, _balcony_holes(holes, cells, rng), style.window, cells)
    if style.has_coolers:
        _add_coolers(builder, holes, rng)
    _add_downpipe(builder, plan.width_m / 2 - 0.25, eaves)
    return builder.mesh()


def _flank(
    plan: Building,
    style: FacadeStyle,
    eaves: float,
    is_open: bool,
    rng: np.random.Generator,
) -> MeshData:
    """Return a side wall: with windows on a side street, else a bare party wall."""
    builder = MeshBuilder()
    half = plan.depth_m / 2
    if not is_open:
        builder.add(upright(np.array([[-half, half, 0.0, eaves]]), 0.0), *style.wall)
        return builder.mesh()
    add_home_floor(
        builder,
        plan.depth_m,
        style.ground_floor_m,
        style.bay_m,
        style.wall,
        style.window,
        rng,
    )
    cells, holes = upper_windows(plan.depth_m, plan.floors, style)
    builder.add(pierced_wall(cells, holes, style.window.reveal_m), *style.wall)
    add_windows(builder, holes, style.window, rng)
    if style.has_string_courses:
        level = np.array(
            [[-half, half, style.ground_floor_m, style.ground_floor_m + 0.18]]
        )
        builder.add(slabs(level, -0.06, 0.01), "trim", style.window.trim_rgb)
    _add_downpipe(builder, half - 0.3, eaves)
    return builder.mesh()


def _add_bands(
    builder: MeshBuilder, plan: Building, style: FacadeStyle, eaves: float
) -> None:
    """Add a band above the ground floor, string courses and a stepped cornice."""
    half = plan.width_m / 2
    trim = ("trim", style.window.trim_rgb)
    levels = [style.ground_floor_m]
    if style.has_string_courses:
        levels += [
            style.ground_floor_m + n * style.floor_m for n in range(1, plan.floors - 1)
        ]
    bands = np.array([(-half, half, level - 0.08, level + 0.1) for level in levels])
    builder.add(slabs(bands, -0.07, 0.01), *trim)
    for step, reach in enumerate((0.12, 0.24, 0.36)):
        low = eaves - 0.36 + 0.12 * step
        band = np.array([[-half, half, low, low + 0.12]])
        builder.add(slabs(band, -reach, 0.01), *trim)
    teeth = np.arange(-half + 0.15, half - 0.1, 0.32)
    count = np.ones(len(teeth))
    blocks = np.stack(
        [teeth, teeth + 0.14, (eaves - 0.5) * count, (eaves - 0.36) * count], axis=1
    )
    builder.add(slabs(blocks, -0.1, 0.01), *trim)


def _add_quoins(builder: MeshBuilder, width: float, low: float, high: float) -> None:
    levels = np.arange(low + 0.1, high - 0.8, 0.42)
    reach = np.where(np.arange(len(levels)) % 2 == 0, 0.5, 0.3)
    half = width / 2
    left = np.stack(
        [np.full_like(levels, -half), -half + reach, levels, levels + 0.38], 1
    )
    right = np.stack(
        [half - reach, np.full_like(levels, half), levels, levels + 0.38], 1
    )
    builder.add(slabs(np.concatenate([left, right]), -0.035, 0.01), "stone")


def _balcony_holes(
    holes: Rectangles, cells: Rectangles, rng: np.random.Generator
) -> Rectangles:
    """Return the windows of the columns that carry balconies."""
    columns = np.unique(np.round(cells[:, 0], 4))
    chosen = columns[rng.random(len(columns)) < 0.5]
    has_one = np.isin(np.round(cells[:, 0], 4), chosen)
    return holes[has_one] if has_one.any() else holes[:1]


def _add_balconies(
    builder: MeshBuilder, holes: Rectangles, window: WindowStyle, cells: Rectangles
) -> None:
    """Add slabs with railings of round bars below the given windows."""
    room = 0.46 * (cells[0, 1] - cells[0, 0])
    middle = (holes[:, 0] + holes[:, 1]) / 2
    low = holes[:, 2] - window.sill_m + 0.02
    reach = _BALCONY_REACH_M
    count = np.ones(len(holes))
    slab = np.stack([middle, -reach / 2 * count, low], axis=1)
    builder.add(boxes(slab, (2 * room, reach, 0.14)), "concrete", (0.4, 0.4, 0.38))
    steps = np.arange(-room + 0.03, room, 0.13)
    front = np.array([(x, -reach + 0.04) for x in steps])
    sides = np.array(
        [
            (x, y)
            for x in (-room + 0.03, room - 0.03)
            for y in np.arange(-reach + 0.16, -0.05, 0.13)
        ]
    )
    places = np.concatenate([front, sides])
    feet = np.stack(
        [
            (middle[:, None] + places[None, :, 0]).ravel(),
            np.tile(places[:, 1], len(holes)),
            np.repeat(low + 0.07, len(places)),
        ],
        axis=1,
    )
    rise = (0.0, 0.0, _RAIL_HEIGHT_M / 2)
    builder.add(boxes(feet + rise, (0.016, 0.016, _RAIL_HEIGHT_M)), "cast_iron")
    rail = low + 0.07 + _RAIL_HEIGHT_M
    front_rail = np.stack([middle, (-reach + 0.04) * count, rail], axis=1)
    builder.add(boxes(front_rail, (2 * room, 0.045, 0.04)), "cast_iron")
    for side in (-1, 1):
        side_rail = np.stack(
            [middle + side * (room - 0.03), -reach / 2 * count, rail], axis=1
        )
        builder.add(boxes(side_rail, (0.045, reach, 0.04)), "cast_iron")


def _add_coolers(
    builder: MeshBuilder, holes: Rectangles, rng: np.random.Generator
) -> None:
    """Hang air conditioners with a round grille under a few windows."""
    chosen = holes[rng.random(len(holes)) < 0.16]
    for x0, _, z0, _ in chosen:
        x, z = x0 + 0.3, z0 - 0.45
        builder.add(boxes((x, -0.2, z), (0.78, 0.32, 0.54)), "metal_sheet", (1.4,) * 3)
        rings = [
            tube([(x - 0.12, -0.365, z), (x - 0.12, -0.372, z)], r, sides=16)
            for r in (0.22, 0.16, 0.06)
        ]
        for number, ring in enumerate(rings):
            builder.add(ring, "cast_iron" if number != 1 else "metal_sheet")
        arms = [(x + o, 0.0, z - 0.3) for o in (-0.25, 0.25)]
        ends = [(x + o, -0.34, z - 0.3) for o in (-0.25, 0.25)]
        builder.add(bars(arms, ends, 0.015, sides=4), "steel")


def _add_downpipe(builder: MeshBuilder, x: float, eaves: float) -> None:
    path = [
        (x, -0.3, eaves - 0.1),
        (x, -0.09, eaves - 0.65),
        (x, -0.09, 0.3),
        (x, -0.16, 0.1),
    ]
    builder.add(tube(path, 0.05, sides=8), "metal_sheet", (0.7,) * 3)
    levels = np.arange(1.2, eaves - 1.0, 1.9)
    clamps = [(x, -0.06, level) for level in levels]
    builder.add(boxes(clamps, (0.13, 0.12, 0.04)), "metal_sheet", (0.7,) * 3)
