"""What a city street consists of and where it stands: values only, no bpy.

Street axes: x to the right across the street, y along its centreline, z up,
metres; the road surface is z = 0 and the camera starts at y = 0 looking towards
+y. `StreetPlan.road` bends the street into the world.
"""

from __future__ import annotations

from dataclasses import dataclass

from blender_scenes.city.motion.drive import Drive
from blender_scenes.city.road import Road

KERB_HEIGHT_M = 0.12
GARDEN_HEIGHT_M = 0.15
FRAMES_PER_SECOND = 24


@dataclass(frozen=True)
class Footprint:
    """Upright box on the ground that moves at a constant velocity.

    Parameters
    ----------
    x_m, y_m : float
        Centre at time 0, the drive's frame 1.
    half_x_m, half_y_m : float
        Half sizes along the street axes.
    velocity_x_m_s, velocity_y_m_s : float
        Constant velocity.
    """

    x_m: float
    y_m: float
    half_x_m: float
    half_y_m: float
    velocity_x_m_s: float = 0.0
    velocity_y_m_s: float = 0.0

    def overlaps(self, other: Footprint, start_s: float, end_s: float) -> bool:
        """Return whether the two boxes ever touch between two times.

        Examples
        --------
        >>> parked, passing = Footprint(0, 9, 1, 1), Footprint(0, 0, 1, 1, 0, 4)
        >>> passing.overlaps(parked, 0, 1), passing.overlaps(parked, 0, 2)
        (False, True)
        """
        first, last = start_s, end_s
        for gap, speed, reach in (
            (
                other.x_m - self.x_m,
                other.velocity_x_m_s - self.velocity_x_m_s,
                self.half_x_m + other.half_x_m,
            ),
            (
                other.y_m - self.y_m,
                other.velocity_y_m_s - self.velocity_y_m_s,
                self.half_y_m + other.half_y_m,
            ),
        ):
            if abs(speed) < 1e-9:
                if abs(gap) >= reach:
                    return False
                continue
            enter, leave = sorted(((-reach - gap) / speed, (reach - gap) / speed))
            first, last = max(first, enter), min(last, leave)
        return first < last


@dataclass(frozen=True)
class Profile:
    """Cross-section of the street and its length.

    Parameters
    ----------
    lanes_each_way : int
        Driving lanes per direction, each `LANE_WIDTH_M` wide.
    parking_left_m, parking_right_m : float
        Width of the strip between the outer lane and the kerb.
    has_parking_left, has_parking_right : bool
        Whether cars park in that strip; else it is a gutter.
    pavement_left_m, pavement_right_m : float
        Kerb to façade.
    start_y_m, end_y_m : float
        The street is closed by buildings at ``end_y_m``.
    """

    lanes_each_way: int
    parking_left_m: float
    parking_right_m: float
    has_parking_left: bool
    has_parking_right: bool
    pavement_left_m: float
    pavement_right_m: float
    start_y_m: float
    end_y_m: float

    def kerb_x_m(self, side: int) -> float:
        """Return x of the kerb on the left (-1) or right (+1)."""
        strip = self.parking_right_m if side > 0 else self.parking_left_m
        return side * (self.lanes_each_way * LANE_WIDTH_M + strip)

    def facade_x_m(self, side: int) -> float:
        """Return x of the building line on the left (-1) or right (+1)."""
        pavement = self.pavement_right_m if side > 0 else self.pavement_left_m
        return self.kerb_x_m(side) + side * pavement

    def has_parking(self, side: int) -> bool:
        """Return whether cars park on that side."""
        return self.has_parking_right if side > 0 else self.has_parking_left


LANE_WIDTH_M = 3.3


@dataclass(frozen=True)
class Junction:
    """A side street crossing at ``y_m``; kerbs and façades lie symmetrically."""

    y_m: float
    half_road_m: float
    pavement_m: float

    @property
    def half_gap_m(self) -> float:
        """Half the distance between the buildings on both sides, metres."""
        return self.half_road_m + self.pavement_m


@dataclass(frozen=True)
class Building:
    """A lot and the style of the house on it.

    ``heading_rad`` 0 faces the façade towards -y; ``open_left`` and
    ``open_right`` say which flanks are seen and get windows, looking at the
    façade from the street. ``detail`` is 2 near the camera's path, 1 farther, 0 in
    the distance.
    """

    x_m: float
    y_m: float
    heading_rad: float
    width_m: float
    depth_m: float
    floors: int
    style: str
    ground_floor: str
    roof: str
    open_left: bool
    open_right: bool
    seed: int
    detail: int = 2


@dataclass(frozen=True)
class Vehicle:
    """A parked or driving vehicle; heading 0 drives towards +y.

    ``model`` is one of `vehicles.VEHICLES`.
    """

    model: str
    footprint: Footprint
    heading_rad: float
    paint_rgb: tuple[float, float, float]
    seed: int = 0

    @property
    def is_moving(self) -> bool:
        """Whether the vehicle drives during the sequence."""
        return self.footprint.velocity_y_m_s != 0 or self.footprint.velocity_x_m_s != 0


@dataclass(frozen=True)
class Person:
    """A walking or standing person; heading 0 looks towards +y."""

    footprint: Footprint
    heading_rad: float
    ground_z_m: float
    height_m: float
    seed: int
    has_umbrella: bool = False

    @property
    def is_walking(self) -> bool:
        """Whether the person moves during the sequence."""
        return self.footprint.velocity_y_m_s != 0 or self.footprint.velocity_x_m_s != 0


@dataclass(frozen=True)
class Rider:
    """Somebody on a bicycle or motorcycle; heading 0 rides towards +y.

    ``kind`` is "bicycle" or "motorcycle".
    """

    kind: str
    footprint: Footprint
    heading_rad: float
    ground_z_m: float
    height_m: float
    seed: int


@dataclass(frozen=True)
class Tree:
    """A street tree: one of a few shared shapes, turned and scaled.

    ``detail`` is 2 near the camera's path, 1 farther, 0 in the distance.
    """

    variant: int
    x_m: float
    y_m: float
    heading_rad: float
    scale: float
    leaf_rgb: tuple[float, float, float]
    detail: int = 2


@dataclass(frozen=True)
class Fixture:
    """A piece of street furniture; heading 0 faces its front towards -y."""

    kind: str
    footprint: Footprint
    heading_rad: float
    ground_z_m: float
    variant: int


@dataclass(frozen=True)
class Garden:
    """Ground with plants between the building line and houses that stand back.

    Parameters
    ----------
    side : int
        -1 left, +1 right.
    low_y_m, high_y_m : float
        Its stretch of the street.
    depth_m : float
        Building line to façade.
    """

    side: int
    low_y_m: float
    high_y_m: float
    depth_m: float


@dataclass(frozen=True)
class Wire:
    """A wire that sags between two points of the street axes, metres."""

    start_m: tuple[float, float, float]
    end_m: tuple[float, float, float]
    sag_m: float
    radius_m: float


@dataclass(frozen=True)
class Camera:
    """A dash camera driving along its lane at ``x_m``."""

    x_m: float
    height_m: float
    drive: Drive
    lens_mm: float
    pitch_rad: float
    sway_phase_rad: float


SEASONS = ("spring", "summer", "autumn", "winter")
WEATHERS = ("clear", "cloudy", "overcast", "rain", "fog", "snow")


@dataclass(frozen=True)
class Setting:
    """When it is, and in what weather.

    Parameters
    ----------
    season : str
        One of `SEASONS`.
    weather : str
        One of `WEATHERS`.
    hour : float
        Local solar time, 0 to 24 hours; 12 is noon.
    """

    season: str = "summer"
    weather: str = "clear"
    hour: float = 13.0


@dataclass(frozen=True)
class Atmosphere:
    """Sun, sky, air and what the weather left on the ground.

    Parameters
    ----------
    sun_elevation_rad, sun_azimuth_rad : float
        Azimuth is counted from the street's first direction, +y, towards +x; an
        elevation below 0 is night.
    sun_strength : float
        0 (hidden or set) to 1 (clear).
    cloud_cover : float
        0 to 1.
    haze : float
        Aerosol density of the sky texture.
    fog_per_m : float
        Extinction coefficient of the air, 1/m.
    wetness, snow_cover : float
        0 to 1, of the ground and what faces up.
    lamps_lit : float
        0 by day, 1 by night: street lamps, windows, signs and vehicles.
    """

    sun_elevation_rad: float
    sun_azimuth_rad: float
    sun_strength: float
    cloud_cover: float
    haze: float
    fog_per_m: float = 0.0
    wetness: float = 0.0
    snow_cover: float = 0.0
    lamps_lit: float = 0.0


@dataclass(frozen=True)
class StreetPlan:
    """Everything that a street holds, ready to be built.

    Frames are times of one drive, which is planned whole: frame 1 is time 0. Which
    of them are asked for changes nothing else of the plan.

    Parameters
    ----------
    seed : int
    first_frame, last_frame : int
        The frames asked for, both included; they get keyframes.
    drive_first, drive_last : int
        The frames of the whole drive, both included.
    road : Road
        The centreline: street axes to world axes.
    setting : Setting
    atmosphere : Atmosphere
        What the setting makes of sun, sky and ground.
    """

    seed: int
    first_frame: int
    last_frame: int
    drive_first: int
    drive_last: int
    road: Road
    profile: Profile
    setting: Setting
    atmosphere: Atmosphere
    junctions: tuple[Junction, ...]
    buildings: tuple[Building, ...]
    skyline: tuple[Building, ...]
    vehicles: tuple[Vehicle, ...]
    people: tuple[Person, ...]
    riders: tuple[Rider, ...]
    trees: tuple[Tree, ...]
    fixtures: tuple[Fixture, ...]
    gardens: tuple[Garden, ...]
    wires: tuple[Wire, ...]
    camera: Camera

    @property
    def start_s(self) -> float:
        """Time one frame before the drive's first, seconds."""
        return frame_time_s(self.drive_first - 1)

    @property
    def end_s(self) -> float:
        """Time one frame after the drive's last, seconds."""
        return frame_time_s(self.drive_last + 1)


def frame_time_s(frame: int) -> float:
    """Return the time of a frame of the drive, seconds; frame 1 is time 0.

    Examples
    --------
    >>> frame_time_s(1), frame_time_s(25)
    (0.0, 1.0)
    """
    return (frame - 1) / FRAMES_PER_SECOND
