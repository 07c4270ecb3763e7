"""City buses: a glazed low-floor hull with doors, display and grime; no bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.shapes.mesh import MeshBuilder, MeshData
from blender_scenes.city.shapes.shapes import box, boxes, ellipsoid, tube
from blender_scenes.city.vehicles.hulls import Hull, hull_skin
from blender_scenes.city.vehicles.lettering import add_letters
from blender_scenes.city.vehicles.patches import Patches, add_plate
from blender_scenes.city.vehicles.skins import LIP, Skin, add_faces
from blender_scenes.city.vehicles.wheels import Axle

_SKIRT_M, _DOOR_SILL_M, _BAND_M, _WINDOW_LOW_M = 0.42, 0.5, 0.72, 0.98
_VENT_M, _WINDOW_HIGH_M, _SIGN_M = 1.98, 2.34, 2.68
_ROWS_M = (
    _SKIRT_M, _DOOR_SILL_M, _BAND_M, _WINDOW_LOW_M, _WINDOW_LOW_M + 0.05,
    _VENT_M, _VENT_M + 0.035, _WINDOW_HIGH_M - 0.05, _WINDOW_HIGH_M,
    _WINDOW_HIGH_M + 0.06, _SIGN_M,
)  # fmt: skip
_HALF_DOOR_M = 0.62
_RIM_M = 0.05
_DESTINATIONS = ("12 HAFEN", "7 ZENTRUM", "140 PARK")


@dataclass(frozen=True)
class BusModel:
    """Measures of one kind of low-floor bus, metres; y = 0 is the middle.

    Parameters
    ----------
    name : str
    length_m, width_m, height_m : float
        Outer size without mirrors.
    doors_m : tuple of float
        Places of the doors' middles along the right side.
    axles : tuple of Axle
    """

    name: str
    length_m: float
    width_m: float
    height_m: float
    doors_m: tuple[float, ...]
    axles: tuple[Axle, ...]

    @property
    def hull(self) -> Hull:
        """Skin from the skirts up; the unit on the roof reaches ``height_m``."""
        half = self.length_m / 2
        panes = [y + edge for y in self._pane_edges_m for edge in (-0.03, 0.03)]
        doors = [
            y + edge
            for y in self.doors_m
            for edge in (
                -_HALF_DOOR_M, -_HALF_DOOR_M + _RIM_M, -0.025, 0.025,
                _HALF_DOOR_M - _RIM_M, _HALF_DOOR_M,
            )
        ]  # fmt: skip
        return Hull(
            width_m=self.width_m,
            rear_m=-half,
            front_m=half,
            floor_m=0.29,
            roof_m=self.height_m - 0.2,
            rows_m=_ROWS_M,
            stations_m=tuple(sorted([*panes, *doors])),
            wheels=tuple((axle.y_m, axle.radius_m) for axle in self.axles),
            edge_m=0.13,
        )

    @property
    def _pane_edges_m(self) -> NDArray[np.float64]:
        half = self.length_m / 2
        return np.linspace(-half + 0.55, half - 0.95, 8)


BUS = BusModel(
    name="bus",
    length_m=11.9,
    width_m=2.5,
    height_m=3.1,
    doors_m=(5.02, 0.62, -4.1),
    axles=(
        Axle(3.3, 0.48, 0.28, 2.44, "truck"),
        Axle(-2.5, 0.48, 0.26, 2.44, "truck", is_twin=True),
    ),
)
BUS_MODELS = (BUS,)


def bus_body(model: BusModel, livery: int) -> MeshData:
    """Return a bus without its wheels; what is painted has no tint."""
    builder = MeshBuilder()
    skin = hull_skin(model.hull)
    add_faces(builder, skin, _surfaces(model, skin, 1), _surfaces(model, skin, -1))
    _add_nose(builder, model, skin, livery)
    _add_tail(builder, model, skin, livery)
    _add_flanks(builder, model, skin, livery)
    _add_roof(builder, model)
    return builder.mesh()


def bus_lamps_m(
    model: BusModel,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middles of head and tail lamps, (2, 3) each, left then right."""
    skin, sides = hull_skin(model.hull), np.array([-1.0, 1.0])
    return skin.front(sides * 0.98, 0.66), skin.rear(sides * 1.12, 1.15)


def _surfaces(model: BusModel, skin: Skin, side: int) -> NDArray[np.str_]:
    """Return the material of every face of one half, keel first."""
    hull = model.hull
    y = (skin.stations_m[:-1] + skin.stations_m[1:]) / 2
    is_tail = skin.stations_m[1:] <= skin.stations_m[0] + 1e-9
    is_nose = skin.stations_m[:-1] >= skin.stations_m[-1] - 1e-9
    rows = skin.points_m.shape[1] - 1
    surface = np.full((len(y), rows), "car_paint", dtype="U16")
    surface[:, :LIP] = "rubber"
    surface[:, LIP : hull.row(_SKIRT_M)] = "trim_black"
    low, high = hull.row(_WINDOW_LOW_M), hull.row(_WINDOW_HIGH_M)
    surface[:, low:high] = "trim_black"
    edges = model._pane_edges_m
    is_pane = np.abs(y[:, None] - edges).min(axis=1) > 0.03
    is_pane &= (y > edges[0]) & (y < model.length_m / 2 - 0.42)
    vent = hull.row(_VENT_M)
    for first, last in ((low + 1, vent), (vent + 1, high - 1)):
        surface[is_pane, first:last] = "bus_glass"
    if side > 0:
        for door in model.doors_m:
            away = np.abs(y - door)
            leaf = away < _HALF_DOOR_M
            surface[leaf, hull.row(_DOOR_SILL_M) : high + 1] = "trim_black"
            pane = leaf & (away < _HALF_DOOR_M - _RIM_M) & (away > 0.025)
            surface[pane, hull.row(_DOOR_SILL_M) + 1 : high - 1] = "bus_glass"
    # The windscreen reaches around the corners and up to the display.
    corner = is_nose | (y > model.length_m / 2 - 0.32)
    surface[corner, low:high] = "car_glass"
    surface[corner, high : hull.row(_SIGN_M)] = "trim_black"
    surface[is_tail, low + 1 : hull.row(_VENT_M)] = "car_glass"
    surface[is_tail, hull.row(_VENT_M) : high] = "car_paint"
    return surface


def _add_nose(builder: MeshBuilder, model: BusModel, skin: Skin, livery: int) -> None:
    put = Patches(builder, skin.front)
    for side in (-1, 1):
        house = [(0.72, 0.56), (1.28, 0.6), (1.3, 0.76), (0.76, 0.78)]
        put.add(house, "trim_black", side, lift_m=0.005, grow_m=0.02, steps=(10, 3))
        put.add(house, "lamp_house", side, lift_m=0.01, steps=(10, 3))
        for x in (0.86, 1.02):
            put.disc(side * x, 0.675, 0.07, "chrome", 0.013)
            put.disc(side * x, 0.675, 0.057, "head_lamp", 0.017)
        amber = [(1.12, 0.61), (1.26, 0.62), (1.27, 0.74), (1.13, 0.74)]
        put.add(amber, "lamp_amber", side, lift_m=0.014)
        put.disc(side * 0.95, 0.42, 0.05, "lamp_house", 0.012)
        # Wipers and mirrors on long arms.
        foot, tip = skin.front(side * 0.55, 0.99), skin.front(side * 0.12, 1.5)
        nose = np.array([0.0, 0.03, 0.0])
        builder.add(tube([foot + nose, tip + nose], 0.01, sides=6), "trim_black")
        blade = skin.front(np.full(5, side * 0.12), np.linspace(1.08, 1.9, 5))
        builder.add(tube(blade + nose * 0.7, 0.012, sides=6), "trim_black")
        root = skin.front(side * 1.2, _SIGN_M - 0.05)
        reach = np.add(root, (side * 0.16, 0.28, -0.12))
        arm = [root, np.add(root, (side * 0.08, 0.24, 0.02)), reach]
        builder.add(tube(arm, 0.022, sides=8), "trim_black", smooth=True)
        shell = ellipsoid(np.add(reach, (0, 0, -0.2)), (0.11, 0.07, 0.22), segments=16)
        builder.add(shell, "trim_black", smooth=True)
        glass = boxes(np.add(reach, (0, -0.062, -0.2)), (0.15, 0.016, 0.32))
        builder.add(glass, "mirror_glass")
    put.add([(-0.95, _WINDOW_HIGH_M + 0.05), (0.95, _WINDOW_HIGH_M + 0.05),
             (0.95, _SIGN_M - 0.05), (-0.95, _SIGN_M - 0.05)], "display",
            lift_m=0.006, steps=(10, 2))  # fmt: skip
    words = np.add(skin.front(0.0, _WINDOW_HIGH_M + 0.17), (0, -0.045, -0.07))
    add_letters(builder, _DESTINATIONS[livery], words, 0.17, 1.0, "lamp_display",
                (1.0, 1.0, 1.0), thickness_m=0.13)  # fmt: skip
    grille = [(-0.5, 0.5), (0.5, 0.5), (0.5, 0.64), (-0.5, 0.64)]
    put.add(grille, "trim_black", lift_m=0.005, steps=(10, 2))
    for z in np.linspace(0.52, 0.62, 5):
        put.line([(-0.48, z), (0.0, z), (0.48, z)], 0.005, "chrome", 0.006)
    put.disc(0.0, 0.83, 0.075, "chrome", 0.012)
    for z in (0.46, 0.93):
        put.line([(x, z) for x in np.linspace(-1.3, 1.3, 15)], 0.005, "gap")
    put.line([(0.0, 1.03), (0.0, _WINDOW_HIGH_M - 0.02)], 0.012, "trim_black")
    add_plate(builder, np.add(skin.front(0.0, 0.4), (0, 0.012, 0)), 1.0, livery)


def _add_tail(builder: MeshBuilder, model: BusModel, skin: Skin, livery: int) -> None:
    put = Patches(builder, skin.rear)
    for side in (-1, 1):
        for z, material in (
            (1.5, "lamp_red"), (1.32, "lamp_amber"), (1.14, "lamp_red"),
            (0.96, "lamp_reverse"),
        ):  # fmt: skip
            put.disc(side * 1.12, z, 0.085, "trim_black", 0.01)
            put.disc(side * 1.12, z, 0.073, material, 0.016)
        put.add([(0.8, 0.5), (1.1, 0.5), (1.1, 0.55), (0.8, 0.55)], "reflector", side)
        put.line([(1.02, 0.46), (1.02, 2.5)], 0.006, "gap", 0.0, side)
    vent = [(-0.85, 0.62), (0.85, 0.62), (0.85, 0.94), (-0.85, 0.94)]
    put.add(vent, "trim_black", lift_m=0.004, steps=(8, 2))
    for z in np.linspace(0.64, 0.92, 10):
        put.line([(-0.84, z), (0.84, z)], 0.009, "rubber", 0.006)
    for z in (0.58, 0.98, 1.02):
        put.line([(-1.0, z), (1.0, z)], 0.005, "gap")
    sign = [(-0.42, 2.4), (0.1, 2.4), (0.1, 2.62), (-0.42, 2.62)]
    put.add(sign, "display", lift_m=0.006)
    words = skin.rear(-0.16, 2.44) * (-1.0, 1.0, 1.0) + (-0.32, 0.0, 0.0)
    add_letters(
        builder, "12", words, 0.15, -1.0, "lamp_display", (1, 1, 1), thickness_m=0.03
    )
    add_plate(builder, np.add(skin.rear(0.0, 0.47), (0, -0.012, 0)), -1.0, livery)
    pipe = [
        (-0.9, -model.length_m / 2 + 0.4, 0.36),
        (-0.9, -model.length_m / 2 + 0.03, 0.34),
    ]
    builder.add(tube(pipe, 0.05, sides=12), "steel", smooth=True)


def _add_flanks(builder: MeshBuilder, model: BusModel, skin: Skin, livery: int) -> None:
    """Add panel seams, rub rails, hatches, door bars, stripes and side lamps."""
    put, half = Patches(builder, skin.side), model.length_m / 2
    for side in (-1, 1):
        doors = np.array(model.doors_m if side > 0 else ())
        stops = [axle.y_m for axle in model.axles]
        clear = [
            y
            for y in np.arange(-half + 0.5, half - 0.6, 0.1)
            if all(abs(y - d) > _HALF_DOOR_M + 0.05 for d in doors)
        ]
        for y in np.linspace(-half + 0.55, half - 0.95, 8):
            if (
                np.abs(doors - y).min(initial=9.0) > _HALF_DOOR_M
                and min(abs(y - s) for s in stops) > 0.62
            ):
                put.line(
                    [(y, 0.32), (y, 0.6), (y, _WINDOW_LOW_M)], 0.005, "gap", 0.0, side
                )
        for run in np.split(clear, np.flatnonzero(np.diff(clear) > 0.15) + 1):
            if len(run) < 3:
                continue
            stripe = ((0.75, 0.73, 0.7), (0.6, 0.5, 0.05), (0.05, 0.2, 0.35))[livery]
            put.line([(y, 0.9) for y in run], 0.008, "gap", 0.0, side)
            put.line([(y, 2.42) for y in run], 0.008, "gap", 0.0, side)
            corners = [(run[0], 0.8), (run[-1], 0.8), (run[-1], 0.85), (run[0], 0.85)]
            put.add(
                corners, "plate", side, lift_m=0.003, tint=stripe, steps=(len(run), 1)
            )
        for y in np.linspace(-half + 0.9, half - 0.9, 6):
            if np.abs(doors - y).min(initial=9.0) > _HALF_DOOR_M + 0.1:
                put.add(
                    [(y, 0.62), (y + 0.1, 0.62), (y + 0.1, 0.66), (y, 0.66)],
                    "lamp_amber",
                    side,
                )
        for door in doors:
            for edge in (-0.12, 0.12):
                x = float(skin.side(door, 1.4)[0]) - 0.02
                bar = [(x, door + edge, 0.95), (x, door + edge, 1.7)]
                builder.add(tube(bar, 0.014, sides=8), "chrome", smooth=True)
        for axle in model.axles:
            y, size = axle.y_m, axle.radius_m + 0.075
            turn = np.linspace(0.08, np.pi - 0.08, 19)
            rim = [
                (y + size * np.cos(a), axle.radius_m + size * np.sin(a)) for a in turn
            ]
            put.line(rim, 0.014, "trim_black", 0.0, side)
    name = ("STADTBUS", "METROLINE", "CITYBUS")[livery]
    for side in (-1, 1):
        x = side * (float(skin.side(-1.0, 2.55)[0]) - 0.045)
        add_letters(builder, name, (x, 1.9, 2.47), 0.18, float(side), "plate",
                    (0.7, 0.7, 0.68), axis="x", thickness_m=0.1)  # fmt: skip
    # The line number above the front door.
    x = float(skin.side(3.9, 2.2)[0])
    sign = [(3.65, 2.08), (4.25, 2.08), (4.25, 2.28), (3.65, 2.28)]
    put.add(sign, "display", lift_m=0.006)
    add_letters(builder, "12", (x - 0.006, 3.95, 2.11), 0.14, 1.0, "lamp_display",
                (1, 1, 1), axis="x", thickness_m=0.03)  # fmt: skip


def _add_roof(builder: MeshBuilder, model: BusModel) -> None:
    roof = model.height_m - 0.2
    wide = model.width_m / 2 - 0.45
    for low, high in ((-1.2, 1.3), (-4.9, -3.4)):
        builder.add(
            box((-wide, wide), (low, high), (roof - 0.06, model.height_m - 0.02)),
            "painted",
            (0.55, 0.56, 0.56),
        )
        ribs = [
            ((0.0, y, model.height_m - 0.012), (1.7 * wide, 0.03, 0.024))
            for y in np.arange(low + 0.15, high, 0.12)
        ]
        builder.add(boxes([r[0] for r in ribs], ribs[0][1]), "trim_black")
    for y in (3.2, -2.4):
        hatch = box((-0.38, 0.38), (y - 0.38, y + 0.38), (roof - 0.05, roof + 0.04))
        builder.add(hatch, "painted", (0.3, 0.3, 0.31))
