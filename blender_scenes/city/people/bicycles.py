"""Bicycles as moving parts, and the racks that hold them; no bpy.

A bicycle looks along +y and stands on z = 0; its middle lies between the axles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.people.skeleton import turned
from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData, placement
from blender_scenes.city.shapes.parts import Part, part
from blender_scenes.city.shapes.shapes import bars, box, ellipsoid, ring_bar, tube

Array = NDArray[np.float64]

WHEEL_RADIUS_M = 0.34
AXLE_Y_M = 0.52
CRANK_M = np.array([0.0, -0.09, 0.285])
CRANK_LENGTH_M = 0.17
PEDAL_X_M = 0.13
PEDAL_HALF_M = 0.012
# Turns of the rear wheel per turn of the cranks.
GEAR = 2.7
_SPOKES = 20
_FRAME_RGB = (
    (0.03, 0.03, 0.03),
    (0.35, 0.03, 0.02),
    (0.03, 0.15, 0.3),
    (0.5, 0.5, 0.5),
    (0.03, 0.2, 0.12),
    (0.5, 0.25, 0.02),
    (0.55, 0.5, 0.4),
)


@dataclass(frozen=True)
class Bicycle:
    """A city or sports bicycle.

    Parameters
    ----------
    frame_rgb : tuple of float
    saddle_m : float
        Height of the saddle.
    bar_y_m, bar_z_m : float
        Where the grips are.
    is_step_through : bool
        Without a top tube.
    has_basket, has_mudguards : bool
    """

    frame_rgb: tuple[float, float, float]
    saddle_m: float = 0.94
    bar_y_m: float = 0.24
    bar_z_m: float = 1.03
    is_step_through: bool = False
    has_basket: bool = False
    has_mudguards: bool = True

    @property
    def saddle_y_m(self) -> float:
        """Where the saddle is; the seat tube leans back."""
        return -0.14 - 0.2 * (self.saddle_m - 0.3)

    @property
    def grips_m(self) -> Array:
        """Return the middle of the left and the right grip (2, 3)."""
        return np.array([(x, self.bar_y_m, self.bar_z_m) for x in (-0.27, 0.27)])


def bicycle_random(rng: np.random.Generator, *, saddle_m: float = 0.94) -> Bicycle:
    """Return a bicycle of random colour and kind."""
    is_sporty = bool(rng.random() < 0.35)
    red, green, blue = _FRAME_RGB[rng.integers(len(_FRAME_RGB))]
    return Bicycle(
        frame_rgb=(red, green, blue),
        saddle_m=saddle_m,
        bar_y_m=0.36 if is_sporty else 0.24,
        bar_z_m=0.96 if is_sporty else 1.05,
        is_step_through=not is_sporty and bool(rng.random() < 0.4),
        has_basket=not is_sporty and bool(rng.random() < 0.5),
        has_mudguards=not is_sporty,
    )


def bicycle_parts(bicycle: Bicycle) -> tuple[Part, ...]:
    """Return frame, front wheel, rear wheel, cranks, left and right pedal."""
    builders = [_frame(bicycle), _wheel(), _wheel(), _cranks(), _pedal(), _pedal()]
    return tuple(part("Bicycle", builder) for builder in builders)


def bicycle_pose(distance_m: Array, *, first_turn_rad: float = 0.0) -> Array:
    """Return where the parts of a bicycle are after a distance, (..., 6, 4, 4).

    The wheels roll without slipping; the pedals stay level.
    """
    distance = np.asarray(distance_m, np.float64)
    wheel = turned("x", -distance / WHEEL_RADIUS_M)
    matrices = np.tile(np.eye(4), (*distance.shape, 6, 1, 1))
    for index, y in ((1, AXLE_Y_M), (2, -AXLE_Y_M)):
        matrices[..., index, :3, :3] = wheel
        matrices[..., index, :3, 3] = (0.0, y, WHEEL_RADIUS_M)
    matrices[..., 3, :3, :3] = turned("x", -crank_rad(distance, first_turn_rad))
    matrices[..., 3, :3, 3] = CRANK_M
    matrices[..., 4:, :3, 3] = pedals_m(distance, first_turn_rad=first_turn_rad)
    return matrices


def crank_rad(distance_m: Array, first_turn_rad: float) -> Array:
    """Return how far the cranks have turned; 0 is the left one in front."""
    return first_turn_rad + distance_m / (WHEEL_RADIUS_M * GEAR)


def pedals_m(distance_m: Array, *, first_turn_rad: float) -> Array:
    """Return the middle of the left and the right pedal, (..., 2, 3)."""
    turn = np.asarray(crank_rad(np.asarray(distance_m), first_turn_rad))
    ahead = CRANK_LENGTH_M * np.stack(
        [np.zeros_like(turn), np.cos(turn), -np.sin(turn)], axis=-1
    )
    out = np.array([PEDAL_X_M, 0.0, 0.0])
    return np.stack([CRANK_M - out + ahead, CRANK_M + out - ahead], axis=-2)


def bicycle_mesh(bicycle: Bicycle, *, distance_m: float = 0.0) -> MeshData:
    """Return a parked bicycle in one piece."""
    whole = MeshBuilder()
    poses = bicycle_pose(np.array(distance_m))
    for piece, matrix in zip(bicycle_parts(bicycle), poses, strict=True):
        whole.add_mesh(piece.mesh, matrix)
    return whole.mesh()


def _frame(bicycle: Bicycle) -> MeshBuilder:
    builder = MeshBuilder()
    colour = np.array(bicycle.frame_rgb)
    rear, front = (0.0, -AXLE_Y_M, WHEEL_RADIUS_M), (0.0, AXLE_Y_M, WHEEL_RADIUS_M)
    crank = tuple(CRANK_M)
    saddle_y, saddle = bicycle.saddle_y_m, bicycle.saddle_m
    lug = (0.0, -0.17 - 0.2 * 0.4, 0.74)
    head, crown = (0.0, 0.33, 0.86), (0.0, 0.385, 0.7)
    top = (0.0, -0.13, 0.46) if bicycle.is_step_through else lug
    for start, end, radius in (
        (crank, lug, 0.017),
        (crank, crown, 0.019),
        (top, head, 0.015),
        (head, crown, 0.022),
    ):
        builder.add(tube([start, end], radius, sides=8), "painted", colour, smooth=True)
    for x in (-0.055, 0.055):
        for middle in (lug, crank):
            stay = [np.add(rear, (x, 0, 0)), np.add(middle, (0.3 * x, 0, 0))]
            builder.add(tube(stay, 0.009, sides=6), "painted", colour, smooth=True)
        blade = [np.add(front, (x, 0, 0)), np.add(crown, (x, 0, 0))]
        builder.add(tube(blade, 0.012, sides=6), "painted", colour, smooth=True)
    builder.add(box((-0.07, 0.07), (0.365, 0.405), (0.68, 0.72)), "painted", colour)
    post = [lug, (0.0, saddle_y, saddle - 0.05)]
    builder.add(tube(post, 0.013, sides=8), "chrome", smooth=True)
    for at, size in (
        ((0.0, saddle_y - 0.05, saddle - 0.025), (0.085, 0.1, 0.028)),
        ((0.0, saddle_y + 0.07, saddle - 0.028), (0.032, 0.12, 0.022)),
    ):
        builder.add(ellipsoid(at, size, segments=12, rings=6), "rubber", smooth=True)
    _add_bar(builder, bicycle)
    if bicycle.has_mudguards:
        _add_mudguards(builder, colour)
    if bicycle.has_basket:
        _add_basket(builder)
    lamp = ellipsoid((0.0, 0.42, 0.8), (0.03, 0.035, 0.03), segments=8, rings=6)
    builder.add(lamp, "head_lamp", smooth=True)
    tail = ellipsoid((0.0, -0.33, 0.72), (0.022, 0.015, 0.018), segments=8, rings=6)
    builder.add(tail, "lamp_red", smooth=True)
    for z in (-0.035, 0.035):
        chain = [
            (0.045, CRANK_M[1], CRANK_M[2] + 2.4 * z),
            (0.045, -AXLE_Y_M, WHEEL_RADIUS_M + z),
        ]
        builder.add(tube(chain, 0.005, sides=5), "steel", (0.3, 0.3, 0.3))
    return builder


def _add_bar(builder: MeshBuilder, bicycle: Bicycle) -> None:
    y, z = bicycle.bar_y_m, bicycle.bar_z_m
    stem = (0.0, 0.3, z - 0.02)
    bar = [(-0.31, y - 0.02, z), (-0.2, y + 0.02, z), (-0.07, 0.31, z - 0.01), stem]
    path = [*bar, *[(-x, py, pz) for x, py, pz in bar[-2::-1]]]
    builder.add(tube(path, 0.012, sides=8), "chrome", smooth=True)
    builder.add(tube([(0.0, 0.33, 0.86), stem], 0.014, sides=8), "chrome")
    for out in (-1, 1):
        grip = [(0.32 * out, y - 0.024, z), (0.21 * out, y + 0.018, z)]
        builder.add(tube(grip, 0.017, sides=8), "rubber", smooth=True)
        lever = [(0.2 * out, y + 0.05, z - 0.01), (0.29 * out, y + 0.045, z - 0.02)]
        builder.add(tube(lever, 0.006, sides=5), "chrome")


def _add_mudguards(builder: MeshBuilder, colour: Array) -> None:
    radius = WHEEL_RADIUS_M + 0.03
    for y, first, last in ((AXLE_Y_M, 35.0, 150.0), (-AXLE_Y_M, 20.0, 190.0)):
        turn = np.deg2rad(np.linspace(first, last, 14))
        arc = np.stack(
            [
                np.zeros_like(turn),
                y + radius * np.cos(turn),
                WHEEL_RADIUS_M + radius * np.sin(turn),
            ],
            axis=1,
        )
        if y < 0:
            arc[:, 1] = 2 * y - arc[:, 1]
            arc = arc[::-1]
        for x in (-0.014, 0.014):
            strip = tube(np.add(arc, (x, 0.0, 0.0)), 0.016, sides=5)
            builder.add(strip, "painted", colour, smooth=True)
    rack = [(x, y, 0.76) for x in (-0.06, 0.06) for y in (-0.68, -0.3)]
    builder.add(bars([rack[0], rack[2]], [rack[1], rack[3]], 0.007), "steel")
    cross = np.linspace(-0.68, -0.32, 5)
    starts = [(-0.06, y, 0.76) for y in cross]
    builder.add(bars(starts, [(0.06, y, 0.76) for y in cross], 0.005), "steel")
    legs = [(x, -AXLE_Y_M, WHEEL_RADIUS_M) for x in (-0.06, 0.06)]
    builder.add(bars(legs, [(-0.06, -0.6, 0.76), (0.06, -0.6, 0.76)], 0.006), "steel")


def _wheel() -> MeshBuilder:
    """Return a wheel about its axle at the origin."""
    builder = MeshBuilder()
    radius = WHEEL_RADIUS_M
    tyre = ring_bar((0, 0, 0), radius - 0.018, 0.018)
    builder.add(tyre, "rubber", smooth=True)
    builder.add(ring_bar((0, 0, 0), radius - 0.042, 0.01), "chrome", smooth=True)
    angle = 2 * np.pi * np.arange(_SPOKES) / _SPOKES
    tips = 0.3 * np.stack([np.zeros(_SPOKES), np.cos(angle), np.sin(angle)], axis=1)
    hubs = np.zeros((_SPOKES, 3))
    hubs[:, 0] = np.where(np.arange(_SPOKES) % 2 == 0, 0.03, -0.03)
    builder.add(bars(hubs, tips, 0.0022, sides=3), "steel")
    builder.add(tube([(-0.06, 0, 0), (0.06, 0, 0)], 0.018), "steel")
    # A reflector and the valve show how far the wheel has turned.
    reflector = box((-0.008, 0.008), (-0.03, 0.03), (0.17, 0.2))
    builder.add(reflector, "lamp_amber")
    return builder


def _cranks() -> MeshBuilder:
    builder = MeshBuilder()
    builder.add(ring_bar((0.045, 0, 0), 0.082, 0.006), "steel", (0.5, 0.5, 0.5))
    spider = np.deg2rad([90.0, 210.0, 330.0])
    tips = np.stack(
        [np.full(3, 0.045), 0.08 * np.cos(spider), 0.08 * np.sin(spider)], 1
    )
    builder.add(bars(np.tile((0.045, 0, 0), (3, 1)), tips, 0.008), "steel")
    builder.add(tube([(-0.07, 0, 0), (0.07, 0, 0)], 0.02), "steel")
    for x, y in ((-0.075, CRANK_LENGTH_M), (0.075, -CRANK_LENGTH_M)):
        builder.add(tube([(x, 0, 0), (x, y, 0)], [0.014, 0.01], sides=6), "steel")
    return builder


def _pedal() -> MeshBuilder:
    builder = MeshBuilder()
    slab = box((-0.045, 0.045), (-0.035, 0.035), (-PEDAL_HALF_M, PEDAL_HALF_M))
    builder.add(slab, "rubber")
    builder.add(tube([(-0.06, 0, 0), (0.06, 0, 0)], 0.007, sides=6), "steel")
    return builder


def _add_basket(builder: MeshBuilder) -> None:
    """Add a wire basket in front of the handlebar."""
    ys, xs = np.linspace(0.42, 0.68, 5), np.linspace(-0.16, 0.16, 6)
    low, high = 0.82, 1.04
    feet = [
        (x, y, low)
        for y in ys
        for x in xs
        if y in (ys[0], ys[-1]) or x in (xs[0], xs[-1])
    ]
    tops = [(x, y, high) for x, y, _ in feet]
    builder.add(bars(feet, tops, 0.004, sides=4), "steel")
    for level in (low, (low + high) / 2, high):
        loop = [
            (xs[0], ys[0], level),
            (xs[-1], ys[0], level),
            (xs[-1], ys[-1], level),
            (xs[0], ys[-1], level),
        ]
        builder.add(bars(loop, loop[1:] + loop[:1], 0.005, sides=4), "steel")


def bicycle_rack_parts(variant: int, rng: np.random.Generator) -> list[Part]:
    """Return four steel hoops and the two or three bicycles that lean on them."""
    rack = MeshBuilder()
    places = np.linspace(-1.5, 1.5, 4)
    turn = np.linspace(0.0, np.pi, 11)
    for x in places:
        hoop = (
            [(x, -0.38, 0.0)]
            + [(x, -0.38 * np.cos(a), 0.55 + 0.25 * np.sin(a)) for a in turn]
            + [(x, 0.38, 0.0)]
        )
        rack.add(tube(hoop, 0.024, sides=10), "steel", smooth=True)
        rack.add(box((x - 0.06, x + 0.06), (-0.44, -0.32), (0.0, 0.012)), "steel")
    parts = [part("Other", rack)]
    for x in rng.permutation(places)[: 2 + variant % 2]:
        bicycle = MeshBuilder()
        mesh = bicycle_mesh(bicycle_random(rng), distance_m=float(rng.uniform(0, 6)))
        heading = rng.uniform(-0.08, 0.08)
        bicycle.add_mesh(mesh, placement(x + 0.1, 0.0, heading_rad=heading))
        parts.append(part("Bicycle", bicycle))
    return parts
