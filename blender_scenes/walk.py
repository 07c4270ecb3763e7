"""Walks through all frames of a scene once, before the first is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blender_scenes.camera_track import CameraTrack, bake_camera
from blender_scenes.colour import ViewExposure, view_exposure
from blender_scenes.events import EventWriter
from blender_scenes.flow_validity import MotionWatch, UnknownFlow
from blender_scenes.impossible_places import PlaceWatch
from blender_scenes.notes import Note
from blender_scenes.spec import RenderSpec


@dataclass(frozen=True)
class Walk:
    """What was seen on the way.

    Parameters
    ----------
    track : CameraTrack
    exposures : dict
        Frame number -> exposure of the view.
    unknown_flow : UnknownFlow
    notes : tuple of Note
        What is at NaN or infinity.
    """

    track: CameraTrack
    exposures: dict[int, ViewExposure]
    unknown_flow: UnknownFlow
    notes: tuple[Note, ...]


def walk_through(
    scene: Any, frames: tuple[int, int], render: RenderSpec, events: EventWriter
) -> Walk:
    """Bake the camera from the first to the last frame, and look at each.

    Every frame is an event: a scene that is slow to evaluate is not one that hangs.

    Raises
    ------
    SceneError
        If a frame has no camera, or one that is not a plain perspective camera.
    """
    first, last = frames
    watch, places = MotionWatch(scene), PlaceWatch()
    exposures: dict[int, ViewExposure] = {}

    def look(number: int) -> None:
        watch.look(number)
        places.look(number)
        if number <= last:
            exposures[number] = view_exposure(scene, render)
        events.walk(number - first + 1, last - first + 2)

    with watch.watching():
        track = bake_camera(scene, frames, render, look)
    flow = watch.unknown_flow(track.cuts)
    return Walk(track, exposures, flow, tuple(places.notes()))
