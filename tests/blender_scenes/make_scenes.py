"""Makes the .blend files of the tests in a folder; runs in a child with bpy.

Also writes ``facts.json``: what Blender itself says about these scenes, as an
oracle. Usage: ``python make_scenes.py FOLDER``.
"""

import json
import math
import sys
from pathlib import Path

import bpy
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

FOLDER = Path(sys.argv[1])
FORWARD = (math.pi / 2, 0.0, 0.0)  # camera along +Y, up +Z

PLANES = {  # name -> normal, point; the cameras look along +Y
    "wall": ((0.0, -1.0, 0.0), (0.0, 12.0, 0.0)),
    "floor": ((0.0, 0.0, 1.0), (0.0, 0.0, -1.5)),
    "slope": ((-0.8, -0.5, 0.2), (4.0, 8.0, 0.0)),
}
POINTS = [(0, 10, 0), (1, 8, 1), (-2, 9, 0.5), (2, 15, -1), (-1, 6, -1), (0.3, 5, 1)]
WALL_COLOUR = (0.25, 0.5, 0.75)
LENS_FRAMES = [1, 2, 3, 4, 5]
LENS_SIZES = [(40, 24), (24, 40)]


def new_scene():
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("world")
    scene.frame_start, scene.frame_end = 1, 3
    return scene


def add(scene, name, data, location=(0, 0, 0), rotation=(0, 0, 0)):
    thing = bpy.data.objects.new(name, data)
    thing.location, thing.rotation_euler = location, rotation
    scene.collection.objects.link(thing)
    return thing


def add_camera(scene, name="camera", location=(0, 0, 0), rotation=FORWARD):
    data = bpy.data.cameras.new(name)
    return add(scene, name, data, location, rotation)


def upright_quad(name, half_width, half_height):
    """Return a mesh in the XZ plane, facing a camera that looks along +Y."""
    w, h = half_width, half_height
    mesh = bpy.data.meshes.new(name)
    corners = [(-w, 0, -h), (w, 0, -h), (w, 0, h), (-w, 0, h)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    return mesh


def emission(name, strength):
    material = bpy.data.materials.new(name)
    nodes = material.node_tree.nodes
    nodes.clear()
    shader = nodes.new("ShaderNodeEmission")
    shader.inputs["Strength"].default_value = strength
    output = nodes.new("ShaderNodeOutputMaterial")
    material.node_tree.links.new(shader.outputs[0], output.inputs["Surface"])
    return material, shader


def save(name):
    bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / f"{name}.blend"))


def key_linear(thing, path, values):
    for frame, value in values.items():
        setattr(thing, path, value)
        thing.keyframe_insert(path, frame=frame)
    for curve in thing.animation_data.action.layers[0].strips[0].channelbags[0].fcurves:
        for key in curve.keyframe_points:
            key.interpolation = "LINEAR"


def make_lenses():
    """Planes at known places, seen by another camera at every frame."""
    scene = new_scene()
    for index, (name, (normal, point)) in enumerate(PLANES.items(), start=1):
        thing = add(scene, name, upright_quad(name, 500, 500), point)
        thing.rotation_mode = "QUATERNION"
        thing.rotation_quaternion = Vector(normal).to_track_quat("-Y", "Z")
        thing.pass_index = index
    cameras = [add_camera(scene, f"camera{n}") for n in LENS_FRAMES]
    plain, horizontal, vertical, parented, zooming = cameras
    plain.rotation_euler = (math.pi / 2 - 0.1, 0.15, 0.2)
    horizontal.data.sensor_fit = "HORIZONTAL"
    horizontal.data.shift_x, horizontal.data.shift_y = 0.11, -0.07
    vertical.data.sensor_fit, vertical.data.sensor_height = "VERTICAL", 20.0
    vertical.data.shift_x, vertical.data.shift_y = -0.05, 0.12
    parent = add(scene, "parent", None, (0.5, -1.0, 0.3), (0.0, 0.0, -0.2))
    parent.scale = (2.0, 2.0, 2.0)
    parented.parent = parent
    parented.location = (0.1, 0.2, 0.1)
    parented.data.shift_y = 0.05
    key_linear(zooming.data, "lens", {5: 24.0, 6: 30.0})
    for frame, camera in zip(LENS_FRAMES, cameras, strict=True):
        scene.timeline_markers.new(f"m{frame}", frame=frame).camera = camera
    scene.frame_start, scene.frame_end = LENS_FRAMES[0], LENS_FRAMES[-1]
    # What a render for the artist may have set, and the frames must not obey.
    scene.render.resolution_percentage = 50
    scene.render.pixel_aspect_y = 2.0
    scene.render.use_border = scene.render.use_crop_to_border = True
    scene.render.border_max_x = 0.5
    save("lenses")
    make_roving(scene)
    return {
        f"{width}x{height}": lens_projections(scene, width, height)
        for width, height in LENS_SIZES
    }


def make_roving(scene):
    """Show the same planes to one camera, which moves, turns, zooms and shifts."""
    old, markers = scene.camera, list(scene.timeline_markers)
    for marker in markers:
        marker.camera = None
    roving = scene.camera = add_camera(scene, "roving")
    key_linear(roving, "location", {1: (0, 0, 0), 5: (0.8, -1.0, 0.4)})
    key_linear(roving, "rotation_euler", {1: FORWARD, 5: (1.4, 0.2, 0.3)})
    key_linear(roving.data, "lens", {1: 50.0, 5: 30.0})
    for frame, shift in {1: (0.0, 0.0), 5: (0.11, -0.07)}.items():
        roving.data.shift_x, roving.data.shift_y = shift
        for path in ("shift_x", "shift_y"):
            roving.data.keyframe_insert(path, frame=frame)
    save("roving")
    for marker, number in zip(markers, LENS_FRAMES, strict=True):
        marker.camera = bpy.data.objects[f"camera{number}"]
    scene.camera = old


def lens_projections(scene, width, height):
    """Return frame -> column, row, depth of each point, as Blender projects it."""
    render = scene.render
    render.resolution_x, render.resolution_y = width, height
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    projections = {}
    for frame in LENS_FRAMES:
        scene.frame_set(frame)
        views = [world_to_camera_view(scene, scene.camera, Vector(p)) for p in POINTS]
        projections[frame] = [(v.x * width, (1 - v.y) * height, v.z) for v in views]
    return projections


def make_motion():
    """One quad moves right, one up; the camera turns from frame 2 to frame 3."""
    scene = new_scene()
    camera = add_camera(scene)
    camera.data.clip_end = 1e6
    camera.data.sensor_width, camera.data.lens = 32.0, 32.0
    turned = (math.pi / 2 + math.radians(1.0), 0.0, -math.radians(2.0))
    key_linear(camera, "rotation_euler", {2: FORWARD, 3: turned})
    scene.camera = camera
    right = add(scene, "right", upright_quad("right", 0.8, 0.8), (-2.0, 10.0, 1.6))
    key_linear(right, "location", {0: (-2.5, 10, 1.6), 10: (2.5, 10, 1.6)})
    up = add(scene, "up", upright_quad("up", 0.5, 0.5), (1.0, 5.0, 0.8))
    key_linear(up, "location", {0: (1, 5, 0.8), 10: (1, 5, 1.8)})
    far = add(scene, "far", upright_quad("far", 2e5, 5e4), (0, 5e4, -5e4))
    far.data.materials.append(emission("glow", 0.3)[0])
    sun = add(scene, "sun", bpy.data.lights.new("sun", "SUN"), rotation=(0.7, 0.2, 0))
    sun.data.energy = 2.0
    scene.frame_end = 3
    save("motion")


def make_objects():
    """Labels, instancing, a material that reads the pass index, other units."""
    scene = new_scene()
    scene.unit_settings.scale_length = 0.01
    camera = add_camera(scene)
    camera.data.dof.use_dof = True
    camera.data.dof.focus_distance = 1.0
    camera.data.dof.aperture_fstop = 0.1
    scene.camera = camera
    car = add(scene, "car", upright_quad("car", 1, 1), (-2.5, 10, 0))
    car.pass_index = 14
    material, shader = emission("by index", 0.0)
    tree = material.node_tree
    info = tree.nodes.new("ShaderNodeObjectInfo")
    tree.links.new(info.outputs["Object Index"], shader.inputs["Strength"])
    car.data.materials.append(material)
    add(scene, "unknown", upright_quad("unknown", 1, 1), (0, 10, 0)).pass_index = 99
    collection = bpy.data.collections.new("trees")
    leaf = bpy.data.objects.new("leaf", upright_quad("leaf", 1, 1))
    leaf.pass_index = 9
    collection.objects.link(leaf)
    instancer = add(scene, "instancer", None, (2.5, 10, 0))
    instancer.instance_type = "COLLECTION"
    instancer.instance_collection = collection
    scene.view_layers.new("second")
    scene.render.use_motion_blur = True
    scene.render.film_transparent = True
    scene.frame_end = 1
    save("objects")


def scene_before_a_wall():
    scene = new_scene()
    scene.camera = add_camera(scene)
    add(scene, "wall", upright_quad("wall", 20, 20), (0, 10, 0))
    scene.frame_end = 1
    return scene


def text(name, words):
    block = bpy.data.texts.new(name)
    block.write(words)
    return block


def arm_script(scene, canary):
    text("startup.py", f"open({str(canary)!r}, 'a').write('x')\n").use_module = True


def arm_driver(scene, canary):
    driver = scene.camera.driver_add("location", 0).driver
    driver.expression = f"open({str(canary)!r}, 'a').write('x') * 0"


def arm_freestyle(scene, canary):
    scene.render.use_freestyle = True
    layer = scene.view_layers[0]
    layer.use_freestyle = True
    layer.freestyle_settings.mode = "SCRIPT"
    style = text("style.py", f"open({str(canary)!r}, 'a').write('x')\n")
    layer.freestyle_settings.modules.new().script = style


def arm_compositor(scene, canary):
    group = bpy.data.node_groups.new("compositor", "CompositorNodeTree")
    scene.compositing_node_group = group
    layers = group.nodes.new("CompositorNodeRLayers")
    output = group.nodes.new("CompositorNodeOutputFile")
    output.directory = str(canary.parent)
    output.file_name = canary.name
    output.file_output_items.new("RGBA", "picture")
    group.links.new(layers.outputs[0], output.inputs[0])


def find_bundled_packages():
    """Let Blender compile OSL: its oslquery is not on the path of the bpy package."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    bundled = Path(bpy.utils.resource_path("LOCAL"), "python", "lib", version)
    sys.path.append(str(bundled / "site-packages"))


def arm_osl(scene, canary):
    """The wall's material is compiled code that glows and writes."""
    find_bundled_packages()
    scene.render.engine = "CYCLES"
    scene.cycles.shading_system = True
    material, shader = emission("wall", 1.0)
    tree = material.node_tree
    node = tree.nodes.new("ShaderNodeScript")
    node.script = text(
        "glow.osl",
        "shader glow(output color Glow = 0) "
        f'{{ Glow = color(9); fprintf("{canary}", "x"); }}',
    )
    tree.links.new(node.outputs["Glow"], shader.inputs["Color"])
    bpy.data.objects["wall"].data.materials.append(material)


def arm_custom_camera(scene, canary):
    find_bundled_packages()
    scene.camera.data.type = "CUSTOM"
    scene.camera.data.custom_mode = "INTERNAL"
    scene.camera.data.custom_shader = text(
        "camera.osl",
        "shader lens(output point position = 0, output vector direction = "
        "vector(0, 0, 1), output color throughput = 1) "
        f'{{ fprintf("{canary}", "x"); }}',
    )


def arm_cache(scene, canary):
    """Cloth that writes what it simulates to disk."""
    mesh = upright_quad("sheet", 1, 1)
    sheet = add(scene, "sheet", mesh, (0, 8, 0))
    cloth = sheet.modifiers.new("cloth", "CLOTH")
    save("hostile_cache")  # only a saved file may have one
    cloth.point_cache.use_disk_cache = True
    cloth.point_cache.name = canary.name
    scene.frame_end = 3


HOSTILE = {
    "script": arm_script,
    "driver": arm_driver,
    "freestyle": arm_freestyle,
    "compositor": arm_compositor,
    "osl": arm_osl,
    "custom_camera": arm_custom_camera,
    "cache": arm_cache,
}


def make_hostile(folder):
    """Files that try to write ``canary_KIND``, one way each."""
    for kind, arm in HOSTILE.items():
        arm(scene_before_a_wall(), folder / f"canary_{kind}")
        save(f"hostile_{kind}")


def make_collections():
    """Two cameras; things labelled by collections, one of them by its pass index."""
    scene = new_scene()
    scene.camera = add_camera(scene, "front")
    add_camera(scene, "side", location=(40.0, 0.0, 0.0))
    add(scene, "beside", upright_quad("beside", 5, 5), (40.0, 10.0, 0.0))
    outer = bpy.data.collections.new("Traffic_Sign.001")
    inner = bpy.data.collections.new("any name")
    scene.collection.children.link(outer)
    outer.children.link(inner)
    for place, (name, collection) in enumerate(
        {"plate": outer, "pole": inner, "own": outer, "free": scene.collection}.items()
    ):
        thing = bpy.data.objects.new(name, upright_quad(name, 0.9, 0.9))
        thing.location = (2.0 * place - 3.0, 10.0, 0.0)
        collection.objects.link(thing)
    bpy.data.objects["own"].pass_index = 14
    scene.frame_end = 1
    save("collections")


def make_falling():
    """A rigid body in free fall, its simulation not baked."""
    scene = new_scene()
    scene.camera = add_camera(scene)
    quad = add(scene, "quad", upright_quad("quad", 0.5, 0.5), (0, 10, 2))
    bpy.context.view_layer.objects.active = quad
    bpy.ops.rigidbody.object_add()
    scene.frame_end = 6
    save("falling")


def make_unusable():
    scene = new_scene()
    save("no_camera")
    scene.camera = add_camera(scene, "flat camera")
    scene.camera.data.type = "ORTHO"
    save("ortho")
    scene.camera.data.type = "CUSTOM"
    save("custom")
    scene.camera.data.type = "PERSP"
    scene.camera.scale = (-1.0, 1.0, 1.0)
    save("mirrored")


def make_lonely():
    """A picture that is not there and a library that is not there."""
    scene = new_scene()
    quad = add(scene, "quad", upright_quad("quad", 5, 5), (0, 10, 0))
    save("library")
    scene = new_scene()
    scene.camera = add_camera(scene)
    with bpy.data.libraries.load(str(FOLDER / "library.blend"), link=True) as (_, into):
        into.objects = ["quad"]
    scene.collection.objects.link(into.objects[0])
    quad = add(scene, "wall", upright_quad("wall", 50, 50), (0, 20, 0))
    image = bpy.data.images.new("poster", 4, 4)
    image.source, image.filepath = "FILE", str(FOLDER / "poster.png")
    material, shader = emission("poster", 1.0)
    texture = material.node_tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    material.node_tree.links.new(texture.outputs[0], shader.inputs[0])
    quad.data.materials.append(material)
    scene.frame_end = 1
    save("lonely")
    (FOLDER / "library.blend").unlink()


def mix_of(material, factor, first, second):
    """Link a mix of two shaders to the output of a material."""
    tree = material.node_tree
    mix = tree.nodes.new("ShaderNodeMixShader")
    for socket, source in zip(mix.inputs, (factor, first, second), strict=True):
        tree.links.new(source, socket)
    output = next(n for n in tree.nodes if n.bl_idname == "ShaderNodeOutputMaterial")
    tree.links.new(mix.outputs[0], output.inputs["Surface"])


def leaf_with_holes():
    """Return a material that is opaque on every other square of 0.1 m."""
    material, shader = emission("leaf with holes", 2.0)
    nodes, links = material.node_tree.nodes, material.node_tree.links
    checker = nodes.new("ShaderNodeTexChecker")
    checker.inputs["Scale"].default_value = 10.0
    links.new(nodes.new("ShaderNodeTexCoord").outputs["Object"], checker.inputs[0])
    clear = nodes.new("ShaderNodeBsdfTransparent")
    mix_of(material, checker.outputs["Fac"], shader.outputs[0], clear.outputs[0])
    return material


def glass():
    material, _ = emission("glass", 0.0)
    tree = material.node_tree
    shader = tree.nodes.new("ShaderNodeBsdfGlass")
    active = tree.get_output_node("CYCLES")
    tree.links.new(shader.outputs[0], active.inputs["Surface"])
    other = tree.nodes.new("ShaderNodeOutputMaterial")
    other.target = "EEVEE"
    return material


def box(name, half_width, depth, half_height):
    """Return a closed box whose front face is in the XZ plane."""
    w, d, h = half_width, depth, half_height
    corners = [(x, y, z) for x in (-w, w) for y in (0, d) for z in (-h, h)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4)]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(corners, [], [*faces, (1, 5, 7, 3)])
    return mesh


def make_hidden():
    """Things of every kind at 4 m, half before a glowing wall, half before the sky."""
    scene = new_scene()
    add(scene, "linked", upright_quad("linked", 0.25, 0.5), (2.17, 4.0, 0.0))
    save("hidden_library")
    scene = new_scene()
    library = str(FOLDER / "hidden_library.blend")
    with bpy.data.libraries.load(library, link=True) as (_, into):
        into.objects = ["linked"]
    scene.collection.objects.link(into.objects[0])
    scene.camera = add_camera(scene)
    scene.camera.data.lens = scene.camera.data.sensor_width = 36.0
    wall = add(scene, "wall", upright_quad("wall", 100, 50), (0, 10, -50))
    material, shader = emission("wall", 1.0)
    shader.inputs["Color"].default_value = (*WALL_COLOUR, 1.0)
    wall.data.materials.append(material)
    shapes = {
        "card": (upright_quad("card", 0.25, 0.5), emission("bright", 50.0)[0]),
        "box": (box("box", 0.25, 0.5, 0.5), emission("box", 3.0)[0]),
        "leaf": (upright_quad("leaf", 0.25, 0.5), leaf_with_holes()),
        "pane": (upright_quad("pane", 0.25, 0.5), glass()),
        "bare": (upright_quad("bare", 0.25, 0.5), None),
        "unfilled": (upright_quad("unfilled", 0.25, 0.5), None),
    }
    for place, (name, (mesh, material)) in enumerate(shapes.items()):
        add(scene, name, mesh, (-1.55 + 0.62 * place, 4.0, 0.0))
        if name != "bare":
            mesh.materials.append(material)
    scene.cycles.transparent_max_bounces = 3
    scene.frame_end = 1
    save("hidden")


def make_shadow():
    """A card between a sun behind the camera and a wall of albedo 0.5."""
    scene = new_scene()
    scene.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.0
    scene.camera = add_camera(scene)
    scene.camera.data.lens = scene.camera.data.sensor_width = 36.0
    material = bpy.data.materials.new("grey")
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    diffuse = nodes.new("ShaderNodeBsdfDiffuse")
    diffuse.inputs["Color"].default_value = (0.5, 0.5, 0.5, 1.0)
    output = nodes.new("ShaderNodeOutputMaterial")
    links.new(diffuse.outputs[0], output.inputs["Surface"])
    wall = add(scene, "wall", upright_quad("wall", 50, 50), (0, 10, 0))
    wall.data.materials.append(material)
    card = add(scene, "card", upright_quad("card", 0.5, 0.5), (0, 2, 0))
    card.data.materials.append(emission("black", 0.0)[0])
    sun = add(scene, "sun", bpy.data.lights.new("sun", "SUN"), rotation=FORWARD)
    sun.data.energy, sun.data.angle = math.pi, 0.0
    scene.frame_end = 1
    save("shadow")


if __name__ == "__main__":
    facts = {
        "planes": PLANES,
        "points": POINTS,
        "projections": make_lenses(),
        "wall_colour": WALL_COLOUR,
    }
    make_motion()
    make_objects()
    make_hostile(FOLDER)
    make_collections()
    make_falling()
    make_unusable()
    make_lonely()
    make_hidden()
    make_shadow()
    (FOLDER / "facts.json").write_text(json.dumps(facts))
