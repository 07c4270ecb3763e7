"""Light and weather: closed forms of the sun, and what Blender makes of them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from blender_scenes.city.light.atmosphere import (
    FOG_VISIBILITY_M,
    atmosphere_random,
    hour_of_elevation,
    setting_random,
    solar_elevation_rad,
)
from blender_scenes.city.light.exposure import (
    DAY_MEAN,
    HIGHLIGHT_TOP,
    NIGHT_MEAN,
    exposure,
    target_mean,
)
from blender_scenes.city.plan import SEASONS, WEATHERS, Setting

REPOSITORY = Path(__file__).parents[2]
OBLIQUITY_RAD = np.radians(23.44)
LATITUDE_DEG = 50.0
# Four samples of the same sequence: the light is the same, the fog is exact.
FOG_TOLERANCE = 0.03
# Clear air is a thin fog.
HAZE_TOLERANCE = 0.02
# The second surface is rendered with another number of samples.
PEEL_TOLERANCE = 0.1


def test_noon_elevation_at_the_equinox_is_the_complement_of_the_latitude():
    assert np.degrees(solar_elevation_rad(0.0, 12.0)) == pytest.approx(40.0)


def test_noon_elevation_at_the_solstices_differs_by_the_obliquity():
    noon = np.degrees(solar_elevation_rad(OBLIQUITY_RAD, 12.0))
    assert noon == pytest.approx(90.0 - LATITUDE_DEG + 23.44)
    midnight = np.degrees(solar_elevation_rad(OBLIQUITY_RAD, 0.0))
    assert midnight == pytest.approx(LATITUDE_DEG + 23.44 - 90.0)


def test_sun_rises_and_sets_at_six_at_the_equinox():
    assert solar_elevation_rad(0.0, 6.0) == pytest.approx(0.0, abs=1e-12)
    assert hour_of_elevation(0.0, 0.0) == pytest.approx(18.0)


@pytest.mark.parametrize("declination_deg", [-20.0, 0.0, 20.0])
@pytest.mark.parametrize("hour", [13.0, 16.5, 19.0])
def test_hour_of_elevation_inverts_the_elevation(declination_deg, hour):
    declination = np.radians(declination_deg)
    elevation = solar_elevation_rad(declination, hour)
    assert hour_of_elevation(declination, elevation) == pytest.approx(hour)


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("weather", WEATHERS)
def test_lamps_are_lit_at_midnight_and_the_sun_is_out_of_the_sky(season, weather, rng):
    air = atmosphere_random(rng, Setting(season, weather, 0.0))
    assert air.lamps_lit == 1.0
    assert air.sun_strength == 0.0
    assert air.sun_elevation_rad < 0.0


def test_lamps_are_off_on_a_clear_day(rng):
    air = atmosphere_random(rng, Setting("summer", "clear", 12.0))
    assert air.lamps_lit == 0.0
    assert (air.wetness, air.snow_cover) == (0.0, 0.0)
    assert air.sun_strength == 1.0


def test_contrast_falls_to_two_per_cent_over_the_fog_s_visibility(rng):
    for _ in range(50):
        air = atmosphere_random(rng, Setting("autumn", "fog", 9.0))
        visibility_m = np.log(50.0) / air.fog_per_m
        low, high = FOG_VISIBILITY_M
        assert low * 0.99 < visibility_m < high * 1.01


def test_rain_is_wet_and_snow_lies_in_snow_only(rng):
    for weather in WEATHERS:
        air = atmosphere_random(rng, Setting("winter", weather, 12.0))
        assert (air.wetness == 1.0) == (weather == "rain")
        assert (air.snow_cover > 0.0) == (weather == "snow")


def test_sun_stands_along_most_streets(rng):
    azimuths = np.array(
        [
            atmosphere_random(rng, Setting("summer", "clear", 12.0)).sun_azimuth_rad
            for _ in range(400)
        ]
    )
    # Three quarters on purpose, and four ninths of the others by chance.
    is_along = np.abs(np.sin(azimuths)) < np.sin(np.radians(40.0))
    assert 0.78 < is_along.mean() < 0.93


def test_settings_are_possible_and_of_every_kind(rng):
    settings = [setting_random(rng) for _ in range(400)]
    assert {s.season for s in settings} == set(SEASONS)
    assert {s.weather for s in settings} == set(WEATHERS)
    assert all(s.season == "winter" for s in settings if s.weather == "snow")
    assert all(0.0 <= s.hour < 24.0 for s in settings)
    lit = np.array([atmosphere_random(rng, s).lamps_lit for s in settings])
    assert 0.15 < (lit == 1.0).mean() < 0.35
    assert (lit == 0.0).mean() > 0.3


def test_equal_seeds_give_equal_atmospheres():
    setting = Setting("autumn", "cloudy", 15.0)
    first, again, other = (
        atmosphere_random(np.random.default_rng(seed), setting) for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other


def test_exposure_brings_the_mean_to_the_target_whatever_the_scene_s_units(rng):
    picture = rng.uniform(0.05, 0.2, (36, 64, 3)).astype(np.float32)
    no_sky = np.zeros((36, 64), bool)
    for unit in (1e-2, 1.0, 1e2):
        factor = exposure(picture * unit, no_sky, DAY_MEAN)
        assert (picture * unit * factor).mean() == pytest.approx(DAY_MEAN, rel=1e-4)


def test_a_few_lamps_in_a_dark_picture_do_not_darken_it_further():
    picture = np.full((36, 64, 3), 0.02, np.float32)
    factor = exposure(picture, np.zeros((36, 64), bool), NIGHT_MEAN)
    picture[0, :10] = 50.0
    with_lamps = exposure(picture, np.zeros((36, 64), bool), NIGHT_MEAN)
    assert with_lamps == pytest.approx(factor, rel=0.06)


def test_bright_ground_is_kept_below_the_top_and_bright_sky_is_not():
    picture = np.full((36, 64, 3), 0.02, np.float32)
    picture[:9] = 1.0
    is_sky = np.zeros((36, 64), bool)
    assert exposure(picture, is_sky, 0.24) == pytest.approx(HIGHLIGHT_TOP)
    is_sky[:9] = True
    assert exposure(picture, is_sky, 0.24) > 0.9


def test_a_night_is_meant_to_be_darker_than_a_day(rng):
    day, night = (
        target_mean(atmosphere_random(rng, Setting("summer", "clear", hour)))
        for hour in (12.0, 0.0)
    )
    assert (day, night) == pytest.approx((DAY_MEAN, NIGHT_MEAN), rel=HAZE_TOLERANCE)


@pytest.mark.parametrize("weather", ["snow", "fog"])
def test_snow_and_fog_by_day_are_meant_to_be_bright_though_lamps_are_lit(rng, weather):
    air = atmosphere_random(rng, Setting("winter", weather, 12.0))
    assert air.lamps_lit > 0.0
    assert target_mean(air) > 1.1 * DAY_MEAN


@pytest.fixture(scope="module")
def light(tmp_path_factory):
    """What one child process rendered."""
    answer = tmp_path_factory.mktemp("light") / "light.json"
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("light_scenes.py")), str(answer)],
        cwd=REPOSITORY,
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(answer.read_text())


@pytest.mark.blender
def test_fog_follows_beer_and_lambert_along_the_ray(light):
    found = light["fog"]
    clear, fogged = np.array(found["clear"]), np.array(found["fog"])
    depth_m = np.array(found["depth_m"])
    rows, columns = np.indices(depth_m.shape) + 0.5
    offset = np.hypot(rows - 18.0, columns - 32.0) / found["focal_px"]
    ray_m = depth_m * np.sqrt(1.0 + offset**2)
    left = np.exp(-0.05 * ray_m)[..., None]
    expected = clear * left + np.array(found["horizon"]) * (1.0 - left)
    # Pixels of one wall alone, away from silhouettes.
    for near, far in ((7.9, 8.1), (19.9, 20.1)):
        is_wall = (depth_m > near) & (depth_m < far)
        assert is_wall.sum() > 100
        error = np.abs(fogged - expected)[is_wall] / expected[is_wall]
        assert np.median(error) < FOG_TOLERANCE


@pytest.mark.blender
def test_a_wet_road_mirrors_a_lamp_that_a_dry_one_does_not(light):
    dry, wet = (np.array(light["reflection"][name]) for name in ("dry", "wet"))
    # The lamp is 4 m up, 40 m away; its mirror image lies as far below the horizon,
    # seen from 1.4 m above the road: rows of (4 + 1.4) / 40.
    focal_px = 64 * 50.0 / 36.0
    row = round(18 + focal_px * 5.4 / 40.0)
    mirrored = np.s_[row - 2 : row + 3, 29:35]
    assert wet[mirrored].mean() > 2.0 * dry[mirrored].mean()


@pytest.mark.blender
@pytest.mark.parametrize("weather", ["fog", "snow"])
def test_the_second_surface_is_weathered_like_the_first(weather, light):
    found = light["peeled"][weather]
    assert found["count"] > 50
    np.testing.assert_allclose(found["depth_m"], found["true_depth_m"], rtol=1e-3)
    np.testing.assert_allclose(found["mean"], found["true_mean"], rtol=PEEL_TOLERANCE)


@pytest.mark.blender
def test_a_night_is_not_black(light):
    assert light["night"]["mean"] >= 0.05
    # Half of the picture shows something.
    assert light["night"]["deciles"][4] > 0.01


@pytest.mark.blender
def test_snow_is_bright_and_not_clipped(light):
    assert light["snow"]["clipped"] < 0.01
    assert 0.15 < light["snow"]["mean"] < 0.35


@pytest.mark.blender
def test_exposure_depends_on_the_drive_and_not_on_the_frames_asked_for(light):
    assert light["later"]["exposure"] == light["night"]["exposure"]


@pytest.mark.blender
def test_metering_leaves_nothing_behind(light):
    assert light["night"]["scenes"] == 1
    assert light["night"]["loose"] == 0
