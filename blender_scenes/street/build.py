"""Builds the planned street in a Blender scene."""

from __future__ import annotations

import bpy
import numpy as np

from blender_scenes.spec import SceneSpec
from blender_scenes.street import buildings, ground, markings, motion, sky, trees
from blender_scenes.street.blender_data import add_object, blender_mesh
from blender_scenes.street.car_models import CAR_MODELS
from blender_scenes.street.cars import car_mesh
from blender_scenes.street.furniture import fixture_parts
from blender_scenes.street.layout import plan_street
from blender_scenes.street.mesh import placement
from blender_scenes.street.people import person_mesh
from blender_scenes.street.plan import (
    FRAMES_PER_SECOND,
    KERB_HEIGHT_M,
    StreetPlan,
)


def build_street(scene: bpy.types.Scene, spec: SceneSpec) -> None:
    """Fill an empty scene with the street of ``spec``, lit, moving, with a camera.

    Every object carries the integer property ``label`` (`LABEL_IDS`). Samples,
    denoiser, resolution, device and seed of the render stay as they are.
    """
    plan = plan_street(spec)
    scene.frame_start, scene.frame_end = plan.first_frame, plan.last_frame
    scene.render.fps, scene.render.fps_base = FRAMES_PER_SECOND, 1.0
    _add_ground(scene, plan)
    _add_buildings(scene, plan)
    _add_trees(scene, plan)
    _add_fixtures(scene, plan)
    _add_cars(scene, plan)
    _add_people(scene, plan)
    sky.add_light(scene, plan.light)
    motion.add_camera(scene, plan)
    scene.frame_set(plan.first_frame)


def _add_ground(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    for name, label, data in (
        ("terrain", "Terrain", ground.terrain_mesh(plan)),
        ("road", "Road", ground.road_mesh(plan)),
        ("markings", "RoadLines", markings.markings_mesh(plan)),
    ):
        add_object(scene, blender_mesh(name, data), label)
    for number, data in enumerate(ground.pavement_meshes(plan)):
        add_object(scene, blender_mesh(f"pavement_{number:02d}", data), "Sidewalk")


def _add_buildings(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    for number, house in enumerate((*plan.buildings, *plan.skyline)):
        mesh = blender_mesh(f"building_{number:03d}", buildings.building_mesh(house))
        matrix = placement(
            house.x_m, house.y_m, KERB_HEIGHT_M, heading_rad=house.heading_rad
        )
        add_object(scene, mesh, "Building", matrix)


def _add_trees(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    shapes = {
        variant: blender_mesh(f"tree_{variant}", trees.tree_mesh(plan.seed, variant))
        for variant in sorted({tree.variant for tree in plan.trees})
    }
    for tree in plan.trees:
        matrix = placement(
            tree.x_m,
            tree.y_m,
            KERB_HEIGHT_M,
            heading_rad=tree.heading_rad,
            scale=tree.scale,
        )
        add_object(
            scene, shapes[tree.variant], "Vegetation", matrix, colour=tree.leaf_rgb
        )


def _add_fixtures(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    shapes: dict[tuple[str, int], list[tuple[str, bpy.types.Mesh]]] = {}
    for fixture in plan.fixtures:
        key = (fixture.kind, fixture.variant)
        if key not in shapes:
            shapes[key] = [
                (part.label, blender_mesh(fixture.kind, part.mesh))
                for part in fixture_parts(*key, plan.seed)
            ]
        matrix = placement(
            fixture.footprint.x_m,
            fixture.footprint.y_m,
            fixture.ground_z_m,
            heading_rad=fixture.heading_rad,
        )
        for label, mesh in shapes[key]:
            add_object(scene, mesh, label, matrix)


def _add_cars(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    shapes = {
        number: blender_mesh(
            f"car_{CAR_MODELS[number].name}", car_mesh(CAR_MODELS[number])
        )
        for number in sorted({car.model for car in plan.cars})
    }
    for car in plan.cars:
        # Cars are modelled along +x; heading 0 drives towards +y.
        heading = car.heading_rad + np.pi / 2
        matrix = placement(car.footprint.x_m, car.footprint.y_m, heading_rad=heading)
        thing = add_object(
            scene, shapes[car.model], "Car", matrix, colour=car.paint_rgb
        )
        if car.is_moving:
            motion.drive(thing, car.footprint, plan)


def _add_people(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    for number, person in enumerate(plan.people):
        mesh = blender_mesh(f"person_{number:03d}", person_mesh(person))
        matrix = placement(
            person.footprint.x_m,
            person.footprint.y_m,
            person.ground_z_m,
            heading_rad=person.heading_rad,
        )
        thing = add_object(scene, mesh, "Person", matrix)
        if person.is_walking:
            motion.drive(thing, person.footprint, plan)
