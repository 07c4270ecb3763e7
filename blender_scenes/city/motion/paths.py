"""Where moving things are at any time, as matrices of the world; no bpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from blender_scenes.city.plan import (
    KERB_HEIGHT_M,
    Camera,
    Footprint,
    Junction,
    Profile,
)
from blender_scenes.city.planning.neighbourhood import SIDE_STREET_LENGTH_M
from blender_scenes.city.road import Road

FloatArray = NDArray[np.float64]
SWAY_M = 0.02
SWAY_YAW_RAD = 0.006
SWAY_PITCH_RAD = 0.0025
_SWAY_HZ = 0.9
# Drivers look where they are going, a little into the bend.
_LOOK_AHEAD_M = 4.0
# Length of the step of a walker from the kerb to the road.
_KERB_STEP_M = 0.35
# Between what moves and the houses that close the streets.
_END_CLEARANCE_M = 15.0
_SIDE_END_CLEARANCE_M = 8.0


def street_xy(footprint: Footprint, time_s: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return x and y of a thing in street axes at any times."""
    time = np.asarray(time_s, np.float64)
    return (
        footprint.x_m + footprint.velocity_x_m_s * time,
        footprint.y_m + footprint.velocity_y_m_s * time,
    )


def placements(
    road: Road,
    footprint: Footprint,
    heading_rad: float,
    ground_z_m: ArrayLike,
    time_s: FloatArray,
) -> FloatArray:
    """Return (T, 4, 4) matrices that stand a thing on the street at each time."""
    x, y = street_xy(footprint, time_s)
    turn = heading_rad + road.heading_rad(y)
    matrices = np.tile(np.eye(4), (len(time_s), 1, 1))
    matrices[:, 0, 0] = matrices[:, 1, 1] = np.cos(turn)
    matrices[:, 1, 0] = np.sin(turn)
    matrices[:, 0, 1] = -np.sin(turn)
    matrices[:, :2, 3] = road.world_xy(x, y)
    matrices[:, 2, 3] = ground_z_m
    return matrices


def distance_m(road: Road, footprint: Footprint, time_s: ArrayLike) -> FloatArray:
    """Return the length of the way over ground since time 0; negative before it.

    Things move along the street or across it, never both: along it, a lane beside
    the centreline is longer on the outer side of a bend and shorter on the inner.
    """
    time = np.asarray(time_s, np.float64)
    if footprint.velocity_y_m_s == 0.0:
        return abs(footprint.velocity_x_m_s) * time
    x, y = street_xy(footprint, time)
    turned = road.heading_rad(y) - road.heading_rad(footprint.y_m)
    along = y - footprint.y_m + x * turned
    return np.sign(footprint.velocity_y_m_s) * along


def walking_height_m(
    profile: Profile, junctions: tuple[Junction, ...], x_m: ArrayLike, y_m: ArrayLike
) -> FloatArray:
    """Return the height of the ground below a walker: pavement or road."""
    x, y = np.broadcast_arrays(np.asarray(x_m, float), np.asarray(y_m, float))
    kerb = np.where(x > 0, profile.kerb_x_m(1), -profile.kerb_x_m(-1))
    inside = np.abs(x) - kerb
    for junction in junctions:
        edge = np.abs(y - junction.y_m) - junction.half_road_m
        inside = np.minimum(inside, edge)
    return KERB_HEIGHT_M * np.clip(0.5 + inside / _KERB_STEP_M, 0.0, 1.0)


def is_within_street(
    profile: Profile, x_m: ArrayLike, y_m: ArrayLike
) -> NDArray[np.bool_]:
    """Return where a thing is clear of the houses that close all streets."""
    x, y = np.asarray(x_m, float), np.asarray(y_m, float)
    facade = np.where(x > 0, profile.facade_x_m(1), -profile.facade_x_m(-1))
    is_across = np.abs(x) < facade + SIDE_STREET_LENGTH_M - _SIDE_END_CLEARANCE_M
    is_along = (y > profile.start_y_m) & (y < profile.end_y_m - _END_CLEARANCE_M)
    return is_across & is_along


def camera_pose(
    camera: Camera, road: Road, time_s: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return positions (..., 3), metres, and XYZ Euler angles (..., 3), radians."""
    time = np.asarray(time_s, np.float64)
    phase = 2 * np.pi * _SWAY_HZ * time + camera.sway_phase_rad
    y = camera.drive.y_m(time)
    x = camera.x_m + SWAY_M * np.sin(0.6 * phase)
    height = camera.height_m + 0.5 * SWAY_M * np.sin(1.7 * phase)
    location = np.concatenate([road.world_xy(x, y), height[..., None]], axis=-1)
    yaw = road.heading_rad(y + _LOOK_AHEAD_M) + SWAY_YAW_RAD * np.cos(0.6 * phase)
    pitch = camera.pitch_rad + SWAY_PITCH_RAD * np.sin(1.3 * phase)
    roll = SWAY_PITCH_RAD * np.cos(phase)
    return location, np.stack([np.pi / 2 + pitch, roll, yaw], axis=-1)


def quaternions(rotations: FloatArray) -> FloatArray:
    """Return (T, 4) unit quaternions w, x, y, z without a change of sign in between.

    Parameters
    ----------
    rotations : ndarray (T, 3, 3)
        Proper rotations, successive ones less than half a turn apart.

    References
    ----------
    Bar-Itzhack (2000): the quaternion is the eigenvector of the largest eigenvalue
    of a symmetric matrix, which is sound at every angle.
    """
    r = rotations
    symmetric = np.empty((len(r), 4, 4))
    off = np.stack(
        [r[:, 2, 1] - r[:, 1, 2], r[:, 0, 2] - r[:, 2, 0], r[:, 1, 0] - r[:, 0, 1]], -1
    )
    trace = np.trace(r, axis1=1, axis2=2)
    symmetric[:, 0, 0] = trace
    symmetric[:, 0, 1:] = symmetric[:, 1:, 0] = off
    symmetric[:, 1:, 1:] = r + r.transpose(0, 2, 1) - trace[:, None, None] * np.eye(3)
    found = np.linalg.eigh(symmetric)[1][:, :, -1]
    found[0] *= 1.0 if found[0, 0] >= 0 else -1.0
    agrees = np.einsum("ti,ti->t", found[1:], found[:-1]) >= 0
    signs = np.cumprod(np.where(agrees, 1.0, -1.0))
    found[1:] *= signs[:, None]
    return found
