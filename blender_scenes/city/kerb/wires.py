"""Overhead wires: their mesh, those to houses and those across the street; no bpy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.plan import Profile, Wire
from blender_scenes.city.road import Road
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import box, tube
from blender_scenes.city.shapes.strands import strands

_POINTS, _SIDES = 17, 5
# A house at the end of a span: at this height above the road there is a wall.
_SPAN_HEIGHT_M = (6.4, 7.4)
_SPAN_SAG_SHARE = (0.02, 0.035)
_HOUSE_HEIGHT_M = (5.6, 6.6)
_CONTACT_SHARE = 0.4
# From span to span over a junction; a straight wire leaves a bend on longer ones.
_LONGEST_CONTACT_M = 70.0
# The head of a lamp hangs this far below its wire.
_LAMP_DROP_M = 0.62


def wire_points_m(wire: Wire, share: ArrayLike) -> NDArray[np.float64]:
    """Return (..., 3) points at shares (0 to 1) of the way from start to end.

    A parabola: what a taut wire's catenary is close to; in the middle it hangs
    ``sag_m`` below the straight line.
    """
    t = np.asarray(share, np.float64)[..., None]
    start, end = np.asarray(wire.start_m), np.asarray(wire.end_m)
    drop = 4.0 * wire.sag_m * t * (1.0 - t)
    return start + t * (end - start) - drop * np.array((0.0, 0.0, 1.0))


def wire_mesh(wires: Sequence[Wire], road: Road | None = None) -> MeshData:
    """Return all wires as thin tubes in one mesh.

    With a road, wires hang between where it puts their ends, in world axes;
    without one, in street axes.

    Raises
    ------
    ValueError
        If there is no wire.
    """
    if not wires:
        raise ValueError("wires must hold at least one Wire; got none")
    placed = [_on(road, wire) for wire in wires] if road else wires
    share = np.linspace(0.0, 1.0, _POINTS)
    paths = np.stack([wire_points_m(wire, share) for wire in placed])
    radii = np.array([[wire.radius_m] for wire in placed])
    builder = MeshBuilder()
    builder.add(strands(paths, radii, sides=_SIDES), "wire", smooth=True)
    return builder.mesh()


def _on(road: Road, wire: Wire) -> Wire:
    ends = []
    for x, y, z in (wire.start_m, wire.end_m):
        world = road.world_xy(x, y)
        ends.append((float(world[0]), float(world[1]), z))
    return Wire(ends[0], ends[1], wire.sag_m, wire.radius_m)


def house_wire_random(
    rng: np.random.Generator, profile: Profile, from_m: tuple[float, float, float]
) -> Wire:
    """Return the wire from a pole to the house behind it."""
    x, y, _ = from_m
    end = (
        profile.facade_x_m(1 if x > 0 else -1),
        y + float(rng.uniform(-2.5, 2.5)),
        float(rng.uniform(*_HOUSE_HEIGHT_M)),
    )
    return Wire(from_m, end, float(rng.uniform(0.1, 0.25)), 0.009)


def span_wires_random(
    rng: np.random.Generator, profile: Profile, spans_y_m: Sequence[float]
) -> tuple[Wire, ...]:
    """Return wires across the street, where houses on both sides hold them.

    A lamp hangs from the middle of each (`span_lamps_m`); in some streets they carry
    the contact wires of a tram, which end nowhere along the street.
    """
    spans = [_span(rng, profile, y_m) for y_m in sorted(spans_y_m)]
    wires = list(spans)
    reaches_m = [
        second.start_m[1] - first.start_m[1] for first, second in pairwise(spans)
    ]
    if (
        rng.random() < _CONTACT_SHARE
        and max(reaches_m, default=0.0) < _LONGEST_CONTACT_M
    ):
        for first, second in pairwise(spans):
            wires += _contact_wires(first, second)
    return tuple(wires)


def _span(rng: np.random.Generator, profile: Profile, y_m: float) -> Wire:
    left, right = profile.facade_x_m(-1), profile.facade_x_m(1)
    heights = rng.uniform(*_SPAN_HEIGHT_M, 2)
    return Wire(
        (left, y_m + float(rng.uniform(-0.6, 0.6)), float(heights[0])),
        (right, y_m + float(rng.uniform(-0.6, 0.6)), float(heights[1])),
        (right - left) * float(rng.uniform(*_SPAN_SAG_SHARE)),
        0.007,
    )


def _contact_wires(first: Wire, second: Wire) -> list[Wire]:
    """Return a wire over each direction of travel, from span to span."""
    wires = []
    for share in (0.42, 0.58):
        start, end = wire_points_m(first, share), wire_points_m(second, share)
        length_m = float(np.linalg.norm(end - start))
        wires.append(
            Wire(
                (float(start[0]), float(start[1]), float(start[2])),
                (float(end[0]), float(end[1]), float(end[2])),
                0.004 * length_m,
                0.006,
            )
        )
    return wires


def span_lamps_m(wires: Sequence[Wire]) -> NDArray[np.float64]:
    """Return (N, 3) places, in street axes, where lamps hang from wires.

    They hang in the middle of every wire that runs from one side of the street to
    the other; the lamp's light comes from there, its mesh is `span_lamp_mesh`.
    """
    crossing = [w for w in wires if w.start_m[0] < -3.0 and w.end_m[0] > 3.0]
    places = [wire_points_m(wire, 0.5) for wire in crossing]
    return np.array(places).reshape(-1, 3) - (0.0, 0.0, _LAMP_DROP_M)


def span_lamp_mesh() -> MeshData:
    """Return a hanging lamp whose light comes from the origin."""
    builder = MeshBuilder()
    rod = tube([(0, 0, 0.3), (0, 0, _LAMP_DROP_M)], 0.014, sides=8)
    builder.add(rod, "steel")
    builder.add(box((-0.1, 0.1), (-0.03, 0.03), (0.58, 0.65)), "steel")
    shade = tube(
        [(0, 0, z) for z in (0.02, 0.05, 0.17, 0.2, 0.32)],
        (0.3, 0.3, 0.13, 0.09, 0.07),
        sides=20,
    )
    builder.add(shade, "painted", (0.06, 0.09, 0.08), smooth=True)
    bulb = tube([(0, 0, z) for z in (-0.12, -0.08, 0.03)], (0.05, 0.13, 0.16), sides=16)
    builder.add(bulb, "lamp_white", smooth=True)
    return builder.mesh()
