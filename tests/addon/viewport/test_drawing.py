"""What is drawn lands where the camera sees it: pixels of an offscreen picture."""

import numpy as np
import pytest

pytestmark = [pytest.mark.blender, pytest.mark.opengl]

SIZE = 64
DRAW = """
import gpu
import numpy as np
from types import SimpleNamespace

SIZE = 64
scene = bpy.context.scene
camera = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
scene.collection.objects.link(camera)
scene.camera = camera
camera.data.dof.focus_distance = 5.0
camera.data.dof.aperture_fstop = 2.0
camera.location = (1, 2, 3)
camera.rotation_euler = (1.2, 0.1, 0.4)
scene.render.resolution_x = scene.render.resolution_y = SIZE
scene.render.engine = "BLENDER_WORKBENCH"
scene.render.filepath = sys.argv[1] + ".png"
bpy.ops.render.render(write_still=True)  # without a window, drawing starts with this
graph = bpy.context.evaluated_depsgraph_get()
PROJECTION = camera.calc_matrix_camera(graph, x=SIZE, y=SIZE)


def pixels(draw):
    '''Return what the camera itself sees of it, over black; row 0 is the top.'''
    offscreen = gpu.types.GPUOffScreen(SIZE, SIZE)
    with offscreen.bind():
        framebuffer = gpu.state.active_framebuffer_get()
        framebuffer.clear(color=(0, 0, 0, 1), depth=1.0)
        with gpu.matrix.push_pop(), gpu.matrix.push_pop_projection():
            gpu.matrix.load_matrix(camera.matrix_world.inverted())
            gpu.matrix.load_projection_matrix(PROJECTION)
            draw()
        seen = framebuffer.read_color(0, 0, SIZE, SIZE, 4, 0, "FLOAT")
    offscreen.free()
    return np.array(seen.to_list())[::-1, :, :3].round(4).tolist()
"""


HEAT = """
preview, draw_heat = part("preview.frame"), part("viewport.draw_heat")
lens = part("camera_values").camera_values(scene, camera).camera
drawing = draw_heat.HeatDrawing()
view = SimpleNamespace(is_perspective=True)


def heat_of(depth_m):
    frame = preview.PreviewFrame(
        np.zeros((SIZE, SIZE, 3), np.float32), depth_m, scene.name, camera.name, 1,
        preview.intrinsics(np.array(PROJECTION), SIZE, SIZE),
        preview.opencv_pose(np.array(camera.matrix_world), 1.0),
    )
    return pixels(lambda: drawing.draw(drawing.surface(frame, lens), view, 1.0))
"""


def test_heat_is_blue_in_front_of_the_focus_and_red_behind_it(in_blender):
    """Left half of the picture at 2 m, the right half at 20 m, sky above."""
    found = in_blender(
        DRAW
        + HEAT
        + """
depth_m = np.full((SIZE, SIZE), 20.0, np.float32)
depth_m[:, : SIZE // 2] = 2.0
depth_m[: SIZE // 4] = np.inf
answer["seen"] = heat_of(depth_m)
answer["sky"] = heat_of(np.full((SIZE, SIZE), np.inf, np.float32))
""",
        is_empty=True,
    )
    seen = np.array(found["seen"])
    near, far = seen[20:60, 4:28], seen[20:60, 36:60]
    assert (near[..., 2] > near[..., 0] + 0.1).all()
    assert (far[..., 0] > far[..., 2] + 0.1).all()
    assert (seen[: SIZE // 4 - 1] == 0).all()
    assert (np.array(found["sky"]) == 0).all()


def test_the_plane_in_focus_fills_the_picture_between_its_edges(in_blender):
    found = in_blender(
        DRAW
        + """
limits = part("viewport.scene_limits").scene_limits(scene)
draw = part("viewport.draw_limits").draw_limits_in_space
answer["seen"] = pixels(lambda: draw(limits, 1.5))
camera.location.x += 100.0
bpy.context.view_layer.update()
moved = part("viewport.scene_limits").scene_limits(scene)
camera.location.x -= 100.0
bpy.context.view_layer.update()
answer["aside"] = pixels(lambda: draw(moved, 1.5))
""",
        is_empty=True,
    )
    seen = np.array(found["seen"])
    inside = seen[4:-4, 4:-4]
    assert np.ptp(inside) < 0.01
    assert 0.05 < inside.mean() < 0.5
    for edge in (seen[0], seen[-1], seen[:, 0], seen[:, -1]):
        assert edge.max(axis=-1).mean() > inside.mean() + 0.2
    assert (np.array(found["aside"]) == 0).all()
