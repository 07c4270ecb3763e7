"""Every kind of vehicle by name: its size, its parts and how they move; no bpy.

A vehicle looks along +y and stands on z = 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from blender_scenes.city.car_models import CAR_MODELS
from blender_scenes.city.cars import car_mesh
from blender_scenes.city.mesh import MeshBuilder, placement
from blender_scenes.city.parts import Part

VEHICLES = {model.name: model for model in CAR_MODELS}


def vehicle_parts(model: str) -> tuple[Part, ...]:
    """Return body and wheels of one model; paint has no tint."""
    builder = MeshBuilder()
    # Cars are modelled along +x.
    builder.add_mesh(car_mesh(VEHICLES[model]), placement(heading_rad=np.pi / 2))
    return (Part("Car", builder.mesh()),)


def vehicle_pose(model: str, distance_m: float) -> NDArray[np.float64]:
    """Return (parts, 4, 4): where each part is after a distance driven."""
    del distance_m
    return np.tile(np.eye(4), (len(vehicle_parts(model)), 1, 1))


def vehicle_size_m(model: str) -> tuple[float, float, float]:
    """Return width, length and height, metres, without mirrors."""
    measures = VEHICLES[model]
    return measures.width_m, measures.length_m, measures.height_m
