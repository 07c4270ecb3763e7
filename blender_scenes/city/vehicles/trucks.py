"""Lorries: a cab on a chassis that carries a box, a tipper body or a bed; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import boxes, ellipsoid, prism, tube
from blender_scenes.city.vehicles.hulls import Hull, hull_skin
from blender_scenes.city.vehicles.patches import Patches, add_plate
from blender_scenes.city.vehicles.skins import LIP, Skin, add_faces
from blender_scenes.city.vehicles.truck_chassis import add_chassis
from blender_scenes.city.vehicles.truck_loads import add_load
from blender_scenes.city.vehicles.wheels import Axle

_CAB_REAR_GAP_M = 0.12


@dataclass(frozen=True)
class TruckModel:
    """Measures of one kind of lorry, metres; y = 0 is the middle.

    Parameters
    ----------
    name : str
    length_m, width_m, height_m : float
        Outer size without mirrors.
    cab_length_m, cab_height_m : float
    chassis_m : float
        Height of the upper edge of the frame.
    load : str
        "box", "tipper" or "flatbed".
    axles : tuple of Axle
    """

    name: str
    length_m: float
    width_m: float
    height_m: float
    cab_length_m: float
    cab_height_m: float
    chassis_m: float
    load: str
    axles: tuple[Axle, ...]

    @property
    def cab_rear_m(self) -> float:
        """Place of the cab's rear wall."""
        return self.length_m / 2 - self.cab_length_m

    @property
    def cab(self) -> Hull:
        """The cab's skin."""
        front, tall = self.length_m / 2, self.cab_height_m
        low = self._window_low_m
        return Hull(
            width_m=min(self.width_m, 2.3),
            rear_m=self.cab_rear_m,
            front_m=front,
            floor_m=0.48,
            roof_m=tall,
            rows_m=(0.62, 0.84, low - 0.12, low, low + 0.04, tall - 0.46, tall - 0.42),
            stations_m=(
                front - 1.42, front - 1.38, front - 0.98, front - 0.93, front - 0.42,
            ),
            wheels=((self.axles[0].y_m, self.axles[0].radius_m),),
            nose_corner_m=0.24,
            tail_corner_m=0.08,
            edge_m=0.14,
            nose_lean=0.12,
            lean_from_m=low - 0.1,
        )  # fmt: skip

    @property
    def _window_low_m(self) -> float:
        return self.cab_height_m - 1.24

    @property
    def load_span_m(self) -> tuple[float, float]:
        """Both ends of what the chassis carries."""
        return -self.length_m / 2 + 0.03, self.cab_rear_m - _CAB_REAR_GAP_M


def _axles(track_m: float, radius_m: float, *places_m: float) -> tuple[Axle, ...]:
    """Return a steered axle in front and driven twin axles behind it."""
    front, *rear = places_m
    return (
        Axle(front, radius_m, 0.26, track_m, "truck"),
        *(Axle(y, radius_m, 0.25, track_m, "truck", True) for y in rear),
    )


BOX_TRUCK = TruckModel(
    "box_truck", 7.6, 2.4, 3.4, 1.75, 2.5, 0.86, "box", _axles(2.24, 0.42, 2.75, -1.9)
)
TIPPER = TruckModel(
    "tipper", 7.1, 2.45, 2.95, 1.75, 2.75, 1.02, "tipper",
    _axles(2.28, 0.5, 2.5, -1.3, -2.55),
)  # fmt: skip
FLATBED = TruckModel(
    "flatbed", 7.3, 2.4, 2.5, 1.75, 2.45, 0.86, "flatbed", _axles(2.24, 0.42, 2.6, -1.8)
)
TRUCK_MODELS = (BOX_TRUCK, TIPPER, FLATBED)


def truck_body(model: TruckModel, livery: int) -> MeshData:
    """Return a lorry without its wheels; what is painted has no tint."""
    builder = MeshBuilder()
    skin = hull_skin(model.cab)
    surface = _cab_surfaces(model, skin)
    add_faces(builder, skin, surface, surface)
    _add_face(builder, model, skin, livery)
    _add_cab_flanks(builder, model, skin)
    add_chassis(builder, model, livery)
    add_load(builder, model.load, model.load_span_m, model, livery)
    return builder.mesh()


def truck_lamps_m(
    model: TruckModel,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middles of head and tail lamps, (2, 3) each, left then right."""
    sides = np.array([-1.0, 1.0])
    head = hull_skin(model.cab).front(sides * 0.9, 0.73)
    x, tail = sides * (model.width_m / 2 - 0.3), -model.length_m / 2 + 0.02
    return head, np.stack(
        [x, np.full(2, tail), np.full(2, model.chassis_m - 0.2)], axis=1
    )


def _cab_surfaces(model: TruckModel, skin: Skin) -> NDArray[np.str_]:
    """Return the material of every face of one half, keel first."""
    hull = model.cab
    y = (skin.stations_m[:-1] + skin.stations_m[1:]) / 2
    is_nose = skin.stations_m[:-1] >= skin.stations_m[-1] - 1e-9
    surface = np.full((len(y), skin.points_m.shape[1] - 1), "car_paint", dtype="U16")
    surface[:, :LIP] = "rubber"
    surface[:, LIP : hull.row(0.62)] = "trim_black"
    low, high = hull.row(hull.rows_m[3]), hull.row(hull.rows_m[6])
    front = model.length_m / 2
    door = (y > front - 0.98) & (y < front - 0.36)
    surface[door, low:high] = "trim_black"
    surface[door & (y > front - 0.93), low + 1 : high - 1] = "car_glass"
    small = (y > front - 1.42) & (y < front - 1.1)
    surface[small, low + 2 : high - 1] = "trim_black"
    shield = is_nose | (y > front - 0.2)
    surface[shield, low:high] = "car_glass"
    surface[is_nose, low - 1] = "trim_black"
    surface[is_nose, high] = "trim_black"
    return surface


def _add_face(builder: MeshBuilder, model: TruckModel, skin: Skin, livery: int) -> None:
    """Add lamps, grille, wipers, visor and plate."""
    put, hull = Patches(builder, skin.front), model.cab
    low, high = hull.rows_m[3], hull.rows_m[6]
    for side in (-1, 1):
        house = [(0.68, 0.64), (1.2, 0.64), (1.22, 0.82), (0.7, 0.82)]
        put.add(house, "trim_black", side, lift_m=0.006, grow_m=0.02, steps=(10, 3))
        put.add(house, "lamp_house", side, lift_m=0.011, steps=(10, 3))
        for x in (0.79, 0.95):
            put.disc(side * x, 0.73, 0.074, "chrome", 0.014)
            put.disc(side * x, 0.73, 0.06, "head_lamp", 0.018)
        put.add(
            [(1.06, 0.66), (1.18, 0.66), (1.19, 0.8), (1.07, 0.8)],
            "lamp_amber",
            side,
            lift_m=0.015,
        )
        put.disc(side * 0.85, 0.55, 0.05, "lamp_house", 0.012)
        foot, tip = (
            skin.front(side * 0.42, low - 0.02),
            skin.front(side * 0.3, low + 0.62),
        )
        out = np.array([0.0, 0.03, 0.0])
        builder.add(tube([foot + out, tip + out], 0.011, sides=6), "trim_black")
        bar = skin.front(
            np.full(4, side * 0.3), np.linspace(low + 0.06, high - 0.06, 4)
        )
        builder.add(tube(bar + 0.7 * out, 0.012, sides=6), "trim_black")
    grille = [(-0.62, 0.9), (0.62, 0.9), (0.58, low - 0.2), (-0.58, low - 0.2)]
    put.add(grille, "trim_black", lift_m=0.006, steps=(10, 4))
    for z in np.linspace(0.94, low - 0.24, 6):
        put.line([(-0.58, z), (0.0, z), (0.58, z)], 0.011, "chrome", 0.008)
    put.disc(0.0, low - 0.06, 0.06, "chrome", 0.014)
    for z in (0.86, low - 0.16):
        put.line([(x, z) for x in np.linspace(-1.25, 1.25, 15)], 0.005, "gap")
    put.add(
        [(-0.5, 0.52), (0.5, 0.52), (0.5, 0.6), (-0.5, 0.6)], "rubber", lift_m=0.005
    )
    y = float(skin.front(0.0, 0.72)[1]) + 0.015
    add_plate(builder, (0.0, y, 0.72), 1.0, livery)
    # A sun visor of smoked plastic above the windscreen.
    edge = skin.front(np.linspace(-1.05, 1.05, 9), high - 0.01)
    visor = [(0.0, 0.0), (0.16, -0.1), (0.17, -0.08), (0.02, 0.04)]
    brow = edge[4] + (0.0, -0.02, 0.0)
    outline = [(brow[1] + dy, brow[2] + dz) for dy, dz in visor]
    builder.add(prism(outline, -0.95, 0.95, axis="x"), "trim_black")
    for x in (-0.85, -0.3, 0.3, 0.85):
        spot = skin.above(x, model.length_m / 2 - 0.4)
        builder.add(
            ellipsoid(spot, (0.07, 0.05, 0.035), segments=12, rings=6),
            "lamp_amber",
            smooth=True,
        )


def _add_cab_flanks(builder: MeshBuilder, model: TruckModel, skin: Skin) -> None:
    """Add doors, steps, handles, mirrors and mud guards."""
    put, hull = Patches(builder, skin.side), model.cab
    front, low, high = model.length_m / 2, hull.rows_m[3], hull.rows_m[6]
    axle = model.axles[0]
    for side in (-1, 1):
        for y in (front - 1.04, front - 0.26):
            bottom = 0.66 if y > axle.y_m + 0.5 else axle.radius_m * 2 + 0.1
            put.line([(y, bottom), (y, low), (y, high + 0.03)], 0.006, "gap", 0.0, side)
        put.line(
            [(front - 1.04, high + 0.03), (front - 0.26, high + 0.03)],
            0.006,
            "gap",
            0.0,
            side,
        )
        z = low - 0.1
        put.add(
            [
                (front - 1.0, z - 0.05),
                (front - 0.8, z - 0.05),
                (front - 0.8, z + 0.03),
                (front - 1.0, z + 0.03),
            ],
            "gap",
            side,
            lift_m=0.002,
        )
        put.line(
            [(front - 0.98, z), (front - 0.82, z)], 0.016, "trim_black", 0.02, side
        )
        put.line(
            [(front - 1.12, low + 0.1), (front - 1.12, high - 0.2)],
            0.016,
            "chrome",
            0.04,
            side,
        )
        x = float(skin.side(front - 0.6, low)[0])
        root = np.array([side * x, front - 0.3, high - 0.02])
        reach = np.add(root, (side * 0.2, 0.1, -0.05))
        builder.add(
            tube(
                [
                    root,
                    reach,
                    np.add(reach, (0, 0, -0.62)),
                    np.add(root, (side * 0.02, 0.04, -0.66)),
                ],
                0.016,
                sides=8,
            ),
            "trim_black",
            smooth=True,
        )
        for drop, tall in ((0.22, 0.34), (0.52, 0.2)):
            middle = np.add(reach, (side * 0.02, 0.0, -drop))
            builder.add(
                ellipsoid(middle, (0.12, 0.06, tall / 2), segments=16),
                "trim_black",
                smooth=True,
            )
            builder.add(
                boxes(np.add(middle, (0, -0.052, 0)), (0.17, 0.018, tall * 0.72)),
                "mirror_glass",
            )
        turn = np.linspace(0.15, np.pi - 0.15, 17)
        size = axle.radius_m + 0.075
        rim = [
            (axle.y_m + size * np.cos(a), axle.radius_m + size * np.sin(a))
            for a in turn
        ]
        put.line(rim, 0.02, "trim_black", 0.0, side)
        put.add(
            [
                (front - 0.3, 0.9),
                (front - 0.2, 0.9),
                (front - 0.2, 0.94),
                (front - 0.3, 0.94),
            ],
            "lamp_amber",
            side,
        )
