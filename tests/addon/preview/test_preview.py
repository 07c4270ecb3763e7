"""The preview in Blender without a window, from the installed zip."""

import json
import re

import numpy as np
import pytest

pytestmark = [pytest.mark.blender, pytest.mark.slow]

# Cycles' depth of a plane is exact but for its float32.
DEPTH_TOLERANCE_M = 1e-3

SCENE = """
import math
from pathlib import Path
import numpy as np

def wall(distance, size):
    mesh = bpy.data.meshes.new("wall")
    corners = [(-size, distance, -size), (size, distance, -size),
               (size, distance, size), (-size, distance, size)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    thing = bpy.data.objects.new("wall", mesh)
    bpy.context.scene.collection.objects.link(thing)
    return thing

def scene_before_a_wall():
    scene = bpy.context.scene
    camera = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
    camera.rotation_euler = (math.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    wall(4.0, 0.5)
    scene.world = bpy.data.worlds.new("sky")
    scene.render.resolution_x, scene.render.resolution_y = 192, 128
    scene.dual_pixel.preview_width = 48
    scene.dual_pixel.preview_samples = 2
    return scene

def settings(owner):
    found = {}
    for name in owner.bl_rna.properties.keys():
        value = getattr(owner, name)
        if isinstance(value, (bool, int, float, str)):
            found[name] = value
    return found

def all_settings(scene):
    owners = (scene, scene.render, scene.cycles, scene.eevee, scene.view_layers[0],
              scene.view_layers[0].cycles, scene.camera.data, scene.camera.data.dof,
              scene.render.image_settings)
    return [settings(owner) for owner in owners]

def left_behind():
    return sorted(x.name for x in Path(bpy.app.tempdir).glob("dual_pixel_*"))

session = part("preview.session").session
images = part("preview.images")
update = part("preview.update")

def pixels(view):
    image = images.find_image(view)
    flat = np.empty(4 * image.size[0] * image.size[1], np.float32)
    image.pixels.foreach_get(flat)
    return flat.reshape(image.size[1], image.size[0], 4)[::-1, :, :3]
"""


def test_depth_is_planar_in_metres_and_the_sky_endless(in_blender):
    answer = in_blender(
        SCENE
        + """
scene = scene_before_a_wall()
scene.unit_settings.system = "METRIC"
scene.unit_settings.scale_length = 0.5
scene.camera.data.shift_x = 0.1
scene.camera.location = (0.2, 1.0, 0.1)
answer["result"] = list(bpy.ops.dual_pixel.preview())
frame = session.frame
answer["depth_m"] = np.where(np.isinf(frame.depth_m), -1, frame.depth_m).tolist()
answer["K"] = frame.K.tolist()
answer["pose"] = frame.world_from_camera.tolist()
answer["names"] = [frame.scene_name, frame.camera_name, frame.frame_number]
""",
        is_empty=True,
    )
    assert answer["result"] == ["FINISHED"]
    depth_m = np.array(answer["depth_m"])
    assert depth_m.shape == (32, 48)
    is_wall = depth_m > 0
    np.testing.assert_allclose(depth_m[is_wall], 1.5, atol=DEPTH_TOLERANCE_M)
    # The wall's corners, projected by K and the pose, enclose just the wall's pixels.
    world_m = 0.5 * np.array([[-0.5, 4.0, 0.5, 2.0], [0.5, 4.0, -0.5, 2.0]])
    points = (np.linalg.inv(answer["pose"]) @ world_m.T)[:3]
    np.testing.assert_allclose(points[2], 1.5)
    (left, right), (top, bottom), _ = np.array(answer["K"]) @ points / points[2]
    rows, columns = np.mgrid[:32, :48] + 0.5
    inside = (columns > left) & (columns < right) & (rows > top) & (rows < bottom)
    np.testing.assert_array_equal(is_wall, inside)
    assert answer["names"] == ["Scene", "eye", 1]


def test_the_open_file_is_as_it_was(in_blender):
    answer = in_blender(
        SCENE
        + """
scene = scene_before_a_wall()
scene.camera.data.dof.use_dof = True
scene.render.engine = "BLENDER_EEVEE"
before, names = all_settings(scene), sorted(bpy.data.images.keys())
is_dirty = bpy.data.is_dirty
bpy.ops.dual_pixel.preview()
answer["changed"] = [
    (name, old[name], new[name])
    for old, new in zip(before, all_settings(scene))
    for name in old if old[name] != new[name]
]
answer["path"] = bpy.data.filepath
answer["dirty"] = [is_dirty, bpy.data.is_dirty]
answer["new"] = sorted(set(bpy.data.images.keys()) - set(names))
answer["unsaved"] = [image.name for image in bpy.data.images if image.is_dirty]
answer["state"] = [bpy.context.window_manager.dual_pixel.message,
                   bpy.context.window_manager.dual_pixel.progress]
""",
        is_empty=True,
    )
    assert answer["changed"] == []
    assert answer["path"] == ""
    assert answer["dirty"][0] == answer["dirty"][1]
    ours = ["DP Anaglyph", "DP CoC", "DP Combined", "DP Left", "DP Right"]
    assert [x for x in answer["new"] if x != "Render Result"] == ours
    assert answer["unsaved"] == []
    assert answer["state"] == ["", 0.0]


def test_the_images_hold_what_the_camera_model_makes(in_blender):
    answer = in_blender(
        SCENE
        + """
from bl_ext.user_default.dual_pixel.dp_model.render import render_dual_pixel
scene = scene_before_a_wall()
scene.camera.data.dof.focus_distance = 1.0
scene.camera.data.dof.aperture_fstop = 0.5
bpy.ops.dual_pixel.preview()
frame = session.frame

def errors():
    values = part("camera_values").camera_values(scene, scene.camera).at_width(48)
    views = render_dual_pixel(
        frame.linear_rgb, frame.depth_m, values.camera, values.psf
    )
    return [
        float(abs(pixels(view) - wanted).max())
        for view, wanted in
        (("LEFT", views.left), ("RIGHT", views.right), ("COMBINED", views.combined))
    ]

answer["errors"] = errors()
answer["blur"] = float(abs(session.pictures.coc_radius_px).max())
answer["sides"] = float(abs(pixels("LEFT") - pixels("RIGHT")).max())
answer["red"] = float(abs(pixels("ANAGLYPH")[..., 0] - pixels("LEFT")[..., 0]).max())
before = pixels("LEFT").copy()
scene.camera.data.dof.aperture_fstop = 4.0
update.update_now()
answer["sharper"] = float(abs(session.pictures.coc_radius_px).max())
answer["moved"] = float(abs(pixels("LEFT") - before).max())
answer["errors"] += errors()
answer["same frame"] = session.frame is frame
scene.camera.data.dof.focus_distance = 0.001
update.update_now()
answer["message"] = bpy.context.window_manager.dual_pixel.message
answer["kept"] = session.pictures is not None
""",
        is_empty=True,
    )
    assert max(answer["errors"]) == 0.0
    assert answer["sides"] > 1e-3
    assert answer["red"] == 0.0
    assert answer["sharper"] == pytest.approx(answer["blur"] / 8, rel=1e-4)
    assert answer["moved"] > 1e-3
    assert answer["same frame"]
    assert "focal length" in answer["message"]
    assert answer["kept"]


def test_samples_and_keys_on_render_settings_leave_depth_alone(in_blender):
    answer = in_blender(
        SCENE
        + """
scene = scene_before_a_wall()
camera = scene.camera.data
camera.lens = 35
camera.keyframe_insert("lens", frame=1)
camera.lens = 70
camera.keyframe_insert("lens", frame=11)
camera.dof.use_dof = True
camera.dof.keyframe_insert("use_dof", frame=1)
camera.dof.aperture_fstop = 0.1
scene.render.film_transparent = True
scene.render.keyframe_insert("film_transparent", frame=1)
scene.render.use_motion_blur = True
scene.frame_set(11)
bpy.ops.dual_pixel.preview()
first = session.frame
scene.dual_pixel.preview_samples = 33
bpy.ops.dual_pixel.preview()
answer["same"] = bool((first.depth_m == session.frame.depth_m).all())
answer["sky"] = float(first.linear_rgb[np.isinf(first.depth_m)].min())
answer["depths"] = sorted(set(np.round(first.depth_m, 4).ravel().tolist()) - {np.inf})
answer["focal"] = float(first.K[0, 0])
answer["lens"] = scene.camera.data.lens
""",
        is_empty=True,
    )
    assert answer["same"]
    assert answer["depths"] == [4.0]
    assert answer["sky"] > 0
    assert answer["focal"] == pytest.approx(70 / 36 * 48)
    assert answer["lens"] == 70


def test_a_frame_is_the_scenes_own_whatever_speed_it_plays_at(in_blender):
    answer = in_blender(
        SCENE
        + """
scene = scene_before_a_wall()
for frame, place in ((1, 0.0), (21, 2.0)):
    scene.camera.location.y = place
    scene.camera.keyframe_insert("location", index=1, frame=frame)
action = scene.camera.animation_data.action
curve = action.layers[0].strips[0].channelbags[0].fcurves[0]
for key in curve.keyframe_points:
    key.interpolation = "LINEAR"
scene.render.frame_map_old, scene.render.frame_map_new = 100, 200
scene.frame_set(11)
bpy.ops.dual_pixel.preview()
answer["depth_m"] = float(session.frame.depth_m.min())
""",
        is_empty=True,
    )
    assert answer["depth_m"] == pytest.approx(3.0, abs=DEPTH_TOLERANCE_M)


def test_saved_files_contain_no_picture_of_ours(in_blender, tmp_path):
    answer = in_blender(
        SCENE
        + """
scene_before_a_wall()
bpy.ops.dual_pixel.preview()
before = pixels("LEFT").copy()
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[2], copy=True)
answer["back"] = bool((pixels("LEFT") == before).all())
with bpy.data.libraries.load(sys.argv[2]) as (inside, _):
    answer["inside"] = [name for name in inside.images if name.startswith("DP")]
""",
        tmp_path / "saved.blend",
        is_empty=True,
    )
    assert answer["back"]
    assert answer["inside"] == []


LEAVINGS = """
def trace():
    import threading
    return {
        "images": [x.name for x in bpy.data.images if x.name.startswith("DP")],
        "files": left_behind(),
        "threads": [x.name for x in threading.enumerate() if "dual" in x.name],
        "frame": session.frame is not None,
    }
"""
NOTHING = {"images": [], "files": [], "threads": [], "frame": False}


def test_a_new_file_and_disabling_twice_leave_nothing_behind(in_blender):
    answer = in_blender(
        SCENE
        + LEAVINGS
        + """
scene_before_a_wall()
bpy.ops.dual_pixel.preview()
answer["shown"] = trace()
bpy.ops.wm.read_homefile(use_empty=True)
answer["new file"] = trace()
scene_before_a_wall()
bpy.ops.dual_pixel.preview()
name = "bl_ext.user_default.dual_pixel"
for number in range(2):
    bpy.ops.preferences.addon_disable(module=name)
    answer[f"disabled {number}"] = trace()
    bpy.ops.preferences.addon_enable(module=name)
    session = part("preview.session").session
bpy.ops.preferences.addon_disable(module=name)
answer["handlers"] = [
    repr(handler)
    for kind in dir(bpy.app.handlers)
    if isinstance(getattr(bpy.app.handlers, kind), list)
    for handler in getattr(bpy.app.handlers, kind)
    if "dual_pixel" in getattr(handler, "__module__", "")
]
""",
        is_empty=True,
    )
    assert len(answer["shown"]["images"]) == 5
    assert len(answer["shown"]["files"]) == 1
    for moment in ("new file", "disabled 0", "disabled 1"):
        assert answer[moment] == NOTHING, moment
    assert answer["handlers"] == []


def test_the_render_is_cancelled_with_all_that_it_made(in_blender):
    answer = in_blender(
        SCENE
        + """
scene = scene_before_a_wall()
scene.dual_pixel.preview_samples = 4096
scene.dual_pixel.preview_width = 1920
import time
render = part("preview.launch").start_render(scene)
while not (status := render.poll()).progress > 0.1:
    time.sleep(0.05)
    assert not status.finished, status
child = render.job._child._process.pid
answer["folder"] = render.folder.is_dir()
before = time.monotonic()
render.close()
answer["seconds"] = time.monotonic() - before
answer["alive"] = Path(f"/proc/{child}").exists()
answer["left"] = left_behind()
answer["error"] = render.poll().error
""",
        is_empty=True,
    )
    assert answer["folder"]
    assert answer["seconds"] < 2.0
    assert not answer["alive"]
    assert answer["left"] == []
    assert answer["error"] == "Cancelled"


def test_the_child_ends_when_nobody_holds_its_input_any_more(in_blender):
    answer = in_blender(
        SCENE
        + """
import time
scene = scene_before_a_wall()
scene.dual_pixel.preview_samples = 4096
scene.dual_pixel.preview_width = 1920
render = part("preview.launch").start_render(scene)
while not render.poll().progress > 0.1:
    time.sleep(0.05)
render.job._child._process.stdin.close()  # as the system does for a dead parent
before = time.monotonic()
while not (status := render.poll()).finished:
    time.sleep(0.05)
answer["seconds"] = time.monotonic() - before
answer["error"] = status.error
render.close()
answer["left"] = left_behind()
""",
        is_empty=True,
    )
    assert answer["seconds"] < 5.0
    assert "status 3" in answer["error"]
    assert answer["left"] == []


def test_a_damaged_result_is_said_in_one_line(in_blender):
    answer = in_blender(
        SCENE
        + """
scene_before_a_wall()
frame = part("preview.frame")
launch = part("preview.launch")

def cut(folder, metres_per_unit):
    path = folder / frame.PICTURE_NAME
    path.write_bytes(path.read_bytes()[:-100])
    return frame.read_frame(folder, metres_per_unit)

launch.read_frame = cut
try:
    bpy.ops.dual_pixel.preview()
except RuntimeError as error:
    answer["error"] = str(error)
answer["left"] = left_behind()
""",
        is_empty=True,
    )
    assert "cut short" in answer["error"]
    assert len(answer["error"].strip().splitlines()) == 1
    assert answer["left"] == []


BAD_SCENES = {
    "scene.camera = None": "no camera",
    "scene.camera.data.type = 'ORTHO'": "orthographic",
    "scene.camera.data.type = 'PANO'": "panoramic",
    "scene.camera.data.dof.focus_distance = 0.001": "focal length",
    "scene.camera.data.dof.aperture_fstop = 0": "f-number|aperture",
    "scene.camera.scale = (-1, 1, 1); bpy.context.view_layer.update()": (
        "Camera 'eye': mirrored \\(negative scale\\)"
    ),
    "scene.render.engine = 'BLENDER_WORKBENCH'": "neither Cycles nor EEVEE",
    "bpy.data.objects.remove(bpy.data.objects['wall'])": "nothing to render",
}


def test_what_cannot_be_previewed_is_said_in_one_line(in_blender):
    answer = in_blender(
        SCENE
        + """
for change in json.loads(sys.argv[2]):
    bpy.ops.wm.read_homefile(use_empty=True)
    scene = scene_before_a_wall()
    exec(change)
    try:
        bpy.ops.dual_pixel.preview()
    except RuntimeError as error:
        answer[change] = str(error)
answer["left"] = left_behind()
""",
        json.dumps(list(BAD_SCENES)),
        is_empty=True,
    )
    assert answer.pop("left") == []
    for change, message in BAD_SCENES.items():
        assert re.search(message, answer[change]), answer[change]
        assert len(answer[change].strip().splitlines()) == 1


HOSTILE = """
scene = scene_before_a_wall()
canaries = Path(sys.argv[2])

def text(name, words):
    block = bpy.data.texts.new(name)
    block.write(words)
    return block

def write(name):
    return f"open({str(canaries / name)!r}, 'a').write('x')"

text("startup.py", write("script")).use_module = True
driver = scene.camera.driver_add("location", 0).driver
driver.expression = write("driver") + " * 0"
scene.render.use_freestyle = True
layer = scene.view_layers[0]
layer.use_freestyle = True
layer.keyframe_insert("use_freestyle", frame=1)
layer.freestyle_settings.mode = "SCRIPT"
layer.freestyle_settings.modules.new().script = text("style.py", write("freestyle"))
group = bpy.data.node_groups.new("compositor", "CompositorNodeTree")
scene.compositing_node_group = group
output = group.nodes.new("CompositorNodeOutputFile")
output.directory, output.file_name = str(canaries), "compositor"
output.file_output_items.new("RGBA", "picture")
passes = group.nodes.new("CompositorNodeRLayers")
group.links.new(passes.outputs[0], output.inputs[0])
scene.render.use_compositing = True
"""


def test_a_hostile_file_writes_nothing_while_it_is_previewed(in_blender, tmp_path):
    canaries = tmp_path / "canaries"
    canaries.mkdir()
    hostile = tmp_path / "hostile.blend"
    answer = in_blender(
        SCENE
        + HOSTILE
        + """
bpy.ops.wm.save_as_mainfile(filepath=sys.argv[3])
bpy.ops.wm.open_mainfile(filepath=sys.argv[3], use_scripts=False)
for canary in canaries.iterdir():
    canary.unlink()
answer["result"] = list(bpy.ops.dual_pixel.preview())
answer["depth"] = float(session.frame.depth_m.min())
""",
        canaries,
        hostile,
        is_empty=True,
    )
    assert answer["result"] == ["FINISHED"]
    assert answer["depth"] == pytest.approx(4.0, abs=DEPTH_TOLERANCE_M)
    assert list(canaries.iterdir()) == []


def test_the_hostile_file_would_write_if_it_were_rendered_as_it_is(
    in_blender, tmp_path
):
    canaries = tmp_path / "canaries"
    canaries.mkdir()
    in_blender(
        SCENE
        + HOSTILE
        + """
scene.render.engine = "CYCLES"
scene.cycles.samples = 1
scene.render.filepath = sys.argv[3]
bpy.ops.render.render(write_still=True)
""",
        canaries,
        tmp_path / "render.png",
        is_empty=True,
    )
    written = {path.name for path in canaries.iterdir()}
    assert "freestyle" in written
    assert any(name.startswith("compositor") for name in written)


GLOWING = """
def glowing_wall(rgb, strength=1.0):
    scene = scene_before_a_wall()
    material = bpy.data.materials.new("glow")
    tree = material.node_tree
    tree.nodes.clear()
    light = tree.nodes.new("ShaderNodeEmission")
    light.inputs["Color"].default_value = (*rgb, 1)
    light.inputs["Strength"].default_value = strength
    end = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(light.outputs[0], end.inputs["Surface"])
    bpy.data.objects["wall"].data.materials.append(material)
    scene.view_settings.view_transform = "AgX"
    return scene

def middle(view):
    return [round(float(value), 4) for value in pixels(view)[16, 24]]
"""
COLOUR_TOLERANCE = 0.01  # what the denoiser may change in a wall of one colour


def test_exposure_and_gamma_of_the_view_show_without_another_render(in_blender):
    answer = in_blender(
        SCENE
        + GLOWING
        + """
scene = glowing_wall((0.5, 0.25, 0.125), strength=64)
scene.view_settings.exposure = -6
bpy.ops.dual_pixel.preview()
frame = session.frame
answer["bright"] = middle("LEFT"), middle("COMBINED")
answer["light"] = frame.linear_rgb[16, 24].tolist()
scene.view_settings.exposure = -7
update.update_now()
answer["darker"] = middle("LEFT")
scene.view_settings.exposure, scene.view_settings.gamma = -6, 2
update.update_now()
answer["gamma"] = middle("LEFT")
answer["same frame"] = session.frame is frame
answer["as render"] = [x.name for x in bpy.data.images if x.use_view_as_render]
scene.view_settings.gamma = 0
update.update_now()
answer["message"] = bpy.context.window_manager.dual_pixel.message
""",
        is_empty=True,
    )
    wanted = [0.5, 0.25, 0.125]
    for found in answer["bright"]:
        np.testing.assert_allclose(found, wanted, atol=COLOUR_TOLERANCE)
    light = np.divide(answer["light"], 64)
    np.testing.assert_allclose(light, wanted, atol=COLOUR_TOLERANCE)
    half = np.divide(wanted, 2)
    np.testing.assert_allclose(answer["darker"], half, atol=COLOUR_TOLERANCE)
    root = np.sqrt(wanted)
    np.testing.assert_allclose(answer["gamma"], root, atol=COLOUR_TOLERANCE)
    assert answer["same frame"]
    # Or the Image Editor would expose the pictures once more, through AgX.
    assert [x for x in answer["as render"] if x.startswith("DP")] == []
    assert "gamma of the view is 0" in answer["message"]


@pytest.mark.parametrize("space", ["Linear Rec.709", "ACEScg"])
@pytest.mark.parametrize("output", ["FOLLOW_SCENE", "OVERRIDE"])
def test_frames_are_linear_rec709_whatever_the_file_works_in(in_blender, space, output):
    answer = in_blender(
        SCENE
        + GLOWING
        + """
space, output = sys.argv[2:4]
scene = glowing_wall((0.8, 0.1, 0.1))
bpy.ops.wm.set_working_color_space(working_space=space, convert_colors=True)
settings = scene.render.image_settings
settings.color_management = output
if output == "OVERRIDE":
    settings.media_type = "MULTI_LAYER_IMAGE"
    settings.file_format = "OPEN_EXR_MULTILAYER"
    settings.linear_colorspace_settings.name = "ACEScg"
bpy.ops.dual_pixel.preview()
answer["works in"] = bpy.data.colorspace.working_space
answer["frame"] = session.frame.linear_rgb[16, 24].tolist()
answer["pictures"] = session.pictures.left[16, 24].tolist()
answer["shown as"] = images.find_image("LEFT").colorspace_settings.name
""",
        space,
        output,
        is_empty=True,
    )
    assert answer["works in"] == space
    for name in ("frame", "pictures"):
        np.testing.assert_allclose(answer[name], [0.8, 0.1, 0.1], atol=COLOUR_TOLERANCE)
    assert answer["shown as"] == "Linear Rec.709"


# A square of light at 5 m before a wall of light at 20 m, and what is done to it; then
# the colour and the depth that a data set has in the middle.
KINDS = {
    "near.is_shadow_catcher = True": "near",
    "near.is_holdout = True": "near",
    "near.is_holdout = True; near.keyframe_insert('is_holdout', frame=1)": "near",
    "in_collection(near).holdout = True": "near",
    "lamp()": "wall",
    "thing = lamp(); thing.keyframe_insert('visible_camera', frame=1)": "wall",
    "far.location.y = near.location.y = -100; layer.use_sky = False": "sky",
    "hold_out_shader(near)": "hole",
}
COLOUR_AND_DEPTH = {
    "near": ([0.9, 0.1, 0.1], 5.0),
    "wall": ([0.6, 0.6, 0.6], 20.0),
    "sky": ([0.1, 0.2, 0.3], -1.0),
    "hole": ([0.0, 0.0, 0.0], 5.0),
}


def test_colour_and_depth_are_of_one_surface(in_blender):
    answer = in_blender(
        SCENE
        + GLOWING
        + """
def in_collection(thing):
    group = bpy.data.collections.new("group")
    scene.collection.children.link(group)
    scene.collection.objects.unlink(thing)
    group.objects.link(thing)
    return layer.layer_collection.children["group"]

def lamp():
    near.location.y = -100
    thing = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "AREA"))
    thing.data.energy, thing.data.size, thing.visible_camera = 50, 2, True
    thing.location, thing.rotation_euler = (0, 5, 0), (-math.pi / 2, 0, 0)
    scene.collection.objects.link(thing)
    return thing

def hold_out_shader(thing):
    tree = thing.data.materials[0].node_tree
    end = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    hole = tree.nodes.new("ShaderNodeHoldout")
    tree.links.new(hole.outputs[0], end.inputs["Surface"])

for change in json.loads(sys.argv[2]):
    bpy.ops.wm.read_homefile(use_empty=True)
    scene = glowing_wall((0.9, 0.1, 0.1))
    layer = bpy.context.view_layer
    near = bpy.data.objects["wall"]
    near.location.y = 1
    far = wall(20, 30)
    material = near.data.materials[0].copy()
    colour = material.node_tree.nodes["Emission"].inputs["Color"]
    colour.default_value = (0.6, 0.6, 0.6, 1)
    far.data.materials.append(material)
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (0.1, 0.2, 0.3, 1)
    exec(change)
    bpy.ops.dual_pixel.preview()
    frame = session.frame
    depth_m = float(frame.depth_m[16, 24])
    answer[change] = (
        frame.linear_rgb[16, 24].tolist(), -1 if math.isinf(depth_m) else depth_m
    )
""",
        json.dumps(list(KINDS)),
        is_empty=True,
    )
    for change, surface in KINDS.items():
        colour, depth_m = COLOUR_AND_DEPTH[surface]
        np.testing.assert_allclose(
            answer[change][0], colour, atol=COLOUR_TOLERANCE, err_msg=change
        )
        assert answer[change][1] == pytest.approx(depth_m, abs=0.01), change
