"""What season, weather and hour make of sun, sky, air and ground; no bpy.

Local solar time at a latitude of 50 degrees, as in central Europe.
"""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import SEASONS, Atmosphere, Setting

LATITUDE_RAD = float(np.radians(50.0))
# Contrast falls to 2 % over the visibility (Koschmieder 1924).
VISIBILITY_OPTICAL_DEPTH = 3.912
FOG_VISIBILITY_M = (60.0, 250.0)
# The sun's declination in the middle of each season, and how far it gets from there.
_DECLINATION_DEG = {"spring": 9.0, "summer": 20.0, "autumn": -8.0, "winter": -20.0}
_DECLINATION_SPREAD_DEG = 3.0
# Lamps go on while the sun sinks between these.
_LAMPS_OFF_DEG, _LAMPS_ON_DEG = 4.0, -4.0
_WEATHERS = ("clear", "cloudy", "overcast", "rain", "fog")
_WEATHER_SHARES = (0.3, 0.3, 0.13, 0.17, 0.1)
_WINTER_SNOW_SHARE = 0.35
_NIGHT_SHARE, _TWILIGHT_SHARE = 0.2, 0.15


def solar_elevation_rad(declination_rad: float, hour: float) -> float:
    """Return how high the sun stands, radians, at a local solar time of 0 to 24.

    Examples
    --------
    >>> round(float(np.degrees(solar_elevation_rad(0.0, 12.0))), 6)
    40.0
    """
    hour_angle = np.radians(15.0 * (hour - 12.0))
    sine = np.sin(LATITUDE_RAD) * np.sin(declination_rad) + np.cos(
        LATITUDE_RAD
    ) * np.cos(declination_rad) * np.cos(hour_angle)
    return float(np.arcsin(np.clip(sine, -1.0, 1.0)))


def hour_of_elevation(declination_rad: float, elevation_rad: float) -> float:
    """Return the afternoon hour at which the sun has sunk to an elevation.

    The nearest hour where it never stands so high (12) or so low (24); the
    morning's is as long before noon as this is after it.
    """
    cosine = (
        np.sin(elevation_rad) - np.sin(LATITUDE_RAD) * np.sin(declination_rad)
    ) / (np.cos(LATITUDE_RAD) * np.cos(declination_rad))
    return 12.0 + float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))) / 15.0


def setting_random(rng: np.random.Generator) -> Setting:
    """Return a season, a weather that goes with it, and an hour of day or night.

    Snow lies in winter only. Two thirds of the hours are by day, the rest twilight
    and night.
    """
    season = str(rng.choice(SEASONS))
    weather = str(rng.choice(_WEATHERS, p=_WEATHER_SHARES))
    if season == "winter" and rng.random() < _WINTER_SNOW_SHARE:
        weather = "snow"
    declination_rad = np.radians(_DECLINATION_DEG[season])
    sunset = hour_of_elevation(declination_rad, 0.0)
    kind = rng.random()
    if kind < _NIGHT_SHARE:
        after_noon = rng.uniform(
            hour_of_elevation(declination_rad, np.radians(-8.0)) - 12.0, 11.5
        )
    elif kind < _NIGHT_SHARE + _TWILIGHT_SHARE:
        after_noon = sunset - 12.0 + rng.uniform(-0.5, 0.4)
    else:
        after_noon = rng.uniform(0.0, sunset - 12.5)
    sign = rng.choice((-1.0, 1.0))
    return Setting(season, weather, float((12.0 + sign * after_noon) % 24.0))


def atmosphere_random(rng: np.random.Generator, setting: Setting) -> Atmosphere:
    """Return one atmosphere that a setting allows.

    The day is drawn from the middle of the season, and with the hour gives the sun's
    elevation. Streets run in any direction, so its azimuth from the street is free:
    in three of four streets the sun stands within 40 degrees of the street's axis,
    more often behind the camera than ahead, and reaches the road between the houses;
    in the others it is anywhere.
    """
    spread = rng.uniform(-_DECLINATION_SPREAD_DEG, _DECLINATION_SPREAD_DEG)
    declination_rad = np.radians(_DECLINATION_DEG[setting.season] + spread)
    elevation_rad = solar_elevation_rad(declination_rad, setting.hour)
    elevation_deg = float(np.degrees(elevation_rad))
    strength, cover = _clouds(rng, setting.weather)
    is_snowy = setting.weather == "snow"
    return Atmosphere(
        sun_elevation_rad=elevation_rad,
        sun_azimuth_rad=_sun_azimuth_rad(rng),
        sun_strength=strength if elevation_deg > -1.0 else 0.0,
        cloud_cover=cover,
        haze=float(rng.uniform(0.6, 2.0)),
        fog_per_m=_fog_per_m(rng, setting.weather),
        wetness=_wetness(rng, setting.weather),
        snow_cover=float(rng.uniform(0.55, 1.0)) if is_snowy else 0.0,
        lamps_lit=_lamps_lit(elevation_deg, setting.weather),
    )


def _sun_azimuth_rad(rng: np.random.Generator) -> float:
    anywhere = rng.uniform(-180.0, 180.0)
    offset = rng.uniform(-40.0, 40.0)
    behind = rng.random() < 0.6
    is_along = rng.random() < 0.75
    along = offset + (180.0 if behind else 0.0)
    return float(np.radians(along if is_along else anywhere))


def _clouds(rng: np.random.Generator, weather: str) -> tuple[float, float]:
    """Return the sun's strength and the cloud cover."""
    share = float(rng.random())
    if weather == "clear":
        return 1.0, 0.3 * share
    if weather == "cloudy":
        return 1.0 - 0.4 * share, 0.4 + 0.3 * share
    if weather == "snow" and share < 0.4:
        # The sun comes out after the snow has fallen.
        return 0.8, 0.45
    return 0.0, 1.0


def _fog_per_m(rng: np.random.Generator, weather: str) -> float:
    """Return the extinction coefficient, 1/m: fog, rain, or the air's own haze."""
    low, high = FOG_VISIBILITY_M
    visibility_m = {
        "fog": low * (high / low) ** rng.random(),
        "rain": rng.uniform(700.0, 1800.0),
        "snow": rng.uniform(700.0, 3000.0),
        "overcast": rng.uniform(3000.0, 8000.0),
    }.get(weather, rng.uniform(8000.0, 20000.0))
    return float(VISIBILITY_OPTICAL_DEPTH / visibility_m)


def _wetness(rng: np.random.Generator, weather: str) -> float:
    """Return 1 in rain; after it, under a grey or broken sky, what has not dried."""
    left = float(rng.uniform(0.25, 0.7))
    has_rained = rng.random() < {"overcast": 0.5, "cloudy": 0.2}.get(weather, 0.0)
    wet = {"rain": 1.0, "fog": 0.35, "snow": 0.3}
    return wet.get(weather, left if has_rained else 0.0)


def night_share(elevation_deg: float) -> float:
    """Return how far it is night: 0 to 1 while the sun sinks through the horizon."""
    span = _LAMPS_OFF_DEG - _LAMPS_ON_DEG
    return float(np.clip((_LAMPS_OFF_DEG - elevation_deg) / span, 0.0, 1.0))


def _lamps_lit(elevation_deg: float, weather: str) -> float:
    """Return 0 by day to 1 by night; earlier in the evening under a heavy sky."""
    by_sun = night_share(elevation_deg)
    dark = {"rain": 0.3, "fog": 0.35, "snow": 0.2, "overcast": 0.15}.get(weather, 0.0)
    # A high sun lights the street through any cloud.
    by_weather = dark * np.clip((35.0 - elevation_deg) / 15.0, 0.0, 1.0)
    return float(max(by_sun, by_weather))
