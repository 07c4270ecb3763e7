"""The frame that a preview is made from: a sharp picture with its depth."""

# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from blender_scenes.addon.camera_values import pose_problem
from blender_scenes.addon.preview.exr import ExrError, read_exr

PICTURE_NAME = "frame.exr"
FACTS_NAME = "frame.json"

# Cycles writes 1e10 where a ray leaves the scene.
SKY_DEPTH = 1e9

# Blender's camera looks along -Z with Y up; OpenCV's along +Z with Y down.
BLENDER_FROM_OPENCV = np.diag([1.0, -1.0, -1.0, 1.0])


@dataclass(frozen=True)
class PreviewFrame:
    """One all-in-focus picture with its depth, and where its camera stood.

    Parameters
    ----------
    linear_rgb : ndarray (H, W, 3) float32
        Scene-linear radiance, finite; row 0 is the top.
    depth_m : ndarray (H, W) float32
        Along the optical axis, metres, > 0; sky = +inf.
    scene_name, camera_name : str
        Of the scene and the camera object that were rendered.
    frame_number : int
    K : ndarray (3, 3)
        Intrinsic matrix in pixels, pixel centres at half-integers, rows downwards.
    world_from_camera : ndarray (4, 4)
        Metres; camera axes as in OpenCV (x right, y down, z forward).
    """

    linear_rgb: NDArray[np.float32]
    depth_m: NDArray[np.float32]
    scene_name: str
    camera_name: str
    frame_number: int
    K: NDArray[np.float64]
    world_from_camera: NDArray[np.float64]


def read_frame(folder: Path, metres_per_unit: float) -> PreviewFrame:
    """Return the frame that the child Blender left in a folder.

    Parameters
    ----------
    folder : Path
        Holds `PICTURE_NAME` and `FACTS_NAME`.
    metres_per_unit : float
        Length of a Blender unit.

    Raises
    ------
    ExrError
        If the picture is missing, not whole, or holds no depth.
    OSError, ValueError
        If the facts are missing or not valid.
    """
    facts = json.loads((folder / FACTS_NAME).read_text(encoding="utf-8"))
    channels = read_exr(folder / PICTURE_NAME)
    by_pass = {".".join(name.split(".")[-2:]): name for name in channels}
    wanted = [*(f"Combined.{colour}" for colour in "RGB"), "Depth.Z"]
    missing = [name for name in wanted if name not in by_pass]
    if missing:
        raise ExrError(f"Blender rendered no {', '.join(missing)}")
    *colours, depth = (channels[by_pass[name]] for name in wanted)
    height, width = depth.shape
    linear_rgb = np.stack(colours, axis=-1).astype(np.float32)
    return PreviewFrame(
        # A stray NaN of one sample would spread over everything within a blur.
        linear_rgb=np.nan_to_num(linear_rgb, nan=0.0, posinf=0.0, neginf=0.0),
        depth_m=_depth_m(depth.astype(np.float32), metres_per_unit),
        scene_name=facts["scene"],
        camera_name=facts["camera"],
        frame_number=facts["frame"],
        K=intrinsics(np.array(facts["projection"]), width, height),
        world_from_camera=opencv_pose(np.array(facts["matrix_world"]), metres_per_unit),
    )


def _depth_m(depth: NDArray[np.float32], metres_per_unit: float) -> NDArray[np.float32]:
    """Return depth in metres with an infinite sky."""
    is_sky = ~(depth < SKY_DEPTH)
    metres = np.where(is_sky, np.inf, depth * metres_per_unit)
    return np.maximum(metres, np.finfo(np.float32).tiny).astype(np.float32)


def intrinsics(
    projection: NDArray[np.float64], width: int, height: int
) -> NDArray[np.float64]:
    """Return K of a picture from OpenGL's projection matrix.

    Parameters
    ----------
    projection : ndarray (4, 4)
        Of camera space, which looks along -Z, onto -1..1 to the right and upwards.
    width, height : int
        Of the picture, pixels.

    Examples
    --------
    >>> K = intrinsics(np.diag([2.0, 4.0, -1.0, 0.0]), 40, 20)
    >>> K.tolist()
    [[40.0, 0.0, 20.0], [0.0, 40.0, 10.0], [0.0, 0.0, 1.0]]
    """
    focal_x, focal_y = projection[0, 0] * width / 2, projection[1, 1] * height / 2
    column = (1 - projection[0, 2]) * width / 2
    row = (1 + projection[1, 2]) * height / 2
    return np.array([[focal_x, 0, column], [0, focal_y, row], [0, 0, 1.0]])


def opencv_pose(
    matrix_world: NDArray[np.float64], metres_per_unit: float
) -> NDArray[np.float64]:
    """Return the world-from-camera matrix with OpenCV axes, metres.

    Parameters
    ----------
    matrix_world : ndarray (4, 4)
        The camera object's matrix in Blender; its scale is left out.
    metres_per_unit : float
        Length of a Blender unit.

    Raises
    ------
    ValueError
        If the camera is mirrored or sheared, which no rigid pose can express.
    """
    problem = pose_problem(matrix_world)
    if problem:
        raise ValueError(f"the camera is {problem}")
    pose = np.eye(4)
    lengths = np.linalg.norm(matrix_world[:3, :3], axis=0)
    pose[:3, :3] = matrix_world[:3, :3] / lengths
    pose[:3, 3] = matrix_world[:3, 3] * metres_per_unit
    return pose @ BLENDER_FROM_OPENCV
