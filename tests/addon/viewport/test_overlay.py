"""The overlay in Blender: its switches, its panel, and Blender's own frustum."""

import numpy as np
import pytest

pytestmark = pytest.mark.blender

SCENE = """
handlers = part("viewport.handlers")
state = bpy.context.window_manager.dual_pixel


def add_camera(scene):
    camera = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
    scene.collection.objects.link(camera)
    scene.camera = camera
    camera.data.dof.focus_distance = 9.0
    camera.data.dof.aperture_fstop = 2.0
    camera.data.lens = 40.0
    return camera


def texts(panel):
    return [note["label"] for note in drawn(panel) if "label" in note]
"""
FRUSTUMS = """
import itertools
import numpy as np

scene = bpy.context.scene
camera = add_camera(scene)
windows, frames = [], []
for fit, size, aspect, shift in itertools.product(
    ("AUTO", "HORIZONTAL", "VERTICAL"),
    ((1600, 900), (900, 1600)),
    ((1.0, 1.0), (1.0, 3.0), (2.0, 1.0)),
    ((0.0, 0.0), (0.1, -0.3)),
):
    camera.data.sensor_fit = fit
    camera.data.shift_x, camera.data.shift_y = shift
    scene.render.resolution_x, scene.render.resolution_y = size
    scene.render.pixel_aspect_x, scene.render.pixel_aspect_y = aspect
    seen = part("viewport.scene_limits").scene_window(scene, camera.data)
    windows.append([seen.left, seen.right, seen.bottom, seen.top])
    corners = np.array(camera.data.view_frame(scene=scene))
    corners = corners[:, :2] / -corners[:, 2:]
    frames.append(np.stack([corners.min(axis=0), corners.max(axis=0)], axis=1))
answer["windows"] = windows
answer["frames"] = np.reshape(frames, (-1, 4)).tolist()
"""


def test_the_frustum_is_that_of_blenders_own_camera(in_blender):
    found = in_blender(SCENE + FRUSTUMS, is_empty=True)
    assert len(found["windows"]) == 36
    np.testing.assert_allclose(found["windows"], found["frames"], atol=1e-5)


def test_rectangles_fill_the_picture_at_their_distances(in_blender):
    """With a shifted lens on a scaled parent, in a scene measured in centimetres."""
    found = in_blender(
        SCENE
        + """
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Euler, Vector

scene = bpy.context.scene
scene.unit_settings.scale_length = 0.01
camera = add_camera(scene)
camera.data.dof.focus_distance = 300.0
camera.data.shift_x, camera.data.shift_y = 0.2, -0.1
parent = bpy.data.objects.new("dolly", None)
scene.collection.objects.link(parent)
parent.scale = (2.5, 2.5, 2.5)
parent.location = (400, -300, 20)
parent.rotation_euler = Euler((0.2, 0.3, 1.0))
camera.parent = parent
camera.rotation_euler = Euler((1.3, 0.0, -0.4))
bpy.context.view_layer.update()
limits = part("viewport.scene_limits").scene_limits(scene)
answer["distances"] = [limits.near_m, limits.focus_m, limits.far_m]
answer["corners"] = [
    [list(world_to_camera_view(scene, camera, Vector(corner)))
     for corner in limits.rectangle(distance)]
    for distance in answer["distances"]
]
""",
        is_empty=True,
    )
    assert found["distances"][1] == pytest.approx(3.0)
    assert found["distances"][0] < 3.0 < found["distances"][2]
    for distance_m, corners in zip(found["distances"], found["corners"], strict=True):
        places = np.array(corners)
        expected = [(0, 0), (1, 0), (1, 1), (0, 1)]
        np.testing.assert_allclose(places[:, :2], expected, atol=1e-4)
        np.testing.assert_allclose(places[:, 2], 100 * distance_m, rtol=1e-4)


def test_it_draws_while_either_switch_is_on(in_blender):
    found = in_blender(
        SCENE
        + """
def turn(limits, heat):
    state.use_viewport_limits, state.use_viewport_heat = limits, heat
    return handlers.is_drawing()


answer["drawing"] = [
    handlers.is_drawing(),
    turn(True, False), turn(True, True), turn(False, True), turn(False, False),
]
"""
    )
    assert found["drawing"] == [False, True, True, True, False]


def test_another_file_switches_it_off(in_blender):
    found = in_blender(
        SCENE
        + """
state.use_viewport_limits = state.use_viewport_heat = True
path = sys.argv[1] + ".blend"
bpy.ops.wm.save_as_mainfile(filepath=path)
for read in (
    lambda: bpy.ops.wm.read_homefile(use_empty=True),
    lambda: bpy.ops.wm.open_mainfile(filepath=path),
):
    read()
    state = bpy.context.window_manager.dual_pixel
    answer.setdefault("on", []).append(
        [handlers.is_drawing(), state.use_viewport_limits, state.use_viewport_heat]
    )
    state.use_viewport_limits = True
"""
    )
    assert found["on"] == [[False, False, False]] * 2


def test_disabling_and_enabling_twice_leaves_nothing_behind(in_blender):
    found = in_blender(
        SCENE
        + """
MODULE = "bl_ext.user_default.dual_pixel"


def watchers():
    return len(bpy.app.handlers.load_pre), len(bpy.app.handlers.load_post)


before = watchers()
for _ in range(2):
    bpy.context.window_manager.dual_pixel.use_viewport_limits = True
    bpy.ops.preferences.addon_disable(module=MODULE)
    answer.setdefault("disabled", []).append(
        [handlers.is_drawing(), hasattr(bpy.types, "DUAL_PIXEL_PT_viewport")]
    )
    bpy.ops.preferences.addon_enable(module=MODULE)
    handlers = part("viewport.handlers")
    state = bpy.context.window_manager.dual_pixel
    answer.setdefault("enabled", []).append(
        [handlers.is_drawing(), state.use_viewport_limits, watchers() == before]
    )
"""
    )
    assert found["disabled"] == [[False, False]] * 2
    assert found["enabled"] == [[False, False, True]] * 2


def test_drawing_without_a_view_does_nothing(in_blender):
    in_blender(
        SCENE
        + """
state.use_viewport_limits = state.use_viewport_heat = True
handlers._draw_in_space()
handlers._draw_on_screen()
""",
        is_empty=True,
    )


def test_the_panel_lists_the_distances_in_metres(in_blender):
    found = in_blender(
        SCENE
        + """
camera = add_camera(bpy.context.scene)
camera.data.dual_pixel.sharp_coc_px = 1.0
state.use_viewport_limits = True
answer["sharp"] = texts("DUAL_PIXEL_PT_viewport")
camera.data.dual_pixel.sharp_coc_px = 50.0
answer["all_sharp"] = texts("DUAL_PIXEL_PT_viewport")
""",
        is_empty=True,
    )
    # On paper: 36 mm / 1920 px = 18.75 um; f^2 / (2 N (s - f)) = 44.6 um, 2.38 px at
    # infinity; s / (1 +- 1 / 2.38) = 6.34 m and 15.5 m.
    assert found["sharp"] == [
        "Near", "6.34 m", "In focus", "9 m", "Far", "15.5 m",
    ]  # fmt: skip
    assert found["all_sharp"][-2:] == ["Far", "infinity"]


def test_the_panel_says_what_the_camera_lacks(in_blender):
    found = in_blender(
        SCENE
        + """
state.use_viewport_limits = state.use_viewport_heat = True
answer["none"] = " ".join(texts("DUAL_PIXEL_PT_viewport"))
add_camera(bpy.context.scene).data.type = "ORTHO"
answer["flat"] = " ".join(texts("DUAL_PIXEL_PT_viewport"))
""",
        is_empty=True,
    )
    assert "The scene has no camera" in found["none"]
    assert "orthographic" in found["flat"]
    assert "No preview yet" in found["flat"]


def test_the_panel_is_short_while_nothing_is_switched_on(in_blender):
    found = in_blender(
        SCENE + 'answer["notes"] = drawn("DUAL_PIXEL_PT_viewport")', is_empty=True
    )
    shown = [note.get("prop") for note in found["notes"]]
    assert shown == ["use_viewport_limits", "use_viewport_heat"]
