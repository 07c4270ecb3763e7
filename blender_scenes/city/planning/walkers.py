"""Plans people on foot: walking, crossing, standing, alone and in pairs; no bpy."""

from __future__ import annotations

import numpy as np

from blender_scenes.city.people.people import person_random
from blender_scenes.city.plan import KERB_HEIGHT_M, Footprint, Junction, Person
from blender_scenes.city.planning.rooms import Rooms, Stage, room_on_road

_MARGIN_M = 0.12
_HALF_WIDTH_M = 0.36
# A stride reaches farther than the shoulders, and so does a hand with a phone.
_HALF_STRIDE_M, _HALF_STANDING_M = 0.6, 0.44
# An umbrella in the right hand reaches farther than anything.
_HALF_UMBRELLA_M = 0.78
_UMBRELLA_SHARE = 0.6
_PAIR_SPACING_M = 0.87
_PAIR_SHARE, _STANDING_SHARE = 0.28, 0.22
_WALKING_M_S = (1.0, 1.6)
# People per metre of either pavement; where the drive starts they are seen large.
_PEOPLE_PER_M = 0.13
_FIRST_M, _FIRST_PEOPLE = (3.5, 26.0), (4, 8)
_TRIES = 10


class WalkerPlanner:
    """Places people one by one, each clear of all that was planned before."""

    def __init__(self, rng: np.random.Generator, stage: Stage, rooms: Rooms) -> None:
        self._rng = rng
        self._stage = stage
        self._rooms = rooms

    def crossing(self) -> list[Person]:
        """Return people on zebra crossings while the camera comes near.

        They come along one side street and go on along the other.
        """
        people: list[Person] = []
        stage, rng = self._stage, self._rng
        times = np.linspace(stage.start_s, stage.end_s, 200)
        camera_y_m = stage.camera.drive.y_m(times)
        for junction in stage.junctions:
            for end in (-1, 1):
                if rng.random() < 0.35:
                    continue
                y_m = junction.y_m + end * self._beside_side_street_m(junction)
                seen_from_m = y_m - rng.uniform(14.0, 55.0)
                time_s = float(np.interp(seen_from_m, camera_y_m, times))
                heading = float(rng.choice([-1, 1])) * np.pi / 2
                speed = float(rng.uniform(1.1, 1.6))
                reach_m = abs(stage.profile.kerb_x_m(-1)) - 1.0
                # Nobody dawdles in front of the camera: on its half is who leaves it.
                x_m = float(rng.uniform(-reach_m, reach_m))
                x_m += np.sin(heading) * speed * time_s
                people += self._people(x_m, y_m, heading, speed, 0.0)
        return people

    def on_pavements(self) -> list[Person]:
        """Return people who walk along both pavements or stand on them."""
        people: list[Person] = []
        profile, rng = self._stage.profile, self._rng
        low_m, high_m = profile.start_y_m + 3.0, profile.end_y_m - 24.0
        for side in (-1, 1):
            count = int(_PEOPLE_PER_M * (high_m - low_m))
            first = rng.uniform(*_FIRST_M, int(rng.integers(*_FIRST_PEOPLE)))
            for y_m in (*first, *rng.uniform(low_m, high_m, count)):
                if rng.random() < _STANDING_SHARE:
                    people += self._standing(side, float(y_m))
                else:
                    people += self._walking(side, float(y_m))
            for junction in self._stage.junctions:
                people += self._waiting(side, junction)
        return people

    def _walking(self, side: int, y_m: float) -> list[Person]:
        """Return who walks along a pavement, and over side streets on the way."""
        rng = self._rng
        heading = 0.0 if rng.random() < 0.5 else np.pi
        speed = float(rng.uniform(*_WALKING_M_S))
        wants_pair = rng.random() < _PAIR_SHARE
        for _ in range(_TRIES):
            x_m = self._across_m(side, float(rng.uniform(0.25, 0.88)))
            y_try_m = y_m + float(rng.uniform(-6.0, 6.0))
            found = self._people(
                x_m, y_try_m, heading, speed, KERB_HEIGHT_M, wants_pair=wants_pair
            )
            if found:
                return found
        return []

    def _standing(self, side: int, y_m: float) -> list[Person]:
        """Return who stands at the kerb or before a window, or two who talk."""
        rng = self._rng
        if any(abs(y_m - j.y_m) < j.half_gap_m for j in self._stage.junctions):
            return []
        if rng.random() < 0.3:
            x_m = self._across_m(side, float(rng.uniform(0.3, 0.8)))
            friend_y_m = y_m + 2 * _HALF_STANDING_M + _MARGIN_M
            friend = self._person(x_m, friend_y_m, np.pi, 0.0, KERB_HEIGHT_M)
            return friend + self._person(x_m, y_m - 0.01, 0.0, 0.0, KERB_HEIGHT_M)
        looks_in = rng.random() < 0.6
        x_m = self._across_m(side, 0.86 if looks_in else 0.16)
        heading = (-side if looks_in else side) * np.pi / 2 + rng.uniform(-0.5, 0.5)
        return self._person(x_m, y_m, heading, 0.0, KERB_HEIGHT_M)

    def _waiting(self, side: int, junction: Junction) -> list[Person]:
        """Return who waits at a crossing for the camera to pass, or nobody."""
        if self._rng.random() < 0.5:
            return []
        end = int(self._rng.choice([-1, 1]))
        y_m = junction.y_m + end * self._beside_side_street_m(junction)
        x_m = self._across_m(side, float(self._rng.uniform(0.14, 0.26)))
        heading = side * np.pi / 2 + self._rng.uniform(-0.3, 0.3)
        return self._person(x_m, y_m, heading, 0.0, KERB_HEIGHT_M)

    def _beside_side_street_m(self, junction: Junction) -> float:
        """Return where on a side street's pavement one walks, from its centre line."""
        within_m = self._rng.uniform(1.4, max(1.5, junction.pavement_m - 0.7))
        return junction.half_road_m + float(within_m)

    def _across_m(self, side: int, share: float) -> float:
        """Return x at a share of the pavement, 0 at the kerb and 1 at the façade."""
        profile = self._stage.profile
        kerb_m, facade_m = abs(profile.kerb_x_m(side)), abs(profile.facade_x_m(side))
        half_m = _HALF_UMBRELLA_M if self._stage.is_raining else _HALF_STANDING_M
        inside_m = kerb_m + share * (facade_m - kerb_m)
        low_m, high_m = kerb_m + half_m + _MARGIN_M, facade_m - half_m - _MARGIN_M
        return side * float(np.clip(inside_m, low_m, high_m))

    def _people(
        self,
        x_m: float,
        y_m: float,
        heading_rad: float,
        speed_m_s: float,
        ground_z_m: float,
        *,
        wants_pair: bool = False,
    ) -> list[Person]:
        """Return one person, or two side by side where there is room for both."""
        found = self._person(x_m, y_m, heading_rad, speed_m_s, ground_z_m)
        if found and wants_pair:
            beside_m = x_m - np.sign(x_m) * _PAIR_SPACING_M
            kerb_m = abs(self._stage.profile.kerb_x_m(1 if x_m > 0 else -1))
            if abs(beside_m) > kerb_m + _HALF_WIDTH_M:
                y_pair_m = y_m + self._rng.uniform(-0.15, 0.15)
                found += self._person(
                    beside_m, y_pair_m, heading_rad, speed_m_s, ground_z_m
                )
        return found

    def _person(
        self,
        x_m: float,
        y_m: float,
        heading_rad: float,
        speed_m_s: float,
        ground_z_m: float,
    ) -> list[Person]:
        """Return one person with a free place, or nobody."""
        rng = self._rng
        has_umbrella = self._stage.is_raining and rng.random() < _UMBRELLA_SHARE
        half_m = (_HALF_WIDTH_M, _HALF_STRIDE_M)
        if not speed_m_s:
            half_m = (_HALF_STANDING_M, _HALF_STANDING_M)
        if has_umbrella:
            half_m = (_HALF_UMBRELLA_M, _HALF_UMBRELLA_M)
        is_across = abs(np.sin(heading_rad)) > 0.5
        box = Footprint(
            float(x_m),
            float(y_m),
            *(half_m[::-1] if is_across else half_m),
            velocity_x_m_s=float(np.round(-np.sin(heading_rad), 9) * speed_m_s),
            velocity_y_m_s=float(np.round(np.cos(heading_rad), 9) * speed_m_s),
        )
        footprint = room_on_road(self._stage, box)
        if not self._rooms.take(footprint, _MARGIN_M):
            return []
        return [
            person_random(
                rng,
                footprint,
                float(heading_rad),
                ground_z_m,
                has_umbrella=has_umbrella,
            )
        ]
