"""A frame and camera values that need no Blender."""

import dataclasses

import numpy as np
import pytest

from blender_scenes.addon.camera_values import CameraValues
from blender_scenes.addon.preview.frame import PreviewFrame
from dp_model.camera import ThinLensCamera
from dp_model.psf import ButterworthPsf

WIDTH, HEIGHT = 48, 32
RENDERED_WIDTH, RENDERED_HEIGHT = 192, 128


@pytest.fixture
def frame():
    rng = np.random.default_rng(3)
    depth_m = np.full((HEIGHT, WIDTH), 4.0, np.float32)
    depth_m[:, 30:] = 1.2
    depth_m[:8] = np.inf
    return PreviewFrame(
        linear_rgb=rng.random((HEIGHT, WIDTH, 3), dtype=np.float32),
        depth_m=depth_m,
        scene_name="Scene",
        camera_name="Camera",
        frame_number=1,
        K=np.array([[60.0, 0, WIDTH / 2], [0, 60.0, HEIGHT / 2], [0, 0, 1.0]]),
        world_from_camera=np.eye(4),
    )


@pytest.fixture
def values():
    return CameraValues(
        camera=ThinLensCamera(0.05, 2.0, 2.0, 36e-3 / RENDERED_WIDTH),
        psf=ButterworthPsf(3, 0.8, 0.2, 0.14),
        distortion=None,
        noise_model="none",
        noise_sigma=0.0,
        width_px=RENDERED_WIDTH,
        height_px=RENDERED_HEIGHT,
    )


@pytest.fixture
def with_f_number():
    """Return a function that gives values another f-number."""

    def changed(values, f_number):
        camera = dataclasses.replace(values.camera, f_number=f_number)
        return dataclasses.replace(values, camera=camera)

    return changed
