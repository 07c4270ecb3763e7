"""Adds what moves: vehicles, people and riders, with their keyframes."""

from __future__ import annotations

from collections.abc import Sequence

import bpy

from blender_scenes.city import motion
from blender_scenes.city.blender_data import add_object, blender_mesh
from blender_scenes.city.parts import Part
from blender_scenes.city.people import person_parts
from blender_scenes.city.plan import Person, StreetPlan, Vehicle
from blender_scenes.city.vehicles import vehicle_parts

_Colour = tuple[float, float, float]


def add_vehicles(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add parked and driving vehicles; vehicles of one model share their meshes."""
    shapes = {
        model: _blender_parts(model, vehicle_parts(model))
        for model in sorted({vehicle.model for vehicle in plan.vehicles})
    }
    for vehicle in plan.vehicles:
        _add(scene, plan, vehicle, shapes[vehicle.model], 0.0, vehicle.paint_rgb)


def add_people(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Add people on foot."""
    for number, person in enumerate(plan.people):
        shapes = _blender_parts(f"person_{number:03d}", person_parts(person))
        _add(scene, plan, person, shapes, person.ground_z_m, (1.0, 1.0, 1.0))


_Shapes = list[tuple[str, bpy.types.Mesh]]


def _blender_parts(name: str, parts: Sequence[Part]) -> _Shapes:
    return [(part.label, blender_mesh(name, part.mesh)) for part in parts]


def _add(
    scene: bpy.types.Scene,
    plan: StreetPlan,
    thing: Vehicle | Person,
    shapes: _Shapes,
    ground_z_m: float,
    colour: _Colour,
) -> None:
    footprint = thing.footprint
    matrix = plan.road.placement(
        footprint.x_m, footprint.y_m, ground_z_m, heading_rad=thing.heading_rad
    )
    for label, mesh in shapes:
        part = add_object(scene, mesh, label, matrix, colour=colour)
        if footprint.velocity_x_m_s or footprint.velocity_y_m_s:
            motion.drive(part, footprint, plan)
