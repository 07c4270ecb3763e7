"""Finds every file that the open .blend reads from elsewhere while it is rendered.

Left out is what shows in no frame: sounds, the sequencer's strips, output paths,
texts (their content is in the .blend) and OSL that does not run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blender_scenes.external_files import (
    Family,
    FileReference,
    is_plain_file,
    numbered,
)
from blender_scenes.notes import Note

IMPORT_NODE = "GeometryNodeImport"
BUILT_IN_FONT = "<builtin>"
USD_SUFFIXES = frozenset({".usd", ".usda", ".usdc", ".usdz"})
TILES_PER_ROW = 10


def file_references(*, trust_scripts: bool) -> list[FileReference]:
    """Return what the open file reads, each once, in an order of its own.

    Parameters
    ----------
    trust_scripts : bool
        Whether OSL shaders in files run, and so are read.
    """
    found = (
        *_libraries(),
        *_images(),
        *_data_files(),
        *_shader_files(trust_scripts=trust_scripts),
        *_modifier_files(),
        *_cache_folders(),
        *_imported_files(),
    )
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class NumberedUse:
    """Which files of a numbering are shown in which frames.

    Parameters
    ----------
    path : str
        Absolute, of one of the files.
    shown : str
        As the .blend spells it.
    first_frame, count, offset : int
        Frame ``first_frame`` shows number 1 + ``offset``, and so on, ``count`` of them.
    is_repeated : bool
        Whether they begin again after the last, and before the first.
    """

    path: str
    shown: str
    first_frame: int
    count: int
    offset: int
    is_repeated: bool

    def number(self, frame: int) -> int | None:
        """Return the number of the file that a frame shows, None before and after.

        Examples
        --------
        >>> use = NumberedUse("/a1.png", "a1.png", 10, 3, 100, False)
        >>> [use.number(frame) for frame in (9, 10, 12, 13)]
        [None, 101, 103, None]
        """
        place = frame - self.first_frame
        if self.is_repeated and self.count:
            place %= self.count
        return place + 1 + self.offset if 0 <= place < self.count else None


def missing_numbers(first: int, last: int) -> list[str]:
    """Return the numbered files that frames show, and that are not there.

    Those of numberings of which nothing is there are left to `external_files.missing`.
    """
    found: list[str] = []
    for use in (*_image_uses(), *_volume_uses()):
        numbers = (use.number(frame) for frame in range(first, last + 1))
        wanted = sorted({number for number in numbers if number is not None})
        gaps = [
            numbered(use.shown, number)
            for number in wanted
            if not is_plain_file(Path(numbered(use.path, number)))
        ]
        reference = FileReference(use.path, use.shown, "numbered")
        found += gaps if any(map(is_plain_file, reference.files())) else []
    return list(dict.fromkeys(found))


def _image_uses() -> Iterator[NumberedUse]:
    for _, tree in shader_trees():
        for node in tree.nodes:
            image: Any = getattr(node, "image", None)
            user: Any = getattr(node, "image_user", None)
            if image is None or user is None or not user.use_auto_refresh:
                continue
            if image.source == "SEQUENCE" and image.filepath:
                reference = _reference(image.filepath, image)
                yield NumberedUse(
                    reference.path,
                    reference.shown,
                    first_frame=user.frame_start,
                    count=user.frame_duration,
                    offset=user.frame_offset,
                    is_repeated=user.use_cyclic,
                )


def _volume_uses() -> Iterator[NumberedUse]:
    import bpy

    for volume in bpy.data.volumes:
        if volume.is_sequence and volume.filepath:
            reference = _reference(volume.filepath, volume)
            yield NumberedUse(
                reference.path,
                reference.shown,
                first_frame=volume.frame_start,
                count=volume.frame_duration,
                offset=volume.frame_offset,
                is_repeated=volume.sequence_mode == "REPEAT",
            )


def unknown_file_notes() -> list[Note]:
    """Return notes on files that are read, but that the .blend does not name."""
    import bpy

    texts = [
        f"node {node.name!r} of {tree.name!r} reads a file whose path other nodes "
        "make; frames that were made with it are kept when it changes"
        for tree, node in _import_nodes()
        if _texts(node.inputs["Path"], tree, frozenset()) is None
    ]
    texts += [
        f"{cache.filepath}: USD files that it refers to are not looked at; frames "
        "that were made with them are kept when they change"
        for cache in bpy.data.cache_files
        if Path(cache.filepath).suffix.lower() in USD_SUFFIXES
    ]
    return [Note("unknown-files", text) for text in texts]


def _reference(path: str, owner: Any, family: Family = "file") -> FileReference:
    """Return a reference by a path as the .blend, or the owner's library, has it."""
    import bpy

    absolute = os.path.normpath(bpy.path.abspath(path, library=owner.library))
    return FileReference(absolute, path.removeprefix("//"), family)


def _libraries() -> Iterator[FileReference]:
    """Yield all libraries, those of libraries too; Blender has read them by now.

    Their paths are relative to the open file, also where a library names them.
    """
    import bpy

    for library in bpy.data.libraries:
        if library.packed_file is None and not getattr(library, "is_archive", False):
            absolute = os.path.normpath(bpy.path.abspath(library.filepath))
            shown = library.filepath.removeprefix("//")
            yield FileReference(absolute, shown, is_library=True)


def _images() -> Iterator[FileReference]:
    import bpy

    for image in bpy.data.images:
        if not image.filepath or image.packed_file or len(image.packed_files):
            continue
        if image.source == "TILED":
            for tile in image.tiles:
                yield _reference(tile_path(image.filepath, tile.number), image)
        elif image.source == "SEQUENCE":
            yield _reference(image.filepath, image, "numbered")
        elif image.source in ("FILE", "MOVIE"):
            yield _reference(image.filepath, image)


def tile_path(path: str, tile: int) -> str:
    """Return the path of one UDIM tile.

    Examples
    --------
    >>> tile_path("//a.<UDIM>.png", 1012), tile_path("//a_<UVTILE>.png", 1012)
    ('//a.1012.png', '//a_u2_v2.png')
    """
    row, column = divmod(tile - 1001, TILES_PER_ROW)
    path = path.replace("<UVTILE>", f"u{column + 1}_v{row + 1}")
    return path.replace("<UDIM>", str(tile))


def _data_files() -> Iterator[FileReference]:
    """Yield volumes, Alembic and USD caches, fonts and films that are tracked."""
    import bpy

    for volume in bpy.data.volumes:
        if volume.filepath and volume.packed_file is None:
            family = "numbered" if volume.is_sequence else "file"
            yield _reference(volume.filepath, volume, family)
    for cache in bpy.data.cache_files:
        family = "numbered" if cache.is_sequence else "file"
        for path in (cache.filepath, *(layer.filepath for layer in cache.layers)):
            if path:
                yield _reference(path, cache, family)
    for font in bpy.data.fonts:
        is_built_in = font.filepath in ("", BUILT_IN_FONT)
        if not is_built_in and font.packed_file is None:
            yield _reference(font.filepath, font)
    for clip in bpy.data.movieclips:
        if clip.filepath:
            family = "numbered" if clip.source == "SEQUENCE" else "file"
            yield _reference(clip.filepath, clip, family)


def _shader_files(*, trust_scripts: bool) -> Iterator[FileReference]:
    """Yield light distributions (IES) and, where they run, OSL shaders."""
    kinds = {"ShaderNodeTexIES"} | ({"ShaderNodeScript"} if trust_scripts else set())
    for owner, tree in shader_trees():
        for node in tree.nodes:
            if node.bl_idname in kinds and node.mode == "EXTERNAL" and node.filepath:
                yield _reference(node.filepath, owner)


def shader_trees() -> Iterator[tuple[Any, Any]]:
    """Yield every shader node tree of the open file, and the data that it is part of.

    A group is its own.
    """
    import bpy

    owners = (*bpy.data.materials, *bpy.data.lights, *bpy.data.worlds)
    yield from ((one, one.node_tree) for one in owners if one.node_tree is not None)
    groups = (group for group in bpy.data.node_groups if group.type == "SHADER")
    yield from ((group, group) for group in groups)


def _modifier_files() -> Iterator[FileReference]:
    """Yield deformations (MDD, PC2), sculpted levels, and baked oceans."""
    for thing, modifier in _modifiers():
        is_sculpted = modifier.type == "MULTIRES" and modifier.is_external
        if (modifier.type == "MESH_CACHE" or is_sculpted) and modifier.filepath:
            yield _reference(modifier.filepath, thing)
        elif modifier.type == "OCEAN" and modifier.is_cached:
            yield _reference(modifier.filepath, thing, "folder")


def _modifiers() -> Iterator[tuple[Any, Any]]:
    import bpy

    for thing in bpy.data.objects:
        for modifier in thing.modifiers:
            yield thing, modifier


def _cache_folders() -> Iterator[FileReference]:
    """Yield the folders of simulations that were baked to disk.

    What is not baked is no file that frames depend on: it is simulated anew.
    """
    for owner, cache in point_caches():
        if cache.use_external and cache.filepath:
            yield _reference(cache.filepath, owner, "folder")
        elif cache.use_disk_cache and cache.is_baked:
            yield _reference(_default_cache_folder(owner), owner, "folder")
    for thing, modifier in _modifiers():
        if modifier.type == "FLUID" and modifier.fluid_type == "DOMAIN":
            settings = modifier.domain_settings
            if settings.has_cache_baked_any and settings.cache_directory:
                yield _reference(settings.cache_directory, thing, "folder")
        elif modifier.type == "NODES":
            for path in _baked_node_folders(modifier):
                yield _reference(path, thing, "folder")


def _baked_node_folders(modifier: Any) -> Iterator[str]:
    for bake in modifier.bakes:
        target = bake.bake_target
        if target == "INHERIT":
            target = modifier.bake_target
        path = bake.directory if bake.use_custom_path else modifier.bake_directory
        if target == "DISK" and path:
            yield path


def _default_cache_folder(owner: Any) -> str:
    """Return where Blender keeps simulations: beside the .blend that has them."""
    import bpy

    library = owner.library
    blend = bpy.data.filepath if library is None else library.filepath
    return f"//blendcache_{Path(bpy.path.abspath(blend)).stem}"


def point_caches() -> Iterator[tuple[Any, Any]]:
    """Yield the caches of cloth, soft bodies, particles and rigid bodies, with owners.

    An owner is the object or the scene.
    """
    import bpy

    for thing in bpy.data.objects:
        for holder in (*thing.modifiers, *thing.particle_systems):
            cache = getattr(holder, "point_cache", None)
            if cache is not None:
                yield thing, cache
    for scene in bpy.data.scenes:
        if scene.rigidbody_world is not None:
            yield scene, scene.rigidbody_world.point_cache


def _imported_files() -> Iterator[FileReference]:
    """Yield what geometry nodes import while they are evaluated."""
    for tree, node in _import_nodes():
        for path in sorted(_texts(node.inputs["Path"], tree, frozenset()) or ()):
            if path:
                yield _reference(path, tree)


def _import_nodes() -> Iterator[tuple[Any, Any]]:
    import bpy

    for tree in bpy.data.node_groups:
        if tree.type == "GEOMETRY":
            for node in tree.nodes:
                if node.bl_idname.startswith(IMPORT_NODE) and not node.mute:
                    yield tree, node


def _texts(socket: Any, tree: Any, seen: frozenset[Any]) -> set[str] | None:
    """Return the texts that may arrive at a socket; None if nodes make them."""
    links = [link for link in socket.links if not link.is_muted]
    if not links:
        return {socket.default_value}
    node, source = links[0].from_node, links[0].from_socket
    if node.bl_idname == "NodeReroute":
        return _texts(node.inputs[0], tree, seen)
    if node.bl_idname == "FunctionNodeInputString":
        return {node.string}
    if node.bl_idname == "NodeGroupInput" and tree not in seen:
        return _texts_from_outside(source.identifier, tree, seen | {tree})
    return None


def _texts_from_outside(
    identifier: str, tree: Any, seen: frozenset[Any]
) -> set[str] | None:
    """Return the texts that modifiers and other groups put into a group's input."""
    import bpy

    found: set[str] = set()
    for _, modifier in _modifiers():
        if modifier.type == "NODES" and modifier.node_group == tree:
            value = modifier.get(identifier)
            if not isinstance(value, str):
                return None
            found.add(value)
    for other in bpy.data.node_groups:
        for node in other.nodes:
            if getattr(node, "node_tree", None) == tree:
                socket = next(i for i in node.inputs if i.identifier == identifier)
                texts = _texts(socket, other, seen)
                if texts is None:
                    return None
                found |= texts
    return found
