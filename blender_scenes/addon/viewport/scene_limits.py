"""The depth of field of a scene's camera: what the overlay and its panel show."""

# SPDX-License-Identifier: GPL-3.0-or-later

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from blender_scenes.addon.camera_values import (
    camera_values,
    metres_per_unit,
    rendered_size,
)
from blender_scenes.addon.optics import depth_of_field_m
from blender_scenes.addon.viewport.limits import (
    LensWindow,
    PictureShape,
    frustum_rectangle,
    lens_window,
    rigid_pose,
)


@dataclass(frozen=True)
class SceneLimits:
    """Depth of field of a camera and where it looks.

    Parameters
    ----------
    near_m, focus_m, far_m : float
        Along the optical axis; far may be +inf.
    window : LensWindow
    pose : ndarray (4, 4)
        World from camera in Blender units, without scale.
    unit_m : float
        Length of a Blender unit.
    """

    near_m: float
    focus_m: float
    far_m: float
    window: LensWindow
    pose: NDArray[np.float64]
    unit_m: float

    @property
    def reaches_infinity(self) -> bool:
        """Whether everything behind the focus is sharp."""
        return math.isinf(self.far_m)

    def rectangle(self, distance_m: float) -> NDArray[np.float64]:
        """Return the corners (4, 3) of the picture at a distance, Blender units."""
        return frustum_rectangle(self.window, self.pose, distance_m / self.unit_m)


def scene_limits(scene: Any) -> SceneLimits:
    """Return the depth of field of the scene's camera.

    Raises
    ------
    CameraProblem
        If it is no camera that a thin lens stands for.
    """
    lens = camera_values(scene, scene.camera).camera
    data = scene.camera.data
    near_m, far_m = depth_of_field_m(lens, data.dual_pixel.sharp_coc_px)
    return SceneLimits(
        near_m=near_m,
        focus_m=lens.focus_distance_m,
        far_m=far_m,
        window=scene_window(scene, data),
        pose=rigid_pose(np.array(scene.camera.matrix_world)),
        unit_m=metres_per_unit(scene),
    )


def scene_window(scene: Any, data: Any) -> LensWindow:
    """Return what a perspective camera's data sees in pictures of the scene."""
    render = scene.render
    picture = PictureShape(
        *rendered_size(scene), render.pixel_aspect_x, render.pixel_aspect_y
    )
    return lens_window(
        data.lens,
        data.sensor_width,
        data.sensor_height,
        data.sensor_fit,
        (data.shift_x, data.shift_y),
        picture,
    )
