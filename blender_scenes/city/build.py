"""Builds the planned street in a Blender scene."""

from __future__ import annotations

import bpy

from blender_scenes.city.buildings import buildings
from blender_scenes.city.ground import ground, markings
from blender_scenes.city.kerb.furniture import fixture_parts
from blender_scenes.city.kerb.wires import span_lamp_mesh, span_lamps_m, wire_mesh
from blender_scenes.city.layout import plan_street
from blender_scenes.city.light import metering, night, sky, weathering
from blender_scenes.city.motion import motion, moving
from blender_scenes.city.plan import (
    FRAMES_PER_SECOND,
    KERB_HEIGHT_M,
    StreetPlan,
)
from blender_scenes.city.plants import trees
from blender_scenes.city.shapes.blender_data import add_object, blender_mesh
from blender_scenes.spec import SceneSpec


def build_street(scene: bpy.types.Scene, spec: SceneSpec) -> StreetPlan:
    """Fill an empty scene with the street of ``spec``; return its plan.

    Samples, denoiser, resolution, device and seed of the render stay as they are.
    """
    plan = plan_street(spec)
    build_plan(scene, plan)
    return plan


def build_plan(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    """Fill an empty scene with a planned street, lit, moving, with a camera.

    Every object carries the integer property ``label`` (`LABEL_IDS`).
    """
    scene.frame_start, scene.frame_end = plan.first_frame, plan.last_frame
    scene.render.fps, scene.render.fps_base = FRAMES_PER_SECOND, 1.0
    # Shaders read these: what the weather and the hour do to every surface.
    scene["lamps_lit"] = plan.atmosphere.lamps_lit
    scene["wetness"] = plan.atmosphere.wetness
    scene["snow_cover"] = plan.atmosphere.snow_cover
    _add_ground(scene, plan)
    _add_buildings(scene, plan)
    _add_trees(scene, plan)
    _add_fixtures(scene, plan)
    _add_wires(scene, plan)
    moving.add_vehicles(scene, plan)
    moving.add_people(scene, plan)
    moving.add_riders(scene, plan)
    sky.add_light(scene, plan.atmosphere)
    motion.add_camera(scene, plan)
    night.add_lamps(scene, plan)
    weathering.apply(plan.atmosphere, is_autumn=plan.setting.season == "autumn")
    metering.meter(scene, plan)
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
    gardens = ground.garden_mesh(plan)
    if gardens is not None:
        add_object(scene, blender_mesh("gardens", gardens), "Terrain")


def _add_buildings(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    for number, house in enumerate((*plan.buildings, *plan.skyline)):
        mesh = blender_mesh(
            f"building_{number:03d}", buildings.building_mesh(house, house.detail)
        )
        matrix = plan.road.placement(
            house.x_m, house.y_m, KERB_HEIGHT_M, heading_rad=house.heading_rad
        )
        add_object(scene, mesh, "Building", matrix)


def _add_trees(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    season = plan.setting.season
    shapes = {
        (variant, detail): blender_mesh(
            f"tree_{variant}_{detail}",
            trees.tree_mesh(plan.seed, variant, season, detail),
        )
        for variant, detail in sorted({(t.variant, t.detail) for t in plan.trees})
    }
    for tree in plan.trees:
        matrix = plan.road.placement(
            tree.x_m,
            tree.y_m,
            KERB_HEIGHT_M,
            heading_rad=tree.heading_rad,
            scale=tree.scale,
        )
        mesh = shapes[tree.variant, tree.detail]
        add_object(scene, mesh, "Vegetation", matrix, colour=tree.leaf_rgb)


def _add_fixtures(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    shapes: dict[tuple[str, int], list[tuple[str, bpy.types.Mesh]]] = {}
    for fixture in plan.fixtures:
        key = (fixture.kind, fixture.variant)
        if key not in shapes:
            shapes[key] = [
                (part.label, blender_mesh(fixture.kind, part.mesh))
                for part in fixture_parts(*key, plan.seed, plan.setting.season)
            ]
        matrix = plan.road.placement(
            fixture.footprint.x_m,
            fixture.footprint.y_m,
            fixture.ground_z_m,
            heading_rad=fixture.heading_rad,
        )
        for label, mesh in shapes[key]:
            add_object(scene, mesh, label, matrix)


def _add_wires(scene: bpy.types.Scene, plan: StreetPlan) -> None:
    if not plan.wires:
        return
    add_object(scene, blender_mesh("wires", wire_mesh(plan.wires, plan.road)), "Pole")
    lamp = blender_mesh("span_lamp", span_lamp_mesh())
    for x_m, y_m, z_m in span_lamps_m(plan.wires):
        add_object(scene, lamp, "Pole", plan.road.placement(x_m, y_m, z_m))
