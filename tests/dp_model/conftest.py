"""Cameras and settings shared by the tests of the camera model."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from dp_model.camera import ThinLensCamera
from dp_model.psf import ButterworthPsf

# No example database: tests leave no files behind.  No deadline: two busy cores.
settings.register_profile(
    "dp_model",
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("dp_model")


@pytest.fixture
def camera() -> ThinLensCamera:
    """A camera whose sky has a CoC radius of 6 px, focused at 2 m."""
    # f^2/(2 N (s - f)) = 0.0025/(4 * 1.95) m = 320.5 um at infinity.
    return ThinLensCamera(0.05, 2.0, 2.0, 320.512821e-6 / 6)


@pytest.fixture
def psf() -> ButterworthPsf:
    return ButterworthPsf(3, 0.8, 0.2, 0.14)
