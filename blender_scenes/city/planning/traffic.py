"""Plans vehicles and riders, each clear of all that was planned before; no bpy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from blender_scenes.city.people.riders import rider_random, rider_size_m
from blender_scenes.city.plan import (
    LANE_WIDTH_M,
    Footprint,
    Junction,
    Person,
    Rider,
    Vehicle,
)
from blender_scenes.city.planning.rooms import (
    CAMERA_HALF_LENGTH_M,
    Rooms,
    Stage,
    room_on_road,
)
from blender_scenes.city.planning.walkers import WalkerPlanner
from blender_scenes.city.vehicles.vehicles import (
    vehicle_label,
    vehicle_random,
    vehicle_size_m,
)

PARKED_GAP_FROM_KERB_M = 0.16
_PARKED_FREE_OF_JUNCTION_M = 7.0
_DRIVING_MARGIN_M, _PARKED_MARGIN_M, _CYCLING_MARGIN_M = 0.35, 0.12, 0.12
_CYCLING_M_S = (3.8, 6.5)
_MOTORCYCLE_SHARE = 0.07
_CROSSING_SHARE = 0.6
_WAITING_SHARE = 0.6
# Traffic fills the street from behind the camera to as far as one sees.
_BEHIND_M, _AHEAD_M = 26.0, 215.0
_TRIES, _TRY_STEP_M = 8, 2.0


class Movement(NamedTuple):
    """Everything on the street that moves or could."""

    vehicles: tuple[Vehicle, ...]
    people: tuple[Person, ...]
    riders: tuple[Rider, ...]


def movement_random(
    rng: np.random.Generator, stage: Stage, obstacles: tuple[Footprint, ...]
) -> Movement:
    """Return vehicles, people and riders that touch neither each other nor obstacles.

    Each moves at a constant velocity in street axes during the whole drive.
    """
    rooms = Rooms(stage, obstacles)
    traffic = TrafficPlanner(rng, stage, rooms)
    walkers = WalkerPlanner(rng, stage, rooms)
    # Traffic leaves gaps for whoever crosses, so these are planned before it.
    traffic.add_leading()
    people = walkers.crossing()
    traffic.add_cross_traffic()
    traffic.add_lanes()
    traffic.add_bicycles()
    traffic.add_waiting()
    traffic.add_parked()
    people += walkers.on_pavements()
    return Movement(tuple(traffic.vehicles), tuple(people), tuple(traffic.riders))


class TrafficPlanner:
    """Places vehicles and riders one by one."""

    def __init__(self, rng: np.random.Generator, stage: Stage, rooms: Rooms) -> None:
        self.vehicles: list[Vehicle] = []
        self.riders: list[Rider] = []
        self._rng = rng
        self._stage = stage
        self._rooms = rooms
        self._lanes = stage.profile.lanes_each_way
        self._times_s = np.linspace(stage.start_s, stage.end_s, 200)
        self._camera_y_m = stage.camera.drive.y_m(self._times_s)

    def add_leading(self) -> None:
        """Add what drives ahead in the camera's own lane and is never caught up."""
        camera = self._stage.camera
        first, last = self._camera_y_m[0], self._camera_y_m[-1]
        mean = (last - first) / (self._stage.end_s - self._stage.start_s)
        speed = float(mean * self._rng.uniform(0.99, 1.03))
        nearest = float(np.max(self._camera_y_m - speed * self._times_s))
        y_m = nearest + CAMERA_HALF_LENGTH_M + self._rng.uniform(3.0, 16.0)
        x_m = (camera.x_m // LANE_WIDTH_M + 0.5) * LANE_WIDTH_M
        for number in range(int(self._rng.choice([0, 1, 2, 3, 4]))):
            # A lorry or a bus right ahead would hide the street all the time.
            length_m = self._drive(x_m, y_m, 0.0, speed, only_cars=number == 0)
            y_m += length_m + self._rng.uniform(9.0, 28.0)

    def add_lanes(self) -> None:
        """Add traffic in the other lanes, both ways, with gaps between."""
        for lane in range(-self._lanes, self._lanes):
            x_m = (lane + 0.5) * LANE_WIDTH_M
            if abs(x_m - self._stage.camera.x_m) < LANE_WIDTH_M / 2:
                continue
            heading = 0.0 if lane >= 0 else np.pi
            mean = (self._camera_y_m[-1] - self._camera_y_m[0]) / np.ptp(self._times_s)
            speed = float(np.clip(mean * self._rng.uniform(0.85, 1.2), 6.0, 13.0))
            y_m, end_m = self._window(speed if lane >= 0 else -speed)
            y_m += self._rng.uniform(0.0, 12.0)
            while y_m < end_m:
                y_m += self._drive(x_m, y_m, heading, speed)
                y_m += self._rng.uniform(8.0, 34.0)

    def add_cross_traffic(self) -> None:
        """Add vehicles that cross the junctions before the camera gets there."""
        for junction, side in self._side_streets():
            ahead_m = self._rng.uniform(14.0, 70.0)
            time_s = np.interp(
                junction.y_m - ahead_m, self._camera_y_m, self._times_s, right=np.nan
            )
            if self._rng.random() > _CROSSING_SHARE or np.isnan(time_s):
                continue
            speed = float(self._rng.uniform(6.0, 8.5))
            y_m = junction.y_m + side * junction.half_road_m / 2
            heading = side * np.pi / 2
            self._drive(side * speed * float(time_s), y_m, heading, speed, tries=1)

    def add_bicycles(self) -> None:
        """Add cyclists at the right edge of the outer lanes, both ways."""
        for side in (-1, 1):
            speed = float(self._rng.uniform(*_CYCLING_M_S))
            # Doors of parked cars open into the strip beside them.
            edge_m = -0.12 if self._stage.profile.has_parking(side) else 0.05
            x_m = side * (self._lanes * LANE_WIDTH_M + edge_m)
            heading = 0.0 if side > 0 else np.pi
            y_m, end_m = self._window(side * speed)
            y_m += self._rng.uniform(0.0, 20.0)
            while y_m < end_m:
                for y_try_m in self._tries(y_m):
                    if self._ride("bicycle", x_m, y_try_m, heading, speed):
                        break
                y_m += self._rng.uniform(22.0, 80.0)

    def add_waiting(self) -> None:
        """Add vehicles that wait in the side streets for the main street."""
        for junction, side in self._side_streets():
            if self._rng.random() > _WAITING_SHARE:
                continue
            facade_m = self._stage.profile.facade_x_m(side)
            # Right-hand traffic: whoever comes from the right drives on +y's side.
            y_m = junction.y_m + side * junction.half_road_m / 2
            model, paint = vehicle_random(self._rng)
            nose_m = self._rng.uniform(0.4, 2.5)
            x_m = facade_m + side * (nose_m + vehicle_size_m(model)[1] / 2)
            self._vehicle(model, paint, x_m, y_m, side * np.pi / 2)

    def add_parked(self) -> None:
        """Add parked vehicles along kerbs that have a strip for them."""
        profile = self._stage.profile
        for side in (-1, 1):
            if not profile.has_parking(side):
                continue
            y_m = profile.start_y_m + 4.0
            share = float(self._rng.uniform(0.6, 0.92))
            while y_m < profile.end_y_m - 22.0:
                y_m += float(self._rng.uniform(5.4, 6.6))
                blocked = any(
                    abs(y_m - j.y_m) < j.half_road_m + _PARKED_FREE_OF_JUNCTION_M
                    for j in self._stage.junctions
                )
                if blocked or self._rng.random() > share:
                    continue
                model, paint = vehicle_random(self._rng, is_parked=True)
                inset_m = vehicle_size_m(model)[0] / 2 + PARKED_GAP_FROM_KERB_M
                x_m = profile.kerb_x_m(side) - side * inset_m
                heading = 0.0 if side > 0 else np.pi
                self._vehicle(
                    model, paint, x_m, y_m, heading, margin_m=_PARKED_MARGIN_M
                )

    def _side_streets(self) -> Iterator[tuple[Junction, int]]:
        for junction in self._stage.junctions:
            for side in (-1, 1):
                yield junction, side

    def _window(self, velocity_m_s: float) -> tuple[float, float]:
        """Return between which y at time 0 a lane's traffic is ever in sight."""
        starts = self._camera_y_m - velocity_m_s * self._times_s
        return float(starts.min()) - _BEHIND_M, float(starts.max()) + _AHEAD_M

    def _tries(self, y_m: float) -> Iterator[float]:
        yield from (y_m + _TRY_STEP_M * n for n in range(_TRIES))

    def _drive(
        self,
        x_m: float,
        y_m: float,
        heading_rad: float,
        speed_m_s: float,
        *,
        tries: int = _TRIES,
        only_cars: bool = False,
    ) -> float:
        """Add a vehicle or motorcycle near a place; return the room it took, metres."""
        if self._rng.random() < _MOTORCYCLE_SHARE:
            half_m = rider_size_m("motorcycle")[1] / 2
            for n in range(tries):
                y_try_m = y_m + half_m + _TRY_STEP_M * n
                if self._ride("motorcycle", x_m, y_try_m, heading_rad, speed_m_s):
                    return _TRY_STEP_M * n + 2 * half_m
            return 0.0
        model, paint = vehicle_random(self._rng)
        while only_cars and vehicle_label(model) != "Car":
            model, paint = vehicle_random(self._rng)
        is_across = abs(np.sin(heading_rad)) > 0.5
        half_m = 0.0 if is_across else vehicle_size_m(model)[1] / 2
        x_m += self._rng.uniform(-0.15, 0.15)
        for n in range(tries):
            y_try_m = y_m + half_m + _TRY_STEP_M * n
            if self._vehicle(model, paint, x_m, y_try_m, heading_rad, speed_m_s):
                return _TRY_STEP_M * n + 2 * half_m
        return 0.0

    def _vehicle(
        self,
        model: str,
        paint_rgb: tuple[float, float, float],
        x_m: float,
        y_m: float,
        heading_rad: float,
        speed_m_s: float = 0.0,
        *,
        margin_m: float = _DRIVING_MARGIN_M,
    ) -> bool:
        """Add a vehicle if its place is free."""
        width_m, length_m, _ = vehicle_size_m(model)
        footprint = self._footprint(
            x_m, y_m, heading_rad, speed_m_s, (width_m / 2, length_m / 2)
        )
        if not self._rooms.take(footprint, margin_m):
            return False
        seed = int(self._rng.integers(2**31))
        self.vehicles.append(
            Vehicle(model, footprint, float(heading_rad), paint_rgb, seed)
        )
        return True

    def _ride(
        self, kind: str, x_m: float, y_m: float, heading_rad: float, speed_m_s: float
    ) -> bool:
        """Add a rider if its place is free."""
        width_m, length_m = rider_size_m(kind)
        footprint = self._footprint(
            x_m, y_m, heading_rad, speed_m_s, (width_m / 2, length_m / 2)
        )
        margin_m = _CYCLING_MARGIN_M if kind == "bicycle" else _DRIVING_MARGIN_M
        if not self._rooms.take(footprint, margin_m):
            return False
        self.riders.append(rider_random(self._rng, kind, footprint, float(heading_rad)))
        return True

    def _footprint(
        self,
        x_m: float,
        y_m: float,
        heading_rad: float,
        speed_m_s: float,
        half_m: tuple[float, float],
    ) -> Footprint:
        is_across = abs(np.sin(heading_rad)) > 0.5
        box = Footprint(
            float(x_m),
            float(y_m),
            *(half_m[::-1] if is_across else half_m),
            velocity_x_m_s=float(np.round(-np.sin(heading_rad), 9) * speed_m_s),
            velocity_y_m_s=float(np.round(np.cos(heading_rad), 9) * speed_m_s),
        )
        return room_on_road(self._stage, box)
