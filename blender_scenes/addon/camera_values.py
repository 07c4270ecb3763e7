"""The dual-pixel camera that a Blender camera stands for, in metres and pixels.

Millimetres, micrometres and Blender units occur here and in `presets`, nowhere else.
"""

# SPDX-License-Identifier: GPL-3.0-or-later

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dp_model.camera import ThinLensCamera
from dp_model.distortion import DivisionDistortion, RadialDistortion, valid_zoom
from dp_model.noise import NoiseModel
from dp_model.psf import ButterworthPsf, DualPixelPsf, RampDiskPsf

_NOISE_MODELS: dict[str, NoiseModel] = {
    "NONE": "none",
    "PAPER": "paper",
    "VARIANCE": "variance",
    "SHOT_READ": "shot-read",
}
_TYPE_NAMES = {"ORTHO": "orthographic", "PANO": "panoramic", "CUSTOM": "custom"}

_RIGHT_ANGLES = 1e-4  # cosines of what counts as no shear


class CameraProblem(ValueError):  # noqa: N818 -- shown to people, who made no error
    """Why a Blender camera is no dual-pixel camera: one line for the interface."""


@dataclass(frozen=True)
class CameraValues:
    """A dual-pixel camera and the size of the picture that it takes.

    Parameters
    ----------
    camera : ThinLensCamera
        With the pixel pitch of that picture.
    psf : DualPixelPsf
    distortion : RadialDistortion or None
    noise_model : NoiseModel
    noise_sigma : float
        Standard deviation at white.
    width_px, height_px : int
    exposure_stops, gamma : float
        Of the scene's view: light is multiplied by 2 to the first, then raised to one
        over the second.
    """

    camera: ThinLensCamera
    psf: DualPixelPsf
    distortion: RadialDistortion | None
    noise_model: NoiseModel
    noise_sigma: float
    width_px: int
    height_px: int
    exposure_stops: float = 0.0
    gamma: float = 1.0

    def at_width(self, width_px: int) -> "CameraValues":
        """Return the same camera whose picture has another width and so another pitch.

        Its blur in pixels scales with the width.
        """
        scale = width_px / self.width_px
        pitch_m = self.camera.pixel_pitch_m / scale
        return dataclasses.replace(
            self,
            camera=dataclasses.replace(self.camera, pixel_pitch_m=pitch_m),
            width_px=width_px,
            height_px=max(1, round(self.height_px * scale)),
        )


def camera_values(scene: Any, camera_object: Any) -> CameraValues:
    """Return the dual-pixel camera of a camera object in a scene.

    Parameters
    ----------
    scene : bpy.types.Scene
        Gives the size of the picture and the unit of length.
    camera_object : bpy.types.Object or None

    Raises
    ------
    CameraProblem
        If there is no camera, or it is none that a thin lens stands for.
    """
    if camera_object is None:
        raise CameraProblem("The scene has no camera: add one")
    if camera_object.type != "CAMERA":
        raise CameraProblem(f"{camera_object.name} is not a camera: choose one")
    data = camera_object.data
    if data.type != "PERSP":
        kind = _TYPE_NAMES.get(data.type, data.type)
        raise CameraProblem(f"The camera is {kind}: set its type to Perspective")
    _optical_axis(camera_object)
    problem = pose_problem(np.array(camera_object.matrix_world))
    if problem:
        raise CameraProblem(f"Camera {camera_object.name!r}: {problem}")
    width_px, height_px = rendered_size(scene)
    own = data.dual_pixel
    camera = _thin_lens(scene, camera_object, pixel_pitch_m(scene, data))
    view = scene.view_settings
    if not view.gamma > 0:
        raise CameraProblem("The gamma of the view is 0: set it above 0, such as 1")
    return CameraValues(
        camera,
        psf_of(own),
        _distortion(own, height_px, width_px),
        _NOISE_MODELS[own.noise_model],
        _as_typed(own.noise_sigma),
        width_px,
        height_px,
        _as_typed(view.exposure),
        _as_typed(view.gamma),
    )


def pose_problem(matrix_world: NDArray[np.float64]) -> str:
    """Return why no rigid pose stands for a camera's matrix; "" if one does.

    Parameters
    ----------
    matrix_world : ndarray (4, 4)
        The camera object's in Blender; a uniform scale is left out.

    Examples
    --------
    >>> pose_problem(np.diag([2.0, 2.0, 2.0, 1.0]))
    ''
    >>> pose_problem(np.diag([-1.0, 1.0, 1.0, 1.0]))
    'mirrored (negative scale); expected positive scales'
    """
    # In the pipeline's words, which refuses the same cameras.
    lengths = np.linalg.norm(matrix_world[:3, :3], axis=0)
    if not lengths.all():
        return "scaled to 0; expected positive scales"
    rotation = matrix_world[:3, :3] / lengths
    if not np.allclose(rotation.T @ rotation, np.eye(3), atol=_RIGHT_ANGLES):
        return "sheared; expected a rotation and a uniform scale"
    if np.linalg.det(rotation) < 0:
        return "mirrored (negative scale); expected positive scales"
    return ""


def camera_problem(scene: Any) -> str:
    """Return why the scene's camera is no dual-pixel camera; "" if it is one."""
    try:
        camera_values(scene, scene.camera)
    except CameraProblem as problem:
        return str(problem)
    return ""


def metres_per_unit(scene: Any) -> float:
    """Return the length of a Blender unit in metres, as the pipeline takes it."""
    settings = scene.unit_settings
    return 1.0 if settings.system == "NONE" else _as_typed(settings.scale_length)


def rendered_size(scene: Any) -> tuple[int, int]:
    """Return width and height of the rendered picture, in pixels."""
    render = scene.render
    percentage = render.resolution_percentage
    return (
        max(1, render.resolution_x * percentage // 100),
        max(1, render.resolution_y * percentage // 100),
    )


def sensor_pitch_m(scene: Any, camera: Any) -> float:
    """Return the width of a rendered pixel if the picture fills the sensor, metres."""
    width_px, height_px = rendered_size(scene)
    is_vertical = camera.sensor_fit == "VERTICAL" or (
        camera.sensor_fit == "AUTO" and height_px > width_px
    )
    # AUTO lays the sensor's width along the longer side, whichever that is.
    uses_height = camera.sensor_fit == "VERTICAL"
    sensor_mm = camera.sensor_height if uses_height else camera.sensor_width
    return _as_typed(sensor_mm) * 1e-3 / (height_px if is_vertical else width_px)


def pixel_pitch_m(scene: Any, camera: Any) -> float:
    """Return the width of a pixel of the rendered picture on the sensor, metres.

    Raises
    ------
    CameraProblem
        If pixels are not square.
    """
    render = scene.render
    if not math.isclose(render.pixel_aspect_x, render.pixel_aspect_y, rel_tol=1e-4):
        raise CameraProblem("The pixels are not square: set both pixel aspects to 1")
    own = camera.dual_pixel
    if own.use_sensor_pitch:
        return sensor_pitch_m(scene, camera)
    return _as_typed(own.pixel_pitch_um) * 1e-6


def depth_along_axis_m(scene: Any, camera_object: Any, point: Sequence[float]) -> float:
    """Return how far in front of the camera a point of the world lies, in metres.

    Along the optical axis; negative behind the camera.

    Raises
    ------
    CameraProblem
        If the camera is scaled to nothing, and so looks nowhere.
    """
    matrix, axis = camera_object.matrix_world, _optical_axis(camera_object)
    offset = [point[row] - matrix[row][3] for row in range(3)]
    along = sum(a * b for a, b in zip(axis, offset, strict=True))
    return along * metres_per_unit(scene)


def _optical_axis(camera_object: Any) -> list[float]:
    """Return the direction in the world that the camera looks in, of length 1."""
    matrix = camera_object.matrix_world
    # It looks along the negative of its own z axis, scaled or not.
    backwards = [matrix[row][2] for row in range(3)]
    length = math.hypot(*backwards)
    if length == 0:
        raise CameraProblem("The camera is scaled to 0: set its scale to 1")
    return [-component / length for component in backwards]


def focus_distance_m(scene: Any, camera_object: Any) -> float:
    """Return the distance that Blender's camera is focused at, metres along the axis.

    To the focus object, or its bone, where there is one.
    """
    focus = camera_object.data.dof
    target = focus.focus_object
    if target is None:
        return _as_typed(focus.focus_distance) * metres_per_unit(scene)
    place = target.matrix_world
    if target.type == "ARMATURE" and focus.focus_subtarget in target.pose.bones:
        place = place @ target.pose.bones[focus.focus_subtarget].matrix
    # Blender takes the absolute value as well, for a target behind the camera.
    return abs(
        depth_along_axis_m(scene, camera_object, [place[row][3] for row in range(3)])
    )


def psf_of(own: Any) -> DualPixelPsf:
    """Return the point spread function of the camera's own values."""
    if own.psf_shape == "RAMP_DISK":
        return RampDiskPsf()
    return ButterworthPsf(
        own.order, _as_typed(own.alpha), _as_typed(own.beta), _as_typed(own.kappa)
    )


def _as_typed(value: float) -> float:
    """Return the short decimal that a value in Blender's single precision stands for.

    Examples
    --------
    >>> _as_typed(0.800000011920929)
    0.8
    """
    return float(f"{value:.7g}")


def _thin_lens(scene: Any, camera_object: Any, pitch_m: float) -> ThinLensCamera:
    """Return lens, stop, focus and pitch, or say which of them is impossible."""
    data = camera_object.data
    focal_length_m = _as_typed(data.lens) * 1e-3
    focus_m = focus_distance_m(scene, camera_object)
    f_number = _as_typed(data.dof.aperture_fstop)
    if not f_number > 0:
        raise CameraProblem("The f-number is 0: set it above 0, such as 2.8")
    if focus_m <= focal_length_m:
        raise CameraProblem(
            f"Focus at {focus_m:.3g} m is within the focal length, "
            f"{data.lens:.4g} mm: focus farther away"
        )
    try:
        return ThinLensCamera(focal_length_m, f_number, focus_m, pitch_m)
    except ValueError as error:
        raise CameraProblem(str(error)) from None


def _distortion(own: Any, height_px: int, width_px: int) -> DivisionDistortion | None:
    """Return the distortion that is switched on, if it is one-to-one."""
    coefficients = tuple(_as_typed(value) for value in own.distortion)
    if not own.use_distortion or not any(coefficients):
        return None
    distortion = DivisionDistortion(coefficients)
    try:
        valid_zoom(distortion, height_px, width_px)
    except ValueError:
        raise CameraProblem(
            "The distortion folds the picture over: use smaller coefficients"
        ) from None
    return distortion
