"""What the fields of a street's description may hold, beyond their types; no bpy."""

from __future__ import annotations

import math
from collections.abc import Collection

from blender_scenes.city import plan
from blender_scenes.city.buildings.facade_styles import STYLES
from blender_scenes.city.buildings.roofs import ROOFS
from blender_scenes.city.kerb.fixture_sizes import FIXTURE_VARIANTS, HALF_SIZE_M
from blender_scenes.city.motion.drive import Drive
from blender_scenes.city.plants.tree_species import TREE_VARIANTS
from blender_scenes.city.road import Bend
from blender_scenes.city.vehicles.vehicles import VEHICLES

MAX_ITEMS = 5000
MAX_NUMBER = 1e5
_FARTHEST_M = 20_000.0
_LAST_FRAME = 50_000
_SEED = (0, 2**31)
_HEADING = (-4 * math.pi, 4 * math.pi)
_PLACE_M = (-_FARTHEST_M, _FARTHEST_M)
_SHARE = (0.0, 1.0)
_RGB = (0.0, 4.0)
_HUMAN_M = (0.8, 2.3)

WORDS: dict[tuple[type, str], Collection[str]] = {
    (plan.Vehicle, "model"): tuple(VEHICLES),
    (plan.Rider, "kind"): ("bicycle", "motorcycle"),
    (plan.Fixture, "kind"): tuple(HALF_SIZE_M),
    (plan.Building, "style"): STYLES,
    (plan.Building, "ground_floor"): ("shop", "home"),
    (plan.Building, "roof"): ROOFS,
    (plan.Setting, "season"): plan.SEASONS,
    (plan.Setting, "weather"): plan.WEATHERS,
}
"""The words that a field of a class may hold."""

RANGES: dict[tuple[type, str], tuple[float, float]] = {
    (plan.StreetPlan, "seed"): _SEED,
    (plan.StreetPlan, "first_frame"): (0, _LAST_FRAME),
    (plan.StreetPlan, "last_frame"): (0, _LAST_FRAME),
    (plan.StreetPlan, "drive_first"): (0, 1),
    (plan.StreetPlan, "drive_last"): (1, _LAST_FRAME),
    (Bend, "start_m"): (0.0, _FARTHEST_M),
    (Bend, "length_m"): (1.0, _FARTHEST_M),
    (Bend, "turn_rad"): (-math.pi, math.pi),
    (Drive, "start_s"): (-10.0, 0.0),
    (Drive, "step_s"): (0.01, 100.0),
    (plan.Profile, "lanes_each_way"): (1, 4),
    (plan.Profile, "parking_left_m"): (0.1, 10.0),
    (plan.Profile, "parking_right_m"): (0.1, 10.0),
    (plan.Profile, "pavement_left_m"): (1.5, 30.0),
    (plan.Profile, "pavement_right_m"): (1.5, 30.0),
    (plan.Profile, "start_y_m"): (-500.0, 0.0),
    (plan.Profile, "end_y_m"): (60.0, _FARTHEST_M),
    (plan.Junction, "y_m"): _PLACE_M,
    (plan.Junction, "half_road_m"): (1.5, 20.0),
    (plan.Junction, "pavement_m"): (0.5, 20.0),
    (plan.Garden, "side"): (-1, 1),
    (plan.Garden, "depth_m"): (0.5, 40.0),
    (plan.Building, "width_m"): (2.0, 100.0),
    (plan.Building, "depth_m"): (2.0, 100.0),
    (plan.Building, "floors"): (1, 60),
    (plan.Building, "heading_rad"): _HEADING,
    (plan.Building, "seed"): _SEED,
    (plan.Building, "detail"): (0, 2),
    (plan.Vehicle, "heading_rad"): _HEADING,
    (plan.Vehicle, "paint_rgb"): _RGB,
    (plan.Vehicle, "seed"): _SEED,
    (plan.Person, "heading_rad"): _HEADING,
    (plan.Person, "height_m"): _HUMAN_M,
    (plan.Person, "seed"): _SEED,
    (plan.Rider, "heading_rad"): _HEADING,
    (plan.Rider, "height_m"): _HUMAN_M,
    (plan.Rider, "seed"): _SEED,
    (plan.Tree, "variant"): (0, TREE_VARIANTS - 1),
    (plan.Tree, "detail"): (0, 2),
    (plan.Tree, "scale"): (0.1, 5.0),
    (plan.Tree, "leaf_rgb"): _RGB,
    (plan.Tree, "heading_rad"): _HEADING,
    (plan.Fixture, "variant"): (0, FIXTURE_VARIANTS - 1),
    (plan.Fixture, "heading_rad"): _HEADING,
    (plan.Footprint, "half_x_m"): (0.0, 100.0),
    (plan.Footprint, "half_y_m"): (0.0, 100.0),
    (plan.Footprint, "velocity_x_m_s"): (-100.0, 100.0),
    (plan.Footprint, "velocity_y_m_s"): (-100.0, 100.0),
    (plan.Wire, "sag_m"): (0.0, 20.0),
    (plan.Wire, "radius_m"): (0.001, 0.5),
    (plan.Camera, "height_m"): (0.2, 50.0),
    (plan.Camera, "lens_mm"): (5.0, 500.0),
    (plan.Camera, "pitch_rad"): (-1.0, 1.0),
    (plan.Setting, "hour"): (0.0, 24.0),
    (plan.Atmosphere, "sun_elevation_rad"): (-math.pi / 2, math.pi / 2),
    (plan.Atmosphere, "sun_azimuth_rad"): _HEADING,
    (plan.Atmosphere, "sun_strength"): _SHARE,
    (plan.Atmosphere, "cloud_cover"): (0.0, 2.0),
    (plan.Atmosphere, "haze"): (0.0, 20.0),
    (plan.Atmosphere, "fog_per_m"): _SHARE,
    (plan.Atmosphere, "wetness"): _SHARE,
    (plan.Atmosphere, "snow_cover"): _SHARE,
    (plan.Atmosphere, "lamps_lit"): _SHARE,
}
"""The least and the greatest value of numbers whose excess would break or flood."""
