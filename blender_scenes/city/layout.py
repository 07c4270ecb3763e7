"""Plans a whole street from its seed; no bpy."""

from __future__ import annotations

import dataclasses

import numpy as np

from blender_scenes.city.cities import City, city_of
from blender_scenes.city.light.atmosphere import atmosphere_random
from blender_scenes.city.motion.drive import drive_random
from blender_scenes.city.plan import (
    LANE_WIDTH_M,
    Camera,
    Junction,
    Profile,
    Setting,
    StreetPlan,
    frame_time_s,
)
from blender_scenes.city.planning.frontage import buildings_random, gardens_random
from blender_scenes.city.planning.kerbside import kerbside_random
from blender_scenes.city.planning.neighbourhood import Neighbourhood
from blender_scenes.city.planning.rooms import Stage
from blender_scenes.city.planning.skyline import skyline_random
from blender_scenes.city.planning.traffic import movement_random
from blender_scenes.city.road import MIN_RADIUS_M, Bend, Road
from blender_scenes.spec import SceneSpec

DEFAULT_FRAME_RANGE = (1, 4)
# The drive that is planned, whichever of its frames are asked for; a longer range
# asks for a longer drive.
DRIVE_FRAMES = 400
VIEW_LENGTH_M = 180.0
BEHIND_CAMERA_M = 24.0
# Side streets and the street's ends lie on straight ground.
_STRAIGHT_BESIDE_JUNCTION_M = 14.0
_STRAIGHT_END_M = 46.0
_RADII_M = (42.0, 130.0)
_SHARPEST_BEND_RAD = 0.42
_FARTHEST_HEADING_RAD = 0.45
_SHORTEST_BEND_M = 24.0
_SHARP_RADIUS_M = MIN_RADIUS_M + 5.0


def plan_street(spec: SceneSpec, setting: Setting | None = None) -> StreetPlan:
    """Return the plan of the street that a scene specification asks for.

    The same name and seed always give the same plan; the frame range only says
    which frames of the drive are asked for. A setting, if given, takes the place of
    the city's own: the same street and houses at another time of the year or day.
    """
    first, last = spec.frame_range or DEFAULT_FRAME_RANGE
    drive_first, drive_last = min(first, 1), max(last, DRIVE_FRAMES)
    start_s, end_s = frame_time_s(drive_first - 1), frame_time_s(drive_last + 1)
    # One child per subject, so that a change to one leaves the others alone.
    names = ("profile", "camera", "light", "frontage", "kerbside", "traffic")
    names += ("city", "road", "gardens")
    children = np.random.default_rng(spec.seed).spawn(len(names))
    rng = dict(zip(names, children, strict=True))

    city = city_of(spec.name, rng["city"])
    if setting is not None:
        city = dataclasses.replace(city, setting=setting)
    profile = profile_random(rng["profile"], city, city.speed_m_s * end_s)
    sharp = sharp_bend_random(rng["road"], city, city.speed_m_s * end_s)
    junctions = junctions_random(rng["profile"], profile, sharp)
    road = road_random(rng["road"], city, profile, junctions, sharp)
    camera = camera_random(rng["camera"], city, road, (start_s, end_s))
    gardens = gardens_random(rng["gardens"], city, profile, junctions)
    travel_m = float(camera.drive.y_m(end_s))
    around = Neighbourhood(city, road, profile, junctions, gardens, travel_m)
    buildings = buildings_random(rng["frontage"], around)
    kerb = kerbside_random(rng["kerbside"], around, buildings)
    is_raining = city.setting.weather == "rain"
    stage = Stage(road, profile, junctions, camera, start_s, end_s, is_raining)
    movement = movement_random(
        rng["traffic"], stage, tuple(fixture.footprint for fixture in kerb.fixtures)
    )
    return StreetPlan(
        seed=spec.seed,
        first_frame=first,
        last_frame=last,
        drive_first=drive_first,
        drive_last=drive_last,
        road=road,
        profile=profile,
        setting=city.setting,
        atmosphere=atmosphere_random(rng["light"], city.setting),
        junctions=junctions,
        buildings=buildings,
        skyline=skyline_random(rng["frontage"], around, buildings),
        vehicles=movement.vehicles,
        people=movement.people,
        riders=movement.riders,
        trees=kerb.trees,
        fixtures=kerb.fixtures,
        gardens=gardens,
        wires=kerb.wires,
        camera=camera,
    )


def profile_random(rng: np.random.Generator, city: City, travel_m: float) -> Profile:
    """Return the cross-section of a city's street, long enough for a drive."""
    return Profile(
        lanes_each_way=city.lanes_each_way,
        parking_left_m=2.5 if city.parks_left else 0.5,
        parking_right_m=2.5 if city.parks_right else 0.5,
        has_parking_left=city.parks_left,
        has_parking_right=city.parks_right,
        pavement_left_m=float(rng.uniform(3.4, 5.2)),
        pavement_right_m=float(rng.uniform(3.4, 5.2)),
        start_y_m=-BEHIND_CAMERA_M,
        end_y_m=float(VIEW_LENGTH_M + travel_m + rng.uniform(-20.0, 10.0)),
    )


def camera_random(
    rng: np.random.Generator, city: City, road: Road, times_s: tuple[float, float]
) -> Camera:
    """Return a dash camera in one of the lanes, driving from time to time."""
    lane = int(rng.integers(city.lanes_each_way))
    # Slightly left in its lane: parked cars stay beyond 2.5 m of depth even in a
    # view widened by 30 %.
    x_m = (lane + 0.5) * LANE_WIDTH_M - 0.15
    return Camera(
        x_m=x_m,
        height_m=float(rng.uniform(1.36, 1.48)),
        drive=drive_random(rng, road, x_m, city.speed_m_s, *times_s),
        lens_mm=float(rng.uniform(30.1, 31.0)),
        pitch_rad=float(np.radians(rng.uniform(0.6, 1.6))),
        sway_phase_rad=float(rng.uniform(0.0, 2 * np.pi)),
    )


def sharp_bend_random(
    rng: np.random.Generator, city: City, travel_m: float
) -> Bend | None:
    """Return the city's sharp turn, in the second half of the drive, or None."""
    if not city.sharp_turn_rad:
        return None
    length_m = 2.0 * abs(city.sharp_turn_rad) * _SHARP_RADIUS_M
    start_m = float(rng.uniform(0.5, 0.6)) * travel_m
    return Bend(start_m, length_m, city.sharp_turn_rad)


def junctions_random(
    rng: np.random.Generator, profile: Profile, sharp: Bend | None
) -> tuple[Junction, ...]:
    """Return side streets every 82 to 118 m, none near the sharp turn."""
    junctions = []
    y_m = float(rng.uniform(30.0, 62.0))
    while y_m < profile.end_y_m - 60.0:
        junction = Junction(
            y_m, float(rng.uniform(3.4, 4.6)), float(rng.uniform(2.4, 3.2))
        )
        reach_m = junction.half_gap_m + _STRAIGHT_BESIDE_JUNCTION_M
        if sharp and sharp.start_m - reach_m < y_m < sharp.end_m + reach_m:
            y_m = sharp.end_m + reach_m + float(rng.uniform(0.0, 20.0))
            continue
        junctions.append(junction)
        y_m += float(rng.uniform(82.0, 118.0))
    return tuple(junctions)


def road_random(
    rng: np.random.Generator,
    city: City,
    profile: Profile,
    junctions: tuple[Junction, ...],
    sharp: Bend | None,
) -> Road:
    """Return a centreline with the sharp turn and gentle bends between junctions."""
    bends: list[Bend] = []
    gentle_rad = 0.0
    stretches = _stretches_that_may_bend(profile, junctions)
    bending = rng.permutation(len(stretches))[: round(city.bend_share * len(stretches))]
    for number, (low_m, high_m) in enumerate(stretches):
        if sharp and low_m < sharp.start_m < high_m:
            bends.append(sharp)
            continue
        if number not in bending:
            continue
        length_m = float(rng.uniform(0.75, 1.0)) * (high_m - low_m)
        radius_m = float(rng.uniform(*_RADII_M))
        turn_rad = min(length_m / (2.0 * radius_m), _SHARPEST_BEND_RAD)
        sign = float(rng.choice([-1, 1]))
        # Turn back rather than wander off, so that the street keeps long views.
        if abs(gentle_rad + sign * turn_rad) > _FARTHEST_HEADING_RAD:
            sign = -np.sign(gentle_rad)
        gentle_rad += sign * turn_rad
        start_m = low_m + float(rng.uniform(0.0, high_m - low_m - length_m))
        bends.append(Bend(start_m, length_m, float(sign * turn_rad)))
    return Road(tuple(bends))


def _stretches_that_may_bend(
    profile: Profile, junctions: tuple[Junction, ...]
) -> list[tuple[float, float]]:
    edges = [12.0]
    for junction in junctions:
        reach_m = junction.half_gap_m + _STRAIGHT_BESIDE_JUNCTION_M
        edges += [junction.y_m - reach_m, junction.y_m + reach_m]
    edges.append(profile.end_y_m - _STRAIGHT_END_M)
    return [
        (low, high)
        for low, high in zip(edges[::2], edges[1::2], strict=True)
        if high - low > _SHORTEST_BEND_M
    ]
