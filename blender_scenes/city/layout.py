"""Plans a whole street from its seed; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city import atmosphere, frontage, kerbside, traffic
from blender_scenes.city.plan import (
    FRAMES_PER_SECOND,
    LANE_WIDTH_M,
    Camera,
    Junction,
    Profile,
    Setting,
    StreetPlan,
)
from blender_scenes.city.road import Road
from blender_scenes.spec import SceneSpec

DEFAULT_FRAME_RANGE = (1, 4)
VIEW_LENGTH_M = 205.0
BEHIND_CAMERA_M = 24.0


def plan_street(spec: SceneSpec) -> StreetPlan:
    """Return the plan of the street that a scene specification asks for.

    The same seed and frame range always give the same plan.
    """
    first, last = spec.frame_range or DEFAULT_FRAME_RANGE
    # One child per subject, so that a change to one leaves the others alone.
    names = ("profile", "camera", "light", "frontage", "kerbside", "traffic")
    children = np.random.default_rng(spec.seed).spawn(len(names))
    rng = dict(zip(names, children, strict=True))
    duration_s = (last - first + 1) / FRAMES_PER_SECOND

    lanes = int(rng["profile"].choice([1, 1, 2]))
    camera = _plan_camera(rng["camera"], lanes)
    profile = _plan_profile(rng["profile"], lanes, camera.speed_m_s * duration_s)
    junctions = _plan_junctions(rng["profile"], profile)
    buildings, skyline = frontage.plan_buildings(rng["frontage"], profile, junctions)
    fixtures, trees = kerbside.plan_kerbside(rng["kerbside"], profile, junctions)
    movement = traffic.TrafficPlanner(
        rng["traffic"],
        profile,
        junctions,
        camera,
        tuple(fixture.footprint for fixture in fixtures),
        duration_s,
    )
    vehicles, people = movement.plan()
    setting = Setting()
    return StreetPlan(
        seed=spec.seed,
        first_frame=first,
        last_frame=last,
        road=Road(),
        profile=profile,
        setting=setting,
        atmosphere=atmosphere.atmosphere_random(rng["light"], setting),
        junctions=junctions,
        buildings=buildings,
        skyline=skyline,
        vehicles=vehicles,
        people=people,
        riders=(),
        trees=trees,
        fixtures=fixtures,
        wires=(),
        camera=camera,
    )


def _plan_profile(
    rng: np.random.Generator, lanes_each_way: int, travel_m: float
) -> Profile:
    parks_right = bool(rng.random() < 0.75)
    parks_left = bool(rng.random() < 0.75)
    return Profile(
        lanes_each_way=lanes_each_way,
        parking_left_m=2.5 if parks_left else 0.5,
        parking_right_m=2.5 if parks_right else 0.5,
        has_parking_left=parks_left,
        has_parking_right=parks_right,
        pavement_left_m=float(rng.uniform(3.4, 5.2)),
        pavement_right_m=float(rng.uniform(3.4, 5.2)),
        start_y_m=-BEHIND_CAMERA_M,
        end_y_m=float(VIEW_LENGTH_M + travel_m + rng.uniform(-25.0, 10.0)),
    )


def _plan_camera(rng: np.random.Generator, lanes_each_way: int) -> Camera:
    lane = int(rng.integers(lanes_each_way))
    return Camera(
        # Slightly left in its lane: parked cars stay beyond 2.5 m of depth even
        # in a view widened by 30 %.
        x_m=(lane + 0.5) * LANE_WIDTH_M - 0.1,
        height_m=float(rng.uniform(1.36, 1.48)),
        speed_m_s=float(rng.uniform(8.0, 12.0)),
        lens_mm=float(rng.uniform(28.0, 31.0)),
        pitch_rad=float(np.radians(rng.uniform(0.6, 1.6))),
        sway_phase_rad=float(rng.uniform(0.0, 2 * np.pi)),
    )


def _plan_junctions(rng: np.random.Generator, profile: Profile) -> tuple[Junction, ...]:
    junctions = []
    y_m = float(rng.uniform(30.0, 62.0))
    while y_m < profile.end_y_m - 45.0:
        junctions.append(
            Junction(y_m, float(rng.uniform(3.4, 4.6)), float(rng.uniform(2.4, 3.2)))
        )
        y_m += float(rng.uniform(70.0, 105.0))
    return tuple(junctions)
