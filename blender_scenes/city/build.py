"""Builds the planned street in a Blender scene."""

from __future__ import annotations

import bpy

from blender_scenes.city import buildings, ground, markings, motion, moving, sky, trees
from blender_scenes.city.blender_data import add_object, blender_mesh
from blender_scenes.city.furniture import fixture_parts
from blender_scenes.city.layout import plan_street
from blender_scenes.city.plan import (
    FRAMES_PER_SECOND,
    KERB_HEIGHT_M,
    StreetPlan,
)
from blender_scenes.spec import SceneSpec


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
    moving.add_vehicles(scene, plan)
    moving.add_people(scene, plan)
    sky.add_light(scene, plan.atmosphere)
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
        matrix = plan.road.placement(
            house.x_m, house.y_m, KERB_HEIGHT_M, heading_rad=house.heading_rad
        )
        add_object(scene, mesh, "Building", matrix)


def _add_trees(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    shapes = {
        variant: blender_mesh(f"tree_{variant}", trees.tree_mesh(plan.seed, variant))
        for variant in sorted({tree.variant for tree in plan.trees})
    }
    for tree in plan.trees:
        matrix = plan.road.placement(
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
        matrix = plan.road.placement(
            fixture.footprint.x_m,
            fixture.footprint.y_m,
            fixture.ground_z_m,
            heading_rad=fixture.heading_rad,
        )
        for label, mesh in shapes[key]:
            add_object(scene, mesh, label, matrix)
