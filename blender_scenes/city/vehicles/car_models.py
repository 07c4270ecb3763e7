"""Kinds of cars: their measures and side profiles; no bpy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from blender_scenes.city.vehicles.wheels import Axle


@dataclass(frozen=True)
class CarModel:
    """Measures of one kind of car, metres; y = 0 is the middle, +y the front.

    Parameters
    ----------
    name : str
    length_m, width_m, height_m : float
        Outer size without mirrors.
    front_axle_m, rear_axle_m : float
        Axle positions along y.
    wheel_radius_m : float
    clearance_m : float
        Lowest edge of the body above the road.
    top : tuple of (y, z)
        Silhouette from the tail to the nose.
    belt_rear_m, belt_front_m : float
        Height of the lower window edge at both ends of the cabin.
    glass_rear_m, glass_front_m : float
        y of the foot of the rear window and of the windscreen.
    roof_rear_m, roof_front_m : float
        y of the upper edges of rear window and windscreen.
    window_rear_m : float
        y of the rear end of the side windows.
    pillars_m : tuple of float
        y of the middle of each pillar between the side windows.
    door_seams_m : tuple of float
        y of the door gaps, from the tail on; the last is in front of the first door.
    pillar_lean : float
        Run over rise of the rear end of the side windows.
    roof_share : float
        Width of the roof beside that of most cars.
    bed_m : (float, float), optional
        y of both ends of a pick-up's open bed, whose floor is at ``bed_floor_m``.
    has_cladding, has_rails : bool
        Black plastic around the wheel arches; rails on the roof.
    rim : str
        Kind of wheel.
    extra : str
        "", "taxi" (a sign on the roof), "patrol" (a light bar and stripes) or
        "panels" (a closed cargo hold).
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
    window_rear_m: float
    pillars_m: tuple[float, ...]
    door_seams_m: tuple[float, ...]
    pillar_lean: float = 0.35
    roof_share: float = 1.0
    bed_m: tuple[float, float] | None = None
    bed_floor_m: float = 0.0
    has_cladding: bool = False
    has_rails: bool = False
    rim: str = "alloy"
    extra: str = ""

    @property
    def axles(self) -> tuple[Axle, ...]:
        """Front and rear axle."""
        return tuple(
            Axle(y, self.wheel_radius_m, 0.21, self.width_m - 0.05, self.rim)
            for y in (self.front_axle_m, self.rear_axle_m)
        )


HATCHBACK = CarModel(
    name="hatchback",
    length_m=4.08,
    width_m=1.76,
    height_m=1.48,
    front_axle_m=1.22,
    rear_axle_m=-1.3,
    wheel_radius_m=0.315,
    clearance_m=0.19,
    top=(
        (-2.04, 0.9), (-1.97, 0.96), (-1.88, 1.04), (-1.55, 1.38), (-1.25, 1.45),
        (-0.4, 1.48), (0.25, 1.44), (1.02, 1.02), (1.2, 0.97), (1.68, 0.87),
        (1.92, 0.76), (2.04, 0.7),
    ),
    belt_rear_m=0.99,
    belt_front_m=0.92,
    glass_rear_m=-1.9,
    glass_front_m=1.05,
    roof_rear_m=-1.52,
    roof_front_m=0.26,
    window_rear_m=-1.5,
    pillars_m=(-0.98, -0.18),
    door_seams_m=(-0.98, -0.18, 0.86),
)  # fmt: skip

CITY_CAR = replace(
    HATCHBACK,
    name="city_car",
    length_m=3.6,
    width_m=1.64,
    height_m=1.52,
    front_axle_m=1.12,
    rear_axle_m=-1.2,
    wheel_radius_m=0.29,
    clearance_m=0.17,
    top=(
        (-1.8, 0.92), (-1.75, 1.0), (-1.7, 1.08), (-1.5, 1.42), (-1.25, 1.49),
        (-0.4, 1.52), (0.3, 1.48), (1.0, 1.06), (1.16, 1.0), (1.5, 0.89),
        (1.7, 0.76), (1.8, 0.68),
    ),
    belt_rear_m=0.98,
    belt_front_m=0.92,
    glass_rear_m=-1.72,
    glass_front_m=1.02,
    roof_rear_m=-1.5,
    roof_front_m=0.32,
    window_rear_m=-1.34,
    pillars_m=(-0.36,),
    door_seams_m=(-0.36, 0.84),
    rim="steel",
)  # fmt: skip

SALOON = CarModel(
    name="saloon",
    length_m=4.66,
    width_m=1.82,
    height_m=1.45,
    front_axle_m=1.42,
    rear_axle_m=-1.36,
    wheel_radius_m=0.33,
    clearance_m=0.17,
    top=(
        (-2.33, 0.94), (-2.24, 0.98), (-2.1, 1.03), (-1.62, 1.07), (-0.95, 1.36),
        (-0.6, 1.43), (-0.1, 1.45), (0.4, 1.4), (1.2, 0.99), (1.38, 0.94),
        (1.95, 0.84), (2.2, 0.74), (2.33, 0.68),
    ),
    belt_rear_m=0.98,
    belt_front_m=0.91,
    glass_rear_m=-1.62,
    glass_front_m=1.23,
    roof_rear_m=-0.92,
    roof_front_m=0.42,
    window_rear_m=-1.2,
    pillars_m=(-0.94, -0.1),
    door_seams_m=(-0.94, -0.1, 1.02),
    pillar_lean=0.6,
)  # fmt: skip

ESTATE = CarModel(
    name="estate",
    length_m=4.64,
    width_m=1.82,
    height_m=1.49,
    front_axle_m=1.42,
    rear_axle_m=-1.34,
    wheel_radius_m=0.33,
    clearance_m=0.18,
    top=(
        (-2.32, 0.95), (-2.24, 1.0), (-2.17, 1.08), (-1.86, 1.39), (-1.5, 1.45),
        (-0.3, 1.49), (0.4, 1.42), (1.2, 1.0), (1.38, 0.95), (1.95, 0.85),
        (2.2, 0.75), (2.32, 0.69),
    ),
    belt_rear_m=1.0,
    belt_front_m=0.92,
    glass_rear_m=-2.17,
    glass_front_m=1.23,
    roof_rear_m=-1.84,
    roof_front_m=0.42,
    window_rear_m=-1.86,
    pillars_m=(-0.98, -0.1),
    door_seams_m=(-0.98, -0.1, 1.02),
    has_rails=True,
)  # fmt: skip

SUV = CarModel(
    name="suv",
    length_m=4.5,
    width_m=1.86,
    height_m=1.66,
    front_axle_m=1.36,
    rear_axle_m=-1.32,
    wheel_radius_m=0.365,
    clearance_m=0.23,
    top=(
        (-2.25, 1.06), (-2.18, 1.12), (-2.1, 1.2), (-1.84, 1.54), (-1.5, 1.62),
        (-0.3, 1.66), (0.42, 1.6), (1.1, 1.16), (1.28, 1.1), (1.85, 1.0),
        (2.12, 0.88), (2.25, 0.8),
    ),
    belt_rear_m=1.13,
    belt_front_m=1.06,
    glass_rear_m=-2.12,
    glass_front_m=1.13,
    roof_rear_m=-1.82,
    roof_front_m=0.45,
    window_rear_m=-1.74,
    pillars_m=(-0.98, -0.12),
    door_seams_m=(-0.98, -0.12, 0.94),
    has_cladding=True,
    has_rails=True,
)  # fmt: skip

VAN = CarModel(
    name="van",
    length_m=4.96,
    width_m=1.92,
    height_m=1.95,
    front_axle_m=1.56,
    rear_axle_m=-1.42,
    wheel_radius_m=0.34,
    clearance_m=0.2,
    top=(
        (-2.48, 1.06), (-2.4, 1.14), (-2.36, 1.4), (-2.28, 1.84), (-2.08, 1.92),
        (-0.5, 1.95), (0.72, 1.88), (1.52, 1.26), (1.7, 1.17), (2.15, 1.02),
        (2.36, 0.88), (2.48, 0.78),
    ),
    belt_rear_m=1.16,
    belt_front_m=1.1,
    glass_rear_m=-2.43,
    glass_front_m=1.56,
    roof_rear_m=-2.24,
    roof_front_m=0.78,
    window_rear_m=-2.16,
    pillars_m=(-1.2, -0.2, 0.86),
    door_seams_m=(-1.2, -0.2, 1.06),
    pillar_lean=0.1,
    roof_share=1.1,
)  # fmt: skip

DELIVERY_VAN = replace(
    VAN,
    name="delivery_van",
    length_m=5.2,
    width_m=2.0,
    height_m=2.35,
    front_axle_m=1.7,
    rear_axle_m=-1.52,
    wheel_radius_m=0.35,
    clearance_m=0.22,
    top=(
        (-2.6, 1.1), (-2.52, 1.2), (-2.5, 1.5), (-2.45, 2.24), (-2.25, 2.32),
        (-0.5, 2.35), (0.85, 2.26), (1.66, 1.38), (1.84, 1.27), (2.3, 1.08),
        (2.48, 0.94), (2.6, 0.84),
    ),
    belt_rear_m=1.26,
    belt_front_m=1.2,
    glass_rear_m=-2.56,
    glass_front_m=1.7,
    roof_rear_m=-2.47,
    roof_front_m=0.92,
    window_rear_m=0.18,
    pillars_m=(1.08,),
    door_seams_m=(-1.2, 0.1, 1.2),
    pillar_lean=0.0,
    roof_share=1.14,
    rim="steel",
    extra="panels",
)  # fmt: skip

PICKUP = CarModel(
    name="pickup",
    length_m=5.18,
    width_m=1.88,
    height_m=1.78,
    front_axle_m=1.68,
    rear_axle_m=-1.42,
    wheel_radius_m=0.385,
    clearance_m=0.3,
    top=(
        (-2.59, 1.14), (-1.1, 1.15), (-0.92, 1.2), (-0.66, 1.68), (-0.4, 1.75),
        (0.0, 1.78), (0.6, 1.72), (1.28, 1.24), (1.46, 1.18), (2.15, 1.08),
        (2.46, 0.96), (2.59, 0.88),
    ),
    belt_rear_m=1.14,
    belt_front_m=1.12,
    glass_rear_m=-0.95,
    glass_front_m=1.3,
    roof_rear_m=-0.68,
    roof_front_m=0.62,
    window_rear_m=-0.72,
    pillars_m=(0.12,),
    door_seams_m=(-0.82, 0.12, 1.14),
    pillar_lean=0.15,
    bed_m=(-2.46, -1.06),
    bed_floor_m=0.78,
    has_cladding=True,
)  # fmt: skip

TAXI = replace(SALOON, name="taxi", extra="taxi")
PATROL = replace(ESTATE, name="patrol", extra="patrol", has_rails=False)

CAR_MODELS = (
    HATCHBACK, CITY_CAR, SALOON, ESTATE, SUV, VAN, PICKUP, TAXI, PATROL, DELIVERY_VAN,
)  # fmt: skip
MIRROR_REACH_M = 0.17
