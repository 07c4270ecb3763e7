"""Makes .blend files that read other files; runs in a child with bpy.

``gather.blend`` reads files of every kind, most of which are not there; ``shown.blend``
an image. Usage: ``python make_external_scenes.py FOLDER``.
"""

import contextlib
import math
import shutil
import sys
from pathlib import Path

import bpy

FOLDER = Path(sys.argv[1])
DEEP = FOLDER / "a" / "deep"


def new_scene():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.rotation_euler = (math.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    return scene


def wall(scene, name, image=None):
    mesh = bpy.data.meshes.new(name)
    corners = [(-5, 5, -5), (5, 5, -5), (5, 5, 5), (-5, 5, 5)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    thing = bpy.data.objects.new(name, mesh)
    scene.collection.objects.link(thing)
    material = bpy.data.materials.new(name)
    mesh.materials.append(material)
    node = material.node_tree.nodes.new("ShaderNodeTexImage")
    node.image = image
    shader = material.node_tree.nodes["Principled BSDF"]
    material.node_tree.links.new(node.outputs[0], shader.inputs["Base Color"])
    return thing


def image_file(path):
    image = bpy.data.images.new("image", 4, 4)
    image.filepath_raw, image.file_format = str(path), "PNG"
    image.save()
    bpy.data.images.remove(image)


def save(path):
    """Save with paths relative to the file, as artists do."""
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.file.make_paths_relative()
    bpy.ops.wm.save_mainfile()


def link(scene, path, name):
    with bpy.data.libraries.load(str(path), link=True) as (_, wanted):
        wanted.collections = [name]
    scene.collection.children.link(wanted.collections[0])


def collected(scene, thing):
    collection = bpy.data.collections.new(thing.name)
    collection.objects.link(thing)
    scene.collection.children.link(collection)


def make_libraries():
    DEEP.mkdir(parents=True)
    image_file(DEEP / "deep.png")
    scene = new_scene()
    image = bpy.data.images.load(str(DEEP / "deep.png"))
    collected(scene, wall(scene, "deep", image))
    save(DEEP / "deep.blend")
    scene = new_scene()
    link(scene, DEEP / "deep.blend", "deep")
    collection = bpy.data.collections.new("middle")
    collection.children.link(bpy.data.collections["deep"])
    scene.collection.children.link(collection)
    save(FOLDER / "a" / "middle.blend")
    (DEEP / "deep.png").unlink()


def file_image(source, name):
    image = bpy.data.images.new(name, 4, 4, tiled=source == "TILED")
    image.source, image.filepath = source, f"//{name}"
    image.use_fake_user = True
    return image


def add_data_files(scene):
    for name, is_sequence in (("cloud.vdb", False), ("smoke_0001.vdb", True)):
        volume = bpy.data.volumes.new(name)
        volume.filepath, volume.is_sequence = f"//{name}", is_sequence
        volume.use_fake_user = True
    (FOLDER / "cache.abc").write_bytes(b"")
    with contextlib.suppress(RuntimeError):  # it is no Alembic file
        bpy.ops.cachefile.open(filepath=str(FOLDER / "cache.abc"))
    (FOLDER / "cache.abc").unlink()
    (cache,) = bpy.data.cache_files
    cache.filepath = "//cache.abc"
    thing = wall(scene, "cached")
    thing.modifiers.new("cache", "MESH_SEQUENCE_CACHE").cache_file = cache
    fonts = Path(bpy.utils.system_resource("DATAFILES"), "fonts")
    shutil.copy(next(fonts.glob("*.woff2")), FOLDER / "letters.woff2")
    font = bpy.data.fonts.load(str(FOLDER / "letters.woff2"))
    font.use_fake_user = True
    lamp = bpy.data.lights.new("lamp", "POINT")
    lamp.use_fake_user = lamp.use_nodes = True
    node = lamp.node_tree.nodes.new("ShaderNodeTexIES")
    node.mode, node.filepath = "EXTERNAL", "//lamp.ies"
    material = bpy.data.materials.new("glow")
    material.use_fake_user = True
    node = material.node_tree.nodes.new("ShaderNodeScript")
    node.mode, node.filepath = "EXTERNAL", "//glow.osl"
    deformed = wall(scene, "deformed").modifiers.new("deform", "MESH_CACHE")
    deformed.cache_format, deformed.filepath = "MDD", "//points.mdd"


def add_simulations(scene):
    """One from a folder, one baked to the usual place, one that is not baked."""
    cache = wall(scene, "cloth").modifiers.new("cloth", "CLOTH").point_cache
    cache.use_external, cache.filepath = True, "//simulated"
    for name, is_baked in (("baked", True), ("free", False)):
        thing = wall(scene, name)
        cache = thing.modifiers.new("soft", "SOFT_BODY").point_cache
        cache.use_disk_cache, cache.frame_end = True, 2
        if is_baked:
            with bpy.context.temp_override(point_cache=cache, object=thing):
                bpy.ops.ptcache.bake(bake=True)


def text_input(group):
    return group.interface.new_socket(
        "path", in_out="INPUT", socket_type="NodeSocketString"
    )


def add_imports(scene):
    """Nodes whose path is their own, the modifier's, a group's, and made by nodes."""
    inner = bpy.data.node_groups.new("inner", "GeometryNodeTree")
    text_input(inner)
    node = inner.nodes.new("GeometryNodeImportSTL")
    inner.links.new(inner.nodes.new("NodeGroupInput").outputs[0], node.inputs["Path"])
    tree = bpy.data.node_groups.new("imports", "GeometryNodeTree")
    tree.interface.new_socket(
        "Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry"
    )
    given = text_input(tree)
    tree.nodes.new("NodeGroupOutput")
    tree.nodes.new("GeometryNodeImportOBJ").inputs["Path"].default_value = "//own.obj"
    node = tree.nodes.new("GeometryNodeImportPLY")
    tree.links.new(tree.nodes.new("NodeGroupInput").outputs[0], node.inputs["Path"])
    group = tree.nodes.new("GeometryNodeGroup")
    group.node_tree = inner
    text = tree.nodes.new("FunctionNodeInputString")
    text.string = "//grouped.stl"
    tree.links.new(text.outputs[0], group.inputs[0])
    node = tree.nodes.new("GeometryNodeImportVDB")
    node.name = "computed"
    joined = tree.nodes.new("GeometryNodeStringJoin")
    tree.links.new(joined.outputs[0], node.inputs["Path"])
    modifier = wall(scene, "imported").modifiers.new("nodes", "NODES")
    modifier.node_group = tree
    modifier[given.identifier] = "//given.ply"


def make_gather():
    scene = new_scene()
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "gather.blend"))
    link(scene, FOLDER / "a" / "middle.blend", "middle")
    wall(scene, "wall", file_image("FILE", "image.png"))
    file_image("TILED", "tile.<UDIM>.png").tiles.new(1002)
    file_image("SEQUENCE", "sequence0001.png")
    file_image("MOVIE", "film.mp4")
    packed = bpy.data.images.load(str(FOLDER / "image.png"))
    packed.name, packed.use_fake_user = "packed", True
    packed.pack()
    packed.filepath = "//packed.png"
    add_data_files(scene)
    add_simulations(scene)
    add_imports(scene)
    save(FOLDER / "gather.blend")


def make_shown():
    scene = new_scene()
    wall(scene, "wall", bpy.data.images.load(str(FOLDER / "image.png")))
    save(FOLDER / "shown.blend")


def make_gaps():
    """A sequence of images of which the second is missing; frame 4 shows none."""
    scene = new_scene()
    for number in (11, 13):
        image_file(FOLDER / f"gap{number:03d}.png")
    thing = wall(scene, "wall", file_image("SEQUENCE", "gap011.png"))
    tree = thing.data.materials[0].node_tree
    user = next(node for node in tree.nodes if node.type == "TEX_IMAGE").image_user
    user.frame_start, user.frame_duration, user.frame_offset = 1, 3, 10
    user.use_auto_refresh = True
    scene.world = bpy.data.worlds.new("world")
    save(FOLDER / "gaps.blend")


image_file(FOLDER / "image.png")
make_gaps()
make_libraries()
make_gather()
make_shown()
