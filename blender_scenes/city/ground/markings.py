"""Mesh of the painted lines on the road; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import LANE_WIDTH_M, Junction, StreetPlan
from blender_scenes.city.shapes.bending import PIECE_M, bent
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import Shape, level_quads

PAINT_HEIGHT_M = 0.006
LINE_WIDTH_M = 0.12
DASH_M, DASH_PERIOD_M = 3.0, 7.5
# Distances from the edge of the side street, metres.
ZEBRA_M = (1.2, 3.4)
STOP_LINE_M = (4.6, 5.0)
_PAINT = "lane_paint"


def markings_mesh(plan: StreetPlan) -> MeshData:
    """Return lane lines, parking bays, crossings, stop lines and arrows."""
    builder = MeshBuilder()
    profile = plan.profile
    stretches = _stretches(plan)
    for low, high in stretches:
        _add_lane_lines(builder, profile.lanes_each_way, low, high)
        for side in (-1, 1):
            edge = side * profile.lanes_each_way * LANE_WIDTH_M
            if profile.has_parking(side):
                _add_bays(builder, edge, profile.kerb_x_m(side), low, high)
            else:
                _add(builder, edge - 0.06, edge + 0.06, low, high)
    for junction in plan.junctions:
        for direction in (-1, 1):
            _add_junction(builder, plan, junction, direction)
    return bent(builder.mesh(), plan.road)


def _add(builder: MeshBuilder, x0, x1, y0, y1) -> None:
    """Add rectangles, cut into pieces that follow a bend; arguments broadcast."""
    left, right, low, high = np.broadcast_arrays(*np.atleast_1d(x0, x1, y0, y1))
    count = max(1, int(np.ceil((high - low).max(initial=0.0) / PIECE_M)))
    edges = low + (high - low) * np.linspace(0.0, 1.0, count + 1)[:, None]
    x0, x1, y0, y1 = np.broadcast_arrays(left, right, edges[:-1], edges[1:])
    shape = level_quads(x0.ravel(), x1.ravel(), y0.ravel(), y1.ravel(), PAINT_HEIGHT_M)
    builder.add(shape, _PAINT)


def _stretches(plan: StreetPlan) -> list[tuple[float, float]]:
    edges = [plan.profile.start_y_m]
    for junction in plan.junctions:
        reach = junction.half_road_m + STOP_LINE_M[1]
        edges += [junction.y_m - reach, junction.y_m + reach]
    edges.append(plan.profile.end_y_m - 12.0)
    return list(zip(edges[::2], edges[1::2], strict=True))


def _add_lane_lines(builder: MeshBuilder, lanes: int, low: float, high: float) -> None:
    starts = np.arange(low + 1.0, high - DASH_M, DASH_PERIOD_M)
    half = LINE_WIDTH_M / 2
    if lanes > 1:
        # A double line keeps the two directions apart on the wider street.
        for x in (-0.12, 0.12):
            _add(builder, x - half, x + half, low, high)
    else:
        _add(builder, -half, half, starts, starts + DASH_M)
    for lane in range(1, lanes):
        for x in (-lane * LANE_WIDTH_M, lane * LANE_WIDTH_M):
            _add(builder, x - half, x + half, starts, starts + DASH_M)


def _add_bays(
    builder: MeshBuilder, edge: float, kerb: float, low: float, high: float
) -> None:
    """Add the T-shaped corners between parking places, 6 m apart."""
    ys = np.arange(low + 3.0, high - 3.0, 6.0)
    side = np.sign(kerb)
    inner, outer = sorted((edge, edge + side * 0.9))
    _add(builder, inner, outer, ys - 0.05, ys + 0.05)
    _add(builder, edge - 0.05, edge + 0.05, ys - 0.6, ys - 0.05)
    _add(builder, edge - 0.05, edge + 0.05, ys + 0.05, ys + 0.6)


def _add_junction(
    builder: MeshBuilder, plan: StreetPlan, junction: Junction, direction: int
) -> None:
    """Add crossing, stop line and arrows before (-1) or behind (+1) a junction."""
    profile = plan.profile
    edge_y = junction.y_m + direction * junction.half_road_m

    def span(near: float, far: float) -> list[float]:
        return sorted((edge_y + direction * near, edge_y + direction * far))

    bars = np.arange(profile.kerb_x_m(-1) + 0.5, profile.kerb_x_m(1) - 0.7, 1.0)
    _add(builder, bars, bars + 0.5, *span(*ZEBRA_M))
    # Whoever drives towards the junction keeps to the right.
    half_width = profile.lanes_each_way * LANE_WIDTH_M
    lanes = (0.1, half_width) if direction < 0 else (-half_width, -0.1)
    _add(builder, *lanes, *span(*STOP_LINE_M))
    for lane in range(profile.lanes_each_way):
        x = -direction * (lane + 0.5) * LANE_WIDTH_M
        builder.add(_arrow(x, edge_y + direction * 9.5, -direction), _PAINT)


def _arrow(x: float, y: float, forward: int) -> Shape:
    """Return a straight-on arrow 3.4 m long that points along +y or -y."""
    outline = np.array(
        [
            (-0.08, -1.7),
            (0.08, -1.7),
            (0.08, 0.5),
            (0.34, 0.5),
            (0.0, 1.7),
            (-0.34, 0.5),
            (-0.08, 0.5),
        ]
    )
    points = outline * forward + (x, y)
    vertices = np.column_stack([points, np.full(len(points), PAINT_HEIGHT_M)])
    return Shape(vertices, (np.array([[0, 1, 2, 6]]), np.array([[3, 4, 5]])))
