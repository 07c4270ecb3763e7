"""Every kind of vehicle by name: its size, its parts and how they move; no bpy.

A vehicle looks along +y and stands on z = 0. Its paint is the colour of the Blender
object; its lamps shine where the scene's `lamps_lit` and the object's own custom
property `lights_on` (1.0 on vehicles under way, 0.0 or absent on parked ones) say so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.shapes.mesh import MeshData
from blender_scenes.city.shapes.parts import Part
from blender_scenes.city.vehicles.buses import (
    BUS_MODELS,
    BusModel,
    bus_body,
    bus_lamps_m,
)
from blender_scenes.city.vehicles.car_models import CAR_MODELS, CarModel
from blender_scenes.city.vehicles.cars import car_body, car_lamps_m
from blender_scenes.city.vehicles.trucks import (
    TRUCK_MODELS,
    TruckModel,
    truck_body,
    truck_lamps_m,
)
from blender_scenes.city.vehicles.wheels import rolled, wheel_mesh

_Colour = tuple[float, float, float]
_Model = CarModel | TruckModel | BusModel

VEHICLES: dict[str, _Model] = {
    model.name: model for model in (*CAR_MODELS, *TRUCK_MODELS, *BUS_MODELS)
}
# Bodies of one model that differ in their lettering only.
LIVERIES = 3
# How often each model is met in a European city street.
VEHICLE_SHARES = {
    "hatchback": 0.185,
    "city_car": 0.12,
    "saloon": 0.14,
    "estate": 0.13,
    "suv": 0.16,
    "van": 0.05,
    "pickup": 0.03,
    "taxi": 0.04,
    "patrol": 0.015,
    "delivery_van": 0.05,
    "box_truck": 0.025,
    "tipper": 0.012,
    "flatbed": 0.013,
    "bus": 0.03,
}
# Greys, white and black make up most traffic; the rest are muted colours.
PAINTS_RGB: tuple[_Colour, ...] = (
    (0.5, 0.51, 0.52),
    (0.25, 0.26, 0.275),
    (0.09, 0.098, 0.105),
    (0.015, 0.016, 0.018),
    (0.74, 0.73, 0.7),
    (0.24, 0.017, 0.017),
    (0.02, 0.055, 0.19),
    (0.03, 0.11, 0.16),
    (0.04, 0.09, 0.045),
    (0.36, 0.29, 0.17),
    (0.58, 0.36, 0.02),
    (0.14, 0.06, 0.03),
)
_PAINT_SHARES = np.array([4, 4, 4, 4, 4, 2, 2, 1, 1, 1, 0.7, 1])
# Fleets are painted alike.
_FLEET_PAINTS_RGB: dict[str, tuple[_Colour, ...]] = {
    "taxi": ((0.66, 0.41, 0.02), (0.62, 0.55, 0.38)),
    "patrol": ((0.7, 0.71, 0.72),),
    "delivery_van": ((0.74, 0.73, 0.7), (0.74, 0.73, 0.7), (0.5, 0.25, 0.01)),
    "bus": ((0.5, 0.03, 0.02), (0.03, 0.14, 0.3), (0.6, 0.5, 0.08), (0.1, 0.3, 0.12)),
}
# Wider than this, a vehicle does not fit a parking bay.
_BAY_WIDTH_M = 2.06


class Lamps(NamedTuple):
    """Centres of lamps in the vehicle's axes, (2, 3) each, metres."""

    head_m: NDArray[np.float64]
    tail_m: NDArray[np.float64]


def vehicle_parts(model: str, seed: int = 0) -> tuple[Part, ...]:
    """Return the body and then the wheels of one model.

    The body has no paint of its own; ``seed`` picks one of `LIVERIES` letterings, so
    that vehicles of equal ``seed % LIVERIES`` share their meshes. Wheels of one axle
    are the same mesh, axle by axle, left then right.
    """
    measures = VEHICLES[model]
    label = vehicle_label(model)
    wheels = [
        Part(label, wheel_mesh(axle.radius_m, axle.tyre_m, axle.rim, axle.is_twin))
        for axle in measures.axles
        for _ in axle.places()
    ]
    return (Part(label, _body(measures, seed % LIVERIES)), *wheels)


def _body(model: _Model, livery: int) -> MeshData:
    if isinstance(model, BusModel):
        return bus_body(model, livery)
    if isinstance(model, TruckModel):
        return truck_body(model, livery)
    return car_body(model, livery)


def vehicle_pose(model: str, distance_m: ArrayLike) -> NDArray[np.float64]:
    """Return (..., parts, 4, 4): where each part is after distances (...) driven."""
    turned = [
        place for axle in VEHICLES[model].axles for place in rolled(axle, distance_m)
    ]
    body = np.broadcast_to(np.eye(4), turned[0].shape)
    return np.stack([body, *turned], axis=-3)


def vehicle_size_m(model: str) -> tuple[float, float, float]:
    """Return width, length and height, metres, without mirrors."""
    measures = VEHICLES[model]
    return measures.width_m, measures.length_m, measures.height_m


def vehicle_label(model: str) -> str:
    """Return the semantic class: Car, Truck or Bus."""
    measures = VEHICLES[model]
    if isinstance(measures, BusModel):
        return "Bus"
    return "Truck" if isinstance(measures, TruckModel) else "Car"


def vehicle_random(
    rng: np.random.Generator, *, is_parked: bool = False
) -> tuple[str, _Colour]:
    """Return a model and its paint; a parked one fits a parking bay."""
    names = [
        name
        for name in VEHICLE_SHARES
        if not is_parked or VEHICLES[name].width_m < _BAY_WIDTH_M
    ]
    shares = np.array([VEHICLE_SHARES[name] for name in names])
    name = names[int(rng.choice(len(names), p=shares / shares.sum()))]
    fleet = _FLEET_PAINTS_RGB.get(name)
    if fleet is not None:
        return name, fleet[int(rng.integers(len(fleet)))]
    paint = rng.choice(len(PAINTS_RGB), p=_PAINT_SHARES / _PAINT_SHARES.sum())
    return name, PAINTS_RGB[int(paint)]


def lamp_positions(model: str) -> Lamps:
    """Return where head lamps and tail lamps are, left then right."""
    measures = VEHICLES[model]
    if isinstance(measures, BusModel):
        return Lamps(*bus_lamps_m(measures))
    if isinstance(measures, TruckModel):
        return Lamps(*truck_lamps_m(measures))
    return Lamps(*car_lamps_m(measures))
