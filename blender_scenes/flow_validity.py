"""Finds the objects whose flow means nothing, while all frames are walked through.

Cycles gives a flow of 0, or of other vertices, where it does not know how a surface
moves to the next frame: of what is hidden there, of what has other vertices there, and
of what begins to deform there (bpy 5.0.1).
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from blender_scenes.frame_facts import frames_in_words
from blender_scenes.instances import RENDERED_TYPES, InstanceTable
from blender_scenes.notes import Note
from blender_scenes.one_surface import hold_still

# Cycles gets them as meshes of their own and compares their vertices at every frame.
MESHED_TYPES = frozenset({"CURVE", "SURFACE", "FONT", "META"})
NAMES_SHOWN = 6
COPY_BITS = 47  # and 15 of the pass index

Reason = str
HIDDEN: Reason = "hidden in the next frame"
TOPOLOGY: Reason = "has other vertices in the next frame"
ASLEEP: Reason = "its modifiers begin to move it in the next frame"


class Shape(NamedTuple):
    """What tells two evaluated geometries apart: checksums."""

    topology: tuple[int, ...]
    points: int


@dataclass(frozen=True)
class UnknownFlow:
    """Where flow means nothing.

    Parameters
    ----------
    cuts : frozenset of int
        Frames whose next is seen by another camera: nothing has flow.
    objects : dict
        Frame number -> instance numbers without flow.
    reasons : dict
        Reason -> instance number -> frames, for people.
    """

    cuts: frozenset[int] = frozenset()
    objects: Mapping[int, frozenset[int]] = field(default_factory=lambda: {})
    reasons: Mapping[Reason, Mapping[int, tuple[int, ...]]] = field(
        default_factory=lambda: {}
    )

    def masked(
        self,
        flow_px: NDArray[np.float32],
        number: int,
        instance: NDArray[np.uint32],
        is_sky: NDArray[np.bool_],
    ) -> NDArray[np.float32]:
        """Return the flow of a frame, NaN where it means nothing.

        Parameters
        ----------
        flow_px : ndarray (H, W, 2)
        number : int
            The frame.
        instance : ndarray (H, W)
        is_sky : ndarray (H, W)
        """
        if number in self.cuts:
            return np.full_like(flow_px, np.nan)
        unknown = self.objects.get(number)
        if not unknown:
            return flow_px
        is_unknown = np.isin(instance, sorted(unknown)) & ~is_sky
        return np.where(is_unknown[..., None], np.float32(np.nan), flow_px)

    def notes(self, instances: InstanceTable) -> list[Note]:
        """Return what a person should know of it."""
        notes: list[Note] = []
        if self.cuts:
            frames = frames_in_words(sorted(self.cuts))
            text = f"flow is NaN in frame {frames}: the next is another camera's"
            notes.append(Note("flow-cut", text))
        for reason, frames_of in self.reasons.items():
            frames = sorted({n for some in frames_of.values() for n in some})
            named = [_name(instances, number) for number in sorted(frames_of)]
            names = ", ".join(named[:NAMES_SHOWN])
            more = len(named) - NAMES_SHOWN
            names += f" and {more} more" if more > 0 else ""
            text = (
                f"flow of {names} is NaN in frame {frames_in_words(frames)}: {reason}"
            )
            notes.append(Note("flow-object", text))
        return notes


def _name(instances: InstanceTable, number: int) -> str:
    if 1 <= number <= len(instances.instances):
        return repr(instances.instances[number - 1].name)
    return "objects without a number"


class MotionWatch:
    """Looks at the frames one after the other, and remembers what moves how.

    Only what is evaluated anew from one frame to the next is looked at, so that a large
    scene that stands still costs nothing.

    Parameters
    ----------
    scene : bpy.types.Scene
        Its objects numbered by their pass indices.
    """

    def __init__(self, scene: Any) -> None:
        import bpy

        self._scene = scene
        self._objects: list[Any] = [
            thing
            for thing in bpy.data.objects
            if thing.type in RENDERED_TYPES or thing.is_instancer
        ]
        self._hidden: NDArray[np.bool_] | None = None
        self._shapes: dict[Any, Shape] = {}
        self._is_deforming: dict[Any, bool] = {}
        self._copies: dict[Any, NDArray[np.int64]] = {}
        self._updated: set[Any] = set()
        self._depsgraph: Any = None
        self._reasons: dict[Reason, dict[int, list[int]]] = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Listen to what Blender evaluates, for a block."""
        import bpy

        bpy.app.handlers.frame_change_post.append(self._note_updates)
        try:
            yield
        finally:
            bpy.app.handlers.frame_change_post.remove(self._note_updates)

    def _note_updates(self, scene: Any, depsgraph: Any) -> None:
        import bpy

        self._depsgraph = depsgraph  # to ask for it anew would take long
        for update in depsgraph.updates:
            if update.is_updated_geometry and isinstance(update.id, bpy.types.Object):
                self._updated.add(update.id.original)

    def look(self, number: int) -> None:
        """Compare the current frame, ``number``, with the one before."""
        is_first = self._hidden is None
        updated = {*self._objects} if is_first else self._updated
        self._updated = set()
        self._look_for_hidden(number - 1)
        changing = [thing for thing in updated if _can_change(thing)]
        for thing in changing:
            self._compare_shape(number - 1, thing)
        self._look_for_sleep(number - 1)
        self._compare_copies(number - 1, changing)

    def _look_for_sleep(self, before: int) -> None:
        """Find what deforms in the current frame, and did not in the one before."""
        for thing in self._shapes:
            is_deforming = thing.is_deform_modified(self._scene, "RENDER")
            if is_deforming and not self._is_deforming.get(thing, True):
                self._forget(ASLEEP, before, {thing.pass_index})
            self._is_deforming[thing] = is_deforming

    def _look_for_hidden(self, before: int) -> None:
        """Find what is rendered in the frame before, and not in the current one."""
        hidden = np.array([thing.hide_render for thing in self._objects], bool)
        if self._hidden is not None:
            for index in np.flatnonzero(hidden & ~self._hidden):
                thing = self._objects[index]
                copies = self._copies.get(thing, np.empty(0, np.int64))
                numbers = _numbers_of(thing) | _numbers_of_copies(copies)
                self._forget(HIDDEN, before, numbers)
        self._hidden = hidden

    def _compare_shape(self, before: int, thing: Any) -> None:
        """Find whether Cycles can follow an object's points into the current frame."""
        shape = _shape_of(thing, self._depsgraph)
        if shape is None:
            return
        known = self._shapes.get(thing)
        self._shapes[thing] = shape
        if known is None or known == shape:
            return
        if known.topology != shape.topology or thing.type == "META":
            self._forget(TOPOLOGY, before, {thing.pass_index})
        elif thing.type not in MESHED_TYPES and not self._is_deforming[thing]:
            self._forget(ASLEEP, before, {thing.pass_index})

    def _compare_copies(self, before: int, changing: Iterable[Any]) -> None:
        """Find the copies that an instancer made in the frame before, and no more."""
        instancers = [thing for thing in changing if _makes_copies(thing)]
        if not instancers:
            return
        keys: dict[Any, list[int]] = {thing: [] for thing in instancers}
        for copy in self._depsgraph.object_instances:
            if copy.is_instance and copy.parent.original in keys:
                keys[copy.parent.original].append(_key_of_copy(copy))
        for thing in instancers:
            now = np.array(keys[thing], np.int64)
            gone = np.setdiff1d(self._copies.get(thing, now), now)
            self._copies[thing] = now
            if gone.size:
                self._forget(HIDDEN, before, _numbers_of_copies(gone))

    def _forget(self, reason: Reason, frame: int, numbers: Iterable[int]) -> None:
        frames_of = self._reasons.setdefault(reason, {})
        for number in numbers:
            frames = frames_of.setdefault(number, [])
            if frame not in frames:
                frames.append(frame)

    def unknown_flow(self, cuts: frozenset[int]) -> UnknownFlow:
        """Return where flow means nothing, all frames having been looked at."""
        objects: dict[int, set[int]] = defaultdict(set)
        for frames_of in self._reasons.values():
            for instance, frames in frames_of.items():
                for frame in frames:
                    objects[frame].add(instance)
        return UnknownFlow(
            cuts,
            {frame: frozenset(numbers) for frame, numbers in objects.items()},
            {
                reason: {number: tuple(frames) for number, frames in frames_of.items()}
                for reason, frames_of in self._reasons.items()
            },
        )


def evaluate_what_renders_show(scene: Any, layer: Any) -> None:
    """Let the walk evaluate what changes and is hidden in the viewport alone.

    Else neither its flow would be known, nor the caches of its simulations filled.
    Must run before the frames are walked through.
    """
    for thing in scene.objects:
        if thing.hide_render or not _can_change(thing):
            continue
        for modifier in thing.modifiers:
            if modifier.show_render and not modifier.show_viewport:
                modifier.show_viewport = True
        if thing.visible_get(view_layer=layer):
            continue
        hold_still(thing, "hide_viewport")
        thing.hide_viewport = False
        if thing.name in layer.objects:
            thing.hide_set(False, view_layer=layer)
    shown = {thing for thing in scene.objects if _can_change(thing)}
    _show_collections(layer.layer_collection, shown)


def _show_collections(outer: Any, things: set[Any]) -> None:
    """Show the collections of a view layer that hold any of some objects."""
    if things.isdisjoint(outer.collection.all_objects):
        return
    if not outer.exclude:
        outer.hide_viewport = outer.collection.hide_viewport = False
    for inner in outer.children:
        _show_collections(inner, things)


def _can_change(thing: Any) -> bool:
    """Tell whether an object's own geometry may differ from frame to frame."""
    data = thing.data
    if data is None or thing.type not in RENDERED_TYPES - {"VOLUME"}:
        return False
    return bool(
        thing.modifiers
        or thing.particle_systems
        or thing.type in MESHED_TYPES
        or data.animation_data is not None
        or getattr(data, "shape_keys", None) is not None
    )


def _makes_copies(thing: Any) -> bool:
    """Tell whether an object instances others, by nodes or particles."""
    return bool(thing.particle_systems) or any(
        modifier.type == "NODES" for modifier in thing.modifiers
    )


def _key_of_copy(copy: Any) -> int:
    """Return what Cycles finds a copy by in the next frame, its number on top."""
    identity = hash((copy.instance_object.original.name_full, *copy.persistent_id))
    number = copy.instance_object.original.pass_index
    return number << COPY_BITS | identity & (1 << COPY_BITS) - 1


def _numbers_of_copies(keys: NDArray[np.int64]) -> set[int]:
    return {int(number) for number in np.unique(keys >> COPY_BITS)}


def _numbers_of(thing: Any) -> set[int]:
    """Return the instance numbers that vanish with an object."""
    numbers = {thing.pass_index} if thing.type in RENDERED_TYPES else set()
    if thing.instance_type == "COLLECTION" and thing.instance_collection is not None:
        for member in thing.instance_collection.all_objects:
            if not member.hide_render:
                numbers |= _numbers_of(member)
    if thing.instance_type in ("VERTS", "FACES"):
        for child in thing.children:
            numbers |= _numbers_of(child)
    for system in thing.particle_systems:
        settings = system.settings
        if settings.instance_object is not None:
            numbers |= _numbers_of(settings.instance_object)
        if settings.instance_collection is not None:
            for member in settings.instance_collection.all_objects:
                numbers |= _numbers_of(member)
    return numbers


def _shape_of(thing: Any, depsgraph: Any) -> Shape | None:
    """Return checksums of an object's evaluated geometry; None if there is none."""
    evaluated = thing.evaluated_get(depsgraph)
    if thing.type == "MESH":
        return _shape_of_mesh(evaluated.data)
    if thing.type in MESHED_TYPES:
        mesh = evaluated.to_mesh()
        try:
            return None if mesh is None else _shape_of_mesh(mesh)
        finally:
            evaluated.to_mesh_clear()
    return _shape_of_points(evaluated.data)


def _shape_of_mesh(mesh: Any) -> Shape:
    corners = np.empty(len(mesh.loops), np.int32)
    mesh.loops.foreach_get("vertex_index", corners)
    points = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", points)
    counts = (len(mesh.vertices), len(mesh.edges), len(mesh.polygons))
    return Shape((*counts, zlib.crc32(corners.tobytes())), zlib.crc32(points.tobytes()))


def _shape_of_points(data: Any) -> Shape:
    """Return the checksums of hair curves or of a point cloud."""
    points = np.empty(3 * len(data.points), np.float32)
    data.points.foreach_get("position" if hasattr(data, "curves") else "co", points)
    counts = (len(data.points), len(getattr(data, "curves", ())))
    return Shape(counts, zlib.crc32(points.tobytes()))
