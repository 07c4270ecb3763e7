"""Kinds of cars: their measures and side profiles; no bpy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CarModel:
    """Measures of one kind of car, metres; x = 0 is the middle, +x the front.

    Parameters
    ----------
    name : str
    length_m, width_m, height_m : float
        Outer size without mirrors.
    front_axle_m, rear_axle_m : float
        Axle positions along x.
    wheel_radius_m : float
    clearance_m : float
        Lowest edge of the body above the road.
    top : tuple of (x, z)
        Silhouette from the rear bumper to the front bumper.
    belt_rear_m, belt_front_m : float
        Height of the lower window edge at both ends of the cabin.
    glass_rear_m, glass_front_m : float
        x of the foot of the rear window and of the windscreen.
    roof_rear_m, roof_front_m : float
        x of the upper edges of rear window and windscreen.
    pillars_m : tuple of float
        x of the middle of each pillar between the side windows.
    """

    name: str
    length_m: float
    width_m: float
    height_m: float
    front_axle_m: float
    rear_axle_m: float
    wheel_radius_m: float
    clearance_m: float
    top: tuple[tuple[float, float], ...]
    belt_rear_m: float
    belt_front_m: float
    glass_rear_m: float
    glass_front_m: float
    roof_rear_m: float
    roof_front_m: float
    pillars_m: tuple[float, ...]
    door_seams_m: tuple[float, ...]


HATCHBACK = CarModel(
    name="hatchback",
    length_m=4.08,
    width_m=1.74,
    height_m=1.48,
    front_axle_m=1.22,
    rear_axle_m=-1.28,
    wheel_radius_m=0.31,
    clearance_m=0.19,
    top=(
        (-2.04, 0.62), (-2.0, 0.9), (-1.88, 1.02), (-1.5, 1.38), (-1.2, 1.45),
        (-0.4, 1.48), (0.25, 1.43), (1.05, 1.0), (1.2, 0.95), (1.72, 0.82),
        (1.95, 0.7), (2.04, 0.52),
    ),
    belt_rear_m=0.98,
    belt_front_m=0.9,
    glass_rear_m=-1.9,
    glass_front_m=1.02,
    roof_rear_m=-1.5,
    roof_front_m=0.28,
    pillars_m=(-1.12, -0.2),
    door_seams_m=(-1.02, -0.2, 0.86),
)  # fmt: skip

SALOON = CarModel(
    name="saloon",
    length_m=4.62,
    width_m=1.8,
    height_m=1.45,
    front_axle_m=1.4,
    rear_axle_m=-1.36,
    wheel_radius_m=0.325,
    clearance_m=0.17,
    top=(
        (-2.31, 0.6), (-2.27, 0.9), (-2.15, 1.0), (-1.62, 1.06), (-0.95, 1.36),
        (-0.6, 1.43), (-0.1, 1.45), (0.4, 1.39), (1.2, 0.98), (1.35, 0.93),
        (1.98, 0.8), (2.22, 0.68), (2.31, 0.5),
    ),
    belt_rear_m=0.99,
    belt_front_m=0.91,
    glass_rear_m=-1.6,
    glass_front_m=1.17,
    roof_rear_m=-0.94,
    roof_front_m=0.44,
    pillars_m=(-1.12, -0.12),
    door_seams_m=(-1.0, -0.12, 1.0),
)  # fmt: skip

ESTATE = CarModel(
    name="estate",
    length_m=4.6,
    width_m=1.8,
    height_m=1.48,
    front_axle_m=1.4,
    rear_axle_m=-1.34,
    wheel_radius_m=0.325,
    clearance_m=0.18,
    top=(
        (-2.3, 0.6), (-2.27, 0.92), (-2.18, 1.05), (-1.82, 1.38), (-1.5, 1.44),
        (-0.3, 1.48), (0.4, 1.41), (1.2, 0.99), (1.35, 0.94), (1.98, 0.81),
        (2.2, 0.68), (2.3, 0.5),
    ),
    belt_rear_m=1.0,
    belt_front_m=0.92,
    glass_rear_m=-2.17,
    glass_front_m=1.17,
    roof_rear_m=-1.84,
    roof_front_m=0.44,
    pillars_m=(-1.08, -0.12),
    door_seams_m=(-0.98, -0.12, 1.0),
)  # fmt: skip

SUV = CarModel(
    name="suv",
    length_m=4.5,
    width_m=1.86,
    height_m=1.66,
    front_axle_m=1.36,
    rear_axle_m=-1.34,
    wheel_radius_m=0.365,
    clearance_m=0.24,
    top=(
        (-2.25, 0.72), (-2.21, 1.02), (-2.12, 1.15), (-1.82, 1.54), (-1.5, 1.62),
        (-0.3, 1.66), (0.42, 1.59), (1.08, 1.13), (1.24, 1.08), (1.9, 0.96),
        (2.14, 0.84), (2.25, 0.6),
    ),
    belt_rear_m=1.12,
    belt_front_m=1.04,
    glass_rear_m=-2.12,
    glass_front_m=1.06,
    roof_rear_m=-1.84,
    roof_front_m=0.46,
    pillars_m=(-1.1, -0.14),
    door_seams_m=(-1.0, -0.14, 0.92),
)  # fmt: skip

VAN = CarModel(
    name="van",
    length_m=4.95,
    width_m=1.9,
    height_m=1.95,
    front_axle_m=1.52,
    rear_axle_m=-1.42,
    wheel_radius_m=0.34,
    clearance_m=0.2,
    top=(
        (-2.47, 0.7), (-2.45, 1.1), (-2.41, 1.5), (-2.3, 1.88), (-2.05, 1.93),
        (-0.5, 1.95), (0.72, 1.88), (1.52, 1.2), (1.68, 1.12), (2.2, 0.94),
        (2.4, 0.76), (2.47, 0.52),
    ),
    belt_rear_m=1.16,
    belt_front_m=1.08,
    glass_rear_m=-2.46,
    glass_front_m=1.5,
    roof_rear_m=-2.34,
    roof_front_m=0.76,
    pillars_m=(-1.35, -0.3, 0.55),
    door_seams_m=(-1.3, -0.2, 1.0),
)  # fmt: skip

CAR_MODELS = (HATCHBACK, SALOON, ESTATE, SUV, VAN)
MIRROR_REACH_M = 0.14
