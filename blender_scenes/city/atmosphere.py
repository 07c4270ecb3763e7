"""What season, weather and hour make of sun, sky and ground; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import Atmosphere, Setting


def atmosphere_random(rng: np.random.Generator, setting: Setting) -> Atmosphere:
    """Return one atmosphere that a setting allows."""
    del setting
    # The sun stands within 40 degrees of the street's direction, ahead or
    # behind, so that it reaches the road between the houses.
    behind = rng.random() < 0.6
    offset = rng.uniform(-40.0, 40.0)
    sun_strength = float(rng.choice([1.0, 1.0, 1.0, 0.75, 0.75, 0.3]))
    cloud_cover = float(rng.uniform(0.25, 0.7))
    return Atmosphere(
        sun_elevation_rad=float(np.radians(rng.uniform(32.0, 62.0))),
        sun_azimuth_rad=float(np.radians(offset + (180.0 if behind else 0.0))),
        sun_strength=sun_strength,
        # A weak sun stands behind clouds.
        cloud_cover=max(cloud_cover, 1.1 - sun_strength),
        haze=float(rng.uniform(0.6, 2.0)),
    )
