"""Plans cars and people so that nothing ever touches; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.plan import (
    FRAMES_PER_SECOND,
    KERB_HEIGHT_M,
    LANE_WIDTH_M,
    Camera,
    Footprint,
    Junction,
    Person,
    Profile,
    Vehicle,
)
from blender_scenes.city.vehicles import VEHICLES, vehicle_size_m

# The camera's own car, and the room that it keeps.
CAMERA_HALF_WIDTH_M = 0.95
CAMERA_HALF_LENGTH_M = 6.0
PARKED_GAP_FROM_KERB_M = 0.16
_PARKED_FREE_OF_JUNCTION_M = 7.0
_CAR_MARGIN_M = 0.35
_PERSON_MARGIN_M = 0.12
_PERSON_HALF_M = 0.36
# Greys, white and black make up most traffic; the rest are muted colours.
PAINTS_RGB = (
    (0.62, 0.63, 0.64),
    (0.3, 0.31, 0.33),
    (0.1, 0.11, 0.12),
    (0.015, 0.016, 0.018),
    (0.78, 0.77, 0.74),
    (0.28, 0.02, 0.02),
    (0.02, 0.06, 0.2),
    (0.03, 0.11, 0.16),
    (0.04, 0.1, 0.05),
    (0.45, 0.36, 0.2),
    (0.6, 0.42, 0.03),
    (0.2, 0.1, 0.05),
)
_PAINT_SHARES = np.array([4, 4, 4, 4, 4, 2, 2, 1, 1, 1, 0.7, 1])


class TrafficPlanner:
    """Places cars and people one by one, each clear of all placed before."""

    def __init__(
        self,
        rng: np.random.Generator,
        profile: Profile,
        junctions: tuple[Junction, ...],
        camera: Camera,
        obstacles: tuple[Footprint, ...],
        duration_s: float,
    ) -> None:
        self._rng = rng
        self._profile = profile
        self._junctions = junctions
        self._camera = camera
        self._start_s = -1.0 / FRAMES_PER_SECOND
        self._end_s = duration_s
        self._taken = [*obstacles, camera_footprint(camera)]

    def plan(self) -> tuple[tuple[Vehicle, ...], tuple[Person, ...]]:
        """Return all cars and people of the street."""
        cars = [*self._leading_cars(), *self._lane_cars(), *self._side_street_cars()]
        cars += self._parked_cars()
        people = [*self._people_crossing(), *self._people_on_pavements()]
        return tuple(cars), tuple(people)

    def _take(self, footprint: Footprint, margin_m: float) -> bool:
        """Reserve the place if it is free at all times."""
        padded = Footprint(
            footprint.x_m,
            footprint.y_m,
            footprint.half_x_m + margin_m,
            footprint.half_y_m + margin_m,
            footprint.velocity_x_m_s,
            footprint.velocity_y_m_s,
        )
        if any(padded.overlaps(t, self._start_s, self._end_s) for t in self._taken):
            return False
        self._taken.append(footprint)
        return True

    def _car(
        self,
        x_m: float,
        y_m: float,
        heading_rad: float = 0.0,
        speed_m_s: float = 0.0,
        *,
        from_kerb_side: int = 0,
    ) -> Vehicle | None:
        """Return a car with a free place, or None; a kerb side makes x its kerb."""
        shares = [0.32, 0.24, 0.16, 0.18, 0.1]
        model = str(self._rng.choice(list(VEHICLES), p=shares))
        width_m, length_m, _ = vehicle_size_m(model)
        is_across = abs(np.sin(heading_rad)) > 0.5
        half_m = (width_m / 2, length_m / 2)
        if from_kerb_side:
            x_m -= from_kerb_side * (half_m[0] + PARKED_GAP_FROM_KERB_M)
        footprint = Footprint(
            float(x_m),
            float(y_m),
            *(half_m[::-1] if is_across else half_m),
            velocity_x_m_s=float(np.round(-np.sin(heading_rad), 9) * speed_m_s),
            velocity_y_m_s=float(np.round(np.cos(heading_rad), 9) * speed_m_s),
        )
        if not self._take(footprint, _CAR_MARGIN_M):
            return None
        paint = self._rng.choice(
            len(PAINTS_RGB), p=_PAINT_SHARES / float(_PAINT_SHARES.sum())
        )
        return Vehicle(model, footprint, float(heading_rad), PAINTS_RGB[int(paint)])

    def _leading_cars(self) -> list[Vehicle]:
        """Return cars ahead in the camera's own lane, never caught up with."""
        cars = []
        y_m = float(self._rng.uniform(9.5, 22.0))
        for _ in range(int(self._rng.integers(0, 4))):
            slack_m_s = max(0.0, (y_m - 9.0) / max(self._end_s, 1.0))
            speed = self._camera.speed_m_s + self._rng.uniform(
                -min(2.0, slack_m_s), 1.5
            )
            car = self._car(self._camera.x_m + 0.1, y_m, 0.0, speed)
            cars += [car] if car else []
            y_m += float(self._rng.uniform(16.0, 34.0))
        return cars

    def _lane_cars(self) -> list[Vehicle]:
        """Return traffic in the other lanes, both ways."""
        cars = []
        lanes = self._profile.lanes_each_way
        for lane in range(-lanes, lanes):
            x_m = (lane + 0.5) * LANE_WIDTH_M
            if abs(x_m - self._camera.x_m) < LANE_WIDTH_M / 2:
                continue
            heading = 0.0 if lane >= 0 else np.pi
            speed = float(self._rng.uniform(8.0, 12.0))
            y_m = float(self._rng.uniform(7.0, 18.0))
            while y_m < self._profile.end_y_m - 40.0:
                car = self._car(x_m + self._rng.uniform(-0.2, 0.2), y_m, heading, speed)
                cars += [car] if car else []
                y_m += float(self._rng.uniform(12.0, 40.0))
        return cars

    def _side_street_cars(self) -> list[Vehicle]:
        """Return cars waiting in the side streets for the main street."""
        cars = []
        for junction in self._junctions:
            for side in (-1, 1):
                if self._rng.random() < 0.3:
                    continue
                x_m = self._profile.kerb_x_m(side) + side * self._rng.uniform(4.5, 8.0)
                # Right-hand traffic: whoever comes from the right drives on +y's side.
                y_m = junction.y_m + side * junction.half_road_m / 2
                car = self._car(x_m, y_m, side * np.pi / 2)
                cars += [car] if car else []
        return cars

    def _parked_cars(self) -> list[Vehicle]:
        cars = []
        for side in (-1, 1):
            if not self._profile.has_parking(side):
                continue
            y_m = self._profile.start_y_m + 4.0
            share = float(self._rng.uniform(0.6, 0.92))
            while y_m < self._profile.end_y_m - 22.0:
                y_m += float(self._rng.uniform(5.4, 6.6))
                blocked = any(
                    abs(y_m - j.y_m) < j.half_road_m + _PARKED_FREE_OF_JUNCTION_M
                    for j in self._junctions
                )
                if blocked or self._rng.random() > share:
                    continue
                faces_back = side < 0
                car = self._car(
                    self._profile.kerb_x_m(side),
                    y_m,
                    np.pi if faces_back else 0.0,
                    from_kerb_side=side,
                )
                cars += [car] if car else []
        return cars

    def _person(
        self, x_m: float, y_m: float, heading_rad: float, speed_m_s: float, z_m: float
    ) -> list[Person]:
        """Return one person with a free place, or nobody."""
        footprint = Footprint(
            float(x_m),
            float(y_m),
            _PERSON_HALF_M,
            _PERSON_HALF_M,
            velocity_x_m_s=float(-np.sin(heading_rad) * speed_m_s),
            velocity_y_m_s=float(np.cos(heading_rad) * speed_m_s),
        )
        if not self._take(footprint, _PERSON_MARGIN_M):
            return []
        return [
            Person(
                footprint=footprint,
                heading_rad=float(heading_rad),
                ground_z_m=z_m,
                height_m=float(np.clip(self._rng.normal(1.72, 0.08), 1.55, 1.92)),
                seed=int(self._rng.integers(2**31)),
            )
        ]

    def _people_crossing(self) -> list[Person]:
        """Return people on the zebra crossings, away from the kerbs."""
        people: list[Person] = []
        for junction in self._junctions[:2]:
            near_y_m = junction.y_m - junction.half_road_m - 2.3
            for _ in range(int(self._rng.integers(1, 4))):
                heading = float(self._rng.choice([-1, 1])) * np.pi / 2
                reach = abs(self._profile.kerb_x_m(-1)) - 1.5
                x_m = self._rng.uniform(-reach, reach)
                y_m = near_y_m + self._rng.uniform(-0.7, 0.7)
                people += self._person(x_m, y_m, heading, 1.3, 0.0)
        return people

    def _people_on_pavements(self) -> list[Person]:
        people: list[Person] = []
        for side in (-1, 1):
            kerb, facade = self._profile.kerb_x_m(side), self._profile.facade_x_m(side)
            # Half of them where the camera sees them large.
            places = np.concatenate(
                [
                    self._rng.uniform(3.5, 26.0, int(self._rng.integers(6, 12))),
                    self._rng.uniform(26.0, 95.0, int(self._rng.integers(5, 11))),
                ]
            )
            for y_m in places:
                if any(abs(y_m - j.y_m) < j.half_gap_m for j in self._junctions):
                    continue
                is_standing = self._rng.random() < 0.22
                share = 0.15 if is_standing else self._rng.uniform(0.4, 0.85)
                x_m = kerb + share * (facade - kerb)
                forward = 0.0 if self._rng.random() < 0.5 else np.pi
                turn = self._rng.uniform(-0.5, 0.5) if is_standing else 0.0
                heading = side * np.pi / 2 + turn if is_standing else forward
                speed = 0.0 if is_standing else float(self._rng.uniform(1.0, 1.6))
                people += self._person(x_m, float(y_m), heading, speed, KERB_HEIGHT_M)
        return people


def camera_footprint(camera: Camera) -> Footprint:
    """Return the room that the camera's car keeps for itself while it drives."""
    return Footprint(
        camera.x_m,
        0.0,
        CAMERA_HALF_WIDTH_M,
        CAMERA_HALF_LENGTH_M,
        velocity_y_m_s=camera.speed_m_s,
    )
